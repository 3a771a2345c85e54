"""Walks demo cases along the legal steps through the same services that people use."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from app.accounts.schemas import Principal
from app.cases import approvals, deliveries, exhibits, queries, workdays
from app.cases.deliveries import Outcome
from app.cases.schemas import CaseFile, Upload
from app.cases.stages import Action, Proof, document_label
from app.cases.steps import StepRequest
from app.demo.days import working_day
from app.demo.papers import paper
from app.infra.store import BlobStore
from app.law.calendar import WorkingCalendar

PAPER_OF: Final = {
    Action.VISIT: Proof.VISIT_MINUTES,
    Action.SEND_NOTICE: Proof.LETTER,
    Action.ORDER_INSPECTION: Proof.ORDER,
    Action.RECORD_MINUTES: Proof.MINUTES,
    Action.REPORT_FINDINGS: Proof.REPORT,
    Action.WARN_1: Proof.LETTER,
    Action.WARN_2: Proof.LETTER,
    Action.IMPOSE_FINE: Proof.LETTER,
}


_OPENED_BEFORE: Final = 4


@dataclass(frozen=True, slots=True)
class Beat:
    """One step of a story: `days_before` its end; a letter arrives `received_after` days later.

    An office writes on working days and hands over on working days: what would fall on another day
    is done on the next.
    """

    action: Action
    days_before: int
    received_after: int | None = None

    def done_on(self, ends_on: date, calendar: WorkingCalendar) -> date:
        return working_day(ends_on - timedelta(days=self.days_before), calendar)

    def received_on(self, ends_on: date, calendar: WorkingCalendar) -> date | None:
        """Return the day on which its letter arrived; None for what nobody receives."""
        if self.received_after is None:
            return None
        done_on = self.done_on(ends_on, calendar)
        return working_day(done_on + timedelta(days=self.received_after), calendar)


# fmt: off
ARREARS_STORY: Final = (
    Beat(Action.VISIT,            100),
    Beat(Action.SEND_NOTICE,       95, received_after=3),
    Beat(Action.SEND_NOTICE,       74, received_after=2),
    Beat(Action.ORDER_INSPECTION,  52),
    Beat(Action.RECORD_MINUTES,    46),
    Beat(Action.REPORT_FINDINGS,   39),
    Beat(Action.REFER,              8),
)
BREACH_STORY: Final = (
    Beat(Action.SEND_NOTICE,      100, received_after=2),
    Beat(Action.ORDER_INSPECTION,  92),
    Beat(Action.RECORD_MINUTES,    88),
    Beat(Action.REPORT_FINDINGS,   84),
    Beat(Action.WARN_1,            80, received_after=2),
    Beat(Action.WARN_2,            60, received_after=2),
    Beat(Action.IMPOSE_FINE,       38, received_after=1),
    Beat(Action.REFER,              4),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts: `head` approves what weighs and signs; the two must be different people."""

    inspector: Principal
    head: Principal


def opened_on(story: Sequence[Beat], *, ends_on: date, calendar: WorkingCalendar) -> date:
    """Return the day on which the case of a story is opened, before its first step."""
    return working_day(ends_on - timedelta(days=story[0].days_before + _OPENED_BEFORE), calendar)


def walk(
    session: Session,
    *,
    case_id: int,
    story: Sequence[Beat],
    cast: Cast,
    ends_on: date,
    store: BlobStore,
    now: datetime,
) -> None:
    """Take the steps of `story` with their papers, deliveries and approvals.

    Raises:
        AppError: whatever the services refuse; the demo has no way round them.
    """
    calendar = workdays.calendar(session)
    for count, beat in enumerate(story, start=1):
        on = beat.done_on(ends_on, calendar)
        file = _case(session, case_id, cast, ends_on)
        employer = file.employer.nama
        number = f"B/{case_id:03}{count:02}/{on:%m%Y}"
        evidence: tuple[int, ...] = ()
        if kind := PAPER_OF.get(beat.action):
            title = f"{document_label(beat.action, frozenset(file.violations))} {number}"
            evidence = (
                _add(session, case_id, kind, title, number, on, employer, cast, store, now),
            )
        request = StepRequest(
            action=beat.action,
            on=on,
            letter_number=number if beat.action not in {Action.VISIT, Action.REFER} else "",
            note="Data peragaan." if beat.action is Action.VISIT else "",
            evidence_ids=evidence,
        )
        result = approvals.submit(
            session,
            principal=cast.inspector,
            case_id=case_id,
            request=request,
            expected_version=_case(session, case_id, cast, ends_on).version,
            now=now,
        )
        if result.approval_id is not None:
            result = approvals.approve(
                session, principal=cast.head, approval_id=result.approval_id, note="", now=now
            )
        received = beat.received_on(ends_on, calendar)
        if received is not None and result.event_seq is not None:
            receipt = _add(
                session, case_id, Proof.RECEIPT, f"Tanda terima surat {number}", number,
                received, employer, cast, store, now,
            )  # fmt: skip
            deliveries.record_service(
                session,
                principal=cast.inspector,
                case_id=case_id,
                event_seq=result.event_seq,
                channel="kurir",
                tracking_number=f"PRG{case_id:04}{count:03}",
                sent_on=on,
                outcome=Outcome(
                    result="diterima",
                    received_on=received,
                    receiver_name="Rina Kartika",
                    receiver_position="Staf Personalia",
                    evidence_id=receipt,
                ),
                now=now,
            )


def _case(session: Session, case_id: int, cast: Cast, on: date) -> CaseFile:
    return queries.case_file(session, principal=cast.inspector, case=case_id, on=on)


def _add(
    session: Session,
    case_id: int,
    kind: Proof,
    title: str,
    number: str,
    on: date,
    employer: str,
    cast: Cast,
    store: BlobStore,
    now: datetime,
) -> int:
    content = paper(title=title, number=number, on=on, lines=[f"Pemberi kerja: {employer}"])
    return exhibits.add_evidence(
        session,
        principal=cast.inspector,
        case_id=case_id,
        upload=Upload(source=io.BytesIO(content), name=f"{kind.value}.pdf"),
        kind=kind,
        title=title,
        dated_on=on,
        store=store,
        now=now,
    ).id
