"""What is said of links after a case was opened, and whether it speaks against the case."""

from datetime import timedelta

import pytest

from app.cases.relinked import relinked
from app.cases.schemas import Employer
from app.cases.stages import Violation
from app.cases.tables import CaseFlagRow
from app.linkage.schemas import EMPLOYER, OUTSIDE, WORKER
from app.linkage.tables import LinkageDecision
from tests.cases.conftest import EMPLOYER as REGISTERED
from tests.cases.conftest import Casework

UNKNOWN = Employer(nama="CV Tanpa Nomor", kode_wilayah="31.74", sumber="WLKP", id_sumber="W-1")
NPP = REGISTERED.npp


@pytest.fixture
def outside(work: Casework) -> Casework:
    """A case against an employer without NPP whom two agencies list."""
    work.open(Violation.PWBD, employer=UNKNOWN)
    flag(
        work, "PWBD", {"sumber": "WLKP", "id_sumber": "W-1"}, {"sumber": "DJP", "id_sumber": "D-1"}
    )
    return work


@pytest.fixture
def registered(work: Casework) -> Casework:
    """A case about a worker whom only an agency lists, and about arrears."""
    work.open(Violation.PDS_TK, Violation.PIUTANG, employer=REGISTERED)
    flag(
        work, "PDS_TK",
        {"sumber": "WLKP", "id_sumber": "W-1", "nik": "············0021", "nama": "Anna"},
    )  # fmt: skip
    flag(work, "PIUTANG", {"blth": "2026-01"})
    return work


def flag(work: Casework, rule: str, *values: dict[str, str]) -> None:
    work.session.add(
        CaseFlagRow(
            case_id=work.case_id,
            flag_id=len(rule),
            rule=rule,
            snapshot_id="",
            content={"evidence": [{"table": "t", "line": 2, "values": one} for one in values]},
            added_on=work.now.date(),
        )
    )
    work.session.flush()


def say(
    work: Casework,
    verdict: str,
    *records: tuple[str, str],
    later: int = 1,
    kunci: str = "nama:x",
    kind: str = EMPLOYER,
    npp: str = NPP,
    other: tuple[str, str] | None = None,
) -> None:
    """Let somebody decide `later` hours after the case was opened; before it when below 0."""
    work.session.add(
        LinkageDecision(
            kind=kind,
            kunci=kunci,
            npp=npp,
            member="3174011204850099" if kind == WORKER else "",
            records=[list(record) for record in records or (("WLKP", "W-1"),)],
            other_records=[list(other)] if other else [],
            verdict=verdict,
            reason="Akta dilihat.",
            shown={},
            kantor_cabang="J05",
            actor="user:1",
            recorded_at=work.now + timedelta(hours=later),
        )
    )
    work.session.flush()


def told(work: Casework) -> list[tuple[str, str, tuple[str, ...], str]]:
    found = relinked(work.session, principal=work.cast.inspector, case_id=work.case_id)
    return [(one.was, one.now, one.rules, one.proposal) for one in found]


def test_that_an_unregistered_employer_is_a_registered_one_speaks_against_the_case(
    outside: Casework,
) -> None:
    assert told(outside) == []
    say(outside, "beda")
    assert told(outside) == []
    say(outside, "sama", later=2)
    assert told(outside) == [("", "sama", ("PWBD",), "tarik")]
    say(outside, "dicabut", later=3)
    assert told(outside) == []


def test_what_was_said_before_the_case_was_opened_is_no_news_until_it_is_taken_back(
    outside: Casework,
) -> None:
    say(outside, "beda", later=-1)
    assert told(outside) == []
    say(outside, "dicabut")
    assert told(outside) == [("beda", "", ("PWBD",), "tarik")]


def test_a_later_word_about_another_record_hides_nothing(outside: Casework) -> None:
    say(outside, "sama", ("WLKP", "W-1"), later=1)
    say(outside, "beda", ("DJP", "D-1"), later=2)

    assert told(outside) == [("", "sama", ("PWBD",), "tarik")]


def test_one_decision_about_two_records_is_told_once(outside: Casework) -> None:
    say(outside, "sama", ("WLKP", "W-1"), ("DJP", "D-1"))

    assert told(outside) == [("", "sama", ("PWBD",), "tarik")]


def test_that_rows_are_not_those_of_a_registered_employer_speaks_against_what_rests_on_them(
    registered: Casework,
) -> None:
    say(registered, "sama")
    assert told(registered) == []
    say(registered, "beda", later=2, npp="ZZ999999")
    assert told(registered) == []
    say(registered, "beda", later=3)
    assert told(registered) == [("", "beda", ("PDS_TK",), "sesuaikan")]


@pytest.mark.parametrize(("nik", "found"), [("3174011204850021", 1), ("3174011204850022", 0)])
def test_a_word_about_a_worker_counts_where_a_flag_named_that_worker(
    registered: Casework, nik: str, found: int
) -> None:
    say(registered, "sama", kind=WORKER, kunci=f"nik:{nik}")

    assert len(told(registered)) == found


@pytest.mark.parametrize(("first", "second"), [("WLKP", "DJP"), ("DJP", "WLKP")])
def test_that_two_rows_of_a_case_are_two_employers_speaks_against_it(
    outside: Casework, first: str, second: str
) -> None:
    of = {"WLKP": ("WLKP", "W-1"), "DJP": ("DJP", "D-1")}
    say(outside, "sama", *of.values(), kind=OUTSIDE, npp="", other=of["DJP"])
    assert told(outside) == []
    say(outside, "beda", of[first], of[second], kind=OUTSIDE, npp="", later=2, other=of[second])
    assert told(outside) == [("", "beda", ("PWBD",), "tarik")]
    say(outside, "dicabut", *of.values(), kind=OUTSIDE, npp="", later=3, other=of["DJP"])
    assert told(outside) == []


def test_a_word_about_a_row_that_the_case_does_not_have_says_nothing_of_it(
    outside: Casework,
) -> None:
    say(
        outside, "beda", ("WLKP", "W-1"), ("OSS", "O-9"), kind=OUTSIDE, npp="", other=("OSS", "O-9")
    )

    assert told(outside) == []
