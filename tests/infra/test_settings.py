"""Settings: a wrong value stops the start with a sentence."""

from pathlib import Path

import pytest

from app.errors import Invalid, Unavailable
from app.infra import settings
from app.infra.database import open_database


def test_a_database_that_is_not_postgresql_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///patuh.db")

    with pytest.raises(Invalid, match="PostgreSQL"):
        settings.from_environ()


def test_https_makes_cookies_secure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATUH_DATA", str(tmp_path))
    monkeypatch.setenv("PATUH_BASE_URL", "https://patuh.example/")

    found = settings.from_environ()

    assert found.secure_cookies
    assert found.data_dir == tmp_path


def test_a_server_that_does_not_answer_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATUH_DATA", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://patuh@127.0.0.1:1/patuh")

    with pytest.raises(Unavailable, match=r"127\.0\.0\.1"):
        open_database(settings.from_environ())


def test_a_data_folder_that_cannot_be_made_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "berkas").write_text("bukan folder")
    monkeypatch.setenv("PATUH_DATA", str(tmp_path / "berkas" / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(Unavailable, match="Folder data"):
        open_database(settings.from_environ())
