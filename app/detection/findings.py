"""PURE: rows that an engine found become findings: numbers, sentence, score, certainty, hash."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from json.encoder import encode_basestring
from typing import Final

from app.detection import ranking
from app.detection.evidence import Groups, Shown
from app.detection.facts.asof import POINTS, AsOf, too_old_on
from app.detection.ranking import SHIPPED_WEIGHTS, Weights
from app.detection.rules.rule import Row, Rule, carried_by, text, whole
from app.detection.schemas import Confidence
from app.infra.wording import translate
from app.law.month import Month
from app.law.parameters.ageing import AGEING_CLASSES

_MONTHS: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAY_LENGTH: Final = 10
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))

# In the numbers of a flag: the oldest age in days a source may have, by source, "" for all others.
AGE_LIMITS: Final = "batas_umur"
ELEMENTS: Final = "unsur"
NEXT_LIMIT: Final = "batas_berikut"
# The edition of the weights that made the score; not there for those that ship.
WEIGHED_BY: Final = "edisi_bobot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One flag as a sweep found it. `evidence` is JSON text: a list of table, line, values."""

    rule: str
    rule_version: int
    rule_edition: int
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
    rule: Rule,
    *,
    rows: Iterable[Row],
    evidence: Iterable[Groups],
    asof: AsOf,
    edition: int,
    weights: Weights = SHIPPED_WEIGHTS,
) -> Iterator[Finding]:
    """Yield one finding per row. Rows come by `subject`, in the order of the evidence."""
    tables = tuple(evidence)
    ground = _Ground(asof=asof, edition=edition, weights=weights, age_limits=_age_limits(asof))
    for row in rows:
        subject = text(row, "subject")
        yield _finding(rule, row, [one for table in tables for one in table.of(subject)], ground)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What all findings of a rule in one sweep share."""

    asof: AsOf
    edition: int
    weights: Weights
    age_limits: dict[str, int]


def _finding(rule: Rule, row: Row, evidence: list[Shown], ground: _Ground) -> Finding:
    asof = ground.asof
    described = rule.describe(row, asof)
    rupiah = estimate(row)
    ages = _ages(evidence, on=asof.on)
    limit = next_limit(row, asof)
    found = ranking.elements(
        rupiah=rupiah,
        workers=whole(row, "jumlah_tk"),
        confidence=described.confidence,
        months=whole(row, "bulan_tunggak") or whole(row, "bulan"),
        data_days=min(ages.values(), default=None),
        limit_days=None if limit is None else limit.days,
    )
    parts = ranking.weighed(found, ground.weights)
    numbers = {**described.numbers, "metode": described.method, "skor": parts, ELEMENTS: found}
    if limit is not None:
        numbers[NEXT_LIMIT] = {"jenis": limit.kind, "hari": limit.days}
    if ground.weights.edition:
        numbers[WEIGHED_BY] = ground.weights.edition
    numbers[AGE_LIMITS] = ground.age_limits
    carried = carried_by(row)
    return Finding(
        rule=rule.code,
        rule_version=rule.version,
        rule_edition=ground.edition,
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
        source_ages=_json(ages),
        confidence=described.confidence,
        confidence_reason=described.reason,
        facts_hash=_facts_hash(rule, row, evidence),
    )


def said(template: str, values: Mapping[str, object]) -> str:
    """Return the sentence in Indonesian, days and lists written out: `31 Mei 2026`."""
    spoken = {name: _written_out(value) for name, value in values.items()}
    return template.format(**spoken)


def day_of(value: object) -> object:
    """Return the day that a text like `2026-05-31` means, anything else as it is."""
    if isinstance(value, str) and len(value) == _DAY_LENGTH and _ISO_DAY.fullmatch(value):
        return date.fromisoformat(value)
    return value


def counted_words(value: Iterable[Sequence[object]], language: str) -> str:
    """Return pairs of a number and what was counted as a list: `3 klaim JHT, 1 pindah`."""
    return ", ".join(f"{number} {translate(str(words), language)}" for number, words in value)


def _written_out(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return counted_words(value, "id")
    day = day_of(value)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if isinstance(day, date) else value


def estimate(row: Row) -> int:
    """Return the rupiah of a finding: the principal where it is known, else month x months.

    Reading: an estimate is cut off to whole rupiah once, after the sum; it is never a bill.
    """
    if whole(row, "pokok"):
        return whole(row, "pokok")
    return whole(row, "bulanan") * whole(row, "bulan") // POINTS


@dataclass(frozen=True, slots=True)
class Limit:
    """What comes next by itself. `days` from the sweep's day to the day it comes."""

    kind: str
    days: int


def next_limit(row: Row, asof: AsOf) -> Limit | None:
    """Return the next limit of a finding, None where none is known.

    Reading: arrears that nobody pays pass into the next ageing class on the day after the due date
    that makes their months too many; a finding carried by a source ends when the source is too
    old. Neither is a limitation period: those are not computed.
    """
    if months := whole(row, "bulan_tunggak"):
        classes = asof.law[AGEING_CLASSES].on(asof.on)
        last = next((c.to_months for c in classes if c.from_months <= months <= (c.to_months or 0)),
                    None)  # fmt: skip
        missing = None if last is None else last - months
        if missing is None or missing >= len(asof.next_due):
            return None
        return Limit("golongan", (asof.next_due[missing] - asof.on).days + 1)
    carried = carried_by(row)
    if not carried.day:
        return None
    # In months, as its age is judged: the same months have other days from another day on.
    months = Month.of(asof.on) - Month.of(asof.oldest(carried.source))
    end = too_old_on(date.fromisoformat(carried.day), months=months)
    return Limit("sumber", (end - asof.on).days)


def _age_limits(asof: AsOf) -> dict[str, int]:
    """Return the ages in days that make a source stale: under "" for all but those named."""
    oldest = {"": asof.fresh_from, **asof.fresh_by_source}
    return {source: (asof.on - day).days for source, day in sorted(oldest.items())}


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
