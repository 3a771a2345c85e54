"""PWBD: employers that only other agencies know, with a worker in a fresh source or without."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from app.demo import profile
from app.demo.chance import below, one_of
from app.demo.geography import PLACES
from app.demo.outside import AGENCIES, newcomer, seen_again, stranger
from app.demo.scene import Scene

_FIRST_FREE_SLOT = 4
_STALE_LISTS = 0.15
_LISTING = ("KESEHATAN", "KESEHATAN", "DJP", "WLKP")
_MOST_LISTED = 60


@dataclass(frozen=True, slots=True)
class StrangerStory:
    plant: Callable[[Scene], None]
    rounds: int = 1


def _size(scene: Scene) -> int:
    return 2 + int(40 * scene.rng.random() ** 3)


def _fresh(scene: Scene) -> None:
    known = stranger(
        scene, sumber=scene.rng.choice(AGENCIES), on=scene.fresh_day(), head_count=_size(scene)
    )
    scene.outside(
        "violation",
        "unknown_employer_fresh_source",
        f"{known.sumber} menyebut {known.jumlah_tk} pekerja; tidak terdaftar di sini.",
        sources=[known],
    )


def _two_fresh(scene: Scene) -> None:
    size = _size(scene)
    known = stranger(scene, sumber="KESEHATAN", on=scene.fresh_day(), head_count=size)
    again = seen_again(scene, known, sumber="DJP", on=scene.fresh_day(), head_count=size)
    scene.outside(
        "violation",
        "unknown_employer_two_fresh_sources",
        "Dua sumber baru mengenal badan usaha yang sama dengan NPWP 15 dan 16 angka.",
        sources=[known, again],
    )


def _one_worker(scene: Scene) -> None:
    known = stranger(scene, sumber="KESEHATAN", on=scene.fresh_day(), head_count=1)
    scene.outside(
        "violation", "unknown_employer_one_worker", "Satu pekerja sudah cukup.", sources=[known]
    )


def _no_worker(scene: Scene) -> None:
    known = stranger(scene, sumber="OSS", on=scene.fresh_day(), head_count=0)
    scene.outside(
        "innocent",
        "fresh_source_says_no_workers",
        "Sumber baru menyebut tidak ada pekerja.",
        sources=[known],
    )


def _now_empty(scene: Scene) -> None:
    known = stranger(scene, sumber="KESEHATAN", on=scene.fresh_day(), head_count=0)
    before = seen_again(scene, known, sumber="WLKP", on=scene.stale_day(), head_count=_size(scene))
    scene.outside(
        "innocent",
        "fresh_says_none_stale_says_some",
        "Sumber usang menyebut pekerja, sumber baru tidak lagi.",
        sources=[known, before],
    )


def _stale(scene: Scene) -> None:
    known = stranger(scene, sumber="OSS", on=scene.stale_day(), head_count=_size(scene))
    scene.outside(
        "innocent",
        "known_only_from_stale_source",
        "Hanya satu sumber usang yang mengenalnya.",
        sources=[known],
    )


def _two_stale(scene: Scene) -> None:
    size = _size(scene)
    known = stranger(scene, sumber="WLKP", on=scene.stale_day(), head_count=size)
    again = seen_again(scene, known, sumber="DJP", on=scene.stale_day(), head_count=size)
    scene.outside(
        "innocent", "two_stale_sources", "Dua sumber usang tetap usang.", sources=[known, again]
    )


def _carried(scene: Scene) -> None:
    known = stranger(scene, sumber="KESEHATAN", on=scene.fresh_day(), head_count=6)
    before = seen_again(scene, known, sumber="WLKP", on=scene.stale_day(), head_count=20)
    scene.outside(
        "violation",
        "fresh_carries_stale_supports",
        "Sumber baru menyebut enam pekerja, sumber usang mendukung.",
        sources=[known, before],
    )


def _exactly_stale(days_older: int, pattern: str, wording: str) -> Callable[[Scene], None]:
    def plant(scene: Scene) -> None:
        on = scene.calendar.oldest_fresh_day - timedelta(days=days_older)
        known = stranger(scene, sumber="DJP", on=on, head_count=_size(scene))
        kind = "innocent" if days_older else "violation"
        scene.outside(kind, pattern, wording, sources=[known])

    return plant


def _namesake(scene: Scene) -> None:
    """Same name and regency as our neighbour, but another NPWP and NIB: two firms."""
    ours = scene.bystanders[-1]
    profile.give_identifiers(scene, ours)
    on = scene.fresh_day()
    known = replace(
        stranger(scene, sumber="WLKP", on=on, head_count=0, place=ours.place), nama=ours.nama
    )
    known.listed = [
        newcomer(scene, start=on - timedelta(days=500), wage=ours.place.wage_floor)
        for _ in range(3)
    ]
    known.jumlah_tk = len(known.listed)
    scene.outside(
        "violation",
        "same_name_and_regency_other_npwp",
        f"Nama dan wilayah sama dengan NPP {ours.npp}, tetapi NPWP dan NIB lain: badan lain.",
        sources=[known],
    )
    scene.innocent(
        "PDS_TK",
        "same_name_and_regency_other_npwp",
        "Daftar pekerja milik badan lain dengan nama yang sama.",
        employer=ours,
        sources=(known,),
    )


def _namesake_by_nib(scene: Scene) -> None:
    """Same name and regency, no NPWP there, and another NIB than ours: two firms."""
    ours = scene.bystanders[-1]
    profile.give_identifiers(scene, ours)
    known = stranger(
        scene, sumber="OSS", on=scene.fresh_day(), head_count=_size(scene), place=ours.place
    )
    known = replace(known, nama=ours.nama, npwp="")
    scene.outside(
        "violation",
        "same_name_and_regency_other_nib",
        f"Nama dan wilayah sama dengan NPP {ours.npp}, tetapi NIB lain: badan lain.",
        sources=[known],
    )


def _namesake_elsewhere(scene: Scene) -> None:
    ours = scene.bystanders[-1]
    there = next(place for place in PLACES if place != ours.place)
    known = stranger(
        scene, sumber="WLKP", on=scene.fresh_day(), head_count=_size(scene), place=there
    )
    known = replace(known, nama=ours.nama, npwp="", nib="")
    scene.outside(
        "violation",
        "same_name_other_regency",
        f"Nama sama dengan NPP {ours.npp}, tetapi di wilayah lain dan tanpa NPWP.",
        sources=[known],
    )


def _tip(scene: Scene) -> None:
    on = scene.calendar.ago(scene.rng.randint(10, 90))
    known = stranger(scene, sumber="LAPORAN", on=on, head_count=_size(scene))
    known = replace(known, npwp="", nib="", kbli="")
    known.listed = [
        newcomer(scene, start=on - timedelta(days=200), wage=scene.rng.randint(25, 50) * 100_000)
    ]
    scene.outside(
        "violation",
        "unknown_employer_reported_by_worker",
        "Seorang pekerja melaporkan tempat kerjanya yang belum terdaftar.",
        sources=[known],
    )


def _with_list(scene: Scene) -> None:
    on = scene.fresh_day()
    known = stranger(scene, sumber="KESEHATAN", on=on, head_count=0)
    known.listed = [
        newcomer(scene, start=on - timedelta(days=300), wage=scene.rng.randint(30, 70) * 100_000)
        for _ in range(_size(scene))
    ]
    known.jumlah_tk = len(known.listed)
    scene.outside(
        "violation",
        "unknown_employer_with_worker_list",
        f"Daftar {known.jumlah_tk} pekerja dari badan usaha yang tidak terdaftar.",
        sources=[known],
    )


def _nameless(scene: Scene) -> None:
    known = stranger(scene, sumber="WLKP", on=scene.fresh_day(), head_count=_size(scene))
    known = replace(known, npwp="", nib="", kbli="", alamat="")
    scene.outside(
        "violation",
        "unknown_employer_without_identifiers",
        "Tanpa NPWP dan NIB, dan namanya tidak ada di sini.",
        sources=[known],
    )


def tell_of_many(scene: Scene) -> None:
    """Add the firms without number that only a nation has, each with its list of workers."""
    for slot in range(_FIRST_FREE_SLOT, _FIRST_FREE_SLOT + scene.shape.strangers):
        _listed_only(scene, slot=slot)


def _listed_only(scene: Scene, *, slot: int) -> None:
    rng = scene.rng
    stale = rng.random() < _STALE_LISTS
    on = scene.stale_day() if stale else scene.fresh_day()
    known = stranger(scene, sumber=one_of(rng, _LISTING), on=on, head_count=0, slot=slot)
    start, pay = on - timedelta(days=300), 30 + below(rng, 30)
    known.listed = [
        newcomer(scene, start=start, wage=(pay + below(rng, 9)) * 100_000)
        for _ in range(1 + int(_MOST_LISTED * rng.random() ** 4))
    ]
    known.jumlah_tk = len(known.listed)
    scene.outside(
        "innocent" if stale else "violation",
        "stale_worker_list" if stale else "unknown_employer_with_worker_list",
        f"Daftar {known.jumlah_tk} pekerja dari badan usaha yang tidak terdaftar"
        f"{': usang, tidak cukup.' if stale else '.'}",
        sources=[known],
    )


# fmt: off
STRANGERS = (
    StrangerStory(_fresh, rounds=8),
    StrangerStory(_stale, rounds=4),
    StrangerStory(_two_fresh, rounds=4),
    StrangerStory(_no_worker, rounds=2),
    StrangerStory(_one_worker, rounds=2),
    StrangerStory(_two_stale, rounds=2),
    StrangerStory(_namesake, rounds=2),
    StrangerStory(_with_list, rounds=4),
    StrangerStory(_exactly_stale(0, "source_exactly_18_months_old",
                                 "Sumber tepat 18 bulan: belum usang.")),
    StrangerStory(_exactly_stale(1, "source_18_months_and_a_day",
                                 "Sumber 18 bulan dan sehari: usang.")),
    StrangerStory(_carried, rounds=2),
    StrangerStory(_now_empty),
    StrangerStory(_tip, rounds=2),
    StrangerStory(_nameless),
    StrangerStory(_namesake_elsewhere),
    StrangerStory(_namesake_by_nib),
)
# fmt: on
