"""Which businesses the region has, how often, and in which JKK risk class."""

from dataclasses import dataclass

from app.registry.reference.regions import business_titles

_INDUSTRY = ("10", "11", "12", "13", "14", "15", "16", "17", "18", "2", "30", "31", "32", "33")
_CONSTRUCTION = ("41", "42", "43")

# Share of employers and JKK class by the first digits of the code; the longest match counts.
# fmt: off
_WEIGHT_AND_CLASS = {
    "0":  (1, 3), "1": (3, 3), "2": (3, 4), "3": (2, 3), "4": (3, 2), "5": (4, 2), "6": (2, 1),
    "7":  (2, 1), "8": (3, 2), "9": (3, 2), "41": (2, 5), "42": (1, 5), "43": (3, 5),
    "47": (9, 1), "49": (4, 3), "56": (8, 2), "29": (5, 4), "24": (3, 5), "20": (3, 4),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Business:
    code: str
    weight: int
    risk_class: int
    industrial: bool


def _business(code: str) -> Business:
    key = code[:2] if code[:2] in _WEIGHT_AND_CLASS else code[:1]
    weight, risk_class = _WEIGHT_AND_CLASS[key]
    return Business(code, weight, risk_class, industrial=code.startswith(_INDUSTRY))


CONSTRUCTION = tuple(_business(code) for code in business_titles() if code[:2] in _CONSTRUCTION)
BUSINESSES = tuple(_business(code) for code in business_titles() if code[:2] not in _CONSTRUCTION)
