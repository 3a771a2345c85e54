"""Questions about referrals and sealed packets, within the principal's offices. Reads only."""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.cases import queries as cases
from app.errors import NotFound
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor
from app.packets.schemas import PacketFile, PacketView, ReferralStatus, ReferralView
from app.packets.tables import Packet, Referral

READ: Final = "packets.read"
_STATUS: Final[dict[str, ReferralStatus]] = {
    "draft": "draft",
    "proposed": "proposed",
    "approved": "approved",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """`newest`: per case, version and number of its newest packet that is on record."""

    on_record: frozenset[str]
    withdrawn: frozenset[str]
    newest: dict[int, tuple[int, str]]


def packets(
    session: Session,
    *,
    principal: Principal,
    case_id: int | None,
    limit: int,
    cursor: str | None,
) -> Page[PacketView]:
    """Return sealed packets, newest first; of one case, or of all (`case_id` None).

    Raises:
        Forbidden: the principal may not read packets.
        Invalid: the cursor is not one of ours.
    """
    limit = max(1, min(limit, LARGEST_PAGE))
    statement = select(Packet).where(within(principal, READ, Packet.office_code))
    if case_id is not None:
        statement = statement.where(Packet.case_id == case_id)
    if cursor is not None:
        (last,) = decode_cursor(cursor, int)
        statement = statement.where(col(Packet.id) < last)
    rows = session.exec(statement.order_by(col(Packet.id).desc()).limit(limit + 1)).all()
    standing = _standing(session, {row.case_id for row in rows})
    items = tuple(_packet_view(row, standing) for row in rows[:limit])
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > limit else None)


def packet(session: Session, *, principal: Principal, packet: int | str) -> PacketView:
    """Return one packet, by id or number.

    Raises:
        Forbidden: the principal may not read packets.
        NotFound: it is not there, or not in this principal's offices.
    """
    which = Packet.id == packet if isinstance(packet, int) else Packet.number == packet
    row = session.exec(
        select(Packet).where(which, within(principal, READ, Packet.office_code))
    ).first()
    if row is None:
        raise NotFound("Paket {packet} tidak ada atau di luar kantor Anda.", packet=packet)
    return _packet_view(row, _standing(session, {row.case_id}))


def referrals(
    session: Session, *, principal: Principal, case_id: int | None, limit: int, cursor: str | None
) -> Page[ReferralView]:
    """Return referrals, newest first; of one case, or of all (`case_id` None).

    Raises:
        Forbidden: the principal may not read packets.
        Invalid: the cursor is not one of ours.
    """
    limit = max(1, min(limit, LARGEST_PAGE))
    statement = select(Referral).where(within(principal, READ, Referral.office_code))
    if case_id is not None:
        statement = statement.where(Referral.case_id == case_id)
    if cursor is not None:
        (last,) = decode_cursor(cursor, int)
        statement = statement.where(col(Referral.id) < last)
    rows = session.exec(statement.order_by(col(Referral.id).desc()).limit(limit + 1)).all()
    items = tuple(referral_view(row) for row in rows[:limit])
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > limit else None)


def referral(session: Session, *, principal: Principal, referral_id: int) -> ReferralView:
    """Raises: NotFound: it is not there, or not in this principal's offices."""
    row = session.exec(
        select(Referral).where(
            Referral.id == referral_id, within(principal, READ, Referral.office_code)
        )
    ).first()
    if row is None:
        raise NotFound("Rujukan {referral} tidak ada.", referral=referral_id)
    return referral_view(row)


def _packet_view(row: Packet, standing: Standing) -> PacketView:
    version, number = standing.newest.get(row.case_id, (row.version, row.number))
    return PacketView(
        id=row.id or 0,
        number=row.number,
        case_id=row.case_id,
        office_code=row.office_code,
        cutoff=row.cutoff,
        version=row.version,
        pages=row.pages,
        pdf_size=row.pdf_size,
        pdf_sha256=row.pdf_sha256,
        content_sha256=row.content_sha256,
        check_code=row.check_code,
        total=row.total,
        files=tuple(PacketFile(**file) for file in row.files),
        sealed_at=row.sealed_at,
        sealed_by=row.sealed_by_name,
        superseded_by=number if version > row.version else "",
        on_record=row.number in standing.on_record,
        withdrawn=row.number in standing.withdrawn,
    )


def referral_view(row: Referral) -> ReferralView:
    return ReferralView(
        id=row.id or 0,
        case_id=row.case_id,
        office_code=row.office_code,
        cutoff=row.cutoff,
        status=_STATUS[row.status],
        letter_number=row.letter_number,
        letter_on=row.letter_on,
        basis_sha256=row.basis_sha256,
        prepared_by=row.prepared_by_name,
        prepared_at=row.prepared_at,
        approved_by=row.approved_by_name,
        approved_at=row.approved_at,
        version=row.version,
    )


def _standing(session: Session, case_ids: set[int]) -> Standing:
    """Return which packets of these cases a named person sealed, and the newest of them."""
    on_record = cases.packets_on_record(session, case_ids=case_ids)
    rows = session.exec(
        select(Packet.case_id, Packet.version, Packet.number)
        .where(col(Packet.case_id).in_(case_ids), col(Packet.number).in_(on_record))
        .order_by(col(Packet.version))
    )
    return Standing(
        on_record,
        cases.packets_withdrawn(session, case_ids=case_ids),
        {case_id: (version, number) for case_id, version, number in rows},
    )
