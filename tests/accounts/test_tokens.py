"""Tokens issued through a page: once per form, within reach, without a person, revoked at once."""

from datetime import timedelta

import pytest

from app.accounts import directory, permissions, queries, secrets, service
from app.accounts.schemas import Principal
from app.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from tests.accounts.conftest import SEED, Town


def issue(
    town: Town,
    *,
    by: Principal,
    name: str = "SIPP",
    office: str = "J01",
    scopes: tuple[str, ...] = ("flags:read",),
    days: int = 90,
) -> str:
    return service.issue_token(
        town.session,
        principal=by,
        name=name,
        scopes=scopes,
        office_code=office,
        days=days,
        seed=SEED,
        now=town.now,
    )


def test_the_same_form_twice_makes_one_token_and_shows_it_again(town: Town) -> None:
    first, second = issue(town, by=town.chief), issue(town, by=town.chief)

    assert first == second
    assert secrets.token_is_well_formed(first)
    (entry,) = directory.tokens(town.session, principal=town.chief)
    assert town.actions(f"token:{entry.id}") == ["token.created"]


def test_a_form_used_for_one_token_makes_no_other(town: Town) -> None:
    issue(town, by=town.chief)

    with pytest.raises(Conflict, match="SIPP"):
        issue(town, by=town.chief, name="Lain")


def test_a_token_is_not_shown_again_later(town: Town) -> None:
    issue(town, by=town.chief)

    with pytest.raises(Conflict):
        service.issue_token(
            town.session, principal=town.chief, name="SIPP", scopes=("flags:read",),
            office_code="J01", days=90, seed=SEED, now=town.now + timedelta(minutes=15),
        )  # fmt: skip


def test_an_issued_token_stands_for_no_person(town: Town) -> None:
    token = issue(town, by=town.chief, scopes=("packets:write", "cases:write"))

    principal = queries.token_principal(town.session, token=token, now=town.now)

    assert principal.user_id is None
    assert not principal.may("packets.approve")
    assert not principal.may("cases.step")


def test_a_revoked_token_opens_nothing_and_revoking_again_is_no_second_entry(town: Town) -> None:
    token = issue(town, by=town.chief)
    (entry,) = directory.tokens(town.session, principal=town.chief)

    for _ in range(2):
        service.revoke_token(town.session, principal=town.chief, token_id=entry.id, now=town.now)

    with pytest.raises(Unauthenticated):
        queries.token_principal(town.session, token=token, now=town.now)
    assert town.actions(f"token:{entry.id}") == ["token.created", "token.revoked"]


def test_a_regional_administrator_issues_and_revokes_only_in_the_region(town: Town) -> None:
    issue(town, by=town.chief, office="PST")
    (entry,) = directory.tokens(town.session, principal=town.chief)

    assert directory.tokens(town.session, principal=town.regional) == ()
    with pytest.raises(NotFound):
        issue(town, by=town.regional, office="PST")
    with pytest.raises(NotFound):
        service.revoke_token(town.session, principal=town.regional, token_id=entry.id, now=town.now)
    with pytest.raises(Forbidden):
        issue(town, by=town.sari)


def test_everything_wrong_with_a_token_is_named_at_once(town: Town) -> None:
    with pytest.raises(Invalid) as refused:
        issue(town, by=town.chief, name="", scopes=(), days=0)

    assert [problem.field for problem in refused.value.fields] == ["name", "scopes", "days"]


def test_scopes_that_give_a_system_nothing_more_are_not_offered() -> None:
    offered = permissions.scopes_for_systems()

    assert "packets:read" in offered
    assert "packets:write" not in offered
    assert set(offered) < set(permissions.TOKEN_SCOPES)
