"""The rules as a page people can read, drawn from their modules: law, reading, sentence."""

import re
import sys
from types import ModuleType
from typing import Final

from app.detection.rules import RULES
from app.detection.rules.rule import Rule

HEAD: Final = """# The six rules

Drawn from `app/detection/rules/` by `python -m app.detection.rulebook`; do not edit.
A flag is a question about one employer under one rule; a person makes it a case.
"""


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
        + "".join(f"- **Says:** {one}\n" for one in _sentences(module))
    )


def _sentences(module: ModuleType) -> list[str]:
    """Return what the rule may say: the module's constants that hold sentences with a name."""
    constants = (value for name, value in vars(module).items() if name.isupper())
    return [one for one in constants if isinstance(one, str) and "{nama}" in one]


if __name__ == "__main__":
    sys.stdout.write(markdown())
