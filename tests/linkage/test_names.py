"""What carries no identity is taken from names and addresses, and nothing else is."""

import pytest

from app.linkage.names import employer_name, legal_forms_differ, old_spelling
from app.linkage.places import address, telephone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PT Sinar Jaya Abadi", "SINAR JAYA ABADI, PT."),
        ("PT Sinar Jaya Abadi", "P.T. Abadi  Sinar-Jaya Tbk"),
        ("PT Sinar Jaya Abadi", "Perseroan Terbatas Sinar Djaja Abadi (Persero)"),
        ("CV Karya & Mitra Teknik", "C.V. Karya dan Mitra Tehnik"),
        ("UD Sumber Rejeki", "Usaha Dagang SOEMBER REDJEKI"),
        ("Koperasi Makmur", "KOP. MAKMUR"),
        ("Yayasan Cipta Bangsa", "YYS Tjipta Bangsa"),
        ("Firma Surya", "FA. SOERJA"),
        ("PT 5inar Jaya", "PT Sinar Jaya"),
        ("PT Garmindo Industries", "PT Garmindo Industri"),
    ],
)
def test_the_same_name_written_otherwise_is_the_same(one: str, other: str) -> None:
    assert employer_name(one).key == employer_name(other).key
    assert employer_name(one).form == employer_name(other).form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PT Sinar Jaya Abadi", "PT Sinar Jaya Makmur"),
        ("PT Maju 1", "PT Maju 2"),
        ("PT Jaya", "PT Raya"),
    ],
)
def test_names_of_two_stay_two(one: str, other: str) -> None:
    assert employer_name(one).key != employer_name(other).key


def test_one_sound_in_two_spellings_is_heard_but_not_called_the_same() -> None:
    one, other = (
        employer_name("PT Victori Chandra Kurnia"),
        employer_name("PT Viktori Candra Kumia"),
    )

    assert one.key != other.key
    assert one.sound == other.sound


def test_initials_meet_the_name_they_stand_for_in_a_block() -> None:
    whole, short = employer_name("CV Sinar Jaya Abadi"), employer_name("CV S. J. Abadi")

    assert whole.initials == short.initials
    assert set(whole.pairs) & set(short.pairs)


def test_a_name_of_nothing_but_a_form_has_no_words() -> None:
    assert employer_name("PT.").key == ""
    assert employer_name("PT.").pairs == ()


def test_the_new_spelling_is_left_as_it_is() -> None:
    assert [old_spelling(word) for word in ("JAYA", "JUSUF", "DJAJA", "TJOKRO")] == [
        "JAYA", "JUSUF", "JAYA", "COKRO",
    ]  # fmt: skip


def test_a_shop_may_trade_as_a_ud_and_a_pt_is_no_cv() -> None:
    assert not legal_forms_differ("UD", "PERORANGAN")
    assert not legal_forms_differ("", "PT")
    assert legal_forms_differ("PT", "CV")


def test_an_address_is_taken_apart_whatever_the_office_abbreviates() -> None:
    one = address("Jl. Jenderal Sudirman No. 012 RT 001/RW 002, Kec. Cikarang Barat")
    other = address("JALAN JEND. SUDIRMAN NOMOR 12 Kecamatan Cikarang Barat Telp. (021) 890-1234")

    assert (one.street, one.number, one.district) == ("JENDERAL SUDIRMAN", "12", "CIKARANG BARAT")
    assert (other.street, other.number, other.district) == (one.street, one.number, one.district)
    assert other.phone == "218901234"


def test_a_block_is_part_of_the_number() -> None:
    assert address("Kawasan Industri Jaya Makmur Blok A12 No. 3, Kec. Setu").number == "A12/3"


@pytest.mark.parametrize("text", ["+62 21 8901234", "021-8901234", "(021) 890 1234"])
def test_a_telephone_is_the_same_with_and_without_its_country(text: str) -> None:
    assert telephone(text) == "218901234"


def test_too_few_digits_are_no_telephone() -> None:
    assert telephone("021-12") == ""
