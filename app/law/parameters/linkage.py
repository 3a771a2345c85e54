"""The thresholds at which a likeness of two employers is a link, a question, or nothing."""

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


SURE: Final = _threshold(
    "linkage.sure",
    "peluang sejak mana dua catatan ditautkan",
    Decimal("0.99"),
    "peluang",
    "Hanya bila nomor, bentuk badan, dan wilayah tidak bertentangan dan tidak ada saingan dekat.",
)
REVIEW: Final = _threshold(
    "linkage.review",
    "peluang sejak mana pasangan ditinjau orang",
    Decimal("0.30"),
    "peluang",
    "Di bawahnya pasangan tidak ditanyakan kepada siapa pun.",
)
RIVAL: Final = _threshold(
    "linkage.rival",
    "berapa kali lebih mungkin dari calon kedua",
    20,
    "kali",
    "Bila calon kedua hampir sama mungkinnya, pasangan menjadi pertanyaan, bukan tautan.",
)
SHARE: Final = _threshold(
    "linkage.share",
    "bagian catatan luar tanpa nomor yang diduga terdaftar",
    Decimal("0.30"),
    "bagian",
    "Peluang awal sebelum nama, alamat, dan wilayah dibandingkan.",
)
WORKER_SHARE: Final = _threshold(
    "linkage.worker_share",
    "bagian pekerja luar yang NIK-nya tidak dikenal dan diduga peserta",
    Decimal("0.20"),
    "bagian",
    "Peluang awal sebelum NIK, nama, tanggal lahir, dan tempat kerja dibandingkan.",
)
