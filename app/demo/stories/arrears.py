"""PIUTANG: three distinct months with a principal outstanding, and what only looks like it."""

from app.demo.billing import PROGRAMMES
from app.demo.model import Employer, Habit
from app.demo.profile import ANY, Cast
from app.demo.scene import Scene
from app.demo.stories import kin
from app.demo.stories.story import Story

RULE = "PIUTANG"


def _owe(of: Employer, scene: Scene, months: int, habit: Habit) -> None:
    """Apply the habit to the last `months` months that are surely due."""
    last = scene.calendar.last_surely_due
    for month in range(last - months + 1, last + 1):
        of.habits["", month] = habit


def _unpaid(months: int, pattern: str, wording: str) -> Story:
    def plant(scene: Scene, of: Employer) -> None:
        _owe(of, scene, months, Habit.UNPAID)
        scene.violation(RULE, pattern, wording, employer=of)

    return Story(plant, Cast(), quiet=False)


def _all_unpaid_since_long(scene: Scene, of: Employer) -> None:
    for month in range(scene.calendar.current_month - 15, scene.calendar.current_month + 1):
        of.habits["", month] = Habit.UNPAID
    scene.violation(
        RULE, "unpaid_for_more_than_a_year", "Tidak membayar sejak lebih dari setahun.", employer=of
    )


def _half_paid(scene: Scene, of: Employer) -> None:
    _owe(of, scene, 4, Habit.HALF)
    scene.violation(
        RULE, "half_paid_four_months", "Empat bulan hanya dibayar separuh.", employer=of
    )


def _one_programme(scene: Scene, of: Employer) -> None:
    _owe(of, scene, 3, Habit.ONE_PROGRAMME_UNPAID)
    scene.violation(
        RULE,
        "one_programme_unpaid_three_months",
        "Tiga bulan hanya JKM yang tidak dibayar.",
        employer=of,
    )


def _scattered(scene: Scene, of: Employer) -> None:
    last = scene.calendar.last_surely_due
    for month in (last, last - 4, last - 9):
        of.habits["", month] = Habit.UNPAID
    scene.violation(
        RULE,
        "three_scattered_months_unpaid",
        "Tiga bulan yang tidak berurutan belum dibayar.",
        employer=of,
    )


def _overpaid_elsewhere(scene: Scene, of: Employer) -> None:
    _owe(of, scene, 3, Habit.UNPAID)
    of.habits["", scene.calendar.last_surely_due - 3] = Habit.OVERPAID
    scene.violation(
        RULE,
        "overpayment_does_not_pay_other_months",
        "Tiga bulan belum dibayar; kelebihan bayar di bulan lain tidak dipindahkan.",
        employer=of,
    )


def _over_two_divisions(scene: Scene, of: Employer) -> None:
    kin.open_second_division(of)
    last = scene.calendar.last_surely_due
    of.habits["000", last] = Habit.UNPAID
    of.habits["000", last - 1] = Habit.UNPAID
    of.habits[kin.SECOND_DIVISION, last - 2] = Habit.UNPAID
    scene.violation(
        RULE,
        "three_months_over_two_divisi",
        "Dua bulan belum dibayar di satu divisi dan satu bulan lain di divisi kedua.",
        employer=of,
    )


def _same_two_months_in_two_divisions(scene: Scene, of: Employer) -> None:
    kin.open_second_division(of)
    last = scene.calendar.last_surely_due
    for divisi in of.divisions:
        of.habits[divisi, last] = Habit.UNPAID
        of.habits[divisi, last - 1] = Habit.UNPAID
    scene.innocent(
        RULE,
        "same_two_months_in_two_divisi",
        "Dua bulan yang sama belum dibayar di dua divisi: tetap dua bulan.",
        employer=of,
    )


def _closed_with_debt(scene: Scene, of: Employer) -> None:
    _owe(of, scene, 5, Habit.UNPAID)
    closed = scene.calendar.ago(20)
    for member in of.members:
        member.end, member.cause = closed, "phk"
    of.status = "tutup"
    scene.violation(
        RULE,
        "closed_employer_still_owes",
        "Badan usaha sudah tutup, utang lima bulan tetap ada.",
        employer=of,
    )


def _innocent(habit: Habit, months: int, pattern: str, wording: str) -> Story:
    def plant(scene: Scene, of: Employer) -> None:
        _owe(of, scene, months, habit)
        scene.innocent(RULE, pattern, wording, employer=of)

    return Story(plant, Cast(), quiet=False)


def _not_yet_due(scene: Scene, of: Employer) -> None:
    _owe(of, scene, 2, Habit.UNPAID)
    of.habits["", scene.calendar.current_month] = Habit.UNPAID
    scene.innocent(
        RULE,
        "unpaid_but_not_yet_due",
        "Dua bulan belum dibayar, tagihan ketiga belum jatuh tempo.",
        employer=of,
    )


def _paid_short_of_three(scene: Scene, of: Employer) -> None:
    last = scene.calendar.last_surely_due
    of.habits["", last] = Habit.UNPAID
    of.habits["", last - 1] = Habit.HALF
    of.habits["", last - 2] = Habit.LATE
    scene.innocent(
        RULE,
        "two_months_owed_third_paid_late",
        "Dua bulan masih ada sisa, bulan ketiga dibayar terlambat.",
        employer=of,
    )


_BIG = Cast(smallest=6)

# fmt: off
STORIES = (
    _unpaid(3, "three_months_unpaid", "Tepat tiga bulan belum dibayar."),
    _innocent(Habit.UNPAID, 2, "two_months_unpaid", "Baru dua bulan belum dibayar."),
    _unpaid(5, "five_months_unpaid", "Lima bulan belum dibayar."),
    Story(_not_yet_due, Cast(), quiet=False),
    _unpaid(9, "nine_months_unpaid", "Sembilan bulan belum dibayar."),
    _innocent(Habit.LATE, 7, "paid_late_but_paid", "Tujuh bulan dibayar terlambat, tetapi lunas."),
    Story(_half_paid, ANY, quiet=False),
    _innocent(Habit.INSTALMENTS, 6, "paid_in_instalments",
              "Enam bulan dibayar bertahap sampai lunas."),
    Story(_one_programme, Cast(), quiet=False),
    _innocent(Habit.UNPAID, 1, "one_month_all_programmes_unpaid",
              "Satu bulan belum dibayar untuk semua program."),
    Story(_scattered, Cast(), quiet=False),
    Story(_paid_short_of_three, Cast(), quiet=False),
    Story(_overpaid_elsewhere, Cast(), quiet=False),
    Story(_over_two_divisions, _BIG),
    Story(_same_two_months_in_two_divisions, _BIG),
    Story(_all_unpaid_since_long, Cast(programmes=PROGRAMMES, smallest=8), quiet=False),
    Story(_closed_with_debt, Cast(smallest=2)),
)
# fmt: on
