"""The public door of the room: look for corrections, decide about one. Never commits."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.audit import service as audit
from app.cases import queries as cases
from app.cases import recording
from app.cases.stages import Violation
from app.corrections import gathering, outside_rows, queries
from app.corrections.gathering import Bench, Sides
from app.corrections.outside import NOTHING, Seen, outside_past
from app.corrections.papers import Paper, papers, rules_gone
from app.corrections.past import KnownOn, MemberMoved, Past, Record, digest, past
from app.corrections.schemas import CorrectionView, Looked
from app.corrections.sentences import CHOICE_WORDS
from app.corrections.tables import CorrectionRow
from app.corrections.weighing import Choice, Limits, Stake, Weight, weigh
from app.detection.rule_queries import editions_in_force
from app.detection.settings import SETTINGS
from app.errors import Conflict, FieldProblem, Invalid, NotFound, Stale, Unavailable
from app.infra.queue import alone, enqueue, waits
from app.infra.wording import N_
from app.law.book import LawBook
from app.law.calendar import CalendarTooShort, WorkingCalendar
from app.law.late_payment import Arrears, arrears
from app.law.parameters import corrections as parameters
from app.lawbook.queries import law_known_at
from app.registry import queries as registry
from app.registry.schemas import SnapshotView
from app.registry.snapshots import require_sound

TASK: Final = "look_for_corrections"
QUEUE_LOCK: Final = "corrections"
RUN: Final = "detection.sweep"
DECIDE: Final = "cases.step"
VERB: Final = "correction_decided"
SHORTEST_REASON: Final = 5
LONGEST_REASON: Final = 2000
NO_SIDES: Final = Sides(was={}, now={}, members={})
(_MONTHS,) = (one for one in SETTINGS[Violation.PIUTANG] if one.key == "arrears_months")


@dataclass(frozen=True, slots=True)
class _Found:
    paper: Paper
    sha256: str
    weight: Weight


def request(session: Session, *, actor: str) -> None:
    """Queue a look, unless one waits already or nothing has been imported."""
    if registry.latest_snapshot(session) is None or waits(session, TASK, actor=actor):
        return
    enqueue(session, TASK, lock=QUEUE_LOCK, actor=actor)


def look_for(session: Session, *, principal: Principal, bench: Bench, now: datetime) -> Looked:
    """Look for corrections at once, as somebody who may sweep.

    Raises:
        Forbidden: this principal may not run it.
        NotFound: nothing has been imported. Unavailable: the newest data are damaged.
    """
    principal.require(RUN)
    return look(session, actor=principal.actor, bench=bench, now=now)


def look(session: Session, *, actor: str, bench: Bench, now: datetime) -> Looked:
    """Hold every paper of every open case against the newest data, and keep what moved.

    Doing it again changes nothing: a paper is asked about once for the same facts. What waited and
    no longer differs, or differs otherwise now, lapses. A damaged or removed old snapshot keeps
    only its own papers from being looked at.

    Raises:
        NotFound: nothing has been imported.
        Unavailable: the newest data are damaged.
    """
    alone(session, QUEUE_LOCK)
    newest = registry.latest_snapshot(session)
    if newest is None:
        raise NotFound("Belum ada data yang diimpor, jadi belum ada yang dapat dikoreksi.")
    require_sound(bench.snapshots, newest)
    told = papers(session)
    gone = rules_gone(session, snapshot_id=newest.id)
    by_basis: dict[str, list[Paper]] = defaultdict(list)
    for paper in told:
        by_basis[paper.snapshot_id].append(paper)
    calendar = cases.calendar(session)
    opened = lapsed = unreadable = 0
    for basis_id, those in sorted(by_basis.items()):
        basis = registry.snapshot_by_id(session, basis_id)
        try:
            sides = _sides(session, bench, basis, newest, those)
            seen = _seen(bench, basis, newest, those)
        except (NotFound, Unavailable):
            unreadable += len(those)
            continue
        for paper in those:
            try:
                found = _weighed(
                    session,
                    paper,
                    sides,
                    basis,
                    seen=seen.get(paper.case_id, Seen()),
                    gone=gone,
                    calendar=calendar,
                )
            except CalendarTooShort:
                unreadable += 1
                continue
            more, less = _keep(session, paper, found, newest=newest, now=now)
            opened, lapsed = opened + more, lapsed + less
    looked = Looked(
        snapshot_id=newest.id, papers=len(told), opened=opened, lapsed=lapsed, unreadable=unreadable
    )
    audit.record(
        session,
        actor=actor,
        action="corrections.looked",
        subject=f"snapshot:{newest.id}",
        now=now,
        detail={
            "papers": looked.papers,
            "opened": opened,
            "lapsed": lapsed,
            "unreadable": unreadable,
        },
    )
    return looked


def decide(
    session: Session,
    *,
    principal: Principal,
    correction_id: int,
    choice: Choice,
    reason: str,
    expected_version: int,
    now: datetime,
) -> CorrectionView:
    """Record what a named person decided about one paper. Carries nothing out by itself.

    A withdrawal of a referral, a closing and the next letter are steps of the workflow with their
    own people and proofs; `weighing.way_on` names the one that follows.

    Raises:
        Forbidden: this person may not act on cases, or no named person stands behind.
        Invalid: the reason is missing or too long.
        NotFound: it is not there, or not in this principal's offices.
        Conflict: the case was closed, or the correction no longer waits.
        Stale: somebody decided, or the data moved on, since `expected_version`.
    """
    principal.require(DECIDE)
    user_id = recording.require_named(principal)
    case_id = session.exec(
        select(CorrectionRow.case_id).where(
            CorrectionRow.id == correction_id,
            within(principal, DECIDE, CorrectionRow.office_code),
        )
    ).first()
    if case_id is None:
        raise queries.not_there(correction_id)
    # The case first, as everywhere, so that two decisions never wait for each other.
    case = recording.locked_case(session, principal=principal, action=DECIDE, case_id=case_id)
    row = session.get_one(
        CorrectionRow, correction_id, with_for_update=True, populate_existing=True
    )
    if row.version != expected_version:
        if row.state == "diputus":
            raise Stale(
                "Koreksi nomor {correction} sudah diputus oleh {name} sejak Anda membukanya; "
                "putusan itu tetap berlaku.",
                correction=correction_id,
                name=row.decided_by_name,
            )
        raise Stale(
            "Koreksi nomor {correction} sudah berubah sejak Anda membukanya; muat ulang lalu "
            "periksa kembali.",
            correction=correction_id,
        )
    recording.require_open(case)
    if row.state != "terbuka":
        raise Conflict(
            "Koreksi nomor {correction} sudah tidak menunggu putusan.", correction=correction_id
        )
    row.reason, row.decision, row.state = _reason(reason), choice, "diputus"
    row.decided_by_id, row.decided_at = user_id, now
    row.decided_by_name, row.decided_by_title = principal.name, principal.title
    row.version += 1
    session.add(row)
    session.flush()
    recording.append(
        session,
        case,
        recording.Entry(
            verb=VERB,
            on=recording.today_of(principal, now),
            note=row.reason,
            detail=_told(row, registered=bool(case.npp)),
        ),
        principal=principal,
        now=now,
    )
    return queries.correction(session, principal=principal, correction_id=correction_id)


def _told(row: CorrectionRow, *, registered: bool) -> dict[str, Any]:
    weight = row.weight
    told = {key: weight[key] for key in ("sources", "told_was", "told")}
    outside = {} if registered and not weight["sources"] else told
    return {
        "correction_id": row.id,
        "paper": row.paper_label,
        "paper_number": row.paper_number,
        "told_on": row.told_on.isoformat(),
        "snapshot": row.snapshot_id,
        "basis_snapshot": row.basis_snapshot_id,
        "choice": CHOICE_WORDS[Choice(row.decision)],
        "proposal": CHOICE_WORDS[Choice(row.proposal)],
        "total_was": weight["principal_was"] + weight["penalty_was"],
        "total": weight["principal"] + weight["penalty"],
        "workers": weight["workers"],
        **outside,
    }


def _reason(text: str) -> str:
    written = text.strip()
    if not SHORTEST_REASON <= len(written) <= LONGEST_REASON:
        template = N_("Tulis alasan {least} sampai {most} huruf.")
        values = {"least": SHORTEST_REASON, "most": LONGEST_REASON}
        raise Invalid(template, fields=(FieldProblem("reason", template, values),), **values)
    return written


def _sides(
    session: Session,
    bench: Bench,
    basis: SnapshotView,
    newest: SnapshotView,
    those: Sequence[Paper],
) -> Sides | None:
    """Return what both hold of the employers; None where nothing can have moved.

    Raises:
        NotFound, Unavailable: the old data are gone or damaged.
    """
    npps = {paper.npp for paper in those if paper.npp}
    if not gathering.differs(basis, newest):
        # Where only others' lists moved, the debt that stands beside them did not.
        told = {paper.npp for paper in those if paper.elsewhere is not None}
        npps = npps & told if outside_rows.differs(basis, newest) else set()
    if not npps:
        return None
    require_sound(bench.snapshots, basis)
    return gathering.gather(
        bench,
        before=basis,
        after=newest,
        npps=npps,
        members_known_on=registry.described_on(session, snapshot=basis, table="kepesertaan"),
    )


def _seen(
    bench: Bench, basis: SnapshotView, newest: SnapshotView, those: Sequence[Paper]
) -> Mapping[int, Seen]:
    """Return by case what others told of the employers.

    Raises:
        NotFound, Unavailable: the old data are gone or damaged.
    """
    wanted = {paper.case_id: paper.elsewhere for paper in those if paper.elsewhere is not None}
    if not wanted or not outside_rows.differs(basis, newest):
        return {}
    require_sound(bench.snapshots, basis)
    return outside_rows.gather_outside(bench, before=basis, after=newest, wanted=wanted)


def _weighed(
    session: Session,
    paper: Paper,
    sides: Sides | None,
    basis: SnapshotView,
    *,
    seen: Seen,
    gone: Mapping[int, frozenset[Violation]] | None,
    calendar: WorkingCalendar,
) -> _Found | None:
    """Return the correction of this paper with its weight, None where none of its facts moved.

    Raises:
        CalendarTooShort: a bill falls due in a year that is not loaded.
    """
    stake = Stake(
        kind=paper.kind,
        violations=paper.violations,
        gone=None if gone is None else gone.get(paper.case_id, frozenset()),
    )
    outside = outside_past(seen, told_on=paper.told_on) if stake.tells_workers else NOTHING
    if sides is None and not outside:
        return None
    known_on = KnownOn(
        bills=registry.described_on(session, snapshot=basis, table="tagihan"),
        payments=registry.described_on(session, snapshot=basis, table="pembayaran"),
        told=paper.told_on,
    )
    sides = sides or NO_SIDES
    was = sides.was.get(paper.npp, gathering.EMPTY)
    found = past(was, sides.now.get(paper.npp, gathering.EMPTY), known_on=known_on)
    members: tuple[MemberMoved, ...] = ()
    if stake.tells_workers:
        moved = sides.members.get(paper.npp, ())
        members = tuple(member for member in moved if member.on <= paper.told_on)
    else:
        found = _sums_only(found)
    if not (found.bills or found.payments or members or outside):
        return None
    law = law_known_at(session, paper.known_before)
    before, after = (
        _owed(record, paper, law=law, calendar=calendar) for record in (was, found.corrected)
    )
    weight = weigh(
        before,
        after,
        past=found,
        workers=len({member.worker for member in members}),
        stake=stake,
        limits=_limits(session, law, paper),
        outside=outside,
    )
    return _Found(paper, digest(found, members, outside), weight)


def _sums_only(found: Past) -> Past:
    """Leave out what moved of workers and wages alone: a letter about arrears does not tell it."""
    return Past(
        corrected=found.corrected,
        bills=tuple(bill for bill in found.bills if bill.amount_moved),
        payments=found.payments,
    )


def _limits(session: Session, law: LawBook, paper: Paper) -> Limits:
    edition = editions_in_force(session, on=paper.told_on)[Violation.PIUTANG]
    months = _MONTHS.in_force(edition.values, law=law, on=paper.told_on)
    return Limits(
        material=law[parameters.MATERIAL].on(paper.told_on),
        rounding=law[parameters.ROUNDING].on(paper.told_on),
        arrears_months=int(months or 0),
    )


def _owed(record: Record, paper: Paper, *, law: LawBook, calendar: WorkingCalendar) -> Arrears:
    return arrears(
        bills=record.law_bills(),
        payments=record.law_payments(),
        cutoff=paper.told_on,
        calendar=calendar,
        law=law,
    )


def _keep(
    session: Session, paper: Paper, found: _Found | None, *, newest: SnapshotView, now: datetime
) -> tuple[int, int]:
    """Store what the paper asks now; return how many questions were opened and how many lapsed."""
    rows = {
        row.facts_sha256: row
        for row in session.exec(
            select(CorrectionRow).where(
                CorrectionRow.case_id == paper.case_id, CorrectionRow.paper_key == paper.key
            )
        )
    }
    lapsed = 0
    for sha256, row in rows.items():
        if row.state == "terbuka" and (found is None or sha256 != found.sha256):
            row.state, row.version = "gugur", row.version + 1
            lapsed += 1
    session.flush()
    if found is None:
        return 0, lapsed
    known = rows.get(found.sha256)
    if known is None:
        session.add(_row(found, newest=newest, now=now))
        session.flush()
        return 1, lapsed
    if known.state == "diputus":
        return 0, lapsed
    reopened = known.state == "gugur"
    weight = _stored(found.weight)
    if reopened or (known.weight, known.ground) != (weight, found.weight.ground):
        known.state, known.snapshot_id, known.weight = "terbuka", newest.id, weight
        known.ground, known.proposal = found.weight.ground, found.weight.proposal
        known.version += 1
        session.flush()
    return int(reopened), lapsed


def _row(found: _Found, *, newest: SnapshotView, now: datetime) -> CorrectionRow:
    paper = found.paper
    return CorrectionRow(
        case_id=paper.case_id,
        office_code=paper.office_code,
        paper_key=paper.key,
        paper_kind=paper.kind,
        paper_label=paper.label,
        paper_number=paper.number,
        paper_step=paper.step or "",
        told_on=paper.told_on,
        basis_snapshot_id=paper.snapshot_id,
        snapshot_id=newest.id,
        facts_sha256=found.sha256,
        weight=_stored(found.weight),
        ground=found.weight.ground,
        proposal=found.weight.proposal,
        state="terbuka",
        found_at=now,
    )


def _stored(weight: Weight) -> dict[str, Any]:
    stored = asdict(weight)
    del stored["ground"]
    since = weight.registered_on
    return {
        **stored,
        "fallen": [str(rule) for rule in weight.fallen],
        "registered_on": since.isoformat() if since is not None else None,
    }
