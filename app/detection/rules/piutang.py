"""PIUTANG: contributions billed and unpaid for at least N months, with their ageing class.

Law: UU 24/2011 Pasal 19(1) and (2): the employer collects and pays contributions.
Reading: N = 3 distinct months with a principal outstanding whose due date has passed on the
sweep's day, over all divisi and programmes; payments after that day are ignored, an overpayment
stays with its bill; the amount is the principal, without penalty (product.md).
"""

from typing import Final

import narwhals.stable.v2 as nw

from app.detection.facts import Facts
from app.detection.facts.asof import AsOf
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
from app.law.citation import Citation
from app.law.late_payment import ageing_class
from app.law.money import formatted
from app.law.month import Month
from app.registry.matching import Frame

BASIS: Final = Citation(
    instrument="UU 24/2011", article="Pasal 19 ayat (1) dan ayat (2)", grade="A", source="S7"
)
BECAUSE: Final = (
    "{nama} menunggak iuran {bulan} bulan ({awal} sampai {akhir}) dengan pokok {pokok}, "
    "golongan {golongan}."
)
METHOD: Final = "pokok"


def _rows(facts: Facts) -> Frame:
    """Return the due bills that are not paid in full."""
    return facts.unpaid


def _candidates(facts: Facts, rows: Frame) -> Frame:
    per_division = rows.group_by("npp", "divisi", "blth").agg(
        nw.col("sisa").sum(), nw.col("tk").max(), nw.len().alias("tagihan")
    )
    per_month = per_division.group_by("npp", "blth").agg(
        nw.col("sisa").sum(), nw.col("tk").sum(), nw.col("tagihan").sum()
    )
    summed = (
        per_month.group_by("npp")
        .agg(
            nw.len().alias("bulan_tunggak"),
            nw.col("sisa").sum().cast(nw.Int64()).alias("pokok"),
            nw.col("tk").max().cast(nw.Int64()).alias("jumlah_tk"),
            nw.col("tagihan").sum().cast(nw.Int64()),
            nw.col("blth").min().alias("awal"),
            nw.col("blth").max().alias("akhir"),
        )
        .filter(_when(facts.asof))
        .with_columns(pembawa=nw.lit(""))
    )
    return identified(summed, facts).select(
        *IDENTITY, "jumlah_tk", "pokok", "bulan_tunggak", "pembawa", "tagihan", "awal", "akhir"
    )


def _when(asof: AsOf) -> nw.Expr:
    return nw.col("bulan_tunggak") >= asof.arrears_months


def _evidence(facts: Facts, rows: Frame, flagged: Frame) -> Evidence:
    del facts
    return {
        "tagihan": rows.join(flagged, on="npp", how="inner").select(
            "subject", "baris", "divisi", "blth", "program", "jumlah", "dibayar", "sisa"
        )
    }


def _describe(row: Row, asof: AsOf) -> Description:
    months = whole(row, "bulan_tunggak")
    first, last = (str(Month.from_index(whole(row, name))) for name in ("awal", "akhir"))
    ageing = ageing_class(months=months, on=asof.on, law=asof.law) or ""
    return Description(
        numbers={
            "pokok": whole(row, "pokok"),
            "bulan_tunggak": months,
            "tagihan": whole(row, "tagihan"),
            "bulan_awal": first,
            "bulan_akhir": last,
            "golongan_umur": ageing,
            "pekerja": whole(row, "jumlah_tk"),
        },
        values={
            "nama": text(row, "nama"),
            "bulan": months,
            "awal": first,
            "akhir": last,
            "pokok": formatted(whole(row, "pokok")),
            "golongan": ageing.replace("_", " "),
        },
        method=METHOD,
        confidence="tinggi",
        reason="Tagihan dan pembayaran menurut data kepesertaan sendiri.",
        because=BECAUSE,
    )


PIUTANG: Final = Rule(
    code="PIUTANG",
    version=1,
    title="Piutang iuran",
    basis=(BASIS,),
    rows=_rows,
    candidates=_candidates,
    when=_when,
    evidence=_evidence,
    describe=_describe,
)
