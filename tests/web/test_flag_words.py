"""What the page of a flag says of its score: by what each element counts."""

import pytest
from sqlmodel import Session

from app.detection import queries
from app.detection.ranking import ELEMENTS
from app.web.pages.flag_views import element_rows, limit_words
from tests.detection.scene import SUPERVISOR, flag_row


@pytest.mark.parametrize(
    ("kind", "named", "denied"),
    [("golongan", "golongan umur piutang naik", False), ("sumber", "sumber terlalu tua", True)],
)
def test_the_page_says_which_limit_is_near_and_calls_a_stale_source_no_limit_of_law(
    session: Session, kind: str, named: str, *, denied: bool
) -> None:
    rows, sentence = said(session, {"batas_berikut": {"jenis": kind, "hari": 12}})

    assert named in rows["batas"]
    assert ("bukan batas hukum" in rows["batas"]) is denied
    assert "12 hari lagi" in sentence
    assert ("bukan batas hukum" in sentence) is denied


def test_without_a_next_limit_the_element_keeps_the_name_that_its_weight_has(
    session: Session,
) -> None:
    rows, sentence = said(session, {})

    assert (rows, sentence) == (dict(ELEMENTS), "")


def said(session: Session, numbers: dict[str, object]) -> tuple[dict[str, str], str]:
    points = dict.fromkeys(ELEMENTS, 10)
    row = flag_row(1, numbers={"skor": points, "unsur": points, **numbers})
    session.add(row)
    session.flush()
    flag = queries.flag(session, principal=SUPERVISOR, flag_id=row.id or 0)
    words = [one.words for one in element_rows(flag)]
    return dict(zip(ELEMENTS, words, strict=True)), limit_words(flag, "id")
