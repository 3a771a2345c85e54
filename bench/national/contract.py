"""What every contender is given and gives back: flags, and the workers whom the rules name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa

from app.infra.calendars import packaged_calendar
from app.law import late_payment
from app.law.book import SHIPPED
from app.law.month import Month
from bench.national.extracts import ON

# Rates of the sweep's day in ten-thousandths, as an expert would type them in.
JKK: Final[Mapping[int, int]] = {1: 24, 2: 54, 3: 89, 4: 127, 5: 174}
CEILING: Final = 11_086_300
FORMS: Final = (
    (r"\bP\.?\s?T\b\.?|\bPERSEROAN TERBATAS\b", "PT"),
    (r"\bC\.?\s?V\b\.?", "CV"),
    (r"\bU\.?\s?D\b\.?", "UD"),
    (r"\bFIRMA\b|\bFA\b\.?", "FIRMA"),
    (r"\bKOPERASI\b|\bKOP\b\.?", "KOPERASI"),
    (r"\bYAYASAN\b|\bYYS\b\.?", "YAYASAN"),
)
NOT_THE_NAME: Final = "|".join((*(form for form, _ in FORMS), r"\b(TBK|PERSERO)\b|[^A-Z0-9]+"))
FRESH: Final = date(2025, 5, 20)
MONTH: Final = ON.year * 12 + ON.month - 1

FLAGS: Final = pa.schema(
    [
        ("aturan", pa.string()),
        ("subject", pa.string()),
        ("pekerja", pa.int64()),
        ("rupiah", pa.int64()),
        ("bulan", pa.int64()),
    ]
)
WORKERS: Final = pa.schema([("aturan", pa.string()), ("subject", pa.string()), ("nik", pa.int64())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a sweep found, in the contender's own form until it is asked for.

    `flags` has FLAGS, `workers` has WORKERS, once each; `named` are the rows of workers read.
    """

    flags: Callable[[], pa.Table]
    workers: Callable[[], pa.Table]
    named: int
    cpu_elsewhere: Callable[[], float] = float
    """Seconds of CPU, and below it the peak of memory, of servers that work for the contender."""
    mb_elsewhere: Callable[[], int] = int
    set_up: Callable[[], float] = float
    """Seconds that do not count: a server that runs anyway was started."""


class Contender(Protocol):
    """Sweeps the files. `place` is for whatever it must write."""

    def __call__(self, tables: Mapping[str, Path], *, place: Path) -> Found: ...


def due_months(months: list[int]) -> list[int]:
    """Return those of `months` whose contributions were due before the sweep's day."""
    calendar = packaged_calendar()
    return [
        month
        for month in months
        if month <= MONTH
        and (
            MONTH - month > 2
            or late_payment.due_on(month=Month.from_index(month), calendar=calendar, law=SHIPPED)
            < ON
        )
    ]
