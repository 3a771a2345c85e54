"""PURE: what the registry says of an employer: an NPP over all its divisi."""

from typing import Final

import narwhals.stable.v2 as nw

from app.law.parameters.programmes import PROGRAMMES, SCALES
from app.registry.matching import Frame, npwp16

_STATUS_ORDER: Final = {"aktif": "0", "nonaktif": "1", "tutup": "2"}


def divisions(employers: Frame) -> Frame:
    """Return one row per npp and divisi with what linkage compares.

    `grup` is the legal entity: NPPs that share an NPWP share it.
    """
    order = nw.lit("1")
    for status, rank in _STATUS_ORDER.items():
        order = nw.when(nw.col("status") == status).then(nw.lit(rank)).otherwise(order)
    rows = employers.with_columns(npwp16=npwp16("npwp"), urutan_status=order)
    entity = rows.group_by("npp").agg(
        nw.col("npwp16").min().alias("npwp_satu"), nw.col("urutan_status").min().alias("teratas")
    )
    return (
        rows.join(entity, on="npp", how="left")
        .with_columns(
            grup=nw.coalesce(nw.col("npwp_satu"), nw.concat_str(nw.lit("npp:"), nw.col("npp"))),
            urutan_status=nw.col("teratas"),
            urutan_divisi=nw.concat_str(nw.col("urutan_status"), nw.col("divisi")),
        )
        .drop("npwp_satu", "teratas")
    )


def employers(rows: Frame) -> Frame:
    """Return one row per npp from `divisions`: identity of the head divisi, facts over all.

    The head divisi is the active one with the smallest code. `divisi` is empty when there are
    several. A programme counts when a divisi that is not closed has it; the scale is
    the largest of those.
    """
    is_open = nw.col("status") != "tutup"
    has = [
        nw.when(is_open & nw.col("program").str.contains(f"(^|,){programme}(,|$)"))
        .then(nw.lit(1))
        .otherwise(nw.lit(0))
        .alias(f"punya_{programme.lower()}")
        for programme in PROGRAMMES
    ]
    rank = nw.lit(0)
    for position, scale in enumerate(SCALES, start=1):
        rank = nw.when(nw.col("skala") == scale).then(nw.lit(position)).otherwise(rank)
    open_rank = nw.when(is_open).then(rank).otherwise(nw.lit(0))
    facts = (
        rows.with_columns(*has, peringkat=open_rank)
        .group_by("npp")
        .agg(
            nw.col("urutan_divisi").min(),
            nw.len().alias("jumlah_divisi"),
            nw.col("urutan_status").min().alias("urutan_npp"),
            nw.col("tgl_daftar").min().alias("tgl_daftar_npp"),
            nw.col("peringkat").max(),
            *(nw.col(f"punya_{programme.lower()}").max() for programme in PROGRAMMES),
        )
    )
    return (
        facts.join(rows, on=["npp", "urutan_divisi"], how="inner")
        .with_columns(
            divisi=nw.when(nw.col("jumlah_divisi") == 1)
            .then(nw.col("divisi"))
            .otherwise(nw.lit("")),
            status=_status_of("urutan_npp"),
            tgl_daftar=nw.col("tgl_daftar_npp"),
        )
        .select(
            "npp", "divisi", "grup", "nama", "alamat", "npwp", "nib", "kbli", "skala", "kelas_jkk",
            "kode_wilayah", "kantor_cabang", "status", "tgl_daftar", "peringkat", "baris",
            *(f"punya_{programme.lower()}" for programme in PROGRAMMES),
        )
    )  # fmt: skip


def _status_of(column: str) -> nw.Expr:
    status = nw.lit("nonaktif")
    for name, rank in _STATUS_ORDER.items():
        status = nw.when(nw.col(column) == rank).then(nw.lit(name)).otherwise(status)
    return status
