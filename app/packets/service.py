"""Prepares, approves, previews, seals and hands out packets. Other rooms import from here."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session, col, func, select

from app.accounts.schemas import Principal
from app.audit import service as audit
from app.audit.tables import AuditEntry
from app.cases import queries as cases
from app.cases import service as casework
from app.cases.schemas import CaseFile
from app.cases.stages import Stage
from app.errors import Conflict, NotFound, Refused
from app.infra.store import BlobStore
from app.packets import files, referrals
from app.packets.canonical import basis_hash, check_code
from app.packets.completeness import missing
from app.packets.compose import compose, compose_draft
from app.packets.content import ReferralPacket
from app.packets.dossier import Dossier
from app.packets.queries import packet as packet_by
from app.packets.referrals import approve, prepare
from app.packets.render import render
from app.packets.schemas import DEFAULT_LETTER, Draft, LetterChoice, PacketFile, PacketView
from app.packets.seal import SealedPdf, seal, sidecars, write_folder, zipped
from app.packets.standing import packet_defects, require_sound
from app.packets.tables import Packet, Referral
from app.registry.queries import latest_snapshot

__all__ = ["approve", "build", "download", "draft", "prepare", "write"]

READ: Final = "packets.read"


def draft(
    session: Session,
    *,
    principal: Principal,
    case: int | str,
    cutoff: date,
    snapshots_dir: Path,
    on: date,
) -> Draft:
    """Return a preview with KONSEP on every page, complete or not. Stores nothing.

    Raises:
        Forbidden, NotFound: as `build`.
        Unavailable: the PDF could not be made.
    """
    principal.require(referrals.PREPARE)
    file = cases.case_file(session, principal=principal, case=case, on=on)
    row = referrals.find(session, case_id=file.id, cutoff=cutoff)
    dossier = referrals.dossier_of(
        session,
        principal=principal,
        file=file,
        row=row or _preview(session, file, cutoff),
        snapshots_dir=snapshots_dir,
    )
    rendered = render(compose_draft(dossier))
    return Draft(pdf=rendered.pdf, pages=rendered.pages, missing=missing(dossier))


def build(
    session: Session,
    *,
    principal: Principal,
    case: int | str,
    cutoff: date,
    store: BlobStore,
    snapshots_dir: Path,
    out_dir: Path | None,
    on: date,
    now: datetime,
    letter: LetterChoice = DEFAULT_LETTER,
) -> PacketView:
    """Seal the packet of a case at the end of `cutoff`; write its folder when `out_dir` is given.

    Sealed by a named person it is a step of the case. Without a name it is built all the same, on
    the approval of two people, but stays off the record until a named person seals it too.

    The same facts give the packet that was already sealed (`already`). Without a referral for this
    cut-off one is made, on the approval that two people gave to the referral step of the case;
    one that was prepared by hand must have been approved.

    Raises:
        Forbidden: the principal may not prepare packets.
        NotFound: the case is not there, or not in this principal's offices.
        Refused: the case is incomplete, its referral is not approved, or something fatal would
            sink it in court; `missing` lists it all.
        Invalid: the cut-off has not come yet, or lies before a withdrawal.
        Conflict: what would be printed has changed since the approval.
        Unavailable: the PDF could not be made, or the disk refused.
    """
    principal.require(referrals.PREPARE)
    file = cases.case_file(session, principal=principal, case=case, on=on)
    referrals.lock(session, file.id)
    # Whoever held the lock may have changed the case.
    file = cases.case_file(session, principal=principal, case=file.id, on=on)
    referrals.require_after_withdrawal(file, cutoff=cutoff)
    row, dossier, verbs = _approved(
        session,
        principal=principal,
        file=file,
        cutoff=cutoff,
        letter=letter,
        snapshots_dir=snapshots_dir,
        on=on,
        now=now,
    )
    sealed = _sealed_before(session, row)
    found = packet_defects(
        session,
        principal=principal,
        file=file,
        row=row,
        dossier=dossier,
        snapshots_dir=snapshots_dir,
    )
    if sealed is None:
        _require_stage(file)
    if sealed is None or _is_adopted(session, sealed, principal=principal, file=file):
        require_sound(file, found)
    packet = sealed or _seal(
        session,
        principal=principal,
        file=file,
        row=row,
        dossier=dossier,
        verbs=verbs,
        store=store,
        now=now,
    )
    _put_on_record(session, packet, principal=principal, file=file, on=on, now=now)
    view = packet_by(session, principal=principal, packet=packet.number)
    folder = None
    if out_dir is not None:
        folder = write(view, store=store, out_dir=out_dir)
        _record_hand_over(
            session,
            view,
            action="packets.write",
            detail={"sha256": view.pdf_sha256},
            principal=principal,
            now=now,
        )
    return replace(view, already=sealed is not None, folder=folder, defects=found)


def write(view: PacketView, *, store: BlobStore, out_dir: Path) -> Path:
    """Write the packet folder below `out_dir` and return it: all of it, or nothing.

    Raises:
        NotFound: a file of the packet is gone from the store.
        Unavailable: the disk refused.
    """
    return write_folder(out_dir, view.number, files.contents(view.files, store))


def download(
    session: Session,
    *,
    principal: Principal,
    packet: int | str,
    name: str,
    store: BlobStore,
    now: datetime,
) -> tuple[PacketFile, Iterator[bytes]]:
    """Return one file of a packet and its bytes; `<number>.zip` is all of them. Audited.

    Raises:
        Forbidden: the principal may not read packets.
        NotFound: no such packet in this principal's offices, or no such file in it.
    """
    view = packet_by(session, principal=principal, packet=packet)
    if name == f"{view.number}.zip":
        content = zipped(view.number, files.contents(view.files, store))
        file = files.described(name, content)
        pieces: Iterator[bytes] = iter([content])
    else:
        found = next((file for file in view.files if file.name == name), None)
        if found is None:
            raise NotFound("Berkas {name} tidak ada dalam paket {packet}.", name=name[:120],
                           packet=view.number)  # fmt: skip
        file, pieces = found, store.chunks(found.sha256)
    _record_hand_over(
        session,
        view,
        action="packets.download",
        detail={"file": file.name, "sha256": file.sha256},
        principal=principal,
        now=now,
    )
    return file, pieces


def _record_hand_over(
    session: Session,
    view: PacketView,
    *,
    action: str,
    detail: Mapping[str, str],
    principal: Principal,
    now: datetime,
) -> None:
    """Note who took figures and names out of the house, be it without a name."""
    audit.record(
        session,
        actor=principal.actor,
        action=action,
        subject=f"case:{view.case_id}",
        office=view.office_code,
        now=now,
        detail={"packet": view.number, **detail},
    )


def _approved(
    session: Session,
    *,
    principal: Principal,
    file: CaseFile,
    cutoff: date,
    letter: LetterChoice,
    snapshots_dir: Path,
    on: date,
    now: datetime,
) -> tuple[Referral, Dossier, tuple[str, ...]]:
    """Return the approved referral of this cut-off, what it fixes, and what is yet to be audited.

    The audit entries wait until the PDF is made: who writes one makes all other writers wait.
    """
    row = referrals.find(session, case_id=file.id, cutoff=cutoff)
    if row is None or row.status == referrals.DRAFT:
        newest = latest_snapshot(session)
        made = referrals.fixed(
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
        approved = referrals.referral_step(file) is not None
        referrals.require_complete(made.dossier, approved=approved)
        referrals.approve_by_case(session, made.row, file=file)
        return made.row, made.dossier, ("prepare_referral", "approve_referral")
    dossier = referrals.dossier_of(
        session, principal=principal, file=file, row=row, snapshots_dir=snapshots_dir
    )
    if row.status == referrals.PROPOSED:
        raise Refused(
            "Rujukan kasus {case} per {cutoff} menunggu persetujuan orang kedua.",
            case=file.number,
            cutoff=cutoff,
        )
    referrals.require_complete(dossier, approved=referrals.referral_step(file) is not None)
    if basis_hash(compose_draft(dossier)) != row.basis_sha256:
        raise Conflict(
            "Isi rujukan kasus {case} per {cutoff} berubah sejak disetujui; susun dan setujui "
            "kembali.",
            case=file.number,
            cutoff=cutoff,
        )
    return row, dossier, ()


def _sealed_before(session: Session, row: Referral) -> Packet | None:
    return session.exec(
        select(Packet).where(
            Packet.case_id == row.case_id,
            Packet.cutoff == row.cutoff,
            Packet.basis_sha256 == row.basis_sha256,
        )
    ).first()


def _seal(
    session: Session,
    *,
    principal: Principal,
    file: CaseFile,
    row: Referral,
    dossier: Dossier,
    verbs: tuple[str, ...],
    store: BlobStore,
    now: datetime,
) -> Packet:
    version = _next_version(session, file.id)
    content = compose(dossier, version=version)
    made = seal(content)
    kept = files.stored(content, made, store=store)
    for verb in verbs:
        referrals.record(session, row, verb=verb, principal=principal, now=now)
    circumstances = _recorded(session, row, content, made, principal=principal, now=now)
    beside = sidecars(made, name=f"{content.number}.pdf", circumstances=circumstances)
    kept += [files.kept(name, data, store) for name, data in sorted(beside.items())]
    packet = Packet(
        number=content.number,
        case_id=file.id,
        referral_id=row.id or 0,
        office_code=file.office_code,
        cutoff=row.cutoff,
        version=version,
        pages=made.pages,
        pdf_size=len(made.pdf),
        pdf_sha256=made.sha256,
        content_sha256=made.content_sha256,
        basis_sha256=row.basis_sha256,
        check_code=check_code(made.content_sha256),
        total=content.dues.total if content.dues else 0,
        files=[asdict(item) for item in kept],
        snapshot_id=row.snapshot_id,
        sealed_at=now,
        sealed_by=principal.actor,
        sealed_by_name=principal.name,
    )
    session.add(packet)
    session.flush()
    return packet


def _require_stage(file: CaseFile) -> None:
    if file.stage is not Stage.REFERRAL:
        raise Refused(
            "Paket baru untuk kasus {case} hanya dapat disegel pada tahap rujukan; kasus berada "
            "pada tahap {stage}.",
            case=file.number,
            stage=file.stage_label,
        )


def _is_adopted(session: Session, packet: Packet, *, principal: Principal, file: CaseFile) -> bool:
    """Say whether this call makes the sealing a step: a named person stands behind it, once."""
    return (
        principal.user_id is not None
        and file.stage is Stage.REFERRAL
        and packet.number not in cases.packets_on_record(session, case_ids=[file.id])
    )


def _put_on_record(
    session: Session,
    packet: Packet,
    *,
    principal: Principal,
    file: CaseFile,
    on: date,
    now: datetime,
) -> None:
    if not _is_adopted(session, packet, principal=principal, file=file):
        return
    casework.record_sealed_packet(
        session,
        principal=principal,
        case_id=file.id,
        packet_number=packet.number,
        sha256=packet.pdf_sha256,
        on=on,
        now=now,
    )


def _recorded(
    session: Session,
    row: Referral,
    content: ReferralPacket,
    made: SealedPdf,
    *,
    principal: Principal,
    now: datetime,
) -> Mapping[str, Any]:
    """Write the audit entry and return what the folder's manifest says of the sealing."""
    seq = audit.record(
        session,
        actor=principal.actor,
        action="packets.seal",
        subject=f"case:{row.case_id}",
        office=row.office_code,
        now=now,
        detail={
            "packet": content.number,
            "cutoff": row.cutoff.isoformat(),
            "pdf_sha256": made.sha256,
            "content_sha256": made.content_sha256,
        },
    )
    head = session.exec(select(AuditEntry.entry_hash).where(AuditEntry.seq == seq)).one()
    return {
        "at": now.isoformat(timespec="seconds"),
        "by": principal.name,
        "prepared_by": row.prepared_by_name,
        "approved_by": row.approved_by_name,
        "audit": {"seq": seq, "hash": head},
    }


def _next_version(session: Session, case_id: int) -> int:
    highest = session.exec(
        select(func.max(col(Packet.version))).where(Packet.case_id == case_id)
    ).one()
    return (highest or 0) + 1


def _preview(session: Session, file: CaseFile, cutoff: date) -> Referral:
    """Return a referral that is never stored: its letter has no number yet."""
    newest = latest_snapshot(session)
    return Referral(
        case_id=file.id,
        office_code=file.office_code,
        cutoff=cutoff,
        status=referrals.DRAFT,
        letter_number="B/......../......",
        letter_on=cutoff,
        letter_nature=DEFAULT_LETTER.nature,
        basis_sha256="",
        snapshot_id=newest.id if newest else "",
        prepared_by_name="",
        prepared_at=file.events[0].recorded_at,
    )
