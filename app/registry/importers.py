"""One import from files to snapshot files. Knows nothing of PostgreSQL and asks no clock."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from app.errors import Invalid
from app.infra import columnar
from app.infra.wording import N_
from app.registry import comparing, halfway, intake, judging, rejects, snapshots, writing
from app.registry.formats import LAYOUTS
from app.registry.formats.layout import Layout
from app.registry.formats.reasons import ASSUMPTIONS
from app.registry.intake import Brought
from app.registry.readers import delimited
from app.registry.schemas import (
    Assumption,
    ImportResult,
    RejectedFile,
    Rejection,
    SnapshotView,
    SourceFile,
    TableInfo,
)
from app.registry.workspace import Workspace, open_workspace

ReportProgress = Callable[[str, int, int], None]

_CARRIED = N_("Tabel {table} tidak dikirim; diambil dari potret data {snapshot}.")
_NEVER = N_("Tabel {table} belum pernah dikirim; dianggap kosong.")
_ORPHANS = N_(
    "{count} baris {table} dari potret data sebelumnya tidak lagi punya induk di tabel {parent}."
)
_NO_LONGER = N_(
    "Tabel {table} tidak lagi memuat kolom {columns}, yang ada dalam potret data sebelumnya; "
    "isinya dianggap tidak diisi."
)
_TAKEN_UP = N_("Tabel {table} sudah selesai dalam impor yang terputus; hasilnya dipakai.")
_ALL_REJECTED = N_("Semua baris tabel {table} ditolak.")


@dataclass(slots=True)
class _Run:
    connection: duckdb.DuckDBPyConnection
    workspace: Workspace
    snapshots_dir: Path
    rejects_dir: Path
    previous: SnapshotView | None
    tables: dict[str, TableInfo] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    refused: list[RejectedFile] = field(default_factory=list)
    added_to: list[str] = field(default_factory=list)
    brought: set[str] = field(default_factory=set)
    keys: list[str] = field(default_factory=list)

    def stored(self, table: str) -> Path | None:
        """Return the file of the table in the snapshot before, if it has one."""
        if self.previous is None or table not in self.previous.tables:
            return None
        return snapshots.table_path(self.snapshots_dir, self.previous, table)


def run_import(
    *,
    files: Sequence[SourceFile],
    snapshots_dir: Path,
    rejects_dir: Path,
    scratch: Path,
    memory: str,
    previous: SnapshotView | None,
    as_of: date,
    report_progress: ReportProgress,
) -> ImportResult:
    """Read the files, judge every row, and store the tables of the snapshot they make.

    Tables that no file brings are taken over from `previous`. `report_progress` gets a sentence,
    the steps done and the steps in all. A snapshot exists for others only when its caller records
    it: until then there are at most table files that nothing names.

    Raises:
        Unavailable: memory or disk ran out; nothing was changed.
    """
    with open_workspace(snapshots_dir=snapshots_dir, scratch=scratch) as workspace:
        connection = columnar.connect(scratch=workspace.folder / "spill", memory=memory)
        with closing(connection):
            connection.execute("SET preserve_insertion_order = true")
            connection.execute("SET enable_progress_bar = false")
            # Tables that live as long as an import are not worth tidying up in between.
            connection.execute("SET checkpoint_threshold = '1TB'")
            run = _Run(connection, workspace, snapshots_dir, rejects_dir, previous)
            with columnar.exhaustion_told():
                return _import(run, files, as_of, report_progress)


def _import(
    run: _Run, files: Sequence[SourceFile], as_of: date, report_progress: ReportProgress
) -> ImportResult:
    steps = len(LAYOUTS) + 1
    report_progress(N_("Membuka berkas"), 0, steps)
    taken = intake.take_in(run.connection, files, workspace=run.workspace.folder)
    run.refused.extend(taken.refused)
    for done, layout in enumerate(LAYOUTS.values(), start=1):
        report_progress(layout.table, done, steps)
        brought = taken.tables.get(layout.table)
        if brought is not None:
            _bring_or_take_up(run, layout, brought)
        if layout.table not in run.tables:
            _carry_over(run, layout)
            run.keys.append(run.tables[layout.table].sha256)
    report_progress(N_("Selesai"), steps, steps)
    result = _result(run, as_of, usable=bool(run.brought))
    halfway.forget(run.snapshots_dir)
    return result


def _bring_or_take_up(run: _Run, layout: Layout, brought: Brought) -> None:
    """Make a table, or take it as an import that was killed has left it."""
    # Only after an import that was killed is it worth waiting for the hash.
    if halfway.is_any(run.snapshots_dir):
        brought = _hashed(brought)
        if _take_up(run, layout, brought):
            return
    rejected, assumed, warned = len(run.rejected), len(run.assumptions), len(run.warnings)
    read = _read(run, layout, brought)
    if read is None:
        return
    with ThreadPoolExecutor(max_workers=1) as beside:
        # A table that is read leaves one core idle now and then.
        hashed = beside.submit(_hashed, brought)
        _settle(run, *read, brought)
        key = _key(run, layout, hashed.result())
    finished = halfway.Finished(
        info=run.tables[layout.table],
        rejected=run.rejected[rejected:],
        assumptions=run.assumptions[assumed:],
        warnings=run.warnings[warned:],
        added_to=layout.table in run.added_to,
    )
    run.keys.append(key)
    halfway.note(
        run.snapshots_dir,
        key,
        finished,
        connection=run.connection,
        rejects=rejects.file_of(run.rejects_dir, layout),
        lost=_lost(layout),
    )


def _take_up(run: _Run, layout: Layout, brought: Brought) -> bool:
    key = _key(run, layout, brought)
    finished = halfway.take_up(
        run.snapshots_dir,
        key,
        connection=run.connection,
        rejects=rejects.file_of(run.rejects_dir, layout),
        lost=_lost(layout),
    )
    if finished is None:
        return False
    run.keys.append(key)
    run.tables[layout.table] = finished.info
    run.rejected.extend(finished.rejected)
    run.assumptions.extend(finished.assumptions)
    run.warnings.extend((*finished.warnings, _TAKEN_UP.format(table=layout.table)))
    if finished.added_to:
        run.added_to.append(layout.table)
    run.brought.add(layout.table)
    kept = snapshots.file_of(run.snapshots_dir, finished.info.sha256)
    writing.read_back(run.connection, layout, kept)
    return True


def _key(run: _Run, layout: Layout, brought: Brought) -> str:
    added = brought.correction and run.previous and run.previous.tables.get(layout.table)
    return halfway.key_of(
        before=run.keys,
        file=f"{layout.table}: {brought.file}",
        sha256=brought.source.sha256,
        stored=added.sha256 if added else "",
    )


def _hashed(brought: Brought) -> Brought:
    return replace(brought, source=intake.hashed(brought.source))


def _lost(layout: Layout) -> str | None:
    """Return the relation of the keys turned away that later tables ask for."""
    return f"lost_{layout.table}" if _is_parent(layout) else None


def _is_parent(layout: Layout) -> bool:
    return any(one.parent and one.parent.table == layout.table for one in LAYOUTS.values())


def _read(run: _Run, layout: Layout, brought: Brought) -> tuple[Layout, str | None] | None:
    """Judge the rows one by one.

    Return the layout the table will have, and the relation of the rows that it is added to, if
    any; nothing when the file turns out unreadable and is refused.
    """
    columns, before_columns = brought.staged.columns, _stored_later(run, layout, brought)
    layout = layout.holding(columns | before_columns if brought.correction else columns)
    stored = _added_to(run, layout, brought)
    layout = judging.know_divisions(run.connection, layout, stored)
    try:
        _stage(run, layout, brought)
    except Invalid as refusal:
        run.refused.append(RejectedFile(file=brought.file, reason=str(refusal)))
        return None
    if not brought.correction and (missing := before_columns - columns):
        listed = ", ".join(sorted(missing))
        run.warnings.append(_NO_LONGER.format(table=layout.table, columns=listed))
    return layout, stored


def _settle(run: _Run, layout: Layout, stored: str | None, brought: Brought) -> None:
    """Judge the rows beside each other and beside those of other tables, and store what stays."""
    connection = run.connection
    if stored is not None:
        run.added_to.append(layout.table)
    comparing.compare(connection, layout, stored)
    unfinished = run.workspace.unfinished(layout.table)
    with ThreadPoolExecutor(max_workers=1) as beside:
        # The engine sorts and writes without Python, which has the rest to put in words.
        words = beside.submit(_put_in_words, run, layout)
        judged = writing.write(connection, layout, unfinished, stored)
        rejected, assumptions = words.result()
    run.rejected.extend(rejected)
    run.assumptions.extend(assumptions)
    if _is_parent(layout):
        comparing.keep_lost_keys(connection, layout)
    for column, count in brought.days:
        run.assumptions.append(Assumption(layout.table, column, ASSUMPTIONS["day_cell"], count))
    if stored is not None and run.previous is not None:
        added = judged.kept - run.previous.tables[layout.table].rows
        run.assumptions.append(Assumption(layout.table, "", ASSUMPTIONS["correction"], added))
    if judged.kept == 0:
        run.warnings.append(_ALL_REJECTED.format(table=layout.table))
    _store(run, layout, unfinished, rows=judged.kept, rejected=judged.rejected)
    run.brought.add(layout.table)


def _put_in_words(run: _Run, layout: Layout) -> tuple[tuple[Rejection, ...], list[Assumption]]:
    with closing(run.connection.cursor()) as own:
        rejected = rejects.write(own, layout, run.rejects_dir, already=len(run.rejected))
        noted = judging.notes(own, layout).items()
    return rejected, [
        Assumption(layout.table, column, ASSUMPTIONS[what], count)
        for (column, what), count in noted
    ]


def _added_to(run: _Run, layout: Layout, brought: Brought) -> str | None:
    """Return the relation of the rows before, where those of a correction join them."""
    before = run.stored(layout.table) if brought.correction else None
    if before is None:
        return None
    writing.read_back(run.connection, layout, before)
    return f"final_{layout.table}"


def _stored_later(run: _Run, layout: Layout, brought: Brought) -> frozenset[str]:
    """Return which columns agreed later the table has in the snapshot before."""
    before = run.previous.tables.get(layout.table) if run.previous else None
    if before is None or not layout.later:
        return frozenset()
    # A whole table needs nothing of the one before: its file may be gone.
    path = snapshots.file_of(run.snapshots_dir, before.sha256)
    if brought.correction:
        path = run.stored(layout.table) or path
    return writing.later_columns(run.connection, layout, path) if path.is_file() else frozenset()


def _stage(run: _Run, layout: Layout, brought: Brought) -> None:
    connection = run.connection
    if brought.as_text is None:
        judging.stage(connection, layout, brought.staged)
        judging.judge(connection, layout, brought.staged)
        _note_file(run, layout, brought.notes)
        return
    folder = run.workspace.folder / layout.table
    folder.mkdir()
    settled = delimited.settle(
        connection,
        brought.as_text,
        layout,
        workspace=folder,
        stage=lambda staged: judging.stage(connection, layout, staged),
    )
    judging.judge(connection, layout, settled.staged)
    cuts = ((cut.line, cut.text, cut.code) for cut in settled.cuts)
    judging.reject_lines(connection, layout, cuts)
    _note_file(run, layout, settled.notes)


def _note_file(run: _Run, layout: Layout, notes: Sequence[tuple[str, str]]) -> None:
    for what, value in notes:
        said = ASSUMPTIONS[what].format(value=value)
        run.assumptions.append(Assumption(layout.table, "", said, 1))


def _carry_over(run: _Run, layout: Layout) -> None:
    table = layout.table
    before = run.stored(table)
    if before is None or run.previous is None:
        unfinished = run.workspace.unfinished(table)
        writing.write_empty(run.connection, layout, unfinished)
        _store(run, layout, unfinished, rows=0, rejected=0)
        run.warnings.append(_NEVER.format(table=table))
    else:
        info = run.previous.tables[table]
        run.tables[table] = TableInfo(info.rows, info.rejected, info.sha256, carried_over=True)
        writing.read_back(run.connection, layout, before)
        run.warnings.append(_CARRIED.format(table=table, snapshot=run.previous.id))
        if (
            layout.parent is not None
            and info.rows
            and (count := writing.orphans(run.connection, layout, layout.parent))
        ):
            run.warnings.append(
                _ORPHANS.format(count=count, table=table, parent=layout.parent.table)
            )
    if _is_parent(layout):
        run.connection.execute(
            f"CREATE OR REPLACE TABLE lost_{table} AS FROM final_{table} WHERE false"
        )


def _store(run: _Run, layout: Layout, unfinished: Path, *, rows: int, rejected: int) -> None:
    with ThreadPoolExecutor(max_workers=1) as beside:
        forgotten = beside.submit(judging.forget, run.connection, layout)
        sha256 = snapshots.keep(run.snapshots_dir, unfinished)
        forgotten.result()
    run.tables[layout.table] = TableInfo(rows, rejected, sha256, carried_over=False)
    writing.read_back(run.connection, layout, snapshots.file_of(run.snapshots_dir, sha256))


def _result(run: _Run, as_of: date, *, usable: bool) -> ImportResult:
    tables: Mapping[str, TableInfo] = run.tables if usable else {}
    hashes = {table: info.sha256 for table, info in tables.items()}
    return ImportResult(
        snapshot_id=snapshots.identity(hashes) if usable else None,
        as_of=as_of,
        tables=tables,
        rejected=tuple(run.rejected),
        rejected_files=tuple(run.refused),
        assumptions=tuple(run.assumptions),
        # Of a snapshot that was not made there is nothing to say but why.
        warnings=tuple(run.warnings) if usable else (),
        offices=_offices(run) if usable else (),
        rejects_dir=run.rejects_dir,
        added_to=tuple(run.added_to),
    )


def _offices(run: _Run) -> tuple[str, ...]:
    rows = run.connection.execute(
        "SELECT DISTINCT kantor_cabang FROM final_pemberi_kerja ORDER BY 1"
    ).fetchall()
    return tuple(str(row[0]) for row in rows)
