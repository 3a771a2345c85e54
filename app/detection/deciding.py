"""What changes of rules and of weights go through: two people, a reason, a day that is to come."""

from datetime import date, datetime
from typing import Final

from app.accounts.schemas import Principal
from app.detection.rule_queries import IN_FORCE, WAITING
from app.detection.rule_tables import Change
from app.detection.triage import LONGEST_REASON, SHORTEST_REASON
from app.errors import Conflict, FieldProblem, Forbidden, Invalid
from app.infra.wording import N_

PROPOSE: Final = "rules.propose"
APPROVE: Final = "rules.approve"
WITHDRAWN: Final = "dicabut"
REFUSED: Final = "ditolak"
CALLED_OFF: Final = "dibatalkan"


def named_person(principal: Principal) -> int:
    if principal.user_id is None:
        raise Forbidden("Hanya orang bernama yang dapat mengusulkan atau menyetujui perubahan.")
    return principal.user_id


def check_day(valid_from: date, *, today: date) -> None:
    # A sweep of a day that has passed must give what it gave then.
    if valid_from < today:
        template = N_(
            "Tanggal mulai berlaku {day} sudah lewat; perubahan hanya dapat berlaku sejak hari ini "
            "atau hari yang akan datang."
        )
        values = {"day": valid_from.isoformat()}
        raise Invalid(template, fields=(FieldProblem("valid_from", template, values),), **values)


def reason_of(text: str, *, field: str) -> str:
    reason = text.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        template = N_("Tulis alasan {least} sampai {most} huruf.")
        values = {"least": SHORTEST_REASON, "most": LONGEST_REASON}
        raise Invalid(template, fields=(FieldProblem(field, template, values),), **values)
    return reason


def may_decide(row: Change | None, principal: Principal) -> None:
    """Raises: Forbidden: this principal may neither approve, nor withdraw what is their own."""
    own = row is not None and row.proposed_by_id == principal.user_id
    principal.require(PROPOSE if own else APPROVE)


def require_waiting(row: Change) -> None:
    """Raises: Conflict: somebody has decided."""
    if row.state != WAITING:
        raise Conflict(
            "Usulan ini sudah diputuskan ({state}) oleh {person}; muat ulang halaman.",
            state=row.state,
            person=row.decided_by_name,
        )


def require_second(row: Change, *, principal: Principal, today: date) -> None:
    """Raises: Forbidden: the same person proposed it. Invalid: its first day has passed."""
    if row.proposed_by_id == named_person(principal):
        raise Forbidden(
            "Perubahan aturan ini Anda usulkan sendiri; persetujuan harus diberikan orang lain."
        )
    check_day(row.valid_from, today=today)


def put_in_force(row: Change, *, principal: Principal, now: datetime) -> None:
    row.state, row.decided_at = IN_FORCE, now
    row.decided_by_id, row.decided_by_name = named_person(principal), principal.name


def turn_down(row: Change, *, principal: Principal, reason: str, now: datetime) -> str:
    """Refuse a change, or withdraw it where the proposer does so, and return which of the two.

    Raises:
        Invalid: no reason.
    """
    own = row.proposed_by_id == principal.user_id
    row.reason = reason_of(reason, field="reason")
    row.state, row.decided_at = WITHDRAWN if own else REFUSED, now
    # The second person is the one who decides; a withdrawal has none.
    row.decided_by_id = None if own else named_person(principal)
    row.decided_by_name = principal.name
    return "withdraw" if own else "refuse"


def take_back(
    row: Change, *, principal: Principal, reason: str, today: date, now: datetime
) -> None:
    """Call an approved change off before its first day; what is in force stays so.

    One person is enough, also one of the two who wanted it: nothing takes effect by it.

    Raises:
        Forbidden: no named person stands behind it.
        Conflict: it is not approved, or has begun.
        Invalid: no reason.
    """
    named_person(principal)
    if row.state != IN_FORCE:
        raise Conflict(
            "Perubahan ini tidak sedang disetujui ({state}), sehingga tidak ada yang dapat "
            "dibatalkan; muat ulang halaman.",
            state=row.state,
        )
    if row.valid_from <= today:
        raise Conflict(
            "Perubahan ini sudah berlaku sejak {day}; usulkan perubahan baru untuk menggantinya.",
            day=row.valid_from.isoformat(),
        )
    row.reason = reason_of(reason, field="reason")
    row.state, row.called_off_at, row.called_off_by_name = CALLED_OFF, now, principal.name
