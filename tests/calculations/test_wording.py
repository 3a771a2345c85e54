"""Every sentence by which these rooms refuse has an English one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.infra.wording import english

APP = Path(__file__).parents[2] / "app"
REFUSALS = {"fault", "Invalid", "Refused", "__init__"}


def sentences(path: Path) -> Iterator[str]:
    """Yield the sentence templates of a module: refusals, and constants that name a field."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in REFUSALS:
                yield from (text for text in constants(node.args) if text.endswith("."))
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and "{field}" in (node.value)
            and node.value[0].isupper()
        ):
            yield node.value


def constants(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("room", ["law", "calculations"])
def test_every_refusal_has_an_english_sentence(room: str) -> None:
    found = {
        sentence
        for path in (APP / room).rglob("*.py")
        for sentence in sentences(path)
        if "\n" not in sentence
    }

    assert len(found) > 10
    assert found - english().keys() == set()
