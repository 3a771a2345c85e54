"""The page of the law: chosen by violation, oldest act first, never beyond what was read."""

from app.law.month import Month
from app.packets.content import LegalEntry
from app.packets.dossier import ViolationCode
from app.packets.legal_basis import NORMS, legal_basis


def printed(*codes: ViolationCode, criminal: bool = False) -> tuple[LegalEntry, ...]:
    return legal_basis(
        codes=codes, months=[Month(2026, 1)], denial_requested=False, criminal_clause=criminal
    )


def articles(entries: tuple[LegalEntry, ...]) -> set[str]:
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


def test_arrears_alone_do_not_cite_the_duty_to_register() -> None:
    assert "Pasal 15 ayat (1) dan ayat (2)" not in articles(printed("PIUTANG"))
    assert "Pasal 15 ayat (1) dan ayat (2)" in articles(printed("PDS_TK"))


def test_the_relief_of_2020_is_cited_only_for_its_months() -> None:
    def cites(month: Month) -> bool:
        entries = legal_basis(
            codes=["PIUTANG"], months=[month], denial_requested=False, criminal_clause=False
        )
        return any("Nomor 49 Tahun 2020" in entry.instrument for entry in entries)

    assert not cites(Month(2020, 7))
    assert cites(Month(2020, 8))
    assert cites(Month(2021, 1))
    assert not cites(Month(2021, 2))


def test_the_oldest_act_comes_first() -> None:
    years = [norm.enacted for norm in NORMS]

    assert years == sorted(years)
