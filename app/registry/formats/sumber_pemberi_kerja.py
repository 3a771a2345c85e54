"""`sumber_pemberi_kerja`: an employer as another agency knows it, on the day of its data."""

from typing import Final

from app.registry.formats import kinds
from app.registry.formats.layout import Column, Layout, may_be_empty, optional
from app.registry.formats.pemberi_kerja import REGION, SCALE

SOURCE: Final = kinds.enumeration("WLKP", "OSS", "DJP", "KESEHATAN", "LAPORAN")

# fmt: off
LAYOUT: Final = Layout(
    table="sumber_pemberi_kerja",
    columns=(
        Column("sumber", SOURCE),
        Column("id_sumber", kinds.REFERENCE),
        Column("nama", kinds.TEXT),
        may_be_empty("npwp", kinds.NPWP),
        may_be_empty("nib", kinds.NIB),
        may_be_empty("kbli", kinds.REFERENCE),
        may_be_empty("alamat", kinds.TEXT),
        Column("kode_wilayah", REGION),
        Column("jumlah_tk", kinds.COUNT),
        optional("skala", SCALE),
        Column("tgl_data", kinds.DAY),
    ),
    key=("sumber", "id_sumber", "tgl_data"),
    repeated="repeated_source",
    telling=("id_sumber", "tgl_data"),
)
# fmt: on
