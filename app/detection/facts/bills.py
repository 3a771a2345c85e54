"""PURE: what is billed and not paid, per bill."""

import narwhals.stable.v2 as nw

from app.detection.facts.asof import AsOf
from app.registry.matching import Frame

_KEY = ["npp", "divisi", "blth", "program"]


def unpaid(bills: Frame, payments: Frame, *, asof: AsOf) -> Frame:
    """Return the due bills with a principal outstanding (`sisa`) on the sweep's day.

    Payments after that day are ignored; an overpayment stays with its bill.
    """
    paid = (
        payments.filter(nw.col("tgl_bayar") <= asof.on)
        .group_by(*_KEY)
        .agg(nw.col("jumlah").sum().alias("dibayar"))
    )
    due = bills.filter(nw.col("blth").is_in(list(asof.due_months))).select(
        "baris", *_KEY, "tk", "jumlah"
    )
    return (
        due.join(paid, on=_KEY, how="left")
        .with_columns(nw.col("dibayar").fill_null(0).cast(nw.Int64()))
        .filter(nw.col("dibayar") < nw.col("jumlah"))
        .with_columns(sisa=nw.col("jumlah") - nw.col("dibayar"))
    )
