"""PURE: who joined when, and whether they are still there: one row per cohort cell.

A cohort is a calendar month. It is looked at on the last day of the month that lies 3, 6 or 12
months later, so that every engine needs whole numbers only and the answer does not depend on
whether a month has 28 or 31 days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import narwhals.stable.v2 as nw

from app.registry.matching import Frame, Keep, distinct

# The first membership that the snapshot knows of a person, anywhere; or at one legal entity.
FIRST_EVER: Final = "perdana"
FIRST_HERE: Final = "pemberi_kerja"
KEYS: Final = {FIRST_EVER: ("nik",), FIRST_HERE: ("grup", "nik")}
# The same, all numbers: tens of millions are held at once, and of texts they could not be.
_NUMBERS: Final = {FIRST_EVER: ("nik",), FIRST_HERE: ("usaha", "nik")}
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


def entities(divisions: Frame) -> Frame:
    """Return each `grup` with `usaha`, a number that stands for it where millions are compared."""
    return distinct(divisions, "grup").with_row_index("usaha", order_by="grup")


def episodes(memberships: Frame, divisions: Frame, *, entities: Frame, asof_day: object) -> Frame:
    """Return the memberships that had begun by `asof_day`, with months as whole numbers.

    A table from before extracts could tell the channel has no `kanal`: nobody's is told.

    `sampai` is the last month on whose last day the membership ran; `kini` is 1 when it runs on
    `asof_day`. `mulai_baris` and `akhir_baris` order by day, then by line of the extract. Too
    many rows to be kept: they are read again where they are asked for.
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
    place = divisions.join(entities, on="grup", how="inner").select(
        "npp",
        "divisi",
        "grup",
        "usaha",
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


@dataclass(frozen=True, slots=True)
class Lives:
    """The memberships by person. `once` are of people with a single one, which says it all.

    `often` are the others, as numbers alone: nik, usaha, dari, sampai, kini, mulai_baris,
    akhir_baris, tgl_akhir, meninggal.
    """

    episodes: Frame
    once: Frame
    often: Frame


def lives(episodes: Frame, *, keep: Keep) -> Lives:
    several = keep(
        "retensi_orang_berulang",
        episodes.group_by("nik")
        .agg(nw.len().alias("banyak"))
        .filter(nw.col("banyak") > 1)
        .select("nik"),
    )
    often = keep(
        "retensi_berulang",
        episodes.join(several, on="nik", how="semi").select(
            "nik", "usaha", "dari", "sampai", "kini", "mulai_baris", "akhir_baris", "tgl_akhir",
            meninggal=_died(),
        ),
    )  # fmt: skip
    return Lives(episodes, episodes.join(several, on="nik", how="anti"), often)


def listed(outside_workers: Frame, *, of: Lives, fresh_from: object, keep: Keep) -> Frame:
    """Return nik and `data_akhir`, the newest day on which a fresh source lists the person.

    Of those alone who left, alive: nobody asks it of the others.
    """
    left = nw.concat(
        [
            of.once.filter((nw.col("kini") == 0) & (_died() == 0)).select("nik"),
            _people(of.often)
            .filter((nw.col("kini_orang") == 0) & (nw.col("meninggal") == 0))
            .select("nik"),
        ],
        how="vertical",
    )
    return (
        outside_workers.filter(nw.col("tgl_data") >= fresh_from)
        .select("tgl_data", "nik")
        .join(keep("retensi_pergi", left), on="nik", how="semi")
        .group_by("nik")
        .agg(nw.col("tgl_data").max().alias("data_akhir"))
    )


def followed(
    of: Lives, *, basis: str, first_month: int, listed: Frame, lapsed: Frame, keep: Keep
) -> Frame:
    """Return one row per key of `basis` in a cohort from `first_month` on, and what became of it.

    `listed` is nik and `data_akhir`, the newest day on which a fresh source shows the person at
    work; `lapsed` the grup and nik that LAPSED finds. `kini` is 1 where the key still has a
    membership that runs, `kini_orang` where the person has one anywhere; `temuan` is 1 or null.
    """
    key = KEYS[basis]
    here = keep(f"{basis}_temuan", distinct(lapsed, *key).with_columns(temuan=nw.lit(1)))
    both = [_once(of.once, basis, first_month), _often(of, basis, first_month, keep)]
    return (
        nw.concat(both, how="vertical")
        .join(listed, on="nik", how="left")
        .join(here, on=list(key), how="left")
    )


def _once(once: Frame, basis: str, first_month: int) -> Frame:
    """Say what became of people with one membership: it is their first and last, at any basis."""
    return (
        once.filter(nw.col("dari") >= first_month)
        .with_columns(
            bulan=nw.col("dari"),
            kini_orang=nw.col("kini"),
            akhir_orang=nw.col("tgl_akhir"),
            meninggal=_died(),
            sebab_akhir=nw.when(~nw.col("akhir_baris").is_null()).then(nw.col("sebab_akhir")),
        )
        .with_columns(**_was_there())
        .select(*_outcome(basis))
    )


def _often(of: Lives, basis: str, first_month: int, keep: Keep) -> Frame:
    """Say what became of people with several memberships."""
    key = _NUMBERS[basis]
    first = keep(
        f"{basis}_pertama",
        of.often.group_by(*key)
        .agg(nw.col("mulai_baris").min(), nw.col("akhir_baris").max(), nw.col("kini").max())
        .with_columns(bulan=nw.col("mulai_baris") // (LINES * _LONG))
        .filter(nw.col("bulan") >= first_month),
    )
    seen = (
        of.often.select(*key, "dari", "sampai")
        .join(first.select(*key, "bulan"), on=list(key), how="inner")
        .with_columns(**_was_there())
        .group_by(*key)
        .agg(*(nw.col(name).max() for name in _later()))
    )
    people = _people(of.often.join(first.select("nik"), on="nik", how="semi"))
    told = keep(
        f"{basis}_berulang",
        first.join(keep(f"{basis}_terlihat", seen), on=list(key), how="inner").join(
            keep(f"{basis}_orang", people), on="nik", how="inner"
        ),
    )
    began = of.episodes.select("mulai_baris", "grup", *OF_FIRST)
    ended = of.episodes.join(told.select("akhir_baris"), on="akhir_baris", how="semi")
    return (
        told.join(began, on="mulai_baris", how="inner")
        .join(ended.select("akhir_baris", "sebab_akhir"), on="akhir_baris", how="left")
        .select(*_outcome(basis))
    )


def _outcome(basis: str) -> tuple[str, ...]:
    return (
        *KEYS[basis], "bulan", *OF_FIRST, *_later(), "akhir_baris", "kini",
        "kini_orang", "akhir_orang", "meninggal", "sebab_akhir",
    )  # fmt: skip


def _was_there() -> dict[str, nw.Expr]:
    """Return, for each month in which a cohort is looked at, whether a membership ran then."""
    return {
        name: _flag((nw.col("dari") <= month) & (month <= nw.col("sampai")))
        for name, month in _later().items()
    }


def at_work() -> nw.Expr:
    """Say of a row of `followed` whether a source later than the end shows the person at work.

    Null for somebody whom no source lists.
    """
    gone = (nw.col("kini_orang") == 0) & (nw.col("meninggal") == 0)
    return gone & (nw.col("data_akhir") > nw.col("akhir_orang"))


def elsewhere() -> nw.Expr:
    """Say of a row of `followed` whether only another employer has a membership that runs."""
    return (nw.col("kini") == 0) & (nw.col("kini_orang") == 1)


def cells(followed: Frame, *, cell: Sequence[str], basis: str, complete_month: int) -> Frame:
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
    summed = counted.group_by(*cell).agg(*(nw.col(name).sum().cast(nw.Int64()) for name in COUNTS))
    # After the sum: a sum over nothing but nulls is a zero to some engines.
    known = {
        name: nw.when(month <= complete_month).then(nw.col(name)) for name, month in later.items()
    }
    return summed.with_columns(**known).select(*cell, *COUNTS)


def _later() -> dict[str, nw.Expr]:
    """Return the months in which a cohort is looked at, by the name of the count."""
    later = {f"aktif_{months}": nw.col("bulan") + months for months in MONTHS_LATER}
    # nw's // rounds towards minus infinity as Python's does; months are never negative.
    later["aktif_akhir_tahun"] = (nw.col("bulan") // _MONTHS) * _MONTHS + _MONTHS - 1
    return later


def _people(often: Frame) -> Frame:
    """Return per nik whether anything runs, when the last one ended, and whether they died."""
    return often.group_by("nik").agg(
        nw.col("kini").max().alias("kini_orang"),
        nw.col("tgl_akhir").max().alias("akhir_orang"),
        nw.col("meninggal").max(),
    )


def _died() -> nw.Expr:
    return _flag((nw.col("sebab_akhir") == "meninggal").fill_null(False))  # noqa: FBT003 - a value


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
