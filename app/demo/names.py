"""Names of people and firms, made from common words; any likeness to a real one is chance."""

import tomllib
from importlib.resources import files
from random import Random

from app.demo.chance import one_of

_LISTS = tomllib.loads((files("app.demo") / "words.toml").read_text(encoding="utf-8"))
_WORDS: tuple[str, ...] = tuple(_LISTS["words"])
_ENDINGS: tuple[str, ...] = tuple(_LISTS["endings"])
_MALE: tuple[str, ...] = tuple(_LISTS["male"])
_FEMALE: tuple[str, ...] = tuple(_LISTS["female"])
_FAMILY: tuple[str, ...] = tuple(_LISTS["family"])

_SECOND_CHOICES = len(_WORDS) - 1
_NAME_SPACE = len(_WORDS) * _SECOND_CHOICES * len(_ENDINGS)
_NAME_STEP = 718_447


def firm_words(number: int) -> str:
    """Return three words; no two numbers below a million share them."""
    rest, first = divmod(number * _NAME_STEP % _NAME_SPACE, len(_WORDS))
    ending, second = divmod(rest, _SECOND_CHOICES)
    after = (first + 1 + second) % len(_WORDS)
    return f"{_WORDS[first]} {_WORDS[after]} {_ENDINGS[ending]}"


def longer_words(number: int) -> str:
    """Return four words that differ from those of `firm_words` and from each other as they do."""
    return f"{firm_words(number)} {_FAMILY[number % len(_FAMILY)]}"


def firm_name(words: str, *, bentuk: str) -> str:
    match bentuk:
        case "PT" | "CV" | "UD" | "Firma":
            return f"{bentuk} {words}"
        case "Perorangan":
            return f"Toko {words}"
        case _:
            return f"{bentuk} {words}"


def person_name(rng: Random, *, female: bool) -> str:
    first = one_of(rng, _FEMALE if female else _MALE)
    if rng.random() < 0.06:  # noqa: PLR2004  (many Indonesians have one name)
        return first
    return f"{first} {one_of(rng, _FAMILY)}"


def written_otherwise(rng: Random, name: str) -> str:
    """Return the name as another office writes it: same words, other capitals and punctuation."""
    form, _, words = name.partition(" ")
    ways = [name, name.upper(), name.upper().replace(" ", "  ")]
    if form in {"PT", "CV", "UD"}:
        ways += [f"{form}. {words}", f"{form}.  {words.upper()}", f"{words.upper()}, {form}"]
    return rng.choice(ways)


def misspelt(rng: Random, name: str) -> str:
    """Return the name with one slip of the finger in one of its longer words."""
    legal, *words = name.split(" ")
    longest = max(range(len(words)), key=lambda index: len(words[index]))
    word = words[longest]
    at = rng.randint(1, len(word) - 2)
    slip = rng.randrange(3)
    if slip == 0 and word[at] != word[at + 1]:
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif slip == 1:
        word = word[:at] + word[at + 1 :]
    else:
        word = word[:at] + word[at] + word[at:]
    words[longest] = word
    return " ".join((legal, *words))
