"""Forms of pages: reads what was typed, keeps it, and ties each complaint to its field."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from types import TracebackType
from typing import Annotated, Any, Final, Self

from fastapi import Depends, Request
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session
from starlette.datastructures import FormData, ImmutableMultiDict, UploadFile

from app.errors import (
    AppError,
    Conflict,
    FieldProblem,
    Invalid,
    NotFound,
    Refused,
    particulars,
)
from app.infra.wording import N_
from app.web.deps import LARGEST_ID
from app.web.errors import status_of
from app.web.spoken import spoken
from app.web.validation import refuse_unstorable

# A posted form or the query of an address.
Sent = ImmutableMultiDict[str, Any]

LONGEST_TEXT: Final = 4000
_LONGEST_ROW: Final = 15
# People write an hour with a full stop, browsers send it with a colon.
_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
# Names of inputs to which a complaint may point; other names are of things no form holds.
INPUTS: Final = frozenset(
    {
        "accept_loss",
        "accepts_defects", "address", "addressee", "alamat", "alasan_tolak", "alasan_tunda",
        "article", "authority", "berkas", "calendar_days", "cari", "catatan_putusan", "channel",
        "city", "closing_reason", "code", "count", "current_password", "cutoff", "dated_on",
        "day", "days", "email", "ended_on", "event_seq", "evidence", "evidence_id", "file",
        "first_on", "from", "grade", "hari", "head_name", "head_title", "instrument",
        "jkk_class", "jumlah_tk", "kantor", "keputusan", "kind", "kode_wilayah", "kpj",
        "last_on", "letter_number", "lines", "month", "nama", "name", "new_password", "nib",
        "note", "npp", "npwp", "number", "office", "on", "parent", "per_tanggal", "perubahan",
        "petugas", "phone", "programmes", "prosecutor_office", "reason", "received_on",
        "received_time", "receiver_name", "receiver_position", "repeated_password", "result",
        "role", "scale", "schedule", "scopes", "sent_on", "signed_on", "source", "staff_number",
        "stamped", "substitution", "suspensions", "title", "to", "tracking_number", "unit", "until",
        "valid_from", "valid_until", "value", "violations", "wage", "workers", "zone",
        "cutoff_after", "held", "lines_after", "since",
        "snapshot", "draft_on", "calendar", "state", "why", "exception_until", "alasan_kecuali",
        "visit_minutes", "stale_months", "stale_wlkp", "stale_oss", "stale_djp",
        "stale_kesehatan", "stale_laporan", "grace_days", "head_count_margin",
        "head_count_share", "wage_margin", "arrears_months", "bobot_rupiah", "bobot_pekerja",
        "bobot_keyakinan", "bobot_lama", "bobot_data", "bobot_batas", "version",
        "dari", "dasar_sasaran", "kantor_sasaran", "ke", "pada", "satu_dari", "tahun",
        "alasan_batal", "alasan_nik", "banyaknya", "edisi", "kunjungan", "mulai", "rupiah",
        "sampai", "visited_on",
    }
)  # fmt: skip


async def form_data(request: Request) -> AsyncIterator[FormData]:
    """Read the form; its files are closed when the answer has left."""
    async with request.form() as data:
        refuse_unstorable(data)
        yield data


FormDep = Annotated[FormData, Depends(form_data)]


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is the id of the input, empty when the whole form is meant."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Form:
    """What the page's form shows: typed values by name, and what is wrong with them."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def value(self, name: str) -> str:
        found = self.values.get(name, ())
        return found[0] if found else ""

    def ticked(self, name: str, value: str) -> bool:
        return value in self.values.get(name, ())

    def error(self, name: str) -> str:
        return next((found.sentence for found in self.problems if found.field == name), "")


def blank(**values: object) -> Form:
    """Return a form nobody typed in yet, with its suggestions filled in."""
    return Form(values={name: (str(value),) for name, value in values.items() if value is not None})


class Reader:
    """Reads fields one by one and collects what is wrong, so that all is said at once."""

    def __init__(self, data: Sent) -> None:
        self._data = data
        self._problems: list[FieldProblem] = []

    def text(self, name: str) -> str:
        """Return what was typed, trimmed; may be empty."""
        value = self._data.get(name)
        text = value.strip() if isinstance(value, str) else ""
        if len(text) > LONGEST_TEXT:
            self._wrong(name, N_("Isian terlalu panjang; paling banyak 4.000 karakter."))
            return text[:LONGEST_TEXT]
        return text.replace("\r\n", "\n")

    def required(self, name: str, complaint: str) -> str:
        text = self.text(name)
        if not text:
            self._wrong(name, complaint)
        return text

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(value for value in self._data.getlist(name) if isinstance(value, str))

    def day(self, name: str, complaint: str) -> date:
        """Return the day; a wrong or missing one is a problem and reads as the first of time."""
        found = self.optional_day(name)
        if found is None:
            if not any(problem.field == name for problem in self._problems):
                self._wrong(name, complaint)
            return date.min
        return found

    def optional_day(self, name: str) -> date | None:
        text = self.text(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._wrong(name, N_("“{value}” bukan tanggal; pilih dari kalender."), value=text[:40])
            return None

    def known_day(self, name: str, *, today: date) -> date | None:
        """Return the day as of which something is to be told; none can be known ahead."""
        day = self.optional_day(name)
        if day is not None and day > today:
            self._wrong(name, N_("{day} belum tiba; pilih hari ini atau sebelumnya."), day=day)
        return day

    def optional_clock(self, name: str) -> time | None:
        """Return the hour and minute; None when nothing was typed."""
        text = self.text(name)
        if not text:
            return None
        found = _CLOCK.fullmatch(text)
        if found is None:
            self._wrong(
                name, N_("“{value}” bukan jam; tulis jj:mm, misalnya 15:30."), value=text[:40]
            )
            return None
        return time(int(found[1]), int(found[2]))

    def whole(self, name: str, complaint: str, *, missing: str = "") -> int:
        """Return a whole number; dots and spaces between digits and a leading Rp are forgiven.

        A complaint may name what was typed as `{value}`; then `missing` says what to do where
        nothing was. A wrong or missing one reads as zero.
        """
        text = self.required(name, missing or complaint)
        if not text:
            return 0
        digits = text.removeprefix("Rp").replace(".", "").replace(" ", "")
        if not digits.isascii() or not digits.isdecimal() or len(digits) > 15:  # noqa: PLR2004 - BIGINT
            self._wrong(name, complaint, value=text[:40])
            return 0
        return int(digits)

    def row(self, name: str, complaint: str) -> int:
        """Return the number of a row, which stands in a choice of the form."""
        number = self.whole(name, complaint)
        if number > LARGEST_ID:
            self._wrong(name, complaint)
        return number

    def rows(self, name: str) -> tuple[int, ...]:
        """Return the numbers of the rows that were chosen, each once.

        Raises:
            NotFound: one is larger than the number of any row.
        """
        return rows_of(self.texts(name))

    def uploads(self, name: str) -> tuple[UploadFile, ...]:
        return tuple(
            value
            for value in self._data.getlist(name)
            if isinstance(value, UploadFile) and value.filename
        )

    def complain(self, name: str, complaint: str, **values: object) -> None:
        self._wrong(name, complaint, **values)

    def complain_of(self, problem: FieldProblem) -> None:
        self._problems.append(problem)

    def check(self) -> None:
        """Raises: Invalid: something read so far is wrong; names each field."""
        if self._problems:
            raise Invalid(N_("Ada isian yang perlu diperbaiki."), fields=tuple(self._problems))

    def _wrong(self, name: str, complaint: str, **values: object) -> None:
        self._problems.append(FieldProblem(name, complaint, values))


def rows_of(texts: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of rows that a form sent, each once; what is no number is left out.

    Raises:
        NotFound: one is larger than the number of any row.
    """
    written = [text for text in texts if text.isascii() and text.isdecimal()]
    for text in written:
        # Python reads no number of thousands of digits.
        if len(text) > _LONGEST_ROW or int(text) > LARGEST_ID:
            raise NotFound(N_("Pilihan nomor {number} tidak ada."), number=text[:20])
    return tuple(dict.fromkeys(int(text) for text in written))


class Attempt:
    """A command under way: on an anticipated no it undoes what was written, and holds the no."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._nested: SessionTransaction | None = None
        self._error: AppError | None = None

    def __enter__(self) -> Self:
        self._nested = self._session.begin_nested()
        self._nested.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if self._nested is not None:
            self._nested.__exit__(kind, error, trace)
        if isinstance(error, (Invalid, Refused, Conflict, NotFound)):
            self._error = error
            return True
        return False

    @property
    def refused(self) -> bool:
        return self._error is not None

    @property
    def error(self) -> AppError | None:
        return self._error

    @property
    def no(self) -> AppError:
        """Return the no; for the page after a command that did not go through."""
        if self._error is None:
            raise RuntimeError("the command went through")
        return self._error

    @property
    def status(self) -> int:
        return status_of(self.no)


def attempt(session: Session) -> Attempt:
    """Run a command; on an anticipated no undo what it wrote and hand the no to the page."""
    return Attempt(session)


def refilled(data: Sent, error: AppError, language: str) -> Form:
    """Return the form as it was sent, with the complaints; files have to be chosen again."""
    return Form(values=typed(data), problems=problems_of(error, language))


def relabelled(form: Form, name: str, input_id: str) -> Form:
    """Return the form with what is wrong with `name` beside the input that asks for it here."""
    problems = tuple(
        Problem(input_id, problem.sentence) if problem.field == name else problem
        for problem in form.problems
    )
    return Form(values=form.values, problems=problems)


def typed(data: Sent) -> dict[str, list[str]]:
    """Return the texts of a form by name, in the order sent."""
    values: dict[str, list[str]] = {}
    for name, value in data.multi_items():
        if isinstance(value, str):
            values.setdefault(name, []).append(value)
    return values


def problems_of(error: AppError, language: str) -> tuple[Problem, ...]:
    """Return what the summary lists; a refusal with its reasons is told by the reasons alone."""
    items = particulars(error)
    if not items:
        return (Problem("", spoken(error, language)),)
    return tuple(
        Problem(item.field if item.field in INPUTS else "", spoken(item, language))
        for item in items
    )
