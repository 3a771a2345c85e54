"""Proposes values of law, and decides on them: only a second person puts one in force."""

from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session, select

from app.accounts.schemas import Principal
from app.audit import service as audit
from app.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound
from app.infra.queue import alone
from app.infra.wording import N_
from app.law.book import LawBook, parameter_named
from app.law.citation import Citation, Grade
from app.law.dated import Version
from app.lawbook import values
from app.lawbook.queries import IN_FORCE, WAITING, law_in_force, proposal_of, version_of
from app.lawbook.schemas import Proposal, Wanted
from app.lawbook.tables import ParameterVersionRow

PROPOSE: Final = "lawbook.propose"
APPROVE: Final = "lawbook.approve"
REFUSED: Final = "ditolak"
WITHDRAWN: Final = "dicabut"
GRADES: Final = ("A", "B")


def draft(session: Session, *, principal: Principal, wanted: Wanted, today: date) -> LawBook:
    """Return the book of today with the wanted value in it, and store nothing.

    Raises:
        Forbidden: this principal may not propose.
        Invalid: a field is missing, or the value does not begin after today and after the last.
    """
    principal.require(PROPOSE)
    _check(wanted, today=today)
    return law_in_force(session).with_version(wanted.key, _version(wanted))


def propose(
    session: Session,
    *,
    principal: Principal,
    wanted: Wanted,
    impact: dict[str, Any],
    today: date,
    now: datetime,
) -> Proposal:
    """Store the wanted value for a second person to decide on; nothing is in force yet.

    Raises:
        Forbidden: this principal may not propose, or no named person stands behind it.
        Invalid: as `draft`.
        Conflict: a value of that day already waits.
    """
    draft(session, principal=principal, wanted=wanted, today=today)
    alone(session, f"parameter:{wanted.key}")
    for row in _waiting(session, wanted.key):
        if row.valid_from == wanted.valid_from:
            raise Conflict(
                "Nilai {title} yang berlaku sejak {day} sudah diusulkan oleh {person} dan menunggu "
                "keputusan.",
                title=parameter_named(wanted.key).title,
                day=wanted.valid_from.isoformat(),
                person=row.proposed_by_name,
            )
    row = ParameterVersionRow(
        key=wanted.key,
        valid_from=wanted.valid_from,
        value=values.to_json(wanted.value),
        instrument=wanted.instrument,
        article=wanted.article,
        grade=wanted.grade,
        source=wanted.source,
        note=wanted.note,
        proposed_at=now,
        proposed_by_id=_person(principal),
        proposed_by_name=principal.name,
        impact=impact,
    )
    session.add(row)
    session.flush()
    _record(session, row, principal=principal, verb="propose", now=now)
    return proposal_of(row)


def approve(
    session: Session, *, principal: Principal, proposal_id: int, today: date, now: datetime
) -> Proposal:
    """Put the value in force from its first day.

    Raises:
        Forbidden: not allowed, or the same person who proposed it.
        NotFound: there is no such proposal.
        Conflict: it was decided meanwhile.
        Invalid: its first day has come, or another value of a later day is in force by now.
    """
    row = _undecided(session, principal=principal, proposal_id=proposal_id, action=APPROVE)
    if row.proposed_by_id == _person(principal):
        raise Forbidden(
            "Nilai ini Anda usulkan sendiri; persetujuan harus diberikan oleh orang lain."
        )
    _check_future(row.valid_from, today=today)
    law_in_force(session).with_version(row.key, version_of(row))
    _decide(row, principal=principal, state=IN_FORCE, reason="", now=now)
    session.flush()
    _record(session, row, principal=principal, verb="approve", now=now)
    return proposal_of(row)


def refuse(
    session: Session, *, principal: Principal, proposal_id: int, reason: str, now: datetime
) -> Proposal:
    """Refuse the value, or withdraw it where the proposer does so; `reason` is kept.

    Raises:
        Forbidden: not allowed.
        NotFound, Conflict: as `approve`.
        Invalid: no reason.
    """
    own = _row(session, proposal_id).proposed_by_id == principal.user_id
    action = PROPOSE if own else APPROVE
    row = _undecided(session, principal=principal, proposal_id=proposal_id, action=action)
    if not reason.strip():
        problem = FieldProblem("reason", N_("Tulis alasannya."), {})
        raise Invalid(problem.template, fields=(problem,))
    _decide(
        row,
        principal=principal,
        state=WITHDRAWN if own else REFUSED,
        reason=reason.strip(),
        now=now,
        own=own,
    )
    session.flush()
    _record(session, row, principal=principal, verb="withdraw" if own else "refuse", now=now)
    return proposal_of(row)


def _decide(
    row: ParameterVersionRow,
    *,
    principal: Principal,
    state: str,
    reason: str,
    now: datetime,
    own: bool = False,
) -> None:
    row.state, row.reason, row.decided_at = state, reason, now
    row.decided_by_name = principal.name
    # The second person is the one who decides; a withdrawal has none.
    row.decided_by_id = None if own else _person(principal)


def _undecided(
    session: Session, *, principal: Principal, proposal_id: int, action: str
) -> ParameterVersionRow:
    principal.require(action)
    row = session.get(ParameterVersionRow, proposal_id, with_for_update=True)
    if row is None:
        raise NotFound("Usulan nilai {number} tidak ada.", number=proposal_id)
    if row.state != WAITING:
        raise Conflict(
            "Usulan ini sudah diputuskan ({state}) oleh {person}; muat ulang halaman.",
            state=row.state,
            person=row.decided_by_name,
        )
    return row


def _row(session: Session, proposal_id: int) -> ParameterVersionRow:
    row = session.get(ParameterVersionRow, proposal_id)
    if row is None:
        raise NotFound("Usulan nilai {number} tidak ada.", number=proposal_id)
    return row


def _waiting(session: Session, key: str) -> list[ParameterVersionRow]:
    query = select(ParameterVersionRow).where(
        ParameterVersionRow.key == key, ParameterVersionRow.state == WAITING
    )
    return list(session.exec(query))


def _person(principal: Principal) -> int:
    if principal.user_id is None:
        raise Forbidden("Hanya orang bernama yang dapat mengusulkan atau menyetujui nilai hukum.")
    return principal.user_id


def _check(wanted: Wanted, *, today: date) -> None:
    if values.is_of_a_rule(wanted.key):
        raise Invalid(
            "Nilai {title} milik suatu aturan temuan; ubah lewat halaman aturannya, sesudah uji "
            "coba pada data lampau.",
            title=parameter_named(wanted.key).title,
        )
    problems = [
        FieldProblem(field, template, {})
        for field, template, text in (
            (
                "instrument",
                N_("Isi nama peraturan atau surat yang menetapkannya."),
                wanted.instrument,
            ),
            ("source", N_("Isi di mana teks itu Anda baca."), wanted.source),
        )
        if not text.strip()
    ]
    if wanted.grade not in GRADES:
        problems.append(
            FieldProblem(
                "grade", N_("Pilih mutu sumber: A (teks norma) atau B (sumber sekunder)."), {}
            )
        )
    if problems:
        raise Invalid(problems[0].template, fields=tuple(problems))
    _check_future(wanted.valid_from, today=today)


def _check_future(valid_from: date, *, today: date) -> None:
    if valid_from <= today:
        template = N_(
            "Tanggal mulai berlaku {day} sudah lewat atau hari ini; nilai baru hanya dapat berlaku "
            "sejak hari yang akan datang."
        )
        values_ = {"day": valid_from.isoformat()}
        raise Invalid(template, fields=(FieldProblem("valid_from", template, values_),), **values_)


def _version(wanted: Wanted) -> Version[object]:
    known = parameter_named(wanted.key)
    grade: Grade = "A" if wanted.grade == "A" else "B"
    return Version(
        valid_from=wanted.valid_from,
        valid_to=None,
        value=wanted.value,
        unit=known.versions[-1].unit,
        grade=grade,
        citation=Citation(
            instrument=wanted.instrument,
            article=wanted.article or None,
            grade=grade,
            source=wanted.source,
            note=wanted.note,
        ),
    )


def _record(
    session: Session,
    row: ParameterVersionRow,
    *,
    principal: Principal,
    verb: str,
    now: datetime,
) -> None:
    audit.record(
        session,
        actor=principal.actor,
        action=f"lawbook.{verb}",
        subject=f"parameter:{row.key}",
        office=principal.office_code,
        now=now,
        detail={
            "proposal": row.id,
            "valid_from": row.valid_from.isoformat(),
            "value": row.value,
            "instrument": row.instrument,
            "article": row.article,
            "grade": row.grade,
            "reason": row.reason,
        },
    )
