"""The seam to detection: what a case takes from flags, and what it tells them back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session, select

from app.accounts.schemas import Principal
from app.cases.reading import key_of
from app.cases.schemas import Employer
from app.cases.stages import CLOSING_REASONS, Violation
from app.cases.tables import CaseFlagRow, CaseRecord
from app.cases.verdicts import verdicts
from app.detection import queries as flags
from app.detection import service as detection
from app.detection.outcomes import Ending
from app.detection.schemas import FlagView, masked
from app.errors import Invalid


def flags_of_one_employer(
    session: Session, *, principal: Principal, flag_ids: Sequence[int]
) -> tuple[FlagView, ...]:
    """Return the flags in the order asked for, each once, and hold them to the end.

    Raises:
        Invalid: none, of several employers or offices, or of no office.
        NotFound: one is not there, or not in this principal's offices.
    """
    if not flag_ids:
        raise Invalid("Pilih paling sedikit satu temuan.")
    detection.hold(session, flag_ids=flag_ids)
    found = tuple(
        flags.flag(session, principal=principal, flag_id=flag_id)
        for flag_id in dict.fromkeys(flag_ids)
    )
    if len({flag.subject for flag in found}) > 1:
        raise Invalid("Temuan yang dipilih milik beberapa pemberi kerja; pilih satu pemberi kerja.")
    if len({flag.kantor_cabang for flag in found}) > 1:
        raise Invalid("Temuan yang dipilih milik beberapa kantor cabang; pilih satu kantor.")
    if not found[0].kantor_cabang:
        raise Invalid(
            "Belum ada kantor cabang yang melayani tempat pemberi kerja ini; buka kasusnya dengan "
            "memilih kantor."
        )
    return found


def violations_of(found: Sequence[FlagView]) -> list[str]:
    return sorted({Violation(flag.rule) for flag in found})


def employer_from_flags(found: Sequence[FlagView]) -> Employer:
    """Return what the flags say; a later flag fills what an earlier one left empty."""
    first = found[0]

    def text(field: str) -> str:
        return next((value for flag in found if (value := getattr(flag, field))), "")

    return Employer(
        nama=first.nama,
        npp=text("npp"),
        divisi=text("divisi"),
        npwp=text("npwp"),
        nib=text("nib"),
        alamat=text("alamat"),
        kode_wilayah=text("kode_wilayah"),
        sumber=text("sumber"),
        id_sumber=text("id_sumber"),
    )


def attach(session: Session, case: CaseRecord, found: Sequence[FlagView], *, on: date) -> None:
    for flag in found:
        session.add(
            CaseFlagRow(
                case_id=key_of(case),
                flag_id=flag.id,
                rule=flag.rule,
                snapshot_id=flag.snapshot_id,
                content=_content(flag),
                added_on=on,
            )
        )


def _content(flag: FlagView) -> dict[str, object]:
    return {
        "rule_version": flag.rule_version,
        "rule_edition": flag.rule_edition,
        "sentence": flag.sentence,
        "sentence_template": flag.sentence_template,
        "sentence_values": _plain(flag.sentence_values),
        "jumlah_tk": flag.jumlah_tk,
        "potensi_rupiah": flag.potensi_rupiah,
        "bulan_tunggak": flag.bulan_tunggak,
        "numbers": _plain(flag.numbers),
        "evidence": [
            {"table": row.table, "line": row.line, "values": _plain(masked(row.values))}
            for row in flag.evidence
        ],
        "source_ages": dict(flag.source_ages),
        "found_on": flag.last_found_on.isoformat(),
        "confidence": flag.confidence,
        "confidence_reason": flag.confidence_reason,
    }


def _plain(value: object) -> object:
    """Return `value` as JSON can hold it; what JSON does not know becomes text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def mark(
    session: Session,
    *,
    principal: Principal,
    found: Sequence[FlagView],
    case: CaseRecord,
    on: date,
    now: datetime,
) -> None:
    detection.mark_as_case(
        session,
        principal=principal,
        flag_ids=[flag.id for flag in found],
        case_number=case.number,
        on=on,
        now=now,
    )


def hold(session: Session, case: CaseRecord) -> None:
    """Take the flags of a case that is about to be closed, before its closing is written down."""
    detection.hold_of_case(session, case_number=case.number)


def release(
    session: Session,
    *,
    principal: Principal,
    case: CaseRecord,
    note: str,
    on: date,
    now: datetime,
) -> None:
    """Let the flags of a case that was just closed go, as its reason says."""
    reason = CLOSING_REASONS[case.closed_reason]
    detection.release_from_case(
        session,
        actor=principal.actor,
        case_number=case.number,
        judged=frozenset(reason.judged),
        ending=_ending(session, case),
        reason=f"{reason.label} (kasus {case.number}). {note}".strip(),
        on=on,
        now=now,
    )


def _ending(session: Session, case: CaseRecord) -> Ending:
    taken = session.exec(select(CaseFlagRow).where(CaseFlagRow.case_id == key_of(case))).all()
    return Ending(
        code=case.closed_reason,
        kbli=case.employer.get("kbli", ""),
        skala=case.employer.get("skala", ""),
        verdicts=verdicts(case.closed_reason),
        # Cases that took their flags before editions were known had the rule as it ships.
        taken_as={
            row.flag_id: (row.content["rule_version"], row.content.get("rule_edition", 0))
            for row in taken
        },
    )
