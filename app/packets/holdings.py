"""What rests on which snapshot: cases, their letters, referrals, packets, flags, draws by lot."""

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.cases.tables import CaseEvent, CaseFlagRow, CaseRecord
from app.detection.control_tables import ControlDraw
from app.detection.tables import Flag
from app.packets.tables import Packet, Referral
from app.registry.pruning import current_on


def holdings(session: Session) -> Mapping[str, tuple[str, ...]]:
    """Return by snapshot the names of what rests on it, each once.

    A letter rests on the snapshot that was current when it was recorded: what was known that day.
    """
    numbers = {row.id: row.number for row in session.exec(select(CaseRecord))}
    found: dict[str, dict[str, None]] = defaultdict(dict)

    def rests(name: str, snapshot_id: str | None) -> None:
        if snapshot_id:
            found[snapshot_id][name] = None

    for case in session.exec(select(CaseRecord)):
        rests(f"kasus {case.number}", case.snapshot_id)
    for joined in session.exec(select(CaseFlagRow.case_id, CaseFlagRow.snapshot_id)):
        rests(f"kasus {numbers[joined[0]]}", joined[1])
    letters = {
        str(event.id): event
        for event in session.exec(
            select(CaseEvent)
            .where(col(CaseEvent.step).is_not(None), CaseEvent.letter_number != "")
            .order_by(col(CaseEvent.id))
        )
    }
    instants = {key: event.recorded_at for key, event in letters.items()}
    for key, snapshot_id in current_on(session, instants=instants).items():
        letter = letters[key]
        rests(f"surat {letter.letter_number} kasus {numbers[letter.case_id]}", snapshot_id)
    for referral in session.exec(select(Referral)):
        rests(f"rujukan kasus {numbers[referral.case_id]}", referral.snapshot_id)
    for packet in session.exec(select(Packet)):
        rests(f"berkas {packet.number}", packet.snapshot_id)
    for snapshot_id, count in session.exec(
        select(Flag.snapshot_id, sa.func.count())
        .where(Flag.status != "hilang")
        .group_by(Flag.snapshot_id)
    ):
        rests(f"{count} temuan", snapshot_id)
    for number, snapshot_id in session.exec(select(ControlDraw.number, ControlDraw.snapshot_id)):
        # Without it nobody could draw again and see that the list was not chosen.
        rests(f"undian {number}", snapshot_id)
    return {snapshot_id: tuple(names) for snapshot_id, names in found.items()}
