"""Two people, or one impatient one, at the same instant on two connections."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from threading import Barrier

import pytest
from sqlmodel import Session

from app.cases import queries, service
from app.cases.schemas import Employer, Opened
from app.cases.service import StepRequest, StepResult
from app.cases.stages import Action, Violation
from app.errors import Conflict
from app.infra.database import Database
from tests.cases.conftest import TODAY, Cast


@pytest.fixture
def committed(session: Session, cast: Cast) -> Cast:
    session.commit()
    return cast


def open_one(database: Database, cast: Cast, now: datetime, employer: Employer) -> Opened:
    with database.transaction() as session:
        return service.open_by_hand(
            session,
            principal=cast.inspector,
            office_code="J05",
            employer=employer,
            violations=frozenset({Violation.PWBD}),
            reason="Ditemui di lapangan.",
            on=date(2026, 1, 5),
            now=now,
        )


def test_the_same_employer_opened_at_once_is_one_case(
    database: Database, committed: Cast, now: datetime
) -> None:
    together = Barrier(4)

    def click(_: int) -> Opened:
        together.wait()
        return open_one(database, committed, now, Employer(nama="PT Satu", npp="AB000001"))

    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(click, range(4)))

    assert len({found.number for found in opened}) == 1
    assert sum(not found.already for found in opened) == 1


def test_different_employers_opened_at_once_get_numbers_without_gaps(
    database: Database, committed: Cast, now: datetime
) -> None:
    def click(number: int) -> str:
        employer = Employer(nama=f"PT {number}", npp=f"AB{number:06d}")
        return open_one(database, committed, now, employer).number

    with ThreadPoolExecutor(4) as pool:
        numbers = sorted(pool.map(click, range(8)))

    assert numbers == [f"PTH-J05-2026-{number:05d}" for number in range(1, 9)]


def test_the_same_step_taken_at_once_is_taken_once(
    database: Database, committed: Cast, now: datetime
) -> None:
    opened = open_one(database, committed, now, Employer(nama="PT Satu", npp="AB000001"))
    together = Barrier(2)

    def click(_: int) -> StepResult | Conflict:
        together.wait()
        try:
            with database.transaction() as session:
                return service.take_step(
                    session,
                    principal=replace(committed.inspector),
                    case_id=opened.id,
                    request=StepRequest(action=Action.VISIT, on=TODAY),
                    expected_version=1,
                    now=now,
                )
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(click, range(2)))

    assert sorted(type(result).__name__ for result in results) == ["Stale", "StepResult"]
    with database.transaction() as session:
        case = queries.case_file(
            session, principal=committed.inspector, case=opened.number, on=TODAY
        )
    assert len(case.steps) == 1
