"""The public door of the room: every change of a case goes through one of these functions.

Each noun has its module: `opening`, `steps`, `approvals`, `exhibits`, `deliveries`,
`amendments`, `suspensions`, `holidays`, `paperwork`. Other rooms import from here, so that those
may be moved.
"""

from app.cases.amendments import (
    add_note,
    amend_violations,
    assign,
    record_payment,
    treat_collective_leave,
)
from app.cases.approvals import approve, propose, reject, submit
from app.cases.deliveries import Outcome, complete_service, record_service
from app.cases.exhibits import add_evidence
from app.cases.holidays import (
    CalendarChanged,
    announce_year,
    move_holiday,
    preview,
    remove_holiday,
    seed_calendar,
    set_holiday,
)
from app.cases.opening import add_flags, open_by_hand, open_from_flags
from app.cases.paperwork import PaperGiven, end_paper, record_office_paper, record_paper
from app.cases.steps import StepRequest, StepResult, record_sealed_packet, take_step
from app.cases.suspensions import (
    SuspensionRequest,
    approve_suspension,
    propose_suspension,
    reject_suspension,
)

__all__ = [
    "CalendarChanged",
    "Outcome",
    "PaperGiven",
    "StepRequest",
    "StepResult",
    "SuspensionRequest",
    "add_evidence",
    "add_flags",
    "add_note",
    "amend_violations",
    "announce_year",
    "approve",
    "approve_suspension",
    "assign",
    "complete_service",
    "end_paper",
    "move_holiday",
    "open_by_hand",
    "open_from_flags",
    "preview",
    "propose",
    "propose_suspension",
    "record_office_paper",
    "record_paper",
    "record_payment",
    "record_sealed_packet",
    "record_service",
    "reject",
    "reject_suspension",
    "remove_holiday",
    "seed_calendar",
    "set_holiday",
    "submit",
    "take_step",
    "treat_collective_leave",
]
