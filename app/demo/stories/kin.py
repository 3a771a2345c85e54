"""Employers that are one to the law though they look like several: divisions, second numbers."""

from app.demo import identifiers, profile
from app.demo.model import Employer
from app.demo.scene import Scene

SECOND_DIVISION = "001"


def open_second_division(of: Employer) -> None:
    """Register every other worker under a second divisi."""
    of.divisions.append(SECOND_DIVISION)
    for member in of.members[1::2]:
        member.divisi = SECOND_DIVISION


def become_sister(scene: Scene, of: Employer) -> Employer:
    """Turn the neighbour into a second NPP of the same legal person and return it."""
    profile.give_identifiers(scene, of)
    sister = scene.employers[1]
    sister.npwp, sister.npwp_shown, sister.nib = of.npwp, identifiers.npwp16(of.npwp), of.nib
    sister.nama, sister.bentuk, sister.speaks_for_itself = of.nama, of.bentuk, True
    sister.place = of.place
    return sister
