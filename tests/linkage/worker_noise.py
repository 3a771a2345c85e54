"""Lists on which NIKs of members are miswritten, and strangers who look like members.

`SLIPS` are those of a finger or a spreadsheet: the number alone suffers. `OTHER` is another kind of
noise than the model believes in first: names, dates and numbers suffer together, as they do when
one office copies from paper what another has typed.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, Final

Row = dict[str, Any]
_ROWS: Final = "0123456789"


def one_digit(rng: Random, row: Row) -> Row:
    at = rng.randrange(16)
    other = rng.choice([digit for digit in _ROWS if digit != row["nik"][at]])
    return {**row, "nik": row["nik"][:at] + other + row["nik"][at + 1 :]}


def swapped(rng: Random, row: Row) -> Row:
    nik = row["nik"]
    places = [at for at in range(15) if nik[at] != nik[at + 1]]
    at = rng.choice(places)
    return {**row, "nik": nik[:at] + nik[at + 1] + nik[at] + nik[at + 2 :]}


def zeroed(rng: Random, row: Row) -> Row:
    if row["nik"].endswith("0"):
        return one_digit(rng, row)
    return {**row, "nik": f"{row['nik'][:15]}0"}


SLIPS: Final[Mapping[str, Callable[[Random, Row], Row]]] = {
    "satu angka": one_digit,
    "tertukar": swapped,
    "dinolkan": zeroed,
}


def titled(rng: Random, row: Row) -> Row:
    title = rng.choice(("H. ", "Hj. ", "Drs. ", "Ir. "))
    degree = rng.choice(("", ", S.E.", ", S.Kom", " SH"))
    return one_digit(rng, {**row, "nama": f"{title}{row['nama'].upper()}{degree}"})


def turned(rng: Random, row: Row) -> Row:
    return swapped(rng, {**row, "nama": " ".join(reversed(row["nama"].split(" ")))})


def shortened(rng: Random, row: Row) -> Row:
    first, *rest = row["nama"].split(" ")
    return one_digit(rng, {**row, "nama": " ".join([first, *(f"{word[0]}." for word in rest)])})


def misheard(rng: Random, row: Row) -> Row:
    name = row["nama"].upper().replace("U", "OE").replace("J", "DJ", 1)
    return swapped(rng, {**row, "nama": name})


def day_and_month(rng: Random, row: Row) -> Row:
    born: date = row["tgl_lahir"]
    if born.day > 12:
        born = born.replace(year=born.year + 1 if born.day < 29 else born.year)
    else:
        born = born.replace(month=born.day, day=born.month)
    return one_digit(rng, {**row, "tgl_lahir": born})


def two_digits(rng: Random, row: Row) -> Row:
    return one_digit(rng, one_digit(rng, row))


def other_number(rng: Random, row: Row) -> Row:
    """A number of somebody who does not exist: only name and birth are left."""
    return {**row, "nik": f"99{rng.randrange(10**14):014d}"}


OTHER: Final[Mapping[str, Callable[[Random, Row], Row]]] = {
    "gelar": titled,
    "urutan nama": turned,
    "inisial": shortened,
    "ejaan lama": misheard,
    "hari dan bulan": day_and_month,
    "dua angka": two_digits,
    "nomor lain": other_number,
}


def twin(rng: Random, row: Row) -> Row:
    serial = (int(row["nik"][12:]) + 1) % 10_000
    name = f"{rng.choice(('Hasan', 'Husni', 'Rina', 'Rani'))} {row['nama'].split(' ')[-1]}"
    return {**row, "nik": f"{row['nik'][:12]}{serial:04d}", "nama": name}


def namesake(rng: Random, row: Row) -> Row:
    born = row["tgl_lahir"] + timedelta(days=rng.randrange(400, 4000))
    nik = f"{row['nik'][:6]}{born:%d%m%y}{rng.randrange(1, 9999):04d}"
    return {**row, "nik": nik, "tgl_lahir": born}


def same_birthday(rng: Random, row: Row) -> Row:
    nik = f"{row['nik'][:6]}{row['tgl_lahir']:%d%m%y}{rng.randrange(1, 9999):04d}"
    return {**row, "nik": nik, "nama": rng.choice(("Yohanes Purba", "Kadek Ayu", "Slamet"))}


STRANGERS: Final[Mapping[str, Callable[[Random, Row], Row]]] = {
    "kembar": twin,
    "senama": namesake,
    "lahir sama": same_birthday,
}
