"""What becomes of a flag by a person's decision, or when its case begins and ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.audit import service as audit
from app.detection import queries
from app.detection.outcomes import Ending, record_outcomes
from app.detection.schemas import FlagView, Status
from app.detection.tables import Flag, FlagEvent
from app.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, Stale
from app.infra.wording import N_
from app.law.month import Month

SHORTEST_REASON: Final = 5
LONGEST_REASON: Final = 2000
# What is put off for good would be declined without saying so: whoever sets a flag aside, or
# excuses its employer, answers for it again within a year, and the flag comes back on data that
# is not stale yet.
LONGEST_REST_MONTHS: Final = 12

# What a person may do: action -> from which states. What is not listed is refused.
# fmt: off
_DECISIONS: Final[dict[Status, frozenset[Status]]] = {
    "ditolak":  frozenset({"baru", "ditinjau", "ditunda"}),
    "ditunda":  frozenset({"baru", "ditinjau"}),
    "ditinjau": frozenset({"baru"}),
    "baru":     frozenset({"ditolak", "ditunda"}),
    "kasus":    frozenset({"baru", "ditinjau", "ditunda", "ditolak"}),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class _Decision:
    to_status: Status
    action: str
    reason: str = ""
    snooze_until: date | None = None
    exception_until: date | None = None
    case_number: str = ""

    @property
    def until(self) -> date | None:
        return self.snooze_until or self.exception_until

    @property
    def kept(self) -> dict[str, str]:
        until = {"until": self.until.isoformat()} if self.until else {}
        return until | ({"case": self.case_number} if self.case_number else {})


def latest_rest(on: date) -> date:
    """Return the last day, inclusive, until which a flag may rest or be excused on the day `on`."""
    return (Month.of(on) + LONGEST_REST_MONTHS).day(on.day)


def decline(
    session: Session,
    *,
    principal: Principal,
    flag_id: int,
    reason: str,
    expected_version: int,
    now: datetime,
) -> FlagView:
    """Set a flag aside; it stays so while its facts are the same.

    Raises:
        Forbidden: this role does not triage.
        Invalid: the reason is missing or out of bounds.
        NotFound: it is not there, or not in this principal's offices.
        Stale: somebody changed it since `expected_version`.
        Refused: it is a case, gone, or declined already.
    """
    decision = _Decision("ditolak", "flag.decline", reason=_reason(reason))
    return _decide(session, principal, flag_id, decision, expected_version, now)


def excuse(
    session: Session,
    *,
    principal: Principal,
    flag_id: int,
    until: date,
    reason: str,
    expected_version: int,
    on: date,
    now: datetime,
) -> FlagView:
    """Make an exception through the day `until`: the rule is right, this employer is excused.

    It breaks by itself on the next day, or as soon as the facts of the flag change.

    Raises:
        Forbidden, NotFound, Stale, Refused: as `decline`.
        Invalid: the reason is missing, or `until` is not after `on` or later than `latest_rest`.
    """
    _check_until(until, on=on, field="exception_until")
    decision = _Decision("ditolak", "flag.excuse", reason=_reason(reason), exception_until=until)
    return _decide(session, principal, flag_id, decision, expected_version, now)


def snooze(
    session: Session,
    *,
    principal: Principal,
    flag_id: int,
    until: date,
    reason: str,
    expected_version: int,
    on: date,
    now: datetime,
) -> FlagView:
    """Put a flag to rest through the day `until`, while its facts are the same.

    Raises:
        Forbidden, NotFound, Stale, Refused: as `decline`.
        Invalid: the reason is missing, or `until` is not after `on` or later than `latest_rest`.
    """
    _check_until(until, on=on, field="until")
    decision = _Decision("ditunda", "flag.snooze", reason=_reason(reason), snooze_until=until)
    return _decide(session, principal, flag_id, decision, expected_version, now)


def review(
    session: Session, *, principal: Principal, flag_id: int, expected_version: int, now: datetime
) -> FlagView:
    """Say that a person is looking at a new flag.

    Raises:
        Forbidden, NotFound, Stale, Refused: as `decline`.
    """
    decision = _Decision("ditinjau", "flag.review")
    return _decide(session, principal, flag_id, decision, expected_version, now)


def reopen(
    session: Session,
    *,
    principal: Principal,
    flag_id: int,
    expected_version: int,
    now: datetime,
    reason: str = "",
) -> FlagView:
    """Make a flag that was declined, rests, or was left by a closed case new again.

    A reason is kept where one is given.

    Raises:
        Forbidden, NotFound, Stale, Refused: as `decline`.
    """
    decision = _Decision("baru", "flag.reopen", reason=reason.strip()[:LONGEST_REASON])
    return _decide(session, principal, flag_id, decision, expected_version, now)


def mark_as_case(
    session: Session,
    *,
    principal: Principal,
    flag_ids: Sequence[int],
    case_number: str,
    on: date,
    now: datetime,
) -> None:
    """Bind flags to the case that took them. Again with the same case changes nothing.

    Raises:
        Forbidden: this principal may not open cases.
        NotFound: one is not there, or not in this principal's offices.
        Conflict: one belongs to another case, or to one that has ended and was not reopened.
        Refused: one is gone.
    """
    del on
    decision = _Decision("kasus", "flag.case", case_number=case_number)
    for flag_id in sorted(set(flag_ids)):
        row = _locked(session, principal, "cases.open", flag_id)
        if row.case_number == case_number and row.status == "kasus":
            continue
        if row.case_ended_on is not None:
            raise Conflict(
                "Temuan nomor {flag} milik kasus {number} yang sudah ditutup; kembalikan dahulu "
                "ke antrean tinjauan.",
                flag=flag_id,
                number=row.case_number,
            )
        if row.status == "kasus":
            raise Conflict(
                "Temuan nomor {flag} sudah menjadi bagian kasus {number}.",
                flag=flag_id,
                number=row.case_number,
            )
        _apply(session, principal, row, decision, now)


def hold(session: Session, *, flag_ids: Sequence[int]) -> None:
    """Take flags for the rest of the transaction, before anything is written about them.

    A sweep takes the flags first and the audit log last. Who did it the other way round would
    wait for the sweep while the sweep waits for them.
    """
    session.exec(
        select(Flag.id).where(col(Flag.id).in_(flag_ids)).order_by(col(Flag.id)).with_for_update()
    ).all()


def hold_of_case(session: Session, *, case_number: str) -> None:
    """Take the flags of a case, as `hold` does."""
    session.exec(
        select(Flag.id)
        .where(Flag.case_number == case_number)
        .order_by(col(Flag.id))
        .with_for_update()
    ).all()


def release_from_case(
    session: Session,
    *,
    actor: str,
    case_number: str,
    judged: frozenset[str],
    ending: Ending,
    reason: str,
    on: date,
    now: datetime,
) -> None:
    """Let go the flags of a case that ended on the day `on`, whatever offices they belong to now.

    How the case ended is kept for every flag it took, so that a rule can learn from it.

    Flags of the rules in `judged` are declined for `reason`, while their facts are the same. The
    others wait for the next snapshot: what it still shows is new again. What the last sweep did
    not find any more is gone.
    """
    rows = session.exec(
        select(Flag)
        .where(Flag.case_number == case_number, Flag.status == "kasus")
        .order_by(col(Flag.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    record_outcomes(session, rows=rows, case_number=case_number, ending=ending, on=on, now=now)
    for row in rows:
        answered = row.rule in judged
        row.exception_until = None
        row.decision_reason = reason[:LONGEST_REASON] if answered else ""
        if not row.seen:
            row.status, row.status_before_gone = "hilang", "ditolak" if answered else ""
        elif answered:
            row.status = "ditolak"
        else:
            row.case_ended_on = on
        if row.status != "kasus":
            row.case_number = ""
        _note(
            session,
            row,
            before="kasus",
            action="flag.case_ended",
            reason=reason[:LONGEST_REASON],
            detail={"case": case_number, "to": row.status},
            kept={"case": case_number, "ended_on": on.isoformat()},
            actor=actor,
            now=now,
        )


def _decide(
    session: Session,
    principal: Principal,
    flag_id: int,
    decision: _Decision,
    expected_version: int,
    now: datetime,
) -> FlagView:
    row = _locked(session, principal, "flags.triage", flag_id)
    if row.version != expected_version:
        raise Stale(
            "Temuan nomor {flag} sudah berubah sejak Anda membukanya; muat ulang lalu periksa "
            "kembali.",
            flag=flag_id,
        )
    _apply(session, principal, row, decision, now)
    return queries.flag(session, principal=principal, flag_id=flag_id)


def _apply(
    session: Session, principal: Principal, row: Flag, decision: _Decision, now: datetime
) -> None:
    if not _allowed(row, decision.to_status):
        raise Refused(
            "Temuan berstatus “{status}” tidak dapat diubah menjadi “{to}”.",
            status=row.status,
            to=decision.to_status,
        )
    before = row.status
    row.status = decision.to_status
    row.decision_reason = decision.reason
    row.snooze_until = decision.snooze_until
    row.exception_until = decision.exception_until
    row.case_number = decision.case_number
    row.case_ended_on = None
    _note(
        session,
        row,
        before=before,
        action=decision.action,
        reason=decision.reason or decision.case_number,
        detail={
            "reason": decision.reason,
            "until": decision.until.isoformat() if decision.until else "",
            "case": decision.case_number,
        },
        kept=decision.kept,
        actor=principal.actor,
        now=now,
    )


def _allowed(row: Flag, to: Status) -> bool:
    if row.status == "kasus" and row.case_ended_on is not None:
        return to == "baru"
    return row.status in _DECISIONS[to]


def _note(
    session: Session,
    row: Flag,
    *,
    before: str,
    action: str,
    reason: str,
    detail: Mapping[str, str],
    kept: Mapping[str, str],
    actor: str,
    now: datetime,
) -> None:
    """Write what has been done to a flag into its history and the audit log.

    `kept` is what the history needs to say how long a decision was meant to hold.
    """
    row.changed_at = now
    row.version += 1
    session.add(
        FlagEvent(
            flag_id=row.id or 0,
            recorded_at=now,
            actor=actor,
            action=action.removeprefix("flag."),
            from_status=before,
            to_status=row.status,
            reason=reason,
            detail=dict(kept),
        )
    )
    session.flush()
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"flag:{row.id}",
        office=row.kantor_cabang,
        now=now,
        detail={"rule": row.rule, "from": before, **detail},
    )


def _locked(session: Session, principal: Principal, action: str, flag_id: int) -> Flag:
    row = session.exec(
        select(Flag)
        .where(col(Flag.id) == flag_id, within(principal, action, Flag.kantor_cabang))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("Temuan nomor {flag} tidak ada.", flag=flag_id)
    return row


def _check_until(until: date, *, on: date, field: str) -> None:
    latest = latest_rest(on)
    if until <= on:
        problem = FieldProblem(field, N_("Pilih tanggal sesudah hari ini."))
    elif until > latest:
        problem = FieldProblem(
            field,
            "Pilih tanggal paling lambat {day}; sesudah {months} bulan temuan harus dilihat lagi.",
            {"day": latest, "months": LONGEST_REST_MONTHS},
        )
    else:
        return
    raise Invalid(problem.template, fields=(problem,), **problem.values)


def _reason(text: str) -> str:
    reason = text.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        sentence = "Tulis alasan {least} sampai {most} huruf."
        values = {"least": SHORTEST_REASON, "most": LONGEST_REASON}
        problem = FieldProblem("reason", sentence, values)
        raise Invalid(sentence, fields=(problem,), **values)
    return reason
