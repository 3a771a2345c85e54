"""Takes the steps of the workflow that need nobody else, and stores any step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from app.accounts.schemas import Principal
from app.cases import lifecycle, workdays
from app.cases.edges import STEP
from app.cases.findings import hold, release
from app.cases.lifecycle import Action, Stage
from app.cases.reading import events_of, evidence_of, key_of, position
from app.cases.recording import (
    Entry,
    Hand,
    append,
    locked_case,
    require_named,
    require_version,
    today_of,
)
from app.cases.stages import ACTION_LABELS, Proof, Violation, document_label
from app.cases.tables import CaseApproval, CaseRecord
from app.errors import FieldProblem, Invalid, Refused

_WHY: Final = {
    Action.CLOSE: FieldProblem("note", "Tulis uraian singkat penutupan kasus."),
    Action.WITHDRAW_REFERRAL: FieldProblem("note", "Tulis alasan pencabutan rujukan."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRequest:
    """What somebody wants to do. `on` is the legal day of the step, such as the letter's date.

    `letter_number` and `closing_reason` are empty where the action asks for none. `addressee` and
    `address` are what the letter itself says; empty: not recorded.
    """

    action: Action
    on: date
    letter_number: str = ""
    note: str = ""
    evidence_ids: tuple[int, ...] = ()
    closing_reason: str = ""
    addressee: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """`event_seq` is None when the step only waits for a second person (`approval_id`)."""

    case_id: int
    number: str
    stage: Stage
    version: int
    event_seq: int | None
    approval_id: int | None


def take_step(
    session: Session,
    *,
    principal: Principal,
    case_id: int,
    request: StepRequest,
    expected_version: int,
    now: datetime,
) -> StepResult:
    """Take one step at once.

    Raises:
        Forbidden: no named person, or the role may not.
        NotFound: the case is not there, or not in this principal's offices.
        Conflict: the case has changed, or the letter number is taken.
        StepRefused: out of order, or something lacks: `missing` names each.
        Refused: the step needs a second person: propose it.
    """
    require_named(principal)
    case = locked_case(session, principal=principal, action=STEP, case_id=case_id)
    require_version(case, expected_version)
    moved = checked_move(session, case, request, today=today_of(principal, now))
    if moved.edge.second_person:
        raise Refused(
            "Langkah “{step}” memerlukan persetujuan orang kedua; ajukan usulan.",
            step=ACTION_LABELS[request.action],
        )
    return store_step(session, case, moved, request, principal=principal, now=now)


def record_sealed_packet(
    session: Session,
    *,
    principal: Principal,
    case_id: int,
    packet_number: str,
    sha256: str,
    on: date,
    now: datetime,
) -> StepResult:
    """Note that a packet of this case was sealed; for the packets room alone.

    Raises:
        Forbidden: no named person, or the role may not.
        NotFound: the case is not there, or not in this principal's offices.
        StepRefused: referral has not been approved.
    """
    require_named(principal)
    case = locked_case(session, principal=principal, action=STEP, case_id=case_id)
    request = StepRequest(action=Action.SEAL_PACKET, on=on)
    moved = _moved(session, case, request, today=today_of(principal, now))
    return store_step(
        session,
        case,
        moved,
        request,
        principal=principal,
        now=now,
        detail={"packet": packet_number, "sha256": sha256},
    )


def checked_move(
    session: Session, case: CaseRecord, request: StepRequest, *, today: date
) -> lifecycle.Moved:
    moved = _moved(session, case, request, today=today)
    if moved.edge.recorded_by_packets:
        raise Refused(
            "Langkah “{step}” dicatat oleh Patuh sendiri saat berkas rujukan disegel.",
            step=ACTION_LABELS[request.action],
        )
    return moved


def _moved(
    session: Session, case: CaseRecord, request: StepRequest, *, today: date
) -> lifecycle.Moved:
    moved = lifecycle.move(
        position(session, case),
        request.action,
        on=request.on,
        today=today,
        proofs=_proofs(session, case, request),
        letter_number=request.letter_number,
        closing_reason=request.closing_reason,
        calendar=workdays.calendar(session),
    )
    if moved.edge.explained and not request.note.strip():
        problem = _WHY[request.action]
        raise Invalid(problem.template, fields=(problem,))
    return moved


def _proofs(session: Session, case: CaseRecord, request: StepRequest) -> frozenset[Proof]:
    """Return the kinds of the exhibits named.

    Raises:
        Invalid: one is not of this case, or is the copy of another letter.
    """
    known = {key_of(row): row for row in evidence_of(session, key_of(case))}
    if set(request.evidence_ids) - known.keys():
        problem = FieldProblem("evidence", "Bukti yang dipilih bukan milik kasus ini.")
        raise Invalid(problem.template, fields=(problem,))
    for event in events_of(session, key_of(case)):
        for used in set(event.evidence_ids) & set(request.evidence_ids):
            if event.step is not None and known[used].kind == Proof.LETTER:
                problem = FieldProblem(
                    "evidence",
                    "Bukti P-{exhibit} adalah salinan {document}; lampirkan salinan surat ini.",
                    {
                        "exhibit": known[used].exhibit_no,
                        "document": document_label(
                            Action(event.step), frozenset(map(Violation, case.violations))
                        ),
                    },
                )
                raise Invalid(problem.template, fields=(problem,), **problem.values)
    return frozenset(Proof(known[item].kind) for item in request.evidence_ids)


def store_step(
    session: Session,
    case: CaseRecord,
    moved: lifecycle.Moved,
    request: StepRequest,
    *,
    principal: Principal,
    now: datetime,
    hand: Hand | None = None,
    approval: CaseApproval | None = None,
    detail: Mapping[str, Any] | None = None,
) -> StepResult:
    if request.action is Action.CLOSE:
        # Asking for the flags writes down what is already set, and half a closing is refused.
        hold(session, case)
    case.stage = moved.position.stage
    extra = dict(detail or {})
    if request.action is Action.CLOSE:
        case.closed_on = request.on
        case.closed_reason = request.closing_reason
        extra["closing_reason"] = request.closing_reason
    if moved.edge.delivered and request.addressee.strip():
        extra["addressee"] = request.addressee.strip()
        extra["address"] = request.address.strip()
    approval_id = key_of(approval) if approval is not None else None
    event = append(
        session,
        case,
        Entry(
            verb="step",
            step=request.action,
            on=request.on,
            letter_number=request.letter_number,
            note=request.note,
            evidence_ids=request.evidence_ids,
            approval_id=approval_id,
            detail=extra,
        ),
        principal=principal,
        now=now,
        hand=hand,
    )
    if request.action is Action.CLOSE:
        release(session, principal=principal, case=case, note=request.note, on=request.on, now=now)
    return result_of(case, event_seq=event.seq, approval_id=approval_id)


def result_of(case: CaseRecord, *, event_seq: int | None, approval_id: int | None) -> StepResult:
    return StepResult(
        case_id=key_of(case),
        number=case.number,
        stage=Stage(case.stage),
        version=case.version,
        event_seq=event_seq,
        approval_id=approval_id,
    )
