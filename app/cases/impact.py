"""What a proposed value of law would change, case by case, before anybody puts it in force.

Looks and stores nothing. A value begins on a day to come, so nothing that has already run out
moves; what moves are letters that are received, bills that arise and choices that are made later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.cases import workdays
from app.cases.clocks import Deadline
from app.cases.edges import CLOCK_OF
from app.cases.positions import Position, deadlines
from app.cases.reading import key_of, positions
from app.cases.stages import ACTION_LABELS, Action, Stage
from app.cases.tables import CaseRecord
from app.cases.two_books import Difference, Owed, Stand, differences
from app.law.book import LawBook, Norms
from app.law.calendar import CalendarTooShort, WorkingCalendar
from app.law.contributions import Contribution, contribution
from app.law.month import Month
from app.law.parameters.programmes import SCALES
from app.lawbook.queries import law_in_force
from app.lawbook.service import PROPOSE
from app.registry.balances import arrears_of_all
from app.registry.queries import latest_snapshot
from app.registry.questions import opened
from app.registry.snapshots import SnapshotReader

_WAGES: Final = (5_000_000, 12_000_000)
_EXAMPLE_CLASS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterChange:
    """One letter whose last day would move. `action` is a sentence key.

    `supposed` when nobody has received it yet: the days are those of a receipt on the first day
    of the new value.
    """

    case: str
    office: str
    action: str
    before: date
    after: date
    supposed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionChange:
    """The contribution of one worker in the first month of the new value."""

    scale: str
    wage: int
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """One thing of one case that would be another on the first day of the new value."""

    case: str
    office: str
    what: str
    before: str
    after: str
    rupiah: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """`looked_at` is the number of open cases; `on` the first day of the new value.

    `debts_compared` is false where nobody can say what is owed on that day: no snapshot, or a
    calendar that does not reach so far.
    """

    on: date
    looked_at: int
    letters: tuple[LetterChange, ...]
    cases: tuple[CaseChange, ...]
    debts_compared: bool
    contributions: tuple[ContributionChange, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "on": self.on.isoformat(),
            "looked_at": self.looked_at,
            "letters": [
                {
                    "case": letter.case,
                    "office": letter.office,
                    "action": letter.action,
                    "before": letter.before.isoformat(),
                    "after": letter.after.isoformat(),
                    "supposed": letter.supposed,
                }
                for letter in self.letters
            ],
            "cases": [
                {
                    "case": change.case,
                    "office": change.office,
                    "what": change.what,
                    "before": change.before,
                    "after": change.after,
                    "rupiah": change.rupiah,
                }
                for change in self.cases
            ],
            "debts_compared": self.debts_compared,
            "contributions": [
                {
                    "scale": change.scale,
                    "wage": change.wage,
                    "before": change.before,
                    "after": change.after,
                }
                for change in self.contributions
            ],
        }


def impact(
    session: Session, *, principal: Principal, proposed: LawBook, on: date, snapshots_dir: Path
) -> Impact:
    """Compare the book of today with `proposed` in every open case of the country.

    It names case, letter, days and by how much a debt would differ, and nothing about people: who
    may propose a value may see how far it reaches, wherever that is. Debts are those of the last
    snapshot on `on`, as if nothing were billed or paid until then.

    Raises:
        Forbidden: this principal may not propose values of law.
    """
    principal.require(PROPOSE)
    known, calendar = law_in_force(session), workdays.calendar(session)
    rows = session.exec(
        select(CaseRecord)
        .where(CaseRecord.stage != Stage.CLOSED)
        .order_by(col(CaseRecord.office_code), col(CaseRecord.number))
    ).all()
    letters: list[LetterChange] = []
    cases: list[CaseChange] = []
    where = positions(session, rows)
    before, after = (
        _debts(session, Norms(law=law, calendar=calendar), on=on, snapshots_dir=snapshots_dir)
        for law in (known, proposed)
    )
    for row in rows:
        stands = where[key_of(row)]
        cases += [
            CaseChange(
                case=row.number,
                office=row.office_code,
                what=one.what,
                before=one.before,
                after=one.after,
                rupiah=one.rupiah,
            )
            for one in _differences(row, stands, proposed, (before, after), on, calendar)
        ]
        for action, supposed, earlier, later in _moved(stands, proposed, on=on, calendar=calendar):
            letters.append(
                LetterChange(
                    case=row.number,
                    office=row.office_code,
                    action=ACTION_LABELS[action],
                    before=earlier,
                    after=later,
                    supposed=supposed,
                )
            )
    return Impact(
        on=on,
        looked_at=len(rows),
        letters=tuple(letters),
        cases=tuple(cases),
        debts_compared=before is not None and after is not None,
        contributions=tuple(_contributions(known, proposed, on=on)),
    )


def _differences(
    row: CaseRecord,
    stands: Position,
    proposed: LawBook,
    debts: tuple[Mapping[str, Owed] | None, Mapping[str, Owed] | None],
    on: date,
    calendar: WorkingCalendar,
) -> Iterator[Difference]:
    before, after = debts
    stand = Stand(
        position=stands,
        scale=str(row.employer.get("skala") or ""),
        address=str(row.employer.get("alamat") or ""),
    )
    # Where one side is not known neither is compared.
    owed: tuple[Owed | None, Owed | None] = (None, None)
    if before is not None and after is not None and row.npp:
        owed = before.get(row.npp), after.get(row.npp)
    return differences(stand, proposed=proposed, owed=owed, on=on, calendar=calendar)


def _debts(
    session: Session, norms: Norms, *, on: date, snapshots_dir: Path
) -> Mapping[str, Owed] | None:
    """Return what each employer owes on `on` by the last snapshot, None where nobody can say."""
    newest = latest_snapshot(session)
    if newest is None:
        return None
    reader = SnapshotReader(snapshots_dir, newest)
    tables = {table: reader.path(table) for table in ("tagihan", "pembayaran")}
    try:
        with opened(reader) as connection:
            found = arrears_of_all(tables, cutoff=on, norms=norms, connection=connection)
    except CalendarTooShort:
        return None
    return {
        str(one["npp"]): Owed(int(one["total"]), one["ageing_class"]) for one in found.to_pylist()
    }


def _moved(
    stands: Position, proposed: LawBook, *, on: date, calendar: WorkingCalendar
) -> Iterator[tuple[Action, bool, date, date]]:
    """Yield the letters whose last day differs, as they stand or as they would if received."""
    unread = tuple(
        replace(step, received_on=on)
        if step.action in CLOCK_OF and step.received_on is None
        else step
        for step in stands.steps
    )
    as_if = replace(stands, steps=unread)
    befores = _clocks(as_if, on=on, calendar=calendar)
    afters = _clocks(replace(as_if, law=proposed), on=on, calendar=calendar)
    steps = {step.seq: step for step in stands.steps}
    for before, after in zip(befores, afters, strict=True):
        if before.due_on and after.due_on and before.due_on != after.due_on:
            step = steps[before.seq]
            yield step.action, step.received_on is None, before.due_on, after.due_on


def _clocks(stands: Position, *, on: date, calendar: WorkingCalendar) -> tuple[Deadline, ...]:
    try:
        return deadlines(stands, on=on, calendar=calendar)
    except CalendarTooShort:
        # A day beyond the announced calendar is not guessed; there is nothing to compare yet.
        return ()


def _contributions(known: LawBook, proposed: LawBook, *, on: date) -> Iterator[ContributionChange]:
    month = Month.of(on)
    if on != month.first_day:
        month += 1
    for scale in SCALES:
        for wage in _WAGES:
            before = _total(known, month=month, scale=scale, wage=wage)
            after = _total(proposed, month=month, scale=scale, wage=wage)
            if before.total != after.total:
                yield ContributionChange(
                    scale=scale, wage=wage, before=before.total, after=after.total
                )


def _total(law: LawBook, *, month: Month, scale: str, wage: int) -> Contribution:
    return contribution(
        month=month,
        wage=wage,
        jkk_class=_EXAMPLE_CLASS,
        scale=scale,
        programmes=None,
        labour_intensive=False,
        law=law,
    )
