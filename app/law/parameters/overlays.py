"""Temporary regimes laid over the ordinary rates, by contribution month."""

from datetime import date
from decimal import Decimal
from typing import Final

from app.law.citation import Citation, Grade
from app.law.dated import Dated, Version
from app.law.parameters import norms

_PP_49_FROM: Final = date(2020, 8, 1)
_PP_49_TO: Final = date(2021, 1, 31)


def _factor(
    value: str, *, valid_from: date, valid_to: date, grade: Grade, citation: Citation
) -> Version[Decimal]:
    return Version(
        valid_from=valid_from,
        valid_to=valid_to,
        value=Decimal(value),
        unit="bagian dari iuran normal",
        grade=grade,
        citation=citation,
    )


JKK_RELIEF_2020: Final = Dated(
    key="relief.pp49.jkk",
    title="keringanan JKK PP 49/2020",
    versions=(
        _factor(
            "0.01",
            valid_from=_PP_49_FROM,
            valid_to=_PP_49_TO,
            grade="B",
            citation=norms.PP_49_2020,
        ),
    ),
)
JKM_RELIEF_2020: Final = Dated(
    key="relief.pp49.jkm",
    title="keringanan JKM PP 49/2020",
    versions=(
        _factor(
            "0.01",
            valid_from=_PP_49_FROM,
            valid_to=_PP_49_TO,
            grade="A",
            citation=norms.PP_49_2020_RELIEF,
        ),
    ),
)
JP_PAYABLE_NOW: Final = Dated(
    key="relief.pp49.jp",
    title="bagian JP yang dibayar segera menurut PP 49/2020",
    versions=(
        _factor(
            "0.01",
            valid_from=_PP_49_FROM,
            valid_to=_PP_49_TO,
            grade="A",
            citation=norms.PP_49_2020_DEFERRAL,
        ),
    ),
)


def _deferral_day(key: str, title: str, day: date) -> Dated[date]:
    version = Version(
        valid_from=_PP_49_FROM,
        valid_to=_PP_49_TO,
        value=day,
        unit="tanggal, inklusif",
        grade="A",
        citation=norms.PP_49_2020_DEFERRAL,
    )
    return Dated(key=key, title=title, versions=(version,))


JP_DEFERRAL_STARTS_BY: Final = _deferral_day(
    "relief.pp49.jp.start", "batas mulai pelunasan JP yang ditangguhkan", date(2021, 5, 15)
)
JP_DEFERRAL_ENDS_BY: Final = _deferral_day(
    "relief.pp49.jp.end", "batas akhir pelunasan JP yang ditangguhkan", date(2022, 4, 15)
)
JKK_LABOUR_INTENSIVE: Final = Dated(
    key="relief.labour-intensive.jkk",
    title="keringanan JKK industri padat karya",
    versions=(
        _factor(
            "0.5",
            valid_from=date(2025, 2, 1),
            valid_to=date(2025, 7, 31),
            grade="B",
            citation=norms.PP_7_2025,
        ),
        _factor(
            "0.5",
            valid_from=date(2025, 8, 1),
            valid_to=date(2026, 1, 31),
            grade="B",
            citation=norms.PP_36_2025,
        ),
    ),
)
