"""Through whom a worker was enrolled: told by the numbers they have, so that no chance is drawn."""

from collections.abc import Mapping
from typing import Final
from zlib import crc32

from app.demo.model import Employer, Membership

# Of a hundred memberships by size of the employer; the rest of them are not told.
# fmt: off
_OF_A_HUNDRED: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "mikro":    (("perisai", 44), ("kantor", 20), ("mitra", 16), ("daring", 12), ("lain", 2)),
    "kecil":    (("pemberi_kerja", 40), ("perisai", 26), ("kantor", 18), ("daring", 8), ("mitra", 4)),  # noqa: E501
    "menengah": (("pemberi_kerja", 78), ("kantor", 14), ("daring", 4)),
    "besar":    (("pemberi_kerja", 92), ("kantor", 5)),
}
# fmt: on


def channel(of: Employer, member: Membership) -> str:
    """Return the code of the channel, or nothing where the extract does not tell it."""
    place = crc32(f"{of.npp}{member.kpj}".encode()) % 100
    for code, share in _OF_A_HUNDRED[of.skala]:
        if place < share:
            return code
        place -= share
    return ""
