"""Reads flags and sweeps, always within the reader's offices."""

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.detection.schemas import (
    EXPORT_COLUMNS,
    RULE_CODES,
    EvidenceRow,
    FlagCounts,
    FlagEventView,
    FlagFilter,
    FlagView,
    RuleCounts,
    SweepView,
    masked,
)
from app.detection.tables import Flag, FlagEvent, Sweep
from app.errors import NotFound
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor

READ: Final = "flags.read"

# What a list is sorted by; the id makes every key complete.
_SORTS: Final[dict[str, Any]] = {
    "skor": col(Flag.skor),
    "rupiah": col(Flag.potensi_rupiah),
    "terbaru": col(Flag.id),
}


def flags(
    session: Session,
    *,
    principal: Principal,
    filter: FlagFilter,  # noqa: A002 - the contract between rooms names it so
    cursor: str | None,
    limit: int,
) -> Page[FlagView]:
    """Return flags without their evidence rows, the largest sort key first.

    Raises:
        Forbidden: the principal may not read flags.
        Invalid: the cursor is not one of this list.
    """
    limit = max(1, min(limit, LARGEST_PAGE))
    sort = _SORTS[filter.sort]
    statement = select(Flag).where(*_conditions(principal, filter))
    if cursor is not None:
        value, last = decode_cursor(cursor, int, int)
        statement = statement.where(sa.tuple_(sort, col(Flag.id)) < sa.tuple_(value, last))
    rows = session.exec(statement.order_by(sort.desc(), col(Flag.id).desc()).limit(limit + 1)).all()
    shown = rows[:limit]
    following = None
    if len(rows) > limit:
        key = {"skor": shown[-1].skor, "rupiah": shown[-1].potensi_rupiah}
        following = encode_cursor(key.get(filter.sort, _id(shown[-1])), _id(shown[-1]))
    return Page(items=tuple(_view(row, evidence=False) for row in shown), next=following)


def flag(session: Session, *, principal: Principal, flag_id: int) -> FlagView:
    """Return one flag with its evidence, NIK masked.

    Raises:
        Forbidden: the principal may not read flags.
        NotFound: it is not there, or not in this principal's offices.
    """
    return _view(flag_row(session, principal=principal, flag_id=flag_id), evidence=True)


def flag_row(session: Session, *, principal: Principal, flag_id: int) -> Flag:
    """Return the row itself, for the service.

    Raises:
        Forbidden, NotFound: as `flag`.
    """
    row = session.exec(
        select(Flag).where(col(Flag.id) == flag_id, within(principal, READ, Flag.kantor_cabang))
    ).first()
    if row is None:
        raise NotFound("Temuan {flag} tidak ada, atau di luar wilayah kerja Anda.", flag=flag_id)
    return row


def flags_of_employer(session: Session, *, principal: Principal, key: str) -> tuple[FlagView, ...]:
    """Return the flags of one employer (`FlagView.key`), in the order of the rules."""
    rows = session.exec(
        select(Flag)
        .where(Flag.subject == key, within(principal, READ, Flag.kantor_cabang))
        .order_by(col(Flag.id))
    )
    views = [_view(row, evidence=False) for row in rows]
    return tuple(sorted(views, key=lambda view: RULE_CODES.index(view.rule)))


def flag_counts(session: Session, *, principal: Principal) -> FlagCounts:
    """Return how many flags there are by rule and status, within the reader's offices."""
    rows = session.exec(
        select(Flag.rule, Flag.status, func.count())
        .where(within(principal, READ, Flag.kantor_cabang))
        .group_by(Flag.rule, Flag.status)
    )
    counted: dict[str, dict[str, int]] = {code: {} for code in RULE_CODES}
    for rule, status, number in rows:
        counted[rule][status] = number
    return FlagCounts(by_rule=counted)


def places(session: Session, *, principal: Principal) -> tuple[str, ...]:
    """Return the regency codes in which this principal sees a flag, sorted."""
    rows = session.exec(
        select(Flag.kode_wilayah)
        .where(within(principal, READ, Flag.kantor_cabang), Flag.kode_wilayah != "")
        .distinct()
    )
    return tuple(sorted(rows))


def flag_events(
    session: Session, *, principal: Principal, flag_id: int
) -> tuple[FlagEventView, ...]:
    """Return the history of one flag, oldest first.

    Raises:
        Forbidden, NotFound: as `flag`.
    """
    flag_row(session, principal=principal, flag_id=flag_id)
    rows = session.exec(
        select(FlagEvent).where(FlagEvent.flag_id == flag_id).order_by(col(FlagEvent.id))
    )
    return tuple(
        FlagEventView(
            recorded_at=row.recorded_at,
            actor=row.actor,
            action=row.action,
            from_status=row.from_status,
            to_status=row.to_status,
            reason=row.reason,
            snapshot_id=row.snapshot_id,
        )
        for row in rows
    )


def export_rows(session: Session, *, principal: Principal) -> Iterator[tuple[object, ...]]:
    """Yield every flag in reach as the columns of `patuh flags export`, by id."""
    columns = [
        col(Flag.id) if name == "flag_id" else getattr(Flag, name) for name in EXPORT_COLUMNS
    ]
    rows = session.connection().execute(
        sa.select(*columns)
        .where(within(principal, READ, Flag.kantor_cabang))
        .order_by(col(Flag.id))
        .execution_options(yield_per=5000)
    )
    for row in rows:
        yield tuple(row)


def last_sweep(session: Session, *, principal: Principal) -> SweepView | None:
    """Return the newest sweep that was stored, or None."""
    found = sweeps(session, principal=principal, limit=1)
    return found[0] if found else None


def sweeps(session: Session, *, principal: Principal, limit: int) -> tuple[SweepView, ...]:
    """Return the newest sweeps first. A sweep has no office: its counts are of the country."""
    principal.require("imports.read")
    rows = session.exec(select(Sweep).order_by(col(Sweep.id).desc()).limit(limit))
    return tuple(
        SweepView(
            id=row.id or 0,
            snapshot_id=row.snapshot_id,
            on=row.swept_on,
            recorded_at=row.recorded_at,
            actor=row.actor,
            rules={code: RuleCounts(**counts) for code, counts in row.counts.items()},
        )
        for row in rows
    )


def _conditions(principal: Principal, wanted: FlagFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield within(principal, READ, Flag.kantor_cabang)
    if wanted.rule:
        yield col(Flag.rule) == wanted.rule
    if wanted.status:
        yield col(Flag.status).in_(wanted.status)
    if wanted.office:
        yield col(Flag.kantor_cabang) == wanted.office
    if wanted.kode_wilayah:
        yield col(Flag.kode_wilayah) == wanted.kode_wilayah
    if wanted.min_rupiah:
        yield col(Flag.potensi_rupiah) >= wanted.min_rupiah
    if text := wanted.text.strip():
        yield sa.or_(
            col(Flag.nama).icontains(text, autoescape=True),
            *(
                sa.type_coerce(column, sa.Text) == text.upper()
                for column in (Flag.npp, Flag.npwp, Flag.nib, Flag.id_sumber)
            ),
        )


def _id(row: Flag) -> int:
    assert row.id is not None  # noqa: S101 - it was read from the table
    return row.id


def _view(row: Flag, *, evidence: bool) -> FlagView:
    values = row.model_dump(exclude={"evidence", "facts_hash", "status_before_gone"})
    shown = row.evidence if evidence else []
    return FlagView(
        **values,
        evidence=tuple(
            EvidenceRow(table=one["table"], line=one["line"], values=masked(one["values"]))
            for one in shown
        ),
        evidence_rows=len(row.evidence),
    )
