"""What a packet says is decided without any I/O."""

from dataclasses import replace
from datetime import date

import pytest

from app.errors import Refused
from app.law.month import Month
from app.packets.canonical import basis_hash, check_code, content_hash
from app.packets.compose import compose, compose_draft
from app.packets.content import ReferralPacket
from app.packets.dossier import Dossier, Violation
from tests.packets import sample


def only(dossier: Dossier, *codes: str) -> Dossier:
    kept = tuple(v for v in dossier.violations if v.code in codes)
    return replace(dossier, violations=kept)


def test_the_totals_are_those_the_law_computed(packet: ReferralPacket) -> None:
    owed = sample.dossier().arrears

    assert packet.dues is not None
    assert owed is not None
    assert packet.dues.total == owed.total == packet.dues.principal + packet.dues.penalty
    assert packet.dues.principal == sum(p.outstanding for p in packet.dues.programmes)
    assert packet.dues.penalty == sum(p.penalty for p in packet.dues.programmes)
    assert packet.dues.penalty == sum(m.penalty for m in packet.dues.months if m.is_due)


def test_the_administrative_fine_is_a_ledger_of_its_own(packet: ReferralPacket) -> None:
    assert packet.fine is not None
    assert packet.dues is not None

    without = compose(replace(sample.dossier(), fine=None), version=1)

    assert without.dues == packet.dues


def test_the_estimates_leave_the_arrears_out(packet: ReferralPacket) -> None:
    assert packet.potential == 18_200_000


def test_a_nik_shows_its_last_four_digits_only(packet: ReferralPacket) -> None:
    assert packet.workers
    assert all(row.nik[:12] == "·" * 12 and len(row.nik) == 16 for row in packet.workers)


def test_those_who_are_not_registered_stand_first(packet: ReferralPacket) -> None:
    assert [row.status for row in packet.workers[:5]] == ["belum_terdaftar"] * 4 + ["aktif"]
    assert [row.number for row in packet.workers] == list(range(1, len(packet.workers) + 1))


def test_an_exhibit_keeps_the_number_the_case_gave_it() -> None:
    kept = tuple(item for item in sample.evidence() if item.exhibit != "P-2")

    made = compose(replace(sample.dossier(), evidence=kept), version=1)

    assert [item.number for item in made.exhibits] == [f"P-{n}" for n in (1, *range(3, 11))]


def test_every_thing_that_is_missing_is_named() -> None:
    whole = sample.dossier()
    bare = replace(
        whole,
        office=replace(whole.office, head_name="", prosecutor_office=""),
        officer=None,
        evidence=(),
        events=(),
        workers=(),
        violations=tuple(replace(v, workers=0) for v in whole.violations),
    )

    with pytest.raises(Refused) as refusal:
        compose(bare, version=1)

    assert {gap.field for gap in refusal.value.missing} == {
        "office",
        "prosecutor",
        "officer",
        "workers",
        "notice",
        "inspection",
        "warning_1",
        "warning_2",
        "chronology",
        "exhibits",
    }
    assert all(str(gap) for gap in refusal.value.missing)


def test_a_warning_without_proof_of_receipt_is_missing() -> None:
    events = tuple(
        replace(event, received_on=None) if event.subject == "warning_2" else event
        for event in sample.events()
    )

    with pytest.raises(Refused) as refusal:
        compose(replace(sample.dossier(), events=events), version=1)

    assert [gap.field for gap in refusal.value.missing] == ["warning_2"]


def test_arrears_alone_need_no_warnings() -> None:
    events = tuple(e for e in sample.events() if e.subject not in {"warning_1", "warning_2"})

    made = compose(only(replace(sample.dossier(), events=events), "PIUTANG"), version=1)

    statuses = {row.key: row.status for row in made.completeness}
    assert (statuses["warning_1"], statuses["warning_2"]) == ("tidak_perlu", "tidak_perlu")


def test_an_unregistered_employer_needs_no_npp() -> None:
    unknown = sample.dossier()
    pwbd = Violation(code="PWBD", workers=12, months=0, potential=9_000_000, sentence="Terlihat.")
    asked = replace(
        unknown, employer=replace(unknown.employer, npp=""), violations=(pwbd,), arrears=None
    )

    assert compose(asked, version=1).dues is None


def test_arrears_that_were_paid_leave_nothing_to_refer() -> None:
    with pytest.raises(Refused) as refusal:
        compose(replace(sample.dossier(), arrears=None), version=1)

    assert [gap.field for gap in refusal.value.missing] == ["dues"]


def test_a_history_that_was_paid_is_no_claim() -> None:
    facts = only(sample.dossier(), "PDS_TK")
    paid = replace(facts, arrears=sample.paid_up())

    packet = compose(paid, version=1)

    assert packet.dues is not None
    assert packet.owed is None
    assert packet.claim_within_small_claims is None


def test_every_part_paid_late_is_shown_with_its_day_and_its_months(packet: ReferralPacket) -> None:
    assert packet.dues is not None

    told = [(d.paid_on, d.amount, d.months) for d in packet.dues.late_payments]
    late = {d.month: d.penalty for d in packet.dues.late_payments}

    # July 2025 was due on 15 August 2025: five months and five days; August on 15 September.
    assert told == [(date(2026, 1, 20), 19_032_300, 6), (date(2026, 2, 3), 4_000_000, 5)]
    assert all(d.penalty == d.amount * d.rate_per_month * d.months
               for d in packet.dues.late_payments)  # fmt: skip
    assert [m.penalty for m in packet.dues.months if not m.outstanding] == [late[Month(2025, 7)]]


def test_the_contribution_rates_stand_beside_the_bills(packet: ReferralPacket) -> None:
    assert packet.dues is not None

    rates = packet.dues.assumptions[0]

    assert rates.value == "JKK 0,89 %; JKM 0,3 %; JHT 3,7 % + 2 %; JP 2 % + 1 %"
    assert rates.citation is not None
    assert "PP 46/2015" in rates.citation


def test_a_step_of_the_analysis_names_what_it_rests_on(packet: ReferralPacket) -> None:
    points = {point.key: point for point in packet.analysis}

    assert [packet.legal_basis[n - 1].articles for n in points["authority"].norms] == [
        "Pasal 30 ayat (2)",
        "Pasal 11 huruf a, huruf c, dan huruf f",
    ]
    assert all(point.norms for point in packet.analysis)
    assert {e.number: e.proves for e in packet.exhibits}["P-3"] == "amount"


def test_the_letter_of_the_fine_does_not_prove_the_contributions() -> None:
    fine = replace(sample.evidence()[3], id=99, exhibit="P-11", subject="fine")
    facts = replace(sample.dossier(), evidence=(*sample.evidence(), fine))

    points = {point.key: point.exhibits for point in compose(facts, version=1).analysis}

    assert points["amount"] == ("P-3",)


def test_the_list_and_the_number_of_workers_agree(packet: ReferralPacket) -> None:
    assert packet.workers_concerned == len(packet.workers) == 42


def test_a_letter_that_nobody_received_is_no_notice() -> None:
    events = tuple(
        replace(event, received_on=None) if event.subject == "notice" else event
        for event in sample.events()
    )

    with pytest.raises(Refused) as refusal:
        compose(replace(sample.dossier(), events=events), version=1)

    assert [gap.field for gap in refusal.value.missing] == ["notice"]


def test_the_sheet_says_what_is_not_there() -> None:
    kept = tuple(e for e in sample.evidence() if e.subject not in {"registration", "dues"})

    rows = {row.key: row for row in compose(replace(sample.dossier(), evidence=kept),
                                            version=1).completeness}  # fmt: skip

    assert rows["registration"].status == rows["billing"].status == "kemudian"
    assert rows["order"].reference == "Bagian 14: P-1"
    # An assignment letter of the inspector is not the mandate of who signs.
    assert rows["mandate"].status == rows["management"].status == "kemudian"


def test_an_incomplete_case_has_a_draft() -> None:
    draft = compose_draft(replace(sample.dossier(), evidence=()))

    assert draft.status == "konsep"
    assert "belum" in {row.status for row in draft.completeness}


def test_an_approval_holds_for_the_draft_and_the_packet_of_the_same_facts() -> None:
    facts = sample.dossier()

    assert basis_hash(compose_draft(facts)) == basis_hash(compose(facts, version=3))
    assert content_hash(compose(facts, version=1)) != content_hash(compose(facts, version=2))


def test_an_approval_ends_with_any_change_of_what_is_printed() -> None:
    facts = sample.dossier()
    other = replace(facts, letter=replace(facts.letter, on=date(2026, 11, 3)))

    assert basis_hash(compose_draft(facts)) != basis_hash(compose_draft(other))


def test_the_order_of_what_was_gathered_does_not_matter() -> None:
    facts = sample.dossier()
    shuffled = replace(
        facts,
        workers=facts.workers[::-1],
        events=facts.events[::-1],
        evidence=facts.evidence[::-1],
        bill_bases=facts.bill_bases[::-1],
    )

    assert content_hash(compose(facts, version=1)) == content_hash(compose(shuffled, version=1))


def test_the_check_code_is_the_head_of_the_content_hash(packet: ReferralPacket) -> None:
    digest = content_hash(packet)

    assert check_code(digest).replace("-", "") == digest[:12].upper()


def test_a_claim_above_the_ceiling_is_said_not_to_be_a_small_claim() -> None:
    small = compose(sample.dossier(months=14), version=1)
    large = compose(sample.dossier(months=40), version=1)

    assert small.claim_within_small_claims is True
    assert large.claim_within_small_claims is False


def test_an_exhibit_is_filed_under_its_number_and_a_plain_name() -> None:
    item = replace(sample.evidence()[0], title="../../etc/passwd <script>", extension=".pdf")

    draft = compose_draft(replace(sample.dossier(), evidence=(item,)))

    assert draft.exhibits[0].filename == "bukti/P-1_etc-passwd-script.pdf"
