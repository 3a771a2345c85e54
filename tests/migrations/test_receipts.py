"""Migration 0012 leaves receipts of before as they are, and going back loses no withdrawal."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.infra.database import Database
from tests.migrations.test_migrations import empty, put, run

__all__ = ["empty"]


def event(session: sa.Connection, *, seq: int, step: str) -> None:
    put(
        session,
        "case_event",
        case_id=1,
        seq=seq,
        office_code="J05",
        step=step,
        stage_after="fine",
        evidence_ids=[],
    )


def test_a_receipt_of_before_keeps_its_day_and_a_withdrawal_survives_the_way_back(
    empty: Database,
) -> None:
    run(empty, "upgrade", "0011")
    with empty.engine.begin() as session:
        put(session, "office", code="J05", name="Cabang", kind="cabang")
        put(
            session, "case_file", number="K-1", office_code="J05", stage="fine", closed_on=None,
            next_state="none", violations=["PWBD"], employer_key="K-1",
        )  # fmt: skip
        event(session, seq=1, step="send_notice")
        put(
            session, "service_attempt", case_id=1, event_id=1, channel="kurir", result="diterima",
            sent_on="2026-11-01", received_on="2026-11-03",
        )  # fmt: skip

    run(empty, "upgrade", "0012")
    with empty.engine.begin() as session:
        row = session.execute(sa.text("SELECT received_on, received_at FROM service_attempt")).one()
        event(session, seq=2, step="withdraw_referral")
    assert (str(row[0]), row[1]) == ("2026-11-03", None)

    run(empty, "downgrade", "0011")

    with empty.engine.begin() as session:
        steps = session.execute(sa.text("SELECT step FROM case_event ORDER BY seq")).scalars().all()
        kept = session.execute(sa.text("SELECT received_on FROM service_attempt")).scalar_one()
    assert (steps, str(kept)) == (["send_notice", "withdraw_referral"], "2026-11-03")
    with pytest.raises(IntegrityError, match="ck_case_event_step"), empty.engine.begin() as session:
        event(session, seq=3, step="withdraw_referral")
    run(empty, "upgrade", "0012")
