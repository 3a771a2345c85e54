"""PURE: employers as other agencies know them, grouped, linked to the registry, fresh or stale."""

import narwhals.stable.v2 as nw

from app.detection.facts.asof import AsOf
from app.registry.matching import BY_SHARED_NAME, Frame, Linker, Parties, keyed, npwp16


def records(sources: Frame, *, asof: AsOf) -> Frame:
    """Return the rows of sumber_pemberi_kerja with `kunci` and `segar` (1 fresh, 0 stale)."""
    return keyed(
        sources.with_columns(
            npwp16=npwp16("npwp"),
            segar=nw.when(nw.col("tgl_data") >= asof.fresh_from)
            .then(nw.lit(1))
            .otherwise(nw.lit(0)),
        )
    )


def linked(records: Frame, *, divisions: Frame, employers: Frame, linker: Linker) -> Frame:
    """Return every record with what it is linked to: npp, metode, mirip_npp, grup, status.

    All of them are null for an outside employer that is not registered here.
    """
    links = linker(
        Parties(
            records=records.select("kunci", "npwp16", "nib", "nama", "kode_wilayah"),
            registered=divisions.select(
                "npp", "grup", "npwp16", "nib", "nama", "bentuk", "kode_wilayah", "urutan_status"
            ),
        )
    )
    here = employers.select(
        "npp",
        "grup",
        status_sini=nw.col("status"),
        tgl_daftar=nw.col("tgl_daftar"),
    )
    return records.join(links, on="kunci", how="left").join(here, on="npp", how="left")


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
