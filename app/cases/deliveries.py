"""Keeps the ledger of attempts to deliver letters; proved receipt is what starts a clock."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.schemas import Principal
from app.cases.edges import DELIVERED_ACTIONS
from app.cases.reading import delivery_view, key_of
from app.cases.receipts import instant_of
from app.cases.recording import (
    Entry,
    append,
    locked_case,
    require_not_future,
    require_open,
    today_of,
)
from app.cases.schemas import Channel, Delivery, DeliveryResult
from app.cases.stages import PROOF_LABELS, Proof
from app.cases.tables import (
    CHANNELS,
    RESULTS,
    CaseEvent,
    CaseRecord,
    EvidenceRow,
    ServiceAttempt,
)
from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.law.receipt import ZONE_NAMES, ZONES
from app.lawbook.queries import law_in_force

RECORD: Final = "cases.record"
RECEIVED: Final = "diterima"
UNDER_WAY: Final = "dikirim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt ended. `received_on`, receiver and evidence only when it was received.

    `received_time` is the hour and minute by the clock of the case's office; None: not known.
    """

    result: DeliveryResult
    received_on: date | None = None
    received_time: time | None = None
    receiver_name: str = ""
    receiver_position: str = ""
    evidence_id: int | None = None
    note: str = ""


def record_service(
    session: Session,
    *,
    principal: Principal,
    case_id: int,
    event_seq: int,
    channel: Channel,
    tracking_number: str,
    sent_on: date,
    outcome: Outcome,
    now: datetime,
) -> Delivery:
    """Record one attempt to deliver the letter of the event `event_seq`.

    A receipt without evidence is kept, but starts no clock until the proof is added. The same
    attempt twice, as after a double click, is kept once.

    Raises:
        NotFound: the case or the event is not there, or not in this principal's offices.
        Conflict: the case is closed.
        Invalid: the event is no letter, or the days or the proof do not fit.
    """
    case = locked_case(session, principal=principal, action=RECORD, case_id=case_id)
    require_open(case)
    letter = session.exec(
        select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.seq == event_seq)
    ).first()
    if letter is None:
        raise NotFound("Kejadian {seq} tidak ada dalam kasus ini.", seq=event_seq)
    if letter.step not in DELIVERED_ACTIONS:
        raise Invalid("Kejadian {seq} bukan surat yang dikirim.", seq=event_seq)
    if channel not in CHANNELS:
        raise _fault("channel", "Pilih cara pengiriman: {known}.", known=", ".join(CHANNELS))
    if sent_on < letter.took_place_on:
        raise _fault(
            "sent_on",
            "Tanggal kirim {sent_on} mendahului tanggal surat {letter_on}.",
            sent_on=sent_on,
            letter_on=letter.took_place_on,
        )
    today = today_of(principal, now)
    require_not_future(sent_on, today=today, field="sent_on")
    attempt = ServiceAttempt(
        case_id=case_id,
        event_id=key_of(letter),
        channel=channel,
        tracking_number=tracking_number.strip(),
        sent_on=sent_on,
        result=outcome.result,
        recorded_at=now,
    )
    zone = accounts.office(session, code=case.office_code).zone
    _write(attempt, outcome, zone=zone)
    law = law_in_force(session)
    if (known := _same_attempt(session, attempt)) is not None:
        return delivery_view(known, event_seq=event_seq, zone=zone, law=law)
    _check(session, case, outcome, sent_on=sent_on, today=today)
    _require_past(attempt, zone=zone, now=now)
    session.add(attempt)
    session.flush()
    _note(session, case, attempt, seq=event_seq, principal=principal, now=now)
    return delivery_view(attempt, event_seq=event_seq, zone=zone, law=law)


def complete_service(
    session: Session, *, principal: Principal, attempt_id: int, outcome: Outcome, now: datetime
) -> Delivery:
    """Write the outcome of an attempt that was under way, or add the proof that it lacked.

    Raises:
        NotFound: it is not there, or not in this principal's offices.
        Conflict: the case is closed, or the attempt already ended otherwise or is proved.
        Invalid: the days or the proof do not fit.
    """
    principal.require(RECORD)
    found = session.exec(
        select(ServiceAttempt.case_id).where(ServiceAttempt.id == attempt_id)
    ).first()
    if found is None:
        raise NotFound("Pengiriman {attempt} tidak ada.", attempt=attempt_id)
    case = locked_case(session, principal=principal, action=RECORD, case_id=found)
    require_open(case)
    attempt, seq = session.exec(
        select(ServiceAttempt, CaseEvent.seq)
        .join(CaseEvent, col(CaseEvent.id) == col(ServiceAttempt.event_id))
        .where(col(ServiceAttempt.id) == attempt_id)
        .execution_options(populate_existing=True)
    ).one()
    zone = accounts.office(session, code=case.office_code).zone
    only_proof_lacks = (
        attempt.result == RECEIVED == outcome.result
        and attempt.evidence_id is None
        and attempt.received_on == outcome.received_on
        and attempt.received_at in {None, _instant(outcome, zone=zone)}
    )
    if attempt.result != UNDER_WAY and not only_proof_lacks:
        raise Conflict(
            "Hasil pengiriman ini sudah dicatat ({result}); catat percobaan baru.",
            result=attempt.result,
        )
    today = today_of(principal, now)
    _check(session, case, outcome, sent_on=attempt.sent_on, today=today)
    _write(attempt, outcome, zone=zone)
    _require_past(attempt, zone=zone, now=now)
    session.add(attempt)
    session.flush()
    _note(session, case, attempt, seq=seq, principal=principal, now=now)
    return delivery_view(attempt, event_seq=seq, zone=zone, law=law_in_force(session))


def _same_attempt(session: Session, attempt: ServiceAttempt) -> ServiceAttempt | None:
    told = attempt.model_dump(exclude={"id", "recorded_at"})
    known = session.exec(
        select(ServiceAttempt).where(ServiceAttempt.event_id == attempt.event_id)
    ).all()
    return next((row for row in known if row.model_dump(include=set(told)) == told), None)


def _check(
    session: Session, case: CaseRecord, outcome: Outcome, *, sent_on: date, today: date
) -> None:
    if outcome.result not in RESULTS:
        raise _fault("result", "Pilih hasil pengiriman: {known}.", known=", ".join(RESULTS))
    if outcome.result != RECEIVED:
        if outcome.received_on is not None:
            raise _fault("received_on", "Tanggal terima hanya diisi bila surat itu benar diterima.")
        if outcome.received_time is not None:
            raise _fault(
                "received_time",
                "Jam terima {time} hanya diisi bila surat itu benar diterima.",
                time=f"{outcome.received_time:%H:%M}",
            )
        return
    if outcome.received_on is None:
        raise _fault("received_on", "Isi tanggal surat itu diterima.")
    if outcome.received_on < sent_on:
        raise _fault(
            "received_on",
            "Tanggal terima {received_on} mendahului tanggal kirim {sent_on}.",
            received_on=outcome.received_on,
            sent_on=sent_on,
        )
    require_not_future(outcome.received_on, today=today, field="received_on")
    if not outcome.receiver_name.strip():
        raise _fault("receiver_name", "Isi nama orang yang menerima surat.")
    if outcome.evidence_id is not None:
        _require_receipt(session, case, outcome.evidence_id)


def _require_receipt(session: Session, case: CaseRecord, evidence_id: int) -> None:
    row = session.exec(
        select(EvidenceRow).where(EvidenceRow.id == evidence_id, EvidenceRow.case_id == case.id)
    ).first()
    if row is None:
        raise _fault("evidence_id", "Bukti yang dipilih bukan milik kasus ini.")
    if row.kind != Proof.RECEIPT:
        raise _fault(
            "evidence_id",
            "Bukti P-{exhibit} bukan tanda terima melainkan {kind}.",
            exhibit=row.exhibit_no,
            kind=PROOF_LABELS[Proof(row.kind)],
        )
    other = session.exec(
        select(CaseEvent.seq)
        .join(ServiceAttempt, col(ServiceAttempt.event_id) == col(CaseEvent.id))
        .where(ServiceAttempt.evidence_id == evidence_id)
    ).first()
    if other is not None:
        raise _fault(
            "evidence_id",
            "Bukti P-{exhibit} sudah menjadi tanda terima surat lain.",
            exhibit=row.exhibit_no,
        )


def _require_past(attempt: ServiceAttempt, *, zone: str, now: datetime) -> None:
    if attempt.received_at is not None and attempt.received_at > now:
        name = ZONE_NAMES[zone]
        raise _fault(
            "received_time",
            "Jam terima {time} belum tiba; sekarang {now} {zone}.",
            time=f"{attempt.received_at.astimezone(ZONES[name]):%H:%M}",
            now=f"{now.astimezone(ZONES[name]):%H:%M}",
            zone=name,
        )


def _instant(outcome: Outcome, *, zone: str) -> datetime | None:
    if outcome.received_on is None or outcome.received_time is None:
        return None
    return instant_of(outcome.received_on, outcome.received_time, zone=zone)


def _write(attempt: ServiceAttempt, outcome: Outcome, *, zone: str) -> None:
    attempt.result = outcome.result
    attempt.received_on = outcome.received_on
    attempt.received_at = _instant(outcome, zone=zone)
    attempt.receiver_name = outcome.receiver_name.strip()
    attempt.receiver_position = outcome.receiver_position.strip()
    attempt.evidence_id = outcome.evidence_id
    attempt.note = outcome.note.strip() or attempt.note


def _note(
    session: Session,
    case: CaseRecord,
    attempt: ServiceAttempt,
    *,
    seq: int,
    principal: Principal,
    now: datetime,
) -> None:
    append(
        session,
        case,
        Entry(
            verb="service_recorded",
            on=attempt.received_on or attempt.sent_on,
            evidence_ids=(attempt.evidence_id,) if attempt.evidence_id is not None else (),
            note=attempt.note,
            detail={"letter_seq": seq, "channel": attempt.channel, "result": attempt.result},
        ),
        principal=principal,
        now=now,
    )


def _fault(field: str, template: str, /, **values: object) -> Invalid:
    return Invalid(template, fields=(FieldProblem(field, template, values),), **values)
