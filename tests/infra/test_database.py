"""What is said when PostgreSQL is away or its disk is full, wherever that is met."""

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from app.errors import Unavailable
from app.infra.database import Database

AWAY = "postgresql://nobody@127.0.0.1:1/nothing"
FULL = (
    'connection failed: connection to server on socket "/x/.s.PGSQL.5432" failed: '
    "FATAL:  could not write init file: No space left on device"
)


def test_a_server_that_is_away_is_told_in_one_sentence_wherever_it_is_needed() -> None:
    database = Database(AWAY)

    with pytest.raises(Unavailable, match="tidak dapat dihubungi"), database.transaction() as one:
        one.connection()
    with pytest.raises(Unavailable, match="tidak dapat dihubungi"):
        database.migrate()
    with pytest.raises(Unavailable, match="tidak dapat dihubungi"), database.sign_of_life(1, 1):
        pass


def test_a_full_disk_that_refuses_connections_is_told_as_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database = Database(AWAY)

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("", None, psycopg.OperationalError(FULL))

    monkeypatch.setattr(database.engine, "connect", refuse)

    with pytest.raises(Unavailable, match="Disk basis data penuh"):
        database.migrate()
