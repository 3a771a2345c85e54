"""The audit log: append-only, in order, and it notices a change."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.audit import service as audit
from app.infra.database import Database


def entries(session: Session, now: datetime, count: int) -> None:
    for number in range(count):
        audit.record(
            session,
            actor="user:1",
            action="case.opened",
            subject=f"case:{number}",
            now=now,
            detail={"number": number, "name": "Éka"},
        )


def test_a_chain_of_entries_verifies_and_numbers_have_no_gaps(
    session: Session, now: datetime
) -> None:
    entries(session, now, 5)

    result = audit.verify(session)

    assert (result.entries, result.broken_at) == (5, None)


def test_an_entry_cannot_be_changed_or_deleted(session: Session, now: datetime) -> None:
    entries(session, now, 1)

    for statement in ("UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"):
        with (
            pytest.raises(DBAPIError, match="append-only"),
            session.begin_nested(),
        ):
            session.connection().execute(sa.text(statement))


def test_a_change_made_behind_the_trigger_is_found_at_its_number(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        entries(session, now, 4)
    with database.transaction() as session:
        session.connection().execute(sa.text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        session.connection().execute(
            sa.text("UPDATE audit_entry SET actor = 'user:2' WHERE seq = 3")
        )

    with database.transaction() as session:
        assert audit.verify(session).broken_at == 3
