"""A column agreed after version 1: stored once a file brings it, never asked of those before."""

import pytest

from app.registry.formats import LAYOUTS
from app.registry.formats.kepesertaan import CHANNELS
from app.web.pages.values import ENROLMENT_CHANNELS
from tests.registry.extracts import (
    Registry,
    only,
    row,
    view_of,
    write_bytes,
    write_csv,
    write_parquet,
    write_xlsx,
)

EMPLOYER = row("pemberi_kerja")
VERSION_1 = [
    "npp", "divisi", "kpj", "nik", "nama", "tgl_lahir", "tgl_mulai", "tgl_akhir", "sebab_akhir",
    "upah", "program", "baris",
]  # fmt: skip
ONE, TWO = "20000000001", "20000000002"


def member(kpj: str, **changes: str) -> dict[str, str]:
    return row("kepesertaan", kpj=kpj, **changes)


def test_a_file_without_the_column_makes_a_table_without_it(registry: Registry) -> None:
    without = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[member(ONE)])
    with_it = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[member(ONE, kanal="")])
    never = registry.bring_rows(pemberi_kerja=[EMPLOYER])

    assert [list(one) for one in registry.table(without, "kepesertaan")] == [VERSION_1]
    assert without.snapshot_id != with_it.snapshot_id
    assert [one["kanal"] for one in registry.table(with_it, "kepesertaan")] == [None]
    assert never.tables["kepesertaan"].rows == 0
    # An empty table has the columns of version 1 too: what is added to it decides.
    added = registry.bring_rows(
        previous=view_of(never), kepesertaan=[{"alasan": "Baris 2: …", **member(ONE)}]
    )
    assert added.tables["kepesertaan"].sha256 == without.tables["kepesertaan"].sha256


def test_rows_turned_away_come_back_with_the_columns_that_were_sent(registry: Registry) -> None:
    registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[member(ONE, nik="1")])
    (sent_back,) = registry.rejected_file("kepesertaan")
    assert "kanal" not in sent_back

    registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[member(ONE, nik="1", kanal="mitra")])

    (sent_back,) = registry.rejected_file("kepesertaan")
    assert sent_back["kanal"] == "mitra"


def test_a_channel_is_the_same_in_every_format(registry: Registry) -> None:
    rows = [member(ONE, kanal="perisai"), member(TWO, kanal="")]
    found = set()
    for write in (write_csv, write_xlsx, write_parquet):
        files = (write(registry.folder, "pemberi_kerja", [EMPLOYER]),
                 write(registry.folder, "kepesertaan", rows))  # fmt: skip
        result = registry.bring(*files)
        assert [one["kanal"] for one in registry.table(result, "kepesertaan")] == ["perisai", None]
        found.add(result.snapshot_id)

    assert len(found) == 1


@pytest.mark.parametrize("sent", ["Perisai", "PERISAI", " perisai "])
def test_a_channel_in_other_letters_is_read_and_said(registry: Registry, sent: str) -> None:
    result = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[member(ONE, kanal=sent)])

    assert [one["kanal"] for one in registry.table(result, "kepesertaan")] == ["perisai"]
    assert [one.column for one in result.assumptions] == ["kanal"]


def test_a_channel_that_is_none_turns_its_row_away_with_those_there_are(
    registry: Registry,
) -> None:
    rows = [member(ONE, kanal="agen"), member(TWO, kanal="lain")]

    result = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=rows)

    assert only(result).reason == (
        "Kode “agen” tidak dikenal untuk kolom kanal; yang berlaku: "
        "perisai, kantor, daring, mitra, pemberi_kerja, lain."
    )
    assert result.tables["kepesertaan"].rows == 1


@pytest.mark.parametrize(
    ("before", "sent", "stored"),
    [
        ({}, {"kanal": "daring"}, [None, "daring"]),
        ({"kanal": "perisai"}, {}, ["perisai", None]),
        ({"kanal": "perisai"}, {"kanal": "daring"}, ["perisai", "daring"]),
    ],
    ids=["the first to tell it", "without it", "both with it"],
)
def test_a_correction_keeps_what_was_told_and_adds_what_it_tells(
    registry: Registry,
    before: dict[str, str],
    sent: dict[str, str],
    stored: list[str | None],
) -> None:
    first = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[member(ONE, **before)])

    second = registry.bring_rows(
        previous=view_of(first),
        kepesertaan=[{"alasan": "Baris 3: NIK …", **member(TWO, **sent)}],
    )

    assert second.rejected == ()
    assert [one["kanal"] for one in registry.table(second, "kepesertaan")] == stored
    assert not [one for one in second.warnings if "tidak lagi memuat" in one]


def test_a_whole_table_that_no_longer_tells_channels_is_stored_and_said(
    registry: Registry,
) -> None:
    told = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[member(ONE, kanal="mitra")])
    untold = registry.bring_rows(previous=view_of(told), kepesertaan=[member(ONE)])
    again = registry.bring_rows(previous=view_of(untold), kepesertaan=[member(ONE)])

    said = (
        "Tabel kepesertaan tidak lagi memuat kolom kanal, yang ada dalam potret data sebelumnya; "
        "isinya dianggap tidak diisi."
    )
    assert said in untold.warnings
    assert said not in again.warnings
    assert [list(one) for one in registry.table(untold, "kepesertaan")] == [VERSION_1]


def test_a_refused_table_loses_no_channel_and_says_nothing_of_it(registry: Registry) -> None:
    told = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[member(ONE, kanal="mitra")])
    broken = write_bytes(
        registry.folder, "kepesertaan.csv", (",".join(member(ONE)) + "\n").encode()
    )

    second = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]), broken, previous=view_of(told)
    )

    assert [one.file for one in second.rejected_files] == ["kepesertaan.csv"]
    assert second.snapshot_id == told.snapshot_id
    assert not [one for one in second.warnings if "tidak lagi memuat" in one]


def test_every_channel_has_its_words() -> None:
    assert tuple(ENROLMENT_CHANNELS) == CHANNELS
    assert LAYOUTS["kepesertaan"].column("kanal").kind.codes == CHANNELS
