"""PURE: the six rules, in the order in which they are printed. Their codes are a contract."""

from typing import Final

from app.detection.rules.lapsed import LAPSED
from app.detection.rules.pds_program import PDS_PROGRAM
from app.detection.rules.pds_tk import PDS_TK
from app.detection.rules.pds_upah import PDS_UPAH
from app.detection.rules.piutang import PIUTANG
from app.detection.rules.pwbd import PWBD
from app.detection.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = (PWBD, PDS_TK, PDS_UPAH, PDS_PROGRAM, PIUTANG, LAPSED)
