"""What people decide about flags, and what they may see of them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.audit.tables import AuditEntry
from app.detection import queries, service
from app.detection.schemas import EXPORT_COLUMNS, FlagFilter, FlagView, Sort
from app.errors import AppError, Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from tests.detection.scene import AUDITOR, INSPECTOR, NOW, STRANGER, SUPERVISOR, flag_row
from tests.detection.snapshots import ON, nik

Make = Callable[..., int]


@pytest.fixture
def make(session: Session) -> Make:
    """Return a function that stores a flag and gives its number."""

    def store(number: int = 1, **changes: Any) -> int:  # noqa: ANN401 - any column
        row = flag_row(number, **changes)
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id

    return store


def decline(session: Session, flag_id: int, **changes: Any) -> FlagView:  # noqa: ANN401
    given: dict[str, Any] = {
        "principal": INSPECTOR,
        "reason": "Sudah diperiksa.",
        "expected_version": 1,
        "now": NOW,
        **changes,
    }
    return service.decline(session, flag_id=flag_id, **given)


def snooze(session: Session, flag_id: int, **changes: Any) -> FlagView:  # noqa: ANN401
    given: dict[str, Any] = {
        "principal": INSPECTOR,
        "until": ON + timedelta(days=7),
        "reason": "Menunggu surat.",
        "expected_version": 1,
        "on": ON,
        "now": NOW,
        **changes,
    }
    return service.snooze(session, flag_id=flag_id, **given)


def take(session: Session, flag_id: int, case: str = "K-1", **changes: Any) -> None:  # noqa: ANN401
    given = {"principal": INSPECTOR, "on": ON, "now": NOW, **changes}
    service.mark_as_case(session, flag_ids=[flag_id], case_number=case, **given)


def test_a_decision_is_kept_with_its_reason_event_and_audit_entry(
    session: Session, make: Make
) -> None:
    flag_id = make()

    flag = decline(session, flag_id)

    assert (flag.status, flag.decision_reason, flag.version) == ("ditolak", "Sudah diperiksa.", 2)
    (event,) = queries.flag_events(session, principal=INSPECTOR, flag_id=flag_id)
    assert (event.action, event.from_status, event.to_status) == ("decline", "baru", "ditolak")
    entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.seq).desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject, entry.office) == ("flag.decline", f"flag:{flag_id}", "J05")


@pytest.mark.parametrize("reason", ["", "   ", "ya", "x" * 2001])
def test_declining_needs_a_reason(session: Session, make: Make, reason: str) -> None:
    flag_id = make()

    with pytest.raises(Invalid) as refusal:
        decline(session, flag_id, reason=reason)

    assert [problem.field for problem in refusal.value.fields] == ["reason"]
    assert queries.flag(session, principal=INSPECTOR, flag_id=flag_id).status == "baru"


@pytest.mark.parametrize("days", [0, -1])
def test_a_flag_rests_until_a_day_that_is_still_to_come(
    session: Session, make: Make, days: int
) -> None:
    flag_id = make()

    with pytest.raises(Invalid):
        snooze(session, flag_id, until=ON + timedelta(days=days))

    assert snooze(session, flag_id).snooze_until == ON + timedelta(days=7)


@pytest.mark.parametrize(
    ("on", "latest"),
    [
        (date(2026, 11, 20), date(2027, 11, 20)),
        (date(2027, 2, 28), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2029, 2, 28)),
    ],
    ids=["a day", "before a leap year", "a day that the next year lacks"],
)
def test_a_flag_rests_for_twelve_months_at_most(
    session: Session, make: Make, on: date, latest: date
) -> None:
    first, second = make(1), make(2)

    with pytest.raises(Invalid) as refusal:
        snooze(session, first, on=on, until=latest + timedelta(days=1))
    rested = snooze(session, second, on=on, until=latest)

    (problem,) = refusal.value.fields
    assert (problem.field, problem.values["day"]) == ("until", latest)
    assert queries.flag(session, principal=INSPECTOR, flag_id=first).status == "baru"
    assert rested.snooze_until == latest


def test_a_decision_on_what_has_changed_since_is_stale(session: Session, make: Make) -> None:
    flag_id = make()
    service.review(session, principal=INSPECTOR, flag_id=flag_id, expected_version=1, now=NOW)

    with pytest.raises(Stale):
        decline(session, flag_id)

    assert decline(session, flag_id, expected_version=2).status == "ditolak"


@pytest.mark.parametrize(
    ("changes", "act"),
    [
        ({"status": "hilang", "seen": False}, decline),
        ({"status": "kasus", "case_number": "K-1"}, decline),
        ({"status": "ditolak", "decision_reason": "x"}, decline),
        ({"status": "ditolak", "decision_reason": "x"}, snooze),
        ({"status": "hilang", "seen": False}, take),
    ],
)
def test_what_is_not_in_the_table_of_decisions_is_refused(
    session: Session, make: Make, changes: dict[str, Any], act: Callable[..., object]
) -> None:
    flag_id = make(**changes)

    with pytest.raises(Refused):
        act(session, flag_id)


def test_a_declined_flag_can_be_opened_again(session: Session, make: Make) -> None:
    flag_id = make()
    decline(session, flag_id)

    flag = service.reopen(
        session, principal=INSPECTOR, flag_id=flag_id, expected_version=2, now=NOW
    )

    assert (flag.status, flag.decision_reason) == ("baru", "")


def test_a_flag_belongs_to_one_case(session: Session, make: Make) -> None:
    flag_id = make()
    take(session, flag_id)
    take(session, flag_id)

    with pytest.raises(Conflict, match="K-1"):
        take(session, flag_id, "K-2")

    flag = queries.flag(session, principal=INSPECTOR, flag_id=flag_id)
    assert (flag.status, flag.case_number, flag.version) == ("kasus", "K-1", 2)


@pytest.mark.parametrize("act", [decline, snooze, take])
def test_another_office_and_a_flag_that_is_not_there_look_the_same(
    session: Session, make: Make, act: Callable[..., object]
) -> None:
    refusals = []
    for flag_id, who in ((make(), STRANGER), (999_999, INSPECTOR)):
        with pytest.raises(NotFound) as refusal:
            act(session, flag_id, principal=who)
        refusals.append(refusal.value.template)

    assert len(set(refusals)) == 1


@pytest.mark.parametrize("act", [decline, snooze, take])
def test_who_only_reads_decides_nothing(
    session: Session, make: Make, act: Callable[..., object]
) -> None:
    flag_id = make()

    with pytest.raises(Forbidden):
        act(session, flag_id, principal=AUDITOR)


def test_every_read_keeps_to_the_readers_offices(session: Session, make: Make) -> None:
    flag_id = make()
    make(2, kantor_cabang="M01")
    make(3, kantor_cabang="")

    def shown(who: Any) -> set[str]:  # noqa: ANN401
        page = queries.flags(session, principal=who, filter=FlagFilter(), cursor=None, limit=50)
        return {flag.npp for flag in page.items}

    assert shown(INSPECTOR) == {"AA000001"}
    assert shown(SUPERVISOR) == {"AA000001", "AA000002", "AA000003"}
    assert queries.flag_counts(session, principal=INSPECTOR).total() == 1
    assert queries.flags_of_employer(session, principal=STRANGER, key="npp:AA000001") == ()
    assert [row[0] for row in queries.export_rows(session, principal=INSPECTOR)] == [flag_id]
    for read in (queries.flag, queries.flag_events):
        with pytest.raises(NotFound):
            read(session, principal=STRANGER, flag_id=flag_id)


def test_a_nik_is_masked_and_the_list_carries_none(session: Session, make: Make) -> None:
    flag_id = make()

    flag = queries.flag(session, principal=INSPECTOR, flag_id=flag_id)
    page = queries.flags(session, principal=INSPECTOR, filter=FlagFilter(), cursor=None, limit=50)

    assert flag.evidence[0].values["nik"] == "············0007"
    assert (page.items[0].evidence, page.items[0].evidence_rows) == ((), 1)


def test_a_whole_nik_is_shown_for_a_reason_that_the_audit_log_keeps(
    session: Session, make: Make
) -> None:
    flag_id = make()

    with pytest.raises(Invalid):
        service.reveal_niks(session, principal=INSPECTOR, flag_id=flag_id, reason="lihat", now=NOW)
    (row,) = service.reveal_niks(
        session,
        principal=INSPECTOR,
        flag_id=flag_id,
        reason="Mencocokkan dengan slip gaji.",
        now=NOW,
    )

    assert row.values["nik"] == nik(7)
    entry = session.exec(select(AuditEntry)).one()
    assert (entry.action, nik(7) in str(entry.detail)) == ("flag.reveal_nik", False)


@pytest.mark.parametrize("sort", ["skor", "rupiah", "terbaru"])
def test_pages_follow_each_other_without_gap_or_repetition(
    session: Session, make: Make, sort: Sort
) -> None:
    for number in range(1, 8):
        make(number, skor=10 * (number % 3), potensi_rupiah=1000 * (number % 4))

    seen: list[int] = []
    cursor: str | None = None
    while True:
        page = queries.flags(
            session, principal=SUPERVISOR, filter=FlagFilter(sort=sort), cursor=cursor, limit=3
        )
        seen += [flag.id for flag in page.items]
        if (cursor := page.next) is None:
            break

    assert len(seen) == len(set(seen)) == 7


def test_a_cursor_of_another_list_is_refused(session: Session) -> None:
    with pytest.raises(AppError, match="tidak dikenal"):
        queries.flags(session, principal=SUPERVISOR, filter=FlagFilter(), cursor="abc", limit=3)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (FlagFilter(rule="PWBD"), {2}),
        (FlagFilter(status=("ditinjau",)), {3}),
        (FlagFilter(office="M01"), {4}),
        (FlagFilter(kode_wilayah="31"), {5}),
        (FlagFilter(kode_wilayah="31.74"), {5}),
        (FlagFilter(text="nomor 2"), {2}),
        (FlagFilter(text="AA000003"), {3}),
        (FlagFilter(text="%"), set()),
        (FlagFilter(min_rupiah=4000), {4, 5}),
    ],
)
def test_a_list_is_narrowed(
    session: Session, make: Make, wanted: FlagFilter, expected: set[int]
) -> None:
    make(1)
    make(2, rule="PWBD")
    make(3, status="ditinjau")
    make(4, kantor_cabang="M01")
    make(5, kode_wilayah="31.74")

    page = queries.flags(session, principal=SUPERVISOR, filter=wanted, cursor=None, limit=50)

    assert {int(flag.npp[2:]) for flag in page.items} == expected


def test_an_export_row_has_the_columns_of_the_contract(session: Session, make: Make) -> None:
    flag_id = make(3)

    (row,) = queries.export_rows(session, principal=SUPERVISOR)

    exported = dict(zip(EXPORT_COLUMNS, row, strict=True))
    assert exported["flag_id"] == flag_id
    assert (exported["rule"], exported["npp"], exported["potensi_rupiah"]) == (
        "PIUTANG",
        "AA000003",
        3000,
    )


def test_days_in_a_sentence_are_days_for_whoever_says_it(session: Session, make: Make) -> None:
    flag = queries.flag(session, principal=SUPERVISOR, flag_id=make())

    assert flag.sentence_values["hari"] == ON.replace(month=5, day=31)
