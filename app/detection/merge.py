"""Takes what a sweep found into the flags: set-based, in the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from sqlmodel import Session

from app.detection.findings import Finding
from app.detection.schemas import RULE_CODES, RuleCounts

_JSON: Final = frozenset({"sentence_values", "numbers", "evidence", "source_ages"})
_WHOLE: Final = frozenset({"rule_version", "jumlah_tk", "potensi_rupiah", "bulan_tunggak", "skor"})
_COLUMNS: Final = tuple(one.name for one in fields(Finding))
_REPLACED: Final = tuple(name for name in _COLUMNS if name not in {"rule", "subject"})


def _type(name: str) -> str:
    if name in _JSON:
        return "jsonb"
    return "bigint" if name in _WHOLE else "text"


_STAGE: Final = (
    "CREATE TEMP TABLE found ("
    + ", ".join(f"{name} {_type(name)} NOT NULL" for name in _COLUMNS)
    + ") ON COMMIT DROP"
)

# What becomes of a flag that the sweep found. `old` is null where it is new.
_NEXT_STATUS: Final = """
CASE
  WHEN flag.status = 'kasus' THEN 'kasus'
  WHEN flag.status = 'hilang' AND flag.facts_hash = found.facts_hash
       AND flag.status_before_gone = 'ditolak' THEN 'ditolak'
  WHEN flag.status = 'hilang' THEN 'baru'
  WHEN flag.status IN ('ditolak', 'ditunda') AND flag.facts_hash <> found.facts_hash THEN 'baru'
  WHEN flag.status = 'ditunda' AND flag.snooze_until < :on THEN 'baru'
  ELSE flag.status
END
"""

_DECIDE: Final = f"""
CREATE TEMP TABLE decided ON COMMIT DROP AS
SELECT flag.id, flag.rule, flag.status AS old_status, flag.seen AS was_seen,
       {_NEXT_STATUS} AS new_status, flag.facts_hash <> found.facts_hash AS changed
FROM flag JOIN found USING (rule, subject)
"""  # noqa: S608 - no value is pasted in

_UPDATE: Final = f"""
UPDATE flag SET
  {", ".join(f"{name} = found.{name}" for name in _REPLACED)},
  status = decided.new_status, seen = true, status_before_gone = '',
  snooze_until = CASE WHEN decided.new_status = 'ditunda' THEN flag.snooze_until END,
  decision_reason = CASE WHEN decided.new_status IN ('ditunda', 'ditolak', 'kasus')
                    THEN flag.decision_reason ELSE '' END,
  snapshot_id = :snapshot, last_found_on = :on, changed_at = :now,
  version = flag.version + CASE
    WHEN decided.changed OR decided.new_status <> decided.old_status THEN 1 ELSE 0 END
FROM found, decided
WHERE decided.id = flag.id AND found.rule = flag.rule AND found.subject = flag.subject
  AND (decided.changed OR decided.new_status <> decided.old_status OR NOT decided.was_seen
       OR flag.snapshot_id <> :snapshot OR flag.last_found_on <> :on
       OR flag.sentence <> found.sentence OR flag.skor <> found.skor)
"""  # noqa: S608 - no value is pasted in

_INSERT: Final = f"""
INSERT INTO flag ({", ".join(_COLUMNS)}, status, snapshot_id, seen, status_before_gone,
                  decision_reason, case_number, first_found_on, last_found_on, changed_at, version)
SELECT {", ".join(_COLUMNS)}, 'baru', :snapshot, true, '', '', '', :on, :on, :now, 1
FROM found WHERE NOT EXISTS (
  SELECT FROM flag WHERE flag.rule = found.rule AND flag.subject = found.subject)
ORDER BY array_position(CAST(:rules AS text[]), rule), subject
RETURNING id, rule
"""  # noqa: S608 - no value is pasted in

_GONE: Final = """
UPDATE flag SET seen = false,
  status_before_gone = CASE WHEN status = 'kasus' THEN '' ELSE status END,
  status = CASE WHEN status = 'kasus' THEN 'kasus' ELSE 'hilang' END,
  snooze_until = NULL, changed_at = :now, version = version + 1
WHERE seen AND NOT EXISTS (
  SELECT FROM found WHERE found.rule = flag.rule AND found.subject = flag.subject)
RETURNING id, rule, status_before_gone, status
"""


def merge(
    session: Session,
    *,
    found: Iterable[Finding],
    snapshot_id: str,
    on: date,
    actor: str,
    now: datetime,
) -> Mapping[str, RuleCounts]:
    """Write the findings and return new, still and gone per rule.

    A flag that returns counts as new. One that was declined or rests stays so while its facts are
    the same; a resting one wakes after its last day. A flag that a case took stays with the case.
    """
    connection = session.connection()
    connection.execute(sa.text(_STAGE))
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)  # noqa: S101 - the only driver of ours
    with (
        raw.cursor() as cursor,
        cursor.copy(f"COPY found ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
    ):
        for one in found:
            copy.write_row([getattr(one, name) for name in _COLUMNS])
    values = {
        "snapshot": snapshot_id,
        "on": on,
        "now": now,
        "rules": list(RULE_CODES),
    }

    def run(statement: str) -> sa.CursorResult[Any]:
        text = sa.text(statement)
        names = set(text._bindparams)  # noqa: SLF001 - the public way is to compile it
        return connection.execute(text, {name: values[name] for name in names})

    def rows(statement: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in run(statement)]

    run(_DECIDE)
    decided = rows("SELECT id, rule, old_status, was_seen, new_status FROM decided")
    run(_UPDATE)
    inserted = rows(_INSERT)
    gone = rows(_GONE)
    connection.execute(sa.text("DROP TABLE found, decided"))
    events = [(flag, "found", "", "baru") for flag, _ in inserted]
    events += [
        (flag, "returned" if not was_seen else "woken", old, new)
        for flag, _, old, was_seen, new in decided
        if old != new
    ]
    events += [(flag, "gone", before or status, status) for flag, _, before, status in gone]
    _note(session, events, snapshot_id=snapshot_id, actor=actor, now=now)
    return {
        code: RuleCounts(
            new=sum(1 for _, rule in inserted if rule == code)
            + sum(1 for _, rule, _, was_seen, _ in decided if rule == code and not was_seen),
            still=sum(1 for _, rule, _, was_seen, _ in decided if rule == code and was_seen),
            gone=sum(1 for _, rule, _, _ in gone if rule == code),
        )
        for code in RULE_CODES
    }


def _note(
    session: Session,
    events: Sequence[tuple[object, str, object, object]],
    *,
    snapshot_id: str,
    actor: str,
    now: datetime,
) -> None:
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)  # noqa: S101 - the only driver of ours
    statement = (
        "COPY flag_event (flag_id, recorded_at, actor, action, from_status, to_status, reason, "
        "snapshot_id) FROM STDIN"
    )
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        for flag, action, before, after in events:
            copy.write_row([flag, now, actor, action, before, after, "", snapshot_id])
