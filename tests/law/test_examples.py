"""The worked examples in `examples/*.toml`: cases that a lawyer can read, approve and add to."""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.law.administrative_fine import administrative_fine
from app.law.book import SHIPPED
from app.law.calendar import CalendarTooShort, CollectiveLeave, WorkingCalendar
from app.law.contributions import FIRST_MONTH, contribution, programmes_owed
from app.law.dated import Version
from app.law.deadlines import DeadlineCertificate, calendar_day_deadline, working_day_deadline
from app.law.late_payment import Bill, Payment, arrears, due_on, months_late
from app.law.month import Month
from app.law.parameters.jp_ceiling import JP_CEILING
from app.law.parameters.programmes import SCALES
from app.law.parameters.rates import JKK_EMPLOYER as RISK_CLASSES

EXAMPLES = Path(__file__).parent / "examples"
Case = dict[str, Any]


def cases(pattern: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['nama']}")
        for path in sorted(EXAMPLES.glob(pattern))
        for case in tomllib.loads(path.read_text("utf-8"))["kasus"]
    ]


ALL = cases("*.toml")


def test_there_are_at_least_two_hundred_and_forty_examples() -> None:
    assert len(cases("*.toml")) >= 240


def test_no_two_examples_share_a_name() -> None:
    assert [name for name, count in Counter(case.id for case in ALL).items() if count > 1] == []


@pytest.mark.parametrize("case", ALL)
def test_an_example_names_its_basis_and_explains_itself_in_a_sentence(case: Case) -> None:
    assert case["dasar"].strip()
    assert len(case["penjelasan"]) > 10
    assert case["penjelasan"].endswith(".")


@pytest.mark.parametrize("case", cases("iuran_*.toml"))
def test_a_contribution_is_as_the_example_says(case: Case) -> None:
    programmes = tuple(case["program"]) if "program" in case else None

    found = contribution(
        month=Month.parse(case["bulan"]),
        wage=case["upah"],
        jkk_class=case["kelas_jkk"],
        scale=case["skala"],
        programmes=programmes,
        labour_intensive=case.get("padat_karya", False),
        law=SHIPPED,
    )

    assert {
        share.programme: (share.employer, share.worker, share.deferred) for share in found.shares
    } == {
        programme: (
            shares["pemberi_kerja"],
            shares.get("pekerja", 0),
            shares.get("ditangguhkan", 0),
        )
        for programme, shares in case["hasil"].items()
    }
    assert found.total == case["total"]
    assert found.provisional is case.get("sementara", False)


@pytest.mark.parametrize("case", cases("program_wajib.toml"))
def test_the_programmes_that_lack_are_as_the_example_says(case: Case) -> None:
    obliged = programmes_owed(
        month=Month.parse(case["bulan"]), scale=case["skala"], programmes=None, law=SHIPPED
    )

    assert [one for one in obliged if one not in case["diikuti"]] == case["kurang"]


def contributions(**wanted: object) -> list[Case]:
    found = [parameter.values[0] for parameter in cases("iuran_*.toml")]
    return [case for case in found if all(case[name] == value for name, value in wanted.items())]


@pytest.mark.parametrize(
    "version", JP_CEILING.versions, ids=lambda version: str(version.valid_from)
)
def test_every_ceiling_has_a_worked_month_on_each_side_of_its_first_day(
    version: Version[int],
) -> None:
    first = Month.of(version.valid_from)
    months = [first] if first == FIRST_MONTH else [first - 1, first]

    for month in months:
        capped = [case for case in contributions(bulan=str(month)) if "JP" in case["hasil"]]
        assert any(case["upah"] > version.value for case in capped)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(
    "pair",
    [
        ("2019-02", "2019-03"),
        ("2020-02", "2020-03"),
        ("2020-07", "2020-08"),
        ("2021-01", "2021-02"),
        ("2026-02", "2026-03"),
    ],
)
def test_every_size_is_worked_on_both_sides_of_a_change(scale: str, pair: tuple[str, str]) -> None:
    before, after = (contributions(skala=scale, bulan=month) for month in pair)

    assert {case["kelas_jkk"] for case in before} & {case["kelas_jkk"] for case in after}


def test_every_risk_class_is_worked_in_ordinary_months_and_under_each_relief() -> None:
    every = set(RISK_CLASSES)

    for month in ("2020-08", "2025-03", "2026-02"):
        assert {case["kelas_jkk"] for case in contributions(bulan=month)} == every


def test_days_14_15_and_16_are_worked_for_payment_and_for_the_cut_off() -> None:
    late = [parameter.values[0] for parameter in cases("denda_keterlambatan.toml")]
    march = [case for case in late if case["tagihan"][0][0] == "2026-03"]

    paid = {payment[2] for case in march for payment in case["pembayaran"]}
    for days in (paid, {case["batas"] for case in march}):
        assert days >= {date(2026, 4, 14), date(2026, 4, 15), date(2026, 4, 16)}


@pytest.mark.parametrize("case", cases("jatuh_tempo.toml"))
def test_a_bill_is_due_on_the_day_the_example_says(case: Case, calendar: WorkingCalendar) -> None:
    assert (
        due_on(month=Month.parse(case["bulan"]), calendar=calendar, law=SHIPPED)
        == case["jatuh_tempo"]
    )


@pytest.mark.parametrize("case", cases("denda_keterlambatan.toml"))
def test_arrears_are_as_the_example_says(case: Case, calendar: WorkingCalendar) -> None:
    found = arrears(
        bills=[
            Bill(month=Month.parse(month), programme=programme, amount=amount)
            for month, programme, amount in case["tagihan"]
        ],
        payments=[
            Payment(month=Month.parse(month), programme=programme, paid_on=paid_on, amount=amount)
            for month, programme, paid_on, amount in case["pembayaran"]
        ],
        cutoff=case["batas"],
        law=SHIPPED,
        calendar=calendar,
    )

    assert (found.principal, found.penalty) == (case["pokok"], case["denda"])
    assert found.total == case["pokok"] + case["denda"]
    assert found.months_in_arrears == case["bulan"]
    assert found.ageing_class == case.get("golongan")


@pytest.mark.parametrize("case", cases("tenggat.toml"))
def test_a_deadline_ends_on_the_day_the_example_says(case: Case, calendar: WorkingCalendar) -> None:
    if "ditolak_tahun" in case:
        with pytest.raises(CalendarTooShort, match=str(case["ditolak_tahun"])):
            certificate_of(case, calendar=calendar)
    else:
        assert certificate_of(case, calendar=calendar).due_on == case["tenggat"]


@pytest.mark.parametrize("case", cases("denda_administratif.toml"))
def test_an_administrative_fine_is_as_the_example_says(case: Case) -> None:
    found = administrative_fine(
        contributions_due=case["iuran"],
        second_warning_ended_on=case["teguran_kedua_berakhir"],
        on=case["pada"],
        law=SHIPPED,
    )

    assert (found.amount, found.window_ends_on) == (case["denda"], case["masa_berakhir"])


@pytest.mark.parametrize("case", cases("bulan_terlambat.toml"))
def test_months_late_are_as_the_example_says(case: Case) -> None:
    due, until = case["jatuh_tempo"], case["sampai"]

    assert months_late(due=due, until=until) == case["dimulai"]
    assert months_late(due=due, until=until, part_month="completed") == case["genap"]


def certificate_of(case: Case, *, calendar: WorkingCalendar) -> DeadlineCertificate:
    if "hari_kalender" in case:
        return calendar_day_deadline(start=case["sejak"], count=case["hari_kalender"])
    return working_day_deadline(
        start=case["sejak"],
        count=case["hari_kerja"],
        calendar=calendar,
        collective_leave=CollectiveLeave.WORKING_DAY
        if case["cuti_bersama_dihitung"]
        else CollectiveLeave.DAY_OFF,
    )
