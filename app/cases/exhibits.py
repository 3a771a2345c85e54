"""Keeps evidence: original bytes once, a number per case that never changes."""

from datetime import date, datetime
from typing import Final

from sqlmodel import Session, func, select

from app.accounts.schemas import Principal
from app.cases.reading import evidence_view, key_of
from app.cases.recording import (
    Entry,
    append,
    locked_case,
    require_not_future,
    require_open,
    today_of,
)
from app.cases.schemas import Evidence, Upload
from app.cases.stages import PROOF_LABELS, Proof
from app.cases.tables import EvidenceRow
from app.cases.uploads import LARGEST, media_type, shown_name
from app.infra.store import BlobStore

RECORD: Final = "cases.record"


def add_evidence(
    session: Session,
    *,
    principal: Principal,
    case_id: int,
    upload: Upload,
    kind: Proof,
    title: str,
    dated_on: date,
    store: BlobStore,
    now: datetime,
) -> Evidence:
    """Keep the file and give it the case's next exhibit number.

    The same bytes a second time in the same case return the exhibit they already are. An empty
    `title` takes the name of the kind.

    Raises:
        NotFound: the case is not there, or not in this principal's offices.
        Conflict: the case is closed.
        Invalid: the file is not accepted, or `dated_on` has not come yet.
        Unavailable: the store refused; nothing is kept.
    """
    case = locked_case(session, principal=principal, action=RECORD, case_id=case_id)
    require_open(case)
    require_not_future(dated_on, today=today_of(principal, now), field="dated_on")
    kept_as = media_type(upload)
    blob = store.put(upload.source, limit=LARGEST)
    known = session.exec(
        select(EvidenceRow).where(EvidenceRow.case_id == case_id, EvidenceRow.sha256 == blob.sha256)
    ).first()
    if known is not None:
        return evidence_view(known)
    last = session.exec(
        select(func.max(EvidenceRow.exhibit_no)).where(EvidenceRow.case_id == case_id)
    ).one()
    row = EvidenceRow(
        case_id=case_id,
        exhibit_no=(last or 0) + 1,
        kind=kind,
        title=title.strip() or PROOF_LABELS[kind],
        dated_on=dated_on,
        file_name=shown_name(upload.name),
        media_type=kept_as,
        size=blob.size,
        sha256=blob.sha256,
        added_at=now,
        added_by_id=principal.user_id,
        added_by_name=principal.name,
        added_by_title=principal.title,
    )
    session.add(row)
    session.flush()
    append(
        session,
        case,
        Entry(
            verb="evidence_added",
            on=dated_on,
            evidence_ids=(key_of(row),),
            detail={"exhibit": f"P-{row.exhibit_no}", "kind": kind, "sha256": blob.sha256},
        ),
        principal=principal,
        now=now,
    )
    return evidence_view(row)
