"""PURE: what a sweep must say of its sources, and when it stops to ask a person.

Reading: product.md. A source that has less than half of what it had is more likely a broken
extract than half the country gone; a source some months old still carries, but its age is said;
two registries that contradict each other are both quoted, never averaged.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from app.detection.facts.asof import AsOf
from app.detection.schemas import Note, SourceState
from app.errors import FieldProblem, Invalid, Refused
from app.infra.wording import N_
from app.law.month import Month

SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 2000
# Fewer rows than these come and go without meaning anything.
LEAST_ROWS: Final = 20
# From this age on a source is named with it in the report.
OLD_MONTHS: Final = 6
FIELD: Final = "accept_loss"

_LOST: Final = N_("{table} {source}: tinggal {rows} dari {before} baris.")
_ACCEPTED: Final = N_(
    "{table} {source}: tinggal {rows} dari {before} baris; diterima karena: {why}"
)
_OLD: Final = N_(
    "{source} paling baru bertanggal {day} ({months} bulan): masih dipakai, umurnya tertulis pada "
    "setiap temuan."
)
_STALE: Final = N_(
    "{source} paling baru bertanggal {day} ({months} bulan): terlalu lama untuk menjadi dasar "
    "temuan, hanya mendukung."
)
_CONTRADICTION: Final = N_(
    "{count} pemberi kerja dicatat dua sumber atau lebih dengan jumlah pekerja yang berbeda dua "
    "kali lipat atau lebih, antara lain {name} ({least} dan {most}): tiap temuan menyebut sumber "
    "yang dipakainya, tidak ada angka yang digabung."
)


class SourceShrunk(Refused):
    """A source has lost half its rows or more; a person must say that this is right."""

    code = "source-shrunk"


def lost(
    states: Iterable[SourceState], before: Iterable[SourceState]
) -> tuple[tuple[SourceState, SourceState], ...]:
    """Return each source that has at most half the rows it had, as it is and as it was."""
    now = {(one.table, one.source): one for one in states}
    return tuple(
        (now.get((was.table, was.source), SourceState(was.table, was.source, 0, None)), was)
        for was in before
        if was.rows >= LEAST_ROWS
        and 2 * now.get((was.table, was.source), SourceState("", "", 0, None)).rows <= was.rows
    )


def require_whole(losses: Sequence[tuple[SourceState, SourceState]], *, accepted: str) -> None:
    """Refuse to go on with what was lost, unless somebody said why it is right.

    Raises:
        SourceShrunk: nobody did; names each source.
        Invalid: the reason is too short or too long.
    """
    if not losses:
        return
    if not accepted:
        raise SourceShrunk(
            N_(
                "Sapuan berhenti: {sources} kehilangan setengah barisnya atau lebih dibanding "
                "sapuan sebelumnya; periksa ekstraknya, atau sapu dengan alasan bila memang benar."
            ),
            missing=tuple(FieldProblem(FIELD, _LOST, _numbers(*one)) for one in losses),
            sources=", ".join(f"{_named(one)} ({one.rows} dari {was.rows})" for one, was in losses),
        )
    if not SHORTEST_REASON <= len(accepted) <= LONGEST_REASON:
        sentence = N_("Tulis alasan {least} sampai {most} huruf.")
        values = {"least": SHORTEST_REASON, "most": LONGEST_REASON}
        raise Invalid(sentence, fields=(FieldProblem(FIELD, sentence, values),), **values)


def notes(
    states: Iterable[SourceState],
    *,
    losses: Iterable[tuple[SourceState, SourceState]],
    accepted: str,
    asof: AsOf,
    oldest: Callable[[str], date],
    contradictions: Sequence[Mapping[str, object]],
) -> tuple[Note, ...]:
    """Return what a reader of the sweep's report should know of its sources.

    `oldest` is the oldest day at which a source still carries a finding.
    """
    found = [
        Note(_ACCEPTED, {**_numbers(*one), "why": accepted})
        if accepted
        else Note(_LOST, _numbers(*one))
        for one in losses
    ]
    found += [
        _aged(one.source, one.newest_on, asof, oldest=oldest(one.source))
        for one in states
        if one.source and one.newest_on is not None and _months(one.newest_on, asof) >= OLD_MONTHS
    ]
    if contradictions:
        first = contradictions[0]
        values = {"name": first["nama"], "least": first["sedikit"], "most": first["banyak"]}
        found.append(Note(_CONTRADICTION, {"count": len(contradictions), **values}))
    return tuple(dict.fromkeys(found))


def _aged(source: str, day: date, asof: AsOf, *, oldest: date) -> Note:
    values = {"source": source, "day": day.isoformat(), "months": _months(day, asof)}
    return Note(_OLD if day >= oldest else _STALE, values)


def _months(day: date, asof: AsOf) -> int:
    """Return the whole months from `day` to the sweep's."""
    between = asof.month - Month.of(day).index
    return between - (day.day > asof.on.day)


def _numbers(now: SourceState, was: SourceState) -> dict[str, object]:
    return {"table": now.table, "source": now.source, "rows": now.rows, "before": was.rows}


def _named(one: SourceState) -> str:
    return f"{one.source} pada {one.table}" if one.source else one.table
