"""A packet whose referral was withdrawn: still readable, no longer relied on, sealed anew."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.cases.stages import Action, Proof, Stage
from app.errors import Invalid
from app.packets import queries
from app.packets.schemas import PacketView
from tests.cases.conftest import TODAY
from tests.packets.desk import CUTOFF, Desk


def withdraw(desk: Desk, *kinds: Proof) -> None:
    proposal = desk.work.propose(Action.WITHDRAW_REFERRAL, TODAY, *kinds)
    desk.work.approve(proposal.approval_id, by=desk.cast.branch_head)


def refer_again(desk: Desk) -> None:
    proposal = desk.work.propose(Action.REFER, TODAY)
    desk.work.approve(proposal.approval_id, by=desk.cast.branch_head)


def known(desk: Desk, packet: PacketView) -> PacketView:
    return queries.packet(desk.session, principal=desk.cast.legal, packet=packet.number)


def test_a_withdrawn_packet_is_shown_as_such_and_the_next_one_is_not(desk: Desk) -> None:
    first = desk.build()
    desk.work.step(Action.HAND_OVER, TODAY, Proof.RECEIPT, by=desk.cast.legal)
    assert not known(desk, first).withdrawn

    withdraw(desk, Proof.LETTER, Proof.RECEIPT)
    refer_again(desk)
    second = desk.build(cutoff=TODAY)

    assert known(desk, first).withdrawn
    assert not second.withdrawn
    assert second.version == 2
    assert known(desk, first).superseded_by == second.number
    assert desk.work.file().stage is Stage.REFERRAL


def test_figures_of_before_the_new_referral_are_refused_and_those_of_its_day_are_not(
    desk: Desk,
) -> None:
    desk.build()
    withdraw(desk)
    refer_again(desk)

    for asked in (CUTOFF, TODAY - timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            desk.build(cutoff=asked)
        assert [problem.field for problem in refused.value.fields] == ["cutoff"]
        with pytest.raises(Invalid, match="diulang sesudah pencabutan"):
            desk.prepare(cutoff=asked)

    assert desk.build(cutoff=TODAY).on_record


def test_the_prosecutor_reads_of_the_withdrawal(
    desk: Desk, text_of: Callable[[bytes], str]
) -> None:
    withdraw(desk)
    refer_again(desk)

    packet = desk.build(cutoff=TODAY)

    assert "Pencabutan Rujukan" in text_of(desk.work.store.read(packet.pdf_sha256))
