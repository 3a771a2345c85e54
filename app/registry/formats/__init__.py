"""The six extract tables, in the order in which they are read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.registry.formats import (
    kepesertaan,
    pembayaran,
    pemberi_kerja,
    sumber_pekerja,
    sumber_pemberi_kerja,
    tagihan,
)
from app.registry.formats.layout import Layout

LAYOUTS: Final[Mapping[str, Layout]] = MappingProxyType(
    {
        layout.table: layout
        for layout in (
            pemberi_kerja.LAYOUT,
            kepesertaan.LAYOUT,
            tagihan.LAYOUT,
            pembayaran.LAYOUT,
            sumber_pemberi_kerja.LAYOUT,
            sumber_pekerja.LAYOUT,
        )
    }
)
