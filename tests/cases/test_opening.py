"""Opening by hand: one open case per employer, numbers without gaps, double clicks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.cases import service
from app.cases.schemas import Employer
from app.cases.stages import Proof, Stage, Violation
from app.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cases.conftest import EMPLOYER, TODAY, Casework


def other(number: int) -> Employer:
    return Employer(nama=f"CV Nomor {number}", npp=f"CD{number:06d}")


def test_numbers_follow_each_other_per_office_and_year(work: Casework) -> None:
    numbers = [work.open(employer=other(n)).number for n in range(3)]
    late = work.open(employer=other(9), on=date(2025, 12, 30)).number

    assert numbers == ["PTH-J05-2026-00001", "PTH-J05-2026-00002", "PTH-J05-2026-00003"]
    assert late == "PTH-J05-2025-00001"


def test_an_opening_that_fails_leaves_no_gap(work: Casework) -> None:
    work.open(employer=other(1))
    attempt = work.session.begin_nested()
    work.open(employer=other(2))
    attempt.rollback()

    assert work.open(employer=other(3)).number == "PTH-J05-2026-00002"


def test_a_double_click_returns_the_same_case(work: Casework) -> None:
    first = work.open()

    second = work.open()

    assert (second.id, second.number, second.already) == (first.id, first.number, True)
    assert len(work.file().events) == 1


def test_another_case_for_the_same_employer_names_the_open_one(work: Casework) -> None:
    first = work.open(Violation.PWBD)

    with pytest.raises(Conflict, match=first.number):
        work.open(Violation.PIUTANG)


def test_after_closing_a_new_case_may_be_opened(work: Casework) -> None:
    first = work.open()
    work.close("LUNAS", Proof.PAYMENT)

    assert work.open(on=TODAY).id != first.id


def test_the_open_case_of_another_office_is_not_named(work: Casework) -> None:
    first = work.open()

    with pytest.raises(Conflict) as caught:
        service.open_by_hand(
            work.session,
            principal=work.cast.stranger,
            office_code="M01",
            employer=EMPLOYER,
            violations=frozenset({Violation.PWBD}),
            reason="Ditemui di lapangan.",
            on=TODAY,
            now=work.now,
        )

    assert first.number not in str(caught.value)


def test_the_database_itself_refuses_a_second_open_case(work: Casework) -> None:
    work.open()
    copy = sa.text(
        """
        INSERT INTO case_file (number, office_code, stage, opened_on, closed_reason, employer_key,
          npp, divisi, npwp, employer_name, employer, violations, collective_leave_counts,
          next_state, next_due_basis, version, created_at)
        SELECT 'X', office_code, stage, opened_on, closed_reason, employer_key, npp, divisi, npwp,
          employer_name, employer, violations, collective_leave_counts, next_state,
          next_due_basis, version, created_at FROM case_file
        """
    )

    with (
        pytest.raises(IntegrityError, match="uq_case_file_open_employer"),
        work.session.begin_nested(),
    ):
        work.session.connection().execute(copy)


def test_an_office_out_of_reach_cannot_be_given_a_case(work: Casework) -> None:
    with pytest.raises(NotFound):
        work.open(by=work.cast.stranger)


def test_an_auditor_opens_nothing(work: Casework) -> None:
    with pytest.raises(Forbidden):
        work.open(by=work.cast.auditor)


def test_a_machine_may_open_but_is_nobodys_officer(work: Casework) -> None:
    work.open(by=work.cast.machine)

    assert work.file().officer is None


def test_an_inspector_of_the_office_becomes_the_officer(work: Casework) -> None:
    work.open()

    officer = work.file().officer
    assert officer is not None
    assert officer.name == "Ratna"


def test_what_lacks_is_named_field_by_field(work: Casework) -> None:
    with pytest.raises(Invalid) as caught:
        service.open_by_hand(
            work.session,
            principal=work.cast.inspector,
            office_code="J05",
            employer=Employer(nama=" "),
            violations=frozenset(),
            reason="",
            on=TODAY,
            now=work.now,
        )

    assert {problem.field for problem in caught.value.fields} == {"nama", "violations", "reason"}


def test_a_case_cannot_be_opened_on_a_day_to_come(work: Casework) -> None:
    with pytest.raises(Invalid, match="belum tiba"):
        work.open(on=date(2026, 11, 21))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (Employer(nama="A", npp="AB1", npwp="1"), Employer(nama="B", npp="AB1", npwp="2")),
        (
            Employer(nama="A", npwp="0123456789012345"),
            Employer(nama="B", npwp="12.345.678.9-012.345"),
        ),
        (Employer(nama="A", nib="912"), Employer(nama="B", nib="912")),
        (Employer(nama=" pt  maju "), Employer(nama="PT MAJU")),
    ],
    ids=["npp", "npwp of 15 and 16", "nib", "name"],
)
def test_what_makes_an_employer_the_same(one: Employer, two: Employer) -> None:
    assert one.key == two.key
    assert one.key != replace(two, npp="ZZ9").key


def test_two_who_open_at_once_get_one_case(
    work: Casework, make_work: Callable[[], Casework]
) -> None:
    first, second = work.open(), make_work().open()

    assert first.id == second.id
    assert work.file().stage is Stage.VERIFICATION
