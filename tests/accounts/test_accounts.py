"""People sign in, sessions end, tokens open what they name, scope follows the tree."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from app.accounts import permissions, queries, secrets, service
from app.accounts.schemas import OfficeView
from app.accounts.scope import within
from app.accounts.tables import UserAccount
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Unauthenticated

PASSWORD = "kata-sandi-yang-panjang"


def office(code: str, kind: str, parent: str | None) -> OfficeView:
    return OfficeView(
        code=code,
        name=f"Kantor {code}",
        kind=kind,
        parent_code=parent,
        zone="Asia/Jakarta",
        city="Jakarta",
        address="",
        phone="",
        email="",
        head_name="",
        head_title="Kepala Kantor Cabang",
        prosecutor_office="",
        complete=True,
    )


@pytest.fixture
def tree(session: Session, now: datetime) -> Session:
    """Head office > region W1 > branches J01, J02; one inspector in J01."""
    service.ensure_head_office(session, now=now, actor="test")
    for view in (
        office("W1", "wilayah", "PST"),
        office("J01", "cabang", "W1"),
        office("J02", "cabang", "W1"),
    ):
        service.save_office(session, office=view, now=now, actor="test")
    add(session, now, "sari@patuh.test", permissions.INSPECTOR, "J01")
    return session


def add(session: Session, now: datetime, email: str, role: str, code: str) -> None:
    service.add_user(
        session,
        email=email,
        name="Sari",
        role=role,
        office_code=code,
        password=PASSWORD,
        now=now,
        actor="test",
    )


def test_the_right_password_opens_a_session_and_the_cookie_is_not_stored(
    tree: Session, now: datetime
) -> None:
    opened = service.sign_in(tree, email=" SARI@patuh.test", password=PASSWORD, now=now)

    found = queries.signed_in(tree, cookie=opened.cookie, now=now)

    assert found is not None
    assert found.principal.offices == frozenset({"J01"})
    assert found.csrf_token == opened.csrf_token


@pytest.mark.parametrize("email", ["sari@patuh.test", "nobody@patuh.test"])
def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(
    tree: Session, now: datetime, email: str
) -> None:
    with pytest.raises(Unauthenticated, match="Surel atau kata sandi tidak cocok"):
        service.sign_in(tree, email=email, password="salah", now=now)


def test_the_eleventh_wrong_password_in_a_quarter_of_an_hour_is_not_even_looked_at(
    tree: Session, now: datetime
) -> None:
    for _ in range(service.FAILURES_ALLOWED):
        service.record_failure(tree, email="sari@patuh.test", now=now)

    with pytest.raises(Refused):
        service.sign_in(tree, email="sari@patuh.test", password=PASSWORD, now=now)
    later = now + service.FAILURE_WINDOW
    assert service.sign_in(tree, email="sari@patuh.test", password=PASSWORD, now=later).cookie


@pytest.mark.parametrize(
    ("idle", "alive"), [(timedelta(minutes=30), True), (timedelta(minutes=30, seconds=1), False)]
)
def test_an_idle_session_ends_after_thirty_minutes(
    tree: Session, now: datetime, idle: timedelta, *, alive: bool
) -> None:
    opened = service.sign_in(tree, email="sari@patuh.test", password=PASSWORD, now=now)

    found = queries.signed_in(tree, cookie=opened.cookie, now=now + idle)

    assert (found is not None) is alive


def test_a_used_session_ends_after_twelve_hours_all_the_same(tree: Session, now: datetime) -> None:
    opened = service.sign_in(tree, email="sari@patuh.test", password=PASSWORD, now=now)
    for minutes in range(20, 720, 20):
        service.touch(tree, cookie=opened.cookie, now=now + timedelta(minutes=minutes))

    last = now + timedelta(hours=12)
    assert queries.signed_in(tree, cookie=opened.cookie, now=last) is not None
    over = last + timedelta(seconds=1)
    assert queries.signed_in(tree, cookie=opened.cookie, now=over) is None


def test_signing_out_kills_the_cookie(tree: Session, now: datetime) -> None:
    opened = service.sign_in(tree, email="sari@patuh.test", password=PASSWORD, now=now)

    service.sign_out(tree, cookie=opened.cookie, now=now)

    assert queries.signed_in(tree, cookie=opened.cookie, now=now) is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"email": "bukan surel"}, Invalid),
        ({"role": "raja"}, Invalid),
        ({"password": "empat-belas-kr"}, Invalid),
        ({"office_code": "X99"}, NotFound),
        ({"email": "Sari@Patuh.Test"}, Conflict),
    ],
)
def test_a_person_who_cannot_be_added_is_refused_with_the_reason(
    tree: Session, now: datetime, change: dict[str, str], error: type[Exception]
) -> None:
    good = {
        "email": "budi@patuh.test",
        "name": "Budi",
        "role": permissions.SUPERVISOR,
        "office_code": "J01",
        "password": PASSWORD,
    }
    assert service.add_user(tree, **good, now=now, actor="test").email == "budi@patuh.test"

    with pytest.raises(error):
        service.add_user(tree, **(good | {"email": "c@patuh.test"} | change), now=now, actor="test")


def test_a_region_reaches_its_branches_and_the_head_office_everything(
    tree: Session, now: datetime
) -> None:
    add(tree, now, "kanwil@patuh.test", permissions.SUPERVISOR, "W1")
    add(tree, now, "pusat@patuh.test", permissions.AUDITOR, "PST")

    region = queries.principal_by_email(tree, email="kanwil@patuh.test")
    head = queries.principal_by_email(tree, email="pusat@patuh.test")

    assert region.offices == frozenset({"W1", "J01", "J02"})
    assert head.offices is None


def test_the_scope_refuses_an_action_that_is_not_in_the_table(tree: Session) -> None:
    inspector = queries.principal_by_email(tree, email="sari@patuh.test")

    assert within(inspector, "cases.read", UserAccount.office_code) is not None
    for action in ("accounts.manage", "no.such.action"):
        with pytest.raises(Forbidden):
            within(inspector, action, UserAccount.office_code)


def make_token(session: Session, now: datetime, scopes: str, owner: str | None = None) -> str:
    return service.create_token(
        session,
        name="DJP",
        scopes=scopes.split(","),
        office_code="J01",
        owner_email=owner,
        days=30,
        now=now,
        actor="test",
    )


def test_a_token_opens_what_its_scopes_name_and_nothing_else(tree: Session, now: datetime) -> None:
    principal = queries.token_principal(tree, token=make_token(tree, now, "flags:read"), now=now)

    assert principal.actions == frozenset({"flags.read"})
    assert principal.user_id is None


def test_a_token_of_a_person_may_no_more_than_that_person(tree: Session, now: datetime) -> None:
    token = make_token(tree, now, "packets:write,cases:write", "sari@patuh.test")

    principal = queries.token_principal(tree, token=token, now=now)

    assert "packets.approve" not in principal.actions
    assert "cases.step" in principal.actions
    assert principal.user_id is not None


def test_an_expired_or_mistyped_token_is_refused(tree: Session, now: datetime) -> None:
    token = make_token(tree, now, "flags:read")
    end = now + timedelta(days=30)
    just_before = end - timedelta(seconds=1)
    assert queries.token_principal(tree, token=token, now=just_before).name == "DJP"

    with pytest.raises(Unauthenticated):
        queries.token_principal(tree, token=token, now=end)
    with pytest.raises(Unauthenticated):
        queries.token_principal(tree, token=token[:-1] + "~", now=now)


def test_a_scope_that_does_not_exist_is_named(tree: Session, now: datetime) -> None:
    with pytest.raises(Invalid, match="semua"):
        make_token(tree, now, "semua")


def test_offices_named_by_an_extract_are_registered_once_and_marked_incomplete(
    tree: Session, now: datetime
) -> None:
    first = service.ensure_offices(tree, codes=["J01", "K07", "K07"], now=now, actor="test")
    second = service.ensure_offices(tree, codes=["K07"], now=now, actor="test")

    assert (first, second) == (("K07",), ())
    assert not queries.office(tree, code="K07").complete


@given(role=st.sampled_from(permissions.ROLES), action=st.text(max_size=20))
def test_what_is_not_in_the_table_is_refused_to_every_role(role: str, action: str) -> None:
    if action not in permissions.MAY:
        assert not permissions.may(role, action)


@given(position=st.integers(0, 37), character=st.sampled_from(secrets.ALPHABET))
def test_a_token_with_one_wrong_character_is_known_without_a_look_up(
    position: int, character: str
) -> None:
    token = secrets.new_token()
    at = len(secrets.TOKEN_PREFIX) + position
    damaged = token[:at] + character + token[at + 1 :]

    assert secrets.token_is_well_formed(token)
    assert secrets.token_is_well_formed(damaged) is (damaged == token)
