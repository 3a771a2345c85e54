"""PURE: a proposal in words: one sentence on why, and the names of choices and papers."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from app.corrections.weighing import Choice, Ground, Kind, Weight
from app.errors import FieldProblem
from app.infra.wording import N_
from app.law.money import formatted

# fmt: off
CHOICE_WORDS: Final[Mapping[Choice, str]] = {
    Choice.WITHDRAW: N_("Tarik"),
    Choice.ADJUST:   N_("Sesuaikan"),
    Choice.IGNORE:   N_("Abaikan"),
}
KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.CASE:   N_("Pembukaan kasus"),
    Kind.LETTER: N_("Surat atau laporan"),
    Kind.PACKET: N_("Berkas rujukan tersegel"),
}
REASONS: Final[Mapping[Ground, str]] = {
    Ground.DEBT_GONE: N_(
        "Pokok tunggakan pada {on} menjadi nihil, semula {was}, sehingga tidak ada lagi yang "
        "dapat ditagih."
    ),
    Ground.MONTHS_SHORT: N_(
        "Bulan menunggak pada {on} menjadi {months}, semula {months_was}, di bawah batas {least} "
        "bulan, sehingga dasar tunggakan gugur."
    ),
    Ground.FLAGS_GONE: N_(
        "Temuan {rules} tidak lagi ditemukan sesudah datanya dikoreksi, dan kasus ini tidak "
        "mempunyai dasar lain."
    ),
    Ground.REGISTERED: N_(
        "Pemberi kerja ini ternyata sudah terdaftar dengan NPP {npp} sejak {since}, sebelum {on}, "
        "sehingga dasar belum mendaftar gugur."
    ),
    Ground.NO_WORKERS: N_(
        "Sesudah dikoreksi tidak ada lagi lembaga yang menyebut pekerja pada pemberi kerja ini, "
        "semula {told_was} pekerja, sehingga dasar belum mendaftar gugur."
    ),
    Ground.ALL_GONE: N_("Semua dasar kasus ini gugur karena koreksi: {rules}."),
    Ground.PARTLY_GONE: N_(
        "Sebagian dasar kasus ini gugur karena koreksi ({rules}); dasar yang lain tetap."
    ),
    Ground.AMOUNT: N_(
        "Jumlah pada {on} bergeser {moved}, tidak kurang dari batas {limit}, sedangkan dasar "
        "kasus tetap."
    ),
    Ground.WORKERS: N_(
        "Kepesertaan {workers} pekerja pada {on} dikoreksi, padahal pekerja termasuk fakta yang "
        "disampaikan."
    ),
    Ground.WORKERS_UNSWEPT: N_(
        "Kepesertaan {workers} pekerja pada {on} dikoreksi; cari temuan pada data terbaru untuk "
        "mengetahui apakah dasar kasus gugur."
    ),
    Ground.BASES: N_(
        "Jumlah pekerja atau dasar upah {bases} tagihan dikoreksi tanpa mengubah jumlahnya, "
        "padahal keduanya termasuk fakta yang disampaikan."
    ),
    Ground.SOURCES: N_(
        "Data lembaga lain yang disampaikan pada {on} dikoreksi: {sources} baris; pekerja menurut "
        "data itu menjadi {told}, semula {told_was}."
    ),
    Ground.SOURCES_UNSWEPT: N_(
        "Data lembaga lain yang disampaikan pada {on} dikoreksi: {sources} baris; cari temuan pada "
        "data terbaru untuk mengetahui apakah dasar kasus gugur."
    ),
    Ground.APART: N_("Koreksi tidak mengubah jumlah pada {on} dan tidak menggugurkan dasar kasus."),
    Ground.ROUNDED: N_(
        "Selisih {moved} pada {on} berada dalam batas pembulatan {lines} tagihan, dan dasar kasus "
        "tetap."
    ),
    Ground.SMALL: N_("Selisih {moved} pada {on} di bawah batas {limit}, dan dasar kasus tetap."),
}
# fmt: on


def reason(weight: Weight, *, on: date) -> FieldProblem:
    """Return why the proposal is made; `on` is the day of the paper."""
    return FieldProblem(
        "",
        REASONS[weight.ground],
        {
            "on": on,
            "moved": formatted(weight.moved),
            "limit": formatted(weight.limit),
            "was": formatted(weight.principal_was),
            "months": weight.months,
            "months_was": weight.months_was,
            "least": weight.least_months,
            "workers": weight.workers,
            "bases": weight.bases,
            "lines": weight.lines,
            "rules": ", ".join(weight.fallen),
            "sources": weight.sources,
            "told": weight.told,
            "told_was": weight.told_was,
            "npp": weight.registered_as,
            "since": weight.registered_on or on,
        },
    )
