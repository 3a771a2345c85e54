"""PURE: two numbers of employers that one slip of the hand tells apart."""

from typing import Final

# The three digits after these name a branch: 000 and 001 are two places and no slip.
_NPWP16: Final = 16
_BEFORE_BRANCH: Final = 13


def one_slip(one: str, other: str) -> bool:
    """Say whether two numbers of one length differ in one digit, or in two neighbours exchanged.

    Numbers are texts of digits: NPWP of 16, or NIB of 13. A number is no slip of itself, nor are
    two NPWPs that differ in the branch alone.
    """
    if len(one) != len(other) or one == other:
        return False
    if len(one) == _NPWP16 and one[:_BEFORE_BRANCH] == other[:_BEFORE_BRANCH]:
        return False
    apart = [at for at, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    if len(apart) == 1:
        return True
    first, last = apart[0], apart[-1]
    return (
        len(apart) == last - first + 1 == 2  # noqa: PLR2004
        and one[first] == other[last]
        and one[last] == other[first]
    )


def one_slip_sql(one: str, other: str) -> str:
    """Return the SQL of `one_slip` for two columns; false where one of them is empty."""
    return (
        f"({one} <> '' AND {other} <> '' AND length({one}) = length({other}) "
        f"AND NOT (length({one}) = {_NPWP16} "
        f"AND substr({one}, 1, {_BEFORE_BRANCH}) = substr({other}, 1, {_BEFORE_BRANCH})) "
        f"AND damerau_levenshtein({one}, {other}) = 1)"
    )
