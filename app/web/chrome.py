"""What stands around every page: the menu, the office, the language switch, the short notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from fastapi import Request

from app.accounts.schemas import SignedIn
from app.infra.wording import N_, translate
from app.web.addresses import address_of

NOTICE_FIELD: Final = "kabar"

# fmt: off
# (route, words, icon, the action that opens it; None: every signed-in person)
MENU: Final[tuple[tuple[str, str, str, str | None], ...]] = (
    ("home",         N_("Tindakan"),      "today",      None),
    ("flags",        N_("Temuan"),        "flag",       "flags.read"),
    ("cases",        N_("Kasus"),         "case",       "cases.read"),
    ("employers",    N_("Pemberi kerja"), "employer",   "registry.read"),
    ("retention",    N_("Retensi"),       "chart",      "registry.read"),
    ("controls",     N_("Kontrol"),       "check",      "controls.read"),
    ("imports",      N_("Impor"),         "import",     "imports.read"),
    ("calculators",  N_("Hitung"),        "calculator", "calculate"),
    ("calendar",     N_("Kalender"),      "calendar",   "calendar.edit"),
    ("parameters",   N_("Parameter"),     "calculator", "lawbook.propose"),
    ("administration", N_("Kelola"),      "people",     "accounts.manage"),
    ("trail",        N_("Jejak audit"),   "trail",      "audit.read"),
)
ROLE_WORDS: Final[Mapping[str, str]] = {
    "inspector":     N_("Petugas pemeriksa"),
    "supervisor":    N_("Penyelia"),
    "branch_head":   N_("Kepala kantor cabang"),
    "legal_officer": N_("Petugas hukum"),
    "administrator": N_("Administrator"),
    "auditor":       N_("Auditor"),
    "integration":   N_("Integrasi sistem"),
}
# What a page says after something was done; the address carries the key, never the words.
NOTICES: Final[Mapping[str, str]] = {
    "keluar":    N_("Anda sudah keluar."),
    "tolak":     N_("Temuan ditolak; alasannya tercatat."),
    "tunda":     N_("Temuan ditunda."),
    "tolak-banyak": N_("Temuan yang dipilih ditolak; alasannya tercatat pada setiap temuan."),
    "tunda-banyak": N_("Temuan yang dipilih ditunda."),
    "tinjau":    N_("Temuan dikembalikan ke antrean tinjauan."),
    "kasus":     N_("Kasus dibuka."),
    "langkah":   N_("Langkah tercatat."),
    "bukti":     N_("Bukti disimpan."),
    "layanan":   N_("Upaya penyampaian tercatat."),
    "tugas":     N_("Petugas ditetapkan."),
    "setuju":    N_("Persetujuan tercatat dan langkah diambil."),
    "usul":      N_("Usulan dikirim; menunggu persetujuan orang kedua."),
    "usul-tolak": N_("Penolakan usulan tercatat."),
    "segel":     N_("Berkas rujukan disegel."),
    "segel-lama": N_("Berkas dengan isi yang sama sudah pernah disegel; tidak dibuat yang kedua."),
    "rujukan":   N_("Surat dan angka rujukan dikunci untuk disetujui orang kedua."),
    "rujukan-setuju": N_("Rujukan disetujui."),
    "dokumen":   N_("Dokumen berjangka tercatat."),
    "kalender":  N_("Kalender diperbarui; tenggat yang bergeser dihitung ulang."),
    "nilai-usul": N_("Nilai diusulkan; menunggu persetujuan orang kedua."),
    "nilai-setuju": N_("Nilai disetujui dan akan berlaku pada tanggalnya."),
    "nilai-tolak": N_("Putusan atas usulan nilai tercatat."),
    "penangguhan": N_("Usulan penangguhan dicatat; menunggu orang kedua."),
    "penangguhan-putus": N_("Putusan atas penangguhan tercatat."),
    "deteksi":   N_("Pencarian temuan dijadwalkan."),
    "pengguna":  N_("Data pengguna disimpan."),
    "pengguna-nonaktif": N_("Pengguna dinonaktifkan; sesinya langsung diakhiri."),
    "pengguna-aktif": N_("Pengguna aktif kembali."),
    "kantor":    N_("Data kantor disimpan."),
    "kantor-baru": N_("Kantor ditambahkan."),
    "token-cabut": N_("Token dicabut dan tidak dapat dipakai lagi."),
    "sandi":     N_("Kata sandi diganti; sesi lain diakhiri."),
    "sesi":      N_("Sesi diakhiri."),
    "aturan-usul": N_("Perubahan aturan diusulkan; menunggu persetujuan orang kedua."),
    "aturan-setuju": N_("Perubahan aturan disetujui dan berlaku sejak tanggalnya."),
    "aturan-batal": N_("Perubahan aturan dibatalkan; yang berlaku sekarang tetap berlaku."),
    "aturan-tolak": N_("Putusan atas perubahan aturan tercatat."),
    "bobot-usul": N_("Bobot diusulkan; menunggu persetujuan orang kedua."),
    "bobot-setuju": N_("Bobot disetujui; pencarian temuan sejak tanggalnya memakainya."),
    "bobot-batal": N_("Perubahan bobot dibatalkan; bobot yang berlaku sekarang tetap dipakai."),
    "bobot-tolak": N_("Putusan atas usulan bobot tercatat."),
    "kecuali":   N_("Pengecualian tercatat; berakhir sendiri pada tanggalnya atau bila faktanya berubah."),  # noqa: E501
    "tautan":    N_("Keputusan tercatat; berlaku pada pencarian temuan berikutnya."),
    "tautan-cabut": N_("Keputusan dicabut; berlaku pada pencarian temuan berikutnya."),
    "retensi":   N_("Penghitungan retensi dijadwalkan; muat ulang halaman ini sebentar lagi."),
    "selisih":   N_("Penghitungan selisih dijadwalkan; muat ulang halaman ini sebentar lagi."),
    "sasaran":   N_("Sasaran disimpan."),
    "koreksi":   N_("Putusan atas koreksi tercatat pada linimasa kasus."),
    "undian":    N_("Undian disimpan; daftarnya tidak dapat diganti lagi."),
    "kontrol":   N_("Hasil kunjungan tercatat."),
    "seleksi":   N_("Laporan seleksi dihitung dan disimpan."),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class MenuItem:
    address: str
    words: str
    icon: str
    current: str


@dataclass(frozen=True, slots=True)
class Chrome:
    nav: tuple[MenuItem, ...]
    office: str
    role: str
    here: str
    other_language: str
    other_language_name: str
    notice: str


def chrome_of(request: Request, *, found: SignedIn | None, language: str) -> Chrome:
    path = request.scope["path"]
    english = language == "en"
    return Chrome(
        nav=() if found is None or found.must_choose_password else _menu(request, found, path),
        office=found.office_name if found is not None else "",
        role=ROLE_WORDS.get(found.principal.role, "") if found is not None else "",
        here=_here(request),
        other_language="id" if english else "en",
        other_language_name="Bahasa Indonesia" if english else "English",
        notice=_notice(request, language),
    )


def _menu(request: Request, found: SignedIn, path: str) -> tuple[MenuItem, ...]:
    items = []
    for route, words, icon, action in MENU:
        if action is not None and not found.principal.may(action):
            continue
        address = address_of(request, route)
        current = ""
        if path == address:
            current = "page"
        elif address != "/" and path.startswith(f"{address}/"):
            current = "true"
        items.append(MenuItem(address=address, words=words, icon=icon, current=current))
    return tuple(items)


def _here(request: Request) -> str:
    """Return the address to come back to: only a page that can be asked for again."""
    if request.method != "GET":
        return "/"
    pairs = [
        (name, value)
        for name, value in parse_qsl(request.scope["query_string"].decode())
        if name != NOTICE_FIELD
    ]
    path: str = request.scope["path"]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _notice(request: Request, language: str) -> str:
    wording = NOTICES.get(request.query_params.get(NOTICE_FIELD, ""))
    return "" if wording is None else translate(wording, language)
