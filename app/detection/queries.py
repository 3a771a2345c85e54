"""Questions about flags and sweeps. Reads only; a NIK comes out masked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.detection.findings import day_of
from app.detection.schemas import (
    EXPORT_COLUMNS,
    EvidenceRow,
    FlagCounts,
    FlagEventView,
    FlagFilter,
    FlagView,
    Note,
    RuleCounts,
    Sort,
    SourceState,
    SweepView,
    masked,
)
from app.detection.tables import Flag, FlagEvent, FlagTally, Sweep
from app.errors import NotFound
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor

_PROVINCE_LENGTH: Final = 2
_EXPORT_PIECE: Final = 2000
SEARCHED: Final = ("nama", "npp", "npwp", "nib", "id_sumber")

# Every column but the evidence, which lists do not read.
_LISTED: Final = tuple(column for column in Flag.__table__.columns if column.name != "evidence")  # type: ignore[attr-defined]
_EVIDENCE_ROWS: Final = sa.func.jsonb_array_length(col(Flag.evidence)).label("evidence_rows")
_NUMBER: Final = sa.func.sum(col(FlagTally.number))
_SORTED_BY: Final[Mapping[Sort, Any]] = {
    "skor": col(Flag.skor),
    "rupiah": col(Flag.potensi_rupiah),
    "terbaru": col(Flag.id),
}


def flags(
    session: Session,
    *,
    principal: Principal,
    filter: FlagFilter,  # noqa: A002 - the word of the contract
    cursor: str | None,
    limit: int,
) -> Page[FlagView]:
    """Return flags of the offices this principal reaches, highest first, without evidence.

    Raises:
        Forbidden: flags are not for this role.
        Invalid: the cursor is not one of this list.
    """
    key = _SORTED_BY[filter.sort]
    statement = sa.select(*_LISTED, _EVIDENCE_ROWS).where(
        within(principal, "flags.read", Flag.kantor_cabang), *_conditions(filter)
    )
    if cursor is not None:
        last = decode_cursor(cursor, int, int)
        statement = statement.where(sa.tuple_(key, col(Flag.id)) < sa.tuple_(*last))
    size = max(1, min(limit, LARGEST_PAGE))
    rows = session.connection().execute(
        statement.order_by(key.desc(), col(Flag.id).desc()).limit(size + 1)
    )
    found = [row._asdict() for row in rows]
    following = None
    if len(found) > size:
        end = found[size - 1]
        following = encode_cursor(end[key.name], end["id"])
    return Page(items=tuple(flag_view(row, evidence=()) for row in found[:size]), next=following)


def flag(session: Session, *, principal: Principal, flag_id: int) -> FlagView:
    """Return one flag with its evidence, every NIK masked.

    Raises:
        Forbidden: flags are not for this role.
        NotFound: it is not there, or not in this principal's offices.
    """
    row = session.exec(
        select(Flag)
        .where(Flag.id == flag_id, within(principal, "flags.read", Flag.kantor_cabang))
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("Temuan nomor {flag} tidak ada.", flag=flag_id)
    return _whole_view(row)


def flags_of_employer(session: Session, *, principal: Principal, key: str) -> tuple[FlagView, ...]:
    """Return every flag of one employer (`FlagView.key`), by rule, without evidence.

    Raises:
        Forbidden: flags are not for this role.
    """
    rows = session.connection().execute(
        sa.select(*_LISTED, _EVIDENCE_ROWS)
        .where(within(principal, "flags.read", Flag.kantor_cabang), col(Flag.subject) == key)
        .order_by(col(Flag.rule), col(Flag.id))
    )
    return tuple(flag_view(row._asdict(), evidence=()) for row in rows)


def standing_flags(
    session: Session, *, principal: Principal, rule: str, npps: Sequence[str]
) -> Mapping[str, int]:
    """Return the number of the flag of `rule` by NPP, of those employers whose flag stands.

    One that was rejected or is gone does not.

    Raises:
        Forbidden: flags are not for this role.
    """
    rows = session.exec(
        select(Flag.npp, Flag.id).where(
            within(principal, "flags.read", Flag.kantor_cabang),
            Flag.rule == rule,
            col(Flag.subject).in_([f"npp:{npp}" for npp in npps]),
            col(Flag.status).not_in(("ditolak", "hilang")),
        )
    )
    return {npp: number or 0 for npp, number in rows}


def flag_counts(session: Session, *, principal: Principal) -> FlagCounts:
    """Return how many flags there are by rule and status in this principal's offices.

    Raises:
        Forbidden: flags are not for this role.
    """
    rows = session.exec(
        select(FlagTally.rule, FlagTally.status, _NUMBER)
        .where(within(principal, "flags.read", FlagTally.kantor_cabang))
        .group_by(col(FlagTally.rule), col(FlagTally.status))
        .having(_NUMBER > 0)
    )
    by_rule: dict[str, dict[str, int]] = {}
    for rule, status, number in rows:
        by_rule.setdefault(rule, {})[status] = int(number)
    return FlagCounts(by_rule=by_rule)


def places(session: Session, *, principal: Principal) -> tuple[str, ...]:
    """Return the regencies (PP.KK) that have flags in this principal's offices."""
    return tuple(
        session.exec(
            select(FlagTally.kode_wilayah)
            .where(
                within(principal, "flags.read", FlagTally.kantor_cabang),
                col(FlagTally.kode_wilayah) != "",
            )
            .group_by(col(FlagTally.kode_wilayah))
            .having(_NUMBER > 0)
            .order_by(col(FlagTally.kode_wilayah))
        )
    )


def flag_events(
    session: Session, *, principal: Principal, flag_id: int
) -> tuple[FlagEventView, ...]:
    """Return what happened to a flag, oldest first.

    Raises:
        NotFound: it is not there, or not in this principal's offices.
    """
    rows = session.exec(
        select(FlagEvent)
        .join(Flag, col(Flag.id) == col(FlagEvent.flag_id))
        .where(Flag.id == flag_id, within(principal, "flags.read", Flag.kantor_cabang))
        .order_by(col(FlagEvent.id))
    ).all()
    if not rows:
        flag(session, principal=principal, flag_id=flag_id)
    return tuple(
        FlagEventView(
            recorded_at=row.recorded_at,
            actor=row.actor,
            action=row.action,
            from_status=row.from_status,
            to_status=row.to_status,
            reason=row.reason,
            snapshot_id=row.snapshot_id,
            detail=row.detail,
        )
        for row in rows
    )


def export_rows(session: Session, *, principal: Principal) -> Iterator[tuple[str | int, ...]]:
    """Yield the rows of `patuh flags export` in the order of EXPORT_COLUMNS, by flag id.

    Raises:
        Forbidden: flags are not for this role.
    """
    columns = [
        col(Flag.id) if name == "flag_id" else Flag.__table__.columns[name]  # type: ignore[attr-defined]
        for name in EXPORT_COLUMNS
    ]
    statement = (
        sa.select(*columns)
        .where(within(principal, "flags.read", Flag.kantor_cabang))
        .order_by(col(Flag.id))
        .execution_options(yield_per=_EXPORT_PIECE)
    )
    for row in session.connection().execute(statement):
        yield tuple(row)


def workers_linked(session: Session, *, snapshot_id: str) -> int | None:
    """Return how many NIKs of other agencies the last sweep over the snapshot took for a member's.

    By likeness, or because a person said so. None where no sweep over it linked workers.
    """
    last = session.exec(
        select(Sweep.linkage)
        .where(Sweep.snapshot_id == snapshot_id)
        .order_by(col(Sweep.id).desc())
        .limit(1)
    ).first()
    found = (last or {}).get("pekerja", {}).get("pasti")
    return None if found is None else int(found)


def latest_sweep(session: Session) -> SweepView | None:
    """Return the sweep that was run last, or None before the first."""
    row = session.exec(select(Sweep).order_by(col(Sweep.id).desc()).limit(1)).first()
    return None if row is None else sweep_view(row)


def sweep_of(session: Session, *, snapshot_id: str) -> SweepView | None:
    """Return the last sweep over a snapshot, or None when there was none."""
    row = session.exec(
        select(Sweep)
        .where(Sweep.snapshot_id == snapshot_id)
        .order_by(col(Sweep.id).desc())
        .limit(1)
    ).first()
    return None if row is None else sweep_view(row)


def sweeps(session: Session, *, cursor: str | None, limit: int) -> Page[SweepView]:
    """Return sweeps, the newest first.

    Raises:
        Invalid: the cursor is not one of this list.
    """
    statement = select(Sweep)
    if cursor is not None:
        (last,) = decode_cursor(cursor, int)
        statement = statement.where(col(Sweep.id) < last)
    size = max(1, min(limit, LARGEST_PAGE))
    rows = session.exec(statement.order_by(col(Sweep.id).desc()).limit(size + 1)).all()
    items = tuple(sweep_view(row) for row in rows[:size])
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > size else None)


def _conditions(filter: FlagFilter) -> Iterator[sa.ColumnElement[bool]]:  # noqa: A002
    if filter.rule:
        yield col(Flag.rule) == filter.rule
    if filter.status:
        yield col(Flag.status).in_(filter.status)
    if filter.office:
        yield col(Flag.kantor_cabang) == filter.office
    if filter.kode_wilayah:
        yield in_place(Flag.__table__.columns["kode_wilayah"], filter.kode_wilayah)  # type: ignore[attr-defined]
    if filter.min_rupiah:
        yield col(Flag.potensi_rupiah) >= filter.min_rupiah
    if filter.text:
        columns = (Flag.__table__.columns[name] for name in SEARCHED)  # type: ignore[attr-defined]
        yield sa.or_(*(one.icontains(filter.text, autoescape=True) for one in columns))


def in_place(column: sa.ColumnElement[Any], code: str) -> sa.ColumnElement[bool]:
    """Return the condition that `column` is the regency of `code`, or one of its province."""
    if len(code) == _PROVINCE_LENGTH:
        return column.startswith(f"{code}.", autoescape=True)
    return column == code


def _whole_view(row: Flag) -> FlagView:
    values = {column.name: getattr(row, column.name) for column in _LISTED}
    values["evidence_rows"] = len(row.evidence)
    return flag_view(
        values,
        evidence=evidence_rows(row.evidence),
    )


def evidence_rows(kept: Sequence[Mapping[str, Any]]) -> tuple[EvidenceRow, ...]:
    """Return evidence as it is stored, every NIK masked."""
    return tuple(
        EvidenceRow(table=one["table"], line=one["line"], values=masked(one["values"]))
        for one in kept
    )


def flag_view(row: Mapping[str, Any], *, evidence: tuple[EvidenceRow, ...]) -> FlagView:
    said = {name: day_of(value) for name, value in row["sentence_values"].items()}
    own = {name: row[name] for name in _SHOWN}
    return FlagView(**own, sentence_values=said, evidence=evidence)


def sweep_view(row: Sweep) -> SweepView:
    return SweepView(
        id=row.id or 0,
        snapshot_id=row.snapshot_id,
        on=row.swept_on,
        recorded_at=row.recorded_at,
        actor=row.actor,
        rules={code: RuleCounts(**counts) for code, counts in row.counts.items()},
        sources=tuple(
            SourceState(one["table"], one["source"], one["rows"], _day(one["newest_on"]))
            for one in row.report.get("sources", ())
        ),
        notes=tuple(Note(one["template"], one["values"]) for one in row.report.get("notes", ())),
        rule_editions=row.rule_editions,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_SHOWN: Final = tuple(
    name for name in FlagView.__dataclass_fields__ if name not in {"sentence_values", "evidence"}
)
