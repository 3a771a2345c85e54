"""What a spreadsheet would run: text that goes into a CSV file is made harmless here, once."""

from typing import Final

# The wide ones are what a Japanese or Chinese keyboard types; spreadsheets take them for the same.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_STARTS: Final = ("\t", "\r", "\n")


def guarded(text: str) -> str:
    """Return the text, with an apostrophe before it when a spreadsheet would take it for a formula.

    Spaces before the sign do not help: some programs drop them. The importer takes the apostrophe
    away again.
    """
    if text[:1].isalnum():  # nearly every value, and the quickest to tell
        return text
    if text.startswith(_STARTS) or text.lstrip().startswith(_FORMULA_STARTS):
        return f"'{text}"
    return text
