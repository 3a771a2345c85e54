"""How a case ended says whether the rule that raised it was right, or says nothing."""

from app.cases.stages import CLOSING_REASONS, Violation
from app.cases.verdicts import READINGS, verdicts


def test_every_reason_for_closing_has_a_reading() -> None:
    assert frozenset(CLOSING_REASONS) == READINGS


def test_paid_or_registered_proves_the_rule_and_a_wrong_bill_disproves_it() -> None:
    assert set(verdicts("LUNAS").values()) == {"terbukti"}
    assert set(verdicts("SALAH_TAGIH").values()) == {"tidak_terbukti"}


def test_arrears_that_were_handed_on_prove_the_arrears_alone() -> None:
    found = verdicts("DIALIHKAN")

    assert {rule for rule, verdict in found.items() if verdict == "terbukti"} == {
        Violation.PIUTANG.value
    }


def test_an_employer_that_was_never_found_says_nothing_of_the_rule() -> None:
    assert set(verdicts("TIDAK_DITEMUKAN").values()) == {"tidak_dinilai"}
