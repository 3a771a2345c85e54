"""Questions about snapshots and imports in PostgreSQL. Reads only."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.errors import Invalid, NotFound
from app.infra.paging import Page, decode_cursor, encode_cursor
from app.registry.schemas import ImportView, SnapshotView, TableInfo
from app.registry.snapshots import require_kept
from app.registry.tables import ImportFile, ImportRun, Snapshot


def latest_snapshot(session: Session) -> SnapshotView | None:
    """Return the snapshot that the last finished import gave, or None before the first."""
    row = session.exec(
        select(Snapshot)
        .order_by(col(Snapshot.turn).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()
    return None if row is None else _view(row)


def workers_without_nik(session: Session, *, run_id: int | None = None) -> int | None:
    """Return how many rows of workers an import turned away because they had no NIK, at least.

    Of the last import that made a snapshot unless `run_id` is given. At least: a report keeps the
    first thousand of its rejections, each with its first reason. None before the first import.
    """
    wanted = (
        select(ImportRun.id)
        .where(ImportRun.status == "done", col(ImportRun.snapshot_id).is_not(None))
        .order_by(col(ImportRun.finished_at).desc(), col(ImportRun.id).desc())
        .limit(1)
    )
    found = session.exec(wanted).first() if run_id is None else run_id
    if found is None:
        return None
    # Counted where it lies: a report may be large.
    turned_away = sa.func.jsonb_path_query_array(
        col(ImportRun.report),
        sa.cast(
            '$.rejected[*] ? (@.column == "nik" && @.code == "missing" && '
            '(@.table == "kepesertaan" || @.table == "sumber_pekerja"))',
            JSONPATH,
        ),
    )
    counted = select(sa.func.jsonb_array_length(turned_away)).where(ImportRun.id == found)
    return int(session.exec(counted).one())


def snapshot_known_at(session: Session, at: datetime) -> SnapshotView | None:
    """Return the snapshot that was the current one at that instant, None before the first import.

    Asks the imports, not the snapshots: content imported a second time is an old snapshot that
    became the current one again.
    """
    found = session.exec(
        select(ImportRun.snapshot_id)
        .where(col(ImportRun.finished_at) <= at, col(ImportRun.snapshot_id).is_not(None))
        .order_by(col(ImportRun.finished_at).desc(), col(ImportRun.id).desc())
        .limit(1)
    ).first()
    return None if found is None else snapshot_by_id(session, found)


def snapshot_by_id(session: Session, snapshot_id: str) -> SnapshotView:
    """Raises: NotFound: there is no such snapshot."""
    row = session.get(Snapshot, snapshot_id)
    if row is None:
        raise NotFound("Potret data {snapshot} tidak ada.", snapshot=snapshot_id[:64])
    return _view(row)


def kept_snapshot(session: Session, snapshot_id: str) -> SnapshotView:
    """Return a snapshot whose files stay while the caller's transaction lasts.

    Who goes on to rest something on it writes that in the same transaction; pruning waits for it,
    then finds it held.

    Raises:
        NotFound: there is no such snapshot, or its files were removed by policy.
    """
    row = session.exec(
        select(Snapshot)
        .where(Snapshot.id == snapshot_id)
        .with_for_update(key_share=True, read=True)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("Potret data {snapshot} tidak ada.", snapshot=snapshot_id[:64])
    view = _view(row)
    require_kept(view)
    return view


def known_on(session: Session, *, day: date, zone: str) -> SnapshotView:
    """Return the snapshot that was the current one at the end of `day` in `zone`.

    Raises:
        NotFound: nothing had been imported by then.
    """
    found = session.exec(
        select(ImportRun.snapshot_id)
        .where(
            ImportRun.status == "done",
            col(ImportRun.snapshot_id).is_not(None),
            col(ImportRun.finished_at) < end_of(day, zone=zone),
        )
        .order_by(col(ImportRun.finished_at).desc(), col(ImportRun.id).desc())
        .limit(1)
    ).first()
    if found is None:
        raise NotFound("Pada {day} belum ada data registrasi yang diketahui.", day=day)
    return snapshot_by_id(session, found)


def end_of(day: date, *, zone: str) -> datetime:
    """Return the first instant that is no longer of `day` in `zone`.

    Raises:
        Invalid: no day comes after it.
    """
    if day == date.max:
        raise Invalid("Sesudah {day} tidak ada hari lagi; pilih hari yang lebih awal.", day=day)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))


def described_on(session: Session, *, snapshot: SnapshotView, table: str) -> date:
    """Return the day that `table` describes: that of the import which brought it."""
    while snapshot.tables[table].carried_over and snapshot.previous_id is not None:
        snapshot = snapshot_by_id(session, snapshot.previous_id)
    return snapshot.as_of


def snapshots(session: Session, *, limit: int, cursor: str | None) -> Page[SnapshotView]:
    """Return snapshots, the current one first."""
    statement = select(Snapshot)
    if cursor is not None:
        (last,) = decode_cursor(cursor, int)
        statement = statement.where(col(Snapshot.turn) < last)
    rows = session.exec(statement.order_by(col(Snapshot.turn).desc()).limit(limit + 1)).all()
    following = encode_cursor(rows[limit - 1].turn) if len(rows) > limit else None
    return Page(items=tuple(_view(row) for row in rows[:limit]), next=following)


def imports(
    session: Session, *, principal: Principal, limit: int, cursor: str | None
) -> Page[ImportView]:
    """Return imports asked for by the offices this principal reaches, newest first."""
    statement = _reachable(principal)
    if cursor is not None:
        (last,) = decode_cursor(cursor, int)
        statement = statement.where(col(ImportRun.id) < last)
    rows = session.exec(statement.order_by(col(ImportRun.id).desc()).limit(limit + 1)).all()
    names = _file_names(session, [row.id for row in rows if row.id is not None])
    items = tuple(_import_view(row, names) for row in rows[:limit])
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > limit else None)


def import_run(session: Session, *, principal: Principal, run_id: int) -> ImportView:
    """Raises: NotFound: there is no such import, or another office asked for it."""
    row = session.exec(_reachable(principal).where(col(ImportRun.id) == run_id)).first()
    if row is None:
        raise NotFound("Impor nomor {run} tidak ada.", run=run_id)
    return _import_view(row, _file_names(session, [run_id]))


def unfinished_import(
    session: Session, *, principal: Principal, as_of: date, files: Sequence[tuple[str, str]]
) -> ImportView | None:
    """Return this person's import of exactly these files (name, sha256) that is not done yet."""
    waiting = session.exec(
        select(ImportRun.id).where(
            col(ImportRun.requested_by) == principal.actor,
            col(ImportRun.as_of) == as_of,
            col(ImportRun.status).in_(("queued", "running")),
        )
    ).all()
    for run_id in waiting:
        known = session.exec(
            select(ImportFile.name, ImportFile.sha256)
            .where(col(ImportFile.import_run_id) == run_id)
            .order_by(col(ImportFile.position))
        ).all()
        if run_id is not None and [tuple(one) for one in known] == list(files):
            return import_run_by_id(session, run_id)
    return None


def import_run_by_id(session: Session, run_id: int) -> ImportView:
    """Return an import to the command that has just made it.

    Raises:
        NotFound: there is no such import.
    """
    row = session.get(ImportRun, run_id)
    if row is None:
        raise NotFound("Impor nomor {run} tidak ada.", run=run_id)
    return _import_view(row, _file_names(session, [run_id]))


def _reachable(principal: Principal) -> SelectOfScalar[ImportRun]:
    return select(ImportRun).where(within(principal, "imports.read", ImportRun.office))


def _file_names(session: Session, run_ids: list[int]) -> Mapping[int, tuple[str, ...]]:
    rows = session.exec(
        select(ImportFile.import_run_id, ImportFile.name)
        .where(col(ImportFile.import_run_id).in_(run_ids))
        .order_by(col(ImportFile.import_run_id), col(ImportFile.position))
    ).all()
    return {run: tuple(name for of, name in rows if of == run) for run in run_ids}


def _view(row: Snapshot) -> SnapshotView:
    return SnapshotView(
        id=row.id,
        as_of=row.as_of,
        created_at=row.created_at,
        tables={name: TableInfo(**info) for name, info in row.tables.items()},
        previous_id=row.previous_id,
        removed_at=row.removed_at,
    )


def _import_view(row: ImportRun, names: Mapping[int, tuple[str, ...]]) -> ImportView:
    run_id = row.id or 0
    return ImportView(
        id=run_id,
        status=row.status,
        requested_by=row.requested_by,
        office=row.office,
        as_of=row.as_of,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        step=row.step,
        percent=row.percent,
        report=row.report,
        error=row.error,
        files=names.get(run_id, ()),
    )
