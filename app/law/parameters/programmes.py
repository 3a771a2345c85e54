"""Which programmes an employer of a given scale is obliged to take part in."""

from datetime import date
from typing import Final

from app.law.dated import Dated, Version
from app.law.parameters import norms

PROGRAMMES: Final = ("JKK", "JKM", "JHT", "JP")
SCALES: Final = ("mikro", "kecil", "menengah", "besar")


def _obliged(scale: str, programmes: tuple[str, ...]) -> Dated[tuple[str, ...]]:
    version = Version(
        valid_from=date(2015, 7, 1),
        valid_to=None,
        value=programmes,
        unit="program",
        grade="A",
        citation=norms.PERPRES_109_2013,
    )
    return Dated(
        key=f"programmes.{scale}", title=f"program wajib usaha {scale}", versions=(version,)
    )


# fmt: off
OBLIGED: Final = {
    "mikro":    _obliged("mikro",    ("JKK", "JKM")),
    "kecil":    _obliged("kecil",    ("JKK", "JKM", "JHT")),
    "menengah": _obliged("menengah", ("JKK", "JKM", "JHT", "JP")),
    "besar":    _obliged("besar",    ("JKK", "JKM", "JHT", "JP")),
}
# fmt: on


def obliged_programmes(scale: str, *, on: date) -> tuple[str, ...]:
    """Return what an employer of that scale must take part in on `on`; none when it is unknown."""
    return OBLIGED[scale].on(on) if scale in OBLIGED else ()
