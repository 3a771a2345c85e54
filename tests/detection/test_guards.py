"""What a sweep says of its sources, what it refuses, and what is left when it is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit.tables import AuditEntry
from app.cases.findings import flags_of_one_employer
from app.detection import queries, service
from app.detection.sources import LEAST_ROWS, SourceShrunk
from app.detection.tables import Flag, FlagEvent, Sweep
from app.errors import Invalid, Unavailable
from app.infra.database import Database
from app.infra.scratch import clear_leftovers
from app.registry.snapshots import file_of
from tests.detection.scene import INSPECTOR, NOW, SUPERVISOR, Scene, counts
from tests.detection.snapshots import ON

PROJECT = Path(__file__).resolve().parents[2]
WHY = "Dinas menghapus catatan ganda."
MONTHS = ("2026-01", "2026-02", "2026-03")


def known_to(scene: Scene, source: str, many: int, *, on: date, workers: int = 5) -> None:
    for number in range(many):
        scene.registry.record(
            sumber=source,
            id_sumber=f"{source}-{number}",
            nama=f"PT Luar {number}",
            npwp=f"{number:015d}",
            nib=f"{number:013d}",
            jumlah_tk=workers,
            tgl_data=on,
        )


def losing(scene: Scene, many: int, left: int) -> None:
    """Sweep when an agency knows many employers; then let it know fewer."""
    known_to(scene, "WLKP", many, on=ON - timedelta(days=60))
    scene.sweep()
    del scene.registry.rows["sumber_pemberi_kerja"][left:]


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 5, 21), None),
        (date(2026, 5, 20), "bertanggal 2026-05-20 (6 bulan): masih dipakai"),
        (date(2026, 1, 20), "bertanggal 2026-01-20 (10 bulan): masih dipakai"),
        (date(2025, 5, 20), "bertanggal 2025-05-20 (18 bulan): masih dipakai"),
        (date(2025, 5, 19), "bertanggal 2025-05-19 (18 bulan): terlalu lama"),
    ],
)
def test_the_age_of_a_source_is_said_from_six_months_on(
    scene: Scene, day: date, says: str | None
) -> None:
    known_to(scene, "WLKP", 1, on=day)

    report = scene.sweep()

    notes = [str(note) for note in report.notes]
    assert [note for note in notes if says is not None and says in note] == notes
    assert bool(notes) is (says is not None)
    assert report.rules["PWBD"].new == (day >= date(2025, 5, 20))


def test_a_source_ten_months_old_carries_its_flag_and_the_report_keeps_its_age(
    scene: Scene,
) -> None:
    known_to(scene, "WLKP", 1, on=date(2026, 1, 20))

    report = scene.sweep().as_json()

    stored = queries.latest_sweep(scene.session)
    assert stored is not None
    assert [str(note) for note in stored.notes] == report["notes"]
    assert {
        "table": "sumber_pemberi_kerja",
        "source": "WLKP",
        "rows": 1,
        "newest_on": "2026-01-20",
        "age_days": 304,
    } in report["sources"]  # type: ignore[operator]
    assert [flag.source_ages for flag in scene.all_flags()] == [{"WLKP": 304}]


@pytest.mark.parametrize(
    ("many", "left", "stops"),
    [
        (LEAST_ROWS, LEAST_ROWS // 2, True),
        (LEAST_ROWS, LEAST_ROWS // 2 + 1, False),
        (LEAST_ROWS, 0, True),
        (LEAST_ROWS - 1, 0, False),
    ],
)
def test_a_source_that_lost_half_its_rows_stops_the_sweep(
    scene: Scene, many: int, left: int, *, stops: bool
) -> None:
    losing(scene, many, left)

    if not stops:
        assert counts(scene.sweep(), "PWBD") == (0, left, many - left)
        return
    with pytest.raises(SourceShrunk, match=f"WLKP pada sumber_pemberi_kerja .{left} dari {many}."):
        scene.sweep()

    assert {flag.status for flag in scene.all_flags()} == {"baru"}
    assert len(scene.session.exec(select(Sweep)).all()) == 1


def test_a_table_of_the_registry_that_lost_half_its_rows_stops_the_sweep(scene: Scene) -> None:
    scene.owe(*(f"2025-{month:02}" for month in range(1, 11)))
    scene.owe(*MONTHS, *(f"2024-{month:02}" for month in range(1, 8)))
    scene.sweep()
    del scene.registry.rows["tagihan"][:10]

    with pytest.raises(SourceShrunk, match="tagihan"):
        scene.sweep()


def test_who_accepts_the_loss_gives_a_reason_that_the_audit_log_keeps(scene: Scene) -> None:
    losing(scene, LEAST_ROWS, 5)

    with pytest.raises(Invalid, match="Tulis alasan"):
        scene.sweep(accepted_loss="ya")
    report = scene.sweep(accepted_loss=f" {WHY} ")
    again = scene.sweep()

    assert (counts(report, "PWBD"), counts(again, "PWBD")) == ((0, 5, 15), (0, 5, 0))
    assert any(WHY in str(note) for note in report.notes)
    entries = scene.session.exec(
        select(AuditEntry).where(AuditEntry.action == "detection.accept_loss")
    ).all()
    assert [entry.detail["reason"] for entry in entries] == [WHY]
    assert entries[0].actor == SUPERVISOR.actor


def test_a_preview_notes_the_loss_and_goes_on(scene: Scene) -> None:
    losing(scene, LEAST_ROWS, 5)

    report = scene.preview()

    assert counts(report, "PWBD") == (0, 5, 15)
    assert "sumber_pemberi_kerja WLKP: tinggal 5 dari 20 baris." in map(str, report.notes)


@pytest.mark.parametrize(
    ("fewer", "more", "said"), [(10, 20, True), (11, 21, False), (9, 18, False)]
)
def test_two_registries_that_contradict_each_other_are_said_and_nothing_is_invented(
    scene: Scene, fewer: int, more: int, *, said: bool
) -> None:
    known_to(scene, "WLKP", 1, on=ON - timedelta(days=60), workers=fewer)
    known_to(scene, "KESEHATAN", 1, on=ON - timedelta(days=90), workers=more)

    report = scene.sweep()

    contradictions = [note for note in map(str, report.notes) if "berbeda dua kali" in note]
    assert len(contradictions) == said
    (flag,) = scene.all_flags()
    assert flag.jumlah_tk == more
    assert flag.confidence == ("perlu ditinjau" if said else "tinggi")
    assert ("jauh berbeda" in flag.confidence_reason) is said
    assert flag.numbers.get("tk_tersedikit") == (fewer if said else None)
    whole = queries.flag(scene.session, principal=SUPERVISOR, flag_id=flag.id)
    assert {row.values["sumber"]: row.values["jumlah_tk"] for row in whole.evidence} == {
        "WLKP": fewer, "KESEHATAN": more,
    }  # fmt: skip
    assert all(f"({fewer} dan {more})" in note for note in contradictions)


def test_a_flipped_byte_is_named_and_nothing_is_swept(scene: Scene) -> None:
    scene.owe(*MONTHS)
    snapshot = scene.snapshot()
    path = file_of(scene.folder, snapshot.tables["tagihan"].sha256)
    spoiled = bytearray(path.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    path.write_bytes(spoiled)

    with pytest.raises(Unavailable, match="rusak pada tabel tagihan"):
        scene.sweep(snapshot=snapshot)

    assert scene.all_flags() == ()
    assert scene.session.exec(select(Sweep)).all() == []


def test_a_sweep_that_runs_out_of_memory_says_what_to_do_and_changes_nothing(
    scene: Scene,
) -> None:
    scene.owe(*MONTHS)

    with pytest.raises(Unavailable, match="naikkan PATUH_DUCKDB_MEMORY, lalu ulangi"):
        scene.sweep(memory="2MB")

    assert scene.all_flags() == ()
    assert scene.session.exec(select(Sweep)).all() == []


# A sweep in a process of its own, to be killed.

SWEEP = """
import sys
from pathlib import Path
from app.infra.database import Database
from tests.detection.scene import Scene

folder, url = Path(sys.argv[1]), sys.argv[2]
with Database(url).transaction() as session:
    scene = Scene(session, folder)
    scene.owe("2026-01", "2026-02", "2026-03")
    scene.owe("2026-01", "2026-02", "2026-03", npp="AA000002")
    scene.sweep()
"""


def waits_for(database: Database, table: str) -> bool:
    with database.engine.connect() as connection:
        query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = to_regclass(:t)"
        return bool(connection.execute(sa.text(query), {"t": table}).scalar_one())


def until(true: Callable[[], bool]) -> None:
    for _ in range(1800):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to pass within minutes")


def test_a_killed_sweep_changes_nothing_and_the_next_one_runs(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        scene = Scene(session, tmp_path / "snapshots")
        scene.owe(*MONTHS)
        scene.sweep()
        version = scene.flag().version
    # It has written flags when it comes to their history, and waits there to be killed.
    with database.engine.connect() as blocker:
        blocker.execute(sa.text("LOCK TABLE flag_event IN ACCESS EXCLUSIVE MODE"))
        command = [sys.executable, "-c", SWEEP, str(tmp_path / "killed"), database.url]
        with subprocess.Popen(command, cwd=PROJECT) as sweep:
            until(lambda: waits_for(database, "flag_event"))
            os.kill(sweep.pid, signal.SIGKILL)
        # The server need not come to the end of the statement to know of it.
        until(lambda: not waits_for(database, "flag_event"))
        blocker.rollback()

    assert sweep.returncode == -signal.SIGKILL
    with database.transaction() as session:
        scene = Scene(session, tmp_path / "snapshots")
        assert [flag.npp for flag in scene.all_flags()] == ["AA000001"]
        assert scene.flag().version == version
        assert len(session.exec(select(FlagEvent)).all()) == 1
        scene.owe(*MONTHS)
        scene.owe(*MONTHS, npp="AA000002")
        assert counts(scene.sweep()) == (1, 1, 0)
    # What it had linked and spilled lies in its folder, and goes when a worker starts there.
    scratch = tmp_path / "killed" / "scratch"
    assert clear_leftovers(scratch) > 0
    assert list(scratch.iterdir()) == []


def test_a_decision_waits_for_the_sweep_and_is_not_written_over(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        scene = Scene(session, tmp_path / "snapshots")
        scene.owe(*MONTHS)
        scene.sweep()
        flag = scene.flag()
    with Session(database.engine) as sweeping, Session(database.engine) as deciding:
        again = Scene(sweeping, tmp_path / "snapshots", scene.registry)
        again.owe("2026-04", npp="AA000009")
        again.sweep()
        deciding.connection().execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
        shown = queries.flag(deciding, principal=SUPERVISOR, flag_id=flag.id)
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            service.review(
                deciding,
                principal=INSPECTOR,
                flag_id=flag.id,
                expected_version=flag.version,
                now=NOW,
            )
        deciding.rollback()
        sweeping.commit()

    assert shown.snapshot_id == flag.snapshot_id
    with database.transaction() as session:
        service.review(
            session,
            principal=INSPECTOR,
            flag_id=flag.id,
            expected_version=flag.version + 1,
            now=NOW,
        )
        statuses = session.exec(select(Flag.status).order_by(col(Flag.id))).all()
    assert statuses == ["ditinjau"]


def test_who_takes_a_flag_into_a_case_waits_for_the_sweep_before_writing_anything(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        scene = Scene(session, tmp_path / "snapshots")
        scene.owe(*MONTHS)
        scene.sweep()
        flag = scene.flag()
    with Session(database.engine) as sweeping, Session(database.engine) as opening:
        again = Scene(sweeping, tmp_path / "snapshots", scene.registry)
        again.owe("2026-04")
        again.sweep()
        opening.connection().execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            flags_of_one_employer(opening, principal=SUPERVISOR, flag_ids=[flag.id])
        opening.rollback()
        sweeping.commit()
