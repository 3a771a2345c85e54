"""PDS_TK by worker list: people at work whom this employer never registered, or who seem so."""

from dataclasses import replace
from datetime import timedelta

from app.demo import profile
from app.demo.model import Employer
from app.demo.outside import newcomer, record_with_list
from app.demo.profile import Cast
from app.demo.scene import Scene, as_listed
from app.demo.stories import kin
from app.demo.stories.story import Story

RULE = "PDS_TK"
_GRACE_DAYS = 30


def _never_registered(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    missing = tuple(
        newcomer(
            scene,
            start=on - timedelta(days=scene.rng.randint(60, 700)),
            wage=of.members[0].wage,
        )
        for _ in range(scene.rng.randint(1, 6))
    )
    sumber = scene.rng.choice(("KESEHATAN", "DJP"))
    source = record_with_list(scene, of, sumber=sumber, on=on, also=missing)
    scene.violation(
        RULE,
        "workers_on_list_never_registered",
        f"{len(missing)} pekerja di daftar {sumber} tidak pernah didaftarkan.",
        employer=of,
        jumlah_tk=len(missing),
        sources=(source,),
        niks=tuple(worker.nik for worker in missing),
    )


def _seen_by_two(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    missing = tuple(
        newcomer(scene, start=on - timedelta(days=400), wage=of.members[0].wage) for _ in range(3)
    )
    sources = tuple(
        record_with_list(scene, of, sumber=sumber, on=on, also=missing)
        for sumber in ("KESEHATAN", "DJP")
    )
    scene.violation(
        RULE,
        "never_registered_on_two_lists",
        "Tiga pekerja yang sama ada di dua daftar dan dihitung satu kali.",
        employer=of,
        jumlah_tk=3,
        sources=sources,
        niks=tuple(worker.nik for worker in missing),
    )


def _started(days_before: int, pattern: str, wording: str) -> Story:
    def plant(scene: Scene, of: Employer) -> None:
        on = scene.fresh_day()
        fresh = newcomer(scene, start=on - timedelta(days=days_before), wage=of.members[0].wage)
        source = record_with_list(scene, of, sumber="KESEHATAN", on=on, also=(fresh,))
        tell = scene.violation if days_before > _GRACE_DAYS else scene.innocent
        tell(
            RULE,
            pattern,
            wording,
            employer=of,
            jumlah_tk=1 if days_before > _GRACE_DAYS else None,
            sources=(source,),
            niks=(fresh.nik,),
        )

    return Story(plant)


def _other_division(scene: Scene, of: Employer) -> None:
    kin.open_second_division(of)
    source = record_with_list(scene, of, sumber="KESEHATAN", on=scene.fresh_day())
    scene.innocent(
        RULE,
        "registered_under_other_divisi",
        "Semua pekerja terdaftar, sebagian di divisi lain.",
        employer=of,
        sources=(source,),
    )


def _other_npp(scene: Scene, of: Employer) -> None:
    sister = kin.become_sister(scene, of)
    on = scene.fresh_day()
    there = [member for member in sister.members if member.runs_on(on)][:3]
    elsewhere = tuple(as_listed(member, wage=member.wage) for member in there)
    source = record_with_list(scene, of, sumber="KESEHATAN", on=on, also=elsewhere)
    scene.innocent(
        RULE,
        "registered_under_other_npp_same_npwp",
        f"Pekerja di daftar terdaftar pada NPP {sister.npp} dengan NPWP yang sama.",
        employer=of,
        sources=(source,),
        niks=tuple(worker.nik for worker in elsewhere),
    )


def _unrelated_employer(scene: Scene, of: Employer) -> None:
    neighbour = scene.employers[1]
    on = scene.fresh_day()
    second_job = profile.new_member(scene, neighbour, settled=True)
    neighbour.members.append(second_job)
    here = replace(as_listed(second_job), start=on - timedelta(days=300))
    source = record_with_list(scene, of, sumber="KESEHATAN", on=on, also=(here,))
    scene.violation(
        RULE,
        "registered_only_at_unrelated_employer",
        "Satu pekerja hanya terdaftar di pemberi kerja lain yang tidak berhubungan.",
        employer=of,
        jumlah_tk=1,
        sources=(source,),
        niks=(here.nik,),
    )


def _registered_later(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    late = of.members[-1]
    began = late.start
    late.start = on + timedelta(days=20)
    source = record_with_list(
        scene, of, sumber="KESEHATAN", on=on, also=(replace(as_listed(late), start=began),)
    )
    scene.innocent(
        RULE,
        "registered_after_source_date",
        "Satu pekerja didaftarkan sesudah tanggal sumber.",
        employer=of,
        sources=(source,),
        niks=(late.person.nik,),
    )


def _died(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    dead = of.members[-1]
    source = record_with_list(scene, of, sumber="KESEHATAN", on=on)
    dead.end, dead.cause = on - timedelta(days=40), "meninggal"
    for rule in (RULE, "LAPSED"):
        scene.innocent(
            rule,
            "worker_died",
            "Satu pekerja di daftar telah meninggal.",
            employer=of,
            sources=(source,),
            niks=(dead.person.nik,),
        )


def _stale_list(scene: Scene, of: Employer) -> None:
    on = scene.stale_day()
    unknown = newcomer(scene, start=on - timedelta(days=300), wage=of.members[0].wage)
    source = record_with_list(scene, of, sumber="KESEHATAN", on=on, also=(unknown,))
    scene.innocent(
        RULE,
        "worker_list_from_stale_source_only",
        "Satu pekerja hanya tampak di daftar yang lebih tua dari 18 bulan.",
        employer=of,
        sources=(source,),
        niks=(unknown.nik,),
    )


def _zeroed_digit(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    hurt = next((each for each in of.members if not each.person.nik.endswith("0")), None)
    if hurt is None:
        return
    shown = replace(as_listed(hurt, wage=hurt.wage), nik=f"{hurt.person.nik[:15]}0")
    source = record_with_list(scene, of, sumber="WLKP", on=on, also=(shown,), without=(hurt,))
    scene.innocent(
        RULE,
        "excel_zeroed_nik_same_name_and_birth_date",
        "Digit terakhir NIK menjadi 0 di lembar kerja; nama dan tanggal lahir sama.",
        employer=of,
        sources=(source,),
        niks=(shown.nik,),
    )


def _on_two_lists(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    sources = tuple(
        record_with_list(scene, of, sumber=sumber, on=on) for sumber in ("KESEHATAN", "DJP")
    )
    scene.innocent(
        RULE,
        "same_workers_on_two_lists_count_once",
        "Dua daftar memuat pekerja yang sama; semuanya terdaftar.",
        employer=of,
        sources=sources,
    )


_SOME = Cast(smallest=3, largest=250)

# fmt: off
STORIES = (
    Story(_never_registered, _SOME, rounds=4),
    _started(30, "within_grace_30_days",
             "Satu pekerja mulai bekerja tepat 30 hari sebelum tanggal sumber."),
    _started(31, "started_31_days_before_source",
             "Satu pekerja mulai bekerja 31 hari sebelum tanggal sumber."),
    _started(12, "within_grace_12_days",
             "Satu pekerja mulai bekerja 12 hari sebelum tanggal sumber."),
    Story(_other_division, _SOME),
    Story(_seen_by_two, _SOME),
    Story(_other_npp, _SOME, neighbours=1),
    Story(_unrelated_employer, _SOME, neighbours=1),
    Story(_registered_later, _SOME),
    Story(_died, _SOME, rounds=2),
    Story(_stale_list, _SOME),
    Story(_zeroed_digit, _SOME),
    Story(_on_two_lists, _SOME),
)
# fmt: on
