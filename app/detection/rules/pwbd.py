"""PWBD: an employer known elsewhere with at least one worker, unregistered here.

Law: UU 24/2011 Pasal 15(1): an employer registers itself and its workers.
Reading: one flag per outside employer, over all sources that know it (same NPWP, else same NIB,
else name and place where there is neither, else a likeness or a person's word, which is said);
at least one worker by a source that is not stale;
closed here but alive in a fresh source later than the last membership is a PWBD with that remark;
a shared name and place under another NPWP or NIB is no link, and is said (product.md).
"""

from typing import Final

import narwhals.stable.v2 as nw

from app.detection.facts import Facts
from app.detection.facts.asof import (
    POINTS,
    AsOf,
    months_since,
    obliged_contribution,
)
from app.detection.facts.outside import contradict
from app.detection.rules.rule import (
    CONTRADICTED,
    IDENTITY,
    Description,
    Evidence,
    Row,
    Rule,
    carried_by,
    carrier,
    text,
    whole,
)
from app.detection.schemas import Confidence
from app.law.citation import Citation
from app.registry.matching import BY_SIMILARITY, Frame, distinct

BASIS: Final = Citation(
    instrument="UU 24/2011", article="Pasal 15 ayat (1)", grade="A", source="S1"
)
BECAUSE: Final = (
    "{nama} tercatat pada {sumber} dengan {tk} pekerja (data {hari}), tetapi belum terdaftar."
)
BECAUSE_CLOSED: Final = (
    "{nama} berstatus tutup di sini (NPP {npp}), tetapi menurut {sumber} (data {hari}) masih "
    "mempekerjakan {tk} orang."
)
BECAUSE_ALIKE: Final = (
    "{nama} tercatat pada {sumber} dengan {tk} pekerja (data {hari}), tetapi belum terdaftar; "
    "nama dan wilayahnya sama dengan NPP {npp_mirip} yang nomor, bentuk, atau alamatnya berbeda."
)

JOINED: Final = "Catatan beberapa instansi digabung karena nama, alamat, dan wilayahnya mirip."
JOINED_BY_PEOPLE: Final = "Catatan beberapa instansi digabung oleh keputusan petugas."
ALIKE: Final = (
    "Nama dan wilayah sama dengan pemberi kerja terdaftar yang nomor, bentuk, atau alamatnya "
    "berbeda."
)


def _rows(facts: Facts) -> Frame:
    """Return the outside records of employers that are not registered or closed here.

    `pekerja` is the number of workers by that record where it may carry a flag, else 0.
    """
    after_change = nw.col("akhir_sini").is_null() | (nw.col("tgl_data") > nw.col("akhir_sini"))
    after_bills = nw.col("tagihan_akhir").is_null() | (
        nw.col("tgl_data").dt.year() * 12 + nw.col("tgl_data").dt.month() - 1
        > nw.col("tagihan_akhir")
    )
    listed = nw.col("tk_daftar").fill_null(0)
    known = (
        nw.when(nw.col("segar") == 1).then(nw.col("jumlah_tk").fill_null(0)).otherwise(nw.lit(0))
    )
    most = nw.when(listed > known).then(listed).otherwise(known)
    return (
        facts.unregistered.join(facts.closed, on="npp", how="left")
        .join(facts.list_sizes, on=["sumber", "id_sumber"], how="left")
        .with_columns(
            subject=nw.when(nw.col("npp").is_null())
            .then(nw.col("kunci"))
            .otherwise(nw.concat_str(nw.lit("npp:"), nw.col("npp"))),
            pekerja=nw.when(after_change & after_bills).then(most).otherwise(nw.lit(0)),
        )
        .with_columns(
            membawa=nw.when(nw.col("pekerja") > 0).then(nw.lit(1)).otherwise(nw.lit(0)),
        )
        .with_columns(
            # The record that stands for the employer: carrying ones first, then the newest.
            wakil=nw.concat_str(
                nw.col("membawa").cast(nw.String()),
                nw.lit("|"),
                carrier(),
                nw.lit("|"),
                nw.col("baris").cast(nw.String()),
            )
        )
    )


def _candidates(facts: Facts, rows: Frame) -> Frame:
    by_source = (
        rows.with_columns(
            hari_membawa=nw.when(nw.col("membawa") == 1).then(nw.col("tgl_data")),
            tk_membawa=nw.when(nw.col("membawa") == 1).then(nw.col("pekerja")),
        )
        .group_by("subject", "sumber")
        .agg(
            nw.col("membawa").max(),
            nw.col("pekerja").max(),
            nw.col("tk_daftar").max(),
            nw.col("upah_daftar").max(),
            nw.col("hari_membawa").min(),
            nw.col("tk_membawa").max(),
            nw.col("wakil").max(),
            nw.col("npwp").max().alias("npwp_grup"),
            nw.col("nib").max().alias("nib_grup"),
            nw.col("skala").max().alias("skala_grup"),
            nw.col("mirip_npp").max(),
            # Sorted, a likeness comes before a person's word: one of them is enough to ask.
            nw.col("digabung").min(),
            (~nw.col("digabung").is_null()).cast(nw.Int64()).sum().alias("catatan_digabung"),
        )
    )
    summed = by_source.group_by("subject").agg(
        nw.col("membawa").sum().alias("sumber_segar"),
        nw.len().alias("jumlah_sumber"),
        nw.col("pekerja").max(),
        nw.col("tk_daftar").max(),
        nw.col("upah_daftar").max(),
        nw.col("hari_membawa").min().alias("sejak"),
        nw.col("tk_membawa").min().alias("tk_tersedikit"),
        nw.col("wakil").max(),
        nw.col("npwp_grup").max(),
        nw.col("nib_grup").max(),
        nw.col("skala_grup").max(),
        nw.col("mirip_npp").max(),
        nw.col("digabung").min(),
        nw.col("catatan_digabung").sum(),
    )
    records = rows.select(
        "subject", "wakil", "npp", "nama", "alamat", "npwp", "nib", "kode_wilayah",
        pembawa=carrier(),
    )  # fmt: skip
    placed = (
        summed.filter(nw.col("sumber_segar") > 0)
        .join(records, on=["subject", "wakil"], how="inner")
        .join(facts.places, on="kode_wilayah", how="left")
    )
    return _estimated(facts, placed)


def _estimated(facts: Facts, placed: Frame) -> Frame:
    here = facts.employers.select(
        "npp",
        divisi_sini=nw.col("divisi"),
        cabang_sini=nw.col("kantor_cabang"),
    )
    evidenced = nw.when((nw.col("upah_daftar") > 0) & (nw.col("tk_daftar") > 0)).then(
        (nw.col("upah_daftar") // nw.col("tk_daftar")).cast(nw.Int64())
    )
    owed = obliged_contribution(
        facts.asof,
        wage=nw.col("upah_dasar"),
        jkk_class=nw.lit(0),
        scale=nw.col("skala_grup"),
    )
    return (
        placed.join(here, on="npp", how="left")
        .with_columns(
            upah_dasar=nw.coalesce(evidenced, nw.col("upah_wilayah"), nw.lit(0)).cast(nw.Int64()),
            jumlah_tk=nw.col("pekerja").cast(nw.Int64()),
            npwp=nw.coalesce(nw.col("npwp"), nw.col("npwp_grup")),
            nib=nw.coalesce(nw.col("nib"), nw.col("nib_grup")),
            divisi=nw.coalesce(nw.col("divisi_sini"), nw.lit("")),
            kantor_cabang=nw.coalesce(nw.col("cabang_sini"), nw.col("cabang"), nw.lit("")),
            bulan=months_since(facts.asof, nw.col("sejak")),
        )
        .with_columns(bulanan=nw.col("jumlah_tk") * owed)
        .select(
            *IDENTITY, "jumlah_tk", "bulanan", "bulan", "pembawa", "sumber_segar",
            "jumlah_sumber", "upah_dasar", "upah_daftar", "skala_grup", "mirip_npp", "sejak",
            "tk_tersedikit", "digabung", "catatan_digabung",
        )
    )  # fmt: skip


def _when(asof: AsOf) -> nw.Expr:
    del asof
    return (nw.col("jumlah_tk") >= 1) & (nw.col("sumber_segar") >= 1)


def _evidence(facts: Facts, rows: Frame, flagged: Frame) -> Evidence:
    found = rows.join(flagged, on="subject", how="semi")
    places = distinct(found, "subject", "sumber", "id_sumber")
    return {
        "sumber_pemberi_kerja": found.select(
            "subject", "baris", "sumber", "id_sumber", "nama", "npwp", "nib", "kode_wilayah",
            "jumlah_tk", "tgl_data", tautan=nw.col("digabung"),
        ),
        "sumber_pekerja": facts.listed_outside.join(
            places, on=["sumber", "id_sumber"], how="inner"
        ),
        "pemberi_kerja": distinct(found.filter(~nw.col("npp").is_null()), "subject", "npp").join(
            facts.employers.select("npp", "nama", "status", "baris"), on="npp", how="inner"
        ),
    }  # fmt: skip


def _describe(row: Row, asof: AsOf) -> Description:
    carried = carried_by(row)
    closed, alike = text(row, "npp"), text(row, "mirip_npp")
    sources, fresh = whole(row, "jumlah_sumber"), whole(row, "sumber_segar")
    because = BECAUSE_CLOSED if closed else BECAUSE_ALIKE if alike else BECAUSE
    confidence, reason = _certainty(row, fresh=fresh, alike=alike)
    numbers: dict[str, object] = {
        "pekerja": whole(row, "jumlah_tk"),
        "sumber": sources,
        "sumber_segar": fresh,
        "upah_dasar": whole(row, "upah_dasar"),
        "skala": text(row, "skala_grup"),
        "iuran_sebulan": whole(row, "bulanan") // POINTS,
        "bulan": whole(row, "bulan"),
        "tutup_di_sini": bool(closed),
        "mirip_npp": alike,
    }
    if joined := text(row, "digabung"):
        numbers |= {"tautan": joined, "digabung": whole(row, "catatan_digabung")}
    if _contradicted(row):
        numbers["tk_tersedikit"] = whole(row, "tk_tersedikit")
    del asof
    return Description(
        numbers=numbers,
        values={
            "nama": text(row, "nama"),
            "sumber": carried.source,
            "tk": whole(row, "jumlah_tk"),
            "hari": carried.day,
            "npp": closed,
            "npp_mirip": alike,
        },
        method="upah sumber" if whole(row, "upah_daftar") else "rata-rata upah wilayah",
        confidence=confidence,
        reason=reason,
        because=because,
    )


def _contradicted(row: Row) -> bool:
    return contradict(least=whole(row, "tk_tersedikit"), most=whole(row, "jumlah_tk"))


def _certainty(row: Row, *, fresh: int, alike: str) -> tuple[Confidence, str]:
    joined = text(row, "digabung")
    if joined == BY_SIMILARITY:
        return "perlu ditinjau", JOINED
    if alike:
        return (
            "perlu ditinjau",
            ALIKE,
        )
    if not text(row, "npwp") and not text(row, "nib"):
        return "perlu ditinjau", "Sumber tidak menyebut NPWP maupun NIB."
    if _contradicted(row):
        return CONTRADICTED
    return _by_sources(fresh=fresh, joined=bool(joined))


def _by_sources(*, fresh: int, joined: bool) -> tuple[Confidence, str]:
    if joined:
        return "sedang", JOINED_BY_PEOPLE
    if fresh > 1:
        return "tinggi", "Lebih dari satu sumber baru menyebut pekerja."
    return "sedang", "Satu sumber baru menyebut pekerja."


PWBD: Final = Rule(
    code="PWBD",
    version=1,
    title="Pemberi kerja wajib belum daftar",
    basis=(BASIS,),
    rows=_rows,
    candidates=_candidates,
    when=_when,
    evidence=_evidence,
    describe=_describe,
)
