"""The deadline document: suspensions and instants, beside the contract's own fields."""

from typing import Any

import pytest

from app.calculations.service import CALCULATIONS
from app.errors import Invalid
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED, Norms
from app.law.calendar import CalendarTooShort
from app.law.suspensions import StillSuspended

NORMS = Norms(law=SHIPPED, calendar=packaged_calendar())
FLOOD = {
    "from": "2026-11-04",
    "to": "2026-11-06",
    "reason": "Banjir",
    "authority": "Surat Kepala Cabang B/1/2026",
}


def answer(**document: Any) -> dict[str, Any]:  # noqa: ANN401 - a JSON document
    return CALCULATIONS["deadline"](document, NORMS)


def test_without_the_new_fields_the_answer_holds_what_it_held() -> None:
    found = answer(**{"from": "2026-03-13", "working_days": 10})

    assert found["due_on"] == "2026-04-06"
    assert (found["receipt"], found["suspensions"]) == (None, [])
    assert found["calendar_known_until"] == "2027-12-31"


def test_a_suspension_is_repeated_in_the_answer_and_names_every_day_it_took() -> None:
    found = answer(**{"from": "2026-11-02", "working_days": 3, "suspensions": [FLOOD]})

    assert found["due_on"] == "2026-11-10"
    assert found["suspensions"] == [FLOOD]
    assert {
        item["day"] for item in found["skipped"] if item["reason"].startswith("Penangguhan")
    } == {"2026-11-04", "2026-11-05", "2026-11-06"}


def test_an_open_suspension_is_answered_as_not_known_yet() -> None:
    with pytest.raises(StillSuspended):
        answer(**{"from": "2026-11-02", "working_days": 3, "suspensions": [{**FLOOD, "to": None}]})


def test_an_instant_is_counted_from_the_day_of_the_offices_zone() -> None:
    found = answer(received_at="2026-03-13T16:30:00Z", zone="WIT", working_days=1)

    assert found["from"] == "2026-03-14"
    assert found["receipt"]["local_time"] == "2026-03-14T01:30:00+09:00"
    assert found["receipt"]["cutoff_hour"] is None
    assert "calendar.receipt-cutoff" in {item["key"] for item in found["parameters"]}


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({}, "from"),
        ({"zone": "WIB", "from": "2026-03-13"}, "zone"),
        ({"received_at": "2026-03-13T16:30:00Z"}, "zone"),
        ({"received_at": "2026-03-13T16:30:00Z", "zone": "WIB", "from": "2026-03-13"},
         "received_at"),
        ({"received_at": "2026-03-13T16:30:00", "zone": "WIB"}, "received_at"),
        ({"received_at": "2026-03-13", "zone": "WIB"}, "received_at"),
        ({"received_at": "2026-03-13T16:30:00Z", "zone": "UTC"}, "zone"),
        ({"from": "2026-03-13", "suspensions": [{**FLOOD, "authority": ""}]},
         "suspensions.0.authority"),
        ({"from": "2026-03-13", "suspensions": [{**FLOOD, "to": "2026-11-03"}]},
         "suspensions.0.to"),
        ({"from": "2026-03-13", "suspensions": [{**FLOOD, "from": "04-11-2026"}]},
         "suspensions.0.from"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_by_its_field(document: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        answer(**document, working_days=3)

    assert [problem.field for problem in caught.value.fields] == [field]


def test_a_date_beyond_the_calendar_is_refused_with_the_day_until_which_it_is_known() -> None:
    with pytest.raises(CalendarTooShort, match="2027-12-31"):
        answer(**{"from": "2027-12-30", "working_days": 10})
