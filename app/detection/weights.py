"""Weights of the ranking: proposed with what they would move, put in force by a second person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.audit import service as audit
from app.detection import deciding
from app.detection.deciding import APPROVE, PROPOSE
from app.detection.findings import ELEMENTS as KEPT_ELEMENTS
from app.detection.ranking import ELEMENTS, SHIPPED_WEIGHTS, WHOLE, Weights, weights_from
from app.detection.rule_queries import IN_FORCE, READ, WAITING
from app.detection.rule_tables import RankingEdition
from app.detection.schemas import OPEN_STATUSES
from app.detection.tables import Flag, Sweep
from app.errors import Conflict, NotFound
from app.infra.queue import alone

# Under this name a sweep keeps the weights it used, beside the editions of the rules.
WEIGHTS: Final = "PERINGKAT"
# How many flags at the top of the list a preview compares.
TOP: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsView:
    """One change of the weights. `effect`: see `effect_of`."""

    id: int
    points: Mapping[str, int]
    valid_from: date
    why: str
    effect: Mapping[str, Any]
    state: str
    proposed_by_id: int
    proposed_by: str
    decided_by: str
    reason: str
    called_off_by: str


def weights_in_force(session: Session, *, on: date) -> Weights:
    """Return the weights of that day; edition 0 where nobody changed them."""
    row = session.exec(
        select(RankingEdition)
        .where(RankingEdition.state == IN_FORCE, col(RankingEdition.valid_from) <= on)
        .order_by(col(RankingEdition.valid_from).desc(), col(RankingEdition.id).desc())
        .limit(1)
    ).first()
    if row is None:
        return SHIPPED_WEIGHTS
    return Weights(edition=row.id or 0, points=MappingProxyType(dict(row.points)))


def sorted_by(session: Session) -> int | None:
    """Return the edition of the weights that the flags were sorted by when they were last swept.

    None before the first sweep, or where it did not say.
    """
    used = session.exec(select(Sweep.rule_editions).order_by(col(Sweep.id).desc()).limit(1)).first()
    edition = (used or {}).get(WEIGHTS, {}).get("edition")
    return None if edition is None else int(edition)


def all_weights(session: Session, *, principal: Principal) -> tuple[WeightsView, ...]:
    """Return every change, the newest first.

    Raises:
        Forbidden: rules are not for this role.
    """
    principal.require(READ)
    rows = session.exec(select(RankingEdition).order_by(col(RankingEdition.id).desc()))
    return tuple(_view(row) for row in rows)


def weights_edition(session: Session, *, principal: Principal, edition_id: int) -> WeightsView:
    """Return one change.

    Raises:
        Forbidden: rules are not for this role.
        NotFound: there is none with that number.
    """
    principal.require(READ)
    row = session.get(RankingEdition, edition_id)
    if row is None:
        raise NotFound("Usulan bobot nomor {number} tidak ada.", number=edition_id)
    return _view(row)


def effect_of(
    session: Session, *, principal: Principal, points: Mapping[str, int]
) -> dict[str, Any]:
    """Return what the weights would do to the top of the waiting flags of the whole country.

    `top` of them are compared: `stay` are at the top under both; `before` and `after` count the
    top by rule. No flag is named, so every reader of rules may see it.

    Raises:
        Forbidden: this principal may not propose.
        Invalid: the weights are none.
    """
    principal.require(PROPOSE)
    wanted = weights_from(points)
    element = col(Flag.numbers)[KEPT_ELEMENTS]
    score = sum(
        (
            sa.cast(sa.func.coalesce(element[name].astext, "0"), sa.Integer) * wanted[name] // WHOLE
            for name in ELEMENTS
        ),
        start=sa.literal(0),
    )
    waiting = col(Flag.status).in_(OPEN_STATUSES)
    before = _top(session, waiting, col(Flag.skor))
    after = _top(session, waiting, score)
    return {
        "top": len(after),
        "stay": len(before.keys() & after.keys()),
        "before": _by_rule(before),
        "after": _by_rule(after),
    }


def propose_weights(
    session: Session,
    *,
    principal: Principal,
    points: Mapping[str, int],
    valid_from: date,
    why: str,
    today: date,
    now: datetime,
) -> WeightsView:
    """Propose weights with what they would move; nothing is in force yet.

    Raises:
        Forbidden: this principal may not propose, or no named person stands behind it.
        Invalid: the weights are none, no reason, or a day that has passed.
        Conflict: they are those in force, or another change waits.
    """
    effect = effect_of(session, principal=principal, points=points)
    text = deciding.reason_of(why, field="why")
    deciding.check_day(valid_from, today=today)
    if dict(points) == dict(weights_in_force(session, on=valid_from).points):
        raise Conflict("Bobot ini sama dengan yang berlaku; ubah paling sedikit dua isian.")
    alone(session, "ranking-edition")
    waiting = session.exec(select(RankingEdition).where(RankingEdition.state == WAITING)).first()
    if waiting is not None:
        raise Conflict(
            "Perubahan bobot sudah diusulkan oleh {person} dan menunggu keputusan.",
            person=waiting.proposed_by_name,
        )
    row = RankingEdition(
        points=weights_from(points),
        valid_from=valid_from,
        why=text,
        effect=effect,
        proposed_at=now,
        proposed_by_id=deciding.named_person(principal),
        proposed_by_name=principal.name,
    )
    session.add(row)
    session.flush()
    _record(session, row, principal=principal, verb="propose", now=now)
    return _view(row)


def approve_weights(
    session: Session, *, principal: Principal, edition_id: int, today: date, now: datetime
) -> WeightsView:
    """Put the weights in force from their first day; the sweeps of that day on use them.

    Raises:
        Forbidden: not allowed, or the same person who proposed them.
        NotFound: there is no such proposal.
        Conflict: it was decided meanwhile.
        Invalid: its first day has passed.
    """
    principal.require(APPROVE)
    row = _locked(session, edition_id)
    deciding.require_waiting(row)
    deciding.require_second(row, principal=principal, today=today)
    deciding.put_in_force(row, principal=principal, now=now)
    session.flush()
    _record(session, row, principal=principal, verb="approve", now=now)
    return _view(row)


def refuse_weights(
    session: Session, *, principal: Principal, edition_id: int, reason: str, now: datetime
) -> WeightsView:
    """Refuse the weights, or withdraw them where the proposer does so; `reason` is kept.

    Raises:
        Forbidden, NotFound, Conflict: as `approve_weights`.
        Invalid: no reason.
    """
    deciding.may_decide(session.get(RankingEdition, edition_id), principal)
    row = _locked(session, edition_id)
    deciding.require_waiting(row)
    verb = deciding.turn_down(row, principal=principal, reason=reason, now=now)
    session.flush()
    _record(session, row, principal=principal, verb=verb, now=now)
    return _view(row)


def call_off_weights(
    session: Session,
    *,
    principal: Principal,
    edition_id: int,
    reason: str,
    today: date,
    now: datetime,
) -> WeightsView:
    """Take approved weights back before their first day; those in force stay so.

    Raises:
        Forbidden, NotFound, Conflict, Invalid: as `editions.call_off`.
    """
    principal.require(APPROVE)
    row = _locked(session, edition_id)
    deciding.take_back(row, principal=principal, reason=reason, today=today, now=now)
    session.flush()
    _record(session, row, principal=principal, verb="call_off", now=now)
    return _view(row)


def _top(
    session: Session, waiting: sa.ColumnElement[bool], score: Mapped[int] | sa.ColumnElement[Any]
) -> dict[int, str]:
    rows = session.connection().execute(
        sa.select(col(Flag.id), col(Flag.rule))
        .where(waiting)
        .order_by(score.desc(), col(Flag.id).desc())
        .limit(TOP)
    )
    return {int(flag_id or 0): rule for flag_id, rule in rows}


def _by_rule(found: Mapping[int, str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for rule in found.values():
        counts[rule] = counts.get(rule, 0) + 1
    return dict(sorted(counts.items()))


def _locked(session: Session, edition_id: int) -> RankingEdition:
    row = session.get(RankingEdition, edition_id, with_for_update=True)
    if row is None:
        raise NotFound("Usulan bobot nomor {number} tidak ada.", number=edition_id)
    return row


def _view(row: RankingEdition) -> WeightsView:
    return WeightsView(
        id=row.id or 0,
        points=row.points,
        valid_from=row.valid_from,
        why=row.why,
        effect=row.effect,
        state=row.state,
        proposed_by_id=row.proposed_by_id,
        proposed_by=row.proposed_by_name,
        decided_by=row.decided_by_name,
        reason=row.reason,
        called_off_by=row.called_off_by_name,
    )


def _record(
    session: Session, row: RankingEdition, *, principal: Principal, verb: str, now: datetime
) -> None:
    audit.record(
        session,
        actor=principal.actor,
        action=f"ranking.{verb}",
        subject=f"rule:{WEIGHTS}",
        office=principal.office_code,
        now=now,
        detail={
            "edition": row.id,
            "points": row.points,
            "valid_from": row.valid_from.isoformat(),
            "why": row.why,
            "reason": row.reason,
        },
    )
