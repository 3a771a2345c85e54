"""Employers that share a name and a regency: one firm, or only namesakes?"""

import pytest
from sqlmodel import Session

from app.detection.schemas import FlagView
from app.linkage import queries, service
from app.linkage.schemas import Group, PairView
from tests.detection.conftest import scene as scene  # noqa: PLC0414 - a fixture
from tests.detection.scene import INSPECTOR, NOW, Scene
from tests.detection.snapshots import Row

NAME = "PT Sumber Makmur"
HERE = "Jl. Merdeka No. 12, Kec. Setu"
ELSEWHERE = "Jl. Pahlawan No. 70, Kec. Tambun"


def known_elsewhere(scene: Scene, *, at: str | None, ours_at: str | None = HERE) -> Row:
    """Register an employer of a common name, and let it or a namesake be known elsewhere.

    In the registry three more carry the name, in other regencies, among forty of other names.
    """
    ours = scene.registry.employer(nama=NAME, alamat=ours_at)
    for number in range(3):
        scene.registry.employer(f"BB10000{number}", nama=NAME, kode_wilayah=f"33.0{number + 1}")
    for number in range(40):
        scene.registry.employer(f"CC2000{number:02}", nama=f"PT Lain {number:02}", alamat=None)
    record = scene.registry.record(ours, npwp=None, nib=None, alamat=at, kbli="96111", jumlah_tk=9)
    scene.registry.listed(record, 7)
    return record


def flags(scene: Scene, rule: str) -> list[FlagView]:
    return [one for one in scene.all_flags() if one.rule == rule and one.seen]


def pairs(session: Session, group: Group) -> tuple[PairView, ...]:
    return tuple(
        queries.pairs(session, principal=INSPECTOR, group=group, cursor=None, limit=5).items
    )


@pytest.mark.parametrize(
    ("at", "ours_at"),
    [
        (HERE, HERE),
        ("Jalan Merdeka 12 RT 01/02", HERE),
        ("Jl Merdeka, Setu", HERE),
        (f"{ELSEWHERE}, Telp. 021-8876 5432", f"{HERE}, Telp (021) 88765432"),
        (None, HERE),
        (ELSEWHERE, None),
    ],
)
def test_a_name_and_regency_link_while_no_address_speaks_against_it(
    scene: Scene, at: str | None, ours_at: str | None
) -> None:
    known_elsewhere(scene, at=at, ours_at=ours_at)

    scene.sweep()

    assert flags(scene, "PWBD") == []
    assert [one.numbers["tautan"] for one in flags(scene, "PDS_TK")] == ["nama"]


def test_a_namesake_at_another_address_does_not_hide_an_employer_that_is_not_registered(
    scene: Scene,
) -> None:
    known_elsewhere(scene, at=ELSEWHERE)

    scene.sweep()

    (flag,) = flags(scene, "PWBD")
    assert flag.numbers["mirip_npp"] == "AA000001"
    assert flag.confidence == "perlu ditinjau"
    assert "NPP AA000001 yang nomor, bentuk, atau alamatnya berbeda" in flag.sentence
    assert flags(scene, "PDS_TK") == []


def test_a_rare_name_in_the_same_regency_is_linked_by_likeness_whatever_the_address(
    scene: Scene,
) -> None:
    ours = scene.registry.employer(nama="PT Wiratama Sejahtera Kencana", alamat=HERE)
    record = scene.registry.record(ours, npwp=None, nib=None, alamat=ELSEWHERE, jumlah_tk=9)
    scene.registry.listed(record, 7)

    scene.sweep()

    assert flags(scene, "PWBD") == []
    assert [one.numbers["tautan"] for one in flags(scene, "PDS_TK")] == ["nama_mirip"]


def test_two_registered_namesakes_do_not_hide_a_third_at_another_address(scene: Scene) -> None:
    known_elsewhere(scene, at=ELSEWHERE)
    scene.registry.employer("AA000002", nama=NAME, alamat="Jl. Veteran No. 3, Kec. Cibitung")

    scene.sweep()
    assert [one.numbers["mirip_npp"] for one in flags(scene, "PWBD")] == ["AA000001"]

    scene.registry.employer("AA000003", nama=NAME, alamat=ELSEWHERE)
    scene.sweep()
    assert flags(scene, "PWBD") == []


def test_another_place_of_the_same_legal_entity_keeps_the_link(scene: Scene) -> None:
    known_elsewhere(scene, at=ELSEWHERE)
    scene.registry.employer(
        nama=f"{NAME} Cabang Tambun", divisi="001", alamat=ELSEWHERE, kode_wilayah="32.16"
    )

    scene.sweep()

    assert flags(scene, "PWBD") == []


def test_a_person_who_knows_better_links_the_namesakes_after_all(
    scene: Scene, session: Session
) -> None:
    known_elsewhere(scene, at=ELSEWHERE)
    scene.sweep()
    (waiting,) = pairs(session, "menunggu")
    assert (waiting.band, waiting.why, waiting.method) == ("tinjau", "alamat", "")

    service.decide(
        session,
        principal=INSPECTOR,
        pair_id=waiting.id,
        verdict="sama",
        reason="Pindah alamat menurut akta perubahan.",
        expected_version=waiting.version,
        now=NOW,
    )
    scene.sweep()

    assert flags(scene, "PWBD") == []
    assert [one.method for one in pairs(session, "diputus")] == ["putusan"]
