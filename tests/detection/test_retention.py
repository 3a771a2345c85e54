"""Cohort retention: who is counted, on which day, and what is not known yet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest

from app.detection import retention
from app.detection.facts.retention import ACTIVE, FIRST_EVER, FIRST_HERE
from app.detection.settings import SHIPPED_EDITIONS, RuleSettings, with_edition
from app.errors import Unavailable
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from app.law.month import Month
from tests.detection.kept import terms_of
from tests.detection.snapshots import FRESH, ON, Registry

JANUARY = date(2025, 1, 10)
Counted = Callable[..., list[dict[str, Any]]]


def cells(
    registry: Registry,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    basis: str,
    on: date,
    definition: int = retention.DEFINITION,
) -> list[dict[str, Any]]:
    folder.mkdir(exist_ok=True)
    found = retention.computed(
        tables=registry.write(folder),
        given=retention.terms(
            on, calendar=packaged_calendar(), law=SHIPPED, editions=SHIPPED_EDITIONS
        ),
        calendar=packaged_calendar(),
        law=SHIPPED,
        connection=connection,
        definition=definition,
    )
    return [row for row in found.to_pylist() if row["dasar"] == basis]


@pytest.fixture
def counted(registry: Registry, connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Counted:
    def ask(
        *, basis: str = FIRST_EVER, on: date = ON, definition: int = retention.DEFINITION
    ) -> list[dict[str, Any]]:
        folder = tmp_path / "s"
        return cells(registry, connection, folder, basis=basis, on=on, definition=definition)

    registry.employer()
    return ask


@pytest.mark.parametrize(
    ("ended", "after_three"),
    [(date(2025, 4, 29), 0), (date(2025, 4, 30), 1), (date(2025, 5, 1), 1)],
    ids=["the day before", "on the last day", "the day after"],
)
def test_a_membership_counts_when_it_runs_on_the_last_day_of_the_third_month(
    registry: Registry, counted: Counted, ended: date, after_three: int
) -> None:
    registry.member(1, tgl_mulai=JANUARY, tgl_akhir=ended, sebab_akhir="phk")

    (row,) = counted()

    assert (row["jumlah"], row["aktif_3"], row["aktif_6"]) == (1, after_three, 0)
    assert row["sebab"] == "phk"


@pytest.mark.parametrize(
    ("ended", "counts"),
    [(date(2024, 2, 28), 0), (date(2024, 2, 29), 1), (date(2025, 2, 28), 1)],
    ids=["28 February of a leap year", "29 February", "28 February of another year"],
)
def test_february_ends_on_its_own_last_day(
    registry: Registry, counted: Counted, ended: date, counts: int
) -> None:
    began = date(ended.year - 1, 11, 3)
    registry.member(1, tgl_mulai=began, tgl_akhir=ended, sebab_akhir="phk")

    (row,) = counted()

    assert row["aktif_3"] == counts


def test_a_cohort_too_young_has_no_figure_and_not_a_zero(
    registry: Registry, counted: Counted
) -> None:
    registry.member(1, tgl_mulai=date(2026, 7, 31))
    registry.member(2, tgl_mulai=date(2026, 8, 1))

    july, august = counted()

    assert (july["aktif_3"], july["aktif_6"]) == (1, None)
    assert august["aktif_3"] is None
    assert july["aktif_akhir_tahun"] is None


@pytest.mark.parametrize(
    ("on", "known"), [(date(2026, 10, 30), None), (date(2026, 10, 31), 1)], ids=["before", "on"]
)
def test_a_month_is_over_on_its_last_day(
    registry: Registry, counted: Counted, on: date, known: int | None
) -> None:
    registry.member(1, tgl_mulai=date(2026, 7, 1))

    (row,) = counted(on=on)

    assert row["aktif_3"] == known


def test_a_person_who_goes_on_elsewhere_is_active_as_a_person_and_not_at_the_employer(
    registry: Registry, counted: Counted
) -> None:
    registry.employer("BB000002", kantor_cabang="M01")
    registry.member(1, tgl_mulai=JANUARY, tgl_akhir=date(2025, 2, 10), sebab_akhir="klaim_jht")
    registry.member(1, "BB000002", tgl_mulai=date(2025, 3, 1))

    (person,) = counted()
    here, there = sorted(counted(basis=FIRST_HERE), key=lambda row: row["bulan"])

    assert (person["aktif_3"], person["sebab"], person["kantor"]) == (1, ACTIVE, "J05")
    assert (here["aktif_3"], here["sebab"], here["aktif_lain"]) == (0, "klaim_jht", 1)
    assert (there["kantor"], there["jumlah"], there["sebab"]) == ("M01", 1, ACTIVE)


def test_another_division_or_npp_of_the_same_npwp_is_no_second_enrolment(
    registry: Registry, counted: Counted
) -> None:
    registry.employer(divisi="001")
    registry.employer("BB000002", npwp=registry.rows["pemberi_kerja"][0]["npwp"])
    registry.member(1, tgl_mulai=JANUARY, tgl_akhir=date(2025, 2, 10), sebab_akhir="pindah")
    registry.member(1, divisi="001", tgl_mulai=date(2025, 2, 11), tgl_akhir=date(2025, 6, 30),
                    sebab_akhir="pindah")  # fmt: skip
    registry.member(1, "BB000002", tgl_mulai=date(2025, 7, 1))

    (row,) = counted(basis=FIRST_HERE)

    assert (row["jumlah"], row["aktif_3"], row["aktif_12"]) == (1, 1, 1)
    assert Month.from_index(row["bulan"]) == Month(2025, 1)


def test_the_first_membership_decides_the_cohort_even_when_it_lies_before_the_window(
    registry: Registry, counted: Counted
) -> None:
    registry.member(1, tgl_mulai=date(2019, 1, 1), tgl_akhir=date(2019, 2, 1), sebab_akhir="phk")
    registry.member(1, tgl_mulai=JANUARY)

    assert counted() == []


def test_who_died_is_counted_as_ended_and_never_as_at_work(
    registry: Registry, counted: Counted
) -> None:
    record = registry.record(registry.rows["pemberi_kerja"][0])
    registry.member(1, tgl_mulai=JANUARY, tgl_akhir=date(2025, 3, 1), sebab_akhir="meninggal")
    registry.listed(record, 1)

    (row,) = counted()

    assert (row["sebab"], row["tercatat_bekerja"], row["masih_bekerja"]) == ("meninggal", 0, 0)


@pytest.mark.parametrize(
    ("known_here", "at_work", "here"), [(True, 1, 1), (False, 1, 0)], ids=["here", "elsewhere"]
)
def test_a_lapsed_worker_whom_a_later_source_lists_is_at_work(
    registry: Registry, counted: Counted, *, known_here: bool, at_work: int, here: int
) -> None:
    record = registry.record(registry.rows["pemberi_kerja"][0] if known_here else None)
    registry.member(1, tgl_mulai=JANUARY, tgl_akhir=date(2025, 3, 1), sebab_akhir="klaim_jht")
    registry.listed(record, 1)

    (row,) = counted()

    assert (row["tercatat_bekerja"], row["masih_bekerja"]) == (at_work, here)


@pytest.mark.parametrize(
    "listed_on",
    [date(2025, 5, 19), date(2026, 3, 1)],
    ids=["by a stale source", "by one not later than the end"],
)
def test_a_source_that_says_nothing_of_the_end_shows_nobody_at_work(
    registry: Registry, counted: Counted, listed_on: date
) -> None:
    record = registry.record(registry.rows["pemberi_kerja"][0])
    ended = date(2026, 3, 1) if listed_on > date(2026, 1, 1) else date(2025, 3, 1)
    registry.member(1, tgl_mulai=JANUARY, tgl_akhir=ended, sebab_akhir="phk")
    registry.listed(record, 1, tgl_data=listed_on)

    (row,) = counted()

    assert (row["tercatat_bekerja"], row["masih_bekerja"]) == (0, 0)


def test_a_membership_that_begins_after_the_day_of_the_data_is_not_counted(
    registry: Registry, counted: Counted
) -> None:
    registry.member(1, tgl_mulai=date(2026, 11, 21))

    assert counted() == []


def test_the_channel_is_that_of_the_first_membership_by_person_and_by_employer(
    registry: Registry, counted: Counted
) -> None:
    registry.employer("BB000002")
    registry.member(1, tgl_mulai=JANUARY, tgl_akhir=date(2025, 2, 1), kanal="perisai")
    registry.member(1, tgl_mulai=date(2025, 2, 2), kanal="kantor")
    registry.member(1, "BB000002", tgl_mulai=date(2025, 3, 1), kanal="daring")
    registry.member(2, tgl_mulai=JANUARY)

    people = {row["kanal"]: row["jumlah"] for row in counted()}
    here = {row["kanal"]: row["jumlah"] for row in counted(basis=FIRST_HERE)}

    assert people == {"perisai": 1, "": 1}
    assert here == {"perisai": 1, "daring": 1, "": 1}


def test_a_snapshot_from_before_channels_counts_all_as_not_told(
    registry: Registry, counted: Counted
) -> None:
    registry.member(1, tgl_mulai=JANUARY)
    registry.member(2, tgl_mulai=JANUARY)

    (row,) = counted()

    assert (row["kanal"], row["jumlah"]) == ("", 2)


def test_definition_1_run_again_counts_as_it_did_and_definition_2_only_divides_it(
    registry: Registry, counted: Counted
) -> None:
    for number, channel in enumerate(("perisai", "kantor", "perisai", None), start=1):
        registry.member(number, tgl_mulai=JANUARY, kanal=channel)

    (before,) = counted(definition=1)
    now = counted()

    assert list(before) == [
        "dasar", "kantor", "bulan", "sektor", "skala", "sebab", "jumlah", "aktif_3", "aktif_6",
        "aktif_12", "aktif_akhir_tahun", "aktif_lain", "tercatat_bekerja", "masih_bekerja",
    ]  # fmt: skip
    assert [(row["kanal"], row["jumlah"]) for row in now] == [
        ("", 1), ("kantor", 1), ("perisai", 2),
    ]  # fmt: skip
    assert before["jumlah"] == sum(row["jumlah"] for row in now) == 4
    assert before["aktif_12"] == sum(row["aktif_12"] for row in now) == 4


def test_a_second_run_gives_the_same_cells(
    registry: Registry, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    registry.employer()
    for number in range(1, 40):
        registry.member(number, tgl_mulai=date(2025, 1 + number % 12, 10))
    given = retention.terms(
        ON, calendar=packaged_calendar(), law=SHIPPED, editions=SHIPPED_EDITIONS
    )
    tables = registry.write(tmp_path)

    first, second = (
        retention.computed(
            tables=tables,
            given=given,
            calendar=packaged_calendar(),
            law=SHIPPED,
            connection=connection,
        )
        for _ in range(2)
    )

    assert first.equals(second)


GONE: Final = 9


@pytest.mark.parametrize("values", [{}, {"grace_days": 29}, {"stale_months": 12}], ids=str)
def test_a_version_that_is_off_and_gone_is_counted_as_the_one_that_ships_and_told(
    values: dict[str, int],
) -> None:
    off = RuleSettings("LAPSED", 3, state="mati", version=GONE, values=values)

    given = terms_of(ON, editions=with_edition(SHIPPED_EDITIONS, off))

    assert replace(given, lapsed_missing=None) == terms_of(ON)
    assert (given.lapsed_version, given.lapsed_missing) == (1, GONE)
    assert retention.Terms.of_json(given.as_json()) == given
    assert "lapsed_missing" not in terms_of(ON).as_json()


def test_a_version_that_is_off_and_still_there_counts_as_it_was() -> None:
    off = RuleSettings("LAPSED", 3, state="mati", version=2)

    given = terms_of(ON, editions=with_edition(SHIPPED_EDITIONS, off))

    assert (given.lapsed_version, given.lapsed_days, given.lapsed_missing) == (2, 30, None)


def test_nothing_is_counted_in_place_of_a_version_that_is_live_and_gone() -> None:
    live = RuleSettings("LAPSED", 3, version=GONE)

    with pytest.raises(Unavailable, match=f"versi {GONE}"):
        terms_of(ON, editions=with_edition(SHIPPED_EDITIONS, live))


@pytest.mark.parametrize(
    ("changed", "works_on"),
    [
        (RuleSettings("LAPSED", version=1), 2),
        (RuleSettings("LAPSED", version=2), 1),
        (RuleSettings("LAPSED", version=2, values={"grace_days": 29}), 2),
    ],
    ids=["version 1", "version 2 with 30 days", "version 2 with 29 days"],
)
def test_who_lapsed_is_counted_by_the_version_and_the_days_in_force(
    registry: Registry,
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    changed: RuleSettings,
    works_on: int,
) -> None:
    record = registry.record(registry.employer(), id_sumber="W-1")
    for number, days in ((1, 29), (2, 30)):
        ended = FRESH - timedelta(days=days)
        registry.member(number, tgl_mulai=JANUARY, tgl_akhir=ended, sebab_akhir="phk")
        registry.listed(record, number)
    given = terms_of(ON, editions=with_edition(SHIPPED_EDITIONS, changed))

    found = retention.computed(
        tables=registry.write(tmp_path),
        given=retention.Terms.of_json(given.as_json()),
        calendar=packaged_calendar(),
        law=SHIPPED,
        connection=connection,
    )

    here = [row for row in found.to_pylist() if row["dasar"] == FIRST_HERE]
    assert sum(row["masih_bekerja"] for row in here) == works_on
