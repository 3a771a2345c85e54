"""PURE: who left through a claim or the end of their work, and where they work on.

Drawn from the same rows as the counts of retention, so that the list and the count agree.
"""

from typing import Final

import narwhals.stable.v2 as nw

from app.detection.facts.retention import KEYS, LINES, OF_FIRST, at_work, elsewhere
from app.registry.matching import BY_SHARED_NAME, Frame, Keep

# Reading: the extracts have no code for a contract that ran out; it is told as one of these.
REASONS: Final = ("klaim_jht", "phk", "lain")
MEMBERSHIP: Final = "kepesertaan"
SOURCE: Final = "sumber"
# One order for every page and file of the list; `kunci_akhir` is told only once within a basis.
ORDER: Final = ("dasar", "kantor_akhir", "bulan", "kunci_akhir")
COLUMNS: Final = (
    *ORDER, "kantor", "sektor", "skala", "kanal",
    "nik", "nama", "npp", "pemberi_kerja", "sebab", "tgl_akhir",
    "lanjut", "lanjut_hari", "lanjut_npp", "lanjut_nama", "lanjut_kantor", "sumber", "id_sumber",
    "henti_npp",
)  # fmt: skip
_HIDDEN: Final = "·" * 12
_SHOWN: Final = 10_000


def leavers(
    followed: Frame,
    *,
    basis: str,
    episodes: Frame,
    memberships: Frame,
    employers: Frame,
    outside_workers: Frame,
    records: Frame,
    places: Frame,
    lapsed: Frame,
    keep: Keep,
) -> Frame:
    """Return COLUMNS for each row of `followed` that ended for one of REASONS and works on.

    The NIK is masked here already: nothing that is kept holds a whole one. `lanjut` is MEMBERSHIP
    with the running one that began last, or SOURCE with the newest line of a fresh source (ties:
    the last line); `lanjut_hari` is the day that one began, or the day of the source.
    `lanjut_npp` is null at an outside employer that is not registered here; `lanjut_kantor` is
    then the branch of its regency, or null. `henti_npp` is the employer at which LAPSED finds
    the person, or null. `kantor_akhir` is the branch of the membership that ended.

    `records` are outside employers with what they are linked to, `lapsed` npp, grup and nik.
    """
    key = KEYS[basis]
    went = keep(
        f"{basis}_berhenti",
        followed.filter(
            (nw.col("kini") == 0) & nw.col("sebab_akhir").is_in(REASONS) & (elsewhere() | at_work())
        ).select(*key, "bulan", "akhir_baris", "kini_orang", "data_akhir", *OF_FIRST),
    )
    ended = keep(f"{basis}_terakhir", _ended(went, episodes=episodes, memberships=memberships))
    onward = keep(
        f"{basis}_lanjut",
        nw.concat(
            [
                _members(went, episodes=episodes, memberships=memberships),
                _listed(went, outside_workers=outside_workers, records=records, places=places),
            ],
            how="vertical",
        ),
    )
    found = (
        lapsed.join(went.select(*key), on=list(key), how="semi")
        .group_by(*key)
        .agg(nw.col("npp").min().alias("henti_npp"))
    )
    names = employers.select("npp", "nama", "kantor_cabang")
    here = names.select("npp", pemberi_kerja=nw.col("nama"))
    there = names.select(
        lanjut_npp=nw.col("npp"), nama_sini=nw.col("nama"), kantor_sini=nw.col("kantor_cabang")
    )
    return (
        went.join(ended, on="akhir_baris", how="inner")
        .join(onward, on="nik", how="inner")
        .join(found, on=list(key), how="left")
        .join(here, on="npp", how="inner")
        .join(there, on="lanjut_npp", how="left")
        .with_columns(
            dasar=nw.lit(basis),
            kunci_akhir=nw.col("akhir_baris"),
            nik=nw.concat_str(nw.lit(_HIDDEN), _last_digits(nw.col("nik"))),
            lanjut_nama=nw.coalesce(nw.col("nama_sini"), nw.col("nama_luar")),
            lanjut_kantor=nw.when(nw.col("lanjut_npp").is_null())
            .then(nw.col("kantor_luar"))
            .otherwise(nw.col("kantor_sini")),
        )
        .select(*COLUMNS)
    )


def _last_digits(nik: nw.Expr) -> nw.Expr:
    """Return the text of the last four digits."""
    return (nik % _SHOWN + _SHOWN).cast(nw.String()).str.slice(1)


def _ended(went: Frame, *, episodes: Frame, memberships: Frame) -> Frame:
    """Return the membership that ended, by `akhir_baris`: where, why, when, and whose name."""
    last = (
        episodes.filter(~nw.col("akhir_baris").is_null())
        .join(went.select("akhir_baris"), on="akhir_baris", how="semi")
        .select(
            "akhir_baris", "npp", "tgl_akhir",
            sebab=nw.col("sebab_akhir"),
            kantor_akhir=nw.col("kantor"),
            baris=nw.col("akhir_baris") % LINES,
        )
    )  # fmt: skip
    return last.join(_lines(memberships, "nama"), on="baris", how="inner").drop("baris")


def _lines(memberships: Frame, column: str) -> Frame:
    return memberships.select(column, baris=nw.col("baris").cast(nw.Int64()))


def _members(went: Frame, *, episodes: Frame, memberships: Frame) -> Frame:
    """Return per nik the running membership that began last."""
    who = went.filter(nw.col("kini_orang") == 1).select("nik")
    running = episodes.filter(nw.col("kini") == 1).join(who, on="nik", how="semi")
    newest = running.group_by("nik").agg(nw.col("mulai_baris").max())
    lines = newest.join(
        running.select("mulai_baris", "npp", baris=nw.col("mulai_baris") % LINES),
        on="mulai_baris",
        how="inner",
    )
    return lines.join(_lines(memberships, "tgl_mulai"), on="baris", how="inner").select(
        "nik",
        lanjut=nw.lit(MEMBERSHIP),
        lanjut_hari=nw.col("tgl_mulai"),
        lanjut_npp=nw.col("npp"),
        sumber=nw.lit(None, dtype=nw.String()),
        id_sumber=nw.lit(None, dtype=nw.String()),
        nama_luar=nw.lit(None, dtype=nw.String()),
        kantor_luar=nw.lit(None, dtype=nw.String()),
    )


def _listed(went: Frame, *, outside_workers: Frame, records: Frame, places: Frame) -> Frame:
    """Return per nik the newest line on which a source lists them, and at which employer."""
    who = went.filter(nw.col("kini_orang") == 0).select("nik", tgl_data=nw.col("data_akhir"))
    lines = outside_workers.select("nik", "sumber", "id_sumber", "tgl_data", "baris")
    newest = (
        lines.join(who, on=["nik", "tgl_data"], how="semi")
        .group_by("nik")
        .agg(nw.col("baris").max())
    )
    registered = ~nw.col("npp").is_null() & (nw.col("metode") != BY_SHARED_NAME)
    known = records.select(
        "sumber", "id_sumber", "kode_wilayah", "tgl_data",
        baris_luar=nw.col("baris"),
        nama_luar=nw.col("nama"),
        npp=nw.when(registered).then(nw.col("npp")),
    )  # fmt: skip
    # An agency may send the same employer for several days: its newest line says what it is.
    last = known.group_by("sumber", "id_sumber").agg(nw.col("tgl_data").max())
    one = (
        known.join(last, on=["sumber", "id_sumber", "tgl_data"], how="semi")
        .group_by("sumber", "id_sumber")
        .agg(nw.col("baris_luar").max())
    )
    employer = known.join(one, on=["sumber", "id_sumber", "baris_luar"], how="semi").join(
        places.select("kode_wilayah", "cabang"), on="kode_wilayah", how="left"
    )
    return (
        lines.join(newest.select("baris"), on="baris", how="semi")
        .join(
            employer.select("sumber", "id_sumber", "nama_luar", "npp", "cabang"),
            on=["sumber", "id_sumber"],
            how="left",
        )
        .select(
            "nik",
            lanjut=nw.lit(SOURCE),
            lanjut_hari=nw.col("tgl_data"),
            lanjut_npp=nw.col("npp"),
            sumber=nw.col("sumber"),
            id_sumber=nw.col("id_sumber"),
            nama_luar=nw.col("nama_luar"),
            kantor_luar=nw.col("cabang"),
        )
    )
