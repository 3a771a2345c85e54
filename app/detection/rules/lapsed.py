"""LAPSED: workers whose membership here ended while a later source still shows them at work here.

Law: UU 24/2011 Pasal 15(1): an employer registers its workers for as long as they work.
Reading: every membership at this employer (any divisi, any NPP of the same NPWP) has ended, none
runs anywhere, and a source that is not stale and is dated later than the end lists them; one who
died is left out (product.md). It is asked of a closed employer too. Why the membership ended is
told and decides nothing: of a worker the last end, of two on one day the earlier in the list of
reasons, the old-age savings claim first.
"""

from typing import Final

import narwhals.stable.v2 as nw

from app.detection.facts import Facts
from app.detection.facts.asof import POINTS, AsOf, months_since, obliged_contribution
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
from app.registry.matching import Frame, distinct
from app.registry.reference.endings import END_WORDS

BASIS: Final = Citation(
    instrument="UU 24/2011", article="Pasal 15 ayat (1)", grade="A", source="S1"
)
BECAUSE: Final = (
    "Kepesertaan {tk} pekerja {nama} telah berakhir ({sebab}) tanpa kepesertaan lain, tetapi "
    "{sumber} (data {hari}) masih mencatat mereka bekerja di sana."
)
_DAY: Final = 10
# From what is told last to what is told first; nobody here has died.
_REASONS: Final = tuple(reason for reason in reversed([*END_WORDS]) if reason != "meninggal")


def rows_dated(facts: Facts, *, later: nw.Expr) -> Frame:
    """Return one row per source row that shows a lapsed worker at work.

    `later` says of its `tgl_data` whether it is late enough after `berakhir`.
    """
    ended = (
        facts.known.with_columns(
            terakhir=nw.concat_str(nw.col("tgl_akhir").cast(nw.String()), nw.col("npp")),
            sebab_terakhir=nw.concat_str(nw.col("tgl_akhir").cast(nw.String()), _rank()),
        )
        .group_by("grup", "nik")
        .agg(
            nw.col("berjalan").max(),
            nw.col("tgl_akhir").max().alias("berakhir"),
            nw.col("terakhir").max(),
            nw.col("sebab_terakhir").max(),
            nw.col("upah").max().alias("upah_sini"),
        )
        .filter(nw.col("berjalan") == 0)
        .select(
            "grup",
            "nik",
            "berakhir",
            "upah_sini",
            npp=nw.col("terakhir").str.slice(_DAY),
            sebab=nw.col("sebab_terakhir").str.slice(_DAY),
        )
    )
    gone = facts.people.filter(
        (nw.col("meninggal") == 0) & (nw.col("aktif_di_mana_pun") == 0)
    ).select("nik")
    return (
        facts.differing.select(
            "grup", "nik", "metode", "sumber", "id_sumber", "tgl_data", "nik_tertulis",
            mirip=by_likeness(),
            baris_sumber=nw.col("baris"),
            nama_pekerja=nw.col("nama"),
            upah_sumber=nw.col("upah"),
            pembawa=carrier(),
        )
        .join(ended, on=["grup", "nik"], how="inner")
        .filter(later)
        .join(gone, on="nik", how="semi")
    )  # fmt: skip


def _rows(facts: Facts) -> Frame:
    return rows_dated(facts, later=nw.col("tgl_data") > nw.col("berakhir"))


def _rank() -> nw.Expr:
    """Return the place of `sebab_akhir` in _REASONS as one digit; what is not recorded is 0."""
    found = nw.lit("0")
    for place, reason in enumerate(_REASONS):
        found = nw.when(nw.col("sebab_akhir") == reason).then(nw.lit(str(place))).otherwise(found)
    return found


def _candidates(facts: Facts, rows: Frame) -> Frame:
    per_worker = rows.group_by("npp", "nik").agg(
        nw.col("upah_sumber").max(),
        nw.col("mirip").min(),
        nw.col("upah_sini").max(),
        nw.col("tgl_data").min(),
        nw.col("pembawa").max(),
        nw.col("metode").min(),
        nw.col("berakhir").max(),
        nw.col("sebab").max(),
    )
    by_reason = {
        f"sebab_{reason}": nw.when(nw.col("sebab") == str(place))
        .then(nw.lit(1))
        .otherwise(nw.lit(0))
        for place, reason in enumerate(_REASONS)
    }
    here = facts.employers.select("npp", "kelas_jkk", "skala")
    owed = obliged_contribution(
        facts.asof,
        wage=nw.coalesce(nw.col("upah_sumber"), nw.col("upah_sini"), nw.lit(0)).cast(nw.Int64()),
        jkk_class=nw.col("kelas_jkk"),
        scale=nw.col("skala"),
    )
    fresh = rows.group_by("npp").agg(nw.col("sumber").n_unique().alias("sumber_segar"))
    summed = (
        per_worker.join(here, on="npp", how="inner")
        .with_columns(bulanan=owed, **by_reason)
        .group_by("npp")
        .agg(
            nw.len().alias("jumlah_tk"),
            nw.col("mirip").sum(),
            nw.col("bulanan").sum(),
            nw.col("tgl_data").min().alias("sejak"),
            nw.col("berakhir").max(),
            nw.col("pembawa").max(),
            nw.col("metode").min(),
            *(nw.col(name).sum() for name in by_reason),
        )
        .join(fresh, on="npp", how="left")
        .with_columns(bulan=months_since(facts.asof, nw.col("sejak")))
    )
    return identified(summed, facts).select(
        *IDENTITY, "jumlah_tk", "bulanan", "bulan", "pembawa", "sumber_segar", "metode",
        "berakhir", "sejak", "mirip", *by_reason,
    )  # fmt: skip


def _when(asof: AsOf) -> nw.Expr:
    del asof
    return nw.col("jumlah_tk") >= 1


def _evidence(facts: Facts, rows: Frame, flagged: Frame) -> Evidence:
    found = rows.join(flagged, on="npp", how="inner")
    people = distinct(found, "subject", "grup", "nik")
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
            upah=nw.col("upah_sumber"),
        ),
        "kepesertaan": facts.known.join(people, on=["grup", "nik"], how="inner").select(
            "subject", "baris", "divisi", "kpj", "nik", "tgl_mulai", "tgl_akhir", "sebab_akhir"
        ),
    }


def describe(row: Row, asof: AsOf) -> Description:
    del asof
    carried = carried_by(row)
    confidence, reason, likened = likened_confidence(row)
    reasons = {reason: count for reason in END_WORDS if (count := whole(row, f"sebab_{reason}"))}
    numbers: dict[str, object] = {
        "pekerja": whole(row, "jumlah_tk"),
        "sebab_akhir": reasons,
        "berakhir_terakhir": text(row, "berakhir"),
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
            "sumber": carried.source,
            "hari": carried.day,
            "sebab": [[count, END_WORDS[reason]] for reason, count in reasons.items()],
        },
        method="upah sumber, selebihnya upah terakhir yang dilaporkan",
        confidence=confidence,
        reason=reason,
        because=BECAUSE,
    )


LAPSED: Final = Rule(
    code="LAPSED",
    version=1,
    title="Kepesertaan berakhir, pekerja masih bekerja",
    basis=(BASIS,),
    rows=_rows,
    candidates=_candidates,
    when=_when,
    evidence=_evidence,
    describe=describe,
)
