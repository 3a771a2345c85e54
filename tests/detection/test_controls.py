"""Control visits: drawn once for all, blind to flags, assigned, recorded, in reach only."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.audit.tables import AuditEntry
from app.detection import control_queries, control_visits, controls
from app.detection.drawing import lot
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests.detection.controls import SEED, Lottery, lottery_of
from tests.detection.scene import NOW
from tests.detection.snapshots import ON


@pytest.fixture
def lottery(session: Session, tmp_path: Path) -> Lottery:
    found = lottery_of(session, tmp_path / "snapshots")
    found.fill(12)
    found.fill(5, owing=0, office="M01", first=101)
    return found


def test_a_draw_keeps_all_that_is_needed_to_draw_it_again(lottery: Lottery) -> None:
    snapshot = lottery.sweep()

    drawn = lottery.draw(6, strata=("skala",))
    visits = lottery.visits(drawn)

    assert drawn.number == "SK-J05-2026-001"
    assert (drawn.snapshot_id, drawn.seed, drawn.strata) == (snapshot, SEED, ("skala",))
    assert drawn.employers == 12
    assert {one.key: (one.size, one.drawn) for one in drawn.groups} == {
        "besar": (4, 2),
        "kecil": (8, 4),
    }
    assert [lot(SEED, one.npp) for one in visits] == sorted(lot(SEED, one.npp) for one in visits)
    again = controls.drawn_again(
        lottery.session,
        principal=lottery.auditor,
        number=drawn.number,
        snapshots_dir=lottery.folder,
    )
    assert again.same


def test_the_lot_does_not_look_at_flags(lottery: Lottery) -> None:
    lottery.sweep()
    before = [one.npp for one in lottery.visits(lottery.draw(6))]
    lottery.scene.settle()
    lottery.sweep(turn=2)

    after = [one.npp for one in lottery.visits(lottery.draw(6))]

    assert before == after


def test_flags_are_kept_as_they_stood_when_the_lot_was_drawn(lottery: Lottery) -> None:
    lottery.sweep()
    drawn = lottery.draw(12)
    lottery.scene.settle()
    lottery.sweep(turn=2)

    flagged = {one.npp for one in lottery.visits(drawn) if "PIUTANG" in one.flagged}

    assert flagged == {f"AA{number:06d}" for number in range(1, 5)}


def test_every_draw_gets_the_next_number_and_none_can_be_taken_back(lottery: Lottery) -> None:
    lottery.sweep()

    numbers = [lottery.draw(2, seed=str(turn)).number for turn in range(3)]

    assert numbers == ["SK-J05-2026-001", "SK-J05-2026-002", "SK-J05-2026-003"]
    listed = control_queries.draws(lottery.session, principal=lottery.inspector)
    assert [one.number for one in listed] == numbers[::-1]
    for statement in (
        "DELETE FROM control_draw",
        "UPDATE control_draw SET seed = 'lain'",
        "UPDATE control_employer SET npp = 'AA999999'",
        "TRUNCATE control_event",
    ):
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            lottery.session.begin_nested(),
        ):
            lottery.session.connection().execute(sa.text(statement))


def test_the_seed_and_both_digests_stand_in_the_audit_trail(lottery: Lottery) -> None:
    lottery.sweep()

    drawn = lottery.draw()

    entry = lottery.session.exec(
        select(AuditEntry).where(AuditEntry.subject == f"control_draw:{drawn.number}")
    ).one()
    assert entry.action == "controls.drawn"
    assert entry.detail["seed"] == SEED
    assert entry.detail["frame_sha256"] == drawn.frame_sha256
    assert entry.detail["list_sha256"] == drawn.list_sha256


def test_only_active_employers_of_the_office_can_be_drawn(lottery: Lottery) -> None:
    lottery.scene.registry.employer("AA000200", status="nonaktif")
    lottery.scene.registry.employer("AA000201", status="tutup")
    lottery.sweep()

    drawn = lottery.draw(12)

    assert {one.office_code for one in lottery.visits(drawn)} == {"J05"}
    assert not {"AA000200", "AA000201"} & {one.npp for one in lottery.visits(drawn)}
    with pytest.raises(Invalid, match="dari 12 yang ada"):
        lottery.draw(13)


def test_a_draw_waits_for_the_rules_to_have_seen_the_newest_data(lottery: Lottery) -> None:
    with pytest.raises(NotFound, match="impor"):
        lottery.draw()
    lottery.sweep()
    lottery.draw()
    lottery.fill(1, owing=0, first=50)
    found = lottery.scene.snapshot()
    tables = {
        name: {"rows": 1, "rejected": 0, "sha256": one.sha256, "carried_over": False}
        for name, one in found.tables.items()
    }
    lottery.session.connection().execute(
        sa.text(
            "INSERT INTO snapshot (id, as_of, created_at, turn, tables) "
            "VALUES (:id, :on, :now, 9, CAST(:tables AS jsonb))"
        ),
        {"id": found.id, "on": ON, "now": NOW, "tables": json.dumps(tables)},
    )

    with pytest.raises(Refused, match="jalankan pencarian temuan"):
        lottery.draw()


def test_who_may_draw_is_decided_by_role_and_office(lottery: Lottery) -> None:
    lottery.sweep()

    assert lottery.draw(2, by=lottery.head).drawn_by == "Kepala"
    with pytest.raises(Forbidden):
        lottery.draw(2, by=lottery.inspector)
    with pytest.raises(Forbidden):
        lottery.draw(2, by=lottery.auditor)
    with pytest.raises(NotFound):
        lottery.draw(2, by=lottery.stranger)
    nobody = replace(lottery.supervisor, user_id=None)
    with pytest.raises(Forbidden, match="orang bernama"):
        lottery.draw(2, by=nobody)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_on": ON - timedelta(days=9), "last_on": ON - timedelta(days=1)}, "last_on"),
        ({"first_on": ON + timedelta(days=2), "last_on": ON + timedelta(days=1)}, "last_on"),
        ({"last_on": ON + timedelta(days=366)}, "last_on"),
        ({"count": 0}, "banyaknya"),
        ({"count": 1001}, "banyaknya"),
        ({"why": "tes"}, "why"),
    ],
)
def test_a_draw_that_cannot_be_meant_is_refused_beside_its_field(
    lottery: Lottery, changes: dict[str, object], field: str
) -> None:
    lottery.sweep()
    lottery.draw(2, last_on=ON)
    lottery.draw(2, last_on=ON + timedelta(days=365))

    with pytest.raises(Invalid) as refused:
        lottery.draw(**changes)  # type: ignore[arg-type]

    assert field in {one.field for one in refused.value.fields}
    assert len(control_queries.draws(lottery.session, principal=lottery.head)) == 2


def test_a_damaged_snapshot_draws_nobody(lottery: Lottery) -> None:
    lottery.sweep()
    for path in lottery.folder.glob("**/*.parquet"):
        path.write_bytes(path.read_bytes()[:-1] + b"X")

    with pytest.raises(Exception, match="rusak"):
        lottery.draw()

    assert control_queries.draws(lottery.session, principal=lottery.head) == ()


def test_a_visit_is_assigned_and_stands_with_that_person_until_it_has_an_outcome(
    lottery: Lottery,
) -> None:
    lottery.sweep()
    drawn = lottery.draw(3)
    who = lottery.inspector.user_id or 0

    control_visits.assign(
        lottery.session, principal=lottery.head, number=drawn.number, places=[1, 2],
        officer_id=who, now=NOW,
    )  # fmt: skip
    waiting = control_queries.waiting_for(lottery.session, principal=lottery.inspector)
    lottery.record(drawn, 1)

    assert [one.place for one in waiting] == [1, 2]
    left = control_queries.waiting_for(lottery.session, principal=lottery.inspector)
    assert [one.place for one in left] == [2]
    assert lottery.visits(drawn)[1].officer_name == "Pemeriksa"
    with pytest.raises(Conflict, match="sudah mempunyai hasil"):
        control_visits.assign(
            lottery.session, principal=lottery.head, number=drawn.number, places=[1],
            officer_id=who, now=NOW,
        )  # fmt: skip


def test_nobody_of_another_office_or_role_is_sent(lottery: Lottery) -> None:
    lottery.sweep()
    drawn = lottery.draw(3)

    for officer in (lottery.stranger, lottery.auditor, lottery.head):
        with pytest.raises(Invalid) as refused:
            control_visits.assign(
                lottery.session, principal=lottery.head, number=drawn.number, places=[1],
                officer_id=officer.user_id or 0, now=NOW,
            )  # fmt: skip
        assert refused.value.fields[0].field == "petugas"
    with pytest.raises(Forbidden):
        control_visits.assign(
            lottery.session, principal=lottery.inspector, number=drawn.number, places=[1],
            officer_id=lottery.inspector.user_id or 0, now=NOW,
        )  # fmt: skip


def test_an_outcome_is_corrected_by_a_later_one_and_both_stay(lottery: Lottery) -> None:
    lottery.sweep()
    drawn = lottery.draw(3)
    lottery.record(drawn, 1, "patuh")

    found = lottery.record(
        drawn, 1, "melanggar", "PDS_UPAH", rupiah=4_500_000, workers=3, known=1,
        note="Slip gaji menunjukkan upah lain.",
    )  # fmt: skip

    assert [one.outcome.result for one in found.outcomes] == ["patuh", "melanggar"]
    assert found.outcome is not None
    assert (found.outcome.rupiah, found.outcome.workers) == (4_500_000, 3)
    drawn = control_queries.draw(lottery.session, principal=lottery.inspector, number=drawn.number)
    assert (drawn.visits, drawn.done, drawn.violating) == (3, 1, 1)
    with pytest.raises(Conflict, match="baru saja dicatat oleh Pemeriksa"):
        lottery.record(drawn, 1, "patuh", known=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"visited_on": ON + timedelta(days=1)}, "visited_on"),
        ({"visited_on": ON - timedelta(days=1)}, "visited_on"),
        ({"result": "melanggar"}, "violations"),
        ({"rupiah": 1}, "rupiah"),
        ({"workers": 1}, "rupiah"),
        ({"note": " ok "}, "note"),
    ],
)
def test_an_outcome_that_cannot_be_meant_is_refused_and_nothing_is_stored(
    lottery: Lottery, changes: dict[str, object], field: str
) -> None:
    lottery.sweep()
    drawn = lottery.draw(3)

    with pytest.raises(Invalid) as refused:
        lottery.record(drawn, 1, **changes)  # type: ignore[arg-type]

    assert refused.value.fields[0].field == field
    assert lottery.visits(drawn)[0].outcome is None


def test_an_employer_of_the_register_cannot_be_missing_from_it(lottery: Lottery) -> None:
    lottery.sweep()
    drawn = lottery.draw(3)

    for codes in (("PWBD",), ("APA",)):
        with pytest.raises(Invalid):
            lottery.record(drawn, 1, "melanggar", *codes)


def test_another_branch_neither_sees_nor_records_a_visit(lottery: Lottery) -> None:
    lottery.sweep()
    drawn = lottery.draw(3)

    assert control_queries.draws(lottery.session, principal=lottery.stranger) == ()
    with pytest.raises(NotFound):
        lottery.visits(drawn, by=lottery.stranger)
    with pytest.raises(NotFound):
        lottery.record(drawn, 1, by=lottery.stranger)
    assert len(lottery.visits(drawn, by=lottery.auditor)) == 3
    with pytest.raises(Forbidden):
        lottery.record(drawn, 1, by=lottery.auditor)


def test_a_draw_of_the_office_above_shows_a_branch_only_its_own_visits(lottery: Lottery) -> None:
    lottery.sweep()
    country = replace(lottery.head, offices=None)

    drawn = lottery.draw(17, by=country, office=lottery.auditor.office_code)

    assert drawn.visits == 17
    assert len(lottery.visits(drawn)) == 12
    assert len(lottery.visits(drawn, by=lottery.stranger)) == 5
    with pytest.raises(NotFound):
        lottery.visits(drawn, by=replace(country, offices=frozenset({"X"})))
