"""PDS_UPAH: a wage evidenced elsewhere at least 10 % above the reported one, and what is below."""

from dataclasses import replace

from app.demo import profile
from app.demo.model import Employer, Membership, SourceRecord
from app.demo.outside import record_with_list
from app.demo.profile import Cast
from app.demo.scene import Scene
from app.demo.stories.story import Story

RULE = "PDS_UPAH"
_SOME = Cast(smallest=2, largest=250)


def _show(source: SourceRecord, member: Membership, *, wage: int) -> None:
    """Let the list say another wage of one of its workers."""
    source.listed = [
        replace(entry, wage=wage) if entry.nik == member.person.nik else entry
        for entry in source.listed
    ]


def _just_ten_percent(wage: int) -> int:
    return -(-wage * 11 // 10)


def _gap(ratio_percent: int | None, rupiah: int, pattern: str, wording: str) -> Story:
    """Show one worker at `ratio_percent` of the reported wage, or just 10 % more, plus `rupiah`."""

    def plant(scene: Scene, of: Employer) -> None:
        member = of.members[0]
        source = record_with_list(
            scene, of, sumber=scene.rng.choice(("DJP", "KESEHATAN")), on=scene.fresh_day()
        )
        if ratio_percent is None:
            shown = _just_ten_percent(member.wage) + rupiah
        else:
            shown = member.wage * ratio_percent // 100 + rupiah
        _show(source, member, wage=shown)
        guilty = shown >= _just_ten_percent(member.wage)
        tell = scene.violation if guilty else scene.innocent
        tell(
            RULE,
            pattern,
            f"{wording} Dilaporkan {member.wage}, menurut sumber {shown}.",
            employer=of,
            jumlah_tk=1 if guilty else None,
            sources=(source,),
            niks=(member.person.nik,),
        )

    return Story(plant, _SOME)


def _many(scene: Scene, of: Employer) -> None:
    source = record_with_list(scene, of, sumber="DJP", on=scene.fresh_day())
    under = of.members[: max(len(of.members) // 2, 1)]
    for member in under:
        _show(source, member, wage=member.wage * scene.rng.randint(118, 190) // 100)
    scene.violation(
        RULE,
        "half_of_the_wages_underreported",
        f"Upah {len(under)} pekerja dilaporkan jauh lebih rendah.",
        employer=of,
        jumlah_tk=len(under),
        sources=(source,),
        niks=tuple(member.person.nik for member in under),
    )


def _minimum_wage(scene: Scene, of: Employer) -> None:
    for member in of.members:
        member.wage = of.place.wage_floor * scene.rng.randint(38, 50) // 100
    source = record_with_list(scene, of, sumber="DJP", on=scene.fresh_day())
    scene.innocent(
        RULE,
        "minimum_wage_signal_only",
        "Upah di bawah upah minimum, tetapi semua sumber menyebut upah yang sama.",
        employer=of,
        sources=(source,),
    )


def _stale_evidence(scene: Scene, of: Employer) -> None:
    member = of.members[0]
    source = record_with_list(scene, of, sumber="DJP", on=scene.stale_day())
    _show(source, member, wage=member.wage * 3 // 2)
    scene.innocent(
        RULE,
        "wage_from_stale_source_only",
        "Upah yang lebih tinggi hanya ada di sumber yang usang.",
        employer=of,
        sources=(source,),
        niks=(member.person.nik,),
    )


def _fresh_agrees(scene: Scene, of: Employer) -> None:
    member = of.members[0]
    fresh = record_with_list(scene, of, sumber="KESEHATAN", on=scene.fresh_day())
    stale = record_with_list(scene, of, sumber="DJP", on=scene.stale_day())
    _show(stale, member, wage=member.wage * 13 // 10)
    scene.innocent(
        RULE,
        "stale_wage_higher_fresh_agrees",
        "Sumber baru menyebut upah yang sama, hanya sumber usang lebih tinggi.",
        employer=of,
        sources=(fresh, stale),
        niks=(member.person.nik,),
    )


def _wage_of_another_job(scene: Scene, of: Employer) -> None:
    other = scene.employers[1]
    on = scene.fresh_day()
    worker = of.members[0]
    second = profile.new_member(scene, other, settled=True)
    second.person, second.wage = worker.person, worker.wage * 2
    other.members.append(second)
    here = record_with_list(scene, of, sumber="KESEHATAN", on=on)
    other.speaks_for_itself = True
    there = record_with_list(scene, other, sumber="DJP", on=on)
    scene.innocent(
        RULE,
        "higher_wage_is_at_other_employer",
        "Upah yang lebih tinggi berasal dari pekerjaan kedua di pemberi kerja lain.",
        employer=of,
        sources=(here, there),
        niks=(worker.person.nik,),
    )


# fmt: off
STORIES = (
    _gap(None, 0, "wage_gap_exactly_10_percent", "Selisih tepat 10 persen."),
    _gap(None, -1, "wage_gap_below_10_percent", "Selisih satu rupiah di bawah 10 persen."),
    Story(_many, _SOME, rounds=3),
    Story(_minimum_wage, _SOME),
    _gap(140, 0, "wage_gap_40_percent", "Selisih 40 persen."),
    Story(_stale_evidence, _SOME),
    Story(_fresh_agrees, _SOME),
    Story(_wage_of_another_job, _SOME, neighbours=1),
    _gap(108, 0, "wage_gap_8_percent", "Selisih 8 persen."),
)
# fmt: on
