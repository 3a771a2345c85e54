"""PWBD seen from our register: closed firms that live on, and firms known by other spellings."""

from dataclasses import replace
from datetime import timedelta

from app.demo import identifiers, names, profile
from app.demo.model import Employer, SourceRecord
from app.demo.outside import AGENCIES, record
from app.demo.profile import Cast
from app.demo.scene import Scene, active_on
from app.demo.stories.story import Story

RULE = "PWBD"
_SOME = Cast(smallest=2, largest=120)


def _close(scene: Scene, of: Employer, *, days_ago: int) -> None:
    of.status = "tutup"
    for member in of.members:
        member.end, member.cause = scene.calendar.ago(days_ago), "phk"


def _alive(scene: Scene, of: Employer) -> None:
    workers = len(of.members)
    _close(scene, of, days_ago=scene.rng.randint(420, 500))
    source = record(
        scene,
        of,
        sumber=scene.rng.choice(AGENCIES),
        on=scene.fresh_day(),
        head_count=workers,
    )
    scene.violation(
        RULE,
        "closed_here_alive_in_fresh_source",
        "Tercatat tutup di sini, tetapi sumber yang lebih baru menyebut pekerja.",
        employer=of,
        jumlah_tk=workers,
        sources=(source,),
    )
    scene.innocent(
        "PDS_TK",
        "closed_here_is_pwbd_not_pds_tk",
        "Tercatat tutup: pertanyaannya pendaftaran badan usaha, bukan jumlah pekerja.",
        employer=of,
        sources=(source,),
    )


def _source_before_closing(scene: Scene, of: Employer) -> None:
    source = record(scene, of, sumber="WLKP", on=scene.fresh_day())
    _close(scene, of, days_ago=25)
    scene.innocent(
        RULE,
        "closed_here_and_source_older_than_closing",
        "Sumber mendahului penutupan, jadi tidak berkata apa pun tentangnya.",
        employer=of,
        sources=(source,),
    )


def _only_on_old_list(scene: Scene, of: Employer) -> None:
    _close(scene, of, days_ago=1700)
    of.members = [member for member in of.members if member.end and member.start < member.end]
    source = record(scene, of, sumber="OSS", on=scene.stale_day(), head_count=7)
    scene.innocent(
        RULE,
        "closed_here_and_stale_source",
        "Sudah lama tutup; hanya daftar usang yang masih memuatnya.",
        employer=of,
        sources=(source,),
    )


def _closed_everywhere(scene: Scene, of: Employer) -> None:
    _close(scene, of, days_ago=450)
    source = record(scene, of, sumber="KESEHATAN", on=scene.fresh_day(), head_count=0)
    scene.innocent(
        RULE,
        "closed_everywhere",
        "Sumber yang baru pun menyebut tidak ada pekerja.",
        employer=of,
        sources=(source,),
    )


def _known_as(scene: Scene, of: Employer, pattern: str, wording: str, shown: SourceRecord) -> None:
    of.sources.append(shown)
    scene.innocent(RULE, pattern, wording, employer=of, sources=(shown,))


def _plain(scene: Scene, of: Employer, sumber: str) -> SourceRecord:
    """Return a truthful record that is not yet among the employer's own."""
    made = record(scene, of, sumber=sumber, on=scene.fresh_day())
    of.sources.remove(made)
    return made


def _two_lengths(scene: Scene, of: Employer) -> None:
    profile.give_identifiers(scene, of)
    of.npwp_shown = of.npwp
    shown = replace(
        _plain(scene, of, "DJP"),
        npwp=identifiers.npwp16(of.npwp),
        nib="",
        nama=names.misspelt(scene.rng, of.nama),
    )
    _known_as(scene, of, "npwp15_vs_npwp16_same", "NPWP 15 dan 16 angka yang sama.", shown)


def _punctuated(scene: Scene, of: Employer) -> None:
    profile.give_identifiers(scene, of)
    shown = replace(
        _plain(scene, of, "WLKP"),
        npwp=identifiers.npwp_punctuated(of.npwp),
        nib="",
        nama=names.misspelt(scene.rng, of.nama),
    )
    _known_as(scene, of, "npwp_with_punctuation", "NPWP yang sama ditulis dengan titik.", shown)


def _nib_only(scene: Scene, of: Employer) -> None:
    profile.give_identifiers(scene, of)
    shown = replace(
        _plain(scene, of, "OSS"), npwp="", nib=of.nib, nama=names.misspelt(scene.rng, of.nama)
    )
    _known_as(scene, of, "linked_by_nib_only", "Hanya NIB yang sama; nama salah tulis.", shown)


def _by_name(scene: Scene, of: Employer) -> None:
    shown = replace(
        _plain(scene, of, "WLKP"),
        npwp="",
        nib="",
        nama=names.written_otherwise(scene.rng, of.nama),
    )
    _known_as(
        scene, of, "linked_by_name_and_regency", "Tanpa NPWP dan NIB; nama dan wilayah sama.", shown
    )


def _registry_lacks_npwp(scene: Scene, of: Employer) -> None:
    of.npwp = of.npwp_shown = of.nib = ""
    shown = replace(
        _plain(scene, of, "DJP"),
        npwp=identifiers.npwp16(
            identifiers.npwp15(scene.firm_number(), tax_office=of.place.tax_office)
        ),
        nama=of.nama.upper(),
    )
    _known_as(
        scene,
        of,
        "linked_by_name_registry_lacks_npwp",
        "NPWP belum tercatat di sini; nama dan wilayah sama.",
        shown,
    )


def _misspelt(scene: Scene, of: Employer) -> None:
    shown = replace(
        _plain(scene, of, "WLKP"), npwp="", nib="", nama=names.misspelt(scene.rng, of.nama)
    )
    _known_as(
        scene,
        of,
        "misspelt_name_no_identifiers",
        "Badan usaha yang sama: nama salah tulis, tanpa NPWP dan NIB.",
        shown,
    )


def _registered_since(scene: Scene, of: Employer) -> None:
    on = scene.fresh_day()
    workers = len(of.members)
    of.registered_on = on + timedelta(days=15)
    for member in of.members:
        member.start = of.registered_on
    source = record(scene, of, sumber="WLKP", on=on, head_count=workers)
    for rule in (RULE, "PDS_TK"):
        scene.innocent(
            rule,
            "registered_after_source_date",
            "Badan usaha mendaftar sesudah tanggal sumber.",
            employer=of,
            sources=(source,),
        )


def _still_here(scene: Scene, of: Employer) -> None:
    sources = tuple(
        record(scene, of, sumber=sumber, on=on)
        for sumber in AGENCIES
        if active_on(of, on := scene.fresh_day())
    )
    scene.innocent(
        RULE,
        "known_to_all_agencies_and_registered",
        "Semua instansi mengenalnya dan ia terdaftar di sini.",
        employer=of,
        sources=sources,
    )


# fmt: off
STORIES = (
    Story(_alive, _SOME, rounds=3),
    Story(_two_lengths, _SOME),
    Story(_source_before_closing, _SOME),
    Story(_punctuated, _SOME),
    Story(_only_on_old_list, _SOME),
    Story(_nib_only, _SOME),
    Story(_closed_everywhere, _SOME),
    Story(_by_name, _SOME),
    Story(_registry_lacks_npwp, _SOME),
    Story(_registered_since, _SOME),
    Story(_misspelt, _SOME),
    Story(_still_here, _SOME),
)
# fmt: on
