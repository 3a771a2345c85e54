"""PURE: the data files that go with a packet, made from what is printed and from nothing else."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.infra.spreadsheets import guarded
from app.packets.content import Annex, DuesLine, WorkerRow

DUES_FILE = "rincian-iuran.csv"
WORKERS_FILE = "daftar-tenaga-kerja.csv"


@dataclass(frozen=True, slots=True)
class DataFile:
    annex: Annex
    content: bytes


def data_files(*, lines: Sequence[DuesLine], workers: Sequence[WorkerRow]) -> tuple[DataFile, ...]:
    """Return the annexes that have rows. UTF-8, semicolons, one header line, no formulas."""
    files = []
    if lines:
        files.append(_file(DUES_FILE, "Rincian iuran per bulan dan program", _DUES, lines))
    if workers:
        files.append(_file(WORKERS_FILE, "Daftar tenaga kerja (NIK disamarkan)", _WORKERS, workers))
    return tuple(files)


_DUES = (
    ("blth", "month"),
    ("program", "programme"),
    ("tk", "workers"),
    ("dasar_upah", "wage_base"),
    ("jumlah", "billed"),
    ("jatuh_tempo", "due_on"),
    ("bulan_terlambat", "months_late"),
    ("dibayar", "paid"),
    ("lebih_bayar", "overpaid"),
    ("sisa_pokok", "outstanding"),
    ("denda", "penalty"),
)
_WORKERS = (
    ("no", "number"),
    ("nama", "name"),
    ("nik", "nik"),
    ("tgl_lahir", "born_on"),
    ("kpj", "kpj"),
    ("tgl_mulai", "started_on"),
    ("tgl_akhir", "ended_on"),
    ("upah_dilaporkan", "wage_reported"),
    ("upah_ditemukan", "wage_found"),
    ("status", "status"),
    ("sumber", "source"),
    ("tgl_sumber", "source_on"),
)


def _file(
    filename: str,
    title: str,
    columns: tuple[tuple[str, str], ...],
    rows: Sequence[DuesLine] | Sequence[WorkerRow],
) -> DataFile:
    lines = [_line(header for header, _ in columns)]
    lines += [_line(_cell(getattr(row, name)) for _, name in columns) for row in rows]
    content = "".join(lines).encode()
    annex = Annex(
        filename=filename,
        title=title,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        rows=len(rows),
    )
    return DataFile(annex=annex, content=content)


def _cell(value: object) -> str:
    text = guarded("" if value is None else str(value))
    if any(mark in text for mark in ';"\n\r'):
        text = '"' + text.replace('"', '""') + '"'
    return text


def _line(cells: Iterable[str]) -> str:
    return ";".join(cells) + "\r\n"
