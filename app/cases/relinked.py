"""What people have said since a case was opened of the links that it rests on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.cases.resting import READ, Proposal, propose
from app.cases.stages import Stage
from app.cases.tables import CaseFlagRow, CaseRecord
from app.detection.schemas import VISIBLE_DIGITS
from app.linkage.schemas import OUTSIDE, WORKER
from app.linkage.tables import LinkageDecision, LinkagePair

_NOTHING: Final = frozenset({"ragu", "dicabut"})
_Record = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relinked:
    """A pair of which the standing decision is another than when the case was opened.

    `among`: of two outside employers, and `npp` is empty. `was` and `now` are "sama", "beda", or
    empty for none. `pair_id` is None where no sweep has compared the two of late. `rules` rest on
    it.
    """

    npp: str
    of_worker: bool
    among: bool
    was: str
    now: str
    reason: str
    actor: str
    at: datetime
    pair_id: int | None
    rules: tuple[str, ...]
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of another agency that a flag showed; the last digits of its NIK, if it is a worker."""

    rule: str
    record: _Record
    tails: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Changed:
    """The newest decision about a record of the case, and which rules rest on it."""

    decision: LinkageDecision
    was: str
    now: str
    rules: frozenset[str]


def relinked(session: Session, *, principal: Principal, case_id: int) -> tuple[Relinked, ...]:
    """Return what speaks against the links of a case, the newest first; nothing once it is closed.

    Of an employer without NPP, that it is a registered one, or that it is no longer said not to be;
    that two of its rows are of two employers, or are no longer said to be of one.
    Of a registered one, that the rows of an agency are not its own, or are no longer said to be;
    and any other word about a worker whom a flag named. A decision that was taken back leaves
    nothing to tell.

    Raises:
        Forbidden: this principal may not read cases.
    """
    case = session.exec(
        select(CaseRecord).where(
            CaseRecord.id == case_id, within(principal, READ, CaseRecord.office_code)
        )
    ).first()
    if case is None or case.stage == Stage.CLOSED:
        return ()
    flags = session.exec(select(CaseFlagRow).where(CaseFlagRow.case_id == case_id)).all()
    rows = [row for flag in flags for row in _rows(flag)]
    every = {flag.rule for flag in flags}
    changed: dict[int, _Changed] = {}
    for record, said in _by_record(_said(session, case, rows), rows):
        mine = [row for row in rows if row.record == record]
        if one := _changed(case, said, rows=mine):
            # One decision speaks of every record of its pair.
            known = changed.setdefault(one.decision.id or 0, one)
            changed[one.decision.id or 0] = replace(known, rules=known.rules | one.rules)
    return tuple(
        _told(session, one, all_rules=len(every))
        for _, one in sorted(changed.items(), reverse=True)
    )


def _rows(flag: CaseFlagRow) -> Iterator[_Row]:
    for one in flag.content["evidence"]:
        values = one["values"]
        if values.get("sumber") and values.get("id_sumber"):
            niks = {str(values.get(name) or "") for name in ("nik", "nik_tertulis")} - {""}
            yield _Row(
                flag.rule,
                (str(values["sumber"]), str(values["id_sumber"])),
                frozenset(nik[-VISIBLE_DIGITS:] for nik in niks),
            )


def _said(session: Session, case: CaseRecord, rows: Iterable[_Row]) -> Iterator[LinkageDecision]:
    """Yield the decisions about a pair with one of these rows, oldest first."""
    records = sorted({row.record for row in rows})
    if not records:
        return
    named = sa.type_coerce(col(LinkageDecision.records), JSONB)
    query = select(LinkageDecision).where(
        sa.or_(*(named.contains([list(record)]) for record in records))
    )
    if case.npp:
        query = query.where(LinkageDecision.npp == case.npp)
    yield from session.exec(query.order_by(col(LinkageDecision.id)))


def _by_record(
    said: Iterable[LinkageDecision], rows: Iterable[_Row]
) -> Iterable[tuple[_Record, list[LinkageDecision]]]:
    """Return what was said of each record and another side, oldest first: its newest word counts.

    An outside employer may be named anew from sweep to sweep, its records are not; of a worker the
    NIK stays. Of two outside employers a word concerns a case that has a row of each.
    """
    records = {row.record for row in rows}
    found: dict[tuple[_Record, str, str, str], list[LinkageDecision]] = defaultdict(list)
    for one in said:
        if one.kind == OUTSIDE:
            for first, second in _both(one, records):
                found[first, "", "|".join(second), ""].append(one)
            continue
        whom = one.kunci if one.kind == WORKER else ""
        for source, number in one.records:
            if (source, number) in records:
                found[(source, number), one.npp, whom, one.member].append(one)
    return [(record, those) for (record, *_), those in found.items()]


def _both(said: LinkageDecision, records: set[_Record]) -> Iterator[tuple[_Record, _Record]]:
    """Yield a row of one side and a row of the other, in one order whichever stands first."""
    its = {(one[0], one[1]) for one in said.other_records}
    mine = {(one[0], one[1]) for one in said.records} - its
    for one, other in product(sorted(mine & records), sorted(its & records)):
        first, second = sorted((one, other))
        yield first, second


def _changed(case: CaseRecord, said: list[LinkageDecision], *, rows: list[_Row]) -> _Changed | None:
    newest = said[-1]
    before = [one for one in said if one.recorded_at < case.created_at]
    was, now = _verdict(before[-1]) if before else "", _verdict(newest)
    of_worker = newest.kind == WORKER
    # What makes one employer of two rows carries a case, as what makes a row the employer's own.
    carried = bool(case.npp) or newest.kind == OUTSIDE
    against = now != was if of_worker else _speaks_against(was, now, carried=carried)
    tail = newest.kunci[-VISIBLE_DIGITS:]
    rules = frozenset(row.rule for row in rows if not of_worker or tail in row.tails)
    return _Changed(newest, was, now, rules) if against and rules else None


def _told(session: Session, one: _Changed, *, all_rules: int) -> Relinked:
    said = one.decision
    pair_id = session.exec(
        select(LinkagePair.id).where(
            LinkagePair.kind == said.kind,
            LinkagePair.kunci == said.kunci,
            LinkagePair.npp == said.npp,
            LinkagePair.member == said.member,
        )
    ).first()
    return Relinked(
        npp=said.npp,
        of_worker=said.kind == WORKER,
        among=said.kind == OUTSIDE,
        was=one.was,
        now=one.now,
        reason=said.reason,
        actor=said.actor,
        at=said.recorded_at,
        pair_id=pair_id,
        rules=tuple(sorted(one.rules)),
        proposal=propose(closed=False, resting_rules=len(one.rules), all_rules=all_rules),
    )


def _verdict(decision: LinkageDecision) -> str:
    return "" if decision.verdict in _NOTHING else decision.verdict


def _speaks_against(was: str, now: str, *, carried: bool) -> bool:
    """Say whether the ground of a case is weaker: what carries it is "sama", or that it is not."""
    carries, denies = ("sama", "beda") if carried else ("beda", "sama")
    return (now == denies and was != denies) or (was == carries and now == "")
