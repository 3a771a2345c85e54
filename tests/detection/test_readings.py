"""The readings of the contract that hold for more than one rule, at each rule they concern."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.detection.conftest import Found, numbers
from tests.detection.snapshots import OLDEST_FRESH, STALE, Registry, Row

LONG_AGO = date(2024, 1, 31)
Plant = Callable[[Registry, Row, str, date], None]


def on_a_list(registry: Registry, employer: Row, source: str, day: date) -> None:
    registry.listed(registry.record(employer, sumber=source, tgl_data=day), 2)


def counted(registry: Registry, employer: Row, source: str, day: date) -> None:
    registry.record(employer, sumber=source, tgl_data=day, jumlah_tk=50)


def paid_more(registry: Registry, employer: Row, source: str, day: date) -> None:
    registry.listed(registry.record(employer, sumber=source, tgl_data=day), 1, upah=9_000_000)


def still_at_work(registry: Registry, employer: Row, source: str, day: date) -> None:
    registry.listed(registry.record(employer, sumber=source, tgl_data=day), 3)


RESTING: list[tuple[str, Plant]] = [
    ("PDS_TK", on_a_list),
    ("PDS_TK", counted),
    ("PDS_UPAH", paid_more),
    ("LAPSED", still_at_work),
]


@pytest.fixture
def employer(registry: Registry) -> Row:
    """An employer with one worker, and one who left long ago."""
    row = registry.employer()
    registry.member(1)
    registry.member(3, tgl_akhir=LONG_AGO, sebab_akhir="klaim_jht")
    return row


@pytest.mark.parametrize(("day", "flags"), [(OLDEST_FRESH, 1), (STALE, 0)])
@pytest.mark.parametrize(("rule", "plant"), RESTING)
def test_a_source_carries_for_eighteen_months_and_not_a_day_more(
    registry: Registry, employer: Row, found: Found, rule: str, plant: Plant, day: date, flags: int
) -> None:
    plant(registry, employer, "WLKP", day)

    assert len(found(rule)) == flags


@pytest.mark.parametrize(("rule", "plant"), RESTING)
def test_two_stale_sources_stay_stale_at_every_rule(
    registry: Registry, employer: Row, found: Found, rule: str, plant: Plant
) -> None:
    for source in ("WLKP", "DJP"):
        plant(registry, employer, source, STALE)

    assert found(rule) == []


@pytest.mark.parametrize(("rule", "plant"), RESTING)
def test_two_fresh_sources_are_one_flag_at_every_rule(
    registry: Registry, employer: Row, found: Found, rule: str, plant: Plant
) -> None:
    for source in ("WLKP", "DJP"):
        plant(registry, employer, source, OLDEST_FRESH)

    assert len(found(rule)) == 1


def test_one_who_died_at_another_employer_is_not_lapsed_here(
    registry: Registry, employer: Row, found: Found
) -> None:
    registry.employer("AA000002")
    registry.member(3, "AA000002", tgl_akhir=date(2025, 3, 31), sebab_akhir="meninggal")
    still_at_work(registry, employer, "WLKP", OLDEST_FRESH)

    assert found("LAPSED") == []


@pytest.mark.parametrize(("wage", "flags"), [(5_000_000, 0), (4_000_000, 1)])
def test_the_wage_under_another_npp_of_the_same_npwp_is_the_reported_one(
    registry: Registry, found: Found, wage: int, flags: int
) -> None:
    here = registry.employer(npwp="010000000000001")
    registry.employer("AA000002", npwp="0010000000000001")
    registry.member(1, "AA000002", upah=wage)
    registry.listed(registry.record(here), 1, upah=5_000_000)

    assert len(found("PDS_UPAH")) == flags


def test_workers_who_lapsed_in_two_divisi_are_one_flag_without_a_divisi(
    registry: Registry, employer: Row, found: Found
) -> None:
    registry.employer(divisi="001")
    registry.member(4, divisi="001", tgl_akhir=LONG_AGO, sebab_akhir="mengundurkan_diri")
    record = registry.record(employer)
    registry.listed(record, 3)
    registry.listed(record, 4)

    (flag,) = found("LAPSED")

    assert (flag.npp, flag.divisi, flag.jumlah_tk) == ("AA000001", "", 2)


def test_months_of_two_divisi_together_are_one_flag_without_a_divisi(
    registry: Registry, employer: Row, found: Found
) -> None:
    registry.employer(divisi="001")
    for month, divisi in (("2026-01", "000"), ("2026-02", "001"), ("2026-03", "001")):
        registry.bill(month, divisi=divisi)

    (flag,) = found("PIUTANG")

    assert (flag.npp, flag.divisi, flag.bulan_tunggak) == (employer["npp"], "", 3)


def test_the_minimum_wage_is_no_bar_to_what_a_source_shows(
    registry: Registry, employer: Row, found: Found
) -> None:
    registry.member(5, upah=900_000)
    registry.listed(registry.record(employer), 5, upah=900_000 * 11 // 10)

    (flag,) = found("PDS_UPAH")

    assert (flag.jumlah_tk, numbers(flag)["upah_bukti"]) == (1, 990_000)


@pytest.mark.parametrize(("days", "flags"), [(0, 0), (1, 1)])
def test_closed_here_and_alive_in_a_stale_source_carries_nothing(
    registry: Registry, found: Found, days: int, flags: int
) -> None:
    closed = registry.employer(status="tutup")
    registry.member(1, tgl_akhir=LONG_AGO, sebab_akhir="phk")
    registry.record(closed, tgl_data=STALE + timedelta(days=days))

    assert len(found("PWBD")) == flags
