"""What of an open case a proposed value of law would change, on both sides of each threshold."""

from datetime import date

import pytest

from app.cases.stages import ACTION_LABELS, Action, Violation
from app.cases.two_books import DEBT, NEXT_STEP, Difference, Owed, Stand, differences
from app.law.book import SHIPPED, LawBook
from app.law.citation import reading
from app.law.dated import Version
from app.law.routes import LABELS, Route
from tests.cases.walks import CALENDAR, inspected

FIRST_DAY = date(2026, 6, 1)
CLAIM = 400_000_000
ADDRESS = "Jl. Melati 1, Jakarta"


def proposing(key: str, value: object) -> LawBook:
    version = Version(
        valid_from=FIRST_DAY, valid_to=None, value=value, unit="uji", grade="C",
        citation=reading("uji"),
    )  # fmt: skip
    return SHIPPED.with_version(key, version)


def owing() -> Stand:
    """A debtor who was inspected and has received one notice, not two."""
    return Stand(position=inspected(Violation.PIUTANG), scale="menengah", address=ADDRESS)


def found(
    stand: Stand, proposed: LawBook, owed: tuple[Owed | None, Owed | None] | None = None
) -> dict[str, Difference]:
    same = Owed(CLAIM, "macet")
    listed = differences(
        stand, proposed=proposed, owed=owed or (same, same), on=FIRST_DAY, calendar=CALENDAR
    )
    return {one.what: one for one in listed}


@pytest.mark.parametrize(
    ("ceiling", "moves"), [(CLAIM - 1, True), (CLAIM, False), (CLAIM + 1, False)]
)
def test_a_ceiling_below_the_claim_shuts_the_small_claim(ceiling: int, *, moves: bool) -> None:
    changed = found(owing(), proposing("small-claims.ceiling", ceiling))

    assert (LABELS[Route.SMALL_CLAIM] in changed) is moves


def test_one_notice_instead_of_two_makes_the_referral_the_next_step() -> None:
    changed = found(owing(), proposing("notice.arrears", 1))

    assert changed[NEXT_STEP].before == ACTION_LABELS[Action.SEND_NOTICE]
    assert changed[NEXT_STEP].after == ACTION_LABELS[Action.REFER]


def test_the_same_law_changes_nothing() -> None:
    assert found(owing(), SHIPPED) == {}


def test_a_debt_is_told_by_its_difference_alone() -> None:
    owed = (Owed(CLAIM, "macet"), Owed(CLAIM - 5_000, "macet"))

    changed = found(owing(), SHIPPED, owed)

    assert changed == {DEBT: Difference(DEBT, rupiah=-5_000)}


def test_a_debt_that_nobody_knows_is_not_compared() -> None:
    assert DEBT not in found(owing(), SHIPPED, (None, None))
