"""PURE: the name of an employer as linkage compares it: form, words in order, sounds, initials.

Nothing here decides that two names are the same; it takes away what carries no identity.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

# How a legal form is written in a name -> the form. In order: a later row sees what is left.
# fmt: off
_FORMS: Final = (
    (re.compile(r"\bP\s?\.?\s?T\b\.?|\bPERSEROAN TERBATAS\b"),      "PT"),
    (re.compile(r"\bC\s?\.?\s?V\b\.?|\bCOMMANDITAIRE VENNOOTSCHAP\b|\bPERSEKUTUAN KOMANDITER\b"), "CV"),  # noqa: E501
    (re.compile(r"\bU\s?\.?\s?D\b\.?|\bUSAHA DAGANG\b"),            "UD"),
    (re.compile(r"\bFIRMA\b|\bFA\b\.?"),                            "FIRMA"),
    (re.compile(r"\bKOPERASI\b|\bKOP\b\.?|\bKOPKAR\b|\bKSU\b|\bKUD\b"), "KOPERASI"),
    (re.compile(r"\bYAYASAN\b|\bYYS\b\.?"),                         "YAYASAN"),
    (re.compile(r"\bPERORANGAN\b|\bTOKO\b|\bTK\b\."),               "PERORANGAN"),
)
_SAYS_NOTHING: Final = frozenset({
    "TBK", "PERSERO", "TERBUKA", "DAN", "AND", "THE", "CO", "LTD", "LIMITED", "INC", "CORP",
    "PERUSAHAAN",
})
_WRITTEN_AS: Final = {
    "IND": "INDUSTRI", "INDUSTRY": "INDUSTRI", "INDUSTRIES": "INDUSTRI",
    "INDO": "INDO", "IDN": "INDONESIA",
    "INTL": "INTERNASIONAL", "INTERNATIONAL": "INTERNASIONAL", "INTERNATIONL": "INTERNASIONAL",
    "MFG": "MANUFAKTUR", "MANUFACTURING": "MANUFAKTUR", "MANUFACTURE": "MANUFAKTUR",
    "TEHNIK": "TEKNIK", "TECHNIC": "TEKNIK", "TECHNIK": "TEKNIK", "TEHNIC": "TEKNIK",
    "TEK": "TEKNIK",
    "ENG": "ENGINEERING", "ENGG": "ENGINEERING",
    "TRD": "TRADING", "TRDG": "TRADING", "DAG": "DAGANG",
    "TRANSPORT": "TRANSPOR", "TRANSPORTASI": "TRANSPOR", "TRANSPORTATION": "TRANSPOR",
    "LOG": "LOGISTIK", "LOGISTIC": "LOGISTIK", "LOGISTICS": "LOGISTIK",
    "ELEKTRONIC": "ELEKTRONIK", "ELECTRONIC": "ELEKTRONIK", "ELECTRONICS": "ELEKTRONIK",
    "KONSTR": "KONSTRUKSI", "CONSTRUCTION": "KONSTRUKSI", "CONST": "KONSTRUKSI",
    "TEXTILE": "TEKSTIL", "TEXTIL": "TEKSTIL", "TEX": "TEKSTIL",
    "GARMENT": "GARMEN", "GMT": "GARMEN",
    "NUSANTRA": "NUSANTARA", "PRTM": "PRATAMA", "SJHT": "SEJAHTERA", "MKMR": "MAKMUR",
    "BROS": "BROTHERS", "BERSAUDARA": "SAUDARA",
}
# The spelling before 1972, known by its digraphs; then J was what is Y now.
_OLD: Final = re.compile(r"DJ|TJ|NJ|SJ|OE")
_OLD_LETTERS: Final = (("DJ", "\x01"), ("TJ", "C"), ("NJ", "NY"), ("SJ", "SY"), ("OE", "U"), ("J", "Y"), ("\x01", "J"))  # noqa: E501
# Letters that are written in several ways for one sound, or read wrongly by a machine.
_SOUNDS: Final = (
    ("RN", "M"), ("PH", "F"), ("CH", "K"), ("KH", "K"), ("SY", "S"), ("SH", "S"), ("DH", "D"),
    ("TH", "T"), ("CK", "K"), ("QU", "KU"), ("C", "K"), ("Q", "K"), ("X", "KS"), ("Z", "S"),
    ("V", "F"), ("Y", "I"), ("H", ""),
)
_AS_LETTERS: Final = str.maketrans("015864", "OISBGA")
# fmt: on
_BETWEEN: Final = re.compile(r"[^A-Z0-9]+")
_DOUBLED: Final = re.compile(r"(.)\1+")
_AWAY_WITH: Final = re.compile(r"[&+]|\bQQ\b")
_LONGEST: Final = 6
_NUMBER_SHARE: Final = 2


@dataclass(frozen=True, slots=True)
class EmployerName:
    """`words` and `sounds` are sorted; `full` are the words of two letters or more.

    `pairs` are any two sounds together, `starts` any single sound of a name of one word: the
    blocks in which a candidate is looked for.
    """

    form: str
    words: tuple[str, ...]
    sounds: tuple[str, ...]
    initials: str
    full: tuple[str, ...]
    pairs: tuple[str, ...]

    @property
    def key(self) -> str:
        return " ".join(self.words)

    @property
    def sound(self) -> str:
        return " ".join(self.sounds)


def employer_name(text: str) -> EmployerName:
    """Return the name without what offices write in different ways."""
    rest = _AWAY_WITH.sub(" ", text.upper())
    form, rest = _form(rest)
    words = tuple(sorted(_words(rest)))
    sounds = tuple(sorted(sound_of(word) for word in words))
    full = tuple(word for word in words if len(word) > 1)
    return EmployerName(
        form=form,
        words=words,
        sounds=sounds,
        initials="".join(sorted(word[0] for word in words)),
        full=full,
        pairs=_pairs(sounds, words),
    )


def legal_forms_differ(one: str, other: str) -> bool:
    """Say whether two legal forms exclude each other; a shop may trade as a UD."""
    trades = {"UD", "PERORANGAN"}
    return bool(one and other and one != other and not {one, other} <= trades)


def old_spelling(word: str) -> str:
    """Return a word in capitals in the spelling since 1972: DJAJA is JAYA, TJIPTA is CIPTA."""
    if not _OLD.search(word):
        return word
    return _replaced(word, _OLD_LETTERS)


def _form(text: str) -> tuple[str, str]:
    form = ""
    for pattern, name in _FORMS:
        if pattern.search(text):
            form = form or name
            # A form is said once; a second "toko" may be part of the name.
            text = pattern.sub(" ", text, count=1)
            break
    return form, text


def _words(text: str) -> list[str]:
    found = [_word(piece) for piece in _BETWEEN.split(text) if piece]
    return [word for word in found if word and word not in _SAYS_NOTHING]


@lru_cache(maxsize=200_000)
def _word(piece: str) -> str:
    digits = sum(letter.isdigit() for letter in piece)
    if digits > 0 and digits * _NUMBER_SHARE <= len(piece) and len(piece) > _NUMBER_SHARE:
        piece = piece.translate(_AS_LETTERS)
    return _WRITTEN_AS.get(piece, old_spelling(piece))


@lru_cache(maxsize=200_000)
def sound_of(word: str) -> str:
    """Return a word in capitals as it sounds, in one spelling."""
    return _DOUBLED.sub(r"\1", _replaced(word, _SOUNDS)) or word


def _pairs(sounds: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the blocks: any two sounds, any two initials with one sound, one sound alone."""
    telling = [sound for sound in dict.fromkeys(sounds) if len(sound) > 1][:_LONGEST]
    pairs = {f"{one}+{other}" for one, other in combinations(telling, 2)}
    letters = "".join(sorted(word[0] for word in words))
    pairs |= {f"{letters}:{sound}" for sound in telling}
    return tuple(sorted(pairs))


def _replaced(word: str, table: tuple[tuple[str, str], ...]) -> str:
    for old, new in table:
        word = word.replace(old, new)
    return word
