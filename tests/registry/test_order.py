"""The order of stored rows, and texts that hold the character that keeps values apart."""

import csv

from tests.registry.extracts import Registry, Row, only, row

EMPLOYERS = [row("pemberi_kerja"), row("pemberi_kerja", npp="BB000002", nama="PT Lain")]


def memberships(*npps: str) -> list[Row]:
    return [
        row("kepesertaan", npp=npp, kpj=str(20000000009 - place), nik=f"317101010190{place:04}")
        for place, npp in enumerate(npps)
    ]


def test_rows_of_one_employer_stand_together_in_the_order_they_were_sent(
    registry: Registry,
) -> None:
    sent = memberships("BB000002", "AA000001", "BB000002", "AA000001")

    result = registry.bring_rows(pemberi_kerja=EMPLOYERS, kepesertaan=sent)

    stored = [(one["npp"], one["baris"]) for one in registry.table(result, "kepesertaan")]
    assert stored == [("AA000001", 3), ("AA000001", 5), ("BB000002", 2), ("BB000002", 4)]


def test_zeros_in_front_of_a_number_are_read_without_an_assumption(registry: Registry) -> None:
    result = registry.bring_rows(
        pemberi_kerja=EMPLOYERS, kepesertaan=[row("kepesertaan", upah="0005000000")]
    )

    assert registry.table(result, "kepesertaan")[0]["upah"] == 5_000_000
    assert not [one for one in result.assumptions if one.column == "upah"]


def test_a_separator_inside_values_shifts_no_column(registry: Registry) -> None:
    whole = row("kepesertaan", nama="Budi\x1fSantoso", upah="5000\x1f000")
    wrong = row("kepesertaan", kpj="20000000002", nik="31710\x1f1", upah="7000000")

    result = registry.bring_rows(pemberi_kerja=EMPLOYERS, kepesertaan=[whole, wrong])

    assert only(result).column == "nik"
    stored = registry.table(result, "kepesertaan")
    assert [(one["nama"], one["upah"]) for one in stored] == [("Budi Santoso", 5_000_000)]
    with (registry.folder / "ditolak" / "kepesertaan.csv").open(encoding="utf-8") as file:
        again = next(csv.DictReader(file))
    assert (again["nik"], again["upah"]) == ("31710 1", "7000000")


def test_a_separator_in_an_unknown_employer_shifts_no_column(registry: Registry) -> None:
    strange = row("kepesertaan", npp="ZZ\x1f1")

    result = registry.bring_rows(pemberi_kerja=EMPLOYERS, kepesertaan=[strange])

    assert only(result).code == "no_employer"
    with (registry.folder / "ditolak" / "kepesertaan.csv").open(encoding="utf-8") as file:
        again = next(csv.DictReader(file))
    assert (again["npp"], again["nik"]) == ("ZZ 1", "3171010101900001")


# Divisions are compared and sorted by their place among those known, where these are few.


def divisions(count: int) -> list[Row]:
    return [row("pemberi_kerja", divisi=f"{place:03}") for place in range(count)]


def test_what_is_stored_of_a_row_does_not_depend_on_how_many_divisions_others_have(
    registry: Registry,
) -> None:
    sent = [
        row("kepesertaan", divisi=divisi, kpj=str(20000000009 - place))
        for place, divisi in enumerate(("001", "000", "001"))
    ]

    few = registry.bring_rows(pemberi_kerja=divisions(2), kepesertaan=sent)
    many = registry.bring_rows(pemberi_kerja=divisions(40), kepesertaan=sent)

    stored = [(one["divisi"], one["baris"]) for one in registry.table(few, "kepesertaan")]
    assert stored == [("000", 3), ("001", 2), ("001", 4)]
    assert few.tables["kepesertaan"].sha256 == many.tables["kepesertaan"].sha256


def test_a_division_that_no_employer_has_is_told_and_sent_back_as_it_was(
    registry: Registry,
) -> None:
    result = registry.bring_rows(
        pemberi_kerja=divisions(2), kepesertaan=[row("kepesertaan", divisi="999")]
    )

    rejection = only(result)
    assert (rejection.code, rejection.value) == ("no_employer", "AA000001")
    assert "AA000001/999" in rejection.reason
    with (registry.folder / "ditolak" / "kepesertaan.csv").open(encoding="utf-8") as file:
        assert next(csv.DictReader(file))["divisi"] == "999"


def test_a_payment_of_a_division_without_bills_names_the_division(registry: Registry) -> None:
    result = registry.bring_rows(
        pemberi_kerja=divisions(2),
        tagihan=[row("tagihan")],
        pembayaran=[row("pembayaran"), row("pembayaran", divisi="001")],
    )

    rejection = only(result)
    assert rejection.code == "no_bill"
    assert "AA000001/001" in rejection.reason


def test_one_key_sent_in_two_ways_is_one_row_whatever_the_division(registry: Registry) -> None:
    sent = [
        row("kepesertaan", divisi="001"),
        row("kepesertaan", divisi="001", tgl_mulai="1/2/2020"),
    ]

    result = registry.bring_rows(pemberi_kerja=divisions(2), kepesertaan=sent)

    assert only(result).code == "repeated_membership"
    assert [one["baris"] for one in registry.table(result, "kepesertaan")] == [2]
