"""PURE: what the end of a case says of the rule that had raised it.

Law: none. Reading: an employer that paid or registered shows that the flag held, so do arrears
that went to the state's receivables office; a wrong bill or a violation not proven shows that it
did not. Where the employer closed, went bankrupt, was never found, or the case was withdrawn, the
end says nothing of the rule.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.cases.stages import ARREARS, Violation
from app.detection.schemas import Verdict

_HELD: Final = frozenset({"LUNAS", "PATUH"})
_FAILED: Final = frozenset({"SALAH_TAGIH", "TIDAK_TERBUKTI"})
_HELD_FOR_ARREARS: Final = frozenset({"DIALIHKAN"})
_SAYS_NOTHING: Final = frozenset({"TUTUP_TERVERIFIKASI", "TIDAK_DITEMUKAN", "PAILIT", "DICABUT"})
READINGS: Final = _HELD | _FAILED | _HELD_FOR_ARREARS | _SAYS_NOTHING


def verdicts(closed_reason: str) -> Mapping[str, Verdict]:
    """Return by rule whether the flags of a case that ended so had held."""
    return MappingProxyType({rule.value: _verdict(closed_reason, rule) for rule in Violation})


def _verdict(closed_reason: str, rule: Violation) -> Verdict:
    if closed_reason in _HELD or (closed_reason in _HELD_FOR_ARREARS and rule in ARREARS):
        return "terbukti"
    return "tidak_terbukti" if closed_reason in _FAILED else "tidak_dinilai"
