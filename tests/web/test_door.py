"""What cannot be served is turned away at the door: with its status, a sentence, and no trace."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx2 import Headers

from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.main import create_app
from tests.web.conftest import PASSWORD, Browser, Visit

NUL = [
    "/temuan?cari=%00",
    "/kasus?cari=%00",
    "/kasus/%00",
    "/pemberi-kerja?cari=%00",
    "/api/v1/employers/%00",
]


@pytest.fixture
def outage(settings: Settings, store: ObjectStore) -> Iterator[TestClient]:
    """The application while its database is away."""
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    with TestClient(create_app(settings=settings, database=database, store=store)) as client:
        yield client


@pytest.mark.parametrize("path", ["/sehat", "/masuk", "/api/v1/flags"])
def test_without_its_database_the_application_is_unavailable_for_a_while(
    outage: TestClient, path: str
) -> None:
    outage.cookies.set("patuh_sid", "x")
    known = {"Authorization": "Bearer patuh_api_LRiXZYWeHqMRVeTdLVKULwXGbQguymCIet0iu2"}

    answer = outage.get(path, headers=known)

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert "Basis data sedang tidak dapat dihubungi" in answer.text


def test_who_typed_while_the_database_is_away_is_told_where_the_words_are(
    outage: TestClient,
) -> None:
    sent = outage.post("/masuk", data={"email": "a@b.go.id", "password": "rahasia"})
    asked = outage.get("/masuk", headers={"Cookie": "patuh_sid=x"})

    assert (sent.status_code, asked.status_code) == (503, 503)
    assert "isian Anda masih ada di peramban" in sent.text
    assert "isian Anda masih ada di peramban" not in asked.text


def test_an_address_that_is_nowhere_stays_nowhere_without_the_database(outage: TestClient) -> None:
    outage.cookies.set("patuh_sid", "x")

    answers = [outage.get(path).status_code for path in ("/tidak-ada", "/tidak-ada?x=%00")]

    assert answers == [404, 400]


@pytest.mark.parametrize("path", NUL)
def test_a_nul_character_in_an_address_is_400(visit: Visit, path: str) -> None:
    answer = visit("pemeriksa").get(path)

    assert answer.status_code == 400


def test_a_nul_character_in_a_form_is_400(visit: Visit) -> None:
    answer = visit("pemeriksa").post("/kasus/baru", {"nama": "PT\x00Uji"})

    assert answer.status_code == 400


@pytest.mark.parametrize("number", ["99999999999999999999", "2147483648", "0", "-1", "satu"])
@pytest.mark.parametrize("path", ["/temuan/{number}", "/impor/{number}"])
def test_a_number_that_nothing_has_is_not_found(visit: Visit, path: str, number: str) -> None:
    answer = visit("penyelia").get(path.format(number=number))

    assert answer.status_code == 404


def test_an_unknown_host_is_told_in_our_words(outage: TestClient) -> None:
    answer = outage.get("/masuk", headers={"Host": "lain.example"})

    assert answer.status_code == 400
    assert "PATUH_ALLOWED_HOSTS" in answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://jahat.example", 403),
        ("https://testserver.jahat.example", 403),
        ("null", 403),
        ("http://testserver", 303),
        ("http://127.0.0.1:8000", 303),
    ],
)
def test_a_form_from_another_site_is_refused_by_its_origin(
    outage: TestClient, visit: Visit, origin: str, status: int
) -> None:
    del outage
    client = visit("pemeriksa").client
    client.cookies.clear()

    answer = client.post(
        "/masuk",
        data={"email": "pemeriksa@contoh.test", "password": PASSWORD},
        headers={"Origin": origin},
        follow_redirects=False,
    )

    assert answer.status_code == status


def told(headers: Headers) -> dict[str, str]:
    """What an answer says in its headers, without the number that every answer gets anew."""
    return {name: value for name, value in headers.items() if name != "x-request-id"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/temuan", 200),
        ("/sehat", 200),
        ("/static/css/base.css", 200),
        ("/static/tidak-ada.css", 404),
        ("/tidak-ada", 404),
        ("/kasus/999", 404),
        ("/temuan/1/tolak", 405),
        ("/api/v1/openapi.json", 200),
        ("/api/v1/flags", 401),
        ("/api/v1/tidak-ada", 404),
    ],
)
def test_head_is_answered_as_get_without_the_body(visit: Visit, path: str, status: int) -> None:
    client = visit("pemeriksa").client

    whole = client.get(path, follow_redirects=False)
    head = client.head(path, follow_redirects=False)

    assert (whole.status_code, head.status_code) == (status, status)
    assert told(head.headers) == told(whole.headers)
    assert whole.content != b""
    assert head.content == b""


def test_head_of_who_is_not_signed_in_leads_to_the_sign_in_and_back(anonymous: Browser) -> None:
    head = anonymous.client.head("/temuan?aturan=PWBD", follow_redirects=False)

    assert head.status_code == 303
    assert head.headers["location"] == "/masuk?lanjut=%2Ftemuan%3Faturan%3DPWBD"
