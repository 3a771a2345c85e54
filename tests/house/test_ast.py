"""The house rules that only a look at the syntax tree can check."""

import ast
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).parents[2] / "app"
EXACT = ("law", "calculations", "cases/lifecycle.py", "cases/clocks.py", "packets/content.py")
LONGEST_FILE = 500


def modules(*parts: str) -> Iterator[tuple[Path, ast.Module]]:
    for part in parts or (".",):
        root = APP / part
        for path in [root] if root.suffix else sorted(root.rglob("*.py")):
            yield path, ast.parse(path.read_text())


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(APP)}:{getattr(node, 'lineno', 1)}"


def test_no_float_in_rooms_where_figures_must_be_exact() -> None:
    found = [
        place(path, node)
        for path, tree in modules(*EXACT)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]

    assert found == []


def test_only_the_database_module_commits() -> None:
    found = [
        place(path, node)
        for path, tree in modules()
        if path != APP / "infra/database.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]

    assert found == []


def test_nobody_catches_everything_below_the_edge() -> None:
    edge = {APP / "web/errors.py", APP / "infra/database.py", APP / "cli/commands.py"}
    found = [
        place(path, node)
        for path, tree in modules()
        if path not in edge and APP / "jobs" not in path.parents
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and not isinstance(node.body[-1], ast.Raise)
        and (
            node.type is None
            or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        )
    ]

    assert found == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(APP))
        for path, tree in modules()
        if ast.get_docstring(tree) is None and path.read_text().strip()
    ]

    assert silent == []


def test_no_file_is_longer_than_one_sitting() -> None:
    long = {
        str(path.relative_to(APP)): count
        for path, _ in modules()
        if (count := len(path.read_text().splitlines())) > LONGEST_FILE
    }

    assert long == {}
