"""PURE: workers as other agencies list them, beside their memberships here."""

from typing import Final

import narwhals.stable.v2 as nw

from app.detection.facts.asof import POINTS, AsOf
from app.registry.matching import BY_DECISION, BY_SHARED_NAME, BY_SIMILARITY, Frame, distinct

# How a worker is known to be a member although the NIK on the list is nobody's here.
LINKED: Final = (BY_SIMILARITY, BY_DECISION)


def listed(source_workers: Frame, *, linked: Frame, fresh: nw.Expr) -> Frame:
    """Return fresh rows of sumber_pekerja at employers linked to one that is registered here.

    A list older than the employer's registration says nothing of it and is left out.
    """
    places = distinct(
        linked.filter(~nw.col("npp").is_null() & (nw.col("metode") != BY_SHARED_NAME)),
        "sumber", "id_sumber", "npp", "grup", "metode", "status_sini", "tgl_daftar",
    )  # fmt: skip
    return (
        source_workers.filter(fresh & ~nw.col("nik").is_null())
        .select(
            "baris", "sumber", "id_sumber", "nik", "nama", "tgl_lahir", "tgl_mulai", "upah",
            "tgl_data",
        )
        .join(places, on=["sumber", "id_sumber"], how="inner")
        .filter(nw.col("tgl_data") >= nw.col("tgl_daftar"))
    )  # fmt: skip


def identified(listed: Frame, links: Frame) -> Frame:
    """Return `listed` with the `nik` of the member whom linkage takes a worker for.

    `nik_tertulis` is the NIK on the list where that is another, `tautan_pekerja` what makes it
    somebody else's: a likeness, a person's word, or a doubt. Doubt changes no NIK; `nik_ragu` is
    whose it may be.
    """
    sure = nw.col("tautan_pekerja").is_in(LINKED)
    found = links.select(
        "sumber",
        "id_sumber",
        nik=nw.col("nik").cast(nw.Int64()),
        nik_sini=nw.col("nik_sini").cast(nw.Int64()),
        tautan_pekerja=nw.col("metode"),
    )
    return (
        listed.join(found, on=["sumber", "id_sumber", "nik"], how="left")
        .with_columns(
            nik_tertulis=nw.when(sure).then(nw.col("nik")),
            nik_ragu=nw.when(~sure).then(nw.col("nik_sini")),
            nik=nw.when(sure).then(nw.col("nik_sini")).otherwise(nw.col("nik")),
        )
        .drop("nik_sini")
    )


def as_written(listed: Frame) -> Frame:
    """Return what `identified` does where nothing was linked: every NIK is its own."""
    return listed.with_columns(
        nik_tertulis=nw.lit(None, dtype=nw.Int64()),
        tautan_pekerja=nw.lit(None, dtype=nw.String()),
        nik_ragu=nw.lit(None, dtype=nw.Int64()),
    )


def doubted(memberships: Frame, *, rows: Frame, employers: Frame) -> Frame:
    """Return the memberships of those whom `rows` (subject, grup, nik_ragu) may be."""
    asked = distinct(
        rows.filter(~nw.col("nik_ragu").is_null()), "subject", "grup", "nik_ragu"
    ).select("subject", "grup", nik=nw.col("nik_ragu"))
    npps = employers.select("npp", "grup").join(asked.select("grup"), on="grup", how="semi")
    return (
        memberships.select("baris", "npp", "divisi", "kpj", "nik", "nama", "tgl_mulai", "tgl_akhir")
        .join(npps, on="npp", how="inner")
        .join(asked, on=["grup", "nik"], how="inner")
        .select("subject", "baris", "divisi", "kpj", "nik", "nama", "tgl_mulai", "tgl_akhir")
    )


def listed_outside(source_workers: Frame, *, records: Frame, fresh: nw.Expr) -> Frame:
    """Return the fresh rows of sumber_pekerja at the employers in `records`."""
    return (
        source_workers.filter(fresh)
        .select("baris", "sumber", "id_sumber", "nik", "nama", "tgl_mulai", "upah", "tgl_data")
        .join(records.select("sumber", "id_sumber"), on=["sumber", "id_sumber"], how="semi")
    )


def list_sizes(source_workers: Frame) -> Frame:
    """Return how many workers a list names and what they earn, per sumber and id_sumber."""
    return (
        source_workers.filter(~nw.col("nik").is_null())
        .group_by("sumber", "id_sumber", "nik")
        .agg(nw.col("upah").max())
        .group_by("sumber", "id_sumber")
        .agg(nw.len().alias("tk_daftar"), nw.col("upah").sum().alias("upah_daftar"))
    )


def closings(memberships: Frame, *, bills: Frame, employers: Frame) -> Frame:
    """Return the last sign of life of a closed npp: `akhir_sini`, else `tagihan_akhir`.

    Reading: the registry does not say when it closed an employer; the last membership's end
    stands for it, or the last month billed where there was no membership.
    """
    closed = employers.filter(nw.col("status") == "tutup").select("npp")
    signs = nw.concat(
        [
            memberships.select("npp", "tgl_akhir", blth=nw.lit(None, dtype=nw.Int32())),
            bills.select("npp", "blth", tgl_akhir=nw.lit(None, dtype=nw.Date())).select(
                "npp", "tgl_akhir", "blth"
            ),
        ],
        how="vertical",
    )
    last = nw.col("akhir_sini")
    return (
        signs.join(closed, on="npp", how="semi")
        .group_by("npp")
        .agg(nw.col("tgl_akhir").max().alias("akhir_sini"), nw.col("blth").max())
        .select("npp", "akhir_sini", tagihan_akhir=nw.when(last.is_null()).then(nw.col("blth")))
    )


def differing(
    listed: Frame, *, linked: Frame, memberships: Frame, employers: Frame, asof: AsOf
) -> Frame:
    """Return who is listed (grup, nik) and has no membership there, an ended or a lower one.

    Lower is one whose wage is exceeded by the margin.
    """
    npps = employers.select("npp", "grup").join(linked.select("grup"), on="grup", how="semi")
    here = memberships.join(npps, on="npp", how="inner").select(
        "grup", "nik", ada=nw.lit(1), berjalan=_runs(asof), upah_sini=nw.col("upah")
    )
    differs = (
        nw.col("ada").is_null()
        | (nw.col("berjalan") == 0)
        | exceeds(asof, shown="upah", reported="upah_sini")
    )
    beside = listed.select("grup", "nik", "upah").join(here, on=["grup", "nik"], how="left")
    return distinct(beside.filter(differs), "grup", "nik")


def exceeds(asof: AsOf, *, shown: str, reported: str) -> nw.Expr:
    """Say whether a wage is above the reported one by the margin that counts."""
    return (nw.col(shown) > nw.col(reported)) & (
        nw.col(shown).cast(nw.Int64()) * POINTS >= nw.col(reported) * (POINTS + asof.wage_points)
    )


def memberships_of(memberships: Frame, *, listed: Frame, employers: Frame, asof: AsOf) -> Frame:
    """Return the memberships, anywhere, of the people who are listed, with `berjalan` (1 or 0)."""
    return (
        memberships.select(
            "baris", "npp", "divisi", "kpj", "nik", "tgl_mulai", "tgl_akhir", "sebab_akhir", "upah"
        )
        .join(listed.select("nik"), on="nik", how="semi")
        .join(employers.select("npp", "grup"), on="npp", how="inner")
        .with_columns(berjalan=_runs(asof))
    )


def _runs(asof: AsOf) -> nw.Expr:
    """Return 1 for a membership that runs on the sweep's day, else 0.

    It runs through its last day; one that has none yet runs on.
    """
    runs = nw.col("tgl_akhir").is_null() | (nw.col("tgl_akhir") >= asof.on)
    return nw.when(runs).then(nw.lit(1)).otherwise(nw.lit(0))


def strangers(listed: Frame, *, known: Frame, people: Frame, asof: AsOf) -> Frame:
    """Return those of `listed` who never had a membership at their employer, past the grace.

    One who died is no stranger; an employer that is closed here is not asked.
    """
    grace_over = nw.col("tgl_mulai").dt.offset_by(f"{asof.grace_days}d") < nw.col("tgl_data")
    dead = people.filter(nw.col("meninggal") == 1).select("nik")
    return (
        listed.filter(
            (nw.col("status_sini") != "tutup") & (nw.col("tgl_mulai").is_null() | grace_over)
        )
        .join(known.select("grup", "nik"), on=["grup", "nik"], how="anti")
        .join(dead, on="nik", how="anti")
    )


def damaged_twins(memberships: Frame, *, unknown: Frame, employers: Frame) -> Frame:
    """Return those of `unknown` (grup, nik, nama, tgl_lahir) whom a spreadsheet made unknown.

    Reading: a spreadsheet keeps 15 digits and turns the last of a NIK into 0. The same other
    digits, name and day of birth at this employer are a question of spelling, not a worker left
    out; the NIK is not repaired.
    """
    last = nw.col("nik") % 10
    prefix = nw.col("nik") - last
    name = nw.col("nama").str.to_uppercase()
    damaged = unknown.filter(last == 0).select(
        "grup", "nik", "tgl_lahir", awalan=prefix, nama_besar=name
    )
    npps = employers.select("npp", "grup").join(damaged.select("grup"), on="grup", how="semi")
    return (
        memberships.select("npp", "nik", "nama", "tgl_lahir")
        .join(npps, on="npp", how="inner")
        .select("grup", "tgl_lahir", awalan=prefix, nama_besar=name)
        .join(damaged, on=["grup", "awalan", "nama_besar", "tgl_lahir"], how="inner")
        .select("grup", "nik")
    )


def people(memberships: Frame) -> Frame:
    """Return per nik: `meninggal` (1 when any membership ended so), `aktif_di_mana_pun`."""
    died = nw.when(nw.col("sebab_akhir") == "meninggal").then(nw.lit(1)).otherwise(nw.lit(0))
    return (
        memberships.with_columns(meninggal=died)
        .group_by("nik")
        .agg(nw.col("meninggal").max(), nw.col("berjalan").max().alias("aktif_di_mana_pun"))
    )


def payroll(memberships: Frame, *, asof: AsOf) -> Frame:
    """Return per npp the memberships that run on the sweep's day and the sum of their wages."""
    return (
        memberships.filter(
            (nw.col("tgl_mulai") <= asof.on)
            & (nw.col("tgl_akhir").is_null() | (nw.col("tgl_akhir") >= asof.on))
        )
        .group_by("npp")
        .agg(nw.len().alias("tk_aktif"), nw.col("upah").sum().alias("upah_aktif"))
    )
