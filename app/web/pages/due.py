"""PURE: how near a deadline is, in words first and colour second."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.infra.wording import N_

SOON: Final = 3


@dataclass(frozen=True, slots=True)
class Due:
    """`words` is a sentence template for `values`; `tone` names a colour of the design system."""

    on: date
    words: str
    values: dict[str, int]
    tone: str
    urgency: str


def due(*, on: date, today: date, working_days: int | None) -> Due:
    """Return how `on` (the last day, inclusive) looks from `today`.

    `working_days` is how many lie between them, None when no calendar reaches that far; then
    calendar days are said instead.
    """
    if on == today:
        return Due(on, N_("Jatuh tempo hari ini"), {}, "orange", "today")
    days = abs((on - today).days)
    if on < today:
        if working_days is None:
            return Due(on, N_("Lewat {days} hari"), {"days": days}, "red", "late")
        return Due(on, N_("Lewat {days} hari kerja"), {"days": working_days}, "red", "late")
    left = days if working_days is None else working_days
    urgency, tone = ("soon", "yellow") if left <= SOON else ("later", "")
    if working_days is None:
        return Due(on, N_("{days} hari lagi"), {"days": days}, tone, urgency)
    return Due(on, N_("{days} hari kerja lagi"), {"days": working_days}, tone, urgency)
