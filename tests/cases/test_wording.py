"""Every sentence that this room says has its English one, with the same values."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app.cases import stages
from app.cases.reading import VERB_LABELS
from app.infra.settings import PROJECT_ROOT
from app.infra.wording import english

# The name of what is called, and which of its arguments is the sentence.
SAYS = {
    "Invalid": 0,
    "Forbidden": 0,
    "NotFound": 0,
    "Conflict": 0,
    "Stale": 0,
    "Refused": 0,
    "StepRefused": 0,
    "_refused": 0,
    "FieldProblem": 1,
    "_fault": 1,
    "ClosingReason": 1,
}


def sentences() -> Iterator[str]:
    for path in sorted(Path(PROJECT_ROOT / "app" / "cases").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            place = SAYS.get(node.func.id)
            if place is not None and len(node.args) > place:
                said = node.args[place]
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield said.value
    for labels in (
        stages.STAGE_LABELS,
        stages.ACTION_LABELS,
        stages.DOCUMENT_LABELS,
        stages.PROOF_LABELS,
        stages.VIOLATION_LABELS,
        VERB_LABELS,
    ):
        yield from labels.values()
    for violations in (stages.ARREARS, stages.BREACHES, stages.ARREARS | stages.BREACHES):
        yield stages.document_label(stages.Action.SEND_NOTICE, violations)


def test_every_sentence_has_its_english_one() -> None:
    found = set(sentences())

    assert len(found) > 100
    assert sorted(found - english().keys()) == []


def test_both_languages_name_the_same_values() -> None:
    def values(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", text))

    catalogue = english()

    assert [said for said in sentences() if values(said) != values(catalogue[said])] == []
