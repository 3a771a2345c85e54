"""Links the workers of a snapshot, and shows the NIKs of a pair to whom it concerns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
from sqlmodel import Session

from app.accounts.schemas import Principal
from app.audit import service as audit
from app.errors import FieldProblem, Invalid
from app.law.book import LawBook
from app.law.parameters import linkage as parameters
from app.linkage import queries, standing
from app.linkage.bands import Thresholds
from app.linkage.pairs import Found, Pair
from app.linkage.schemas import WORKER, LinkReport
from app.linkage.service import (
    LONGEST_REASON,
    Linked,
    Words,
    keep_model,
    thresholds,
    words_up_to,
)
from app.linkage.storing import store
from app.linkage.worker_candidates import find_worker_pairs
from app.linkage.worker_links import FOUND, write_worker_links

REVEAL: Final = "nik.reveal"
SHORTEST_REVEAL_REASON: Final = 10


@dataclass(frozen=True, slots=True)
class Niks:
    """The NIK as the list writes it and that of the member, whole."""

    outside: str
    member: str


def worker_thresholds(law: LawBook, *, on: date) -> Thresholds:
    """Return the thresholds of employers in force on `on`, with the share of workers.

    Raises:
        ParameterGap: one was not in force.
    """
    return replace(thresholds(law, on=on), share=law[parameters.WORKER_SHARE].on(on))


def link_workers(
    session: Session,
    *,
    connection: duckdb.DuckDBPyConnection,
    limits: Thresholds,
    up_to: int,
    snapshot_id: str,
    on: date,
    now: datetime,
    to: Path,
) -> Linked:
    """Link the tables that `find_worker_pairs` reads, and store the pairs of this sweep.

    `up_to` is the last word that counted for employers: one sweep counts the same words.
    """
    said = standing.of_workers(session, up_to=up_to)
    found = find_worker_pairs(connection, thresholds=limits, said=said)
    keep_model(session, found.model, snapshot_id=snapshot_id, now=now)
    seen = _Seen(found.pairs)
    store(
        session,
        seen,
        kind=WORKER,
        model_sha256=found.model.sha256(),
        snapshot_id=snapshot_id,
        on=on,
    )
    return _linked(connection, seen, found, limits, up_to, to)


def preview_workers(
    session: Session,
    *,
    connection: duckdb.DuckDBPyConnection,
    limits: Thresholds,
    up_to: int,
    to: Path,
) -> Linked:
    """Return what `link_workers` would, and store nothing."""
    words = words_up_to(session, last=up_to)
    return relink_workers(connection, words=words, limits=limits, to=to)


def relink_workers(
    connection: duckdb.DuckDBPyConnection, *, words: Words, limits: Thresholds, to: Path
) -> Linked:
    """Link the tables that `find_worker_pairs` reads, as `relink` does those of employers."""
    found = find_worker_pairs(connection, thresholds=limits, said=words.of_workers)
    seen = _Seen(found.pairs)
    for _ in seen:
        pass
    return _linked(connection, seen, found, limits, words.last, to)


def reveal_niks(
    session: Session, *, principal: Principal, pair_id: int, reason: str, now: datetime
) -> Niks:
    """Return both NIKs of a pair of workers whole; the audit log says who and why.

    Raises:
        Forbidden: this role may not see whole NIKs.
        Invalid: the reason has fewer than 10 characters.
        NotFound: it is not there, not in this principal's offices, or no pair of workers.
    """
    written = reason.strip()
    if len(written) < SHORTEST_REVEAL_REASON:
        sentence = "Tulis alasan melihat NIK, paling sedikit {least} huruf."
        problem = FieldProblem("alasan_nik", sentence, {"least": SHORTEST_REVEAL_REASON})
        raise Invalid(sentence, fields=(problem,), least=SHORTEST_REVEAL_REASON)
    outside, member = queries.whole_niks(
        session, principal=principal, action=REVEAL, pair_id=pair_id
    )
    pair = queries.pair(session, principal=principal, pair_id=pair_id)
    audit.record(
        session,
        actor=principal.actor,
        action="linkage.reveal_nik",
        subject=f"pair:{pair_id}",
        office=pair.kantor_cabang,
        now=now,
        detail={"reason": written[:LONGEST_REASON], "npp": pair.npp},
    )
    return Niks(outside, member)


class _Seen:
    """Passes pairs on and remembers of each what links need."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._pairs = pairs
        self.rows: list[dict[str, Any]] = []

    def __iter__(self) -> Iterator[Pair]:
        for one in self._pairs:
            self.rows.append(row_of(one))
            yield one


def row_of(pair: Pair) -> dict[str, Any]:
    """Return what `write_worker_links` reads of a pair."""
    return {
        "nik": pair.kunci.removeprefix(standing.NIK),
        "nik_sini": pair.member,
        "pasti": pair.band == "pasti",
        "setempat": pair.why != "tempat",
        "bobot": pair.weight,
    }


def _linked(
    connection: duckdb.DuckDBPyConnection,
    seen: _Seen,
    found: Found,
    limits: Thresholds,
    up_to: int,
    to: Path,
) -> Linked:
    write_worker_links(connection, found=pa.Table.from_pylist(seen.rows, schema=FOUND), to=to)
    sure = sum(row["pasti"] for row in seen.rows)
    report = LinkReport(
        model_sha256=found.model.sha256(),
        candidates=found.candidates,
        sure=sure,
        review=len(seen.rows) - sure,
    )
    return Linked(to, report, limits, up_to)
