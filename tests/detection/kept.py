"""What figures are computed under, and some as they were kept under earlier definitions."""

from datetime import UTC, date, datetime

import duckdb
from sqlmodel import Session

from app.detection import between, figures, movements, retention
from app.detection.settings import SHIPPED_EDITIONS, Editions
from app.infra.calendars import packaged_calendar
from app.infra.settings import Settings
from app.law.book import SHIPPED
from app.registry import queries as registry
from app.registry.snapshots import TABLES, table_path


def terms_of(on: date, *, editions: Editions = SHIPPED_EDITIONS) -> retention.Terms:
    return retention.terms(on, calendar=packaged_calendar(), law=SHIPPED, editions=editions)


def keep_definition_1(session: Session, settings: Settings, snapshot_id: str) -> None:
    snapshot = registry.snapshot_by_id(session, snapshot_id)
    calendar = packaged_calendar()
    given = terms_of(registry.described_on(session, snapshot=snapshot, table="kepesertaan"))
    with duckdb.connect() as connection:
        cells = retention.computed(
            tables={table: table_path(settings.snapshots_dir, snapshot, table) for table in TABLES},
            given=given,
            calendar=calendar,
            law=SHIPPED,
            connection=connection,
            definition=1,
        )
    figures.settle(
        session,
        kind=retention.KIND,
        definition=1,
        snapshot_id=snapshot.id,
        terms=given.as_json(),
        result=cells,
        snapshots_dir=settings.snapshots_dir,
        actor="user:1",
        now=datetime(2026, 11, 21, tzinfo=UTC),
    )


def keep_difference_1(
    session: Session, settings: Settings, *, before_id: str, after_id: str
) -> None:
    """Keep a difference from when who came and went in between was only counted as joined."""
    pair = between.two(session, before_id=before_id, after_id=after_id)
    known_on = {
        table: registry.described_on(session, snapshot=pair.before, table=table)
        for table in movements.TABLES
    }
    before, after = (
        {table: table_path(settings.snapshots_dir, one, table) for table in movements.TABLES}
        for one in (pair.before, pair.after)
    )
    with duckdb.connect() as connection:
        rows = movements.moved(
            movements.Pair(before=before, after=after, known_on=known_on),
            connection=connection,
            definition=1,
        )
    figures.settle(
        session,
        kind=f"selisih:{before_id}",
        definition=1,
        snapshot_id=after_id,
        terms={
            movements.BEFORE: before_id,
            "known_on": {table: day.isoformat() for table, day in known_on.items()},
        },
        result=rows,
        snapshots_dir=settings.snapshots_dir,
        actor="user:1",
        now=datetime(2026, 11, 21, tzinfo=UTC),
    )
