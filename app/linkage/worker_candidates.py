"""Finds pairs of an outside worker whose NIK nobody has here and a member it may be."""

from collections.abc import Iterable, Iterator
from math import log2
from typing import Any, Final

import duckdb

from app.linkage import splink_engine
from app.linkage.bands import JudgedWorker, Thresholds, bits, worker_band
from app.linkage.model import Model, believed
from app.linkage.pairs import Found, Pair, one_row, parts, stated, weight_sql
from app.linkage.splink_engine import LEVEL
from app.linkage.worker_features import count_names, featured, keyed, meeting
from app.linkage.worker_links import SaidOfWorker, hear
from app.linkage.workers import SOMEBODY_ELSE, WORKERS

_TRAINING_ROWS: Final = 20_000
# So many times as many are looked at: among them are as many different ones as are wanted.
_AMPLE: Final = 4
_BATCH: Final = 10_000
# Where a registered person may meet an outside one at all, over what SQL can tell without taking
# names apart: no wider than the blocks of the model, and never the whole registry.
_MEETS: Final = (
    ("grup", "tahun"),
    ("grup", "pangkal"),
    ("grup", "ujung"),
    ("grup", "tepi"),
    ("pangkal",),
    ("lahir", "kata"),
    ("tepi", "kata"),
)


def find_worker_pairs(
    connection: duckdb.DuckDBPyConnection,
    *,
    thresholds: Thresholds,
    said: Iterable[SaidOfWorker],
    model: Model | None = None,
) -> Found:
    """Return the pairs of workers that are sure or to be reviewed.

    The connection has the tables `linkage_listed` (baris, sumber, id_sumber, nik, nama, tgl_lahir,
    tgl_mulai, tgl_data, npp, grup, dikenal: whether a member has this NIK) and `linkage_members`
    (one row per grup and nik: npp, divisi, kpj, nama, tgl_lahir, tgl_mulai, tgl_akhir, kantor,
    pemberi_kerja). Without a `model` one is trained.
    """
    _number_rows(connection)
    (members,) = one_row(connection, "SELECT count(DISTINCT nik) FROM linkage_members")
    (candidates,) = one_row(connection, "SELECT count(DISTINCT nik) FROM linkage_strangers")
    _narrow(connection)
    hear(connection, said)
    tables = ["linkage_met_features", "linkage_stranger_features"]
    featured(connection, source="linkage_met", table=tables[0])
    featured(connection, source="linkage_strangers_keyed", table=tables[1])
    count_names(connection, tables=tuple(tables))
    used = model or _learned(
        connection, believed(WORKERS, registered=members, share=float(thresholds.share))
    )
    splink_engine.score(
        connection,
        used,
        outside=tables[1],
        registered=tables[0],
        # A rival a little below the threshold still speaks against the best.
        least=bits(thresholds.review) - log2(thresholds.rival),
        into="linkage_workers_scored",
    )
    rows = _best(connection, used, least=bits(thresholds.review), margin=log2(thresholds.rival))
    return Found(
        model=used, pairs=(_pair(row, used, thresholds) for row in rows), candidates=candidates
    )


def _number_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every outside row an id that depends on nothing but what the row says."""
    connection.execute(
        """
        CREATE TABLE linkage_strangers AS
        SELECT row_number() OVER (ORDER BY sumber, id_sumber, nik) AS id, * FROM (
          SELECT DISTINCT ON (sumber, id_sumber, nik) * EXCLUDE (dikenal) FROM linkage_listed
          WHERE NOT dikenal ORDER BY sumber, id_sumber, nik, tgl_data DESC, baris
        )
        """
    )
    keyed(connection, source="linkage_strangers", table="linkage_strangers_keyed")


def _narrow(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep of the registry only whom a stranger may meet: a name costs far more than a join.

    The registry is held as numbers alone until it is known who is met: tens of millions of people
    with all that they are would go to the disk and back.
    """
    for source, table in (
        ("linkage_members", "linkage_people_met_by"),
        ("linkage_strangers", "linkage_strangers_met_by"),
    ):
        meeting(connection, source=source, table=table)
    met = " UNION ".join(
        "SELECT grup, nomor FROM linkage_people_met_by "  # noqa: S608 - own names
        f"SEMI JOIN linkage_strangers_met_by USING ({', '.join(one)})"
        for one in _MEETS
    )
    connection.execute(
        f"""
        CREATE TABLE linkage_met_rows AS
        SELECT row_number() OVER (ORDER BY m.grup, m.nik) AS id, m.*
        FROM linkage_members m
        JOIN ({met}) met ON met.grup = m.grup AND met.nomor = CAST(m.nik AS BIGINT);
        DROP TABLE linkage_people_met_by
        """  # noqa: S608 - own names
    )
    keyed(connection, source="linkage_met_rows", table="linkage_met")


def _learned(connection: duckdb.DuckDBPyConnection, belief: Model) -> Model:
    """Train on people whose NIK a list and the registry share, whatever else differs."""
    connection.execute(
        "CREATE VIEW linkage_known_here AS SELECT * FROM linkage_listed WHERE dikenal"
    )
    _choose(
        connection,
        "linkage_known_here",
        "sumber",
        "id_sumber",
        "nik",
        by="nik || sumber || id_sumber",
        into="linkage_known_keys",
    )
    _choose(connection, "linkage_members", "nik", "grup", by="nik", into="linkage_sample_keys")
    connection.execute(
        f"""
        CREATE TABLE linkage_known_rows AS
        SELECT row_number() OVER (ORDER BY sumber, id_sumber, nik) AS id, * FROM (
          SELECT DISTINCT ON (sumber, id_sumber, nik) l.* FROM linkage_listed l
          SEMI JOIN linkage_known_keys USING (sumber, id_sumber, nik)
          ORDER BY sumber, id_sumber, nik, tgl_data DESC, baris
        );
        CREATE TABLE linkage_sample_rows AS
        SELECT row_number() OVER (ORDER BY grup, nik) AS id, * FROM (
          SELECT m.* FROM linkage_members m SEMI JOIN (
            SELECT nik, grup FROM linkage_sample_keys
            UNION SELECT m.nik, m.grup FROM linkage_members m
            SEMI JOIN linkage_known_rows USING (nik)
          ) chosen USING (nik, grup)
          ORDER BY m.nik NOT IN (SELECT nik FROM linkage_known_rows), md5(m.nik), m.grup
          LIMIT {_TRAINING_ROWS}
        );
        DROP TABLE linkage_known_keys; DROP TABLE linkage_sample_keys
        """  # noqa: S608 - own numbers
    )
    for name in ("known", "sample"):
        keyed(connection, source=f"linkage_{name}_rows", table=f"linkage_{name}_keyed")
        featured(connection, source=f"linkage_{name}_keyed", table=f"linkage_{name}_people")
    count_names(connection, tables=("linkage_sample_people", "linkage_known_people"))
    (known,) = one_row(
        connection,
        "SELECT count(*) FROM linkage_known_people k JOIN linkage_sample_people s USING (nik)",
    )
    return splink_engine.learned(
        connection,
        belief,
        outside="linkage_known_people",
        registered="linkage_sample_people",
        known=known,
    )


def _choose(
    connection: duckdb.DuckDBPyConnection, source: str, *columns: str, by: str, into: str
) -> None:
    """Fill `into` with the `columns` of `source` whose hash of `by` is lowest, to be trained on.

    Who has no low hash is passed over at once: telling which of tens of millions are the same, or
    putting them in order, would take them to the disk and back.
    """
    key, hashed = ", ".join(columns), f"md5({by})"
    (there,) = one_row(connection, f"SELECT count(*) FROM {source}")  # noqa: S608 - own name
    share = _AMPLE * _TRAINING_ROWS / max(int(there), 1)
    # "g" comes after all that a hash is written with.
    for bound in (f"{int(share * 16**8):08x}", "g") if share < 1 else ("g",):
        connection.execute(
            f"CREATE OR REPLACE TABLE {into} AS SELECT DISTINCT {key} FROM {source} "  # noqa: S608
            f"WHERE {hashed} < '{bound}' ORDER BY {hashed}, {key} LIMIT {_TRAINING_ROWS}"
        )
        (chosen,) = one_row(connection, f"SELECT count(*) FROM {into}")  # noqa: S608 - own name
        if int(chosen) == _TRAINING_ROWS:
            return


def _best(
    connection: duckdb.DuckDBPyConnection, model: Model, *, least: float, margin: float
) -> Iterator[dict[str, Any]]:
    """Yield for each outside NIK and each member its likeliest comparison, and the best rival.

    Whom a person has called different is nobody's rival. One far behind its rival is left out. A
    pair that a person raised stands here whatever it weighs, as long as it is compared at all.
    """
    prior = log2(model.prior / (1 - model.prior))
    weights = " + ".join(weight_sql(one, model) for one in WORKERS.comparisons)
    levels = ", ".join(f"s.{LEVEL}{one.name}" for one in WORKERS.comparisons)
    reader = connection.sql(
        f"""
            WITH weighed AS (
              SELECT s.*, round(CAST({prior} + {weights} AS DOUBLE), 4) AS bobot
              FROM linkage_workers_scored s WHERE NOT ({SOMEBODY_ELSE})
            ), people AS (
              SELECT s.*, o.nik, o.grup, r.nik AS nik_sini, r.grup AS grup_sini,
                row_number() OVER (
                  PARTITION BY o.nik, r.nik
                  ORDER BY o.grup = r.grup DESC, s.bobot DESC, o.tgl_data DESC, s.id_l, s.id_r
                ) AS nomor_urut,
                bool_or(EXISTS (
                  SELECT 1 FROM linkage_listed n
                  WHERE n.dikenal AND n.sumber = o.sumber AND n.id_sumber = o.id_sumber
                    AND n.nik = r.nik
                )) OVER (PARTITION BY o.nik, r.nik) AS disebut
              FROM weighed s JOIN linkage_strangers o ON o.id = s.id_l
              JOIN linkage_met r ON r.id = s.id_r
            ), pairs AS (SELECT * FROM people WHERE nomor_urut = 1),
            rivals AS (
              SELECT p.nik, p.nik_sini, max(g.bobot) AS bobot_saingan,
                max_by(g.id_r, (g.bobot, g.nik_sini)) AS saingan
              FROM pairs p JOIN pairs g ON g.nik = p.nik AND g.nik_sini <> p.nik_sini
              ANTI JOIN (SELECT * FROM linkage_worker_verdict WHERE putusan = 'beda') d
                ON d.nik = g.nik AND d.nik_sini = g.nik_sini
              GROUP BY p.nik, p.nik_sini
            ), lists AS (
              SELECT nik, array_agg(DISTINCT {{'sumber': sumber, 'id_sumber': id_sumber}}
                ORDER BY {{'sumber': sumber, 'id_sumber': id_sumber}}) AS catatan
              FROM linkage_strangers GROUP BY nik
            )
            SELECT s.nik, s.nik_sini, r.npp, s.bobot, {levels}, v.bobot_saingan, n.catatan,
              rr.npp AS saingan, s.grup = s.grup_sini AS setempat, s.disebut,
              o.perempuan = r.perempuan AS sejenis, o.pangkal = r.pangkal AS hanya_urut,
              {{'sumber': o.sumber, 'id_sumber': o.id_sumber, 'nik': o.nik, 'nama': o.nama,
                'tgl_lahir': o.tgl_lahir::VARCHAR, 'tgl_mulai': o.tgl_mulai::VARCHAR,
                'npp': o.npp, 'tgl_data': o.tgl_data::VARCHAR}} AS luar,
              {{'npp': r.npp, 'divisi': r.divisi, 'kpj': r.kpj, 'nik': r.nik, 'nama': r.nama,
                'tgl_lahir': r.tgl_lahir::VARCHAR, 'tgl_mulai': r.tgl_mulai::VARCHAR,
                'tgl_akhir': r.tgl_akhir::VARCHAR, 'pemberi_kerja': r.pemberi_kerja}} AS sini,
              coalesce(r.kantor, '') AS kantor
            FROM pairs s
            JOIN linkage_strangers_keyed o ON o.id = s.id_l JOIN linkage_met r ON r.id = s.id_r
            JOIN lists n ON n.nik = s.nik
            LEFT JOIN rivals v ON v.nik = s.nik AND v.nik_sini = s.nik_sini
            LEFT JOIN linkage_met rr ON rr.id = v.saingan
            LEFT JOIN linkage_worker_verdict d ON d.nik = s.nik AND d.nik_sini = s.nik_sini
            WHERE (s.bobot >= {least}
                AND (v.bobot_saingan IS NULL OR v.bobot_saingan - s.bobot < {margin}))
              OR d.nik IS NOT NULL
            ORDER BY s.nik, s.nik_sini
            """  # noqa: S608 - own constants and numbers
    ).to_arrow_reader(_BATCH)
    for batch in reader:
        yield from batch.to_pylist()


def _pair(row: dict[str, Any], model: Model, thresholds: Thresholds) -> Pair:
    compared = parts(row, model)
    level = {one.comparison: one.level for one in compared}
    judged, why = worker_band(
        JudgedWorker(
            weight=row["bobot"],
            rival=row["bobot_saingan"],
            nik=level["nik"],
            name=level["nama"],
            same_employer=row["setempat"],
            named=row["disebut"],
            same_sex=row["sejenis"],
            serial_only=row["hanya_urut"],
        ),
        thresholds,
    )
    return Pair(
        kind=WORKERS.name,
        kunci=f"nik:{row['nik']}",
        npp=row["npp"],
        member=row["nik_sini"],
        records=tuple((one["sumber"], one["id_sumber"]) for one in row["catatan"]),
        exact="",
        band=judged,
        why=why,
        weight=row["bobot"],
        parts=compared,
        outside=stated(row["luar"]),
        registered=stated(row["sini"]),
        office=row["kantor"],
        rival_npp=row["saingan"] or "" if why == "saingan" else "",
    )
