"""What a state counsel who reads the packet line by line would stumble over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from app.packets import chronicle
from app.packets.compose import compose, compose_draft
from app.packets.content import PROGRAMME_ORDER, ReferralPacket
from app.packets.dossier import Dossier, Violation
from app.packets.render import html_of, render
from app.packets.seal import SealedPdf
from app.packets.wording import unbroken, written_day
from tests.packets import sample
from tests.packets.desk import CUTOFF, Desk

FOUND_ON = date(2026, 7, 28)


def unregistered() -> Dossier:
    """An employer that only a head count tells of, found three months before the cut-off."""
    facts = sample.dossier()
    pwbd = Violation(
        code="PWBD", workers=12, months=6, monthly=1_500_000, potential=9_000_000,
        sentence="Terlihat pada DJP dengan 12 pekerja.", estimated_on=FOUND_ON,
    )  # fmt: skip
    unknown = replace(facts.employer, npp="", npwp="", registered_on=None, programmes=(), status="")
    return replace(facts, employer=unknown, violations=(pwbd,), arrears=None, workers=())


def words(packet: ReferralPacket) -> str:
    return " ".join(html_of(packet, content_sha256="0" * 64).split())


def test_an_estimate_names_the_day_of_its_finding_and_not_the_cutoff() -> None:
    text = words(compose(unregistered(), version=1))

    assert "Perkiraan nilai per" not in text
    assert "Perkiraan nilai menurut temuan 28 Juli 2026" in text
    assert "(sembilan juta rupiah), menurut temuan 28 Juli 2026. Nilai itu bukan tagihan" in text
    assert "Seluruh nilai dihitung sampai dengan" not in text
    assert "Dihitung sampai dengan temuan 28 Juli 2026." in text


def test_estimates_of_several_days_name_each_of_them() -> None:
    facts = unregistered()
    later = replace(facts.violations[0], code="PDS_PROGRAM", estimated_on=date(2026, 9, 3))
    arrears = replace(facts.violations[0], code="PIUTANG", estimated_on=date(2026, 1, 1))

    draft = compose_draft(replace(facts, violations=(later, arrears, *facts.violations)))

    assert draft.estimated_on == (FOUND_ON, date(2026, 9, 3))
    assert "menurut temuan 28 Juli 2026 dan 3 September 2026" in words(draft)


def test_an_estimate_whose_day_was_not_kept_names_none() -> None:
    facts = unregistered()
    old = replace(facts.violations[0], estimated_on=None)

    text = words(compose(replace(facts, violations=(old,)), version=1))

    assert "perkiraan menurut temuan pada kasus." in text
    assert "None" not in text


def test_the_letter_lists_only_what_is_attached() -> None:
    nobody = words(compose(unregistered(), version=1))
    named = words(compose(sample.dossier(), version=1))

    assert "rincian perhitungan, dan daftar bukti terlampir" in nobody
    assert "rincian perhitungan, daftar tenaga kerja, dan daftar bukti terlampir" in named
    sheet = {row.key: row for row in compose(unregistered(), version=1).completeness}
    assert sheet["workers"].status == "kemudian"


def test_a_number_nobody_knows_is_said_to_be_unknown() -> None:
    packet = compose(unregistered(), version=1)

    assert words(packet).count("belum diketahui / 9120103456789") == 2
    sheet = {row.key: row for row in packet.completeness}
    assert sheet["npwp"].reference == "NIB; NPWP belum diketahui"


def test_the_amount_of_the_fine_is_said_to_be_our_reckoning(packet: ReferralPacket) -> None:
    text = words(packet)

    assert "denda administratif sebesar" not in text
    assert "denda administratif yang telah dikenakan, menurut perhitungan sebesar Rp18.200" in text
    assert "telah dikenakan, menurut perhitungan pada bagian 07 sebesar Rp18.200" in text


def test_the_question_and_the_conclusion_name_what_is_asked_for() -> None:
    text = words(compose(unregistered(), version=1))
    asked = "membayar iuran yang seharusnya dibayar menurut data yang sebenarnya"

    assert f"lengkap dan benar, dan {asked}?" in text
    assert f"lengkap dan benar, dan {asked}, tetapi belum memenuhinya." in text


def test_the_field_was_last_seen_on_the_day_of_the_minutes_not_of_the_report(
    inspected: Desk,
) -> None:
    file = inspected.work.file()
    told = chronicle.events(file, cutoff=CUTOFF)
    minutes = max(event.on for event in told if event.subject == "inspection")
    report = max(event.on for event in told if event.subject == "report")

    draft = compose_draft(
        replace(sample.dossier(), events=told, evidence=chronicle.exhibits(file, cutoff=CUTOFF))
    )

    assert minutes < report
    sheet = {row.key: row.reference for row in draft.completeness}
    assert sheet["business"] == f"terakhir diperiksa {written_day(minutes.isoformat())}"
    assert any(row.on == report for row in draft.efforts)
    proven = {item.title: item.proves for item in draft.exhibits}
    assert {key for title, key in proven.items() if "aporan" in title} == {"breach"}


def test_no_article_that_nobody_compared_is_a_source_of_the_parameters(
    packet: ReferralPacket,
) -> None:
    assert packet.dues is not None
    sources = [row.citation for row in packet.dues.assumptions if row.citation]

    assert sources[0] == "PP 44/2015*; PP 46/2015*; PP 45/2015*"
    assert all("Pasal" not in source and source.endswith("*") for source in sources)
    assert "Tanda *: dibaca dari sumber sekunder, sebagaimana pada bagian 13." in words(packet)


def test_a_parameter_is_written_as_it_is_said(packet: ReferralPacket) -> None:
    assert packet.dues is not None
    values = {row.title: row.value for row in packet.dues.assumptions}

    assert values["tanggal jatuh tempo dalam bulan berikutnya"] == "tanggal 15"
    assert values["denda keterlambatan per bulan"] == "2 % per bulan dari iuran yang belum dibayar"


def test_the_list_of_workers_ends_with_the_sum_of_their_wages(packet: ReferralPacket) -> None:
    reported = sum(row.wage_reported or 0 for row in packet.workers)
    found = sum(row.wage_found or 0 for row in packet.workers)
    last = words(packet).partition("Jumlah upah yang tercantum</td>")[2]

    assert packet.owed is not None
    # Whoever compares the list with the wages of the last bill finds the same figure.
    assert reported == packet.owed.months[-1].wage_base
    assert last.startswith(
        f'<td class="angka">{reported:,}</td><td class="angka">{found:,}</td>'.replace(",", ".")
    )


def test_every_programme_is_spelled_out_once(packet: ReferralPacket) -> None:
    abbreviations = words(packet).partition("Singkatan.")[2].partition("</p>")[0]

    assert [name for name in PROGRAMME_ORDER if f" {name}: Jaminan " not in abbreviations] == []


def test_the_cover_and_the_sheet_of_control_take_one_page_each(made: SealedPdf) -> None:
    assert (made.part_pages["bagian-00b"], made.part_pages["bagian-01"]) == (2, 3)


def test_the_note_to_the_page_of_the_law_stands_beside_it(
    text_of: Callable[[bytes], str],
) -> None:
    rendered = render(compose(unregistered(), version=1))
    page = text_of(rendered.pdf).split("\f")[rendered.part_pages["bagian-13"] - 1]

    assert "Tanda *: dibaca dari sumber sekunder" in page
    assert "versi daftar 22 November 2026" in page


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (
            "Surat Pemberitahuan atau Penagihan B/00102/082026",
            "surat-pemberitahuan-atau-penagihan-b-00102-082026",
        ),
        (
            "Surat Permohonan Tidak Mendapat Pelayanan Publik Tertentu B/00102/082026",
            "surat-permohonan-tidak-mendapat-pelayanan-publik-tertentu-b",
        ),
        ("a" * 90, "a" * 60),
    ],
)
def test_a_file_name_ends_with_a_whole_word(title: str, name: str) -> None:
    item = replace(sample.evidence()[0], title=title, extension=".pdf")

    draft = compose_draft(replace(sample.dossier(), evidence=(item,)))

    assert draft.exhibits[0].filename == f"bukti/P-1_{name}.pdf"


def test_a_letter_number_is_kept_on_one_line() -> None:
    assert unbroken("Surat <B>/1 \u202e") == (
        'Surat <span class="rapat">&lt;B&gt;/1</span> [U+202E]'
    )
    assert unbroken("a/" * 40) == "a/" * 40
