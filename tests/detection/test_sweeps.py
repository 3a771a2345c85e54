"""Flags follow the sweeps: new, still, gone, back; what people decided is kept."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.audit.tables import AuditEntry
from app.detection import queries, service
from app.detection.outcomes import Ending
from app.detection.tables import Flag, FlagEvent, Sweep
from app.errors import Conflict, Forbidden, NotFound
from app.registry.schemas import SnapshotView
from tests.detection.scene import AUDITOR, INSPECTOR, NOW, SUPERVISOR, Scene, counts
from tests.detection.snapshots import ON

THREE = ("2026-01", "2026-02", "2026-03")


def stored(session: Session) -> tuple[list[object], int, int, int]:
    """Return every column of every flag, and how much else there is."""
    flags = [row.model_dump() for row in session.exec(select(Flag).order_by(col(Flag.id)))]
    return (
        list(flags),
        len(session.exec(select(FlagEvent)).all()),
        len(session.exec(select(Sweep)).all()),
        len(session.exec(select(AuditEntry)).all()),
    )


def test_a_first_sweep_makes_new_flags_with_all_they_carry(scene: Scene) -> None:
    scene.owe(*THREE)

    report = scene.sweep()

    flag = scene.flag()
    assert counts(report) == (1, 0, 0)
    assert (flag.status, flag.snapshot_id, flag.rule_version) == ("baru", report.snapshot_id, 1)
    assert flag.sentence.startswith("PT Usaha AA000001 menunggak iuran 3 bulan")
    assert (flag.potensi_rupiah, flag.bulan_tunggak, flag.evidence_rows) == (855_000, 3, 3)
    assert (flag.evidence[0].table, flag.evidence[0].line) == ("tagihan", 2)
    assert scene.history() == [("ditemukan", "", "baru")]


def test_the_same_sweep_again_changes_nothing_at_all(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    before = stored(scene.session)

    report = scene.sweep()

    assert counts(report) == (0, 1, 0)
    assert stored(scene.session) == before


def test_a_flag_that_is_found_no_more_is_gone(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    scene.settle()

    report = scene.sweep()

    assert counts(report) == (0, 0, 1)
    assert (scene.flag().status, scene.flag().seen) == ("hilang", False)
    assert counts(scene.sweep()) == (0, 0, 0)


def test_a_flag_that_returns_is_new_again_under_its_old_number(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    first = scene.flag().id
    scene.settle()
    scene.sweep()
    scene.registry.rows["pembayaran"].clear()

    report = scene.sweep()

    assert counts(report) == (1, 0, 0)
    assert (scene.flag().id, scene.flag().status) == (first, "baru")
    assert [event[0] for event in scene.history()] == ["ditemukan", "hilang", "kembali"]


def test_a_flag_of_the_next_snapshot_is_still_there_with_new_figures(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    version = scene.flag().version
    scene.owe("2026-04")

    report = scene.sweep()

    assert counts(report) == (0, 1, 0)
    assert (scene.flag().bulan_tunggak, scene.flag().status) == (4, "baru")
    assert scene.flag().version == version + 1


def test_a_declined_flag_stays_declined_while_its_facts_are_the_same(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    decline(scene)
    # Another snapshot: the line numbers of the same bills move.
    scene.owe("2026-01", npp="AA000000")
    scene.registry.rows["tagihan"].reverse()

    scene.sweep()

    assert scene.flag().status == "ditolak"
    assert scene.flag().decision_reason == "Sudah diperiksa."


def test_a_declined_flag_is_new_again_when_its_facts_change(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    decline(scene)
    scene.owe("2026-04")

    report = scene.sweep()

    assert counts(report) == (0, 1, 0)
    assert scene.flag().status == "baru"
    assert scene.history()[-1] == ("berubah", "ditolak", "baru")


def test_a_declined_flag_that_went_away_returns_declined(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    decline(scene)
    scene.settle()
    scene.sweep()
    assert scene.flag().status == "hilang"
    scene.registry.rows["pembayaran"].clear()

    scene.sweep()

    assert scene.flag().status == "ditolak"


@pytest.mark.parametrize(("days", "status"), [(10, "ditunda"), (11, "baru")])
def test_a_resting_flag_wakes_after_its_last_day(scene: Scene, days: int, status: str) -> None:
    scene.owe(*THREE)
    scene.sweep()
    service.snooze(
        scene.session,
        principal=INSPECTOR,
        flag_id=scene.flag().id,
        until=ON + timedelta(days=10),
        reason="Menunggu surat.",
        expected_version=1,
        on=ON,
        now=NOW,
    )

    scene.sweep(on=ON + timedelta(days=days))

    assert scene.flag().status == status


def test_a_case_keeps_its_flags_whether_they_are_found_or_not(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    service.mark_as_case(
        scene.session,
        principal=INSPECTOR,
        flag_ids=[scene.flag().id],
        case_number="K-1",
        on=ON,
        now=NOW,
    )
    scene.settle()

    gone = scene.sweep()
    again = scene.sweep()

    assert (counts(gone), counts(again)) == ((0, 0, 1), (0, 0, 0))
    assert (scene.flag().status, scene.flag().case_number) == ("kasus", "K-1")
    assert scene.flag().seen is False


def test_a_settled_flag_waits_for_the_next_snapshot_which_raises_what_it_still_shows(
    scene: Scene,
) -> None:
    scene.owe(*THREE)
    scene.sweep()
    in_a_case_that_ended(scene)
    before = stored(scene.session)

    same = scene.sweep()
    assert counts(same) == (0, 1, 0)
    assert stored(scene.session) == before
    assert (scene.flag().status, scene.flag().case_ended_on) == ("kasus", ON)
    scene.owe("2026-01", npp="AA000009")
    later = scene.sweep()

    flag = scene.flag()
    assert counts(later)[1] == 1
    assert (flag.status, flag.case_number, flag.case_ended_on) == ("baru", "", None)
    assert scene.history() == [
        ("ditemukan", "", "baru"),
        ("case", "baru", "kasus"),
        ("case_ended", "kasus", "kasus"),
        ("muncul_lagi", "kasus", "baru"),
    ]
    told = queries.flag_events(scene.session, principal=SUPERVISOR, flag_id=flag.id)
    assert [event.reason for event in told] == ["", "K-1", "Lunas.", "K-1"]


def test_a_settled_flag_that_the_next_snapshot_does_not_show_is_gone_and_returns_new(
    scene: Scene,
) -> None:
    scene.owe(*THREE)
    scene.sweep()
    in_a_case_that_ended(scene)
    scene.settle()

    assert counts(scene.sweep()) == (0, 0, 1)
    assert (scene.flag().status, scene.flag().case_number) == ("hilang", "")
    assert counts(scene.sweep()) == (0, 0, 0)
    scene.registry.rows["pembayaran"].clear()
    assert counts(scene.sweep()) == (1, 0, 0)
    assert scene.flag().status == "baru"


def test_a_month_that_falls_due_later_raises_a_settled_flag_on_the_same_snapshot(
    scene: Scene,
) -> None:
    scene.owe(*THREE, "2026-11")
    scene.sweep()
    in_a_case_that_ended(scene)

    scene.sweep(on=ON.replace(day=30))
    assert scene.flag().status == "kasus"
    scene.sweep(on=ON.replace(month=12, day=30))

    assert scene.flag().status == "baru"


@pytest.mark.parametrize(("changed", "status"), [(False, "ditolak"), (True, "baru")])
def test_a_flag_that_its_case_judged_stays_declined_until_its_facts_change(
    scene: Scene, *, changed: bool, status: str
) -> None:
    scene.owe(*THREE)
    scene.sweep()
    in_a_case_that_ended(scene, judged=True)
    assert (scene.flag().status, scene.flag().case_number) == ("ditolak", "")
    assert scene.flag().decision_reason == "Lunas."
    scene.owe("2026-04", npp="AA000001" if changed else "AA000009")

    scene.sweep()

    assert scene.flag().status == status


@pytest.mark.parametrize(("judged", "returns"), [(False, "baru"), (True, "ditolak")])
def test_a_flag_that_was_gone_before_its_case_ended_is_gone_then(
    scene: Scene, *, judged: bool, returns: str
) -> None:
    scene.owe(*THREE)
    scene.sweep()
    take_as_case(scene)
    scene.settle()
    scene.sweep()
    end_case(scene, judged=judged)
    assert scene.flag().status == "hilang"
    scene.registry.rows["pembayaran"].clear()

    scene.sweep()

    assert scene.flag().status == returns


def test_a_person_need_not_wait_for_the_next_snapshot(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    in_a_case_that_ended(scene)
    # A tab that was open all the while must not make a second case of what was settled.
    with pytest.raises(Conflict, match="K-1 yang sudah ditutup"):
        take_as_case(scene, "K-2")

    service.reopen(
        scene.session,
        principal=INSPECTOR,
        flag_id=scene.flag().id,
        expected_version=scene.flag().version,
        now=NOW,
    )

    assert (scene.flag().status, scene.flag().case_number) == ("baru", "")
    take_as_case(scene, "K-2")
    assert scene.flag().case_number == "K-2"


def take_as_case(scene: Scene, number: str = "K-1") -> None:
    service.mark_as_case(
        scene.session,
        principal=INSPECTOR,
        flag_ids=[scene.flag().id],
        case_number=number,
        on=ON,
        now=NOW,
    )


def end_case(scene: Scene, *, judged: bool = False) -> None:
    service.release_from_case(
        scene.session,
        actor="user:1",
        case_number="K-1",
        judged=frozenset({"PIUTANG"} if judged else ()),
        ending=Ending(
            code="TIDAK_TERBUKTI" if judged else "LUNAS",
            kbli="47111",
            verdicts={"PIUTANG": "tidak_terbukti" if judged else "terbukti"},
            taken_as={},
        ),
        reason="Lunas.",
        on=ON,
        now=NOW,
    )


def in_a_case_that_ended(scene: Scene, *, judged: bool = False) -> None:
    take_as_case(scene)
    end_case(scene, judged=judged)


def test_a_preview_says_what_would_change_and_changes_nothing(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    scene.owe(*THREE, npp="AA000002")
    before = stored(scene.session)

    report = scene.preview()

    assert counts(report) == (1, 1, 0)
    assert stored(scene.session) == before


def test_the_report_reads_as_the_contract_says(scene: Scene) -> None:
    report = scene.sweep().as_json()

    assert report["on"] == "2026-11-20"
    assert report["rules"] == {
        code: {"new": 0, "still": 0, "gone": 0}
        for code in ("PWBD", "PDS_TK", "PDS_UPAH", "PDS_PROGRAM", "PIUTANG", "LAPSED")
    }


def test_a_sweep_remembers_the_thresholds_it_used(scene: Scene) -> None:
    scene.sweep()

    row = scene.session.exec(select(Sweep)).one()
    assert row.thresholds["fresh_from"] == "2025-05-20"
    assert row.rule_versions["PWBD"] == 1
    view = queries.latest_sweep(scene.session)
    assert view is not None
    assert view.on == ON


def test_who_may_not_sweep_is_refused_before_anything_is_read(scene: Scene) -> None:
    with pytest.raises(Forbidden):
        scene.request("none", principal=AUDITOR)


def test_a_table_that_is_gone_stops_the_sweep_and_changes_nothing(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    before = stored(scene.session)
    whole = scene.snapshot()
    tables = {name: info for name, info in whole.tables.items() if name != "tagihan"}

    with pytest.raises(NotFound, match="tagihan"):
        scene.sweep(snapshot=SnapshotView("x", ON, NOW, tables, None))

    assert stored(scene.session) == before


def test_only_a_snapshot_that_is_there_can_be_asked_for(scene: Scene) -> None:
    with pytest.raises(NotFound):
        scene.request("none")


def decline(scene: Scene) -> None:
    service.decline(
        scene.session,
        principal=INSPECTOR,
        flag_id=scene.flag().id,
        reason="Sudah diperiksa.",
        expected_version=scene.flag().version,
        now=NOW,
    )
