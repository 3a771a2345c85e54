"""Letter and figures of one case at one cut-off day: prepared by one, approved by another."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.audit import service as audit
from app.cases import queries as cases
from app.cases.schemas import CaseFile
from app.cases.schemas import Event as CaseEvent
from app.cases.stages import Action, Stage
from app.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Refused
from app.packets import gather
from app.packets.canonical import basis_hash
from app.packets.completeness import missing
from app.packets.compose import compose_draft
from app.packets.dossier import Agreement, Dossier, Letter
from app.packets.queries import referral_view
from app.packets.schemas import LetterChoice, ReferralView
from app.packets.tables import Referral
from app.registry.queries import latest_snapshot

PREPARE: Final = "packets.prepare"
APPROVE: Final = "packets.approve"
DRAFT: Final = "draft"
PROPOSED: Final = "proposed"
APPROVED: Final = "approved"
_REFERRAL_MISSING: Final = FieldProblem(
    "approval", "Rujukan ke Kejaksaan belum disetujui oleh orang kedua pada tahapan kasus."
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A referral row with the dossier it fixes. `changed`: it is new, or prints something else."""

    row: Referral
    dossier: Dossier
    changed: bool


def prepare(
    session: Session,
    *,
    principal: Principal,
    case: int | str,
    cutoff: date,
    letter: LetterChoice,
    snapshots_dir: Path,
    on: date,
    now: datetime,
) -> ReferralView:
    """Fix the letter and the figures at the end of `cutoff`, to be approved by a second person.

    Prepared again, it takes the newest registry snapshot and what has been recorded since; an
    earlier approval ends when anything printed has changed. An incomplete case stays a draft.

    Raises:
        Forbidden: the principal may not prepare packets.
        NotFound: the case is not there, or not in this principal's offices.
        Invalid: the cut-off has not come yet, or lies before a withdrawal.
    """
    principal.require(PREPARE)
    file = cases.case_file(session, principal=principal, case=case, on=on)
    require_after_withdrawal(file, cutoff=cutoff)
    lock(session, file.id)
    newest = latest_snapshot(session)
    made = fixed(
        session,
        principal=principal,
        file=file,
        cutoff=cutoff,
        letter=letter,
        snapshots_dir=snapshots_dir,
        snapshot_id=newest.id if newest else "",
        on=on,
        now=now,
    )
    if made.changed:
        record(session, made.row, verb="prepare_referral", principal=principal, now=now)
    return referral_view(made.row)


def approve(
    session: Session,
    *,
    principal: Principal,
    referral_id: int,
    snapshots_dir: Path,
    on: date,
    now: datetime,
) -> ReferralView:
    """Approve what was prepared, as a second person. Bound to everything that will be printed.

    Raises:
        Forbidden: no named person, the role may not, or it is who prepared it.
        NotFound: not there, or not in this principal's offices.
        Refused: the case is incomplete.
        Conflict: already approved, or what would be printed has changed since.
    """
    row = _reachable(session, principal=principal, action=APPROVE, referral_id=referral_id)
    if principal.user_id is None:
        raise Forbidden("Persetujuan hanya dapat diberikan oleh orang yang bernama.")
    if row.prepared_by_id == principal.user_id:
        raise Forbidden("Penyusun tidak boleh menyetujui rujukannya sendiri; minta orang kedua.")
    lock(session, row.case_id)
    session.refresh(row, with_for_update=True)
    if row.status == APPROVED:
        raise Conflict("Rujukan ini sudah disetujui oleh {name}.", name=row.approved_by_name)
    file = cases.case_file(session, principal=principal, case=row.case_id, on=on)
    require_after_withdrawal(file, cutoff=row.cutoff)
    dossier = dossier_of(
        session, principal=principal, file=file, row=row, snapshots_dir=snapshots_dir
    )
    require_complete(dossier)
    if basis_hash(compose_draft(dossier)) != row.basis_sha256:
        raise Conflict("Isi rujukan berubah sejak disusun; susun ulang lalu periksa kembali.")
    row.status = APPROVED
    row.approved_by_id, row.approved_by_name = principal.user_id, principal.name
    row.approved_at = now
    row.version += 1
    session.add(row)
    session.flush()
    record(session, row, verb="approve_referral", principal=principal, now=now)
    return referral_view(row)


def fixed(
    session: Session,
    *,
    principal: Principal,
    file: CaseFile,
    cutoff: date,
    letter: LetterChoice,
    snapshots_dir: Path,
    snapshot_id: str,
    on: date,
    now: datetime,
) -> Prepared:
    """Store the referral of this case and cut-off, new or renewed.

    The caller holds the case's lock and writes the audit entry: that one makes all others wait.
    """
    if cutoff > on:
        problem = FieldProblem(
            "cutoff", "Tanggal batas {cutoff} belum tiba; hari ini {on}.",
            {"cutoff": cutoff, "on": on},
        )  # fmt: skip
        raise Invalid(problem.template, fields=(problem,), **problem.values)
    row = find(session, case_id=file.id, cutoff=cutoff)
    known = row is not None
    if row is None:
        row = Referral(
            case_id=file.id,
            office_code=file.office_code,
            cutoff=cutoff,
            status=DRAFT,
            letter_number=_letter_number(session, file.office_code, letter.on or cutoff),
            letter_on=letter.on or cutoff,
            letter_nature=letter.nature,
            basis_sha256="",
            prepared_by_name="",
            prepared_at=now,
        )
    row.letter_number = letter.number.strip() or row.letter_number
    row.letter_on = letter.on or row.letter_on
    row.letter_nature = letter.nature
    row.agreement = _agreement_document(letter.agreement)
    row.criminal_clause = letter.criminal_clause
    row.snapshot_id = snapshot_id
    dossier = dossier_of(
        session, principal=principal, file=file, row=row, snapshots_dir=snapshots_dir
    )
    basis = basis_hash(compose_draft(dossier))
    status = DRAFT if missing(dossier) else PROPOSED
    stays = row.status != DRAFT or (status == DRAFT and row.prepared_by_id == principal.user_id)
    if known and basis == row.basis_sha256 and stays:
        return Prepared(row, dossier, changed=False)
    row.basis_sha256 = basis
    row.status = status
    row.prepared_by_id, row.prepared_by_name = principal.user_id, principal.name
    row.prepared_at = now
    row.approved_by_id, row.approved_by_name, row.approved_at = None, "", None
    row.version += 1 if known else 0
    session.add(row)
    session.flush()
    return Prepared(row, dossier, changed=True)


def approve_by_case(session: Session, row: Referral, *, file: CaseFile) -> None:
    """Take over the approval that two named people gave to the step "rujukan" of the case."""
    step = referral_step(file)
    if step is None or step.approved_by is None or step.approved_by.user_id is None:
        raise Refused(_REFERRAL_MISSING.template, missing=(_REFERRAL_MISSING,))
    row.status = APPROVED
    row.prepared_by_id, row.prepared_by_name = step.actor.user_id, step.actor.name
    row.approved_by_id, row.approved_by_name = step.approved_by.user_id, step.approved_by.name
    row.approved_at = step.recorded_at
    session.add(row)
    session.flush()


def referral_step(file: CaseFile) -> CaseEvent | None:
    """Return the approved step of referral while it stands, None before it or after closing."""
    if file.stage not in {Stage.REFERRAL, Stage.REFERRED}:
        return None
    steps = [s for s in file.steps if s.step is Action.REFER and s.approved_by is not None]
    return steps[-1] if steps else None


def require_complete(dossier: Dossier, *, approved: bool = True) -> None:
    """Raises: Refused: `missing` names each thing without which no packet leaves the office."""
    gaps = missing(dossier) + (() if approved else (_REFERRAL_MISSING,))
    if gaps:
        raise Refused(
            "Paket untuk kasus {case} belum dapat dibuat: {count} hal belum lengkap.",
            missing=gaps,
            case=dossier.case_number,
            count=len(gaps),
        )


def dossier_of(
    session: Session, *, principal: Principal, file: CaseFile, row: Referral, snapshots_dir: Path
) -> Dossier:
    """Return the dossier as this referral fixes it: its letter, its cut-off, its snapshot."""
    return gather.dossier(
        session,
        principal=principal,
        file=file,
        cutoff=row.cutoff,
        letter=Letter(
            number=row.letter_number,
            on=row.letter_on,
            nature=row.letter_nature,
            agreement=_agreement(row.agreement),
        ),
        criminal_clause=row.criminal_clause,
        snapshots_dir=snapshots_dir,
        snapshot_id=row.snapshot_id,
    )


def require_after_withdrawal(file: CaseFile, *, cutoff: date) -> None:
    """Refuse figures of before a withdrawal: the steps that were taken again would be missing.

    Raises:
        Invalid: the cut-off lies before the referral that followed, or before the withdrawal.
    """
    days = [one.on for one in file.steps if one.step is Action.WITHDRAW_REFERRAL]
    if not days:
        return
    again = referral_step(file)
    first = max(days[-1], again.on) if again else days[-1]
    if cutoff < first:
        problem = FieldProblem(
            "cutoff",
            "Tanggal batas {cutoff} mendahului rujukan yang diulang sesudah pencabutan; pilih "
            "{first} atau sesudahnya.",
            {"cutoff": cutoff, "first": first},
        )
        raise Invalid(problem.template, fields=(problem,), **problem.values)


def find(session: Session, *, case_id: int, cutoff: date) -> Referral | None:
    return session.exec(
        select(Referral)
        .where(Referral.case_id == case_id, Referral.cutoff == cutoff)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def lock(session: Session, case_id: int) -> None:
    """Let those who prepare or build packets of one case take turns until they commit."""
    session.connection().execute(
        sa.text("SELECT pg_advisory_xact_lock(7205, :case_id)"), {"case_id": case_id}
    )


def _letter_number(session: Session, office_code: str, on: date) -> str:
    """Return `B/<seq>/<mmyyyy>`; the sequence counts the office's referrals of that year."""
    session.connection().execute(
        sa.text("SELECT pg_advisory_xact_lock(7206, hashtext(:office))"), {"office": office_code}
    )
    earlier = session.exec(
        select(func.count())
        .select_from(Referral)
        .where(
            Referral.office_code == office_code,
            func.extract("year", col(Referral.letter_on)) == on.year,
        )
    ).one()
    return f"B/{earlier + 1}/{on:%m%Y}"


def _reachable(
    session: Session, *, principal: Principal, action: str, referral_id: int
) -> Referral:
    row = session.exec(
        select(Referral).where(
            Referral.id == referral_id, within(principal, action, Referral.office_code)
        )
    ).first()
    if row is None:
        raise NotFound("Rujukan {referral} tidak ada.", referral=referral_id)
    return row


def record(
    session: Session, row: Referral, *, verb: str, principal: Principal, now: datetime
) -> None:
    audit.record(
        session,
        actor=principal.actor,
        action=f"packets.{verb}",
        subject=f"case:{row.case_id}",
        office=row.office_code,
        now=now,
        detail={
            "referral": row.id,
            "cutoff": row.cutoff.isoformat(),
            "status": row.status,
            "basis_sha256": row.basis_sha256,
            "criminal_clause": row.criminal_clause,
        },
    )


def _agreement_document(agreement: Agreement | None) -> dict[str, Any]:
    if agreement is None:
        return {}
    return {
        "number": agreement.number,
        "signed_on": agreement.signed_on.isoformat(),
        "valid_until": agreement.valid_until.isoformat() if agreement.valid_until else None,
    }


def _agreement(kept: dict[str, Any]) -> Agreement | None:
    if not kept:
        return None
    until = kept["valid_until"]
    return Agreement(
        number=kept["number"],
        signed_on=date.fromisoformat(kept["signed_on"]),
        valid_until=date.fromisoformat(until) if until else None,
    )
