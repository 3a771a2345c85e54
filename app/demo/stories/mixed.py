"""Employers that break several rules at once, as most real ones do."""

from datetime import timedelta

from app.demo.model import Employer, Habit
from app.demo.outside import newcomer, record_with_list
from app.demo.profile import Cast
from app.demo.scene import Scene, active_on
from app.demo.stories.story import Story

_PATTERN = "several_at_once"


def _owe(of: Employer, scene: Scene, months: int) -> None:
    last = scene.calendar.last_surely_due
    for month in range(last - months + 1, last + 1):
        of.habits["", month] = Habit.UNPAID
    scene.violation("PIUTANG", _PATTERN, f"Menunggak {months} bulan.", employer=of)


def _few_programmes(scene: Scene, of: Employer) -> None:
    scene.violation(
        "PDS_PROGRAM",
        _PATTERN,
        "Program lebih sedikit daripada yang wajib.",
        employer=of,
        jumlah_tk=len(active_on(of, scene.calendar.today)),
    )


def _programme_and_arrears(scene: Scene, of: Employer) -> None:
    _owe(of, scene, 6)
    _few_programmes(scene, of)


def _programme_arrears_and_workers(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    missing = tuple(
        newcomer(scene, start=on - timedelta(days=220), wage=of.members[0].wage) for _ in range(4)
    )
    source = record_with_list(scene, of, sumber="KESEHATAN", on=on, also=missing)
    scene.violation(
        "PDS_TK",
        _PATTERN,
        "Empat pekerja di daftar tidak pernah didaftarkan.",
        employer=of,
        jumlah_tk=len(missing),
        sources=(source,),
        niks=tuple(worker.nik for worker in missing),
    )
    _owe(of, scene, 4)
    _few_programmes(scene, of)


# fmt: off
STORIES = (
    Story(_programme_and_arrears,
          Cast(smallest=20, largest=70, scale="menengah", programmes=("JKK", "JKM", "JHT")),
          quiet=False, rounds=2),
    Story(_programme_arrears_and_workers,
          Cast(smallest=8, largest=24, scale="kecil", programmes=("JKK", "JKM"))),
)
# fmt: on
