"""What a receivable needs before the state receivables committee (PUPN) takes it."""

from datetime import date
from typing import Final

from app.law.dated import Dated, Version
from app.law.parameters import norms

_FIRST: Final = date(2025, 1, 1)

PUPN_MINIMUM: Final = Dated(
    key="pupn.minimum",
    title="piutang paling sedikit untuk PUPN",
    versions=(
        Version(
            valid_from=_FIRST,
            valid_to=None,
            value=8_000_000,
            unit="rupiah",
            grade="B",
            citation=norms.PUPN_PRACTICE,
        ),
    ),
)
PUPN_NOT_WITH_LAW_ENFORCEMENT: Final = Dated(
    key="pupn.not-with-aph",
    title="piutang belum ditangani aparat penegak hukum",
    versions=(
        Version(
            valid_from=_FIRST,
            valid_to=None,
            value=True,
            unit="syarat",
            grade="B",
            citation=norms.PUPN_PRACTICE,
        ),
    ),
)
