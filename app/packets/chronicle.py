"""PURE: the timeline of a case -> events and exhibits of a packet, up to the cut-off day."""

from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from app.cases.clocks import Clock
from app.cases.schemas import CaseFile, Delivery
from app.cases.schemas import Event as CaseEvent
from app.cases.schemas import Evidence as CaseEvidence
from app.cases.stages import Action, Proof
from app.law.receipt import Receipt
from app.packets.dossier import Event, Evidence, Subject
from app.packets.wording import long_date

# What a step tells the prosecutor. A step that is not here is our own paperwork.
SUBJECT_OF_STEP: Final[Mapping[Action, Subject]] = {
    Action.VISIT: "visit",
    Action.SEND_NOTICE: "notice",
    Action.ORDER_INSPECTION: "authority",
    Action.RECORD_MINUTES: "inspection",
    Action.REPORT_FINDINGS: "report",
    Action.WARN_1: "warning_1",
    Action.WARN_2: "warning_2",
    Action.IMPOSE_FINE: "fine",
    Action.REQUEST_DENIAL: "denial",
    # Told, so that a letter which stands there twice is not a riddle.
    Action.WITHDRAW_REFERRAL: "other",
}
_SUSPENSIONS: Final = frozenset({"suspension_recorded", "suspension_ended", "suspension_reversed"})
_TOLD_VERBS: Final = frozenset({"opened", "noted", "payment_recorded"}) | _SUSPENSIONS
_HAND_TYPED: Final = frozenset({"noted"}) | _SUSPENSIONS
_OWN_PAPERS: Final = frozenset(
    {Action.REFER, Action.SEAL_PACKET, Action.HAND_OVER, Action.RECORD_RETURN, Action.CLOSE}
)
SUBJECT_OF_PROOF: Final[Mapping[Proof, Subject]] = {
    Proof.ORDER: "authority",
    Proof.MINUTES: "inspection",
    Proof.REPORT: "report",
    Proof.WORKING_PAPER: "report",
    Proof.VISIT_MINUTES: "visit",
    Proof.PHOTO: "visit",
    Proof.STATEMENT: "admission",
    Proof.PAYMENT: "dues",
    Proof.REGISTRATION: "registration",
    Proof.LETTER: "notice",
    Proof.RECEIPT: "notice",
}
_WARNINGS: Final = frozenset({Clock.WARNING_1, Clock.WARNING_2})
CHANNELS: Final[Mapping[str, str]] = {
    "kurir": "kurir",
    "pos": "pos",
    "diantar": "diantar petugas",
    "surel": "surel",
    "dijemput": "diambil penerima",
}
RESULTS: Final[Mapping[str, str]] = {
    "dikirim": "belum ada kabar",
    "diterima": "diterima",
    "ditolak": "ditolak penerima",
    "pindah": "alamat sudah pindah",
    "kosong": "tidak ada orang",
}
_EXTENSIONS: Final = frozenset(
    {".pdf", ".jpg", ".jpeg", ".png", ".docx", ".xlsx", ".doc", ".xls", ".odt", ".ods", ".eml",
     ".msg", ".txt", ".csv", ".heic", ".webp", ".tif", ".tiff", ".mp3", ".mp4", ".zip"}
)  # fmt: skip


def events(file: CaseFile, *, cutoff: date) -> tuple[Event, ...]:
    """Return what happened up to `cutoff`, inclusive, without our own approvals and papers."""
    deadlines = {
        one.seq: one.due_on
        for one in file.deadlines
        if one.clock in _WARNINGS and one.due_on is not None
    }
    return tuple(
        _event(event, cutoff=cutoff, deadlines=deadlines)
        for event in file.chronology
        if event.on <= cutoff and (event.step in SUBJECT_OF_STEP or event.verb in _TOLD_VERBS)
    )


def exhibits(file: CaseFile, *, cutoff: date) -> tuple[Evidence, ...]:
    """Return the exhibits dated up to `cutoff`; those of our own referral papers are left out."""
    own = {item.id for event in file.events if event.step in _OWN_PAPERS for item in event.evidence}
    letters = _letters(file)
    return tuple(
        Evidence(
            id=item.id,
            exhibit=item.exhibit,
            sha256=item.sha256,
            size=item.size,
            title=item.title,
            subject=_subject(item, letters),
            on=item.dated_on,
            extension=_extension(item.file_name),
            source=item.added_by.name,
        )
        for item in file.evidence
        if item.dated_on <= cutoff and item.id not in own
    )


def _event(event: CaseEvent, *, cutoff: date, deadlines: Mapping[int, date]) -> Event:
    sent = [one for one in event.deliveries if one.sent_on <= cutoff]
    received = next((one for one in sent if one.proves_receipt and _known(one, cutoff)), None)
    attached = [item.id for item in event.evidence]
    attached += [one.evidence_id for one in sent if one.evidence_id is not None]
    return Event(
        seq=event.seq,
        on=event.on,
        subject=SUBJECT_OF_STEP.get(event.step, "other") if event.step else "other",
        title=event.label,
        letter_number=event.letter_number,
        officer=event.actor.name,
        received_by=_receiver(received),
        delivery="; ".join(attempt(one, cutoff=cutoff) for one in sent),
        received_on=received.received_on if received else None,
        response="",
        note=event.note,
        evidence=tuple(dict.fromkeys(attached)),
        receipt=received.evidence_id if received else None,
        deadline=deadlines.get(event.seq) if received else None,
        hand_typed=event.verb in _HAND_TYPED,
    )


def _receiver(delivery: Delivery | None) -> str:
    if delivery is None:
        return ""
    return ", ".join(filter(None, (delivery.receiver_name, delivery.receiver_position)))


def _known(delivery: Delivery, cutoff: date) -> bool:
    return delivery.received_on is not None and delivery.received_on <= cutoff


def attempt(delivery: Delivery, *, cutoff: date) -> str:
    """Tell one attempt as it stood at the end of `cutoff`."""
    number = f", resi {delivery.tracking_number}" if delivery.tracking_number else ""
    result = delivery.result
    if result == "diterima" and not _known(delivery, cutoff):
        result = "dikirim"
    sent_on = long_date(delivery.sent_on)
    told = f"{CHANNELS[delivery.channel]}{number}, dikirim {sent_on}, {RESULTS[result]}"
    if result != "diterima" or delivery.receipt is None:
        return told
    return f"{told} {_hour(delivery.receipt)}"


def _hour(receipt: Receipt) -> str:
    """Tell the hour of the receipt, and the day that counts where that is another one."""
    hour = f"pukul {receipt.local:%H.%M} {receipt.zone}"
    if not receipt.after_hours:
        return hour
    closing = f"sesudah jam batas {receipt.cutoff.value:02}.00"
    return f"{hour} ({closing}; dihitung diterima {long_date(receipt.on)})"


def _letters(file: CaseFile) -> dict[int, Subject]:
    """Return what each letter and receipt belongs to, by the step it is attached to."""
    found: dict[int, Subject] = {}
    for event in file.events:
        if event.step not in SUBJECT_OF_STEP or event.step is None:
            continue
        subject = SUBJECT_OF_STEP[event.step]
        for item in event.evidence:
            found.setdefault(item.id, subject)
        for delivery in event.deliveries:
            if delivery.evidence_id is not None:
                found.setdefault(delivery.evidence_id, subject)
    return found


def _subject(item: CaseEvidence, letters: Mapping[int, Subject]) -> Subject:
    if item.kind in {Proof.LETTER, Proof.RECEIPT}:
        return letters.get(item.id, SUBJECT_OF_PROOF[item.kind])
    return SUBJECT_OF_PROOF.get(item.kind, letters.get(item.id, "other"))


def _extension(file_name: str) -> str:
    suffix = PurePosixPath(file_name).suffix.lower()
    return suffix if suffix in _EXTENSIONS else ".bin"
