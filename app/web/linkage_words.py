"""PURE: the words of linkage: comparisons, levels, how loudly a weight speaks, verdicts."""

from collections.abc import Mapping
from typing import Final

from app.infra.wording import N_
from app.linkage.schemas import OUTSIDE, WORKER, PairKind

# fmt: off
COMPARISON_WORDS: Final[Mapping[str, str]] = {
    "nama":    N_("Nama"),
    "wilayah": N_("Kabupaten/kota"),
    "alamat":  N_("Alamat"),
    "kbli":    N_("Bidang usaha (KBLI)"),
    "bentuk":  N_("Bentuk badan"),
    "telepon": N_("Telepon"),
    "nomor":   N_("NPWP dan NIB"),
    "nik":          N_("NIK"),
    "tgl_lahir":    N_("Tanggal lahir"),
    "tempat_kerja": N_("Tempat kerja"),
}
LEVEL_WORDS: Final[Mapping[tuple[str, str], str]] = {
    ("nama", "sama"):           N_("sama, dan jarang dipakai"),
    ("nama", "sama_umum"):      N_("sama, tetapi banyak yang memakainya"),
    ("nama", "bunyi"):          N_("sama bunyinya, lain ejaannya"),
    ("nama", "huruf"):          N_("sangat mirip, beda satu dua huruf"),
    ("nama", "singkatan"):      N_("cocok dengan singkatannya"),
    ("nama", "sebagian"):       N_("sebagian katanya sama"),
    ("nama", "beda"):           N_("berbeda"),
    ("wilayah", "kabupaten"):   N_("kabupaten/kota yang sama"),
    ("wilayah", "provinsi"):    N_("kabupaten/kota lain dalam provinsi yang sama"),
    ("wilayah", "beda"):        N_("provinsi lain"),
    ("alamat", "jalan_nomor"):  N_("jalan dan nomornya sama"),
    ("alamat", "mirip_nomor"):  N_("jalannya mirip dan nomornya sama"),
    ("alamat", "jalan"):        N_("jalannya sama atau mirip, nomornya lain atau tidak disebut"),
    ("alamat", "kecamatan"):    N_("hanya kecamatannya yang sama"),
    ("alamat", "beda"):         N_("berbeda"),
    ("kbli", "kode"):           N_("kode yang sama"),
    ("kbli", "golongan"):       N_("golongan pokok yang sama"),
    ("kbli", "beda"):           N_("bidang lain"),
    ("bentuk", "sama"):         N_("sama"),
    ("bentuk", "beda"):         N_("berbeda"),
    ("telepon", "sama"):        N_("nomor yang sama"),
    ("telepon", "beda"):        N_("nomor lain"),
    ("nomor", "sama"):          N_("sama"),
    ("nomor", "hampir_sama"):   N_("hampir sama: beda satu angka atau dua angka tertukar"),
    ("nomor", "beda"):          N_("nomor lain"),
    ("nik", "sama"):            N_("sama"),
    ("nik", "tertukar"):        N_("dua angka bersebelahan tertukar"),
    ("nik", "satu_angka"):      N_("hanya satu angka yang berbeda"),
    ("nik", "dua_angka"):       N_("dua angka yang berbeda"),
    ("nik", "pangkal"):         N_("kecamatan dan tanggal lahir di dalamnya sama, nomor urutnya lain"),  # noqa: E501
    ("nik", "lahir"):           N_("tanggal lahir di dalamnya cocok dengan tanggal lahir peserta"),
    ("nik", "kecamatan"):       N_("hanya kode kecamatannya yang sama"),
    ("nik", "beda"):            N_("nomor lain"),
    ("tgl_lahir", "sama"):      N_("sama"),
    ("tgl_lahir", "tertukar"):  N_("hari dan bulannya tertukar"),
    ("tgl_lahir", "satu_angka"): N_("hanya satu angka yang berbeda"),
    ("tgl_lahir", "tahun"):     N_("hanya tahunnya yang sama"),
    ("tgl_lahir", "beda"):      N_("berbeda"),
    ("tempat_kerja", "sama"):   N_("terdaftar pada pemberi kerja yang sama"),
    ("tempat_kerja", "lain"):   N_("terdaftar pada pemberi kerja lain"),
}
NOTHING_TO_COMPARE: Final = N_("tidak disebut pada salah satu pihak")
# voice -> (words, tone of the tag)
VOICE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "sangat_kuat":     (N_("mendukung sangat kuat"),    "green"),
    "kuat":            (N_("mendukung kuat"),           "green"),
    "mendukung":       (N_("mendukung"),                "green"),
    "netral":          (N_("hampir tidak menentukan"),  "grey"),
    "melemahkan":      (N_("melemahkan"),               "orange"),
    "melemahkan_kuat": (N_("melemahkan kuat"),          "red"),
    "kosong":          (N_("tidak dapat dibandingkan"), "grey"),
}
WHY_WORDS: Final[Mapping[str, str]] = {
    "nomor":   N_("NPWP atau NIB keduanya ada dan berlainan; mesin tidak pernah menautkannya."),
    "bentuk":  N_("Bentuk badannya berlainan."),
    "wilayah": N_("Kabupaten atau kotanya berlainan."),
    "saingan": N_("Ada pemberi kerja terdaftar lain yang hampir sama mungkinnya."),
    "peluang": N_("Kemiripannya belum cukup untuk ditautkan tanpa ditinjau."),
    "nama":    N_("Alamat dan keterangan lainnya cocok, tetapi namanya lain sama sekali: mungkin hanya bertetangga."),  # noqa: E501
    "alamat":  N_("Nama dan wilayahnya sama, tetapi alamatnya lain: mungkin hanya senama."),
}
OUTSIDE_WHY_WORDS: Final[Mapping[str, str]] = {
    **WHY_WORDS,
    "sumber":  N_("Satu instansi menyebut keduanya, dan jarang menyebut satu pemberi kerja dua kali."),  # noqa: E501
    "saingan": N_("Ada pemberi kerja lain di luar yang hampir sama mungkinnya."),
    "rantai":  N_("Bila digabung, dua yang harus terpisah menjadi satu: nomornya, instansinya, atau keputusan petugas memisahkan keduanya."),  # noqa: E501
}
WORKER_WHY_WORDS: Final[Mapping[str, str]] = {
    "tempat":  N_("Ia peserta pada pemberi kerja lain; di sini ia tetap belum terdaftar."),
    "disebut": N_("Daftar yang sama juga menyebut peserta itu dengan NIK-nya sendiri."),
    "kelamin": N_("Menurut NIK-nya, jenis kelamin keduanya berlainan."),
    "kembar":  N_("NIK keduanya hanya berbeda pada nomor urut dan namanya lain: mungkin saudara kembar."),  # noqa: E501
    "nama":    N_("Nomor dan tanggal lahirnya cocok, tetapi namanya lain sama sekali."),
    "nomor":   N_("NIK keduanya terlalu berlainan untuk disebut salah tulis."),
    "saingan": N_("Ada peserta lain yang hampir sama mungkinnya."),
    "peluang": N_("Kemiripannya belum cukup untuk ditautkan tanpa ditinjau."),
}
METHOD_WORDS: Final[Mapping[str, str]] = {
    "":           N_("tidak ditautkan"),
    "nama":       N_("ditautkan karena nama dan wilayahnya sama"),
    "nama_ganda": N_("nama dan wilayahnya dipakai beberapa pemberi kerja terdaftar"),
    "nama_mirip": N_("ditautkan karena kemiripan"),
    "putusan":    N_("ditautkan oleh keputusan petugas"),
}
OUTSIDE_METHOD_WORDS: Final[Mapping[str, str]] = {
    "":           N_("tidak digabung"),
    "nama_mirip": N_("digabung karena kemiripan"),
    "putusan":    N_("digabung oleh keputusan petugas"),
}
# verdict -> (words, tone of the tag)
VERDICT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "":        (N_("belum diputus"),        "yellow"),
    "sama":    (N_("pemberi kerja sama"),   "green"),
    "beda":    (N_("pemberi kerja berbeda"), "blue"),
    "ragu":    (N_("belum dapat dipastikan"), "orange"),
    "dicabut": (N_("keputusan dicabut"),    "grey"),
}
WORKER_VERDICT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    **VERDICT_WORDS,
    "sama": (N_("orang yang sama"),    "green"),
    "beda": (N_("orang yang berbeda"), "blue"),
}
KIND_WORDS: Final[Mapping[str, str]] = {
    "pemberi_kerja": N_("Pemberi kerja"),
    "pekerja":       N_("Pekerja"),
    "pemberi_kerja_luar": N_("Pemberi kerja antarinstansi"),
}
GROUP_WORDS: Final[Mapping[str, str]] = {
    "menunggu": N_("Menunggu ditinjau"),
    "tertaut":  N_("Tertaut tanpa nomor"),
    "diputus":  N_("Sudah diputus"),
}
PROPOSAL_WORDS: Final[Mapping[str, str]] = {
    "tarik":     N_("Tarik: tidak ada temuan lain yang menopang kasus ini. Tutup kasusnya dan beri tahu penerima suratnya."),  # noqa: E501
    "sesuaikan": N_("Sesuaikan: temuan lain tetap menopang kasus ini. Perbaiki angka dan surat berikutnya."),  # noqa: E501
    "catat":     N_("Catat saja: kasus ini sudah ditutup."),
}
# fmt: on


def level_words(comparison: str, level: str) -> str:
    """Return what a level means; the key of its translation."""
    return LEVEL_WORDS.get((comparison, level), NOTHING_TO_COMPARE)


def verdict_words(kind: PairKind, verdict: str) -> tuple[str, str]:
    """Return a verdict in words and the tone of its tag."""
    return (WORKER_VERDICT_WORDS if kind == WORKER else VERDICT_WORDS)[verdict]


def method_words(kind: PairKind, method: str) -> str:
    """Return how a pair is linked, or two outside employers are joined."""
    return (OUTSIDE_METHOD_WORDS if kind == OUTSIDE else METHOD_WORDS)[method]


def why_words(kind: PairKind, why: str) -> str:
    """Return why a pair is not sure; empty when it is."""
    own = {WORKER: WORKER_WHY_WORDS, OUTSIDE: OUTSIDE_WHY_WORDS}
    return own.get(kind, WHY_WORDS).get(why, "")


def percent(chance: float, language: str) -> str:
    """Return a chance for people; never 100 %, because a likeness is never proof."""
    text = f"{min(chance * 100, 99.9):.1f}"
    return f"{text} %" if language == "en" else f"{text.replace('.', ',')} %"
