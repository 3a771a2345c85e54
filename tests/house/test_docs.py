"""Documents drawn from code are what the code says now, and no page points into the void."""

import re
from pathlib import Path

from app.detection import rulebook
from app.web.api.v1.printing import api_page

ROOT = Path(__file__).parents[2]


def test_the_page_of_rules_is_not_stale() -> None:
    assert (ROOT / "docs/rules.md").read_text() == rulebook.markdown()


def test_the_page_of_the_api_is_not_stale() -> None:
    assert (ROOT / "docs/api.md").read_text() == api_page()


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text())
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_the_readme_shows_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text()

    assert "make run" in text
    assert "make test" in text
