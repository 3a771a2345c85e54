"""`patuh calculate` as scripts use it: one process, standard input and output, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import calculate
from app.cli.commands import command_line
from tests.calculations.bad_input import BAD, GAPS, Bad, gapped

ROOT = Path(__file__).parents[2]


def patuh(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", *arguments],
        input=given,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


def test_a_document_in_is_a_document_out() -> None:
    given = json.dumps({"month": "2026-03", "wage": 12_000_000, "jkk_class": 2, "scale": "besar"})

    result = patuh("calculate", "contribution", given=given)

    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["total"] == 1_117_389


def test_lines_are_answered_one_by_one_and_a_bad_one_says_why() -> None:
    given = '{"from": "2026-03-13", "working_days": 10}\n{"from": "kemarin", "working_days": 1}\n'

    result = patuh("calculate", "deadline", "--lines", given=given)

    good, bad = map(json.loads, result.stdout.splitlines())
    assert good["due_on"] == "2026-04-06"
    assert bad["line"] == 2
    assert "kemarin" in bad["errors"][0]["detail"]
    assert result.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "given", "code", "said"),
    [
        (("calculate", "contribution"), "{", 1, "bukan JSON"),
        (
            ("calculate", "contribution"),
            '{"month": "2015-06", "wage": 1, "jkk_class": 1}',
            1,
            "2015-06",
        ),
        (("calculate", "contribution"), '{"wage": ' + "9" * 5000 + "}", 1, "terlalu panjang"),
        (("calculate", "contribution"), "[" * 100_000, 1, "terlalu dalam"),
        (("calculate", "contribution"), '{"scale": "\\ud800"}', 1, "UTF-8"),
        (("calculate", "ramalan"), "{}", 2, "ramalan"),
        (("tidak-ada",), "", 2, "tidak-ada"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_with_its_exit_code(
    arguments: tuple[str, ...], given: str, code: int, said: str
) -> None:
    result = patuh(*arguments, given=given)

    assert result.returncode == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_text_that_is_not_utf_8_is_told_so() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "calculate", "deadline"],
        input='{"from": "2026-03-13", "working_days": 10}'.encode("utf-16"),
        capture_output=True,
        cwd=ROOT,
        check=False,
    )

    assert (result.returncode, result.stdout) == (1, b"")
    assert "bukan teks UTF-8" in result.stderr.decode()


def test_the_mark_of_utf_8_before_a_document_is_no_part_of_it() -> None:
    given = '\ufeff{"from": "2026-03-13", "working_days": 10}\n'

    results = [patuh("calculate", "deadline", *lines, given=given) for lines in ((), ("--lines",))]

    assert [json.loads(result.stdout)["due_on"] for result in results] == ["2026-04-06"] * 2


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_what_cannot_be_used_is_said_in_one_sentence_that_names_field_and_value(bad: Bad) -> None:
    result = CliRunner().invoke(
        command_line({"calculate"}), ["calculate", bad.kind], input=json.dumps(bad.document)
    )

    said = result.stderr.replace("\n", " ").strip()
    assert result.exit_code == 1
    assert result.stdout == ""
    assert bad.value in said
    assert f"({bad.place})" in said
    assert said.count(". ") == 0


def test_a_line_that_reaches_a_year_not_loaded_names_its_field() -> None:
    given = '{"from": "2027-12-17", "working_days": 10}\n'

    result = patuh("calculate", "deadline", "--lines", given=given)

    assert [item["field"] for item in json.loads(result.stdout)["errors"]] == ["working_days"]
    assert result.returncode == 1


@pytest.mark.parametrize("bad", GAPS, ids=lambda bad: bad.name)
def test_a_gap_in_the_law_is_said_with_its_field_and_the_exit_code(
    bad: Bad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calculate, "_NORMS", gapped())

    result = CliRunner().invoke(
        command_line({"calculate"}), ["calculate", bad.kind], input=json.dumps(bad.document)
    )

    said = result.stderr.replace("\n", " ")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert bad.place in said
    assert bad.value in said
