"""Identifiers with the right shape, unique by construction, that belong to nobody."""

from datetime import date
from random import Random

from app.demo.geography import BIRTHPLACES

_DISTRICTS = 20
_FIRST_BIRTH = date(1968, 1, 1).toordinal()
_BIRTH_DAYS = date(2007, 6, 30).toordinal() - _FIRST_BIRTH
_SERIALS = 9_990
_AREAS = tuple(place.replace(".", "") for place in BIRTHPLACES)
_NIK_SPACE = len(BIRTHPLACES) * _DISTRICTS * _BIRTH_DAYS * _SERIALS

# Each multiplier shares no factor with its space, so that different numbers stay different.
_NIK_STEP = 22_801_763_489
_NPWP_SPACE, _NPWP_STEP = 98_000_000, 60_567_643
_NIB_SPACE, _NIB_STEP = 9_999_999_967, 6_180_339_887
_KPJ_SPACE, _KPJ_STEP = 10**11, 61_803_398_873
_NPP_SPACE, _NPP_STEP = 10**6, 618_033

_TEN = 10
_FEMALE_DAY = 40
_NPWP_DIGITS_BEFORE_CHECK = 8


def npp(number: int) -> str:
    """Return an employer number for `number` below a million."""
    return f"AA{(number + 1) * _NPP_STEP % _NPP_SPACE:06d}"


def npp_that_is_nobodys(rng: Random) -> str:
    return f"ZZ{rng.randrange(_NPP_SPACE):06d}"


def kpj(number: int) -> str:
    return f"{number * _KPJ_STEP % _KPJ_SPACE:011d}"


def nib(number: int) -> str:
    return f"{9_120_000_000_000 + number * _NIB_STEP % _NIB_SPACE:013d}"


def npwp15(number: int, *, tax_office: str) -> str:
    """Return 15 digits whose ninth is the Luhn digit of the first eight; head office (000)."""
    body = f"{1_000_000 + number * _NPWP_STEP % _NPWP_SPACE:08d}"
    return f"{body}{luhn_digit(body)}{tax_office}000"


def luhn_digit(body: str) -> str:
    """Return the digit that makes `body` plus it pass the Luhn check."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004  (cross sum of two digits)
    return str(-total % _TEN)


def npwp16(npwp: str) -> str:
    return f"0{npwp}"


def npwp_punctuated(npwp: str) -> str:
    return f"{npwp[:2]}.{npwp[2:5]}.{npwp[5:8]}.{npwp[8]}-{npwp[9:12]}.{npwp[12:]}"


def nik_and_birth(number: int, *, female: bool) -> tuple[str, date]:
    """Return a NIK and the birth date it carries; women have 40 added to the day."""
    rest, serial = divmod(number * _NIK_STEP % _NIK_SPACE, _SERIALS)
    rest, days = divmod(rest, _BIRTH_DAYS)
    birthplace, district = divmod(rest, _DISTRICTS)
    born = date.fromordinal(_FIRST_BIRTH + days)
    day = born.day + (_FEMALE_DAY if female else 0)
    area = _AREAS[birthplace]
    year = born.year % 100
    return f"{area}{district + 1:02d}{day:02d}{born.month:02d}{year:02d}{serial + 1:04d}", born
