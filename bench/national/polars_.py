"""The six rules in Polars: columns and filters pushed into the files, its streaming engine."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pyarrow as pa
from polars import col, lit

from bench.national.contract import (
    CEILING,
    FLAGS,
    FORMS,
    FRESH,
    JKK,
    MONTH,
    NOT_THE_NAME,
    WORKERS,
    Found,
    due_months,
)
from bench.national.extracts import ON

PLACE = ["nk", "kode_wilayah"]
RUNS = (col("tgl_mulai") <= ON) & (col("tgl_akhir").is_null() | (col("tgl_akhir") >= ON))


def sweep(tables: Mapping[str, Path], *, place: Path) -> Found:
    del place
    scan = {name: pl.scan_parquet(path) for name, path in tables.items()}
    divs = _divisions(scan["pemberi_kerja"])
    emp = _employers(divs)
    linked = _linked(_keyed(_records(scan["sumber_pemberi_kerja"])), divs, emp)
    listed = _listed(scan["sumber_pekerja"], linked)
    known = _known(scan["kepesertaan"], listed, emp)
    people = known.group_by("nik").agg(
        died=(col("sebab_akhir") == "meninggal").any(), active=col("running").any()
    )
    wage = _wages(scan["kepesertaan"], emp)
    pwbd, lists = _pwbd(scan, linked, emp, wage)
    tk, tk_workers = _pds_tk(scan["kepesertaan"], linked, listed, known, people, emp, wage)
    pay, pay_workers = _pds_upah(listed, known, emp)
    gone, gone_workers = _lapsed(listed, known, people, emp)
    flags = pl.concat([pwbd, tk, pay, _pds_program(scan["kepesertaan"], emp), _piutang(scan), gone])
    workers = pl.concat(
        [
            lists,
            *(
                one.select(aturan=lit(rule), subject="npp:" + col("npp"), nik="nik")
                for rule, one in (
                    ("PDS_TK", tk_workers),
                    ("PDS_UPAH", pay_workers),
                    ("LAPSED", gone_workers),
                )
            ),
        ]
    )
    return Found(
        flags=lambda: _arrow(flags, FLAGS),
        workers=lambda: _arrow(workers, WORKERS),
        named=workers.height,
    )


def _arrow(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    return frame.select(schema.names).to_arrow().cast(schema)


def _npwp16() -> pl.Expr:
    value = col("npwp")
    length = value.str.len_bytes()
    return (
        pl.when(length == 15)
        .then("0" + value)
        .when(length == 22)
        .then(value.str.slice(0, 16))
        .otherwise(value)
    )


def _name_key() -> pl.Expr:
    return col("nama").str.to_uppercase().str.replace_all(NOT_THE_NAME, "")


def _form(column: str) -> pl.Expr:
    upper = col(column).str.to_uppercase().fill_null("")
    found = lit("")
    for pattern, name in reversed(FORMS):
        found = pl.when(upper.str.contains(pattern)).then(lit(name)).otherwise(found)
    return found


def _owed(wage: pl.Expr, *, jkk: pl.Expr | None = None) -> pl.Expr:
    if jkk is None:
        jkk = col("kelas_jkk").cast(pl.Int64).replace_strict(JKK, default=24)
    scale = col("skala")
    return (
        wage * jkk
        + wage * 30
        + pl.when(scale.is_in(["kecil", "menengah", "besar"])).then(wage * 570).otherwise(0)
        + pl.when(scale.is_in(["menengah", "besar"]))
        .then(wage.clip(upper_bound=CEILING) * 300)
        .otherwise(0)
    )


def _months() -> pl.Expr:
    day = col("since")
    return (MONTH - (day.dt.year().cast(pl.Int64) * 12 + day.dt.month() - 1)).clip(1, 12)


def _divisions(rows: pl.LazyFrame) -> pl.DataFrame:
    status = col("status")
    return rows.with_columns(
        npwp16=_npwp16(),
        ord=pl.when(status == "aktif")
        .then(lit("0"))
        .when(status == "tutup")
        .then(lit("2"))
        .otherwise(lit("1")),
    ).collect()


def _employers(divs: pl.DataFrame) -> pl.DataFrame:
    is_open = col("status") != "tutup"
    rank = pl.when(is_open).then(
        col("skala").replace_strict({"mikro": 1, "kecil": 2, "menengah": 3, "besar": 4}, default=0)
    ).otherwise(0)  # fmt: skip
    has = {
        one: (is_open & col("program").str.contains(f"(^|,){one.upper()}(,|$)"))
        .fill_null(value=False)
        .any()
        for one in ("jkk", "jkm", "jht", "jp")
    }
    return (
        divs.sort("ord", "divisi")
        .group_by("npp")
        .agg(
            col("npwp16").min(),
            col("ord").min(),
            col("tgl_daftar").min(),
            col("kode_wilayah", "kelas_jkk", "skala", "kbli").first(),
            rank=rank.max(),
            **has,
        )
        .with_columns(grup=pl.coalesce("npwp16", "npp:" + col("npp")))
        .drop("npwp16")
    )


def _records(rows: pl.LazyFrame) -> pl.DataFrame:
    r = rows.select(
        "sumber", "id_sumber", "baris", "nama", "nib", "kode_wilayah", "jumlah_tk", "skala", "tgl_data",
        npwp16=_npwp16(), fresh=col("tgl_data") >= FRESH,
    ).collect()  # fmt: skip
    both = r.filter(col("npwp16").is_not_null() & col("nib").is_not_null())
    n = both.group_by("nib").agg(via=col("npwp16").min())
    w = both.join(n, on="nib").group_by(k="npwp16").agg(root=col("via").min())
    number = pl.coalesce("root", "k")
    return (
        r.join(n, on="nib", how="left")
        .with_columns(k=pl.coalesce("npwp16", "via"))
        .join(w, on="k", how="left")
        .with_columns(
            kunci=pl.when(number.is_not_null()).then("npwp:" + number)
            .when(col("nib").is_not_null()).then("nib:" + col("nib"))
        )
        .drop("via", "k", "root")
    )  # fmt: skip


def _keyed(rec: pl.DataFrame) -> pl.DataFrame:
    named = rec.filter(col("kunci").is_null()).with_columns(nk=_name_key(), fk=_form("nama"))
    i = (
        rec.filter(col("kunci").is_not_null())
        .select("kunci", "kode_wilayah", nk=_name_key(), fk2=_form("nama"))
        .join(named.select(PLACE), on=PLACE, how="semi")
        .group_by(PLACE)
        .agg(one=col("kunci").min(), other=col("kunci").max(), fk2=col("fk2").max())
    )
    a = named.group_by(*PLACE, "fk", "sumber").len("c").group_by(*PLACE, "fk").agg(col("c").max())
    fits = (col("fk2") == col("fk")) | (col("fk2") == "") | (col("fk") == "")
    key = (
        pl.when((col("one") == col("other")) & fits).then(col("one"))
        .when(col("one").is_null() & (col("c") == 1))
        .then(pl.concat_str(lit("nama"), "kode_wilayah", "fk", "nk", separator=":"))
        .otherwise(pl.concat_str(lit("sumber"), "sumber", "id_sumber", separator=":"))
    )  # fmt: skip
    rest = (
        named.join(i, on=PLACE, how="left")
        .join(a, on=[*PLACE, "fk"], how="left")
        .with_columns(kunci=key)
    )
    return pl.concat([rec.filter(col("kunci").is_not_null()), rest.select(rec.columns)])


def _linked(keyed: pl.DataFrame, divs: pl.DataFrame, emp: pl.DataFrame) -> pl.DataFrame:
    e = divs.select("npp", "npwp16", "nib", there="kode_wilayah").unique()
    pairs = [
        keyed.select("kunci", number, "kode_wilayah")
        .join(e.select("npp", number, "there"), on=number)
        .group_by("kunci", "npp")
        .agg(far=(col("there") != col("kode_wilayah")).min(), w=lit(weight))
        for number, weight in (("npwp16", 2), ("nib", 1))
    ]
    by_number = (
        pl.concat(pairs)
        .group_by("kunci", "npp")
        .agg(col("w").sum(), col("far").min())
        .join(emp.select("npp", "ord"), on="npp")
        .with_columns(w=3 - col("w"))
        .sort("ord", "w", "far", "npp")
        .group_by("kunci")
        .agg(col("npp").first())
        .with_columns(shared=lit(value=False))
    )
    r = (
        keyed.join(by_number, on="kunci", how="anti")
        .select("kunci", "npwp16", "nib", "kode_wilayah", nk=_name_key(), fk=_form("nama"))
        .filter(col("nk") != "")
    )
    own = _form("nama")
    d = divs.select(
        "npp", "kode_wilayah", npwp2="npwp16", nib2="nib", nk=_name_key(),
        fk2=pl.when(own == "").then(_form("bentuk")).otherwise(own),
    )  # fmt: skip
    differs = (
        (col("npwp16") != col("npwp2")).fill_null(value=False)
        | (col("nib") != col("nib2")).fill_null(value=False)
        | ((col("fk") != "") & (col("fk2") != "") & (col("fk") != col("fk2")))
    )
    by_name = (
        r.join(d, on=PLACE)
        .group_by("kunci", "npp")
        .agg(differs=differs.max())
        .join(emp.select("npp", "ord", "grup"), on="npp")
        .filter(~col("differs"))
        .sort("ord", "npp")
        .group_by("kunci")
        .agg(col("npp").first(), shared=col("grup").n_unique() > 1)
    )
    return keyed.join(pl.concat([by_number, by_name]), on="kunci", how="left").join(
        emp.select("npp", "grup", "ord", "tgl_daftar"), on="npp", how="left"
    )


def _listed(rows: pl.LazyFrame, linked: pl.DataFrame) -> pl.DataFrame:
    places = (
        linked.filter(col("npp").is_not_null() & ~col("shared"))
        .select("sumber", "id_sumber", "npp", "grup", "ord", "tgl_daftar")
        .unique()
    )
    return (
        rows.filter((col("tgl_data") >= FRESH) & col("nik").is_not_null())
        .join(places.lazy(), on=["sumber", "id_sumber"])
        .filter(col("tgl_data") >= col("tgl_daftar"))
        .select(
            "baris", "sumber", "id_sumber", "nik", "nama", "tgl_lahir", "tgl_mulai", "upah", "tgl_data", "npp",
            "grup", "ord",
        )
        .collect(engine="streaming")
    )  # fmt: skip


def _known(rows: pl.LazyFrame, listed: pl.DataFrame, emp: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.select("npp", "divisi", "nik", "tgl_mulai", "tgl_akhir", "sebab_akhir", "upah")
        .join(listed.lazy().select("nik"), on="nik", how="semi")
        .join(emp.lazy().select("npp", "grup"), on="npp")
        .with_columns(running=col("tgl_akhir").is_null() | (col("tgl_akhir") >= ON))
        .collect(engine="streaming")
    )


def _wages(rows: pl.LazyFrame, emp: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the mean wage by regency and by province, and that of all."""
    paid = (
        rows.filter(RUNS)
        .group_by("npp")
        .agg(n=pl.len().cast(pl.Int64), w=col("upah").sum())
        .join(emp.lazy().select("npp", place="kode_wilayah"), on="npp")
        .group_by("place")
        .agg(col("n").sum(), col("w").sum())
        .collect(engine="streaming")
    )
    provinces = paid.group_by(col("place").str.slice(0, 2)).agg(col("n").sum(), col("w").sum())
    return (
        pl.concat([paid, provinces]).select("place", wage=col("w") // col("n")),
        paid["w"].sum() // paid["n"].sum(),
    )


def _placed(rows: pl.DataFrame, place: str, here: pl.DataFrame) -> pl.DataFrame:
    """Add `wage` of the regency, else of the province."""
    near = here.select(province="place", wage_near="wage")
    return (
        rows.join(here, left_on=place, right_on="place", how="left")
        .with_columns(province=col(place).str.slice(0, 2))
        .join(near, on="province", how="left")
        .with_columns(wage=pl.coalesce("wage", "wage_near"))
    )


def _pwbd(
    scan: Mapping[str, pl.LazyFrame],
    linked: pl.DataFrame,
    emp: pl.DataFrame,
    wage: tuple[pl.DataFrame, int],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    closed_ones = emp.lazy().filter(col("ord") == "2").select("npp")
    closed = (
        scan["kepesertaan"].join(closed_ones, on="npp", how="semi").group_by("npp")
        .agg(ended=col("tgl_akhir").max()).collect(engine="streaming")
    )  # fmt: skip
    billed = (
        scan["tagihan"].join(closed_ones, on="npp", how="semi").group_by("npp")
        .agg(last=col("blth").max()).collect(engine="streaming")
    )  # fmt: skip
    fresh_lists = scan["sumber_pekerja"].filter(
        (col("tgl_data") >= FRESH) & col("nik").is_not_null()
    )
    lists = (
        fresh_lists.group_by("sumber", "id_sumber", "nik")
        .agg(col("upah").max())
        .group_by("sumber", "id_sumber")
        .agg(n=pl.len().cast(pl.Int64), w=pl.when(col("upah").count() > 0).then(col("upah").sum()))
        .collect(engine="streaming")
    )
    data_month = col("tgl_data").dt.year().cast(pl.Int64) * 12 + col("tgl_data").dt.month() - 1
    counts = (col("ended").is_null() | (col("tgl_data") > col("ended"))) & (
        col("ended").is_not_null() | col("last").is_null() | (data_month > col("last"))
    )
    rows = (
        linked.filter(col("npp").is_null() | (col("ord") == "2"))
        .join(closed, on="npp", how="left")
        .join(billed, on="npp", how="left")
        .join(lists, on=["sumber", "id_sumber"], how="left")
        .with_columns(
            subject=pl.coalesce("npp:" + col("npp"), "kunci"),
            workers=pl.when(counts)
            .then(
                pl.max_horizontal(
                    col("n").fill_null(0),
                    pl.when("fresh").then(col("jumlah_tk").cast(pl.Int64)).otherwise(0),
                )
            )
            .otherwise(0),
        )
    )
    carries = col("workers") > 0
    here, everywhere = wage
    flagged = _placed(
        rows.with_columns(carries=carries)
        .sort("carries", "tgl_data", "sumber", "id_sumber", "baris")
        .group_by("subject")
        .agg(
            col("workers").max().cast(pl.Int64),
            col("n").max(),
            col("w").max(),
            col("skala").max(),
            since=col("tgl_data").filter(carries).min(),
            place=col("kode_wilayah").last(),
        )
        .filter(carries),
        "place",
        here,
    )
    base = pl.coalesce(
        pl.when((col("w") > 0) & (col("n") > 0)).then(col("w") // col("n")), "wage", lit(everywhere)
    )
    flags = flagged.select(
        aturan=lit("PWBD"),
        subject="subject",
        pekerja="workers",
        rupiah=col("workers") * _owed(base, jkk=lit(24)) * _months() // 10_000,
        bulan=lit(0, dtype=pl.Int64),
    )
    lists_flagged = (
        rows.join(flagged, on="subject", how="semi")
        .select("sumber", "id_sumber", "subject")
        .unique()
    )
    workers = (
        fresh_lists.join(lists_flagged.lazy(), on=["sumber", "id_sumber"])
        .select(aturan=lit("PWBD"), subject="subject", nik="nik")
        .unique()
        .collect(engine="streaming")
    )
    return flags, workers


def _pds_tk(
    cards: pl.LazyFrame,
    linked: pl.DataFrame,
    listed: pl.DataFrame,
    known: pl.DataFrame,
    people: pl.DataFrame,
    emp: pl.DataFrame,
    wage: tuple[pl.DataFrame, int],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    unknown = (
        listed.filter(
            (col("ord") != "2")
            & (
                col("tgl_mulai").is_null()
                | (col("tgl_mulai").dt.offset_by("30d") < col("tgl_data"))
            )
        )
        .join(known, on=["grup", "nik"], how="anti")
        .join(people.filter("died"), on="nik", how="anti")
    )
    prefix = {"n15": col("nik") // 10, "upper": col("nama").str.to_uppercase()}
    damaged = unknown.filter(col("nik") % 10 == 0).select("grup", "nik", "tgl_lahir", **prefix)
    near = emp.lazy().select("npp", "grup").join(damaged.lazy(), on="grup", how="semi")
    twins = (
        cards.join(near, on="npp")
        .select("grup", "tgl_lahir", **prefix)
        .join(damaged.lazy(), on=["grup", "tgl_lahir", "n15", "upper"])
        .select("grup", "nik")
        .collect(engine="streaming")
    )
    workers = (
        unknown.join(twins, on=["grup", "nik"], how="anti")
        .group_by("npp", "nik")
        .agg(col("upah").max(), since=col("tgl_data").min())
    )
    heads = linked.filter(
        col("npp").is_not_null() & ~col("shared") & (col("ord") != "2") & col("fresh")
        & (col("tgl_data") >= col("tgl_daftar")) & (col("jumlah_tk") > 0)
    ).join(listed, on="npp", how="anti").select("npp", "grup", "tgl_data", "jumlah_tk")  # fmt: skip
    days = heads.lazy().select("grup", "tgl_data").unique()
    there = (
        cards.select("npp", "nik", "tgl_mulai", "tgl_akhir")
        .join(emp.lazy().select("npp", "grup"), on="npp")
        .join(days, on="grup")
        .filter(
            (col("tgl_mulai") <= col("tgl_data"))
            & (col("tgl_akhir").is_null() | (col("tgl_akhir") >= col("tgl_data")))
        )
        .group_by("grup", "tgl_data")
        .agg(there=col("nik").n_unique().cast(pl.Int64))
        .collect(engine="streaming")
    )
    gap = col("jumlah_tk").cast(pl.Int64) - col("there")
    gaps = (
        heads.join(there, on=["grup", "tgl_data"], how="left")
        .with_columns(col("there").fill_null(0))
        .filter((gap >= 2) & (gap * 10 >= col("there")))
        .group_by("npp")
        .agg(upah=lit(None, dtype=pl.Int64), since=col("tgl_data").min(), gap=gap.max())
    )
    here, everywhere = wage
    base = pl.coalesce("upah", "wage", lit(everywhere))
    rows = pl.concat([workers.select("npp", "upah", "since", gap=lit(1, dtype=pl.Int64)), gaps])
    flags = (
        _placed(rows.join(emp, on="npp"), "kode_wilayah", here)
        .group_by("npp")
        .agg(
            pekerja=col("gap").sum(),
            owed=(col("gap") * _owed(base)).sum(),
            since=col("since").min(),
        )
    )
    return _flags("PDS_TK", flags), workers


def _flags(rule: str, summed: pl.DataFrame) -> pl.DataFrame:
    return summed.select(
        aturan=lit(rule),
        subject="npp:" + col("npp"),
        pekerja=col("pekerja").cast(pl.Int64),
        rupiah=col("owed") * _months() // 10_000,
        bulan=lit(0, dtype=pl.Int64),
    )


def _pds_upah(
    listed: pl.DataFrame, known: pl.DataFrame, emp: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    row = ["baris", "grup", "nik", "shown", "tgl_data", "sumber", "id_sumber"]
    pay = (
        listed.lazy()
        .filter((col("ord") != "2") & (col("upah") > 0))
        .rename({"upah": "shown", "npp": "npp_listed"})
        .select(row)
        .join(
            known.lazy()
            .filter("running")
            .select("grup", "nik", "npp", "divisi", "upah", began="tgl_mulai"),
            on=["grup", "nik"],
        )
        .filter(col("began") <= col("tgl_data"))
        .group_by(*row, "npp", "divisi")
        .agg(col("upah").max())
    )
    workers = (
        pay.group_by(row)
        .agg(col("npp").min(), col("upah").sum())
        .filter((col("shown") > col("upah")) & (col("shown") * 10 >= col("upah") * 11))
        .group_by("npp", "nik")
        .agg(col("shown").max(), col("upah").max(), since=col("tgl_data").min())
        .collect(engine="streaming")
    )
    flags = (
        workers.join(emp, on="npp")
        .group_by("npp")
        .agg(
            pekerja=pl.len(),
            owed=(_owed(col("shown")) - _owed(col("upah"))).sum(),
            since=col("since").min(),
        )
    )
    return _flags("PDS_UPAH", flags), workers


def _pds_program(cards: pl.LazyFrame, emp: pl.DataFrame) -> pl.DataFrame:
    lacks = (
        emp.filter(
            (col("ord") != "2")
            & (col("rank") > 0)
            & ~col("kbli").fill_null("").str.slice(0, 2).is_in(["41", "42", "43"])
        )
        .with_columns(
            no_jkk=~col("jkk"),
            no_jkm=~col("jkm"),
            no_jht=(col("rank") >= 2) & ~col("jht"),
            no_jp=(col("rank") >= 3) & ~col("jp"),
        )
        .filter(pl.any_horizontal("no_jkk", "no_jkm", "no_jht", "no_jp"))
    )
    wages = (
        cards.filter(RUNS)
        .select("npp", "divisi", "nik", "upah")
        .join(lacks.lazy().select("npp"), on="npp", how="semi")
        .group_by("npp", "divisi", "nik")
        .agg(col("upah").max())
        .group_by("npp", "nik")
        .agg(col("upah").sum())
        .group_by("npp")
        .agg(
            n=pl.len().cast(pl.Int64),
            u=col("upah").sum(),
            c=col("upah").clip(upper_bound=CEILING).sum(),
        )
        .collect(engine="streaming")
    )
    points = col("kelas_jkk").cast(pl.Int64).replace_strict(JKK, default=0)
    u, c = col("u").fill_null(0), col("c").fill_null(0)
    return lacks.join(wages, on="npp", how="left").select(
        aturan=lit("PDS_PROGRAM"),
        subject="npp:" + col("npp"),
        pekerja=col("n").fill_null(0),
        rupiah=(
            col("no_jkk") * u * points
            + col("no_jkm") * u * 30
            + col("no_jht") * u * 570
            + col("no_jp") * c * 300
        )
        // 10_000,
        bulan=lit(0, dtype=pl.Int64),
    )


def _piutang(scan: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    key = ["npp", "divisi", "blth", "program"]
    months = scan["tagihan"].select(col("blth").unique()).collect()["blth"].to_list()
    paid = (
        scan["pembayaran"]
        .filter(col("tgl_bayar") <= ON)
        .group_by(key)
        .agg(paid=col("jumlah").sum())
    )
    rest = col("jumlah") - col("paid").fill_null(0)
    return (
        scan["tagihan"]
        .filter(col("blth").is_in(due_months(months)))
        .select(*key, "tk", "jumlah")
        .join(paid, on=key, how="left")
        .with_columns(rest=rest)
        .filter(col("rest") > 0)
        .group_by("npp", "divisi", "blth")
        .agg(col("rest").sum(), col("tk").max().cast(pl.Int64))
        .group_by("npp", "blth")
        .agg(col("rest").sum(), col("tk").sum())
        .group_by("npp")
        .agg(pekerja=col("tk").max(), rupiah=col("rest").sum(), bulan=pl.len().cast(pl.Int64))
        .filter(col("bulan") >= 3)
        .select(
            aturan=lit("PIUTANG"),
            subject="npp:" + col("npp"),
            pekerja="pekerja",
            rupiah="rupiah",
            bulan="bulan",
        )
        .collect(engine="streaming")
    )


def _lapsed(
    listed: pl.DataFrame, known: pl.DataFrame, people: pl.DataFrame, emp: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    ended = (
        known.sort("tgl_akhir", "npp", nulls_last=False)
        .group_by("grup", "nik")
        .agg(
            last=col("tgl_akhir").max(),
            npp=col("npp").last(),
            here=col("upah").max(),
            runs=col("running").any(),
        )
        .filter(~col("runs"))
        .drop("runs")
    )
    gone = people.filter(~col("died").fill_null(value=False) & ~col("active")).select("nik")
    workers = (
        listed.drop("npp")
        .join(ended, on=["grup", "nik"])
        .filter(col("tgl_data") > col("last"))
        .join(gone, on="nik", how="semi")
        .group_by("npp", "nik")
        .agg(shown=col("upah").max(), here=col("here").max(), since=col("tgl_data").min())
    )
    flags = (
        workers.join(emp, on="npp")
        .group_by("npp")
        .agg(
            pekerja=pl.len(),
            owed=_owed(pl.coalesce("shown", "here", lit(0))).sum(),
            since=col("since").min(),
        )
    )
    return _flags("LAPSED", flags), workers
