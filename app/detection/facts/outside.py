"""PURE: employers as other agencies know them, grouped, linked to the registry, fresh or stale."""

from typing import Final

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

LEAST_CONTRADICTION: Final = 10
# In links: the outside employer by whose name another goes.
JOINED: Final = "induk"


def records(sources: Frame, *, fresh: nw.Expr, keep: Keep) -> Frame:
    """Return the rows of sumber_pemberi_kerja with `kunci` and `segar`: 1 where `fresh`, else 0."""
    rows = sources.select(
        "baris", "sumber", "id_sumber", "nama", "npwp", "nib", "alamat", "kode_wilayah",
        "jumlah_tk", "skala", "tgl_data",
        npwp16=npwp16("npwp"),
        segar=nw.when(fresh).then(nw.lit(1)).otherwise(nw.lit(0)),
    )  # fmt: skip
    return named(keep("numbered", numbered(rows)), keep=keep)


def linked(
    records: Frame, *, divisions: Frame, employers: Frame, linker: Linker, keep: Keep
) -> Frame:
    """Return every record with what it is linked to: npp, metode, mirip_npp, grup, status.

    All of them are null for an outside employer that is not registered here. Where linkage found
    that it is another such employer, `kunci` is that one's, and `digabung` is the method.
    """
    links = linker(parties(records, divisions), keep)
    if JOINED not in links.columns:
        links = links.with_columns(
            induk=nw.lit(None, dtype=nw.String()), cara=nw.lit(None, dtype=nw.String())
        )
    here = employers.select(
        "npp",
        "grup",
        status_sini=nw.col("status"),
        tgl_daftar=nw.col("tgl_daftar"),
    )
    return (
        records.join(links, on="kunci", how="left")
        .with_columns(kunci=nw.coalesce(nw.col(JOINED), nw.col("kunci")), digabung=nw.col("cara"))
        .drop(JOINED, "cara")
        .join(here, on="npp", how="left")
    )


def parties(records: Frame, divisions: Frame) -> Parties:
    """Return what linkage compares."""
    return Parties(
        records=records.select("kunci", "npwp16", "nib", "nama", "kode_wilayah"),
        registered=divisions.select(
            "npp", "grup", "npwp16", "nib", "nama", "bentuk", "kode_wilayah", "urutan_status"
        ),
    )


def unregistered(linked: Frame) -> Frame:
    """Keep records of employers that are not registered here, or closed."""
    return linked.filter(nw.col("npp").is_null() | (nw.col("status_sini") == "tutup"))


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


def contradicting(linked: Frame, *, by: str = "kunci") -> Frame:
    """Return employers whose fresh sources count their workers altogether differently.

    Reading: two agencies or more; twice as many or more, and at least ten, so that a shop with
    one worker more is no contradiction. Which of them is right is for a person to find out.
    """
    counted = linked.filter((nw.col("segar") == 1) & (nw.col("jumlah_tk") > 0))
    return (
        counted.group_by(by)
        .agg(
            nw.col("nama").min(),
            nw.col("sumber").n_unique().alias("banyak_sumber"),
            nw.col("jumlah_tk").min().alias("sedikit"),
            nw.col("jumlah_tk").max().alias("banyak"),
        )
        .filter(
            (nw.col("banyak_sumber") > 1)
            & (nw.col("banyak") >= nw.col("sedikit") * 2)
            & (nw.col("banyak") - nw.col("sedikit") >= LEAST_CONTRADICTION)
        )
    )


def disputed(linked: Frame) -> Frame:
    """Return `npp` of registered employers whose fresh sources contradict each other."""
    here = linked.filter(~nw.col("npp").is_null() & (nw.col("metode") != BY_SHARED_NAME))
    return contradicting(here, by="npp").select("npp", "sedikit", "banyak")


def contradict(*, least: int, most: int) -> bool:
    """Say of two head counts what `contradicting` says of a table; 0 is no head count."""
    return 0 < 2 * least <= most and most - least >= LEAST_CONTRADICTION
