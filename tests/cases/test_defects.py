"""What would sink a case in court, each rule in a boundary pair, and the gate it shuts."""

from dataclasses import replace
from datetime import date

import pytest

from app.cases.defects import RULES, CourtFacts, PacketFacts, Severity, defects, fatal
from app.cases.gates import unmet
from app.cases.papers import Handed, Paper, PaperKind, PaperTrail, Sent
from app.cases.positions import Done, Position
from app.cases.stages import Action, Stage, Violation
from app.infra.calendars import packaged_calendar
from app.infra.wording import english
from app.law.book import SHIPPED
from app.law.citation import Citation

CALENDAR = packaged_calendar()
ON = date(2026, 11, 20)
NAME, ADDRESS = "PT Sinar Baja Contoh", "Jl. Industri No. 5, Cikarang"
# Warning I received on 3 February 2026: its ten working days end on 19 February.
WARNED = (
    Done(seq=1, action=Action.WARN_1, on=date(2026, 2, 2), received_on=date(2026, 2, 3)),
    Done(seq=2, action=Action.WARN_2, on=date(2026, 2, 20), received_on=date(2026, 2, 23)),
)


def court(
    *steps: Done,
    trail: PaperTrail | None = None,
    packet: PacketFacts | None = None,
    violations: frozenset[Violation] = frozenset({Violation.PWBD}),
    stage: Stage = Stage.WARNING_2,
    on: date = ON,
) -> CourtFacts:
    stands = Position(
        stage=stage,
        opened_on=date(2026, 1, 5),
        violations=violations,
        law=SHIPPED,
        steps=steps,
        trail=trail or PaperTrail(employer=NAME, address=ADDRESS),
    )
    return CourtFacts(position=stands, on=on, calendar=CALENDAR, packet=packet)


def codes(facts: CourtFacts) -> set[str]:
    return {defect.code for defect in defects(facts)}


def paper(kind: PaperKind, **changes: object) -> Paper:
    known = Paper(id=1, case_id=7, kind=kind, number="1/2026", signed_on=date(2026, 1, 2))
    return replace(known, **changes)  # type: ignore[arg-type]


def with_papers(*papers: Paper, on: date = ON, **changes: object) -> CourtFacts:
    facts = court(trail=PaperTrail(employer=NAME, address=ADDRESS, papers=papers), on=on)
    return replace(facts, **changes)  # type: ignore[arg-type]


def test_a_case_without_a_fault_has_no_defect() -> None:
    assert defects(court(*WARNED)) == ()


@pytest.mark.parametrize(("day", "early"), [(date(2026, 2, 19), True), (date(2026, 2, 20), False)])
def test_a_second_warning_comes_after_the_last_day_of_the_first(day: date, *, early: bool) -> None:
    facts = court(WARNED[0], replace(WARNED[1], on=day))

    assert ("warning-early" in codes(facts)) is early


def test_a_second_warning_before_proof_of_the_first_is_fatal() -> None:
    found = defects(court(replace(WARNED[0], received_on=None), WARNED[1]))

    assert (found[0].code, found[0].severity) == ("warning-early", Severity.FATAL)
    assert "terbukti diterima" in str(found[0].sentence)


# Warning II received on 23 February 2026: it ends on 9 March.
@pytest.mark.parametrize(("day", "early"), [(date(2026, 3, 9), True), (date(2026, 3, 10), False)])
def test_a_fine_comes_after_the_last_day_of_the_second_warning(day: date, *, early: bool) -> None:
    facts = court(*WARNED, Done(seq=3, action=Action.IMPOSE_FINE, on=day))

    assert ("fine-early" in codes(facts)) is early


def test_a_fine_before_proof_of_the_second_warning_is_fatal() -> None:
    unproved = replace(WARNED[1], received_on=None)
    fine = Done(seq=3, action=Action.IMPOSE_FINE, on=date(2026, 3, 10))

    found = defects(court(WARNED[0], unproved, fine))

    assert (found[0].code, found[0].severity) == ("fine-early", Severity.FATAL)
    assert "terbukti diterima" in str(found[0].sentence)


def letter(addressee: str = NAME, address: str = ADDRESS, seq: int = 1) -> Sent:
    return Sent(
        seq=seq, action=Action.SEND_NOTICE, on=date(2026, 1, 6), number="B/1/012026",
        addressee=addressee, address=address,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (letter(), set()),
        (letter("P.T. SINAR BAJA  CONTOH", "Jl Industri No 5 Cikarang"), set()),
        (letter("", ""), set()),
        (letter("PT Sinar Baja Lain"), {"wrong-addressee"}),
        (letter(address="Jl. Lama No. 1"), {"wrong-address"}),
    ],
    ids=["right", "other-spelling", "not-recorded", "other-name", "other-address"],
)
def test_a_letter_goes_to_the_employer_on_record(sent: Sent, found: set[str]) -> None:
    trail = PaperTrail(employer=NAME, address=ADDRESS, sent=(sent,))

    assert codes(court(trail=trail)) == found


def test_a_letter_sent_again_to_the_right_place_heals_the_first() -> None:
    trail = PaperTrail(employer=NAME, address=ADDRESS, sent=(letter("PT Lain"), letter(seq=2)))

    assert codes(court(trail=trail)) == set()


@pytest.mark.parametrize(
    ("known_on", "found"),
    [(date(2026, 1, 6), {"wrong-addressee"}), (date(2026, 1, 7), set())],
    ids=["known-that-day", "known-later"],
)
def test_the_name_on_the_day_of_the_letter_counts(known_on: date, found: set[str]) -> None:
    packet = PacketFacts(
        registered_name="PT Sinar Baja Baru", registered_address=ADDRESS, registered_on=known_on
    )
    trail = PaperTrail(employer=NAME, address=ADDRESS, sent=(letter(),))

    assert codes(court(trail=trail, packet=packet)) == found


@pytest.mark.parametrize(("capacity", "lacking"), [("", True), ("Resepsionis", False)])
def test_a_receiver_without_a_capacity_is_said(capacity: str, *, lacking: bool) -> None:
    received = Handed(seq=1, received_on=date(2026, 2, 3), receiver="Wati", capacity=capacity)
    trail = PaperTrail(employer=NAME, address=ADDRESS, handed=(received,))

    found = defects(court(WARNED[0], trail=trail))

    assert [item.code for item in found] == (["no-capacity"] if lacking else [])
    assert all(item.severity is Severity.REPAIRABLE for item in found)


def test_a_second_receipt_with_a_capacity_heals_the_first() -> None:
    received = Handed(seq=1, received_on=date(2026, 2, 3), receiver="Wati", capacity="")
    trail = PaperTrail(handed=(received, replace(received, capacity="Direktur")))

    assert "no-capacity" not in codes(court(WARNED[0], trail=trail))


@pytest.mark.parametrize(
    ("until", "expired"), [(date(2026, 11, 19), True), (ON, False), (None, False)]
)
def test_a_mandate_stands_through_its_last_day(until: date | None, *, expired: bool) -> None:
    skk = paper(PaperKind.MANDATE, valid_until=until, substitution=True)

    assert ("mandate-expired" in codes(with_papers(skk))) is expired


def test_a_new_mandate_heals_an_expired_one() -> None:
    old = paper(PaperKind.MANDATE, valid_until=date(2026, 6, 1), substitution=True)
    new = paper(PaperKind.MANDATE, id=2, signed_on=date(2026, 6, 2), substitution=True)

    assert codes(with_papers(old, new)) == set()


@pytest.mark.parametrize(
    ("known", "code"),
    [(True, set()), (None, {"substitution-unknown"}), (False, {"mandate-without-substitution"})],
)
def test_a_mandate_says_that_it_may_be_passed_on(known: bool | None, code: set[str]) -> None:
    assert codes(with_papers(paper(PaperKind.MANDATE, substitution=known))) == code


REPORTED = Done(seq=1, action=Action.REPORT_FINDINGS, on=date(2026, 1, 20))
REFERRED = Done(seq=2, action=Action.REFER, on=date(2026, 4, 1))


@pytest.mark.parametrize(
    ("until", "lapsed"), [(date(2026, 3, 31), True), (date(2026, 4, 1), False)]
)
def test_the_agreement_is_in_force_on_the_day_of_the_referral(until: date, *, lapsed: bool) -> None:
    pks = paper(PaperKind.AGREEMENT, case_id=None, valid_until=until)
    facts = court(REPORTED, REFERRED, trail=PaperTrail(papers=(pks,)))

    assert ("agreement-lapsed" in codes(facts)) is lapsed


def test_an_agreement_nobody_recorded_is_said_once_the_findings_are_in() -> None:
    assert "agreement-lapsed" in codes(court(REPORTED))
    assert "agreement-lapsed" not in codes(court())


@pytest.mark.parametrize(
    ("ended_on", "both"), [(None, True), (ON, True), (date(2026, 11, 19), False)]
)
@pytest.mark.parametrize("kind", [PaperKind.PUPN, PaperKind.POLICE])
def test_one_debt_has_one_collector(kind: PaperKind, ended_on: date | None, *, both: bool) -> None:
    assert ("two-collectors" in codes(with_papers(paper(kind, ended_on=ended_on)))) is both


@pytest.mark.parametrize(("claim", "high"), [(500_000_000, False), (500_000_001, True)])
def test_a_small_claim_stays_within_its_ceiling(claim: int, *, high: bool) -> None:
    chosen = paper(PaperKind.SMALL_CLAIM)

    assert ("claim-too-high" in codes(with_papers(chosen, packet=PacketFacts(claim=claim)))) is high
    assert "claim-too-high" not in codes(with_papers(packet=PacketFacts(claim=claim)))


@pytest.mark.parametrize(
    ("violations", "wrong"),
    [
        ({Violation.PIUTANG}, False),
        ({Violation.PIUTANG, Violation.PDS_TK}, False),
        ({Violation.PDS_TK}, True),
        ({Violation.PWBD, Violation.PIUTANG}, True),
    ],
)
def test_pasal_55_needs_a_breach_of_pasal_19(violations: set[Violation], *, wrong: bool) -> None:
    facts = court(violations=frozenset(violations), packet=PacketFacts(criminal_clause=True))

    assert ("criminal-clause" in codes(facts)) is wrong


@pytest.mark.parametrize(
    ("grade", "checked_by", "code"),
    [
        ("A", None, set()),
        ("B", None, {"unchecked-citation"}),
        ("B", "Lestari", set()),
        ("C", None, {"unverified-citation"}),
        ("C", "Lestari", {"unverified-citation"}),
    ],
)
def test_a_citation_is_read_before_it_is_printed(
    grade: str, checked_by: str | None, code: set[str]
) -> None:
    cited = Citation(
        instrument="UU 99/2099", article="Pasal 1", grade=grade,  # type: ignore[arg-type]
        source="S0", checked_by=checked_by,
    )  # fmt: skip

    assert codes(court(packet=PacketFacts(citations=(cited,)))) == code


def test_figures_frozen_before_the_last_snapshot_are_said() -> None:
    frozen = PacketFacts(outdated=True, frozen_on=date(2026, 10, 31), newest_on=date(2026, 11, 15))

    assert codes(court(packet=frozen)) == {"frozen-early"}
    assert codes(court(packet=replace(frozen, outdated=False))) == set()


@pytest.mark.parametrize(("stamped", "lacking"), [(False, True), (True, False), (None, False)])
def test_a_mandate_without_its_stamp_is_said(stamped: bool | None, *, lacking: bool) -> None:
    skk = paper(PaperKind.MANDATE, substitution=True, stamped=stamped)

    assert ("unstamped" in codes(with_papers(skk))) is lacking


def test_a_fatal_defect_shuts_the_referral_with_its_sentence_and_a_repairable_one_does_not() -> (
    None
):
    pupn = with_papers(paper(PaperKind.PUPN))
    unstamped = with_papers(paper(PaperKind.MANDATE, substitution=True, stamped=False))
    (deadly,) = fatal(pupn.position, on=ON, calendar=CALENDAR)

    def reasons(facts: CourtFacts) -> list[str]:
        found = unmet(facts.position, Action.REFER, on=ON, calendar=CALENDAR)
        return [str(item.problem) for item in found]

    assert str(deadly.sentence) in reasons(pupn)
    assert reasons(unstamped) == reasons(court())
    assert not any(
        item.problem == deadly.sentence
        for item in unmet(pupn.position, Action.CLOSE, on=ON, calendar=CALENDAR)
    )


def test_the_fatal_ones_come_first() -> None:
    skk = paper(PaperKind.MANDATE, stamped=False, substitution=False)

    found = [defect.severity for defect in defects(with_papers(skk))]

    assert found == sorted(found, key=lambda severity: severity is not Severity.FATAL)
    assert len(set(found)) == 2


def test_every_rule_has_its_reading_and_its_repair_in_both_languages() -> None:
    said = {text for rule in RULES for text in (rule.reading, rule.repair, rule.citation.note)}

    assert sorted(said - {""} - english().keys()) == []
    assert len({rule.code for rule in RULES}) == len(RULES)
