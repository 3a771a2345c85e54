"""`tagihan`: a bill, one row per employer, month and programme."""

from typing import Final

from app.registry.formats import kinds
from app.registry.formats.layout import Column, Layout, Parent

# fmt: off
LAYOUT: Final = Layout(
    table="tagihan",
    columns=(
        Column("npp", kinds.CODE),
        Column("divisi", kinds.CODE),
        Column("blth", kinds.MONTH),
        Column("program", kinds.PROGRAMME),
        Column("tk", kinds.COUNT),
        Column("dasar_upah", kinds.RUPIAH),
        Column("jumlah", kinds.RUPIAH),
    ),
    key=("npp", "divisi", "blth", "program"),
    repeated="repeated_bill",
    telling=("npp", "divisi", "blth", "program"),
    parent=Parent("pemberi_kerja", ("npp", "divisi"), "npp", "no_employer", "employer_rejected"),
)
# fmt: on
