"""A number left empty is said to be missing; no page quotes nothing as if it had been typed."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.datastructures import FormData

from app import web
from app.errors import Invalid
from app.web.pages.forms import Reader

PAGES = Path(web.__file__).parent / "pages"


def read_as_whole() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(PAGES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "whole"
            ):
                yield f"{path.name}:{node.lineno}", node


def test_a_complaint_that_quotes_says_besides_what_is_missing() -> None:
    quoting = [
        (where, call)
        for where, call in read_as_whole()
        if any("{value}" in ast.unparse(argument) for argument in call.args)
    ]

    assert len(quoting) > 3
    assert [
        where for where, call in quoting if "missing" not in {one.arg for one in call.keywords}
    ] == []


@pytest.mark.parametrize(
    ("text", "said", "values"),
    [("", "Isi.", {}), ("  ", "Isi.", {}), ("x", "“{value}” salah.", {"value": "x"})],
)
def test_what_is_missing_and_what_is_wrong_are_two_sentences(
    text: str, said: str, values: dict[str, str]
) -> None:
    reader = Reader(FormData([("angka", text)]))

    read = reader.whole("angka", "“{value}” salah.", missing="Isi.")

    assert read == 0
    with pytest.raises(Invalid) as refused:
        reader.check()
    (problem,) = refused.value.fields
    assert (problem.field, problem.template, problem.values) == ("angka", said, values)
