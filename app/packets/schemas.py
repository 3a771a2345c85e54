"""Referrals and packets as pages, the API and the command line see them."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from app.cases.defects import Defect
from app.errors import FieldProblem
from app.packets.dossier import Agreement

ReferralStatus = Literal["draft", "proposed", "approved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterChoice:
    """What a person sets on the letter. Empty number, None day: numbered and dated by default."""

    number: str = ""
    on: date | None = None
    nature: str = "Segera"
    agreement: Agreement | None = None
    criminal_clause: bool = False


DEFAULT_LETTER = LetterChoice()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralView:
    """`basis_sha256` is what an approval is bound to."""

    id: int
    case_id: int
    office_code: str
    cutoff: date
    status: ReferralStatus
    letter_number: str
    letter_on: date
    basis_sha256: str
    prepared_by: str
    prepared_at: datetime
    approved_by: str
    approved_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketFile:
    """`name` is its path inside the packet folder."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketView:
    """A sealed packet. `already`: it had been sealed before, nothing new was made.

    `on_record`: a named person sealed it, as a step of the case. `withdrawn`: its referral was
    withdrawn later, so that nobody may rely on it. `folder` is where this call wrote
    it, None when it was only stored; `defects` is what that call said of the case. `superseded_by`
    is the number of the newest packet of the case that is on record, empty for that one and for
    those that came later.
    """

    id: int
    number: str
    case_id: int
    office_code: str
    cutoff: date
    version: int
    pages: int
    pdf_size: int
    pdf_sha256: str
    content_sha256: str
    check_code: str
    total: int
    files: tuple[PacketFile, ...]
    sealed_at: datetime
    sealed_by: str
    superseded_by: str
    on_record: bool
    withdrawn: bool
    already: bool = False
    defects: tuple[Defect, ...] = ()
    folder: Path | None = None

    @property
    def pdf_name(self) -> str:
        return f"{self.number}.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A preview with KONSEP on every page; never stored. `missing`: what sealing still needs."""

    pdf: bytes
    pages: int
    missing: tuple[FieldProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What `verify` found. `checked` counts files whose bytes were hashed; `field` names a file."""

    problems: tuple[FieldProblem, ...]
    packets: tuple[str, ...]
    checked: int

    @property
    def ok(self) -> bool:
        return not self.problems and bool(self.packets)
