"""Runs the rules over one snapshot, on whichever engine: tables -> facts -> rules -> findings."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw
import pyarrow as pa

from app.detection import findings as found
from app.detection.engines import Engine
from app.detection.evidence import Batches, Groups
from app.detection.facts import Extracts, Facts
from app.detection.facts.asof import AsOf, as_of
from app.detection.facts.outside import contradicting
from app.detection.findings import Finding
from app.detection.ranking import SHIPPED_WEIGHTS, Weights
from app.detection.rules import RULES
from app.detection.rules.rule import Rule
from app.detection.schemas import SourceState
from app.detection.settings import (
    SHIPPED_EDITIONS,
    STALE,
    Editions,
    RuleSettings,
    aged,
    applied,
    setting,
)
from app.detection.versions import require_versions, running
from app.law.book import LawBook
from app.law.calendar import WorkingCalendar
from app.registry.matching import Frame, Linker, distinct, link_exactly


@dataclass(frozen=True, slots=True)
class RuleFindings:
    """What one rule found: one row per employer, and the rows it rests on by extract table.

    `rows` are the flags as a frame of the engine, `flags` the same to be read, and all by
    `subject`, with a full key: the same snapshot gives the same rows in the same order.
    They are read while they are computed, from an engine that must still be there.
    """

    rule: Rule
    settings: RuleSettings
    rows: Frame
    flags: Batches
    evidence: Mapping[str, Batches]

    def findings(self, asof: AsOf, weights: Weights) -> Iterator[Finding]:
        return found.findings(
            self.rule,
            rows=(row for batch in self.flags() for row in batch.to_pylist()),
            evidence=[Groups(table, batches()) for table, batches in self.evidence.items()],
            asof=aged(asof, self.settings),
            edition=self.settings.edition,
            weights=weights,
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """`contradictions` are employers of whom two fresh sources tell something else."""

    asof: AsOf
    by_rule: tuple[RuleFindings, ...]
    contradictions: Batches
    weights: Weights = SHIPPED_WEIGHTS

    def __iter__(self) -> Iterator[Finding]:
        for one in self.by_rule:
            yield from one.findings(self.asof, self.weights)

    def oldest(self, source: str) -> date:
        """Return the oldest day at which `source` still carries a finding of some rule."""
        days = [
            aged(self.asof, one.settings).oldest(source)
            for one in self.by_rule
            if setting(one.rule.code, STALE, version=one.rule.version)
        ]
        return min(days, default=self.asof.oldest(source))


def find(
    *,
    tables: Mapping[str, Path],
    on: date,
    calendar: WorkingCalendar,
    law: LawBook,
    engine: Engine,
    linker: Linker = link_exactly,
    worker_links: Path | None = None,
    rules: Sequence[Rule] = RULES,
    editions: Editions = SHIPPED_EDITIONS,
    evidence_of: Collection[str] | None = None,
    weights: Weights = SHIPPED_WEIGHTS,
) -> Findings:
    """Return what the rules find in `tables` (extract table: Parquet file) on the day `on`.

    The flags are known then; the rows they rest on are looked up as they are read. `editions` say
    which of `rules` are live, in which version and by which numbers. `worker_links` is what linkage
    wrote of workers whose NIK is nobody's; without it a NIK is who it says. Evidence is brought for
    the subjects in `evidence_of`, None for all; contradictions are looked for only where all is.

    Raises:
        CalendarTooShort: a bill falls due near `on` in a year that is not loaded.
        ParameterGap: a threshold was not in force on `on`.
        Unavailable: this release does not have a version that an edition names.
    """
    require_versions(editions[rule.code] for rule in rules)
    with engine.filling():
        months = _months(tables["tagihan"], engine=engine)
        asof = applied(as_of(on, billed_months=months, calendar=calendar, law=law), editions)
        shelf = _Shelf(
            Extracts.of(lambda table: engine.scan(tables[table])),
            asof=asof,
            linker=linker,
            worker_links=None if worker_links is None else engine.scan(worker_links),
            engine=engine,
        )
        asked = [
            _ask(
                running(editions[rule.code]),
                shelf.facts(editions[rule.code]),
                engine=engine,
                settings=editions[rule.code],
                evidence_of=evidence_of,
            )
            for rule in rules
            if editions[rule.code].is_live
        ]
        return Findings(
            asof=asof,
            by_rule=tuple(_answer(one, engine=engine) for one in asked),
            contradictions=_none
            if evidence_of is not None
            else engine.batches(contradicting(shelf.usual.linked), "kunci"),
            weights=weights,
        )


def _none() -> Iterator[pa.RecordBatch]:
    return iter(())


def holdings(
    tables: Mapping[str, Path], *, connection: duckdb.DuckDBPyConnection
) -> tuple[SourceState, ...]:
    """Return what the snapshot's tables hold: those of the registry, then the other agencies'."""
    found: list[SourceState] = []
    for table, path in tables.items():
        relation = connection.read_parquet(str(path))
        if "sumber" in relation.columns:
            counted = relation.aggregate("sumber, count(*), max(tgl_data)").order("sumber")
            found += [SourceState(table, *row) for row in counted.fetchall()]
        else:
            ((rows,),) = relation.aggregate("count(*)").fetchall()
            found.append(SourceState(table, "", rows, None))
    return tuple(found)


def _months(bills: Path, *, engine: Engine) -> list[int]:
    billed = engine.batches(distinct(engine.scan(bills), "blth"), "blth")
    return [
        row["blth"] for batch in billed() for row in batch.to_pylist() if row["blth"] is not None
    ]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A rule written over the facts, not yet computed."""

    rule: Rule
    settings: RuleSettings
    flags: Frame
    evidence: Mapping[str, Frame]


class _Shelf:
    """Facts by how old a source may be: rules that allow the same ages share them."""

    def __init__(
        self,
        extracts: Extracts,
        *,
        asof: AsOf,
        linker: Linker,
        worker_links: Frame | None,
        engine: Engine,
    ) -> None:
        self._extracts, self._asof, self._linker, self._engine = extracts, asof, linker, engine
        self._worker_links = worker_links
        self._facts: dict[tuple[object, ...], Facts] = {}

    @property
    def usual(self) -> Facts:
        """Facts of the ages that are allowed where no rule says otherwise."""
        return self._of(self._asof)

    def facts(self, settings: RuleSettings) -> Facts:
        return self._of(aged(self._asof, settings))

    def _of(self, asof: AsOf) -> Facts:
        key = (asof.fresh_from, *sorted(asof.fresh_by_source.items()))
        if key not in self._facts:
            prefix = f"aged_{len(self._facts)}_" if self._facts else ""
            self._facts[key] = Facts(
                self._extracts,
                asof=asof,
                linker=self._linker,
                worker_links=self._worker_links,
                keep=lambda name, frame: self._engine.keep(prefix + name, frame),
            )
        return self._facts[key]


def _ask(
    rule: Rule,
    facts: Facts,
    *,
    engine: Engine,
    settings: RuleSettings,
    evidence_of: Collection[str] | None,
) -> _Asked:
    rows = engine.keep(f"{rule.code}_rows", rule.rows(facts))
    flags = engine.keep(
        f"{rule.code}_flags",
        rule.candidates(facts, rows).filter(rule.when(facts.asof)),
    )
    key = "subject" if rule.code == "PWBD" else "npp"
    flagged = flags.select(*dict.fromkeys(("subject", key)))
    if evidence_of is None:
        return _Asked(rule, settings, flags, rule.evidence(facts, rows, flagged))
    if not evidence_of:
        return _Asked(rule, settings, flags, {})
    shown = flagged.filter(nw.col("subject").is_in(sorted(evidence_of)))
    return _Asked(rule, settings, flags, rule.evidence(facts, rows, shown))


def _answer(asked: _Asked, *, engine: Engine) -> RuleFindings:
    return RuleFindings(
        rule=asked.rule,
        settings=asked.settings,
        rows=asked.flags,
        flags=engine.batches(asked.flags, "subject"),
        evidence={
            table: engine.batches(frame, "subject", "baris")
            for table, frame in asked.evidence.items()
        },
    )
