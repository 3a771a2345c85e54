"""Employers that agencies know and spell in different ways, none of them registered."""

from typing import Final

from sqlmodel import Session

from app.accounts.schemas import Principal
from app.detection.schemas import FlagView
from app.linkage import queries
from app.linkage.schemas import OUTSIDE, Group, PairView
from tests.detection.scene import INSPECTOR, Scene
from tests.detection.snapshots import Row

NAME: Final = "PT Sinar Jaya Abadi"
SLIP: Final = "PT Sinar Jaya Abdai"
THIRD: Final = "PT Sinar Jaya Abbadi"
HERE: Final = "Jl. Merdeka No. 12, Kec. Setu"
GROUPS: Final[tuple[Group, ...]] = ("menunggu", "tertaut", "diputus")


def known(scene: Scene, sumber: str, nama: str, **changes: object) -> Row:
    """Let an agency know an employer without a number; another one is registered here."""
    if not scene.registry.rows["pemberi_kerja"]:
        scene.registry.employer(
            nama="PT Lain Sama Sekali", alamat="Jl. Kenanga No. 9, Kec. Babelan"
        )
    said: Row = {
        "sumber": sumber,
        "id_sumber": f"{sumber}-1",
        "nama": nama,
        "npwp": None,
        "nib": None,
        "alamat": HERE,
        **changes,
    }
    return scene.registry.record(**said)


def flags(scene: Scene) -> list[FlagView]:
    """Return what is said not to be registered, by name."""
    found = [one for one in scene.all_flags() if one.rule == "PWBD" and one.seen]
    return sorted(found, key=lambda one: one.subject)


def pairs(session: Session, *, principal: Principal = INSPECTOR) -> tuple[PairView, ...]:
    found = [
        pair
        for group in GROUPS
        for pair in queries.pairs(
            session, principal=principal, group=group, kind=OUTSIDE, cursor=None, limit=50
        ).items
    ]
    return tuple(sorted(found, key=lambda one: (one.kunci, one.member)))


def pair_of(session: Session, one: str, other: str) -> PairView:
    """Return the pair of these two records, as the last sweep saw it."""
    (found,) = [
        pair
        for pair in pairs(session)
        if pair.seen
        and {one, other} <= {number for _, number in pair.records}
        and len({one, other} & {number for _, number in pair.other_records}) == 1
    ]
    return found
