"""PURE: the legal basis page as versioned data, in the order of the acts, chosen by violation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.law.citation import Citation, Grade
from app.law.month import Month
from app.law.parameters.overlays import JKM_RELIEF_2020
from app.packets.content import AnalysisKey, LegalEntry
from app.packets.dossier import ViolationCode

VERSION: Final = "2026-11-22"

_EVERY: Final[frozenset[ViolationCode]] = frozenset(
    {"PWBD", "PDS_TK", "PDS_UPAH", "PDS_PROGRAM", "PIUTANG", "LAPSED"}
)
_UNPAID: Final[frozenset[ViolationCode]] = frozenset({"PIUTANG"})
_UNDECLARED: Final = _EVERY - _UNPAID
_PROGRAMMES: Final[frozenset[ViolationCode]] = frozenset({"PWBD", "PDS_PROGRAM"})
_WAGES: Final[frozenset[ViolationCode]] = frozenset({"PDS_UPAH"})
_UU_24: Final = "Undang-Undang Nomor 24 Tahun 2011 tentang Badan Penyelenggara Jaminan Sosial"
_PP_86: Final = (
    "Peraturan Pemerintah Nomor 86 Tahun 2013 tentang Tata Cara Pengenaan Sanksi Administratif "
    "kepada Pemberi Kerja Selain Penyelenggara Negara dan Setiap Orang, Selain Pemberi Kerja, "
    "Pekerja, dan Penerima Bantuan Iuran dalam Penyelenggaraan Jaminan Sosial"
)
_PP_44: Final = (
    "Peraturan Pemerintah Nomor 44 Tahun 2015 tentang Penyelenggaraan Program Jaminan Kecelakaan "
    "Kerja dan Jaminan Kematian"
)
_PP_45: Final = (
    "Peraturan Pemerintah Nomor 45 Tahun 2015 tentang Penyelenggaraan Program Jaminan Pensiun"
)
_PP_46: Final = (
    "Peraturan Pemerintah Nomor 46 Tahun 2015 tentang Penyelenggaraan Program Jaminan Hari Tua"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """One instrument. `enacted` is year and number, the order of printing.

    `supports` is the step of the analysis that rests on it.
    """

    enacted: tuple[int, int]
    citation: Citation
    summary: str
    violations: frozenset[ViolationCode] = _EVERY
    condition: str = ""
    supports: AnalysisKey | None = None


def _norm(
    year: int,
    number: int,
    instrument: str,
    article: str | None,
    grade: Grade,
    source: str,
    summary: str,
    *,
    violations: frozenset[ViolationCode] = _EVERY,
    condition: str = "",
    supports: AnalysisKey | None = None,
) -> Norm:
    return Norm(
        enacted=(year, number),
        citation=Citation(instrument=instrument, article=article, grade=grade, source=source),
        summary=summary,
        violations=violations,
        condition=condition,
        supports=supports,
    )


# fmt: off
NORMS: Final[tuple[Norm, ...]] = (
    _norm(2004, 16,
        "Undang-Undang Nomor 16 Tahun 2004 tentang Kejaksaan Republik Indonesia sebagaimana diubah "
        "dengan Undang-Undang Nomor 11 Tahun 2021", "Pasal 30 ayat (2)", "A", "S57",
        "Di bidang perdata dan tata usaha negara, kejaksaan dengan kuasa khusus dapat bertindak "
        "baik di dalam maupun di luar pengadilan untuk dan atas nama negara atau pemerintah.",
        supports="authority"),
    _norm(2004, 40,
        "Undang-Undang Nomor 40 Tahun 2004 tentang Sistem Jaminan Sosial Nasional",
        "Pasal 13", "B", "S13",
        "Pemberi kerja wajib mendaftarkan dirinya dan pekerjanya secara bertahap sebagai peserta.",
        violations=_UNDECLARED, supports="obligation"),
    _norm(2008, 11,
        "Undang-Undang Nomor 11 Tahun 2008 tentang Informasi dan Transaksi Elektronik sebagaimana "
        "diubah terakhir dengan Undang-Undang Nomor 1 Tahun 2024", "Pasal 5 dan Pasal 6", "B",
        "S109, S110",
        "Informasi dan dokumen elektronik beserta hasil cetaknya merupakan alat bukti yang sah "
        "sepanjang dapat diakses, ditampilkan, dijamin keutuhannya, dan dapat "
        "dipertanggungjawabkan."),
    _norm(2011, 24, _UU_24, "Pasal 11 huruf a, huruf c, dan huruf f", "B", "S5, S6",
        "Kewenangan menagih iuran, mengawasi dan memeriksa kepatuhan, serta mengenakan sanksi "
        "administratif.", supports="authority"),
    _norm(2011, 24, _UU_24, "Pasal 14", "A", "S1",
        "Setiap orang, termasuk orang asing yang bekerja paling singkat 6 (enam) bulan di "
        "Indonesia, wajib menjadi peserta.", supports="relation"),
    _norm(2011, 24, _UU_24, "Pasal 15 ayat (1) dan ayat (2)", "A", "S1",
        "Kewajiban pemberi kerja mendaftarkan diri dan pekerjanya serta memberikan data secara "
        "lengkap dan benar.", violations=_UNDECLARED, supports="obligation"),
    _norm(2011, 24, _UU_24, "Pasal 17", "A", "S2",
        "Sanksi administratif atas pelanggaran Pasal 15: teguran tertulis, denda, dan/atau tidak "
        "mendapat pelayanan publik tertentu.", violations=_UNDECLARED, supports="notice"),
    _norm(2011, 24, _UU_24, "Pasal 19 ayat (1) dan ayat (2)", "A", "S7",
        "Kewajiban pemberi kerja memungut iuran yang menjadi beban peserta dari pekerjanya dan "
        "menyetorkannya, serta membayar dan menyetorkan iuran yang menjadi tanggung jawabnya.",
        violations=_UNPAID, supports="obligation"),
    _norm(2011, 24, _UU_24, "Pasal 55", "A", "S7, S8",
        "Pelanggaran Pasal 19 ayat (1) atau ayat (2): pidana penjara paling lama 8 (delapan) tahun "
        "atau denda paling banyak Rp1.000.000.000,00 (satu miliar rupiah), sebagaimana disesuaikan "
        "dengan Undang-Undang Nomor 1 Tahun 2023 jo. Undang-Undang Nomor 1 Tahun 2026.",
        violations=_UNPAID, condition="criminal_clause"),
    _norm(2013, 86, _PP_86, "Pasal 3 ayat (2) huruf b", "B", "S21",
        "Upah yang dilaporkan harus sesuai dengan upah yang diterima pekerja.",
        violations=_WAGES, supports="obligation"),
    _norm(2013, 86, _PP_86, "Pasal 5 sampai dengan Pasal 8", "A", "S22, S23, S24",
        "Teguran tertulis paling banyak 2 (dua) kali masing-masing paling lama 10 (sepuluh) hari "
        "kerja; denda untuk jangka waktu paling lama 30 (tiga puluh) hari sejak teguran kedua "
        "berakhir; tidak mendapat pelayanan publik tertentu atas permintaan BPJS.",
        violations=_UNDECLARED, supports="notice"),
    _norm(2013, 86, _PP_86, "Pasal 9 ayat (1)", "B", "S24, S27",
        "Pelayanan publik tertentu bagi pemberi kerja: perizinan terkait usaha, izin mengikuti "
        "tender proyek, izin mempekerjakan tenaga kerja asing, izin perusahaan penyedia jasa "
        "pekerja, atau izin mendirikan bangunan.", violations=_UNDECLARED, condition="denial"),
    _norm(2013, 86, _PP_86, "Pasal 13", "A", "S29",
        "Sanksi dikenakan berdasarkan hasil pengawasan dan pemeriksaan; ketidakpatuhan dilaporkan "
        "kepada instansi yang membidangi ketenagakerjaan.", supports="breach"),
    _norm(2013, 109,
        "Peraturan Presiden Nomor 109 Tahun 2013 tentang Penahapan Kepesertaan Program Jaminan "
        "Sosial", "Pasal 6", "A", "S44",
        "Program yang wajib diikuti menurut skala usaha: besar dan menengah JKK, JKM, JHT, dan JP; "
        "kecil JKK, JKM, dan JHT; mikro JKK dan JKM.", violations=_PROGRAMMES,
        supports="obligation"),
    _norm(2015, 2,
        "Peraturan Mahkamah Agung Nomor 2 Tahun 2015 tentang Tata Cara Penyelesaian Gugatan "
        "Sederhana sebagaimana diubah dengan Peraturan Mahkamah Agung Nomor 4 Tahun 2019", None,
        "B", "S80, S81, S82",
        "Batas nilai gugatan materiil yang dapat diajukan sebagai gugatan sederhana.",
        condition="owed"),
    _norm(2015, 44, _PP_44, None, "B", "G1, G2", "Besar iuran JKK dan JKM.",
        condition="nothing owed", supports="amount"),
    _norm(2015, 44, _PP_44, None, "B", "S45, S46, S47",
        "Besar iuran JKK dan JKM, jatuh tempo pembayaran, dan denda keterlambatan 2 % per bulan "
        "yang ditanggung pemberi kerja.", condition="owed", supports="amount"),
    _norm(2015, 45, _PP_45, None, "B", "S34", "Besar iuran JP dan batas atas upah.",
        condition="nothing owed", supports="amount"),
    _norm(2015, 45, _PP_45, None, "B", "S34, S46, S47",
        "Besar iuran JP dan batas atas upah, jatuh tempo pembayaran, dan denda keterlambatan.",
        condition="owed", supports="amount"),
    _norm(2015, 46, _PP_46, None, "B", "G1", "Besar iuran JHT.",
        condition="nothing owed", supports="amount"),
    _norm(2015, 46, _PP_46, None, "B", "S46, S47",
        "Besar iuran JHT, jatuh tempo pembayaran, dan denda keterlambatan.",
        condition="owed", supports="amount"),
    _norm(2015, 1125,
        "Peraturan Jaksa Agung Nomor PER-025/A/JA/11/2015", None, "A", "S59, S60",
        "Petunjuk pelaksanaan penegakan hukum, bantuan hukum, pertimbangan hukum, tindakan hukum "
        "lain, dan pelayanan hukum di bidang perdata dan tata usaha negara, atau pedoman "
        "penggantinya."),
    _norm(2018, 4,
        "Peraturan Menteri Ketenagakerjaan Nomor 4 Tahun 2018 tentang Tata Cara Pengenaan dan "
        "Pencabutan Sanksi Administratif Tidak Mendapat Pelayanan Publik Tertentu bagi Pemberi "
        "Kerja Selain Penyelenggara Negara", None, "A", "S31, S32",
        "Tata cara pengenaan dan pencabutan sanksi tidak mendapat pelayanan publik tertentu.",
        violations=_UNDECLARED, condition="denial"),
    _norm(2020, 49,
        "Peraturan Pemerintah Nomor 49 Tahun 2020", "Pasal 9 dan Pasal 17", "A", "S49, S50",
        "Penyesuaian iuran Agustus 2020 sampai dengan Januari 2021; jatuh tempo dan denda khusus "
        "untuk bulan tersebut.", violations=_UNPAID, condition="relief", supports="amount"),
    _norm(2021, 2,
        "Instruksi Presiden Nomor 2 Tahun 2021 tentang Optimalisasi Pelaksanaan Program Jaminan "
        "Sosial Ketenagakerjaan", None, "B", "S67, S68",
        "Instruksi kepada Jaksa Agung untuk menegakkan kepatuhan badan usaha dalam program jaminan "
        "sosial ketenagakerjaan."),
    _norm(2022, 27,
        "Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi", "Pasal 20 ayat (2)",
        "A", "S101",
        "Dasar pemrosesan: pemenuhan kewajiban hukum dan pelaksanaan tugas dalam rangka "
        "kepentingan umum."),
)
# fmt: on


def legal_basis(
    *,
    codes: Iterable[ViolationCode],
    months: Iterable[Month],
    owed: bool,
    denial_requested: bool,
    criminal_clause: bool,
) -> tuple[LegalEntry, ...]:
    """Return what the page prints for that set of violations, oldest act first.

    Law: UU 24/2011 art. 55 reaches art. 19 only. Reading: the criminal provision is printed only
    by the logged choice of the legal team, and never where the employer is unregistered. The late
    penalty is named only where something is owed (`owed`): the fine of PP 86/2013 is another debt.
    """
    chosen = _chosen(
        codes=codes,
        months=months,
        owed=owed,
        denial_requested=denial_requested,
        criminal_clause=criminal_clause,
    )
    return tuple(_entry(norm) for norm in chosen if norm.citation.grade != "C")


def citations(
    *,
    codes: Iterable[ViolationCode],
    months: Iterable[Month],
    owed: bool,
    denial_requested: bool,
    criminal_clause: bool,
) -> tuple[Citation, ...]:
    """Return the citations of that page with their grades, for those who judge them."""
    chosen = _chosen(
        codes=codes,
        months=months,
        owed=owed,
        denial_requested=denial_requested,
        criminal_clause=criminal_clause,
    )
    return tuple(norm.citation for norm in chosen)


def _chosen(
    *,
    codes: Iterable[ViolationCode],
    months: Iterable[Month],
    owed: bool,
    denial_requested: bool,
    criminal_clause: bool,
) -> list[Norm]:
    found = frozenset(codes)
    holds = {
        "": True,
        "owed": owed,
        "nothing owed": not owed,
        "denial": denial_requested,
        "relief": any(JKM_RELIEF_2020.find_on(month.first_day) for month in months),
        "criminal_clause": criminal_clause and "PWBD" not in found,
    }
    return [
        norm
        for norm in sorted(NORMS, key=lambda norm: norm.enacted)
        if norm.violations & found and holds[norm.condition]
    ]


def _entry(norm: Norm) -> LegalEntry:
    cited = norm.citation
    grade = cited.article_grade or cited.grade
    articles = cited.article if cited.article and grade != "C" else ""
    return LegalEntry(
        instrument=cited.instrument,
        articles=articles or "",
        summary=norm.summary,
        secondary=grade != "A" and cited.checked_by is None,
        supports=norm.supports,
    )
