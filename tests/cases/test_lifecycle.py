"""The table of steps: what follows what, on which proof, and what is refused with which words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.cases import diagram, lifecycle
from app.cases.edges import EDGES, edge_from
from app.cases.lifecycle import Action, NextState, Proof, Stage, StepRefused
from app.cases.stages import (
    ACTION_LABELS,
    CLOSING_REASONS,
    DOCUMENT_LABELS,
    PROOF_LABELS,
    STAGE_LABELS,
    VIOLATION_LABELS,
    Violation,
)
from app.cases.undermined import undermined
from app.infra.settings import PROJECT_ROOT
from app.law.book import SHIPPED
from app.law.dated import Version
from app.law.parameters import norms
from tests.cases.walks import (
    CALENDAR,
    FLOOD,
    OPENED,
    TODAY,
    WARNING_1_DUE,
    WARNING_2_DUE,
    inspected,
    opened,
    receive,
    refusal,
    take,
    warned_once,
    warned_twice,
)


class TestTheTable:
    def test_every_stage_can_be_reached_and_only_closed_is_an_end(self) -> None:
        reached = {Stage.VERIFICATION} | {edge.to for edge in EDGES if edge.to is not None}
        left = frozenset().union(*(edge.sources for edge in EDGES))

        assert reached == set(Stage)
        assert left == frozenset(Stage) - {Stage.CLOSED}

    def test_no_stage_offers_the_same_action_twice(self) -> None:
        pairs = [(source, edge.action) for edge in EDGES for source in edge.sources]

        assert len(pairs) == len(set(pairs))

    def test_every_word_has_a_label(self) -> None:
        assert set(STAGE_LABELS) == set(Stage)
        assert set(ACTION_LABELS) == set(DOCUMENT_LABELS) == set(Action)
        assert set(PROOF_LABELS) == set(Proof)
        assert set(VIOLATION_LABELS) == set(Violation)

    def test_a_source_that_nobody_read_is_never_shown_with_an_article(self) -> None:
        shown = [edge.citation.label for edge in EDGES if edge.citation.grade == "C"]

        assert shown
        assert not [label for label in shown if "Pasal" in label]

    def test_sanctions_on_people_and_every_closing_need_two_people(self) -> None:
        alone = {edge.action for edge in EDGES if not edge.second_person}

        assert alone.isdisjoint(
            {
                Action.WARN_1,
                Action.WARN_2,
                Action.IMPOSE_FINE,
                Action.REQUEST_DENIAL,
                Action.REFER,
                Action.CLOSE,
            }
        )

    def test_the_page_about_it_is_not_stale(self) -> None:
        page = (PROJECT_ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")

        assert page == diagram.page(), "run: python -m app.cases.lifecycle > docs/lifecycle.md"

    @pytest.mark.parametrize(
        ("stage", "action"),
        [
            (stage, action)
            for stage in Stage
            for action in Action
            if edge_from(stage, action) is None
        ],
    )
    def test_what_the_table_does_not_name_is_refused(self, stage: Stage, action: Action) -> None:
        position = replace(opened(Violation.PWBD), stage=stage)

        said = refusal(position, action, OPENED)

        assert "Kasus berada pada tahap" in said or stage is Stage.CLOSED


class TestWarnings:
    """PP 86/2013 Pasal 6: at most two written warnings, each for at most ten working days."""

    def test_the_second_warning_waits_for_the_last_day_of_the_first(self) -> None:
        said = refusal(warned_once(), Action.WARN_2, WARNING_1_DUE)

        assert "Tenggat Surat Teguran Tertulis I jatuh pada 2026-02-19" in said

    def test_the_day_after_the_last_day_the_second_warning_may_go(self) -> None:
        position = take(warned_once(), Action.WARN_2, WARNING_1_DUE + timedelta(days=1))

        assert position.stage is Stage.WARNING_2

    def test_a_warning_whose_receipt_is_not_proved_never_lapses(self) -> None:
        position = take(inspected(Violation.PWBD), Action.WARN_1, date(2026, 2, 2))

        said = refusal(position, Action.WARN_2, TODAY)

        assert "Bukti terima Surat Teguran Tertulis I belum dicatat." in said

    def test_a_case_of_unpaid_contributions_alone_gets_no_warning(self) -> None:
        said = refusal(inspected(Violation.PIUTANG), Action.WARN_1, date(2026, 2, 2))

        assert "hanya memuat PIUTANG" in said

    def test_there_is_no_third_warning(self) -> None:
        assert edge_from(Stage.WARNING_2, Action.WARN_1) is None

        said = refusal(warned_twice(), Action.WARN_2, TODAY)

        assert "tidak terlalu dini; tidak ada yang perlu diulang" in said

    def test_a_second_warning_that_a_suspension_made_too_early_is_given_again(self) -> None:
        early = replace(warned_twice(), suspensions=(FLOOD,))
        (defect,) = undermined(early, on=TODAY, calendar=CALENDAR)

        again = take(early, Action.WARN_2, date(2026, 3, 20))

        assert (defect.step.action, defect.due_on) == (Action.WARN_2, date(2026, 2, 24))
        assert again.stage is Stage.WARNING_2
        assert undermined(again, on=TODAY, calendar=CALENDAR) == ()
        assert "Bukti terima Surat Teguran Tertulis II" in refusal(again, Action.IMPOSE_FINE, TODAY)


class TestFineAndDenial:
    """PP 86/2013 Pasal 7 and 8: the fine after the second warning, denial at BPJS's request."""

    def test_the_fine_waits_for_the_second_warning(self) -> None:
        assert "2026-03-09" in refusal(warned_twice(), Action.IMPOSE_FINE, WARNING_2_DUE)
        after = WARNING_2_DUE + timedelta(days=1)

        assert take(warned_twice(), Action.IMPOSE_FINE, after).stage is Stage.FINE

    def test_the_fine_may_be_dated_on_the_last_day_of_its_window_and_not_a_day_later(self) -> None:
        last_day = WARNING_2_DUE + timedelta(days=30)

        assert take(warned_twice(), Action.IMPOSE_FINE, last_day).stage is Stage.FINE
        said = refusal(warned_twice(), Action.IMPOSE_FINE, last_day + timedelta(days=1))
        assert "berakhir pada 2026-04-08" in said

    @pytest.mark.parametrize(
        ("after", "action"), [(30, Action.IMPOSE_FINE), (31, Action.REFER)], ids=["last", "later"]
    )
    def test_when_the_window_is_over_the_next_step_is_referral(
        self, after: int, action: Action
    ) -> None:
        on = WARNING_2_DUE + timedelta(days=after)

        found = lifecycle.next_step(warned_twice(), on=on, calendar=CALENDAR)

        assert (found.state, found.action) == (NextState.ACT, action)

    def test_a_second_warning_that_was_only_sent_opens_no_fine_and_no_denial(self) -> None:
        sent = take(warned_once(), Action.WARN_2, WARNING_1_DUE + timedelta(days=1))

        for action in (Action.IMPOSE_FINE, Action.REQUEST_DENIAL, Action.REFER):
            assert "Bukti terima Surat Teguran Tertulis II" in refusal(sent, action, TODAY)

    def test_a_fine_whose_letter_was_not_received_opens_no_denial(self) -> None:
        fined = take(warned_twice(), Action.IMPOSE_FINE, date(2026, 3, 10))

        assert "Bukti terima Surat Pengenaan Denda" in refusal(fined, Action.REQUEST_DENIAL, TODAY)

    def test_denial_may_be_asked_without_a_fine(self) -> None:
        after = WARNING_2_DUE + timedelta(days=1)

        assert take(warned_twice(), Action.REQUEST_DENIAL, after).stage is Stage.DENIAL

    def test_once_a_fine_was_imposed_denial_waits_for_its_window(self) -> None:
        fined = take(warned_twice(), Action.IMPOSE_FINE, date(2026, 3, 10))
        fined = receive(fined, date(2026, 3, 11))
        last_day = WARNING_2_DUE + timedelta(days=30)

        assert last_day.isoformat() in refusal(fined, Action.REQUEST_DENIAL, last_day)
        denied = take(fined, Action.REQUEST_DENIAL, last_day + timedelta(days=1))
        assert denied.stage is Stage.DENIAL


class TestReferral:
    def test_a_breach_needs_both_warnings_lapsed(self) -> None:
        said = refusal(inspected(Violation.PDS_TK), Action.REFER, TODAY)

        assert "Surat Teguran Tertulis II belum ada." in said

    def test_a_breach_may_be_referred_when_the_second_warning_lapsed(self) -> None:
        after = WARNING_2_DUE + timedelta(days=1)

        assert take(warned_twice(), Action.REFER, after).stage is Stage.REFERRAL

    def test_arrears_need_two_received_letters_and_no_warning(self) -> None:
        once = inspected(Violation.PIUTANG)

        assert "paling sedikit 2 kali" in refusal(once, Action.REFER, date(2026, 2, 2))
        twice = receive(take(once, Action.SEND_NOTICE, date(2026, 1, 22)), date(2026, 1, 26))
        assert take(twice, Action.REFER, date(2026, 2, 2)).stage is Stage.REFERRAL

    def test_the_number_of_letters_before_a_referral_is_a_value_of_law(self) -> None:
        one = Version(
            valid_from=date(2026, 2, 2), valid_to=None, value=1, unit="surat", grade="B",
            citation=norms.PP_86_2013_WARNING,
        )  # fmt: skip
        law = SHIPPED.with_version("notice.arrears", one)
        once = replace(inspected(Violation.PIUTANG), law=law)

        assert "paling sedikit 2 kali" in refusal(once, Action.REFER, date(2026, 2, 1))
        assert take(once, Action.REFER, date(2026, 2, 2)).stage is Stage.REFERRAL

    def test_a_letter_received_after_the_day_of_referral_does_not_carry_it(self) -> None:
        once = inspected(Violation.PIUTANG)
        twice = receive(take(once, Action.SEND_NOTICE, date(2026, 1, 22)), date(2026, 2, 4))

        assert "baru diterima pada 2026-02-04" in refusal(twice, Action.REFER, date(2026, 2, 3))
        assert take(twice, Action.REFER, date(2026, 2, 4)).stage is Stage.REFERRAL

    def test_a_case_of_both_kinds_must_meet_both(self) -> None:
        position = inspected(Violation.PIUTANG, Violation.PDS_UPAH)

        said = refusal(position, Action.REFER, TODAY)

        assert "paling sedikit 2 kali" in said
        assert "Surat Teguran Tertulis II belum ada." in said

    def test_a_returned_file_must_be_sealed_anew_before_it_goes_again(self) -> None:
        referred = take(warned_twice(), Action.REFER, date(2026, 3, 10))
        assert "Penyegelan" in refusal(referred, Action.HAND_OVER, date(2026, 3, 11))
        sealed = take(referred, Action.SEAL_PACKET, date(2026, 3, 11))
        handed = take(sealed, Action.HAND_OVER, date(2026, 3, 12))
        returned = take(handed, Action.RECORD_RETURN, date(2026, 4, 1))

        assert returned.stage is Stage.REFERRAL
        assert "Penyegelan" in refusal(returned, Action.HAND_OVER, date(2026, 4, 2))


class TestDays:
    def test_a_day_to_come_is_refused(self) -> None:
        said = refusal(opened(Violation.PWBD), Action.SEND_NOTICE, TODAY + timedelta(days=1))

        assert "belum tiba" in said

    def test_a_past_day_is_never_a_reason_to_refuse(self) -> None:
        assert take(opened(Violation.PWBD), Action.SEND_NOTICE, OPENED).steps[0].on == OPENED

    def test_a_day_before_the_step_it_rests_on_is_refused(self) -> None:
        position = take(opened(Violation.PWBD), Action.ORDER_INSPECTION, date(2026, 2, 2))

        said = refusal(position, Action.RECORD_MINUTES, date(2026, 2, 1))

        assert "mendahului Surat Perintah Tugas" in said

    def test_a_late_visit_may_be_recorded_before_the_last_step(self) -> None:
        position = take(opened(Violation.PWBD), Action.ORDER_INSPECTION, date(2026, 2, 2))

        assert take(position, Action.VISIT, date(2026, 1, 15)).stage is Stage.INSPECTION


class TestClosing:
    def test_each_reason_asks_for_its_own_proof(self) -> None:
        position = opened(Violation.PIUTANG)

        for code, reason in CLOSING_REASONS.items():
            if reason.proof is not None:
                said = refusal(
                    position, Action.CLOSE, TODAY, closing_reason=code, proofs=frozenset()
                )
                assert PROOF_LABELS[reason.proof] in said
            closed = take(position, Action.CLOSE, TODAY, closing_reason=code)
            assert closed.stage is Stage.CLOSED

    def test_a_debt_that_a_prosecutor_had_cannot_go_to_pupn(self) -> None:
        referred = take(warned_twice(), Action.REFER, date(2026, 3, 10))
        sealed = take(referred, Action.SEAL_PACKET, date(2026, 3, 11))
        handed = take(sealed, Action.HAND_OVER, date(2026, 3, 12))

        said = refusal(handed, Action.CLOSE, TODAY, closing_reason="DIALIHKAN")

        assert "PUPN" in said

    def test_every_unmet_need_is_listed_at_once(self) -> None:
        with pytest.raises(StepRefused) as caught:
            take(
                opened(Violation.PWBD),
                Action.SEND_NOTICE,
                TODAY + timedelta(days=1),
                proofs=frozenset(),
                letter_number=" ",
            )

        assert {problem.field for problem in caught.value.missing} == {
            "on", "evidence", "letter_number",
        }  # fmt: skip
