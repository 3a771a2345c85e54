"""The stamp duty (meterai) on civil documents."""

from datetime import date
from typing import Final

from app.law.dated import Dated, Version
from app.law.parameters import norms

STAMP_DUTY: Final = Dated(
    key="stamp-duty",
    title="bea meterai",
    versions=(
        Version(
            valid_from=date(2021, 1, 1),
            valid_to=None,
            value=10_000,
            unit="rupiah per dokumen",
            grade="A",
            citation=norms.UU_10_2020,
        ),
    ),
)
