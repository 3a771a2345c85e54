"""PURE: what the audit trail says about an action, and what of a detail may be shown."""

import re
from collections.abc import Mapping
from typing import Final

from app.cases.reading import VERB_LABELS
from app.cases.stages import DOCUMENT_LABELS
from app.infra.wording import N_

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
    "flag.review":           N_("Temuan ditinjau"),
    "flag.decline":          N_("Temuan ditolak"),
    "flag.snooze":           N_("Temuan ditunda"),
    "flag.reopen":           N_("Temuan dibuka lagi"),
    "flag.case":             N_("Temuan menjadi kasus"),
    "flag.reveal_nik":       N_("NIK pada temuan dibuka"),
    "cases.calendar_seeded": N_("Kalender kerja dimuat"),
    "cases.calendar_set":    N_("Hari libur ditambahkan"),
    "cases.calendar_removed": N_("Hari libur dihapus"),
    "cases.calendar_announced": N_("Kalender setahun diumumkan"),
    **{f"cases.{verb}": words for verb, words in VERB_LABELS.items() if verb != "step"},
    **{f"cases.{action}": words for action, words in DOCUMENT_LABELS.items()},
    "packets.prepare_referral": N_("Rujukan disiapkan"),
    "packets.approve_referral": N_("Rujukan disetujui"),
    "packets.seal":          N_("Berkas rujukan disegel"),
    "packets.download":      N_("Berkas rujukan diunduh"),
    "file.downloaded":       N_("Berkas diunduh"),
    "backup.written":        N_("Cadangan ditulis"),
}
# fmt: on


def without_nik(text: str) -> str:
    """Return `text` with every number of sixteen digits reduced to its last four."""
    return _PERSONAL.sub(lambda found: "·" * 12 + found[0][-4:], text)


def detail_items(detail: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a detail as text; what is empty says nothing and is left out."""
    return tuple(
        (without_nik(name), without_nik(_said(value)))
        for name, value in detail.items()
        if value not in (None, "", [], {})
    )


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_said(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_said(part) for part in value)
    return str(value)
