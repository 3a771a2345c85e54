"""The links that both sides of a trial rest on: those that a sweep of its snapshot used."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session, col, select

from app.detection.engines import Engine
from app.detection.engines.duckdb import workbench
from app.detection.linking import linker_of, prepare
from app.detection.settings import STALE, setting
from app.detection.tables import Sweep
from app.infra.scratch import lent
from app.law.book import LawBook
from app.linkage import queries as linkage_queries
from app.linkage import service as linkage
from app.linkage.service import Words
from app.registry.matching import Linker, link_exactly

# In the definition of a trial; one made before links were used says nothing and links exactly.
LINKS: Final = "tautan"
FOLDER: Final = "uji-coba"

LinkerOf = Callable[[Engine, date], Linker]


def links_for(session: Session, *, snapshot_id: str) -> dict[str, int]:
    """Return which words of people count: those of the last sweep over the snapshot.

    Where none was swept, or it did not say, all that have been said by now count.
    """
    last = session.exec(
        select(Sweep.linkage)
        .where(Sweep.snapshot_id == snapshot_id)
        .order_by(col(Sweep.id).desc())
        .limit(1)
    ).first()
    words = (last or {}).get("putusan")
    return {"putusan": linkage_queries.last_word(session) if words is None else words}


def words_of(session: Session, *, definition: Mapping[str, Any]) -> Words | None:
    """Return what people had said that a trial counts; None: it links exactly."""
    if LINKS not in definition:
        return None
    return linkage.words_up_to(session, last=definition[LINKS]["putusan"])


@contextmanager
def linkers(
    *,
    rule: str,
    words: Words | None,
    tables: Mapping[str, Path],
    law: LawBook,
    scratch: Path,
    memory: str,
) -> Iterator[LinkerOf]:
    """Lend the linker of each day; a day is linked once. The files go when it is given back.

    A rule that asks no other agency needs no links beyond the exact ones.
    """
    with lent(scratch, FOLDER) as place:
        made: dict[date, Path] = {}

        def links_on(on: date) -> Path:
            if on not in made and words is not None:
                made[on] = place / f"{on.isoformat()}.parquet"
                # On a connection of its own: the rules need the memory afterwards.
                with workbench(scratch=scratch, memory=memory) as connection:
                    prepare(connection, tables=tables, on=on, law=law)
                    linkage.relink(
                        connection,
                        words=words,
                        limits=linkage.thresholds(law, on=on),
                        to=made[on],
                    )
            return made[on]

        def answer(engine: Engine, on: date) -> Linker:
            if words is None or setting(rule, STALE) is None:
                return link_exactly
            return linker_of(engine, links_on(on))

        yield answer
