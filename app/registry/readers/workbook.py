"""Reads XLSX: refuses what would unpack to too much, and parses in a process of its own.

What a workbook makes of memory cannot be told from outside, so the parsing process has a limit
and its death costs one file, not the run.
"""

import csv
import itertools
import json
import math
import resource
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from app.errors import Invalid
from app.registry.formats.layout import Layout
from app.registry.judging import Staged
from app.registry.readers.delimited import LONGEST_ROW, original_line
from app.registry.readers.formulas import Cells, uncalculated
from app.registry.readers.heading import LOOKED_AT, Heading, find_heading
from app.registry.sql import literal

LARGEST_UNPACKED: Final = 200_000_000
LARGEST_RATIO: Final = 150
RATIO_COUNTS_FROM: Final = 10_000_000
MOST_ENTRIES: Final = 2000
MEMORY_LIMIT: Final = 3 << 30
SECONDS_LIMIT: Final = 300
PIECE: Final = 1 << 20
EXACT_DOUBLES: Final = 2**53
SPREADSHEET_DIGITS: Final = 10**15


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as text: `path` is a CSV of line number and cells. `days`: date cells by column."""

    name: str
    path: Path
    rows: int
    width: int
    head: tuple[tuple[int, tuple[str, ...]], ...]
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sheet that is a table."""

    staged: Staged
    heading: Heading
    notes: tuple[tuple[str, str], ...]
    days: tuple[tuple[str, int], ...]


def refuse_bomb(path: Path) -> None:
    """Look at the archive before anything reads it.

    Raises:
        Invalid: not a workbook, or one that unpacks to more than a workbook of extracts does.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _refuse_sizes(entries)
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" not in names:
                raise Invalid(
                    "Berkas ini arsip ZIP tetapi bukan XLSX; kirim CSV, XLSX, atau Parquet."
                )
            if any(one.endswith("vbaProject.bin") for one in names):
                raise Invalid("Buku kerja memuat makro; simpan ulang sebagai XLSX tanpa makro.")
            for entry in entries:
                _refuse_lie(archive, entry)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError) as error:
        raise Invalid(
            "Berkas XLSX rusak atau tidak lengkap; simpan ulang lalu kirim lagi."
        ) from error


def _refuse_sizes(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    suspicious = unpacked > RATIO_COUNTS_FROM and unpacked // packed > LARGEST_RATIO
    if unpacked > LARGEST_UNPACKED or suspicious or len(entries) > MOST_ENTRIES:
        raise Invalid(
            "Isi XLSX terlalu besar setelah dibuka ({megabytes} MB; batas {limit} MB dan tidak "
            "lebih dari {ratio} kali ukuran berkas); kirim sebagai CSV atau Parquet.",
            megabytes=unpacked // 1_000_000,
            limit=LARGEST_UNPACKED // 1_000_000,
            ratio=LARGEST_RATIO,
        )


def _refuse_lie(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack once without keeping anything: the sizes in the directory are only a claim."""
    if entry.compress_type != zipfile.ZIP_DEFLATED or archive.fp is None:
        return
    inflater, size = zlib.decompressobj(-15), 0
    for piece in _packed(archive, entry):
        waiting = piece
        while waiting and not inflater.eof:
            size += len(inflater.decompress(waiting, PIECE))
            waiting = inflater.unconsumed_tail
            if size > entry.file_size:
                raise Invalid(
                    "Daftar isi XLSX tidak jujur tentang ukurannya; berkas ditolak. Simpan ulang "
                    "lalu kirim lagi."
                )


def _packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    file = archive.fp
    assert file is not None  # noqa: S101 - open while the caller holds the archive
    file.seek(entry.header_offset + 26)
    name_length = int.from_bytes(file.read(2), "little")
    extra_length = int.from_bytes(file.read(2), "little")
    file.seek(name_length + extra_length, 1)
    left = entry.compress_size
    while left > 0 and (piece := file.read(min(PIECE, left))):
        left -= len(piece)
        yield piece


def open_workbook(path: Path, *, workspace: Path) -> tuple[Sheet, ...]:
    """Turn every sheet into text, in a process with a memory limit.

    Raises:
        Invalid: it cannot be read, or reading it takes too much.
    """
    workspace.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "app.registry.readers.workbook", str(path), str(workspace)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, paths of our own making
            command,
            check=False,
            capture_output=True,
            timeout=SECONDS_LIMIT,
            cwd=Path(__file__).resolve().parents[3],
        )
    except subprocess.TimeoutExpired as error:
        raise Invalid(
            "Berkas XLSX tidak selesai dibaca dalam waktu yang wajar; kirim sebagai CSV."
        ) from error
    listing = workspace / "sheets.json"
    if done.returncode != 0 or not listing.is_file():
        raise Invalid(
            "Berkas XLSX tidak dapat dibaca (rusak, bersandi, atau terlalu besar); simpan ulang "
            "atau kirim sebagai CSV."
        )
    found = json.loads(listing.read_text(encoding="utf-8"))
    return tuple(
        Sheet(
            name=one["name"],
            path=workspace / one["file"],
            rows=one["rows"],
            width=one["width"],
            head=tuple((line, tuple(cells)) for line, cells in one["head"]),
            days=tuple(one["days"]),
        )
        for one in found
    )


def prepare(sheet: Sheet, layout: Layout) -> Prepared:
    """Raises: Invalid: the heading is wrong, or nothing stands below it."""
    heading = find_heading(layout, sheet.head)
    if sheet.rows == 0 or all(line <= heading.line for line, _ in sheet.head):
        raise Invalid("Lembar hanya berisi baris judul; kirim lembar yang berisi data.")
    columns = (*heading.columns, *(f"lebih_{i}" for i in range(len(heading.columns), sheet.width)))
    typed = ", ".join(f"{literal(one)}: 'VARCHAR'" for one in ("sent_line", *columns))
    relation = (
        f"(SELECT * FROM read_csv({literal(str(sheet.path))}, auto_detect=false, header=false, "  # noqa: S608 - quoted
        f"delim=',', quote='\"', escape='\"', columns={{{typed}}}, "
        f"max_line_size={8 * LONGEST_ROW}) WHERE CAST(sent_line AS BIGINT) > {heading.line})"
    )
    notes = []
    if heading.line > 1:
        notes.append(("header_line", str(heading.line)))
    if heading.extra:
        notes.append(("extra_columns", ", ".join(heading.extra)))
    days = tuple(
        (column, count)
        for column, count in zip(heading.columns, sheet.days, strict=False)
        if count and column in layout.names
    )
    return Prepared(
        staged=Staged(
            relation=relation,
            columns=frozenset(columns).intersection(layout.names),
            line='CAST("sent_line" AS BIGINT)',
            original_line=original_line(heading),
        ),
        heading=heading,
        notes=tuple(notes),
        days=days,
    )


def written(cell: object) -> str:
    """Return a cell the way an extract writes it.

    A number of 16 digits or more has lost its end in a spreadsheet, which keeps 15: unless its
    last digit is not 0 and it is exact, it is written as the rounded number it is.
    """
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d") if not any(cell.timetuple()[3:6]) else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return str(cell)
    return _number(cell)


def _number(cell: float) -> str:
    if not math.isfinite(cell):
        return ""
    if cell != int(cell):
        return f"{cell!r}".replace(".", ",")
    whole = int(cell)
    if abs(whole) < SPREADSHEET_DIGITS or (abs(whole) < EXACT_DOUBLES and whole % 10):
        return str(whole)
    return f"{cell:.14E}"


def convert(source: Path, folder: Path) -> None:
    """Write each sheet of `source` as CSV into `folder`, and `sheets.json` beside them."""
    from python_calamine import (  # noqa: PLC0415 - only the parsing process loads it
        CalamineWorkbook,
        SheetTypeEnum,
    )

    listing = []
    missing = uncalculated(source)
    with CalamineWorkbook.from_path(str(source)) as book:
        kinds = {one.name: one.typ for one in book.sheets_metadata}
        for place, title in enumerate(book.sheet_names):
            if kinds.get(title, SheetTypeEnum.WorkSheet) != SheetTypeEnum.WorkSheet:
                continue
            target = folder / f"{place}.csv"
            listing.append(
                {
                    "name": title,
                    "file": target.name,
                    **_convert_sheet(book, title, target, missing.get(title, {})),
                }
            )
    (folder / "sheets.json").write_text(json.dumps(listing), encoding="utf-8")


def _convert_sheet(book: object, title: str, target: Path, missing: Cells) -> dict[str, object]:
    """Write one sheet; a cell whose formula was never calculated (`missing`) shows the formula."""
    sheet = book.get_sheet_by_name(title)  # type: ignore[attr-defined]
    width = max([sheet.width, *(max(cells) + 1 for cells in missing.values())])
    days = [0] * width
    head: list[tuple[int, list[str]]] = []
    rows = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        # Below the last value there may be nothing but formulas.
        below = itertools.repeat((), max(missing, default=0))
        for line, cells in enumerate(itertools.chain(sheet.iter_rows(), below), start=1):
            texts = _texts(cells, width, missing.get(line, {}))
            if not any(texts):
                continue
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    days[column] += 1
            if len(head) < LOOKED_AT + 1:
                head.append((line, texts))
            writer.writerow([line, *texts])
            rows += 1
    return {"rows": rows, "width": width, "head": head, "days": days}


def _texts(cells: Sequence[object], width: int, missing: Mapping[int, str]) -> list[str]:
    texts = [written(cell) for cell in cells]
    texts += [""] * (width - len(texts))
    for column, formula in missing.items():
        texts[column] = texts[column] or formula
    return texts


def main(arguments: list[str]) -> int:
    """Entry point of the parsing process: a workbook, and the folder to write into."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT))
    convert(Path(arguments[0]), Path(arguments[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
