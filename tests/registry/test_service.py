"""Imports as commands: asked for, carried out once, visible while they run, audited."""

import io
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.permissions import ADMINISTRATOR, INSPECTOR, actions_of
from app.accounts.schemas import Principal
from app.accounts.tables import Office
from app.audit.tables import AuditEntry
from app.errors import Forbidden, Invalid, NotFound, Unavailable
from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.registry import queries, service
from app.registry.schemas import ImportResult, ImportView, SourceFile
from app.registry.snapshots import SnapshotReader
from app.registry.tables import Snapshot
from tests.registry.extracts import Row, row, text_of

AS_OF = date(2026, 10, 31)


def principal(role: str = ADMINISTRATOR, offices: frozenset[str] | None = None) -> Principal:
    return Principal(
        actor="user:1",
        name="Sari",
        role=role,
        office_code="P00",
        offices=offices,
        actions=actions_of(role),
        zone="Asia/Jakarta",
        user_id=1,
    )


class Bench:
    """A database, a store and folders, and the two ways to import into them."""

    def __init__(self, database: Database, store: ObjectStore, settings: Settings) -> None:
        self.database, self.store = database, store
        self.places = service.folders(settings)
        self.settings = settings
        self.moment = datetime(2026, 11, 20, 3, tzinfo=UTC)

    def clock(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment

    def ask(self, tables: Mapping[str, bytes], *, by: Principal | None = None) -> ImportView:
        with self.database.transaction() as session:
            return service.request_import(
                session,
                principal=by or principal(),
                store=self.store,
                uploads=[service.Upload(name, io.BytesIO(body)) for name, body in tables.items()],
                as_of=AS_OF,
                now=self.clock(),
            )

    def carry_out(self, run_id: int) -> None:
        service.execute_import(
            self.database, store=self.store, places=self.places, run_id=run_id, clock=self.clock
        )

    def look(self, run_id: int) -> ImportView:
        with self.database.transaction() as session:
            return queries.import_run(session, principal=principal(), run_id=run_id)


@pytest.fixture
def bench(database: Database, store: ObjectStore, settings: Settings) -> Bench:
    return Bench(database, store, settings)


def _csv(table: str, *rows: Row) -> dict[str, bytes]:
    return {f"{table}.csv": text_of(table, rows or [row(table)]).encode()}


EMPLOYER = _csv("pemberi_kerja")


def test_an_import_is_asked_for_queued_and_carried_out(bench: Bench) -> None:
    asked = bench.ask(
        EMPLOYER | _csv("kepesertaan", row("kepesertaan"), row("kepesertaan", nik="1"))
    )
    assert (asked.status, asked.files) == ("queued", ("pemberi_kerja.csv", "kepesertaan.csv"))
    with bench.database.transaction() as session:
        jobs = session.connection().execute(
            sa.text("SELECT task_name, args FROM procrastinate_jobs")
        )
        assert [tuple(one) for one in jobs] == [("run_import", {"run_id": asked.id})]

    bench.carry_out(asked.id)

    done = bench.look(asked.id)
    assert (done.status, done.percent, done.error) == ("done", 100, "")
    with bench.database.transaction() as session:
        latest = queries.latest_snapshot(session)
        assert latest is not None
        assert latest.tables["kepesertaan"].rows == 1
        assert done.report["snapshot_id"] == latest.id
        assert latest == queries.snapshot_by_id(session, latest.id)
    assert [one["line"] for one in _listed(done, "rejected")] == [3]
    assert done.report["rejected_rows"] == 1
    folder = service.rejects_dir(bench.places, asked.id)
    assert [path.name for path in folder.iterdir()] == ["kepesertaan.csv"]


def _listed(view: ImportView, key: str) -> list[dict[str, object]]:
    found = view.report[key]
    assert isinstance(found, list)
    return found


def test_running_a_finished_import_again_changes_nothing(bench: Bench) -> None:
    asked = bench.ask(EMPLOYER)
    bench.carry_out(asked.id)
    before = bench.look(asked.id)

    bench.carry_out(asked.id)

    assert bench.look(asked.id) == before
    assert _entries(bench, "registry.imported") == 1


def test_an_import_whose_process_died_is_carried_out_by_running_it_again(bench: Bench) -> None:
    asked = bench.ask(EMPLOYER)
    with bench.database.transaction() as session:
        session.connection().execute(
            sa.text("UPDATE import_run SET status = 'running', percent = 40")
        )

    bench.carry_out(asked.id)

    assert bench.look(asked.id).status == "done"


def _entries(bench: Bench, action: str) -> int:
    with bench.database.transaction() as session:
        rows = session.exec(select(AuditEntry).where(col(AuditEntry.action) == action)).all()
        return len(rows)


def test_the_same_files_twice_are_one_snapshot(bench: Bench) -> None:
    first = bench.ask(EMPLOYER)
    bench.carry_out(first.id)

    second = bench.ask(EMPLOYER)
    bench.carry_out(second.id)

    assert first.id != second.id
    with bench.database.transaction() as session:
        assert len(session.exec(select(Snapshot)).all()) == 1
    report = bench.look(second.id).report
    assert report["snapshot_id"] == bench.look(first.id).report["snapshot_id"]
    assert any("tidak dibuat salinan kedua" in str(one) for one in report["warnings"])  # type: ignore[attr-defined]


def test_data_of_a_day_that_has_not_come_are_imported_and_said(bench: Bench) -> None:
    def warned(employer: str, moment: datetime) -> bool:
        bench.moment = moment
        run = bench.ask(_csv("pemberi_kerja", row("pemberi_kerja", npp=employer)))
        bench.carry_out(run.id)
        assert bench.look(run.id).status == "done"
        return "belum tiba" in str(bench.look(run.id).report["warnings"])

    midnight_in_papua = datetime(2026, 10, 30, 15, tzinfo=UTC)

    assert warned("AA000001", midnight_in_papua - timedelta(minutes=1))
    assert not warned("AA000002", midnight_in_papua)


def test_going_back_to_older_files_makes_their_snapshot_the_current_one(bench: Bench) -> None:
    other = _csv("pemberi_kerja", row("pemberi_kerja", nama="PT Lain"))
    ids = []
    for files in (EMPLOYER, other, EMPLOYER):
        asked = bench.ask(files)
        bench.carry_out(asked.id)
        ids.append(bench.look(asked.id).report["snapshot_id"])

    assert ids[0] == ids[2] != ids[1]
    with bench.database.transaction() as session:
        latest = queries.latest_snapshot(session)
        page = queries.snapshots(session, limit=1, cursor=None)
        rest = queries.snapshots(session, limit=1, cursor=page.next)
    assert latest is not None
    assert latest.id == ids[0]
    assert [one.id for one in (*page.items, *rest.items)] == [ids[0], ids[1]]
    assert rest.next is None


def test_nothing_usable_fails_with_reasons_and_makes_no_snapshot(bench: Bench) -> None:
    asked = bench.ask({"laporan.csv": b"a,b\n1,2\n"})

    bench.carry_out(asked.id)

    done = bench.look(asked.id)
    assert done.status == "failed"
    assert "bukan nama tabel" in done.error
    with bench.database.transaction() as session:
        assert queries.latest_snapshot(session) is None


def test_an_empty_upload_is_refused_at_once_and_nothing_is_stored(bench: Bench) -> None:
    with pytest.raises(Invalid, match="kosong"):
        bench.ask({"pemberi_kerja.csv": b""})

    with bench.database.transaction() as session:
        assert queries.imports(session, principal=principal(), limit=5, cursor=None).items == ()


def test_no_upload_names_the_field(bench: Bench) -> None:
    with pytest.raises(Invalid) as refused:
        bench.ask({})

    assert [one.field for one in refused.value.fields] == ["files"]


def test_an_inspector_may_not_import(bench: Bench) -> None:
    with pytest.raises(Forbidden):
        bench.ask(EMPLOYER, by=principal(INSPECTOR))


def test_a_full_disk_is_written_down_as_the_end_of_the_run(bench: Bench) -> None:
    asked = bench.ask(EMPLOYER)
    bench.settings.snapshots_dir.parent.mkdir(parents=True, exist_ok=True)
    bench.settings.snapshots_dir.write_text("not a folder", encoding="utf-8")

    with pytest.raises(Unavailable):
        bench.carry_out(asked.id)

    done = bench.look(asked.id)
    assert done.status == "failed"
    assert "tidak ada yang berubah" in done.error


def test_progress_can_be_seen_while_the_import_runs(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "pemberi_kerja.csv"
    path.write_bytes(EMPLOYER["pemberi_kerja.csv"])
    seen: list[tuple[str, int, int]] = []

    def report(step: str, done: int, steps: int) -> None:
        seen.append((step, done, steps))

    service.import_now(
        bench.database,
        principal=principal(),
        places=bench.places,
        files=[SourceFile(path.name, path)],
        as_of=AS_OF,
        clock=bench.clock,
        report_progress=report,
    )

    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
    assert seen[-1][1] == seen[-1][2]


def test_import_now_says_of_each_file_why_it_could_not_be_used(
    bench: Bench, tmp_path: Path
) -> None:
    path = tmp_path / "pemberi_kerja.csv"
    path.write_bytes(b"")

    with pytest.raises(service.NothingUsable) as refused:
        service.import_now(
            bench.database,
            principal=principal(),
            places=bench.places,
            files=[SourceFile(path.name, path)],
            as_of=AS_OF,
            clock=bench.clock,
            report_progress=lambda *_: None,
        )

    assert "pemberi_kerja.csv: Berkas kosong" in str(refused.value)
    assert [one.file for one in refused.value.result.rejected_files] == ["pemberi_kerja.csv"]


class Killed(BaseException):
    """What no handler of ours sees, as it sees no SIGKILL."""


def test_an_import_killed_at_the_terminal_is_closed_while_a_living_one_is_left_alone(
    bench: Bench, tmp_path: Path
) -> None:
    path = tmp_path / "pemberi_kerja.csv"
    path.write_bytes(EMPLOYER["pemberi_kerja.csv"])
    closed: list[int] = []

    def import_file(report: Callable[..., None]) -> ImportResult:
        return service.import_now(
            bench.database,
            principal=principal(),
            places=bench.places,
            files=[SourceFile(path.name, path)],
            as_of=AS_OF,
            clock=bench.clock,
            report_progress=report,
        )

    def die(*_: object) -> None:
        raise Killed

    def look_for_the_dead(*_: object) -> None:
        with bench.database.transaction() as session:
            closed.append(service.close_dead_imports(session, now=bench.clock()))

    with pytest.raises(Killed):
        import_file(die)
    assert bench.look(1).status == "running"

    import_file(look_for_the_dead)

    killed = bench.look(1)
    assert (killed.status, bench.look(2).status) == ("failed", "done")
    assert "prosesnya mati" in killed.error
    assert set(closed) == {0}


def test_two_imports_at_once_lose_neither_table(bench: Bench) -> None:
    first = bench.ask(EMPLOYER | _csv("kepesertaan"))
    bench.carry_out(first.id)
    asked = [bench.ask(_csv("tagihan")), bench.ask(_csv("sumber_pemberi_kerja"))]

    threads = [threading.Thread(target=bench.carry_out, args=(one.id,)) for one in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with bench.database.transaction() as session:
        latest = queries.latest_snapshot(session)
    assert latest is not None
    assert (latest.tables["tagihan"].rows, latest.tables["sumber_pemberi_kerja"].rows) == (1, 1)


def test_a_branch_known_only_from_an_extract_becomes_an_office_and_is_said(bench: Bench) -> None:
    asked = bench.ask(_csv("pemberi_kerja", row("pemberi_kerja", kantor_cabang="Z77")))

    bench.carry_out(asked.id)

    with bench.database.transaction() as session:
        office = session.get(Office, "Z77")
        assert office is not None
        assert (office.kind, office.complete) == ("cabang", False)
    assert any("Z77" in str(one) for one in bench.look(asked.id).report["warnings"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(("branches", "said"), [(10, "ekstrak: Z10, Z11, "), (11, "11 kantor")])
def test_of_many_new_branches_ten_are_named(bench: Bench, branches: int, said: str) -> None:
    codes = [f"Z{number}" for number in range(10, 10 + branches)]
    rows = [
        row("pemberi_kerja", npp=f"AA1111{code[1:]}", kantor_cabang=code, nib="", npwp="")
        for code in codes
    ]
    asked = bench.ask(_csv("pemberi_kerja", *rows))

    bench.carry_out(asked.id)

    (note,) = [
        one
        for one in bench.look(asked.id).report["warnings"]  # type: ignore[attr-defined]
        if "kantor cabang baru" in str(one).lower()
    ]
    assert said in note
    assert note.count("Z") == 10
    with bench.database.transaction() as session:
        assert all(session.get(Office, code) for code in codes)


def test_the_audit_log_counts_rows_and_holds_no_nik(bench: Bench) -> None:
    asked = bench.ask(EMPLOYER | _csv("kepesertaan", row("kepesertaan", nik="317101010190001")))
    bench.carry_out(asked.id)

    with bench.database.transaction() as session:
        entries = session.exec(select(AuditEntry)).all()
        actions = [one.action for one in entries]
        assert "registry.import_requested" in actions
        assert "registry.imported" in actions
        assert "317101010190001" not in str([one.detail for one in entries])


def test_an_import_of_another_office_is_not_there(bench: Bench) -> None:
    asked = bench.ask(EMPLOYER)
    elsewhere = principal(offices=frozenset({"Q99"}))

    with bench.database.transaction() as session:
        assert queries.imports(session, principal=elsewhere, limit=5, cursor=None).items == ()
        with pytest.raises(NotFound):
            queries.import_run(session, principal=elsewhere, run_id=asked.id)


def test_an_unknown_snapshot_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        queries.snapshot_by_id(session, "0" * 16)


class TestRevealNik:
    """A whole NIK is shown for a reason, and the audit log knows it first."""

    @pytest.fixture
    def reader(self, bench: Bench) -> SnapshotReader:
        asked = bench.ask(EMPLOYER | _csv("kepesertaan"))
        bench.carry_out(asked.id)
        with bench.database.transaction() as session:
            latest = queries.latest_snapshot(session)
        assert latest is not None
        return SnapshotReader(bench.places.snapshots, latest)

    def _reveal(
        self, bench: Bench, reader: SnapshotReader, by: Principal, reason: str = "Surat 12/2026"
    ) -> str:
        with bench.database.transaction() as session:
            return service.reveal_nik(
                session,
                principal=by,
                snapshot=reader,
                npp="AA000001",
                kpj="20000000001",
                reason=reason,
                now=bench.clock(),
            )

    def test_it_is_shown_and_audited_without_itself(
        self, bench: Bench, reader: SnapshotReader
    ) -> None:
        nik = self._reveal(bench, reader, principal(INSPECTOR, frozenset({"J01"})))

        assert nik == "3171010101900001"
        with bench.database.transaction() as session:
            entry = session.exec(
                select(AuditEntry).where(col(AuditEntry.action) == "registry.nik_revealed")
            ).one()
        assert (entry.subject, entry.office) == ("worker:AA000001/20000000001", "J01")
        assert entry.detail["reason"] == "Surat 12/2026"
        assert nik not in str(entry.detail)

    def test_without_a_reason_it_stays_hidden(self, bench: Bench, reader: SnapshotReader) -> None:
        with pytest.raises(Invalid):
            self._reveal(bench, reader, principal(INSPECTOR, frozenset({"J01"})), reason="  ")

        assert _entries(bench, "registry.nik_revealed") == 0

    def test_out_of_reach_it_is_not_there(self, bench: Bench, reader: SnapshotReader) -> None:
        with pytest.raises(NotFound):
            self._reveal(bench, reader, principal(INSPECTOR, frozenset({"X01"})))

        assert _entries(bench, "registry.nik_revealed") == 0

    def test_who_may_not_see_it_is_told_so(self, bench: Bench, reader: SnapshotReader) -> None:
        blind = replace(principal(INSPECTOR), actions=frozenset({"registry.read"}))

        with pytest.raises(Forbidden):
            self._reveal(bench, reader, blind)
