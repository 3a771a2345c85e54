"""PURE: the six rules, in the order in which they are printed. Their codes are a contract."""

from typing import Final

from app.detection.rules.lapsed import LAPSED
from app.detection.rules.lapsed_2 import LAPSED_2
from app.detection.rules.pds_program import PDS_PROGRAM
from app.detection.rules.pds_tk import PDS_TK
from app.detection.rules.pds_upah import PDS_UPAH
from app.detection.rules.piutang import PIUTANG
from app.detection.rules.pwbd import PWBD
from app.detection.rules.rule import Rule

# Each in the version that runs where people have not decided otherwise.
RULES: Final[tuple[Rule, ...]] = (PWBD, PDS_TK, PDS_UPAH, PDS_PROGRAM, PIUTANG, LAPSED)
# Versions that ship beside it: newer ones are drafts until two people have put them in force, older
# ones stay for the editions that name them. One that an edition may name is never taken out.
BESIDE: Final[tuple[Rule, ...]] = (LAPSED_2,)


def versions_of(code: str) -> tuple[Rule, ...]:
    """Return every version of a rule that this release has, the oldest first."""
    found = (rule for rule in (*RULES, *BESIDE) if rule.code == code)
    return tuple(sorted(found, key=lambda rule: rule.version))


def version_of(code: str, version: int) -> Rule | None:
    return next((rule for rule in versions_of(code) if rule.version == version), None)
