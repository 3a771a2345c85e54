"""PURE: what the pages of rules show: numbers in words, precision, the report as rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from string import Formatter
from typing import Final

from app.detection.findings import day_of
from app.detection.rule_schemas import RuleView, SettingLine, Tally, TrialView, VersionView
from app.detection.rule_words import RuleWords, sentences_of, words_of
from app.detection.settings import (
    Change,
    RuleSettings,
    Setting,
    Value,
    every_setting,
    printed,
)
from app.detection.trial_report import (
    KINDS,
    Group,
    HitRate,
    Kind,
    Sample,
    Totals,
    TrialReport,
    report_from,
)
from app.detection.versions import Standing
from app.infra.wording import N_, translate
from app.lawbook.values import Kind as ValueKind
from app.registry.reference.regions import province_names
from app.registry.reference.sectors import category_of
from app.web.pages.flag_views import RULE_WORDS, TABLE_WORDS, place_name
from app.web.pages.values import CODES
from app.web.spoken import spoken_template

# fmt: off
STATE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "hidup": (N_("Aktif"), "green"),
    "mati":  (N_("Nonaktif"), "orange"),
}
STATE_CHOICES: Final[Mapping[str, str]] = {
    "hidup": N_("Aktif: menghasilkan temuan"),
    "mati":  N_("Nonaktif: tidak menghasilkan temuan"),
}
EDITION_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "diusulkan": (N_("Menunggu orang kedua"), "yellow"),
    "berlaku":   (N_("Disetujui"),            "green"),
    "ditolak":   (N_("Ditolak"),              "red"),
    "dicabut":   (N_("Ditarik pengusul"),     ""),
    "dibatalkan": (N_("Dibatalkan sebelum berlaku"), ""),
}
STANDING_WORDS: Final[Mapping[Standing, tuple[str, str]]] = {
    "berlaku":   (N_("Berlaku sekarang"), "green"),
    "rancangan": (N_("Rancangan"),        "blue"),
    "pensiun":   (N_("Pensiun"),          ""),
}
TRIAL_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "queued":  (N_("Menunggu giliran"), "blue"),
    "running": (N_("Sedang dijalankan"), "blue"),
    "done":    (N_("Selesai"),          "green"),
    "failed":  (N_("Gagal"),            "red"),
}
KIND_WORDS: Final[Mapping[Kind, tuple[str, str]]] = {
    "new":   (N_("Baru muncul"), "blue"),
    "gone":  (N_("Tidak lagi"),  "orange"),
    "still": (N_("Tetap"),       ""),
}
KIND_EXPLAINED: Final[Mapping[Kind, str]] = {
    "new":   N_("Ditemukan oleh rancangan, tidak oleh aturan yang berlaku."),
    "gone":  N_("Ditemukan oleh aturan yang berlaku, tidak lagi oleh rancangan."),
    "still": N_("Ditemukan oleh keduanya."),
}
# fmt: on
_UNKNOWN: Final = N_("tidak diketahui")
_MINUTES: Final = 60
_OPEN_ROWS: Final = 12


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A number of a rule as the page prints it; `mark`: said by an edition, not as it ships."""

    key: str
    title: str
    agency: str
    unit: str
    value: str
    shipped: str
    edition: int


@dataclass(frozen=True, slots=True)
class RuleCard:
    """One rule in the list. `precision` is empty where no case has ended with a verdict."""

    view: RuleView
    name: str
    words: RuleWords
    state: tuple[str, str]
    open_flags: int
    precision: str


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One version of a rule in words and numbers; `sentences` have dots where an employer's go."""

    view: VersionView
    standing: tuple[str, str]
    words: RuleWords
    said: Mapping[str, str]
    numbers: tuple[NumberLine, ...]
    sentences: tuple[str, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrialField:
    """A field of the form of a trial. `only`: the versions that have it; empty: all do."""

    line: NumberLine
    only: str


@dataclass(frozen=True, slots=True)
class TallyRow:
    """`share` is the proven part of those judged, in thousandths, for the bar."""

    label: str
    tally: Tally
    precision: str
    share: int | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    title: str
    agency: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MovedRow:
    """One line of a table by office, sector or size."""

    label: str
    totals: Mapping[Kind, Totals]


@dataclass(frozen=True, slots=True)
class MovedTable:
    """`folded`: too long to stand open on a phone."""

    id: str
    title: str
    head: str
    rows: tuple[MovedRow, ...]

    @property
    def folded(self) -> bool:
        return len(self.rows) > _OPEN_ROWS


@dataclass(frozen=True, slots=True)
class TotalRow:
    """`hours` is empty where nobody has said how long one visit takes."""

    kind: Kind
    words: tuple[str, str]
    totals: Totals
    hours: str


@dataclass(frozen=True, slots=True)
class SampleCard:
    sample: Sample
    words: tuple[str, str]
    why: str
    sentence: str
    place: str
    before: tuple[tuple[str, int, int], ...]
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    totals: tuple[TotalRow, ...]
    tables: tuple[MovedTable, ...]
    live_hits: str
    draft_hits: str
    live_known: HitRate
    draft_known: HitRate
    samples: tuple[SampleCard, ...]
    samples_hidden: int
    has_hours: bool


def rule_card(view: RuleView, language: str) -> RuleCard:
    return RuleCard(
        view=view,
        name=RULE_WORDS[view.rule.code],
        words=words_of(view.rule),
        state=STATE_WORDS[view.settings.state],
        open_flags=sum(view.flags.get(status, 0) for status in ("baru", "ditinjau")),
        precision=precision_of(view.tally.per_mille, language),
    )


def version_card(view: VersionView, language: str) -> VersionCard:
    words = words_of(view.rule)
    return VersionCard(
        view=view,
        standing=STANDING_WORDS[view.standing],
        words=words,
        said={line.setting.key: number_of(line.setting, line.value, language)
              for line in view.lines},
        numbers=tuple(number_line(line, language) for line in view.lines),
        sentences=tuple(_with_dots(one, language) for one in sentences_of(view.rule)),
        tables=tuple(TABLE_WORDS[table] for table in words.tables),
    )  # fmt: skip


def _with_dots(sentence: str, language: str) -> str:
    names = [name for _, name, _, _ in Formatter().parse(sentence) if name]
    return translate(sentence, language, **dict.fromkeys(names, "…"))


def trial_fields(code: str, cards: Sequence[VersionCard]) -> tuple[TrialField, ...]:
    """Return what the form of a trial asks: the numbers of every version, each once."""
    found = []
    for one, versions in every_setting(code):
        line = next(line for card in cards for line in card.numbers if line.key == one.key)
        only = "" if len(versions) == len(cards) else ", ".join(map(str, versions))
        found.append(TrialField(line, only))
    return tuple(found)


def number_line(line: SettingLine, language: str) -> NumberLine:
    one = line.setting
    return NumberLine(
        key=one.key,
        title=one.title,
        agency=one.agency,
        unit=unit_of(one),
        value=number_of(one, line.value, language),
        shipped=number_of(one, line.shipped, language),
        edition=line.edition,
    )


def unit_of(one: Setting) -> str:
    return N_("persen") if one.kind is ValueKind.SHARE else one.unit


def number_of(one: Setting, value: Value | None, language: str) -> str:
    """Return a value as the reader writes numbers; empty where nobody has said one."""
    if value is None:
        return ""
    if one.kind is ValueKind.SHARE:
        said = printed(one, value)
        return said if language == "id" else said.replace(",", ".")
    return str(value)


def precision_of(per_mille: int | None, language: str) -> str:
    """Return `66,7 %`; empty where nothing was judged."""
    if per_mille is None:
        return ""
    said = f"{Decimal(per_mille) / 10:.1f}"
    return f"{said if language == 'en' else said.replace('.', ',')} %"


def hit_rate(found: HitRate, language: str) -> str:
    tally = Tally(proven=found.hits, disproven=found.known - found.hits, not_judged=0)
    return precision_of(tally.per_mille, language)


def tally_rows(found: Iterable[tuple[str, Tally]], language: str) -> tuple[TallyRow, ...]:
    return tuple(
        TallyRow(label, tally, precision_of(tally.per_mille, language), tally.per_mille)
        for label, tally in found
    )


def version_label(key: tuple[int, int], language: str) -> str:
    version, edition = key
    if not edition:
        return _version_label(version, language)
    return translate(
        N_("versi {version}, edisi {edition}"), language, version=version, edition=edition
    )


def _version_label(version: int, language: str) -> str:
    return translate(N_("versi {version}"), language, version=version)


def province_label(code: str, language: str) -> str:
    return province_names().get(code, code) or translate(_UNKNOWN, language)


def sector_label(division: str, language: str) -> str:
    if not division:
        return translate(_UNKNOWN, language)
    category = category_of(division)
    return f"{division} {translate(category, language)}" if category else division


def size_label(size: str, language: str) -> str:
    return translate(CODES["skala"].get(size, _UNKNOWN), language)


def change_rows(
    found: Iterable[Change], before: RuleSettings, after: RuleSettings, language: str
) -> tuple[ChangeRow, ...]:
    """Return what differs between two editions, the version and the state first."""
    rows = []
    if before.version != after.version:
        told = (_version_label(one.version, language) for one in (before, after))
        rows.append(ChangeRow(N_("versi aturan"), "", *told))
    if before.state != after.state:
        states = (STATE_WORDS[one.state][0] for one in (before, after))
        rows.append(ChangeRow(N_("keadaan aturan"), "", *(translate(s, language) for s in states)))
    rows.extend(
        ChangeRow(
            change.setting.title,
            change.setting.agency,
            *(
                translate(N_("tidak dipakai versi ini"), language)
                if side.version in change.lacks
                else _with_unit(change.setting, value, language)
                for side, value in ((before, change.before), (after, change.after))
            ),
        )
        for change in found
    )
    return tuple(rows)


def _with_unit(one: Setting, value: Value | None, language: str) -> str:
    if value is None:
        return translate(N_("belum ditetapkan"), language)
    return f"{number_of(one, value, language)} {translate(unit_of(one), language)}"


def report_view(
    trial: TrialView, *, office_names: Mapping[str, str], language: str
) -> ReportView | None:
    """Return the report as tables; None until the trial is done."""
    if not trial.report:
        return None
    report = report_from(trial.report)
    return ReportView(
        totals=tuple(_total_row(report, kind, language) for kind in KINDS),
        tables=(
            MovedTable(
                "kantor",
                N_("Menurut kantor cabang"),
                N_("Kantor cabang"),
                _moved(report.by_office, lambda key: office_names.get(key, key), language),
            ),
            MovedTable(
                "sektor",
                N_("Menurut sektor (golongan pokok KBLI)"),
                N_("Sektor"),
                _moved(report.by_sector, lambda key: sector_label(key, language), language),
            ),
            MovedTable(
                "skala",
                N_("Menurut skala usaha"),
                N_("Skala usaha"),
                _moved(report.by_size, lambda key: size_label(key, language), language),
            ),
        ),
        live_hits=hit_rate(report.live_hits, language),
        draft_hits=hit_rate(report.draft_hits, language),
        live_known=report.live_hits,
        draft_known=report.draft_hits,
        samples=tuple(_sample_card(one, language) for one in report.samples),
        samples_hidden=trial.report["samples_hidden"],
        has_hours=report.visit_minutes is not None,
    )


def _total_row(report: TrialReport, kind: Kind, language: str) -> TotalRow:
    minutes = report.minutes(kind)
    return TotalRow(
        kind=kind,
        words=KIND_WORDS[kind],
        totals=report.totals[kind],
        hours="" if minutes is None else hours_of(minutes, language),
    )


def hours_of(minutes: int, language: str) -> str:
    """Return `1.250 jam 30 menit`; a whole number of hours stands alone."""
    hours, rest = divmod(minutes, _MINUTES)
    told = f"{hours:,}"
    told = told if language == "en" else told.replace(",", ".")
    if not rest:
        return translate(N_("{hours} jam"), language, hours=told)
    return translate(N_("{hours} jam {minutes} menit"), language, hours=told, minutes=rest)


def _moved(
    groups: Iterable[Group], label: Callable[[str], str], language: str
) -> tuple[MovedRow, ...]:
    return tuple(
        MovedRow(label(one.key) or translate(_UNKNOWN, language), one.totals) for one in groups
    )


def _sample_card(sample: Sample, language: str) -> SampleCard:
    values = {name: day_of(value) for name, value in sample.sentence_values.items()}
    figures = (
        (N_("pekerja terkait"), "jumlah_tk", sample.jumlah_tk),
        (N_("bulan menunggak"), "bulan_tunggak", sample.bulan_tunggak),
        (N_("rupiah"), "potensi_rupiah", sample.potensi_rupiah),
    )
    return SampleCard(
        sample=sample,
        words=KIND_WORDS[sample.kind],
        why=KIND_EXPLAINED[sample.kind],
        sentence=spoken_template(sample.sentence_template, values, language),
        place=place_name(sample.kode_wilayah),
        before=tuple(
            (label, sample.before[name], value)
            for label, name, value in figures
            if sample.kind == "still" and sample.before.get(name, value) != value
        ),
        rows=tuple((TABLE_WORDS[table], count) for table, count in sample.rows.items()),
    )
