"""Lists of cases and of what waits for one person, longest waiting first."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.permissions import INSPECTOR
from app.accounts.schemas import Principal, UserView
from app.accounts.scope import within
from app.cases.edges import APPROVE
from app.cases.lifecycle import Action, NextState, Stage
from app.cases.reading import key_of
from app.cases.schemas import CaseFilter, CaseRow, CaseThen, Person, Task, TaskKind
from app.cases.stages import ACTION_LABELS, DOCUMENT_LABELS, STAGE_LABELS, Violation, document_label
from app.cases.tables import CaseApproval, CaseEvent, CaseRecord
from app.errors import FieldProblem
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor, unknown_cursor
from app.registry.queries import end_of

READ: Final = "cases.read"
# Cases that need nobody sort after all others.
_NEVER: Final = date(9999, 12, 31)
_MOST_TASKS: Final = 200


def cases(session: Session, *, principal: Principal, filter: CaseFilter) -> Page[CaseRow]:  # noqa: A002 - the contract between rooms names it so
    """Return one page of cases, those that have needed somebody longest first.

    Raises:
        Forbidden: the principal may not read cases.
        Invalid: the cursor is not one of ours.
    """
    order = sa.func.coalesce(col(CaseRecord.act_on), _NEVER)
    statement = select(CaseRecord, approval_waits().label("waits")).where(
        within(principal, READ, CaseRecord.office_code), *_conditions(principal, filter)
    )
    if filter.cursor is not None:
        text, last = decode_cursor(filter.cursor, str, int)
        try:
            day = date.fromisoformat(str(text))
        except ValueError as error:
            raise unknown_cursor(filter.cursor) from error
        statement = statement.where(
            sa.tuple_(order, col(CaseRecord.id))
            > sa.tuple_(sa.literal(day, sa.Date), sa.literal(last, sa.BigInteger))
        )
    limit = max(1, min(filter.limit, LARGEST_PAGE))
    found = session.exec(statement.order_by(order, col(CaseRecord.id)).limit(limit + 1)).all()
    shown = found[:limit]
    officers = _officers(session, (row for row, _ in shown))
    cursor = None
    if len(found) > limit:
        last_row = shown[-1][0]
        cursor = encode_cursor((last_row.act_on or _NEVER).isoformat(), key_of(last_row))
    return Page(
        items=tuple(_row(row, officers, on=filter.on, waits=waits) for row, waits in shown),
        next=cursor,
    )


def cases_known_on(
    session: Session, *, principal: Principal, npp: str, day: date
) -> tuple[CaseThen, ...]:
    """Return the cases of an NPP that were on record at the end of `day` in the reader's zone.

    Each with the stage that its last entry by then left it in, the newest case first. A step that
    took place by then and was recorded later was not known.

    Raises:
        Forbidden: the principal may not read cases.
    """
    last = (
        sa.select(col(CaseEvent.stage_after))
        .where(
            col(CaseEvent.case_id) == col(CaseRecord.id),
            col(CaseEvent.recorded_at) < end_of(day, zone=principal.zone),
        )
        .order_by(col(CaseEvent.seq).desc())
        .limit(1)
        .lateral("last")
    )
    rows = session.execute(
        sa.select(col(CaseRecord.number), last.c.stage_after)
        .join(last, sa.true())
        .where(col(CaseRecord.npp) == npp, within(principal, READ, CaseRecord.office_code))
        .order_by(col(CaseRecord.id).desc())
    )
    return tuple(
        CaseThen(number, Stage(stage), STAGE_LABELS[Stage(stage)]) for number, stage in rows
    )


def open_cases_of(
    session: Session, *, principal: Principal, npps: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return the numbers of open cases within reach by NPP.

    Raises:
        Forbidden: the principal may not read cases.
    """
    rows = session.exec(
        select(CaseRecord.npp, CaseRecord.number)
        .where(
            within(principal, READ, CaseRecord.office_code),
            col(CaseRecord.stage) != Stage.CLOSED,
            col(CaseRecord.npp).in_(list(npps)),
        )
        .order_by(CaseRecord.number)
    )
    found: dict[str, tuple[str, ...]] = {}
    for npp, number in rows:
        found[npp] = (*found.get(npp, ()), number)
    return found


def tasks(session: Session, *, principal: Principal, on: date) -> tuple[Task, ...]:
    """Return what waits for this person as of `on`, longest first; at most 200.

    An inspector sees the cases that are theirs or nobody's; others see those of their offices.

    Raises:
        Forbidden: the principal may not read cases.
    """
    condition = within(principal, READ, CaseRecord.office_code)
    found = [*_approval_tasks(session, condition, principal)]
    statement = select(CaseRecord).where(condition, col(CaseRecord.act_on) <= on)
    if principal.role == INSPECTOR:
        statement = statement.where(
            sa.or_(
                col(CaseRecord.officer_id) == principal.user_id,
                col(CaseRecord.officer_id).is_(None),
            )
        )
    rows = session.exec(
        statement.order_by(col(CaseRecord.act_on), col(CaseRecord.id)).limit(_MOST_TASKS)
    )
    found += [_task(row) for row in rows]
    return tuple(sorted(found, key=lambda task: (task.since, task.case_id))[:_MOST_TASKS])


def approval_waits() -> sa.ColumnElement[bool]:
    """Return the condition that a proposal on the case as it stands waits for a decision."""
    return (
        sa.exists()
        .where(
            col(CaseApproval.case_id) == col(CaseRecord.id),
            col(CaseApproval.status) == "menunggu",
            col(CaseApproval.case_version) == col(CaseRecord.version),
        )
        .correlate(CaseRecord)
    )


def _conditions(principal: Principal, wanted: CaseFilter) -> Iterator[Any]:
    if wanted.reach == "mine":
        yield col(CaseRecord.officer_id) == principal.user_id
    if wanted.office_code:
        yield CaseRecord.office_code == wanted.office_code
    if wanted.stages:
        yield col(CaseRecord.stage).in_(sorted(wanted.stages))
    elif wanted.only_open:
        yield CaseRecord.stage != Stage.CLOSED
    if wanted.violation:
        yield col(CaseRecord.violations).contains([wanted.violation])
    if wanted.only_needing_action:
        yield col(CaseRecord.act_on) <= wanted.on
    if text := wanted.text.strip():
        columns = (
            col(CaseRecord.number),
            col(CaseRecord.employer_name),
            col(CaseRecord.npp),
            col(CaseRecord.npwp),
        )
        yield sa.or_(*(column.icontains(text, autoescape=True) for column in columns))


def _officers(session: Session, rows: Iterable[CaseRecord]) -> dict[int, UserView]:
    ids = {row.officer_id for row in rows if row.officer_id is not None}
    return accounts.user_names(session, ids=sorted(ids)) if ids else {}


def _row(row: CaseRecord, officers: dict[int, UserView], *, on: date, waits: bool) -> CaseRow:
    officer = officers.get(row.officer_id) if row.officer_id is not None else None
    needs = row.act_on is not None and row.act_on <= on
    state = _state(row, on=on)
    action = Action(row.next_action) if row.next_action is not None else None
    return CaseRow(
        id=key_of(row),
        number=row.number,
        office_code=row.office_code,
        stage=Stage(row.stage),
        stage_label=STAGE_LABELS[Stage(row.stage)],
        employer_name=row.employer_name,
        npp=row.npp,
        violations=tuple(Violation(code) for code in row.violations),
        officer=Person(officer.id, officer.name, officer.title) if officer else None,
        opened_on=row.opened_on,
        next_state=state,
        next_action=action,
        next_label=ACTION_LABELS[action] if action is not None else "",
        next_due_on=row.next_due_on,
        act_on=row.act_on,
        needs_action=needs,
        overdue_days=(on - row.act_on).days if row.act_on is not None and needs else 0,
        waiting_approval=waits,
        version=row.version,
    )


def _state(row: CaseRecord, *, on: date) -> NextState:
    state = NextState(row.next_state)
    # What was waiting when it was stored may be possible by now: time alone heals it.
    if state is NextState.WAIT and row.act_on is not None and row.act_on <= on:
        return NextState.ACT
    return state


def _task(row: CaseRecord) -> Task:
    action = Action(row.next_action) if row.next_action is not None else None
    since = row.act_on or row.opened_on
    kind: TaskKind
    if row.officer_id is None:
        kind, sentence = "unassigned", FieldProblem("", "Tunjuk petugas untuk kasus ini.")
    elif row.next_state == NextState.PROVE and action is not None:
        kind = "receipt"
        document = document_label(action, frozenset(map(Violation, row.violations)))
        sentence = FieldProblem("", "Catat bukti terima {document}.", {"document": document})
    elif action is None or row.next_state == NextState.STUCK:
        kind = "stuck"
        sentence = FieldProblem("", "Kasus ini tidak mempunyai langkah lanjutan; periksa datanya.")
    else:
        kind = "step"
        sentence = FieldProblem("", "Langkah berikutnya: {step}.", {"step": ACTION_LABELS[action]})
    return Task(
        kind=kind,
        case_id=key_of(row),
        case_number=row.number,
        employer_name=row.employer_name,
        action=action,
        approval_id=None,
        sentence=sentence,
        since=since,
    )


def _approval_tasks(
    session: Session, condition: sa.ColumnElement[bool], principal: Principal
) -> Iterator[Task]:
    if not principal.may(APPROVE) or principal.user_id is None:
        return
    rows = session.exec(
        select(CaseApproval, CaseRecord)
        .join(CaseRecord, col(CaseRecord.id) == col(CaseApproval.case_id))
        .where(
            condition,
            CaseApproval.status == "menunggu",
            col(CaseApproval.case_version) == col(CaseRecord.version),
            col(CaseApproval.proposed_by_id) != principal.user_id,
        )
        .order_by(col(CaseApproval.id))
        .limit(_MOST_TASKS)
    )
    for approval, row in rows:
        yield Task(
            kind="approval",
            case_id=key_of(row),
            case_number=row.number,
            employer_name=row.employer_name,
            action=Action(approval.action),
            approval_id=key_of(approval),
            sentence=FieldProblem(
                "",
                "Periksa dan putuskan usulan: {document}.",
                {"document": DOCUMENT_LABELS[Action(approval.action)]},
            ),
            since=approval.proposed_at.date(),
        )
