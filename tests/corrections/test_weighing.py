"""How heavy a correction is: pairs on both sides of every line, and where each choice leads."""

from datetime import date

import pytest

from app.cases.stages import Action, Stage, Violation
from app.corrections.past import Billed, KnownOn, Paid, Past, Record, past
from app.corrections.sentences import REASONS, reason
from app.corrections.weighing import (
    PROPOSES,
    Choice,
    Ground,
    Kind,
    Limits,
    NextPage,
    Stake,
    WayOn,
    Weight,
    way_on,
    weigh,
)
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from app.law.late_payment import Arrears, arrears
from app.law.month import Month

TOLD = date(2026, 10, 20)
MONTHS = tuple(Month(2026, number) for number in (6, 7, 8))
LIMITS = Limits(material=10_000, rounding=1, arrears_months=3)
ARREARS = frozenset({Violation.PIUTANG})


def record(*amounts: int, base: int = 15_000_000, paid: int = 0) -> Record:
    """Bill the months from June on; `paid` is towards the first of them, on its due date."""
    months = [Month(2026, 6 + place) for place in range(len(amounts))]
    return Record(
        bills={
            (month, "JHT"): Billed(amount, 3, base)
            for month, amount in zip(months, amounts, strict=True)
            if amount
        },
        payments={Paid(months[0], "JHT", date(2026, 7, 10), paid): 1} if paid else {},
    )


def owed(side: Record) -> Arrears:
    return arrears(
        bills=side.law_bills(),
        payments=side.law_payments(),
        cutoff=TOLD,
        calendar=packaged_calendar(),
        law=SHIPPED,
    )


def weighed(
    was: Record,
    now: Record,
    *,
    workers: int = 0,
    kind: Kind = Kind.LETTER,
    violations: frozenset[Violation] = ARREARS,
    gone: frozenset[Violation] | None = frozenset(),
) -> Weight:
    moved: Past = past(was, now, known_on=KnownOn(bills=TOLD, payments=TOLD, told=TOLD))
    return weigh(
        owed(was),
        owed(moved.corrected),
        past=moved,
        workers=workers,
        stake=Stake(kind=kind, violations=violations, gone=gone),
        limits=LIMITS,
    )


FOUR = (900_000, 900_000, 900_000)


def test_one_rupiah_is_rounding_and_two_on_one_bill_are_not() -> None:
    was = record(0, 0, 900_000, 900_000)

    one = weighed(was, record(0, 0, 900_001, 900_000))
    two = weighed(was, record(0, 0, 900_002, 900_000))

    assert (one.moved, one.ground, one.proposal) == (1, Ground.ROUNDED, Choice.IGNORE)
    assert (two.moved, two.ground, two.proposal) == (2, Ground.SMALL, Choice.IGNORE)


@pytest.mark.parametrize(
    ("more", "moved", "ground"), [(9_614, 9_999, Ground.SMALL), (9_615, 10_000, Ground.AMOUNT)]
)
def test_below_the_dated_amount_it_may_be_ignored_and_from_it_on_not(
    more: int, moved: int, ground: Ground
) -> None:
    # August is two started months late: four per cent are added, rounded once.
    weight = weighed(record(*FOUR), record(900_000, 900_000, 900_000 + more))

    assert (weight.moved, weight.ground) == (moved, ground)
    assert weight.proposal is PROPOSES[ground]


def test_two_wrongs_that_cancel_out_are_still_two() -> None:
    weight = weighed(record(*FOUR), record(900_000, 1_000_000, 800_000))

    assert weight.principal == weight.principal_was
    assert weight.moved >= 200_000
    assert weight.ground is Ground.AMOUNT


@pytest.mark.parametrize(
    ("paid", "months", "ground"),
    [(899_999, 3, Ground.AMOUNT), (900_000, 2, Ground.MONTHS_SHORT)],
)
def test_arrears_lose_their_ground_with_the_last_rupiah_of_the_month_that_carries_them(
    paid: int, months: int, ground: Ground
) -> None:
    weight = weighed(record(*FOUR), record(*FOUR, paid=paid))

    assert (weight.months_was, weight.months, weight.ground) == (3, months, ground)


def test_a_single_rupiah_withdraws_when_the_ground_falls_with_it() -> None:
    weight = weighed(record(*FOUR, paid=899_999), record(*FOUR, paid=900_000))

    assert weight.fallen == (Violation.PIUTANG,)
    assert weight.proposal is Choice.WITHDRAW


def test_nothing_owed_any_more_withdraws_and_where_nothing_was_owed_nothing_falls() -> None:
    gone = weighed(record(900_000), record())
    never = weighed(record(900_000, paid=900_000), record(900_000, base=1, paid=900_000))

    assert (gone.ground, gone.proposal) == (Ground.DEBT_GONE, Choice.WITHDRAW)
    assert never.fallen == ()
    assert never.ground is Ground.APART


def test_a_part_of_the_grounds_adjusts_and_all_of_them_withdraw() -> None:
    both = ARREARS | {Violation.LAPSED}

    part = weighed(record(900_000), record(), workers=1, violations=both)
    every = weighed(
        record(900_000), record(), workers=1, violations=both, gone=frozenset({Violation.LAPSED})
    )

    assert (part.ground, part.proposal) == (Ground.PARTLY_GONE, Choice.ADJUST)
    assert (every.ground, every.proposal) == (Ground.ALL_GONE, Choice.WITHDRAW)


@pytest.mark.parametrize(
    ("gone", "ground"),
    [
        (None, Ground.WORKERS_UNSWEPT),
        (frozenset[Violation](), Ground.WORKERS),
        (frozenset({Violation.LAPSED}), Ground.FLAGS_GONE),
    ],
)
def test_a_flag_of_workers_falls_only_by_a_sweep_over_the_corrected_data(
    gone: frozenset[Violation] | None, ground: Ground
) -> None:
    same = record(*FOUR)

    weight = weighed(same, same, workers=2, violations=frozenset({Violation.LAPSED}), gone=gone)

    assert weight.ground is ground


def test_a_flag_that_went_without_any_worker_corrected_is_not_the_corrections_doing() -> None:
    lapsed = frozenset({Violation.LAPSED})

    weight = weighed(
        record(*FOUR), record(900_000, 900_000, 900_001), violations=lapsed, gone=lapsed
    )

    assert weight.fallen == ()
    assert weight.ground is Ground.ROUNDED


def test_a_wage_base_alone_matters_to_a_breach_and_a_packet_and_not_to_a_letter_about_arrears() -> (
    None
):
    was, now = record(*FOUR), record(*FOUR, base=1)

    breach = weighed(was, now, violations=frozenset({Violation.PDS_UPAH}))
    packet = weighed(was, now, kind=Kind.PACKET)
    letter = weighed(was, now)

    assert breach.ground is packet.ground is Ground.BASES
    assert letter.ground is Ground.APART


def test_every_ground_has_a_proposal_and_a_sentence_that_can_be_said() -> None:
    weight = weighed(record(*FOUR), record(900_000, 900_000, 950_000))

    assert set(PROPOSES) == set(REASONS) == set(Ground)
    for ground in Ground:
        said = REASONS[ground].format(**reason(weight, on=TOLD).values)
        assert "{" not in said
        assert said.endswith(".")


@pytest.mark.parametrize(
    ("choice", "kind", "step", "stage", "way"),
    [
        (Choice.IGNORE, Kind.PACKET, None, Stage.REFERRED, WayOn(NextPage.NONE)),
        (Choice.WITHDRAW, Kind.LETTER, Action.WARN_1, Stage.WARNING_1,
         WayOn(NextPage.STEP, Action.CLOSE)),
        (Choice.WITHDRAW, Kind.LETTER, Action.WARN_1, Stage.REFERRAL,
         WayOn(NextPage.STEP, Action.WITHDRAW_REFERRAL)),
        (Choice.WITHDRAW, Kind.PACKET, None, Stage.REFERRED,
         WayOn(NextPage.STEP, Action.WITHDRAW_REFERRAL)),
        (Choice.ADJUST, Kind.LETTER, Action.SEND_NOTICE, Stage.NOTIFICATION,
         WayOn(NextPage.STEP, Action.SEND_NOTICE)),
        (Choice.ADJUST, Kind.PACKET, None, Stage.REFERRAL, WayOn(NextPage.PACKET)),
        (Choice.ADJUST, Kind.PACKET, None, Stage.REFERRED,
         WayOn(NextPage.STEP, Action.WITHDRAW_REFERRAL)),
        (Choice.ADJUST, Kind.CASE, None, Stage.VERIFICATION, WayOn(NextPage.NONE)),
        (Choice.WITHDRAW, Kind.LETTER, Action.WARN_1, Stage.CLOSED, WayOn(NextPage.NONE)),
    ],
)  # fmt: skip
def test_a_choice_leads_to_the_step_that_carries_it_out(
    choice: Choice, kind: Kind, step: Action | None, stage: Stage, way: WayOn
) -> None:
    assert way_on(choice, kind=kind, step=step, stage=stage) == way
