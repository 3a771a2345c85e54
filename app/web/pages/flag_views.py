"""PURE: what the pages of flags show: words for rules and states, evidence grouped by source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from app.cases.schemas import FlagCase
from app.cases.stages import VIOLATION_LABELS, Violation
from app.detection.findings import AGE_LIMITS, NEXT_LIMIT, WEIGHED_BY
from app.detection.findings import ELEMENTS as KEPT_ELEMENTS
from app.detection.ranking import ELEMENTS
from app.detection.schemas import OPEN_STATUSES, EvidenceRow, FlagEventView, FlagView
from app.infra.wording import N_, translate
from app.law.money import formatted
from app.registry.reference.regions import regency_names
from app.web.pages.values import Item, cells_of, heads_of, items_of
from app.web.spoken import spoken_template

SHOWN_ROWS: Final = 12

# fmt: off
STATUS_WORDS: Final[Mapping[str, str]] = {
    "baru":     N_("Baru"),
    "ditinjau": N_("Ditinjau"),
    "ditunda":  N_("Ditunda"),
    "ditolak":  N_("Ditolak"),
    "kasus":    N_("Menjadi kasus"),
    "hilang":   N_("Hilang"),
}
CONFIDENCE_WORDS: Final[Mapping[str, str]] = {
    "tinggi":         N_("Tinggi"),
    "sedang":         N_("Sedang"),
    "perlu ditinjau": N_("Perlu ditinjau"),
}
SORT_WORDS: Final[Mapping[str, str]] = {
    "skor":    N_("Terpenting dahulu"),
    "rupiah":  N_("Rupiah terbesar dahulu"),
    "terbaru": N_("Terbaru dahulu"),
}
TABLE_WORDS: Final[Mapping[str, str]] = {
    "pemberi_kerja":        N_("Pemberi kerja terdaftar"),
    "kepesertaan":          N_("Kepesertaan pekerja"),
    "tagihan":              N_("Tagihan"),
    "pembayaran":           N_("Pembayaran"),
    "sumber_pemberi_kerja": N_("Pemberi kerja menurut instansi lain"),
    "sumber_pekerja":       N_("Pekerja menurut instansi lain"),
}
HISTORY_WORDS: Final[Mapping[str, str]] = {
    "baru":     N_("Ditemukan"),
    "ditinjau": N_("Ditinjau"),
    "ditunda":  N_("Ditunda"),
    "ditolak":  N_("Ditolak"),
    "kasus":    N_("Menjadi kasus"),
    "hilang":   N_("Tidak ditemukan lagi"),
}
# Events that the state they led to does not tell.
EVENT_WORDS: Final[Mapping[str, str]] = {
    "case_ended": N_("Kasusnya ditutup"),
    "dikenali_kembali": N_("Dikenali kembali: nomor atau nama pada data instansi lain berubah"),
    "digabung": N_("Digabung dengan temuan lain atas pemberi kerja yang sama"),
    "muncul_lagi": N_("Masih ditemukan sesudah kasusnya ditutup"),
    "excuse": N_("Dikecualikan"),
    "pengecualian_berakhir": N_("Pengecualian berakhir pada tanggalnya"),
    "tunda_berakhir": N_("Penundaan berakhir pada tanggalnya"),
}
# fmt: on
_LIMITS: Final[Mapping[str, str]] = {
    "golongan": N_("{days} hari lagi golongan umur piutang naik bila tidak ada yang dibayar."),
    "sumber": N_(
        "Sekitar {days} hari lagi sumbernya terlalu tua untuk menjadi dasar temuan; "
        "itu bukan batas hukum."
    ),
}
# The same element of a score by what it counts down to; weights know only their sum.
_NEARNESS: Final[Mapping[str, str]] = {
    "golongan": N_("Dekatnya batas berikutnya: golongan umur piutang naik"),
    "sumber": N_("Dekatnya batas berikutnya: sumber terlalu tua (bukan batas hukum)"),
}
_BROKEN: Final[Mapping[str, str]] = {
    "ditunda": N_("Penundaan berakhir sendiri karena faktanya berubah. Alasannya dulu: {reason}"),
    "ditolak": N_("Penolakan berakhir sendiri karena faktanya berubah. Alasannya dulu: {reason}"),
}
_MOVED: Final[Mapping[str, str]] = {
    "jumlah_tk": N_("Pekerja terkait: {before} menjadi {after}."),
    "bulan_tunggak": N_("Bulan menunggak: {before} menjadi {after}."),
    "potensi_rupiah": N_("Rupiah: {before} menjadi {after}."),
    "rule_version": N_("Versi aturan: {before} menjadi {after}."),
}
_ROWS_MOVED: Final[Mapping[str, str]] = {
    "rows_new": N_("Baris data baru atau berubah: {count}."),
    "rows_gone": N_("Baris data yang tidak ada lagi atau berubah: {count}."),
}
RULE_WORDS: Final[Mapping[str, str]] = {
    violation.value: VIOLATION_LABELS[violation] for violation in Violation
}


@dataclass(frozen=True, slots=True)
class FlagRow:
    """`waits`: somebody still has to decide on it."""

    flag: FlagView
    rule: str
    status: str
    confidence: str
    identifier: str
    place: str
    sentence: str
    waits: bool


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    title: str
    line: int
    items: tuple[Item, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EvidenceGroup:
    """The rows of one table and, for outside tables, of one source; `more` are not shown.

    One row reads as facts, several as a table under `heads`.
    """

    table_words: str
    source: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[EvidenceLine, ...]
    total: int
    more: int


@dataclass(frozen=True, slots=True)
class SourceAge:
    source: str
    days: int
    stale: bool


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """`moved` says in sentences why a decision broke by itself; empty: it did not."""

    words: str
    at: datetime
    actor: str
    reason: str
    moved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One element of the score: 0 to 100, and the points it gives by its weight."""

    words: str
    share: int | None
    points: int


@dataclass(frozen=True, slots=True)
class Sibling:
    id: int
    rule: str
    amount: int


@dataclass(frozen=True, slots=True)
class PairLink:
    """A registered employer that the outside one may be."""

    id: int
    nama: str
    npp: str
    chance: str


@dataclass(frozen=True, slots=True)
class AmongLink:
    """Two records of agencies that are one by linkage, or may be; `state` is a sentence key."""

    id: int
    nama: str
    source: str
    other: str
    other_source: str
    chance: str
    state: str


@dataclass(frozen=True, slots=True)
class FlagPage:
    """One flag. `list_query` is the list it was opened from, `next_address` the next to judge."""

    flag: FlagView
    rule: str
    status: str
    confidence: str
    confidence_reason: str
    identifier: str
    place: str
    office: str
    sentence: str
    money_label: str
    numbers: tuple[Item, ...]
    source_ages: tuple[SourceAge, ...]
    evidence: tuple[EvidenceGroup, ...]
    history: tuple[HistoryItem, ...]
    broke: tuple[str, ...]
    elements: tuple[ElementRow, ...]
    weighed_by: int
    limit: str
    earlier: tuple[FlagCase, ...]
    siblings: tuple[Sibling, ...]
    list_address: str
    list_query: str
    next_address: str
    may_triage: bool
    may_open: bool
    may_reopen: bool
    may_read_registry: bool
    open_form: str
    tomorrow: date
    latest_rest: date
    today: date
    past_address: str
    pairs: tuple[PairLink, ...]
    among: tuple[AmongLink, ...]
    doubts_address: str


def flag_row(flag: FlagView, language: str) -> FlagRow:
    return FlagRow(
        flag=flag,
        rule=RULE_WORDS[flag.rule],
        status=STATUS_WORDS[flag.status],
        confidence=CONFIDENCE_WORDS[flag.confidence],
        identifier=identifier(flag),
        place=place_name(flag.kode_wilayah),
        sentence=sentence(flag, language),
        waits=flag.status in OPEN_STATUSES,
    )


def identifier(flag: FlagView) -> str:
    if flag.npp:
        return f"NPP {flag.npp}"
    return f"{flag.sumber} {flag.id_sumber}".strip()


def place_name(code: str) -> str:
    return regency_names().get(code, code)


def sentence(flag: FlagView, language: str) -> str:
    if not flag.sentence_template:
        return flag.sentence
    return spoken_template(flag.sentence_template, flag.sentence_values, language)


def money_label(flag: FlagView) -> str:
    if flag.numbers.get("metode") == "pokok":
        return N_("pokok belum dibayar")
    return N_("perkiraan iuran")


def source_ages(flag: FlagView) -> tuple[SourceAge, ...]:
    """Return how old each source was on the sweep's day, against what its rule then allowed.

    A sweep before allowances were kept says nothing of them: its sources are not called stale.
    """
    said = flag.numbers.get(AGE_LIMITS)
    limits = said if isinstance(said, Mapping) else {}
    return tuple(
        SourceAge(source, days, days > limits.get(source, limits.get("", days)))
        for source, days in sorted(flag.source_ages.items())
    )


def evidence_groups(rows: Iterable[EvidenceRow], language: str) -> tuple[EvidenceGroup, ...]:
    """Return the rows by table and source, side by side, in the order they were found."""
    groups: dict[tuple[str, str], list[EvidenceRow]] = {}
    for row in rows:
        groups.setdefault((row.table, str(row.values.get("sumber") or "")), []).append(row)
    return tuple(
        EvidenceGroup(
            table_words=TABLE_WORDS.get(table, table),
            source=source,
            heads=heads_of([row.values for row in found[:SHOWN_ROWS]]),
            rows=tuple(_line(row, language) for row in found[:SHOWN_ROWS]),
            total=len(found),
            more=max(0, len(found) - SHOWN_ROWS),
        )
        for (table, source), found in groups.items()
    )


def history_items(
    events: Sequence[FlagEventView], names: Mapping[str, str], language: str
) -> tuple[HistoryItem, ...]:
    """Return the history, newest first; `names` gives each actor's name."""
    return tuple(
        HistoryItem(
            words=EVENT_WORDS.get(event.action, HISTORY_WORDS.get(event.to_status, event.action)),
            at=event.recorded_at,
            actor=names[event.actor],
            reason=event.reason,
            moved=moved_words(event.detail, language),
        )
        for event in reversed(events)
    )


def broke(flag: FlagView, events: Sequence[FlagEventView], language: str) -> tuple[str, ...]:
    """Return why the last decision on a flag broke by itself, while nobody has decided anew."""
    if flag.status not in OPEN_STATUSES or not events:
        return ()
    return moved_words(events[-1].detail, language)


def element_rows(flag: FlagView) -> tuple[ElementRow, ...]:
    """Return the elements of the score; flags of older sweeps know their points alone."""
    points, shares = flag.numbers.get("skor"), flag.numbers.get(KEPT_ELEMENTS)
    if not isinstance(points, Mapping):
        return ()
    known = shares if isinstance(shares, Mapping) else {}
    words = {**ELEMENTS, "batas": _NEARNESS.get(_limit(flag).get("jenis", ""), ELEMENTS["batas"])}
    return tuple(
        ElementRow(words[name], known.get(name), points[name])
        for name in ELEMENTS
        if name in points
    )


def weighed_by(flag: FlagView) -> int:
    """Return the edition of the weights that made the score, 0 for those that ship."""
    edition = flag.numbers.get(WEIGHED_BY, 0)
    return edition if isinstance(edition, int) else 0


def limit_words(flag: FlagView, language: str) -> str:
    """Return what comes next by itself; empty where nothing is known."""
    limit = _limit(flag)
    return translate(_LIMITS[limit["jenis"]], language, days=limit["hari"]) if limit else ""


def _limit(flag: FlagView) -> Mapping[str, Any]:
    limit = flag.numbers.get(NEXT_LIMIT)
    return limit if isinstance(limit, Mapping) else {}


def moved_words(detail: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Return what moved under a decision, one sentence each; empty where nothing did."""
    if "status" not in detail:
        return ()
    told = [translate(_BROKEN[detail["status"]], language, reason=detail["reason"])]
    for name, template in _MOVED.items():
        before, after = detail[name]
        if before != after:
            money = name == "potensi_rupiah"
            told.append(
                translate(
                    template,
                    language,
                    before=formatted(before) if money else before,
                    after=formatted(after) if money else after,
                )
            )
    for name, template in _ROWS_MOVED.items():
        if detail[name]:
            told.append(translate(template, language, count=detail[name]))
    return tuple(told)


def _line(row: EvidenceRow, language: str) -> EvidenceLine:
    named = row.values.get("nama") or row.values.get("program") or row.values.get("npp") or ""
    return EvidenceLine(
        title=str(named),
        line=row.line,
        items=items_of(row.values, language),
        values=cells_of(row.values, language),
    )
