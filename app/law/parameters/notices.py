"""How many notices have to be received before a case may be referred."""

from datetime import date
from typing import Final

from app.law.citation import reading
from app.law.dated import Dated, Version


def _notices(key: str, title: str, count: int, note: str) -> Dated[int]:
    version = Version(
        valid_from=date(2013, 12, 24),
        valid_to=None,
        value=count,
        unit="surat dengan bukti terima",
        grade="C",
        citation=reading(note),
    )
    return Dated(key=key, title=title, versions=(version,))


NOTICES_FOR_ARREARS: Final = _notices(
    "notice.arrears",
    "surat pemberitahuan sebelum rujukan tunggakan",
    2,
    "Dua surat sebelum piutang diteruskan; praktik, tidak ditemukan norma.",
)
NOTICES_FOR_BREACHES: Final = _notices(
    "notice.breaches",
    "surat pemberitahuan sebelum rujukan pelanggaran",
    1,
    "Pelanggaran dibuktikan oleh pemeriksaan; satu surat, tidak ditemukan norma.",
)
