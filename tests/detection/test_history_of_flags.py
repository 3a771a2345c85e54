"""What happened to flags is kept: every event is of a flag, and nobody takes either away."""

import pytest
import sqlalchemy as sa

from app.detection.tables import FlagEvent
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
    scene.owe(*MONTHS)
    scene.sweep()
    return scene


def test_an_event_among_others_whose_flag_is_not_there_is_refused_by_number(
    flagged: Scene,
) -> None:
    there = flagged.flag().id
    told_of(flagged, there, there)
    assert [action for action, *_ in flagged.history()] == ["ditemukan", "x", "x"]

    with (
        pytest.raises(sa.exc.IntegrityError, match=f"names flag {NOBODY}, which is not there"),
        flagged.session.begin_nested(),
    ):
        told_of(flagged, there, NOBODY, NOBODY + 1)

    assert [action for action, *_ in flagged.history()] == ["ditemukan", "x", "x"]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE flag_event SET reason = 'lain'", "flag_event is append-only"),
        ("DELETE FROM flag_event", "flag_event is append-only"),
        ("TRUNCATE flag_event", "flag_event is append-only"),
        ("DELETE FROM flag", "rows of flag are never taken away"),
        ("TRUNCATE flag CASCADE", "rows of flag are never taken away"),
    ],
)
def test_neither_a_flag_nor_what_happened_to_it_is_taken_away(
    flagged: Scene, statement: str, says: str
) -> None:
    with (
        pytest.raises(sa.exc.DBAPIError, match=says),
        flagged.session.begin_nested(),
    ):
        flagged.session.connection().execute(sa.text(statement))

    assert len(flagged.history()) == 1
