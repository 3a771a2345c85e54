"""Four eyes: one person proposes a step, another decides. Bound to one version of the case."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.cases.edges import APPROVE, STEP, edges_of
from app.cases.lifecycle import Action
from app.cases.reading import evidence_of, key_of
from app.cases.recording import (
    Entry,
    Hand,
    append,
    locked_case,
    require_named,
    require_version,
    today_of,
)
from app.cases.stages import ACTION_LABELS, DOCUMENT_LABELS
from app.cases.steps import (
    StepRequest,
    StepResult,
    checked_move,
    result_of,
    store_step,
    take_step,
)
from app.cases.tables import CaseApproval, CaseRecord
from app.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Refused

WAITING: Final = "menunggu"


def propose(
    session: Session,
    *,
    principal: Principal,
    case_id: int,
    request: StepRequest,
    expected_version: int,
    now: datetime,
) -> StepResult:
    """Ask a second person for a step, which must be possible already.

    Any later change of the case makes the proposal stale.

    Raises:
        Forbidden, NotFound, Conflict, StepRefused: as `take_step`.
        Refused: the step needs nobody else.
    """
    proposer = require_named(principal)
    case = locked_case(session, principal=principal, action=STEP, case_id=case_id)
    require_version(case, expected_version)
    moved = checked_move(session, case, request, today=today_of(principal, now))
    if not moved.edge.second_person:
        raise Refused(
            "Langkah “{step}” tidak memerlukan persetujuan; ambil langsung.",
            step=ACTION_LABELS[request.action],
        )
    _retire_stale(session, case, request.action)
    append(
        session,
        case,
        Entry(
            verb="proposed",
            on=today_of(principal, now),
            note=request.note,
            detail={"action": request.action, "label": DOCUMENT_LABELS[request.action]},
        ),
        principal=principal,
        now=now,
    )
    content = _as_document(request)
    approval = CaseApproval(
        case_id=case_id,
        action=request.action,
        request=content,
        case_version=case.version,
        content_sha256=_content_hash(session, case, content),
        status=WAITING,
        proposed_by_id=proposer,
        proposed_by_name=principal.name,
        proposed_by_title=principal.title,
        proposed_at=now,
    )
    session.add(approval)
    session.flush()
    return result_of(case, event_seq=None, approval_id=key_of(approval))


def submit(
    session: Session,
    *,
    principal: Principal,
    case_id: int,
    request: StepRequest,
    expected_version: int,
    now: datetime,
) -> StepResult:
    """Take the step, or propose it where the table asks for a second person.

    Raises:
        Forbidden, NotFound, Conflict, StepRefused: as `take_step`.
    """
    run = propose if edges_of(request.action)[0].second_person else take_step
    return run(
        session,
        principal=principal,
        case_id=case_id,
        request=request,
        expected_version=expected_version,
        now=now,
    )


def approve(
    session: Session, *, principal: Principal, approval_id: int, note: str, now: datetime
) -> StepResult:
    """Approve a proposal and take its step.

    The proposer stands on the timeline as who took it, the approver as who approved.

    Raises:
        Forbidden: no named person, the role may not, or it is the proposer.
        NotFound: not there, or not in this principal's offices.
        Conflict: already decided, or the case changed since the proposal.
        StepRefused: the step is not possible any more.
    """
    approver = require_named(principal)
    approval, case = _waiting(session, principal=principal, approval_id=approval_id)
    if approval.proposed_by_id == approver:
        raise Forbidden("Pengusul tidak boleh menyetujui usulannya sendiri; minta orang kedua.")
    if (
        approval.case_version != case.version
        or _content_hash(session, case, approval.request) != approval.content_sha256
    ):
        raise Conflict(
            "Kasus {number} sudah berubah sejak usulan ini dibuat; minta usulan baru.",
            number=case.number,
        )
    request = _from_document(approval.action, approval.request)
    moved = checked_move(session, case, request, today=today_of(principal, now))
    _decide(approval, principal=principal, status="disetujui", note=note, now=now)
    hand = Hand(
        actor=f"user:{approval.proposed_by_id}",
        user_id=approval.proposed_by_id,
        name=approval.proposed_by_name,
        title=approval.proposed_by_title,
    )
    return store_step(
        session, case, moved, request, principal=principal, now=now, hand=hand, approval=approval
    )


def reject(
    session: Session, *, principal: Principal, approval_id: int, note: str, now: datetime
) -> StepResult:
    """Turn a proposal down, with the reason. A stale one may be turned down too.

    Raises:
        Invalid: no reason.
        Forbidden: no named person, the role may not, or it is the proposer.
        NotFound: not there, or not in this principal's offices.
        Conflict: already decided.
    """
    decider = require_named(principal)
    if not note.strip():
        problem = FieldProblem("note", "Tulis alasan penolakan.")
        raise Invalid(problem.template, fields=(problem,))
    approval, case = _waiting(session, principal=principal, approval_id=approval_id)
    if approval.proposed_by_id == decider:
        raise Forbidden("Pengusul tidak boleh memutus usulannya sendiri; minta orang kedua.")
    _decide(approval, principal=principal, status="ditolak", note=note, now=now)
    append(
        session,
        case,
        Entry(
            verb="rejected",
            on=today_of(principal, now),
            note=note,
            approval_id=approval_id,
            detail={
                "action": approval.action,
                "label": DOCUMENT_LABELS[Action(approval.action)],
            },
        ),
        principal=principal,
        now=now,
    )
    return result_of(case, event_seq=None, approval_id=approval_id)


def _retire_stale(session: Session, case: CaseRecord, action: Action) -> None:
    earlier = session.exec(
        select(CaseApproval)
        .where(
            CaseApproval.case_id == case.id,
            CaseApproval.action == action,
            CaseApproval.status == WAITING,
        )
        .with_for_update()
    ).first()
    if earlier is None:
        return
    if earlier.case_version == case.version:
        raise Conflict(
            "Langkah “{step}” sudah diusulkan dan menunggu persetujuan.",
            step=ACTION_LABELS[action],
        )
    earlier.status = "basi"
    session.add(earlier)
    session.flush()


def _waiting(
    session: Session, *, principal: Principal, approval_id: int
) -> tuple[CaseApproval, CaseRecord]:
    case_id = session.exec(
        select(CaseApproval.case_id).where(CaseApproval.id == approval_id)
    ).first()
    if case_id is None:
        principal.require(APPROVE)
        raise NotFound("Usulan {approval} tidak ada.", approval=approval_id)
    case = locked_case(session, principal=principal, action=APPROVE, case_id=case_id)
    approval = session.exec(
        select(CaseApproval)
        .where(col(CaseApproval.id) == approval_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if approval.status != WAITING:
        raise Conflict("Usulan ini sudah diputus atau sudah diganti usulan baru.")
    return approval, case


def _decide(
    approval: CaseApproval, *, principal: Principal, status: str, note: str, now: datetime
) -> None:
    approval.status = status
    approval.decided_by_id = principal.user_id
    approval.decided_by_name = principal.name
    approval.decided_by_title = principal.title
    approval.decided_at = now
    approval.decision_note = note.strip()


def _as_document(request: StepRequest) -> dict[str, Any]:
    return {
        "on": request.on.isoformat(),
        "letter_number": request.letter_number.strip(),
        "note": request.note.strip(),
        "evidence_ids": list(request.evidence_ids),
        "closing_reason": request.closing_reason,
        "addressee": request.addressee.strip(),
        "address": request.address.strip(),
    }


def _from_document(action: str, content: Mapping[str, Any]) -> StepRequest:
    return StepRequest(
        action=Action(action),
        on=date.fromisoformat(content["on"]),
        letter_number=content["letter_number"],
        note=content["note"],
        evidence_ids=tuple(content["evidence_ids"]),
        closing_reason=content["closing_reason"],
        # A proposal of an earlier release does not know them.
        addressee=content.get("addressee", ""),
        address=content.get("address", ""),
    )


def _content_hash(session: Session, case: CaseRecord, content: Mapping[str, Any]) -> str:
    """Return the hash of what the second person sees: the request, the version, the exhibits."""
    exhibits = _hashes(session, key_of(case), content["evidence_ids"])
    seen = {
        "case": case.number,
        "version": case.version,
        "request": dict(content),
        "exhibits": exhibits,
    }
    text = json.dumps(seen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _hashes(session: Session, case_id: int, ids: Sequence[int]) -> list[str]:
    rows = {key_of(row): row.sha256 for row in evidence_of(session, case_id)}
    return [rows[item] for item in ids]
