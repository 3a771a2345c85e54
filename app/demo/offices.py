"""The offices and people of the demo region, so that cases have somebody to act on them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.accounts import queries, service
from app.accounts.demonstration import DEMO_PASSWORD, DEMO_PEOPLE
from app.accounts.schemas import OfficeView
from app.demo.geography import DemoOffice
from app.registry.reference.regions import regency_names, zone_of

ACTOR: Final = "system:demo"
REGION_CODE: Final = "W03"

# Invented; the first is the branch head who signs in.
HEADS: Final = (
    "Sri Lestari",
    "Bambang Setiawan",
    "Nurul Hidayati",
    "Yohanes Wibowo",
    "Asep Kurniawan",
    "Fitri Handayani",
)


def furnish(session: Session, *, offices: Sequence[DemoOffice], now: datetime) -> None:
    """Make the head office, one region and its branches complete, and add the demo's people.

    The people of a branch work in the first branch. Running it again changes nothing.
    """
    head_office = service.ensure_head_office(session, now=now, actor=ACTOR)
    _save(session, _office("PST", "Kantor Pusat", "pusat", None, "Jakarta", "31.71", "–"), now)
    _save(
        session,
        _office(
            REGION_CODE, "Kantor Wilayah Jawa Barat", "wilayah", head_office, "Bandung", "32.73",
            "Dadang Hermawan",
        ),
        now,
    )  # fmt: skip
    for branch, head in zip(offices, HEADS, strict=True):
        _save(
            session,
            _office(
                branch.code, branch.name, "cabang", REGION_CODE, branch.city, branch.kode_wilayah,
                head,
            ),
            now,
        )  # fmt: skip
    for person in DEMO_PEOPLE:
        if queries.user_exists(session, email=person.email):
            continue
        service.add_user(
            session,
            email=person.email,
            name=person.name,
            role=person.role,
            office_code=head_office if person.at_head_office else offices[0].code,
            password=DEMO_PASSWORD,
            title=person.title,
            staff_number=person.staff_number,
            now=now,
            actor=ACTOR,
        )


def _save(session: Session, view: OfficeView, now: datetime) -> None:
    if view not in queries.offices(session):
        service.save_office(session, office=view, now=now, actor=ACTOR)


def _office(
    code: str,
    name: str,
    kind: str,
    parent: str | None,
    city: str,
    kode_wilayah: str,
    head: str,
) -> OfficeView:
    titles = {"pusat": "Direktur", "wilayah": "Kepala Kantor Wilayah"}
    return OfficeView(
        code=code,
        name=name,
        kind=kind,
        parent_code=parent,
        zone=zone_of(kode_wilayah),
        city=city,
        address=f"Jalan Jenderal Sudirman Nomor 10, {city}",
        phone="(021) 555 0100",
        email=f"{code.lower()}@demo.patuh.example",
        head_name=head,
        head_title=titles.get(kind, "Kepala Kantor Cabang"),
        prosecutor_office=f"Kejaksaan Negeri {_seat(kode_wilayah)}" if kind == "cabang" else "",
        complete=True,
    )


def _seat(kode_wilayah: str) -> str:
    """Return the place by which a district prosecutor's office calls itself."""
    name = regency_names()[kode_wilayah].removeprefix("Kota Administrasi ")
    shared = {"Kabupaten Bekasi", "Kota Bekasi", "Kabupaten Bogor", "Kota Bandung"}
    return name if name in shared else name.removeprefix("Kabupaten ").removeprefix("Kota ")
