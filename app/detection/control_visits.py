"""Says who makes a control visit and keeps what was found there. Only ever adds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from app.accounts import queries as accounts
from app.accounts.schemas import Principal
from app.audit import service as audit
from app.detection import control_queries as queries
from app.detection.control_schemas import REGISTERED_RULES, RESULTS, Outcome, Visit
from app.detection.control_tables import ControlEmployer, ControlEvent
from app.detection.deciding import reason_of
from app.errors import Conflict, FieldProblem, Invalid, Refused
from app.infra.wording import N_

ASSIGN: Final = "controls.assign"
RECORD: Final = "controls.record"
LARGEST_ESTIMATE: Final = 10**15
MOST_WORKERS: Final = 10**7
_VERBS: Final[Mapping[str, str]] = {
    "ditugaskan": "assigned",
    "hasil": "visited",
    "kasus": "case_opened",
}


def assign(
    session: Session,
    *,
    principal: Principal,
    number: str,
    places: Sequence[int],
    officer_id: int,
    now: datetime,
) -> tuple[Visit, ...]:
    """Say who makes these visits; the last one said counts.

    Raises:
        Forbidden: this principal may not assign.
        NotFound: a visit is not there, or not in reach.
        Invalid: no visit was chosen, or that person cannot be sent.
        Conflict: one of them was made already.
    """
    principal.require(ASSIGN)
    if not places:
        raise _wrong("kunjungan", N_("Pilih paling sedikit satu kunjungan."))
    people = {one.id for one in accounts.colleagues(session, principal=principal)}
    if officer_id not in people:
        raise _wrong("petugas", N_("Pilih petugas pemeriksa atau penyelia di wilayah Anda."))
    for place in dict.fromkeys(places):
        found = _locked(session, principal, number=number, place=place)
        if found.outcome is not None:
            raise Conflict(
                "Kunjungan nomor {place} ({name}) sudah mempunyai hasil.",
                place=place,
                name=found.name,
            )
        if found.officer_id == officer_id:
            continue
        _append(
            session,
            principal,
            found,
            ControlEvent(
                employer_id=found.id,
                kind="ditugaskan",
                officer_id=officer_id,
                recorded_at=now,
                actor=principal.actor,
                actor_name=principal.name,
            ),
            detail={"officer": officer_id},
        )
    return queries.visits(session, principal=principal, number=number)


def record_outcome(
    session: Session,
    *,
    principal: Principal,
    number: str,
    place: int,
    outcome: Outcome,
    known_outcomes: int,
    on: date,
    now: datetime,
) -> Visit:
    """Keep what a visit found. A later outcome corrects an earlier one, which stays readable.

    `known_outcomes`: how many were there when this person looked.

    Raises:
        Forbidden: this principal may not record.
        NotFound: there is no such visit in reach.
        Invalid: a day, a finding or an estimate that cannot be meant.
        Conflict: someone recorded meanwhile, or a case was opened on it.
    """
    principal.require(RECORD)
    found = _locked(session, principal, number=number, place=place)
    row = queries.draw_row(session, principal=principal, number=number)
    _check_outcome(outcome, drawn_on=row.drawn_on, on=on)
    if found.case_number:
        raise Conflict(
            "Kasus {case} sudah dibuka dari kunjungan ini; hasilnya diteruskan di kasus itu.",
            case=found.case_number,
        )
    if len(found.outcomes) != known_outcomes:
        raise Conflict(
            "Hasil kunjungan ini baru saja dicatat oleh {person}; muat ulang halaman.",
            person=found.outcomes[-1].actor_name,
        )
    _append(
        session,
        principal,
        found,
        ControlEvent(
            employer_id=found.id,
            kind="hasil",
            visited_on=outcome.visited_on,
            result=outcome.result,
            violations=sorted(outcome.violations),
            rupiah=outcome.rupiah,
            workers=outcome.workers,
            note=outcome.note.strip(),
            recorded_at=now,
            actor=principal.actor,
            actor_name=principal.name,
        ),
        detail={
            **{key: value for key, value in asdict(outcome).items() if key != "note"},
            "visited_on": outcome.visited_on.isoformat(),
            "violations": sorted(outcome.violations),
        },
    )
    return queries.visit(session, principal=principal, number=number, place=place)


def violated(session: Session, *, principal: Principal, number: str, place: int) -> Visit:
    """Return a visit on which a case may rest, locked until the transaction ends.

    Raises:
        Forbidden, NotFound: as `record_outcome`.
        Refused: no violation was found there.
    """
    principal.require(RECORD)
    found = _locked(session, principal, number=number, place=place)
    if found.outcome is None or found.outcome.result != "melanggar":
        raise Refused(
            "Kunjungan {number} nomor {place} belum mencatat pelanggaran; catat hasilnya dahulu.",
            number=number,
            place=place,
        )
    return found


def note_case(
    session: Session, *, principal: Principal, visit: Visit, case_number: str, now: datetime
) -> None:
    """Keep which case was opened on a visit."""
    _append(
        session,
        principal,
        visit,
        ControlEvent(
            employer_id=visit.id,
            kind="kasus",
            case_number=case_number,
            recorded_at=now,
            actor=principal.actor,
            actor_name=principal.name,
        ),
        detail={"case": case_number},
    )


def _check_outcome(outcome: Outcome, *, drawn_on: date, on: date) -> None:
    if not drawn_on <= outcome.visited_on <= on:
        raise _wrong(
            "visited_on",
            N_("Hari kunjungan {day} harus antara hari undian ({first}) dan hari ini."),
            day=outcome.visited_on,
            first=drawn_on,
        )
    if outcome.result not in RESULTS:
        raise _wrong("result", N_("Pilih apa yang ditemukan."))
    violating = outcome.result == "melanggar"
    if violating is not bool(outcome.violations) or not outcome.violations <= {*REGISTERED_RULES}:
        raise _wrong(
            "violations",
            N_("Pilih jenis pelanggarannya bila ditemukan pelanggaran, dan hanya bila ditemukan."),
        )
    if not violating and (outcome.rupiah or outcome.workers):
        raise _wrong(
            "rupiah", N_("Taksiran hanya untuk pelanggaran; kosongkan bila tidak ditemukan.")
        )
    if not 0 <= outcome.rupiah < LARGEST_ESTIMATE:
        raise _wrong("rupiah", N_("Taksiran {value} di luar jangkauan."), value=outcome.rupiah)
    if not 0 <= outcome.workers <= MOST_WORKERS:
        raise _wrong("workers", N_("Jumlah pekerja {value} di luar jangkauan."),
                     value=outcome.workers)  # fmt: skip
    reason_of(outcome.note, field="note")


def _locked(session: Session, principal: Principal, *, number: str, place: int) -> Visit:
    """Return the visit; nobody else changes it until the transaction ends."""
    found = queries.visit(session, principal=principal, number=number, place=place)
    session.connection().execute(
        sa.select(col(ControlEmployer.id))
        .where(col(ControlEmployer.id) == found.id)
        .with_for_update()
    )
    # What was recorded while this transaction waited counts.
    return queries.visit(session, principal=principal, number=number, place=place)


def _append(
    session: Session,
    principal: Principal,
    visit: Visit,
    event: ControlEvent,
    *,
    detail: Mapping[str, object],
) -> None:
    session.add(event)
    session.flush()
    audit.record(
        session,
        actor=principal.actor,
        action=f"controls.{_VERBS[event.kind]}",
        subject=f"control_draw:{visit.draw_number}",
        office=visit.office_code,
        now=event.recorded_at,
        detail={"place": visit.place, "npp": visit.npp, **detail},
    )


def _wrong(field: str, template: str, **values: object) -> Invalid:
    return Invalid(template, fields=(FieldProblem(field, template, values),), **values)
