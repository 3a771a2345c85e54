"""PDS_PROGRAM: fewer programmes than the scale obliges, and who may well have fewer."""

from app.demo.model import Employer
from app.demo.profile import Cast
from app.demo.scene import Scene, active_on
from app.demo.stories.story import Story

RULE = "PDS_PROGRAM"
_TWO = ("JKK", "JKM")
_THREE = ("JKK", "JKM", "JHT")


def _violation(pattern: str, wording: str, cast: Cast, *, rounds: int = 1) -> Story:
    def plant(scene: Scene, of: Employer) -> None:
        scene.violation(
            RULE,
            pattern,
            wording,
            employer=of,
            jumlah_tk=len(active_on(of, scene.calendar.today)),
        )

    return Story(plant, cast, quiet=False, rounds=rounds)


def _innocent(pattern: str, wording: str, cast: Cast) -> Story:
    def plant(scene: Scene, of: Employer) -> None:
        scene.innocent(RULE, pattern, wording, employer=of)

    return Story(plant, cast, quiet=False)


def _closed(scene: Scene, of: Employer) -> None:
    for member in of.members:
        member.end, member.cause = scene.calendar.ago(400), "phk"
    of.status = "tutup"
    scene.innocent(
        RULE,
        "closed_with_two_programmes",
        "Usaha kecil dengan dua program, tetapi sudah tutup dan tanpa pekerja.",
        employer=of,
    )


# fmt: off
STORIES = (
    _violation("small_without_jht", "Usaha kecil tidak mengikuti JHT.",
               Cast(smallest=5, largest=24, scale="kecil", programmes=_TWO), rounds=2),
    _innocent("micro_two_programmes_is_compliant", "Usaha mikro cukup dengan JKK dan JKM.",
              Cast(largest=6, scale="mikro", programmes=_TWO)),
    _violation("medium_without_jp", "Usaha menengah tidak mengikuti JP.",
               Cast(smallest=20, largest=90, scale="menengah", programmes=_THREE), rounds=2),
    _innocent("small_three_programmes_is_compliant", "Usaha kecil cukup dengan JKK, JKM dan JHT.",
              Cast(smallest=5, largest=24, scale="kecil", programmes=_THREE)),
    _violation("large_two_programmes", "Usaha besar hanya mengikuti JKK dan JKM.",
               Cast(smallest=100, largest=180, scale="besar", programmes=_TWO)),
    _innocent("construction_project_scheme", "Usaha konstruksi dinilai menurut proyeknya.",
              Cast(smallest=20, largest=60, scale="menengah", programmes=_TWO, construction=True)),
    _innocent("programmes_in_other_order", "Keempat program lengkap, hanya urutannya lain.",
              Cast(smallest=20, largest=60, scale="menengah",
                   programmes=("JP", "JHT", "JKM", "JKK"))),
    _violation("micro_without_jkm", "Usaha mikro hanya mengikuti JKK.",
               Cast(largest=6, scale="mikro", programmes=("JKK",))),
    Story(_closed, Cast(smallest=4, largest=20, scale="kecil", programmes=_TWO)),
)
# fmt: on
