"""Which months an estimate covers, where no bill says so."""

from typing import Final

from app.law.parameters.readings import our_reading

ESTIMATE_STARTS: Final = our_reading(
    "estimate.start",
    "bulan pertama perkiraan",
    "bulan mulai bekerja, atau bulan data sumber bila tidak diketahui",
    "aturan",
    "Perkiraan, bukan tagihan; tidak pernah lebih awal dari bulan iuran pertama.",
)
ESTIMATE_ENDS: Final = our_reading(
    "estimate.end",
    "bulan terakhir perkiraan",
    "bulan penuh terakhir sebelum tanggal batas",
    "aturan",
    "Perkiraan, bukan tagihan; bulan yang masih berjalan tidak dihitung.",
)
