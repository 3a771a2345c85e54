"""Rules, what people changed of them, and how it went, as pages and the API see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.detection.rules.rule import Rule
from app.detection.settings import RuleSettings, RuleState, Setting, Value
from app.detection.trial_calendar import TriedDay
from app.detection.versions import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """One change of a rule: what it sets, who proposed and decided, on which report."""

    id: int
    settings: RuleSettings
    valid_from: date
    why: str
    trial_id: int
    state: str
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    called_off_by: str
    called_off_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingLine:
    """A number of a rule as it is in force. `shipped` is what it was before anybody changed it."""

    setting: Setting
    value: Value | None
    shipped: Value | None
    edition: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How cases ended that took flags of a rule. Precision counts only those with a verdict."""

    proven: int
    disproven: int
    not_judged: int

    @property
    def judged(self) -> int:
        return self.proven + self.disproven

    @property
    def per_mille(self) -> int | None:
        """Proven per thousand judged, half up; None where nothing was judged."""
        return (2000 * self.proven + self.judged) // (2 * self.judged) if self.judged else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """The tallies of one rule within the reader's offices."""

    total: Tally
    by_version: tuple[tuple[tuple[int, int], Tally], ...]
    by_region: tuple[tuple[str, Tally], ...]
    by_sector: tuple[tuple[str, Tally], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """One rule as it is in force on a day; `flags` counts the reader's flags by status.

    `rule` is the version in force; where `is_missing`, that which ships, because this release does
    not have the one in force, and no sweep runs.
    """

    rule: Rule
    settings: RuleSettings
    valid_from: date | None
    condition: str
    lines: tuple[SettingLine, ...]
    waiting: EditionView | None
    flags: Mapping[str, int]
    tally: Tally

    @property
    def is_missing(self) -> bool:
        return self.rule.version != self.settings.version


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version that this release has. `lines` are as it ships, for the one in force as it is.

    `valid_from` is the first day of the edition in force that names it; None for any other.
    """

    rule: Rule
    standing: Standing
    valid_from: date | None
    condition: str
    lines: tuple[SettingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDetail:
    """One rule with its versions, the newest first, its history and how its flags ended."""

    view: RuleView
    versions: tuple[VersionView, ...]
    editions: tuple[EditionView, ...]
    outcomes: Outcomes
    trials: tuple["TrialLine", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLine:
    """One trial in a list. `status`: queued, running, done, failed.

    `draft_version` is the version of the rule's code that the draft ran. `other_calendar`: the
    draft ran on a calendar that is not the one in force.
    """

    id: int
    rule: str
    snapshot_id: str
    on: date
    draft_on: date
    draft_version: int
    other_calendar: bool
    status: str
    requested_at: datetime
    requested_by: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """One trial. `report` is empty until it is done; `again_of` names the one it repeats."""

    line: TrialLine
    live: RuleSettings
    draft: RuleSettings
    calendar: tuple[TriedDay, ...]
    definition: Mapping[str, Any]
    norms: Mapping[str, Any]
    step: str
    progress: int
    failure: Mapping[str, Any]
    report: Mapping[str, Any]
    started_at: datetime | None
    finished_at: datetime | None
    again_of: TrialLine | None
    edition: EditionView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialWanted:
    """What a person wants to try: the rule with every value that differs from what ships.

    `version` None: the one in force. `calendar` holds the days that differ for the draft from the
    calendar in force.
    """

    rule: str
    snapshot_id: str
    on: date
    draft_on: date
    state: RuleState
    values: Mapping[str, Value]
    calendar: tuple[TriedDay, ...]
    version: int | None = None
