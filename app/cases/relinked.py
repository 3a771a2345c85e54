"""What people have said since a case was opened of the links that it rests on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
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
from app.linkage.schemas import WORKER
from app.linkage.tables import LinkageDecision, LinkagePair

_NOTHING: Final = frozenset({"ragu", "dicabut"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Relinked:
    """A pair of which the standing decision is another than when the case was opened.

    `was` and `now` are "sama", "beda", or empty for none. `pair_id` is None where no sweep has
    compared the two of late. `rules` rest on it.
    """

    npp: str
    of_worker: bool
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
    record: tuple[str, str]
    tails: frozenset[str]


def relinked(session: Session, *, principal: Principal, case_id: int) -> tuple[Relinked, ...]:
    """Return what speaks against the links of a case, the newest first; nothing once it is closed.

    Of an employer without NPP, that it is a registered one, or that it is no longer said not to be.
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
    found = [
        _told(session, case, said, rows=rows, all_rules=len(every))
        for said in _by_pair(_said(session, case, rows))
    ]
    return tuple(sorted((one for one in found if one), key=lambda one: one.at, reverse=True))


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


def _by_pair(said: Iterable[LinkageDecision]) -> Iterable[list[LinkageDecision]]:
    # An outside employer may be named anew from sweep to sweep; a worker's NIK stays.
    pairs: dict[tuple[str, str, str], list[LinkageDecision]] = defaultdict(list)
    for one in said:
        whom = one.kunci if one.kind == WORKER else ""
        pairs[one.npp, whom, one.member].append(one)
    return pairs.values()


def _told(
    session: Session,
    case: CaseRecord,
    said: list[LinkageDecision],
    *,
    rows: list[_Row],
    all_rules: int,
) -> Relinked | None:
    newest = said[-1]
    before = [one for one in said if one.recorded_at < case.created_at]
    was, now = _verdict(before[-1]) if before else "", _verdict(newest)
    of_worker = newest.kind == WORKER
    against = now != was if of_worker else _speaks_against(was, now, registered=bool(case.npp))
    records = {tuple(record) for one in said for record in one.records}
    rules = {
        row.rule
        for row in rows
        if row.record in records and (not of_worker or {newest.kunci[-VISIBLE_DIGITS:]} & row.tails)
    }
    if not against or not rules:
        return None
    pair_id = session.exec(
        select(LinkagePair.id).where(
            LinkagePair.kind == newest.kind,
            LinkagePair.kunci == newest.kunci,
            LinkagePair.npp == newest.npp,
            LinkagePair.member == newest.member,
        )
    ).first()
    return Relinked(
        npp=newest.npp,
        of_worker=of_worker,
        was=was,
        now=now,
        reason=newest.reason,
        actor=newest.actor,
        at=newest.recorded_at,
        pair_id=pair_id,
        rules=tuple(sorted(rules)),
        proposal=propose(closed=False, resting_rules=len(rules), all_rules=all_rules),
    )


def _verdict(decision: LinkageDecision) -> str:
    return "" if decision.verdict in _NOTHING else decision.verdict


def _speaks_against(was: str, now: str, *, registered: bool) -> bool:
    """Say whether the ground of a case is weaker: what carries it is "sama", or that it is not."""
    carries, denies = ("sama", "beda") if registered else ("beda", "sama")
    return (now == denies and was != denies) or (was == carries and now == "")
