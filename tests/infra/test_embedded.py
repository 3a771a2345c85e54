"""The embedded server starts again after a first start that was killed."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.errors import Unavailable
from app.infra import embedded
from app.infra.database import sqlalchemy_url


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="patuh-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def half_a_server(data_dir: Path) -> Path:
    folder = data_dir / "postgres"
    (folder / "global").mkdir(parents=True)
    (folder / "PG_VERSION").write_text("18\n")
    (folder / "postmaster.pid").write_text("-999999\n")
    return folder


def test_half_a_server_left_by_a_killed_first_start_is_made_anew(data_dir: Path) -> None:
    half_a_server(data_dir)
    (data_dir / embedded.UNFINISHED).touch()

    url = embedded.start(data_dir)

    engine = sa.create_engine(sqlalchemy_url(url))
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar_one() == 1
    engine.dispose()
    assert not (data_dir / embedded.UNFINISHED).exists()


def test_a_finished_server_that_does_not_start_is_named_and_never_touched(data_dir: Path) -> None:
    folder = half_a_server(data_dir)

    with pytest.raises(Unavailable, match="tidak dapat dinyalakan") as refused:
        embedded.start(data_dir)

    assert str(folder) in str(refused.value)
    assert (folder / "PG_VERSION").exists()
