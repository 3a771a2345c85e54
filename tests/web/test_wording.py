"""Both languages are complete: every sentence that can reach a person has its English one."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from string import Formatter

import pytest
from jinja2 import nodes

from app import errors
from app.infra.templating import TEMPLATES, environment
from app.infra.wording import english
from app.law import parameters
from app.law.dated import Dated

APP = Path(errors.__file__).parent
MARK = "N_"
# Words that are the same in both languages, or a name.
SAME_TERMS = {"program": "", "rupiah": ""}
SAME = frozenset({"{message}"})


def template_sentences() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        if "packets" in path.parts:
            continue
        place = path.relative_to(TEMPLATES)
        for call in environment().parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args:
                first = call.args[0]
                if isinstance(first, nodes.Const):
                    yield str(place), str(first.value)


def error_names() -> frozenset[str]:
    """Return AppError and every class below it, wherever in the application it is defined."""
    bases: dict[str, set[str]] = {}
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {_name(base) for base in node.bases}
    known = {"AppError", "FieldProblem"}
    while more := {name for name, above in bases.items() if above & known} - known:
        known |= more
    return frozenset(known)


def python_sentences() -> Iterator[tuple[str, str]]:
    names = error_names()
    for path in sorted(APP.rglob("*.py")):
        place = str(path.relative_to(APP))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = _name(node.func)
            position = 1 if called == "FieldProblem" else 0
            if (called in names or called == MARK) and len(node.args) > position:
                sentence = node.args[position]
                if isinstance(sentence, ast.Constant) and isinstance(sentence.value, str):
                    yield place, sentence.value


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize(
    "sentences", [template_sentences, python_sentences], ids=["templates", "python"]
)
def test_every_sentence_has_an_english_one(
    sentences: Callable[[], Iterator[tuple[str, str]]],
) -> None:
    missing = sorted(
        {
            f"{place}: {text}"
            for place, text in sentences()
            if text and text not in SAME and text not in english()
        }
    )

    assert missing == []


def test_english_sentences_use_the_placeholders_of_the_indonesian_ones() -> None:
    def fields(text: str) -> set[str]:
        try:
            return set(_formatter(text))
        except ValueError:
            return set()

    wrong = [key for key, value in english().items() if not fields(value) <= fields(key)]

    assert wrong == []


def _formatter(text: str) -> Iterator[str]:
    for _, name, _, _ in Formatter().parse(text):
        if name:
            yield name


def test_every_parameter_of_the_law_has_its_english_terms() -> None:
    """What a calculator shows beside a figure: its title, its unit, its note."""
    said = set()
    for module in iter_modules(parameters.__path__):
        found = vars(import_module(f"{parameters.__name__}.{module.name}"))
        for dated in _dated(found.values()):
            said.add(dated.title)
            for version in dated.versions:
                said |= {version.unit, version.citation.note}

    assert sorted(text for text in said if text and text not in {**english(), **SAME_TERMS}) == []


def _dated(values: Iterable[object]) -> Iterator[Dated[object]]:
    for value in values:
        if isinstance(value, Dated):
            yield value
        elif isinstance(value, Mapping):
            yield from _dated(value.values())
