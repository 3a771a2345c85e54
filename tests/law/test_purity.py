import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LAW = Path(__file__).parents[2] / "app" / "law"
ALLOWED = {
    "app",
    "calendar",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "hashlib",
    "num2words",
    "re",
    "types",
    "typing",
}
# Prints the page of parameters and is imported by nobody.
ENTRY_POINT = LAW / "parameters" / "__main__.py"
MODULES = [path for path in sorted(LAW.rglob("*.py")) if path != ENTRY_POINT]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LAW)))
def test_the_law_imports_nothing_that_reads_clocks_files_or_settings(path: Path) -> None:
    modules = set(imported(path))

    assert {module.split(".")[0] for module in modules} <= ALLOWED
    assert {
        module
        for module in modules
        if module.startswith("app") and not module.startswith("app.law")
    } <= {"app.errors"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LAW)))
def test_the_law_holds_no_float(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))

    assert not [
        node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    assert not [node for node in nodes if isinstance(node, ast.Div)]
