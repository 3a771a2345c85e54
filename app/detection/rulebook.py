"""The rules as a page people can read, drawn from their modules: law, reading, sentence."""

import re
import sys
from datetime import date
from functools import cache
from types import ModuleType
from typing import Final

from app.detection import expression
from app.detection.facts.asof import AsOf, as_of
from app.detection.rule_words import WORDS
from app.detection.rules import RULES
from app.detection.rules.rule import Rule
from app.detection.settings import SETTINGS, Setting, printed
from app.infra.calendars import packaged_calendar
from app.infra.wording import translate
from app.law.book import SHIPPED
from app.lawbook.values import Kind

HEAD: Final = """# The six rules

Drawn from `app/detection/` by `python -m app.detection.rulebook`; do not edit.
A flag is a question about one employer under one rule; a person makes it a case.
The numbers are those that ship; an installation may have others in force (`/aturan`), each tried on
a past snapshot and approved by a second person (ADR 0017).
"""
# The day whose numbers are printed: the newest that every parameter knows.
ON: Final = date(2026, 11, 20)


def markdown() -> str:
    """Return docs/rules.md."""
    return HEAD + "".join(_section(rule) for rule in RULES)


def _section(rule: Rule) -> str:
    module = sys.modules[rule.rows.__module__]
    text = re.sub(r"\s+", " ", module.__doc__ or "").strip()
    opening, _, rest = text.partition(" Law: ")
    law, _, reading = rest.partition(" Reading: ")
    sources = "; ".join(citation.label for citation in rule.basis)
    return (
        f"\n## {rule.code}, version {rule.version}\n\n{rule.title}. {opening}\n\n"
        f"- **Law:** {law}\n- **Reading:** {reading}\n- **Cited as:** {sources}\n"
        f"- **Fires when:** {expression.in_words(rule, _asof(), 'en')}\n"
        f"- **Estimates by:** {translate(WORDS[rule.code].estimate, 'en')}\n"
        f"- **Reads:** {', '.join(f'`{table}`' for table in WORDS[rule.code].tables)}\n"
        + "".join(f"- **Says:** {one}\n" for one in _sentences(module))
        + "\n| what people may change | key | unit | as shipped | from | to |\n"
        + "|---|---|---|---|---|---|\n"
        + "".join(_setting(one) for one in SETTINGS[rule.code])
    )


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


def _sentences(module: ModuleType) -> list[str]:
    """Return what the rule may say: the module's constants that hold sentences with a name."""
    constants = (value for name, value in vars(module).items() if name.isupper())
    return [one for one in constants if isinstance(one, str) and "{nama}" in one]


if __name__ == "__main__":
    sys.stdout.write(markdown())
