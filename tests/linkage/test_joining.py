"""Pairs put together: what a chain may join, what it must keep apart, and by whose name it goes."""

from itertools import permutations

import pytest

from app.linkage.joining import Joined, Joining, Side

LIKE = "nama_mirip"
SAID = "putusan"


NPWP = "0012345678123000"
SLIPPED = "0012345687123000"
ANOTHER = "0098765432123000"
NIB = "9120001234567"


def side(*agencies: str, npwp: str = "", nib: str = "") -> Side:
    numbers = [frozenset({one} if one else ()) for one in (npwp, nib)]
    return Side(npwp=numbers[0], nib=numbers[1], agencies=frozenset(agencies))


@pytest.fixture
def three() -> dict[str, Side]:
    return {"nama:a": side("WLKP"), "nama:b": side("OSS"), "nama:c": side("DJP")}


def named(joining: Joining) -> set[tuple[str, str]]:
    return {(one.kunci, one.induk) for one in joining.joined()}


def test_a_chain_is_one_employer_whichever_pair_comes_first(three: dict[str, Side]) -> None:
    pairs = [("nama:a", "nama:b"), ("nama:b", "nama:c"), ("nama:a", "nama:c")]
    for offered in permutations(pairs):
        joining = Joining(three, apart=())
        assert all(joining.offer(*pair, LIKE) for pair in offered)
        assert named(joining) == {("nama:b", "nama:a"), ("nama:c", "nama:a")}


@pytest.mark.parametrize(
    ("first", "last", "may"),
    [
        (side("WLKP", npwp=NPWP), side("DJP", npwp=ANOTHER), False),
        (side("WLKP", nib=NIB), side("DJP", nib=NIB[:-1] + "8"), False),
        (side("WLKP", npwp=NPWP), side("DJP", nib=NIB), True),
        (side("WLKP"), side("WLKP"), False),
    ],
)
def test_no_chain_brings_together_what_has_two_numbers_of_a_kind_or_two_rows_of_an_agency(
    first: Side, last: Side, *, may: bool
) -> None:
    joining = Joining({"nama:a": first, "nama:b": side("OSS"), "nama:c": last}, apart=())

    assert joining.offer("nama:a", "nama:b", LIKE)
    assert joining.offer("nama:b", "nama:c", LIKE) is may
    assert len(named(joining)) == 1 + may


@pytest.mark.parametrize(
    ("number", "may"), [(ANOTHER, False), (SLIPPED, True), (NPWP[:-1] + "1", False)]
)
def test_a_person_may_join_two_rows_of_an_agency_and_of_two_numbers_those_one_slip_apart(
    number: str, *, may: bool
) -> None:
    sides = {
        "nama:a": side("WLKP", npwp=NPWP),
        "nama:b": side("WLKP"),
        "nama:c": side("DJP", npwp=number),
    }
    joining = Joining(sides, apart=())

    assert joining.offer("nama:a", "nama:b", SAID)
    assert not joining.offer("nama:b", "nama:c", LIKE)
    assert joining.offer("nama:b", "nama:c", SAID) is may


def test_two_slips_are_two_numbers_whatever_chain_leads_from_one_to_the_other() -> None:
    twice = SLIPPED.replace("3000", "4000")
    sides = {
        name: side("WLKP", npwp=npwp)
        for name, npwp in (("nama:a", NPWP), ("nama:b", SLIPPED), ("nama:c", twice))
    }
    joining = Joining(sides, apart=())

    assert joining.offer("nama:a", "nama:b", SAID)
    assert not joining.offer("nama:b", "nama:c", SAID)


def test_what_a_person_calls_two_stays_two_at_both_ends_of_a_chain(three: dict[str, Side]) -> None:
    three["nama:d"] = side("KESEHATAN")
    joining = Joining(three, apart=[("nama:a", "nama:d")])

    assert joining.offer("nama:a", "nama:b", LIKE)
    assert joining.offer("nama:c", "nama:d", LIKE)
    assert not joining.offer("nama:b", "nama:c", SAID)
    assert named(joining) == {("nama:b", "nama:a"), ("nama:d", "nama:c")}


def test_the_weightiest_name_is_the_name_of_all_and_each_says_by_what_it_came() -> None:
    sides = {
        "sumber:WLKP:1": side("WLKP"), "nama:a": side("OSS"), "nib:9": side("DJP", nib=NIB),
    }  # fmt: skip
    joining = Joining(sides, apart=())
    joining.offer("sumber:WLKP:1", "nama:a", SAID)
    joining.offer("nama:a", "nib:9", LIKE)

    assert list(joining.joined()) == [
        Joined("nama:a", "nib:9", LIKE),
        Joined("sumber:WLKP:1", "nib:9", SAID),
    ]
