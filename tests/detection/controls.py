"""A register to draw from: employers of two branches, kept as a snapshot and swept."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlmodel import Session

from app.accounts import permissions, service
from app.accounts import queries as accounts
from app.accounts.schemas import OfficeView, Principal
from app.detection import control_queries, control_visits, controls
from app.detection.control_schemas import Dimension, Draw, Outcome, Result, Visit
from app.registry.tables import Snapshot
from tests.detection.scene import NOW, Scene
from tests.detection.snapshots import ON

SEED = "0123456789abcdef0123456789abcdef"
WHY = "Kontrol acak semester dua."


@dataclass
class Lottery:
    """Who may draw here, whom the lot may fall on, and how often it was drawn."""

    session: Session
    folder: Path
    scene: Scene
    head: Principal
    supervisor: Principal
    inspector: Principal
    stranger: Principal
    auditor: Principal

    def fill(self, count: int = 12, *, owing: int = 4, office: str = "J05", first: int = 1) -> None:
        """Register employers; the first `owing` of them have three unpaid months."""
        for number in range(first, first + count):
            npp = f"AA{number:06d}"
            changes = {
                "kantor_cabang": office,
                "skala": "kecil" if number % 3 else "besar",
                "kbli": "41011" if number % 2 else "47111",
            }
            self.scene.registry.employer(npp, **changes)
            if number < first + owing:
                self.scene.owe("2026-05", "2026-06", "2026-07", npp=npp)

    def sweep(self, *, turn: int = 1) -> str:
        """Keep the register as the newest snapshot and ask the rules about it."""
        found = self.scene.snapshot()
        self.session.add(
            Snapshot(
                id=found.id,
                as_of=ON,
                tables={
                    name: {"rows": one.rows, "rejected": 0, "sha256": one.sha256,
                           "carried_over": False}
                    for name, one in found.tables.items()
                },
                created_at=NOW + timedelta(seconds=turn),
                turn=turn,
            )
        )  # fmt: skip
        self.session.flush()
        self.scene.sweep(snapshot=found)
        return found.id

    def draw(
        self,
        count: int = 6,
        *,
        by: Principal | None = None,
        strata: tuple[Dimension, ...] = (),
        seed: str = SEED,
        office: str = "J05",
        first_on: date = ON,
        last_on: date = date(2026, 12, 31),
        why: str = WHY,
    ) -> Draw:
        return controls.draw_controls(
            self.session,
            principal=by or self.supervisor,
            wanted=controls.Wanted(
                office_code=office,
                first_on=first_on,
                last_on=last_on,
                count=count,
                strata=strata,
                why=why,
            ),
            seed=seed,
            snapshots_dir=self.folder,
            on=ON,
            now=NOW,
        )

    def visits(self, draw: Draw, *, by: Principal | None = None) -> tuple[Visit, ...]:
        return control_queries.visits(
            self.session, principal=by or self.supervisor, number=draw.number
        )

    def record(
        self,
        draw: Draw,
        place: int,
        result: Result = "patuh",
        *violations: str,
        by: Principal | None = None,
        rupiah: int = 0,
        workers: int = 0,
        visited_on: date = ON,
        known: int = 0,
        note: str = "Daftar upah diperiksa di tempat.",
    ) -> Visit:
        return control_visits.record_outcome(
            self.session,
            principal=by or self.inspector,
            number=draw.number,
            place=place,
            outcome=Outcome(
                visited_on=visited_on,
                result=result,
                violations=frozenset(violations),
                rupiah=rupiah,
                workers=workers,
                note=note,
            ),
            known_outcomes=known,
            on=ON,
            now=NOW,
        )


def lottery_of(session: Session, folder: Path) -> Lottery:
    head_office = service.ensure_head_office(session, now=NOW, actor="test")
    for code, name in (("J05", "Kantor Cabang Cikarang"), ("M01", "Kantor Cabang Medan")):
        office = OfficeView(
            code=code, name=name, kind="cabang", parent_code=head_office, zone="Asia/Jakarta",
            city="Kota", address="Jl. Uji 1", phone="021-1", email="kc@contoh.test",
            head_name="Sri Lestari", head_title="Kepala", prosecutor_office="Kejari",
            complete=True,
        )  # fmt: skip
        service.save_office(session, office=office, now=NOW, actor="test")

    def person(name: str, role: str, office: str) -> Principal:
        email = f"{name}@contoh.test"
        service.add_user(
            session, email=email, name=name.title(), role=role, office_code=office,
            password="kata-sandi-untuk-uji", now=NOW, actor="test", title="Jabatan",
        )  # fmt: skip
        return accounts.principal_by_email(session, email=email)

    return Lottery(
        session=session,
        folder=folder,
        scene=Scene(session, folder),
        head=person("kepala", permissions.BRANCH_HEAD, "J05"),
        supervisor=person("penyelia", permissions.SUPERVISOR, "J05"),
        inspector=person("pemeriksa", permissions.INSPECTOR, "J05"),
        stranger=person("asing", permissions.SUPERVISOR, "M01"),
        auditor=person("auditor", permissions.AUDITOR, head_office),
    )
