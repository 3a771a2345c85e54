"""What should have been paid for one worker, one month, per programme and payer."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.law.book import LawBook
from app.law.dated import Applied, Dated
from app.law.derivation import Derivation, Input, percent
from app.law.faults import fault
from app.law.money import Rupiah, check_amount, formatted, round_half_up
from app.law.month import Month
from app.law.parameters import rates
from app.law.parameters.jp_ceiling import JP_CEILING
from app.law.parameters.overlays import (
    JKK_LABOUR_INTENSIVE,
    JKK_RELIEF_2020,
    JKM_RELIEF_2020,
    JP_PAYABLE_NOW,
)
from app.law.parameters.programmes import OBLIGED, PROGRAMMES, SCALES

FIRST_MONTH = Month.of(rates.FIRST_DAY)
_WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One programme. `employer` and `worker` are payable now, `deferred` is the rest.

    `base` is the wage after the ceiling. The rates are the ordinary ones; `factor` is the part
    of the ordinary contribution that a temporary regime leaves payable now, 1 without one.
    """

    programme: str
    base: Rupiah
    employer: Rupiah
    worker: Rupiah
    deferred: Rupiah
    employer_rate: Decimal
    worker_rate: Decimal
    factor: Decimal
    parameters: tuple[Applied[object], ...]

    @property
    def payable(self) -> Rupiah:
        return self.employer + self.worker

    @property
    def provisional(self) -> bool:
        return any(parameter.provisional for parameter in self.parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Who owes a part of a programme; `reckoned` follows the base in the formula."""

    label: str
    reckoned: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the law asks of any wage for one programme and month; see Share for the rates.

    `deferring`: what `factor` leaves out is owed later; otherwise it is waived.
    """

    programme: str
    ceiling: Rupiah | None
    employer_rate: Decimal
    worker_rate: Decimal
    factor: Decimal
    deferring: bool
    parameters: tuple[Applied[object], ...]

    @property
    def provisional(self) -> bool:
        return any(parameter.provisional for parameter in self.parameters)

    def base(self, wage: Rupiah) -> Rupiah:
        return wage if self.ceiling is None else min(wage, self.ceiling)

    def share(self, wage: Rupiah) -> Share:
        """Return the share of one worker; each payer's part is rounded once, after the relief."""
        base = self.base(wage)
        employer = round_half_up(base * self.employer_rate * self.factor)
        worker = round_half_up(base * self.worker_rate * self.factor)
        deferred = 0
        if self.deferring:
            whole = round_half_up(base * self.employer_rate) + round_half_up(
                base * self.worker_rate
            )
            deferred = whole - employer - worker
        return Share(
            programme=self.programme,
            base=base,
            employer=employer,
            worker=worker,
            deferred=deferred,
            employer_rate=self.employer_rate,
            worker_rate=self.worker_rate,
            factor=self.factor,
            parameters=self.parameters,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """`total` is payable now: what is deferred is left out of it.

    `provisional` when a parameter of the month is not announced and the last known one was used.
    """

    month: Month
    wage: Rupiah
    shares: tuple[Share, ...]
    total: Rupiah
    provisional: bool
    parameters: tuple[Applied[object], ...]

    def derivation(self) -> Derivation:
        """Return the tree of `total`; its leaves are the payers' shares."""
        return Derivation(
            label=f"Iuran {self.month}",
            value=self.total,
            formula="jumlah semua program yang dibayar segera",
            inputs=(Input("upah sebulan", formatted(self.wage)),),
            children=tuple(_share_derivation(share) for share in self.shares),
        )


def contribution(
    *,
    month: Month,
    wage: Rupiah,
    jkk_class: int | None,
    scale: str | None,
    programmes: tuple[str, ...] | None,
    labour_intensive: bool,
    law: LawBook,
) -> Contribution:
    """Return the contribution of one worker; `programmes` None means what the scale obliges.

    Each share is rounded half up to a rupiah, once, after the relief.

    Law: PP 44/2015, PP 45/2015, PP 46/2015; PP 49/2020; PP 7/2025 and PP 36/2025.
    Reading: rates go by contribution month; the conditions of a relief are taken as met
    (product.md).

    Raises:
        Invalid: names the field and the value that cannot be used.
    """
    check_month(month, field="month")
    check_amount(wage, field="wage")
    check_employer(jkk_class=jkk_class, scale=scale)
    day = month.first_day
    owed = programmes_owed(month=month, scale=scale, programmes=programmes, law=law)
    readings: list[Applied[object]] = [law[rates.SHARE_ROUNDING].applied_on(day)]
    if programmes is None and scale is not None:
        readings.append(law[OBLIGED[scale]].applied_on(day))
    shares = tuple(
        terms_of(
            programme,
            month=month,
            jkk_class=jkk_class,
            labour_intensive=labour_intensive,
            law=law,
        ).share(wage)
        for programme in owed
    )
    return Contribution(
        month=month,
        wage=wage,
        shares=shares,
        total=sum(share.payable for share in shares),
        provisional=any(share.provisional for share in shares),
        parameters=(*(used for share in shares for used in share.parameters), *readings),
    )


def programmes_owed(
    *,
    month: Month,
    scale: str | None,
    programmes: tuple[str, ...] | None,
    law: LawBook,
    field: str = "programmes",
) -> tuple[str, ...]:
    """Return `programmes` when given, else those that the scale obliges in that month.

    Law: Perpres 109/2013 art. 6.

    Raises:
        Invalid: neither is given, or one is unknown.
    """
    if programmes is None:
        if scale is None:
            raise fault("scale", "Isi skala usaha ({field}) atau daftar program.")
        return law[OBLIGED[scale]].on(month.first_day)
    if not programmes:
        raise fault(field, "Daftar program ({field}) tidak boleh kosong.")
    for programme in programmes:
        if programme not in PROGRAMMES:
            raise fault(
                field,
                "Program {programme} ({field}) tidak dikenal; pilih dari {known}.",
                programme=programme,
                known=", ".join(PROGRAMMES),
            )
        if programmes.count(programme) > 1:
            raise fault(
                field,
                "Program {programme} ({field}) tertulis lebih dari satu kali.",
                programme=programme,
            )
    return programmes


def check_month(month: Month, *, field: str) -> None:
    """Refuse a month before the first one.

    Raises:
        Invalid: names `field` and the month.
    """
    if month < FIRST_MONTH:
        raise fault(
            field,
            "Bulan {month} ({field}) mendahului {first}, bulan iuran pertama.",
            month=str(month),
            first=str(FIRST_MONTH),
        )


def check_employer(*, jkk_class: int | None, scale: str | None) -> None:
    """Refuse a class or a scale that does not exist.

    Raises:
        Invalid: names the field and the value.
    """
    if jkk_class is not None and jkk_class not in rates.JKK_EMPLOYER:
        raise fault(
            "jkk_class",
            "Kelas JKK {jkk_class} ({field}) tidak ada; pilih 1 sampai 5.",
            jkk_class=jkk_class,
        )
    if scale is not None and scale not in OBLIGED:
        raise fault(
            "scale",
            "Skala {scale} ({field}) tidak dikenal; pilih dari {known}.",
            scale=scale,
            known=", ".join(SCALES),
        )


def terms_of(
    programme: str,
    *,
    month: Month,
    jkk_class: int | None,
    labour_intensive: bool,
    law: LawBook,
) -> Terms:
    """Return what the law asks for `programme` in that month.

    Raises:
        Invalid: JKK without a class.
        ParameterGap: a parameter was not in force.
    """
    if programme == "JKK":
        reliefs = (JKK_RELIEF_2020, JKK_LABOUR_INTENSIVE)[: 2 if labour_intensive else 1]
        return _relieved("JKK", _jkk_rate(jkk_class), reliefs=reliefs, month=month, law=law)
    if programme == "JKM":
        return _relieved(
            "JKM", rates.JKM_EMPLOYER, reliefs=(JKM_RELIEF_2020,), month=month, law=law
        )
    if programme == "JHT":
        day = month.first_day
        employer = law[rates.JHT_EMPLOYER].applied_on(day)
        worker = law[rates.JHT_WORKER].applied_on(day)
        return Terms(
            programme="JHT",
            ceiling=None,
            employer_rate=employer.value,
            worker_rate=worker.value,
            factor=_WHOLE,
            deferring=False,
            parameters=(employer, worker),
        )
    return _pension_terms(month, law=law)


def _jkk_rate(jkk_class: int | None) -> Dated[Decimal]:
    if jkk_class is None:
        raise fault("jkk_class", "Isi kelas JKK ({field}) 1 sampai 5 untuk menghitung JKK.")
    return rates.JKK_EMPLOYER[jkk_class]


def _relieved(
    programme: str,
    employer: Dated[Decimal],
    *,
    reliefs: tuple[Dated[Decimal], ...],
    month: Month,
    law: LawBook,
) -> Terms:
    day = month.first_day
    applied = tuple(law[relief].applied_on(day) for relief in reliefs if law[relief].find_on(day))
    factor = _WHOLE
    for relief in applied:
        factor *= relief.value
    rate = law[employer].applied_on(day)
    return Terms(
        programme=programme,
        ceiling=None,
        employer_rate=rate.value,
        worker_rate=Decimal(0),
        factor=factor,
        deferring=False,
        parameters=(rate, *applied),
    )


def _pension_terms(month: Month, *, law: LawBook) -> Terms:
    """Return JP on the wage up to the ceiling, with the part that PP 49/2020 defers."""
    day = month.first_day
    ceiling = law[JP_CEILING].last_known_on(day)
    employer = law[rates.JP_EMPLOYER].applied_on(day)
    worker = law[rates.JP_WORKER].applied_on(day)
    deferral: tuple[Applied[Decimal], ...] = ()
    if law[JP_PAYABLE_NOW].find_on(day) is not None:
        deferral = (law[JP_PAYABLE_NOW].applied_on(day),)
    return Terms(
        programme="JP",
        ceiling=ceiling.value,
        employer_rate=employer.value,
        worker_rate=worker.value,
        factor=deferral[0].value if deferral else _WHOLE,
        deferring=bool(deferral),
        parameters=(employer, worker, ceiling, *deferral),
    )


def parameter_inputs(parameters: tuple[Applied[object], ...]) -> Iterator[Input]:
    for parameter in parameters:
        yield Input(parameter.title, _printed(parameter.value), parameter)


def payers(terms: Terms | Share) -> tuple[Payer, ...]:
    """Return who owes a part, as it is printed; nobody owes at a rate of nothing."""
    relief = "" if terms.factor == _WHOLE else f" × {percent(terms.factor)}"
    return tuple(
        Payer(
            label=f"{terms.programme} {name}",
            reckoned=f" × {percent(rate)}{relief}, dibulatkan setengah ke atas",
        )
        for name, rate in (
            ("pemberi kerja", terms.employer_rate),
            ("pekerja", terms.worker_rate),
        )
        if rate or name == "pemberi kerja"
    )


def _share_derivation(share: Share) -> Derivation:
    base = formatted(share.base)
    return Derivation(
        label=share.programme,
        value=share.payable,
        formula="bagian pemberi kerja + bagian pekerja",
        inputs=tuple(_share_inputs(share)),
        citation=share.parameters[0].citation,
        children=tuple(
            Derivation(label=payer.label, value=amount, formula=f"{base}{payer.reckoned}")
            for payer, amount in zip(payers(share), (share.employer, share.worker), strict=False)
        ),
    )


def _share_inputs(share: Share) -> Iterator[Input]:
    yield Input("dasar upah", formatted(share.base))
    if share.deferred:
        yield Input("ditangguhkan", formatted(share.deferred))
    yield from parameter_inputs(share.parameters)


def _printed(value: object) -> str:
    if isinstance(value, Decimal):
        return percent(value)
    return formatted(value) if isinstance(value, int) else f"{value}"
