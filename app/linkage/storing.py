"""Writes the pairs of a sweep into PostgreSQL: COPY into a temporary table, one set-based merge."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, cast

import psycopg
import sqlalchemy as sa
from sqlmodel import Session

from app.linkage.pairs import Pair
from app.linkage.schemas import EMPLOYER, OUTSIDE, WORKER, PairKind
from app.registry.matching import BY_DECISION, BY_SIMILARITY

_KEY: Final = ("kunci", "npp", "member")
_COLUMNS: Final = (
    *_KEY, "kind", "records", "band", "why", "exact", "weight", "chance", "parts", "outside",
    "registered", "rival_npp", "kantor_cabang", "other_records", "heard",
)  # fmt: skip
_KINDS: Final = {
    "records": "jsonb", "parts": "jsonb", "outside": "jsonb", "registered": "jsonb",
    "weight": "numeric", "chance": "numeric", "other_records": "jsonb",
    "heard": "bigint",
}  # fmt: skip
_NAMES: Final = ", ".join(_COLUMNS)
# Beside them what `hear` made of people's words.
_FOUND: Final = (*_COLUMNS, "said")
_CREATE: Final = sa.text(
    "CREATE TEMP TABLE pair_found ("
    + ", ".join(f"{name} {_KINDS.get(name, 'text')}" for name in _FOUND)
    + ") ON COMMIT DROP"
)
# A word about workers stays with the NIK and the member, wherever they are.
_OF_WORKER: Final = """
  SELECT d.verdict FROM linkage_decision d
  WHERE d.kind = f.kind AND d.kunci = f.kunci AND d.member = f.member
  ORDER BY d.id DESC LIMIT 1
"""
_SAID: Final[Mapping[PairKind, str]] = {
    EMPLOYER: "SELECT f.said AS verdict",
    WORKER: _OF_WORKER,
    OUTSIDE: "SELECT f.said AS verdict",
}
_MERGE: Final = f"""
    INSERT INTO linkage_pair ({_NAMES}, method, model_sha256, snapshot_id, seen, first_seen_on,
      last_seen_on)
    SELECT {", ".join(f"f.{name}" for name in _COLUMNS)},
      CASE WHEN f.why = 'rantai' THEN ''
           WHEN v.verdict = 'sama' THEN '{BY_DECISION}' WHEN v.verdict = 'beda' THEN ''
           WHEN f.exact <> '' THEN f.exact WHEN f.band = 'pasti' THEN '{BY_SIMILARITY}' ELSE '' END,
      :model, :snapshot, true, :on, :on
    FROM pair_found f LEFT JOIN LATERAL ({{said}}) v ON true
    ON CONFLICT ({", ".join(_KEY)}) DO UPDATE SET
      {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[len(_KEY) :])},
      method = excluded.method, model_sha256 = excluded.model_sha256,
      snapshot_id = excluded.snapshot_id, seen = true, last_seen_on = excluded.last_seen_on
    """  # noqa: S608 - own names
# A pair that nobody decided about and no sweep sees any more is nobody's question.
_FORGET: Final = sa.text(
    """
    DELETE FROM linkage_pair p
    WHERE p.kind = :kind
      AND NOT EXISTS (SELECT 1 FROM pair_found f
        WHERE f.kunci = p.kunci AND f.npp = p.npp AND f.member = p.member)
      AND NOT EXISTS (SELECT 1 FROM linkage_decision d
        WHERE d.kunci = p.kunci AND d.npp = p.npp AND d.member = p.member)
    """
)
_UNSEEN: Final = sa.text(
    """
    UPDATE linkage_pair p SET seen = false, method = ''
    WHERE p.kind = :kind AND seen AND NOT EXISTS (
      SELECT 1 FROM pair_found f
      WHERE f.kunci = p.kunci AND f.npp = p.npp AND f.member = p.member)
    """
)


def store(
    session: Session,
    pairs: Iterable[Pair],
    *,
    kind: PairKind,
    model_sha256: str,
    snapshot_id: str,
    on: date,
) -> None:
    """Bring the pairs of one kind up to date; the same sweep again changes nothing."""
    connection = session.connection()
    connection.execute(sa.text("DROP TABLE IF EXISTS pair_found"))
    connection.execute(_CREATE)
    raw = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    with (
        raw.cursor() as cursor,
        cursor.copy(f"COPY pair_found ({', '.join(_FOUND)}) FROM STDIN") as copy,
    ):
        for one in pairs:
            copy.write_row(_row(one))
    connection.execute(sa.text("ANALYZE pair_found"))
    connection.execute(
        sa.text(_MERGE.format(said=_SAID[kind])),
        {"model": model_sha256, "snapshot": snapshot_id, "on": on},
    )
    connection.execute(_FORGET, {"kind": kind})
    connection.execute(_UNSEEN, {"kind": kind})
    session.expire_all()


def _row(pair: Pair) -> tuple[object, ...]:
    parts = [[part.comparison, part.level, part.weight] for part in pair.parts]
    return (
        pair.kunci,
        pair.npp,
        pair.member,
        pair.kind,
        _json([list(one) for one in pair.records]),
        pair.band,
        pair.why,
        pair.exact,
        pair.weight,
        round(pair.chance, 6),
        _json(parts),
        _json(pair.outside),
        _json(pair.registered),
        pair.rival_npp,
        pair.office,
        _json([list(one) for one in pair.other_records]),
        pair.heard,
        pair.said,
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
