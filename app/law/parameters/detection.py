"""The thresholds at which a difference between two sources becomes a question for a person."""

from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from app.law.citation import reading
from app.law.dated import Dated, Version

_T = TypeVar("_T")


def _threshold(key: str, title: str, value: _T, unit: str, note: str) -> Dated[_T]:
    version = Version(
        valid_from=date(2015, 7, 1),
        valid_to=None,
        value=value,
        unit=unit,
        grade="C",
        citation=reading(note),
    )
    return Dated(key=key, title=title, versions=(version,))


STALE_AFTER_MONTHS: Final = _threshold(
    "detection.stale",
    "umur data yang masih dipakai",
    18,
    "bulan",
    "Data yang lebih tua mendukung, tidak pernah menjadi dasar tunggal.",
)
GRACE_DAYS: Final = _threshold(
    "detection.grace",
    "tenggang pendaftaran pekerja baru",
    30,
    "hari kalender",
    "Pekerja yang baru mulai belum dianggap tidak terdaftar.",
)
HEAD_COUNT_MARGIN: Final = _threshold(
    "detection.head-count",
    "selisih jumlah pekerja paling sedikit",
    2,
    "pekerja",
    "Berlaku bila tidak ada daftar pekerja; kedua batas selisih harus terpenuhi.",
)
HEAD_COUNT_SHARE: Final = _threshold(
    "detection.head-count-share",
    "bagian selisih jumlah pekerja paling sedikit",
    Decimal("0.10"),
    "bagian dari jumlah terdaftar",
    "Berlaku bila tidak ada daftar pekerja; kedua batas selisih harus terpenuhi.",
)
WAGE_MARGIN: Final = _threshold(
    "detection.wage",
    "selisih upah paling sedikit",
    Decimal("0.10"),
    "bagian dari upah yang dilaporkan",
    "Upah di bawah upah minimum saja hanya isyarat.",
)
ARREARS_MONTHS: Final = _threshold(
    "detection.arrears",
    "bulan menunggak paling sedikit",
    3,
    "bulan",
    "Bulan berbeda dengan pokok belum dibayar yang sudah jatuh tempo.",
)
LONGEST_ESTIMATE: Final = _threshold(
    "detection.longest-estimate",
    "bulan taksiran temuan paling banyak",
    12,
    "bulan",
    "Taksiran temuan adalah pertanyaan, bukan tagihan; ia tidak menjangkau lebih jauh.",
)
