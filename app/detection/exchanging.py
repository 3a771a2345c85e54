"""Lets the flag of a case go on where two unregistered employers turn out to be one, and back.

What is one from now on goes by one of the two names, and that may be the name of the other flag.
Then the two exchange their names: the one that a case rests on has what is found, the other is
gone under the name that is no longer found. Found apart again, each has its own name back.
"""

from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from app.detection.recognising import ROWS, UNREGISTERED
from app.detection.staging import Spool, numbers_of, stage_said

_OPEN_CASE: Final = "f.status = 'kasus' AND f.case_ended_on IS NULL"
_CREATE: Final = sa.text(
    "CREATE TEMP TABLE sweep_exchanged (number integer, id bigint, other bigint, was text, "
    "other_was text, other_number integer) ON COMMIT DROP"
)
_CASE_GONE: Final = f"""
  SELECT f.id, f.rule, f.subject, f.evidence FROM sweep_change c JOIN flag f USING (id)
  WHERE NOT c.is_found AND {_OPEN_CASE} AND f.subject {UNREGISTERED}
    AND NOT EXISTS (SELECT FROM sweep_recognised r WHERE r.id = f.id)
"""  # noqa: S608 - own constants
_ANY_CASE_GONE: Final = sa.text(f"SELECT EXISTS ({_CASE_GONE})")
_CHANGED: Final = f"""
  SELECT c.number FROM sweep_change c JOIN flag f USING (id)
  WHERE c.is_found AND c.facts_differ AND f.subject {UNREGISTERED} AND NOT ({_OPEN_CASE})
  ORDER BY c.number
"""  # noqa: S608 - own constants
_TAKEN: Final = sa.text(
    f"""
    INSERT INTO sweep_exchanged
    WITH gone AS ({_CASE_GONE}), shared AS (
      SELECT n.number, g.id, count(*) AS rows
      FROM ({ROWS.format(key="number", table="sweep_said")}) n
      JOIN ({ROWS.format(key="id", table="gone")}) g USING (rule, sumber, id_sumber)
      GROUP BY n.number, g.id
    ), ranked AS (
      SELECT number, id, row_number() OVER (PARTITION BY number ORDER BY rows DESC, id) AS of_found,
        row_number() OVER (PARTITION BY id ORDER BY rows DESC, number) AS of_gone
      FROM shared
    )
    SELECT r.number, r.id, c.id, g.subject, f.subject, NULL
    FROM ranked r JOIN flag g USING (id) JOIN sweep_change c USING (number)
    JOIN flag f ON f.id = c.id WHERE of_found = 1 AND of_gone = 1
    """  # noqa: S608 - own constants
)
_BACK: Final = sa.text(
    f"""
    INSERT INTO sweep_exchanged
    SELECT c.number, g.id, f.id, g.subject, f.subject, n.number
    FROM sweep_change c JOIN flag f USING (id) JOIN LATERAL (
      SELECT detail FROM flag_event e WHERE e.flag_id = f.id AND e.action = 'digabung'
      ORDER BY e.id DESC LIMIT 1
    ) told ON true
    JOIN flag g ON g.id = CAST(told.detail ->> 'temuan' AS bigint) AND g.rule = f.rule
      AND g.subject = told.detail -> 'subject' ->> 0 AND f.subject = told.detail -> 'subject' ->> 1
    JOIN sweep_change n ON n.id = g.id
    WHERE c.is_found AND NOT c.seen AND n.is_found AND NOT ({_OPEN_CASE})
    """  # noqa: S608 - own constants
)
_NAMED: Final = sa.text(
    """
    UPDATE sweep_found n
    SET subject = CASE WHEN n.number = e.number THEN e.was ELSE e.other_was END
    FROM sweep_exchanged e WHERE n.number IN (e.number, e.other_number)
    """
)
# Two flags of a rule never have one name, not even while they exchange theirs.
_SET_ASIDE: Final = sa.text(
    "UPDATE flag f SET subject = 'pindah:' || f.id FROM sweep_exchanged e "
    "WHERE f.id IN (e.id, e.other)"
)
_LEFT_OVER: Final = sa.text(
    "UPDATE flag f SET subject = e.was FROM sweep_exchanged e "
    "WHERE f.id = e.other AND e.other_number IS NULL"
)
_TOLD: Final = sa.text(
    """
    INSERT INTO flag_event (flag_id, recorded_at, actor, action, from_status, to_status, reason,
      snapshot_id, detail)
    SELECT e.id, :now, :actor, 'dikenali_kembali', c.from_status, c.to_status, '', :snapshot_id,
      jsonb_build_object('subject', jsonb_build_array(e.was, f.subject))
    FROM sweep_exchanged e JOIN sweep_change c ON c.id = e.id JOIN flag f ON f.id = e.id
    UNION ALL
    SELECT e.other, :now, :actor, 'digabung', f.status, f.status, '', :snapshot_id,
      jsonb_build_object('temuan', e.id, 'subject', jsonb_build_array(e.other_was, e.was))
    FROM sweep_exchanged e JOIN flag f ON f.id = e.other WHERE e.other_number IS NULL
    ORDER BY 1
    """
)


def find_exchanges(session: Session, *, spool: Spool) -> bool:
    """Let what was found be compared with the flag of a case that lost its name, or got one.

    After `recognise`, on what it compared; returns whether anything has to be compared again.
    """
    connection = session.connection()
    connection.execute(sa.text("DROP TABLE IF EXISTS sweep_exchanged"))
    connection.execute(_CREATE)
    connection.execute(_BACK)
    if connection.execute(_ANY_CASE_GONE).scalar_one():
        numbers = numbers_of(session, _CHANGED)
        stage_said(session, numbers=numbers, spool=spool)
        connection.execute(_TAKEN)
    return bool(connection.execute(_NAMED).rowcount)


def exchange(session: Session) -> None:
    """Free the names, before the flags that were found are written under theirs."""
    connection = session.connection()
    connection.execute(_SET_ASIDE)
    connection.execute(_LEFT_OVER)


def tell_exchanges(session: Session, values: dict[str, Any]) -> None:
    """Write into the history of both flags what became of their names."""
    session.connection().execute(
        _TOLD, {name: values[name] for name in ("now", "actor", "snapshot_id")}
    )
