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
    if working_days is None or on == today:
        return due_in_days(on=on, today=today)
    if on < today:
        return Due(on, N_("Lewat {days} hari kerja"), {"days": working_days}, "red", "late")
    urgency, tone = _nearness(working_days)
    return Due(on, N_("{days} hari kerja lagi"), {"days": working_days}, tone, urgency)


def due_in_days(*, on: date, today: date) -> Due:
    """Return how `on` looks from `today`, in calendar days."""
    days = (on - today).days
    if days == 0:
        return Due(on, N_("Jatuh tempo hari ini"), {}, "orange", "today")
    if days < 0:
        return Due(on, N_("Lewat {days} hari"), {"days": -days}, "red", "late")
    urgency, tone = _nearness(days)
    return Due(on, N_("{days} hari lagi"), {"days": days}, tone, urgency)


def _nearness(days_left: int) -> tuple[str, str]:
    return ("soon", "yellow") if days_left <= SOON else ("later", "")
