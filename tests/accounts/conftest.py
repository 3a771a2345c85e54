"""A small tree of offices with somebody to administer it."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlmodel import Session, col, select

from app.accounts import permissions, queries, service
from app.accounts.schemas import OfficeDetails, PersonDetails, Principal
from app.accounts.tables import UserAccount
from app.audit.tables import AuditEntry

PASSWORD = "kata-sandi-yang-panjang"
SEED = "s" * 43


@dataclass(frozen=True, slots=True)
class Town:
    """PST > W1 > J01, J02. `chief` administers all, `deputy` too, `regional` W1 and below."""

    session: Session
    now: datetime
    chief: Principal
    deputy: Principal
    regional: Principal
    sari: Principal

    def version(self, principal: Principal) -> int:
        row = self.session.get_one(UserAccount, principal.user_id)
        return row.version

    def actions(self, subject: str) -> list[str]:
        rows = self.session.exec(
            select(AuditEntry.action)
            .where(AuditEntry.subject == subject)
            .order_by(col(AuditEntry.seq))
        )
        return list(rows)


def office_details(**change: str | None) -> OfficeDetails:
    given: dict[str, str | None] = {
        "name": "Kantor Cabang Uji",
        "kind": "cabang",
        "parent_code": "W1",
        "zone": "Asia/Jakarta",
        "city": "Bekasi",
        "address": "Jl. Uji 1",
        "phone": "",
        "email": "",
        "head_name": "Sri Lestari",
        "head_title": "Kepala Kantor Cabang",
        "prosecutor_office": "Kejaksaan Negeri Kota Bekasi",
    }
    return OfficeDetails(**{**given, **change})  # type: ignore[arg-type]


def details(
    name: str = "Sari", role: str = permissions.INSPECTOR, office: str = "J01"
) -> PersonDetails:
    return PersonDetails(name=name, role=role, office_code=office, title="", staff_number="")


@pytest.fixture
def town(session: Session, now: datetime) -> Town:
    service.ensure_head_office(session, now=now, actor="test")
    operator = queries.operator(session)
    for code, kind, parent in (
        ("W1", "wilayah", "PST"),
        ("J01", "cabang", "W1"),
        ("J02", "cabang", "W1"),
    ):
        service.add_office(
            session,
            principal=operator,
            code=code,
            details=office_details(name=f"Kantor {code}", kind=kind, parent_code=parent),
            now=now,
        )
    people = {
        "chief": (permissions.ADMINISTRATOR, "PST"),
        "deputy": (permissions.ADMINISTRATOR, "PST"),
        "regional": (permissions.ADMINISTRATOR, "W1"),
        "sari": (permissions.INSPECTOR, "J01"),
    }
    for name, (role, office) in people.items():
        service.add_user(
            session, email=f"{name}@patuh.test", name=name.title(), role=role, office_code=office,
            password=PASSWORD, now=now, actor="test",
        )  # fmt: skip
    found = {
        name: queries.principal_by_email(session, email=f"{name}@patuh.test") for name in people
    }
    return Town(session=session, now=now, **found)
