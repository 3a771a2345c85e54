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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://patuh:rahasia@server:lima/patuh"),
        ("DATABASE_URL", "postgresql:"),
        ("PATUH_STORE", "ember"),
        ("PATUH_LOG_LEVEL", "keras"),
        ("PATUH_DUCKDB_MEMORY", "banyak"),
        ("PATUH_BASE_URL", "patuh.example"),
        ("PATUH_ENGINE", "pandas"),
        ("PATUH_SPARK_MASTER", "lokal"),
        ("PATUH_SPARK_MASTER", "spark://induk"),
        ("PATUH_SPARK_REMOTE", "sc://:15002/;token=rahasia"),
        ("PATUH_SNAPSHOTS", "https://ember"),
    ],
)
def test_a_value_that_cannot_be_meant_is_named_without_its_secrets(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(Invalid, match=name) as refused:
        settings.from_environ()

    assert "rahasia" not in str(refused.value)


def test_the_values_of_the_manual_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://patuh@server/patuh?sslmode=require")
    monkeypatch.setenv("PATUH_STORE", "s3://ember-bukti")
    monkeypatch.setenv("PATUH_LOG_LEVEL", "WARNING")
    monkeypatch.setenv("PATUH_DUCKDB_MEMORY", "2 GiB")

    monkeypatch.setenv("PATUH_ENGINE", "spark")
    monkeypatch.setenv("PATUH_SPARK_MASTER", "spark://induk-1:7077,induk-2:7077")
    monkeypatch.setenv("PATUH_SPARK_REMOTE", "sc://10.0.0.2:15002/;token=rahasia")
    monkeypatch.setenv("PATUH_SNAPSHOTS", "s3://kantor-pusat/patuh")

    found = settings.from_environ()

    assert (found.log_level, found.store_url) == ("warning", "s3://ember-bukti")
    assert (found.engine, found.snapshots_url) == ("spark", "s3://kantor-pusat/patuh")
    assert found.spark_master == "spark://induk-1:7077,induk-2:7077"
    assert found.spark_remote == "sc://10.0.0.2:15002/;token=rahasia"


@pytest.mark.parametrize("master", ["local", "local[*]", "local[4]", "spark://10.0.0.1:7077"])
def test_every_place_of_spark_in_the_manual_is_accepted(
    monkeypatch: pytest.MonkeyPatch, master: str
) -> None:
    monkeypatch.setenv("PATUH_SPARK_MASTER", master)

    assert settings.from_environ().spark_master == master
