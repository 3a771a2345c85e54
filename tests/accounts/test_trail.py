"""The audit trail: narrowed, paged, and read only as far as one's offices reach."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.accounts import permissions, queries, service, trail
from app.accounts.schemas import Principal
from app.audit import service as audit
from app.errors import Forbidden, Invalid
from tests.accounts.conftest import PASSWORD, Town

ALL = trail.TrailFilter(actor="", action="", subject="", since=None, until=None)


@pytest.fixture
def auditor(town: Town) -> Principal:
    service.add_user(
        town.session, email="auditor@patuh.test", name="Auditor", role=permissions.AUDITOR,
        office_code="W1", password=PASSWORD, now=town.now, actor="test",
    )  # fmt: skip
    return queries.principal_by_email(town.session, email="auditor@patuh.test")


def write(town: Town, number: int, office: str = "J01") -> None:
    audit.record(
        town.session, actor=town.sari.actor, action="flag.decline", subject=f"flag:{number}",
        office=office, now=town.now + timedelta(hours=number),
    )  # fmt: skip


def subjects(town: Town, by: Principal, wanted: trail.TrailFilter, limit: int = 200) -> list[str]:
    page = trail.entries(town.session, principal=by, filter=wanted, limit=limit, cursor=None)
    return [entry.subject for entry in page.items]


def test_entries_come_newest_first_with_the_name_of_who_acted(town: Town) -> None:
    write(town, 1)
    write(town, 2)

    page = trail.entries(town.session, principal=town.chief, filter=ALL, limit=2, cursor=None)

    assert [entry.subject for entry in page.items] == ["flag:2", "flag:1"]
    assert page.items[0].actor_name == "Sari"


def test_pages_neither_skip_nor_repeat(town: Town) -> None:
    for number in range(5):
        write(town, number)
    wanted = replace(ALL, action="flag.decline")
    seen: list[str] = []
    cursor = None

    while True:
        page = trail.entries(
            town.session, principal=town.chief, filter=wanted, limit=2, cursor=cursor
        )
        seen += [entry.subject for entry in page.items]
        if (cursor := page.next) is None:
            break

    assert seen == [f"flag:{number}" for number in (4, 3, 2, 1, 0)]


def test_each_narrowing_keeps_what_it_names(town: Town) -> None:
    for number in range(3):
        write(town, number)
    hour = town.now + timedelta(hours=1)

    def found(**change: object) -> list[str]:
        return subjects(town, town.chief, replace(ALL, action="flag.decline", **change))  # type: ignore[arg-type]

    assert found(actor=town.sari.actor) == ["flag:2", "flag:1", "flag:0"]
    assert found(actor=town.chief.actor) == []
    assert found(subject="flag:1") == ["flag:1"]
    assert found(since=hour) == ["flag:2", "flag:1"]
    assert found(until=hour) == ["flag:0"]


def test_an_auditor_of_a_region_reads_about_the_region_only(town: Town, auditor: Principal) -> None:
    write(town, 1, office="J02")
    write(town, 2, office="PST")
    write(town, 3, office="")
    wanted = replace(ALL, action="flag.decline")

    assert subjects(town, auditor, wanted) == ["flag:1"]
    assert len(subjects(town, town.chief, wanted)) == 3


def test_an_inspector_reads_no_trail(town: Town) -> None:
    with pytest.raises(Forbidden):
        subjects(town, town.sari, ALL)


def test_a_cursor_of_another_list_is_refused(town: Town) -> None:
    with pytest.raises(Invalid, match="cursor"):
        trail.entries(town.session, principal=town.chief, filter=ALL, limit=2, cursor="abc")


def test_an_e_mail_stands_for_its_actor(town: Town) -> None:
    assert trail.actor_of(town.session, text="SARI@patuh.test") == town.sari.actor
    assert trail.actor_of(town.session, text="system:cli") == "system:cli"
