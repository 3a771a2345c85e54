"""PURE: how dates, amounts and texts are written in a packet. Never decides what is printed."""

from datetime import date
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from app.law.derivation import percent
from app.law.money import formatted, in_words
from app.law.month import Month

MONTHS: Final = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_KILOBYTE = 1024
_MEGABYTE = 1024 * 1024
_OLD_NPWP: Final = 15
_LONGEST_NUMBER: Final = 24
_SEPARATORS: Final = str.maketrans(",.", ".,")

# What the vendored fonts can draw; a test compares it with them.
_LAST_LATIN = 0x17F
_EXTRA: Final = frozenset("–—‘’‚“”„•…−×€™")
_PRINTABLE_ASCII = range(0x20, 0x7F)
_LATIN = range(0xA0, _LAST_LATIN + 1)
_SOFT_HYPHEN = 0xAD
_LINE_BREAKS: Final = "\n\t"


def long_date(day: date) -> str:
    """Return `22 November 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """Return `22-11-2026`, for narrow columns."""
    return f"{day:%d-%m-%Y}"


def month_name(month: Month) -> str:
    """Return `November 2026`."""
    return f"{MONTHS[month.number - 1]} {month.year}"


def amount(value: int) -> str:
    """Return `1.234.567`, for columns whose head says Rp."""
    return f"{value:,}".replace(",", ".")


def file_size(size: int) -> str:
    """Return the size in KB or MB as Indonesian writes it: `1,2 MB`."""
    if size < _KILOBYTE:
        return f"{size} B"
    if size < _MEGABYTE:
        return f"{size / _KILOBYTE:.0f} KB"
    return f"{size / _MEGABYTE:.1f} MB".replace(".", ",")


def halves(digest: str) -> Markup:
    """Return a SHA-256 as two lines of 32 digits."""
    middle = len(digest) // 2
    return Markup("{}<br>{}").format(digest[:middle], digest[middle:])


def exact(value: Decimal) -> str:
    """Return `1.234,50`: an amount before it is rounded to a rupiah."""
    return f"{value:,.2f}".translate(_SEPARATORS)


def capital(text: str) -> str:
    """Return the text with a capital first letter; abbreviations inside it stay as they are."""
    return text[:1].upper() + text[1:]


def npwp(text: str) -> str:
    """Return 16 digits in groups of four and 15 as `82.106.027.4-431.000`, as the cards do."""
    if len(text) == _OLD_NPWP:
        return f"{text[:2]}.{text[2:5]}.{text[5:8]}.{text[8]}-{text[9:12]}.{text[12:]}"
    groups = [text[at : at + 4] for at in range(0, len(text), 4)]
    return " ".join(groups)


def written_day(text: str) -> str:
    """Return a day kept as ISO text as a page writes it."""
    return long_date(date.fromisoformat(text))


def unbroken(text: str) -> Markup:
    """Keep a number with slashes on one line, `B/210/032026`, where it is short enough for it."""
    parts = (_whole(word) if _slashed(word) else str(inert(word)) for word in text.split(" "))
    return Markup(" ").join(parts)


def _whole(word: str) -> Markup:
    return Markup('<span class="rapat">{}</span>').format(inert(word))


def _slashed(word: str) -> bool:
    return "/" in word and len(word) <= _LONGEST_NUMBER


def inert(value: object) -> object:
    """Make what no font draws, and what changes the direction of text, visible: `[U+202E]`."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if all(_drawable(character) for character in value):
        return value
    return "".join(
        character if _drawable(character) else f"[U+{ord(character):04X}]" for character in value
    )


def _drawable(character: str) -> bool:
    point = ord(character)
    if point == _SOFT_HYPHEN:
        return False
    return (
        point in _PRINTABLE_ASCII
        or point in _LATIN
        or character in _EXTRA
        or character in _LINE_BREAKS
    )


FILTERS: Final = {
    "rupiah": formatted,
    "terbilang": in_words,
    "angka": amount,
    "tanggal": long_date,
    "tgl": short_date,
    "tanggal_iso": written_day,
    "utuh": unbroken,
    "bulan": month_name,
    "ukuran": file_size,
    "persen": percent,
    "dua_baris": halves,
    "npwp": npwp,
    "pasti": exact,
    "kapital": capital,
}
