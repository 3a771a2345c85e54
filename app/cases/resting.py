"""Which cases and letters rest on a link of employers or workers, and what to do with each.

A link is taken for granted by flags, flags by cases, cases by letters. When a person says that the
link was wrong, or that there was one nobody saw, what stands on it is named; nothing is undone by
itself, because a letter that has left is not unsent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.cases.reading import key_of
from app.cases.stages import STAGE_LABELS, Action, Stage, Violation, document_label
from app.cases.tables import CaseEvent, CaseFlagRow, CaseRecord
from app.linkage.schemas import PairView

READ: Final = "cases.read"
# Withdraw: nothing else carries the case. Adjust: part of it stands. Note: it is closed.
Proposal = Literal["tarik", "sesuaikan", "catat"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the case; `label` is a sentence key."""

    label: str
    number: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """`rules` rest on the link, of `all_rules` that the case was opened for.

    `unregistered`: the case says that the employer is not registered; else it uses the records of
    the other as evidence against the registered one.
    """

    number: str
    employer: str
    stage: str
    unregistered: bool
    rules: tuple[str, ...]
    all_rules: tuple[str, ...]
    letters: tuple[Letter, ...]
    proposal: Proposal


def resting(
    session: Session,
    *,
    principal: Principal,
    npp: str,
    records: Sequence[tuple[str, str]],
) -> tuple[Resting, ...]:
    """Return the cases that rest on records being of this NPP or of somebody else, by number.

    A case keeps the rows that its flags rested on; by them it is found, whatever the sweeps since
    call the outside employer.

    Raises:
        Forbidden: this principal may not read cases.
    """
    used = [{"sumber": source, "id_sumber": number} for source, number in records]
    return _resting_on(session, principal=principal, npp=npp, used=used)


def resting_on_worker(
    session: Session, *, principal: Principal, pair: PairView
) -> tuple[Resting, ...]:
    """Return the cases that rest on an outside worker being a member, or being none, by number.

    Raises:
        Forbidden: this principal may not read cases.
    """
    # A case keeps its evidence masked, as the pair is shown.
    used = [
        {"sumber": source, "id_sumber": number, written: str(pair.outside["nik"])}
        for source, number in pair.records
        for written in ("nik", "nik_tertulis")
    ]
    npp = str(pair.outside.get("npp", ""))
    return _resting_on(session, principal=principal, npp=npp, used=used)


def _resting_on(
    session: Session, *, principal: Principal, npp: str, used: Sequence[Mapping[str, str]]
) -> tuple[Resting, ...]:
    evidence = sa.type_coerce(col(CaseFlagRow.content), JSONB)["evidence"]
    uses = sa.or_(*(evidence.contains([{"values": dict(values)}]) for values in used))
    rows = session.exec(
        select(CaseRecord)
        .where(
            within(principal, READ, CaseRecord.office_code),
            col(CaseRecord.npp).in_(("", npp)),
            sa.exists().where(col(CaseFlagRow.case_id) == col(CaseRecord.id), uses),
        )
        .order_by(col(CaseRecord.number))
    ).all()
    found = (_resting(session, row, used=used) for row in rows)
    return tuple(one for one in found if one is not None)


def propose(*, closed: bool, resting_rules: int, all_rules: int) -> Proposal:
    """Return what to do with a case whose ground has moved.

    Law: none. Reading: a closed case is history and gets a note; one that nothing else carries is
    withdrawn with its letters; otherwise its figures and its next letters are adjusted.
    """
    if closed:
        return "catat"
    return "tarik" if resting_rules == all_rules else "sesuaikan"


def _resting(
    session: Session, row: CaseRecord, *, used: Sequence[Mapping[str, str]]
) -> Resting | None:
    flags = session.exec(
        select(CaseFlagRow).where(CaseFlagRow.case_id == key_of(row)).order_by(col(CaseFlagRow.id))
    ).all()
    all_rules = tuple(sorted({flag.rule for flag in flags}))
    on_link = tuple(
        sorted({flag.rule for flag in flags if _uses(flag.content.get("evidence", ()), used)})
    )
    if not on_link:
        return None
    return Resting(
        number=row.number,
        employer=row.employer_name,
        stage=STAGE_LABELS[Stage(row.stage)],
        unregistered=not row.npp,
        rules=on_link,
        all_rules=all_rules,
        letters=_letters(session, row),
        proposal=propose(
            closed=row.stage == Stage.CLOSED,
            resting_rules=len(on_link),
            all_rules=len(all_rules),
        ),
    )


def _uses(evidence: Iterable[Any], used: Sequence[Mapping[str, str]]) -> bool:
    return any(values.items() <= row["values"].items() for row in evidence for values in used)


def _letters(session: Session, row: CaseRecord) -> tuple[Letter, ...]:
    about = frozenset(map(Violation, row.violations))
    events = session.exec(
        select(CaseEvent)
        .where(CaseEvent.case_id == key_of(row), CaseEvent.letter_number != "")
        .order_by(col(CaseEvent.seq))
    )
    return tuple(
        Letter(
            document_label(Action(event.step), about) if event.step else event.verb,
            event.letter_number,
            event.took_place_on,
        )
        for event in events
    )
