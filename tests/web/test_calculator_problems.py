"""What a calculator page cannot use stands at its input, with the value that was typed."""

from collections.abc import Iterable
from html import unescape

from fastapi import FastAPI

from app.web.norms import norms
from tests.calculations.bad_input import BAD, GAPS, Bad, gapped
from tests.web.conftest import Browser, Visit


def unnamed(browser: Browser, rows: Iterable[Bad]) -> list[tuple[str, str]]:
    """Return the rows whose page does not say at the input what was typed, and what it says."""
    found = []
    for bad in rows:
        page = browser.get(f"/kalkulator/{bad.query}")
        text = unescape(page.text)
        said = text.partition('id="ringkasan-kesalahan"')[2].partition("</div>")[0]
        at_the_input = f'href="#{bad.input_}"' in said and f'id="{bad.input_}"' in text
        if (page.status_code, at_the_input, bad.shown in said) != (422, True, True):
            found.append((bad.name, said))
    return found


def test_what_cannot_be_used_stands_at_its_input_with_its_value(visit: Visit) -> None:
    rows = [bad for bad in BAD if bad.input_]

    assert len(rows) > 8
    assert unnamed(visit("pemeriksa"), rows) == []


def test_a_gap_in_the_law_stands_at_the_input_that_asked(app: FastAPI, visit: Visit) -> None:
    app.dependency_overrides[norms] = gapped

    assert unnamed(visit("pemeriksa"), GAPS) == []


def test_a_complaint_calls_the_field_as_the_page_does(visit: Visit) -> None:
    page = visit("pemeriksa").get("/kalkulator/iuran?month=2015-06&wage=1&scale=besar&jkk_class=1")

    assert "Bulan Juni 2015 (Bulan iuran) mendahului Juli 2015" in unescape(page.text)
