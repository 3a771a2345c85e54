"""The page of the law: chosen by violation, oldest act first, never beyond what was read."""

from collections.abc import Iterable

from app.law.month import Month
from app.packets.content import LegalEntry
from app.packets.dossier import ViolationCode
from app.packets.legal_basis import NORMS, legal_basis


def printed(
    *codes: ViolationCode, criminal: bool = False, owed: bool = True, denial: bool = False
) -> tuple[LegalEntry, ...]:
    return legal_basis(
        codes=codes,
        months=[Month(2026, 1)],
        owed=owed,
        denial_requested=denial,
        criminal_clause=criminal,
    )


def articles(entries: Iterable[LegalEntry]) -> set[str]:
    return {entry.articles for entry in entries}


def test_an_article_that_nobody_read_is_not_printed() -> None:
    for norm in NORMS:
        grade = norm.citation.article_grade or norm.citation.grade
        assert norm.citation.grade != "C"
        assert norm.citation.article is None or grade != "C"


def test_the_late_payment_rules_print_without_an_article() -> None:
    entries = [e for e in printed("PIUTANG") if "Nomor 44 Tahun 2015" in e.instrument]

    assert [entry.articles for entry in entries] == [""]


def test_the_criminal_provision_needs_the_choice_of_the_legal_team() -> None:
    assert "Pasal 55" not in articles(printed("PIUTANG"))
    assert "Pasal 55" in articles(printed("PIUTANG", criminal=True))


def test_the_criminal_provision_is_never_held_against_who_is_not_registered() -> None:
    assert "Pasal 55" not in articles(printed("PWBD", criminal=True))
    assert "Pasal 55" not in articles(printed("PWBD", "PIUTANG", criminal=True))


def test_the_criminal_provision_is_never_held_against_who_owes_no_contributions() -> None:
    codes: tuple[ViolationCode, ...] = ("PDS_TK", "PDS_UPAH", "PDS_PROGRAM", "LAPSED")
    for code in codes:
        assert "Pasal 55" not in articles(printed(code, criminal=True, owed=False))


def test_the_late_penalty_is_not_named_where_nothing_is_owed() -> None:
    fined = [entry.summary for entry in printed("PDS_TK", owed=False)]
    indebted = [entry.summary for entry in printed("PIUTANG")]

    assert not [summary for summary in fined if "keterlambatan" in summary]
    assert len([summary for summary in indebted if "keterlambatan" in summary]) == 3


def test_the_fine_of_the_other_regulation_is_not_named_for_arrears_alone() -> None:
    assert not [e for e in printed("PIUTANG") if e.articles.startswith("Pasal 5 sampai")]
    assert [e for e in printed("PDS_UPAH", owed=False) if e.articles.startswith("Pasal 5 sampai")]


def test_the_true_wage_rests_on_its_own_article() -> None:
    assert "Pasal 3 ayat (2) huruf b" in articles(printed("PDS_UPAH"))
    assert "Pasal 3 ayat (2) huruf b" not in articles(printed("PDS_TK"))


def test_the_services_that_may_be_denied_are_cited_only_where_that_was_asked() -> None:
    assert "Pasal 9 ayat (1)" not in articles(printed("PDS_TK"))
    assert "Pasal 9 ayat (1)" in articles(printed("PDS_TK", denial=True))


def test_arrears_alone_do_not_cite_the_duty_to_register() -> None:
    assert "Pasal 13" not in articles(e for e in printed("PIUTANG") if "40 Tahun" in e.instrument)
    assert "Pasal 15 ayat (1) dan ayat (2)" not in articles(printed("PIUTANG"))
    assert "Pasal 15 ayat (1) dan ayat (2)" in articles(printed("PDS_TK"))


def test_the_relief_of_2020_is_cited_only_for_its_months() -> None:
    def cites(month: Month) -> bool:
        entries = legal_basis(
            codes=["PIUTANG"],
            months=[month],
            owed=True,
            denial_requested=False,
            criminal_clause=False,
        )
        return any("Nomor 49 Tahun 2020" in entry.instrument for entry in entries)

    assert not cites(Month(2020, 7))
    assert cites(Month(2020, 8))
    assert cites(Month(2021, 1))
    assert not cites(Month(2021, 2))


def test_the_oldest_act_comes_first() -> None:
    years = [norm.enacted for norm in NORMS]

    assert years == sorted(years)
