"""`pembayaran`: a payment towards a bill.

Two payments of one day and amount are two payments when their kode_iuran differs; only a row that
repeats every column is taken for the same one sent twice.
"""

from typing import Final

from app.registry.formats import kinds
from app.registry.formats.layout import Column, Layout, Parent

# fmt: off
LAYOUT: Final = Layout(
    table="pembayaran",
    columns=(
        Column("npp", kinds.CODE),
        Column("divisi", kinds.CODE),
        Column("blth", kinds.MONTH),
        Column("program", kinds.PROGRAMME),
        Column("tgl_bayar", kinds.DAY),
        Column("jumlah", kinds.RUPIAH),
        Column("kode_iuran", kinds.REFERENCE),
    ),
    key=("npp", "divisi", "blth", "program", "tgl_bayar", "jumlah", "kode_iuran"),
    repeated="repeated_payment",
    telling=("npp", "blth", "program", "kode_iuran"),
    parent=Parent("tagihan", ("npp", "divisi", "blth", "program"), "blth",
                  "no_bill", "bill_rejected"),
)
# fmt: on
