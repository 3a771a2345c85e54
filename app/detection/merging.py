"""Brings the flags up to what a sweep found: one COPY, one comparison, a few set-wise writes."""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final, cast

import psycopg
import sqlalchemy as sa
from sqlmodel import Session

from app.detection.findings import Finding
from app.detection.schemas import RULE_CODES, RuleCounts

SWEEP_LOCK: Final = 7205

_COLUMNS: Final = tuple(field.name for field in dataclasses.fields(Finding))
_TYPES: Final[Mapping[str, str]] = {
    "rule_version": "integer",
    "rule_edition": "integer",
    "jumlah_tk": "integer",
    "potensi_rupiah": "bigint",
    "bulan_tunggak": "integer",
    "skor": "integer",
    "sentence_values": "jsonb",
    "numbers": "jsonb",
    "evidence": "jsonb",
    "source_ages": "jsonb",
}
_FOUND: Final = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in _COLUMNS)
_NAMES: Final = ", ".join(_COLUMNS)
_NEW_VALUES: Final = ", ".join(f"{name} = c.{name}" for name in _COLUMNS)
_DIFFERS: Final = (
    f"({', '.join(f'f.{name}' for name in _COLUMNS)}, f.snapshot_id) IS DISTINCT FROM "
    f"({', '.join(f'n.{name}' for name in _COLUMNS)}, :snapshot_id)"
)
# What a broken decision had rested on, beside what is there now. The rows are compared without
# their place and the day of the data, as the hash of the facts does.
_ROWS: Final = """(
  SELECT count(*) FROM (
    SELECT (x - 'line') #- '{{values,tgl_data}}' FROM jsonb_array_elements({one}.evidence) x
    EXCEPT
    SELECT (x - 'line') #- '{{values,tgl_data}}' FROM jsonb_array_elements({other}.evidence) x
  ) rows_of_one)"""
_MOVED: Final = f"""jsonb_build_object(
  'status', was.status, 'reason', f.decision_reason,
  'until', coalesce(f.exception_until, f.snooze_until),
  'jumlah_tk', jsonb_build_array(f.jumlah_tk, n.jumlah_tk),
  'bulan_tunggak', jsonb_build_array(f.bulan_tunggak, n.bulan_tunggak),
  'potensi_rupiah', jsonb_build_array(f.potensi_rupiah, n.potensi_rupiah),
  'rule_version', jsonb_build_array(f.rule_version, n.rule_version),
  'rows_gone', {_ROWS.format(one="f", other="n")},
  'rows_new', {_ROWS.format(one="n", other="f")})"""

# One row per flag that is found now or was found before, with what becomes of it. A flag that a
# person declined or put to rest stays so while its facts are the same; an open case keeps its
# flags; what a closed one left is new again once another snapshot, or other facts, still show it;
# a flag that was gone comes back as it was left, or new when its facts have changed.
_COMPARE: Final = sa.text(
    f"""
    CREATE TEMP TABLE sweep_change ON COMMIT DROP AS
    SELECT f.id, n.*, coalesce(n.rule, f.rule) AS of_rule, f.status AS from_status, f.seen,
      f.case_number AS from_case,
      n.rule IS NOT NULL AS is_found,
      n.rule IS NOT NULL AND ({_DIFFERS}) AS differs,
      n.facts_hash IS DISTINCT FROM f.facts_hash AS facts_differ,
      CASE WHEN n.facts_hash <> f.facts_hash AND was.status IN ('ditunda', 'ditolak')
        THEN {_MOVED} ELSE '{{}}'::jsonb END AS moved,
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
    FULL JOIN flag f ON f.rule = n.rule AND f.subject = n.subject
    LEFT JOIN LATERAL (
      SELECT CASE WHEN f.status = 'hilang' THEN f.status_before_gone ELSE f.status END AS status
    ) was ON true
    WHERE n.rule IS NOT NULL OR f.seen
    """  # noqa: S608 - the names are the dataclass's own
)
_INSERT: Final = sa.text(
    f"""
    INSERT INTO flag ({_NAMES}, status, snapshot_id, seen, status_before_gone, decision_reason,
      snooze_until, case_number, first_found_on, last_found_on, changed_at, version)
    SELECT {_NAMES}, 'baru', :snapshot_id, true, '', '', NULL, '', :on, :on, :now, 1
    FROM sweep_change WHERE id IS NULL ORDER BY rule, subject
    """  # noqa: S608 - the names are the dataclass's own
)
_UPDATE: Final = sa.text(
    f"""
    UPDATE flag f SET {_NEW_VALUES}, status = c.to_status, snapshot_id = :snapshot_id,
      seen = true, status_before_gone = '', last_found_on = :on, changed_at = :now,
      case_number = CASE WHEN c.to_status = 'kasus' THEN f.case_number ELSE '' END,
      case_ended_on = CASE WHEN c.to_status = 'kasus' THEN f.case_ended_on END,
      version = f.version + 1
    FROM sweep_change c
    WHERE f.id = c.id AND c.is_found AND (c.differs OR NOT c.seen OR c.to_status <> c.from_status)
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
_EVENTS: Final = sa.text(
    """
    INSERT INTO flag_event (flag_id, recorded_at, actor, action, from_status, to_status, reason,
      snapshot_id, detail)
    SELECT f.id, :now, :actor,
      CASE WHEN c.id IS NULL THEN 'ditemukan' WHEN NOT c.is_found THEN 'hilang'
           WHEN c.from_status = 'kasus' AND f.status = 'baru' THEN 'muncul_lagi'
           WHEN NOT c.seen THEN 'kembali'
           WHEN c.facts_differ THEN 'berubah'
           WHEN c.from_status = 'ditolak' THEN 'pengecualian_berakhir' ELSE 'tunda_berakhir' END,
      coalesce(c.from_status, ''), f.status,
      CASE WHEN f.case_number = '' THEN coalesce(c.from_case, '') ELSE '' END, :snapshot_id,
      coalesce(c.moved, '{}'::jsonb)
    FROM sweep_change c
    JOIN flag f ON f.id = c.id OR (c.id IS NULL AND f.rule = c.rule AND f.subject = c.subject)
    WHERE c.id IS NULL OR NOT c.is_found OR NOT c.seen OR c.to_status <> c.from_status
    ORDER BY f.id
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


def merge(
    session: Session,
    *,
    findings: Iterable[Finding],
    snapshot_id: str,
    on: date,
    actor: str,
    now: datetime,
) -> dict[str, RuleCounts]:
    """Store what was found and return new, still and gone per rule. Two sweeps take turns."""
    values = {"snapshot_id": snapshot_id, "on": on, "now": now, "actor": actor}
    counts = compare(session, findings=findings, snapshot_id=snapshot_id, on=on)
    for statement in (_INSERT, _UPDATE, _STILL_THERE, _GONE, _EVENTS):
        used = {name: values[name] for name in values if f":{name}" in statement.text}
        session.connection().execute(statement, used)
    # What this session has loaded before is no longer what the tables hold.
    session.expire_all()
    return counts


def compare(
    session: Session, *, findings: Iterable[Finding], snapshot_id: str, on: date
) -> dict[str, RuleCounts]:
    """Return what `merge` would, and change no flag."""
    connection = session.connection()
    connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({SWEEP_LOCK})"))
    connection.execute(sa.text("DROP TABLE IF EXISTS sweep_found, sweep_change"))
    connection.execute(sa.text(f"CREATE TEMP TABLE sweep_found ({_FOUND}) ON COMMIT DROP"))
    _copy(session, findings)
    connection.execute(sa.text("ANALYZE sweep_found"))
    connection.execute(_COMPARE, {"snapshot_id": snapshot_id, "on": on})
    found = {row[0]: RuleCounts(*row[1:]) for row in connection.execute(_COUNT)}
    return {code: found.get(code, RuleCounts(new=0, still=0, gone=0)) for code in RULE_CODES}


def _copy(session: Session, findings: Iterable[Finding]) -> None:
    raw = cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
    read = attrgetter(*_COLUMNS)
    with (
        raw.cursor() as cursor,
        cursor.copy(f"COPY sweep_found ({_NAMES}) FROM STDIN") as copy,
    ):
        for one in findings:
            copy.write_row(read(one))
