"""PURE: columns of the registry in words: a label for each, money and days written out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

from app.infra.wording import N_, translate
from app.registry.reference.endings import END_WORDS
from app.registry.reference.regions import regency_names
from app.web.spoken import LOCALES

MONTHS_A_YEAR: Final = 12

# fmt: off
LABELS: Final[Mapping[str, str]] = {
    "npp":           N_("NPP"),
    "divisi":        N_("Divisi"),
    "nama":          N_("Nama"),
    "bentuk":        N_("Bentuk"),
    "npwp":          N_("NPWP"),
    "nib":           N_("NIB"),
    "kbli":          N_("KBLI"),
    "skala":         N_("Skala"),
    "kelas_jkk":     N_("Tingkat risiko JKK"),
    "alamat":        N_("Alamat"),
    "kode_wilayah":  N_("Kabupaten/kota"),
    "kantor_cabang": N_("Kantor cabang"),
    "tgl_daftar":    N_("Terdaftar sejak"),
    "status":        N_("Status"),
    "program":       N_("Program"),
    "kpj":           N_("KPJ"),
    "nik":           N_("NIK"),
    "tgl_lahir":     N_("Tanggal lahir"),
    "tgl_mulai":     N_("Mulai"),
    "tgl_akhir":     N_("Berakhir"),
    "sebab_akhir":   N_("Sebab berakhir"),
    "kanal":         N_("Kanal pendaftaran"),
    "upah":          N_("Upah"),
    "blth":          N_("Bulan"),
    "tk":            N_("Pekerja"),
    "dasar_upah":    N_("Dasar upah"),
    "jumlah":        N_("Jumlah"),
    "tgl_bayar":     N_("Tanggal bayar"),
    "kode_iuran":    N_("Kode iuran"),
    "sumber":        N_("Sumber"),
    "id_sumber":     N_("Nomor pada sumber"),
    "jumlah_tk":     N_("Jumlah pekerja"),
    "tgl_data":      N_("Tanggal data"),
    "sisa":          N_("Sisa"),
    "dibayar":       N_("Dibayar"),
    # The numbers that a flag rests on.
    "bulan":             N_("Bulan diperhitungkan"),
    "metode":            N_("Cara memperkirakan"),
    "tautan":            N_("Ditautkan lewat"),
    "pekerja":           N_("Pekerja"),
    "sumber_segar":      N_("Sumber yang masih baru"),
    "iuran_sebulan":     N_("Iuran sebulan"),
    "berakhir_terakhir": N_("Terakhir berakhir"),
    "wajib":             N_("Program wajib"),
    "kurang":            N_("Program yang kurang"),
    "upah_dilaporkan":   N_("Upah dilaporkan"),
    "upah_bukti":        N_("Upah menurut bukti"),
    "upah_dasar":        N_("Upah dasar perkiraan"),
    "cara":              N_("Dibandingkan lewat"),
    "terdaftar":         N_("Terdaftar di sini"),
    "tk_tersedikit":     N_("Pekerja menurut sumber dengan angka terkecil"),
    "tk_terbanyak":      N_("Pekerja menurut sumber dengan angka terbesar"),
    "dilaporkan":        N_("Menurut sumber"),
    "nik_tertulis":      N_("NIK pada daftar"),
    "ragu":              N_("Perlu diperiksa"),
    "pekerja_ragu":      N_("Mungkin sudah terdaftar"),
    "pekerja_mirip":     N_("Ditautkan tanpa NIK"),
    "mirip_npp":         N_("Mirip dengan NPP"),
    "digabung":          N_("Catatan yang digabung tanpa nomor"),
    "tutup_di_sini":     N_("Berstatus tutup di sini"),
    "pokok":             N_("Pokok belum dibayar"),
    "tagihan":           N_("Tagihan belum lunas"),
    "bulan_awal":        N_("Bulan pertama menunggak"),
    "bulan_akhir":       N_("Bulan terakhir menunggak"),
    "bulan_tunggak":     N_("Bulan menunggak"),
    "golongan_umur":     N_("Golongan umur piutang"),
}
# Through whom a worker was enrolled; the codes are those of the extract.
ENROLMENT_CHANNELS: Final[Mapping[str, str]] = {
    "perisai":          N_("Agen Perisai"),
    "kantor":           N_("Loket kantor cabang"),
    "daring":           N_("Layanan daring"),
    "mitra":            N_("Mitra kerja sama"),
    "pemberi_kerja":    N_("Didaftarkan pemberi kerja"),
    "lain":             N_("Kanal lain"),
}
# Codes of one column in words; a code that is not here is shown as it is.
CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "sebab_akhir":   END_WORDS,
    "kanal":         ENROLMENT_CHANNELS,
    "skala":         {"mikro": N_("Mikro"), "kecil": N_("Kecil"), "menengah": N_("Menengah"), "besar": N_("Besar")},  # noqa: E501
    "status":        {"aktif": N_("Aktif"), "nonaktif": N_("Nonaktif"), "tutup": N_("Tutup")},
    "tautan":        {"npwp": N_("NPWP"), "nib": N_("NIB"), "nama": N_("nama dan wilayah"), "nama_mirip": N_("kemiripan"), "putusan": N_("keputusan petugas")},  # noqa: E501
    "ragu":          {"mungkin peserta": N_("mungkin peserta dengan NIK lain")},
    "cara":          {"daftar": N_("daftar nama pekerja"), "jumlah": N_("jumlah pekerja")},
    "metode": {
        "pokok": N_("pokok tagihan yang belum dibayar"),
        **{
            method: method
            for method in (
                N_("upah sumber, selebihnya upah terakhir yang dilaporkan"),
                N_("iuran program yang kurang atas upah dilaporkan, satu bulan"),
                N_("upah sumber, selebihnya rata-rata upah wilayah"),
                N_("selisih iuran atas upah bukti dan upah dilaporkan"),
                N_("upah sumber"),
                N_("rata-rata upah wilayah"),
            )
        },
    },
    "golongan_umur": {"lancar": N_("Lancar"), "kurang_lancar": N_("Kurang lancar"), "diragukan": N_("Diragukan"), "macet": N_("Macet")},  # noqa: E501
}
# fmt: on
MONEY: Final = frozenset(
    {
        "upah",
        "dasar_upah",
        "jumlah",
        "sisa",
        "dibayar",
        "iuran_sebulan",
        "upah_dilaporkan",
        "upah_bukti",
        "upah_dasar",
        "pokok",
    }
)  # fmt: skip
MONTHS: Final = frozenset({"blth", "bulan_awal", "bulan_akhir"})
DAYS: Final = frozenset({"berakhir_terakhir"})
LEFT_OUT: Final = frozenset(
    {"baris", "nama", "sumber", "batas_umur", "skor", "unsur", "batas_berikut", "edisi_bobot"}
)


@dataclass(frozen=True, slots=True)
class Item:
    label: str
    value: str


def items_of(values: Mapping[str, object], language: str) -> tuple[Item, ...]:
    """Return the columns that say something, in their order; the name stands in the heading."""
    return tuple(
        Item(label=LABELS.get(name, name), value=column_text(name, value, language))
        for name, value in values.items()
        if name not in LEFT_OUT and value not in (None, "")
    )


def heads_of(rows: Iterable[Mapping[str, object]]) -> tuple[tuple[str, str], ...]:
    """Return (column, label) for each column that any of the rows fills, in their order."""
    filled = dict.fromkeys(
        name for row in rows for name, value in row.items() if value not in (None, "")
    )
    return tuple(
        (name, LABELS.get(name, name)) for name in filled if name not in LEFT_OUT - {"nama"}
    )


def cells_of(values: Mapping[str, object], language: str) -> dict[str, str]:
    return {
        name: _short_day(value, language) if _is_day(name) else column_text(name, value, language)
        for name, value in values.items()
        if value not in (None, "")
    }


def column_text(name: str, value: object, language: str) -> str:
    """Return one value as people read it."""
    if name in MONTHS:
        return month_text(value, language)
    if name == "kode_wilayah":
        return regency_names().get(str(value), str(value))
    if _is_day(name):
        return _day(value, language)
    if name in CODES and (said := _coded(value, CODES[name], language)):
        return said
    if name in MONEY and isinstance(value, int):
        return f"Rp{_number(value, language)}"
    return plain_text(value, language)


def plain_text(value: object, language: str) -> str:
    match value:
        case bool():
            return translate(N_("ya") if value else N_("tidak"), language)
        case date():
            return _day(value, language)
        case int():
            return _number(value, language)
        case str():
            return translate(value, language)
        case _:
            return _many(value, language)


def _coded(value: object, codes: Mapping[str, str], language: str) -> str:
    """Return a code in words, or how often each stands: `klaim JHT 3, pindah 1`; empty: no code."""
    if not isinstance(value, Mapping):
        words = codes.get(str(value), "")
        return translate(words, language) if words else ""
    return ", ".join(
        f"{translate(words, language)} {plain_text(value[code], language)}"
        for code, words in codes.items()
        if code in value
    )


def _many(value: object, language: str) -> str:
    if isinstance(value, Mapping):
        return ", ".join(
            f"{translate(LABELS.get(str(key), str(key)), language).lower()} "
            f"{plain_text(item, language)}"
            for key, item in value.items()
        )
    if isinstance(value, Iterable):
        return ", ".join(plain_text(item, language) for item in value)
    return str(value)


def month_text(value: object, language: str) -> str:
    """Return `Maret 2026` from a month index or from `2026-03`."""
    if isinstance(value, int):
        first = date(value // MONTHS_A_YEAR, value % MONTHS_A_YEAR + 1, 1)
    else:
        try:
            first = date.fromisoformat(f"{value}-01")
        except ValueError:
            return str(value)
    return str(format_date(first, "LLLL y", locale=LOCALES[language]))


def _is_day(name: str) -> bool:
    return name.startswith("tgl_") or name in DAYS


def _day(value: object, language: str) -> str:
    return _written(value, "d MMMM y", language)


def _short_day(value: object, language: str) -> str:
    """Return `28 Feb 2026`, which a narrow column does not break."""
    return _written(value, "d MMM y", language).replace(" ", "\u00a0")


def _written(value: object, pattern: str, language: str) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return str(format_date(day, pattern, locale=LOCALES[language]))


def _number(value: int, language: str) -> str:
    return str(format_decimal(value, locale=LOCALES[language]))
