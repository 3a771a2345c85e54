"""The line of every row stays true: ragged rows, blank lines, quotation marks."""

import random

import pytest

from tests.registry.extracts import (
    Registry,
    Row,
    row,
    text_of,
    write_bytes,
    write_csv,
)

EMPLOYER = row("pemberi_kerja")


def _members(*cells: dict[str, str]) -> list[Row]:
    return [row("kepesertaan", kpj=f"K{i}", **one) for i, one in enumerate(cells)]


def _bring_text(registry: Registry, text: str) -> tuple[list[tuple[int, str]], list[object]]:
    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        write_bytes(registry.folder, "kepesertaan.csv", text.encode()),
    )
    lines = sorted(str(one["baris"]) for one in registry.table(result, "kepesertaan"))
    return [(one.line, one.code) for one in result.rejected], [int(one) for one in lines]


def test_a_row_with_too_few_or_too_many_columns_is_turned_away_at_its_line(
    registry: Registry,
) -> None:
    lines = text_of("kepesertaan", _members({}, {}, {"nik": "1"}, {})).splitlines()
    lines.insert(2, "AA000001,000,K9")
    lines.insert(5, lines[1].replace("K0", "K8") + ",lebih")

    rejected, kept = _bring_text(registry, "\n".join(lines) + "\n")

    assert rejected == [(3, "columns_too_few"), (5, "nik_length"), (6, "columns_too_many")]
    assert kept == [2, 4, 7]


def test_lines_stay_true_behind_a_value_with_a_line_end_in_it(registry: Registry) -> None:
    text = text_of("kepesertaan", _members({"nama": "BARIS"}, {"nik": "1"}, {}))
    text = text.replace("BARIS", '"Budi\nSantoso"')

    rejected, kept = _bring_text(registry, text)

    assert rejected == [(4, "nik_length")]
    assert kept == [2, 5]


def test_blank_lines_are_passed_over_but_counted(registry: Registry) -> None:
    lines = text_of("kepesertaan", _members({}, {"nik": "1"})).splitlines()
    lines.insert(2, "")
    lines.insert(3, "AA000001")

    rejected, kept = _bring_text(registry, "\n".join(lines) + "\n\n")

    assert rejected == [(4, "columns_too_few"), (5, "nik_length")]
    assert kept == [2]


def test_many_ragged_rows_in_a_long_file_keep_every_line_true(registry: Registry) -> None:
    heading, *rows = text_of(
        "kepesertaan", [row("kepesertaan", kpj=f"K{i}") for i in range(20_000)]
    ).splitlines()
    ragged = set(random.Random(2).sample(range(20_000), 400))  # noqa: S311 - a sample
    lines = [heading, *("x,y" if i in ragged else one for i, one in enumerate(rows))]
    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        write_bytes(registry.folder, "kepesertaan.csv", "\n".join(lines).encode()),
    )

    assert {one.line for one in result.rejected} == {i + 2 for i in ragged}
    stored = registry.table(result, "kepesertaan")
    assert all(one["kpj"] == f"K{int(str(one['baris'])) - 2}" for one in stored)
    assert len(stored) == 20_000 - 400


def test_more_ragged_rows_than_usual_keep_every_line_true(registry: Registry) -> None:
    rows = text_of("kepesertaan", [row("kepesertaan", kpj=f"K{i}") for i in range(3000)])
    lines = [
        "x,y" if place and place % 2 == 0 else one for place, one in enumerate(rows.splitlines())
    ]
    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        write_bytes(registry.folder, "kepesertaan.csv", "\n".join(lines).encode()),
    )

    assert {one.line for one in result.rejected} == set(range(3, 3002, 2))
    stored = registry.table(result, "kepesertaan")
    assert all(one["kpj"] == f"K{int(str(one['baris'])) - 2}" for one in stored)


def test_a_ragged_row_is_written_back_whole(registry: Registry) -> None:
    text = text_of("kepesertaan", _members({})) + "AA000001,000,K9\n"

    _bring_text(registry, text)

    content = (registry.folder / "ditolak" / "kepesertaan.csv").read_text(encoding="utf-8")
    assert "AA000001,000,K9" in content
    assert "Baris 3: Baris ini memuat lebih sedikit kolom" in content


@pytest.mark.parametrize("after", [1, 5, 300])
def test_a_quotation_mark_that_is_never_closed_loses_no_row_in_silence(
    registry: Registry, after: int
) -> None:
    lines = text_of("kepesertaan", _members({}, *[{} for _ in range(after)])).splitlines()
    lines.insert(2, lines[1].replace("Budi", '"Budi').replace("K0", "K9999"))
    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        write_bytes(registry.folder, "kepesertaan.csv", "\n".join(lines).encode()),
    )

    if result.rejected_files:
        assert "Tanda kutip dibuka pada baris 3" in result.rejected_files[0].reason
    else:
        info = result.tables["kepesertaan"]
        assert info.rows + info.rejected == after + 2
        assert result.rejected[0].line == 3
