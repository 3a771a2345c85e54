"""The links that both sides of a trial rest on: those that a sweep of its snapshot used."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
from sqlmodel import Session, col, select

from app.detection.engines import Engine
from app.detection.engines.duckdb import workbench
from app.detection.linking import linker_of, prepare, prepare_workers
from app.detection.settings import asks_others
from app.detection.tables import Sweep
from app.infra.scratch import lent
from app.law.book import LawBook
from app.linkage import service as linkage
from app.linkage import standing as linkage_standing
from app.linkage import worker_service as worker_linkage
from app.linkage.service import AMONG, Words
from app.registry.matching import Linker, link_exactly

# In the definition of a trial; one made before links were used says nothing and links exactly.
LINKS: Final = "tautan"
# In what a sweep remembers of its links and in a definition; without it no worker was linked, and
# without AMONG no outside employers were compared with each other.
WORKERS: Final = "pekerja"
FOLDER: Final = "uji-coba"


@dataclass(frozen=True, slots=True)
class Links:
    """The files of one day's links, None for what is not linked beyond its numbers."""

    employers: Path | None = None
    workers: Path | None = None

    def linker(self, engine: Engine) -> Linker:
        return link_exactly if self.employers is None else linker_of(engine, self.employers)


LinksOn = Callable[[date], Links]


@dataclass(frozen=True, slots=True)
class Ground:
    """What people had said that a trial counts, and what beyond registered employers is linked."""

    words: Words
    with_workers: bool
    among: bool


def links_for(session: Session, *, snapshot_id: str) -> dict[str, Any]:
    """Return which words of people count, and for whom: as in the last sweep over the snapshot.

    Where none was swept, or it did not say, all that have been said by now count.
    """
    last = session.exec(
        select(Sweep.linkage)
        .where(Sweep.snapshot_id == snapshot_id)
        .order_by(col(Sweep.id).desc())
        .limit(1)
    ).first()
    words = (last or {}).get("putusan")
    return {
        "putusan": linkage_standing.last_word(session) if words is None else words,
        WORKERS: not last or WORKERS in last,
        AMONG: not last or AMONG in last,
    }


def ground_of(session: Session, *, definition: Mapping[str, Any]) -> Ground | None:
    """Return what the links of a trial rest on; None: it links exactly."""
    if LINKS not in definition:
        return None
    asked = definition[LINKS]
    return Ground(
        linkage.words_up_to(session, last=asked["putusan"]),
        with_workers=asked.get(WORKERS, False),
        among=asked.get(AMONG, False),
    )


@contextmanager
def links(
    *,
    rule: str,
    ground: Ground | None,
    tables: Mapping[str, Path],
    law: LawBook,
    scratch: Path,
    memory: str,
) -> Iterator[LinksOn]:
    """Lend the links of each day; a day is linked once. The files go when they are given back.

    A rule that asks no other agency needs no links beyond the exact ones.
    """
    with lent(scratch, FOLDER) as place:
        made: dict[date, Links] = {}

        def answer(on: date) -> Links:
            if ground is None or not asks_others(rule):
                return Links()
            if on not in made:
                # On a connection of its own: the rules need the memory afterwards.
                with workbench(scratch=scratch, memory=memory) as connection:
                    made[on] = _made(
                        connection, tables=tables, on=on, law=law, ground=ground, place=place
                    )
            return made[on]

        yield answer


def _made(
    connection: duckdb.DuckDBPyConnection,
    *,
    tables: Mapping[str, Path],
    on: date,
    law: LawBook,
    ground: Ground,
    place: Path,
) -> Links:
    prepare(connection, tables=tables, on=on, law=law)
    employers = linkage.relink(
        connection,
        words=ground.words,
        limits=linkage.thresholds(law, on=on),
        to=place / f"{on.isoformat()}.parquet",
        among=ground.among,
    ).links
    if not ground.with_workers:
        return Links(employers)
    prepare_workers(connection, tables=tables, on=on, law=law, links=employers)
    workers = worker_linkage.relink_workers(
        connection,
        words=ground.words,
        limits=worker_linkage.worker_thresholds(law, on=on),
        to=place / f"{on.isoformat()}-pekerja.parquet",
    ).links
    return Links(employers, workers)
