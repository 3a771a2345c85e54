"""Opens a case on what a control visit found: by hand, with the draw as its provenance."""

from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from app.accounts.schemas import Principal
from app.cases.opening import open_by_hand
from app.cases.schemas import Employer, Opened
from app.cases.stages import Violation
from app.detection import control_visits
from app.detection.control_schemas import Visit

PROVENANCE: Final = "Seleksi kontrol"


def open_from_control(
    session: Session,
    *,
    principal: Principal,
    number: str,
    place: int,
    on: date,
    now: datetime,
) -> Opened:
    """Open a case on the violations that a visit recorded, and keep its number with the visit.

    A second request returns the case that the first one opened.

    Raises:
        Forbidden: this principal may not record visits or open cases.
        NotFound: there is no such visit in reach.
        Refused: no violation was found there.
        Conflict: the employer already has an open case; the sentence names it if it may be seen.
        Invalid: the day lies ahead.
    """
    visit = control_visits.violated(session, principal=principal, number=number, place=place)
    outcome = visit.outcomes[-1].outcome
    opened = open_by_hand(
        session,
        principal=principal,
        office_code=visit.office_code,
        employer=employer_of(visit),
        violations=frozenset(Violation(code) for code in outcome.violations),
        reason=f"{PROVENANCE} {number} / {place}: {outcome.note}",
        on=on,
        now=now,
    )
    if not visit.case_number:
        control_visits.note_case(
            session, principal=principal, visit=visit, case_number=opened.number, now=now
        )
    return opened


def employer_of(visit: Visit) -> Employer:
    """Return the employer as the snapshot of the draw knew it."""
    known: dict[str, Any] = dict(visit.employer)
    # Its branch is the office of the case, not a fact of the employer.
    known.pop("kantor_cabang", None)
    return Employer(**known)
