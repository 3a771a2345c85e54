"""The order of flags: elements, their weights, what comes next, and two people for a change."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.accounts.schemas import Principal
from app.detection import past
from app.detection import weights as service
from app.detection.findings import Finding
from app.detection.ranking import (
    ELEMENTS,
    SHIPPED_WEIGHTS,
    Weights,
    elements,
    weighed,
    weights_from,
)
from app.errors import Conflict, Forbidden, Invalid
from tests.detection.conftest import Found, numbers
from tests.detection.scene import NOW, SUPERVISOR, Scene
from tests.detection.snapshots import FRESH, ON, Registry

THREE = ("2026-01", "2026-02", "2026-03")
OTHER = {"rupiah": 0, "pekerja": 100, "keyakinan": 0, "lama": 0, "data": 0, "batas": 0}
NOTHING: dict[str, Any] = {
    "rupiah": 0, "workers": 0, "confidence": "tinggi", "months": 0, "data_days": None,
    "limit_days": None,
}  # fmt: skip


def test_the_weights_that_ship_make_a_hundred() -> None:
    assert sum(SHIPPED_WEIGHTS.points.values()) == 100
    assert tuple(SHIPPED_WEIGHTS.points) == tuple(ELEMENTS)


@pytest.mark.parametrize(
    ("given", "name", "share"),
    [
        ({"rupiah": 249_999_999}, "rupiah", 80),
        ({"rupiah": 250_000_000}, "rupiah", 100),
        ({"workers": 0}, "pekerja", 0),
        ({"workers": 1}, "pekerja", 20),
        ({"data_days": None}, "data", 100),
        ({"data_days": 90}, "data", 100),
        ({"data_days": 91}, "data", 80),
        ({"data_days": 366}, "data", 20),
        ({"limit_days": None}, "batas", 0),
        ({"limit_days": 14}, "batas", 100),
        ({"limit_days": 15}, "batas", 80),
        ({"limit_days": 181}, "batas", 0),
    ],
)
def test_an_element_moves_at_its_step(given: dict[str, Any], name: str, share: int) -> None:
    assert elements(**{**NOTHING, **given})[name] == share


def test_a_score_is_never_above_a_hundred_whatever_the_weights() -> None:
    best = dict.fromkeys(ELEMENTS, 100)

    assert sum(weighed(best, SHIPPED_WEIGHTS).values()) == 100
    assert sum(weighed(best, Weights(1, OTHER)).values()) == 100


@pytest.mark.parametrize("points", [{**OTHER, "pekerja": 99}, {**OTHER, "rupiah": 1}, {}])
def test_weights_that_do_not_make_a_hundred_are_refused(points: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        weights_from(points)


def limit(finding: Finding) -> dict[str, Any] | None:
    found = numbers(finding).get("batas_berikut")
    return None if found is None else dict(found)


def test_arrears_rise_into_the_next_class_the_day_after_a_due_date(
    registry: Registry, found: Found
) -> None:
    registry.employer()
    for month in ("2026-07", "2026-08", "2026-09"):
        registry.bill(month)

    (flag,) = found("PIUTANG")

    # Three months are `lancar`; the bill of November is due on 15 December, a Tuesday.
    assert limit(flag) == {"jenis": "golongan", "hari": (date(2026, 12, 16) - ON).days}


def test_the_last_class_has_no_next_one(registry: Registry, found: Found) -> None:
    registry.employer()
    for month in range(1, 10):
        registry.bill(f"2026-{month:02d}")
    for month in range(9, 13):
        registry.bill(f"2025-{month:02d}")

    (flag,) = found("PIUTANG")

    assert numbers(flag)["golongan_umur"] == "macet"
    assert limit(flag) is None


def test_a_carried_flag_ends_when_its_source_is_too_old(registry: Registry, found: Found) -> None:
    registry.record(tgl_data=date(2025, 5, 20))

    (flag,) = found("PWBD")

    assert limit(flag) == {"jenis": "sumber", "hari": 1}


@pytest.mark.parametrize(
    ("data_of", "too_old_on"),
    [
        (date(2025, 12, 20), date(2027, 6, 21)),
        (date(2025, 12, 31), date(2027, 7, 1)),
        (date(2026, 5, 31), date(2027, 12, 1)),
        (date(2025, 8, 29), date(2027, 3, 1)),
        (date(2026, 2, 28), date(2027, 9, 1)),
    ],
    ids=["mid-month", "shorter-month", "month-end", "into-february", "out-of-february"],
)
def test_the_days_to_a_sources_end_lead_to_the_first_day_that_it_carries_nothing(
    registry: Registry, found: Found, data_of: date, too_old_on: date
) -> None:
    registry.record(tgl_data=data_of)
    days = (date(2026, 6, 1), date(2026, 11, 30))

    told = [limit(flag) for on in days for flag in found("PWBD", on=on)]

    assert told == [{"jenis": "sumber", "hari": (too_old_on - on).days} for on in days]
    assert found("PWBD", on=too_old_on - timedelta(days=1))
    assert not found("PWBD", on=too_old_on)


def test_every_element_stands_on_the_flag_with_its_points(registry: Registry, found: Found) -> None:
    registry.record(tgl_data=FRESH)

    (flag,) = found("PWBD")

    assert set(numbers(flag)["unsur"]) == set(numbers(flag)["skor"]) == set(ELEMENTS)
    assert sum(numbers(flag)["skor"].values()) == flag.skor


@pytest.fixture
def people(session: Session) -> dict[str, Principal]:
    head = accounts_service.ensure_head_office(session, now=NOW, actor="test")
    for key, role in (("satu", "administrator"), ("dua", "legal_officer")):
        accounts_service.add_user(
            session, email=f"{key}@contoh.test", name=key.title(), role=role, office_code=head,
            password="rahasia panjang sekali", now=NOW, actor="test", title="Jabatan",
        )  # fmt: skip
    return {
        key: accounts.principal_by_email(session, email=f"{key}@contoh.test")
        for key in ("satu", "dua")
    }


@pytest.fixture
def propose(session: Session, people: dict[str, Principal]) -> Callable[..., service.WeightsView]:
    def propose(points: dict[str, int]) -> service.WeightsView:
        return service.propose_weights(
            session,
            principal=people["satu"],
            points=points,
            valid_from=ON,
            why="Pekerja didahulukan.",
            today=ON,
            now=NOW,
        )

    return propose


def test_a_second_person_puts_weights_in_force_and_the_next_sweep_uses_them(
    scene: Scene, people: dict[str, Principal], propose: Callable[..., service.WeightsView]
) -> None:
    scene.owe(*THREE)
    scene.sweep()
    before = scene.flag().skor
    made = propose(OTHER)
    scene.sweep()
    unapproved = scene.flag().skor

    service.approve_weights(
        scene.session, principal=people["dua"], edition_id=made.id, today=ON, now=NOW
    )

    scene.sweep()
    assert unapproved == before != 20
    assert scene.flag().skor == 20
    assert scene.flag().numbers["edisi_bobot"] == made.id


def test_a_past_day_tells_the_elements_of_then_where_they_moved_under_the_same_score(
    scene: Scene, people: dict[str, Principal], propose: Callable[..., service.WeightsView]
) -> None:
    service.approve_weights(
        scene.session, principal=people["dua"], edition_id=propose(OTHER).id, today=ON, now=NOW
    )
    scene.registry.record(tgl_data=ON - timedelta(days=360))
    snapshot, later = scene.snapshot(), timedelta(days=8)
    scene.sweep(snapshot=snapshot, now=NOW)
    scene.sweep(snapshot=snapshot, on=ON + later, now=NOW + later)
    (now,) = scene.all_flags()

    was = past.flag_known_on(scene.session, principal=SUPERVISOR, flag_id=now.id, day=ON).flag

    assert was.skor == now.skor
    assert [one.numbers["unsur"]["data"] for one in (was, now)] == [50, 20]  # type: ignore[index]


def test_nobody_approves_weights_they_proposed(
    session: Session, people: dict[str, Principal], propose: Callable[..., service.WeightsView]
) -> None:
    made = propose(OTHER)

    with pytest.raises(Forbidden, match="orang lain"):
        service.approve_weights(
            session, principal=people["satu"], edition_id=made.id, today=ON, now=NOW
        )


def test_weights_that_change_nothing_are_refused(
    propose: Callable[..., service.WeightsView],
) -> None:
    with pytest.raises(Conflict, match="sama dengan yang berlaku"):
        propose(dict(SHIPPED_WEIGHTS.points))


def test_a_preview_counts_what_stays_at_the_top_and_names_nobody(
    scene: Scene, people: dict[str, Principal]
) -> None:
    scene.owe(*THREE, npp="AA000001")
    scene.owe(*THREE, npp="AA000002")
    scene.sweep()

    effect = service.effect_of(scene.session, principal=people["satu"], points=OTHER)

    assert effect == {"top": 2, "stay": 2, "before": {"PIUTANG": 2}, "after": {"PIUTANG": 2}}


def test_the_preview_orders_by_the_wanted_weights(
    scene: Scene, people: dict[str, Principal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "TOP", 1)
    scene.owe(*THREE, npp="AA000001")
    for row in scene.registry.rows["tagihan"]:
        row["jumlah"] = 100_000_000
    scene.registry.record(jumlah_tk=200)
    scene.sweep()

    effect = service.effect_of(
        scene.session,
        principal=people["satu"],
        points={**OTHER, "pekerja": 0, "rupiah": 0, "lama": 0, "keyakinan": 100},
    )

    assert effect["before"] != {}
    assert effect["after"] == {"PIUTANG": 1}
