"""Papers with a term as their people register them, and what the case says of them."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from app.audit.tables import AuditEntry
from app.cases import service, watch
from app.cases.papers import PaperKind
from app.cases.radar import SignalKind
from app.cases.service import PaperGiven
from app.cases.stages import Action, Proof
from app.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cases.conftest import TODAY, Casework

SKK = PaperGiven(
    kind=PaperKind.MANDATE, number="SKK/1/2026", signed_on=date(2026, 3, 1),
    valid_until=date(2026, 12, 1), substitution=True,
)  # fmt: skip
PUPN = PaperGiven(kind=PaperKind.PUPN, number="S-7/KNL/2026", signed_on=date(2026, 3, 2))
PKS = PaperGiven(kind=PaperKind.AGREEMENT, number="PKS/3", signed_on=date(2026, 1, 2))


def record(work: Casework, given: PaperGiven) -> int:
    paper = service.record_paper(
        work.session, principal=work.cast.inspector, case_id=work.case_id, given=given, now=work.now
    )
    return paper.id


def end(work: Casework, paper_id: int, on: date = TODAY, reason: str = "Ditarik kembali.") -> None:
    service.end_paper(
        work.session, principal=work.cast.inspector, paper_id=paper_id, ended_on=on,
        reason=reason, now=work.now,
    )  # fmt: skip


def test_a_paper_is_on_the_timeline_and_a_second_click_keeps_it_once(work: Casework) -> None:
    work.open()
    before = work.version

    first = record(work, SKK)
    again = record(work, SKK)

    file = work.file()
    assert first == again
    assert file.version == before + 1
    assert [paper.number for paper in file.court.position.trail.papers] == ["SKK/1/2026"]
    assert file.events[-1].verb == "paper_recorded"


def test_a_debt_with_pupn_cannot_be_referred_until_pupn_gives_it_back(work: Casework) -> None:
    work.open()
    work.inspect()
    work.warn_twice()
    assert work.file().option(Action.REFER).allowed

    pupn = record(work, PUPN)
    refused = work.file().option(Action.REFER)

    assert not refused.allowed
    assert "PUPN/KPKNL" in str(refused.reasons[0])
    with pytest.raises(Exception, match="S-7/KNL/2026"):
        work.propose(Action.REFER, TODAY)
    end(work, pupn, on=date(2026, 11, 19))
    assert work.file().option(Action.REFER).allowed


def test_a_proposal_goes_stale_when_a_paper_joins_the_case(work: Casework) -> None:
    work.open()
    work.inspect()
    work.warn_twice()
    proposed = work.propose(Action.REFER, TODAY)

    record(work, PUPN)

    with pytest.raises(Conflict):
        work.approve(proposed.approval_id)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": " "}, "number"),
        ({"signed_on": date(2026, 11, 21)}, "signed_on"),
        ({"valid_until": date(2026, 2, 28)}, "valid_until"),
        ({"kind": PaperKind.ORDER}, "substitution"),
        ({"kind": PaperKind.PUPN, "substitution": None, "stamped": True}, "stamped"),
        ({"kind": PaperKind.AGREEMENT, "substitution": None}, "kind"),
    ],
)
def test_a_paper_that_cannot_be_is_refused_by_its_field(
    work: Casework, change: dict[str, object], field: str
) -> None:
    work.open()

    with pytest.raises(Invalid) as refused:
        record(work, replace(SKK, **change))  # type: ignore[arg-type]

    assert [problem.field for problem in refused.value.fields] == [field]


def test_an_agreement_is_of_the_office_and_seen_in_all_its_cases(work: Casework) -> None:
    work.open()

    service.record_office_paper(
        work.session, principal=work.cast.legal, office_code="J05", given=PKS, now=work.now
    )

    assert [paper.number for paper in work.file().court.position.trail.papers] == ["PKS/3"]
    with pytest.raises(Invalid):
        service.record_office_paper(
            work.session, principal=work.cast.legal, office_code="J05", given=SKK, now=work.now
        )


def test_papers_of_other_offices_are_not_there(work: Casework) -> None:
    work.open()
    paper = record(work, SKK)
    stranger = work.cast.stranger

    with pytest.raises(NotFound):
        service.end_paper(
            work.session, principal=stranger, paper_id=paper, ended_on=TODAY, reason="x",
            now=work.now,
        )  # fmt: skip
    with pytest.raises(NotFound):
        service.record_office_paper(
            work.session, principal=stranger, office_code="J05", given=PKS, now=work.now
        )
    with pytest.raises(Forbidden):
        service.record_office_paper(
            work.session, principal=work.cast.auditor, office_code="J05", given=PKS, now=work.now
        )
    assert watch.signals(work.session, principal=stranger, on=TODAY, within_days=90) == ()


@pytest.mark.parametrize(
    ("on", "reason"),
    [(date(2026, 11, 21), "x"), (date(2026, 2, 28), "x"), (TODAY, " ")],
    ids=["to-come", "before-it-was-signed", "no-reason"],
)
def test_a_paper_ends_on_a_day_that_can_be_and_for_a_reason(
    work: Casework, on: date, reason: str
) -> None:
    work.open()
    paper = record(work, SKK)

    with pytest.raises(Invalid):
        end(work, paper, on=on, reason=reason)


def test_a_paper_ends_once(work: Casework) -> None:
    work.open()
    paper = record(work, SKK)
    end(work, paper)

    with pytest.raises(Conflict):
        end(work, paper)


def test_the_radar_shows_papers_and_deadlines_of_open_cases(work: Casework) -> None:
    work.open()
    record(work, SKK)
    service.record_office_paper(
        work.session, principal=work.cast.legal, office_code="J05",
        given=replace(PKS, valid_until=date(2026, 11, 1)), now=work.now,
    )  # fmt: skip

    found = watch.signals(work.session, principal=work.cast.inspector, on=TODAY, within_days=30)

    assert [(signal.kind, signal.owner.officer) for signal in found] == [
        (SignalKind.EXPIRED, ""),
        (SignalKind.SOON, "Ratna"),
    ]
    work.close("PATUH", Proof.REGISTRATION)
    later = watch.signals(work.session, principal=work.cast.inspector, on=TODAY, within_days=30)
    assert [signal.kind for signal in later] == [SignalKind.EXPIRED]


def test_what_a_letter_says_of_its_addressee_is_kept_with_it(work: Casework) -> None:
    work.open()
    request = replace(
        work.request(Action.SEND_NOTICE, date(2026, 1, 6), Proof.LETTER),
        addressee="PT Orang Lain", address="Jl. Lain 1",
    )  # fmt: skip

    service.take_step(
        work.session, principal=work.cast.inspector, case_id=work.case_id, request=request,
        expected_version=work.version, now=work.now,
    )  # fmt: skip

    assert "wrong-addressee" in {defect.code for defect in work.file().defects}


def test_an_addressee_survives_the_second_person(work: Casework) -> None:
    work.open()
    work.inspect()
    request = replace(
        work.request(Action.WARN_1, date(2026, 2, 2), Proof.LETTER), addressee="PT Orang Lain"
    )
    proposed = service.propose(
        work.session, principal=work.cast.inspector, case_id=work.case_id, request=request,
        expected_version=work.version, now=work.now,
    )  # fmt: skip

    work.approve(proposed.approval_id)

    assert work.file().court.position.trail.sent[-1].addressee == "PT Orang Lain"


def test_an_office_paper_is_audited(work: Casework) -> None:
    service.record_office_paper(
        work.session, principal=work.cast.legal, office_code="J05", given=PKS, now=work.now
    )

    assert work.session.exec(select(AuditEntry.action)).all()[-1] == "cases.paper_recorded"
