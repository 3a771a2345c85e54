"""PURE: dossier -> ReferralPacket. Masks, numbers and groups; refuses what is incomplete."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, Literal

from app.errors import Refused
from app.law.administrative_fine import AdministrativeFine
from app.law.parameters.small_claims import SMALL_CLAIMS_CEILING
from app.law.parameters.stamp_duty import STAMP_DUTY
from app.packets import legal_basis
from app.packets.annexes import data_files
from app.packets.completeness import missing, review
from app.packets.content import (
    AnalysisKey,
    AnalysisPoint,
    ChronologyRow,
    Dues,
    Exhibit,
    Finding,
    FineLedger,
    LegalEntry,
    ReferralPacket,
    WorkerRow,
)
from app.packets.dossier import Dossier, Event, Evidence, Subject, Worker
from app.packets.dues import compose_dues

# What must be shown, and which exhibits show it.
# fmt: off
ANALYSIS: Final[Mapping[AnalysisKey, tuple[Subject, ...]]] = {
    "authority":  ("authority",),
    "relation":   ("identity", "registration"),
    "obligation": ("workers", "wages"),
    "breach":     ("inspection", "report", "visit"),
    "amount":     ("dues", "fine"),
    "notice":     ("notice", "warning_1", "warning_2", "denial", "admission"),
}
# fmt: on
PROVES: Final[Mapping[Subject, AnalysisKey]] = {
    subject: key for key, subjects in ANALYSIS.items() for subject in subjects
}
_EFFORTS: Final = frozenset(
    {"notice", "visit", "inspection", "report", "warning_1", "warning_2", "fine", "denial"}
)
_WORKER_ORDER: Final = ("belum_terdaftar", "selisih_upah", "berakhir", "aktif")
_MASK = "·" * 12
_NIK_TAIL = 4
_SLUG = re.compile(r"[^a-z0-9]+")
_SLUG_LENGTH = 60


def packet_number(*, case_number: str, cutoff_compact: str, version: int) -> str:
    """Return a number that is also a file name: `PKT-<case>-<yyyymmdd>-<version>`."""
    safe = re.sub(r"[^A-Za-z0-9]+", "-", case_number).strip("-")
    return f"PKT-{safe}-{cutoff_compact}-{version}"


def compose(dossier: Dossier, *, version: int) -> ReferralPacket:
    """Return the packet that may be sealed.

    Raises:
        Refused: the case is incomplete; `missing` lists what is missing, sentence by sentence.
    """
    if gaps := missing(dossier):
        raise Refused(
            "Paket untuk kasus {case} belum dapat dibuat: {count} hal belum lengkap.",
            missing=gaps,
            case=dossier.case_number,
            count=len(gaps),
        )
    return _packet(dossier, version=version, status="final")


def compose_draft(dossier: Dossier) -> ReferralPacket:
    """Return a preview, complete or not; it prints KONSEP on every page and is never sealed."""
    return _packet(dossier, version=0, status="konsep")


def _packet(
    dossier: Dossier, *, version: int, status: Literal["final", "konsep"]
) -> ReferralPacket:
    employer = replace(dossier.employer, sources=tuple(sorted(dossier.employer.sources, key=str)))
    evidence = sorted(dossier.evidence, key=_exhibit_key)
    numbers = {item.id: item.exhibit for item in evidence}
    events = sorted(dossier.events, key=lambda event: (event.on, event.seq))
    told = [
        (event, _chronology_row(number, event, numbers))
        for number, event in enumerate(events, start=1)
    ]
    dues = _dues(dossier)
    owed = dues is not None and dues.total > 0
    norms = legal_basis.legal_basis(
        codes=(violation.code for violation in dossier.violations),
        months=[month.month for month in dues.months] if dues else [],
        owed=owed,
        denial_requested=any(event.subject == "denial" for event in events),
        criminal_clause=dossier.criminal_clause,
    )
    workers = tuple(
        _worker_row(number, worker)
        for number, worker in enumerate(sorted(dossier.workers, key=_worker_key), start=1)
    )
    ceiling = dossier.law[SMALL_CLAIMS_CEILING].on(dossier.cutoff)
    answers = [row.response for _, row in told if row.response]
    contacts = [row for _, row in told if row.received_by or row.response]
    return ReferralPacket(
        number=packet_number(
            case_number=dossier.case_number,
            cutoff_compact=dossier.cutoff.strftime("%Y%m%d"),
            version=version,
        ),
        version=version,
        status=status,
        cutoff=dossier.cutoff,
        case_number=dossier.case_number,
        opened_on=dossier.opened_on,
        letter_number=dossier.letter.number,
        letter_on=dossier.letter.on,
        letter_nature=dossier.letter.nature,
        agreement=dossier.letter.agreement,
        office=dossier.office,
        officer=dossier.officer,
        employer=employer,
        findings=tuple(
            Finding(
                code=violation.code,
                workers=violation.workers,
                months=violation.months,
                monthly=violation.monthly,
                potential=violation.potential,
                sentence=violation.sentence,
                estimated_on=violation.estimated_on,
            )
            for violation in dossier.violations
        ),
        dues=dues,
        fine=_fine(dossier.fine),
        fine_imposed=dossier.fine_imposed,
        claim_within_small_claims=dues.total <= ceiling if dues and owed else None,
        small_claims_ceiling=ceiling,
        stamp_duty=dossier.law[STAMP_DUTY].on(dossier.cutoff),
        workers=workers,
        # The list may hold more people than any one finding, a finding more than the list.
        workers_concerned=max(
            len(workers), *(violation.workers for violation in dossier.violations), 0
        ),
        chronology=tuple(row for _, row in told),
        efforts=tuple(row for event, row in told if event.subject in _EFFORTS),
        last_contact=contacts[-1] if contacts else None,
        employer_answer=answers[-1] if answers else "",
        remarks=dossier.remarks,
        analysis=_analysis(evidence, numbers, norms, owed=owed),
        legal_basis=norms,
        legal_basis_version=legal_basis.VERSION,
        exhibits=tuple(_exhibit(item) for item in evidence),
        completeness=review(dossier),
        annexes=tuple(
            file.annex for file in data_files(lines=dues.lines if dues else (), workers=workers)
        ),
        registry_as_of=dossier.registry_as_of,
        snapshot_id=dossier.snapshot_id,
    )


def _dues(dossier: Dossier) -> Dues | None:
    if dossier.arrears is None or not dossier.arrears.lines:
        return None
    return compose_dues(
        dossier.arrears,
        dossier.bill_bases,
        law=dossier.law,
        jkk_class=dossier.employer.jkk_class,
    )


def _fine(fine: AdministrativeFine | None) -> FineLedger | None:
    if fine is None:
        return None
    return FineLedger(
        base=fine.base,
        rate_per_month=fine.rate_per_month,
        months=fine.months,
        amount=fine.amount,
        window_ends_on=fine.window_ends_on,
    )


def _analysis(
    evidence: Iterable[Evidence],
    numbers: Mapping[int, str],
    norms: tuple[LegalEntry, ...],
    *,
    owed: bool,
) -> tuple[AnalysisPoint, ...]:
    """The letter that imposed the fine shows no amount where contributions are the claim."""
    listed = [item for item in evidence if not (owed and item.subject == "fine")]
    return tuple(
        AnalysisPoint(
            key=key,
            norms=tuple(
                number for number, norm in enumerate(norms, start=1) if norm.supports == key
            ),
            exhibits=tuple(numbers[item.id] for item in listed if item.subject in subjects),
        )
        for key, subjects in ANALYSIS.items()
    )


def _exhibit(item: Evidence) -> Exhibit:
    return Exhibit(
        number=item.exhibit,
        title=item.title,
        proves=PROVES.get(item.subject),
        on=item.on,
        source=item.source,
        filename=f"bukti/{item.exhibit}_{_slug(item.title)}{item.extension}",
        sha256=item.sha256,
        size=item.size,
    )


def _slug(title: str) -> str:
    """Return the title as a file name, cut between words: half a number names another letter."""
    slug = _SLUG.sub("-", title.lower()).strip("-")
    if len(slug) > _SLUG_LENGTH:
        head, _, _ = slug[: _SLUG_LENGTH + 1].rpartition("-")
        slug = head or slug[:_SLUG_LENGTH]
    return slug or "bukti"


def _chronology_row(number: int, event: Event, numbers: Mapping[int, str]) -> ChronologyRow:
    return ChronologyRow(
        number=number,
        on=event.on,
        title=event.title,
        letter_number=event.letter_number,
        officer=event.officer,
        received_by=event.received_by,
        delivery=event.delivery,
        received_on=event.received_on,
        receipt=numbers.get(event.receipt, "") if event.receipt else "",
        deadline=event.deadline,
        response=event.response,
        note=event.note,
        exhibits=tuple(numbers[item] for item in event.evidence if item in numbers),
        hand_typed=event.hand_typed,
    )


def _worker_row(number: int, worker: Worker) -> WorkerRow:
    return WorkerRow(
        number=number,
        name=worker.name,
        nik=masked(worker.nik),
        born_on=worker.born_on,
        kpj=worker.kpj,
        started_on=worker.started_on,
        ended_on=worker.ended_on,
        wage_reported=worker.wage_reported,
        wage_found=worker.wage_found,
        status=worker.status,
        source=worker.source,
        source_on=worker.source_on,
    )


def masked(nik: str) -> str:
    """Return the last four digits behind dots; empty stays empty."""
    return _MASK + nik[-_NIK_TAIL:] if nik else ""


def _exhibit_key(item: Evidence) -> tuple[int, str]:
    digits = "".join(filter(str.isdigit, item.exhibit))
    return int(digits or 0), item.exhibit


def _worker_key(worker: Worker) -> tuple[int, str, str, str, str, str]:
    """Those with the same concern by the same source stand together: they share a heading."""
    found = f"{worker.source_on or ''}"
    return (
        _WORKER_ORDER.index(worker.status),
        worker.source,
        found,
        worker.name,
        worker.nik,
        worker.kpj,
    )
