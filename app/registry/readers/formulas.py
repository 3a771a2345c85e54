"""Formulas of a workbook that nobody calculated: the cell looks empty, and is not.

Programs that write workbooks without calculating leave no result beside the formula. Read as
empty, a wage or an end of membership would be lost without a word. Only the parsing process, which
has limits of memory and time, may call this.
"""

import re
import zipfile
from collections.abc import Mapping
from html import unescape
from pathlib import Path, PurePosixPath
from typing import Final
from xml.etree import ElementTree as ET

# A cell with a formula and no result. Some writers put a prefix before every name.
_UNCALCULATED: Final = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*"
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE: Final = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
# What was calculated, to an empty text.
_EMPTY_TEXT: Final = re.compile(rb"""\bt=["']str["']""")
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Cells = Mapping[int, Mapping[int, str]]


def uncalculated(book: Path) -> dict[str, Cells]:
    """Return the formulas without a result: by name of the sheet, line (from 1), column (from 0).

    A formula is written as a spreadsheet shows it: `=A2*2`.
    """
    found = {}
    with zipfile.ZipFile(book) as archive:
        for title, part in _parts(archive):
            cells = _cells(archive.read(part))
            if cells:
                found[title] = cells
    return found


def _parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    names = set(archive.namelist())
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in _tree(archive, "xl/_rels/workbook.xml.rels").iter()
        if one.tag.endswith("}Relationship")
    }
    parts = []
    for one in _tree(archive, "xl/workbook.xml").iter():
        if one.tag.endswith("}sheet"):
            target = targets.get(one.get(_RELATION), "")
            part = str(PurePosixPath("/xl") / target).lstrip("/")
            if part in names:
                parts.append((one.get("name", ""), part))
    return parts


def _tree(archive: zipfile.ZipFile, part: str) -> ET.Element:
    return ET.fromstring(archive.read(part))  # noqa: S314 - sizes checked, process limited


def _cells(sheet: bytes) -> Cells:
    found: dict[int, dict[int, str]] = {}
    for match in _UNCALCULATED.finditer(sheet):
        place = _PLACE.search(match[1])
        if place is None or _EMPTY_TEXT.search(match[1]):
            continue
        formula = unescape((match[2] or b"").decode("utf-8", "replace")).strip()
        found.setdefault(int(place[2]), {})[_column(place[1])] = f"={formula}"
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
