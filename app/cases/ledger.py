"""PURE: what the lines of a case's ledger of suspensions amount to."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from app.cases.schemas import SuspensionLine
from app.law.suspensions import Suspension

STARTS: Final = "mulai"
ENDS: Final = "akhir"
REVERSES: Final = "batal"
APPROVED: Final = "disetujui"


def in_force(lines: Iterable[SuspensionLine]) -> tuple[Suspension, ...]:
    """Return the intervals that count: approved, ended where a line says so, never the reversed.

    The lines may come in any order. Of several ends of one suspension the latest line counts.
    """
    approved = sorted((line for line in lines if line.status == APPROVED), key=lambda line: line.id)
    found: dict[int, Suspension] = {}
    for line in approved:
        if line.entry == STARTS and line.first_on is not None:
            found[line.id] = Suspension(
                first=line.first_on,
                last=line.last_on,
                reason=line.reason,
                authority=line.authority,
            )
        elif line.of_id in found and line.entry == ENDS:
            found[line.of_id] = replace(found[line.of_id], last=line.last_on)
        elif line.of_id in found:
            del found[line.of_id]
    return tuple(found.values())


def standing(lines: Iterable[SuspensionLine]) -> tuple[SuspensionLine, ...]:
    """Return the approved lines that start a suspension which no later line reversed."""
    approved = [line for line in lines if line.status == APPROVED]
    gone = {line.of_id for line in approved if line.entry == REVERSES}
    return tuple(line for line in approved if line.entry == STARTS and line.id not in gone)


def still_open(lines: Iterable[SuspensionLine]) -> tuple[SuspensionLine, ...]:
    """Return the standing suspensions without a last day."""
    known = tuple(lines)
    ended = {line.of_id for line in known if line.entry == ENDS and line.status == APPROVED}
    return tuple(line for line in standing(known) if line.last_on is None and line.id not in ended)
