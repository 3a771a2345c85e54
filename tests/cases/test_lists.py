"""Lists and tasks: what needs somebody today comes first, and only what one may see."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.cases import queries, service
from app.cases.schemas import CaseFilter, CaseRow, Employer, NextState
from app.cases.stages import STAGE_LABELS, Action, Proof, Stage, Violation
from app.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cases.conftest import TODAY, Casework


def employer(number: int) -> Employer:
    return Employer(nama=f"PT Nomor {number}", npp=f"CD{number:06d}", npwp=f"9{number:014d}")


def rows(work: Casework, **wanted: object) -> list[CaseRow]:
    filter_ = CaseFilter(on=TODAY, **wanted)  # type: ignore[arg-type]
    page = queries.cases(work.session, principal=work.cast.inspector, filter=filter_)
    return list(page.items)


def test_those_that_waited_longest_come_first(work: Casework) -> None:
    work.open(employer=employer(1), on=date(2026, 6, 1))
    work.open(employer=employer(2), on=date(2026, 2, 2))
    work.open(employer=employer(3), on=date(2026, 4, 1))

    found = rows(work)

    assert [row.employer_name for row in found] == ["PT Nomor 2", "PT Nomor 3", "PT Nomor 1"]
    assert all(row.needs_action for row in found)


def test_pages_neither_repeat_nor_skip(work: Casework) -> None:
    for number in range(5):
        work.open(employer=employer(number), on=date(2026, 1, 5))
    seen: list[int] = []
    cursor = None
    while True:
        page = queries.cases(
            work.session,
            principal=work.cast.inspector,
            filter=CaseFilter(on=TODAY, limit=2, cursor=cursor),
        )
        seen += [row.id for row in page.items]
        if (cursor := page.next) is None:
            break

    assert len(seen) == len(set(seen)) == 5


def test_a_foreign_cursor_is_refused(work: Casework) -> None:
    with pytest.raises(Invalid, match="cursor"):
        rows(work, cursor="xx")


def test_filters_narrow(work: Casework) -> None:
    work.open(Violation.PWBD, employer=employer(1))
    work.open(Violation.PIUTANG, employer=employer(2))
    work.close("LUNAS", Proof.PAYMENT)
    work.open(Violation.PIUTANG, employer=employer(3), by=work.cast.colleague)

    def names(**wanted: object) -> list[str]:
        return sorted(row.employer_name for row in rows(work, **wanted))

    assert names() == ["PT Nomor 1", "PT Nomor 3"]
    assert names(only_open=False) == ["PT Nomor 1", "PT Nomor 2", "PT Nomor 3"]
    assert names(stages=frozenset({Stage.CLOSED})) == ["PT Nomor 2"]
    assert names(reach="mine") == ["PT Nomor 1"]
    assert names(violation="PIUTANG") == ["PT Nomor 3"]
    assert names(text="nomor 3") == ["PT Nomor 3"]
    assert names(text="CD000001") == ["PT Nomor 1"]
    assert names(text="%") == []
    assert names(office_code="M01") == []


def test_cases_known_on_a_day_stand_where_they_were_known_to_stand(work: Casework) -> None:
    last_second = datetime(2026, 11, 19, 16, 59, 59, tzinfo=UTC)  # in Jakarta, of 19 November
    npp = employer(1).npp

    def known(day: int) -> list[tuple[str, Stage]]:
        found = queries.cases_known_on(
            work.session, principal=work.cast.inspector, npp=npp, day=date(2026, 11, day)
        )
        assert [one.stage_label for one in found] == [STAGE_LABELS[one.stage] for one in found]
        return [(one.number, one.stage) for one in found]

    work.now = last_second
    first = work.open(employer=employer(1), on=date(2026, 11, 2)).number
    work.now = last_second + timedelta(seconds=1)
    work.close("LUNAS", Proof.PAYMENT, on=date(2026, 11, 19))
    second = work.open(employer=employer(1), on=date(2026, 11, 20)).number
    work.open(employer=employer(2), on=date(2026, 11, 20))

    # Opened on the 2nd, recorded on the 19th; closed as of the 19th, recorded on the 20th.
    assert known(18) == []
    assert known(19) == [(first, Stage.VERIFICATION)]
    assert known(20) == [(second, Stage.VERIFICATION), (first, Stage.CLOSED)]
    stranger = queries.cases_known_on(
        work.session, principal=work.cast.stranger, npp=npp, day=TODAY
    )
    assert stranger == ()


def test_another_office_sees_none_of_them(work: Casework) -> None:
    work.open()

    page = queries.cases(work.session, principal=work.cast.stranger, filter=CaseFilter(on=TODAY))
    counts = queries.case_counts(work.session, principal=work.cast.stranger, on=TODAY)

    assert page.items == ()
    assert counts.open == 0
    assert queries.tasks(work.session, principal=work.cast.stranger, on=TODAY) == ()


def test_who_may_not_read_cases_is_told_so(work: Casework) -> None:
    with pytest.raises(Forbidden):
        queries.cases(work.session, principal=work.cast.administrator, filter=CaseFilter(on=TODAY))


def test_a_running_clock_is_quiet_until_it_lapses(work: Casework) -> None:
    work.now = work.now.replace(month=2, day=4)
    work.open()
    work.inspect()
    work.letter(Action.WARN_1, date(2026, 2, 2), date(2026, 2, 3))

    def row(on: date) -> CaseRow:
        page = queries.cases(work.session, principal=work.cast.inspector, filter=CaseFilter(on=on))
        return page.items[0]

    assert (row(date(2026, 2, 19)).needs_action, row(date(2026, 2, 19)).next_state) == (
        False,
        NextState.WAIT,
    )
    assert (row(date(2026, 2, 20)).needs_action, row(date(2026, 2, 20)).next_state) == (
        True,
        NextState.ACT,
    )
    assert row(date(2026, 2, 25)).overdue_days == 5
    tasks = queries.tasks(work.session, principal=work.cast.inspector, on=date(2026, 2, 20))
    assert [(task.kind, task.action) for task in tasks] == [("step", Action.WARN_2)]


def test_a_missing_receipt_is_a_task_of_the_officer_alone(work: Casework) -> None:
    work.open()
    work.step(Action.SEND_NOTICE, date(2026, 1, 6), Proof.LETTER)

    mine = queries.tasks(work.session, principal=work.cast.inspector, on=TODAY)
    theirs = queries.tasks(work.session, principal=work.cast.colleague, on=TODAY)

    assert [task.kind for task in mine] == ["receipt"]
    assert theirs == ()


def test_a_case_of_nobody_is_everybodys_task_until_it_is_assigned(work: Casework) -> None:
    work.open(by=work.cast.machine)
    waiting = queries.tasks(work.session, principal=work.cast.colleague, on=TODAY)
    officer = work.cast.colleague.user_id
    assert officer is not None

    service.assign(
        work.session,
        principal=work.cast.supervisor,
        case_id=work.case_id,
        officer_id=officer,
        expected_version=work.version,
        note="Serah terima dari Ratna.",
        now=work.now,
    )

    assert [task.kind for task in waiting] == ["unassigned"]
    assert rows(work, reach="office")[0].officer is not None
    assert work.file().events[-1].note == "Serah terima dari Ratna."


def test_a_case_is_assigned_only_to_somebody_in_reach(work: Casework) -> None:
    work.open()
    outsider = work.cast.stranger.user_id
    assert outsider is not None

    with pytest.raises(NotFound):
        service.assign(
            work.session,
            principal=work.cast.supervisor,
            case_id=work.case_id,
            officer_id=outsider,
            expected_version=work.version,
            note="",
            now=work.now,
        )


def test_counts_add_up(work: Casework) -> None:
    work.open(employer=employer(1))
    work.open(employer=employer(2))
    work.close("LUNAS", Proof.PAYMENT)

    counts = queries.case_counts(work.session, principal=work.cast.inspector, on=TODAY)

    assert (counts.open, counts.closed, counts.needing_action) == (1, 1, 1)


def test_a_payment_reported_twice_is_kept_once(work: Casework) -> None:
    work.open(Violation.PIUTANG)

    def report() -> int:
        return service.record_payment(
            work.session,
            principal=work.cast.inspector,
            case_id=work.case_id,
            paid_on=date(2026, 3, 2),
            month=2026 * 12 + 1,
            programme="JHT",
            amount=684_000,
            payment_code="260302000001",
            evidence_id=None,
            now=work.now,
        ).id

    assert report() == report()
    assert [payment.amount for payment in work.file().payments] == [684_000]


def test_a_payment_must_be_one(work: Casework) -> None:
    work.open(Violation.PIUTANG)

    for amount, programme in ((0, "JHT"), (1, "XYZ")):
        with pytest.raises(Invalid):
            service.record_payment(
                work.session,
                principal=work.cast.inspector,
                case_id=work.case_id,
                paid_on=TODAY,
                month=2026 * 12,
                programme=programme,
                amount=amount,
                payment_code="",
                evidence_id=None,
                now=work.now,
            )


def test_a_note_is_dated_and_stands_on_the_timeline(work: Casework) -> None:
    work.open()

    service.add_note(
        work.session,
        principal=work.cast.inspector,
        case_id=work.case_id,
        text="Telepon: minta waktu.",
        on=date(2026, 2, 1),
        now=work.now,
    )

    event = work.file().events[-1]
    assert (event.on, event.note, event.step) == (date(2026, 2, 1), "Telepon: minta waktu.", None)


def test_a_closed_case_is_not_assigned(work: Casework) -> None:
    work.open()
    work.close("LUNAS", Proof.PAYMENT)
    officer = work.cast.colleague.user_id
    assert officer is not None

    with pytest.raises(Conflict, match="ditutup"):
        service.assign(
            work.session,
            principal=work.cast.supervisor,
            case_id=work.case_id,
            officer_id=officer,
            expected_version=work.version,
            note="",
            now=work.now,
        )
