"""Questions about pairs and decisions. Reads only."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.errors import NotFound
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor
from app.linkage.bands import Why
from app.linkage.links import method_of
from app.linkage.model import UNKNOWN, voice
from app.linkage.schemas import (
    EMPLOYER,
    GROUPS,
    OUTSIDE,
    SETTLED,
    WORKER,
    Counts,
    DecisionView,
    Group,
    PairKind,
    PairView,
    PartView,
    Verdict,
)
from app.linkage.standing import LATEST, NIK, VERDICT
from app.linkage.tables import LinkageDecision, LinkageModel, LinkagePair
from app.registry.employers import masked as masked_nik

READ: Final = "linkage.read"


def pairs(
    session: Session,
    *,
    principal: Principal,
    group: Group,
    kind: PairKind | None = None,
    text: str = "",
    cursor: str | None,
    limit: int,
) -> Page[PairView]:
    """Return pairs of the offices this principal reaches, the likeliest first; None: of any kind.

    `text` is part of a name, or an NPP.

    Raises:
        Forbidden: pairs are not for this role.
        Invalid: the cursor is not one of this list.
    """
    statement = _pairs(principal).where(_in_group(group))
    if kind:
        statement = statement.where(col(LinkagePair.kind) == kind)
    if text:
        like = [
            col(LinkagePair.npp).icontains(text, autoescape=True),
            col(LinkagePair.outside)["nama"].astext.icontains(text, autoescape=True),
            col(LinkagePair.registered)["nama"].astext.icontains(text, autoescape=True),
        ]
        statement = statement.where(sa.or_(*like))
    key = sa.cast(sa.func.round(col(LinkagePair.weight) * 10_000), sa.BigInteger)
    if cursor is not None:
        last = decode_cursor(cursor, int, int)
        statement = statement.where(sa.tuple_(key, col(LinkagePair.id)) < sa.tuple_(*last))
    size = max(1, min(limit, LARGEST_PAGE))
    found = session.execute(
        statement.order_by(key.desc(), col(LinkagePair.id).desc()).limit(size + 1)
    ).all()
    following = None
    if len(found) > size:
        end: LinkagePair = found[size - 1][0]
        following = encode_cursor(round(end.weight * 10_000), end.id or 0)
    return Page(items=tuple(_view(*row) for row in found[:size]), next=following)


def pair(session: Session, *, principal: Principal, pair_id: int) -> PairView:
    """Return one pair.

    Raises:
        Forbidden: pairs are not for this role.
        NotFound: it is not there, or not in this principal's offices.
    """
    row = session.execute(
        _pairs(principal)
        .where(col(LinkagePair.id) == pair_id)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("Pasangan nomor {pair} tidak ada.", pair=pair_id)
    return _view(*row)


def locked_pair(session: Session, *, principal: Principal, pair_id: int) -> PairView:
    """Return one pair and let nobody decide about it until the transaction ends.

    Raises:
        Forbidden, NotFound: as `pair`.
    """
    session.execute(select(LinkagePair.id).where(col(LinkagePair.id) == pair_id).with_for_update())
    return pair(session, principal=principal, pair_id=pair_id)


def others(session: Session, *, principal: Principal, pair_id: int) -> tuple[PairView, ...]:
    """Return the other pairs of the same outside side, or sides, the likeliest first.

    Raises:
        Forbidden: pairs are not for this role.
    """
    this = session.get(LinkagePair, pair_id)
    if this is None:
        return ()
    names = {this.kunci, this.member} if this.kind == OUTSIDE else {this.kunci}
    rows = session.execute(
        _pairs(principal)
        .where(_named(names), col(LinkagePair.id) != pair_id)
        .order_by(col(LinkagePair.weight).desc(), col(LinkagePair.id))
        .limit(LARGEST_PAGE)
    )
    return tuple(_view(*row) for row in rows)


def _named(names: Collection[str]) -> sa.ColumnElement[bool]:
    """Say whether an outside employer of these names stands on either side."""
    second = sa.and_(
        col(LinkagePair.kind) == OUTSIDE,
        col(LinkagePair.npp) == "",
        col(LinkagePair.member).in_(names),
    )
    return sa.or_(col(LinkagePair.kunci).in_(names), second)


def whole_niks(
    session: Session, *, principal: Principal, action: str, pair_id: int
) -> tuple[str, str]:
    """Return the NIK on the list and the member's, whole, to one who may do `action`.

    Raises:
        Forbidden: this role may not.
        NotFound: it is not there, not in reach, or no pair of workers.
    """
    row = session.execute(
        sa.select(LinkagePair).where(
            col(LinkagePair.id) == pair_id,
            col(LinkagePair.kind) == WORKER,
            within(principal, action, LinkagePair.kantor_cabang),
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFound("Pasangan nomor {pair} tidak ada.", pair=pair_id)
    return row.kunci.removeprefix(NIK), row.member


@dataclass(frozen=True, slots=True)
class PairName:
    """What a decision is kept under; a NIK in it is whole."""

    kunci: str
    member: str


def name_of(session: Session, *, pair_id: int) -> PairName:
    """Return the key of a pair that is there."""
    row = session.get_one(LinkagePair, pair_id)
    return PairName(row.kunci, row.member)


def pairs_of(
    session: Session, *, principal: Principal, kunci: str = "", npp: str = ""
) -> tuple[PairView, ...]:
    """Return the pairs of an outside and a registered employer, or worker, of one of the two.

    Raises:
        Forbidden: pairs are not for this role.
    """
    side = col(LinkagePair.kunci) == kunci if kunci else col(LinkagePair.npp) == npp
    rows = session.execute(
        _pairs(principal)
        .where(side, col(LinkagePair.kind) != OUTSIDE)
        .order_by(col(LinkagePair.weight).desc(), col(LinkagePair.id))
        .limit(LARGEST_PAGE)
    )
    return tuple(_view(*row) for row in rows)


def pairs_among(
    session: Session, *, principal: Principal, records: Iterable[tuple[str, str]]
) -> tuple[PairView, ...]:
    """Return the pairs of two outside employers of which one has a record of these.

    Raises:
        Forbidden: pairs are not for this role.
    """
    named = sa.type_coerce(col(LinkagePair.records), JSONB)
    have = [named.contains([list(one)]) for one in sorted(set(records))]
    if not have:
        return ()
    rows = session.execute(
        _pairs(principal)
        .where(col(LinkagePair.npp) == "", col(LinkagePair.kind) == OUTSIDE, sa.or_(*have))
        .order_by(col(LinkagePair.weight).desc(), col(LinkagePair.id))
        .limit(LARGEST_PAGE)
    )
    return tuple(_view(*row) for row in rows)


def decisions(session: Session, *, principal: Principal, pair_id: int) -> tuple[DecisionView, ...]:
    """Return what people said of a pair, oldest first.

    Raises:
        Forbidden, NotFound: as `pair`.
    """
    shown = pair(session, principal=principal, pair_id=pair_id)
    key = session.get_one(LinkagePair, pair_id)
    if shown.kind == OUTSIDE:
        return tuple(_said(row) for row in _said_of_outside(session, shown))
    of_workers = shown.kind == WORKER
    same = (
        (col(LinkageDecision.kunci) == key.kunci, col(LinkageDecision.member) == key.member)
        if of_workers
        else (col(LinkageDecision.npp) == key.npp, col(LinkageDecision.kind) == EMPLOYER)
    )
    rows = session.exec(select(LinkageDecision).where(*same).order_by(col(LinkageDecision.id)))
    records = set(shown.records)
    return tuple(
        _said(row)
        for row in rows
        if of_workers
        or row.kunci == shown.kunci
        or records & {(one[0], one[1]) for one in row.records}
    )


def _said_of_outside(session: Session, pair: PairView) -> Iterator[LinkageDecision]:
    its = set(pair.other_records)
    mine = set(pair.records) - its
    names = {(pair.kunci, pair.member), (pair.member, pair.kunci)}
    recorded = sa.type_coerce(col(LinkageDecision.records), JSONB)
    named = sa.tuple_(col(LinkageDecision.kunci), col(LinkageDecision.member))
    rows = session.exec(
        select(LinkageDecision)
        .where(
            col(LinkageDecision.kind) == OUTSIDE,
            sa.or_(named.in_(names), *(recorded.contains([list(one)]) for one in sorted(mine))),
        )
        .order_by(col(LinkageDecision.id))
    )
    for row in rows:
        second = {(one[0], one[1]) for one in row.other_records}
        first = {(one[0], one[1]) for one in row.records} - second
        both = (first & mine and second & its) or (first & its and second & mine)
        if both or (row.kunci, row.member) in names:
            yield row


def _said(row: LinkageDecision) -> DecisionView:
    return DecisionView(
        id=row.id or 0,
        verdict=cast("Verdict", row.verdict),
        reason=row.reason,
        actor=row.actor,
        recorded_at=row.recorded_at,
    )


def counts(session: Session, *, principal: Principal, kind: PairKind | None = None) -> Counts:
    """Return how many pairs wait, are linked without a number, or were decided; None: of any kind.

    Raises:
        Forbidden: pairs are not for this role.
    """
    row = session.execute(
        sa.select(*(sa.func.count().filter(_in_group(group)) for group in GROUPS))
        .select_from(LinkagePair)
        .outerjoin(LATEST, sa.true())
        .where(
            within(principal, READ, LinkagePair.kantor_cabang),
            *([col(LinkagePair.kind) == kind] if kind else []),
        )
    ).one()
    return Counts(by_group=dict(zip(GROUPS, row, strict=True)))


def model_file(session: Session, *, principal: Principal, sha256: str) -> str:
    """Return a model file byte for byte.

    Raises:
        Forbidden: pairs are not for this role.
        NotFound: there is no such model.
    """
    principal.require(READ)
    row = session.get(LinkageModel, sha256)
    if row is None:
        raise NotFound("Model tautan {sha256} tidak ada.", sha256=sha256)
    return row.content


def _pairs(principal: Principal) -> sa.Select[Any]:
    return (
        sa.select(LinkagePair, VERDICT, sa.func.coalesce(LATEST.c.id, 0))
        .outerjoin(LATEST, sa.true())
        .where(within(principal, READ, LinkagePair.kantor_cabang))
    )


def _in_group(group: Group) -> sa.ColumnElement[bool]:
    if group == "diputus":
        return VERDICT.in_(SETTLED)
    open_ = sa.and_(col(LinkagePair.seen), VERDICT.not_in(SETTLED))
    band = "tinjau" if group == "menunggu" else "pasti"
    return sa.and_(open_, col(LinkagePair.band) == band)


def _view(row: LinkagePair, verdict: str, version: int) -> PairView:
    return PairView(
        id=row.id or 0,
        kind=cast("PairKind", row.kind),
        kunci=f"{NIK}{masked_nik(row.kunci.removeprefix(NIK))}"
        if row.kind == WORKER
        else row.kunci,
        npp=row.npp,
        member=masked_nik(row.member) if row.kind == WORKER else row.member,
        records=tuple((one[0], one[1]) for one in row.records),
        other_records=tuple((one[0], one[1]) for one in row.other_records),
        band="pasti" if row.band == "pasti" else "tinjau",
        why=cast("Why", row.why),
        method=row.method,
        next_method=method_of(band=row.band, why=row.why, exact=row.exact, verdict=verdict),
        weight=float(row.weight),
        chance=float(row.chance),
        parts=tuple(
            PartView(name, level, weight, voice(weight) if level else UNKNOWN)
            for name, level, weight in row.parts
        ),
        outside=masked(row.outside),
        registered=masked(row.registered),
        rival_npp=row.rival_npp,
        kantor_cabang=row.kantor_cabang,
        model_sha256=row.model_sha256,
        snapshot_id=row.snapshot_id,
        seen=row.seen,
        first_seen_on=row.first_seen_on,
        last_seen_on=row.last_seen_on,
        verdict=cast("Verdict", verdict),
        version=version,
    )


def masked(side: Mapping[str, Any]) -> dict[str, Any]:
    """Return one side of a pair with its NIK masked."""
    return {
        name: masked_nik(str(value)) if name == "nik" else value for name, value in side.items()
    }
