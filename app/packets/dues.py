"""PURE: arrears as the law computed them -> the grids of part 07. Groups and adds, never rounds."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from app.law.dated import Applied
from app.law.derivation import percent
from app.law.late_payment import Arrears, ArrearsLine
from app.law.month import Month
from app.packets.content import (
    PROGRAMME_ORDER,
    Assumption,
    Dues,
    DuesLine,
    DuesMonth,
    DuesProgramme,
)
from app.packets.dossier import BillBase

_PART_MONTHS: Final = {
    "started": "bulan yang sudah dimulai dihitung penuh",
    "completed": "bulan penuh saja",
}


def compose_dues(arrears: Arrears, bases: Iterable[BillBase]) -> Dues:
    """Return the grids. Months and programmes in their fixed order, every bill once."""
    base_of = {(base.month, base.programme): base for base in bases}
    lines = tuple(
        _line(line, base_of.get((line.month, line.programme)))
        for line in sorted(arrears.lines, key=_line_key)
    )
    owed_months = [line.month for line in lines if line.is_due and line.outstanding]
    return Dues(
        lines=lines,
        months=tuple(
            _month(month, [line for line in lines if line.month == month])
            for month in sorted({line.month for line in lines})
        ),
        programmes=tuple(
            _programme(programme, [line for line in lines if line.programme == programme])
            for programme in PROGRAMME_ORDER
            if any(line.programme == programme for line in lines)
        ),
        billed=sum(line.billed for line in lines if line.is_due),
        paid=sum(line.paid for line in lines if line.is_due),
        overpaid=sum(line.overpaid for line in lines if line.is_due),
        principal=arrears.principal,
        penalty=arrears.penalty,
        total=arrears.total,
        months_in_arrears=arrears.months_in_arrears,
        first_month=min(owed_months, default=None),
        last_month=max(owed_months, default=None),
        ageing_class=arrears.ageing_class,
        assumptions=tuple(_assumption(applied) for applied in arrears.parameters),
        calendar_version=arrears.calendar_version,
    )


def _line(line: ArrearsLine, base: BillBase | None) -> DuesLine:
    return DuesLine(
        month=line.month,
        programme=line.programme,
        workers=base.workers if base else 0,
        wage_base=base.wage_base if base else 0,
        billed=line.billed,
        due_on=line.due_on,
        is_due=line.is_due,
        months_late=line.months_late,
        paid=line.paid,
        overpaid=line.overpaid,
        outstanding=line.outstanding,
        penalty=line.penalty,
    )


def _month(month: Month, lines: list[DuesLine]) -> DuesMonth:
    return DuesMonth(
        month=month,
        workers=max(line.workers for line in lines),
        wage_base=max(line.wage_base for line in lines),
        billed_by={line.programme: line.billed for line in lines},
        billed=sum(line.billed for line in lines),
        due_on=lines[0].due_on,
        is_due=lines[0].is_due,
        months_late=max(line.months_late for line in lines),
        paid=sum(line.paid for line in lines),
        outstanding=sum(line.outstanding for line in lines),
        penalty=sum(line.penalty for line in lines),
    )


def _programme(programme: str, lines: list[DuesLine]) -> DuesProgramme:
    due = [line for line in lines if line.is_due]
    return DuesProgramme(
        programme=programme,
        billed=sum(line.billed for line in due),
        paid=sum(line.paid for line in due),
        outstanding=sum(line.outstanding for line in due),
        penalty=sum(line.penalty for line in due),
    )


def _assumption(applied: Applied[object]) -> Assumption:
    version = applied.version
    return Assumption(
        title=applied.title,
        value=_value(version.value, version.unit),
        citation=version.citation.printable,
        note=version.citation.note,
    )


def _value(value: object, unit: str) -> str:
    if value is None:
        return "tidak ada"
    if isinstance(value, Decimal):
        return f"{percent(value)} ({unit})"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int):
        return f"{value} ({unit})"
    if isinstance(value, tuple):
        return "; ".join(_ageing(item) for item in value)
    return {
        "started": "bulan yang sudah dimulai dihitung penuh",
        "completed": "bulan penuh saja",
    }.get(str(value), str(value))


def _ageing(item: object) -> str:
    start = getattr(item, "from_months", None)
    end = getattr(item, "to_months", None)
    name = str(getattr(item, "name", item)).replace("_", " ")
    return f"{name} {start}–{end} bulan" if end else f"{name} mulai {start} bulan"


def _line_key(line: ArrearsLine) -> tuple[Month, int, str]:
    known = line.programme in PROGRAMME_ORDER
    rank = PROGRAMME_ORDER.index(line.programme) if known else len(PROGRAMME_ORDER)
    return line.month, rank, line.programme
