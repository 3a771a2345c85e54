"""Provinces and regencies by their official code, and the time zone a place lives in."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_PROVINCE_DIGITS = 2

# Law: Keppres 41/1987, dividing the country into three zones. Reading: provinces made since keep
# the zone of the province they were taken from.
# fmt: off
_CENTRAL = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_EASTERN = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})
# fmt: on


@cache
def regency_names() -> Mapping[str, str]:
    """Return the name of every regency and city by its code, written `PP.KK`."""
    return _column("regencies.csv", value="name")


@cache
def province_names() -> Mapping[str, str]:
    """Return the name of every province by its two-digit code."""
    return _column("provinces.csv", value="name")


@cache
def business_titles() -> Mapping[str, str]:
    """Return titles of KBLI 2020 by five-digit code: those the demo uses, not the whole list."""
    return _column("kbli.csv", value="title")


def zone_of(kode_wilayah: str) -> str:
    """Return the IANA zone of a province (`PP`) or of a place in it (`PP.KK` and longer).

    Raises:
        KeyError: there is no such province.
    """
    province = kode_wilayah[:_PROVINCE_DIGITS]
    if province not in province_names():
        raise KeyError(province)
    if province in _EASTERN:
        return "Asia/Jayapura"
    if province in _CENTRAL:
        return "Asia/Makassar"
    return "Asia/Jakarta"


def _column(name: str, *, value: str) -> Mapping[str, str]:
    text = (files("app.registry.reference") / name).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["code"]: row[value] for row in rows})
