"""PURE: what is billed and not paid, per bill."""

import narwhals.stable.v2 as nw

from app.detection.facts.asof import AsOf
from app.registry.matching import Frame

_KEY = ["npp", "divisi", "blth", "program"]


def open_bills(bills: Frame, payments: Frame, *, asof: AsOf) -> Frame:
    """Return the due bills that no single payment settles: few, where most pay what is billed.

    Payments after the sweep's day are ignored.
    """
    settling = payments.filter(nw.col("tgl_bayar") <= asof.on).select(*_KEY, "jumlah")
    return (
        bills.filter(nw.col("blth").is_in(list(asof.due_months)) & (nw.col("jumlah") > 0))
        .select("baris", *_KEY, "tk", "jumlah")
        .join(settling, on=[*_KEY, "jumlah"], how="anti")
    )


def unpaid(open_bills: Frame, payments: Frame, *, asof: AsOf) -> Frame:
    """Return those of `open_bills` with a principal outstanding (`sisa`) on the sweep's day.

    An overpayment stays with its bill.
    """
    paid = (
        payments.filter(nw.col("tgl_bayar") <= asof.on)
        .select(*_KEY, "jumlah")
        .join(open_bills.select(*_KEY), on=_KEY, how="semi")
        .group_by(*_KEY)
        .agg(nw.col("jumlah").sum().alias("dibayar"))
    )
    return (
        open_bills.join(paid, on=_KEY, how="left")
        .with_columns(nw.col("dibayar").fill_null(0).cast(nw.Int64()))
        .filter(nw.col("dibayar") < nw.col("jumlah"))
        .with_columns(sisa=nw.col("jumlah") - nw.col("dibayar"))
    )
