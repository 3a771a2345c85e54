"""Brings back what rested or was excused through a day that has passed, between two sweeps."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from app.accounts import queries as accounts
from app.audit import service as audit
from app.infra.settings import DEFAULT_ZONE

# A flag that somebody decides about at this moment is left to the next time: whoever waits for
# nobody cannot end in a deadlock with people.
_EXPIRED: Final = sa.text(
    """
    SELECT f.id, f.status FROM flag f
    LEFT JOIN unnest(CAST(:offices AS text[]), CAST(:days AS date[])) AS o (code, today)
      ON o.code = f.kantor_cabang
    WHERE f.status = 'ditunda' AND f.snooze_until < coalesce(o.today, :elsewhere)
      OR f.status = 'ditolak' AND f.exception_until < coalesce(o.today, :elsewhere)
    ORDER BY f.id
    FOR UPDATE OF f SKIP LOCKED
    """
)
# Like that of a sweep it names the snapshot that the flag rests on: no person has spoken.
_EVENTS: Final = sa.text(
    """
    INSERT INTO flag_event (flag_id, recorded_at, actor, action, from_status, to_status, reason,
      snapshot_id, detail)
    SELECT id, :now, :actor,
      CASE status WHEN 'ditunda' THEN 'tunda_berakhir' ELSE 'pengecualian_berakhir' END,
      status, 'baru', '', snapshot_id, '{}'
    FROM flag WHERE id = ANY(:ids) ORDER BY id
    """
)
_NEW_AGAIN: Final = sa.text(
    "UPDATE flag SET status = 'baru', changed_at = :now, version = version + 1 WHERE id = ANY(:ids)"
)


@dataclass(frozen=True, slots=True)
class Woken:
    """How many flags came back."""

    snoozes: int
    exceptions: int


def wake(session: Session, *, actor: str, now: datetime) -> Woken:
    """Make new again each flag whose last day of rest or exception is over where its office is.

    As a sweep would, had it run over the same facts today; again on the same day changes nothing.
    Flags that are gone are left to the sweep that finds them again.
    """
    flags = _expired(session, now=now)
    if not flags:
        return Woken(snoozes=0, exceptions=0)
    connection, ids = session.connection(), [flag_id for flag_id, _ in flags]
    connection.execute(_EVENTS, {"ids": ids, "actor": actor, "now": now})
    connection.execute(_NEW_AGAIN, {"ids": ids, "now": now})
    # What this session has loaded before is no longer what the tables hold.
    session.expire_all()
    snoozes = sum(status == "ditunda" for _, status in flags)
    woken = Woken(snoozes=snoozes, exceptions=len(flags) - snoozes)
    audit.record(
        session,
        actor=actor,
        action="flag.wake",
        subject="flags",
        now=now,
        detail={"snoozes": woken.snoozes, "exceptions": woken.exceptions},
    )
    return woken


def _expired(session: Session, *, now: datetime) -> list[tuple[int, str]]:
    """Return what has expired, each taken until the transaction ends."""
    zones = accounts.zones(session)
    asked: dict[str, Any] = {
        "offices": list(zones),
        "days": [_day(now, zone) for zone in zones.values()],
        # Employers that no branch serves, or one that nobody has entered yet.
        "elsewhere": _day(now, DEFAULT_ZONE),
    }
    return [(row.id, row.status) for row in session.connection().execute(_EXPIRED, asked)]


def _day(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
