"""The thresholds at which a difference between two sources becomes a question for a person."""

from decimal import Decimal
from typing import Final

from app.law.parameters.readings import our_reading

STALE_AFTER_MONTHS: Final = our_reading(
    "detection.stale",
    "umur data yang masih dipakai",
    18,
    "bulan",
    "Data yang lebih tua mendukung, tidak pernah menjadi dasar tunggal.",
)
GRACE_DAYS: Final = our_reading(
    "detection.grace",
    "tenggang pendaftaran pekerja baru",
    30,
    "hari kalender",
    "Pekerja yang baru mulai belum dianggap tidak terdaftar.",
)
HEAD_COUNT_MARGIN: Final = our_reading(
    "detection.head-count",
    "selisih jumlah pekerja paling sedikit",
    2,
    "pekerja",
    "Berlaku bila tidak ada daftar pekerja; kedua batas selisih harus terpenuhi.",
)
HEAD_COUNT_SHARE: Final = our_reading(
    "detection.head-count-share",
    "bagian selisih jumlah pekerja paling sedikit",
    Decimal("0.10"),
    "bagian dari jumlah terdaftar",
    "Berlaku bila tidak ada daftar pekerja; kedua batas selisih harus terpenuhi.",
)
WAGE_MARGIN: Final = our_reading(
    "detection.wage",
    "selisih upah paling sedikit",
    Decimal("0.10"),
    "bagian dari upah yang dilaporkan",
    "Upah di bawah upah minimum saja hanya isyarat.",
)
ARREARS_MONTHS: Final = our_reading(
    "detection.arrears",
    "bulan menunggak paling sedikit",
    3,
    "bulan",
    "Bulan berbeda dengan pokok belum dibayar yang sudah jatuh tempo.",
)
LAPSED_GRACE_DAYS: Final = our_reading(
    "detection.lapsed-grace",
    "tenggang data sesudah kepesertaan berakhir",
    30,
    "hari kalender",
    "Daftar bertanggal segera sesudah berakhirnya biasanya menceritakan bulan sebelumnya; dipakai "
    "aturan LAPSED versi 2.",
)
LONGEST_ESTIMATE: Final = our_reading(
    "detection.longest-estimate",
    "bulan taksiran temuan paling banyak",
    12,
    "bulan",
    "Taksiran temuan adalah pertanyaan, bukan tagihan; ia tidak menjangkau lebih jauh.",
)
