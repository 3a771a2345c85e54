"""Keeps how cases ended, by the rule version that had raised their flags. Only ever adds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.detection.schemas import Verdict
from app.detection.tables import Flag, FlagOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a case ended. `code` is its closing reason.

    `kbli` and `skala` are the employer's, empty if unknown. `verdicts` says by rule whether the
    flags held. `taken_as` gives by flag the rule's version and edition when the case took it.
    """

    code: str
    kbli: str
    verdicts: Mapping[str, Verdict]
    taken_as: Mapping[int, tuple[int, int]]
    skala: str = ""


def record_outcomes(
    session: Session,
    *,
    rows: Iterable[Flag],
    case_number: str,
    ending: Ending,
    on: date,
    now: datetime,
) -> None:
    for row in rows:
        flag_id = row.id or 0
        version, edition = ending.taken_as.get(flag_id, (row.rule_version, row.rule_edition))
        session.add(
            FlagOutcome(
                flag_id=flag_id,
                rule=row.rule,
                rule_version=version,
                rule_edition=edition,
                subject=row.subject,
                kantor_cabang=row.kantor_cabang,
                kode_wilayah=row.kode_wilayah,
                kbli=ending.kbli,
                skala=ending.skala,
                case_number=case_number,
                ended_as=ending.code,
                verdict=ending.verdicts[row.rule],
                ended_on=on,
                recorded_at=now,
            )
        )
