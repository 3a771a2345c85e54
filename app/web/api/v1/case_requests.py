"""What is sent to open or change a case."""

from pydantic import Field

from app.calculations.schemas import DayText, MonthText
from app.cases.schemas import Channel, DeliveryResult
from app.cases.stages import Action, Violation
from app.web.api.v1.shapes import Id, Remark, Request, Sentence, Word


class EmployerSent(Request):
    """Pemberi kerja yang ditemui di lapangan; yang tidak diketahui dikosongkan."""

    nama: Sentence
    npp: Word = ""
    divisi: Word = ""
    bentuk: Word = ""
    npwp: Word = ""
    nib: Word = ""
    kbli: Word = ""
    skala: Word = ""
    kelas_jkk: int | None = Field(default=None, ge=1, le=5)
    alamat: Remark = ""
    kode_wilayah: Word = ""
    program: Word = ""
    jumlah_tk: int | None = Field(default=None, ge=0, le=10_000_000)
    sumber: Word = ""
    id_sumber: Word = ""
    kontak: Word = ""


class CaseOpening(Request):
    """Dari temuan: isi `flag_ids`. Dengan tangan: isi `employer`, `office`, `violations`."""

    flag_ids: list[Id] = Field(default_factory=list, max_length=50)
    employer: EmployerSent | None = None
    office: Word = ""
    violations: list[Violation] = Field(default_factory=list, max_length=6)
    note: Remark = ""
    on: DayText | None = None


class FlagsAdded(Request):
    flag_ids: list[Id] = Field(min_length=1, max_length=50)
    on: DayText | None = None


class StepSent(Request):
    """`on` adalah hari hukum langkah itu, misalnya tanggal surat; bawaan hari ini."""

    action: Action
    on: DayText | None = None
    letter_number: Word = ""
    note: Remark = ""
    evidence_ids: list[Id] = Field(default_factory=list, max_length=100)
    closing_reason: Word = ""


class OfficerChosen(Request):
    officer_id: Id
    note: Remark = ""


class ViolationsAmended(Request):
    violations: list[Violation] = Field(min_length=1, max_length=6)
    reason: Sentence


class NoteSent(Request):
    text: Sentence
    on: DayText | None = None


class DeliverySent(Request):
    """Satu percobaan menyampaikan surat pada kejadian `event_seq`.

    `received_on`, `receiver_name`, dan `evidence_id` hanya untuk hasil `diterima`. Tanpa bukti,
    penerimaan dicatat tetapi tidak menjalankan tenggat.
    """

    event_seq: Id
    channel: Channel
    tracking_number: Word = ""
    sent_on: DayText
    result: DeliveryResult
    received_on: DayText | None = None
    receiver_name: Word = ""
    receiver_position: Word = ""
    evidence_id: Id | None = None
    note: Remark = ""


class OutcomeSent(Request):
    result: DeliveryResult
    received_on: DayText | None = None
    receiver_name: Word = ""
    receiver_position: Word = ""
    evidence_id: Id | None = None
    note: Remark = ""


class PaymentSent(Request):
    """`month` bulan iuran (YYYY-MM); `amount` rupiah."""

    paid_on: DayText
    month: MonthText
    programme: Word
    amount: int = Field(strict=True, ge=1, le=10**15)
    payment_code: Word = ""
    evidence_id: Id | None = None


class DecisionSent(Request):
    """`note` wajib untuk penolakan."""

    decision: str = Field(pattern=r"^(approve|reject)$", examples=["approve"])
    note: Remark = ""
