"""Asks which papers of open cases told facts, and on which snapshot each of them rests."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.tables import Office
from app.cases import queries as cases
from app.cases.reading import key_of
from app.cases.stages import Action, Stage, Violation, document_label
from app.cases.tables import CaseEvent, CaseFlagRow, CaseRecord
from app.corrections.outside import EMPLOYERS, WORKERS
from app.corrections.outside_rows import Elsewhere, Named
from app.corrections.tables import CorrectionRow
from app.corrections.weighing import Choice, Kind
from app.detection.schemas import VISIBLE_DIGITS
from app.detection.settings import settings_from
from app.detection.tables import Flag, Sweep
from app.infra.wording import N_
from app.packets.moments import PACKET_LABEL, TELLING
from app.packets.tables import Packet
from app.registry.matching import npwp16_of
from app.registry.pruning import current_on
from app.registry.queries import end_of

OPENING: Final = "kasus"
OPENING_LABEL: Final = N_("Pembukaan kasus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What told facts of the case at the end of `told_on`, by the data of `snapshot_id`.

    `known_before`: the instant up to which law counts as known to it. `step` None: no letter.
    `elsewhere`: what it rests on of other agencies; None for nothing.
    """

    case_id: int
    office_code: str
    npp: str
    violations: frozenset[Violation]
    key: str
    kind: Kind
    label: str
    number: str
    step: Action | None
    told_on: date
    known_before: datetime
    snapshot_id: str
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True, slots=True)
class _Unplaced:
    paper: Paper
    recorded_at: datetime


def papers(session: Session, *, only_case: int | None = None) -> tuple[Paper, ...]:
    """Return the papers of every open case that still speak.

    Law: none. Reading: a letter counts by the data that were current at the end of its day, or,
    if there were none yet, when it was recorded (ADR 0020); a case opened by hand by those of the
    instant it was opened. A packet that was withdrawn or replaced no longer speaks, nor does a
    letter that was decided to be withdrawn or adjusted once another of its kind was recorded.
    """
    which = select(CaseRecord).where(CaseRecord.stage != Stage.CLOSED)
    if only_case is not None:
        which = which.where(CaseRecord.id == only_case)
    rows = {key_of(row): row for row in session.exec(which.order_by(col(CaseRecord.id)))}
    found = [
        *(_opening(row) for row in rows.values()),
        *_letters(session, rows),
        *_packets(session, rows),
    ]
    known = _elsewhere(session, rows)
    return tuple(
        replace(paper, elsewhere=known.get(paper.case_id)) for paper in _placed(session, found)
    )


def rules_gone(session: Session, *, snapshot_id: str) -> Mapping[int, frozenset[Violation]] | None:
    """Return by case the rules whose flags the last sweep no longer found.

    None where that looked at other data than this snapshot. A rule that another flag of the case,
    or of the same rows of other agencies, still carries has not gone; nor has one that people have
    switched off or changed since it was found: then the sweep asked something else.
    """
    last = session.exec(select(Sweep).order_by(col(Sweep.id).desc()).limit(1)).first()
    if last is None or last.snapshot_id != snapshot_id:
        return None
    seen: dict[tuple[int, Violation], bool] = defaultdict(bool)
    told: dict[tuple[int, Violation], set[tuple[str, str]]] = defaultdict(set)
    rows = session.exec(select(CaseFlagRow, Flag).join(Flag, col(Flag.id) == CaseFlagRow.flag_id))
    for row, flag in rows:
        key = row.case_id, Violation(row.rule)
        seen[key] |= flag.seen or not _asked_alike(last, flag)
        told[key] |= {
            (one.source, one.id_source)
            for one in named_rows(row.content["evidence"])
            if not one.tail
        }
    gone: dict[int, set[Violation]] = defaultdict(set)
    for (case_id, rule), is_seen in seen.items():
        if not is_seen and not _under_another_name(session, rule, told[case_id, rule]):
            gone[case_id].add(rule)
    return {case_id: frozenset(rules) for case_id, rules in gone.items()}


def _asked_alike(sweep: Sweep, flag: Flag) -> bool:
    if flag.rule not in sweep.rule_editions:
        return True
    asked = settings_from(sweep.rule_editions[flag.rule])
    return (asked.version, asked.edition) == (flag.rule_version, flag.rule_edition)


def _under_another_name(session: Session, rule: Violation, rows: set[tuple[str, str]]) -> bool:
    """Say whether the last sweep found the rule for whoever these rows of agencies are now.

    Two employers without NPP that turn out to be one keep one flag (detection.recognising).
    """
    shown = [
        col(Flag.evidence).contains(
            [{"table": EMPLOYERS, "values": {"sumber": source, "id_sumber": key}}]
        )
        for source, key in sorted(rows)
    ]
    if not shown:
        return False
    found = select(Flag.id).where(Flag.rule == rule, col(Flag.seen), sa.or_(*shown)).limit(1)
    return session.exec(found).first() is not None


def _elsewhere(session: Session, rows: Mapping[int, CaseRecord]) -> Mapping[int, Elsewhere]:
    """Return what the cases rest on of other agencies; those that rest on none are left out."""
    told: dict[int, set[Named]] = defaultdict(set)
    taken = session.exec(select(CaseFlagRow).where(col(CaseFlagRow.case_id).in_(rows)))
    for flag in taken:
        told[flag.case_id] |= set(named_rows(flag.content["evidence"]))
    found: dict[int, Elsewhere] = {}
    for case_id, row in rows.items():
        if row.npp:
            if told[case_id]:
                found[case_id] = Elsewhere(named=frozenset(told[case_id]))
            continue
        ids = {(one.source, one.id_source) for one in told[case_id] if not one.tail}
        own = (row.employer["sumber"], row.employer["id_sumber"])
        found[case_id] = Elsewhere(
            ids=frozenset(ids | {own} if all(own) else ids),
            npwps=frozenset({npwp16_of(row.npwp)} if row.npwp else ()),
            nibs=frozenset({nib} if (nib := row.employer["nib"]) else ()),
        )
    return found


def named_rows(evidence: Iterable[Mapping[str, Any]]) -> Iterator[Named]:
    """Yield the rows of other agencies that a flag showed; of a NIK the case keeps the last digits.

    Where the list has another NIK than the member, the one on the list counts.
    """
    for one in evidence:
        told = {key: str(value or "") for key, value in one["values"].items()}
        source, key = told.get("sumber", ""), told.get("id_sumber", "")
        if not (source and key):
            continue
        tail = (told.get("nik_tertulis") or told.get("nik", ""))[-VISIBLE_DIGITS:]
        if one["table"] == EMPLOYERS:
            yield Named(source, key)
        elif one["table"] == WORKERS and tail:
            yield Named(source, key, tail, told.get("nama", ""))


def _opening(row: CaseRecord) -> _Unplaced:
    paper = Paper(
        case_id=key_of(row),
        office_code=row.office_code,
        npp=row.npp,
        violations=_violations(row),
        key=OPENING,
        kind=Kind.CASE,
        label=OPENING_LABEL,
        number=row.number,
        step=None,
        told_on=row.opened_on,
        known_before=row.created_at,
        snapshot_id=row.snapshot_id or "",
    )
    return _Unplaced(paper, row.created_at)


def _letters(session: Session, rows: Mapping[int, CaseRecord]) -> Iterator[_Unplaced]:
    events = session.exec(
        select(CaseEvent)
        .where(col(CaseEvent.case_id).in_(rows), col(CaseEvent.step).in_(TELLING))
        .order_by(col(CaseEvent.case_id), col(CaseEvent.seq))
    ).all()
    zones = {office.code: office.zone for office in session.exec(select(Office))}
    newest = {(event.case_id, event.step): event.recorded_at for event in events}
    silenced = _silenced(session, rows)
    for event in events:
        row, key = rows[event.case_id], f"langkah-{event.seq}"
        decided_at = silenced.get((event.case_id, key))
        if decided_at is not None and newest[event.case_id, event.step] > decided_at:
            continue
        step = Action(event.step or "")
        end = end_of(event.took_place_on, zone=zones[row.office_code])
        paper = Paper(
            case_id=event.case_id,
            office_code=row.office_code,
            npp=row.npp,
            violations=_violations(row),
            key=key,
            kind=Kind.LETTER,
            label=document_label(step, _violations(row)),
            number=event.letter_number,
            step=step,
            told_on=event.took_place_on,
            known_before=end,
            snapshot_id="",
        )
        yield _Unplaced(paper, event.recorded_at)


def _silenced(
    session: Session, rows: Mapping[int, CaseRecord]
) -> Mapping[tuple[int, str], datetime]:
    """Return when a paper was last decided to be withdrawn or adjusted."""
    decided = session.exec(
        select(CorrectionRow.case_id, CorrectionRow.paper_key, CorrectionRow.decided_at)
        .where(
            col(CorrectionRow.case_id).in_(rows),
            col(CorrectionRow.decision).in_((Choice.WITHDRAW, Choice.ADJUST)),
        )
        .order_by(col(CorrectionRow.decided_at))
    )
    return {(case_id, key): at for case_id, key, at in decided if at is not None}


def _packets(session: Session, rows: Mapping[int, CaseRecord]) -> Iterator[_Unplaced]:
    on_record = cases.packets_on_record(session, case_ids=list(rows))
    withdrawn = cases.packets_withdrawn(session, case_ids=list(rows))
    sealed = session.exec(
        select(Packet).where(col(Packet.case_id).in_(rows)).order_by(col(Packet.version))
    )
    newest = {packet.case_id: packet for packet in sealed if packet.number in on_record}
    for packet in newest.values():
        if packet.number in withdrawn:
            continue
        row = rows[packet.case_id]
        paper = Paper(
            case_id=packet.case_id,
            office_code=row.office_code,
            npp=row.npp,
            violations=_violations(row),
            key=packet.number,
            kind=Kind.PACKET,
            label=PACKET_LABEL,
            number=packet.number,
            step=None,
            told_on=packet.cutoff,
            known_before=packet.sealed_at,
            snapshot_id=packet.snapshot_id,
        )
        yield _Unplaced(paper, packet.sealed_at)


def _placed(session: Session, found: Iterable[_Unplaced]) -> Iterator[Paper]:
    open_ones = {str(number): one for number, one in enumerate(found)}
    by_day = current_on(
        session, instants={key: one.paper.known_before for key, one in open_ones.items()}
    )
    by_record = current_on(
        session, instants={key: one.recorded_at for key, one in open_ones.items()}
    )
    for key, one in open_ones.items():
        basis = one.paper.snapshot_id or by_day.get(key) or by_record.get(key)
        if basis:
            yield replace(one.paper, snapshot_id=basis)


def _violations(row: CaseRecord) -> frozenset[Violation]:
    return frozenset(Violation(one) for one in row.violations)
