"""Commands of the registry: ask for an import, carry it out, show a whole NIK with a reason."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts import service as accounts
from app.accounts.schemas import Principal
from app.audit import service as audit
from app.errors import AppError, Conflict, FieldProblem, Invalid, NotFound
from app.infra.database import Database
from app.infra.queue import alone, enqueue
from app.infra.settings import Settings
from app.infra.store import BlobStore
from app.infra.wording import N_
from app.registry import employers, importers, queries
from app.registry.fetching import fetched
from app.registry.intake import hashed
from app.registry.pruning import RECORD_LOCK, files_went
from app.registry.schemas import ImportResult, ImportView, SnapshotView, SourceFile
from app.registry.snapshots import SnapshotReader
from app.registry.tables import ImportFile, ImportRun, Snapshot

Clock = Callable[[], datetime]
TASK: Final = "run_import"
QUEUE_LOCK: Final = "registry-import"
ALIVE_LOCK: Final = 7206
LARGEST_UPLOAD: Final = 4_000_000_000
STORED_REJECTIONS: Final = 1000
ATTEMPTS: Final = 3
FIRST_ZONE: Final = ZoneInfo("Asia/Jayapura")

_SAME = N_("Isi sama dengan potret data {snapshot} yang sudah ada; tidak dibuat salinan kedua.")
_SAME_OTHER_DAY = N_(
    "Isi sama dengan potret data {snapshot} per {as_of}; tanggal itu yang tetap berlaku."
)
_NEW_OFFICES = N_(
    "Kantor cabang baru didaftarkan dari ekstrak: {offices}; lengkapi alamat dan kepalanya."
)
_MANY_NEW_OFFICES = N_(
    "{count} kantor cabang baru didaftarkan dari ekstrak, antara lain {offices}; lengkapi alamat "
    "dan kepalanya."
)
# A first import of the whole country brings hundreds.
_NAMED_OFFICES = 10
_AHEAD = N_(
    "Tanggal keadaan data {as_of} belum tiba; impor tetap dibuat. Periksa tanggalnya: temuan "
    "dihitung atas keadaan itu."
)
NOTHING: Final = N_("Tidak ada berkas yang dapat dipakai: {reasons}")
_DIED = N_("Impor berhenti karena prosesnya mati; tidak ada yang berubah. Impor lagi berkasnya.")
_CRASHED = N_("Impor berhenti karena kesalahan tak terduga; tidak ada yang berubah.")


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    source: BinaryIO


@dataclass(frozen=True, slots=True)
class Folders:
    """Where an import reads and writes. `imports` holds the rejected rows, one folder a run."""

    snapshots: Path
    scratch: Path
    imports: Path
    memory: str


def folders(settings: Settings) -> Folders:
    return Folders(
        snapshots=settings.snapshots_dir,
        scratch=settings.scratch_dir,
        imports=settings.data_dir / "imports",
        memory=settings.duckdb_memory,
    )


def rejects_dir(places: Folders, run_id: int) -> Path:
    """Return the folder with one `<table>.csv` of rejected rows per table that had any."""
    return places.imports / str(run_id) / "ditolak"


def request_import(
    session: Session,
    *,
    principal: Principal,
    store: BlobStore,
    uploads: Sequence[Upload],
    as_of: date,
    now: datetime,
) -> ImportView:
    """Keep the files and queue the import; it starts when the caller's transaction commits.

    The same files sent again by the same person before the first are done are that import.

    Raises:
        Forbidden: this person may not import.
        Invalid: no file, an empty one, or one larger than LARGEST_UPLOAD bytes.
        Unavailable: the files cannot be kept.
    """
    principal.require("registry.import")
    if not uploads:
        sentence = N_("Pilih sekurang-kurangnya satu berkas ekstrak.")
        raise Invalid(sentence, fields=(FieldProblem("files", sentence),))
    kept = [(one.name, store.put(one.source, limit=LARGEST_UPLOAD)) for one in uploads]
    alone(session, f"{TASK}:{principal.actor}")
    sent = [(name, blob.sha256) for name, blob in kept]
    if same := queries.unfinished_import(session, principal=principal, as_of=as_of, files=sent):
        return same
    run = _new_run(session, principal=principal, as_of=as_of, now=now, status="queued")
    run_id = run.id or 0
    for position, (file_name, blob) in enumerate(kept):
        session.add(
            ImportFile(
                import_run_id=run_id,
                position=position,
                name=file_name,
                sha256=blob.sha256,
                size=blob.size,
            )
        )
    session.flush()
    enqueue(session, TASK, lock=QUEUE_LOCK, run_id=run_id)
    return queries.import_run_by_id(session, run_id)


def execute_import(
    database: Database, *, store: BlobStore, places: Folders, run_id: int, clock: Clock
) -> None:
    """Carry out a queued import. Running it again after it ended, or was killed, is safe.

    Each step of the progress is its own short transaction; the snapshot, its audit entry and the
    end of the run are one.

    Raises:
        NotFound: there is no such import.
    """
    with database.transaction() as session:
        run = session.get(ImportRun, run_id, with_for_update=True)
        if run is None:
            raise NotFound("Impor nomor {run} tidak ada.", run=run_id)
        if run.status in {"done", "failed"}:
            return
        run.status, run.started_at = "running", clock()
        actor, as_of = run.requested_by, run.as_of
        kept = session.exec(
            select(ImportFile)
            .where(col(ImportFile.import_run_id) == run_id)
            .order_by(col(ImportFile.position))
        ).all()
        listed = [(file.name, file.sha256) for file in kept]
    with (
        _failure_recorded(database, run_id, clock),
        fetched(store, listed, places.scratch / f"unduhan-{run_id}") as files,
    ):
        _carry_out(
            database,
            places=places,
            run_id=run_id,
            actor=actor,
            files=files,
            as_of=as_of,
            clock=clock,
            report_progress=lambda step, done, steps: _progress(
                database, run_id, step, 100 * done // steps
            ),
        )


def import_now(
    database: Database,
    *,
    principal: Principal,
    places: Folders,
    files: Sequence[SourceFile],
    as_of: date,
    clock: Clock,
    report_progress: importers.ReportProgress,
) -> ImportResult:
    """Import files that are already on this machine, and wait for the end.

    Raises:
        Forbidden: this principal may not import.
        Invalid: no file could be used; no snapshot was made.
        Unavailable: the disk is full or cannot be written; nothing was changed.
    """
    principal.require("registry.import")
    with ExitStack() as alive:
        with database.transaction() as session:
            close_dead_imports(session, now=clock())
            run = _new_run(session, principal=principal, as_of=as_of, now=clock(), status="running")
            run_id = run.id or 0
            # Before anybody can see the run, so that nobody takes it for dead.
            alive.enter_context(database.sign_of_life(ALIVE_LOCK, run_id))
            run.started_at = run.created_at
            files = [hashed(file) if file.path.is_file() else file for file in files]
            for position, file in enumerate(files):
                if file.sha256 and (size := file.path.stat().st_size):
                    session.add(
                        ImportFile(
                            import_run_id=run_id,
                            position=position,
                            name=file.name,
                            sha256=file.sha256,
                            size=size,
                        )
                    )
        with _failure_recorded(database, run_id, clock):
            result = _carry_out(
                database,
                places=places,
                run_id=run_id,
                actor=principal.actor,
                files=files,
                as_of=as_of,
                clock=clock,
                report_progress=report_progress,
            )
    if result.snapshot_id is None:
        raise NothingUsable(result)
    return result


def close_dead_imports(session: Session, *, now: datetime) -> int:
    """End the runs of `import_now` whose process was killed, and return how many there were.

    A queued import is taken over by another worker; nobody comes back to one at a terminal, and
    its page would wait for ever. It starts the moment it is made, a queued one never does.
    """
    dead = session.exec(
        select(ImportRun)
        .where(
            col(ImportRun.status) == "running", col(ImportRun.started_at) == ImportRun.created_at
        )
        .with_for_update()
    ).all()
    closed = 0
    for run in dead:
        free = sa.select(sa.func.pg_try_advisory_xact_lock(ALIVE_LOCK, run.id))
        if session.connection().execute(free).scalar_one():
            run.status, run.error, run.finished_at = "failed", _DIED, now
            closed += 1
    session.flush()
    return closed


class NothingUsable(Invalid):
    """No file of an import could be used; `result` says of each one why."""

    code = "nothing-usable"

    def __init__(self, result: ImportResult) -> None:
        super().__init__(NOTHING, reasons=_refusals(result))
        self.result = result


def reveal_nik(
    session: Session,
    *,
    principal: Principal,
    snapshot: SnapshotReader,
    npp: str,
    kpj: str,
    reason: str,
    now: datetime,
) -> str:
    """Return the whole NIK of a worker, after the audit log has noted who asked and why.

    Raises:
        Forbidden: this person may not see whole NIKs.
        Invalid: no reason was given.
        NotFound: no such worker, or at an employer out of this person's reach.
    """
    principal.require("nik.reveal")
    if not reason.strip():
        sentence = N_("Tuliskan alasan melihat NIK lengkap.")
        raise Invalid(sentence, fields=(FieldProblem("reason", sentence),))
    found = employers.identity(principal, snapshot=snapshot, npp=npp, kpj=kpj)
    audit.record(
        session,
        actor=principal.actor,
        action="registry.nik_revealed",
        subject=f"worker:{npp}/{kpj}",
        office=found.kantor_cabang,
        now=now,
        detail={"reason": reason.strip(), "snapshot": snapshot.view.id},
    )
    return found.nik


def _new_run(
    session: Session, *, principal: Principal, as_of: date, now: datetime, status: str
) -> ImportRun:
    run = ImportRun(
        status=status,
        requested_by=principal.actor,
        office=principal.office_code,
        as_of=as_of,
        created_at=now,
    )
    session.add(run)
    session.flush()
    audit.record(
        session,
        actor=principal.actor,
        action="registry.import_requested",
        subject=f"import:{run.id}",
        office=principal.office_code,
        now=now,
        detail={"as_of": as_of.isoformat()},
    )
    return run


def _carry_out(
    database: Database,
    *,
    places: Folders,
    run_id: int,
    actor: str,
    files: Sequence[SourceFile],
    as_of: date,
    clock: Clock,
    report_progress: importers.ReportProgress,
) -> ImportResult:
    for _ in range(ATTEMPTS):
        with database.transaction() as session:
            previous = queries.latest_snapshot(session)
        result = importers.run_import(
            files=files,
            snapshots_dir=places.snapshots,
            rejects_dir=rejects_dir(places, run_id),
            scratch=places.scratch,
            memory=places.memory,
            previous=previous,
            as_of=as_of,
            report_progress=report_progress,
        )
        with database.transaction() as session:
            recorded = _record(
                session,
                run_id=run_id,
                actor=actor,
                result=result,
                previous=previous,
                snapshots_dir=places.snapshots,
                now=clock(),
            )
        if recorded is not None:
            return recorded
    raise Conflict("Impor lain selesai lebih dulu berulang kali; coba lagi sebentar lagi.")


def _record(
    session: Session,
    *,
    run_id: int,
    actor: str,
    result: ImportResult,
    previous: SnapshotView | None,
    snapshots_dir: Path,
    now: datetime,
) -> ImportResult | None:
    """Make the result visible; None when another import came between and it must be redone."""
    session.connection().execute(sa.text(f"SELECT pg_advisory_xact_lock({RECORD_LOCK})"))
    current = queries.latest_snapshot(session)
    if (current and current.id) != (previous and previous.id):
        return None
    run = session.get(ImportRun, run_id, with_for_update=True)
    if run is None:
        raise NotFound("Impor nomor {run} tidak ada.", run=run_id)
    if result.snapshot_id and files_went(result.tables, snapshots_dir=snapshots_dir):
        return None
    run.finished_at = now
    if result.snapshot_id is None:
        run.status = "failed"
        run.error = NOTHING.format(reasons=_refusals(result))
        run.report = _report(result)
        return result
    notes = list(result.warnings)
    # Where the day begins first in the country: nobody's own day is called the future.
    if result.as_of > now.astimezone(FIRST_ZONE).date():
        notes.append(_AHEAD.format(as_of=result.as_of.isoformat()))
    notes.extend(_keep_snapshot(session, result=result, previous=previous, now=now))
    new = accounts.ensure_offices(session, codes=result.offices, now=now, actor=actor)
    if new:
        sentence = _NEW_OFFICES if len(new) <= _NAMED_OFFICES else _MANY_NEW_OFFICES
        named = ", ".join(new[:_NAMED_OFFICES])
        notes.append(sentence.format(count=len(new), offices=named))
    finished = replace(result, warnings=tuple(notes))
    run.status, run.percent, run.step = "done", 100, N_("Selesai")
    run.snapshot_id = result.snapshot_id
    run.report = _report(finished)
    audit.record(
        session,
        actor=actor,
        action="registry.imported",
        subject=f"snapshot:{result.snapshot_id}",
        office=run.office,
        now=now,
        detail={
            "import": run_id,
            "rows": {table: info.rows for table, info in result.tables.items()},
            "rejected": result.rejected_rows,
        },
    )
    return finished


def _keep_snapshot(
    session: Session, *, result: ImportResult, previous: SnapshotView | None, now: datetime
) -> list[str]:
    """Add the snapshot, or make the one of the same content the current one again."""
    assert result.snapshot_id is not None  # noqa: S101 - the caller has looked
    last = session.exec(select(sa.func.max(Snapshot.turn))).one()
    turn = (last or 0) + 1
    same = session.get(Snapshot, result.snapshot_id, with_for_update=True)
    if same is not None:
        same.turn = turn
        same.removed_at = None
        session.flush()
        if same.as_of != result.as_of:
            return [_SAME_OTHER_DAY.format(snapshot=same.id, as_of=same.as_of.isoformat())]
        return [_SAME.format(snapshot=same.id)]
    session.add(
        Snapshot(
            id=result.snapshot_id,
            as_of=result.as_of,
            created_at=now,
            turn=turn,
            previous_id=previous.id if previous is not None else None,
            tables={
                table: {
                    "rows": info.rows,
                    "rejected": info.rejected,
                    "sha256": info.sha256,
                    "carried_over": info.carried_over,
                }
                for table, info in result.tables.items()
            },
        )
    )
    session.flush()
    return []


def _report(result: ImportResult) -> dict[str, object]:
    """Return the report as it is stored: the first rejections; the files hold them all."""
    return replace(result, rejected=result.rejected[:STORED_REJECTIONS]).as_json()


def _refusals(result: ImportResult) -> str:
    return " ".join(f"{one.file}: {one.reason}" for one in result.rejected_files)


def _progress(database: Database, run_id: int, step: str, percent: int) -> None:
    with database.transaction() as session:
        session.connection().execute(
            sa.update(ImportRun)
            .where(col(ImportRun.id) == run_id)
            .values(step=step, percent=min(99, percent))
        )


@contextmanager
def _failure_recorded(database: Database, run_id: int, clock: Clock) -> Iterator[None]:
    """Write down why a run ended badly, so that its page does not wait for ever."""
    try:
        yield
    except AppError as refusal:
        _fail(database, run_id, str(refusal), clock)
        raise
    except Exception:
        _fail(database, run_id, _CRASHED, clock)
        raise


def _fail(database: Database, run_id: int, error: str, clock: Clock) -> None:
    with database.transaction() as session:
        session.connection().execute(
            sa.update(ImportRun)
            .where(col(ImportRun.id) == run_id, col(ImportRun.status) == "running")
            .values(status="failed", error=error, finished_at=clock())
        )
