"""Jinja for pages: escaping on, undefined names are errors, words in two languages."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from app.infra.settings import PROJECT_ROOT
from app.infra.wording import translate

TEMPLATES = PROJECT_ROOT / "templates"
MEGABYTE = 1_000_000
ZONE_LABELS: Mapping[str, str] = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


@cache
def environment() -> Environment:
    """Return the one environment: templates of the package only, never a user's text."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["_"] = _words
    env.globals["words"] = worded
    env.filters.update(
        rupiah=rupiah,
        number=number,
        long_date=long_date,
        short_date=short_date,
        weekday_date=weekday_date,
        instant=instant,
        month_name=month_name,
        file_size=file_size,
        masked=masked_nik,
        heads=heads,
        percent=percent,
        tenths=tenths,
        short_month=short_month,
        apart_from=apart_from,
    )
    return env


@pass_context
def _words(context: Context, sentence: str, /, **values: object) -> str:
    return translate(sentence, _language(context), **values)


@pass_context
def worded(context: Context, table: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the pairs of a table of sentences, each in the page's language."""
    return [(key, translate(sentence, _language(context))) for key, sentence in table.items()]


@pass_context
def heads(context: Context, columns: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (words, kind) for the head of a table from its (column, label) pairs."""
    return [(translate(label, _language(context)), "") for _, label in columns]


@pass_context
def rupiah(context: Context, amount: int) -> str:
    """`Rp1.234.567` in Indonesian, `Rp1,234,567` in English."""
    sign = "−" if amount < 0 else ""
    return f"{sign}Rp{number(context, abs(amount))}"


@pass_context
def number(context: Context, amount: int) -> str:
    return str(format_decimal(amount, locale=_locale(context)))


@pass_context
def percent(context: Context, per_mille: int) -> str:
    """`23,4%` from thousandths, `23.4%` in English."""
    return f"{tenths(context, per_mille)}%"


@pass_context
def tenths(context: Context, amount: int) -> str:
    """`4,7` from 47, and `5` from 50."""
    return str(format_decimal(Decimal(amount) / 10, format="#,##0.#", locale=_locale(context)))


@pass_context
def long_date(context: Context, day: date | None) -> str:
    """`22 November 2026`; a dash where there is none."""
    return "–" if day is None else str(format_date(day, "d MMMM y", locale=_locale(context)))


@pass_context
def short_date(context: Context, day: date | None) -> str:
    """`22 Nov 2026`; a dash where there is none."""
    return "–" if day is None else str(format_date(day, "d MMM y", locale=_locale(context)))


@pass_context
def weekday_date(context: Context, day: date) -> str:
    """`Senin, 23 November 2026`."""
    return str(format_date(day, "EEEE, d MMMM y", locale=_locale(context)))


@pass_context
def instant(context: Context, moment: datetime | None, zone: str = "Asia/Jakarta") -> str:
    """`22 November 2026, 16.05 WIB` in the office's zone."""
    if moment is None:
        return "–"
    clock = "HH.mm" if _language(context) == "id" else "HH:mm"
    local = moment.astimezone(ZoneInfo(zone))
    text = format_datetime(local, f"d MMMM y, {clock}", locale=_locale(context))
    return f"{text} {ZONE_LABELS.get(zone, zone)}"


@pass_context
def month_name(context: Context, month: object) -> str:
    """`Maret 2026` from anything that prints as `2026-03`, or from a month index."""
    if isinstance(month, int):
        year, place = divmod(month, 12)
        first = date(year, place + 1, 1)
    else:
        first = date.fromisoformat(f"{month}-01")
    return str(format_date(first, "LLLL y", locale=_locale(context)))


@pass_context
def short_month(context: Context, month: str) -> str:
    """`Mar 2026` from `2026-03`."""
    first = date.fromisoformat(f"{month}-01")
    return str(format_date(first, "LLL y", locale=_locale(context)))


def apart_from(text: str, others: Iterable[object]) -> list[tuple[str, bool]]:
    """Cut `text` where it differs from the one of `others` that is a slip away.

    Of the same length, and other in one or two characters. Returns the pieces in order, each with
    whether it differs; a text that no other is close to stays in one piece.
    """
    for other in others:
        if not isinstance(other, str) or len(other) != len(text):
            continue
        marks = [one != its for one, its in zip(text, other, strict=True)]
        if sum(marks) in {1, 2}:
            runs = groupby(zip(text, marks, strict=True), key=itemgetter(1))
            return [("".join(one for one, _ in run), differs) for differs, run in runs]
    return [(text, False)]


def file_size(size: int) -> str:
    """Return `812 KB` or `1,2 MB`: thousands of bytes, as operating systems show them."""
    if size < MEGABYTE:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size // MEGABYTE},{size % MEGABYTE * 10 // MEGABYTE} MB"


def masked_nik(nik: str | None) -> str:
    """Return only the last four digits; a value that is already masked stays as it is."""
    if not nik:
        return "–"
    return nik if nik.startswith("·") else "·" * 12 + nik[-4:]


def _language(context: Context) -> str:
    language: Any = context.get("language", "id")
    return str(language)


def _locale(context: Context) -> str:
    return "en_GB" if _language(context) == "en" else "id_ID"
