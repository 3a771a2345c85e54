"""PURE: the words of the workflow: stages, actions, proofs, violations, reasons for closing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.law.citation import Citation, reading
from app.law.parameters import norms


class Stage(StrEnum):
    """Where a case stands. `CLOSED` is the only end."""

    VERIFICATION = "verification"
    NOTIFICATION = "notification"
    INSPECTION = "inspection"
    WARNING_1 = "warning_1"
    WARNING_2 = "warning_2"
    FINE = "fine"
    DENIAL = "denial"
    REFERRAL = "referral"
    REFERRED = "referred"
    CLOSED = "closed"


class Action(StrEnum):
    """What a person does with a case."""

    VISIT = "visit"
    SEND_NOTICE = "send_notice"
    ORDER_INSPECTION = "order_inspection"
    RECORD_MINUTES = "record_minutes"
    REPORT_FINDINGS = "report_findings"
    WARN_1 = "warn_1"
    WARN_2 = "warn_2"
    IMPOSE_FINE = "impose_fine"
    REQUEST_DENIAL = "request_denial"
    REFER = "refer"
    SEAL_PACKET = "seal_packet"
    HAND_OVER = "hand_over"
    RECORD_RETURN = "record_return"
    WITHDRAW_REFERRAL = "withdraw_referral"
    CLOSE = "close"


class Proof(StrEnum):
    """Kinds of evidence; what an uploaded file shows."""

    LETTER = "salinan_surat"
    RECEIPT = "tanda_terima"
    ORDER = "surat_tugas"
    MINUTES = "berita_acara"
    VISIT_MINUTES = "berita_acara_kunjungan"
    REPORT = "laporan_hasil"
    WORKING_PAPER = "kertas_kerja"
    STATEMENT = "surat_pernyataan"
    PAYMENT = "bukti_bayar"
    REGISTRATION = "bukti_kepatuhan"
    CLOSURE = "bukti_usaha_tutup"
    BANKRUPTCY = "putusan_pailit"
    TRANSFER = "berita_acara_pengalihan"
    RETURN = "surat_pengembalian"
    PHOTO = "foto"
    OTHER = "lain"


class Violation(StrEnum):
    """The rule codes of detection, which are also what a case is about."""

    PWBD = "PWBD"
    PDS_TK = "PDS_TK"
    PDS_UPAH = "PDS_UPAH"
    PDS_PROGRAM = "PDS_PROGRAM"
    PIUTANG = "PIUTANG"
    LAPSED = "LAPSED"


ARREARS: Final = frozenset({Violation.PIUTANG})
# PP 86/2013 sanctions not registering and not telling the truth; not paying late.
BREACHES: Final = frozenset(Violation) - ARREARS

# fmt: off
STAGE_LABELS: Final[Mapping[Stage, str]] = MappingProxyType({
    Stage.VERIFICATION: "Verifikasi",
    Stage.NOTIFICATION: "Pemberitahuan",
    Stage.INSPECTION:   "Pemeriksaan",
    Stage.WARNING_1:    "Teguran Tertulis I",
    Stage.WARNING_2:    "Teguran Tertulis II",
    Stage.FINE:         "Denda Administratif",
    Stage.DENIAL:       "Permohonan TMP2T",
    Stage.REFERRAL:     "Rujukan Disetujui",
    Stage.REFERRED:     "Diserahkan ke Kejaksaan",
    Stage.CLOSED:       "Ditutup",
})
ACTION_LABELS: Final[Mapping[Action, str]] = MappingProxyType({
    Action.VISIT:            "Catat kunjungan",
    Action.SEND_NOTICE:      "Kirim surat pemberitahuan atau penagihan",
    Action.ORDER_INSPECTION: "Terbitkan surat perintah tugas pemeriksaan",
    Action.RECORD_MINUTES:   "Catat berita acara pemeriksaan",
    Action.REPORT_FINDINGS:  "Sahkan laporan hasil pemeriksaan",
    Action.WARN_1:           "Kirim surat teguran tertulis I",
    Action.WARN_2:           "Kirim surat teguran tertulis II",
    Action.IMPOSE_FINE:      "Kenakan denda administratif",
    Action.REQUEST_DENIAL:   "Mohonkan sanksi TMP2T",
    Action.REFER:            "Setujui rujukan ke Kejaksaan",
    Action.SEAL_PACKET:      "Segel berkas rujukan",
    Action.HAND_OVER:        "Serahkan berkas ke Kejaksaan",
    Action.RECORD_RETURN:    "Catat pengembalian berkas oleh Kejaksaan",
    Action.WITHDRAW_REFERRAL: "Cabut rujukan",
    Action.CLOSE:            "Tutup kasus",
})
# What an action leaves behind, as the law's tables name it; of a case `document_label` says it.
DOCUMENT_LABELS: Final[Mapping[Action, str]] = MappingProxyType({
    Action.VISIT:            "Kunjungan",
    Action.SEND_NOTICE:      "Surat Pemberitahuan atau Penagihan",
    Action.ORDER_INSPECTION: "Surat Perintah Tugas",
    Action.RECORD_MINUTES:   "Berita Acara Pemeriksaan",
    Action.REPORT_FINDINGS:  "Laporan Hasil Pemeriksaan",
    Action.WARN_1:           "Surat Teguran Tertulis I",
    Action.WARN_2:           "Surat Teguran Tertulis II",
    Action.IMPOSE_FINE:      "Surat Pengenaan Denda Administratif",
    Action.REQUEST_DENIAL:   "Surat Permohonan Sanksi TMP2T",
    Action.REFER:            "Persetujuan Rujukan",
    Action.SEAL_PACKET:      "Penyegelan Berkas Rujukan",
    Action.HAND_OVER:        "Penyerahan Berkas ke Kejaksaan",
    Action.RECORD_RETURN:    "Pengembalian Berkas oleh Kejaksaan",
    Action.WITHDRAW_REFERRAL: "Pencabutan Rujukan",
    Action.CLOSE:            "Penutupan Kasus",
})
PROOF_LABELS: Final[Mapping[Proof, str]] = MappingProxyType({
    Proof.LETTER:        "Salinan surat",
    Proof.RECEIPT:       "Tanda terima",
    Proof.ORDER:         "Surat perintah tugas",
    Proof.MINUTES:       "Berita acara pemeriksaan",
    Proof.VISIT_MINUTES: "Berita acara kunjungan",
    Proof.REPORT:        "Laporan hasil pemeriksaan",
    Proof.WORKING_PAPER: "Kertas kerja pemeriksaan",
    Proof.STATEMENT:     "Surat pernyataan kesanggupan",
    Proof.PAYMENT:       "Bukti bayar",
    Proof.REGISTRATION:  "Bukti pendaftaran atau perbaikan data",
    Proof.CLOSURE:       "Bukti usaha tutup",
    Proof.BANKRUPTCY:    "Putusan pailit",
    Proof.TRANSFER:      "Berita acara pengalihan piutang",
    Proof.RETURN:        "Surat pengembalian dari Kejaksaan",
    Proof.PHOTO:         "Foto",
    Proof.OTHER:         "Lain-lain",
})
VIOLATION_LABELS: Final[Mapping[Violation, str]] = MappingProxyType({
    Violation.PWBD:        "Wajib belum daftar",
    Violation.PDS_TK:      "Daftar sebagian tenaga kerja",
    Violation.PDS_UPAH:    "Daftar sebagian upah",
    Violation.PDS_PROGRAM: "Daftar sebagian program",
    Violation.PIUTANG:     "Menunggak iuran",
    Violation.LAPSED:      "Kepesertaan pekerja terhenti",
})
# fmt: on


def document_label(action: Action, violations: frozenset[Violation]) -> str:
    """Return the name of what an action leaves behind in a case about these violations.

    Reading: who owes is billed, who did not register or tell the truth is notified (the practice
    that NOTICES_FOR_ARREARS and NOTICES_FOR_BREACHES count letters by).
    """
    if action is not Action.SEND_NOTICE or not violations:
        return DOCUMENT_LABELS[action]
    if violations <= ARREARS:
        return "Surat Penagihan"
    return "Surat Pemberitahuan dan Penagihan" if violations & ARREARS else "Surat Pemberitahuan"


@dataclass(frozen=True, slots=True)
class ClosingReason:
    """Why a case may end. `proof` None: the note alone carries it.

    `judged`: flags of these rules are answered by the closing and stay declined while their facts
    are the same; the next snapshot judges the others.
    """

    code: str
    label: str
    proof: Proof | None
    citation: Citation
    judged: frozenset[Violation] = frozenset()


_PRACTICE: Final = Citation(
    instrument="Praktik penutupan SKK (rekap daerah 2018 dan 2022)", article=None, grade="B",
    source="SPN-KUDUS, ANALISA-DS",
)  # fmt: skip
_ALL: Final = frozenset(Violation)
_OUR_OWN: Final = reading("Tidak ditemukan norma tentang alasan penutupan ini.")

# fmt: off
CLOSING_REASONS: Final = MappingProxyType({reason.code: reason for reason in (
    ClosingReason("LUNAS",               "Lunas",                             Proof.PAYMENT,       citation=_PRACTICE),  # noqa: E501
    ClosingReason("PATUH",               "Patuh: mendaftar atau memperbaiki", Proof.REGISTRATION,  citation=_PRACTICE),  # noqa: E501
    ClosingReason("TUTUP_TERVERIFIKASI", "Usaha tutup, terverifikasi",        Proof.CLOSURE,       citation=_PRACTICE, judged=_ALL),  # noqa: E501
    ClosingReason("TIDAK_DITEMUKAN",     "Pemberi kerja tidak ditemukan",     Proof.VISIT_MINUTES, citation=_OUR_OWN),  # noqa: E501
    ClosingReason("PAILIT",              "Pailit",                            Proof.BANKRUPTCY,    citation=_OUR_OWN),  # noqa: E501
    ClosingReason("SALAH_TAGIH",         "Salah tagih",                       None,                citation=_OUR_OWN, judged=_ALL),  # noqa: E501
    ClosingReason("TIDAK_TERBUKTI",      "Pelanggaran tidak terbukti",        None,                citation=_OUR_OWN, judged=_ALL),  # noqa: E501
    ClosingReason("DICABUT",             "Dicabut oleh BPJS Ketenagakerjaan", None,                citation=_OUR_OWN),  # noqa: E501
    ClosingReason("DIALIHKAN",           "Dialihkan ke PUPN/KPKNL",           Proof.TRANSFER,      citation=norms.PUPN_PRACTICE, judged=ARREARS),  # noqa: E501
)})
# fmt: on

TRANSFERRED: Final = "DIALIHKAN"
