"""One slip of the hand between two numbers: in Python and in DuckDB the same."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.linkage.slips import one_slip, one_slip_sql

NPWP = "0012345678123000"


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (NPWP, False),
        ("0012345679123000", True),
        ("0012345687123000", True),
        ("0012345697123000", False),
        ("0012354687123000", False),
        ("0012345678123001", False),
        ("0012345678124000", True),
        ("0012345678124001", False),
        ("001234567812300", False),
        ("", False),
    ],
)
def test_a_slip_is_one_digit_or_two_neighbours_exchanged_and_no_branch(
    other: str, *, is_one: bool
) -> None:
    assert one_slip(NPWP, other) is one_slip(other, NPWP) is is_one


@given(
    st.sampled_from([13, 16]).flatmap(
        lambda length: st.tuples(
            *[st.text("012", min_size=length - 1, max_size=length) for _ in range(2)]
        )
    )
    | st.tuples(st.permutations("0012345678123"), st.permutations("0012345678123")).map(
        lambda both: ("".join(both[0]), "".join(both[1]))
    )
)
def test_duckdb_says_the_same(numbers: tuple[str, str]) -> None:
    row = duckdb.execute(f"SELECT {one_slip_sql('$1', '$2')}", list(numbers)).fetchone()

    assert row == (one_slip(*numbers),)
