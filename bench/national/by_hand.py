"""The six rules in DuckDB SQL written by hand: what somebody writes who knows the rules and DuckDB."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa

from app.infra.columnar import connect
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

MEMORY: Final = "4GB"
JKK: Final = "CASE kelas_jkk WHEN 1 THEN 24 WHEN 2 THEN 54 WHEN 3 THEN 89 WHEN 4 THEN 127 WHEN 5 THEN 174 ELSE 24 END"


def owed(wage: str, *, jkk: str = JKK, scale: str = "skala") -> str:
    """Return the monthly contribution of what the scale obliges, in ten-thousandths."""
    return (
        f"({wage} * ({jkk}) + {wage} * 30"
        f" + CASE WHEN {scale} IN ('kecil','menengah','besar') THEN {wage} * 570 ELSE 0 END"
        f" + CASE WHEN {scale} IN ('menengah','besar') THEN least({wage}, {CEILING}) * 300"
        " ELSE 0 END)"
    )


def name_key(column: str) -> str:
    return f"regexp_replace(upper({column}), '{NOT_THE_NAME}', '', 'g')"


def form(column: str) -> str:
    cases = " ".join(
        f"WHEN regexp_matches(upper({column}), '{pattern}') THEN '{name}'"
        for pattern, name in FORMS
    )
    return f"CASE {cases} ELSE '' END"


def sweep(tables: Mapping[str, Path], *, place: Path) -> Found:
    connection = connect(scratch=place / "spill", memory=MEMORY)
    connection.execute("SET enable_progress_bar = false")
    for table, path in tables.items():
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{path}')")
    months = [row[0] for row in connection.execute("SELECT DISTINCT blth FROM tagihan").fetchall()]
    values = {
        "on": f"DATE '{ON}'",
        "fresh": f"DATE '{FRESH}'",
        "month": str(MONTH),
        "due": ", ".join(map(str, due_months(months))),
    }
    for statement in (*LINKAGE, *WORKERS_KNOWN, *NAMED):
        connection.execute(statement.format(**values))
    found = [
        connection.sql(query.format(**values)).to_arrow_table()
        for query in (PWBD, PDS_TK, PDS_UPAH, PDS_PROGRAM, PIUTANG, LAPSED)
    ]
    named = 0
    for batch in connection.sql(WHO).to_arrow_reader(20_000):
        named += batch.num_rows
    return Found(
        flags=lambda: pa.concat_tables(
            [one.rename_columns(FLAGS.names).cast(FLAGS) for one in found]
        ),
        workers=lambda: connection.sql(WHO).to_arrow_table().cast(WORKERS),
        named=named,
    )


def months_since(day: str) -> str:
    return f"greatest(1, least(12, {{month}} - (year({day}) * 12 + month({day}) - 1)))"


NPWP = "CASE length(npwp) WHEN 15 THEN '0' || npwp WHEN 22 THEN npwp[:16] ELSE npwp END"

LINKAGE = (
    f"""CREATE TABLE divs AS
      SELECT *, {NPWP} AS npwp16,
        CASE status WHEN 'aktif' THEN '0' WHEN 'tutup' THEN '2' ELSE '1' END AS ord
      FROM pemberi_kerja""",
    """CREATE TABLE emp AS
      SELECT npp, coalesce(min(npwp16), 'npp:' || npp) AS grup, min(ord) AS ord,
        min(tgl_daftar) AS tgl_daftar,
        arg_min(kode_wilayah, ord || divisi) AS kode_wilayah,
        arg_min(kelas_jkk, ord || divisi) AS kelas_jkk,
        arg_min(skala, ord || divisi) AS skala,
        arg_min(coalesce(kbli, ''), ord || divisi) AS kbli,
        max(CASE WHEN status = 'tutup' THEN 0 ELSE
          CASE skala WHEN 'mikro' THEN 1 WHEN 'kecil' THEN 2 WHEN 'menengah' THEN 3
                     WHEN 'besar' THEN 4 ELSE 0 END END) AS rank,
        bool_or(status <> 'tutup' AND program LIKE '%JKK%') AS jkk,
        bool_or(status <> 'tutup' AND program LIKE '%JKM%') AS jkm,
        bool_or(status <> 'tutup' AND program LIKE '%JHT%') AS jht,
        bool_or(status <> 'tutup' AND regexp_matches(program, '(^|,)JP')) AS jp
      FROM divs GROUP BY npp""",
    f"""CREATE TABLE rec AS
      WITH r AS (SELECT sumber, id_sumber, baris, nama, nib, kode_wilayah, jumlah_tk, skala,
                   tgl_data, tgl_data >= {{fresh}} AS fresh, {NPWP} AS npwp16
                 FROM sumber_pemberi_kerja),
      n AS (SELECT nib, min(npwp16) AS via FROM r WHERE npwp16 IS NOT NULL AND nib IS NOT NULL
            GROUP BY nib),
      w AS (SELECT r.npwp16 AS k, min(via) AS root FROM r JOIN n USING (nib)
            WHERE r.npwp16 IS NOT NULL GROUP BY r.npwp16)
      SELECT r.*, CASE WHEN coalesce(root, npwp16, via) IS NOT NULL
          THEN 'npwp:' || coalesce(root, npwp16, via)
        WHEN nib IS NOT NULL THEN 'nib:' || nib END AS kunci
      FROM r LEFT JOIN n USING (nib) LEFT JOIN w ON k = coalesce(npwp16, via)""",
    f"""CREATE TABLE named AS
      SELECT *, {name_key("nama")} AS nk, {form("nama")} AS fk FROM rec WHERE kunci IS NULL""",
    f"""CREATE TABLE keyed AS
      WITH p AS (SELECT DISTINCT nk, kode_wilayah FROM named),
      i AS (SELECT nk, kode_wilayah, min(kunci) AS one, max(kunci) AS other, max(fk2) AS fk2
            FROM (SELECT kunci, kode_wilayah, {name_key("nama")} AS nk, {form("nama")} AS fk2
                  FROM rec WHERE kunci IS NOT NULL) SEMI JOIN p USING (nk, kode_wilayah)
            GROUP BY 1, 2),
      a AS (SELECT nk, kode_wilayah, fk, max(c) AS c FROM
              (SELECT nk, kode_wilayah, fk, sumber, count(*) AS c FROM named GROUP BY ALL)
            GROUP BY ALL)
      SELECT * FROM rec WHERE kunci IS NOT NULL
      UNION ALL
      SELECT n.* EXCLUDE (nk, fk) REPLACE (CASE
          WHEN one = other AND (fk2 = fk OR fk2 = '' OR fk = '') THEN one
          WHEN one IS NULL AND c = 1 THEN 'nama:' || kode_wilayah || ':' || fk || ':' || nk
          ELSE 'sumber:' || sumber || ':' || id_sumber END AS kunci)
      FROM named n LEFT JOIN i USING (nk, kode_wilayah) LEFT JOIN a USING (nk, kode_wilayah, fk)""",
    """CREATE TABLE bynum AS
      WITH e AS (SELECT DISTINCT npp, npwp16, nib, kode_wilayah FROM divs),
      pairs AS (
        SELECT DISTINCT kunci, e.npp, 2 AS w, e.kode_wilayah <> k.kode_wilayah AS far
        FROM keyed k JOIN e USING (npwp16)
        UNION ALL
        SELECT DISTINCT kunci, e.npp, 1, e.kode_wilayah <> k.kode_wilayah
        FROM keyed k JOIN e USING (nib)),
      per AS (SELECT kunci, npp, w, min(far) AS far FROM pairs GROUP BY ALL),
      s AS (SELECT kunci, npp, sum(w) AS w, min(far) AS far FROM per GROUP BY ALL)
      SELECT kunci, arg_min(npp, (ord, 3 - w, far, npp)) AS npp
      FROM s JOIN emp USING (npp) GROUP BY kunci""",
    f"""CREATE TABLE byname AS
      WITH r AS (SELECT kunci, npwp16, nib, kode_wilayah, {name_key("nama")} AS nk,
                   {form("nama")} AS fk FROM keyed ANTI JOIN bynum USING (kunci)),
      e AS (SELECT npp, d.npwp16 AS npwp2, d.nib AS nib2, d.kode_wilayah, {name_key("nama")} AS nk,
              coalesce(nullif({form("nama")}, ''), {form("coalesce(bentuk, '')")}) AS fk2
            FROM divs d),
      c AS (SELECT kunci, npp, max(coalesce(npwp16 <> npwp2, false) OR coalesce(nib <> nib2, false)
              OR (fk <> '' AND fk2 <> '' AND fk <> fk2)) AS differs
            FROM r JOIN e USING (nk, kode_wilayah) WHERE nk <> '' GROUP BY ALL)
      SELECT kunci, arg_min(npp, (ord, npp)) FILTER (NOT differs) AS npp,
        count(DISTINCT grup) FILTER (NOT differs) AS grups
      FROM c JOIN emp USING (npp) GROUP BY kunci""",
    """CREATE TABLE linked AS
      SELECT k.*, l.npp, shared, e.grup, e.ord, e.tgl_daftar
      FROM keyed k
      LEFT JOIN (SELECT kunci, npp, false AS shared FROM bynum
                 UNION ALL SELECT kunci, npp, grups > 1 FROM byname) l USING (kunci)
      LEFT JOIN emp e ON e.npp = l.npp""",
)

WORKERS_KNOWN = (
    """CREATE TABLE listed AS
      SELECT s.baris, sumber, id_sumber, nik, nama, tgl_lahir, tgl_mulai, upah, s.tgl_data, l.npp,
        grup, ord
      FROM sumber_pekerja s
      JOIN (SELECT DISTINCT sumber, id_sumber, npp, grup, ord, tgl_daftar FROM linked
            WHERE npp IS NOT NULL AND NOT shared) l USING (sumber, id_sumber)
      WHERE s.tgl_data >= {fresh} AND nik IS NOT NULL AND s.tgl_data >= l.tgl_daftar""",
    """CREATE TABLE known AS
      SELECT npp, divisi, nik, tgl_mulai, tgl_akhir, sebab_akhir, upah, grup,
        tgl_akhir IS NULL OR tgl_akhir >= {on} AS running
      FROM kepesertaan SEMI JOIN listed USING (nik) JOIN emp USING (npp)""",
    """CREATE TABLE people AS
      SELECT nik, bool_or(sebab_akhir IS NOT DISTINCT FROM 'meninggal') AS died,
        bool_or(running) AS active FROM known GROUP BY nik""",
    """CREATE TABLE wage AS
      WITH p AS (SELECT npp, count(*) AS n, sum(upah) AS w FROM kepesertaan
                 WHERE tgl_mulai <= {on} AND (tgl_akhir IS NULL OR tgl_akhir >= {on}) GROUP BY npp)
      SELECT coalesce(kode_wilayah, province, '') AS place, (sum(w) // sum(n))::BIGINT AS wage
      FROM (SELECT *, kode_wilayah[:2] AS province FROM p JOIN emp USING (npp))
      GROUP BY GROUPING SETS ((kode_wilayah), (province), ())""",
)

# Whom the rules name, to be summed into flags and to be read by the inspector.
NAMED = (
    """CREATE TABLE pwbd_rows AS
      WITH closed AS (
        SELECT npp, max(tgl_akhir) AS ended FROM kepesertaan
        WHERE npp IN (SELECT npp FROM emp WHERE ord = '2') GROUP BY npp),
      billed AS (
        SELECT npp, max(blth) AS last FROM tagihan
        WHERE npp IN (SELECT npp FROM emp WHERE ord = '2') GROUP BY npp),
      lists AS (
        SELECT sumber, id_sumber, count(*) AS n, sum(upah) AS w FROM
          (SELECT sumber, id_sumber, nik, max(upah) AS upah FROM sumber_pekerja
           WHERE tgl_data >= {fresh} AND nik IS NOT NULL GROUP BY ALL) GROUP BY ALL)
      SELECT coalesce('npp:' || l.npp, kunci) AS subject, l.sumber, l.id_sumber, l.tgl_data, l.baris,
        l.kode_wilayah, l.skala, lists.n, lists.w,
        CASE WHEN (ended IS NULL OR l.tgl_data > ended)
              AND (ended IS NOT NULL OR last IS NULL
                   OR year(l.tgl_data) * 12 + month(l.tgl_data) - 1 > last)
          THEN greatest(coalesce(lists.n, 0), CASE WHEN fresh THEN jumlah_tk ELSE 0 END)
          ELSE 0 END AS workers
      FROM linked l LEFT JOIN closed USING (npp) LEFT JOIN billed ON billed.npp = l.npp
      LEFT JOIN lists USING (sumber, id_sumber)
      WHERE l.npp IS NULL OR l.ord = '2'""",
    """CREATE TABLE pwbd AS
      SELECT subject, max(workers)::BIGINT AS workers, min(tgl_data) FILTER (workers > 0) AS since,
        max(n) AS n, max(w) AS w, max(skala) AS skala,
        arg_max(kode_wilayah, (workers > 0, tgl_data, sumber, id_sumber, baris)) AS place
      FROM pwbd_rows GROUP BY subject HAVING max(workers) > 0""",
    """CREATE TABLE pds_tk_workers AS
      WITH unknown AS (
        SELECT * FROM listed
        ANTI JOIN known USING (grup, nik)
        ANTI JOIN (SELECT nik FROM people WHERE died) USING (nik)
        WHERE ord <> '2' AND (tgl_mulai IS NULL OR tgl_mulai + 30 < tgl_data)),
      twins AS (
        SELECT DISTINCT u.grup, u.nik FROM unknown u
        JOIN kepesertaan k ON k.nik // 10 = u.nik // 10 AND k.tgl_lahir = u.tgl_lahir
          AND upper(k.nama) = upper(u.nama)
        JOIN emp e ON e.npp = k.npp AND e.grup = u.grup WHERE u.nik % 10 = 0)
      SELECT npp, nik, max(upah) AS upah, min(tgl_data) AS since
      FROM unknown ANTI JOIN twins USING (grup, nik) GROUP BY npp, nik""",
    """CREATE TABLE pds_upah_workers AS
      WITH pay AS (
        SELECT l.baris, l.grup, l.nik, l.upah AS shown, l.tgl_data, l.sumber, l.id_sumber, k.npp,
          k.divisi, max(k.upah) AS upah
        FROM listed l JOIN known k ON k.grup = l.grup AND k.nik = l.nik AND k.running
          AND k.tgl_mulai <= l.tgl_data
        WHERE l.ord <> '2' AND l.upah > 0 GROUP BY ALL),
      under AS (
        SELECT grup, nik, shown, tgl_data, min(npp) AS npp, sum(upah)::BIGINT AS upah FROM pay
        GROUP BY baris, grup, nik, shown, tgl_data, sumber, id_sumber
        HAVING shown > sum(upah) AND shown * 10 >= sum(upah) * 11)
      SELECT npp, nik, max(shown) AS shown, max(upah) AS upah, min(tgl_data) AS since
      FROM under GROUP BY npp, nik""",
    """CREATE TABLE lapsed_workers AS
      WITH ended AS (
        SELECT grup, nik, max(tgl_akhir) AS last, arg_max(npp, (tgl_akhir, npp)) AS npp,
          max(upah) AS here FROM known GROUP BY ALL HAVING NOT bool_or(running))
      SELECT e.npp, l.nik, max(l.upah) AS shown, max(here) AS here, min(l.tgl_data) AS since
      FROM listed l JOIN ended e USING (grup, nik) JOIN people p ON p.nik = l.nik
      WHERE l.tgl_data > last AND NOT died AND NOT active GROUP BY ALL""",
)

WHO = f"""
SELECT DISTINCT 'PWBD' AS aturan, subject, nik FROM sumber_pekerja
JOIN (SELECT DISTINCT sumber, id_sumber, subject FROM pwbd_rows SEMI JOIN pwbd USING (subject))
  USING (sumber, id_sumber)
WHERE tgl_data >= DATE '{FRESH}' AND nik IS NOT NULL
UNION ALL SELECT 'PDS_TK', 'npp:' || npp, nik FROM pds_tk_workers
UNION ALL SELECT 'PDS_UPAH', 'npp:' || npp, nik FROM pds_upah_workers
UNION ALL SELECT 'LAPSED', 'npp:' || npp, nik FROM lapsed_workers"""

PWBD = f"""
WITH e AS (
  SELECT s.*, coalesce(CASE WHEN w > 0 AND n > 0 THEN (w // n)::BIGINT END, here.wage, near.wage, allw.wage, 0)
    AS base
  FROM pwbd s LEFT JOIN wage here USING (place) LEFT JOIN wage near ON near.place = s.place[:2]
  LEFT JOIN wage allw ON allw.place = '')
SELECT 'PWBD', subject, workers, workers::HUGEINT * {owed("base", jkk="24")}
  * {months_since("since")} // 10000, 0 FROM e"""

PDS_TK = f"""
WITH heads AS (
  SELECT npp, grup, tgl_data, jumlah_tk FROM linked
  WHERE npp IS NOT NULL AND NOT shared AND ord <> '2' AND fresh AND tgl_data >= tgl_daftar
    AND jumlah_tk > 0 AND npp NOT IN (SELECT npp FROM listed)),
there AS (
  SELECT grup, h.tgl_data, count(DISTINCT nik) AS n
  FROM (SELECT DISTINCT grup, tgl_data FROM heads) h JOIN emp USING (grup)
  JOIN kepesertaan k ON k.npp = emp.npp AND k.tgl_mulai <= h.tgl_data
    AND (k.tgl_akhir IS NULL OR k.tgl_akhir >= h.tgl_data)
  GROUP BY ALL),
gaps AS (
  SELECT npp, NULL::BIGINT AS upah, min(tgl_data) AS since,
    max(jumlah_tk - coalesce(n, 0))::BIGINT AS gap
  FROM heads LEFT JOIN there USING (grup, tgl_data)
  WHERE jumlah_tk - coalesce(n, 0) >= 2
    AND (jumlah_tk - coalesce(n, 0)) * 10 >= coalesce(n, 0) GROUP BY npp),
rows AS (
  SELECT npp, upah, since, 1::BIGINT AS gap FROM pds_tk_workers UNION ALL SELECT * FROM gaps)
SELECT 'PDS_TK', 'npp:' || npp, sum(gap), sum(gap::HUGEINT * {owed("base")})
  * {months_since("min(since)")} // 10000, 0
FROM (SELECT r.*, e.kelas_jkk, e.skala, coalesce(upah, here.wage, near.wage, allw.wage, 0) AS base
      FROM rows r JOIN emp e USING (npp) LEFT JOIN wage here ON here.place = e.kode_wilayah
      LEFT JOIN wage near ON near.place = e.kode_wilayah[:2]
      LEFT JOIN wage allw ON allw.place = '') GROUP BY npp"""

PDS_UPAH = f"""
SELECT 'PDS_UPAH', 'npp:' || npp, count(*),
  sum(({owed("shown")} - {owed("upah")})::HUGEINT) * {months_since("min(since)")} // 10000, 0
FROM pds_upah_workers JOIN emp USING (npp) GROUP BY npp"""

PDS_PROGRAM = f"""
WITH lack AS (
  SELECT *, NOT jkk AS no_jkk, NOT jkm AS no_jkm, rank >= 2 AND NOT jht AS no_jht,
    rank >= 3 AND NOT jp AS no_jp
  FROM emp WHERE ord <> '2' AND rank > 0 AND kbli[:2] NOT IN ('41', '42', '43')),
l AS (SELECT * FROM lack WHERE no_jkk OR no_jkm OR no_jht OR no_jp),
w AS (
  SELECT npp, count(*) AS n, sum(u)::BIGINT AS u, sum(least(u, {CEILING}))::BIGINT AS c FROM
    (SELECT npp, nik, sum(u) AS u FROM
      (SELECT npp, divisi, nik, max(upah) AS u FROM kepesertaan SEMI JOIN l USING (npp)
       WHERE tgl_mulai <= {{on}} AND (tgl_akhir IS NULL OR tgl_akhir >= {{on}}) GROUP BY ALL)
     GROUP BY ALL) GROUP BY npp)
SELECT 'PDS_PROGRAM', 'npp:' || npp, coalesce(n, 0),
  (no_jkk::INT * coalesce(u, 0) * (CASE kelas_jkk WHEN 1 THEN 24 WHEN 2 THEN 54 WHEN 3 THEN 89
     WHEN 4 THEN 127 WHEN 5 THEN 174 ELSE 0 END)
   + no_jkm::INT * coalesce(u, 0) * 30 + no_jht::INT * coalesce(u, 0) * 570
   + no_jp::INT * coalesce(c, 0) * 300) // 10000, 0
FROM l LEFT JOIN w USING (npp)"""

PIUTANG = """
WITH paid AS (
  SELECT npp, divisi, blth, program, sum(jumlah) AS paid FROM pembayaran
  WHERE tgl_bayar <= {on} GROUP BY ALL),
owed AS (
  SELECT npp, divisi, blth, tk, jumlah - coalesce(paid, 0) AS rest
  FROM tagihan LEFT JOIN paid USING (npp, divisi, blth, program)
  WHERE blth IN ({due}) AND jumlah > coalesce(paid, 0)),
m AS (
  SELECT npp, blth, sum(rest) AS rest, sum(tk) AS tk FROM
    (SELECT npp, divisi, blth, sum(rest) AS rest, max(tk) AS tk FROM owed GROUP BY ALL)
  GROUP BY ALL)
SELECT 'PIUTANG', 'npp:' || npp, max(tk), sum(rest), count(*) FROM m GROUP BY npp
HAVING count(*) >= 3"""

LAPSED = f"""
SELECT 'LAPSED', 'npp:' || npp, count(*), sum({owed("coalesce(shown, here, 0)")}::HUGEINT)
  * {months_since("min(since)")} // 10000, 0
FROM lapsed_workers JOIN emp USING (npp) GROUP BY npp"""
