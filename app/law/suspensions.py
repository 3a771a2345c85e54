"""Intervals in which a period of law stands still, and what they make of a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.errors import Refused
from app.law.faults import fault

_LONGEST_LEDGER: Final = 200
_LONGEST_TEXT: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """`first` and `last` are inclusive; `last` None: it has not ended yet.

    `reason` and `authority` (who decided it, by which letter) are Indonesian, as recorded.
    """

    first: date
    last: date | None
    reason: str
    authority: str

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def words(self) -> str:
        """What a certificate prints beside a day that was skipped for it."""
        return f"Penangguhan: {self.reason} ({self.authority})"


class StillSuspended(Refused):
    """An interval without an end stands in the way of the count: nobody knows its last day yet."""

    code = "deadline-suspended"

    def __init__(self, *, by: Suspension, counted: tuple[date, ...], count: int) -> None:
        super().__init__(
            "Tenggat belum dapat diketahui: penangguhan sejak {first} ({reason}) belum berakhir; "
            "{counted} dari {count} hari sudah terhitung.",
            first=by.first,
            reason=by.reason,
            counted=len(counted),
            count=count,
        )
        self.by = by
        self.counted = counted


def checked(suspensions: Iterable[Suspension]) -> tuple[Suspension, ...]:
    """Return the ledger, once each interval is one.

    Raises:
        Invalid: names the interval that ends before it begins, or lacks reason or authority.
    """
    ledger = tuple(suspensions)
    if len(ledger) > _LONGEST_LEDGER:
        raise fault(
            "suspensions",
            "Daftar penangguhan ({field}) paling banyak {longest} baris, bukan {count}.",
            longest=_LONGEST_LEDGER,
            count=len(ledger),
        )
    for place, item in enumerate(ledger):
        if item.last is not None and item.last < item.first:
            raise fault(
                f"suspensions.{place}.to",
                "Akhir penangguhan {last} ({field}) mendahului awalnya {first}.",
                first=item.first.isoformat(),
                last=item.last.isoformat(),
            )
        for name, text in (("reason", item.reason), ("authority", item.authority)):
            if not text.strip() or len(text) > _LONGEST_TEXT:
                raise fault(
                    f"suspensions.{place}.{name}",
                    "Isi {field} dengan 1 sampai {longest} huruf: penangguhan tanpa alasan dan "
                    "dasar wewenang tidak dihitung.",
                    longest=_LONGEST_TEXT,
                )
    return ledger


def open_suspension_on(day: date, suspensions: Iterable[Suspension]) -> Suspension | None:
    """Return the earliest interval without an end that covers `day`."""
    running = [item for item in suspensions if item.last is None and item.covers(day)]
    return min(running, key=lambda item: (item.first, item.words), default=None)


def reasons_suspended(day: date, suspensions: Iterable[Suspension]) -> tuple[str, ...]:
    """Return why the period stands still on `day`: each reason once, in one order always."""
    return tuple(sorted({item.words for item in suspensions if item.covers(day)}))
