"""What pages and the API say of control visits: results, groups, and what a report remarks."""

from collections.abc import Mapping
from typing import Final

from app.detection.control_schemas import Dimension, Result
from app.detection.selection import By
from app.detection.skew import Remark, RemarkKind
from app.infra.wording import N_, translate
from app.registry.reference.sectors import category_of

# fmt: off
RESULT_WORDS: Final[Mapping[Result, str]] = {
    "melanggar":       N_("Ada pelanggaran"),
    "patuh":           N_("Patuh"),
    "tidak_ditemukan": N_("Pemberi kerja tidak ditemukan"),
}
RESULT_TONES: Final[Mapping[Result, str]] = {
    "melanggar": "orange", "patuh": "green", "tidak_ditemukan": "",
}
DIMENSION_WORDS: Final[Mapping[Dimension, str]] = {
    "sektor":  N_("Sektor (divisi KBLI)"),
    "skala":   N_("Skala usaha"),
    "wilayah": N_("Wilayah (kabupaten atau kota)"),
}
BY_WORDS: Final[Mapping[By, str]] = {
    "semua":   N_("Semua"),
    "aturan":  N_("Aturan"),
    "sektor":  N_("Sektor (divisi KBLI)"),
    "skala":   N_("Skala usaha"),
    "wilayah": N_("Wilayah (kabupaten atau kota)"),
    "kantor":  N_("Kantor cabang"),
}
# Singled out or passed over; the second sentence says whether control visits bear it out.
_OVER = N_("{name}: {flagged} dari yang ditandai, padahal {register} dari register ({times} kali bagiannya).")  # noqa: E501
_UNDER = N_("{name}: hanya {flagged} dari yang ditandai, padahal {register} dari register ({times} kali bagiannya).")  # noqa: E501
_UNKNOWN = N_("Baru {visits} kunjungan kontrol di kelompok ini; perlu {minimum} untuk tahu apakah pelanggarannya memang berbeda.")  # noqa: E501
_OVER_UNFOUNDED = N_("Kunjungan kontrol tidak menunjukkan pelanggaran yang lebih sering ({group_base}, rata-rata {base}): seleksi mungkin berat sebelah.")  # noqa: E501
_OVER_FOUNDED = N_("Kunjungan kontrol menunjukkan pelanggaran yang memang lebih sering ({group_base}, rata-rata {base}).")  # noqa: E501
_UNDER_UNFOUNDED = N_("Kunjungan kontrol tidak menunjukkan pelanggaran yang lebih jarang ({group_base}, rata-rata {base}): aturan mungkin melewatkan kelompok ini.")  # noqa: E501
_UNDER_FOUNDED = N_("Kunjungan kontrol menunjukkan pelanggaran yang memang lebih jarang ({group_base}, rata-rata {base}).")  # noqa: E501
SENTENCES: Final[Mapping[RemarkKind, tuple[str, ...]]] = {
    RemarkKind.TOO_FEW: (N_("Baru {count} kunjungan kontrol yang menemukan pemberi kerjanya; perlu {minimum}. Sampai saat itu angka di bawah belum dapat dipakai untuk menilai aturan."),),  # noqa: E501
    RemarkKind.UNVISITED: (N_("{count} dari {drawn} kunjungan yang terundi sudah lewat masanya tanpa hasil. Yang tidak dikunjungi mungkin berbeda dari yang dikunjungi; selesaikan lebih dahulu."),),  # noqa: E501
    RemarkKind.NOT_FOUND: (N_("{count} dari {done} kunjungan tidak menemukan pemberi kerjanya; kunjungan itu tidak masuk hitungan."),),  # noqa: E501
    RemarkKind.OVERLAPPING: (N_("Ada {count} undian tambahan untuk kantor dan masa yang sama; semuanya dihitung."),),  # noqa: E501
    RemarkKind.NO_BETTER: (N_("Temuan terbukti pada {held} kasus, undian acak menemukan pelanggaran pada {base} kunjungan: belum terlihat bahwa aturan memilih lebih baik daripada undian."),),  # noqa: E501
    RemarkKind.MISSED: (N_("{count} dari {violating} pelanggaran yang ditemukan kunjungan kontrol tidak ditandai aturan mana pun."),),  # noqa: E501
    RemarkKind.OVER_UNKNOWN: (_OVER, _UNKNOWN),
    RemarkKind.OVER_UNFOUNDED: (_OVER, _OVER_UNFOUNDED),
    RemarkKind.OVER_FOUNDED: (_OVER, _OVER_FOUNDED),
    RemarkKind.UNDER_UNKNOWN: (_UNDER, _UNKNOWN),
    RemarkKind.UNDER_UNFOUNDED: (_UNDER, _UNDER_UNFOUNDED),
    RemarkKind.UNDER_FOUNDED: (_UNDER, _UNDER_FOUNDED),
}
# fmt: on
_PER_MILLE: Final = frozenset({"flagged", "register", "held", "base", "group_base"})
_HUNDREDTHS: Final = frozenset({"times"})


def sentence_of(remark: Remark, *, name: str, language: str) -> str:
    """Return what a remark says of the group called `name`."""
    values = {
        key: _written(key, number, language=language) for key, number in remark.numbers.items()
    }
    return " ".join(translate(one, language, name=name, **values) for one in SENTENCES[remark.kind])


def group_name(
    by: By, key: str, *, offices: Mapping[str, str], scales: Mapping[str, str], language: str
) -> str:
    """Return a group as people call it; one that the extract leaves empty is said to be so."""
    if not key:
        return translate(N_("tidak diisi"), language)
    match by:
        case "kantor":
            return offices.get(key, key)
        case "skala":
            return translate(scales.get(key, key), language)
        case "sektor":
            section = category_of(key)
            return f"{key} {translate(section, language)}" if section else key
        case _:
            return key


def _written(key: str, number: int, *, language: str) -> str:
    if key in _PER_MILLE:
        return f"{_decimal(number, 10, language=language)}%"
    return _decimal(number, 100, language=language) if key in _HUNDREDTHS else str(number)


def _decimal(number: int, scale: int, *, language: str) -> str:
    whole, rest = divmod(number, scale)
    digits = str(rest).zfill(len(str(scale)) - 1).rstrip("0")
    comma = "." if language == "en" else ","
    return f"{whole}{comma}{digits}" if digits else str(whole)
