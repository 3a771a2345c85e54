"""What a region and a nation differ in: how large, how often listed, how many strangers.

A nation has per registered employer what Indonesia has: of 840,000 registered and 3 million outside
employers, 45 million memberships, 50 million outside workers, 40 million bill lines a year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.demo.geography import NATION_PLACES, NATION_SHARES, PLACES, SHARES, Place

# One hundredth of the nation: from here on the proportions are the nation's.
NATION_FROM: Final = 8_400
Programmes = tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]

_TWO, _THREE, _FOUR = ("JKK", "JKM"), ("JKK", "JKM", "JHT"), ("JKK", "JKM", "JHT", "JP")


@dataclass(frozen=True, slots=True)
class Shape:
    """`largest` is the most workers of an employer, `strangers` how many firms each group adds.

    `numbers` bounds the numbered things of a group, `usual` is the share of employers that each
    agency knows, `divided` that of those with a second divisi among all of `divided_from` workers.
    """

    numbers: int
    largest: int
    strangers: int
    divided: float
    divided_from: int
    usual: Mapping[str, float]
    programmes: Mapping[str, Programmes]
    places: tuple[Place, ...]
    place_shares: tuple[int, ...]


# fmt: off
REGION: Final = Shape(
    numbers=10_000,
    largest=1_300,
    strangers=0,
    divided=0.25,
    divided_from=40,
    usual={"WLKP": 0.38, "OSS": 0.42, "DJP": 0.40, "KESEHATAN": 0.46},
    programmes={
        "mikro":    ((_TWO, _THREE, _FOUR), (72, 23, 5)),
        "kecil":    ((_THREE, _FOUR), (72, 28)),
        "menengah": ((_FOUR,), (1,)),
        "besar":    ((_FOUR,), (1,)),
    },
    places=PLACES,
    place_shares=SHARES,
)
NATION: Final = Shape(
    numbers=20_000,
    largest=5_700,
    strangers=3,
    divided=0.60,
    divided_from=20,
    usual={"WLKP": 0.60, "OSS": 0.70, "DJP": 0.72, "KESEHATAN": 0.81},
    programmes={
        "mikro":    ((_TWO, _THREE, _FOUR), (12, 18, 70)),
        "kecil":    ((_THREE, _FOUR), (6, 94)),
        "menengah": ((_FOUR,), (1,)),
        "besar":    ((_FOUR,), (1,)),
    },
    places=NATION_PLACES,
    place_shares=NATION_SHARES,
)
# fmt: on


def shape_of(employers: int) -> Shape:
    return NATION if employers >= NATION_FROM else REGION


def usual_formats(employers: int) -> tuple[str, ...]:
    """Return the formats of the extracts when nobody names any."""
    return ("parquet",) if employers >= NATION_FROM else ("csv",)
