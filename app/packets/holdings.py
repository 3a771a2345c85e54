"""What rests on which snapshot: cases, letters, packets, flags, trials, statistics, draws."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.tables import Office
from app.cases.tables import CaseEvent, CaseFlagRow, CaseRecord
from app.detection.control_tables import ControlDraw
from app.detection.movements import BEFORE
from app.detection.rule_tables import RuleEdition, RuleTrial
from app.detection.tables import Flag, Statistic
from app.packets.moments import TELLING
from app.packets.tables import Packet, Referral
from app.registry.pruning import current_on
from app.registry.queries import end_of

# What rests on a snapshot by name, and the snapshot; empty or None: on none.
Held = tuple[str, str | None]


def holdings(session: Session) -> Mapping[str, tuple[str, ...]]:
    """Return by snapshot the names of what rests on it, each once."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one in (_cases, _openings, _letters, _packets, _flags, _rules, _statistics, _draws):
        for name, snapshot_id in one(session):
            if snapshot_id:
                found[snapshot_id][name] = None
    return {snapshot_id: tuple(names) for snapshot_id, names in found.items()}


def _numbers(session: Session) -> dict[int | None, str]:
    return {row.id: row.number for row in session.exec(select(CaseRecord))}


def _cases(session: Session) -> Iterator[Held]:
    for case in session.exec(select(CaseRecord)):
        yield f"kasus {case.number}", case.snapshot_id
    numbers = _numbers(session)
    for case_id, snapshot_id in session.exec(select(CaseFlagRow.case_id, CaseFlagRow.snapshot_id)):
        yield f"kasus {numbers[case_id]}", snapshot_id


def _letters(session: Session) -> Iterator[Held]:
    """A letter or report rests on what was known when its day ended, and on what when recorded.

    Its figures and its corrections are reckoned by the first (ADR 0020), even for a letter typed
    in months later; the second shows what its author could see.
    """
    cases = {row.id: row for row in session.exec(select(CaseRecord))}
    zones = {office.code: office.zone for office in session.exec(select(Office))}
    told = {
        str(event.id): event
        for event in session.exec(
            select(CaseEvent)
            .where(
                col(CaseEvent.step).is_not(None),
                sa.or_(col(CaseEvent.letter_number) != "", col(CaseEvent.step).in_(TELLING)),
            )
            .order_by(col(CaseEvent.id))
        )
    }
    by_day = {
        key: end_of(event.took_place_on, zone=zones[cases[event.case_id].office_code])
        for key, event in told.items()
    }
    by_record = {key: event.recorded_at for key, event in told.items()}
    for instants in (by_day, by_record):
        for key, snapshot_id in current_on(session, instants=instants).items():
            event = told[key]
            number = event.letter_number
            named = f"surat {number}" if number else f"langkah {event.seq}"
            yield f"{named} kasus {cases[event.case_id].number}", snapshot_id


def _openings(session: Session) -> Iterator[Held]:
    """A case opened by hand names no snapshot; it rests on what was known at that instant."""
    numbers = _numbers(session)
    instants = {
        str(case.id): case.created_at
        for case in session.exec(select(CaseRecord).where(col(CaseRecord.snapshot_id).is_(None)))
    }
    for key, snapshot_id in current_on(session, instants=instants).items():
        yield f"kasus {numbers[int(key)]}", snapshot_id


def _packets(session: Session) -> Iterator[Held]:
    numbers = _numbers(session)
    for referral in session.exec(select(Referral)):
        yield f"rujukan kasus {numbers[referral.case_id]}", referral.snapshot_id
    for packet in session.exec(select(Packet)):
        yield f"berkas {packet.number}", packet.snapshot_id


def _flags(session: Session) -> Iterator[Held]:
    for snapshot_id, count in session.exec(
        select(Flag.snapshot_id, sa.func.count())
        .where(Flag.status != "hilang")
        .group_by(Flag.snapshot_id)
    ):
        yield f"{count} temuan", snapshot_id


def _rules(session: Session) -> Iterator[Held]:
    """An edition rests on the report of its trial. A trial that failed says nothing to rest on."""
    for rule, number, snapshot_id in session.exec(
        select(RuleEdition.rule, RuleEdition.number, RuleTrial.snapshot_id)
        .join(RuleTrial, col(RuleTrial.id) == col(RuleEdition.trial_id))
        .order_by(col(RuleEdition.id))
    ):
        yield f"edisi {number} aturan {rule}", snapshot_id
    for trial in session.exec(
        select(RuleTrial).where(RuleTrial.status != "failed").order_by(col(RuleTrial.id))
    ):
        yield f"uji coba {trial.id} aturan {trial.rule}", trial.snapshot_id


def _statistics(session: Session) -> Iterator[Held]:
    """A difference rests on the earlier snapshot as much: without it nobody could count again."""
    for kept in session.exec(select(Statistic).order_by(col(Statistic.id))):
        for snapshot_id in (kept.terms.get(BEFORE), kept.snapshot_id):
            yield f"statistik {kept.kind} definisi {kept.definition}", snapshot_id


def _draws(session: Session) -> Iterator[Held]:
    """Without its frame nobody could draw again and see that the list was not chosen."""
    for number, snapshot_id in session.exec(select(ControlDraw.number, ControlDraw.snapshot_id)):
        yield f"undian {number}", snapshot_id
