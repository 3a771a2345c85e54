"""Recognises an unregistered employer that a sweep calls by another name than the one before.

Its name across sweeps (`Flag.subject`) is made of the numbers that agencies have for it. A number
that comes, goes or is corrected, or another agency's row that joins, makes another name of it; the
rows of the agencies, by their own keys, say that it is the same one.
"""

from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from app.detection.staging import Spool, numbers_of, stage_said

UNREGISTERED: Final = "NOT LIKE 'npp:%'"
_CREATE: Final = sa.text(
    "CREATE TEMP TABLE sweep_recognised (number integer, id bigint, was text) ON COMMIT DROP"
)
# Gone now, or by a sweep before: an agency may leave a row out for a month. Counted and not asked
# for with EXISTS, for which the planner walks through `sweep_change` once for every flag.
_GONE: Final = f"""
  FROM flag f LEFT JOIN sweep_change c USING (id)
  WHERE f.subject {UNREGISTERED} AND c.is_found IS NOT TRUE
"""
_HOW_MANY_GONE: Final = sa.text(f"SELECT count(*) {_GONE}")
_NEW: Final = (
    "SELECT number FROM sweep_change c JOIN sweep_found n USING (number) "  # noqa: S608
    f"WHERE c.id IS NULL AND n.subject {UNREGISTERED} ORDER BY number"
)
# The rows of agencies that a flag rests on, by their own keys. `key` names the flag in `table`.
ROWS: Final = """
  SELECT DISTINCT {key}, rule, x #>> '{{values,sumber}}' AS sumber,
    x #>> '{{values,id_sumber}}' AS id_sumber
  FROM {table}, jsonb_array_elements(evidence) x WHERE x ->> 'table' = 'sumber_pemberi_kerja'
"""
# Of two that meet in one, the one that a case rests on goes on, else one that was there until now,
# else the older one; of one that falls apart, the part with most of its rows. Whoever is left over
# is gone, or new, as before.
_RECOGNISED: Final = sa.text(
    f"""
    INSERT INTO sweep_recognised
    WITH gone AS (
      SELECT id, f.rule, f.evidence {_GONE}
    ), shared AS (
      SELECT n.number, g.id, count(*) AS rows
      FROM ({ROWS.format(key="number", table="sweep_said")}) n
      JOIN ({ROWS.format(key="id", table="gone")}) g USING (rule, sumber, id_sumber)
      GROUP BY n.number, g.id
    ), ranked AS (
      SELECT s.number, f.id, f.subject,
        row_number() OVER (PARTITION BY s.number
          ORDER BY f.status = 'kasus' DESC, f.seen DESC, s.rows DESC, f.id) AS of_new,
        row_number() OVER (PARTITION BY f.id ORDER BY s.rows DESC, s.number) AS of_gone
      FROM shared s JOIN flag f USING (id)
    )
    SELECT number, id, subject AS was FROM ranked WHERE of_new = 1 AND of_gone = 1
    """  # noqa: S608 - own constants
)
_NAMED_AS_BEFORE: Final = sa.text(
    "UPDATE sweep_found n SET subject = r.was FROM sweep_recognised r WHERE r.number = n.number"
)
_TOLD: Final = sa.text(
    """
    INSERT INTO flag_event (flag_id, recorded_at, actor, action, from_status, to_status, reason,
      snapshot_id, detail)
    SELECT r.id, :now, :actor, 'dikenali_kembali', c.from_status, c.to_status, '', :snapshot_id,
      jsonb_build_object('subject', jsonb_build_array(r.was, f.subject))
    FROM sweep_recognised r JOIN sweep_change c USING (id) JOIN flag f USING (id) ORDER BY r.id
    """
)


def recognise(session: Session, *, spool: Spool) -> bool:
    """Let what was found under a new name be compared with the flag it was before.

    Reads what `merging` compared (`sweep_change`); returns whether anything has to be compared
    again. A flag keeps its number, its decisions and its case; the new name is written with the
    rest of what the sweep found.
    """
    connection = session.connection()
    connection.execute(sa.text("DROP TABLE IF EXISTS sweep_recognised"))
    connection.execute(_CREATE)
    if not connection.execute(_HOW_MANY_GONE).scalar_one():
        return False
    numbers = numbers_of(session, _NEW)
    if not numbers:
        return False
    stage_said(session, numbers=numbers, spool=spool)
    connection.execute(_RECOGNISED)
    return bool(connection.execute(_NAMED_AS_BEFORE).rowcount)


def tell(session: Session, values: dict[str, Any]) -> None:
    """Write into the history of each flag that `recognise` found what it was called before."""
    session.connection().execute(
        _TOLD, {name: values[name] for name in ("now", "actor", "snapshot_id")}
    )
