"""The accounts of the demo region. Made only by `make run`, shown only where settings allow it."""

from dataclasses import dataclass
from typing import Final

from app.accounts import permissions

# Known to everyone who reads this file, and meant to be: nothing but the demo ever uses it.
DEMO_PASSWORD: Final = "patuh-demo-2026"  # noqa: S105 - the demo's, printed on its sign-in page


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`at_head_office` people see the whole country, the others their branch."""

    email: str
    name: str
    role: str
    title: str
    staff_number: str
    at_head_office: bool


# fmt: off
DEMO_PEOPLE: Final[tuple[DemoPerson, ...]] = (
    DemoPerson("pemeriksa@demo.patuh.example", "Ratna Wulandari",   permissions.INSPECTOR,     "Petugas Pemeriksa",     "D-1001", at_head_office=False),  # noqa: E501
    DemoPerson("penyelia@demo.patuh.example",  "Hendra Gunawan",    permissions.SUPERVISOR,    "Penyelia Pengawasan",   "D-1002", at_head_office=False),  # noqa: E501
    DemoPerson("kepala@demo.patuh.example",    "Sri Lestari",       permissions.BRANCH_HEAD,   "Kepala Kantor Cabang",  "D-1003", at_head_office=False),  # noqa: E501
    DemoPerson("hukum@demo.patuh.example",     "Maria Simanjuntak", permissions.LEGAL_OFFICER, "Petugas Hukum",         "D-1004", at_head_office=False),  # noqa: E501
    DemoPerson("auditor@demo.patuh.example",   "Agus Prasetyo",     permissions.AUDITOR,       "Auditor Internal",      "D-1005", at_head_office=True),   # noqa: E501
    DemoPerson("admin@demo.patuh.example",     "Dewi Anggraini",    permissions.ADMINISTRATOR, "Administrator Sistem",  "D-1006", at_head_office=True),   # noqa: E501
)
# fmt: on
