"""From an approved referral to a sealed packet, stored, written and handed out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pikepdf
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.accounts.queries import operator
from app.audit.service import verify as verify_audit
from app.audit.tables import AuditEntry
from app.cases.stages import Action, Proof, Stage, Violation
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from app.infra.database import Database
from app.infra.store import ObjectStore
from app.packets import queries, service
from app.packets.schemas import PacketView
from app.packets.verify import verify
from tests.cases.conftest import TODAY, Casework, Cast
from tests.packets.desk import BILLED, CUTOFF, EMPLOYER, EXTRACTS, LATER, Desk, continued, imported


def test_an_approved_case_is_sealed_stored_written_and_holds(
    desk: Desk, tmp_path: Path, text_of: Callable[[bytes], str]
) -> None:
    packet = desk.build(out_dir=tmp_path / "keluar")

    assert packet.number == f"PKT-{desk.work.file().number}-20261115-1"
    assert packet.folder == tmp_path / "keluar" / packet.number
    report = verify(packet.folder)
    assert report.problems == ()
    assert report.packets == (packet.number,)
    # 2 % a started month: three for July, two for August, one for September.
    penalties = sum(amount * 2 * months // 100 for _, amount in BILLED for months in (3, 2, 1))
    assert packet.total == 2_943_000 + penalties
    text = text_of((packet.folder / packet.pdf_name).read_bytes())
    # July to September are due: 3 x 981.000; the October bill falls due the day after the cut-off.
    assert "Rp2.943.000" in text
    assert "B/1/112026" in text
    assert "Agus Santoso" in text
    assert "3174011204850011" not in text
    assert [step.step for step in desk.work.file().steps][-1] is Action.SEAL_PACKET
    assert verify_audit(desk.session).broken_at is None


def test_a_double_click_and_what_happens_after_the_cutoff_give_the_same_packet(desk: Desk) -> None:
    first = desk.build()
    desk.note("Telepon tidak dijawab.", on=date(2026, 11, 19))

    second = desk.build()

    assert second.already
    assert not first.already
    assert (second.id, second.pdf_sha256) == (first.id, first.pdf_sha256)
    kept = queries.packets(
        desk.session, principal=desk.cast.legal, case_id=desk.work.case_id, limit=10, cursor=None
    )
    assert len(kept.items) == 1


def test_two_clicks_at_the_same_instant_seal_one_packet(database: Database, desk: Desk) -> None:
    desk.session.commit()
    together = Barrier(2)

    def click(_: int) -> PacketView:
        together.wait()
        with database.transaction() as session:
            return Desk(continued(desk.work, session), desk.snapshots_dir).build()

    with ThreadPoolExecutor(2) as pool:
        built = list(pool.map(click, range(2)))

    assert len({packet.pdf_sha256 for packet in built}) == 1
    assert sorted(packet.already for packet in built) == [False, True]


def test_without_a_name_a_packet_is_built_and_a_named_person_puts_it_on_record_later(
    desk: Desk, tmp_path: Path
) -> None:
    built = desk.build(by=operator(desk.session), out_dir=tmp_path / "keluar")

    assert built.folder is not None
    assert verify(built.folder).problems == ()
    assert not built.on_record
    assert Action.SEAL_PACKET not in {step.step for step in desk.work.file().steps}
    with pytest.raises(Refused, match="Penyegelan"):
        desk.work.step(Action.HAND_OVER, TODAY, Proof.RECEIPT, by=desk.cast.legal)

    adopted = desk.build()
    again = desk.build()
    exported = desk.build(by=operator(desk.session))

    assert (adopted.already, adopted.on_record, adopted.pdf_sha256) == (
        True, True, built.pdf_sha256,
    )  # fmt: skip
    assert again.on_record
    assert exported.on_record
    (step,) = [one for one in desk.work.file().steps if one.step is Action.SEAL_PACKET]
    assert step.actor.name == "Lestari"
    assert step.detail == {"packet": built.number, "sha256": built.pdf_sha256}
    desk.work.step(Action.HAND_OVER, TODAY, Proof.RECEIPT, by=desk.cast.legal)


def test_a_packet_without_a_name_does_not_supersede_one_that_is_on_record(desk: Desk) -> None:
    first = desk.build()

    second = desk.build(cutoff=LATER, by=operator(desk.session))

    kept = queries.packet(desk.session, principal=desk.cast.legal, packet=first.number)
    assert (kept.superseded_by, second.superseded_by) == ("", "")
    desk.build(cutoff=LATER)
    kept = queries.packet(desk.session, principal=desk.cast.legal, packet=first.number)
    assert kept.superseded_by == second.number


def test_who_may_not_take_steps_seals_nothing(desk: Desk) -> None:
    rights = desk.cast.legal.actions - {"cases.step"}

    with pytest.raises(Forbidden):
        desk.build(by=replace(desk.cast.legal, actions=rights))
    with pytest.raises(Forbidden):
        desk.build(by=desk.cast.auditor)


def test_a_later_cutoff_makes_the_next_packet_and_supersedes_the_first(desk: Desk) -> None:
    first = desk.build()

    second = desk.build(cutoff=LATER)

    kept = queries.packet(desk.session, principal=desk.cast.legal, packet=first.number)
    assert (first.version, second.version) == (1, 2)
    assert kept.superseded_by == second.number
    assert second.superseded_by == ""
    assert second.total > first.total


def test_without_the_second_person_there_is_only_a_draft(
    inspected: Desk, text_of: Callable[[bytes], str]
) -> None:
    with pytest.raises(Refused) as refusal:
        inspected.build()

    assert [gap.field for gap in refusal.value.missing] == ["approval"]
    draft = service.draft(
        inspected.session,
        principal=inspected.cast.inspector,
        case=inspected.work.case_id,
        cutoff=CUTOFF,
        snapshots_dir=inspected.snapshots_dir,
        on=TODAY,
    )
    assert draft.missing == ()
    assert "KONSEP" in text_of(draft.pdf)


def test_an_incomplete_case_is_told_all_that_is_missing(
    session: Session, cast: Cast, store: ObjectStore, snapshots_dir: Path, now: datetime
) -> None:
    work = Casework(session, cast, store, now)
    work.open(Violation.PDS_TK, employer=EMPLOYER)

    with pytest.raises(Refused) as refusal:
        Desk(work, snapshots_dir).build()

    assert {gap.field for gap in refusal.value.missing} == {
        "notice", "inspection", "warning_1", "warning_2", "exhibits", "approval",
    }  # fmt: skip


def test_a_cutoff_that_has_not_come_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid, match="belum tiba"):
        desk.build(cutoff=TODAY + timedelta(days=1))


def test_what_was_prepared_by_hand_waits_for_a_second_person(desk: Desk) -> None:
    referral = desk.prepare(number="B/77/112026")
    with pytest.raises(Refused, match="menunggu persetujuan"):
        desk.build()

    approved = desk.approve(referral)
    packet = desk.build()

    assert (approved.prepared_by, approved.approved_by) == ("Lestari", "Hasan")
    with pikepdf.open(BytesIO(desk.work.store.read(packet.pdf_sha256))) as document:
        content = document.attachments["isi.json"].get_file().read_bytes()
    assert b'"letter_number":"B/77/112026"' in content


def test_nobody_approves_what_they_prepared(desk: Desk) -> None:
    referral = desk.prepare()

    with pytest.raises(Forbidden):
        service.approve(
            desk.session,
            principal=desk.cast.legal,
            referral_id=referral.id,
            snapshots_dir=desk.snapshots_dir,
            on=TODAY,
            now=desk.work.now,
        )


def test_an_approval_is_bound_to_what_is_printed(desk: Desk) -> None:
    desk.approve(desk.prepare())
    desk.note("Direktur berjanji membayar.", on=date(2026, 11, 10))

    with pytest.raises(Conflict, match="berubah sejak disetujui"):
        desk.build()

    renewed = desk.prepare()
    assert renewed.status == "proposed"
    assert desk.approve(renewed).status == "approved"
    assert desk.build().version == 1


def test_the_figures_keep_the_snapshot_they_were_fixed_on(desk: Desk, tmp_path: Path) -> None:
    first = desk.build()
    paid = EXTRACTS["pembayaran"] + "AB123456,000,2026-07,JHT,2026-11-01,855000,991107855000\n"
    imported(desk.session, tmp_path, {**EXTRACTS, "pembayaran": paid}, now=desk.work.now)

    again = desk.build()
    later = desk.build(cutoff=LATER)

    assert again.pdf_sha256 == first.pdf_sha256
    # Four months would be 3.924.000 without penalties, had the payment not been counted.
    assert first.total < later.total < 3_924_000


def test_another_office_neither_sees_nor_builds_it(desk: Desk) -> None:
    packet = desk.build()

    with pytest.raises(NotFound):
        queries.packet(desk.session, principal=desk.cast.stranger, packet=packet.number)
    with pytest.raises(NotFound):
        service.build(
            desk.session,
            principal=desk.cast.stranger,
            case=desk.work.case_id,
            cutoff=CUTOFF,
            store=desk.work.store,
            snapshots_dir=desk.snapshots_dir,
            out_dir=None,
            on=TODAY,
            now=desk.work.now,
        )
    page = queries.packets(
        desk.session, principal=desk.cast.stranger, case_id=None, limit=10, cursor=None
    )
    assert page.items == ()


def test_every_download_is_on_the_audit_log(desk: Desk, tmp_path: Path) -> None:
    packet = desk.build()

    for name in (packet.pdf_name, f"{packet.number}.zip"):
        file, pieces = service.download(
            desk.session,
            principal=desk.cast.legal,
            packet=packet.number,
            name=name,
            store=desk.work.store,
            now=desk.work.now,
        )
        (tmp_path / name).write_bytes(b"".join(pieces))
        assert (tmp_path / name).stat().st_size == file.size
        assert verify(tmp_path / name).ok

    actions = desk.session.exec(select(AuditEntry.action)).all()
    assert actions.count("packets.download") == 2
    with pytest.raises(NotFound):
        service.download(
            desk.session,
            principal=desk.cast.legal,
            packet=packet.number,
            name="../../etc/passwd",
            store=desk.work.store,
            now=desk.work.now,
        )


def test_a_packet_written_without_a_name_is_on_the_audit_log_each_time(
    desk: Desk, tmp_path: Path
) -> None:
    nameless = operator(desk.session)
    desk.build(by=nameless, out_dir=tmp_path / "satu")

    again = desk.build(by=nameless, out_dir=tmp_path / "dua")

    assert again.already
    written = desk.session.exec(
        select(AuditEntry).where(AuditEntry.action == "packets.write")
    ).all()
    assert [(one.actor, one.detail["packet"]) for one in written] == [
        (nameless.actor, again.number)
    ] * 2


def test_an_exhibit_that_rotted_in_the_store_stops_the_sealing(desk: Desk, tmp_path: Path) -> None:
    sha256 = desk.work.file().evidence[0].sha256
    kept = next((tmp_path / "blobs").rglob(sha256))
    kept.chmod(0o644)
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")

    with pytest.raises(Refused, match="P-1 di penyimpanan"):
        desk.build()


def test_a_sealed_packet_cannot_be_changed_in_the_database(desk: Desk) -> None:
    desk.build()

    with pytest.raises(DBAPIError), desk.session.begin_nested():
        desk.session.connection().execute(sa.text("UPDATE packet SET total = 0"))


def test_after_the_hand_over_no_new_packet_is_sealed(desk: Desk) -> None:
    first = desk.build()
    desk.work.step(Action.HAND_OVER, TODAY, Proof.RECEIPT, by=desk.cast.legal)

    assert desk.work.file().stage is Stage.REFERRED
    assert desk.build().pdf_sha256 == first.pdf_sha256
    with pytest.raises(Refused, match="tahap rujukan"):
        desk.build(cutoff=LATER)
