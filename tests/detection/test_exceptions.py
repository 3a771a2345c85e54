"""An exception ends on its day or when its facts change, and the history says what moved."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.detection import queries, service
from app.detection.schemas import FlagEventView
from app.errors import Invalid
from tests.detection.scene import INSPECTOR, NOW, SUPERVISOR, Scene
from tests.detection.snapshots import ON

THREE = ("2026-01", "2026-02", "2026-03")
LAST = date(2026, 12, 31)


def excuse(scene: Scene, *, until: date = LAST) -> None:
    service.excuse(
        scene.session,
        principal=INSPECTOR,
        flag_id=scene.flag().id,
        until=until,
        reason="Angsuran disetujui.",
        expected_version=scene.flag().version,
        on=ON,
        now=NOW,
    )


def last_event(scene: Scene) -> FlagEventView:
    return queries.flag_events(scene.session, principal=SUPERVISOR, flag_id=scene.flag().id)[-1]


def test_an_exception_holds_through_its_last_day_and_ends_on_the_next(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    excuse(scene)
    snapshot = scene.snapshot()

    scene.sweep(snapshot=snapshot, on=LAST)
    held = scene.flag()
    scene.sweep(snapshot=snapshot, on=LAST + timedelta(days=1))

    assert (held.status, held.exception_until) == ("ditolak", LAST)
    assert scene.flag().status == "baru"
    assert last_event(scene).action == "pengecualian_berakhir"
    assert last_event(scene).detail == {}


def test_an_exception_breaks_when_its_facts_change_and_says_what_moved(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    excuse(scene)
    scene.owe("2026-04")

    scene.sweep()

    event = last_event(scene)
    assert (scene.flag().status, event.action) == ("baru", "berubah")
    assert event.detail == {
        "status": "ditolak",
        "reason": "Angsuran disetujui.",
        "until": LAST.isoformat(),
        "jumlah_tk": [1, 1],
        "bulan_tunggak": [3, 4],
        "potensi_rupiah": [855_000, 1_140_000],
        "rule_version": [1, 1],
        "rows_gone": 0,
        "rows_new": 1,
    }


def test_rows_that_only_changed_places_break_nothing(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    excuse(scene)
    scene.registry.rows["tagihan"].reverse()

    scene.sweep()

    assert scene.flag().status == "ditolak"


def test_a_flag_that_was_gone_returns_new_and_says_what_moved_meanwhile(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    excuse(scene)
    scene.settle()
    scene.sweep()
    scene.registry.rows["pembayaran"].clear()
    scene.owe("2026-04")

    scene.sweep()

    assert (scene.flag().status, last_event(scene).action) == ("baru", "kembali")
    assert last_event(scene).detail["bulan_tunggak"] == [3, 4]


def test_an_exception_needs_a_day_to_come(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()

    with pytest.raises(Invalid) as refused:
        excuse(scene, until=ON)

    assert [problem.field for problem in refused.value.fields] == ["exception_until"]


def test_an_exception_lasts_for_twelve_months_at_most(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    latest = service.latest_rest(ON)

    with pytest.raises(Invalid) as refused:
        excuse(scene, until=latest + timedelta(days=1))
    excuse(scene, until=latest)

    (problem,) = refused.value.fields
    assert (problem.field, problem.values["day"]) == ("exception_until", latest)
    assert (scene.flag().status, scene.flag().exception_until) == ("ditolak", latest)


def test_a_plain_refusal_after_an_exception_has_no_last_day(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    excuse(scene)
    service.reopen(
        scene.session,
        principal=INSPECTOR,
        flag_id=scene.flag().id,
        expected_version=scene.flag().version,
        now=NOW,
    )

    service.decline(
        scene.session,
        principal=INSPECTOR,
        flag_id=scene.flag().id,
        reason="Salah data.",
        expected_version=scene.flag().version,
        now=NOW,
    )

    assert scene.flag().exception_until is None


def rest(scene: Scene) -> None:
    service.snooze(
        scene.session,
        principal=INSPECTOR,
        flag_id=scene.flag().id,
        until=LAST,
        reason="Angsuran disetujui.",
        expected_version=scene.flag().version,
        on=ON,
        now=NOW,
    )


def worse(scene: Scene) -> None:
    scene.owe("2026-04")


def better(scene: Scene) -> None:
    first = scene.registry.rows["tagihan"][0]
    scene.registry.payment(first, first["jumlah"])


def elsewhere(scene: Scene) -> None:
    """Let somebody else's facts change."""
    scene.owe(*THREE, npp="BB000002")


@pytest.mark.parametrize("change", [worse, better], ids=["more is owed", "a month is paid"])
@pytest.mark.parametrize(("decide", "was"), [(excuse, "ditolak"), (rest, "ditunda")])
def test_an_exception_and_a_snooze_break_whichever_way_the_facts_change(
    scene: Scene, decide: Callable[[Scene], None], was: str, change: Callable[[Scene], None]
) -> None:
    scene.owe("2025-12", *THREE)
    scene.sweep()
    decide(scene)
    change(scene)

    scene.sweep()

    event = last_event(scene)
    assert (scene.flag().status, event.action, event.from_status) == ("baru", "berubah", was)
    assert event.detail["bulan_tunggak"] == [4, 5 if change is worse else 3]


@pytest.mark.parametrize(("decide", "was"), [(excuse, "ditolak"), (rest, "ditunda")])
def test_an_exception_and_a_snooze_hold_while_only_the_facts_of_others_change(
    scene: Scene, decide: Callable[[Scene], None], was: str
) -> None:
    scene.owe(*THREE)
    scene.sweep()
    decide(scene)
    elsewhere(scene)

    scene.sweep()

    assert scene.flag().status == was
