"""PURE: the columns a rule may know, per employer, worker, source and bill, as of a day."""

from collections.abc import Callable
from dataclasses import dataclass

from app.detection.facts import bills, employers, outside, places, workers
from app.detection.facts.asof import AsOf
from app.registry.matching import Frame, Linker

# Lets an engine compute a frame once that several rules read. May return it as it is.
Keep = Callable[[str, Frame], Frame]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracts:
    """The six tables of a snapshot, in the types of the contract."""

    employers: Frame
    memberships: Frame
    bills: Frame
    payments: Frame
    outside: Frame
    outside_workers: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules are written over. Money is BIGINT rupiah, months are whole numbers.

    `places`: the branch and the usual wage of each regency. `linked`: outside records with their
    registered employer; `comparable`: those of them that can be held against the registry.
    `closed`: the last sign of life of employers closed here. `list_sizes`: how many a fresh list
    names. `listed`: fresh outside workers; `known`: the memberships of those people; `people`: one
    row per such person. `unpaid`: due bills not paid in full.
    """

    asof: AsOf
    memberships: Frame
    divisions: Frame
    employers: Frame
    places: Frame
    linked: Frame
    comparable: Frame
    closed: Frame
    outside_workers: Frame
    list_sizes: Frame
    listed: Frame
    known: Frame
    people: Frame
    unpaid: Frame


def gather(extracts: Extracts, *, asof: AsOf, linker: Linker, keep: Keep) -> Facts:
    """Return the facts of one snapshot on one day."""
    rows = keep("divisions", employers.divisions(extracts.employers))
    here = keep("employers", employers.employers(rows))
    keyed = keep("records", outside.records(extracts.outside, asof=asof))
    linked = keep("linked", outside.linked(keyed, divisions=rows, employers=here, linker=linker))
    listed = keep("listed", workers.listed(extracts.outside_workers, linked=linked, asof=asof))
    known = keep(
        "known",
        workers.memberships_of(extracts.memberships, listed=listed, employers=here, asof=asof),
    )
    open_bills = keep("open_bills", bills.open_bills(extracts.bills, extracts.payments, asof=asof))
    payroll = keep("payroll", workers.payroll(extracts.memberships, asof=asof))
    return Facts(
        asof=asof,
        memberships=extracts.memberships,
        divisions=rows,
        employers=here,
        places=keep("places", places.places(here, records=linked, payroll=payroll)),
        linked=linked,
        comparable=outside.comparable(linked),
        closed=keep(
            "closed",
            workers.closings(extracts.memberships, bills=extracts.bills, employers=here),
        ),
        outside_workers=extracts.outside_workers,
        list_sizes=keep("list_sizes", workers.list_sizes(extracts.outside_workers, asof=asof)),
        listed=listed,
        known=known,
        people=keep("people", workers.people(known)),
        unpaid=keep("unpaid", bills.unpaid(open_bills, extracts.payments, asof=asof)),
    )
