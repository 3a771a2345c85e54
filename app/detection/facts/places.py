"""PURE: what a place tells: which branch serves it, and what is usually earned there."""

from typing import Final

import narwhals.stable.v2 as nw

from app.registry.matching import Frame, distinct

# Where to look, nearest first: a regency (PP.KK), its province (PP), everywhere.
_NEARNESS: Final = ("0", "1", "2")


def places(employers: Frame, *, records: Frame, payroll: Frame) -> Frame:
    """Return per `kode_wilayah`, of employers here and outside, `cabang` and `upah_wilayah`.

    `cabang` is the branch that handles most registered employers of the regency, ties by the
    smallest code, else of the province, else null. `upah_wilayah` is the mean reported wage of
    the regency, else of the province, else of all; whole rupiah, cut off.
    """
    known = _known(employers, records)
    around = _around(known, "kode_wilayah")
    paid = employers.select("npp", "kode_wilayah").join(payroll, on="npp", how="inner")
    wages = around.join(_wages(paid), on="tempat", how="inner")
    return (
        known.join(_nearest(wages, "upah"), on="kode_wilayah", how="left")
        .join(_served(employers, around), on="kode_wilayah", how="left")
        .select(
            "kode_wilayah",
            "cabang",
            upah_wilayah=nw.col("upah").cast(nw.Int64()).fill_null(0),
        )
    )


def offices(employers: Frame, *, records: Frame) -> Frame:
    """Return `kode_wilayah` and `cabang` as `places` does, without those no branch serves."""
    return _served(employers, _around(_known(employers, records), "kode_wilayah"))


def _known(employers: Frame, records: Frame) -> Frame:
    both = [employers.select("kode_wilayah"), records.select("kode_wilayah")]
    return distinct(nw.concat(both, how="vertical"), "kode_wilayah")


def _served(employers: Frame, around: Frame) -> Frame:
    served = employers.filter(~nw.col("kantor_cabang").is_null())
    branches = around.filter(nw.col("jauh") != _NEARNESS[-1]).join(
        _branches(served), on="tempat", how="inner"
    )
    return _nearest(branches, "cabang")


def _around(frame: Frame, *columns: str) -> Frame:
    """Return every row three times: for its regency, its province and everywhere."""
    regency = nw.col("kode_wilayah")
    nearby = zip(_NEARNESS, (regency, regency.str.slice(0, 2), nw.lit("")), strict=True)
    return nw.concat(
        [frame.select(*columns, tempat=place, jauh=nw.lit(far)) for far, place in nearby],
        how="vertical",
    )


def _nearest(found: Frame, column: str) -> Frame:
    """Return the value of the nearest place that has one, as text."""
    ranked = nw.concat_str(nw.col("jauh"), nw.col(column).cast(nw.String()))
    return (
        found.select("kode_wilayah", nilai=ranked)
        .group_by("kode_wilayah")
        .agg(nw.col("nilai").min())
        .select("kode_wilayah", nw.col("nilai").str.slice(1).alias(column))
    )


def _wages(paid: Frame) -> Frame:
    return (
        _around(paid, "tk_aktif", "upah_aktif")
        .group_by("tempat")
        .agg(nw.col("tk_aktif").sum(), nw.col("upah_aktif").sum())
        .select("tempat", upah=(nw.col("upah_aktif") // nw.col("tk_aktif")).cast(nw.Int64()))
    )


def _branches(served: Frame) -> Frame:
    per_branch = (
        _around(served, "kantor_cabang")
        .group_by("tempat", "kantor_cabang")
        .agg(nw.len().alias("jumlah"))
    )
    most = per_branch.group_by("tempat").agg(nw.col("jumlah").max())
    return (
        per_branch.join(most, on=["tempat", "jumlah"], how="inner")
        .group_by("tempat")
        .agg(nw.col("kantor_cabang").min().alias("cabang"))
    )
