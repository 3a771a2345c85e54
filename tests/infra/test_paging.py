"""A cursor comes back from anybody: what no list of ours gave out is refused with a sentence."""

import base64
import json

import pytest

from app.errors import Invalid
from app.infra.paging import decode_cursor, encode_cursor

NESTED = "[" * 5000


def coded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_what_a_list_gave_out_comes_back() -> None:
    assert decode_cursor(encode_cursor("J05", 7), str, int) == ("J05", 7)


@pytest.mark.parametrize(
    "key",
    [["a\x00", 1], ["\ud800", 1], ["a", 2**63], ["a", -(2**63)], ["a", True], ["a"], [1, "a"], {}],
)
def test_what_the_database_cannot_compare_is_no_cursor(key: object) -> None:
    with pytest.raises(Invalid, match="mulai lagi dari halaman pertama"):
        decode_cursor(coded(json.dumps(key)), str, int)


@pytest.mark.parametrize("cursor", ["", "x", "é", coded(NESTED), coded('["a",NaN]')])
def test_what_is_no_document_is_no_cursor(cursor: str) -> None:
    with pytest.raises(Invalid, match="mulai lagi dari halaman pertama"):
        decode_cursor(cursor, str, int)
