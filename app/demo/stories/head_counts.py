"""PDS_TK by head count: only where no list exists, by at least 2 and 10 % of those registered."""

from dataclasses import replace
from datetime import timedelta

from app.demo import identifiers
from app.demo.model import Employer
from app.demo.outside import newcomer, record, record_with_list
from app.demo.profile import Cast
from app.demo.scene import Scene, active_on
from app.demo.stories import kin
from app.demo.stories.story import Story

RULE = "PDS_TK"
_LEAST = 2
_TENTH = 10


def _needed(registered: int) -> int:
    """Return the smallest excess that is at least 2 and at least a tenth of those registered."""
    return max(_LEAST, -(-registered // _TENTH))


def _counted(more_than_needed: int, pattern: str, wording: str, *, sumber: str) -> Story:
    """Count as many more as needed for a flag, plus or minus `more_than_needed`."""

    def plant(scene: Scene, of: Employer) -> None:
        on = scene.fresh_day()
        registered = len(active_on(of, on))
        excess = _needed(registered) + more_than_needed
        source = record(scene, of, sumber=sumber, on=on, head_count=registered + excess)
        guilty = more_than_needed >= 0
        tell = scene.violation if guilty else scene.innocent
        tell(
            RULE,
            pattern,
            f"{wording} Terdaftar {registered}, menurut {sumber} {registered + excess}.",
            employer=of,
            jumlah_tk=excess if guilty else None,
            sources=(source,),
        )

    return Story(plant, Cast(smallest=3, largest=400))


def _one_more(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    registered = len(active_on(of, on))
    source = record(scene, of, sumber="WLKP", on=on, head_count=registered + 1)
    scene.innocent(
        RULE,
        "one_more_is_not_enough",
        "Hanya satu pekerja lebih banyak, walau lebih dari 10 persen.",
        employer=of,
        sources=(source,),
    )


def _stale_count(scene: Scene, of: Employer) -> None:
    stale = record(scene, of, sumber="WLKP", on=scene.stale_day())
    stale.jumlah_tk = len(of.members) + 12
    scene.innocent(
        RULE,
        "head_count_from_stale_source_only",
        "Jumlah yang lebih besar hanya ada di sumber yang usang.",
        employer=of,
        sources=(stale,),
    )


def _two_stale_counts(scene: Scene, of: Employer) -> None:
    stale = tuple(
        record(scene, of, sumber=sumber, on=scene.stale_day(), head_count=len(of.members) + 9)
        for sumber in ("WLKP", "OSS")
    )
    scene.innocent(
        RULE,
        "two_stale_sources",
        "Dua sumber usang menyebut jumlah yang lebih besar; keduanya tetap usang.",
        employer=of,
        sources=stale,
    )


def _fresh_equal_stale_higher(scene: Scene, of: Employer) -> None:
    fresh = record(scene, of, sumber="KESEHATAN", on=scene.fresh_day())
    stale = record(
        scene, of, sumber="WLKP", on=scene.stale_day(), head_count=len(of.members) * 2 + 5
    )
    scene.innocent(
        RULE,
        "fresh_equal_stale_higher",
        "Sumber baru sama dengan yang terdaftar, sumber usang lebih besar.",
        employer=of,
        sources=(fresh, stale),
    )


def _fresh_supported_by_stale(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    count = len(active_on(of, on)) * 2 + 4
    sources = (
        record(scene, of, sumber="WLKP", on=on, head_count=count),
        record(scene, of, sumber="OSS", on=scene.stale_day(), head_count=count),
    )
    scene.violation(
        RULE,
        "fresh_count_supported_by_stale",
        "Sumber baru membawa temuan, sumber usang mendukung.",
        employer=of,
        jumlah_tk=count - len(active_on(of, on)),
        sources=sources,
    )


def _list_is_complete(scene: Scene, of: Employer) -> None:
    source = record_with_list(scene, of, sumber="KESEHATAN", on=scene.fresh_day())
    source.jumlah_tk = len(source.listed) * 2 + 3
    scene.innocent(
        RULE,
        "head_count_higher_but_list_complete",
        "Jumlah pekerja lebih besar, tetapi daftar namanya lengkap terdaftar.",
        employer=of,
        sources=(source,),
    )


def _fell_since(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    source = record(scene, of, sumber="WLKP", on=on)
    for member in of.members[: len(of.members) // 2]:
        member.end, member.cause = on + timedelta(days=25), "mengundurkan_diri"
    scene.innocent(
        RULE,
        "head_count_fell_since",
        "Jumlah sama pada tanggal sumber; separuh pekerja keluar sesudahnya.",
        employer=of,
        sources=(source,),
    )


def _sister_covers(scene: Scene, of: Employer) -> None:
    sister = kin.become_sister(scene, of)
    on = scene.fresh_day()
    together = len(active_on(of, on)) + len(active_on(sister, on))
    source = record(scene, of, sumber="DJP", on=on, head_count=together)
    for each in (of, sister):
        scene.innocent(
            RULE,
            "head_count_covered_by_sister_npp",
            "Jumlah di sumber sama dengan kedua NPP dari NPWP yang sama.",
            employer=each,
            sources=(source,),
        )


def _two_kpj(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    registered = len(active_on(of, on))
    excess = _needed(registered)
    source = record(scene, of, sumber="WLKP", on=on, head_count=registered + excess)
    twice = [replace(member, kpj=identifiers.kpj(scene.number())) for member in of.members[:excess]]
    of.members += twice
    scene.violation(
        RULE,
        "workers_with_two_kpj_hide_gap",
        f"KPJ kedua dari pekerja yang sama menutupi kekurangan {excess} pekerja.",
        employer=of,
        jumlah_tk=excess,
        sources=(source,),
    )


def _tip(scene: Scene, of: Employer) -> None:
    on = scene.calendar.ago(scene.rng.randint(10, 90))
    reporter = newcomer(scene, start=on - timedelta(days=240), wage=of.members[0].wage)
    source = record(scene, of, sumber="LAPORAN", on=on)
    source.listed = [reporter]
    scene.violation(
        RULE,
        "reported_by_worker",
        "Seorang pekerja melapor bahwa ia belum didaftarkan.",
        employer=of,
        jumlah_tk=1,
        sources=(source,),
        niks=(reporter.nik,),
    )


_SOME = Cast(smallest=4, largest=250)

# fmt: off
STORIES = (
    _counted(0, "head_count_at_threshold", "Selisih tepat di batas.", sumber="WLKP"),
    _counted(-1, "head_count_below_threshold", "Selisih satu di bawah batas.", sumber="WLKP"),
    _counted(6, "head_count_above_registered", "Selisih jelas.", sumber="KESEHATAN"),
    Story(_stale_count, _SOME),
    Story(_list_is_complete, _SOME),
    Story(_fresh_supported_by_stale, _SOME),
    Story(_two_stale_counts, _SOME),
    Story(_one_more, Cast(smallest=1, largest=8)),
    Story(_fresh_equal_stale_higher, _SOME),
    Story(_tip, _SOME),
    Story(_fell_since, _SOME),
    Story(_sister_covers, _SOME, neighbours=1),
    Story(_two_kpj, _SOME),
)
# fmt: on
