"""Rows that findings rest on, told as JSON text: the text that a dictionary would have given."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from app.detection.evidence import Groups, OutOfOrder, shown

ROWS: list[dict[str, Any]] = [
    {
        "subject": "npp:1",
        "baris": 7,
        "sumber": "WLKP",
        "id_sumber": 'W-"1"\\\t\u001f é',
        "blth": 2026 * 12 + 2,
        "tgl_data": date(2026, 6, 30),
        "upah": 5_000_000,
    },
    {
        "subject": "npp:1",
        "baris": None,
        "sumber": None,
        "id_sumber": "",
        "blth": None,
        "tgl_data": None,
        "upah": None,
    },
    {
        "subject": "npp:2",
        "baris": 9,
        "sumber": "OSS",
        "id_sumber": "O-1",
        "blth": 2026 * 12 + 11,
        "tgl_data": date(2025, 1, 1),
        "upah": -1,
    },
]
COLUMNS: "dict[str, pa.DataType]" = {
    "subject": pa.string(),
    "baris": pa.int32(),
    "sumber": pa.string(),
    "id_sumber": pa.string(),
    "blth": pa.int32(),
    "tgl_data": pa.date32(),
    "upah": pa.int64(),
}
SCHEMA = pa.schema(COLUMNS)


def batches(*subjects: str) -> Iterator[pa.RecordBatch]:
    for subject in subjects:
        yield pa.RecordBatch.from_pylist([{**ROWS[0], "subject": subject}], schema=SCHEMA)


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_a_row_reads_as_a_dictionary_without_what_is_null_would() -> None:
    first, second, _ = shown("tagihan", pa.RecordBatch.from_pylist(ROWS, schema=SCHEMA))

    values = {
        "blth": "2026-03",
        "id_sumber": 'W-"1"\\\t\u001f é',
        "sumber": "WLKP",
        "tgl_data": "2026-06-30",
        "upah": 5_000_000,
    }
    assert first.told == canonical({"table": "tagihan", "line": 7, "values": values})
    assert second.told == canonical({"table": "tagihan", "line": 0, "values": {"id_sumber": ""}})


def test_the_day_of_a_source_is_no_fact() -> None:
    first, *_ = shown("tagihan", pa.RecordBatch.from_pylist(ROWS, schema=SCHEMA))

    assert "tgl_data" not in json.loads(first.fact)
    assert (first.sumber, first.tgl_data) == ("WLKP", date(2026, 6, 30))


def test_rows_are_found_by_employer_across_pieces_and_gaps() -> None:
    groups = Groups("tagihan", batches("npp:1", "npp:3", "npp:3", "npp:7"))

    counted = {one: len(groups.of(one)) for one in ("npp:2", "npp:3", "npp:5", "npp:7", "npp:9")}

    assert counted == {"npp:2": 0, "npp:3": 2, "npp:5": 0, "npp:7": 1, "npp:9": 0}


@pytest.mark.parametrize(
    ("subjects", "asked"), [(("npp:5", "npp:2", "npp:7"), ("npp:6",)), (("npp:5",), ("npp:5", "a"))]
)
def test_rows_out_of_order_are_an_error_and_never_lost(
    subjects: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    groups = Groups("tagihan", batches(*subjects))

    with pytest.raises(OutOfOrder):
        [groups.of(one) for one in asked]


def test_a_kind_of_column_that_no_evidence_holds_is_an_error() -> None:
    batch = pa.RecordBatch.from_pydict({"subject": ["a"], "baris": [1], "rate": [0.5]})

    with pytest.raises(TypeError, match="rate"):
        list(shown("tagihan", batch))
