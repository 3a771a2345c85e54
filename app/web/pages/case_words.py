"""PURE: the words pages use for what the case room names by code."""

from collections.abc import Mapping
from typing import Final

from app.cases.clocks import Clock
from app.cases.stages import (
    CLOSING_REASONS,
    PROOF_LABELS,
    STAGE_LABELS,
    VIOLATION_LABELS,
    Proof,
    Stage,
)
from app.infra.wording import N_

# fmt: off
CHANNELS: Final[Mapping[str, str]] = {
    "diantar":  N_("Diantar langsung"),
    "kurir":    N_("Kurir"),
    "pos":      N_("Pos tercatat"),
    "surel":    N_("Surel"),
    "dijemput": N_("Diambil di kantor"),
}
RESULTS: Final[Mapping[str, str]] = {
    "dikirim":  N_("Masih dalam pengiriman"),
    "diterima": N_("Diterima"),
    "ditolak":  N_("Ditolak penerima"),
    "pindah":   N_("Alamat pindah"),
    "kosong":   N_("Tidak ada orang"),
}
RESULT_TONES: Final[Mapping[str, str]] = {
    "dikirim": "blue", "diterima": "green", "ditolak": "red", "pindah": "orange",
    "kosong": "orange",
}
CLOCKS: Final[Mapping[Clock, str]] = {
    Clock.WARNING_1: N_("Tenggat Teguran Tertulis I"),
    Clock.WARNING_2: N_("Tenggat Teguran Tertulis II"),
    Clock.FINE:      N_("Jangka waktu denda administratif"),
}
TASKS: Final[Mapping[str, tuple[str, str]]] = {
    "approval":   (N_("Persetujuan"),         "yellow"),
    "receipt":    (N_("Bukti terima"),        "orange"),
    "stuck":      (N_("Macet"),               "red"),
    "unassigned": (N_("Belum ada petugas"),   "orange"),
}
SCALES: Final[Mapping[str, str]] = {
    "mikro":    N_("Mikro"),
    "kecil":    N_("Kecil"),
    "menengah": N_("Menengah"),
    "besar":    N_("Besar"),
}
# fmt: on

STAGES: Final[Mapping[str, str]] = {stage.value: STAGE_LABELS[stage] for stage in Stage}
VIOLATIONS: Final[Mapping[str, str]] = {
    violation.value: label for violation, label in VIOLATION_LABELS.items()
}
PROOFS: Final[Mapping[str, str]] = {proof.value: PROOF_LABELS[proof] for proof in Proof}
REASONS: Final[Mapping[str, str]] = {code: item.label for code, item in CLOSING_REASONS.items()}

ACCEPT: Final = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.eml"
FILE_HINT: Final = N_("PDF, JPEG, PNG, DOCX, XLSX, atau EML; paling besar 25 MB.")
