"""Planted truth is true: the readings, applied by another hand, find it and nothing else."""

from datetime import date

import pytest

from app.demo import write_region
from app.demo.shape import NATION, REGION
from tests.demo.readings import Flag, Region, Row

TODAY = date(2026, 11, 20)
RULES = {"PWBD", "PDS_TK", "PDS_UPAH", "PDS_PROGRAM", "PIUTANG", "LAPSED"}

# Exact linkage cannot know better; the truth says what a cleverer one would find.
BEYOND_EXACT_LINKAGE = {
    "misspelt_name_no_identifiers",
    "excel_zeroed_nik_same_name_and_birth_date",
}


@pytest.fixture(scope="module", params=[REGION, NATION], ids=["region", "nation"])
def region(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Region:
    folder = tmp_path_factory.mktemp("truth")
    with pytest.MonkeyPatch.context() as small:
        small.setattr("app.demo.group.shape_of", lambda _employers: request.param)
        write_region(out=folder, employers=300, seed=2026, today=TODAY)
    return Region(folder, on=TODAY)


@pytest.fixture(scope="module")
def flags(region: Region) -> list[Flag]:
    return region.flags()


def _is_about(flag: Flag, row: Row) -> bool:
    if flag.rule != row["rule"] or flag.npp != row["npp"]:
        return False
    return bool(flag.npp) or bool(flag.id_sumber & set(row["id_sumber"].split(";")))


def test_every_rule_has_violations_and_look_alikes(region: Region) -> None:
    planted = {(row["rule"], row["kind"]) for row in region.truth if row["rule"]}

    assert planted == {(rule, kind) for rule in RULES for kind in ("violation", "innocent")}


def test_every_violation_is_found_with_its_number_of_workers(
    region: Region, flags: list[Flag]
) -> None:
    wrong = []
    for row in region.truth:
        if row["kind"] == "violation":
            found = [flag for flag in flags if _is_about(flag, row)]
            counted = row["jumlah_tk"] in {"", *(str(flag.workers) for flag in found)}
            if len(found) != 1 or not counted:
                wrong.append((row["rule"], row["pattern"], row["npp"], found))

    assert wrong == []


def test_nothing_else_is_found(region: Region, flags: list[Flag]) -> None:
    violations = [row for row in region.truth if row["kind"] == "violation"]

    surplus = [flag for flag in flags if not any(_is_about(flag, row) for row in violations)]

    excused = [
        row
        for row in region.truth
        if row["kind"] == "innocent" and row["pattern"] in BEYOND_EXACT_LINKAGE
    ]
    unexcused = [
        flag
        for flag in surplus
        if not any(
            flag.npp == row["npp"] or flag.id_sumber & set(row["id_sumber"].split(";"))
            for row in excused
        )
    ]
    assert unexcused == []


def test_a_lost_bill_or_worker_would_be_noticed(region: Region, flags: list[Flag]) -> None:
    """The second mind is no rubber stamp: without the payments everybody owes."""
    payments, region.tables["pembayaran"] = region.tables["pembayaran"], []
    try:
        without = [flag for flag in region.flags() if flag.rule == "PIUTANG"]
    finally:
        region.tables["pembayaran"] = payments

    assert len(without) > 5 * len([flag for flag in flags if flag.rule == "PIUTANG"])


def test_every_reason_for_rejection_is_planted_at_its_line(region: Region) -> None:
    dirt = [row for row in region.truth if row["kind"] == "dirt"]

    assert {row["pattern"] for row in dirt} == {
        "nik_not_16_digits",
        "unknown_code",
        "bad_date",
        "negative_amount",
        "duplicate_employer",
        "payment_without_bill",
        "employer_not_there",
        "value_missing",
    }
    assert all(int(row["line"]) > 1 and row["table"] for row in dirt)
