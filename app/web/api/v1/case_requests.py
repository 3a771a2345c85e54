"""What is sent to open or change a case."""

from typing import Literal

from pydantic import ConfigDict, Field, JsonValue

from app.calculations.schemas import ClockText, DayText, MonthText
from app.cases.schemas import Channel, DeliveryResult, SuspensionEntry
from app.cases.stages import Action, Violation
from app.web.api.v1.shapes import Id, Remark, Request, Sentence, Word

Programme = Literal["JKK", "JKM", "JHT", "JP"]


def example(**values: JsonValue) -> ConfigDict:
    """Return the settings of a document that show `values` as the example of its reference."""
    return ConfigDict(json_schema_extra={"examples": [values]})


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

    model_config = example(flag_ids=[1], note="Dibuka dari temuan.")

    flag_ids: list[Id] = Field(default_factory=list, max_length=50)
    employer: EmployerSent | None = None
    office: Word = ""
    violations: list[Violation] = Field(default_factory=list, max_length=6)
    note: Remark = ""
    on: DayText | None = None


class FlagsAdded(Request):
    model_config = example(flag_ids=[2])

    flag_ids: list[Id] = Field(min_length=1, max_length=50)
    on: DayText | None = None


class StepSent(Request):
    """`on` adalah hari hukum langkah itu, misalnya tanggal surat; bawaan hari ini.

    `addressee` dan `address` seperti tertulis pada surat; kosong: tidak dicatat.
    """

    model_config = example(
        action="send_notice", on="2026-11-02", letter_number="B/12/112026", evidence_ids=[1]
    )

    action: Action
    on: DayText | None = None
    letter_number: Word = ""
    note: Remark = ""
    evidence_ids: list[Id] = Field(default_factory=list, max_length=100)
    closing_reason: Word = ""
    addressee: Word = ""
    address: Remark = ""


class OfficerChosen(Request):
    model_config = example(officer_id=3, note="Serah terima wilayah.")

    officer_id: Id
    note: Remark = ""


class ViolationsAmended(Request):
    model_config = example(violations=["PIUTANG", "PDS_TK"], reason="Hasil pemeriksaan lapangan.")

    violations: list[Violation] = Field(min_length=1, max_length=6)
    reason: Sentence


class NoteSent(Request):
    model_config = example(text="Pemberi kerja menelepon dan minta waktu.")

    text: Sentence
    on: DayText | None = None


class DeliverySent(Request):
    """Satu percobaan menyampaikan surat pada kejadian `event_seq`.

    `received_on`, `receiver_name`, dan `evidence_id` hanya untuk hasil `diterima`. Tanpa bukti,
    penerimaan dicatat tetapi tidak menjalankan tenggat. `received_time` (jj:mm) menurut jam kantor
    kasus itu; tanpa jam, penerimaan dihitung pada harinya.
    """

    model_config = example(
        event_seq=2,
        channel="kurir",
        tracking_number="JX123",
        sent_on="2026-11-02",
        result="diterima",
        received_on="2026-11-04",
        received_time="15:30",
        receiver_name="Rina",
        receiver_position="Staf",
        evidence_id=2,
    )

    event_seq: Id
    channel: Channel
    tracking_number: Word = ""
    sent_on: DayText
    result: DeliveryResult
    received_on: DayText | None = None
    received_time: ClockText | None = None
    receiver_name: Word = ""
    receiver_position: Word = ""
    evidence_id: Id | None = None
    note: Remark = ""


class OutcomeSent(Request):
    model_config = example(result="ditolak", note="Penerima menolak menandatangani.")

    result: DeliveryResult
    received_on: DayText | None = None
    received_time: ClockText | None = None
    receiver_name: Word = ""
    receiver_position: Word = ""
    evidence_id: Id | None = None
    note: Remark = ""


class PaymentSent(Request):
    """`month` bulan iuran (YYYY-MM); `amount` rupiah."""

    model_config = example(
        paid_on="2026-11-10",
        month="2026-03",
        programme="JHT",
        amount=684000,
        payment_code="EPS-1",
    )

    paid_on: DayText
    month: MonthText
    programme: Programme
    amount: int = Field(strict=True, ge=1, le=10**15)
    payment_code: Word = ""
    evidence_id: Id | None = None


class DecisionSent(Request):
    """`note` wajib untuk penolakan."""

    model_config = example(decision="approve")

    decision: Literal["approve", "reject"]
    note: Remark = ""


class SuspensionSent(Request):
    """Satu baris daftar penangguhan; dihitung sesudah orang kedua menyetujuinya.

    `mulai`: isi `first_on`, dan `last_on` bila akhirnya sudah diketahui. `akhir`: isi `of_id` dan
    `last_on`. `batal`: isi `of_id` saja. `accepts_defects`: tetap diusulkan walaupun langkah yang
    sudah diambil menjadi tidak tepat waktu.
    """

    model_config = example(
        entry="mulai",
        first_on="2026-11-09",
        last_on="2026-11-11",
        reason="Banjir di kawasan industri.",
        authority="Surat Kepala Cabang B/77/112026",
    )

    entry: SuspensionEntry
    of_id: Id | None = None
    first_on: DayText | None = None
    last_on: DayText | None = None
    reason: Sentence
    authority: Sentence
    evidence_id: Id | None = None
    accepts_defects: bool = False
