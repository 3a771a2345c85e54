"""The thresholds at which a likeness of employers or workers is a link, a question, or nothing."""

from decimal import Decimal
from typing import Final

from app.law.parameters.readings import our_reading

SURE: Final = our_reading(
    "linkage.sure",
    "peluang sejak mana dua catatan ditautkan",
    Decimal("0.99"),
    "peluang",
    "Hanya bila nomor, bentuk badan, dan wilayah tidak bertentangan dan tidak ada saingan dekat.",
)
REVIEW: Final = our_reading(
    "linkage.review",
    "peluang sejak mana pasangan ditinjau orang",
    Decimal("0.30"),
    "peluang",
    "Di bawahnya pasangan tidak ditanyakan kepada siapa pun.",
)
RIVAL: Final = our_reading(
    "linkage.rival",
    "berapa kali lebih mungkin dari calon kedua",
    20,
    "kali",
    "Bila calon kedua hampir sama mungkinnya, pasangan menjadi pertanyaan, bukan tautan.",
)
SHARE: Final = our_reading(
    "linkage.share",
    "bagian catatan luar tanpa nomor yang diduga terdaftar",
    Decimal("0.30"),
    "bagian",
    "Peluang awal sebelum nama, alamat, dan wilayah dibandingkan.",
)
WORKER_SHARE: Final = our_reading(
    "linkage.worker_share",
    "bagian pekerja luar yang NIK-nya tidak dikenal dan diduga peserta",
    Decimal("0.20"),
    "bagian",
    "Peluang awal sebelum NIK, nama, tanggal lahir, dan tempat kerja dibandingkan.",
)
