"""PURE: the certificate of a deadline as a page: what started it, and every day to its last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.calculations.answers import parameter_documents
from app.calculations.deadlines import counting_rules
from app.calculations.schemas import CitationDocument, DeadlineAnswer, ParameterDocument
from app.cases.clocks import Clock
from app.cases.schemas import CaseFile, Deadline, Delivery
from app.infra.wording import N_, translate
from app.law.book import Norms
from app.law.citation import Citation, Grade
from app.law.deadlines import DeadlineCertificate
from app.web.law_words import law_words
from app.web.pages.case_words import CHANNELS, CLOCKS
from app.web.pages.receipt_words import receipt_words
from app.web.spoken import spoken_template

GRADES = {
    "A": N_("A: bunyi norma dibaca"),
    "B": N_("B: sumber sekunder dibaca"),
    "C": N_("C: belum diverifikasi, tidak dikutip sebagai hukum"),
}


@dataclass(frozen=True, slots=True)
class CertifiedDay:
    """`number` counts from 1, None for a day that was skipped for `reason`."""

    number: int | None
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class BasisLine:
    """`checked_by` is empty while nobody has compared it with the official text."""

    words: str
    grade: str
    checked_by: str


@dataclass(frozen=True, slots=True)
class CertificateView:
    """`facts` are pairs of words: what started the clock, and how that is proved.

    `calendar_version` is None for calendar days, which no calendar can change.
    """

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    start: date
    first_day: date
    due_on: date
    as_of: date
    rule: str
    days: tuple[CertifiedDay, ...]
    counted: int
    skipped: int
    calendar_version: str | None
    calendar_known_until: date | None
    basis: tuple[BasisLine, ...]
    parameters: tuple[ParameterDocument, ...]
    back: str
    back_words: str


def case_certificate(
    case: CaseFile,
    deadline: Deadline,
    certificate: DeadlineCertificate,
    *,
    norms: Norms,
    back: str,
    language: str,
) -> CertificateView:
    days = _days(
        certificate.counted,
        ((item.day, item.reason) for item in certificate.skipped),
        language,
    )
    proved = _first_proof(case, deadline)
    return CertificateView(
        title=translate(CLOCKS[deadline.clock], language),
        subtitle=f"{case.number}, {case.employer.nama}",
        facts=_proof(case, deadline, proved, language),
        start=certificate.start,
        first_day=days[0].day,
        due_on=certificate.due_on,
        as_of=case.as_of,
        rule=law_words(certificate.rule, language),
        days=days,
        counted=len(certificate.counted),
        skipped=len(certificate.skipped),
        calendar_version=certificate.calendar_version,
        calendar_known_until=norms.calendar.known_until if certificate.calendar_version else None,
        basis=(_citation(deadline.citation, language),),
        parameters=parameter_documents(
            (
                *counting_rules(certificate, law=norms.law),
                *((proved.receipt.cutoff,) if proved and proved.receipt else ()),
            )
        ),
        back=back,
        back_words=N_("Tenggat kasus ini"),
    )


def calculated_certificate(
    answer: DeadlineAnswer, *, today: date, back: str, language: str
) -> CertificateView:
    days = _days(answer.counted, ((item.day, item.reason) for item in answer.skipped), language)
    uses_calendar = answer.unit == "working_days"
    return CertificateView(
        title=translate(N_("Hitungan tenggat"), language),
        subtitle=translate(N_("Bukan bagian dari suatu kasus"), language),
        facts=(
            (N_("Pemicu"), translate(N_("Tanggal mulai yang dimasukkan"), language)),
            (N_("Bukti"), translate(N_("Tidak diperiksa oleh hitungan ini"), language)),
        ),
        start=answer.start,
        first_day=days[0].day,
        due_on=answer.due_on,
        as_of=today,
        rule=law_words(answer.rule, language),
        days=days,
        counted=len(answer.counted),
        skipped=len(answer.skipped),
        calendar_version=answer.calendar_version if uses_calendar else None,
        calendar_known_until=answer.calendar_known_until if uses_calendar else None,
        basis=tuple(_document(citation, language) for citation in answer.citations),
        parameters=answer.parameters,
        back=back,
        back_words=N_("Hitung tenggat"),
    )


def _days(
    counted: Iterable[date], skipped: Iterable[tuple[date, str]], language: str
) -> tuple[CertifiedDay, ...]:
    every = [CertifiedDay(number, day, "") for number, day in enumerate(counted, start=1)]
    every += [CertifiedDay(None, day, law_words(reason, language)) for day, reason in skipped]
    return tuple(sorted(every, key=lambda item: item.day))


def _first_proof(case: CaseFile, deadline: Deadline) -> Delivery | None:
    """Return the proved receipt that started the clock; the window of a fine rests on none."""
    if deadline.clock is Clock.FINE:
        return None
    proved = [
        item for item in case.deliveries if item.event_seq == deadline.seq and item.proves_receipt
    ]
    return min(proved, key=lambda item: (item.counted_on or date.max, item.id), default=None)


def _proof(
    case: CaseFile, deadline: Deadline, proved: Delivery | None, language: str
) -> tuple[tuple[str, str], ...]:
    if deadline.clock is Clock.FINE:
        return (
            (N_("Pemicu"), translate(N_("Berakhirnya Teguran Tertulis II"), language)),
            (N_("Bukti"), translate(N_("Sertifikat tenggat Teguran Tertulis II"), language)),
        )
    letter = next(event for event in case.events if event.seq == deadline.seq)
    facts = [
        (
            N_("Pemicu"),
            spoken_template(
                N_("{document} nomor {number} tanggal {day} diterima"),
                {"document": letter.label, "number": letter.letter_number, "day": letter.on},
                language,
            ),
        )
    ]
    if proved is not None:
        facts.append((N_("Bukti"), _receipt_words(case, proved, language)))
        if proved.receipt is not None:
            facts.append((N_("Jam terima"), receipt_words(proved.receipt, language)))
    return tuple(facts)


def _receipt_words(case: CaseFile, delivery: Delivery, language: str) -> str:
    exhibit = case.exhibit(delivery.evidence_id)
    return spoken_template(
        N_("{exhibit} (SHA-256 {digest}…): diterima {receiver} pada {day}, {channel}"),
        {
            "exhibit": exhibit.exhibit if exhibit else "",
            "digest": exhibit.sha256[:16] if exhibit else "",
            "receiver": ", ".join(
                part for part in (delivery.receiver_name, delivery.receiver_position) if part
            ),
            "day": delivery.received_on,
            "channel": CHANNELS[delivery.channel],
        },
        language,
    )


def _citation(citation: Citation, language: str) -> BasisLine:
    return BasisLine(
        words=law_words(citation.label, language),
        grade=_grade_words(citation.grade, language),
        checked_by=citation.checked_by or "",
    )


def _document(citation: CitationDocument, language: str) -> BasisLine:
    words = citation.printable or N_("pembacaan Patuh, bukan bunyi peraturan")
    return BasisLine(
        words=law_words(words, language),
        grade=_grade_words(citation.grade, language),
        checked_by=citation.checked_by or "",
    )


def _grade_words(grade: Grade, language: str) -> str:
    return translate(GRADES[grade], language)
