"""PDS_UPAH: a wage reported here below a wage evidenced elsewhere.

Law: PP 86/2013 Pasal 3(2)(b): the reported wage matches the wage received.
Reading: at least 10 % above the reported wage, by a source that is not stale; reported is the sum
over the worker's running memberships at this employer (any divisi, any NPP of the same NPWP) that
had begun on the source's date; below the minimum wage alone raises nothing (product.md).
"""

from typing import Final

import narwhals.stable.v2 as nw

from app.detection.facts import Facts
from app.detection.facts.asof import POINTS, AsOf, months_since, obliged_contribution
from app.detection.facts.workers import exceeds
from app.detection.rules.rule import (
    IDENTITY,
    Description,
    Evidence,
    Row,
    Rule,
    by_likeness,
    carried_by,
    carrier,
    identified,
    likened_confidence,
    text,
    whole,
)
from app.law.citation import Citation
from app.law.money import formatted
from app.registry.matching import Frame, distinct

BASIS: Final = Citation(
    instrument="PP 86/2013", article="Pasal 3 ayat (2) huruf b", grade="B", source="S21"
)
BECAUSE: Final = (
    "Upah {tk} pekerja {nama} yang dilaporkan {dilaporkan} sebulan, sedangkan menurut {sumber} "
    "(data {hari}) {bukti}."
)


def _rows(facts: Facts) -> Frame:
    """Return one row per source row whose wage exceeds the reported one by the margin."""
    running = facts.known.filter(nw.col("berjalan") == 1).select(
        "grup", "nik", "npp", "divisi", "tgl_mulai", "baris", dilaporkan=nw.col("upah")
    )
    shown = (nw.col("status_sini") != "tutup") & (nw.col("upah") > 0)
    evidenced = facts.differing.filter(shown).select(
        "grup", "nik", "metode", "sumber", "id_sumber", "tgl_data", "nik_tertulis",
        mirip=by_likeness(),
        baris_sumber=nw.col("baris"),
        nama_pekerja=nw.col("nama"),
        bukti=nw.col("upah").cast(nw.Int64()),
        pembawa=carrier(),
    )  # fmt: skip
    source_row = evidenced.columns
    # Two cards in one divisi are the same pay twice; two divisi are two pays.
    return (
        evidenced.join(running, on=["grup", "nik"], how="inner")
        .filter(nw.col("tgl_mulai") <= nw.col("tgl_data"))
        .group_by(*source_row, "npp", "divisi")
        .agg(nw.col("dilaporkan").max(), nw.col("baris").min())
        .group_by(*source_row)
        .agg(
            nw.col("npp").min(),
            nw.col("dilaporkan").sum().cast(nw.Int64()),
            nw.col("baris").min().alias("baris_sini"),
        )
        .filter(exceeds(facts.asof, shown="bukti", reported="dilaporkan"))
    )


def _candidates(facts: Facts, rows: Frame) -> Frame:
    per_worker = rows.group_by("npp", "nik").agg(
        nw.col("bukti").max(),
        nw.col("mirip").min(),
        nw.col("dilaporkan").max(),
        nw.col("tgl_data").min(),
        nw.col("pembawa").max(),
        nw.col("metode").min(),
    )
    here = facts.employers.select("npp", "kelas_jkk", "skala")

    def owed(wage: str) -> nw.Expr:
        return obliged_contribution(
            facts.asof,
            wage=nw.col(wage),
            jkk_class=nw.col("kelas_jkk"),
            scale=nw.col("skala"),
        )

    fresh = rows.group_by("npp").agg(nw.col("sumber").n_unique().alias("sumber_segar"))
    summed = (
        per_worker.join(here, on="npp", how="inner")
        .with_columns(bulanan=owed("bukti") - owed("dilaporkan"))
        .group_by("npp")
        .agg(
            nw.len().alias("jumlah_tk"),
            nw.col("mirip").sum(),
            nw.col("bulanan").sum(),
            nw.col("bukti").sum(),
            nw.col("dilaporkan").sum(),
            nw.col("tgl_data").min().alias("sejak"),
            nw.col("pembawa").max(),
            nw.col("metode").min(),
        )
        .join(fresh, on="npp", how="left")
        .with_columns(bulan=months_since(facts.asof, nw.col("sejak")))
    )
    return identified(summed, facts).select(
        *IDENTITY, "jumlah_tk", "bulanan", "bulan", "pembawa", "sumber_segar", "metode", "bukti",
        "dilaporkan", "sejak", "mirip",
    )  # fmt: skip


def _when(asof: AsOf) -> nw.Expr:
    del asof
    return nw.col("jumlah_tk") >= 1


def _evidence(facts: Facts, rows: Frame, flagged: Frame) -> Evidence:
    del facts
    found = rows.join(flagged, on="npp", how="inner")
    return {
        "sumber_pekerja": found.select(
            "subject",
            "sumber",
            "id_sumber",
            "nik",
            "nik_tertulis",
            "tgl_data",
            baris=nw.col("baris_sumber"),
            nama=nw.col("nama_pekerja"),
            upah=nw.col("bukti"),
        ),
        "kepesertaan": distinct(
            found.select(
                "subject",
                "nik",
                baris=nw.col("baris_sini"),
                nama=nw.col("nama_pekerja"),
                upah=nw.col("dilaporkan"),
            ),
            "subject",
            "nik",
            "baris",
            "nama",
            "upah",
        ),
    }


def _describe(row: Row, asof: AsOf) -> Description:
    del asof
    carried = carried_by(row)
    confidence, reason, likened = likened_confidence(row)
    numbers: dict[str, object] = {
        "pekerja": whole(row, "jumlah_tk"),
        "upah_dilaporkan": whole(row, "dilaporkan"),
        "upah_bukti": whole(row, "bukti"),
        "iuran_sebulan": whole(row, "bulanan") // POINTS,
        "bulan": whole(row, "bulan"),
        "sumber_segar": whole(row, "sumber_segar"),
        "tautan": text(row, "metode"),
        **likened,
    }
    return Description(
        numbers=numbers,
        values={
            "nama": text(row, "nama"),
            "tk": whole(row, "jumlah_tk"),
            "dilaporkan": formatted(whole(row, "dilaporkan")),
            "bukti": formatted(whole(row, "bukti")),
            "sumber": carried.source,
            "hari": carried.day,
        },
        method="selisih iuran atas upah bukti dan upah dilaporkan",
        confidence=confidence,
        reason=reason,
        because=BECAUSE,
    )


PDS_UPAH: Final = Rule(
    code="PDS_UPAH",
    version=1,
    title="Pemberi kerja daftar sebagian upah",
    basis=(BASIS,),
    rows=_rows,
    candidates=_candidates,
    when=_when,
    evidence=_evidence,
    describe=_describe,
)
