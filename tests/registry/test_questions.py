"""Questions of pages share one engine, and yet know nothing of each other."""

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from app.registry.questions import opened
from app.registry.snapshots import SnapshotReader
from tests.registry.extracts import Registry, row, view_of


@pytest.fixture
def snapshots(registry: Registry) -> dict[str, SnapshotReader]:
    """Two snapshots, by the only employer that each knows."""
    return {
        npp: SnapshotReader(
            registry.folder / "snapshots",
            view_of(registry.bring_rows(pemberi_kerja=[row("pemberi_kerja", npp=npp)])),
        )
        for npp in ("AA000001", "AA000002")
    }


def test_questions_at_the_same_time_see_each_its_own_snapshot(
    snapshots: dict[str, SnapshotReader],
) -> None:
    def employer(npp: str) -> tuple[str, ...] | None:
        with opened(snapshots[npp], "pemberi_kerja") as connection:
            return connection.execute("SELECT npp FROM pemberi_kerja").fetchone()

    asked = [*snapshots] * 20
    with ThreadPoolExecutor(max_workers=8) as threads:
        answers = list(threads.map(employer, asked))

    assert answers == [(npp,) for npp in asked]


def test_a_question_sees_only_the_tables_it_opened(snapshots: dict[str, SnapshotReader]) -> None:
    first, second = snapshots.values()

    with (
        opened(first, "pemberi_kerja"),
        opened(second, "tagihan") as connection,
        pytest.raises(duckdb.CatalogException),
    ):
        connection.execute("FROM pemberi_kerja")
