"""`kepesertaan`: a worker's membership at an employer."""

from typing import Final

from app.registry.formats import kinds
from app.registry.formats.layout import Column, Layout, Parent, agreed_later, optional

# Through whom a worker was enrolled: `mitra` are banks, post offices and outlets under contract,
# `daring` what workers do themselves, `pemberi_kerja` what employers file.
CHANNELS: Final = ("perisai", "kantor", "daring", "mitra", "pemberi_kerja", "lain")

# fmt: off
LAYOUT: Final = Layout(
    table="kepesertaan",
    columns=(
        Column("npp", kinds.CODE),
        Column("divisi", kinds.CODE),
        Column("kpj", kinds.CODE),
        Column("nik", kinds.NIK),
        Column("nama", kinds.TEXT),
        Column("tgl_lahir", kinds.DAY),
        Column("tgl_mulai", kinds.DAY),
        optional("tgl_akhir", kinds.END_DAY),
        optional("sebab_akhir", kinds.enumeration(
            "klaim_jht", "mengundurkan_diri", "phk", "meninggal", "pindah", "lain")),
        Column("upah", kinds.RUPIAH),
        Column("program", kinds.PROGRAMME_SET),
        agreed_later("kanal", kinds.enumeration(*CHANNELS)),
    ),
    key=("npp", "divisi", "kpj", "tgl_mulai"),
    repeated="repeated_membership",
    telling=("kpj", "tgl_mulai"),
    parent=Parent("pemberi_kerja", ("npp", "divisi"), "npp", "no_employer", "employer_rejected"),
)
# fmt: on
