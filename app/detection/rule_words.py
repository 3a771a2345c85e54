"""PURE: what a rule asks, in words for people who never read code."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.detection.rules.rule import Rule
from app.infra.wording import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """`conditions` name settings as `{key}`; `tables` are the extracts it reads."""

    question: str
    conditions: tuple[str, ...]
    estimate: str
    tables: tuple[str, ...]


_BY_SOURCE: Final = N_(
    "Sumber yang lebih tua dari batas umurnya hanya mendukung, tidak pernah menjadi dasar tunggal."
)
_OWN_LIST: Final = N_(
    "Upah menurut sumber, selebihnya rata-rata upah wilayah; dikalikan iuran yang diwajibkan skala "
    "dan bulan sejak tanggal data, paling lama 12 bulan."
)

# Of each rule as it ships.
WORDS: Final[Mapping[str, RuleWords]] = {
    "PWBD": RuleWords(
        question=N_("Pemberi kerja mana yang mempekerjakan orang tetapi belum terdaftar di sini?"),
        conditions=(
            N_("Paling sedikit satu sumber yang masih segar menyebut paling sedikit satu pekerja."),
            N_(
                "Tidak tertaut dengan NPP yang terdaftar: dicocokkan dengan NPWP, lalu NIB, lalu "
                "nama dan wilayah bila keduanya tidak ada."
            ),
            N_(
                "Catatan yang nomor dan namanya tidak menyatukannya digabung bila nama dan "
                "alamatnya mirip, atau bila petugas memutuskannya; temuannya mengatakan demikian."
            ),
            N_(
                "Yang berstatus tutup di sini ditanyakan juga bila sumber segar sesudah "
                "kepesertaan terakhir masih menyebut pekerja."
            ),
            _BY_SOURCE,
        ),
        estimate=_OWN_LIST,
        tables=("sumber_pemberi_kerja", "sumber_pekerja", "pemberi_kerja", "kepesertaan"),
    ),
    "PDS_TK": RuleWords(
        question=N_("Pemberi kerja mana yang mendaftarkan lebih sedikit pekerja dari yang ada?"),
        conditions=(
            N_(
                "Dengan daftar nama: pekerja yang belum pernah terdaftar pada pemberi kerja ini, "
                "divisi mana pun dan NPP mana pun dengan NPWP sama, dan pada tanggal data sudah "
                "bekerja lebih dari {grace_days} hari."
            ),
            N_(
                "Tanpa daftar nama: jumlah menurut sumber melebihi yang terdaftar pada hari itu "
                "dengan paling sedikit {head_count_margin} orang dan {head_count_share} persen."
            ),
            N_("Yang kepesertaannya di sini pernah berakhir ditanyakan oleh aturan LAPSED."),
            N_("Pekerja yang meninggal tidak dihitung; pemberi kerja tutup ditanyakan oleh PWBD."),
            _BY_SOURCE,
        ),
        estimate=_OWN_LIST,
        tables=("sumber_pekerja", "sumber_pemberi_kerja", "pemberi_kerja", "kepesertaan"),
    ),
    "PDS_UPAH": RuleWords(
        question=N_("Pemberi kerja mana yang melaporkan upah lebih rendah dari yang dibayarkan?"),
        conditions=(
            N_(
                "Upah menurut sumber yang masih segar paling sedikit {wage_margin} persen di atas "
                "upah yang dilaporkan, yaitu jumlah semua kepesertaan berjalan pada pemberi kerja "
                "ini."
            ),
            N_("Upah di bawah upah minimum saja tidak menimbulkan temuan."),
            _BY_SOURCE,
        ),
        estimate=N_(
            "Selisih iuran yang diwajibkan antara upah menurut sumber dan upah yang dilaporkan; "
            "dikalikan bulan sejak tanggal data, paling lama 12 bulan."
        ),
        tables=("sumber_pekerja", "sumber_pemberi_kerja", "kepesertaan", "pemberi_kerja"),
    ),
    "PDS_PROGRAM": RuleWords(
        question=N_("Pemberi kerja mana yang mengikuti lebih sedikit program dari kewajibannya?"),
        conditions=(
            N_("Program yang diwajibkan skala usaha terbesar dari divisi yang tidak tutup."),
            N_("Program dihitung ada bila satu divisi yang tidak tutup mengikutinya."),
            N_("Jasa konstruksi (KBLI 41 sampai 43) dan pemberi kerja tutup tidak ditanyakan."),
        ),
        estimate=N_("Iuran program yang kurang atas upah yang dilaporkan, satu bulan."),
        tables=("pemberi_kerja", "kepesertaan"),
    ),
    "PIUTANG": RuleWords(
        question=N_("Pemberi kerja mana yang menunggak iuran beberapa bulan?"),
        conditions=(
            N_(
                "Paling sedikit {arrears_months} bulan berbeda memiliki pokok yang belum dibayar "
                "dan sudah jatuh tempo pada hari pemeriksaan, atas semua divisi dan program."
            ),
            N_(
                "Pembayaran sesudah hari itu tidak dihitung; kelebihan bayar tetap pada tagihannya."
            ),
        ),
        estimate=N_("Pokok iuran yang ditagih dan belum dibayar, tanpa denda; bukan taksiran."),
        tables=("tagihan", "pembayaran", "pemberi_kerja"),
    ),
    "LAPSED": RuleWords(
        question=N_("Pekerja mana yang kepesertaannya berakhir padahal masih bekerja di sana?"),
        conditions=(
            N_(
                "Semua kepesertaan pekerja pada pemberi kerja ini sudah berakhir, dan tidak ada "
                "yang berjalan di mana pun."
            ),
            N_("Sumber yang masih segar, bertanggal sesudah berakhirnya, masih mencatat mereka."),
            N_("Pekerja yang meninggal tidak dihitung."),
            _BY_SOURCE,
        ),
        estimate=N_(
            "Upah menurut sumber, selebihnya upah terakhir yang dilaporkan; dikalikan iuran yang "
            "diwajibkan skala dan bulan sejak tanggal data, paling lama 12 bulan."
        ),
        tables=("kepesertaan", "sumber_pekerja", "sumber_pemberi_kerja", "pemberi_kerja"),
    ),
}

_ENDED, _DATED, *_OTHERS = WORDS["LAPSED"].conditions
# Of versions that ask in other words.
_OF_VERSION: Final[Mapping[tuple[str, int], RuleWords]] = {
    ("LAPSED", 2): replace(
        WORDS["LAPSED"],
        conditions=(
            _ENDED,
            N_(
                "Sumber yang masih segar, bertanggal paling sedikit {grace_days} hari sesudah "
                "berakhirnya, masih mencatat mereka; daftar yang lebih dini biasanya menceritakan "
                "bulan sebelumnya."
            ),
            *_OTHERS,
        ),
    ),
}


def words_of(rule: Rule) -> RuleWords:
    return _OF_VERSION.get((rule.code, rule.version), WORDS[rule.code])


def sentences_of(rule: Rule) -> tuple[str, ...]:
    """Return what the rule may say: the constants of its module that hold sentences with a name."""
    constants = vars(sys.modules[rule.rows.__module__]).items()
    return tuple(
        one
        for name, one in constants
        if name.isupper() and isinstance(one, str) and "{nama}" in one
    )
