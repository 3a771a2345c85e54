"""PostgreSQL sessions. The only module that commits."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.errors import Unavailable
from app.infra import embedded
from app.infra.settings import PROJECT_ROOT, Settings

MIGRATIONS = PROJECT_ROOT / "migrations"
CONNECT_SECONDS: Final = 10
# SQLSTATE, or its first two characters for a whole class of them.
_FULL: Final = frozenset({"53100"})
_NO_ROOM: Final = os.strerror(errno.ENOSPC)
_BUSY: Final = frozenset({"55P03", "57014", "40001", "40P01"})


class Database:
    """One pool of connections. Every unit of work is one `transaction()`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = sa.create_engine(
            sqlalchemy_url(url),
            pool_pre_ping=True,
            pool_size=10,
            hide_parameters=True,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "options": "-c timezone=UTC -c statement_timeout=120s -c lock_timeout=20s "
                "-c idle_in_transaction_session_timeout=300s",
            },
        )

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session; commit when the block ends well, roll back when it raises.

        Raises:
            Unavailable: the server is away, full, or kept busy by another change.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            try:
                yield session
                session.commit()
            except OperationalError as error:
                session.rollback()
                raise _unavailable(error) from error
            except BaseException:
                session.rollback()
                raise

    @contextmanager
    def connected(self) -> Iterator[sa.Connection]:
        """Yield a connection for what is no unit of work; nothing is committed at its end.

        Raises:
            Unavailable: the server is away or full.
        """
        try:
            with self.engine.connect() as connection:
                yield connection
        except OperationalError as error:
            raise _unavailable(error) from error

    @contextmanager
    def sign_of_life(self, kind: int, number: int) -> Iterator[None]:
        """Hold a lock that the server gives back by itself when this process dies.

        Whoever can take it (`pg_try_advisory_xact_lock(kind, number)`) knows that nobody is there.
        Waits as long as another process holds it.

        Raises:
            Unavailable: the server is away or full.
        """
        with self.connected() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            # Of its own: closing it ends the lock, also when the server has gone meanwhile.
            connection.detach()
            connection.execute(sa.text("SET lock_timeout = 0; SET statement_timeout = 0"))
            connection.execute(
                sa.text("SELECT pg_advisory_lock(:kind, :number)"),
                {"kind": kind, "number": number},
            )
            yield

    def migrate(self, revision: str = "head") -> None:
        """Bring the schema to `revision`. Two processes starting at once take turns.

        Raises:
            Unavailable: the server is away or full.
        """
        config = alembic_config(self.url)
        with self.connected() as connection:
            connection.execute(sa.text("SET lock_timeout = 0"))
            connection.execute(sa.text("SELECT pg_advisory_lock(7203)"))
            try:
                config.attributes["connection"] = connection
                command.upgrade(config, revision)
                connection.commit()
            finally:
                connection.rollback()
                connection.execute(sa.text("SELECT pg_advisory_unlock(7203)"))
                connection.commit()

    def dispose(self) -> None:
        self.engine.dispose()


def _unavailable(error: OperationalError) -> Unavailable:
    """Return what the driver calls operational, none of which is the caller's fault, as our no."""
    state = getattr(error.orig, "sqlstate", None)
    # A server that cannot take a connection for want of room says so in words alone.
    if state in _FULL or _NO_ROOM in str(error.orig):
        return Unavailable(
            "Disk basis data penuh; tidak ada yang berubah. Hubungi administrator untuk "
            "mengosongkan ruang, lalu coba lagi."
        )
    if state in _BUSY:
        return Unavailable(
            "Data ini sedang diubah oleh pekerjaan lain terlalu lama; tidak ada yang berubah. "
            "Coba lagi beberapa saat lagi."
        )
    return Unavailable(
        "Basis data sedang tidak dapat dihubungi; tidak ada yang berubah. "
        "Coba lagi beberapa saat lagi."
    )


def sqlalchemy_url(url: str) -> sa.URL:
    """Return the address with psycopg 3 named as its driver."""
    parsed = sa.make_url(url.replace("postgres://", "postgresql://", 1))
    return parsed.set(drivername="postgresql+psycopg")


def alembic_config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def open_database(settings: Settings) -> Database:
    """Return the database that the settings name, starting the embedded server when none is.

    Raises:
        Unavailable: the server cannot be reached; the sentence says which.
    """
    if settings.database_url is None:
        _folder(settings.data_dir)
        return Database(embedded.start(settings.data_dir))
    database = Database(settings.database_url)
    try:
        with database.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except OperationalError as error:
        host = sqlalchemy_url(settings.database_url).host or "soket lokal"
        raise Unavailable(
            "PostgreSQL di {host} tidak dapat dihubungi; periksa DATABASE_URL dan jaringan.",
            host=host,
        ) from error
    return database


def _folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            "Folder data {path} tidak dapat dibuat ({reason}); setel PATUH_DATA ke folder lain.",
            path=path,
            reason=error.strerror,
        ) from error


def lock_rows(session: Session, statement: Any) -> Any:  # noqa: ANN401 - any select of rows
    """Run a select that must lock what it returns, so that a second writer waits."""
    return session.exec(statement.with_for_update())
