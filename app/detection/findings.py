"""PURE: rows that an engine found become findings: numbers, sentence, score, certainty, hash."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from json.encoder import encode_basestring
from typing import Final

from app.detection.evidence import Groups, Shown
from app.detection.facts.asof import POINTS, AsOf
from app.detection.rules.rule import Row, Rule, carried_by, text, whole
from app.detection.schemas import Confidence

# What a score is made of, each part with its most points; they add up to 100.
_BANDS_RUPIAH: Final = (
    (1, 8), (1_000_000, 8), (10_000_000, 8), (50_000_000, 8), (250_000_000, 8),
)  # fmt: skip
_BANDS_WORKERS: Final = ((1, 5), (5, 5), (20, 5), (50, 5), (100, 5))
_BANDS_MONTHS: Final = ((1, 3), (3, 3), (6, 3), (12, 3), (24, 3))
_CERTAINTY: Final[Mapping[Confidence, int]] = {"tinggi": 20, "sedang": 12, "perlu ditinjau": 4}

_MONTHS: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAY_LENGTH: Final = 10
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One flag as a sweep found it. `evidence` is JSON text: a list of table, line, values."""

    rule: str
    rule_version: int
    subject: str
    npp: str
    divisi: str
    sumber: str
    id_sumber: str
    npwp: str
    nib: str
    nama: str
    alamat: str
    kantor_cabang: str
    kode_wilayah: str
    jumlah_tk: int
    potensi_rupiah: int
    bulan_tunggak: int
    skor: int
    sentence: str
    sentence_template: str
    sentence_values: str
    numbers: str
    evidence: str
    source_ages: str
    confidence: Confidence
    confidence_reason: str
    facts_hash: str


def findings(
    rule: Rule, *, rows: Iterable[Row], evidence: Iterable[Groups], asof: AsOf
) -> Iterator[Finding]:
    """Yield one finding per row. Rows come by `subject`, in the order of the evidence."""
    tables = tuple(evidence)
    for row in rows:
        subject = text(row, "subject")
        yield _finding(rule, row, [one for table in tables for one in table.of(subject)], asof)


def _finding(rule: Rule, row: Row, evidence: list[Shown], asof: AsOf) -> Finding:
    described = rule.describe(row, asof)
    rupiah = estimate(row)
    parts = score_parts(row, rupiah=rupiah, confidence=described.confidence)
    numbers = {**described.numbers, "metode": described.method, "skor": parts}
    carried = carried_by(row)
    return Finding(
        rule=rule.code,
        rule_version=rule.version,
        subject=text(row, "subject"),
        npp=text(row, "npp"),
        divisi=text(row, "divisi"),
        sumber=carried.source,
        id_sumber=carried.source_id,
        npwp=text(row, "npwp"),
        nib=text(row, "nib"),
        nama=text(row, "nama"),
        alamat=text(row, "alamat"),
        kantor_cabang=text(row, "kantor_cabang"),
        kode_wilayah=text(row, "kode_wilayah"),
        jumlah_tk=whole(row, "jumlah_tk"),
        potensi_rupiah=rupiah,
        bulan_tunggak=whole(row, "bulan_tunggak"),
        skor=sum(parts.values()),
        sentence=said(described.because, described.values),
        sentence_template=described.because,
        sentence_values=_json(described.values),
        numbers=_json(numbers),
        evidence=f"[{','.join([one.told for one in evidence])}]",
        source_ages=_json(_ages(evidence, on=asof.on)),
        confidence=described.confidence,
        confidence_reason=described.reason,
        facts_hash=_facts_hash(rule, row, evidence),
    )


def said(template: str, values: Mapping[str, object]) -> str:
    """Return the sentence in Indonesian, days written out: `31 Mei 2026`."""
    spoken = {name: _written_out(value) for name, value in values.items()}
    return template.format(**spoken)


def day_of(value: object) -> object:
    """Return the day that a text like `2026-05-31` means, anything else as it is."""
    if isinstance(value, str) and len(value) == _DAY_LENGTH and _ISO_DAY.fullmatch(value):
        return date.fromisoformat(value)
    return value


def _written_out(value: object) -> object:
    day = day_of(value)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if isinstance(day, date) else value


def estimate(row: Row) -> int:
    """Return the rupiah of a finding: the principal where it is known, else month x months.

    Reading: an estimate is cut off to whole rupiah once, after the sum; it is never a bill.
    """
    if whole(row, "pokok"):
        return whole(row, "pokok")
    return whole(row, "bulanan") * whole(row, "bulan") // POINTS


def score_parts(row: Row, *, rupiah: int, confidence: Confidence) -> dict[str, int]:
    """Return the parts of the score: rupiah to 40, pekerja to 25, keyakinan to 20, lama to 15."""
    months = whole(row, "bulan_tunggak") or whole(row, "bulan")
    return {
        "rupiah": _banded(rupiah, _BANDS_RUPIAH),
        "pekerja": _banded(whole(row, "jumlah_tk"), _BANDS_WORKERS),
        "keyakinan": _CERTAINTY[confidence],
        "lama": _banded(months, _BANDS_MONTHS),
    }


def _banded(value: int, bands: tuple[tuple[int, int], ...]) -> int:
    return sum(points for least, points in bands if value >= least)


def _ages(evidence: list[Shown], *, on: date) -> dict[str, int]:
    """Return the age in days of the newest row of each source."""
    newest: dict[str, date] = {}
    for row in evidence:
        if row.sumber is not None and row.tgl_data is not None:
            newest[row.sumber] = max(newest.get(row.sumber, row.tgl_data), row.tgl_data)
    return {source: (on - day).days for source, day in sorted(newest.items())}


def _facts_hash(rule: Rule, row: Row, evidence: list[Shown]) -> str:
    """Return what stays the same while the facts do, from whichever extract they come."""
    facts = ",".join([encode_basestring(fact) for fact in sorted({one.fact for one in evidence})])
    counted = f"{whole(row, 'jumlah_tk')},{whole(row, 'bulan_tunggak')}"
    content = f"[{encode_basestring(rule.code)},{rule.version},{counted},[{facts}]]"
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _json(value: object) -> str:
    return _ENCODER.encode(value)
