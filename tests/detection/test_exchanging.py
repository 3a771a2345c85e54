"""A case goes on where its employer turns out to be another one too, and where that is undone."""

import pytest
from sqlmodel import col, select

from app.detection import service
from app.detection.tables import Flag, FlagEvent
from app.linkage.schemas import Verdict
from tests.detection.conftest import scene as scene  # noqa: PLC0414 - a fixture
from tests.detection.scene import INSPECTOR, NOW, Scene, counts
from tests.detection.snapshots import ON
from tests.linkage.outside import NAME, SLIP, known, pair_of
from tests.linkage.saying import decide

# By its name the first of the two, and the name of both while they are one.
FIRST = "nama:32.01:PT:SINARJAYAABADI"
SECOND = "nama:32.01:PT:SINARJAYAABDAI"


@pytest.fixture
def two(scene: Scene) -> Scene:
    """Two flags of which a case took the second; what made them one is about to be found."""
    known(scene, "WLKP", NAME, jumlah_tk=9)
    known(scene, "OSS", SLIP, jumlah_tk=7)
    scene.sweep()
    say(scene, "beda")
    scene.sweep()
    service.mark_as_case(
        scene.session, principal=INSPECTOR, flag_ids=[named(scene, SECOND).id or 0],
        case_number="PTH-1", on=ON, now=NOW,
    )  # fmt: skip
    return scene


def say(scene: Scene, verdict: Verdict) -> None:
    decide(scene.session, pair_of(scene.session, "WLKP-1", "OSS-1"), verdict)


def flags(scene: Scene) -> list[Flag]:
    scene.session.expire_all()
    return list(scene.session.exec(select(Flag).where(Flag.rule == "PWBD").order_by(col(Flag.id))))


def named(scene: Scene, subject: str) -> Flag:
    (flag,) = [one for one in flags(scene) if one.subject == subject]
    return flag


def states(scene: Scene) -> dict[str, tuple[int, str, bool]]:
    return {one.subject: (one.id or 0, one.status, one.seen) for one in flags(scene)}


def events(scene: Scene, flag_id: int) -> list[tuple[str, str, str]]:
    rows = select(FlagEvent).where(FlagEvent.flag_id == flag_id).order_by(col(FlagEvent.id))
    return [(one.action, one.from_status, one.to_status) for one in scene.session.exec(rows)]


def test_of_two_that_become_one_the_flag_of_the_case_goes_on(two: Scene) -> None:
    other, ours = named(two, FIRST).id or 0, named(two, SECOND).id or 0
    say(two, "dicabut")

    previewed = counts(two.preview(), "PWBD")
    report = two.sweep()

    assert previewed == counts(report, "PWBD") == (0, 1, 1)
    assert states(two) == {FIRST: (ours, "kasus", True), SECOND: (other, "hilang", False)}
    assert named(two, FIRST).jumlah_tk == 9
    assert events(two, ours)[-1] == ("dikenali_kembali", "kasus", "kasus")
    assert events(two, other)[-2:] == [
        ("hilang", "baru", "hilang"),
        ("digabung", "hilang", "hilang"),
    ]
    assert counts(two.sweep(), "PWBD") == (0, 1, 0)


def test_found_apart_again_each_has_its_own_name_and_the_case_its_own_employer(
    two: Scene,
) -> None:
    before = states(two)
    say(two, "dicabut")
    two.sweep()
    say(two, "beda")

    report = two.sweep()

    assert counts(report, "PWBD") == (1, 1, 0)
    assert states(two) == before
    assert [(one.subject, one.sumber, one.jumlah_tk) for one in flags(two) if one.seen] == [
        (FIRST, "WLKP", 9),
        (SECOND, "OSS", 7),
    ]
    assert counts(two.sweep(), "PWBD") == (0, 2, 0)
    say(two, "dicabut")
    two.sweep()
    assert named(two, FIRST).status == "kasus"


def test_two_cases_keep_a_flag_each(two: Scene) -> None:
    first = named(two, FIRST).id or 0
    service.mark_as_case(
        two.session, principal=INSPECTOR, flag_ids=[first], case_number="PTH-2", on=ON, now=NOW
    )
    second = named(two, SECOND).id or 0
    say(two, "dicabut")

    two.sweep()

    # Each has a case of its own: what became of the second is for people to say.
    assert states(two) == {FIRST: (first, "kasus", True), SECOND: (second, "kasus", False)}
