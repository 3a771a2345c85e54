"""The book of law is always handed over: nothing falls back to the values that ship."""

import ast
from collections.abc import Iterator
from pathlib import Path

from app.infra.settings import PROJECT_ROOT


def defaults(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from (
                field.value
                for field in node.body
                if isinstance(field, ast.AnnAssign) and field.value
            )
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = [*node.args.defaults, *node.args.kw_defaults]
            yield from (default for default in given if default is not None)


def test_no_field_and_no_argument_defaults_to_the_values_that_ship() -> None:
    forgetful = [
        f"{path.relative_to(PROJECT_ROOT)}:{default.lineno}"
        for path in sorted(Path(PROJECT_ROOT / "app").rglob("*.py"))
        for default in defaults(ast.parse(path.read_text(encoding="utf-8")))
        if any(isinstance(n, ast.Name) and n.id == "SHIPPED" for n in ast.walk(default))
    ]

    assert forgetful == []
