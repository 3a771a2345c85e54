"""PURE: the completeness sheet: what a packet must hold for its violations, and what is missing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.errors import FieldProblem
from app.packets.content import CompletenessRow, CompletenessStatus
from app.packets.dossier import Dossier, Subject
from app.packets.wording import long_date

Finding = tuple[CompletenessStatus, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`missing` is the sentence shown when `find` says "belum"; empty where that cannot be."""

    key: str
    title: str
    find: Callable[[Dossier], Finding]
    missing: str = ""


def review(dossier: Dossier) -> tuple[CompletenessRow, ...]:
    """Return one row per check, in the order of the sheet."""
    rows = []
    for check in CHECKS:
        status, reference = check.find(dossier)
        rows.append(
            CompletenessRow(key=check.key, title=check.title, status=status, reference=reference)
        )
    return tuple(rows)


def missing(dossier: Dossier) -> tuple[FieldProblem, ...]:
    """Return a sentence for each thing without which the packet may not leave the office."""
    return tuple(
        FieldProblem(field=check.key, template=check.missing)
        for check in CHECKS
        if check.find(dossier)[0] == "belum"
    )


def _identity(dossier: Dossier) -> Finding:
    employer = dossier.employer
    known = all((employer.name, employer.address, employer.regency))
    return ("ada", "Bagian 06") if known else ("belum", "")


def _registration(dossier: Dossier) -> Finding:
    if dossier.employer.npp:
        return "ada", f"NPP {dossier.employer.npp}"
    if "PWBD" in _codes(dossier):
        return "tidak_perlu", "belum terdaftar sebagai peserta"
    return "belum", ""


def _tax_and_licence(dossier: Dossier) -> Finding:
    numbers = (("NPWP", dossier.employer.npwp), ("NIB", dossier.employer.nib))
    known = [label for label, value in numbers if value]
    if not known:
        return "kemudian", "belum diketahui"
    unknown = [label for label, value in numbers if not value]
    return "ada", "; ".join(
        [" dan ".join(known), *(f"{label} belum diketahui" for label in unknown)]
    )


def _signatory(dossier: Dossier) -> Finding:
    office = dossier.office
    known = all((office.name, office.city, office.address, office.head_name, office.head_title))
    return ("ada", "Bagian 01") if known else ("belum", "")


def _addressee(dossier: Dossier) -> Finding:
    if dossier.office.prosecutor_office:
        return "ada", dossier.office.prosecutor_office
    return "belum", ""


def _officer(dossier: Dossier) -> Finding:
    return ("ada", dossier.officer.name) if dossier.officer else ("belum", "")


def _violations(dossier: Dossier) -> Finding:
    return ("ada", "Bagian 04") if dossier.violations else ("belum", "")


def _dues(dossier: Dossier) -> Finding:
    if "PIUTANG" not in _codes(dossier):
        return "tidak_perlu", "tidak ada piutang iuran"
    owed = dossier.arrears is not None and dossier.arrears.total > 0
    return ("ada", "Bagian 07") if owed else ("belum", "")


def _workers(dossier: Dossier) -> Finding:
    if dossier.workers:
        return "ada", f"Bagian 08, {len(dossier.workers)} orang"
    if any(violation.workers for violation in dossier.violations):
        return "kemudian", "baru jumlahnya yang diketahui; nama diminta dari pemberi kerja"
    return "belum", ""


def _notice(dossier: Dossier) -> Finding:
    letters = [event for event in dossier.events if event.subject == "notice"]
    received = [event for event in letters if event.received_on is not None and event.evidence]
    if not received:
        return "belum", ""
    return "ada", f"Bagian 05 dan 14: {len(received)} dari {len(letters)} surat terbukti diterima"


def _inspection(dossier: Dossier) -> Finding:
    return _proven(dossier, "inspection", "visit")


def _first_warning(dossier: Dossier) -> Finding:
    return _warning(dossier, "warning_1")


def _second_warning(dossier: Dossier) -> Finding:
    return _warning(dossier, "warning_2")


def _warning(dossier: Dossier, subject: Subject) -> Finding:
    if _codes(dossier) == {"PIUTANG"} and not _happened(dossier, subject):
        return "tidak_perlu", "piutang iuran ditempuh dengan penagihan"
    received = any(
        event.received_on is not None and event.evidence
        for event in dossier.events
        if event.subject == subject
    )
    return ("ada", "Bagian 05 dan 14") if received else ("belum", "")


def _fine(dossier: Dossier) -> Finding:
    return ("ada", "Bagian 07") if dossier.fine_imposed else ("tidak_perlu", "tidak dikenakan")


def _denial(dossier: Dossier) -> Finding:
    if _happened(dossier, "denial"):
        return "ada", "Bagian 05"
    return "tidak_perlu", "tidak dimintakan"


def _chronology(dossier: Dossier) -> Finding:
    return ("ada", "Bagian 05") if dossier.events else ("belum", "")


def _exhibits(dossier: Dossier) -> Finding:
    count = len(dossier.evidence)
    return ("ada", f"Bagian 14, {count} bukti") if count else ("belum", "")


def _agreement(dossier: Dossier) -> Finding:
    agreement = dossier.letter.agreement
    return ("ada", agreement.number) if agreement else ("kemudian", "dilengkapi bidang hukum")


def _order(dossier: Dossier) -> Finding:
    return _shown(dossier, "authority", otherwise="belum diunggah")


def _membership(dossier: Dossier) -> Finding:
    if not dossier.employer.npp:
        return "tidak_perlu", "belum terdaftar sebagai peserta"
    return _shown(dossier, "registration", otherwise="baru data registri; salinan disusulkan")


def _billing(dossier: Dossier) -> Finding:
    if "PIUTANG" not in _codes(dossier):
        return "tidak_perlu", "tidak ada piutang iuran"
    return _shown(dossier, "dues", otherwise="baru data registri; rekapitulasi disusulkan")


def _shown(dossier: Dossier, subject: Subject, *, otherwise: str) -> Finding:
    numbers = [item.exhibit for item in dossier.evidence if item.subject == subject]
    if not numbers:
        return "kemudian", otherwise
    return "ada", f"Bagian 14: {', '.join(sorted(numbers, key=_exhibit_order))}"


def _exhibit_order(exhibit: str) -> tuple[int, str]:
    return int("".join(filter(str.isdigit, exhibit)) or 0), exhibit


def _still_in_business(dossier: Dossier) -> Finding:
    seen = [
        event.on
        for event in dossier.events
        if event.subject in {"visit", "inspection"} and event.evidence
    ]
    if not seen:
        return "kemudian", "belum dipastikan di lapangan"
    return "ada", f"terakhir diperiksa {long_date(max(seen))}"


def _mandate(_: Dossier) -> Finding:
    return "kemudian", "SK jabatan dan kuasa Direksi disusulkan bersama SKK"


def _management(_: Dossier) -> Finding:
    return "kemudian", "tidak ada dalam data registri; diambil dari profil badan hukum"


def _power_of_attorney(_: Dossier) -> Finding:
    return "kemudian", "konsep pada bagian 02; ditandatangani setelah telaahan"


def _drafts(_: Dossier) -> Finding:
    return "kemudian", "menurut format Kejaksaan"


def _codes(dossier: Dossier) -> set[str]:
    return {violation.code for violation in dossier.violations}


def _happened(dossier: Dossier, subject: Subject) -> bool:
    return any(event.subject == subject for event in dossier.events)


def _proven(dossier: Dossier, *subjects: Subject) -> Finding:
    proven = any(event.subject in subjects and event.evidence for event in dossier.events)
    return ("ada", "Bagian 05 dan 14") if proven else ("belum", "")


# fmt: off
CHECKS: Final = (
    Check(key="employer", title="Nama, alamat, dan kabupaten/kota pemberi kerja", find=_identity,
          missing="Nama, alamat, dan kabupaten/kota pemberi kerja belum lengkap."),
    Check(key="npp", title="Nomor pendaftaran perusahaan (NPP)", find=_registration,
          missing="NPP pemberi kerja belum tercatat."),
    Check(key="npwp", title="NPWP dan/atau NIB", find=_tax_and_licence),
    Check(key="office", title="Kop, alamat, dan pejabat penanda tangan", find=_signatory,
          missing="Data kantor (kota, alamat, nama dan jabatan kepala) belum lengkap."),
    Check(key="prosecutor", title="Kejaksaan Negeri yang dituju", find=_addressee,
          missing="Kejaksaan Negeri tujuan belum ditetapkan pada data kantor."),
    Check(key="officer", title="Petugas yang dapat dihubungi", find=_officer,
          missing="Kasus belum mempunyai petugas penanggung jawab."),
    Check(key="violations", title="Jenis ketidakpatuhan", find=_violations,
          missing="Jenis ketidakpatuhan belum ditetapkan."),
    Check(key="dues", title="Rincian iuran dan denda per bulan per program", find=_dues,
          missing="Rincian piutang iuran kosong: tidak ada tagihan jatuh tempo yang belum dibayar "
                  "pada tanggal batas."),
    Check(key="workers", title="Daftar tenaga kerja", find=_workers,
          missing="Daftar tenaga kerja kosong dan jumlahnya tidak diketahui."),
    Check(key="notice", title="Surat pemberitahuan atau penagihan dengan tanda terima",
          find=_notice,
          missing="Belum ada surat pemberitahuan atau penagihan yang terbukti diterima."),
    Check(key="inspection", title="Berita acara kunjungan atau pemeriksaan", find=_inspection,
          missing="Belum ada kunjungan atau pemeriksaan yang disertai bukti."),
    Check(key="warning_1", title="Teguran tertulis I dengan tanda terima", find=_first_warning,
          missing="Teguran tertulis I belum ada, atau belum terbukti diterima."),
    Check(key="warning_2", title="Teguran tertulis II dengan tanda terima", find=_second_warning,
          missing="Teguran tertulis II belum ada, atau belum terbukti diterima."),
    Check(key="fine", title="Pengenaan denda administratif", find=_fine),
    Check(key="denial", title="Permintaan tidak mendapat pelayanan publik tertentu", find=_denial),
    Check(key="chronology", title="Kronologis dari catatan kejadian", find=_chronology,
          missing="Kronologis kosong: belum ada kejadian yang tercatat sampai tanggal batas."),
    Check(key="exhibits", title="Daftar bukti", find=_exhibits,
          missing="Daftar bukti kosong: unggah sekurang-kurangnya satu bukti."),
    Check(key="agreement", title="Perjanjian kerja sama dengan Kejaksaan", find=_agreement),
    Check(key="registration", title="Bukti pendaftaran sebagai peserta", find=_membership),
    Check(key="billing", title="Bukti tagihan dan pembayaran iuran", find=_billing),
    Check(key="management", title="Nama pengurus dan akta pemberi kerja", find=_management),
    Check(key="business", title="Keadaan usaha dipastikan di lapangan", find=_still_in_business),
    Check(key="order", title="Surat perintah tugas petugas pemeriksa", find=_order),
    Check(key="mandate", title="Dasar kewenangan penanda tangan", find=_mandate),
    Check(key="skk", title="Surat Kuasa Khusus (SKK) nonlitigasi", find=_power_of_attorney),
    Check(key="drafts", title="Undangan, berita acara, dan pernyataan kesanggupan", find=_drafts),
)
# fmt: on
