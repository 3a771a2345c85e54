"""Why the arrears of a case changed since a letter: what was known then, and what is known now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from app.cases.schemas import Employer
from app.cases.stages import Violation
from app.errors import Forbidden, Invalid
from app.law.differences import LABELS, Cause
from app.packets.figures import Figures, figures
from app.registry.queries import latest_snapshot, snapshot_known_at
from tests.cases.conftest import TODAY, Casework
from tests.packets.desk import BILLED, EXTRACTS, LETTER_ON, Desk, Import

EVENING_BEFORE = datetime(2026, 9, 20, 10, tzinfo=UTC)
MONTHLY = sum(amount for _, amount in BILLED)
LATER_EXTRACTS = {
    **EXTRACTS,
    "tagihan": EXTRACTS["tagihan"].replace(
        "AB123456,000,2026-07,JHT,3,15000000,855000", "AB123456,000,2026-07,JHT,3,14000000,798000"
    ),
    "pembayaran": EXTRACTS["pembayaran"]
    + "AB123456,000,2026-08,JHT,2026-10-05,855000,990800000001\n",
}

Tell = Callable[..., Figures]


@pytest.fixture
def tell(session: Session, work: Casework, tmp_path: Path) -> Tell:
    def asked(since: str = "", on: date = TODAY) -> Figures:
        return figures(
            session,
            principal=work.cast.inspector,
            file=work.file(on=on),
            since=since,
            snapshots_dir=tmp_path / "snapshots",
        )

    return asked


def test_the_causes_since_a_letter_add_up_to_the_rupiah(
    warned: Casework, bring: Import, tell: Tell
) -> None:
    then = bring(EXTRACTS, EVENING_BEFORE)
    now = bring(LATER_EXTRACTS, warned.now)

    change = tell().change

    assert change is not None
    assert (change.data_then.id, change.data_now.id) == (then, now)
    assert change.since.on == LETTER_ON
    assert change.late_data is False
    # July was two started months late at the letter, August one; by now October is due too.
    assert change.answer.before.principal == 2 * MONTHLY
    assert change.answer.before.penalty == sum(amount * 2 * 3 // 100 for _, amount in BILLED)
    causes = {effect.cause: effect.amount for effect in change.answer.effects}
    assert set(causes) == {"bill-corrected", "new-month", "time", "payment"}
    assert causes["bill-corrected"] == -57_000 - 2_280
    assert change.answer.after.principal == 4 * MONTHLY - 57_000 - 855_000
    assert sum(causes.values()) == change.answer.amount
    assert change.answer.amount == change.answer.after.total - change.answer.before.total


def test_data_imported_on_the_day_after_the_letter_are_not_what_the_letter_knew(
    warned: Casework, bring: Import, tell: Tell, session: Session
) -> None:
    midnight = datetime(2026, 9, 20, 17, tzinfo=UTC)  # in Jakarta the day ends then
    bring(EXTRACTS, midnight - timedelta(seconds=1))
    late = bring(LATER_EXTRACTS, midnight + timedelta(seconds=1))

    change = tell().change

    assert change is not None
    assert change.data_then.id != late
    known = snapshot_known_at(session, midnight + timedelta(seconds=1))
    assert known is not None
    assert known.id == late
    assert snapshot_known_at(session, midnight - timedelta(days=1)) is None


def test_a_letter_older_than_every_import_takes_what_was_known_when_it_was_recorded(
    warned: Casework, bring: Import, tell: Tell
) -> None:
    only = bring(EXTRACTS, warned.now)

    change = tell().change

    assert change is not None
    assert change.late_data
    assert change.data_then.id == only
    assert {effect.cause for effect in change.answer.effects} == {"new-month", "time"}


def test_a_letter_recorded_before_every_import_has_no_figures(
    warned: Casework, bring: Import, tell: Tell
) -> None:
    bring(EXTRACTS, warned.now + timedelta(days=1))

    told = tell()

    assert told.change is None
    assert told.unknown is not None
    assert "Belum ada data yang diimpor ketika" in str(told.unknown)


def test_a_payment_before_the_letter_that_came_to_light_later_is_its_own_cause(
    warned: Casework, bring: Import, tell: Tell
) -> None:
    bring(EXTRACTS, EVENING_BEFORE)
    extracts = {
        **EXTRACTS,
        "pembayaran": EXTRACTS["pembayaran"]
        + "AB123456,000,2026-07,JHT,2026-09-10,855000,990700000001\n",
    }
    bring(extracts, warned.now)

    change = tell().change

    assert change is not None
    effects = {effect.cause: effect for effect in change.answer.effects}
    # Paid in its first month: of two months of penalty one is left.
    assert effects["payment-corrected"].amount == -855_000 - 17_100
    assert effects["payment-corrected"].label == LABELS[Cause.PAYMENT_CORRECTED]


def test_a_sealed_packet_keeps_its_own_data_and_its_printed_total(
    desk: Desk, bring: Import, session: Session, tmp_path: Path
) -> None:
    packet = desk.build()
    sealed_on = latest_snapshot(session)
    bring(LATER_EXTRACTS, desk.work.now + timedelta(minutes=1))

    told = figures(
        session,
        principal=desk.cast.inspector,
        file=desk.work.file(),
        since=packet.number,
        snapshots_dir=tmp_path / "snapshots",
    )

    assert [moment.key for moment in told.moments][-1] == packet.number
    assert told.change is not None
    assert sealed_on is not None
    assert told.change.data_then.id == sealed_on.id
    assert told.change.answer.before.total == packet.total
    assert told.change.printed is None
    assert told.change.since.printed == packet.total


def test_a_letter_that_is_not_there_is_named(warned: Casework, bring: Import, tell: Tell) -> None:
    bring(EXTRACTS, EVENING_BEFORE)

    with pytest.raises(Invalid) as refused:
        tell("langkah-99")

    assert [problem.field for problem in refused.value.fields] == ["since"]
    assert "langkah-99" in str(refused.value)


def test_who_may_not_read_the_registry_gets_no_figures(warned: Casework, session: Session) -> None:
    blind = replace(
        warned.cast.inspector, actions=warned.cast.inspector.actions - {"registry.read"}
    )

    with pytest.raises(Forbidden):
        figures(
            session, principal=blind, file=warned.file(), since="", snapshots_dir=Path("tidak-ada")
        )


def test_an_employer_that_is_not_registered_has_nothing_to_compare(
    work: Casework, tell: Tell
) -> None:
    work.open(Violation.PWBD, employer=Employer(nama="CV Baru", kode_wilayah="31.74"))

    told = tell()

    assert told.moments == ()
    assert "belum terdaftar" in str(told.unknown)


def test_data_that_are_gone_are_said_to_be_gone(
    warned: Casework, bring: Import, tell: Tell, tmp_path: Path
) -> None:
    bring(EXTRACTS, EVENING_BEFORE)
    bring(LATER_EXTRACTS, warned.now)
    for file in (tmp_path / "snapshots" / "tables").glob("*.parquet"):
        file.unlink()

    told = tell()

    assert told.change is None
    assert "pulihkan dari cadangan" in str(told.unknown)
