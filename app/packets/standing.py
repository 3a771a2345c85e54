"""What would sink a case in court and which routes are open, its figures and citations included."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.cases import queries as cases
from app.cases.avenues import route_facts
from app.cases.defects import Defect, PacketFacts, Severity, defects
from app.cases.schemas import CaseFile
from app.cases.stages import Action, Stage
from app.errors import NotFound, Refused
from app.law.book import Norms
from app.law.calendar import CalendarTooShort
from app.law.late_payment import Arrears
from app.law.routes import RouteAdvice, advice
from app.lawbook.queries import law_in_force
from app.packets.dossier import Dossier
from app.packets.gather import codes_of
from app.packets.ledger import Ledger, ledger_of
from app.packets.legal_basis import citations
from app.packets.tables import Referral
from app.registry import employers
from app.registry.queries import latest_snapshot, snapshot_by_id
from app.registry.schemas import SnapshotView
from app.registry.snapshots import SnapshotReader

NOTHING: Final = Ledger((), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`arrears` at `file.as_of`, None when the last snapshot knows no bill of this employer.

    `known_on` is the day of that snapshot, None without one.
    """

    defects: tuple[Defect, ...]
    routes: tuple[RouteAdvice, ...]
    ledger: Ledger
    arrears: Arrears | None
    known_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Registered:
    name: str
    address: str
    ledger: Ledger
    as_of: date


def standing(
    session: Session, *, principal: Principal, file: CaseFile, snapshots_dir: Path
) -> Standing:
    """Return how the case stands as of its day, by the last registry snapshot. Stores nothing.

    Raises:
        Forbidden: the principal may not read the registry.
    """
    newest = latest_snapshot(session)
    known = _registered(principal, file, newest, snapshots_dir) if newest else None
    owed = _owed(session, known.ledger, on=file.as_of) if known else None
    claim = owed.total if owed is not None and owed.total else None
    facts = replace(
        file.court,
        packet=_packet_facts(
            session,
            file,
            claim=claim,
            known=known,
            newest=newest,
            referral=_last_referral(session, file.id),
        ),
    )
    return Standing(
        defects=defects(facts) if file.is_open else (),
        routes=advice(
            route_facts(
                facts,
                claim=claim,
                ageing=owed.ageing_class if owed else None,
                scale=file.employer.skala,
                address=known.address if known else file.employer.alamat,
            )
        )
        if file.is_open
        else (),
        ledger=known.ledger if known else NOTHING,
        arrears=owed,
        known_on=known.as_of if known else None,
    )


def packet_defects(
    session: Session,
    *,
    principal: Principal,
    file: CaseFile,
    row: Referral,
    dossier: Dossier,
    snapshots_dir: Path,
) -> tuple[Defect, ...]:
    """Return what would sink the packet that `row` fixes, the fatal first; by its own figures.

    The claim is what the packet prints. Who the employer is on record, the last snapshot says.
    """
    if not file.is_open:
        return ()
    newest = latest_snapshot(session)
    known = _registered(principal, file, newest, snapshots_dir) if newest else None
    owed = dossier.arrears.total if dossier.arrears is not None else 0
    packet = _packet_facts(
        session, file, claim=owed or None, known=known, newest=newest, referral=row
    )
    return defects(replace(file.court, packet=packet))


def require_sound(file: CaseFile, found: tuple[Defect, ...]) -> None:
    """Raises: Refused: `missing` names each fatal defect; what can be repaired stops nothing."""
    fatal = tuple(item.sentence for item in found if item.severity is Severity.FATAL)
    if fatal:
        raise Refused(
            "Berkas kasus {case} tidak dapat disegel: {count} cacat dapat menggugurkan perkara.",
            missing=fatal,
            case=file.number,
            count=len(fatal),
        )


def _registered(
    principal: Principal, file: CaseFile, newest: SnapshotView, snapshots_dir: Path
) -> _Registered | None:
    npp = file.employer.npp
    if not npp or not principal.may("registry.read"):
        return None
    reader = SnapshotReader(snapshots_dir, newest)
    try:
        profile = employers.profile(principal, snapshot=reader, npp=npp)
    except NotFound:
        return None
    return _Registered(
        name=profile.head.nama,
        address=profile.head.alamat or file.employer.alamat,
        ledger=ledger_of(
            employers.bills(principal, snapshot=reader, npp=npp),
            employers.payments(principal, snapshot=reader, npp=npp),
        ),
        as_of=profile.as_of,
    )


def _owed(session: Session, ledger: Ledger, *, on: date) -> Arrears | None:
    if not ledger.bills:
        return None
    try:
        return ledger.arrears(
            cutoff=on, norms=Norms(law=law_in_force(session), calendar=cases.calendar(session))
        )
    except CalendarTooShort:
        return None


def _packet_facts(
    session: Session,
    file: CaseFile,
    *,
    claim: int | None,
    known: _Registered | None,
    newest: SnapshotView | None,
    referral: Referral | None,
) -> PacketFacts:
    criminal = referral is not None and referral.criminal_clause
    frozen = referral.snapshot_id if referral is not None else ""
    return PacketFacts(
        claim=claim,
        frozen_on=snapshot_by_id(session, frozen).as_of if frozen else None,
        newest_on=newest.as_of if newest else None,
        outdated=bool(frozen) and newest is not None and frozen != newest.id,
        criminal_clause=criminal,
        citations=citations(
            codes=codes_of(file),
            months=[bill.month for bill in known.ledger.bills] if known else (),
            owed=claim is not None,
            denial_requested=any(step.step is Action.REQUEST_DENIAL for step in file.steps),
            criminal_clause=criminal,
        )
        if referral is not None or file.stage in {Stage.REFERRAL, Stage.REFERRED}
        else (),
        registered_name=known.name if known else "",
        registered_address=known.address if known else "",
        registered_on=known.as_of if known else None,
    )


def _last_referral(session: Session, case_id: int) -> Referral | None:
    return session.exec(
        select(Referral)
        .where(Referral.case_id == case_id)
        .order_by(col(Referral.cutoff).desc(), col(Referral.id).desc())
    ).first()
