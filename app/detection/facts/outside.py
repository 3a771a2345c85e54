"""PURE: employers as other agencies know them, grouped, linked to the registry, fresh or stale."""

from datetime import date

import narwhals.stable.v2 as nw

from app.registry.matching import (
    BY_SHARED_NAME,
    Frame,
    Keep,
    Linker,
    Parties,
    named,
    npwp16,
    numbered,
)


def records(sources: Frame, *, fresh_from: date, keep: Keep) -> Frame:
    """Return the rows of sumber_pemberi_kerja with `kunci` and `segar` (1 fresh, 0 stale)."""
    fresh = nw.col("tgl_data") >= fresh_from
    rows = keep(
        "outside_rows",
        sources.select(
            "baris", "sumber", "id_sumber", "nama", "npwp", "nib", "alamat", "kode_wilayah",
            "jumlah_tk", "skala", "tgl_data",
            npwp16=npwp16("npwp"),
            segar=nw.when(fresh).then(nw.lit(1)).otherwise(nw.lit(0)),
        ),
    )  # fmt: skip
    return named(keep("numbered", numbered(rows)), keep=keep)


def linked(
    records: Frame, *, divisions: Frame, employers: Frame, linker: Linker, keep: Keep
) -> Frame:
    """Return every record with what it is linked to: npp, metode, mirip_npp, grup, status.

    All of them are null for an outside employer that is not registered here.
    """
    links = linker(parties(records, divisions), keep)
    here = employers.select(
        "npp",
        "grup",
        status_sini=nw.col("status"),
        tgl_daftar=nw.col("tgl_daftar"),
    )
    return records.join(links, on="kunci", how="left").join(here, on="npp", how="left")


def parties(records: Frame, divisions: Frame) -> Parties:
    """Return what linkage compares."""
    return Parties(
        records=records.select("kunci", "npwp16", "nib", "nama", "kode_wilayah"),
        registered=divisions.select(
            "npp", "grup", "npwp16", "nib", "nama", "bentuk", "kode_wilayah", "urutan_status"
        ),
    )


def comparable(linked: Frame) -> Frame:
    """Keep records that can be held against the registry.

    Reading: linked to one employer that is not closed; not stale; not older than the employer's
    registration, of which such a source says nothing.
    """
    return linked.filter(
        ~nw.col("npp").is_null()
        & (nw.col("metode") != BY_SHARED_NAME)
        & (nw.col("status_sini") != "tutup")
        & (nw.col("segar") == 1)
        & (nw.col("tgl_data") >= nw.col("tgl_daftar"))
    )
