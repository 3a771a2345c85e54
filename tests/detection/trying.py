"""A registry in a snapshot, people who may decide, and trials from wish to report."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict, Unpack

from sqlmodel import Session

from app.accounts.schemas import Principal
from app.detection import editions, trials
from app.detection.rule_schemas import EditionView, TrialView, TrialWanted
from app.detection.settings import RuleState, Value
from app.detection.trial_calendar import TriedDay
from app.detection.trial_report import TrialReport, report_from
from app.infra.calendars import packaged_calendar
from app.infra.database import Database
from app.law.calendar import WorkingCalendar
from app.registry.tables import Snapshot
from tests.detection.scene import MEMORY, NOW, Scene
from tests.detection.snapshots import ON

# The bill of September falls due on the 15th of October, a Thursday; that of July on a Saturday,
# the 15th of August, and so on the first working day after the 17th, Independence Day.
LEAVE = TriedDay(date(2026, 10, 15), "Cuti bersama tambahan", off=True)
NO_HOLIDAY = TriedDay(date(2026, 8, 17), "", off=False)
TWO = ("2026-01", "2026-02")
THREE = (*TWO, "2026-03")
LATER = date(2026, 12, 1)


class Wish(TypedDict, total=False):
    rule: str
    on: date
    draft_on: date
    state: RuleState
    calendar: tuple[TriedDay, ...]
    version: int | None


@dataclass
class Trying:
    """A registry in a snapshot, two who may decide, and a trial's way from wish to report."""

    database: Database
    session: Session
    scene: Scene
    people: dict[str, Principal]
    snapshot_id: str = ""
    calendar: WorkingCalendar = field(default_factory=packaged_calendar)

    def keep(self) -> None:
        view = self.scene.snapshot()
        self.session.add(
            Snapshot(
                id=view.id,
                as_of=ON,
                created_at=NOW,
                turn=1,
                tables={
                    name: {"rows": 1, "rejected": 0, "sha256": one.sha256, "carried_over": False}
                    for name, one in view.tables.items()
                },
            )
        )
        self.session.commit()
        self.snapshot_id = view.id

    def wanted(
        self,
        values: dict[str, Value],
        *,
        rule: str = "PIUTANG",
        on: date = ON,
        draft_on: date = ON,
        state: RuleState = "hidup",
        calendar: tuple[TriedDay, ...] = (),
        version: int | None = None,
    ) -> TrialWanted:
        return TrialWanted(
            rule=rule,
            snapshot_id=self.snapshot_id,
            on=on,
            draft_on=draft_on,
            state=state,
            values=values,
            calendar=calendar,
            version=version,
        )

    def request(self, wanted: TrialWanted) -> TrialView:
        view = trials.request_trial(
            self.session,
            principal=self.people["satu"],
            wanted=wanted,
            calendar=self.calendar,
            today=ON,
            now=NOW,
        )
        self.session.commit()
        return view

    def run(self, trial_id: int) -> TrialView:
        trials.run_trial(
            self.database,
            trial_id=trial_id,
            bench=trials.Bench(
                snapshots_dir=self.scene.folder,
                scratch=self.scene.folder / "scratch",
                memory=MEMORY,
                calendar_of=lambda _: self.calendar,
                clock=lambda: NOW,
            ),
        )
        return trials.trial(self.session, principal=self.people["pengawas"], trial_id=trial_id)

    def tried(self, values: dict[str, Value], **wanted: Unpack[Wish]) -> TrialView:
        return self.run(self.request(self.wanted(values, **wanted)).line.id)

    def report(self, values: dict[str, Value], **wanted: Unpack[Wish]) -> TrialReport:
        return report_from(self.tried(values, **wanted).report)

    def propose(self, trial_id: int, *, by: str = "satu", valid_from: date = ON) -> EditionView:
        return editions.propose(
            self.session,
            principal=self.people[by],
            trial_id=trial_id,
            valid_from=valid_from,
            why="Dua bulan sudah cukup.",
            today=ON,
            now=NOW,
        )

    def approve(self, edition_id: int, *, by: str = "dua", today: date = ON) -> EditionView:
        return editions.approve(
            self.session, principal=self.people[by], edition_id=edition_id, today=today, now=NOW
        )


def moved(report: TrialReport) -> tuple[int, int, int]:
    return tuple(report.totals[kind].flags for kind in ("new", "gone", "still"))  # type: ignore[return-value]
