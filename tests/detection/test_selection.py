"""The selection report: base rate, hit rate, lift, what is missed, and who is singled out."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.detection.intervals import Rate
from app.detection.selection import (
    GROUPED,
    Control,
    Group,
    Judged,
    Material,
    Progress,
    Report,
    from_table,
    report_of,
    to_table,
)
from app.detection.skew import Remark, RemarkKind, remarks

QUIET = Progress(drawn=0, done=0, not_found=0, overdue=0, overlapping=0)
HERE = {"sektor": "41", "skala": "kecil", "wilayah": "32.01", "kantor": "J05"}


def control(*violations: str, flagged: str = "", weight: int = 1, **groups: str) -> Control:
    return Control(
        groups={**HERE, **groups},
        weight=Fraction(weight),
        flagged=frozenset({flagged} - {""}),
        violations=frozenset(violations),
        rupiah=1_000_000 if violations else 0,
        workers=2 if violations else 0,
    )


def judged(number: int, rule: str, *, held: bool) -> Judged:
    return Judged(rule=rule, case=f"npp:{number}", groups=HERE, registered=rule != "PWBD",
                  held=held)  # fmt: skip


def material(*controls: Control, verdicts: tuple[Judged, ...] = ()) -> Material:
    return Material(
        register={"kantor": {"J05": 1000}, "sektor": {"41": 100, "47": 900}},
        flagged={"kantor": {"J05": 100}, "sektor": {"41": 40, "47": 60}},
        rules={"PIUTANG": 70},
        controls=controls,
        judged=verdicts,
        progress=QUIET,
    )


def line(report: Report, by: str, key: str = "") -> Group:
    (found,) = [one for one in report.groups if (one.by, one.key) == (by, key)]
    return found


def kinds(found: tuple[Remark, ...], by: str = "semua") -> set[RemarkKind]:
    return {one.kind for one in found if one.by == by}


def test_the_base_is_what_the_lot_found_and_what_flags_miss_is_counted() -> None:
    controls = [
        *(control() for _ in range(30)),
        *(control("PIUTANG", flagged="PIUTANG") for _ in range(6)),
        *(control("PDS_UPAH") for _ in range(4)),
    ]

    report = report_of(material(*controls))

    whole = report.whole
    assert whole.base is not None
    assert (whole.base.hits, whole.base.trials, whole.base.per_mille) == (10, 40, 250)
    assert whole.caught is not None
    assert (whole.caught.hits, whole.caught.trials) == (6, 10)
    assert (whole.missed_rupiah, whole.missed_workers) == (4_000_000, 8)
    wages = line(report, "aturan", "PDS_UPAH")
    assert wages.base is not None
    assert wages.caught is not None
    assert (wages.base.hits, wages.caught.hits, wages.caught.trials) == (4, 0, 4)


def test_a_flag_of_another_rule_does_not_catch_a_violation_of_this_one() -> None:
    report = report_of(material(control("PDS_UPAH", flagged="PIUTANG")))

    wages, whole = line(report, "aturan", "PDS_UPAH").caught, report.whole.caught
    assert wages is not None
    assert whole is not None
    assert (wages.hits, whole.hits) == (0, 1)


def test_lift_holds_flags_against_the_lot() -> None:
    verdicts = tuple(judged(number, "PIUTANG", held=number < 6) for number in range(8))

    report = report_of(material(control("PIUTANG"), control(), control(), control(),
                                verdicts=verdicts))  # fmt: skip

    assert line(report, "aturan", "PIUTANG").lift == 300
    assert report.whole.lift == 300
    assert line(report, "aturan", "LAPSED").lift is None


def test_lift_is_taken_of_the_shares_and_only_definition_1_of_what_is_rounded() -> None:
    verdicts = tuple(judged(number, "PIUTANG", held=number < 1) for number in range(200))
    violating = control("PIUTANG", weight=1)
    rest = [control(weight=2) for _ in range(149)]
    rare = [control(weight=20) for _ in range(149)]

    found = material(violating, control(), *rest, verdicts=verdicts)
    below = material(violating, *rare, verdicts=verdicts)

    # One of 300 by weight, and one of 2981; a case of 200 held.
    assert report_of(found).whole.base == report_of(found, definition=1).whole.base
    assert (report_of(found).whole.lift, report_of(found, definition=1).whole.lift) == (150, 167)
    assert (report_of(below).whole.lift, report_of(below, definition=1).whole.lift) == (1491, None)
    later, earlier = report_of(found), report_of(found, definition=1)
    assert [replace(one, lift=None) for one in later.groups] == [
        replace(one, lift=None) for one in earlier.groups
    ]


def test_a_case_with_two_flags_counts_once_and_holds_when_one_of_them_held() -> None:
    verdicts = (judged(1, "PIUTANG", held=False), judged(1, "PDS_UPAH", held=True))

    report = report_of(material(verdicts=verdicts))

    assert report.whole.held == Rate(1, 1, 1000, 206, 1000)
    assert line(report, "aturan", "PIUTANG").held == Rate(0, 1, 0, 0, 794)


def test_the_lot_says_nothing_of_employers_that_are_not_registered() -> None:
    report = report_of(material(control(), verdicts=(judged(1, "PWBD", held=True),)))

    unregistered = line(report, "aturan", "PWBD")
    assert (unregistered.base, unregistered.lift, unregistered.register) == (None, None, 0)
    assert unregistered.held is not None
    assert report.whole.held is None


def test_a_kept_report_reads_back_as_it_was() -> None:
    report = report_of(
        replace(
            material(control("LAPSED", weight=7), control(), verdicts=(
                judged(1, "PIUTANG", held=True),
            )),
            progress=Progress(drawn=9, done=4, not_found=2, overdue=3, overlapping=1),
        )
    )  # fmt: skip

    assert from_table(to_table(report)) == report


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "PIUTANG", "LAPSED"]),
            st.sampled_from(["", "PIUTANG"]),
            st.sampled_from(["41", "47", ""]),
            st.integers(1, 50),
        ),
        max_size=40,
    )
)
def test_the_groups_of_every_dimension_add_up_to_the_whole(
    seen: list[tuple[str, str, str, int]],
) -> None:
    controls = [
        control(*({violation} - {""}), flagged=flagged, weight=weight, sektor=sector)
        for violation, flagged, sector, weight in seen
    ]

    report = report_of(material(*controls))

    whole = report.whole
    for by in GROUPED:
        groups = [one.base for one in report.along(by) if one.base is not None]
        assert sum(one.trials for one in groups) == (whole.base.trials if whole.base else 0)
        assert sum(one.hits for one in groups) == (whole.base.hits if whole.base else 0)
    assert sum(one.missed_rupiah for one in report.along("sektor")) == whole.missed_rupiah


def test_below_the_minimum_nothing_is_compared_and_the_reader_is_told() -> None:
    verdicts = tuple(judged(number, "PIUTANG", held=False) for number in range(40))
    few = material(*(control("PIUTANG") for _ in range(29)), verdicts=verdicts)
    many = replace(few, controls=[*few.controls, control("PIUTANG")])

    told = remarks(report_of(few), minimum=30, skew=Decimal("1.5"))
    compared = remarks(report_of(many), minimum=30, skew=Decimal("1.5"))

    assert told[0] == Remark(RemarkKind.TOO_FEW, numbers={"count": 29, "minimum": 30})
    assert told[0].warns
    assert kinds(told) == {RemarkKind.TOO_FEW}
    assert kinds(compared) == {RemarkKind.NO_BETTER, RemarkKind.MISSED}


def test_flags_that_hold_more_often_than_the_lot_raise_no_warning() -> None:
    verdicts = tuple(judged(number, "PIUTANG", held=True) for number in range(40))
    controls = [control("PIUTANG", flagged="PIUTANG"), *(control() for _ in range(39))]

    told = remarks(
        report_of(material(*controls, verdicts=verdicts)), minimum=30, skew=Decimal("1.5")
    )

    assert kinds(told) == set()


def test_a_group_that_flags_single_out_is_named_with_whether_visits_bear_it_out() -> None:
    def told(*controls: Control) -> set[RemarkKind]:
        report = report_of(material(*controls))
        found = remarks(report, minimum=30, skew=Decimal("1.5"))
        return {one.kind for one in found if (one.by, one.key) == ("sektor", "41")}

    bad = [control("PIUTANG", sektor="41") for _ in range(30)]
    good = [control(sektor="41") for _ in range(30)]
    others = [control(sektor="47") for _ in range(60)]

    assert told() == {RemarkKind.OVER_UNKNOWN}
    assert told(*bad[:29], *others) == {RemarkKind.OVER_UNKNOWN}
    assert told(*bad, *others) == {RemarkKind.OVER_FOUNDED}
    assert told(*good, *others) == {RemarkKind.OVER_UNFOUNDED}


def test_a_group_that_flags_pass_over_is_named_too() -> None:
    passed = replace(
        material(),
        register={"kantor": {"J05": 1000}, "skala": {"kecil": 500, "besar": 500}},
        flagged={"kantor": {"J05": 100}, "skala": {"kecil": 80, "besar": 20}},
    )

    told = remarks(report_of(passed), minimum=30, skew=Decimal("1.5"))

    assert {(one.key, one.kind) for one in told if one.by == "skala"} == {
        ("kecil", RemarkKind.OVER_UNKNOWN),
        ("besar", RemarkKind.UNDER_UNKNOWN),
    }


def test_a_small_group_and_a_difference_by_chance_are_not_called_skewed() -> None:
    quiet = replace(
        material(),
        register={"kantor": {"J05": 1000}, "skala": {"kecil": 29, "besar": 40, "mikro": 931}},
        flagged={"kantor": {"J05": 100}, "skala": {"kecil": 29, "besar": 6, "mikro": 65}},
    )

    told = remarks(report_of(quiet), minimum=30, skew=Decimal("1.5"))

    assert kinds(told, "skala") == set()
    assert kinds(remarks(report_of(quiet), minimum=29, skew=Decimal("1.5")), "skala") == {
        RemarkKind.OVER_UNKNOWN
    }
