"""One's own password and sessions."""

import pytest

from app.accounts import queries, service
from app.accounts.schemas import NewSession
from app.accounts.tables import UserAccount
from app.errors import Invalid, Refused, Unauthenticated
from tests.accounts.conftest import PASSWORD, Town

NEW = "lima kata yang tidak berhubungan"


def sign_in(town: Town, browser: str = "Firefox · Linux") -> NewSession:
    return service.sign_in(
        town.session, email="sari@patuh.test", password=PASSWORD, now=town.now, browser=browser
    )


def change(
    town: Town, cookie: str, *, current: str = PASSWORD, new: str = NEW, repeated: str = NEW
) -> NewSession:
    return service.change_password(
        town.session,
        principal=town.sari,
        cookie=cookie,
        current=current,
        new=new,
        repeated=repeated,
        now=town.now,
    )


def test_a_new_password_ends_every_session_and_opens_a_fresh_one(town: Town) -> None:
    here, elsewhere = sign_in(town), sign_in(town, "Chrome · Android")

    opened = change(town, here.cookie)

    for cookie in (here.cookie, elsewhere.cookie):
        assert queries.signed_in(town.session, cookie=cookie, now=town.now) is None
    found = queries.signed_in(town.session, cookie=opened.cookie, now=town.now)
    assert found is not None
    assert not found.must_choose_password
    with pytest.raises(Unauthenticated):
        sign_in(town)
    assert "user.password_changed" in town.actions(f"user:{town.sari.user_id}")


@pytest.mark.parametrize(
    ("change_of", "field"),
    [
        ({"current": "salah"}, "current_password"),
        ({"new": "empat-belas-kr", "repeated": "empat-belas-kr"}, "new_password"),
        ({"new": "x" * 201, "repeated": "x" * 201}, "new_password"),
        ({"new": PASSWORD, "repeated": PASSWORD}, "new_password"),
        ({"new": "rahasia-Sari-2026", "repeated": "rahasia-Sari-2026"}, "new_password"),
        ({"new": "abababababababab", "repeated": "abababababababab"}, "new_password"),
        ({"repeated": "lain"}, "repeated_password"),
    ],
    ids=["wrong", "short", "endless", "the same", "own address", "repeated letters", "mistyped"],
)
def test_a_password_that_will_not_do_is_refused_beside_its_field(
    town: Town, change_of: dict[str, str], field: str
) -> None:
    here = sign_in(town)

    with pytest.raises(Invalid) as refused:
        change(town, here.cookie, **change_of)

    assert [problem.field for problem in refused.value.fields] == [field]
    assert queries.signed_in(town.session, cookie=here.cookie, now=town.now) is not None


def test_a_name_of_three_letters_shuts_no_password_out(town: Town) -> None:
    account = town.session.get_one(UserAccount, town.sari.user_id)
    account.email = "adi@patuh.test"
    town.session.flush()
    here = service.sign_in(
        town.session, email="adi@patuh.test", password=PASSWORD, now=town.now, browser="Firefox"
    )

    change(town, here.cookie, new="menjadi-lebih-baik", repeated="menjadi-lebih-baik")

    assert "user.password_changed" in town.actions(f"user:{town.sari.user_id}")


def test_guessing_the_current_password_is_stopped_like_guessing_at_sign_in(town: Town) -> None:
    here = sign_in(town)
    for _ in range(service.FAILURES_ALLOWED):
        service.record_failure(town.session, email="sari@patuh.test", now=town.now)

    with pytest.raises(Refused, match="15 menit"):
        change(town, here.cookie)


def test_ones_own_sessions_are_listed_and_ended_one_by_one(town: Town) -> None:
    here, phone = sign_in(town), sign_in(town, "Chrome · Android")
    stranger = service.sign_in(
        town.session, email="chief@patuh.test", password=PASSWORD, now=town.now
    )

    listed = queries.sessions_of(
        town.session, principal=town.sari, cookie=here.cookie, now=town.now
    )
    assert [(one.browser, one.current) for one in listed] == [
        ("Firefox · Linux", True),
        ("Chrome · Android", False),
    ]
    service.end_session(town.session, principal=town.sari, handle=listed[1].handle, now=town.now)

    assert queries.signed_in(town.session, cookie=phone.cookie, now=town.now) is None
    assert queries.signed_in(town.session, cookie=here.cookie, now=town.now) is not None
    assert queries.signed_in(town.session, cookie=stranger.cookie, now=town.now) is not None


def test_somebody_elses_session_cannot_be_ended_by_its_handle(town: Town) -> None:
    chief = service.sign_in(town.session, email="chief@patuh.test", password=PASSWORD, now=town.now)
    (listed,) = queries.sessions_of(
        town.session, principal=town.chief, cookie=chief.cookie, now=town.now
    )

    service.end_session(town.session, principal=town.sari, handle=listed.handle, now=town.now)

    assert queries.signed_in(town.session, cookie=chief.cookie, now=town.now) is not None


def test_all_other_sessions_end_together(town: Town) -> None:
    here, phone = sign_in(town), sign_in(town)

    service.end_other_sessions(town.session, principal=town.sari, cookie=here.cookie, now=town.now)

    assert queries.signed_in(town.session, cookie=here.cookie, now=town.now) is not None
    assert queries.signed_in(town.session, cookie=phone.cookie, now=town.now) is None
