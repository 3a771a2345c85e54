"""People, offices and cases for tests of casework. The legal day of `now` is 20 November 2026."""

import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlmodel import Session

from app.accounts import permissions
from app.accounts.queries import principal_of
from app.accounts.schemas import Principal
from app.accounts.tables import Office, UserAccount
from app.cases import queries, service
from app.cases.edges import edges_of
from app.cases.schemas import CaseFile, Employer, Evidence, Opened, Upload
from app.cases.service import Outcome, StepRequest, StepResult
from app.cases.stages import Action, Proof, Violation
from app.infra.store import ObjectStore

TODAY = date(2026, 11, 20)
_serial = itertools.count(1)


@dataclass(frozen=True)
class Cast:
    """J05 is a branch below J00, M01 another branch; `head` sees the whole country."""

    inspector: Principal
    colleague: Principal
    supervisor: Principal
    branch_head: Principal
    legal: Principal
    stranger: Principal
    administrator: Principal
    auditor: Principal
    machine: Principal


@pytest.fixture
def cast(session: Session) -> Cast:
    session.add(Office(code="P00", name="Kantor Pusat", kind="pusat"))
    session.flush()
    session.add(Office(code="J00", name="Kanwil Jakarta", kind="wilayah", parent_code="P00"))
    session.flush()
    session.add(Office(code="J05", name="Cabang Cilandak", kind="cabang", parent_code="J00"))
    session.add(Office(code="M01", name="Cabang Medan", kind="cabang", parent_code="P00"))
    session.flush()

    def person(name: str, role: str, office: str = "J05") -> Principal:
        user = UserAccount(
            email=f"{name.lower()}@contoh.test",
            name=name,
            role=role,
            office_code=office,
            title="Jabatan " + name,
            password_hash="-",
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        session.add(user)
        session.flush()
        return principal_of(session, user=user, office=session.get_one(Office, office))

    machine = Principal(
        actor="token:9",
        name="Integrasi",
        role=permissions.INTEGRATION,
        office_code="J05",
        offices=frozenset({"J05"}),
        actions=permissions.actions_of(permissions.INTEGRATION) | {"cases.step", "cases.approve"},
        zone="Asia/Jakarta",
        user_id=None,
    )
    return Cast(
        inspector=person("Ratna", permissions.INSPECTOR),
        colleague=person("Bagus", permissions.INSPECTOR),
        supervisor=person("Sari", permissions.SUPERVISOR),
        branch_head=person("Hasan", permissions.BRANCH_HEAD),
        legal=person("Lestari", permissions.LEGAL_OFFICER),
        stranger=person("Togar", permissions.INSPECTOR, "M01"),
        administrator=person("Ani", permissions.ADMINISTRATOR, "P00"),
        auditor=person("Audi", permissions.AUDITOR, "P00"),
        machine=machine,
    )


def pdf(text: str) -> bytes:
    """Return a one-page PDF that differs by `text`."""
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = text
        document.save(buffer)
    return buffer.getvalue()


def upload(content: bytes, name: str = "pindai.pdf") -> Upload:
    return Upload(source=io.BytesIO(content), name=name)


EMPLOYER = Employer(
    nama="PT Sinar Baja Contoh", npp="AB123456", divisi="000", kode_wilayah="31.74", jumlah_tk=40
)


class Casework:
    """Drives one case through the service as its people would."""

    snapshots_dir = Path("tidak-ada")
    snapshot_id = ""

    def __init__(self, session: Session, cast: Cast, store: ObjectStore, now: datetime) -> None:
        self.session = session
        self.cast = cast
        self.store = store
        self.now = now
        self.case_id = 0

    def open(
        self,
        *violations: Violation,
        on: date = date(2026, 1, 5),
        employer: Employer = EMPLOYER,
        by: Principal | None = None,
    ) -> Opened:
        found = service.open_by_hand(
            self.session,
            principal=by or self.cast.inspector,
            office_code="J05",
            employer=employer,
            violations=frozenset(violations or {Violation.PWBD}),
            reason="Ditemui saat kunjungan kawasan industri.",
            on=on,
            now=self.now,
        )
        self.case_id = found.id
        return found

    def file(self, by: Principal | None = None, on: date = TODAY) -> CaseFile:
        return queries.case_file(
            self.session, principal=by or self.cast.inspector, case=self.case_id, on=on
        )

    @property
    def version(self) -> int:
        return self.file().version

    def attach(self, kind: Proof, on: date = date(2026, 1, 5), text: str = "") -> Evidence:
        return service.add_evidence(
            self.session,
            principal=self.cast.inspector,
            case_id=self.case_id,
            upload=upload(pdf(text or f"{kind} {next(_serial)}")),
            kind=kind,
            title="",
            dated_on=on,
            store=self.store,
            now=self.now,
        )

    def request(self, action: Action, on: date, *kinds: Proof, reason: str = "") -> StepRequest:
        exhibits = tuple(self.attach(kind, on).id for kind in kinds)
        return StepRequest(
            action=action,
            on=on,
            letter_number=f"B/{next(_serial)}/{on:%m%Y}",
            note="Uraian.",
            evidence_ids=exhibits,
            closing_reason=reason,
        )

    def step(
        self, action: Action, on: date, *kinds: Proof, by: Principal | None = None, reason: str = ""
    ) -> StepResult:
        request = self.request(action, on, *kinds, reason=reason)
        return service.take_step(
            self.session,
            principal=by or self.cast.inspector,
            case_id=self.case_id,
            request=request,
            expected_version=self.version,
            now=self.now,
        )

    def propose(self, action: Action, on: date, *kinds: Proof, reason: str = "") -> StepResult:
        request = self.request(action, on, *kinds, reason=reason)
        return service.propose(
            self.session,
            principal=self.cast.inspector,
            case_id=self.case_id,
            request=request,
            expected_version=self.version,
            now=self.now,
        )

    def approve(self, approval_id: int | None, by: Principal | None = None) -> StepResult:
        assert approval_id is not None
        return service.approve(
            self.session,
            principal=by or self.cast.supervisor,
            approval_id=approval_id,
            note="Setuju.",
            now=self.now,
        )

    def close(self, reason: str, *kinds: Proof, on: date = TODAY) -> StepResult:
        return self.approve(self.propose(Action.CLOSE, on, *kinds, reason=reason).approval_id)

    def received(self, event_seq: int | None, on: date, **changes: Any) -> None:  # noqa: ANN401 - fields of Outcome
        assert event_seq is not None
        given = {
            "result": "diterima",
            "received_on": on,
            "receiver_name": "Wati",
            "receiver_position": "Resepsionis",
            **changes,
        }
        if "evidence_id" not in given:
            given["evidence_id"] = self.attach(Proof.RECEIPT, on).id
        service.record_service(
            self.session,
            principal=self.cast.inspector,
            case_id=self.case_id,
            event_seq=event_seq,
            channel="kurir",
            tracking_number="RESI-1",
            sent_on=on,
            outcome=Outcome(**given),
            now=self.now,
        )

    def submit(self, action: Action, on: date, *kinds: Proof) -> StepResult:
        """Take a step as its people would: a second one approves what weighs."""
        if edges_of(action)[0].second_person:
            return self.approve(self.propose(action, on, *kinds).approval_id)
        return self.step(action, on, *kinds)

    def letter(self, action: Action, on: date, received_on: date) -> StepResult:
        result = self.submit(action, on, Proof.LETTER)
        self.received(result.event_seq, received_on)
        return result

    def inspect(self) -> None:
        self.letter(Action.SEND_NOTICE, date(2026, 1, 6), date(2026, 1, 8))
        self.step(Action.ORDER_INSPECTION, date(2026, 1, 12), Proof.ORDER)
        self.step(Action.RECORD_MINUTES, date(2026, 1, 15), Proof.MINUTES)
        self.step(Action.REPORT_FINDINGS, date(2026, 1, 20), Proof.REPORT)

    def warn_twice(self) -> None:
        """Warning I lapses on 19 February, warning II on 9 March 2026."""
        self.letter(Action.WARN_1, date(2026, 2, 2), date(2026, 2, 3))
        self.letter(Action.WARN_2, date(2026, 2, 20), date(2026, 2, 23))


@pytest.fixture
def work(
    session: Session, cast: Cast, store: ObjectStore, now: datetime, tmp_path: Path
) -> Casework:
    made = Casework(session, cast, store, now)
    made.snapshots_dir = tmp_path / "snapshots"
    return made


@pytest.fixture
def make_work(
    session: Session, cast: Cast, store: ObjectStore, now: datetime
) -> Callable[[], Casework]:
    return lambda: Casework(session, cast, store, now)
