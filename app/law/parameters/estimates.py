"""Which months an estimate covers, where no bill says so."""

from datetime import date
from typing import Final

from app.law.citation import reading
from app.law.dated import Dated, Version


def _reading(key: str, title: str, value: str, note: str) -> Dated[str]:
    version = Version(
        valid_from=date(2015, 7, 1),
        valid_to=None,
        value=value,
        unit="aturan",
        grade="C",
        citation=reading(note),
    )
    return Dated(key=key, title=title, versions=(version,))


ESTIMATE_STARTS: Final = _reading(
    "estimate.start",
    "bulan pertama perkiraan",
    "bulan mulai bekerja, atau bulan data sumber bila tidak diketahui",
    "Perkiraan, bukan tagihan; tidak pernah lebih awal dari bulan iuran pertama.",
)
ESTIMATE_ENDS: Final = _reading(
    "estimate.end",
    "bulan terakhir perkiraan",
    "bulan penuh terakhir sebelum tanggal batas",
    "Perkiraan, bukan tagihan; bulan yang masih berjalan tidak dihitung.",
)
