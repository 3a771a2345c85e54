"""The ledger of deliveries: only a proved receipt starts a clock."""

from datetime import date, timedelta

import pytest

from app.cases import service
from app.cases.clocks import Clock, ClockState
from app.cases.schemas import NextState
from app.cases.service import Outcome
from app.cases.stages import Action, Proof, Violation
from app.errors import Conflict, Invalid
from tests.cases.conftest import Casework

SENT = date(2026, 2, 2)
RECEIVED = date(2026, 2, 3)
DUE = date(2026, 2, 19)


@pytest.fixture
def warned(work: Casework) -> Casework:
    work.open(Violation.PWBD)
    work.inspect()
    work.submit(Action.WARN_1, SENT, Proof.LETTER)
    return work


def letter_seq(work: Casework) -> int:
    return next(event.seq for event in work.file().steps if event.step is Action.WARN_1)


def state(work: Casework, on: date = RECEIVED) -> ClockState:
    deadline = work.file(on=on).deadline_of(Clock.WARNING_1)
    assert deadline is not None
    return deadline.state


def test_a_letter_that_was_only_sent_runs_no_clock(warned: Casework) -> None:
    warned.received(letter_seq(warned), SENT, result="dikirim", received_on=None, evidence_id=None)

    assert state(warned) is ClockState.NOT_RUNNING
    assert warned.file().next.state is NextState.PROVE


def test_a_receipt_without_evidence_runs_no_clock_until_it_is_proved(warned: Casework) -> None:
    warned.received(letter_seq(warned), RECEIVED, evidence_id=None)
    assert state(warned) is ClockState.NOT_RUNNING
    attempt = warned.file().deliveries[-1]
    proof = warned.attach(Proof.RECEIPT, RECEIVED)

    service.complete_service(
        warned.session,
        principal=warned.cast.inspector,
        attempt_id=attempt.id,
        outcome=Outcome(
            result="diterima",
            received_on=RECEIVED,
            receiver_name="Wati",
            evidence_id=proof.id,
        ),
        now=warned.now,
    )

    assert state(warned) is ClockState.RUNNING
    assert warned.file().deliveries[-1].proves_receipt


@pytest.mark.parametrize("result", ["ditolak", "pindah", "kosong"])
def test_a_failed_delivery_is_kept_and_runs_no_clock(warned: Casework, result: str) -> None:
    warned.received(letter_seq(warned), SENT, result=result, received_on=None, evidence_id=None)

    assert warned.file().deliveries[-1].result == result
    assert state(warned) is ClockState.NOT_RUNNING


def test_the_first_proved_receipt_counts(warned: Casework) -> None:
    warned.received(letter_seq(warned), RECEIVED)
    warned.received(letter_seq(warned), RECEIVED + timedelta(days=10))

    deadline = warned.file().deadline_of(Clock.WARNING_1)

    assert deadline is not None
    assert deadline.due_on == DUE


def test_the_second_warning_is_refused_on_day_ten_and_taken_on_day_eleven(
    warned: Casework,
) -> None:
    warned.received(letter_seq(warned), RECEIVED)

    with pytest.raises(Exception, match="2026-02-19"):
        warned.submit(Action.WARN_2, DUE, Proof.LETTER)

    assert warned.submit(Action.WARN_2, DUE + timedelta(days=1), Proof.LETTER).event_seq


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"received_on": SENT - timedelta(days=1)}, "mendahului"),
        ({"received_on": None}, "Isi tanggal"),
        ({"received_on": date(2026, 12, 1)}, "belum tiba"),
        ({"receiver_name": " "}, "nama orang"),
        ({"result": "ditolak"}, "benar diterima"),
    ],
    ids=["before sending", "no day", "a day to come", "no receiver", "refused yet dated"],
)
def test_a_receipt_that_cannot_be_is_refused(
    warned: Casework, changes: dict[str, object], said: str
) -> None:
    given = {"evidence_id": None, "received_on": RECEIVED, **changes}

    with pytest.raises(Invalid, match=said):
        warned.received(letter_seq(warned), SENT, **given)


def test_a_photo_is_no_receipt(warned: Casework) -> None:
    photo = warned.attach(Proof.PHOTO)

    with pytest.raises(Invalid, match="bukan tanda terima"):
        warned.received(letter_seq(warned), RECEIVED, evidence_id=photo.id)


def test_one_receipt_proves_one_letter(warned: Casework) -> None:
    used = warned.file().deliveries[0].evidence_id

    with pytest.raises(Invalid, match="surat lain"):
        warned.received(letter_seq(warned), RECEIVED, evidence_id=used)


def test_a_double_click_on_a_delivery_leaves_one_line_in_the_ledger(warned: Casework) -> None:
    seq, before = letter_seq(warned), len(warned.file().deliveries)
    proof = warned.attach(Proof.RECEIPT, RECEIVED).id
    warned.received(seq, RECEIVED, evidence_id=proof)
    once = warned.file()

    warned.received(seq, RECEIVED, evidence_id=proof)
    warned.received(seq, SENT, result="kosong", received_on=None, evidence_id=None)

    after = warned.file()
    assert len(once.deliveries) == before + 1
    assert len(after.deliveries) == before + 2
    assert after.version == once.version + 1


def test_a_finished_attempt_is_not_rewritten(warned: Casework) -> None:
    warned.received(letter_seq(warned), RECEIVED)
    attempt = warned.file().deliveries[-1]

    with pytest.raises(Conflict, match="sudah dicatat"):
        service.complete_service(
            warned.session,
            principal=warned.cast.inspector,
            attempt_id=attempt.id,
            outcome=Outcome(result="kosong"),
            now=warned.now,
        )


def test_only_letters_are_delivered(warned: Casework) -> None:
    with pytest.raises(Invalid, match="bukan surat"):
        warned.received(1, RECEIVED, evidence_id=None)
