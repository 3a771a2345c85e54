"""PDS_TK: fewer workers registered than employed; names them where a worker list exists.

Law: UU 24/2011 Pasal 15(1); PP 86/2013 Pasal 3: an employer registers all its workers.
Reading: by worker list, workers never registered at this employer (any divisi, any NPP of the
same NPWP), with 30 days of grace after tgl_mulai as of the source's date; by head count only where
no usable list exists, more than the registered number on that date by at least 2 and 10 %; a
worker whose membership here ended is LAPSED, one who died is neither; a source older than the
registration says nothing (product.md). A NIK whose last digit a spreadsheet zeroed is no stranger,
nor is one that linkage takes for a member's; one that it only asks about is a doubt (ADR 0023).
An employer closed here is PWBD's question.
"""

from typing import Final

import narwhals.stable.v2 as nw

from app.detection.facts import Facts
from app.detection.facts.asof import POINTS, AsOf, months_since, obliged_contribution
from app.detection.facts.workers import damaged_twins, doubted
from app.detection.rules.rule import (
    CONTRADICTED,
    IDENTITY,
    Description,
    Evidence,
    Row,
    Rule,
    carried_by,
    carrier,
    identified,
    in_doubt,
    link_confidence,
    lowered,
    text,
    whole,
)
from app.law.citation import Citation
from app.registry.matching import Frame, distinct

BASIS: Final = (
    Citation(instrument="UU 24/2011", article="Pasal 15 ayat (1)", grade="A", source="S1"),
    Citation(instrument="PP 86/2013", article="Pasal 3", grade="B", source="S21"),
)
BY_LIST: Final = "daftar"
BY_COUNT: Final = "jumlah"
BECAUSE_LIST: Final = (
    "{tk} pekerja {nama} menurut daftar {sumber} (data {hari}) belum pernah didaftarkan di sini."
)
BECAUSE_COUNT: Final = (
    "{sumber} (data {hari}) mencatat {dilaporkan} pekerja {nama}, sedangkan pada hari itu hanya "
    "{terdaftar} yang terdaftar."
)
MAY_BE_MEMBER: Final = "mungkin peserta"
DOUBT: Final = (
    "Sebagian pekerja itu mungkin sudah terdaftar dengan NIK yang ditulis lain; periksa "
    "pasangannya dahulu."
)
_COLUMNS: Final = (
    "npp", "grup", "metode", "cara", "nik", "baris", "sumber", "id_sumber", "tgl_data", "pembawa",
    "upah", "nama_pekerja", "tgl_mulai", "dilaporkan", "terdaftar", "nik_tertulis", "nik_ragu",
)  # fmt: skip


def _rows(facts: Facts) -> Frame:
    """Return one row per unregistered worker and source row, or per head count to compare."""
    return nw.concat([_missing(facts), _counts(facts)], how="vertical")


def _missing(facts: Facts) -> Frame:
    unknown = facts.strangers
    twins = damaged_twins(facts.memberships, unknown=unknown, employers=facts.employers)
    return (
        unknown.join(twins, on=["grup", "nik"], how="anti")
        .with_columns(
            cara=nw.lit(BY_LIST),
            nama_pekerja=nw.col("nama"),
            pembawa=carrier(),
            dilaporkan=nw.lit(1, dtype=nw.Int64()),
            terdaftar=nw.lit(0, dtype=nw.Int64()),
            upah=nw.col("upah").cast(nw.Int64()),
            baris=nw.col("baris").cast(nw.Int64()),
        )
        .select(*_COLUMNS)
    )


def _counts(facts: Facts) -> Frame:
    heads = (
        facts.comparable.join(facts.listing, on="npp", how="anti")
        .filter(nw.col("jumlah_tk") > 0)
        .select(
            "baris", "sumber", "id_sumber", "npp", "grup", "metode", "tgl_data",
            pembawa=carrier(),
            dilaporkan=nw.col("jumlah_tk").cast(nw.Int64()),
        )
    )  # fmt: skip
    registered = _registered(facts, distinct(heads, "grup", "tgl_data"))
    return (
        heads.join(registered, on=["grup", "tgl_data"], how="left")
        .with_columns(
            cara=nw.lit(BY_COUNT),
            nik=nw.lit(None, dtype=nw.Int64()),
            nik_tertulis=nw.lit(None, dtype=nw.Int64()),
            nik_ragu=nw.lit(None, dtype=nw.Int64()),
            nama_pekerja=nw.lit(None, dtype=nw.String()),
            tgl_mulai=nw.lit(None, dtype=nw.Date()),
            upah=nw.lit(None, dtype=nw.Int64()),
            terdaftar=nw.col("terdaftar").fill_null(0).cast(nw.Int64()),
            baris=nw.col("baris").cast(nw.Int64()),
        )
        .filter(_exceeds(facts.asof))
        .select(*_COLUMNS)
    )


def _registered(facts: Facts, days: Frame) -> Frame:
    """Return how many people were registered at each `grup` on each `tgl_data`.

    Counting people costs far more than counting cards, and few have two at one employer: only
    employers of such people are counted person by person.
    """
    npps = facts.employers.select("npp", "grup").join(days.select("grup"), on="grup", how="semi")
    cards = facts.memberships.select("npp", "nik", "tgl_mulai", "tgl_akhir").join(
        npps, on="npp", how="inner"
    )
    doubled = (
        cards.group_by("grup", "nik")
        .agg(nw.len().alias("kartu"))
        .filter(nw.col("kartu") > 1)
        .select("grup")
    )
    that_day = (nw.col("tgl_mulai") <= nw.col("tgl_data")) & (
        nw.col("tgl_akhir").is_null() | (nw.col("tgl_akhir") >= nw.col("tgl_data"))
    )
    by_card = (
        cards.join(days, on="grup", how="inner")
        .filter(that_day)
        .group_by("grup", "tgl_data")
        .agg(nw.len().alias("kartu"))
    )
    by_person = (
        cards.join(doubled, on="grup", how="semi")
        .join(days, on="grup", how="inner")
        .filter(that_day)
        .group_by("grup", "tgl_data")
        .agg(nw.col("nik").n_unique().alias("orang"))
    )
    return by_card.join(by_person, on=["grup", "tgl_data"], how="left").select(
        "grup", "tgl_data", terdaftar=nw.coalesce(nw.col("orang"), nw.col("kartu"))
    )


def _exceeds(asof: AsOf) -> nw.Expr:
    gap = nw.col("dilaporkan") - nw.col("terdaftar")
    return (gap >= asof.head_count_margin) & (
        gap * POINTS >= nw.col("terdaftar") * asof.head_count_points
    )


def _candidates(facts: Facts, rows: Frame) -> Frame:
    # One row per worker (a head count stands for its gap), so that nobody is counted twice.
    per_worker = (
        rows.with_columns(ragu=in_doubt())
        .group_by("npp", "cara", "nik")
        .agg(
            nw.col("upah").max(),
            nw.col("ragu").max(),
            nw.col("tgl_data").min(),
            nw.col("pembawa").max(),
            nw.col("metode").min(),
            (nw.col("dilaporkan") - nw.col("terdaftar")).max().alias("selisih"),
            nw.col("dilaporkan").max(),
            nw.col("terdaftar").min(),
        )
    )
    here = facts.employers.select("npp", "kode_wilayah", "kelas_jkk", "skala")
    placed = per_worker.join(here, on="npp", how="inner").join(
        facts.places, on="kode_wilayah", how="left"
    )
    owed = obliged_contribution(
        facts.asof,
        wage=nw.coalesce(nw.col("upah"), nw.col("upah_wilayah"), nw.lit(0)).cast(nw.Int64()),
        jkk_class=nw.col("kelas_jkk"),
        scale=nw.col("skala"),
    )
    fresh = rows.group_by("npp").agg(nw.col("sumber").n_unique().alias("sumber_segar"))
    summed = (
        placed.with_columns(bulanan=owed * nw.col("selisih"))
        .group_by("npp", "cara")
        .agg(
            nw.col("selisih").sum().alias("jumlah_tk"),
            nw.col("ragu").sum(),
            nw.col("bulanan").sum(),
            nw.col("tgl_data").min().alias("sejak"),
            nw.col("pembawa").max(),
            nw.col("metode").min(),
            nw.col("dilaporkan").max(),
            nw.col("terdaftar").min(),
        )
        .join(fresh, on="npp", how="left")
        .join(facts.disputed, on="npp", how="left")
        .with_columns(bulan=months_since(facts.asof, nw.col("sejak")))
    )
    return identified(summed, facts).select(
        *IDENTITY, "jumlah_tk", "bulanan", "bulan", "pembawa", "sumber_segar", "metode", "cara",
        "dilaporkan", "terdaftar", "sejak", "ragu", "sedikit", "banyak",
    )  # fmt: skip


def _when(asof: AsOf) -> nw.Expr:
    by_list = (nw.col("cara") == BY_LIST) & (nw.col("jumlah_tk") >= 1)
    return by_list | ((nw.col("cara") == BY_COUNT) & _exceeds(asof))


def _evidence(facts: Facts, rows: Frame, flagged: Frame) -> Evidence:
    found = rows.join(flagged, on="npp", how="inner")
    asked = {}
    if facts.links_workers:
        # Whom they may be: the reader compares before the employer is told anything.
        asked["kepesertaan"] = doubted(facts.memberships, rows=found, employers=facts.employers)
    return asked | {
        "sumber_pekerja": found.filter(nw.col("cara") == BY_LIST).select(
            "subject", "baris", "sumber", "id_sumber", "tgl_mulai", "upah", "tgl_data",
            nik=nw.coalesce(nw.col("nik_tertulis"), nw.col("nik")),
            nama=nw.col("nama_pekerja"),
            ragu=nw.when(~nw.col("nik_ragu").is_null()).then(nw.lit(MAY_BE_MEMBER)),
        ),
        "sumber_pemberi_kerja": found.filter(nw.col("cara") == BY_COUNT).select(
            "subject", "baris", "sumber", "id_sumber", "dilaporkan", "terdaftar", "tgl_data"
        ),
    }  # fmt: skip


def _describe(row: Row, asof: AsOf) -> Description:
    del asof
    carried = carried_by(row)
    by_list = text(row, "cara") == BY_LIST
    confidence, reason = link_confidence(row)
    if not by_list and confidence == "tinggi":
        confidence, reason = "sedang", "Hanya jumlah pekerja yang dibandingkan, bukan nama."
    doubts = whole(row, "ragu")
    if doubts:
        confidence = lowered(confidence, some=doubts, of=whole(row, "jumlah_tk"))
        reason = DOUBT
    disputed = not by_list and bool(whole(row, "banyak"))
    if disputed and confidence != "perlu ditinjau":
        confidence, reason = CONTRADICTED
    numbers: dict[str, object] = {
        "cara": text(row, "cara"),
        "pekerja": whole(row, "jumlah_tk"),
        "iuran_sebulan": whole(row, "bulanan") // POINTS,
        "bulan": whole(row, "bulan"),
        "sumber_segar": whole(row, "sumber_segar"),
        "tautan": text(row, "metode"),
    }
    if doubts:
        numbers["pekerja_ragu"] = doubts
    if not by_list:
        numbers["dilaporkan"] = whole(row, "dilaporkan")
        numbers["terdaftar"] = whole(row, "terdaftar")
    if disputed:
        numbers["tk_tersedikit"] = whole(row, "sedikit")
        numbers["tk_terbanyak"] = whole(row, "banyak")
    return Description(
        numbers=numbers,
        values={
            "nama": text(row, "nama"),
            "tk": whole(row, "jumlah_tk"),
            "sumber": carried.source,
            "hari": carried.day,
            "dilaporkan": whole(row, "dilaporkan"),
            "terdaftar": whole(row, "terdaftar"),
        },
        method="upah sumber, selebihnya rata-rata upah wilayah",
        confidence=confidence,
        reason=reason,
        because=BECAUSE_LIST if by_list else BECAUSE_COUNT,
    )


PDS_TK: Final = Rule(
    code="PDS_TK",
    version=1,
    title="Pemberi kerja daftar sebagian tenaga kerja",
    basis=BASIS,
    rows=_rows,
    candidates=_candidates,
    when=_when,
    evidence=_evidence,
    describe=_describe,
)
