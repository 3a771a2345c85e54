"""The six rules in PostgreSQL, where the cases are: the extracts are loaded, then asked in place.

Loading is part of it: unlogged tables by COPY, statistics, and what indexes the questions use.
"""

import os
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import psycopg
import pyarrow as pa

from app.infra import embedded
from bench.national.contract import (
    CEILING,
    FLAGS,
    FORMS,
    FRESH,
    MONTH,
    NOT_THE_NAME,
    WORKERS,
    Found,
    due_months,
)
from bench.national.extracts import ON

JKK: Final = "CASE kelas_jkk WHEN 1 THEN 24 WHEN 2 THEN 54 WHEN 3 THEN 89 WHEN 4 THEN 127 WHEN 5 THEN 174 ELSE 24 END"
SETTINGS: Final = (
    "SET work_mem = '512MB'",
    "SET hash_mem_multiplier = 2",
    "SET maintenance_work_mem = '512MB'",
    "SET max_parallel_workers_per_gather = 2",
    "SET synchronous_commit = off",
    "SET jit = off",
    "SET statement_timeout = 0",
)
_KINDS: Final = {"TINYINT": "smallint", "INTEGER": "integer", "BIGINT": "bigint", "DATE": "date"}
_PIECE: Final = 1 << 20


def sweep(tables: Mapping[str, Path], *, place: Path) -> Found:
    started = time.perf_counter()
    # Root's server runs as another user: its folder must not lie where only root may look.
    folder = Path(tempfile.mkdtemp(prefix="patuh-bench-", dir=place))
    folder.chmod(0o755)
    connection = psycopg.connect(embedded.start(folder), autocommit=True)
    set_up = time.perf_counter() - started
    with _watched(folder) as watch:
        for setting in SETTINGS:
            connection.execute(setting.encode())
        for table, path in tables.items():
            _load(connection, table, path)
        months = [
            row[0] for row in connection.execute("SELECT DISTINCT blth FROM tagihan").fetchall()
        ]
        values = {
            "on": f"DATE '{ON}'",
            "fresh": f"DATE '{FRESH}'",
            "month": str(MONTH),
            "due": ", ".join(map(str, due_months(months))),
        }
        for statement in STATEMENTS:
            connection.execute(statement.format(**values).encode())
        (named,) = connection.execute("SELECT count(*) FROM pekerja_disebut").fetchone() or (0,)
    return Found(
        flags=lambda: _rows(connection, "SELECT * FROM temuan", FLAGS),
        workers=lambda: _rows(connection, "SELECT * FROM pekerja_disebut", WORKERS),
        named=named,
        cpu_elsewhere=lambda: watch["cpu"],
        mb_elsewhere=lambda: int(watch["mb"]),
        set_up=lambda: set_up,
    )


def _load(connection: psycopg.Connection, table: str, path: Path) -> None:
    source = duckdb.connect()
    relation = source.read_parquet(str(path))
    columns = ", ".join(
        f"{name} {_KINDS.get(str(kind), 'text')}"
        for name, kind in zip(relation.columns, relation.types, strict=True)
    )
    connection.execute(f"CREATE UNLOGGED TABLE {table} ({columns})".encode())
    reading, writing = os.pipe()
    copy = f"COPY ({relation.sql_query()}) TO '/dev/fd/{writing}' (FORMAT csv, HEADER false)"

    def write() -> None:
        source.execute(copy)
        os.close(writing)

    thread = threading.Thread(target=write)
    thread.start()
    with (
        os.fdopen(reading, "rb") as pipe,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)".encode()) as sink,
    ):
        while piece := pipe.read(_PIECE):
            sink.write(piece)
    thread.join()
    connection.execute(f"ANALYZE {table}".encode())


def _rows(connection: psycopg.Connection, question: str, schema: pa.Schema) -> pa.Table:
    rows = connection.execute(question.encode()).fetchall()
    columns: list[Any] = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(map(_plain, one)) for one in columns], names=schema.names).cast(
        schema
    )


def _plain(value: object) -> object:
    return value if isinstance(value, str | None) else int(str(value))


@contextmanager
def _watched(folder: Path) -> Iterator[dict[str, float]]:
    """Tell afterwards what the server's processes took: CPU, and memory by shares of pages."""
    main = int(next(folder.rglob("postmaster.pid")).read_text(encoding="ascii").splitlines()[0])
    found: dict[str, float] = {"mb": 0, "cpu": 0}
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.5):
            found["mb"] = max(found["mb"], sum(map(_mb, _tree(main))))

    before, watcher = sum(map(_cpu, _tree(main))), threading.Thread(target=look)
    watcher.start()
    try:
        yield found
    finally:
        found["cpu"] = sum(map(_cpu, _tree(main))) - before
        done.set()
        watcher.join()


def _tree(main: int) -> list[int]:
    children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii").split()
    return [main, *map(int, children)]


def _cpu(process: int) -> float:
    """Return seconds of CPU, those of ended children included."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _mb(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) // 1024


def _regex(pattern: str) -> str:
    return pattern.replace(r"\b", r"\y")


def _name_key(column: str) -> str:
    return f"regexp_replace(upper({column}), '{_regex(NOT_THE_NAME)}', '', 'g')"


def _form(column: str) -> str:
    cases = " ".join(
        f"WHEN upper({column}) ~ '{_regex(pattern)}' THEN '{name}'" for pattern, name in FORMS
    )
    return f"CASE {cases} ELSE '' END"


def _owed(wage: str, *, jkk: str = JKK) -> str:
    return (
        f"({wage}::numeric * ({jkk}) + {wage} * 30"
        f" + CASE WHEN skala IN ('kecil','menengah','besar') THEN {wage} * 570 ELSE 0 END"
        f" + CASE WHEN skala IN ('menengah','besar') THEN least({wage}, {CEILING}) * 300 ELSE 0 END)"
    )


def _months(day: str) -> str:
    return f"greatest(1, least(12, {{month}} - (extract(year FROM {day})::int * 12 + extract(month FROM {day})::int - 1)))"


def _rupiah(points: str) -> str:
    return f"div(({points})::numeric, 10000)"


_NPWP: Final = (
    "CASE length(npwp) WHEN 15 THEN '0' || npwp WHEN 22 THEN left(npwp, 16) ELSE npwp END"
)
_MADE: Final = "CREATE UNLOGGED TABLE"

STATEMENTS: Final = (
    f"""{_MADE} divs AS
      SELECT *, {_NPWP} AS npwp16,
        CASE status WHEN 'aktif' THEN '0' WHEN 'tutup' THEN '2' ELSE '1' END AS ord
      FROM pemberi_kerja""",
    f"""{_MADE} emp AS
      WITH head AS (
        SELECT DISTINCT ON (npp) npp, kode_wilayah, kelas_jkk, skala, kbli
        FROM divs ORDER BY npp, ord, divisi),
      o AS (
        SELECT npp, coalesce(min(npwp16), 'npp:' || npp) AS grup, min(ord) AS ord,
          min(tgl_daftar) AS tgl_daftar,
          max(CASE WHEN status = 'tutup' THEN 0 ELSE
            CASE skala WHEN 'mikro' THEN 1 WHEN 'kecil' THEN 2 WHEN 'menengah' THEN 3
                       WHEN 'besar' THEN 4 ELSE 0 END END) AS rank,
          bool_or(status <> 'tutup' AND program LIKE '%JKK%') AS jkk,
          bool_or(status <> 'tutup' AND program LIKE '%JKM%') AS jkm,
          bool_or(status <> 'tutup' AND program LIKE '%JHT%') AS jht,
          bool_or(status <> 'tutup' AND program ~ '(^|,)JP') AS jp
        FROM divs GROUP BY npp)
      SELECT * FROM o JOIN head USING (npp)""",
    "CREATE UNIQUE INDEX ON emp (npp)",
    "ANALYZE emp",
    f"""{_MADE} rec AS
      WITH r AS MATERIALIZED (
        SELECT sumber, id_sumber, baris, nama, nib, kode_wilayah, jumlah_tk, skala, tgl_data,
          tgl_data >= {{fresh}} AS fresh, {_NPWP} AS npwp16 FROM sumber_pemberi_kerja),
      n AS (SELECT nib, min(npwp16) AS via FROM r WHERE npwp16 IS NOT NULL AND nib IS NOT NULL
            GROUP BY nib),
      w AS (SELECT r.npwp16 AS k, min(via) AS root FROM r JOIN n USING (nib)
            WHERE r.npwp16 IS NOT NULL GROUP BY r.npwp16)
      SELECT r.*, CASE WHEN coalesce(root, npwp16, via) IS NOT NULL
          THEN 'npwp:' || coalesce(root, npwp16, via)
        WHEN nib IS NOT NULL THEN 'nib:' || nib END AS kunci
      FROM r LEFT JOIN n USING (nib) LEFT JOIN w ON k = coalesce(npwp16, via)""",
    f"""{_MADE} named AS
      SELECT *, {_name_key("nama")} AS nk, {_form("nama")} AS fk FROM rec WHERE kunci IS NULL""",
    "ANALYZE rec",
    "ANALYZE named",
    f"""{_MADE} keyed AS
      WITH p AS (SELECT DISTINCT nk, kode_wilayah FROM named),
      k AS MATERIALIZED (
        SELECT kunci, kode_wilayah, {_name_key("nama")} AS nk, nama FROM rec WHERE kunci IS NOT NULL),
      i AS (SELECT nk, kode_wilayah, min(kunci) AS one, max(kunci) AS other, max({_form("nama")}) AS fk2
            FROM k JOIN p USING (nk, kode_wilayah) GROUP BY 1, 2),
      a AS (SELECT nk, kode_wilayah, fk, max(c) AS c FROM
              (SELECT nk, kode_wilayah, fk, sumber, count(*) AS c FROM named GROUP BY 1, 2, 3, 4) s
            GROUP BY 1, 2, 3)
      SELECT * FROM rec WHERE kunci IS NOT NULL
      UNION ALL
      SELECT n.sumber, n.id_sumber, n.baris, n.nama, n.nib, n.kode_wilayah, n.jumlah_tk, n.skala,
        n.tgl_data, n.fresh, n.npwp16,
        CASE WHEN one = other AND (fk2 = fk OR fk2 = '' OR fk = '') THEN one
          WHEN one IS NULL AND c = 1 THEN 'nama:' || kode_wilayah || ':' || fk || ':' || nk
          ELSE 'sumber:' || sumber || ':' || id_sumber END
      FROM named n LEFT JOIN i USING (nk, kode_wilayah) LEFT JOIN a USING (nk, kode_wilayah, fk)""",
    "ANALYZE keyed",
    f"""{_MADE} bynum AS
      WITH e AS (SELECT DISTINCT npp, npwp16, nib, kode_wilayah FROM divs),
      pairs AS (
        SELECT kunci, e.npp, 2 AS w, min((e.kode_wilayah <> k.kode_wilayah)::int) AS far
        FROM keyed k JOIN e USING (npwp16) GROUP BY 1, 2
        UNION ALL
        SELECT kunci, e.npp, 1, min((e.kode_wilayah <> k.kode_wilayah)::int)
        FROM keyed k JOIN e USING (nib) GROUP BY 1, 2),
      s AS (SELECT kunci, npp, sum(w) AS w, min(far) AS far FROM pairs GROUP BY 1, 2)
      SELECT DISTINCT ON (kunci) kunci, npp FROM s JOIN emp USING (npp)
      ORDER BY kunci, ord, 3 - w, far, npp COLLATE "C" """,
    "ANALYZE bynum",
    f"""{_MADE} byname AS
      WITH r AS MATERIALIZED (
        SELECT kunci, npwp16, nib, kode_wilayah, {_name_key("nama")} AS nk, {_form("nama")} AS fk
        FROM keyed k WHERE NOT EXISTS (SELECT 1 FROM bynum b WHERE b.kunci = k.kunci)),
      e AS MATERIALIZED (
        SELECT npp, npwp16 AS npwp2, nib AS nib2, kode_wilayah, {_name_key("nama")} AS nk,
          coalesce(nullif({_form("nama")}, ''), {_form("coalesce(bentuk, '')")}) AS fk2 FROM divs),
      c AS (SELECT kunci, npp, bool_or(coalesce(npwp16 <> npwp2, false) OR coalesce(nib <> nib2, false)
              OR (fk <> '' AND fk2 <> '' AND fk <> fk2)) AS differs
            FROM r JOIN e USING (nk, kode_wilayah) WHERE nk <> '' GROUP BY 1, 2),
      s AS (SELECT kunci, npp, ord, grup FROM c JOIN emp USING (npp) WHERE NOT differs)
      SELECT kunci, (array_agg(npp ORDER BY ord, npp COLLATE "C"))[1] AS npp,
        count(DISTINCT grup) > 1 AS shared FROM s GROUP BY kunci""",
    f"""{_MADE} linked AS
      SELECT k.*, l.npp, shared, e.grup, e.ord, e.tgl_daftar
      FROM keyed k
      LEFT JOIN (SELECT kunci, npp, false AS shared FROM bynum UNION ALL SELECT * FROM byname) l
        USING (kunci)
      LEFT JOIN emp e ON e.npp = l.npp""",
    "ANALYZE linked",
    f"""{_MADE} listed AS
      SELECT s.baris, sumber, id_sumber, nik, nama, tgl_lahir, tgl_mulai, upah, s.tgl_data, l.npp,
        grup, ord
      FROM sumber_pekerja s
      JOIN (SELECT DISTINCT sumber, id_sumber, npp, grup, ord, tgl_daftar FROM linked
            WHERE npp IS NOT NULL AND NOT shared) l USING (sumber, id_sumber)
      WHERE s.tgl_data >= {{fresh}} AND nik IS NOT NULL AND s.tgl_data >= l.tgl_daftar""",
    "ANALYZE listed",
    f"""{_MADE} known AS
      SELECT npp, divisi, nik, tgl_mulai, tgl_akhir, sebab_akhir, upah, grup,
        tgl_akhir IS NULL OR tgl_akhir >= {{on}} AS running
      FROM kepesertaan k JOIN emp USING (npp)
      WHERE EXISTS (SELECT 1 FROM listed l WHERE l.nik = k.nik)""",
    "ANALYZE known",
    f"""{_MADE} people AS
      SELECT nik, bool_or(sebab_akhir IS NOT DISTINCT FROM 'meninggal') AS died,
        bool_or(running) AS active FROM known GROUP BY nik""",
    f"""{_MADE} wage AS
      WITH p AS (SELECT npp, count(*) AS n, sum(upah) AS w FROM kepesertaan
                 WHERE tgl_mulai <= {{on}} AND (tgl_akhir IS NULL OR tgl_akhir >= {{on}}) GROUP BY npp)
      SELECT coalesce(kode_wilayah, province, '') AS place, div(sum(w), sum(n))::bigint AS wage
      FROM (SELECT *, left(kode_wilayah, 2) AS province FROM p JOIN emp USING (npp)) e
      GROUP BY GROUPING SETS ((kode_wilayah), (province), ())""",
    f"""{_MADE} pwbd_rows AS
      WITH closed AS (
        SELECT npp, max(tgl_akhir) AS ended FROM kepesertaan
        WHERE npp IN (SELECT npp FROM emp WHERE ord = '2') GROUP BY npp),
      billed AS (
        SELECT npp, max(blth) AS last FROM tagihan
        WHERE npp IN (SELECT npp FROM emp WHERE ord = '2') GROUP BY npp),
      lists AS (
        SELECT sumber, id_sumber, count(*) AS n, sum(upah) AS w FROM
          (SELECT sumber, id_sumber, nik, max(upah) AS upah FROM sumber_pekerja
           WHERE tgl_data >= {{fresh}} AND nik IS NOT NULL GROUP BY 1, 2, 3) s GROUP BY 1, 2)
      SELECT coalesce('npp:' || l.npp, kunci) AS subject, l.sumber, l.id_sumber, l.tgl_data, l.baris,
        l.kode_wilayah, l.skala, lists.n, lists.w,
        CASE WHEN (ended IS NULL OR l.tgl_data > ended)
              AND (ended IS NOT NULL OR last IS NULL OR extract(year FROM l.tgl_data)::int * 12
                     + extract(month FROM l.tgl_data)::int - 1 > last)
          THEN greatest(coalesce(lists.n, 0), CASE WHEN fresh THEN jumlah_tk ELSE 0 END)
          ELSE 0 END AS workers
      FROM linked l LEFT JOIN closed USING (npp) LEFT JOIN billed ON billed.npp = l.npp
      LEFT JOIN lists USING (sumber, id_sumber)
      WHERE l.npp IS NULL OR l.ord = '2'""",
    f"""{_MADE} pwbd AS
      SELECT subject, max(workers)::bigint AS workers, min(tgl_data) FILTER (WHERE workers > 0) AS since,
        max(n) AS n, max(w) AS w, max(skala) AS skala,
        (array_agg(kode_wilayah ORDER BY workers > 0 DESC, tgl_data DESC, sumber COLLATE "C" DESC,
          id_sumber COLLATE "C" DESC, baris DESC))[1] AS place
      FROM pwbd_rows GROUP BY subject HAVING max(workers) > 0""",
    "ANALYZE pwbd",
    f"""{_MADE} pds_tk_workers AS
      WITH unknown AS MATERIALIZED (
        SELECT * FROM listed l
        WHERE ord <> '2' AND (tgl_mulai IS NULL OR tgl_mulai + 30 < tgl_data)
          AND NOT EXISTS (SELECT 1 FROM known k WHERE k.grup = l.grup AND k.nik = l.nik)
          AND NOT EXISTS (SELECT 1 FROM people p WHERE p.nik = l.nik AND died)),
      damaged AS (
        SELECT DISTINCT grup, nik, nik / 10 AS n15, tgl_lahir, upper(nama) AS nama
        FROM unknown WHERE nik % 10 = 0),
      twins AS (
        SELECT DISTINCT u.grup, u.nik FROM damaged u JOIN emp e ON e.grup = u.grup
        JOIN kepesertaan k ON k.npp = e.npp AND k.nik / 10 = u.n15 AND k.tgl_lahir = u.tgl_lahir
          AND upper(k.nama) = u.nama)
      SELECT npp, nik, max(upah) AS upah, min(tgl_data) AS since FROM unknown u
      WHERE NOT EXISTS (SELECT 1 FROM twins t WHERE t.grup = u.grup AND t.nik = u.nik)
      GROUP BY npp, nik""",
    f"""{_MADE} pds_upah_workers AS
      WITH pay AS (
        SELECT l.baris, l.grup, l.nik, l.upah AS shown, l.tgl_data, l.sumber, l.id_sumber, k.npp,
          k.divisi, max(k.upah) AS upah
        FROM listed l JOIN known k ON k.grup = l.grup AND k.nik = l.nik AND k.running
          AND k.tgl_mulai <= l.tgl_data
        WHERE l.ord <> '2' AND l.upah > 0 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9),
      under AS (
        SELECT nik, shown, tgl_data, min(npp COLLATE "C") AS npp, sum(upah)::bigint AS upah FROM pay
        GROUP BY baris, grup, nik, shown, tgl_data, sumber, id_sumber
        HAVING shown > sum(upah) AND shown * 10 >= sum(upah) * 11)
      SELECT npp, nik, max(shown) AS shown, max(upah) AS upah, min(tgl_data) AS since
      FROM under GROUP BY npp, nik""",
    f"""{_MADE} lapsed_workers AS
      WITH ended AS (
        SELECT grup, nik, max(tgl_akhir) AS last,
          (array_agg(npp ORDER BY tgl_akhir DESC, npp COLLATE "C" DESC))[1] AS npp,
          max(upah) AS here FROM known GROUP BY 1, 2 HAVING NOT bool_or(running))
      SELECT e.npp, l.nik, max(l.upah) AS shown, max(here) AS here, min(l.tgl_data) AS since
      FROM listed l JOIN ended e USING (grup, nik) JOIN people p ON p.nik = l.nik
      WHERE l.tgl_data > last AND NOT died AND NOT active GROUP BY 1, 2""",
    f"""{_MADE} pekerja_disebut AS
      SELECT DISTINCT 'PWBD' AS aturan, subject, nik FROM sumber_pekerja
      JOIN (SELECT DISTINCT sumber, id_sumber, subject FROM pwbd_rows
            WHERE subject IN (SELECT subject FROM pwbd)) s USING (sumber, id_sumber)
      WHERE tgl_data >= {{fresh}} AND nik IS NOT NULL
      UNION ALL SELECT 'PDS_TK', 'npp:' || npp, nik FROM pds_tk_workers
      UNION ALL SELECT 'PDS_UPAH', 'npp:' || npp, nik FROM pds_upah_workers
      UNION ALL SELECT 'LAPSED', 'npp:' || npp, nik FROM lapsed_workers""",
    f"""{_MADE} temuan AS
      WITH e AS (
        SELECT s.*, coalesce(CASE WHEN w > 0 AND n > 0 THEN div(w, n::numeric)::bigint END, here.wage,
          near.wage, allw.wage, 0) AS base
        FROM pwbd s LEFT JOIN wage here USING (place)
        LEFT JOIN wage near ON near.place = left(s.place, 2) LEFT JOIN wage allw ON allw.place = '')
      SELECT 'PWBD' AS aturan, subject, workers AS pekerja,
        {_rupiah(f"workers * {_owed('base', jkk='24')} * {_months('since')}")} AS rupiah,
        0::bigint AS bulan FROM e""",
    f"""INSERT INTO temuan
      WITH heads AS (
        SELECT npp, grup, tgl_data, jumlah_tk FROM linked l
        WHERE npp IS NOT NULL AND NOT shared AND ord <> '2' AND fresh AND tgl_data >= tgl_daftar
          AND jumlah_tk > 0 AND NOT EXISTS (SELECT 1 FROM listed s WHERE s.npp = l.npp)),
      there AS (
        SELECT grup, h.tgl_data, count(DISTINCT nik) AS n
        FROM (SELECT DISTINCT grup, tgl_data FROM heads) h JOIN emp USING (grup)
        JOIN kepesertaan k ON k.npp = emp.npp AND k.tgl_mulai <= h.tgl_data
          AND (k.tgl_akhir IS NULL OR k.tgl_akhir >= h.tgl_data)
        GROUP BY 1, 2),
      gaps AS (
        SELECT npp, NULL::bigint AS upah, min(tgl_data) AS since,
          max(jumlah_tk - coalesce(n, 0))::bigint AS gap
        FROM heads LEFT JOIN there USING (grup, tgl_data)
        WHERE jumlah_tk - coalesce(n, 0) >= 2
          AND (jumlah_tk - coalesce(n, 0)) * 10 >= coalesce(n, 0) GROUP BY npp),
      rows AS (SELECT npp, upah, since, 1::bigint AS gap FROM pds_tk_workers
               UNION ALL SELECT * FROM gaps),
      placed AS (
        SELECT r.*, e.kelas_jkk, e.skala, coalesce(upah, here.wage, near.wage, allw.wage, 0) AS base
        FROM rows r JOIN emp e USING (npp) LEFT JOIN wage here ON here.place = e.kode_wilayah
        LEFT JOIN wage near ON near.place = left(e.kode_wilayah, 2)
        LEFT JOIN wage allw ON allw.place = '')
      SELECT 'PDS_TK', 'npp:' || npp, sum(gap),
        {_rupiah(f"sum(gap * {_owed('base')}) * {_months('min(since)')}")}, 0
      FROM placed GROUP BY npp""",
    f"""INSERT INTO temuan
      SELECT 'PDS_UPAH', 'npp:' || npp, count(*),
        {_rupiah(f"sum({_owed('shown')} - {_owed('upah')}) * {_months('min(since)')}")}, 0
      FROM pds_upah_workers JOIN emp USING (npp) GROUP BY npp""",
    f"""INSERT INTO temuan
      WITH l AS (
        SELECT * FROM (
          SELECT *, (NOT jkk)::int AS no_jkk, (NOT jkm)::int AS no_jkm,
            (rank >= 2 AND NOT jht)::int AS no_jht, (rank >= 3 AND NOT jp)::int AS no_jp
          FROM emp WHERE ord <> '2' AND rank > 0
            AND left(coalesce(kbli, ''), 2) NOT IN ('41', '42', '43')) s
        WHERE no_jkk + no_jkm + no_jht + no_jp > 0),
      w AS (
        SELECT npp, count(*) AS n, sum(u) AS u, sum(least(u, {CEILING})) AS c FROM
          (SELECT npp, nik, sum(u) AS u FROM
            (SELECT npp, divisi, nik, max(upah) AS u FROM kepesertaan
             WHERE npp IN (SELECT npp FROM l)
               AND tgl_mulai <= {{on}} AND (tgl_akhir IS NULL OR tgl_akhir >= {{on}})
             GROUP BY 1, 2, 3) d GROUP BY 1, 2) p GROUP BY npp)
      SELECT 'PDS_PROGRAM', 'npp:' || npp, coalesce(n, 0),
        {
        _rupiah(
            "no_jkk * coalesce(u, 0) * (CASE kelas_jkk WHEN 1 THEN 24 WHEN 2 THEN 54 WHEN 3 THEN 89"
            " WHEN 4 THEN 127 WHEN 5 THEN 174 ELSE 0 END) + no_jkm * coalesce(u, 0) * 30"
            " + no_jht * coalesce(u, 0) * 570 + no_jp * coalesce(c, 0) * 300"
        )
    }, 0
      FROM l LEFT JOIN w USING (npp)""",
    """INSERT INTO temuan
      WITH paid AS (
        SELECT npp, divisi, blth, program, sum(jumlah) AS paid FROM pembayaran
        WHERE tgl_bayar <= {on} GROUP BY 1, 2, 3, 4),
      owed AS (
        SELECT npp, divisi, blth, tk, jumlah - coalesce(paid, 0) AS rest
        FROM tagihan LEFT JOIN paid USING (npp, divisi, blth, program)
        WHERE blth IN ({due}) AND jumlah > coalesce(paid, 0)),
      m AS (
        SELECT npp, blth, sum(rest) AS rest, sum(tk) AS tk FROM
          (SELECT npp, divisi, blth, sum(rest) AS rest, max(tk) AS tk FROM owed GROUP BY 1, 2, 3) d
        GROUP BY 1, 2)
      SELECT 'PIUTANG', 'npp:' || npp, max(tk), sum(rest), count(*) FROM m GROUP BY npp
      HAVING count(*) >= 3""",
    f"""INSERT INTO temuan
      SELECT 'LAPSED', 'npp:' || npp, count(*),
        {_rupiah(f"sum({_owed('coalesce(shown, here, 0)')}) * {_months('min(since)')}")}, 0
      FROM lapsed_workers JOIN emp USING (npp) GROUP BY npp""",
)
