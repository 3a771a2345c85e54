"""`sumber_pekerja`: a worker as another agency knows them, on the day of its data."""

from typing import Final

from app.registry.formats import kinds
from app.registry.formats.layout import Column, Layout, optional
from app.registry.formats.sumber_pemberi_kerja import SOURCE

# fmt: off
LAYOUT: Final = Layout(
    table="sumber_pekerja",
    columns=(
        Column("sumber", SOURCE),
        Column("id_sumber", kinds.REFERENCE),
        Column("nik", kinds.NIK),
        Column("nama", kinds.TEXT),
        Column("tgl_lahir", kinds.DAY),
        optional("tgl_mulai", kinds.DAY),
        optional("upah", kinds.RUPIAH),
        Column("tgl_data", kinds.DAY),
    ),
    key=("sumber", "id_sumber", "nik", "tgl_mulai", "tgl_data"),
    repeated="repeated_source_worker",
    telling=("nik", "id_sumber", "tgl_data"),
)
# fmt: on
