"""An administrator looks after people: nobody is locked out, nothing is written twice or unseen."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, select

from app.accounts import directory, permissions, queries, service
from app.accounts.schemas import Invitation, PersonFilter, Principal
from app.accounts.tables import UserAccount
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Stale, Unauthenticated
from app.infra.database import Database
from tests.accounts.conftest import PASSWORD, SEED, Town, details


def invite(
    town: Town, *, by: Principal, email: str = "budi@patuh.test", seed: str = SEED
) -> Invitation:
    return service.invite(
        town.session,
        principal=by,
        email=email,
        details=details("Budi"),
        seed=seed,
        now=town.now,
    )


def deactivate(town: Town, whom: Principal, *, by: Principal) -> None:
    service.deactivate(
        town.session,
        principal=by,
        user_id=whom.user_id or 0,
        expected_version=town.version(whom),
        now=town.now,
    )


def change(town: Town, whom: Principal, *, by: Principal, role: str, office: str) -> None:
    service.change_person(
        town.session,
        principal=by,
        user_id=whom.user_id or 0,
        details=details("Nama Baru", role, office),
        expected_version=town.version(whom),
        now=town.now,
    )


def test_an_invited_person_signs_in_with_the_temporary_password_and_must_change_it(
    town: Town,
) -> None:
    invited = invite(town, by=town.chief)

    opened = service.sign_in(
        town.session, email="budi@patuh.test", password=invited.password, now=town.now
    )

    found = queries.signed_in(town.session, cookie=opened.cookie, now=town.now)
    assert found is not None
    assert found.must_choose_password
    assert len(invited.password) >= service.SHORTEST_PASSWORD
    assert town.actions(f"user:{invited.user.id}")[0] == "user.added"


@pytest.mark.parametrize(("late", "good"), [(timedelta(seconds=-1), True), (timedelta(0), False)])
def test_a_temporary_password_ends_with_its_last_day(
    town: Town, late: timedelta, *, good: bool
) -> None:
    invited = invite(town, by=town.chief)
    when = invited.until + late

    if good:
        assert service.sign_in(
            town.session, email="budi@patuh.test", password=invited.password, now=when
        ).cookie
        return
    with pytest.raises(Refused, match="sudah berakhir"):
        service.sign_in(town.session, email="budi@patuh.test", password=invited.password, now=when)


def test_the_same_form_twice_adds_one_person_and_shows_the_same_password(town: Town) -> None:
    first = invite(town, by=town.chief)

    second = invite(town, by=town.chief)

    assert second == first
    assert town.actions(f"user:{first.user.id}") == ["user.added"]


def test_another_form_for_the_same_e_mail_is_refused_and_shows_no_password(town: Town) -> None:
    invite(town, by=town.chief)

    with pytest.raises(Conflict, match="sudah dipakai"):
        invite(town, by=town.chief, seed="t" * 43)


def test_the_same_form_a_quarter_of_an_hour_later_shows_no_password(town: Town) -> None:
    invite(town, by=town.chief)
    later = replace(town, now=town.now + timedelta(minutes=15))

    with pytest.raises(Conflict, match="sudah dipakai"):
        invite(later, by=town.chief)


def test_two_clicks_at_the_same_instant_add_one_person(database: Database, town: Town) -> None:
    town.session.commit()
    together = Barrier(2)

    def click(_: int) -> int | Conflict:
        with database.transaction() as session:
            together.wait()
            try:
                return invite(replace(town, session=session), by=town.chief).user.id
            except Conflict as conflict:
                return conflict

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(click, range(2)))

    with database.transaction() as session:
        found = session.exec(select(UserAccount).where(UserAccount.email == "budi@patuh.test"))
        assert len(found.all()) == 1


@pytest.mark.parametrize("office", ["PST", "X99"])
def test_a_regional_administrator_adds_nobody_outside_the_region(town: Town, office: str) -> None:
    with pytest.raises(NotFound):
        service.invite(
            town.session,
            principal=town.regional,
            email="budi@patuh.test",
            details=details("Budi", office=office),
            seed=SEED,
            now=town.now,
        )


def test_a_regional_administrator_sees_and_changes_only_the_region(town: Town) -> None:
    page = directory.people(
        town.session, principal=town.regional, filter=PersonFilter(), limit=50, cursor=None,
        now=town.now,
    )  # fmt: skip

    assert [one.user.email for one in page.items] == ["regional@patuh.test", "sari@patuh.test"]
    with pytest.raises(NotFound):
        deactivate(town, town.chief, by=town.regional)
    with pytest.raises(NotFound):
        change(town, town.sari, by=town.regional, role=permissions.INSPECTOR, office="PST")


def test_an_inspector_administers_nobody(town: Town) -> None:
    with pytest.raises(Forbidden):
        invite(town, by=town.sari)
    with pytest.raises(Forbidden):
        deactivate(town, town.chief, by=town.sari)


def test_a_changed_role_holds_at_the_next_click_and_is_audited(town: Town) -> None:
    change(town, town.sari, by=town.chief, role=permissions.SUPERVISOR, office="J02")

    found = queries.principal_by_email(town.session, email="sari@patuh.test")
    assert (found.role, found.office_code, found.name) == ("supervisor", "J02", "Nama Baru")
    assert town.actions(f"user:{town.sari.user_id}") == ["user.added", "user.changed"]


def test_a_form_that_changes_nothing_writes_nothing(town: Town) -> None:
    before = town.version(town.sari)

    service.change_person(
        town.session, principal=town.chief, user_id=town.sari.user_id or 0,
        details=details("Sari"), expected_version=before, now=town.now,
    )  # fmt: skip

    assert town.version(town.sari) == before
    assert town.actions(f"user:{town.sari.user_id}") == ["user.added"]


def test_a_stale_tab_overwrites_nothing(town: Town) -> None:
    seen = town.version(town.sari)
    change(town, town.sari, by=town.chief, role=permissions.SUPERVISOR, office="J01")

    with pytest.raises(Stale, match="muat ulang"):
        service.change_person(
            town.session, principal=town.deputy, user_id=town.sari.user_id or 0,
            details=details("Lain"), expected_version=seen, now=town.now,
        )  # fmt: skip
    with pytest.raises(Stale):
        service.deactivate(
            town.session, principal=town.deputy, user_id=town.sari.user_id or 0,
            expected_version=seen, now=town.now,
        )  # fmt: skip


def test_deactivation_ends_the_sessions_at_once_and_for_good(town: Town) -> None:
    opened = service.sign_in(town.session, email="sari@patuh.test", password=PASSWORD, now=town.now)

    deactivate(town, town.sari, by=town.chief)

    assert queries.signed_in(town.session, cookie=opened.cookie, now=town.now) is None
    with pytest.raises(Unauthenticated):
        service.sign_in(town.session, email="sari@patuh.test", password=PASSWORD, now=town.now)
    service.reactivate(
        town.session, principal=town.chief, user_id=town.sari.user_id or 0,
        expected_version=town.version(town.sari), now=town.now,
    )  # fmt: skip
    assert queries.signed_in(town.session, cookie=opened.cookie, now=town.now) is None
    again = service.sign_in(town.session, email="sari@patuh.test", password=PASSWORD, now=town.now)
    assert again.cookie


def test_deactivating_twice_is_done_once(town: Town) -> None:
    deactivate(town, town.sari, by=town.chief)

    deactivate(town, town.sari, by=town.chief)

    assert town.actions(f"user:{town.sari.user_id}").count("user.deactivated") == 1


def test_nobody_closes_or_moves_their_own_account(town: Town) -> None:
    with pytest.raises(Refused, match="administrator lain"):
        deactivate(town, town.chief, by=town.chief)
    for role, office in ((permissions.AUDITOR, "PST"), (permissions.ADMINISTRATOR, "W1")):
        with pytest.raises(Refused, match="administrator lain"):
            change(town, town.chief, by=town.chief, role=role, office=office)


def test_the_last_administrator_of_the_country_is_not_deactivated(town: Town) -> None:
    deactivate(town, town.deputy, by=town.chief)

    with pytest.raises(Refused, match="administrator terakhir"):
        deactivate(town, town.chief, by=queries.operator(town.session))


@pytest.mark.parametrize(
    ("role", "office"),
    [(permissions.AUDITOR, "PST"), (permissions.ADMINISTRATOR, "W1")],
    ids=["demoted", "moved away from the head office"],
)
def test_the_last_administrator_of_the_country_stays_what_and_where_they_are(
    town: Town, role: str, office: str
) -> None:
    deactivate(town, town.deputy, by=town.chief)

    with pytest.raises(Refused, match="administrator terakhir"):
        change(town, town.chief, by=queries.operator(town.session), role=role, office=office)


def test_two_administrators_who_remove_each_other_at_once_leave_one(
    database: Database, town: Town
) -> None:
    town.session.commit()
    together = Barrier(2)
    pairs = ((town.chief, town.deputy), (town.deputy, town.chief))

    def click(pair: tuple[Principal, Principal]) -> str:
        by, whom = pair
        try:
            with database.transaction() as session:
                together.wait()
                deactivate(replace(town, session=session), whom, by=by)
        except Refused:
            return "refused"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(click, pairs))

    assert results == ["done", "refused"]


def test_a_reset_ends_the_old_password_and_every_session(town: Town) -> None:
    opened = service.sign_in(town.session, email="sari@patuh.test", password=PASSWORD, now=town.now)

    def reset() -> Invitation:
        return service.reset_password(
            town.session, principal=town.chief, user_id=town.sari.user_id or 0, seed=SEED,
            expected_version=1, now=town.now,
        )  # fmt: skip

    first, second = reset(), reset()

    assert first == second
    assert town.actions(f"user:{town.sari.user_id}").count("user.password_reset") == 1
    assert queries.signed_in(town.session, cookie=opened.cookie, now=town.now) is None
    with pytest.raises(Unauthenticated):
        service.sign_in(town.session, email="sari@patuh.test", password=PASSWORD, now=town.now)


@pytest.mark.parametrize(
    ("wanted", "emails"),
    [
        (PersonFilter(role="administrator", office="W1"), ["regional"]),
        (PersonFilter(office="W1"), ["regional", "sari"]),
        (PersonFilter(text="SARI@"), ["sari"]),
        (PersonFilter(text="%"), []),
        (PersonFilter(state="inactive"), ["deputy"]),
        (PersonFilter(state="temporary"), ["budi"]),
    ],
    ids=["role and office", "office and below", "text", "a wildcard is text", "closed", "invited"],
)
def test_the_list_narrows(town: Town, wanted: PersonFilter, emails: list[str]) -> None:
    invite(town, by=town.chief)
    if wanted.office:
        deactivate(town, find(town, "budi"), by=town.chief)
        wanted = replace(wanted, state="active")
    deactivate(town, town.deputy, by=town.chief)

    page = directory.people(
        town.session, principal=town.chief, filter=wanted, limit=50, cursor=None, now=town.now
    )

    assert [one.user.email.split("@")[0] for one in page.items] == emails


def find(town: Town, name: str) -> Principal:
    return queries.principal_by_email(town.session, email=f"{name}@patuh.test")


def test_pages_of_the_list_neither_skip_nor_repeat(town: Town) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = directory.people(
            town.session, principal=town.chief, filter=PersonFilter(), limit=1, cursor=cursor,
            now=town.now,
        )  # fmt: skip
        seen += [one.user.name for one in page.items]
        if (cursor := page.next) is None:
            break

    assert seen == ["Chief", "Deputy", "Regional", "Sari"]


def test_a_seed_that_was_tampered_with_is_refused(
    session: Session, now: datetime, town: Town
) -> None:
    with pytest.raises(Invalid, match="tidak utuh"):
        invite(town, by=town.chief, seed="pendek")
