"""Why a membership ended, in words. The codes are those of the extract `kepesertaan`."""

from collections.abc import Mapping
from typing import Final

from app.infra.wording import N_

# The extract leaves it empty.
NOT_RECORDED: Final = "tidak_diketahui"

# fmt: off
END_REASONS: Final[Mapping[str, str]] = {
    "klaim_jht":         N_("klaim JHT"),
    "mengundurkan_diri": N_("mengundurkan diri"),
    "phk":               N_("pemutusan hubungan kerja"),
    "meninggal":         N_("meninggal"),
    "pindah":            N_("pindah"),
    "lain":              N_("lain-lain"),
}
# fmt: on
END_WORDS: Final[Mapping[str, str]] = {**END_REASONS, NOT_RECORDED: N_("sebab tidak dicatat")}
