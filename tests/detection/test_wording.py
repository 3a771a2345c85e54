"""Every sentence that detection says has its English one, with the same values."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app.detection.rules import RULES
from app.infra.settings import PROJECT_ROOT
from app.infra.wording import english

ROOM = Path(PROJECT_ROOT / "app" / "detection")
ERRORS = {"Invalid": 0, "NotFound": 0, "Conflict": 0, "Stale": 0, "Refused": 0, "FieldProblem": 1}


def sentences() -> Iterator[str]:
    for rule in RULES:
        yield rule.title
    for path in sorted((ROOM / "rules").glob("*.py")):
        yield from _spoken_by_rules(ast.parse(path.read_text(encoding="utf-8")))
    for path in sorted(ROOM.glob("*.py")):
        yield from _errors(ast.parse(path.read_text(encoding="utf-8")))


def _spoken_by_rules(tree: ast.Module) -> Iterator[str]:
    described = {
        id(node.value)
        for owner in ast.walk(tree)
        if isinstance(owner, (ast.Module, ast.ClassDef, ast.FunctionDef))
        for node in owner.body[:1]
        if isinstance(node, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.split()
            if id(node) not in described and len(words) > 2 and node.value.endswith("."):
                yield node.value
        if isinstance(node, ast.keyword) and node.arg == "method":
            yield from (
                part.value
                for part in ast.walk(node.value)
                if isinstance(part, ast.Constant)
                and isinstance(part.value, str)
                and " " in part.value
            )


def _errors(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = ERRORS.get(node.func.id)
            if place is not None and len(node.args) > place:
                said = node.args[place]
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield said.value
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if names == ["sentence"]:
                yield str(node.value.value)


def test_every_sentence_has_its_english_one() -> None:
    found = set(sentences())

    assert len(found) > 30
    assert sorted(found - english().keys()) == []


def test_both_languages_name_the_same_values() -> None:
    def values(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", text))

    catalogue = english()

    assert [said for said in sentences() if values(said) != values(catalogue[said])] == []
