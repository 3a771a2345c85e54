"""One sealed sample packet for tests that only read it; a case at a branch for the others."""

import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from app.accounts.tables import Office
from app.cases.stages import Action, Violation
from app.infra.store import ObjectStore
from app.packets.compose import compose
from app.packets.content import ReferralPacket
from app.packets.seal import SealedPdf, seal
from app.registry.queries import latest_snapshot
from app.registry.tables import ImportRun
from tests.cases.conftest import Casework, Cast, cast, work
from tests.packets import sample
from tests.packets.desk import EMPLOYER, EXTRACTS, LETTER_ON, Desk, Import, imported

__all__ = ["cast", "work"]


@pytest.fixture(scope="session")
def packet() -> ReferralPacket:
    return compose(sample.dossier(), version=1)


@pytest.fixture(scope="session")
def made(packet: ReferralPacket) -> SealedPdf:
    return seal(packet)


@pytest.fixture(scope="session")
def text_of() -> Callable[[bytes], str]:
    """Read a PDF as a reader's eyes would: page after page, spaces run together."""

    def read(pdf: bytes) -> str:
        found = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],  # noqa: S607 - poppler, wherever it is installed
            input=pdf,
            capture_output=True,
            check=True,
        ).stdout.decode()
        return "\f".join(" ".join(page.split()) for page in found.split("\f"))

    return read


@pytest.fixture
def snapshots_dir(session: Session, cast: Cast, tmp_path: Path, now: datetime) -> Path:
    """A registry of one employer that has not paid since July, and an office that can sign."""
    del cast
    office = session.get_one(Office, "J05")
    office.city, office.address = "Jakarta", "Jalan Raya Contoh 5"
    office.head_name, office.prosecutor_office = "Hasan", "Kejaksaan Negeri Jakarta Selatan"
    return imported(session, tmp_path, EXTRACTS, now=now)


@pytest.fixture
def inspected(
    session: Session, cast: Cast, store: ObjectStore, snapshots_dir: Path, now: datetime
) -> Desk:
    """A case of arrears that lacks only the approval of two people."""
    work = Casework(session, cast, store, now)
    work.open(Violation.PIUTANG, employer=EMPLOYER)
    work.inspect()
    work.letter(Action.SEND_NOTICE, date(2026, 1, 22), date(2026, 1, 26))
    return Desk(work, snapshots_dir)


@pytest.fixture
def desk(inspected: Desk) -> Desk:
    """The same case, its referral approved by two people."""
    proposal = inspected.work.propose(Action.REFER, date(2026, 2, 2))
    inspected.work.approve(proposal.approval_id, by=inspected.cast.branch_head)
    return inspected


@pytest.fixture
def bring(session: Session, tmp_path: Path) -> Import:
    """Import extracts at an instant, as the import service records it."""

    def at(extracts: dict[str, str], finished: datetime) -> str:
        imported(session, tmp_path, extracts, now=finished)
        snapshot = latest_snapshot(session)
        assert snapshot is not None
        session.add(
            ImportRun(
                status="done", requested_by="test", office="J05", as_of=snapshot.as_of,
                created_at=finished, finished_at=finished, snapshot_id=snapshot.id,
            )
        )  # fmt: skip
        session.flush()
        return snapshot.id

    return at


@pytest.fixture
def warned(work: Casework) -> Casework:
    """A case of arrears with one letter, of 20 September, recorded on 20 November."""
    work.open(Violation.PIUTANG, employer=EMPLOYER, on=date(2026, 9, 1))
    work.letter(Action.SEND_NOTICE, LETTER_ON, date(2026, 9, 22))
    return work
