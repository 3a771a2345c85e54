"""PURE: what the audit trail says about an action, and what of a detail may be shown."""

import re
from collections.abc import Mapping
from typing import Final

from app.cases.reading import VERB_LABELS
from app.cases.stages import DOCUMENT_LABELS
from app.infra.wording import N_
from app.web.chrome import ROLE_WORDS
from app.web.pages.case_words import STAGES

# A NIK however it was typed; an NPWP of 16 digits looks the same and is hidden with it.
_PERSONAL: Final = re.compile(r"(?<![0-9A-Za-z])\d(?:[ .-]?\d){15}(?![0-9A-Za-z])")

# fmt: off
ACTION_WORDS: Final[Mapping[str, str]] = {
    "session.opened":        N_("Masuk"),
    "session.closed":        N_("Keluar"),
    "session.refused":       N_("Percobaan masuk ditolak"),
    "session.ended":         N_("Sesi diakhiri sendiri"),
    "user.added":            N_("Pengguna ditambahkan"),
    "user.changed":          N_("Data pengguna diubah"),
    "user.deactivated":      N_("Pengguna dinonaktifkan"),
    "user.reactivated":      N_("Pengguna diaktifkan lagi"),
    "user.password_reset":   N_("Kata sandi sementara dibuat"),
    "user.password_changed": N_("Kata sandi diganti sendiri"),
    "office.added":          N_("Kantor ditambahkan"),
    "office.changed":        N_("Kantor diubah"),
    "office.saved":          N_("Kantor ditulis oleh operator"),
    "token.created":         N_("Token API dibuat"),
    "token.revoked":         N_("Token API dicabut"),
    "registry.import_requested": N_("Impor diminta"),
    "registry.imported":     N_("Impor selesai"),
    "registry.nik_revealed": N_("NIK pekerja dibuka"),
    "detection.request_sweep": N_("Pencarian temuan diminta"),
    "detection.sweep":       N_("Pencarian temuan selesai"),
    "detection.accept_loss": N_("Susutnya sumber diterima"),
    "flag.review":           N_("Temuan ditinjau"),
    "flag.decline":          N_("Temuan ditolak"),
    "flag.snooze":           N_("Temuan ditunda"),
    "flag.excuse":           N_("Temuan dikecualikan sampai tanggal"),
    "flag.reopen":           N_("Temuan dibuka lagi"),
    "flag.case":             N_("Temuan menjadi kasus"),
    "flag.wake":            N_("Penundaan dan pengecualian berakhir"),
    "flag.reveal_nik":       N_("NIK pada temuan dibuka"),
    "cases.calendar_seeded": N_("Kalender kerja dimuat"),
    "cases.calendar_set":    N_("Hari libur ditambahkan"),
    "cases.calendar_removed": N_("Hari libur dihapus"),
    "cases.calendar_moved":  N_("Hari libur dipindahkan"),
    "cases.calendar_announced": N_("Kalender setahun diumumkan"),
    **{f"cases.{verb}": words for verb, words in VERB_LABELS.items() if verb != "step"},
    **{f"cases.{action}": words for action, words in DOCUMENT_LABELS.items()},
    "packets.prepare_referral": N_("Rujukan disiapkan"),
    "packets.approve_referral": N_("Rujukan disetujui"),
    "packets.seal":          N_("Berkas rujukan disegel"),
    "packets.download":      N_("Berkas rujukan diunduh"),
    "packets.write":         N_("Berkas rujukan ditulis ke folder"),
    "file.downloaded":       N_("Berkas diunduh"),
    "backup.written":        N_("Cadangan ditulis"),
    "rule.trial":            N_("Uji coba aturan diminta"),
    "rule.trial_done":       N_("Uji coba aturan selesai"),
    "rule.propose":          N_("Perubahan aturan diusulkan"),
    "rule.approve":          N_("Perubahan aturan disetujui"),
    "rule.refuse":           N_("Perubahan aturan ditolak"),
    "ranking.propose":       N_("Bobot peringkat diusulkan"),
    "ranking.approve":       N_("Bobot peringkat disetujui"),
    "ranking.refuse":        N_("Bobot peringkat ditolak"),
    "ranking.withdraw":      N_("Bobot peringkat ditarik pengusul"),
    "rule.withdraw":         N_("Perubahan aturan ditarik pengusul"),
    "rule.call_off":         N_("Perubahan aturan dibatalkan sebelum berlaku"),
    "ranking.call_off":      N_("Bobot peringkat dibatalkan sebelum berlaku"),
    "linkage.decide":        N_("Pasangan yang mungkin satu diputus"),
    "linkage.reveal_nik":    N_("NIK pada pasangan pekerja dibuka"),
    "linkage.undo":          N_("Keputusan atas pasangan dicabut"),
    "corrections.looked":    N_("Koreksi data masa lalu diperiksa"),
    "controls.drawn":        N_("Kunjungan kontrol diundi"),
    "controls.assigned":     N_("Kunjungan kontrol ditugaskan"),
    "controls.visited":      N_("Hasil kunjungan kontrol dicatat"),
    "controls.case_opened":  N_("Kasus dibuka dari kunjungan kontrol"),
}

ACTOR_WORDS: Final[Mapping[str, str]] = {
    "system:cli":  N_("Operator"),
    "system:demo": N_("Peragaan"),
    "system:worker": N_("Pekerjaan latar"),
    "anonymous":   N_("Belum masuk"),
}
DETAIL_WORDS: Final[Mapping[str, str]] = {
    "as_of":           N_("Keadaan per"),
    "calendar":        N_("Kalender yang dicoba"),
    "days":            N_("Hari"),
    "exceptions":      N_("Pengecualian yang berakhir"),
    "fields":          N_("Isian yang berubah"),
    "kind":            N_("Jenis"),
    "kind_was":        N_("Jenis semula"),
    "name":            N_("Nama"),
    "name_was":        N_("Nama semula"),
    "number":          N_("Nomor"),
    "office_code":     N_("Kantor"),
    "office_code_was": N_("Kantor semula"),
    "on":              N_("Tanggal"),
    "parent":          N_("Kantor induk"),
    "parent_code":     N_("Kantor induk"),
    "parent_code_was": N_("Kantor induk semula"),
    "prosecutor_office":     N_("Kejaksaan Negeri tujuan"),
    "prosecutor_office_was": N_("Kejaksaan Negeri semula"),
    "reason":          N_("Alasan"),
    "role":            N_("Peran"),
    "role_was":        N_("Peran semula"),
    "scopes":          N_("Lingkup"),
    "sessions_ended":  N_("Sesi diakhiri"),
    "snoozes":         N_("Penundaan yang berakhir"),
    "stage":           N_("Tahap"),
    "version":         N_("Versi"),
    "zone":            N_("Zona waktu"),
    "zone_was":        N_("Zona waktu semula"),
}
# fmt: on


def without_nik(text: str) -> str:
    """Return `text` with every number of sixteen digits reduced to its last four."""
    return _PERSONAL.sub(lambda found: "·" * 12 + found[0][-4:], text)


def detail_items(detail: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a detail as sentence keys; what is empty says nothing and is left out."""
    return tuple(
        (DETAIL_WORDS.get(name, without_nik(name)), without_nik(_said(value)))
        for name, value in detail.items()
        if value not in (None, "", [], {}, 0)
    )


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_said(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_said(part) for part in value)
    text = str(value)
    return ROLE_WORDS.get(text) or STAGES.get(text) or text
