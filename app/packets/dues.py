"""PURE: arrears as the law computed them -> the grids of part 07. Groups and adds, never rounds."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from app.law.book import LawBook
from app.law.citation import Citation
from app.law.dated import Applied, Dated
from app.law.derivation import percent
from app.law.late_payment import Arrears, ArrearsLine
from app.law.money import Rupiah
from app.law.month import Month
from app.law.parameters.rates import (
    JHT_EMPLOYER,
    JHT_WORKER,
    JKK_EMPLOYER,
    JKM_EMPLOYER,
    JP_EMPLOYER,
    JP_WORKER,
)
from app.packets.content import (
    PROGRAMME_ORDER,
    Assumption,
    Dues,
    DuesLine,
    DuesMonth,
    DuesProgramme,
    LatePayment,
)
from app.packets.dossier import BillBase

_RATES: Final[Mapping[str, tuple[Dated[Decimal], ...]]] = {
    "JKM": (JKM_EMPLOYER,),
    "JHT": (JHT_EMPLOYER, JHT_WORKER),
    "JP": (JP_EMPLOYER, JP_WORKER),
}
# As a reader says them; the others follow their number in brackets.
_UNITS: Final = {
    "bagian dari iuran belum dibayar per bulan": "per bulan dari iuran yang belum dibayar",
}
_DAY: Final = "hari dalam bulan"
_CEILING_NOTE: Final = "Bagian upah di atas batas upah JP bulan itu tidak diperhitungkan."


def compose_dues(
    arrears: Arrears, bases: Iterable[BillBase], *, law: LawBook, jkk_class: int | None
) -> Dues:
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
        late_payments=_late_payments(arrears.lines),
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
        assumptions=(
            _rates(
                {line.programme for line in lines},
                last=lines[-1].month,
                law=law,
                jkk_class=jkk_class,
            ),
            *(_assumption(applied) for applied in arrears.parameters),
        ),
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


def _late_payments(lines: Iterable[ArrearsLine]) -> tuple[LatePayment, ...]:
    """Return one row per month and day of payment: its programmes share the rate and the months."""
    rows: dict[tuple[Month, date, int, Decimal], tuple[Rupiah, Decimal]] = {}
    for line in lines:
        for step in line.steps:
            if not step.paid:
                continue
            key = (line.month, step.until, step.months, step.rate_per_month)
            amount, penalty = rows.get(key, (0, Decimal(0)))
            rows[key] = (amount + step.amount, penalty + step.penalty)
    return tuple(
        LatePayment(
            month=month,
            paid_on=paid_on,
            amount=amount,
            months=months,
            rate_per_month=rate,
            penalty=penalty,
        )
        for (month, paid_on, months, rate), (amount, penalty) in sorted(rows.items())
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


def _rates(programmes: set[str], *, last: Month, law: LawBook, jkk_class: int | None) -> Assumption:
    """Return what the bills should come to. The bills themselves are those of the registry."""
    jkk = JKK_EMPLOYER.get(jkk_class or 0)
    known = {**_RATES, **({"JKK": (jkk,)} if jkk else {})}
    values: list[str] = []
    citations: list[str] = []
    for programme in PROGRAMME_ORDER:
        if programme not in programmes or programme not in known:
            continue
        parts = [law[part].applied_on(last.first_day) for part in known[programme]]
        shares = " + ".join(percent(part.value) for part in parts)
        values.append(f"{programme} {shares}")
        citations += [cited for part in parts if (cited := _cited(part.citation))]
    return Assumption(
        title="tarif iuran (pemberi kerja + pekerja)",
        value="; ".join(values),
        citation="; ".join(dict.fromkeys(citations)) or None,
        note=_CEILING_NOTE if "JP" in programmes else "",
    )


def _cited(citation: Citation) -> str | None:
    """Return the citation without an article number that nobody compared with the official text.

    A star where a secondary source was read, as on the page of the law.
    """
    text = citation.confirmed
    if text is None or citation.grade == "A" or citation.checked_by:
        return text
    return f"{text}*"


def _assumption(applied: Applied[object]) -> Assumption:
    version = applied.version
    return Assumption(
        title=applied.title,
        value=_value(version.value, version.unit),
        citation=_cited(version.citation),
        note=version.citation.note,
    )


def _value(value: object, unit: str) -> str:
    if value is None:
        return "tidak ada"
    if isinstance(value, Decimal):
        return f"{percent(value)} {_UNITS.get(unit, f'({unit})')}"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int):
        return f"tanggal {value}" if unit == _DAY else f"{value} ({unit})"
    if isinstance(value, tuple):
        return "; ".join(_ageing(item) for item in value)
    return {
        "started": "bulan yang sudah dimulai dihitung penuh",
        "completed": "bulan penuh saja",
    }.get(str(value), str(value))


def _ageing(item: object) -> str:
    if isinstance(item, str):
        return item
    start = getattr(item, "from_months", None)
    end = getattr(item, "to_months", None)
    name = str(getattr(item, "name", item)).replace("_", " ")
    return f"{name} {start}–{end} bulan" if end else f"{name} mulai {start} bulan"


def _line_key(line: ArrearsLine) -> tuple[Month, int, str]:
    known = line.programme in PROGRAMME_ORDER
    rank = PROGRAMME_ORDER.index(line.programme) if known else len(PROGRAMME_ORDER)
    return line.month, rank, line.programme
