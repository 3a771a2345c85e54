"""PURE: who joined when, and whether they are still there: one row per cohort cell.

A cohort is a calendar month. It is looked at on the last day of the month that lies 3, 6 or 12
months later, so that every engine needs whole numbers only and the answer does not depend on
whether a month has 28 or 31 days.
"""

from collections.abc import Sequence
from typing import Final

import narwhals.stable.v2 as nw

from app.registry.matching import Frame, Keep, distinct

# The first membership that the snapshot knows of a person, anywhere; or at one legal entity.
FIRST_EVER: Final = "perdana"
FIRST_HERE: Final = "pemberi_kerja"
KEYS: Final = {FIRST_EVER: ("nik",), FIRST_HERE: ("grup", "nik")}
MONTHS_LATER: Final = (3, 6, 12)
ACTIVE: Final = "aktif"
UNKNOWN: Final = "tidak_diketahui"
# In this order: a branch reads its own stretch of a result, not the whole of it.
CELL: Final = ("dasar", "kantor", "bulan", "sektor", "skala", "kanal", "sebab")
# What definition 1 told apart.
CELL_BEFORE_CHANNELS: Final = tuple(name for name in CELL if name != "kanal")
COUNTS: Final = (
    "jumlah", *(f"aktif_{months}" for months in MONTHS_LATER), "aktif_akhir_tahun", "aktif_lain",
    "tercatat_bekerja", "masih_bekerja",
)  # fmt: skip

# Told of the first membership, or of the division that it was in.
OF_FIRST: Final = ("kantor", "sektor", "skala", "kanal")
_MONTHS: Final = 12
_LONG: Final = 31
_FEBRUARY: Final = 2
_SHORT: Final = (4, 6, 9, 11)
# No month lies beyond this one: what stands for a membership without an end.
_EVER: Final = 1_000_000
# A day and a line of the extract in one whole number; no extract has as many lines.
LINES: Final = 10**9


def episodes(memberships: Frame, divisions: Frame, *, asof_day: object) -> Frame:
    """Return the memberships that had begun by `asof_day`, with months as whole numbers.

    A table from before extracts could tell the channel has no `kanal`: nobody's is told.

    `sampai` is the last month on whose last day the membership ran; `kini` is 1 when it runs on
    `asof_day`. `mulai_baris` and `akhir_baris` order by day, then by line of the extract.
    """
    told = "kanal" in memberships.collect_schema().names()
    began, ended = nw.col("tgl_mulai"), nw.col("tgl_akhir")
    whole_month = _is_last_day(ended)
    until = (
        nw.when(ended.is_null())
        .then(nw.lit(_EVER))
        .otherwise(nw.when(whole_month).then(_month(ended)).otherwise(_month(ended) - 1))
    )
    runs = ended.is_null() | (ended >= asof_day)
    place = divisions.select(
        "npp",
        "divisi",
        "grup",
        kantor=nw.col("kantor_cabang").fill_null(""),
        sektor=nw.col("kbli").fill_null("").str.slice(0, 2),
        skala=nw.col("skala").fill_null(""),
    )
    line = nw.col("baris").cast(nw.Int64())
    return (
        memberships.filter(began <= asof_day)
        .select(
            "npp", "divisi", "nik", "sebab_akhir", "tgl_akhir",
            dari=_month(began),
            sampai=until,
            kini=nw.when(runs).then(nw.lit(1)).otherwise(nw.lit(0)),
            mulai_baris=_day(began) * LINES + line,
            akhir_baris=nw.when(~runs).then(_day(ended) * LINES + line),
            kanal=nw.col("kanal").fill_null("") if told else nw.lit(""),
        )
        .join(place, on=["npp", "divisi"], how="inner")
    )  # fmt: skip


def followed(
    episodes: Frame, *, basis: str, first_month: int, listed: Frame, lapsed: Frame, keep: Keep
) -> Frame:
    """Return one row per key of `basis` in a cohort from `first_month` on, and what became of it.

    `listed` is nik and `data_akhir`, the newest day on which a fresh source shows the person at
    work; `lapsed` the grup and nik that LAPSED finds. `kini` is 1 where the key still has a
    membership that runs, `kini_orang` where the person has one anywhere; `temuan` is 1 or null.
    """
    key = KEYS[basis]
    first = keep(
        f"{basis}_pertama",
        episodes.group_by(*key).agg(nw.col("mulai_baris").min(), nw.col("akhir_baris").max()),
    )
    cohort = keep(
        f"{basis}_angkatan",
        first.join(
            episodes.select("mulai_baris", *OF_FIRST, bulan=nw.col("dari")),
            on="mulai_baris",
            how="inner",
        )
        .filter(nw.col("bulan") >= first_month)
        .select(*key, "bulan", *OF_FIRST, "akhir_baris"),
    )
    later = _later()
    seen = (
        episodes.select(*key, "dari", "sampai", "kini")
        .join(cohort.select(*key, "bulan"), on=list(key), how="inner")
        .select(
            *key,
            "kini",
            *(
                _flag((nw.col("dari") <= month) & (month <= nw.col("sampai"))).alias(name)
                for name, month in later.items()
            ),
        )
        .group_by(*key)
        .agg(nw.col("kini").max(), *(nw.col(name).max() for name in later))
    )
    people = _people(episodes.join(cohort.select("nik"), on="nik", how="semi"))
    last = episodes.filter(~nw.col("akhir_baris").is_null()).select("akhir_baris", "sebab_akhir")
    here = distinct(lapsed, *key).with_columns(temuan=nw.lit(1))
    # One join at a time: the engine holds one of these tables in memory, not all of them.
    joined = cohort
    for name, beside, on in (
        ("terlihat", seen, list(key)),
        ("orang", people, ["nik"]),
        ("terdaftar", listed, ["nik"]),
        ("temuan", here, list(key)),
        ("akhir", last, ["akhir_baris"]),
    ):
        found = keep(f"{basis}_{name}", beside)
        joined = keep(f"{basis}_dengan_{name}", joined.join(found, on=on, how="left"))
    return joined


def at_work() -> nw.Expr:
    """Say of a row of `followed` whether a source later than the end shows the person at work.

    Null for somebody whom no source lists.
    """
    gone = (nw.col("kini_orang") == 0) & (nw.col("meninggal") == 0)
    return gone & (nw.col("data_akhir") > nw.col("akhir_orang"))


def elsewhere() -> nw.Expr:
    """Say of a row of `followed` whether only another employer has a membership that runs."""
    return (nw.col("kini") == 0) & (nw.col("kini_orang") == 1)


def cells(
    followed: Frame, *, cell: Sequence[str], basis: str, complete_month: int, keep: Keep
) -> Frame:
    """Return the counts of COUNTS for each `cell` of what `followed` gives for `basis`.

    `cell` is CELL, or what an earlier definition told apart.

    `complete_month` is the last month that had ended on the day of the data: what would have to
    be looked at later is null, not zero. `sebab` is ACTIVE, or why the last membership ended, or
    UNKNOWN.
    """
    later = _later()
    counted = followed.select(
        "bulan", *OF_FIRST,
        *later,
        dasar=nw.lit(basis),
        sebab=nw.when(nw.col("kini") == 1)
        .then(nw.lit(ACTIVE))
        .otherwise(nw.coalesce(nw.col("sebab_akhir"), nw.lit(UNKNOWN))),
        jumlah=nw.lit(1),
        aktif_lain=_flag(elsewhere()),
        tercatat_bekerja=_flag(at_work().fill_null(False)),  # noqa: FBT003 - a value, not a switch
        masih_bekerja=nw.col("temuan").fill_null(0),
    )  # fmt: skip
    summed = (
        keep(f"{basis}_terhitung", counted)
        .group_by(*cell)
        .agg(*(nw.col(name).sum().cast(nw.Int64()) for name in COUNTS))
    )
    # After the sum: a sum over nothing but nulls is a zero to some engines.
    known = {
        name: nw.when(month <= complete_month).then(nw.col(name)) for name, month in later.items()
    }
    return summed.with_columns(**known).select(*cell, *COUNTS)


def listed(outside_workers: Frame, *, fresh_from: object) -> Frame:
    """Return nik and `data_akhir`, the newest day on which a fresh source lists the person."""
    return (
        outside_workers.filter((nw.col("tgl_data") >= fresh_from) & ~nw.col("nik").is_null())
        .group_by("nik")
        .agg(nw.col("tgl_data").max().alias("data_akhir"))
    )


def _later() -> dict[str, nw.Expr]:
    """Return the months in which a cohort is looked at, by the name of the count."""
    later = {f"aktif_{months}": nw.col("bulan") + months for months in MONTHS_LATER}
    # nw's // rounds towards minus infinity as Python's does; months are never negative.
    later["aktif_akhir_tahun"] = (nw.col("bulan") // _MONTHS) * _MONTHS + _MONTHS - 1
    return later


def _people(episodes: Frame) -> Frame:
    """Return per nik whether anything runs, when the last one ended, and whether they died."""
    died = _flag((nw.col("sebab_akhir") == "meninggal").fill_null(False))  # noqa: FBT003 - a value
    return (
        episodes.select("nik", "kini", "tgl_akhir", meninggal=died)
        .group_by("nik")
        .agg(
            nw.col("kini").max().alias("kini_orang"),
            nw.col("tgl_akhir").max().alias("akhir_orang"),
            nw.col("meninggal").max(),
        )
    )


def _flag(claim: nw.Expr) -> nw.Expr:
    return nw.when(claim).then(nw.lit(1)).otherwise(nw.lit(0))


def _month(day: nw.Expr) -> nw.Expr:
    return day.dt.year().cast(nw.Int64()) * _MONTHS + day.dt.month().cast(nw.Int64()) - 1


def _day(day: nw.Expr) -> nw.Expr:
    return _month(day) * _LONG + day.dt.day().cast(nw.Int64()) - 1


def _is_last_day(day: nw.Expr) -> nw.Expr:
    number, month, year = day.dt.day(), day.dt.month(), day.dt.year()
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    return (
        (number == _LONG)
        | ((number == 30) & month.is_in(_SHORT))  # noqa: PLR2004 - days of a month
        | ((month == _FEBRUARY) & ((number == 29) | ((number == 28) & ~leap)))  # noqa: PLR2004
    )
