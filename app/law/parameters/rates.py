"""Contribution rates of wage earners, as fractions of the monthly wage."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from app.law.citation import Citation, reading
from app.law.dated import Dated, Version
from app.law.parameters import norms

FIRST_DAY: Final = date(2015, 7, 1)
_UNIT: Final = "bagian dari upah sebulan"


def _rate(key: str, title: str, value: str, citation: Citation) -> Dated[Decimal]:
    version = Version(
        valid_from=FIRST_DAY,
        valid_to=None,
        value=Decimal(value),
        unit=_UNIT,
        grade="B",
        citation=citation,
    )
    return Dated(key=key, title=title, versions=(version,))


def _jkk(jkk_class: int, risk: str, value: str) -> Dated[Decimal]:
    return _rate(f"rate.jkk.{jkk_class}", f"tarif JKK {risk}", value, norms.PP_44_2015_JKK)


_JKM: Final = norms.PP_44_2015_JKM
_JHT: Final = norms.PP_46_2015_JHT
_JP: Final = norms.PP_45_2015_JP

# fmt: off
JKK_EMPLOYER: Final[Mapping[int, Dated[Decimal]]] = MappingProxyType({
    1: _jkk(1, "tingkat risiko sangat rendah", "0.0024"),
    2: _jkk(2, "tingkat risiko rendah",        "0.0054"),
    3: _jkk(3, "tingkat risiko sedang",        "0.0089"),
    4: _jkk(4, "tingkat risiko tinggi",        "0.0127"),
    5: _jkk(5, "tingkat risiko sangat tinggi", "0.0174"),
})
JKM_EMPLOYER: Final = _rate("rate.jkm",          "tarif JKM pemberi kerja", "0.003", _JKM)
JHT_EMPLOYER: Final = _rate("rate.jht.employer", "tarif JHT pemberi kerja", "0.037", _JHT)
JHT_WORKER:   Final = _rate("rate.jht.worker",   "tarif JHT pekerja",       "0.02",  _JHT)
JP_EMPLOYER:  Final = _rate("rate.jp.employer",  "tarif JP pemberi kerja",  "0.02",  _JP)
JP_WORKER:    Final = _rate("rate.jp.worker",    "tarif JP pekerja",        "0.01",  _JP)
# fmt: on

SHARE_ROUNDING: Final = Dated(
    key="rate.rounding",
    title="pembulatan iuran",
    versions=(
        Version(
            valid_from=FIRST_DAY,
            valid_to=None,
            value="setengah ke atas, per program dan pembayar",
            unit="aturan",
            grade="C",
            citation=reading("Satu kali, setelah keringanan."),
        ),
    ),
)
