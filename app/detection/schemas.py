"""Flags and sweeps as pages, the API and other rooms see them. A NIK is masked unless asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from app.registry.stored import NIK_DIGITS

Status = Literal["baru", "ditinjau", "ditunda", "ditolak", "kasus", "hilang"]
Confidence = Literal["tinggi", "sedang", "perlu ditinjau"]
Sort = Literal["skor", "rupiah", "terbaru"]

STATUSES: Final[tuple[Status, ...]] = (
    "baru", "ditinjau", "ditunda", "ditolak", "kasus", "hilang",
)  # fmt: skip
OPEN_STATUSES: Final[tuple[Status, ...]] = ("baru", "ditinjau")
EDITION_STATES: Final = ("diusulkan", "berlaku", "ditolak", "dicabut", "dibatalkan")
TRIAL_STATES: Final = ("queued", "running", "done", "failed")
Verdict = Literal["terbukti", "tidak_terbukti", "tidak_dinilai"]
VERDICTS: Final[tuple[Verdict, ...]] = ("terbukti", "tidak_terbukti", "tidak_dinilai")
CONFIDENCES: Final[tuple[Confidence, ...]] = ("tinggi", "sedang", "perlu ditinjau")
RULE_CODES: Final = ("PWBD", "PDS_TK", "PDS_UPAH", "PDS_PROGRAM", "PIUTANG", "LAPSED")

# The columns of `patuh flags export`, in order: a contract.
EXPORT_COLUMNS: Final = (
    "flag_id", "rule", "npp", "divisi", "sumber", "id_sumber", "npwp", "nama", "kantor_cabang",
    "kode_wilayah", "jumlah_tk", "potensi_rupiah", "bulan_tunggak", "skor", "status",
    "snapshot_id",
)  # fmt: skip

VISIBLE_DIGITS: Final = 4
# Columns of evidence that hold a NIK: the member's, and the one on the list where that is another.
NIKS: Final = frozenset({"nik", "nik_tertulis"})


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A row of the snapshot that a flag rests on: table, line in the extract, the values used."""

    table: str
    line: int
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagView:
    """One flag. `evidence` is empty in lists; `source_ages` is days by source on the sweep's day.

    `case_ended_on`: the case that took it was closed on that day; until the next snapshot the flag
    waits. `sentence` is `sentence_template` filled with `sentence_values`; the template is the key
    of its English wording. `potensi_rupiah` is an estimate except where `numbers["metode"]` is
    `pokok`: then it is the principal billed and not paid.
    """

    id: int
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
    status: Status
    snapshot_id: str
    sentence: str
    sentence_template: str
    sentence_values: Mapping[str, object]
    numbers: Mapping[str, object]
    evidence: tuple[EvidenceRow, ...] = field(repr=False)
    evidence_rows: int
    source_ages: Mapping[str, int]
    confidence: Confidence
    confidence_reason: str
    decision_reason: str
    snooze_until: date | None
    exception_until: date | None
    case_number: str
    case_ended_on: date | None
    seen: bool
    first_found_on: date
    last_found_on: date
    changed_at: datetime
    version: int

    @property
    def key(self) -> str:
        """The employer as flags of several rules share it: `npp:…`, or the outside employer."""
        return self.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagFilter:
    """Empty fields do not filter. `text` matches name, NPP, NPWP, NIB or id_sumber."""

    rule: str = ""
    status: tuple[Status, ...] = ()
    office: str = ""
    kode_wilayah: str = ""
    text: str = ""
    min_rupiah: int = 0
    sort: Sort = "skor"


@dataclass(frozen=True, slots=True)
class FlagEventView:
    """One entry of a flag's history. `detail` holds what moved when a decision broke."""

    recorded_at: datetime
    actor: str
    action: str
    from_status: str
    to_status: str
    reason: str
    snapshot_id: str
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """`new` + `still` is what the sweep found; `gone` was found by the sweep before and not now."""

    new: int
    still: int
    gone: int


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a snapshot holds of one source; `source` is empty for a table of the registry.

    `newest_on` is the newest `tgl_data`, None where rows have none.
    """

    table: str
    source: str
    rows: int
    newest_on: date | None

    def as_json(self) -> dict[str, object]:
        newest = self.newest_on.isoformat() if self.newest_on else None
        return {
            "table": self.table,
            "source": self.source,
            "rows": self.rows,
            "newest_on": newest,
        }


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence of a report, told in the reader's language: `template` is its key."""

    template: str
    values: Mapping[str, object] = field(hash=False)

    def __str__(self) -> str:
        return self.template.format(**self.values)


@dataclass(frozen=True, slots=True)
class SweepReport:
    """`notes` is what a reader should know of the sources before relying on the counts."""

    snapshot_id: str
    on: date
    rules: Mapping[str, RuleCounts]
    sources: tuple[SourceState, ...] = ()
    notes: tuple[Note, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the document of `patuh sweep --json`."""
        return {
            "snapshot_id": self.snapshot_id,
            "on": self.on.isoformat(),
            "rules": {
                code: {"new": counts.new, "still": counts.still, "gone": counts.gone}
                for code, counts in self.rules.items()
            },
            "sources": [
                {
                    **one.as_json(),
                    "age_days": (self.on - one.newest_on).days if one.newest_on else None,
                }
                for one in self.sources
            ],
            "notes": [str(note) for note in self.notes],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepView:
    """A sweep that was run and stored. `rule_editions`: what people had changed of each rule."""

    id: int
    snapshot_id: str
    on: date
    recorded_at: datetime
    actor: str
    rules: Mapping[str, RuleCounts]
    sources: tuple[SourceState, ...] = ()
    notes: tuple[Note, ...] = ()
    rule_editions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FlagCounts:
    """How many flags there are by rule and status, within the reader's offices."""

    by_rule: Mapping[str, Mapping[str, int]]

    def total(self, *statuses: str) -> int:
        wanted = statuses or STATUSES
        return sum(rule.get(status, 0) for rule in self.by_rule.values() for status in wanted)


def masked_nik(nik: str) -> str:
    """Return the NIK with its last four digits only, `············1234`."""
    return "·" * (NIK_DIGITS - VISIBLE_DIGITS) + nik[-VISIBLE_DIGITS:]


def masked(values: Mapping[str, object]) -> dict[str, object]:
    """Return evidence values with the NIK masked."""
    return {
        name: masked_nik(str(value)) if name in NIKS and value else value
        for name, value in values.items()
    }
