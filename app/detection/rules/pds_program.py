"""PDS_PROGRAM: fewer programmes than the employer's size obliges.

Law: Perpres 109/2013 Pasal 6: micro JKK and JKM; small also JHT; medium and large also JP.
Reading: by `skala`, the largest over the divisi that are not closed; a programme counts when one
of them has it; construction (KBLI 41 to 43) is judged by its project scheme and left out; a closed
employer is not asked (product.md).
"""

from typing import Final

import narwhals.stable.v2 as nw

from app.detection.facts import Facts
from app.detection.facts.asof import POINTS, AsOf
from app.detection.rules.rule import (
    IDENTITY,
    Description,
    Evidence,
    Row,
    Rule,
    identified,
    text,
    whole,
)
from app.law.parameters import norms
from app.law.parameters.programmes import PROGRAMMES, SCALES
from app.registry.matching import Frame

BECAUSE: Final = (
    "{nama} berskala {skala} dan wajib mengikuti {wajib}, tetapi belum mengikuti {kurang}."
)
CONSTRUCTION: Final = ("41", "42", "43")


def _rows(facts: Facts) -> Frame:
    """Return the employers, not closed and outside construction, with what each lacks."""
    lacking = [
        nw.when(
            nw.col("peringkat").is_in(_ranks_obliged(facts.asof, programme))
            & (nw.col(f"punya_{programme.lower()}") == 0)
        )
        .then(nw.lit(1))
        .otherwise(nw.lit(0))
        .alias(f"kurang_{programme.lower()}")
        for programme in PROGRAMMES
    ]
    division = nw.col("kbli").fill_null("").str.slice(0, 2)
    return facts.employers.filter(
        (nw.col("status") != "tutup") & (nw.col("peringkat") > 0) & ~division.is_in(CONSTRUCTION)
    ).with_columns(*lacking)


def _candidates(facts: Facts, rows: Frame) -> Frame:
    jkk = nw.lit(0)
    for kelas, points in facts.asof.jkk_points.items():
        jkk = nw.when(nw.col("kelas_jkk") == kelas).then(nw.lit(points)).otherwise(jkk)
    paid = nw.col("upah_aktif")
    rates = facts.asof.rate_points
    bulanan = (
        nw.col("kurang_jkk") * paid * jkk
        + nw.col("kurang_jkm") * paid * rates["JKM"]
        + nw.col("kurang_jht") * paid * rates["JHT"]
        + nw.col("kurang_jp") * nw.col("upah_jp") * rates["JP"]
    )
    lacks = [f"kurang_{programme.lower()}" for programme in PROGRAMMES]
    summed = (
        rows.select("npp", "peringkat", "kelas_jkk", *lacks)
        .with_columns(kurang=_any_missing())
        .filter(nw.col("kurang") > 0)
        .join(_wages(facts, rows), on="npp", how="left")
        .with_columns(
            nw.col("upah_aktif").fill_null(0).cast(nw.Int64()),
            nw.col("upah_jp").fill_null(0).cast(nw.Int64()),
            jumlah_tk=nw.col("tk_aktif").fill_null(0).cast(nw.Int64()),
        )
        .with_columns(
            bulanan=bulanan,
            bulan=nw.lit(1),
            pembawa=nw.lit(""),
        )
    )
    return identified(summed, facts).select(
        *IDENTITY, "jumlah_tk", "bulanan", "bulan", "pembawa", "peringkat", "kurang", "upah_aktif",
        *lacks,
    )  # fmt: skip


def _wages(facts: Facts, rows: Frame) -> Frame:
    """Return per npp that lacks something its workers, each once, and their reported wages."""
    lacking = rows.filter(_any_missing() > 0).select("npp")
    running = facts.memberships.select("npp", "divisi", "nik", "upah", "tgl_mulai", "tgl_akhir")
    ceiling = facts.asof.jp_ceiling
    return (
        running.join(lacking, on="npp", how="semi")
        .filter(
            (nw.col("tgl_mulai") <= facts.asof.on)
            & (nw.col("tgl_akhir").is_null() | (nw.col("tgl_akhir") >= facts.asof.on))
        )
        .group_by("npp", "divisi", "nik")
        .agg(nw.col("upah").max())
        .group_by("npp", "nik")
        .agg(nw.col("upah").sum())
        .with_columns(
            upah_jp=nw.when(nw.col("upah") > ceiling)
            .then(nw.lit(ceiling))
            .otherwise(nw.col("upah"))
        )
        .group_by("npp")
        .agg(
            nw.len().alias("tk_aktif"),
            nw.col("upah").sum().alias("upah_aktif"),
            nw.col("upah_jp").sum(),
        )
    )


def _any_missing() -> nw.Expr:
    jkk, jkm, jht, jp = (nw.col(f"kurang_{programme.lower()}") for programme in PROGRAMMES)
    return jkk + jkm + jht + jp


def _when(asof: AsOf) -> nw.Expr:
    del asof
    return nw.col("kurang") >= 1


def _evidence(facts: Facts, rows: Frame, flagged: Frame) -> Evidence:
    del rows
    return {
        "pemberi_kerja": facts.divisions.join(flagged, on="npp", how="inner").select(
            "subject", "baris", "npp", "divisi", "nama", "skala", "kbli", "program", "status"
        )
    }


def _describe(row: Row, asof: AsOf) -> Description:
    scale = SCALES[whole(row, "peringkat") - 1]
    missing = [name for name in PROGRAMMES if whole(row, f"kurang_{name.lower()}")]
    return Description(
        numbers={
            "skala": scale,
            "wajib": ", ".join(asof.obliged[scale]),
            "kurang": ", ".join(missing),
            "pekerja": whole(row, "jumlah_tk"),
            "upah_dilaporkan": whole(row, "upah_aktif"),
            "iuran_sebulan": whole(row, "bulanan") // POINTS,
            "bulan": whole(row, "bulan"),
        },
        values={
            "nama": text(row, "nama"),
            "skala": scale,
            "wajib": ", ".join(asof.obliged[scale]),
            "kurang": ", ".join(missing),
        },
        method="iuran program yang kurang atas upah dilaporkan, satu bulan",
        confidence="tinggi",
        reason="Skala dan program menurut data kepesertaan sendiri.",
        because=BECAUSE,
    )


def _ranks_obliged(asof: AsOf, programme: str) -> list[int]:
    return [rank for rank, name in enumerate(SCALES, start=1) if programme in asof.obliged[name]]


PDS_PROGRAM: Final = Rule(
    code="PDS_PROGRAM",
    version=1,
    title="Pemberi kerja daftar sebagian program",
    basis=(norms.PERPRES_109_2013,),
    rows=_rows,
    candidates=_candidates,
    when=_when,
    evidence=_evidence,
    describe=_describe,
)
