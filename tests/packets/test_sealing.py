"""What would sink the case in court stops the sealing of its packet; a caution does not."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.accounts.queries import operator
from app.cases import service as casework
from app.cases.defects import Severity
from app.cases.papers import PaperKind
from app.cases.service import PaperGiven
from app.errors import Refused
from app.packets.readiness import readiness
from app.packets.tables import Packet
from tests.cases.conftest import TODAY, Cast
from tests.packets.desk import CUTOFF, Desk

YESTERDAY = TODAY - timedelta(days=1)


def record(desk: Desk, kind: PaperKind, number: str, **terms: object) -> int:
    paper = casework.record_paper(
        desk.session,
        principal=desk.cast.legal,
        case_id=desk.work.case_id,
        given=PaperGiven(kind=kind, number=number, signed_on=date(2026, 3, 1), **terms),  # type: ignore[arg-type]
        now=desk.work.now,
    )
    return paper.id


def mandate(desk: Desk, *, until: date) -> None:
    record(desk, PaperKind.MANDATE, "SKK-9", valid_until=until, substitution=True)


def packets(session: Session) -> int:
    return len(session.exec(select(Packet)).all())


def test_a_mandate_that_expired_yesterday_stops_the_sealing(desk: Desk) -> None:
    mandate(desk, until=YESTERDAY)

    with pytest.raises(Refused, match="1 cacat dapat menggugurkan") as refusal:
        desk.build()

    assert [str(gap) for gap in refusal.value.missing] == [
        f"SKK non-litigasi SKK-9 berakhir pada {YESTERDAY}."
    ]
    assert packets(desk.session) == 0


def test_a_mandate_that_expires_today_seals(desk: Desk) -> None:
    mandate(desk, until=TODAY)

    assert desk.build().on_record


def test_each_fatal_defect_is_said_in_its_own_sentence(desk: Desk) -> None:
    mandate(desk, until=YESTERDAY)
    record(desk, PaperKind.PUPN, "S-7/KNL")

    with pytest.raises(Refused) as refusal:
        desk.build()

    assert len(refusal.value.missing) == 2
    assert {gap.field for gap in refusal.value.missing} == {"skk", "route"}


def test_a_caution_seals_and_is_told(desk: Desk) -> None:
    made = desk.build()

    assert made.on_record
    assert {item.code for item in made.defects} >= {"mandate-missing", "agreement-lapsed"}
    assert {item.severity for item in made.defects} == {Severity.REPAIRABLE}


def test_nobody_puts_their_name_to_a_packet_whose_case_has_become_fatal(desk: Desk) -> None:
    built = desk.build(by=operator(desk.session))
    mandate(desk, until=YESTERDAY)

    with pytest.raises(Refused, match="menggugurkan"):
        desk.build()

    # What was sealed stays what it is, and can be written out again.
    assert desk.build(by=operator(desk.session)).pdf_sha256 == built.pdf_sha256


def test_a_packet_that_is_on_record_is_handed_out_again_whatever_came_later(desk: Desk) -> None:
    built = desk.build()
    mandate(desk, until=YESTERDAY)

    again = desk.build()

    assert (again.already, again.pdf_sha256) == (True, built.pdf_sha256)


def test_the_page_says_before_sealing_what_sealing_would_refuse(
    desk: Desk, snapshots_dir: Path, cast: Cast
) -> None:
    mandate(desk, until=YESTERDAY)

    ready = readiness(
        desk.session,
        principal=cast.legal,
        case=desk.work.case_id,
        cutoff=CUTOFF,
        snapshots_dir=snapshots_dir,
        on=TODAY,
    )

    fatal = [item for item in ready.defects if item.severity is Severity.FATAL]
    assert [item.code for item in fatal] == ["mandate-expired"]
