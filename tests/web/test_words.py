"""What pages say, computed without a page: deadlines, sentences with values, columns, addresses."""

from datetime import date

import pytest

from app.errors import FieldProblem
from app.infra.templating import apart_from
from app.web.law_words import law_words
from app.web.pages.answers import local_address
from app.web.pages.due import due, due_in_days
from app.web.pages.listing import Listing
from app.web.pages.values import column_text
from app.web.spoken import respoken, spoken

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("on", "working_days", "words", "tone"),
    [
        (date(2026, 11, 17), 3, "Lewat {days} hari kerja", "red"),
        (date(2026, 11, 20), 0, "Jatuh tempo hari ini", "orange"),
        (date(2026, 11, 24), 2, "{days} hari kerja lagi", "yellow"),
        (date(2026, 11, 25), 3, "{days} hari kerja lagi", "yellow"),
        (date(2026, 11, 26), 4, "{days} hari kerja lagi", ""),
        (date(2026, 11, 26), None, "{days} hari lagi", ""),
    ],
)
def test_a_deadline_is_said_in_words_before_its_colour(
    on: date, working_days: int | None, words: str, tone: str
) -> None:
    found = due(on=on, today=TODAY, working_days=working_days)

    assert (found.words, found.tone) == (words, tone)


@pytest.mark.parametrize(
    ("text", "others", "pieces"),
    [
        ("0012", ["0013"], [("001", False), ("2", True)]),
        ("0012", ["1013"], [("0", True), ("01", False), ("2", True)]),
        ("0012", ["1113"], [("0012", False)]),
        ("0012", ["0012", "00123", TODAY], [("0012", False)]),
        ("NIB 1", ["NPWP 22", "NIB 2"], [("NIB ", False), ("1", True)]),
        ("", [""], [("", False)]),
    ],
)
def test_two_texts_are_marked_where_one_or_two_characters_differ(
    text: str, others: list[object], pieces: list[tuple[str, bool]]
) -> None:
    assert apart_from(text, others) == pieces


def test_days_are_counted_in_both_directions() -> None:
    assert due_in_days(on=date(2026, 11, 18), today=TODAY).values == {"days": 2}
    assert due_in_days(on=date(2026, 11, 22), today=TODAY).values == {"days": 2}


def test_days_in_a_sentence_are_written_out_and_its_labels_translated() -> None:
    problem = FieldProblem(
        "on",
        "Tanggal {on} mendahului {document} tanggal {last_on}.",
        {"on": TODAY, "document": "Surat Teguran Tertulis I", "last_on": "2026-11-21"},
    )

    assert spoken(problem, "id") == (
        "Tanggal 20 November 2026 mendahului Surat Teguran Tertulis I tanggal 21 November 2026."
    )
    assert "Written warning letter I" in spoken(problem, "en")


def test_a_sentence_stored_with_its_values_is_found_again_in_english() -> None:
    template = "{document} tanggal {day}"

    assert respoken("Surat tanggal 3 Mei 2026", "en", [template]) == "Surat of 3 Mei 2026"
    long = "Kolom {columns} tidak ada di baris judul tabel {table}; tambahkan lalu kirim lagi."
    told = long.format(columns="npp, blth", table="tagihan")
    assert respoken(told, "en", ["{name}, {day}", long]).startswith("Columns npp, blth are missing")
    assert respoken("Surat tanggal 3 Mei 2026", "id", [template]) == "Surat tanggal 3 Mei 2026"
    assert respoken("Tidak dikenal sama sekali", "en", [template]) == "Tidak dikenal sama sekali"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Iuran 2026-03", "Iuran Maret 2026"),
        ("per 2026-09-30", "per 30 September 2026"),
        ("per 2026-12-31.", "per 31 Desember 2026."),
        ("keringanan 2025-26", "keringanan 2025-26"),
        ("2026-02-30", "2026-02-30"),
    ],
)
def test_days_and_months_inside_what_the_law_computed_are_written_out(
    text: str, words: str
) -> None:
    assert law_words(text, "id") == words


def test_the_last_days_of_a_month_are_written_out_and_codes_are_said_in_english() -> None:
    said = FieldProblem("", "{day}, {scale}, {money}", {
        "day": "2025-12-31", "scale": "besar", "money": "Rp95.825.000",
    })  # fmt: skip

    assert spoken(said, "id") == "31 Desember 2025, besar, Rp95.825.000"
    assert spoken(said, "en") == "31 December 2025, large, Rp95,825,000"


def test_what_the_law_computed_is_said_in_english() -> None:
    assert law_words("JHT pemberi kerja", "en") == "JHT employer"
    assert (
        law_words("Rp10 × 2 %, dibulatkan setengah ke atas", "en") == "Rp10 × 2 %, rounded half up"
    )


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("blth", 2026 * 12 + 2, "Maret 2026"),
        ("bulan_awal", "2026-03", "Maret 2026"),
        ("jumlah", 1234567, "Rp1.234.567"),
        ("tk", 1234, "1.234"),
        ("kode_wilayah", "32.16", "Kabupaten Bekasi"),
        ("tgl_data", date(2026, 5, 31), "31 Mei 2026"),
        ("sebab_akhir", "phk", "pemutusan hubungan kerja"),
        ("npwp", "0012345678901234", "0012345678901234"),
    ],
)
def test_a_column_is_shown_as_people_read_it(name: str, value: object, text: str) -> None:
    assert column_text(name, value, "id") == text


def test_a_list_keeps_its_other_narrowings_when_one_is_taken_away() -> None:
    listing = Listing("/temuan", {"aturan": "PIUTANG", "cari": "baja & kayu", "status": ""})

    (chip,) = listing.chips({"cari": "“baja & kayu”"})

    assert chip.without == "/temuan?aturan=PIUTANG"
    assert listing.address(kursor="abc") == "/temuan?aturan=PIUTANG&cari=baja+%26+kayu&kursor=abc"


@pytest.mark.parametrize(
    "wanted", ["https://jahat.example", "//jahat.example", "/\\jahat.example", "kasus", "/a\nb", ""]
)
def test_an_address_that_leaves_the_site_is_not_followed(wanted: str) -> None:
    assert local_address(wanted) == "/"
