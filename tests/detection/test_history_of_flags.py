"""What happened to flags is kept: every event is of a flag, and nobody takes either away."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.detection.tables import FlagEvent, FlagPast
from tests.detection.scene import NOW, Scene

MONTHS = ("2026-01", "2026-02", "2026-03")
NOBODY = 987_654_321


def told_of(scene: Scene, *flags: int) -> None:
    """Tell of several flags in one statement, as a sweep does."""
    rows = [
        {"flag_id": flag, "recorded_at": NOW, "actor": "user:1", "action": "x", "to_status": "baru"}
        for flag in flags
    ]
    for row in rows:
        row |= {"from_status": "", "reason": "", "snapshot_id": "", "detail": {}}
    scene.session.connection().execute(
        sa.insert(FlagEvent.__table__).values(rows)  # type: ignore[attr-defined]
    )


@pytest.fixture
def flagged(scene: Scene) -> Scene:
    """One flag that said something else before."""
    scene.owe(*MONTHS)
    scene.sweep()
    scene.owe("2026-04")
    scene.sweep(now=NOW + timedelta(days=1))
    return scene


def past(scene: Scene) -> list[FlagPast]:
    return list(scene.session.exec(select(FlagPast)))


def kept_twice(scene: Scene, flag: int) -> None:
    """Keep once more what is kept, as the past of another flag."""
    (row,) = past(scene)
    values = row.model_dump(exclude={"id"}) | {"flag_id": flag}
    scene.session.connection().execute(
        sa.insert(FlagPast.__table__).values([values])  # type: ignore[attr-defined]
    )


def test_an_event_among_others_whose_flag_is_not_there_is_refused_by_number(
    flagged: Scene,
) -> None:
    there, before = flagged.flag().id, len(flagged.history())
    told_of(flagged, there, there)
    assert len(flagged.history()) == before + 2

    with (
        pytest.raises(
            sa.exc.IntegrityError, match=f"flag_event names flag {NOBODY}, which is not there"
        ),
        flagged.session.begin_nested(),
    ):
        told_of(flagged, there, NOBODY, NOBODY + 1)

    assert len(flagged.history()) == before + 2


def test_a_past_of_no_flag_is_refused(flagged: Scene) -> None:
    with (
        pytest.raises(
            sa.exc.IntegrityError, match=f"flag_past names flag {NOBODY}, which is not there"
        ),
        flagged.session.begin_nested(),
    ):
        kept_twice(flagged, NOBODY)
    assert len(past(flagged)) == 1

    kept_twice(flagged, flagged.flag().id)

    assert len(past(flagged)) == 2


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE flag_event SET reason = 'lain'", "flag_event is append-only"),
        ("DELETE FROM flag_event", "flag_event is append-only"),
        ("TRUNCATE flag_event", "flag_event is append-only"),
        ("UPDATE flag_past SET sentence = 'lain'", "flag_past is append-only"),
        ("DELETE FROM flag_past", "flag_past is append-only"),
        ("TRUNCATE flag_past", "flag_past is append-only"),
        ("DELETE FROM flag", "rows of flag are never taken away"),
        ("TRUNCATE flag CASCADE", "rows of flag are never taken away"),
    ],
)
def test_neither_a_flag_nor_what_happened_to_it_is_taken_away(
    flagged: Scene, statement: str, says: str
) -> None:
    before = len(flagged.history()), len(past(flagged))
    assert min(before) > 0

    with (
        pytest.raises(sa.exc.DBAPIError, match=says),
        flagged.session.begin_nested(),
    ):
        flagged.session.connection().execute(sa.text(statement))

    assert (len(flagged.history()), len(past(flagged))) == before
