"""The registry of parameters as a page that a lawyer can read from top to bottom."""

from collections.abc import Iterator
from decimal import Decimal

from app.law.citation import Citation
from app.law.dated import Dated
from app.law.derivation import percent
from app.law.money import formatted
from app.law.parameters import SECTIONS

_HEAD = """\
# Parameter hukum

Setiap angka yang dipakai Patuh: nilainya, tanggal berlakunya (keduanya inklusif), sumbernya, dan
seberapa pasti. Sumber: kunci pada berkas hukum. Diperiksa: siapa yang mencocokkan kutipan itu
dengan naskah resmi, dan kapan. Mutu A: teks norma dibaca. B: sumber sekunder dibaca. C: belum
diverifikasi atau pembacaan kami sendiri; tidak pernah dicetak sebagai kutipan hukum. Halaman ini
dibuat dari kode: `python -m app.law.parameters > docs/parameters.md`.
"""


def markdown() -> str:
    """Return the whole page, one table per section, one row per version."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    for title, parameters in SECTIONS:
        yield f"## {title}\n"
        yield "| Parameter | Kode | Berlaku | Nilai | Satuan | Mutu | Dasar | Sumber | Diperiksa |"
        yield "|---|---|---|---|---|---|---|---|---|"
        for parameter in parameters:
            yield from _rows(parameter)
        yield ""


def _rows(parameter: Dated[object]) -> Iterator[str]:
    for version in parameter:
        until = "seterusnya" if version.valid_to is None else version.valid_to.isoformat()
        cells = (
            parameter.title,
            f"`{parameter.key}`",
            f"{version.valid_from.isoformat()} sampai {until}",
            _value(version.value, unit=version.unit),
            version.unit,
            version.grade,
            f"{version.citation.label}. {version.citation.note}".rstrip(),
            version.citation.source,
            _checked(version.citation),
        )
        yield f"| {' | '.join(cells)} |"


def _checked(citation: Citation) -> str:
    if citation.checked_by is None or citation.checked_on is None:
        return "belum"
    return f"{citation.checked_by}, {citation.checked_on.isoformat()}"


def _value(value: object, *, unit: str) -> str:
    match value:
        case None:
            return "tidak ada"
        case bool():
            return "ya" if value else "tidak"
        case Decimal():
            return percent(value)
        case int() if unit.startswith("rupiah"):
            return formatted(value)
        case tuple():
            return "; ".join(str(item) for item in value)
        case _:
            return str(value)
