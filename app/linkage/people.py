"""PURE: the name of a person and a NIK as linkage compares them.

Nothing here decides that two people are one; it takes away what Indonesian offices write in
different ways: titles, degrees, Muhammad in all its spellings, Nur apart or together.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.linkage.names import old_spelling, sound_of

# fmt: off
_TITLES: Final = frozenset({
    "H", "HJ", "HAJI", "HAJJAH", "KH", "DRS", "DRA", "IR", "DR", "PROF", "TN", "NY", "NN", "SDR",
    "SDRI", "BPK", "BAPAK", "IBU", "RR", "RA", "RADEN", "TB", "USTAZ", "UST", "DRG",
})
_DEGREES: Final = frozenset({
    "SE", "SH", "ST", "SPD", "SKOM", "SSOS", "SAG", "SIP", "SKM", "SFARM", "SKEP", "SPSI", "STP",
    "MM", "MH", "MBA", "MSI", "MPD", "MT", "MKOM", "AMD", "AK", "PHD",
})
_CONNECTS: Final = frozenset({"BIN", "BINTI", "ALIAS", "AL"})
_WRITTEN_AS: Final = {
    **dict.fromkeys(
        ("MUH", "MOH", "MHD", "MHMD", "MOHD", "MUHAMAD", "MOHAMAD", "MOHAMMAD", "MUHAMMED",
         "MOHAMED", "MOHAMMED", "MOCHAMAD", "MOCHAMMAD", "MUCHAMAD", "MUCHAMMAD", "MUHAMMAT",
         "MOCH", "MUCH"),
        "MUHAMMAD",
    ),
    "ACHMAD": "AHMAD", "AKHMAD": "AHMAD", "AHMMAD": "AHMAD", "ACH": "AHMAD", "AKH": "AHMAD",
    "ABD": "ABDUL", "ABDOEL": "ABDUL", "NOOR": "NUR", "NOER": "NUR",
    "SITTI": "SITI", "STI": "SITI",
}
# Written apart by one office and together by the next: Nur Hidayah, Nurhidayah.
_JOINED: Final = frozenset({"NUR", "NURUL", "ABDUL"})
# fmt: on
_MUHAMMAD: Final = "MUHAMMAD"
_BETWEEN: Final = re.compile(r"[^A-Z0-9]+")
_APOSTROPHES: Final = re.compile(r"['’`]")
_KYAI: Final = re.compile(r"\bK\.?\s?H\b", re.IGNORECASE)
_LONGEST: Final = 6
_LEAST_WORDS: Final = 2
_WOMEN: Final = 40


@dataclass(frozen=True, slots=True)
class PersonName:
    """`words` are sorted, without titles; `full` are those of two letters or more.

    `sound` is the whole name as it sounds; `blocks` are its sounds one by one.
    """

    words: tuple[str, ...]
    sound: str
    initials: str
    full: tuple[str, ...]
    blocks: tuple[str, ...]

    @property
    def key(self) -> str:
        return " ".join(self.words)


@lru_cache(maxsize=100_000)
def person_name(text: str) -> PersonName:
    """Return the name without what offices write in different ways; one word stays one."""
    words = tuple(sorted(_joined(_bare(text))))
    sounds = tuple(sorted(sound_of(word) for word in words))
    return PersonName(
        words=words,
        sound=" ".join(sounds),
        initials="".join(sorted(word[0] for word in words)),
        full=tuple(word for word in words if len(word) > 1),
        blocks=tuple(dict.fromkeys(sound for sound in sounds if len(sound) > 1))[:_LONGEST],
    )


def birth_in_nik(nik: str) -> str:
    """Return the day, month and year a NIK carries as DDMMYY; 40 is added to a woman's day."""
    day = int(nik[6:8])
    return f"{day - _WOMEN if day > _WOMEN else day:02d}{nik[8:12]}"


def is_womans(nik: str) -> bool:
    return int(nik[6:8]) > _WOMEN


def _bare(text: str) -> list[str]:
    # What follows a comma is a degree: names are not turned around in Indonesia.
    said, _, _ = _APOSTROPHES.sub("", _KYAI.sub("KH", text)).partition(",")
    plain = [word for word in _BETWEEN.split(said.upper()) if word]
    words = _without_degrees(_without_titles(plain)) or plain
    found = [_WRITTEN_AS.get(word, old_spelling(word)) for word in words if word not in _CONNECTS]
    if len(found) >= _LEAST_WORDS and found[0] == "M":
        found[0] = _MUHAMMAD
    return found


def _without_titles(words: list[str]) -> list[str]:
    first = 0
    while first < len(words) - 1 and words[first] in _TITLES:
        first += 1
    return words[first:]


def _without_degrees(words: list[str]) -> list[str]:
    while len(words) > _LEAST_WORDS and words[-1] in _DEGREES:
        words = words[:-1]
    return words


def _joined(words: list[str]) -> list[str]:
    made: list[str] = []
    for word in words:
        if made and made[-1] in _JOINED:
            made[-1] += word
        else:
            made.append(word)
    return made
