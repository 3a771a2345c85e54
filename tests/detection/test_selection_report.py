"""The kept report over real draws: same again, blind to what came later, within reach."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from app.accounts import queries as offices
from app.accounts import service as accounts
from app.accounts.schemas import OfficeView, Principal
from app.detection import figures
from app.detection import selection_report as service
from app.detection.figures import Figure
from app.detection.intervals import lift_of_rounded
from app.detection.selection import to_table
from app.detection.selection_report import Counted, ReportView
from app.detection.skew import RemarkKind
from app.detection.tables import Flag, FlagOutcome
from app.errors import Forbidden, Invalid, NotFound, Refused
from tests.detection.controls import Lottery, lottery_of
from tests.detection.scene import NOW
from tests.detection.snapshots import ON


@pytest.fixture
def lottery(session: Session, tmp_path: Path) -> Lottery:
    found = lottery_of(session, tmp_path / "snapshots")
    found.fill(12)
    return found


def count(lottery: Lottery, *, by: Principal | None = None, office: str = "J05") -> Counted:
    return service.compute_report(
        lottery.session,
        principal=by or lottery.supervisor,
        office_code=office,
        first=ON - timedelta(days=30),
        last=ON,
        snapshots_dir=lottery.folder,
        on=ON,
        now=NOW,
    )


def test_a_report_counts_what_was_found_and_counts_the_same_again(lottery: Lottery) -> None:
    lottery.sweep()
    drawn = lottery.draw(12)
    flagged = [one.place for one in lottery.visits(drawn) if one.flagged]
    quiet = [one.place for one in lottery.visits(drawn) if not one.flagged]
    lottery.record(drawn, flagged[0], "melanggar", "PIUTANG", rupiah=900_000, workers=2)
    lottery.record(drawn, quiet[0], "melanggar", "PDS_UPAH", rupiah=500_000, workers=1)
    lottery.record(drawn, quiet[1], "patuh")
    lottery.record(drawn, quiet[2], "tidak_ditemukan")

    counted = count(lottery)
    lottery.record(drawn, quiet[3], "melanggar", "LAPSED")
    lottery.record(drawn, quiet[1], "melanggar", "LAPSED", known=1)
    again = service.count_again(
        lottery.session,
        principal=lottery.supervisor,
        figure_id=counted.view.figure.id,
        snapshots_dir=lottery.folder,
        now=NOW,
    )
    later = count(lottery)

    whole = counted.view.report.whole
    assert whole.base is not None
    assert whole.caught is not None
    assert (whole.base.hits, whole.base.trials) == (2, 3)
    assert (whole.caught.hits, whole.caught.trials) == (1, 2)
    assert (whole.register, whole.flagged) == (12, len(flagged))
    rules = {one.key: one.flagged for one in counted.view.report.along("aturan")}
    assert rules["PIUTANG"] == 4
    assert (whole.missed_rupiah, whole.missed_workers) == (500_000, 1)
    progress = counted.view.report.progress
    assert (progress.drawn, progress.done, progress.not_found) == (12, 4, 1)
    assert counted.first
    assert (again.first, again.same) == (False, True)
    assert again.view.report == counted.view.report
    assert later.first
    assert later.view.report.whole.base is not None
    assert later.view.report.whole.base.hits == 4
    kinds = {one.kind for one in counted.view.remarks}
    assert kinds == {RemarkKind.TOO_FEW, RemarkKind.NOT_FOUND}
    latest = service.latest_report(
        lottery.session,
        principal=lottery.inspector,
        office_code="J05",
        snapshots_dir=lottery.folder,
    )
    assert latest is not None
    assert latest.report == later.view.report


def kept_under_1(lottery: Lottery) -> Figure:
    """Keep the report as it was when the lift was taken of thousandths."""
    with lottery.session.begin_nested() as undone:
        view = count(lottery).view
        undone.rollback()
    groups = tuple(
        replace(one, lift=lift_of_rounded(one.held, one.base)) for one in view.report.groups
    )
    return figures.settle(
        lottery.session,
        kind=view.figure.kind,
        definition=1,
        snapshot_id=view.figure.snapshot_id,
        terms=view.figure.terms,
        result=to_table(replace(view.report, groups=groups)),
        snapshots_dir=lottery.folder,
        actor="user:1",
        now=NOW,
    ).figure


def test_a_report_of_definition_1_stays_as_it_is_and_is_counted_again_under_1(
    lottery: Lottery,
) -> None:
    lottery.sweep()
    drawn = lottery.draw(12)
    lottery.record(drawn, 1, "melanggar", "PIUTANG")
    for place in range(2, 8):
        lottery.record(drawn, place, "patuh")
    held(lottery.session)
    kept = kept_under_1(lottery)

    def seen() -> ReportView:
        return service.report_by_id(
            lottery.session,
            principal=lottery.supervisor,
            figure_id=kept.id,
            snapshots_dir=lottery.folder,
        )

    before = seen()
    newer = count(lottery)
    again = service.count_again(
        lottery.session,
        principal=lottery.supervisor,
        figure_id=kept.id,
        snapshots_dir=lottery.folder,
        now=NOW,
    )

    # All cases held, and one in seven of the lot: 1 / (1/7), and 1000 over 143.
    assert (before.figure.definition, before.report.whole.lift) == (1, 699)
    assert (newer.first, newer.view.figure.definition) == (True, 2)
    assert newer.view.report.whole.lift == 700
    assert (again.first, again.same) == (False, True)
    assert again.view.figure == kept
    assert again.view.report == before.report
    assert seen() == before


def held(session: Session) -> None:
    """Let the case of one flag end as proven."""
    flag = session.exec(select(Flag).where(Flag.rule == "PIUTANG").order_by(col(Flag.id))).first()
    assert flag is not None
    session.add(
        FlagOutcome(
            flag_id=flag.id or 0,
            rule=flag.rule,
            rule_version=1,
            rule_edition=0,
            subject=flag.subject,
            kantor_cabang=flag.kantor_cabang,
            kode_wilayah=flag.kode_wilayah,
            case_number="PTH-1",
            ended_as="lunas",
            verdict="terbukti",
            ended_on=ON,
            recorded_at=NOW,
        )
    )
    session.flush()


def test_a_report_counts_the_same_again_after_a_branch_went_to_another_region(
    lottery: Lottery,
) -> None:
    session = lottery.session
    head_office = accounts.ensure_head_office(session, now=NOW, actor="test")
    branch = offices.office(session, code="J05")
    region = replace(branch, code="W01", name="Kantor Wilayah", kind="wilayah")

    def put(office: OfficeView, parent: str) -> None:
        moved = replace(office, parent_code=parent)
        accounts.save_office(session, office=moved, now=NOW, actor="test")

    put(region, head_office)
    put(branch, "W01")
    lottery.sweep()
    drawn = lottery.draw(12)
    lottery.record(drawn, 1, "patuh")
    of_region = replace(lottery.supervisor, offices=frozenset({"W01", "J05"}))
    counted = count(lottery, by=of_region, office="W01")
    put(branch, head_office)
    put(replace(branch, code="M01", name="Kantor Cabang Medan"), "W01")

    again = service.count_again(
        session,
        principal=of_region,
        figure_id=counted.view.figure.id,
        snapshots_dir=lottery.folder,
        now=NOW,
    )

    assert counted.view.report.whole.register == 12
    assert (again.first, again.same) == (False, True)
    assert again.view.report == counted.view.report
    # Counted anew it is another report: of the offices that lie there now.
    with pytest.raises(Refused, match="undi dahulu"):
        count(lottery, by=of_region, office="W01")


def test_a_second_draw_for_the_same_days_is_said(lottery: Lottery) -> None:
    lottery.sweep()
    lottery.draw(3)
    lottery.draw(3, seed="lain", why="Kontrol tambahan.")

    counted = count(lottery)

    assert RemarkKind.OVERLAPPING in {one.kind for one in counted.view.remarks}
    assert counted.view.report.progress.drawn == 6


def test_who_may_count_and_see_a_report_is_decided_by_role_and_office(lottery: Lottery) -> None:
    lottery.sweep()
    with pytest.raises(Refused, match="undi dahulu"):
        count(lottery)
    lottery.draw(3)
    counted = count(lottery)

    for other in (lottery.inspector, lottery.auditor):
        with pytest.raises(Forbidden):
            count(lottery, by=other)
    with pytest.raises(NotFound):
        count(lottery, by=lottery.stranger)
    for ask in (service.latest_report, service.report_by_id):
        named = (
            {"office_code": "J05"}
            if ask is service.latest_report
            else {"figure_id": counted.view.figure.id}
        )
        with pytest.raises(NotFound):
            ask(
                lottery.session,
                principal=lottery.stranger,
                snapshots_dir=lottery.folder,
                **named,
            )
    with pytest.raises(Invalid) as refused:
        service.compute_report(
            lottery.session,
            principal=lottery.supervisor,
            office_code="J05",
            first=ON,
            last=ON + timedelta(days=1),
            snapshots_dir=lottery.folder,
            on=ON,
            now=NOW,
        )
    assert refused.value.fields[0].field == "sampai"
