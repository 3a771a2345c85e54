"""The highest monthly wage on which JP is paid; it changes every March, by contribution month."""

from datetime import date, timedelta
from typing import Final

from app.law.citation import Grade
from app.law.dated import Dated, Version
from app.law.money import Rupiah
from app.law.parameters import norms

# fmt: off
_ROWS: Final[tuple[tuple[date, Rupiah, Grade], ...]] = (
    (date(2015, 7, 1),  7_000_000, "B"),
    (date(2016, 3, 1),  7_335_300, "B"),
    (date(2017, 3, 1),  7_703_500, "B"),
    (date(2018, 3, 1),  8_094_000, "B"),
    (date(2019, 3, 1),  8_512_400, "B"),
    (date(2020, 3, 1),  8_939_700, "B"),
    (date(2021, 3, 1),  8_754_600, "C"),   # lower than before: GDP shrank
    (date(2022, 3, 1),  9_077_600, "C"),
    (date(2023, 3, 1),  9_559_600, "B"),
    (date(2024, 3, 1), 10_042_300, "B"),
    (date(2025, 3, 1), 10_547_400, "B"),
    (date(2026, 3, 1), 11_086_300, "B"),
)
# fmt: on

# The ceiling of March 2027 is announced in February 2027, after the GDP of 2026.
_ANNOUNCED_UNTIL: Final = date(2027, 2, 28)


def _versions() -> tuple[Version[Rupiah], ...]:
    ends = [start - timedelta(days=1) for start, _, _ in _ROWS[1:]] + [_ANNOUNCED_UNTIL]
    return tuple(
        Version(
            valid_from=start,
            valid_to=end,
            value=ceiling,
            unit="rupiah per bulan",
            grade=grade,
            citation=norms.PP_45_2015_CEILING,
        )
        for (start, ceiling, grade), end in zip(_ROWS, ends, strict=True)
    )


JP_CEILING: Final = Dated(key="jp.ceiling", title="batas upah JP", versions=_versions())
