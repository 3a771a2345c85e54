"""The rules as a page people can read, drawn from their modules: law, reading, sentence."""

import re
import sys
from datetime import date
from functools import cache
from typing import Final

from app.detection import expression
from app.detection.facts.asof import AsOf, as_of
from app.detection.rule_words import sentences_of, words_of
from app.detection.rules import RULES, versions_of
from app.detection.rules.rule import Rule
from app.detection.settings import Setting, printed, settings_of
from app.infra.calendars import packaged_calendar
from app.infra.wording import translate
from app.law.book import SHIPPED
from app.lawbook.values import Kind

HEAD: Final = """# The six rules

Drawn from `app/detection/` by `python -m app.detection.rulebook`; do not edit.
A flag is a question about one employer under one rule; a person makes it a case.
The numbers are those that ship; an installation may have others in force (`/aturan`), each tried on
a past snapshot and approved by a second person (ADR 0017). A draft ships beside the version that is
live and flags nobody until two people have put it in force the same way.
"""
# The day whose numbers are printed: the newest that every parameter knows.
ON: Final = date(2026, 11, 20)


def markdown() -> str:
    """Return docs/rules.md."""
    return HEAD + "".join(
        _section(rule, shipped=shipped.version)
        for shipped in RULES
        for rule in (shipped, *(one for one in versions_of(shipped.code) if one != shipped))
    )


def _section(rule: Rule, *, shipped: int) -> str:
    module = sys.modules[rule.rows.__module__]
    text = re.sub(r"\s+", " ", module.__doc__ or "").strip()
    opening, _, rest = text.partition(" Law: ")
    law, _, reading = rest.partition(" Reading: ")
    sources = "; ".join(citation.label for citation in rule.basis)
    return (
        f"\n## {rule.code}, version {rule.version}{_standing(rule, shipped)}\n\n"
        f"{rule.title}. {opening}\n\n"
        f"- **Law:** {law}\n- **Reading:** {reading}\n- **Cited as:** {sources}\n"
        f"- **Fires when:** {expression.in_words(rule, _asof(), 'en')}\n"
        f"- **Estimates by:** {translate(words_of(rule).estimate, 'en')}\n"
        f"- **Reads:** {', '.join(f'`{table}`' for table in words_of(rule).tables)}\n"
        + "".join(f"- **Says:** {one}\n" for one in sentences_of(rule))
        + "\n| what people may change | key | unit | as shipped | from | to |\n"
        + "|---|---|---|---|---|---|\n"
        + "".join(_setting(one) for one in settings_of(rule.code, rule.version))
    )


def _standing(rule: Rule, shipped: int) -> str:
    if rule.version == shipped:
        return ""
    return ", a draft" if rule.version > shipped else ", retired"


def _setting(one: Setting) -> str:
    shipped = one.in_force({}, law=SHIPPED, on=ON)
    told = "" if shipped is None else printed(one, shipped)
    title = translate(one.title, "en", agency=one.agency)
    unit = "per cent" if one.kind is Kind.SHARE else translate(one.unit, "en")
    bounds = f"{printed(one, one.least)} | {printed(one, one.most)}"
    return f"| {title} | `{one.key}` | {unit} | {told} | {bounds} |\n"


@cache
def _asof() -> AsOf:
    return as_of(ON, billed_months=(), calendar=packaged_calendar(), law=SHIPPED)


if __name__ == "__main__":
    sys.stdout.write(markdown())
