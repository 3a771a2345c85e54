"""The tree of offices: grown, renamed, moved; never a ring, never out of reach."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.accounts import directory, queries, service
from app.accounts.schemas import OfficeDetails, OfficeNode, Principal
from app.accounts.tables import Office
from app.errors import Conflict, Invalid, NotFound, Refused, Stale
from app.infra.database import Database
from tests.accounts.conftest import Town, office_details


def add(town: Town, code: str, *, by: Principal, details: OfficeDetails | None = None) -> None:
    service.add_office(
        town.session,
        principal=by,
        code=code,
        details=details or office_details(),
        now=town.now,
    )


def change(
    town: Town, code: str, details: OfficeDetails, *, by: Principal, version: int = 1
) -> None:
    service.change_office(
        town.session,
        principal=by,
        code=code,
        details=details,
        expected_version=version,
        now=town.now,
    )


def drawn(nodes: tuple[OfficeNode, ...]) -> dict[str, object]:
    return {node.office.code: drawn(node.children) for node in nodes}


def test_the_tree_shows_what_an_administrator_reaches(town: Town) -> None:
    whole = directory.office_tree(town.session, principal=town.chief)
    region = directory.office_tree(town.session, principal=town.regional)

    assert drawn(whole) == {"PST": {"W1": {"J01": {}, "J02": {}}}}
    assert drawn(region) == {"W1": {"J01": {}, "J02": {}}}


def test_a_new_office_is_reached_from_above_and_audited(town: Town) -> None:
    add(town, "k07", by=town.regional)

    regional = queries.principal_by_email(town.session, email="regional@patuh.test")
    assert regional.reaches("K07")
    assert town.actions("office:K07") == ["office.added"]


def test_the_same_form_twice_adds_one_office(town: Town) -> None:
    add(town, "K07", by=town.chief)

    add(town, "K07", by=town.chief)

    assert town.actions("office:K07") == ["office.added"]
    with pytest.raises(Conflict, match="sudah dipakai"):
        add(town, "K07", by=town.chief, details=office_details(name="Kantor lain"))


@pytest.mark.parametrize(
    ("code", "change_of", "field"),
    [
        ("a b", {}, "code"),
        ("K07", {"name": ""}, "name"),
        ("K07", {"kind": "pusat"}, "kind"),
        ("K07", {"zone": "Europe/Paris"}, "zone"),
        ("K07", {"email": "bukan"}, "email"),
    ],
)
def test_what_is_wrong_with_an_office_is_named(
    town: Town, code: str, change_of: dict[str, str | None], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add(town, code, by=town.chief, details=office_details(**change_of))

    assert [problem.field for problem in refused.value.fields] == [field]


@pytest.mark.parametrize("parent", [None, "X99", "PST"])
def test_an_office_hangs_below_one_in_reach(town: Town, parent: str | None) -> None:
    with pytest.raises(NotFound, match="induk"):
        add(town, "K07", by=town.regional, details=office_details(parent_code=parent))


def test_an_office_that_moves_takes_what_is_below_it_along(town: Town) -> None:
    add(town, "W2", by=town.chief, details=office_details(kind="wilayah", parent_code="PST"))

    change(town, "J01", office_details(name="Kantor J01", parent_code="W2"), by=town.chief)

    regional = queries.principal_by_email(town.session, email="regional@patuh.test")
    assert regional.offices == frozenset({"W1", "J02"})
    assert town.actions("office:J01") == ["office.added", "office.changed"]


@pytest.mark.parametrize("parent", ["W1", "J01"])
def test_an_office_never_hangs_below_itself(town: Town, parent: str) -> None:
    moved = office_details(name="Kantor W1", kind="wilayah", parent_code=parent)

    with pytest.raises(Refused, match="dirinya sendiri"):
        change(town, "W1", moved, by=town.chief)


def test_two_moves_at_once_make_no_ring(database: Database, town: Town) -> None:
    town.session.commit()

    def move(session: Session, code: str, parent: str) -> None:
        details = office_details(name=f"Kantor {code}", parent_code=parent)
        change(replace(town, session=session), code, details, by=town.chief)

    def second() -> str:
        try:
            with database.transaction() as session:
                move(session, "J02", "J01")
        except Refused:
            return "refused"
        return "done"

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as first:
            move(first, "J01", "J02")
            result = pool.submit(second)
            wait_until_somebody_waits(database, result)

        assert result.result() == "refused"


def wait_until_somebody_waits(database: Database, other: Future[str]) -> None:
    """Return when the other transaction stands before a lock, or has ended without meeting one."""
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with database.engine.connect() as connection:
        while not other.done() and not connection.scalar(waiting):
            pass


def test_the_head_office_and_ones_own_office_stay_where_they_are(town: Town) -> None:
    head = office_details(name="Pusat", kind="pusat", parent_code="W1")
    own = office_details(name="Kantor W1", kind="wilayah", parent_code="J01")

    with pytest.raises(Refused):
        change(town, "PST", head, by=town.chief)
    with pytest.raises(Refused, match="terkunci"):
        change(town, "W1", own, by=town.regional)


def test_a_stale_tab_overwrites_no_office(town: Town) -> None:
    change(town, "J01", office_details(name="Nama baru"), by=town.chief)

    with pytest.raises(Stale):
        change(town, "J01", office_details(name="Nama lama"), by=town.deputy)


@pytest.mark.parametrize(
    ("missing", "complete"),
    [({}, True), ({"head_name": ""}, False), ({"prosecutor_office": ""}, False)],
)
def test_an_office_is_complete_when_its_letters_can_be_printed(
    town: Town, missing: dict[str, str | None], *, complete: bool
) -> None:
    add(town, "K07", by=town.chief, details=office_details(**missing))

    assert town.session.get_one(Office, "K07").complete is complete


def test_an_office_cannot_move_below_its_own_branches_in_the_form_either(town: Town) -> None:
    parents = directory.possible_parents(town.session, principal=town.chief, code="W1")

    assert [one.code for one in parents] == ["PST"]
