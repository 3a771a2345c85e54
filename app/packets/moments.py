"""PURE: the days on which a case told figures: its letters, its report, its sealed packets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.cases.schemas import CaseFile
from app.cases.stages import Action
from app.infra.wording import N_
from app.law.money import Rupiah

# A letter names a debt or a breach, the report assesses it; visits and minutes tell no figures.
TELLING: Final = (
    Action.SEND_NOTICE,
    Action.REPORT_FINDINGS,
    Action.WARN_1,
    Action.WARN_2,
    Action.IMPOSE_FINE,
    Action.REQUEST_DENIAL,
)
PACKET_LABEL: Final = N_("Berkas rujukan tersegel")
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Figures told at the end of `on`, by what was known before `known_before`.

    `key` names it in addresses: `langkah-3`, or the number of a packet. `recorded_at`: when it
    was entered, which for a letter entered late is after its day. `snapshot_id` and `printed`, the
    total it names, are set only for a packet, which keeps both.
    """

    key: str
    label: str
    number: str
    on: date
    known_before: datetime
    recorded_at: datetime
    snapshot_id: str = ""
    printed: Rupiah | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFigures:
    """What a sealed packet keeps of its figures."""

    number: str
    cutoff: date
    sealed_at: datetime
    snapshot_id: str
    total: Rupiah


def moments(file: CaseFile, packets: Iterable[SealedFigures], *, zone: str) -> tuple[Moment, ...]:
    """Return them by day, then in the order they were recorded. `zone`: that of the office."""
    told = [
        Moment(
            key=f"langkah-{step.seq}",
            label=step.label,
            number=step.letter_number,
            on=step.on,
            known_before=_end_of(step.on, zone=zone),
            recorded_at=step.recorded_at,
        )
        for step in file.steps
        if step.step in TELLING and step.on <= file.as_of
    ]
    told += [
        Moment(
            key=packet.number,
            label=PACKET_LABEL,
            number=packet.number,
            on=packet.cutoff,
            known_before=packet.sealed_at,
            recorded_at=packet.sealed_at,
            snapshot_id=packet.snapshot_id,
            printed=packet.total,
        )
        for packet in packets
        if packet.cutoff <= file.as_of
    ]
    return tuple(sorted(told, key=lambda moment: (moment.on, moment.recorded_at)))


def _end_of(day: date, *, zone: str) -> datetime:
    return datetime.combine(day + _ONE_DAY, time.min, tzinfo=ZoneInfo(zone))
