"""What the demo region is made of: people, memberships, employers, and what others know of them."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from app.demo.geography import Place


class Habit(Enum):
    """How an employer treats the bill of one month."""

    ON_TIME = auto()
    LATE = auto()
    INSTALMENTS = auto()
    OVERPAID = auto()
    HALF = auto()
    UNPAID = auto()
    ONE_PROGRAMME_UNPAID = auto()


@dataclass(frozen=True, slots=True)
class Person:
    nik: str
    nama: str
    born: date


@dataclass(slots=True)
class Membership:
    """A worker at an employer. `end` is the last day, None while it runs."""

    divisi: str
    kpj: str
    person: Person
    start: date
    wage: int
    end: date | None = None
    cause: str = ""

    def runs_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or self.end >= day)


@dataclass(frozen=True, slots=True)
class Listed:
    """A worker on another agency's list; `nik` may be written wrongly there."""

    nik: str
    nama: str
    born: date
    start: date | None
    wage: int | None


@dataclass(slots=True)
class SourceRecord:
    """An employer as another agency knows it on the day `on`. Empty texts are unknown."""

    sumber: str
    id_sumber: str
    nama: str
    npwp: str
    nib: str
    kbli: str
    alamat: str
    kode_wilayah: str
    jumlah_tk: int
    skala: str
    on: date
    listed: list[Listed] = field(default_factory=list)


@dataclass(slots=True)
class Employer:
    """A registered employer. `npwp` is kept in its 15 digits; `npwp_shown` is what the row says.

    `habits` overrides how single months are paid, by divisi ("" for all) and month index.
    """

    npp: str
    nama: str
    bentuk: str
    npwp: str
    npwp_shown: str
    nib: str
    kbli: str
    skala: str
    kelas_jkk: int
    place: Place
    alamat: str
    registered_on: date
    programmes: tuple[str, ...]
    status: str = "aktif"
    divisions: list[str] = field(default_factory=lambda: ["000"])
    members: list[Membership] = field(default_factory=list)
    sources: list[SourceRecord] = field(default_factory=list)
    habits: dict[tuple[str, int], Habit] = field(default_factory=dict)
    speaks_for_itself: bool = False

    @property
    def divisi_shown(self) -> str:
        """The divisi a flag names: the head one, or nothing when there are several."""
        return self.divisions[0] if len(self.divisions) == 1 else ""


@dataclass(frozen=True, slots=True)
class Planted:
    """One line of truth.csv.

    `kind` is `violation` (a flag is right), `innocent` (a flag is wrong; with an empty rule: a row
    that looks bad and is good) or `dirt` (the importer rejects the row; `pattern` is the reason).
    Several sources, ids or workers are joined by `;`. `row` counts from 0 within what was made
    together with it; `line` in the file counts the header as 1.
    """

    kind: str
    rule: str
    pattern: str
    note: str
    npp: str = ""
    divisi: str = ""
    sumber: str = ""
    id_sumber: str = ""
    npwp: str = ""
    nik: str = ""
    jumlah_tk: int | None = None
    table: str = ""
    row: int | None = None
