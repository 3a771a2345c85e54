"""How terms and derivations of the law are said on pages: the law speaks Indonesian text only."""

from typing import Final

from app.infra.wording import N_
from app.web.spoken import dates_written_out, respoken

# What the law builds with values in it; anything else is a sentence of its own.
PATTERNS: Final = (
    N_("Iuran {month}"),
    N_("Tunggakan dan denda keterlambatan per {day}"),
    N_("{programme} pemberi kerja"),
    N_("{programme} pekerja"),
    N_("Tunggakan {month}"),
    N_("Dibayar {programme} {month}"),
    N_("Denda terutang {programme} {month}"),
    N_("Denda dibayar {programme} {month}"),
    N_("Perkiraan {kind} per {day}"),
    N_("Perubahan dari {before} sampai {after}"),
    N_("Pekerja {number}"),
    N_("Pokok {programme} {month}"),
    N_("Denda {programme} {month}"),
    N_("{formula}, dibulatkan setengah ke atas"),
    N_("Penangguhan: {reason} ({authority})"),
    N_(
        "{count} hari kerja dihitung sejak hari sesudah {day}, hari terakhir termasuk; "
        "cuti bersama bukan hari kerja."
    ),
    N_(
        "{count} hari kerja dihitung sejak hari sesudah {day}, hari terakhir termasuk; "
        "cuti bersama dihitung sebagai hari kerja."
    ),
    N_(
        "{count} hari kalender dihitung sejak hari sesudah {day}, hari terakhir termasuk dan "
        "tidak digeser bila jatuh pada hari libur."
    ),
)

# A day is skipped for its weekday first, then for what else it is.
WEEKEND: Final = frozenset({N_("Sabtu"), N_("Minggu")})


def law_words(text: str, language: str) -> str:
    """Return what the law said, in `language`; holidays and names of laws stay as they are."""
    first, separator, rest = text.partition("; ")
    if separator and first in WEEKEND:
        return f"{respoken(first, language, ())}; {law_words(rest, language)}"
    return dates_written_out(respoken(text, language, PATTERNS), language)
