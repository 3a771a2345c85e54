"""What a case is about in rupiah: why its arrears changed since a letter, and its estimates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.schemas import Principal
from app.calculations import differences as documents
from app.calculations.differences import DifferenceAnswer
from app.cases import queries as cases
from app.cases.schemas import CaseFile
from app.errors import FieldProblem, Invalid, NotFound
from app.infra.wording import N_
from app.law.book import Norms
from app.law.calendar import CalendarTooShort
from app.law.differences import Facts, difference
from app.law.money import Rupiah
from app.lawbook.queries import law_in_force, law_known_at
from app.packets.ledger import Ledger, ledger_of
from app.packets.moments import Moment, SealedFigures, moments
from app.packets.queries import READ as READ_PACKETS
from app.packets.tables import Packet
from app.registry import employers
from app.registry.queries import latest_snapshot, snapshot_by_id, snapshot_known_at
from app.registry.schemas import SnapshotView
from app.registry.snapshots import SnapshotReader

READ_REGISTRY: Final = "registry.read"
_NOTHING: Final = Ledger((), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Arrears at `since` against those at `until`, by the data known then and now.

    `late_data`: no data had been imported by that day, so the first known when it was recorded
    are used. `printed`: the total a sealed packet names, where it is not the one reckoned here.
    """

    since: Moment
    until: date
    data_then: SnapshotView
    data_now: SnapshotView
    late_data: bool
    printed: Rupiah | None
    answer: DifferenceAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`change` None: `unknown` says why there is none."""

    moments: tuple[Moment, ...]
    change: Change | None
    unknown: FieldProblem | None


class _Unknown(Exception):
    """Nothing went wrong: there is only nothing to compare."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.problem = FieldProblem("since", template, values)


def figures(
    session: Session, *, principal: Principal, file: CaseFile, since: str, snapshots_dir: Path
) -> Figures:
    """Return why the arrears changed since a letter, a report or a packet. Stores nothing.

    `since` is the key of a moment; empty: the first one. The law is the one known then and the
    one in force; the calendar is the one of today for both days, since its old states are not
    kept.

    Raises:
        Forbidden: the principal may not read the registry.
        Invalid: the case has no such moment.
    """
    principal.require(READ_REGISTRY)
    zone = accounts.office(session, code=file.office_code).zone
    told = moments(file, _sealed(session, principal, file), zone=zone)
    chosen = _chosen(told, since)
    try:
        change = _change(session, principal, file, chosen, snapshots_dir)
    except _Unknown as unknown:
        return Figures(moments=told, change=None, unknown=unknown.problem)
    return Figures(moments=told, change=change, unknown=None)


def _chosen(told: Sequence[Moment], since: str) -> Moment | None:
    if not since:
        return told[0] if told else None
    for moment in told:
        if moment.key == since:
            return moment
    problem = FieldProblem(
        "since",
        "Surat atau berkas “{value}” ({field}) tidak ada pada kasus ini; pilih yang ada.",
        {"field": "since", "value": since[:60]},
    )
    raise Invalid(problem.template, fields=(problem,), **problem.values)


def _sealed(session: Session, principal: Principal, file: CaseFile) -> tuple[SealedFigures, ...]:
    if not principal.may(READ_PACKETS):
        return ()
    rows = session.exec(select(Packet).where(Packet.case_id == file.id).order_by(col(Packet.id)))
    return tuple(
        SealedFigures(
            number=row.number,
            cutoff=row.cutoff,
            sealed_at=row.sealed_at,
            snapshot_id=row.snapshot_id,
            total=row.total,
        )
        for row in rows
    )


def _change(
    session: Session,
    principal: Principal,
    file: CaseFile,
    since: Moment | None,
    snapshots_dir: Path,
) -> Change:
    if not file.employer.npp:
        raise _Unknown(
            N_("Pemberi kerja ini belum terdaftar, jadi belum ada tagihan yang dapat dibandingkan.")
        )
    if since is None:
        raise _Unknown(
            N_("Belum ada surat, laporan, atau berkas bertanggal yang angkanya dapat dibandingkan.")
        )
    newest = latest_snapshot(session)
    then, late = _data_then(session, since)
    if newest is None or then is None:
        raise _Unknown(
            N_(
                "Belum ada data yang diimpor ketika {label} tanggal {day} dicatat, jadi angkanya "
                "saat itu tidak diketahui."
            ),
            label=since.label,
            day=since.on,
        )
    before = _ledger(principal, file, then, snapshots_dir)
    after = _ledger(principal, file, newest, snapshots_dir)
    if not before.bills and not after.bills:
        raise _Unknown(N_("Data registri tidak memuat tagihan pemberi kerja ini."))
    calendar = cases.calendar(session)
    try:
        found = difference(
            _facts(before, since.on, Norms(law_known_at(session, since.known_before), calendar)),
            _facts(after, file.as_of, Norms(law_in_force(session), calendar)),
        )
    except CalendarTooShort as short:
        raise _Unknown(short.template, **short.values) from None
    reckoned = found.before.total
    return Change(
        since=since,
        until=file.as_of,
        data_then=then,
        data_now=newest,
        late_data=late,
        printed=since.printed if since.printed != reckoned else None,
        answer=documents.answer_of(found),
    )


def _data_then(session: Session, since: Moment) -> tuple[SnapshotView | None, bool]:
    """Return the data of that day, and whether they came only when the letter was recorded."""
    if since.snapshot_id:
        return snapshot_by_id(session, since.snapshot_id), False
    if known := snapshot_known_at(session, since.known_before):
        return known, False
    return snapshot_known_at(session, since.recorded_at), True


def _facts(ledger: Ledger, cutoff: date, norms: Norms) -> Facts:
    return Facts(bills=ledger.bills, payments=ledger.payments, cutoff=cutoff, norms=norms)


def _ledger(
    principal: Principal, file: CaseFile, view: SnapshotView, snapshots_dir: Path
) -> Ledger:
    """Return the bills and payments of that snapshot; none when it does not know the employer."""
    reader = SnapshotReader(snapshots_dir, view)
    try:
        # An employer that is not there is an answer, a file that is gone is not.
        for table in ("pemberi_kerja", "tagihan", "pembayaran"):
            reader.path(table)
    except NotFound as gone:
        raise _Unknown(gone.template, **gone.values) from None
    npp = file.employer.npp
    try:
        bills = employers.bills(principal, snapshot=reader, npp=npp)
    except NotFound:
        return _NOTHING
    return ledger_of(bills, employers.payments(principal, snapshot=reader, npp=npp))
