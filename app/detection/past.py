"""Flags as they were known at the end of a day: what they said, their state, who had decided what.

Reads only; a NIK comes out masked. Who may see a flag is asked of its office now, not of then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.selectable import LateralFromClause
from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.detection import queries
from app.detection.findings import NEXT_LIMIT
from app.detection.schemas import (
    EvidenceRow,
    FlagEventView,
    FlagFilter,
    FlagView,
    Status,
    SweepView,
)
from app.detection.tables import Flag, FlagEvent, FlagPast, Sweep
from app.errors import NotFound
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor
from app.registry.queries import end_of

READ: Final = "flags.read"
# What a sweep writes over; the rest of a flag never changes, or is what people decided.
_CONTENT: Final = tuple(
    name
    for name in FlagPast.model_fields
    if name not in {"id", "flag_id", "replaced_at", "evidence", "facts_hash"}
)
# A person's word that a state may rest on; a sweep that brings the state back adds none.
_BY_PEOPLE: Final = col(FlagEvent.snapshot_id) == ""


@dataclass(frozen=True, slots=True)
class KnownFlag:
    """One flag as known at the end of `day`. `flag.version` is 0: nobody decides about the past."""

    day: date
    sweep: SweepView
    flag: FlagView
    events: tuple[FlagEventView, ...]


@dataclass(frozen=True, slots=True)
class KnownFlags:
    """A page of flags as known at the end of `day`, the newest number first."""

    day: date
    sweep: SweepView
    page: Page[FlagView]


def flag_known_on(session: Session, *, principal: Principal, flag_id: int, day: date) -> KnownFlag:
    """Return one flag with its evidence as known at the end of `day` in the reader's zone.

    Raises:
        Forbidden: flags are not for this role.
        NotFound: it is not there, or not in this principal's offices; it had not been found by
            then; or what was found then was written over before such things were kept.
    """
    events = queries.flag_events(session, principal=principal, flag_id=flag_id)
    end = end_of(day, zone=principal.zone)
    sweep = _sweep_known_on(session, day=day, end=end)
    until_then = tuple(event for event in events if event.recorded_at < end)
    found = _ask(session, principal, col(Flag.id) == flag_id, end=end, extra=("evidence",))
    row = next(found, None)
    if row is None or not until_then:
        raise NotFound(
            "Temuan nomor {flag} belum ditemukan pada {day}; lihat keadaan terbarunya.",
            flag=flag_id,
            day=day,
        )
    return KnownFlag(
        day=day,
        sweep=sweep,
        flag=_view(row, sweep, evidence=queries.evidence_rows(row["evidence"])),
        events=until_then,
    )


def flags_known_on(
    session: Session,
    *,
    principal: Principal,
    filter: FlagFilter,  # noqa: A002 - the word of the contract
    day: date,
    cursor: str | None,
    limit: int,
) -> KnownFlags:
    """Return the flags that were known at the end of `day`, without evidence.

    The filter asks what they said then, its order is not used.

    Raises:
        Forbidden: flags are not for this role.
        NotFound: as `flag_known_on`, for the day.
        Invalid: the cursor is not one of this list.
    """
    end = end_of(day, zone=principal.zone)
    sweep = _sweep_known_on(session, day=day, end=end)
    after = () if cursor is None else (col(Flag.id) < decode_cursor(cursor, int)[0],)
    size = max(1, min(limit, LARGEST_PAGE))
    rows = list(_ask(session, principal, *after, end=end, asked=filter, limit=size + 1))
    items = tuple(_view(row, sweep, evidence=()) for row in rows[:size])
    following = encode_cursor(items[-1].id) if len(rows) > size else None
    return KnownFlags(day, sweep, Page(items=items, next=following))


def flags_of_employer_known_on(
    session: Session, *, principal: Principal, key: str, day: date
) -> tuple[FlagView, ...]:
    """Return every flag of one employer as known at the end of `day`; none before the first.

    Raises:
        Forbidden: flags are not for this role.
    """
    end = end_of(day, zone=principal.zone)
    try:
        sweep = _sweep_known_on(session, day=day, end=end)
    except NotFound:
        return ()
    rows = _ask(session, principal, col(Flag.subject) == key, end=end)
    return tuple(sorted((_view(row, sweep, evidence=()) for row in rows), key=lambda one: one.rule))


def _sweep_known_on(session: Session, *, day: date, end: datetime) -> SweepView:
    """Return the last sweep before `end`, if what flags said after it is still known.

    Raises:
        NotFound: there was none; or a later one wrote over it before that was kept.
    """
    sweep = session.exec(
        select(Sweep).where(col(Sweep.recorded_at) < end).order_by(col(Sweep.id).desc()).limit(1)
    ).first()
    if sweep is None:
        raise NotFound("Pada {day} belum ada pencarian temuan.", day=day)
    following = session.exec(
        select(Sweep.keeps_past).where(col(Sweep.id) > sweep.id).order_by(col(Sweep.id)).limit(1)
    ).first()
    if following is False:
        raise NotFound(
            "Isi temuan pada {day} belum disimpan; pilih hari yang lebih baru atau lihat riwayat "
            "temuannya.",
            day=day,
        )
    return queries.sweep_view(sweep)


def _past(end: datetime) -> LateralFromClause:
    """Return what a flag said at `end`, if a later sweep wrote over it."""
    return (
        sa.select(FlagPast)
        .where(col(FlagPast.flag_id) == col(Flag.id), col(FlagPast.replaced_at) >= end)
        .order_by(col(FlagPast.replaced_at), col(FlagPast.id))
        .limit(1)
        .lateral("past")
    )


def _said(past: LateralFromClause, name: str) -> sa.ColumnElement[Any]:
    return sa.case((past.c.id.is_not(None), past.c[name]), else_=getattr(Flag, name))


def _ask(
    session: Session,
    principal: Principal,
    *conditions: sa.ColumnElement[bool],
    end: datetime,
    asked: FlagFilter | None = None,
    limit: int | None = None,
    extra: tuple[str, ...] = (),
) -> Iterator[Mapping[str, Any]]:
    """Yield flags that had been found before `end`, the newest number first."""
    past = _past(end)
    last = _last_event(end, name="last")
    swept = _last_event(end, ~_BY_PEOPLE, name="swept")
    decided = _last_event(
        end, _BY_PEOPLE, col(FlagEvent.to_status) == last.c.to_status, name="decided"
    )
    narrowed = () if asked is None else tuple(_conditions(asked, past, last))
    statement = (
        sa.select(
            col(Flag.id),
            col(Flag.rule),
            col(Flag.subject),
            col(Flag.first_found_on),
            *(_said(past, name).label(name) for name in (*_CONTENT, *extra)),
            sa.func.jsonb_array_length(_said(past, "evidence")).label("evidence_rows"),
            last.c.to_status.label("status"),
            last.c.recorded_at.label("changed_at"),
            swept.c.action.label("swept"),
            decided.c.action.label("decided"),
            decided.c.reason.label("reason"),
            decided.c.detail.label("detail"),
        )
        .select_from(Flag)
        .join(last, sa.true())
        .join(swept, sa.true())
        .outerjoin(past, sa.true())
        .outerjoin(decided, sa.true())
        .where(within(principal, READ, Flag.kantor_cabang), *conditions, *narrowed)
        .order_by(col(Flag.id).desc())
        .limit(limit)
    )
    for row in session.connection().execute(statement):
        yield row._asdict()


def _last_event(end: datetime, *conditions: sa.ColumnElement[bool], name: str) -> LateralFromClause:
    return (
        sa.select(FlagEvent)
        .where(
            col(FlagEvent.flag_id) == col(Flag.id), col(FlagEvent.recorded_at) < end, *conditions
        )
        .order_by(col(FlagEvent.id).desc())
        .limit(1)
        .lateral(name)
    )


def _conditions(
    asked: FlagFilter, past: LateralFromClause, last: LateralFromClause
) -> Iterator[sa.ColumnElement[bool]]:
    if asked.rule:
        yield col(Flag.rule) == asked.rule
    if asked.status:
        yield last.c.to_status.in_(asked.status)
    if asked.office:
        yield _said(past, "kantor_cabang") == asked.office
    if asked.kode_wilayah:
        yield queries.in_place(_said(past, "kode_wilayah"), asked.kode_wilayah)
    if asked.min_rupiah:
        yield _said(past, "potensi_rupiah") >= asked.min_rupiah
    if asked.text:
        yield sa.or_(
            *(_said(past, name).icontains(asked.text, autoescape=True) for name in queries.SEARCHED)
        )


def _view(
    row: Mapping[str, Any], sweep: SweepView, *, evidence: tuple[EvidenceRow, ...]
) -> FlagView:
    seen = row["swept"] != "hilang"
    # What is kept says its ages and the days to its limit as of the last sweep that said the same.
    found_on = sweep.on if seen else min(row["last_found_on"], sweep.on)
    later = (row["last_found_on"] - found_on).days
    decision = _decision(row)
    return queries.flag_view(
        {
            **row,
            **decision,
            "source_ages": {
                source: max(0, days - later) for source, days in row["source_ages"].items()
            },
            "numbers": _counted_back(row["numbers"], days=later),
            "last_found_on": found_on,
            "seen": seen,
            "version": 0,
        },
        evidence=evidence,
    )


def _counted_back(numbers: Mapping[str, Any], *, days: int) -> Mapping[str, Any]:
    limit = numbers.get(NEXT_LIMIT)
    if limit is None:
        return numbers
    return {**numbers, NEXT_LIMIT: {**limit, "hari": limit["hari"] + days}}


def _case(row: Mapping[str, Any]) -> str:
    # Words of before this was kept name the case as their reason.
    number: str = (row["detail"] or {}).get("case") or ""
    return number or (row["reason"] if row["decided"] == "case" else "")


def _decision(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what people had said that the state of then rests on."""
    status: Status = row["status"]
    detail = row["detail"] or {}
    until = date.fromisoformat(detail["until"]) if "until" in detail else None
    ended = detail.get("ended_on")
    of_case = status == "kasus"
    return {
        "decision_reason": row["reason"] if status in {"ditolak", "ditunda"} else "",
        "snooze_until": until if status == "ditunda" else None,
        "exception_until": until if status == "ditolak" else None,
        "case_number": _case(row) if of_case else "",
        "case_ended_on": date.fromisoformat(ended) if of_case and ended else None,
    }
