"""Brings the flags up to what a sweep found: one comparison, COPY, a few set-wise writes.

Whoever reads sees the flags as they were until the transaction ends; nobody waits to read.
"""

from array import array
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from app.detection.exchanging import exchange, find_exchanges, tell_exchanges
from app.detection.findings import AGE_LIMITS, NEXT_LIMIT, Finding
from app.detection.recognising import recognise, tell
from app.detection.schemas import RULE_CODES, RuleCounts
from app.detection.staging import (
    COLUMNS,
    NAMES,
    Spool,
    copy_lines,
    escaped,
    numbers_of,
    stage_keys,
    stage_said,
)

SWEEP_LOCK: Final = 7205
# From so many written rows on the planner's picture of the table is worth drawing anew at once.
_MANY: Final = 10_000
_PLANNED_BY: Final = "rule, subject, status, kantor_cabang, kode_wilayah, skor, potensi_rupiah"

_NEW_VALUES: Final = ", ".join(f"{name} = n.{name}" for name in COLUMNS)

# A sweep is the longest work there is: it may take its time, and wait for another one. The hash
# joins need more than what a page does.
_PATIENCE: Final = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SET LOCAL work_mem = '96MB'",
    # Of a sweep that is killed the server learns while a statement runs, and not at its end.
    "SET LOCAL client_connection_check_interval = '5s'",
)
# One row per flag that is found now or was found before, with what becomes of it. A flag that a
# person declined or put to rest stays so while its facts are the same; an open case keeps its
# flags; what a closed one left is new again once another snapshot, or other facts, still show it;
# a flag that was gone comes back as it was left, or new when its facts have changed.
# Narrow on purpose: what a flag says stays on disk until it is known to be written.
_COMPARE: Final = sa.text(
    """
    CREATE TEMP TABLE sweep_change ON COMMIT DROP AS
    SELECT f.id, n.number, coalesce(n.rule, f.rule) AS of_rule,
      f.status AS from_status, was.status AS was_status, f.seen, f.case_number AS from_case,
      n.rule IS NOT NULL AS is_found,
      n.rule IS NOT NULL AND (f.content_hash, f.snapshot_id) IS DISTINCT FROM
        (n.content_hash, :snapshot_id) AS differs,
      n.facts_hash IS DISTINCT FROM f.facts_hash AS facts_differ,
      CASE
        WHEN n.rule IS NULL THEN
          CASE WHEN f.status = 'kasus' AND f.case_ended_on IS NULL THEN 'kasus' ELSE 'hilang' END
        WHEN was.status = 'kasus'
          AND (f.case_ended_on IS NULL
            OR f.snapshot_id = :snapshot_id AND n.facts_hash = f.facts_hash) THEN 'kasus'
        WHEN was.status = 'ditolak' AND n.facts_hash = f.facts_hash
          AND coalesce(f.exception_until >= :on, true) THEN 'ditolak'
        WHEN was.status = 'ditunda' AND n.facts_hash = f.facts_hash
          AND f.snooze_until >= :on THEN 'ditunda'
        WHEN was.status = 'ditinjau' AND f.seen THEN 'ditinjau'
        ELSE 'baru'
      END AS to_status
    FROM sweep_found n
    FULL JOIN (
      SELECT id, rule, subject, facts_hash, content_hash, snapshot_id, status, seen, case_number,
        case_ended_on, snooze_until, exception_until, status_before_gone
      FROM flag
    ) f ON f.rule = n.rule AND f.subject = n.subject
    LEFT JOIN LATERAL (
      SELECT CASE WHEN f.status = 'hilang' THEN f.status_before_gone ELSE f.status END AS status
    ) was ON true
    WHERE n.rule IS NOT NULL OR f.seen
    """
)
_NEW: Final = "SELECT number FROM sweep_change WHERE id IS NULL ORDER BY number"
_REWRITTEN: Final = "differs OR NOT seen OR to_status <> from_status"
_CHANGED: Final = (
    f"SELECT number FROM sweep_change WHERE id IS NOT NULL AND is_found AND ({_REWRITTEN}) "  # noqa: S608
    "ORDER BY number"
)
_IDS: Final = sa.text(
    """
    SELECT nextval((SELECT CAST(pg_get_serial_sequence('flag', 'id') AS regclass)))
    FROM generate_series(1, :many)
    """
)
_FLAG: Final = (
    f"flag (id, content_hash, {NAMES}, status, snapshot_id, seen, status_before_gone, "
    "decision_reason, case_number, first_found_on, last_found_on, changed_at, version)"
)
# What a broken decision had rested on, beside what is there now: before it is written over, and for
# the few flags that were decided about. The rows are compared without their place and the day of
# the data, as the hash of the facts does.
_ROWS: Final = """(
  SELECT count(*) FROM (
    SELECT (x - 'line') #- '{{values,tgl_data}}' FROM jsonb_array_elements({one}.evidence) x
    EXCEPT
    SELECT (x - 'line') #- '{{values,tgl_data}}' FROM jsonb_array_elements({other}.evidence) x
  ) rows_of_one)"""
_MOVED: Final = sa.text(
    f"""
    CREATE TEMP TABLE sweep_moved ON COMMIT DROP AS
    SELECT c.id, jsonb_build_object(
      'status', c.was_status, 'reason', f.decision_reason,
      'until', coalesce(f.exception_until, f.snooze_until),
      'jumlah_tk', jsonb_build_array(f.jumlah_tk, n.jumlah_tk),
      'bulan_tunggak', jsonb_build_array(f.bulan_tunggak, n.bulan_tunggak),
      'potensi_rupiah', jsonb_build_array(f.potensi_rupiah, n.potensi_rupiah),
      'rule_version', jsonb_build_array(f.rule_version, n.rule_version),
      'rows_gone', {_ROWS.format(one="f", other="n")},
      'rows_new', {_ROWS.format(one="n", other="f")}) AS moved
    FROM sweep_change c JOIN flag f ON f.id = c.id JOIN sweep_said n ON n.number = c.number
    WHERE c.facts_differ AND c.was_status IN ('ditunda', 'ditolak')
    """  # noqa: S608 - the names are our own
)
# What "as known on a day" reads: what a flag said before it is written over. What only the calendar
# moved (ages, days to a limit) over the same snapshot is not worth a row: they are counted back.
_KEPT: Final = tuple(name for name in COLUMNS if name not in {"rule", "subject"})
_TOLD: Final = (
    "facts_hash", "potensi_rupiah", "skor", "rule_version", "rule_edition", "confidence",
    "sentence", "kantor_cabang",
)  # fmt: skip
_COUNTED_BACK: Final = f"ARRAY['{NEXT_LIMIT}', '{AGE_LIMITS}']"
_KEEP_PAST: Final = sa.text(
    f"""
    INSERT INTO flag_past (flag_id, replaced_at, snapshot_id, last_found_on, {", ".join(_KEPT)})
    SELECT f.id, :now, f.snapshot_id, f.last_found_on, {", ".join(f"f.{name}" for name in _KEPT)}
    FROM sweep_change c JOIN sweep_said n USING (number) JOIN flag f ON f.id = c.id
    WHERE (f.snapshot_id, {", ".join(f"f.{name}" for name in _TOLD)}) IS DISTINCT FROM
      (:snapshot_id, {", ".join(f"n.{name}" for name in _TOLD)})
      OR f.numbers - {_COUNTED_BACK} IS DISTINCT FROM n.numbers - {_COUNTED_BACK}
    ORDER BY f.id
    """  # noqa: S608 - the names are the dataclass's own
)
_UPDATE: Final = sa.text(
    f"""
    UPDATE flag f SET {_NEW_VALUES}, content_hash = n.content_hash, status = c.to_status,
      snapshot_id = :snapshot_id, seen = true, status_before_gone = '', last_found_on = :on,
      changed_at = :now,
      case_number = CASE WHEN c.to_status = 'kasus' THEN f.case_number ELSE '' END,
      case_ended_on = CASE WHEN c.to_status = 'kasus' THEN f.case_ended_on END,
      version = f.version + 1
    FROM sweep_change c JOIN sweep_said n USING (number) WHERE f.id = c.id
    """  # noqa: S608 - the names are the dataclass's own
)
_STILL_THERE: Final = sa.text(
    """
    UPDATE flag f SET last_found_on = :on FROM sweep_change c
    WHERE f.id = c.id AND c.is_found AND f.last_found_on < :on
    """
)
_GONE: Final = sa.text(
    """
    UPDATE flag f SET status = c.to_status, seen = false, changed_at = :now,
      status_before_gone = CASE WHEN f.status = 'kasus' THEN '' ELSE f.status END,
      case_number = CASE WHEN c.to_status = 'kasus' THEN f.case_number ELSE '' END,
      case_ended_on = NULL,
      version = f.version + 1
    FROM sweep_change c WHERE f.id = c.id AND NOT c.is_found
    """
)
_FIRST_EVENTS: Final = sa.text(
    """
    INSERT INTO flag_event (flag_id, recorded_at, actor, action, from_status, to_status, reason,
      snapshot_id, detail)
    SELECT id, :now, :actor, 'ditemukan', '', 'baru', '', :snapshot_id, '{}'
    FROM flag WHERE id >= :first ORDER BY id
    """
)
_LATER_EVENTS: Final = sa.text(
    """
    INSERT INTO flag_event (flag_id, recorded_at, actor, action, from_status, to_status, reason,
      snapshot_id, detail)
    SELECT c.id, :now, :actor,
      CASE WHEN NOT c.is_found THEN 'hilang'
           WHEN c.from_status = 'kasus' AND c.to_status = 'baru' THEN 'muncul_lagi'
           WHEN NOT c.seen THEN 'kembali'
           WHEN c.facts_differ THEN 'berubah'
           WHEN c.from_status = 'ditolak' THEN 'pengecualian_berakhir' ELSE 'tunda_berakhir' END,
      c.from_status, c.to_status,
      CASE WHEN c.to_status = 'kasus' THEN '' ELSE c.from_case END, :snapshot_id,
      coalesce(m.moved, '{}')
    FROM sweep_change c LEFT JOIN sweep_moved m USING (id)
    WHERE c.id IS NOT NULL AND (NOT c.is_found OR NOT c.seen OR c.to_status <> c.from_status)
    ORDER BY c.id
    """
)
# The triggers of `flag` leave a sweep alone (migration 0024): one look at all flags is quicker than
# one at each that moves.
_TALLY_LATER: Final = sa.text("SET LOCAL patuh.tally_at_the_end = 'on'")
_TALLY_AGAIN: Final = sa.text("SET LOCAL patuh.tally_at_the_end = 'off'")
_TALLY: Final = sa.text(
    """
    INSERT INTO flag_tally (kantor_cabang, kode_wilayah, rule, status, number)
    SELECT kantor_cabang, kode_wilayah, rule, status, count(*) FROM flag
    GROUP BY kantor_cabang, kode_wilayah, rule, status
    """
)
_COUNT: Final = sa.text(
    """
    SELECT of_rule,
      count(*) FILTER (WHERE is_found AND seen IS NOT TRUE),
      count(*) FILTER (WHERE is_found AND seen),
      count(*) FILTER (WHERE NOT is_found)
    FROM sweep_change GROUP BY of_rule
    """
)


def take_turn(session: Session) -> None:
    """Wait until no other sweep is under way, and keep others waiting until the transaction ends.

    A sweep that is killed gives its turn back: the server ends its transaction.
    """
    be_patient(session)
    connection = session.connection()
    usual = connection.execute(sa.text("SHOW lock_timeout")).scalar_one()
    connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
    connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({SWEEP_LOCK})"))
    connection.execute(sa.text("SELECT set_config('lock_timeout', :usual, true)"), {"usual": usual})


def be_patient(session: Session) -> None:
    """Lift, for this transaction, the limits that are meant for pages."""
    for limit in _PATIENCE:
        session.connection().execute(sa.text(limit))


def merge(
    session: Session,
    *,
    findings: Iterable[Finding],
    snapshot_id: str,
    on: date,
    actor: str,
    now: datetime,
    scratch: Path,
) -> dict[str, RuleCounts]:
    """Store what was found and return new, still and gone per rule. Two sweeps take turns."""
    values = {"snapshot_id": snapshot_id, "on": on, "now": now, "actor": actor}
    connection = session.connection()
    take_turn(session)
    with closing(Spool(scratch)) as spool:
        stage_keys(session, spool.keys(findings))
        # A decision made between the comparison and the writing would be written over. Decisions
        # wait from here to the end; reading goes on.
        connection.execute(sa.text("LOCK TABLE flag IN EXCLUSIVE MODE"))
        connection.execute(_TALLY_LATER)
        counts, recognised = _compared(session, spool=spool, snapshot_id=snapshot_id, on=on)
        changed = numbers_of(session, _CHANGED)
        stage_said(session, numbers=changed, spool=spool)
        connection.execute(sa.text("DROP TABLE IF EXISTS sweep_moved"))
        exchange(session)
        for statement in (_MOVED, _KEEP_PAST, _UPDATE, _STILL_THERE, _GONE, _LATER_EVENTS):
            _execute(session, statement, values)
        if recognised:
            tell(session, values)
            tell_exchanges(session, values)
        new = _add(session, spool=spool, values=values)
    for step in (sa.text("DELETE FROM flag_tally"), _TALLY, _TALLY_AGAIN):
        connection.execute(step)
    if len(changed) + new + sum(one.gone for one in counts.values()) > _MANY:
        connection.execute(sa.text(f"ANALYZE flag ({_PLANNED_BY})"))
    # What this session has loaded before is no longer what the tables hold.
    session.expire_all()
    return counts


def _add(session: Session, *, spool: Spool, values: Mapping[str, Any]) -> int:
    """Write the new flags, each with its first event, and return how many there are.

    They go straight where they belong: what is new needs no comparison of what it says.
    """
    numbers = numbers_of(session, _NEW)
    ids = array("q", session.connection().execute(_IDS, {"many": len(numbers)}).scalars())
    if not ids:
        return 0
    snapshot_id, on, now = values["snapshot_id"], values["on"], values["now"].isoformat()
    rest = f"\tbaru\t{escaped(snapshot_id)}\tt\t\t\t\t{on}\t{on}\t{now}\t1\n".encode()
    lines = (
        b"%d\t%s%s" % (one, line.removesuffix(b"\n"), rest)
        for one, line in zip(ids, spool.lines(numbers), strict=True)
    )
    copy_lines(session, _FLAG, lines)
    _execute(session, _FIRST_EVENTS, {**values, "first": ids[0]})
    return len(ids)


def _execute(session: Session, statement: sa.TextClause, values: Mapping[str, Any]) -> None:
    used = {name: value for name, value in values.items() if f":{name}" in statement.text}
    session.connection().execute(statement, used)


def compare(
    session: Session, *, findings: Iterable[Finding], snapshot_id: str, on: date, scratch: Path
) -> dict[str, RuleCounts]:
    """Return what `merge` would, and change no flag."""
    be_patient(session)
    with closing(Spool(scratch)) as spool:
        stage_keys(session, spool.keys(findings))
        counts, _ = _compared(session, spool=spool, snapshot_id=snapshot_id, on=on)
    return counts


def _compared(
    session: Session, *, spool: Spool, snapshot_id: str, on: date
) -> tuple[dict[str, RuleCounts], bool]:
    """Return new, still and gone per rule, and whether any flag has another name than before."""
    connection = session.connection()
    _compare(connection, snapshot_id=snapshot_id, on=on)
    recognised = recognise(session, spool=spool)
    exchanged = find_exchanges(session, spool=spool)
    if recognised or exchanged:
        _compare(connection, snapshot_id=snapshot_id, on=on)
    found = {row[0]: RuleCounts(*row[1:]) for row in connection.execute(_COUNT)}
    counts = {code: found.get(code, RuleCounts(new=0, still=0, gone=0)) for code in RULE_CODES}
    return counts, recognised or exchanged


def _compare(connection: sa.Connection, *, snapshot_id: str, on: date) -> None:
    connection.execute(sa.text("DROP TABLE IF EXISTS sweep_change"))
    connection.execute(_COMPARE, {"snapshot_id": snapshot_id, "on": on})
    connection.execute(sa.text("CREATE INDEX ON sweep_change (id)"))
    connection.execute(sa.text("ANALYZE sweep_change (id, number, is_found)"))
