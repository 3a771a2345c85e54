"""What tests look for on pages of flags and cases."""

import re

from tests.web.conftest import Browser


def first_flag(browser: Browser, rule: str) -> str:
    """Return the address of the first flag of a rule."""
    found = re.search(r'href="(/temuan/\d+)[?"]', browser.get(f"/temuan?aturan={rule}").text)
    assert found is not None
    return found[1]


def version_of(browser: Browser, flag: str) -> str:
    found = re.search(r'name="versi" value="(\d+)"', browser.get(flag).text)
    assert found is not None
    return found[1]


def opened_case(browser: Browser, rule: str) -> str:
    """Open a case from the first flag of a rule and return the address of its page."""
    flag = first_flag(browser, rule)
    browser.get(flag)
    case = str(browser.post(f"{flag}/terima").headers["location"]).split("?", maxsplit=1)[0]
    browser.get(case)
    return case
