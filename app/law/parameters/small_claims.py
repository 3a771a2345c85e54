"""The highest claim that the simple procedure (gugatan sederhana) takes."""

from datetime import date
from typing import Final

from app.law.dated import Dated, Version
from app.law.parameters import norms

SMALL_CLAIMS_CEILING: Final = Dated(
    key="small-claims.ceiling",
    title="nilai gugatan sederhana paling banyak",
    versions=(
        Version(
            valid_from=date(2015, 8, 7),
            valid_to=date(2019, 8, 19),
            value=200_000_000,
            unit="rupiah",
            grade="B",
            citation=norms.PERMA_SMALL_CLAIMS,
        ),
        Version(
            valid_from=date(2019, 8, 20),
            valid_to=None,
            value=500_000_000,
            unit="rupiah",
            grade="B",
            citation=norms.PERMA_SMALL_CLAIMS,
        ),
    ),
)
