"""PURE: another calendar for a trial: days made a day off, or a working day, beside those in force.

It lives in the trial's definition only; nothing here changes the calendar.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Self

from app.errors import FieldProblem, Invalid
from app.infra.wording import N_
from app.law.calendar import CollectiveLeave, Holiday, WorkingCalendar
from app.law.month import Month

# In the definition of a trial, in the document of the API and in the form.
CALENDAR: Final = "calendar"
MOST_DAYS: Final = 40
LONGEST_NAME: Final = 100

_DASHES: Final = "-−–"
_LINE: Final = re.compile(rf"([{_DASHES}+]?)\s*([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:[\s,;:]+(.*))?")
_SHOWN: Final = 60
_OUTSIDE: Final = N_(
    "{day} berada di luar kalender yang berlaku, yang diketahui dari {known_from} "
    "sampai {known_until}; pilih hari di antaranya."
)
_SHORT_HASH: Final = 8


@dataclass(frozen=True, slots=True, order=True)
class TriedDay:
    """A day of the calendar to try: `off` makes it a day off, else it becomes a working day.

    Reading: a day tried as off is off as a public holiday is, whatever the law says of collective
    leave. A day tried as a working day loses every name under which it was off.
    """

    day: date
    name: str
    off: bool

    @property
    def line(self) -> str:
        """The day as `read_lines` reads it."""
        return f"{'' if self.off else '-'}{self.day.isoformat()} {self.name}".rstrip()

    def as_json(self) -> dict[str, object]:
        return {"day": self.day.isoformat(), "name": self.name, "off": self.off}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Return what `as_json` gave."""
        return cls(date.fromisoformat(document["day"]), document["name"], document["off"])


def tried_days(definition: Mapping[str, Any]) -> tuple[TriedDay, ...]:
    """Return the days of a trial's definition; none in one made before calendars were tried."""
    return tuple(TriedDay.of(one) for one in definition.get(CALENDAR, ()))


def read_lines(text: str) -> tuple[TriedDay, ...]:
    """Read one day a line: `2026-06-02 Cuti bersama`; a leading `-` makes it a working day.

    Raises:
        Invalid: names each line that is none, as it was written.
    """
    days, problems = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not (written := line.strip()):
            continue
        found = _LINE.fullmatch(written)
        day = _day(found[2]) if found else None
        if found is None or day is None:
            problems.append(
                FieldProblem(
                    CALENDAR,
                    N_(
                        "Baris {number}, “{line}”, tidak dapat dibaca; tulis tanggal lalu namanya, "
                        "misalnya 2026-06-02 Cuti bersama, atau -2026-06-01 untuk hari libur yang "
                        "ditiadakan."
                    ),
                    {"number": number, "line": written[:_SHOWN]},
                )
            )
            continue
        off = not found[1] or found[1] == "+"
        days.append(TriedDay(day, found[3] or "", off))
    _refuse(problems)
    return tuple(days)


def checked(days: Iterable[TriedDay], *, calendar: WorkingCalendar) -> tuple[TriedDay, ...]:
    """Return the days in order; a working day without a name gets the one it has in `calendar`.

    Raises:
        Invalid: too many, twice the same, outside the years of `calendar`, without a name, no
            change to `calendar`, or a whole month without a working day; names each day.
    """
    asked = tuple(sorted(replace(one, name=" ".join(one.name.split())) for one in days))
    if len(asked) > MOST_DAYS:
        _refuse([_too_many(len(asked))])
    _refuse(list(_problems(asked, calendar=calendar)))
    named = tuple(
        one if one.name else replace(one, name=_names(one.day, calendar)) for one in asked
    )
    _refuse(list(_empty_months(named, calendar=calendar)))
    return named


def within(calendar: WorkingCalendar, **days: date) -> None:
    """Raises: Invalid: a day whose due dates `calendar` does not know; names its field."""
    _refuse(
        [
            FieldProblem(
                field,
                _OUTSIDE,
                {
                    "day": day,
                    "known_from": calendar.known_from,
                    "known_until": calendar.known_until,
                },
            )
            for field, day in days.items()
            if day.year not in calendar.loaded_years
        ]
    )


def with_days(calendar: WorkingCalendar, days: Collection[TriedDay]) -> WorkingCalendar:
    """Return `calendar` with the days as they are to be tried, under a version that tells both.

    A day that `calendar` has so already stays so: one that changed since the trial was asked for
    does not stop it from being run again.
    """
    if not days:
        return calendar
    changed = {one.day for one in days}
    kept = tuple(holiday for holiday in calendar.holidays if holiday.on not in changed)
    added = tuple(Holiday(one.day, one.name, "public") for one in days if one.off)
    text = json.dumps([one.as_json() for one in sorted(days)], ensure_ascii=False, sort_keys=True)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()[:_SHORT_HASH]
    return replace(
        calendar,
        holidays=tuple(sorted((*kept, *added))),
        version=f"{calendar.version}+{fingerprint}",
    )


def _problems(days: tuple[TriedDay, ...], *, calendar: WorkingCalendar) -> Iterator[FieldProblem]:
    times = Counter(one.day for one in days)
    for one in {one.day: one for one in days}.values():
        if times[one.day] > 1:
            yield _problem(N_("{day} disebut lebih dari sekali; sebut satu kali saja."), one.day)
        elif one.day.year not in calendar.loaded_years:
            yield _problem(
                _OUTSIDE,
                one.day,
                known_from=calendar.known_from,
                known_until=calendar.known_until,
            )
        elif len(one.name) > LONGEST_NAME:
            yield _problem(
                N_("Nama hari {day} paling panjang {most} huruf."), one.day, most=LONGEST_NAME
            )
        else:
            check: Callable[..., Iterator[FieldProblem]] = _added if one.off else _removed
            yield from check(one, calendar=calendar)


def _added(one: TriedDay, *, calendar: WorkingCalendar) -> Iterator[FieldProblem]:
    because = calendar.reason_off(one.day, collective_leave=CollectiveLeave.DAY_OFF)
    if because is not None:
        yield _problem(
            N_("{day} sudah libur pada kalender yang berlaku ({because}); hapus dari daftar."),
            one.day,
            because=because,
        )
    elif not one.name:
        yield _problem(N_("Tulis nama hari libur untuk {day}."), one.day)


def _removed(one: TriedDay, *, calendar: WorkingCalendar) -> Iterator[FieldProblem]:
    if not _names(one.day, calendar):
        yield _problem(
            N_(
                "{day} bukan hari libur atau cuti bersama pada kalender yang berlaku, sehingga "
                "tidak dapat ditiadakan; hapus dari daftar."
            ),
            one.day,
        )


def _empty_months(
    days: tuple[TriedDay, ...], *, calendar: WorkingCalendar
) -> Iterator[FieldProblem]:
    # What falls due moves by days off into the next month at most: `facts.asof` relies on it.
    tried = with_days(calendar, days)
    for month in sorted({Month.of(one.day) for one in days if one.off}):
        working = tried.count_working_days(
            month.first_day - timedelta(days=1),
            month.last_day,
            collective_leave=CollectiveLeave.DAY_OFF,
        )
        if not working:
            yield FieldProblem(
                CALENDAR,
                N_("Bulan {month} tidak lagi mempunyai hari kerja; sisakan paling sedikit satu."),
                {"month": str(month)},
            )


def _names(day: date, calendar: WorkingCalendar) -> str:
    return "; ".join(holiday.name for holiday in calendar.holidays if holiday.on == day)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _problem(template: str, day: date, **values: object) -> FieldProblem:
    return FieldProblem(CALENDAR, template, {"day": day, **values})


def _too_many(count: int) -> FieldProblem:
    return FieldProblem(
        CALENDAR,
        N_("Ada {count} hari; kalender yang dicoba mengubah paling banyak {most} hari."),
        {"count": count, "most": MOST_DAYS},
    )


def _refuse(problems: list[FieldProblem]) -> None:
    """Raises: Invalid: there are problems; the sentence is that of the first."""
    if problems:
        first = problems[0]
        raise Invalid(first.template, fields=tuple(problems), **first.values)
