"""The instruments that the parameters rest on, as graded in the legal dossier."""

from app.law.citation import Citation

PP_44_2015_JKK = Citation(
    instrument="PP 44/2015", article="Pasal 16 dan Lampiran I", grade="B", source="G1, G2",
    note="Kelompok risiko diperbarui oleh PP 82/2019 Lampiran I.",
)  # fmt: skip
PP_44_2015_JKM = Citation(
    instrument="PP 44/2015", article="Pasal 18", grade="B", source="G1"
)  # fmt: skip
PP_46_2015_JHT = Citation(
    instrument="PP 46/2015", article="Pasal 16", grade="B", source="G1"
)  # fmt: skip
PP_45_2015_JP = Citation(
    instrument="PP 45/2015", article="Pasal 28", grade="B", source="S34",
    note="3 %, dievaluasi paling lambat setiap 3 tahun menuju 8 %.",
)  # fmt: skip
PP_45_2015_CEILING = Citation(
    instrument="PP 45/2015", article="Pasal 29 ayat (2) sampai ayat (4)", grade="B",
    source="S38, S39, S41",
    note="Batas tahun lalu dikalikan pertumbuhan PDB; diumumkan BPJS, berlaku mulai Maret.",
)  # fmt: skip
LATE_PAYMENT = Citation(
    instrument="PP 44/2015, PP 45/2015 dan PP 46/2015", article=None, grade="B",
    source="S45, S46, S47, S48",
    note="Nomor pasal belum diverifikasi.",
)  # fmt: skip
PP_49_2020 = Citation(instrument="PP 49/2020", article=None, grade="B", source="S46, S48, S51, S52")
PP_49_2020_DUE = Citation(
    instrument="PP 49/2020", article="Pasal 4", grade="B", source="S46, S48"
)  # fmt: skip
PP_49_2020_RELIEF = Citation(
    instrument="PP 49/2020", article="Pasal 9", grade="A", source="S49",
    note="Syarat lunas sampai Juli 2020 dianggap terpenuhi.",
)  # fmt: skip
PP_49_2020_DEFERRAL = Citation(
    instrument="PP 49/2020", article="Pasal 17", grade="A", source="S50",
    note="Pemberitahuan atau permohonan pemberi kerja dianggap telah diterima.",
)  # fmt: skip
PP_49_2020_PENALTY = Citation(
    instrument="PP 49/2020", article="Pasal 23 ayat (1)", grade="B", source="S48"
)  # fmt: skip
PP_7_2025 = Citation(
    instrument="PP 7/2025", article=None, grade="B", source="S53",
    note="Industri padat karya tertentu dengan paling sedikit 50 pekerja.",
)  # fmt: skip
PP_36_2025 = Citation(
    instrument="PP 36/2025", article=None, grade="B", source="S54",
    note="Perpanjangan keringanan PP 7/2025 sampai iuran Januari 2026.",
)  # fmt: skip
PP_86_2013_WARNING = Citation(
    instrument="PP 86/2013", article="Pasal 6", grade="A", source="S22, S23, S24"
)  # fmt: skip
PP_86_2013_FINE_WINDOW = Citation(
    instrument="PP 86/2013", article="Pasal 7", grade="A", source="S22, S24"
)  # fmt: skip
PP_86_2013_FINE_AMOUNT = Citation(
    instrument="PP 86/2013", article="Pasal 7 atau Pasal 10", grade="B", article_grade="C",
    source="S24, S25, S26",
)  # fmt: skip
PERPRES_109_2013 = Citation(
    instrument="Perpres 109/2013", article="Pasal 6", grade="A", source="S44"
)  # fmt: skip
PERMA_SMALL_CLAIMS = Citation(
    instrument="Perma 2/2015 sebagaimana diubah dengan Perma 4/2019", article=None, grade="B",
    source="S80, S81, S82",
    note="Tanggal mulai berlaku belum diverifikasi.",
)  # fmt: skip
PUPN_PRACTICE = Citation(
    instrument="Syarat penyerahan piutang kepada PUPN (praktik 2025)", article=None, grade="B",
    source="S40",
)  # fmt: skip
AGEING_PRACTICE = Citation(
    instrument="Penggolongan piutang BPJS Ketenagakerjaan dan DJKN (2018)", article=None,
    grade="B", source="S93",
    note="Sumber lain memakai batas yang berbeda.",
)  # fmt: skip
UU_10_2020 = Citation(
    instrument="UU 10/2020", article="Pasal 5", grade="A", article_grade="C", source="S77, S78"
)  # fmt: skip
PERPRES_21_2023 = Citation(
    instrument="Perpres 21/2023", article="Pasal 3", grade="B", source="S112"
)  # fmt: skip
SKB_HOLIDAYS = Citation(
    instrument="SKB tiga menteri tentang hari libur nasional dan cuti bersama", article=None,
    grade="B", source="S113, S114, S115, G18, G19, G20",
    note="Tahun 2026 dan 2027 dibandingkan dengan daftar; 2024 dan 2025 dari ingatan.",
)  # fmt: skip
