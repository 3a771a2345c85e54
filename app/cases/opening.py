"""Opens a case from flags of one employer, or by hand; adds flags to one that is open."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.permissions import INSPECTOR, SUPERVISOR
from app.accounts.schemas import Principal
from app.cases.findings import (
    attach,
    employer_from_flags,
    flags_of_one_employer,
    mark,
    violations_of,
)
from app.cases.lifecycle import NextState, Stage
from app.cases.reading import key_of
from app.cases.recording import (
    Entry,
    append,
    lock_key,
    locked_case,
    require_not_future,
    require_open,
    require_version,
    require_warnable,
    today_of,
)
from app.cases.registered import facts_of
from app.cases.schemas import Employer, Opened
from app.cases.stages import Violation
from app.cases.tables import CaseCounter, CaseFlagRow, CaseRecord
from app.errors import Conflict, FieldProblem, Invalid, NotFound

OPEN: Final = "cases.open"
_OFFICERS: Final = (INSPECTOR, SUPERVISOR)


def open_from_flags(
    session: Session,
    *,
    principal: Principal,
    flag_ids: Sequence[int],
    employer: Employer | None,
    note: str,
    snapshots_dir: Path,
    on: date,
    now: datetime,
) -> Opened:
    """Open one case from flags of one employer, on the legal day `on`.

    The facts of the employer come from the snapshot that the flags rest on; `employer` fills what
    it leaves open. The office is the one the flags belong to. A second identical request returns
    the case that the first one opened.

    Raises:
        Invalid: no flag, flags of several employers or offices, or a day to come.
        NotFound: a flag is not there, or not in this principal's offices.
        Conflict: the employer already has an open case; the sentence names it if it may be seen.
    """
    principal.require(OPEN)
    require_not_future(on, today=today_of(principal, now), field="on")
    found = flags_of_one_employer(session, principal=principal, flag_ids=flag_ids)
    facts = facts_of(
        session, principal=principal, found=found, told=employer, snapshots_dir=snapshots_dir
    )
    lock_key(session, facts.key)
    existing = _open_case(session, facts.key)
    if existing is not None:
        if {flag.id for flag in found} <= _flag_ids(session, key_of(existing)):
            return Opened(key_of(existing), existing.number, already=True)
        raise _already_open(existing, principal)
    case = _create(
        session,
        principal=principal,
        office_code=found[0].kantor_cabang,
        employer=facts.employer,
        key=facts.key,
        violations=violations_of(found),
        snapshot_id=found[0].snapshot_id,
        on=on,
        now=now,
    )
    attach(session, case, found, on=on)
    append(
        session,
        case,
        Entry(
            verb="opened",
            on=on,
            note=note,
            detail={
                "flags": [flag.id for flag in found],
                "violations": case.violations,
                "snapshot": case.snapshot_id,
                "told": list(facts.told),
            },
        ),
        principal=principal,
        now=now,
    )
    mark(session, principal=principal, found=found, case=case, on=on, now=now)
    return Opened(key_of(case), case.number, already=False)


def open_by_hand(
    session: Session,
    *,
    principal: Principal,
    office_code: str,
    employer: Employer,
    violations: frozenset[Violation],
    reason: str,
    on: date,
    now: datetime,
) -> Opened:
    """Open a case for an employer met in the field. `reason` says where it was met and how.

    The same employer and violations on the same day return the case opened before.

    Raises:
        Invalid: no name, no violation, no reason, or a day to come.
        NotFound: the office is not there, or not in this principal's reach.
        Conflict: the employer already has an open case.
    """
    principal.require(OPEN)
    require_not_future(on, today=today_of(principal, now), field="on")
    _require_facts(employer, violations, reason)
    if not principal.reaches(office_code):
        raise NotFound("Kantor {code} tidak ada atau di luar jangkauan Anda.", code=office_code)
    accounts.office(session, code=office_code)
    lock_key(session, employer.key)
    existing = _open_case(session, employer.key)
    if existing is not None:
        same = (
            existing.opened_on == on
            and set(existing.violations) == set(violations)
            and existing.employer == asdict(employer)
        )
        if same and principal.reaches(existing.office_code):
            return Opened(key_of(existing), existing.number, already=True)
        raise _already_open(existing, principal)
    case = _create(
        session,
        principal=principal,
        office_code=office_code,
        employer=employer,
        key=employer.key,
        violations=sorted(violations),
        snapshot_id=None,
        on=on,
        now=now,
    )
    append(
        session,
        case,
        Entry(verb="opened", on=on, note=reason, detail={"violations": case.violations}),
        principal=principal,
        now=now,
    )
    return Opened(key_of(case), case.number, already=False)


def add_flags(
    session: Session,
    *,
    principal: Principal,
    case_id: int,
    expected_version: int,
    flag_ids: Sequence[int],
    on: date,
    now: datetime,
) -> Opened:
    """Add further flags of the same employer to its open case; their rules join the violations.

    Raises:
        Invalid: no flag, or a flag of another employer or office.
        NotFound: the case or a flag is not there, or not in this principal's offices.
        Conflict: the case is closed or has changed.
        Refused: the first written warning went out without the breach of a flag.
    """
    case = locked_case(session, principal=principal, action=OPEN, case_id=case_id)
    known = _flag_ids(session, case_id)
    if flag_ids and set(flag_ids) <= known:
        return Opened(case_id, case.number, already=True)
    require_version(case, expected_version)
    require_open(case)
    require_not_future(on, today=today_of(principal, now), field="on")
    found = flags_of_one_employer(session, principal=principal, flag_ids=flag_ids)
    if employer_from_flags(found).key != case.employer_key:
        raise Invalid("Temuan itu milik pemberi kerja lain, bukan {name}.", name=case.employer_name)
    fresh = tuple(flag for flag in found if flag.id not in known)
    require_warnable(session, case, violations_of(fresh))
    attach(session, case, fresh, on=on)
    case.violations = sorted({*case.violations, *violations_of(fresh)})
    append(
        session,
        case,
        Entry(
            verb="flags_added",
            on=on,
            detail={"flags": [flag.id for flag in fresh], "violations": case.violations},
        ),
        principal=principal,
        now=now,
    )
    mark(session, principal=principal, found=fresh, case=case, on=on, now=now)
    return Opened(case_id, case.number, already=False)


def _require_facts(employer: Employer, violations: frozenset[Violation], reason: str) -> None:
    problems = []
    if not employer.nama.strip():
        problems.append(FieldProblem("nama", "Isi nama pemberi kerja."))
    if not violations:
        problems.append(FieldProblem("violations", "Pilih paling sedikit satu jenis pelanggaran."))
    if not reason.strip():
        problems.append(FieldProblem("reason", "Tulis bagaimana pemberi kerja ini ditemukan."))
    if problems:
        raise Invalid("Data kasus belum lengkap.", fields=tuple(problems))


def _open_case(session: Session, key: str) -> CaseRecord | None:
    return session.exec(
        select(CaseRecord).where(CaseRecord.employer_key == key, CaseRecord.stage != Stage.CLOSED)
    ).first()


def _already_open(existing: CaseRecord, principal: Principal) -> Conflict:
    if not principal.reaches(existing.office_code):
        return Conflict("Pemberi kerja ini sudah mempunyai kasus terbuka di kantor lain.")
    return Conflict(
        "Pemberi kerja {name} sudah mempunyai kasus terbuka: {number}.",
        name=existing.employer_name,
        number=existing.number,
    )


def _flag_ids(session: Session, case_id: int) -> set[int]:
    return set(session.exec(select(CaseFlagRow.flag_id).where(CaseFlagRow.case_id == case_id)))


def _create(
    session: Session,
    *,
    principal: Principal,
    office_code: str,
    employer: Employer,
    key: str,
    violations: Sequence[str],
    snapshot_id: str | None,
    on: date,
    now: datetime,
) -> CaseRecord:
    mine = principal.role in _OFFICERS and principal.office_code == office_code
    case = CaseRecord(
        number=_next_number(session, office_code=office_code, year=on.year),
        office_code=office_code,
        stage=Stage.VERIFICATION,
        opened_on=on,
        employer_key=key,
        npp=employer.npp,
        divisi=employer.divisi,
        npwp=employer.npwp,
        employer_name=employer.nama.strip(),
        employer=asdict(employer),
        violations=list(violations),
        officer_id=principal.user_id if mine else None,
        snapshot_id=snapshot_id,
        next_state=NextState.ACT,
        version=0,
        created_at=now,
    )
    session.add(case)
    session.flush()
    return case


def _next_number(session: Session, *, office_code: str, year: int) -> str:
    """Return the next number of the office and year; a rolled back transaction leaves no gap."""
    statement = (
        insert(CaseCounter)
        .values(office_code=office_code, year=year, last=1)
        .on_conflict_do_update(
            index_elements=["office_code", "year"],
            set_={"last": sa.text("case_counter.last + 1")},
        )
        .returning(col(CaseCounter.last))
    )
    last = session.connection().execute(statement).scalar_one()
    return f"PTH-{office_code}-{year}-{last:05d}"
