"""`patuh user` and `patuh token`: the same functions as the pages, by an operator."""

import json

from tests.cli.test_whole_job import Run, patuh  # noqa: F401 - the fixture

ADD = ("user", "add", "budi@contoh.test", "--role", "administrator", "--office", "PST")


def test_a_person_is_added_listed_closed_and_opened_again(patuh: Run) -> None:  # noqa: F811
    added = patuh(*ADD)
    other = patuh("user", "add", "sari@contoh.test", "--role", "inspector", "--office", "PST")
    closed = patuh("user", "deactivate", "sari@contoh.test")
    listed = json.loads(patuh("user", "list", "--json").stdout)
    opened = patuh("user", "reactivate", "sari@contoh.test")
    renewed = patuh("user", "password", "sari@contoh.test")

    assert [one.exit_code for one in (added, other, closed, opened, renewed)] == [0] * 5
    assert {one["email"]: one["active"] for one in listed} == {
        "budi@contoh.test": True,
        "sari@contoh.test": False,
    }
    assert other.stdout.splitlines()[-1] != renewed.stdout.splitlines()[-1]


def test_the_last_administrator_is_not_closed_from_the_command_line_either(patuh: Run) -> None:  # noqa: F811
    patuh(*ADD)

    refused = patuh("user", "deactivate", "budi@contoh.test")

    assert refused.exit_code == 1
    assert "administrator terakhir" in refused.stderr


def test_a_token_is_listed_and_revoked(patuh: Run) -> None:  # noqa: F811
    patuh("token", "create", "SIPP", "--scopes", "flags:read")
    (token,) = json.loads(patuh("token", "list", "--json").stdout)

    revoked = patuh("token", "revoke", token["id"])

    assert revoked.exit_code == 0
    (after,) = json.loads(patuh("token", "list", "--json").stdout)
    assert after["revoked_at"]
