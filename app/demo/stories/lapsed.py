"""LAPSED: membership ended, active nowhere, and a later source still shows the worker at work."""

from datetime import date, timedelta

from app.demo import profile
from app.demo.model import Employer, Membership, SourceRecord
from app.demo.outside import record_with_list
from app.demo.profile import Cast
from app.demo.scene import Scene, as_listed
from app.demo.stories.story import Story

RULE = "LAPSED"
_SOME = Cast(smallest=4, largest=250)


def _listed_after_leaving(
    scene: Scene, of: Employer, left: list[Membership], *, on: date, days: int, cause: str
) -> SourceRecord:
    """End memberships `days` before the list's day; the list still names the workers."""
    source = record_with_list(scene, of, sumber="KESEHATAN", on=on)
    for member in left:
        member.end, member.cause = on - timedelta(days=days), cause
    return source


def _still_working(cause: str, pattern: str, wording: str, *, rounds: int) -> Story:
    def plant(scene: Scene, of: Employer) -> None:
        left = of.members[: scene.rng.randint(1, max(len(of.members) // 3, 1))]
        source = _listed_after_leaving(
            scene, of, left, on=scene.fresh_day(), days=scene.rng.randint(40, 200), cause=cause
        )
        scene.violation(
            RULE,
            pattern,
            f"{len(left)} pekerja {wording}",
            employer=of,
            jumlah_tk=len(left),
            sources=(source,),
            niks=tuple(member.person.nik for member in left),
        )
        scene.innocent(
            "PDS_TK",
            "membership_ended_is_lapsed_not_pds_tk",
            "Pekerja pernah terdaftar di sini: kepesertaan berakhir, bukan tidak didaftarkan.",
            employer=of,
            sources=(source,),
        )

    return Story(plant, _SOME, rounds=rounds)


def _one_day(days: int, pattern: str, wording: str) -> Story:
    """The source's day lies `days` after the last day of membership; 0 is the same day."""

    def plant(scene: Scene, of: Employer) -> None:
        member = of.members[-1]
        source = _listed_after_leaving(
            scene, of, [member], on=scene.fresh_day(), days=days, cause="phk"
        )
        tell = scene.violation if days > 0 else scene.innocent
        tell(
            RULE,
            pattern,
            wording,
            employer=of,
            jumlah_tk=1 if days > 0 else None,
            sources=(source,),
            niks=(member.person.nik,),
        )

    return Story(plant, _SOME)


def _source_is_older(scene: Scene, of: Employer) -> None:
    member = of.members[-1]
    source = _listed_after_leaving(
        scene, of, [member], on=scene.fresh_day(), days=-20, cause="klaim_jht"
    )
    _harmless(scene, of, "source_older_than_change", "Sumber mendahului akhir kepesertaan.", source)


def _moved(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    member = of.members[-1]
    source = _listed_after_leaving(scene, of, [member], on=on, days=60, cause="pindah")
    neighbour = scene.employers[1]
    again = profile.new_member(scene, neighbour, settled=True)
    again.person, again.start = member.person, on - timedelta(days=45)
    neighbour.members.append(again)
    _harmless(
        scene,
        of,
        "worker_moved_and_active_elsewhere",
        f"Pekerja sudah aktif pada NPP {neighbour.npp}.",
        source,
        member,
    )


def _came_back(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    member = of.members[-1]
    source = _listed_after_leaving(scene, of, [member], on=on, days=90, cause="mengundurkan_diri")
    again = profile.new_member(scene, of, settled=True)
    again.person, again.start, again.wage = member.person, on - timedelta(days=70), member.wage
    of.members.append(again)
    _harmless(
        scene,
        of,
        "rejoined_same_employer",
        "Pekerja didaftarkan kembali di pemberi kerja yang sama dengan KPJ baru.",
        source,
        member,
    )


def _only_stale(scene: Scene, of: Employer) -> None:
    member = of.members[-1]
    on = scene.stale_day()
    member.start = min(member.start, on - timedelta(days=200))
    of.registered_on = min(of.registered_on, member.start)
    source = _listed_after_leaving(scene, of, [member], on=on, days=50, cause="klaim_jht")
    _harmless(
        scene,
        of,
        "lapsed_by_stale_source_only",
        "Hanya sumber usang yang masih menyebut pekerja ini.",
        source,
        member,
    )


def _ends_in_future(scene: Scene, of: Employer) -> None:
    member = of.members[-1]
    source = record_with_list(scene, of, sumber="KESEHATAN", on=scene.fresh_day())
    member.end, member.cause = scene.calendar.today + timedelta(days=120), "lain"
    _harmless(
        scene,
        of,
        "contract_ends_in_the_future",
        "Tanggal akhir kontrak masih di depan; kepesertaan masih berjalan.",
        source,
        member,
    )


def _left_and_gone(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    member = of.members[-1]
    member.end, member.cause = on - timedelta(days=80), "klaim_jht"
    source = record_with_list(scene, of, sumber="KESEHATAN", on=on)
    _harmless(
        scene,
        of,
        "claimed_and_no_longer_listed",
        "Pekerja mengambil JHT dan tidak lagi tampak di sumber mana pun.",
        source,
        member,
    )


def _harmless(
    scene: Scene,
    of: Employer,
    pattern: str,
    wording: str,
    source: SourceRecord,
    member: Membership | None = None,
) -> None:
    scene.innocent(
        RULE,
        pattern,
        wording,
        employer=of,
        sources=(source,),
        niks=(as_listed(member).nik,) if member else (),
    )


# fmt: off
STORIES = (
    _still_working("klaim_jht", "claimed_jht_still_working",
                   "mengambil JHT tetapi masih bekerja di sini.", rounds=3),
    Story(_moved, _SOME, neighbours=1),
    _one_day(1, "source_one_day_after_end", "Sumber satu hari sesudah akhir kepesertaan."),
    _one_day(0, "source_dated_on_last_day", "Sumber pada hari terakhir kepesertaan."),
    Story(_source_is_older, _SOME),
    _still_working("mengundurkan_diri", "said_to_have_resigned_still_working",
                   "dilaporkan mengundurkan diri tetapi masih bekerja di sini.", rounds=2),
    Story(_came_back, _SOME),
    Story(_only_stale, _SOME),
    Story(_ends_in_future, _SOME),
    Story(_left_and_gone, _SOME),
)
# fmt: on
