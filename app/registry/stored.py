"""Rows of table files as they are read, whatever release wrote them.

A NIK is kept as a number: half the bytes, sorted and compared sooner than a text of 16 digits.
Files written before hold the text. Those who tell people what is there read the text; those who
compare millions read the number.
"""

# ruff: noqa: S608 - every name in these statements is one of ours, every value is quoted

from pathlib import Path
from typing import Final

import narwhals.stable.v2 as nw

from app.registry.matching import Frame
from app.registry.sql import literal

NIK_DIGITS: Final = 16
WITH_NIK: Final = frozenset({"kepesertaan", "sumber_pekerja"})


def spelled(nik: str) -> str:
    """Return the SQL that writes the number `nik` with all its digits."""
    text = f"CAST({nik} AS VARCHAR)"
    # Few begin with 0, and to fill up costs more than to ask.
    return (
        f"CASE WHEN strlen({text}) = {NIK_DIGITS} THEN {text} "
        f"ELSE lpad({text}, {NIK_DIGITS}, '0') END"
    )


def relation(table: str, path: Path) -> str:
    """Return the SQL of the rows of an extract table, a NIK being text of 16 digits."""
    return _read(table, path, spelled("nik"))


def numbered_relation(table: str, path: Path) -> str:
    """Return the SQL of the rows of an extract table, a NIK being BIGINT."""
    return _read(table, path, "CAST(nik AS BIGINT)")


def numbered(table: str, scanned: Frame) -> Frame:
    """Return the rows of a scanned file of an extract table, a NIK being Int64."""
    if table not in WITH_NIK:
        return scanned
    return scanned.with_columns(nik=nw.col("nik").cast(nw.Int64()))


def _read(table: str, path: Path, nik: str) -> str:
    file = f"read_parquet({literal(str(path))})"
    return f"(SELECT * REPLACE ({nik} AS nik) FROM {file})" if table in WITH_NIK else file
