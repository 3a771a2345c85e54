"""What every document of the API is made of: strict requests, answers read off views, pages."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.calculations.schemas import UNREADABLE, DayText
from app.errors import FieldProblem
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor
from app.infra.queue import Standing
from app.infra.wording import N_, sentence
from app.web.deps import LARGEST_ID

Item = TypeVar("Item")

DEFAULT_PAGE: Final = 50
UNSTORABLE: Final = N_("Isian {field} berisi huruf yang tidak dapat disimpan.")


def _storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise PydanticCustomError(UNREADABLE, "{template}", {"template": UNSTORABLE})
    return text


# fmt: off
Word =     Annotated[str, Field(max_length=200), AfterValidator(_storable)]
Code =     Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_storable)]
Sentence = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_storable)]
Remark =   Annotated[str, Field(max_length=4000), AfterValidator(_storable)]
Id =       Annotated[int, Field(ge=1, le=LARGEST_ID)]
PathCode = Annotated[str, Path(min_length=1, max_length=200)]
# fmt: on

Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Banyaknya baris per halaman.")]
Cursor = Annotated[
    str | None,
    Query(max_length=400, description="Nilai `next` dari halaman sebelumnya, apa adanya."),
]
OnDay = Annotated[
    DayText | None,
    Query(description="Hari hukum; bawaan: hari ini di zona kantor pemegang token."),
]
Day = date


class Request(BaseModel):
    """A document that is sent: a field nobody knows is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """A document that is answered, read off the view of the same name."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class PageOf(BaseModel, Generic[Item]):
    """`next` adalah penanda halaman berikutnya, atau null pada halaman terakhir."""

    items: list[Item]
    next: str | None = None


class FieldFault(BaseModel):
    field: str
    detail: str


def faults(problems: Iterable[FieldProblem], language: str) -> list[FieldFault]:
    """Return each problem as a field and one sentence in `language`."""
    return [FieldFault(field=one.field, detail=sentence(one, language)) for one in problems]


class StandingDocument(Answer):
    """`queued`: menunggu giliran; `running`: sedang berjalan; `failed`: gagal, minta lagi.

    Kosong: tidak ada yang diminta, atau sudah selesai dan tersimpan.
    """

    state: Standing


def page_within(
    items: Sequence[Item], *, key: Callable[[Item], int], limit: int, cursor: str | None
) -> Page[Item]:
    """Return one page of a list that is already whole and ordered by `key`, ascending.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    last = None if cursor is None else int(decode_cursor(cursor, int)[0])
    rest = [item for item in items if last is None or key(item) > last]
    shown = tuple(rest[:limit])
    return Page(items=shown, next=encode_cursor(key(shown[-1])) if len(rest) > limit else None)


def numbered_page(items: Sequence[Item], *, limit: int, cursor: str | None) -> Page[Item]:
    """Return one page of a list that is already whole and never changes.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    start = 0 if cursor is None else max(0, int(decode_cursor(cursor, int)[0]))
    shown = tuple(items[start : start + limit])
    following = start + limit
    return Page(items=shown, next=encode_cursor(following) if following < len(items) else None)


class Problem(BaseModel):
    """RFC 9457. `code` tetap dan boleh diandalkan; `detail` adalah satu kalimat untuk manusia."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[FieldFault] | None = None
