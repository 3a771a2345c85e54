"""The row version as ETag and If-Match: nobody overwrites what they have not seen."""

import re
from typing import Annotated, Final

from fastapi import Depends, Header

from app.errors import AppError, Stale

# A proxy that compresses marks the tag as weak; the version in it is the same.
_TAG: Final = re.compile(r'(?:W/)?"(\d{1,9})"', re.ASCII)


class PreconditionMissing(AppError):
    """A change of something that has a version came without If-Match."""

    code = "precondition-missing"


def etag(version: int) -> str:
    """Return the entity tag of a row at `version`."""
    return f'"{version}"'


def _expected_version(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description='ETag dari jawaban GET sebelumnya, misalnya `"3"`. Tanpa tajuk ini '
            "jawabannya 428; bila data sudah berubah, 412.",
            examples=['"3"'],
        ),
    ] = None,
) -> int:
    if if_match is None:
        raise PreconditionMissing(
            "Kirim tajuk If-Match berisi ETag dari data yang terakhir Anda baca, supaya perubahan "
            "orang lain tidak tertimpa."
        )
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Stale("ETag pada If-Match tidak cocok dengan data ini; baca ulang lalu coba lagi.")
    return int(found[1])


ExpectedVersion = Annotated[int, Depends(_expected_version)]


def require_version(*, expected: int, actual: int) -> None:
    """Raises: Stale: the caller saw another version than the one that is there."""
    if expected != actual:
        raise Stale(
            "Data ini sudah diubah sejak Anda membacanya (versi {actual}, bukan {expected}); "
            "baca ulang lalu coba lagi.",
            actual=actual,
            expected=expected,
        )
