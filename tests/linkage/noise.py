"""Outside records with another kind of noise than the demo's: how offices and machines miswrite.

The demo makes one slip of the finger. Here words change places, a scanner misreads letters, words
shrink to initials, spelling is that of before 1972, addresses are written in another way or are
another's; and strangers share two words of three with a registered neighbour.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

_OCR: Final = (("RN", "M"), ("O", "0"), ("I", "1"), ("S", "5"), ("B", "8"), ("E", "F"), ("U", "V"))
_OLD: Final = (("J", "DJ"), ("U", "OE"), ("C", "TJ"), ("Y", "J"))
_WORDS: Final = ("Sumber", "Rejeki", "Anugerah", "Karya", "Mitra", "Barokah", "Nusa", "Gemilang")
_STREETS: Final = ("Raya Bosih", "Teuku Umar", "Sultan Hasanudin", "Fatahillah", "Gajah Mada")


def _split(name: str) -> tuple[str, list[str]]:
    form, *words = name.split(" ")
    return form, words


def other_order(rng: Random, name: str) -> str:
    form, words = _split(name)
    rng.shuffle(words)
    return rng.choice((f"{' '.join(words)}, {form}", f"{form}. {' '.join(words)}")).upper()


def scanned(rng: Random, name: str) -> str:
    form, words = _split(name.upper())
    for _ in range(2):
        at = rng.randrange(len(words))
        seen, read = rng.choice(_OCR)
        words[at] = words[at].replace(seen, read, 1)
    return f"{form} {' '.join(words)}"


def initials(rng: Random, name: str) -> str:
    form, words = _split(name)
    kept = rng.randrange(len(words))
    return " ".join([form, *(w if at == kept else f"{w[0]}." for at, w in enumerate(words))])


def old_spelling(rng: Random, name: str) -> str:
    del rng
    form, words = _split(name.upper())
    text = " ".join(words).replace("J", "\x01").replace("Y", "J").replace("\x01", "DJ")
    return f"{form} {text.replace('U', 'OE').replace('C', 'TJ')}"


def two_slips(rng: Random, name: str) -> str:
    form, words = _split(name)
    for at in rng.sample(range(len(words)), k=min(2, len(words))):
        word = words[at]
        cut = rng.randrange(1, len(word))
        words[at] = word[:cut] + word[cut + 1 :]
    return f"{form} {' '.join(words)}"


WAYS: Final[Mapping[str, Callable[[Random, str], str]]] = {
    "urutan kata": other_order,
    "salah baca": scanned,
    "inisial": initials,
    "ejaan lama": old_spelling,
    "dua salah ketik": two_slips,
}


def address(rng: Random, text: str) -> str:
    """Write an address otherwise, leave it out, or give another one."""
    if rng.random() < 0.25 or not text:
        return ""
    if rng.random() < 0.15:
        return f"Jalan {rng.choice(_STREETS)} {rng.randint(1, 200)}"
    street, _, district = text.partition(", Kec. ")
    short = street.replace("Jl. ", "Jln ").replace("Jenderal", "Jend.").replace("No. ", "No.")
    return f"{short.split(' RT')[0]} {district}".upper()


def records(
    rng: Random, registered: list[dict[str, Any]], *, strangers: int
) -> list[dict[str, Any]]:
    """Return outside records without numbers; `benar` is the NPP they are, "" for a stranger."""
    made = []
    ways = list(WAYS)
    for number, here in enumerate(registered):
        way = ways[number % len(ways)]
        made.append(
            {
                "nama": WAYS[way](rng, here["nama"]),
                "alamat": address(rng, here["alamat"] or ""),
                "kode_wilayah": here["kode_wilayah"],
                "kbli": here["kbli"] if rng.random() < 0.6 else None,
                "benar": here["npp"],
                "cara": way,
            }
        )
    for _ in range(strangers):
        near = rng.choice(registered)
        form, words = _split(near["nama"])
        at = rng.randrange(len(words))
        words[at] = rng.choice([word for word in _WORDS if word != words[at]])
        made.append(
            {
                "nama": f"{form} {' '.join(words)}",
                "alamat": f"Jl. {rng.choice(_STREETS)} No. {rng.randint(1, 200)}",
                "kode_wilayah": near["kode_wilayah"],
                "kbli": near["kbli"] if rng.random() < 0.3 else "47111",
                "benar": "",
                "cara": "orang lain",
            }
        )
    return [
        {
            "baris": line,
            "kunci": f"sumber:UJI:{line}",
            "sumber": "UJI",
            "id_sumber": str(line),
            "npwp16": None,
            "nib": None,
            "jumlah_tk": 3,
            "tgl_data": "2026-06-30",
            **row,
        }
        for line, row in enumerate(made, start=2)
    ]
