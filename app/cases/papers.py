"""PURE: documents that stand for a time, and what letters said of their addressee."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.cases.stages import Action


class PaperKind(StrEnum):
    """What is registered with the day on which it ends, or with which it began."""

    AGREEMENT = "pks"
    MANDATE = "skk_non_litigasi"
    LITIGATION_MANDATE = "skk_litigasi"
    ORDER = "surat_tugas"
    EXHIBIT = "bukti"
    SMALL_CLAIM = "gugatan_sederhana"
    PUPN = "pupn"
    POLICE = "polisi"
    LABOUR_REPORT = "pengawas_ketenagakerjaan"


# fmt: off
PAPER_LABELS: Final[Mapping[PaperKind, str]] = MappingProxyType({
    PaperKind.AGREEMENT:          "Perjanjian kerja sama (PKS) dengan Kejaksaan",
    PaperKind.MANDATE:            "SKK non-litigasi",
    PaperKind.LITIGATION_MANDATE: "SKK litigasi",
    PaperKind.ORDER:              "Surat tugas",
    PaperKind.EXHIBIT:            "Bukti yang berlaku sampai tanggal tertentu",
    PaperKind.SMALL_CLAIM:        "Keputusan menempuh gugatan sederhana",
    PaperKind.PUPN:               "Penyerahan piutang ke PUPN/KPKNL",
    PaperKind.POLICE:             "Laporan polisi",
    PaperKind.LABOUR_REPORT:      "Laporan kepada pengawas ketenagakerjaan",
})
# fmt: on
MANDATES: Final = frozenset({PaperKind.MANDATE, PaperKind.LITIGATION_MANDATE})
# Of an office and all its cases; every other paper belongs to one case.
OFFICE_PAPERS: Final = frozenset({PaperKind.AGREEMENT})
CASE_PAPERS: Final = tuple(kind for kind in PaperKind if kind not in OFFICE_PAPERS)
# What goes before a court as a document and bears stamp duty there.
STAMPED: Final = MANDATES | {PaperKind.EXHIBIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """`valid_until` is the last day, inclusive; None: it names none. `ended_on`: withdrawn then.

    `substitution`: a mandate gives the right to pass it on. `stamped`: it bears its stamp duty.
    Either is None while nobody has recorded it. `case_id` None: of the whole office.
    """

    id: int
    case_id: int | None
    kind: PaperKind
    number: str
    signed_on: date
    valid_until: date | None = None
    ended_on: date | None = None
    substitution: bool | None = None
    stamped: bool | None = None
    note: str = ""

    @property
    def last_on(self) -> date | None:
        """Return the last day on which it stands: the earlier of its term and its withdrawal."""
        ends = [day for day in (self.valid_until, self.ended_on) if day is not None]
        return min(ends, default=None)

    def in_force(self, on: date) -> bool:
        return self.signed_on <= on and (self.last_on is None or on <= self.last_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A letter as it was addressed; `addressee` and `address` are empty where not recorded."""

    seq: int
    action: Action
    on: date
    number: str
    addressee: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A proved receipt of the letter `seq`; `capacity` is empty where not recorded."""

    seq: int
    received_on: date
    receiver: str
    capacity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTrail:
    """What a court would look at beside the steps: the employer on record, letters, papers."""

    employer: str = ""
    address: str = ""
    sent: tuple[Sent, ...] = ()
    handed: tuple[Handed, ...] = ()
    papers: tuple[Paper, ...] = ()

    def of_kind(self, *kinds: PaperKind) -> tuple[Paper, ...]:
        """Return such papers, the newest last."""
        return tuple(
            sorted(
                (paper for paper in self.papers if paper.kind in kinds),
                key=lambda paper: (paper.signed_on, paper.id),
            )
        )

    def in_force(self, *kinds: PaperKind, on: date) -> Paper | None:
        """Return the newest such paper that stands on `on`."""
        return newest(paper for paper in self.of_kind(*kinds) if paper.in_force(on))


NO_PAPERS: Final = PaperTrail()


def newest(papers: Iterable[Paper]) -> Paper | None:
    return max(papers, key=lambda paper: (paper.signed_on, paper.id), default=None)
