"""The worked examples in `examples/*.toml`: cases that a lawyer can read, approve and add to."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from app.law.administrative_fine import administrative_fine
from app.law.book import SHIPPED
from app.law.calendar import CalendarTooShort, CollectiveLeave, WorkingCalendar
from app.law.contributions import contribution
from app.law.deadlines import DeadlineCertificate, calendar_day_deadline, working_day_deadline
from app.law.late_payment import Bill, Payment, arrears, due_on, months_late
from app.law.month import Month

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
