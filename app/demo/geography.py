"""The demo region: real regencies around one industrial corridor, six branch offices, streets."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from app.registry.reference.regions import regency_names


@dataclass(frozen=True, slots=True)
class DemoOffice:
    """A branch office (kantor cabang) of the demo: `city` is where letters are dated."""

    code: str
    name: str
    city: str
    kode_wilayah: str


@dataclass(frozen=True, slots=True)
class Place:
    """A regency; `wage_floor` is the demo's invented level of low pay, not a minimum wage."""

    kode_wilayah: str
    office: str
    tax_office: str
    wage_floor: int
    districts: tuple[str, ...]

    @property
    def name(self) -> str:
        return regency_names()[self.kode_wilayah]


# fmt: off
OFFICES = (
    DemoOffice("J05", "Kantor Cabang Bekasi Cikarang",      "Cikarang",   "32.16"),
    DemoOffice("J06", "Kantor Cabang Bekasi Kota",          "Bekasi",     "32.75"),
    DemoOffice("J07", "Kantor Cabang Karawang",             "Karawang",   "32.15"),
    DemoOffice("J08", "Kantor Cabang Purwakarta",           "Purwakarta", "32.14"),
    DemoOffice("J09", "Kantor Cabang Bogor Cileungsi",      "Cileungsi",  "32.01"),
    DemoOffice("P04", "Kantor Cabang Jakarta Rawamangun",   "Jakarta",    "31.75"),
)
PLACES = (
    Place("32.16", "J05", "431", 5_500_000,
          ("Cikarang Barat", "Cikarang Selatan", "Cikarang Utara",
           "Cibitung", "Tambun Selatan", "Setu")),
    Place("32.75", "J06", "407", 5_600_000,
          ("Bekasi Timur", "Bekasi Barat", "Bekasi Utara",
           "Medan Satria", "Rawalumbu", "Jatiasih")),
    Place("32.15", "J07", "408", 5_500_000,
          ("Telukjambe Timur", "Telukjambe Barat", "Klari",
           "Cikampek", "Karawang Barat", "Rengasdengklok")),
    Place("32.14", "J08", "409", 4_700_000,
          ("Purwakarta", "Jatiluhur", "Bungursari", "Campaka", "Babakancikao")),
    Place("32.13", "J08", "439", 3_500_000,
          ("Subang", "Kalijati", "Pagaden", "Pabuaran", "Cipeundeuy")),
    Place("32.01", "J09", "436", 4_800_000,
          ("Cileungsi", "Gunung Putri", "Citeureup", "Klapanunggal", "Jonggol")),
    Place("31.75", "P04", "004", 5_300_000,
          ("Pulo Gadung", "Cakung", "Jatinegara", "Duren Sawit", "Ciracas")),
)
SHARES = (24, 18, 19, 9, 7, 12, 11)
_LOWEST_FLOOR = 2_200_000

# Regencies from which people came to work here; the first are the region's own.
BIRTHPLACES = (
    *(place.kode_wilayah for place in PLACES),
    "32.05", "32.09", "32.12", "32.17", "33.02", "33.05", "33.10", "33.22", "33.28",
    "34.02", "35.07", "35.18", "12.08", "13.06", "16.02", "18.02",
)
# fmt: on

_STREETS = (
    "Raya Industri",
    "Jenderal Sudirman",
    "Ahmad Yani",
    "Diponegoro",
    "Gatot Subroto",
    "Imam Bonjol",
    "Kartini",
    "Veteran",
    "Pahlawan",
    "Merdeka",
    "Cut Nyak Dien",
    "Pangeran Antasari",
    "Raya Pantura",
    "Siliwangi",
    "Pasar Baru",
    "Melati",
    "Kenanga",
    "Anggrek",
    "Cendana",
    "Mawar",
    "Irigasi",
    "Stasiun",
    "Pemuda",
    "Raya Serang",
    "Ir. H. Juanda",
)
_ESTATES = (
    "Kawasan Industri Jaya Makmur",
    "Kawasan Industri Citarum Permai",
    "Kawasan Industri Tirta Mulya",
    "Komplek Pergudangan Sentral",
    "Ruko Niaga Utama",
    "Ruko Taman Asri",
)


def _elsewhere(kode_wilayah: str, name: str) -> Place:
    """Return a regency that the demo knows by nothing but its name: one office, four districts."""
    short = name.removeprefix("Kab. ").removeprefix("Kabupaten ").removeprefix("Kota ")
    digits = kode_wilayah.replace(".", "")
    return Place(
        kode_wilayah,
        f"K{digits}",
        f"{int(digits) % 899 + 101}",
        _LOWEST_FLOOR + int(digits) * 7_919 % 24 * 100_000,
        tuple(f"{short} {part}" for part in ("Utara", "Timur", "Selatan", "Barat")),
    )


NATION_PLACES = (
    *PLACES,
    *(
        _elsewhere(code, name)
        for code, name in regency_names().items()
        if code not in {place.kode_wilayah for place in PLACES}
    ),
)
# The corridor is where most of the work is; the other half is spread evenly.
NATION_SHARES = (*(5 * share for share in SHARES), *[1] * (len(NATION_PLACES) - len(PLACES)))


def pick_place(rng: Random, places: Sequence[Place], *, shares: Sequence[int]) -> Place:
    return rng.choices(places, weights=shares)[0]


def address(rng: Random, place: Place, *, industrial: bool) -> str:
    """Return an invented address on a common street name in a real district."""
    district = rng.choice(place.districts)
    number = rng.randint(1, 240)
    if industrial:
        block = f"{rng.choice('ABCDEFGHJK')}{rng.randint(1, 28)}"
        return f"{rng.choice(_ESTATES)} Blok {block} No. {number % 60 + 1}, Kec. {district}"
    rt, rw = rng.randint(1, 12), rng.randint(1, 15)
    return f"Jl. {rng.choice(_STREETS)} No. {number} RT {rt:03d}/RW {rw:03d}, Kec. {district}"
