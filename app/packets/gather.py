"""Reads one case, the registry and the calendar, and hands everything on as one dossier."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.schemas import OfficeView, Principal
from app.cases import queries as cases
from app.cases.clocks import Clock
from app.cases.schemas import CaseFile, CaseFlag
from app.cases.stages import Action
from app.detection.facts.asof import fresh_from
from app.errors import NotFound
from app.infra.paging import LARGEST_PAGE
from app.law.administrative_fine import AdministrativeFine, administrative_fine
from app.law.book import LawBook, Norms
from app.law.late_payment import Arrears
from app.law.money import counted, formatted
from app.law.month import Month
from app.law.parameters.detection import STALE_AFTER_MONTHS
from app.lawbook.queries import law_in_force
from app.packets import chronicle
from app.packets.dossier import (
    BillBase,
    Dossier,
    Employer,
    Letter,
    Office,
    Officer,
    Violation,
    ViolationCode,
)
from app.packets.ledger import ledger_of
from app.packets.roster import roster, source_counts
from app.packets.wording import long_date
from app.registry import employers
from app.registry.queries import snapshot_by_id
from app.registry.reference.regions import business_titles, province_names, regency_names
from app.registry.schemas import BillRow, EmployerProfile, PaymentRow, WorkerRow
from app.registry.snapshots import SnapshotReader


@dataclass(frozen=True, slots=True, kw_only=True)
class _Registered:
    """What the registry knows of an NPP in one snapshot."""

    profile: EmployerProfile
    workers: tuple[WorkerRow, ...]
    bills: tuple[BillRow, ...]
    payments: tuple[PaymentRow, ...]
    related: tuple[str, ...]


def dossier(
    session: Session,
    *,
    principal: Principal,
    file: CaseFile,
    cutoff: date,
    letter: Letter,
    criminal_clause: bool,
    snapshots_dir: Path,
    snapshot_id: str,
) -> Dossier:
    """Return what is known of the case at the end of `cutoff`, as of one registry snapshot.

    `snapshot_id` empty: the case rests on no snapshot.

    Raises:
        NotFound: the snapshot is not there, or its files are gone.
        CalendarTooShort: a bill falls due in a year whose holidays are not loaded.
    """
    registered = _registered(
        session,
        principal=principal,
        npp=file.employer.npp,
        snapshots_dir=snapshots_dir,
        snapshot_id=snapshot_id,
    )
    law = law_in_force(session)
    owed = None
    if registered is not None and registered.bills:
        owed = ledger_of(registered.bills, registered.payments).arrears(
            cutoff=cutoff, norms=Norms(law=law, calendar=cases.calendar(session))
        )
    office = accounts.office(session, code=file.office_code)
    codes = frozenset(str(code) for code in file.violations)
    as_of = registered.profile.as_of if registered else None
    return Dossier(
        case_number=file.number,
        opened_on=file.opened_on,
        cutoff=cutoff,
        letter=letter,
        office=_office(session, office),
        officer=_officer(session, file, office),
        employer=_employer(file, registered),
        violations=tuple(_violations(file, owed=owed, cutoff=cutoff)),
        arrears=owed,
        bill_bases=_bases(registered.bills) if registered else (),
        fine=_fine(file, cutoff=cutoff, law=law),
        fine_imposed=any(
            step.step is Action.IMPOSE_FINE and step.on <= cutoff for step in file.steps
        ),
        workers=roster(
            flags=file.flags,
            registered=registered.workers if registered else (),
            codes=codes,
            registry_as_of=as_of,
        ),
        events=chronicle.events(file, cutoff=cutoff),
        evidence=chronicle.exhibits(file, cutoff=cutoff),
        registry_as_of=as_of,
        snapshot_id=snapshot_id,
        remarks=tuple(_remarks(file, cutoff=cutoff, registry_as_of=as_of, law=law)),
        criminal_clause=criminal_clause,
        law=law,
    )


def _registered(
    session: Session, *, principal: Principal, npp: str, snapshots_dir: Path, snapshot_id: str
) -> _Registered | None:
    if not npp or not snapshot_id:
        return None
    reader = SnapshotReader(snapshots_dir, snapshot_by_id(session, snapshot_id))
    try:
        profile = employers.profile(principal, snapshot=reader, npp=npp)
    except NotFound:
        return None
    return _Registered(
        profile=profile,
        workers=tuple(_workers(principal, reader, npp)),
        bills=employers.bills(principal, snapshot=reader, npp=npp),
        payments=employers.payments(principal, snapshot=reader, npp=npp),
        related=_related(principal, reader, profile),
    )


def _workers(principal: Principal, reader: SnapshotReader, npp: str) -> Iterator[WorkerRow]:
    cursor: str | None = None
    while True:
        page = employers.workers(
            principal, snapshot=reader, npp=npp, limit=LARGEST_PAGE, cursor=cursor
        )
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def _related(
    principal: Principal, reader: SnapshotReader, profile: EmployerProfile
) -> tuple[str, ...]:
    if not profile.head.npwp:
        return ()
    found = employers.search(
        principal, snapshot=reader, text=profile.head.npwp, limit=LARGEST_PAGE, cursor=None
    )
    return tuple(
        sorted(
            row.npp
            for row in found.items
            if row.npp != profile.npp and row.npwp == profile.head.npwp
        )
    )


def _bases(bills: Iterable[BillRow]) -> tuple[BillBase, ...]:
    summed: dict[tuple[int, str], tuple[int, int]] = {}
    for bill in bills:
        workers, wages = summed.get((bill.blth, bill.program), (0, 0))
        summed[bill.blth, bill.program] = (workers + bill.tk, wages + bill.dasar_upah)
    return tuple(
        BillBase(
            month=Month.from_index(blth), programme=programme, workers=workers, wage_base=wages
        )
        for (blth, programme), (workers, wages) in sorted(summed.items())
    )


def _fine(file: CaseFile, *, cutoff: date, law: LawBook) -> AdministrativeFine | None:
    """Reading: the base is one month of the contributions the flags found missing."""
    imposed = [s for s in file.steps if s.step is Action.IMPOSE_FINE and s.on <= cutoff]
    warned = file.deadline_of(Clock.WARNING_2)
    base = sum(
        int(str(flag.numbers["iuran_sebulan"]))
        for flag in file.flags
        if flag.rule != "PIUTANG" and "iuran_sebulan" in flag.numbers
    )
    if not imposed or warned is None or warned.due_on is None or not base:
        return None
    return administrative_fine(
        contributions_due=base, second_warning_ended_on=warned.due_on, on=cutoff, law=law
    )


def _violations(file: CaseFile, *, owed: Arrears | None, cutoff: date) -> Iterator[Violation]:
    for code in file.violations:
        found = [flag for flag in file.flags if flag.rule == code]
        # The figures and the sentence are of one flag: of several, the newest of the largest.
        largest = max(reversed(found), key=lambda flag: flag.potensi_rupiah, default=None)
        sentence = largest.sentence if largest else "Ditetapkan petugas saat kasus dibuka."
        months = _whole(largest, "bulan")
        monthly = _whole(largest, "iuran_sebulan")
        potential = largest.potensi_rupiah if largest else 0
        if code == "PIUTANG" and owed is not None and owed.months_in_arrears:
            months, monthly, potential = owed.months_in_arrears, 0, owed.total
            sentence = (
                f"Pokok iuran {formatted(owed.principal)} untuk {months} bulan belum dibayar "
                f"sampai dengan {long_date(cutoff)}."
            )
        yield Violation(
            code=_code(code),
            workers=max((flag.jumlah_tk for flag in found), default=file.employer.jumlah_tk or 0),
            months=months,
            monthly=monthly,
            potential=potential,
            sentence=sentence,
            estimated_on=largest.found_on if largest else None,
        )


def _whole(flag: CaseFlag | None, name: str) -> int:
    value = flag.numbers.get(name) if flag else None
    return int(str(value)) if value is not None else 0


def codes_of(file: CaseFile) -> frozenset[ViolationCode]:
    return frozenset(_code(code) for code in file.violations)


def _code(code: str) -> ViolationCode:
    known: Mapping[str, ViolationCode] = {
        "PWBD": "PWBD",
        "PDS_TK": "PDS_TK",
        "PDS_UPAH": "PDS_UPAH",
        "PDS_PROGRAM": "PDS_PROGRAM",
        "PIUTANG": "PIUTANG",
        "LAPSED": "LAPSED",
    }
    return known[code]


def _employer(file: CaseFile, registered: _Registered | None) -> Employer:
    kept = file.employer
    if registered is None:
        return Employer(
            npp=kept.npp,
            divisions=(kept.divisi,) if kept.divisi else (),
            name=kept.nama,
            form=kept.bentuk,
            npwp=kept.npwp,
            nib=kept.nib,
            kbli=kept.kbli,
            kbli_title=business_titles().get(kept.kbli, ""),
            scale=kept.skala,
            jkk_class=kept.kelas_jkk,
            address=kept.alamat,
            regency=regency_names().get(kept.kode_wilayah, ""),
            province=province_names().get(kept.kode_wilayah[:2], ""),
            registered_on=None,
            status="",
            programmes=tuple(filter(None, kept.program.split(","))),
            workers_active=0,
            workers_ended=0,
            sources=source_counts(file.flags),
            contact=kept.kontak,
        )
    head = registered.profile.head
    return Employer(
        npp=registered.profile.npp,
        divisions=tuple(one.divisi for one in registered.profile.divisions),
        name=head.nama,
        form=head.bentuk or kept.bentuk,
        npwp=head.npwp or kept.npwp,
        nib=head.nib or kept.nib,
        kbli=head.kbli or kept.kbli,
        kbli_title=business_titles().get(head.kbli or kept.kbli, ""),
        scale=head.skala,
        jkk_class=head.kelas_jkk,
        address=head.alamat or kept.alamat,
        regency=regency_names().get(head.kode_wilayah, ""),
        province=province_names().get(head.kode_wilayah[:2], ""),
        registered_on=head.tgl_daftar,
        status=head.status,
        programmes=registered.profile.program,
        workers_active=registered.profile.active_workers,
        workers_ended=registered.profile.ended_workers,
        sources=source_counts(file.flags),
        related=registered.related,
        contact=kept.kontak,
    )


def _office(session: Session, office: OfficeView) -> Office:
    parent = accounts.office(session, code=office.parent_code) if office.parent_code else None
    return Office(
        code=office.code,
        name=office.name,
        parent_name=parent.name if parent else "",
        city=office.city,
        address=office.address,
        phone=office.phone,
        email=office.email,
        head_name=office.head_name,
        head_title=office.head_title,
        prosecutor_office=office.prosecutor_office,
    )


def _officer(session: Session, file: CaseFile, office: OfficeView) -> Officer | None:
    if file.officer is None or file.officer.user_id is None:
        return None
    user = accounts.user_names(session, ids=[file.officer.user_id])[file.officer.user_id]
    return Officer(name=user.name, title=user.title, phone=office.phone, email=user.email)


def _remarks(
    file: CaseFile, *, cutoff: date, registry_as_of: date | None, law: LawBook
) -> Iterator[str]:
    if registry_as_of is not None and registry_as_of < cutoff:
        yield (
            f"Pembayaran diketahui sampai dengan {long_date(registry_as_of)}; pembayaran sesudah "
            "hari itu belum tercermin."
        )
    for payment in file.payments:
        if payment.paid_on <= cutoff and (
            registry_as_of is None or payment.paid_on > registry_as_of
        ):
            yield (
                f"Pembayaran {payment.programme} {formatted(payment.amount)} tanggal "
                f"{long_date(payment.paid_on)} dilaporkan, belum terkonfirmasi pada data registri."
            )
    if stale := stale_sources(file.flags, law=law):
        months = law[STALE_AFTER_MONTHS].on(cutoff)
        yield f"Data {', '.join(stale)} lebih tua dari {counted(months)} bulan; hanya mendukung."


def stale_sources(flags: Iterable[CaseFlag], *, law: LawBook) -> list[str]:
    """Return the sources whose data were too old to carry the flag that rests on them.

    Their age is that of the sweep's day; how many days the months have is asked of the day on
    which the flag joined the case.
    """
    return sorted(
        {
            source
            for flag in flags
            for source, days in flag.source_ages.items()
            if flag.added_on - timedelta(days=days) < fresh_from(flag.added_on, law=law)
        }
    )
