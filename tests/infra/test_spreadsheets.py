"""Text that a spreadsheet would run is made harmless."""

import pytest

from app.infra.spreadsheets import guarded


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "  ="]
)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(sign: str) -> None:
    assert guarded(f"{sign}cmd") == f"'{sign}cmd"


@pytest.mark.parametrize("text", ["", "PT Maju", "3204-01", "a=b", "'=cmd"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text
