"""The public door of the room: link a snapshot, decide about a pair. Never commits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from app.accounts.schemas import Principal
from app.audit import service as audit
from app.errors import FieldProblem, Invalid, Refused, Stale
from app.law.book import LawBook
from app.law.parameters import linkage as parameters
from app.linkage import queries, standing
from app.linkage.bands import Thresholds
from app.linkage.candidates import find_pairs
from app.linkage.links import Said, settle_links
from app.linkage.model import Model
from app.linkage.outside_candidates import FoundOutside, find_outside_pairs
from app.linkage.outside_links import SaidOfOutside, write_joined_links
from app.linkage.pairs import Found, Pair
from app.linkage.schemas import EMPLOYER, OUTSIDE, LinkReport, PairView, Verdict
from app.linkage.storing import store
from app.linkage.tables import LinkageDecision, LinkageModel
from app.linkage.worker_links import SaidOfWorker

DECIDE: Final = "linkage.decide"
# In what a sweep remembers of its links; without it outside employers were not compared.
AMONG: Final = "antarinstansi"
_SURE: Final = pa.schema([pa.field(name, pa.string()) for name in ("kunci", "npp")])
SHORTEST_REASON: Final = 5
LONGEST_REASON: Final = 2000


@dataclass(frozen=True, slots=True)
class Linked:
    """`links` is a Parquet file of what a linker returns; `up_to`: the last word that counted.

    `outside` reports on outside employers among each other, None where they were not compared:
    its `sure` are those that go by another's name.
    """

    links: Path
    report: LinkReport
    thresholds: Thresholds
    up_to: int
    outside: LinkReport | None = None

    def as_json(self) -> dict[str, object]:
        """Return what a stored sweep remembers, to be run again."""
        told: dict[str, object] = {
            "model": self.report.model_sha256,
            "ambang": self.thresholds.as_json(),
            "tanpa_nomor": self.report.candidates,
            "pasti": self.report.sure,
            "ditinjau": self.report.review,
            "putusan": self.up_to,
        }
        if self.outside is not None:
            told[AMONG] = {
                "model": self.outside.model_sha256,
                "tak_terdaftar": self.outside.candidates,
                "digabung": self.outside.sure,
                "ditinjau": self.outside.review,
            }
        return told


def thresholds(law: LawBook, *, on: date) -> Thresholds:
    """Return the thresholds in force on `on`.

    Raises:
        ParameterGap: one was not in force.
    """
    return Thresholds(
        sure=law[parameters.SURE].on(on),
        review=law[parameters.REVIEW].on(on),
        rival=law[parameters.RIVAL].on(on),
        share=law[parameters.SHARE].on(on),
    )


def link(
    session: Session,
    *,
    connection: duckdb.DuckDBPyConnection,
    limits: Thresholds,
    snapshot_id: str,
    on: date,
    now: datetime,
    to: Path,
) -> Linked:
    """Link the tables that `find_pairs` reads, and store the pairs as this sweep saw them.

    `find_outside_pairs` then compares with each other those that were linked to nobody.
    """
    up_to = standing.last_word(session)
    said = standing.of_employers(session, up_to=up_to)
    found = find_pairs(connection, thresholds=limits, said=said)
    model = found.model
    keep_model(session, model, snapshot_id=snapshot_id, now=now)
    seen = _Seen(found.pairs)
    store(
        session,
        seen,
        kind=EMPLOYER,
        model_sha256=model.sha256(),
        snapshot_id=snapshot_id,
        on=on,
    )
    settle_links(connection, sure=seen.as_table())
    among = find_outside_pairs(
        connection,
        model=model,
        thresholds=limits,
        said=standing.of_outside(session, up_to=up_to),
    )
    keep_model(session, among.found.model, snapshot_id=snapshot_id, now=now)
    seen_among = _Seen(among.found.pairs)
    store(
        session,
        seen_among,
        kind=OUTSIDE,
        model_sha256=among.found.model.sha256(),
        snapshot_id=snapshot_id,
        on=on,
    )
    write_joined_links(connection, joined=among.joined, to=to)
    report = _report(found, sure=len(seen.sure), review=seen.review)
    return Linked(to, report, limits, up_to, _report_among(among, seen_among))


def preview(
    session: Session, *, connection: duckdb.DuckDBPyConnection, limits: Thresholds, to: Path
) -> Linked:
    """Return what `link` would, and store nothing."""
    words = words_up_to(session, last=standing.last_word(session))
    return relink(connection, words=words, limits=limits, to=to)


@dataclass(frozen=True, slots=True)
class Words:
    """What people had said of pairs, up to the decision `last`."""

    last: int
    said: tuple[Said, ...]
    of_workers: tuple[SaidOfWorker, ...]
    of_outside: tuple[SaidOfOutside, ...]


def words_up_to(session: Session, *, last: int) -> Words:
    return Words(
        last,
        said=tuple(standing.of_employers(session, up_to=last)),
        of_workers=tuple(standing.of_workers(session, up_to=last)),
        of_outside=tuple(standing.of_outside(session, up_to=last)),
    )


def relink(
    connection: duckdb.DuckDBPyConnection,
    *,
    words: Words,
    limits: Thresholds,
    to: Path,
    among: bool = True,
) -> Linked:
    """Link the tables that `find_pairs` reads, on some words of people; nothing is stored.

    The same tables, words and thresholds give the same links. `among`: outside employers are
    compared with each other too.
    """
    found = find_pairs(connection, thresholds=limits, said=words.said)
    seen = _Seen(found.pairs)
    for _ in seen:
        pass
    settle_links(connection, sure=seen.as_table())
    report = _report(found, sure=len(seen.sure), review=seen.review)
    if not among:
        write_joined_links(connection, joined=(), to=to)
        return Linked(to, report, limits, words.last)
    others = find_outside_pairs(
        connection, model=found.model, thresholds=limits, said=words.of_outside
    )
    seen_among = _Seen(others.found.pairs)
    for _ in seen_among:
        pass
    write_joined_links(connection, joined=others.joined, to=to)
    return Linked(to, report, limits, words.last, _report_among(others, seen_among))


def decide(
    session: Session,
    *,
    principal: Principal,
    pair_id: int,
    verdict: Verdict,
    reason: str,
    expected_version: int,
    now: datetime,
) -> PairView:
    """Say that a pair is one employer, is two, or cannot be told; holds from the next sweep on.

    Raises:
        Forbidden: this role does not decide about pairs.
        Invalid: the reason is missing or out of bounds.
        NotFound: it is not there, or not in this principal's offices.
        Stale: somebody decided since `expected_version`.
        Refused: it says what stands already, or takes back what was never said; or one outside
            employer would be two registered ones.
    """
    principal.require(DECIDE)
    pair = queries.locked_pair(session, principal=principal, pair_id=pair_id)
    if pair.version != expected_version:
        raise Stale(
            "Pasangan nomor {pair} sudah diputus sejak Anda membukanya; muat ulang lalu periksa "
            "kembali.",
            pair=pair_id,
        )
    if pair.verdict == verdict or (verdict == "dicabut" and not pair.verdict):
        raise Refused(
            "Pasangan nomor {pair} sudah dalam keadaan itu; tidak ada yang perlu diputus.",
            pair=pair_id,
        )
    if verdict == "sama" and pair.kind == EMPLOYER:
        _same_as_no_other(session, pair)
    written = _reason(reason)
    named = queries.name_of(session, pair_id=pair_id)
    row = LinkageDecision(
        kind=pair.kind,
        kunci=named.kunci,
        npp=pair.npp,
        member=named.member,
        records=[list(one) for one in pair.records],
        other_records=[list(one) for one in pair.other_records],
        verdict=verdict,
        reason=written,
        shown=_shown(pair),
        kantor_cabang=pair.kantor_cabang,
        actor=principal.actor,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=principal.actor,
        action="linkage.undo" if verdict == "dicabut" else "linkage.decide",
        subject=f"pair:{pair_id}",
        office=pair.kantor_cabang,
        now=now,
        detail={
            "decision": row.id,
            "verdict": verdict,
            "before": pair.verdict,
            "npp": pair.npp,
            "kunci": pair.kunci,
            "reason": written,
        },
    )
    return queries.pair(session, principal=principal, pair_id=pair_id)


def _same_as_no_other(session: Session, pair: PairView) -> None:
    """Refuse what only the newest of two words would count for, while both pages said "same"."""
    other = standing.said_same_as(session, records=pair.records, but=pair.npp)
    if other:
        raise Refused(
            "Catatan ini sudah diputus sama dengan NPP {other}; cabut dahulu putusan itu bila "
            "NPP {npp} yang benar.",
            other=other,
            npp=pair.npp,
        )


def undo(
    session: Session,
    *,
    principal: Principal,
    pair_id: int,
    reason: str,
    expected_version: int,
    now: datetime,
) -> PairView:
    """Take the standing decision back: the pair is again what the numbers and names make of it.

    Raises:
        Forbidden, Invalid, NotFound, Stale, Refused: as `decide`.
    """
    return decide(
        session,
        principal=principal,
        pair_id=pair_id,
        verdict="dicabut",
        reason=reason,
        expected_version=expected_version,
        now=now,
    )


def keep_model(session: Session, model: Model, *, snapshot_id: str, now: datetime) -> None:
    """Store the file of a model once, under its hash."""
    session.execute(
        insert(LinkageModel)
        .values(
            sha256=model.sha256(), content=model.text(), snapshot_id=snapshot_id, recorded_at=now
        )
        .on_conflict_do_nothing()
    )


class _Seen:
    """Passes pairs on and remembers of the sure ones what links need, of the rest how many."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._pairs = pairs
        self.sure: dict[str, tuple[float, str]] = {}
        self.review = 0

    def __iter__(self) -> Iterator[Pair]:
        for one in self._pairs:
            if one.band == "tinjau":
                self.review += 1
            elif not one.exact:
                # The likeliest NPP of one legal entity; of equals the smallest.
                known = self.sure.get(one.kunci)
                if known is None or one.weight > known[0]:
                    self.sure[one.kunci] = (one.weight, one.npp)
            yield one

    def as_table(self) -> pa.Table:
        """Return what `settle_links` reads."""
        rows = [{"kunci": kunci, "npp": npp} for kunci, (_, npp) in sorted(self.sure.items())]
        return pa.Table.from_pylist(rows, schema=_SURE)


def _report(found: Found, *, sure: int, review: int) -> LinkReport:
    return LinkReport(
        model_sha256=found.model.sha256(), candidates=found.candidates, sure=sure, review=review
    )


def _report_among(among: FoundOutside, seen: _Seen) -> LinkReport:
    return _report(among.found, sure=len(among.joined), review=seen.review)


def _shown(pair: PairView) -> dict[str, Any]:
    """Return the comparison as it was on the screen: the decision rests on it."""
    return {
        "peluang": pair.chance,
        "bobot": pair.weight,
        "model": pair.model_sha256,
        "snapshot": pair.snapshot_id,
        "luar": dict(pair.outside),
        "sini": dict(pair.registered),
        "bagian": [
            {"perbandingan": part.comparison, "tingkat": part.level, "bobot": part.weight}
            for part in pair.parts
        ],
    }


def _reason(text: str) -> str:
    reason = text.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        sentence = "Tulis alasan {least} sampai {most} huruf."
        values = {"least": SHORTEST_REASON, "most": LONGEST_REASON}
        raise Invalid(sentence, fields=(FieldProblem("reason", sentence, values),), **values)
    return reason
