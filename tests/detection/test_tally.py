"""How many flags there are is kept beside them, through sweeps and decisions."""

from collections import Counter
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.detection import queries, service
from app.detection.tables import Flag, FlagTally
from app.infra.database import Database
from tests.detection.scene import INSPECTOR, NOW, STRANGER, SUPERVISOR, Scene

MONTHS = ("2026-01", "2026-02", "2026-03")


def told(session: Session) -> Counter[tuple[str, str]]:
    by_rule = queries.flag_counts(session, principal=SUPERVISOR).by_rule
    return Counter(
        {(rule, status): n for rule, counts in by_rule.items() for status, n in counts.items()}
    )


def there(session: Session) -> Counter[tuple[str, str]]:
    flags = session.exec(select(Flag.rule, Flag.status))
    return Counter((rule, status) for rule, status in flags)


def rows(session: Session) -> int:
    return session.exec(select(sa.func.count()).select_from(FlagTally)).one()


def test_what_is_told_is_what_is_there_after_each_sweep_and_each_decision(scene: Scene) -> None:
    session = scene.session
    for number in range(1, 5):
        scene.owe(*MONTHS, npp=f"AA00000{number}")
    scene.sweep()
    assert told(session) == there(session) == Counter({("PIUTANG", "baru"): 4})

    reviewed, declined = scene.flag("AA000001"), scene.flag("AA000002")
    service.review(
        session,
        principal=INSPECTOR,
        flag_id=reviewed.id,
        expected_version=reviewed.version,
        now=NOW,
    )
    service.decline(
        session,
        principal=INSPECTOR,
        flag_id=declined.id,
        reason="Sudah diperiksa di tempat.",
        expected_version=declined.version,
        now=NOW,
    )
    assert told(session) == there(session)
    assert told(session)["PIUTANG", "ditinjau"] == told(session)["PIUTANG", "ditolak"] == 1

    scene.settle()
    scene.owe(*MONTHS, npp="AA000009")
    scene.sweep()
    assert told(session) == there(session)
    assert told(session)["PIUTANG", "hilang"] == 4
    # What people moved one by one is counted together again.
    assert rows(session) == 2


def test_an_employer_that_moves_is_counted_where_it_is_now(scene: Scene) -> None:
    scene.owe(*MONTHS)
    scene.sweep()
    assert queries.places(scene.session, principal=INSPECTOR) == ("32.01",)
    scene.registry.rows["pemberi_kerja"][0].update(kantor_cabang="M01", kode_wilayah="12.71")
    scene.sweep()

    assert queries.flag_counts(scene.session, principal=INSPECTOR).total() == 0
    assert queries.flag_counts(scene.session, principal=STRANGER).total() == 1
    assert queries.places(scene.session, principal=INSPECTOR) == ()
    assert queries.places(scene.session, principal=STRANGER) == ("12.71",)


def test_while_a_sweep_writes_others_are_told_what_was_there_before_without_waiting(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        scene = Scene(session, tmp_path / "snapshots")
        scene.owe(*MONTHS)
        scene.sweep()
    with Session(database.engine) as sweeping, Session(database.engine) as reading:
        again = Scene(sweeping, tmp_path / "snapshots", scene.registry)
        again.owe(*MONTHS, npp="AA000002")
        again.sweep()
        reading.connection().execute(sa.text("SET LOCAL lock_timeout = '200ms'"))

        assert told(reading)["PIUTANG", "baru"] == 1
        assert told(sweeping)["PIUTANG", "baru"] == 2
        sweeping.commit()
        assert told(reading)["PIUTANG", "baru"] == 2


def test_two_people_who_decide_at_once_in_one_office_do_not_wait_for_each_other(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        scene = Scene(session, tmp_path / "snapshots")
        scene.owe(*MONTHS)
        scene.owe(*MONTHS, npp="AA000002")
        scene.sweep()
        ids = session.exec(select(Flag.id).order_by(col(Flag.id))).all()
    with Session(database.engine) as one, Session(database.engine) as other:
        for deciding, flag_id in zip((one, other), ids, strict=True):
            deciding.connection().execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
            flag = queries.flag(deciding, principal=INSPECTOR, flag_id=flag_id or 0)
            deciding.execute(
                sa.update(Flag).where(col(Flag.id) == flag.id).values(status="ditinjau")
            )
        one.commit()
        other.commit()

    with database.transaction() as session:
        assert told(session) == there(session) == Counter({("PIUTANG", "ditinjau"): 2})


def test_flags_that_an_operator_takes_away_by_hand_leave_no_count_behind(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        scene = Scene(session, tmp_path / "snapshots")
        scene.owe(*MONTHS)
        scene.sweep()
        for statement in (
            "ALTER TABLE flag DISABLE TRIGGER flag_no_delete",
            "DELETE FROM flag",
        ):
            session.connection().execute(sa.text(statement))

        assert told(session) == there(session) == Counter()
