"""`pemberi_kerja`: a registered employer, one row per NPP and divisi."""

from typing import Final

from app.registry.formats import kinds
from app.registry.formats.layout import Column, Layout, may_be_empty
from app.registry.reference.regions import regency_names

SCALE: Final = kinds.enumeration("mikro", "kecil", "menengah", "besar")
REGION: Final = kinds.region(frozenset(regency_names()))

# fmt: off
LAYOUT: Final = Layout(
    table="pemberi_kerja",
    columns=(
        Column("npp", kinds.CODE),
        Column("divisi", kinds.CODE),
        Column("nama", kinds.TEXT),
        may_be_empty("bentuk", kinds.TEXT),
        may_be_empty("npwp", kinds.NPWP),
        may_be_empty("nib", kinds.NIB),
        may_be_empty("kbli", kinds.REFERENCE),
        Column("skala", SCALE),
        Column("kelas_jkk", kinds.RISK_CLASS),
        may_be_empty("alamat", kinds.TEXT),
        Column("kode_wilayah", REGION),
        Column("kantor_cabang", kinds.CODE),
        Column("tgl_daftar", kinds.DAY),
        Column("status", kinds.enumeration("aktif", "nonaktif", "tutup")),
        Column("program", kinds.PROGRAMME_SET),
    ),
    key=("npp", "divisi"),
    repeated="repeated_employer",
    telling=("npp", "divisi"),
)
# fmt: on
