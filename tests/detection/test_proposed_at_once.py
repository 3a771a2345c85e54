"""Two people propose the same at the same moment: one proposal, and a sentence for the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.accounts.schemas import Principal
from app.detection import editions, weights
from app.errors import Conflict
from app.infra.database import Database
from app.lawbook import service as lawbook
from tests.detection.scene import NOW
from tests.detection.snapshots import ON
from tests.detection.test_ranking import OTHER
from tests.detection.trying import TWO, Trying
from tests.lawbook.test_lawbook import CEILING

Propose = Callable[[Session, Principal], object]


def at_once(database: Database, propose: Propose, first: Principal, second: Principal) -> None:
    """Let the second propose while the first has not committed yet.

    Raises:
        Conflict: what the second is told.
    """

    def come_second() -> object:
        with database.transaction() as session:
            return propose(session, second)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            propose(session, first)
            later = pool.submit(come_second)
            sleep(0.5)
            assert not later.done()
        later.result()


def of_weights(session: Session, who: Principal) -> object:
    return weights.propose_weights(
        session, principal=who, points=OTHER, valid_from=ON, why="Pekerja dahulu.", today=ON,
        now=NOW,
    )  # fmt: skip


def of_the_law(session: Session, who: Principal) -> object:
    return lawbook.propose(session, principal=who, wanted=CEILING, impact={}, today=ON, now=NOW)


@pytest.mark.parametrize("propose", [of_weights, of_the_law])
def test_the_second_is_told_who_was_first(database: Database, propose: Propose) -> None:
    with database.transaction() as session:
        head = accounts_service.ensure_head_office(session, now=NOW, actor="test")
        people = []
        for name, role in (("Satu", "administrator"), ("Dua", "legal_officer")):
            email = f"{name.lower()}@contoh.test"
            accounts_service.add_user(
                session, email=email, name=name, role=role, office_code=head,
                password="rahasia panjang sekali", now=NOW, actor="test", title="Jabatan",
            )  # fmt: skip
            people.append(accounts.principal_by_email(session, email=email))

    with pytest.raises(Conflict, match="sudah diusulkan oleh Satu"):
        at_once(database, propose, *people)


def test_of_a_rule_too(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    trial_id = trying.tried({"arrears_months": 2}).line.id
    trying.session.commit()

    def of_a_rule(session: Session, who: Principal) -> object:
        return editions.propose(
            session, principal=who, trial_id=trial_id, valid_from=ON, why="Dua bulan cukup.",
            today=ON, now=NOW,
        )  # fmt: skip

    with pytest.raises(Conflict, match="sudah diusulkan oleh Satu"):
        at_once(trying.database, of_a_rule, trying.people["satu"], trying.people["dua"])
