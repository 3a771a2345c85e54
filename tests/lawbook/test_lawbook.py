"""Values of law that are added: two people, a day to come, and nothing that lies behind moves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.accounts.schemas import Principal
from app.errors import Conflict, Forbidden, Invalid
from app.law.contributions import contribution
from app.law.month import Month
from app.law.parameters.jp_ceiling import JP_CEILING
from app.law.parameters.rates import JKM_EMPLOYER
from app.lawbook import service, values
from app.lawbook.queries import law_in_force, law_known_at, proposal
from app.lawbook.schemas import Wanted

TODAY = date(2026, 11, 20)
FROM = date(2027, 3, 1)
CEILING = Wanted(
    key="jp.ceiling",
    valid_from=FROM,
    value=11_640_600,
    instrument="Surat BPJS Ketenagakerjaan",
    article="",
    grade="B",
    source="surat pengumuman",
    note="",
)
Propose = Callable[..., int]


@pytest.fixture
def people(session: Session, now: datetime) -> dict[str, Principal]:
    head = accounts_service.ensure_head_office(session, now=now, actor="test")
    for key, role in (("satu", "administrator"), ("dua", "legal_officer"), ("tiga", "inspector")):
        accounts_service.add_user(
            session, email=f"{key}@contoh.test", name=key.title(), role=role, office_code=head,
            password="rahasia panjang sekali", now=now, actor="test", title="Jabatan",
        )  # fmt: skip
    return {
        key: accounts.principal_by_email(session, email=f"{key}@contoh.test")
        for key in ("satu", "dua", "tiga")
    }


@pytest.fixture
def propose(session: Session, people: dict[str, Principal], now: datetime) -> Propose:
    def propose(wanted: Wanted = CEILING, by: str = "satu") -> int:
        made = service.propose(
            session, principal=people[by], wanted=wanted, impact={}, today=TODAY, now=now
        )
        return made.id

    return propose


def pension(session: Session, month: Month) -> int:
    found = contribution(
        month=month, wage=20_000_000, jkk_class=2, scale="besar", programmes=("JP",),
        labour_intensive=False, law=law_in_force(session),
    )  # fmt: skip
    return found.total


def test_a_value_takes_effect_from_its_day_once_a_second_person_has_approved_it(
    session: Session, people: dict[str, Principal], propose: Propose, now: datetime
) -> None:
    before = {month: pension(session, month) for month in (Month(2027, 2), Month(2027, 3))}
    number = propose()
    proposed = pension(session, Month(2027, 3))

    service.approve(session, principal=people["dua"], proposal_id=number, today=TODAY, now=now)

    assert proposed == before[Month(2027, 3)]
    assert pension(session, Month(2027, 2)) == before[Month(2027, 2)]
    assert pension(session, Month(2027, 3)) == 232_812 + 116_406
    known = law_in_force(session)[JP_CEILING]
    citation = known.versions[-1].citation
    assert (citation.checked_by, citation.checked_on) == ("Dua", TODAY)
    assert known.versions[-2].valid_to == date(2027, 2, 28)


def test_who_proposed_a_value_cannot_approve_it(
    session: Session, people: dict[str, Principal], propose: Propose, now: datetime
) -> None:
    number = propose()

    with pytest.raises(Forbidden, match="orang lain"):
        service.approve(session, principal=people["satu"], proposal_id=number, today=TODAY, now=now)

    assert law_in_force(session)[JP_CEILING] == JP_CEILING


@pytest.mark.parametrize(
    ("on", "allowed"), [(date(2026, 11, 20), False), (date(2026, 11, 21), True)]
)
def test_a_value_begins_tomorrow_at_the_earliest(propose: Propose, on: date, allowed: bool) -> None:
    wanted = replace(CEILING, key="stamp-duty", value=12_000, valid_from=on)

    if allowed:
        assert propose(wanted)
        return
    with pytest.raises(Invalid, match="2026-11-20") as refused:
        propose(wanted)
    assert [problem.field for problem in refused.value.fields] == ["valid_from"]


def test_a_value_whose_day_has_come_before_it_was_approved_is_not_put_in_force(
    session: Session, people: dict[str, Principal], propose: Propose, now: datetime
) -> None:
    number = propose()

    with pytest.raises(Invalid, match="2027-03-01"):
        service.approve(session, principal=people["dua"], proposal_id=number, today=FROM, now=now)


def test_the_same_day_is_not_proposed_twice(propose: Propose) -> None:
    propose()

    with pytest.raises(Conflict, match="Satu"):
        propose(by="dua")


def test_a_decided_proposal_is_not_decided_again(
    session: Session, people: dict[str, Principal], propose: Propose, now: datetime
) -> None:
    number = propose()
    service.refuse(
        session, principal=people["dua"], proposal_id=number, reason="Suratnya lain.", now=now
    )

    with pytest.raises(Conflict, match="Dua"):
        service.approve(session, principal=people["dua"], proposal_id=number, today=TODAY, now=now)

    assert propose(by="dua") != number


def test_the_proposer_withdraws_with_a_reason(
    session: Session, people: dict[str, Principal], propose: Propose, now: datetime
) -> None:
    number = propose()

    with pytest.raises(Invalid, match="alasan"):
        service.refuse(session, principal=people["satu"], proposal_id=number, reason=" ", now=now)
    service.refuse(session, principal=people["satu"], proposal_id=number, reason="Salah.", now=now)

    found = proposal(session, principal=people["satu"], proposal_id=number)
    assert (found.state, found.reason) == ("dicabut", "Salah.")


def test_an_inspector_reads_and_proposes_nothing(propose: Propose) -> None:
    with pytest.raises(Forbidden):
        propose(by="tiga")


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("instrument", replace(CEILING, instrument=" ")),
        ("source", replace(CEILING, source="")),
        ("grade", replace(CEILING, grade="C")),
    ],
)
def test_a_value_without_its_source_is_refused_by_field(
    propose: Propose, field: str, wanted: Wanted
) -> None:
    with pytest.raises(Invalid) as refused:
        propose(wanted)

    assert [problem.field for problem in refused.value.fields] == [field]


@pytest.mark.parametrize(
    ("text", "value"),
    [("0,3", Decimal("0.003")), ("0.30 %", Decimal("0.003")), ("100", Decimal(1)),
     ("0", Decimal(0))],
)  # fmt: skip
def test_a_share_is_written_in_per_cent(text: str, value: Decimal) -> None:
    assert values.read(JKM_EMPLOYER, text) == value


@pytest.mark.parametrize("text", ["", "101", "-1", "0,12345", "1e2", "tiga"])
def test_a_share_that_is_none_is_refused_with_what_was_written(text: str) -> None:
    with pytest.raises(Invalid, match="persen"):
        values.read(JKM_EMPLOYER, text)


@pytest.mark.parametrize(
    ("text", "value"), [("Rp11.086.300", 11_086_300), ("11086300", 11_086_300), ("0", 0)]
)
def test_rupiah_are_read_with_and_without_dots(text: str, value: int) -> None:
    assert values.read(JP_CEILING, text) == value


@pytest.mark.parametrize("text", ["11,5", "1.08", "11.086.30", "-5", "1_000"])
def test_an_amount_that_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="bulat"):
        values.read(JP_CEILING, text)


def test_the_law_of_an_earlier_instant_lacks_what_was_approved_later(
    session: Session, people: dict[str, Principal], propose: Propose, now: datetime
) -> None:
    number = propose()
    service.approve(session, principal=people["dua"], proposal_id=number, today=TODAY, now=now)

    before = law_known_at(session, now - timedelta(seconds=1))

    assert before[JP_CEILING] == JP_CEILING
    assert law_known_at(session, now) == law_in_force(session)
    assert law_known_at(session, now)[JP_CEILING] != JP_CEILING


def test_a_number_of_a_detection_rule_is_changed_on_the_rule_alone(
    session: Session, people: dict[str, Principal]
) -> None:
    wanted = replace(CEILING, key="detection.arrears", value=2)

    with pytest.raises(Invalid, match="halaman aturannya"):
        service.draft(session, principal=people["satu"], wanted=wanted, today=TODAY)
