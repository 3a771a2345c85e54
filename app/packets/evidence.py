"""PURE: what the flags of a case evidence about workers, as the law's estimates ask for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.cases.schemas import CaseFlag
from app.errors import FieldProblem
from app.infra.wording import N_
from app.law.estimates import WorkerEvidence
from app.law.money import Rupiah, formatted
from app.law.parameters.programmes import PROGRAMMES
from app.registry.schemas import WorkerRow

_Values = Mapping[str, object]
_Person = tuple[str, str]
SOURCE_WORKERS: Final = "sumber_pekerja"
SOURCE_EMPLOYERS: Final = "sumber_pemberi_kerja"
MEMBERSHIPS: Final = "kepesertaan"
NO_EVIDENCE: Final = N_(
    "Temuan ini tidak menyebut upah dan tanggal pekerja, jadi iurannya belum dapat diperkirakan."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidenced:
    """The workers an estimate can count; `remarks` say whom it leaves out, and whose wage it takes.

    `held` are the programmes followed, for missing programmes alone.
    """

    workers: tuple[WorkerEvidence, ...]
    remarks: tuple[FieldProblem, ...] = ()
    held: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """What all rows about one worker say together."""

    wages: list[Rupiah] = field(default_factory=list)
    started: list[date] = field(default_factory=list)
    shown: list[date] = field(default_factory=list)
    reported: Rupiah = 0


def unregistered(flag: CaseFlag) -> Evidenced:
    """Return the workers of a flag whom nobody registered, by list where there is one.

    Reading: of several sources the highest wage and the earliest day count; a worker without a
    wage gets the flag's own base where every one is without (PWBD), else is left out.
    """
    found = _people(flag)
    paid = {person: seen for person, seen in found.items() if seen.wages and _has_day(seen)}
    if not paid:
        return _by_head_count(flag)
    remarks: list[FieldProblem] = []
    if left_out := max(flag.jumlah_tk - len(paid), 0):
        remarks.append(
            FieldProblem(
                "workers",
                "{count} pekerja tanpa upah atau tanggal pada sumber tidak ikut dihitung.",
                {"count": left_out},
            )
        )
    return Evidenced(
        workers=tuple(
            WorkerEvidence(
                label=name,
                wage=max(seen.wages),
                started_on=min(seen.started, default=None),
                source_on=min(seen.shown, default=None),
            )
            for (_, name), seen in sorted(paid.items(), key=lambda item: item[0][1])
        ),
        remarks=tuple(remarks),
    )


def underpaid(flag: CaseFlag) -> Evidenced:
    """Return the workers of a flag with both wages; the higher one is proved from its source on."""
    found = _people(flag)
    for values in _rows(flag, MEMBERSHIPS):
        if (person := _person(values)) in found:
            found[person].reported = max(found[person].reported, _rupiah(values))
    both = {
        person: seen
        for person, seen in found.items()
        if seen.wages and seen.shown and 0 < seen.reported < max(seen.wages)
    }
    left_out = max(flag.jumlah_tk - len(both), 0)
    return Evidenced(
        workers=tuple(
            WorkerEvidence(
                label=name,
                wage=max(seen.wages),
                source_on=min(seen.shown),
                reported=seen.reported,
            )
            for (_, name), seen in sorted(both.items(), key=lambda item: item[0][1])
        ),
        remarks=(
            FieldProblem(
                "workers",
                "{count} pekerja yang kedua upahnya tidak dapat dipasangkan tidak ikut dihitung.",
                {"count": left_out},
            ),
        )
        if left_out
        else (),
    )


def without_programmes(flag: CaseFlag, roll: Iterable[WorkerRow]) -> Evidenced:
    """Return everybody who works there now, from the first day of their membership."""
    people: dict[tuple[str, str, date], list[WorkerRow]] = {}
    for row in roll:
        if row.active:
            people.setdefault((row.nik, row.nama, row.tgl_lahir), []).append(row)
    missing = {part.strip() for part in str(flag.numbers.get("kurang", "")).split(",")}
    return Evidenced(
        workers=tuple(
            WorkerEvidence(
                label=name,
                wage=_pay(rows),
                started_on=min(row.tgl_mulai for row in rows),
            )
            for (_, name, _), rows in people.items()
        ),
        held=tuple(programme for programme in PROGRAMMES if programme not in missing),
    )


def _pay(rows: Sequence[WorkerRow]) -> Rupiah:
    """Two cards in one divisi are the same pay twice; two divisi are two pays."""
    pays: dict[tuple[str, str], Rupiah] = {}
    for row in rows:
        pays[row.npp, row.divisi] = max(pays.get((row.npp, row.divisi), 0), row.upah)
    return sum(pays.values())


def _by_head_count(flag: CaseFlag) -> Evidenced:
    wage = int(str(flag.numbers.get("upah_dasar") or 0))
    days = [day for values in _rows(flag, SOURCE_EMPLOYERS) if (day := _day(values, "tgl_data"))]
    if not wage or not days:
        return Evidenced(workers=())
    return Evidenced(
        workers=tuple(
            WorkerEvidence(label=f"Pekerja {number}", wage=wage, source_on=min(days))
            for number in range(1, flag.jumlah_tk + 1)
        ),
        remarks=(
            FieldProblem(
                "workers",
                "Sumber tidak memuat upah tiap pekerja; dipakai {wage} sebulan, dasar yang dipakai "
                "temuan ({method}).",
                {"wage": formatted(wage), "method": str(flag.numbers.get("metode", ""))},
            ),
        ),
    )


def _people(flag: CaseFlag) -> dict[_Person, _Found]:
    found: dict[_Person, _Found] = {}
    for values in _rows(flag, SOURCE_WORKERS):
        seen = found.setdefault(_person(values), _Found())
        if wage := _rupiah(values):
            seen.wages.append(wage)
        if started := _day(values, "tgl_mulai"):
            seen.started.append(started)
        if shown := _day(values, "tgl_data"):
            seen.shown.append(shown)
    return found


def _rows(flag: CaseFlag, table: str) -> Iterable[_Values]:
    for row in flag.evidence:
        values = row["values"]
        if row["table"] == table and isinstance(values, Mapping):
            yield values


def _person(values: _Values) -> _Person:
    """The NIK is masked here, so that its last digits alone do not tell people apart."""
    return str(values.get("nik", "")), str(values.get("nama", ""))


def _rupiah(values: _Values) -> Rupiah:
    return int(str(values.get("upah") or 0))


def _day(values: _Values, name: str) -> date | None:
    text = values.get(name)
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def _has_day(seen: _Found) -> bool:
    return bool(seen.started or seen.shown)
