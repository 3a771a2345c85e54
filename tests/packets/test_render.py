"""What the prosecutor sees on paper."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from app.law.money import formatted, in_words
from app.packets.compose import compose, compose_draft
from app.packets.content import ReferralPacket
from app.packets.dossier import Violation
from app.packets.press import FONTS
from app.packets.render import html_of, render
from app.packets.seal import SealedPdf
from app.packets.wording import inert
from tests.packets import sample

ReadText = Callable[[bytes], str]


@pytest.fixture(scope="session")
def pages(made: SealedPdf, text_of: ReadText) -> list[str]:
    return text_of(made.pdf).split("\f")


def test_rendering_says_nothing_in_its_log(made: SealedPdf) -> None:
    assert made.warnings == ()


def test_every_figure_of_the_content_is_on_paper(packet: ReferralPacket, pages: list[str]) -> None:
    text = " ".join(pages)
    assert packet.dues is not None
    assert packet.fine is not None

    for amount in (packet.dues.principal, packet.dues.penalty, packet.dues.total):
        assert formatted(amount) in text
        assert in_words(amount) in text
    assert formatted(packet.fine.amount) in text
    for month in packet.dues.months:
        for value in (month.billed, month.paid, month.outstanding, month.penalty):
            assert f"{value:,}".replace(",", ".") in text
    for worker in packet.workers:
        assert worker.name in text
    for exhibit in packet.exhibits:
        assert exhibit.sha256[:32] in text
        assert exhibit.sha256[32:] in text


def test_no_whole_nik_leaves_the_office(made: SealedPdf, pages: list[str]) -> None:
    whole = {worker.nik for worker in sample.dossier().workers}
    carried = " ".join(pages) + made.pdf.decode("latin-1")
    with pikepdf.open(BytesIO(made.pdf)) as document:
        for name in document.attachments:
            carried += document.attachments[name].get_file().read_bytes().decode()

    assert not {nik for nik in whole if nik in carried}


def test_the_contents_name_the_pages_where_the_parts_begin(
    made: SealedPdf, pages: list[str]
) -> None:
    contents = pages[0].partition("Daftar isi")[2]
    listed = dict(re.findall(r"(?<!\S)(\d\d|A) [A-Z].*? (\d{1,2})(?= |$)", contents))
    starts = {
        "01": made.part_pages["bagian-01"],
        "02": made.part_pages["bagian-02"],
        "04": made.part_pages["bagian-04"],
        "05": made.part_pages["bagian-05"],
        "06": made.part_pages["bagian-06"],
        "07": made.part_pages["bagian-07"],
        "08": made.part_pages["bagian-08"],
        "13": made.part_pages["bagian-13"],
        "14": made.part_pages["bagian-14"],
        "A": made.part_pages["bagian-manifes"],
    }

    assert {part: int(listed[part]) for part in starts} == starts
    assert "RINCIAN KEWAJIBAN IURAN DAN DENDA" in pages[starts["07"] - 1]
    assert "DASAR HUKUM" in pages[starts["13"] - 1]


def test_every_page_carries_number_cutoff_page_and_check_code(
    made: SealedPdf, packet: ReferralPacket, pages: list[str]
) -> None:
    code = made.manifest["content"]["check_code"]

    assert len([page for page in pages if page]) == made.pages
    for number, page in enumerate(pages[: made.pages], start=1):
        assert f"Halaman {number} dari {made.pages}" in page
        assert "Perhitungan per 31 Oktober 2026" in page
        assert packet.number in page
        assert code in page
        assert page.count("RAHASIA") >= 2
        # In a sealed packet only the power of attorney is a draft, and it says so.
        assert ("KONSEP" in page) == (page.startswith("02 "))


def test_the_power_of_attorney_is_a_draft_with_the_right_of_substitution(
    made: SealedPdf, packet: ReferralPacket, pages: list[str]
) -> None:
    first, after = made.part_pages["bagian-02"], made.part_pages["bagian-04"]
    draft = " ".join(pages[first - 1 : after - 1])

    assert packet.owed is not None
    for words in (
        "KONSEP, belum ditandatangani",
        "hak substitusi",
        packet.employer.name,
        packet.employer.npp,
        formatted(packet.owed.total),
        in_words(packet.owed.total),
        "surat kuasa khusus litigasi tersendiri",
        "Rp10.000",
    ):
        assert words in draft


def test_a_case_without_arrears_names_no_late_penalty(text_of: ReadText) -> None:
    facts = sample.dossier()
    kept = tuple(v for v in facts.violations if v.code == "PDS_TK")
    rendered = render(compose(replace(facts, violations=kept, arrears=sample.paid_up()), version=1))

    text = text_of(rendered.pdf)
    assert rendered.warnings == ()
    assert "Rp0" not in text
    assert "denda keterlambatan" not in text.replace("dijumlahkan dengan denda keterlambatan", "")
    assert "telah dibayar seluruhnya" in text


def test_an_employer_nobody_can_name_workers_of_costs_no_empty_page() -> None:
    facts = sample.dossier()
    pwbd = Violation(
        code="PWBD", workers=12, months=6, monthly=1_500_000, potential=9_000_000,
        sentence="Terlihat pada DJP dengan 12 pekerja.",
    )  # fmt: skip
    unknown = replace(facts.employer, npp="", registered_on=None, programmes=(), status="")
    rendered = render(
        compose(
            replace(facts, employer=unknown, violations=(pwbd,), arrears=None, workers=()),
            version=1,
        )
    )

    assert rendered.warnings == ()
    assert rendered.part_pages["bagian-08"] == rendered.part_pages["bagian-07"]


def test_a_draft_says_so_on_every_page(text_of: ReadText) -> None:
    rendered = render(compose_draft(replace(sample.dossier(), officer=None, evidence=())))
    pages = text_of(rendered.pdf).split("\f")[: rendered.pages]

    assert all("KONSEP" in page for page in pages)
    assert rendered.warnings == ()


def test_only_vendored_fonts_are_embedded(made: SealedPdf) -> None:
    with pikepdf.open(BytesIO(made.pdf)) as document:
        names = {
            str(item.get("/BaseFont", ""))
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
        }
    families = {name.rpartition("+")[2].split("-")[0] for name in names if name}

    assert families == {"Arimo"}


def test_the_fonts_draw_every_letter_that_is_let_through() -> None:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415

    regular = (
        TTFont(FONTS / "arimo-latin-400-normal.woff2").getBestCmap().keys()
        | TTFont(FONTS / "arimo-latin-ext-400-normal.woff2").getBestCmap().keys()
    )
    let_through = [chr(point) for point in range(0x20, 0x3000) if inert(chr(point)) == chr(point)]

    assert {letter for letter in let_through if ord(letter) not in regular} == set()


def test_the_same_content_gives_the_same_bytes_in_another_process(packet: ReferralPacket) -> None:
    assert render(packet).pdf == render(packet).pdf


def test_markup_and_hidden_letters_in_a_name_are_only_text(text_of: ReadText) -> None:
    facts = sample.dossier(months=2, workers=2)
    name = "PT <b>Tebal</b> & <img src=http://jahat.test/x> {{ 7*7 }} \u202eDIKABLABRET \u4e2d"
    packet = compose(replace(facts, employer=replace(facts.employer, name=name)), version=1)

    rendered = render(packet)

    text = text_of(rendered.pdf)
    assert "PT <b>Tebal</b> & <img src=http://jahat.test/x> {{ 7*7 }} [U+202E]DIKABLABRET" in text
    assert "[U+4E2D]" in text
    assert rendered.warnings == ()


def test_a_name_with_letters_beyond_latin_1_is_drawn(text_of: ReadText) -> None:
    facts = sample.dossier(months=2, workers=2)
    named = replace(facts.employer, name="PT Škoda Łódź Ğüneş")

    rendered = render(compose(replace(facts, employer=named), version=1))

    assert "PT Škoda Łódź Ğüneş" in text_of(rendered.pdf)
    assert rendered.warnings == ()


def test_long_names_and_many_workers_stay_inside_the_page() -> None:
    facts = sample.dossier(months=6, workers=300)
    long = replace(
        facts.employer,
        name="PT " + "Perusahaan" * 14 + " " + "Maju " * 20,
        address="J" * 160 + " " + "Kawasan Industri " * 10,
        npwp="9" * 16,
    )
    rendered = render(compose(replace(facts, employer=long), version=1))

    assert rendered.warnings == ()
    assert widest_overhang(rendered.pdf) == 0


def test_five_hundred_workers_are_printed_and_all_are_in_the_annex() -> None:
    facts = sample.dossier(months=2, workers=520)

    packet = compose(facts, version=1)

    assert len(packet.printed_workers) == 500
    assert packet.annexes[1].rows == 524
    assert "Dicetak 500 dari 524 orang" in html_of(packet, content_sha256="0" * 64)


def widest_overhang(pdf: bytes) -> int:
    """Return how many words begin or end outside the margins of their page."""
    import subprocess  # noqa: PLC0415 - only here

    layout = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"],  # noqa: S607 - poppler, wherever it is installed
        input=pdf,
        capture_output=True,
        check=True,
    ).stdout.decode()
    outside, width = 0, 0.0
    for line in layout.splitlines():
        if found := re.search(r'<page width="([\d.]+)"', line):
            width = float(found[1])
        elif found := re.search(r'xMin="([\d.-]+)".*xMax="([\d.-]+)"', line):
            outside += float(found[1]) < 60 or float(found[2]) > width - 40
    return outside
