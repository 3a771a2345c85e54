"""Finds pairs of employers in a snapshot: known pairs to learn from, candidates, bands."""

from collections.abc import Iterable, Iterator
from math import log2
from typing import Any, Final

import duckdb

from app.linkage import splink_engine
from app.linkage.bands import Judged, Thresholds, band, bits
from app.linkage.employers import EMPLOYERS
from app.linkage.features import count_names, featured
from app.linkage.links import Said, hear
from app.linkage.model import Model, believed
from app.linkage.namesakes import doubt
from app.linkage.pairs import Found, Pair, level_of, one_row, parts, stated, weight_sql
from app.linkage.splink_engine import LEVEL
from app.registry.matching import BY_NAME, BY_NIB, BY_NPWP, BY_SHARED_NAME

_TRAINING_ROWS: Final = 20_000
_BATCH: Final = 10_000
_OUTSIDE: Final = "linkage_outside_features"
_REGISTERED: Final = "linkage_registered_features"


def find_pairs(
    connection: duckdb.DuckDBPyConnection,
    *,
    thresholds: Thresholds,
    said: Iterable[Said],
    model: Model | None = None,
) -> Found:
    """Return the pairs that are sure or to be reviewed, and those that exact rules raised.

    The connection has the tables `linkage_records` (baris, kunci, sumber, id_sumber, nama, npwp16,
    nib, alamat, kode_wilayah, kbli, jumlah_tk, tgl_data), `linkage_registered` (npp, divisi, grup,
    nama, bentuk, npwp16, nib, alamat, kode_wilayah, kbli, status, kantor_cabang) and
    `linkage_exact` (kunci, npp, metode, mirip_npp). Without a `model` one is trained.
    """
    _number_rows(connection)
    hear(connection, said)
    featured(connection, source="linkage_outside", table=_OUTSIDE)
    featured(connection, source="linkage_registered", table=_REGISTERED)
    count_names(connection, tables=(_OUTSIDE, _REGISTERED))
    doubt(connection, outside=_OUTSIDE, registered=_REGISTERED)
    (registered,) = one_row(connection, "SELECT count(DISTINCT npp) FROM linkage_registered")
    (candidates,) = one_row(
        connection, "SELECT count(DISTINCT kunci) FROM linkage_outside WHERE NOT bernomor"
    )
    used = model or _learned(
        connection, believed(EMPLOYERS, registered=registered, share=float(thresholds.share))
    )
    prior = log2(used.prior / (1 - used.prior))
    connection.execute(
        f"CREATE TABLE linkage_unlinked AS SELECT f.* FROM {_OUTSIDE} f"  # noqa: S608
        " JOIN linkage_outside o USING (id) WHERE NOT o.bernomor"
    )
    splink_engine.score(
        connection,
        used,
        outside="linkage_unlinked",
        registered=_REGISTERED,
        # A rival a little below the threshold still speaks against the best.
        least=bits(thresholds.review) - log2(thresholds.rival),
        into="linkage_scored",
    )
    rows = _best(
        connection,
        used,
        prior=prior,
        least=bits(thresholds.review),
        margin=log2(thresholds.rival),
    )
    return Found(
        model=used, pairs=(_pair(row, used, thresholds) for row in rows), candidates=candidates
    )


def _number_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every row an id that depends on nothing but what the row says."""
    numbers = f"'{BY_NPWP}', '{BY_NIB}'"
    connection.execute(
        f"""
        CREATE TABLE linkage_outside AS
        SELECT row_number() OVER (ORDER BY r.sumber, r.id_sumber, r.baris) AS id, r.*,
          '' AS bentuk, x.npp AS npp_eksak, x.metode, x.mirip_npp,
          coalesce(x.metode IN ({numbers}), false) AS bernomor
        FROM linkage_records r LEFT JOIN linkage_exact x USING (kunci);
        CREATE OR REPLACE TABLE linkage_registered AS
        SELECT row_number() OVER (ORDER BY npp, divisi) AS id, * FROM linkage_registered
        """  # noqa: S608 - own constants
    )


def _learned(connection: duckdb.DuckDBPyConnection, belief: Model) -> Model:
    """Train on employers that a number links: they are one, whatever their names look like."""
    connection.execute(
        f"""
        CREATE TABLE linkage_known AS
        SELECT f.* FROM {_OUTSIDE} f JOIN linkage_outside o USING (id) WHERE o.bernomor
        ORDER BY md5(o.kunci), f.id LIMIT {_TRAINING_ROWS};
        CREATE TABLE linkage_sample AS
        SELECT f.* FROM {_REGISTERED} f JOIN linkage_registered r USING (id)
        ORDER BY r.npp NOT IN (
          SELECT o.npp_eksak FROM linkage_known k JOIN linkage_outside o USING (id)
        ), md5(r.npp), f.id LIMIT {_TRAINING_ROWS}
        """  # noqa: S608 - own constants
    )
    (known,) = one_row(
        connection,
        "SELECT count(*) FROM linkage_known k WHERE EXISTS (SELECT 1 FROM linkage_sample s WHERE "
        "(k.npwp16 <> '' AND s.npwp16 = k.npwp16) OR (k.nib <> '' AND s.nib = k.nib))",
    )
    made = splink_engine.learned(
        connection, belief, outside="linkage_known", registered="linkage_sample", known=known
    )
    connection.execute("DROP TABLE linkage_known; DROP TABLE linkage_sample")
    return made


def _best(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    *,
    prior: float,
    least: float,
    margin: float,
) -> Iterator[dict[str, Any]]:
    """Yield for each pair of employers its likeliest pair of records, and the likeliest rival.

    Whom a person has called different is nobody's rival. One far behind its rival is left out. A
    pair that an exact rule or a person raised stands here whatever it weighs.
    """
    weights = " + ".join(weight_sql(one, model) for one in EMPLOYERS.comparisons)
    levels = ", ".join(f"s.{LEVEL}{one.name}" for one in EMPLOYERS.comparisons)
    reader = connection.sql(
        f"""
            WITH weighed AS (
              SELECT s.*, round({prior} + {weights}, 4) AS bobot FROM linkage_scored s
            ), employers AS (
              SELECT s.*, o.kunci, r.npp, r.grup, o.npp_eksak, o.metode, o.mirip_npp, o.kembaran,
                row_number() OVER (
                  PARTITION BY o.kunci, r.npp ORDER BY s.bobot DESC, o.tgl_data DESC, s.id_l, s.id_r
                ) AS nomor_urut
              FROM weighed s JOIN linkage_outside o ON o.id = s.id_l
              JOIN linkage_registered r ON r.id = s.id_r
            ), pairs AS (SELECT * FROM employers WHERE nomor_urut = 1),
            groups AS (
              SELECT kunci, grup, max(bobot) AS bobot, max_by(npp, (bobot, npp)) AS npp
              FROM pairs
              ANTI JOIN (SELECT * FROM linkage_verdict WHERE putusan = 'beda') USING (kunci, npp)
              GROUP BY kunci, grup
            ), rivals AS (
              SELECT p.kunci, p.npp, max(g.bobot) AS bobot_saingan,
                max_by(g.npp, g.bobot) AS saingan
              FROM pairs p JOIN groups g ON g.kunci = p.kunci AND g.grup <> p.grup
              GROUP BY p.kunci, p.npp
            ), numbers AS (
              SELECT kunci, array_agg(DISTINCT npwp16) FILTER (npwp16 IS NOT NULL) AS npwp,
                array_agg(DISTINCT nib) FILTER (nib IS NOT NULL) AS nib,
                array_agg(DISTINCT {{'sumber': sumber, 'id_sumber': id_sumber}}
                  ORDER BY {{'sumber': sumber, 'id_sumber': id_sumber}}) AS catatan
              FROM linkage_outside GROUP BY kunci
            )
            SELECT s.kunci, s.npp, s.bobot, {levels}, v.bobot_saingan, v.saingan, n.catatan,
              CASE WHEN s.npp = s.npp_eksak THEN s.metode ELSE '' END AS eksak,
              coalesce(r.npwp16 IS NOT NULL AND n.npwp IS NOT NULL
                AND NOT list_contains(n.npwp, r.npwp16), false)
              OR coalesce(r.nib IS NOT NULL AND n.nib IS NOT NULL
                AND NOT list_contains(n.nib, r.nib), false) AS nomor_beda,
              o.kode_wilayah = r.kode_wilayah AS sewilayah,
              coalesce(s.npp = s.kembaran, false) AS kembaran, fo.bentuk, fr.bentuk AS bentuk_sini,
              {{'sumber': o.sumber, 'id_sumber': o.id_sumber, 'nama': o.nama, 'alamat': o.alamat,
                'kode_wilayah': o.kode_wilayah, 'kbli': o.kbli, 'npwp': o.npwp16, 'nib': o.nib,
                'telepon': fo.telepon, 'bentuk': fo.bentuk, 'jumlah_tk': o.jumlah_tk,
                'tgl_data': o.tgl_data::VARCHAR}} AS luar,
              {{'npp': r.npp, 'divisi': r.divisi, 'nama': r.nama, 'alamat': r.alamat,
                'kode_wilayah': r.kode_wilayah, 'kbli': r.kbli, 'npwp': r.npwp16, 'nib': r.nib,
                'telepon': fr.telepon, 'bentuk': fr.bentuk, 'status': r.status}} AS sini,
              coalesce(r.kantor_cabang, '') AS kantor, coalesce(d.putusan, '') AS putusan,
              coalesce(h.nomor, 0) AS nomor
            FROM pairs s
            JOIN linkage_outside o ON o.id = s.id_l JOIN linkage_registered r ON r.id = s.id_r
            JOIN {_OUTSIDE} fo ON fo.id = s.id_l JOIN {_REGISTERED} fr ON fr.id = s.id_r
            JOIN numbers n ON n.kunci = s.kunci
            LEFT JOIN rivals v ON v.kunci = s.kunci AND v.npp = s.npp
            LEFT JOIN linkage_verdict d ON d.kunci = s.kunci AND d.npp = s.npp
            LEFT JOIN linkage_heard h ON h.kunci = s.kunci AND h.npp = s.npp
            WHERE (s.bobot >= {least}
                AND (v.bobot_saingan IS NULL OR v.bobot_saingan - s.bobot < {margin}))
              OR s.npp = s.npp_eksak OR s.npp = s.mirip_npp OR d.npp IS NOT NULL
            ORDER BY s.kunci, s.npp
            """  # noqa: S608 - own constants and numbers
    ).to_arrow_reader(_BATCH)
    for batch in reader:
        yield from batch.to_pylist()


def _pair(row: dict[str, Any], model: Model, thresholds: Thresholds) -> Pair:
    exact, told = row["eksak"], parts(row, model)
    judged, why = band(
        Judged(
            weight=row["bobot"],
            rival=row["bobot_saingan"],
            name=level_of("nama", told),
            numbers_differ=row["nomor_beda"],
            same_regency=row["sewilayah"],
            form=row["bentuk"],
            form_here=row["bentuk_sini"],
        ),
        thresholds,
    )
    if exact == BY_SHARED_NAME and judged == "pasti":
        judged, why = "tinjau", "saingan"
    if exact == BY_NAME:
        judged, why = "pasti", ""
    if row["kembaran"] and why == "peluang":
        why = "alamat"
    return Pair(
        kind=EMPLOYERS.name,
        member="",
        kunci=row["kunci"],
        npp=row["npp"],
        records=tuple((one["sumber"], one["id_sumber"]) for one in row["catatan"]),
        exact=exact,
        band=judged,
        why=why,
        weight=row["bobot"],
        parts=told,
        outside=stated(row["luar"]),
        registered=stated(row["sini"]),
        office=row["kantor"],
        said=row["putusan"],
        heard=row["nomor"],
        rival_npp=row["saingan"] or "" if why == "saingan" else "",
    )
