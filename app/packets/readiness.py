"""Says how complete a case is for a packet at one cut-off day, without drawing anything."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import Session

from app.accounts.schemas import Principal
from app.cases import queries as cases
from app.cases.defects import Defect
from app.errors import FieldProblem
from app.packets import referrals
from app.packets.completeness import missing, review
from app.packets.content import CompletenessRow
from app.packets.schemas import DEFAULT_LETTER
from app.packets.standing import packet_defects
from app.packets.tables import Referral
from app.registry.queries import latest_snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """`rows` is the completeness sheet; `missing` names what sealing still needs, one by one.

    `referral_approved`: two people have approved the referral step of the case. `defects`: what
    would sink this packet in court; a fatal one stops the sealing too.
    """

    rows: tuple[CompletenessRow, ...]
    missing: tuple[FieldProblem, ...]
    referral_approved: bool
    defects: tuple[Defect, ...]


def readiness(
    session: Session,
    *,
    principal: Principal,
    case: int | str,
    cutoff: date,
    snapshots_dir: Path,
    on: date,
) -> Readiness:
    """Return how complete the case is at the end of `cutoff`. Stores nothing.

    Raises:
        Forbidden: the principal may not read packets.
        NotFound: the case is not there, or not in this principal's offices.
    """
    principal.require("packets.read")
    file = cases.case_file(session, principal=principal, case=case, on=on)
    newest = latest_snapshot(session)
    row = referrals.find(session, case_id=file.id, cutoff=cutoff) or Referral(
        case_id=file.id,
        office_code=file.office_code,
        cutoff=cutoff,
        status=referrals.DRAFT,
        letter_number="-",
        letter_on=cutoff,
        letter_nature=DEFAULT_LETTER.nature,
        basis_sha256="",
        snapshot_id=newest.id if newest else "",
        prepared_by_name="",
        prepared_at=file.events[0].recorded_at,
    )
    dossier = referrals.dossier_of(
        session, principal=principal, file=file, row=row, snapshots_dir=snapshots_dir
    )
    return Readiness(
        rows=review(dossier),
        missing=missing(dossier),
        referral_approved=referrals.referral_step(file) is not None,
        defects=packet_defects(
            session,
            principal=principal,
            file=file,
            row=row,
            dossier=dossier,
            snapshots_dir=snapshots_dir,
        ),
    )
