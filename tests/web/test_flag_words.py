"""What the page of a flag says of its score: by what each element counts."""

import pytest
from sqlmodel import Session

from app.detection import queries
from app.detection.ranking import ELEMENTS
from app.web.api.v1.flags import FlagDocument
from app.web.pages.flag_views import element_rows, limit_words, sentence
from app.web.pages.values import items_of
from tests.detection.scene import SUPERVISOR, flag_row


@pytest.mark.parametrize(
    ("kind", "named", "denied"),
    [("golongan", "golongan umur piutang naik", False), ("sumber", "sumber terlalu tua", True)],
)
def test_the_page_says_which_limit_is_near_and_calls_a_stale_source_no_limit_of_law(
    session: Session, kind: str, named: str, *, denied: bool
) -> None:
    rows, told = said(session, {"batas_berikut": {"jenis": kind, "hari": 12}})

    assert named in rows["batas"]
    assert ("bukan batas hukum" in rows["batas"]) is denied
    assert "12 hari lagi" in told
    assert ("bukan batas hukum" in told) is denied


def test_without_a_next_limit_the_element_keeps_the_name_that_its_weight_has(
    session: Session,
) -> None:
    rows, told = said(session, {})

    assert (rows, told) == (dict(ELEMENTS), "")


def test_why_memberships_ended_is_counted_in_the_language_of_the_reader(session: Session) -> None:
    template = (
        "Kepesertaan {tk} pekerja {nama} telah berakhir ({sebab}) tanpa kepesertaan lain, tetapi "
        "{sumber} (data {hari}) masih mencatat mereka bekerja di sana."
    )
    values = {
        "tk": 4, "nama": "PT Satu", "sumber": "WLKP", "hari": "2026-06-30",
        "sebab": [[3, "klaim JHT"], [1, "sebab tidak dicatat"]],
    }  # fmt: skip
    row = flag_row(
        1,
        rule="LAPSED",
        numbers={"sebab_akhir": {"klaim_jht": 3, "tidak_diketahui": 1}},
        sentence_template=template,
        sentence_values=values,
    )
    session.add(row)
    session.flush()
    flag = queries.flag(session, principal=SUPERVISOR, flag_id=row.id or 0)

    (item,) = items_of(flag.numbers, "en")

    assert "(3 klaim JHT, 1 sebab tidak dicatat)" in sentence(flag, "id")
    assert "(3 JHT claim, 1 reason not recorded)" in sentence(flag, "en")
    assert "(3 JHT claim, 1 reason not recorded)" in FlagDocument.of(flag, "en").sentence
    assert item.value == "JHT claim 3, reason not recorded 1"


def said(session: Session, numbers: dict[str, object]) -> tuple[dict[str, str], str]:
    points = dict.fromkeys(ELEMENTS, 10)
    row = flag_row(1, numbers={"skor": points, "unsur": points, **numbers})
    session.add(row)
    session.flush()
    flag = queries.flag(session, principal=SUPERVISOR, flag_id=row.id or 0)
    words = [one.words for one in element_rows(flag)]
    return dict(zip(ELEMENTS, words, strict=True)), limit_words(flag, "id")
