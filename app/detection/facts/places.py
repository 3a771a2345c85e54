"""PURE: what a place tells: which branch serves it, and what is usually earned there."""

import narwhals.stable.v2 as nw

from app.registry.matching import Frame, distinct


def places(employers: Frame, *, records: Frame, payroll: Frame) -> Frame:
    """Return per `kode_wilayah`, of employers here and outside, `cabang` and `upah_wilayah`.

    `cabang` is the branch that handles most registered employers of the regency, ties by the
    smallest code, else of the province, else null. `upah_wilayah` is the mean reported wage of
    the regency, else of the province, else of all; whole rupiah, cut off.
    """
    known = distinct(
        nw.concat(
            [employers.select("kode_wilayah"), records.select("kode_wilayah")], how="vertical"
        ),
        "kode_wilayah",
    )
    province = nw.col("kode_wilayah").str.slice(0, 2)
    served = employers.filter(~nw.col("kantor_cabang").is_null())
    paid = payroll.join(employers.select("npp", "kode_wilayah"), on="npp", how="inner")
    found = known.with_columns(provinsi=province, semua=nw.lit(1))
    for name, place, key in (
        ("kab", nw.col("kode_wilayah"), "kode_wilayah"),
        ("prov", province, "provinsi"),
    ):
        found = found.join(
            _branch(served, place).rename({"tempat": key, "cabang": f"cabang_{name}"}),
            on=key,
            how="left",
        )
    for name, place, key in (
        ("kab", nw.col("kode_wilayah"), "kode_wilayah"),
        ("prov", province, "provinsi"),
        ("semua", nw.lit(1), "semua"),
    ):
        found = found.join(
            _wage(paid, place).rename({"tempat": key, "upah": f"upah_{name}"}), on=key, how="left"
        )
    return found.select(
        "kode_wilayah",
        cabang=nw.coalesce(nw.col("cabang_kab"), nw.col("cabang_prov")),
        upah_wilayah=nw.coalesce(
            nw.col("upah_kab"), nw.col("upah_prov"), nw.col("upah_semua"), nw.lit(0)
        ).cast(nw.Int64()),
    )


def _branch(served: Frame, place: nw.Expr) -> Frame:
    per_branch = (
        served.select("kantor_cabang", tempat=place)
        .group_by("tempat", "kantor_cabang")
        .agg(nw.len().alias("jumlah"))
    )
    most = per_branch.group_by("tempat").agg(nw.col("jumlah").max())
    return (
        per_branch.join(most, on=["tempat", "jumlah"], how="inner")
        .group_by("tempat")
        .agg(nw.col("kantor_cabang").min().alias("cabang"))
    )


def _wage(paid: Frame, place: nw.Expr) -> Frame:
    return (
        paid.select("tk_aktif", "upah_aktif", tempat=place)
        .group_by("tempat")
        .agg(nw.col("tk_aktif").sum(), nw.col("upah_aktif").sum())
        .filter(nw.col("tk_aktif") > 0)
        .select("tempat", upah=(nw.col("upah_aktif") // nw.col("tk_aktif")).cast(nw.Int64()))
    )
