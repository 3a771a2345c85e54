"""When a pair is sure, and what makes it a question whatever it weighs."""

from dataclasses import replace

import pytest

from app.cases.resting import propose
from app.linkage.bands import Judged, JudgedOutside, band, bits, chance, outside_band
from app.linkage.employers import EMPLOYERS
from app.linkage.links import method_of
from app.linkage.model import believed, trained, voice
from tests.linkage.conftest import LIMITS

SURE = Judged(
    weight=bits(LIMITS.sure),
    rival=None,
    name="sebagian",
    numbers_differ=False,
    same_regency=True,
    form="PT",
    form_here="PT",
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("pasti", "")),
        ({"weight": SURE.weight - 0.001}, ("tinjau", "peluang")),
        ({"numbers_differ": True, "weight": 60.0}, ("tinjau", "nomor")),
        ({"form_here": "CV", "weight": 60.0}, ("tinjau", "bentuk")),
        ({"form_here": ""}, ("pasti", "")),
        ({"same_regency": False, "weight": 60.0}, ("tinjau", "wilayah")),
        ({"name": "beda", "weight": 60.0}, ("tinjau", "nama")),
        ({"rival": SURE.weight - 4.33}, ("pasti", "")),
        ({"rival": SURE.weight - 4.31}, ("tinjau", "saingan")),
    ],
)
def test_the_band_and_its_reason(change: dict[str, object], expected: tuple[str, str]) -> None:
    assert band(replace(SURE, **change), LIMITS) == expected  # type: ignore[arg-type]


ONE = JudgedOutside(
    weight=bits(LIMITS.sure),
    rival=None,
    name="sebagian",
    form="PT",
    other_form="PT",
    same_agency=False,
    numbers_differ=False,
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("pasti", "")),
        ({"weight": ONE.weight - 0.001}, ("tinjau", "peluang")),
        ({"other_form": "CV", "weight": 60.0}, ("tinjau", "bentuk")),
        ({"form": "", "other_form": "CV"}, ("pasti", "")),
        ({"same_agency": True, "weight": 60.0}, ("tinjau", "sumber")),
        ({"numbers_differ": True, "weight": 60.0}, ("tinjau", "nomor")),
        ({"name": "beda", "weight": 60.0}, ("tinjau", "nama")),
        ({"rival": ONE.weight - 4.33}, ("pasti", "")),
        ({"rival": ONE.weight - 4.31}, ("tinjau", "saingan")),
    ],
)
def test_the_band_of_two_outside_employers(
    change: dict[str, object], expected: tuple[str, str]
) -> None:
    assert outside_band(replace(ONE, **change), LIMITS) == expected  # type: ignore[arg-type]


def test_a_chance_is_never_certainty() -> None:
    assert chance(500) < 1
    assert chance(-2000) == 0
    assert chance(0) == 0.5


@pytest.mark.parametrize(
    ("exact", "judged", "verdict", "expected"),
    [
        ("", "pasti", "", "nama_mirip"),
        ("", "tinjau", "", ""),
        ("nama", "pasti", "", "nama"),
        ("", "tinjau", "sama", "putusan"),
        ("nama", "pasti", "beda", ""),
        ("", "pasti", "ragu", "nama_mirip"),
        ("", "tinjau", "ragu", ""),
    ],
)
def test_what_links_a_pair(exact: str, judged: str, verdict: str, expected: str) -> None:
    assert method_of(band=judged, why="", exact=exact, verdict=verdict) == expected


@pytest.mark.parametrize("verdict", ["", "sama", "beda"])
def test_what_would_bring_together_what_is_kept_apart_joins_nothing(verdict: str) -> None:
    assert method_of(band="tinjau", why="rantai", exact="", verdict=verdict) == ""


def test_the_levels_of_every_comparison_go_from_for_to_against() -> None:
    model = believed(EMPLOYERS, registered=1000, share=0.3)
    for one in EMPLOYERS.comparisons:
        best, worst = model.weight(one.name, 0), model.weight(one.name, len(one.levels) - 1)
        assert best > 0 > worst, one.name
        assert model.weight(one.name, -1) == 0


def test_what_the_data_never_showed_is_not_impossible() -> None:
    belief = believed(EMPLOYERS, registered=1000, share=0.3)
    found = {
        one.name: [(1.0, 0.0)] + [(0.0, 1.0 / (len(one.levels) - 1))] * (len(one.levels) - 1)
        for one in EMPLOYERS.comparisons
    }

    model = trained(belief, found=found, matches=1000, outside=1000, registered=1000)

    assert all(m > 0 and u > 0 for levels in model.levels.values() for m, u in levels)
    assert model.levels["nomor"] == belief.levels["nomor"]
    assert model.pairs == 1000


def test_weights_speak_louder_the_further_they_are_from_nothing() -> None:
    said = [voice(weight) for weight in (8, 4, 1, 0, -1, -1.01, -4.01)]

    assert said == [
        "sangat_kuat", "kuat", "mendukung", "netral", "netral", "melemahkan", "melemahkan_kuat",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("closed", "on_link", "expected"),
    [(False, 1, "tarik"), (False, 0, "sesuaikan"), (True, 1, "catat")],
)
def test_what_to_do_with_a_case_that_rests_on_a_link(
    *, closed: bool, on_link: int, expected: str
) -> None:
    assert propose(closed=closed, resting_rules=on_link, all_rules=1) == expected
