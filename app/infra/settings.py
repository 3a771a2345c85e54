"""Everything the operator may set, read once at the start. Numbers of law are never here."""

import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.errors import Invalid

DEFAULT_ZONE = "Asia/Jakarta"
ENGINES = ("duckdb", "spark")
PROJECT_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things live and how the web process answers.

    `data_dir` holds all that is not in PostgreSQL; without `database_url` it holds an embedded
    PostgreSQL too. `secure_cookies` is off only for plain http on the loopback address.
    """

    data_dir: Path
    database_url: str | None
    store_url: str | None
    base_url: str
    allowed_hosts: tuple[str, ...]
    log_level: str
    duckdb_memory: str
    demo_accounts: bool
    engine: str = ENGINES[0]
    spark_master: str = "local[*]"
    spark_remote: str | None = None
    snapshots_url: str | None = None

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def snapshots_dir(self) -> Path:
        return self.data_dir / "snapshots"

    @property
    def scratch_dir(self) -> Path:
        return self.data_dir / "scratch"


def language() -> str:
    """Return the language of the command line: Indonesian unless PATUH_LANGUAGE says `en`."""
    return "en" if os.environ.get("PATUH_LANGUAGE", "id").lower().startswith("en") else "id"


def from_environ() -> Settings:
    """Read the environment.

    Raises:
        Invalid: a variable is set to something that cannot be meant.
    """
    base_url = os.environ.get("PATUH_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        raise Invalid(
            "PATUH_BASE_URL harus diawali http:// atau https://, bukan “{value}”.", value=base_url
        )
    hosts = os.environ.get("PATUH_ALLOWED_HOSTS", "127.0.0.1,localhost,testserver")
    return Settings(
        data_dir=_data_dir(),
        database_url=_database_url(os.environ.get("DATABASE_URL", "")),
        store_url=_store_url(os.environ.get("PATUH_STORE", "")),
        base_url=base_url,
        allowed_hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
        log_level=_log_level(os.environ.get("PATUH_LOG_LEVEL", "info")),
        duckdb_memory=_memory(os.environ.get("PATUH_DUCKDB_MEMORY", "1500MB")),
        demo_accounts=os.environ.get("PATUH_DEMO_ACCOUNTS", "") == "1",
        engine=_engine(os.environ.get("PATUH_ENGINE") or ENGINES[0]),
        spark_master=_spark_master(os.environ.get("PATUH_SPARK_MASTER") or "local[*]"),
        spark_remote=_spark_remote(os.environ.get("PATUH_SPARK_REMOTE", "")),
        snapshots_url=_snapshots_url(os.environ.get("PATUH_SNAPSHOTS", "")),
    )


def _database_url(value: str) -> str | None:
    if not value:
        return None
    # Only what stands before the colon is repeated: the rest may hold a password.
    scheme = value.split(":", 1)[0]
    if scheme.split("+", 1)[0] not in {"postgresql", "postgres"}:
        raise Invalid(
            "DATABASE_URL harus menunjuk PostgreSQL (postgresql://…), bukan “{scheme}”.",
            scheme=scheme[:40],
        )
    try:
        sa.make_url(value)
    except (sa.exc.ArgumentError, ValueError):
        raise Invalid(
            "DATABASE_URL tidak dapat dibaca; tulis "
            "postgresql://pengguna:sandi@host:porta/basisdata."
        ) from None
    return value


def _store_url(value: str) -> str | None:
    if value and not re.match(r"[a-z][a-z0-9+.-]*://.", value):
        raise Invalid(
            "PATUH_STORE harus menunjuk ember, misalnya s3://nama-ember, bukan “{value}”.",
            value=value,
        )
    return value or None


def _snapshots_url(value: str) -> str | None:
    if value and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]+(/[^\s?#]+)?/?", value):
        raise Invalid(
            "PATUH_SNAPSHOTS harus berbentuk s3://nama-ember atau s3://nama-ember/awalan, bukan "
            "“{value}”.",
            value=value,
        )
    return value or None


def _log_level(value: str) -> str:
    if value.upper() not in logging.getLevelNamesMapping():
        raise Invalid(
            "PATUH_LOG_LEVEL harus debug, info, warning, atau error, bukan “{value}”.", value=value
        )
    return value.lower()


def _memory(value: str) -> str:
    if not re.fullmatch(r"[1-9]\d{0,8} ?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)", value, re.IGNORECASE):
        raise Invalid(
            "PATUH_DUCKDB_MEMORY harus berupa ukuran, misalnya 1500MB, bukan “{value}”.",
            value=value,
        )
    return value


def _engine(value: str) -> str:
    if value not in ENGINES:
        raise Invalid("PATUH_ENGINE harus duckdb atau spark, bukan “{value}”.", value=value)
    return value


def _spark_master(value: str) -> str:
    if not re.fullmatch(
        r"local(\[(\*|[1-9]\d{0,3})\])?|spark://[^/,:\s]+:\d+(,[^/,:\s]+:\d+)*", value
    ):
        raise Invalid(
            "PATUH_SPARK_MASTER harus local[*], local[N], atau spark://host:porta, bukan "
            "“{value}”.",
            value=value,
        )
    return value


def _spark_remote(value: str) -> str | None:
    if value and not re.fullmatch(r"sc://[^/:;\s]+(:\d+)?(/(;\S*)?)?", value):
        # What follows the semicolon may hold a token.
        raise Invalid(
            "PATUH_SPARK_REMOTE harus berbentuk sc://host:porta, bukan “{value}”.",
            value=value.split(";", 1)[0],
        )
    return value or None


def _data_dir() -> Path:
    # For root not below a home folder: the embedded server runs as a user of its own, which must
    # be able to walk down to the data.
    if named := os.environ.get("PATUH_DATA"):
        return Path(named).resolve()
    return Path("/var/lib/patuh") if os.geteuid() == 0 else Path("data").resolve()
