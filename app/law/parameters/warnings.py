"""How many written warnings PP 86/2013 knows, and how long each may run."""

from datetime import date
from typing import Final

from app.law.dated import Dated, Version
from app.law.parameters import norms

_FIRST: Final = date(2013, 12, 24)

WARNINGS_MAX: Final = Dated(
    key="warning.max",
    title="jumlah teguran tertulis paling banyak",
    versions=(
        Version(
            valid_from=_FIRST,
            valid_to=None,
            value=2,
            unit="teguran",
            grade="A",
            citation=norms.PP_86_2013_WARNING,
        ),
    ),
)
WARNING_WORKING_DAYS: Final = Dated(
    key="warning.working-days",
    title="jangka waktu setiap teguran tertulis",
    versions=(
        Version(
            valid_from=_FIRST,
            valid_to=None,
            value=10,
            unit="hari kerja",
            grade="A",
            citation=norms.PP_86_2013_WARNING,
        ),
    ),
)
