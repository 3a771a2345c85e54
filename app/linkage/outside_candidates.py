"""Finds pairs of outside employers, neither of them registered, that may be one.

They are compared as outside and registered employers are, by the model that was learned there,
within a regency: nothing but a number may join two of different regencies.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import log2
from typing import Any, Final

import duckdb

from app.linkage import splink_engine
from app.linkage.bands import JudgedOutside, Thresholds, bits, outside_band
from app.linkage.employers import OUTSIDERS
from app.linkage.features import COMMON
from app.linkage.joining import Joined, Joining, Side
from app.linkage.model import Model
from app.linkage.outside_links import SaidOfOutside, hear
from app.linkage.pairs import Found, Pair, one_row, parts, stated, weight_sql
from app.linkage.schemas import OUTSIDE
from app.linkage.splink_engine import LEVEL
from app.registry.matching import BY_DECISION, BY_SIMILARITY

_BATCH: Final = 10_000
_FEATURES: Final = "linkage_outside_features"
# The codes of its levels, and, below 0, of a name that tells nothing.
_NAMES: Final = (*(one.code for one in OUTSIDERS.comparisons[0].levels), "")
_LEVELS: Final = ", ".join(f"{LEVEL}{one.name}" for one in OUTSIDERS.comparisons)


@dataclass(frozen=True, slots=True)
class FoundOutside:
    """`joined` are the employers that go by another's name; `found` is as of other pairs."""

    found: Found
    joined: tuple[Joined, ...]


def find_outside_pairs(
    connection: duckdb.DuckDBPyConnection,
    *,
    model: Model,
    thresholds: Thresholds,
    said: Iterable[SaidOfOutside],
) -> FoundOutside:
    """Return the pairs of employers that are not registered, sure or to be reviewed.

    After `find_pairs` and `settle_links`, on their connection; `model` is the one used there.
    Needs `linkage_offices` (kode_wilayah, cabang) too.
    """
    hear(connection, said)
    alone = _without_link(connection)
    used = _among(model, many=alone, share=float(thresholds.share))
    splink_engine.score(
        connection,
        used,
        outside="linkage_alone_left",
        registered="linkage_alone",
        # A rival a little below the threshold still speaks against the best.
        least=bits(thresholds.review) - log2(thresholds.rival),
        into="linkage_alone_scored",
    )
    _best(connection, used, review=bits(thresholds.review))
    joining, refused = _joined(connection, thresholds)
    rows = _to_show(
        connection,
        review=bits(thresholds.review),
        sure=bits(thresholds.sure),
        margin=log2(thresholds.rival),
    )
    pairs = (_pair(row, used, thresholds, refused=refused) for row in rows)
    return FoundOutside(Found(model=used, pairs=pairs, candidates=alone), tuple(joining.joined()))


def _among(model: Model, *, many: int, share: float) -> Model:
    """Return the model for `many` employers: of so many, one is another's with `share`.

    Never likelier beforehand than among the registered.
    """
    beforehand = min(model.prior, share / max(many, 2))
    return replace(model, kind=OUTSIDERS, prior=round(beforehand, 12))


def _without_link(connection: duckdb.DuckDBPyConnection) -> int:
    """Lay apart who is linked to nobody, and return how many employers that are.

    A name is common that many registered employers carry, or many on one agency's list. A single
    one is compared with nobody.
    """
    connection.execute(
        f"""
        CREATE TABLE linkage_sides AS
        SELECT o.kunci,
          coalesce(list(DISTINCT o.npwp16) FILTER (o.npwp16 IS NOT NULL), []) AS npwp,
          coalesce(list(DISTINCT o.nib) FILTER (o.nib IS NOT NULL), []) AS nib,
          list_sort(list(DISTINCT o.sumber)) AS sumber
        FROM linkage_outside o
        ANTI JOIN (SELECT kunci FROM linkage_links WHERE npp IS NOT NULL) l USING (kunci)
        GROUP BY o.kunci;
        CREATE TABLE linkage_alone AS
        WITH listed AS (
          SELECT f.nama_urut, o.sumber, count(DISTINCT o.kunci) AS banyak
          FROM {_FEATURES} f JOIN linkage_outside o USING (id) SEMI JOIN linkage_sides USING (kunci)
          WHERE f.nama_urut <> '' GROUP BY f.nama_urut, o.sumber
        ), common AS (SELECT DISTINCT nama_urut FROM listed WHERE banyak >= {COMMON})
        SELECT f.* REPLACE (CASE WHEN c.nama_urut IS NULL THEN f.umum ELSE 1 END AS umum),
          o.kunci, CAST(len(s.npwp) > 0 AS INTEGER) AS npwp_ada,
          CAST(len(s.nib) > 0 AS INTEGER) AS nib_ada
        FROM {_FEATURES} f JOIN linkage_outside o USING (id) JOIN linkage_sides s USING (kunci)
        LEFT JOIN common c USING (nama_urut);
        CREATE VIEW linkage_alone_left AS SELECT * FROM linkage_alone
        WHERE (SELECT count(*) FROM linkage_sides) > 1
        """  # noqa: S608 - own names
    )
    (many,) = one_row(connection, "SELECT count(*) FROM linkage_sides")
    return int(many)


def _best(connection: duckdb.DuckDBPyConnection, model: Model, *, review: float) -> None:
    """Fill `linkage_alone_judged`: each pair by its likeliest records, and its likeliest rival.

    A rival is a third that is about as likely to be one of the two, but hardly both: it has not
    been found alike to the other, a number or an agency keeps those two apart, or a person does.
    One whose number is a slip of the other's is kept apart too, and is nobody's rival for it.
    """
    prior = log2(model.prior / (1 - model.prior))
    weights = " + ".join(weight_sql(one, model) for one in OUTSIDERS.comparisons)
    connection.execute(
        f"""
        CREATE TABLE linkage_alone_pairs AS
        SELECT least(l.kunci, r.kunci) AS satu, greatest(l.kunci, r.kunci) AS lain,
          CASE WHEN l.kunci < r.kunci THEN l.id ELSE r.id END AS id_satu,
          CASE WHEN l.kunci < r.kunci THEN r.id ELSE l.id END AS id_lain,
          l.bentuk, r.bentuk AS bentuk_lain, {_LEVELS},
          l.npwp_ada + r.npwp_ada = 2 OR l.nib_ada + r.nib_ada = 2 AS nomor_beda,
          round(CAST({prior} + {weights} AS DOUBLE), 4) AS bobot
        FROM linkage_alone_scored s
        JOIN linkage_alone l ON l.id = s.id_l JOIN linkage_alone r ON r.id = s.id_r
        QUALIFY row_number() OVER (
          PARTITION BY satu, lain ORDER BY bobot DESC, id_satu, id_lain) = 1;
        CREATE TABLE linkage_alone_judged AS
        WITH both_ways AS (
          SELECT satu AS dari, lain AS ke, bobot FROM linkage_alone_pairs WHERE NOT nomor_beda
          UNION ALL SELECT lain, satu, bobot FROM linkage_alone_pairs WHERE NOT nomor_beda
        ), alike AS (
          SELECT b.dari, b.ke FROM both_ways b
          JOIN linkage_sides d ON d.kunci = b.dari JOIN linkage_sides k ON k.kunci = b.ke
          LEFT JOIN linkage_outside_verdict v ON v.satu = b.dari AND v.lain = b.ke
          WHERE b.bobot >= {review} AND NOT list_has_any(d.sumber, k.sumber)
            AND v.putusan IS DISTINCT FROM 'beda'
          UNION SELECT satu, lain FROM linkage_outside_verdict WHERE putusan = 'sama'
        ), ends AS (
          SELECT satu, lain, satu AS dari, lain AS ke FROM linkage_alone_pairs
          UNION ALL SELECT satu, lain, lain, satu FROM linkage_alone_pairs
        ), rivals AS (
          SELECT e.satu, e.lain, max(g.bobot) AS bobot_saingan,
            max_by(g.ke, (g.bobot, g.ke)) AS saingan
          FROM ends e JOIN both_ways g ON g.dari = e.dari AND g.ke <> e.ke
          ANTI JOIN alike y ON y.dari = e.ke AND y.ke = g.ke
          ANTI JOIN (SELECT * FROM linkage_outside_verdict WHERE putusan = 'beda') v
            ON v.satu = g.dari AND v.lain = g.ke
          GROUP BY e.satu, e.lain
        )
        SELECT p.*, v.bobot_saingan, v.saingan, d.putusan, h.nomor,
          list_has_any(s.sumber, l.sumber) AS sesumber
        FROM linkage_alone_pairs p
        JOIN linkage_sides s ON s.kunci = p.satu JOIN linkage_sides l ON l.kunci = p.lain
        LEFT JOIN rivals v USING (satu, lain)
        LEFT JOIN linkage_outside_verdict d USING (satu, lain)
        LEFT JOIN linkage_outside_heard h USING (satu, lain);
        DROP TABLE linkage_alone_pairs; DROP TABLE linkage_alone_scored
        """  # noqa: S608 - own names and numbers
    )


def _joined(
    connection: duckdb.DuckDBPyConnection, thresholds: Thresholds
) -> tuple[Joining, frozenset[tuple[str, str]]]:
    """Put together what people call one, the newest word first, then sure pairs, the likeliest.

    Returns also the pairs that would bring together what must stay apart.
    """
    said = connection.execute(
        """
        SELECT satu, lain, putusan FROM linkage_outside_verdict
        WHERE satu < lain AND satu IN (SELECT kunci FROM linkage_sides)
          AND lain IN (SELECT kunci FROM linkage_sides) ORDER BY nomor DESC, satu, lain
        """
    ).fetchall()
    sides = _sides(connection, least=bits(thresholds.sure))
    apart = [(one, other) for one, other, verdict in said if verdict == "beda"]
    joining = Joining(sides, apart=apart)
    refused = {
        (one, other)
        for one, other, verdict in said
        if verdict == "sama" and not joining.offer(one, other, BY_DECISION)
    }
    settled = {(one, other) for one, other, verdict in said if verdict in {"sama", "beda"}}
    reader = connection.sql(
        f"""
        SELECT satu, lain, bobot, bobot_saingan, bentuk, bentuk_lain, sesumber, nomor_beda,
          {LEVEL}nama
        FROM linkage_alone_judged WHERE bobot >= {bits(thresholds.sure)}
        ORDER BY bobot DESC, satu, lain
        """  # noqa: S608 - own number
    ).to_arrow_reader(_BATCH)
    for batch in reader:
        for row in batch.to_pylist():
            pair = (row["satu"], row["lain"])
            if pair in settled or _judged(row, thresholds)[0] != "pasti":
                continue
            if not joining.offer(*pair, BY_SIMILARITY):
                refused.add(pair)
    return joining, frozenset(refused)


def _sides(connection: duckdb.DuckDBPyConnection, *, least: float) -> dict[str, Side]:
    reader = connection.sql(
        f"""
        SELECT kunci, npwp, nib, sumber FROM linkage_sides SEMI JOIN (
          SELECT satu AS kunci FROM linkage_alone_judged WHERE bobot >= {least}
          UNION SELECT lain FROM linkage_alone_judged WHERE bobot >= {least}
          UNION SELECT satu FROM linkage_outside_verdict
        ) USING (kunci)
        """  # noqa: S608 - own number
    ).to_arrow_reader(_BATCH)
    return {
        row["kunci"]: Side(
            npwp=frozenset(row["npwp"]),
            nib=frozenset(row["nib"]),
            agencies=frozenset(row["sumber"]),
        )
        for batch in reader
        for row in batch.to_pylist()
    }


def _to_show(
    connection: duckdb.DuckDBPyConnection, *, review: float, sure: float, margin: float
) -> Iterator[dict[str, Any]]:
    """Yield sure pairs, questions and what people decided about.

    Two rows of one agency are asked about only where another agency's would be joined.
    """
    side = """{{'sumber': {o}.sumber, 'id_sumber': {o}.id_sumber, 'nama': {o}.nama,
      'alamat': {o}.alamat, 'kode_wilayah': {o}.kode_wilayah, 'kbli': {o}.kbli,
      'npwp': {o}.npwp16, 'nib': {o}.nib, 'telepon': {f}.telepon, 'bentuk': {f}.bentuk,
      'jumlah_tk': {o}.jumlah_tk, 'tgl_data': {o}.tgl_data::VARCHAR}}"""
    reader = connection.sql(
        f"""
        WITH shown AS (
          SELECT * FROM linkage_alone_judged
          WHERE (bobot >= CASE WHEN sesumber THEN {sure} ELSE {review} END
              AND (bobot_saingan IS NULL OR bobot_saingan - bobot < {margin}))
            OR putusan IS NOT NULL
        ), records AS (
          SELECT kunci, array_agg(DISTINCT {{'sumber': sumber, 'id_sumber': id_sumber}}
            ORDER BY {{'sumber': sumber, 'id_sumber': id_sumber}}) AS catatan
          FROM linkage_outside
          SEMI JOIN (SELECT satu AS kunci FROM shown UNION SELECT lain FROM shown) USING (kunci)
          GROUP BY kunci
        )
        SELECT s.*, rs.catatan, rl.catatan AS catatan_lain,
          {side.format(o="o", f="fo")} AS luar, {side.format(o="l", f="fl")} AS sini,
          coalesce(k.cabang, '') AS kantor
        FROM shown s
        JOIN linkage_outside o ON o.id = s.id_satu JOIN linkage_outside l ON l.id = s.id_lain
        JOIN {_FEATURES} fo ON fo.id = s.id_satu JOIN {_FEATURES} fl ON fl.id = s.id_lain
        JOIN records rs ON rs.kunci = s.satu JOIN records rl ON rl.kunci = s.lain
        LEFT JOIN linkage_offices k ON k.kode_wilayah = o.kode_wilayah
        ORDER BY s.satu, s.lain
        """  # noqa: S608 - own names and numbers
    ).to_arrow_reader(_BATCH)
    for batch in reader:
        yield from batch.to_pylist()


def _judged(row: dict[str, Any], thresholds: Thresholds) -> tuple[Any, Any]:
    return outside_band(
        JudgedOutside(
            weight=row["bobot"],
            rival=row["bobot_saingan"],
            name=_NAMES[row[f"{LEVEL}nama"]],
            form=row["bentuk"],
            other_form=row["bentuk_lain"],
            same_agency=row["sesumber"],
            numbers_differ=row["nomor_beda"],
        ),
        thresholds,
    )


def _pair(
    row: dict[str, Any],
    model: Model,
    thresholds: Thresholds,
    *,
    refused: frozenset[tuple[str, str]],
) -> Pair:
    judged, why = _judged(row, thresholds)
    if (row["satu"], row["lain"]) in refused:
        judged, why = "tinjau", "rantai"
    mine, its = (
        tuple((one["sumber"], one["id_sumber"]) for one in row[name])
        for name in ("catatan", "catatan_lain")
    )
    return Pair(
        kind=OUTSIDE,
        kunci=row["satu"],
        npp="",
        member=row["lain"],
        records=(*mine, *its),
        other_records=its,
        exact="",
        band=judged,
        why=why,
        weight=row["bobot"],
        parts=parts(row, model),
        outside=stated(row["luar"]),
        registered=stated(row["sini"]),
        office=row["kantor"],
        rival_npp="",
        said=row["putusan"] or "",
        heard=row["nomor"] or 0,
    )
