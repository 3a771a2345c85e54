"""What an employer should have paid for one month: every worker, programme and payer, summed.

Whole columns of wages are reckoned at once; the tree behind a sum unfolds when it is read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.law.book import LawBook
from app.law.contributions import (
    Share,
    Terms,
    check_employer,
    check_month,
    parameter_inputs,
    payers,
    programmes_owed,
    terms_of,
)
from app.law.dated import Applied
from app.law.derivation import Derivation, Input, Unfolding
from app.law.faults import fault
from app.law.money import LARGEST_AMOUNT, Rupiah, check_amount, formatted, portions
from app.law.month import Month
from app.law.parameters import rates
from app.law.parameters.programmes import OBLIGED, PROGRAMMES


@dataclass(frozen=True, slots=True, kw_only=True)
class PayrollLine:
    """A worker of the month; `programmes` None means those of the employer."""

    label: str
    wage: Rupiah
    programmes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeSum:
    """One programme over its workers.

    `rows` are their places in the payroll; the columns beside it hold one amount for each, in
    that order, and the totals are the sums of the columns.
    """

    terms: Terms
    rows: Sequence[int]
    bases: Sequence[Rupiah]
    employers: Sequence[Rupiah]
    workers: Sequence[Rupiah]
    deferrals: Sequence[Rupiah]
    base: Rupiah
    employer: Rupiah
    worker: Rupiah
    deferred: Rupiah

    @property
    def programme(self) -> str:
        return self.terms.programme

    @property
    def payable(self) -> Rupiah:
        return self.employer + self.worker

    def share(self, at: int) -> Share:
        """Return what one worker contributes; `at` is a place in `rows`."""
        return self._share(self.bases[at], self.employers[at], self.workers[at], self.deferrals[at])

    def share_of_all(self) -> Share:
        """Return the sums in the shape of one share."""
        return self._share(self.base, self.employer, self.worker, self.deferred)

    def _share(self, base: Rupiah, employer: Rupiah, worker: Rupiah, deferred: Rupiah) -> Share:
        terms = self.terms
        return Share(
            programme=terms.programme,
            base=base,
            employer=employer,
            worker=worker,
            deferred=deferred,
            employer_rate=terms.employer_rate,
            worker_rate=terms.worker_rate,
            factor=terms.factor,
            parameters=terms.parameters,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Payroll:
    """`total` is payable now, as in Contribution; `wages` is the sum before any ceiling."""

    month: Month
    lines: tuple[PayrollLine, ...]
    programmes: tuple[ProgrammeSum, ...]
    wages: Rupiah
    total: Rupiah
    provisional: bool
    parameters: tuple[Applied[object], ...]

    def shares(self) -> tuple[tuple[Share, ...], ...]:
        """Return the shares of every worker, in the order of the payroll."""
        found: list[list[Share]] = [[] for _ in self.lines]
        for summed in self.programmes:
            for at, row in enumerate(summed.rows):
                found[row].append(summed.share(at))
        return tuple(tuple(shares) for shares in found)

    def derivation(self) -> Derivation:
        """Return the tree of `total`: programme, worker, payer."""
        return Derivation(
            label=f"Iuran {self.month}",
            value=self.total,
            formula="jumlah semua program yang dibayar segera",
            inputs=(
                Input("jumlah pekerja", str(len(self.lines))),
                Input("jumlah upah", formatted(self.wages)),
            ),
            children=Unfolding(
                len(self.programmes), lambda at: self.programme_node(self.programmes[at])
            ),
        )

    def programme_node(self, summed: ProgrammeSum) -> Derivation:
        """Return the branch of one programme, one child per worker."""
        lines, rows, bases = self.lines, summed.rows, summed.bases
        employers, workers = summed.employers, summed.workers
        owing = payers(summed.terms)

        def worker(at: int) -> Derivation:
            line, amount = lines[rows[at]], bases[at]
            base = formatted(amount)
            employer, *others = owing
            leaf = Derivation(
                label=employer.label, value=employers[at], formula=f"{base}{employer.reckoned}"
            )
            return Derivation(
                label=line.label,
                value=employers[at] + workers[at],
                formula="bagian pemberi kerja + bagian pekerja",
                inputs=(Input("dasar upah", base),)
                if line.wage == amount
                else (
                    Input("upah sebulan", formatted(line.wage)),
                    Input("dasar upah", base),
                ),
                children=(
                    leaf,
                    *(
                        Derivation(
                            label=payer.label,
                            value=workers[at],
                            formula=f"{base}{payer.reckoned}",
                        )
                        for payer in others
                    ),
                )
                if others
                else (leaf,),
            )

        deferred = (Input("ditangguhkan", formatted(summed.deferred)),) if summed.deferred else ()
        return Derivation(
            label=summed.programme,
            value=summed.payable,
            formula="jumlah semua pekerja",
            inputs=(
                Input("dasar upah", formatted(summed.base)),
                *deferred,
                *parameter_inputs(summed.terms.parameters),
            ),
            citation=summed.terms.parameters[0].citation,
            children=Unfolding(len(summed.rows), worker),
        )


def payroll(
    *,
    month: Month,
    lines: Iterable[PayrollLine],
    jkk_class: int | None,
    scale: str | None,
    programmes: tuple[str, ...] | None,
    labour_intensive: bool,
    law: LawBook,
) -> Payroll:
    """Return the contributions of all workers of one employer for one month.

    Every share is that of `contribution` for the same wage; `programmes` None means what the
    scale obliges, and a worker's own list goes before both.

    Raises:
        Invalid: names the field, such as `workers.3.wage`, and the value that cannot be used.
    """
    check_month(month, field="month")
    check_employer(jkk_class=jkk_class, scale=scale)
    roll = tuple(lines)
    if not roll:
        raise fault("workers", "Daftar pekerja ({field}) tidak boleh kosong.")
    wages = [line.wage for line in roll]
    _check_wages(wages)
    rows = _rows(roll, month=month, scale=scale, programmes=programmes, law=law)
    sums = tuple(
        _sum(
            terms_of(
                programme,
                month=month,
                jkk_class=jkk_class,
                labour_intensive=labour_intensive,
                law=law,
            ),
            rows=rows[programme],
            wages=wages,
        )
        for programme in PROGRAMMES
        if rows[programme]
    )
    readings: list[Applied[object]] = [law[rates.SHARE_ROUNDING].applied_on(month.first_day)]
    if programmes is None and scale and any(line.programmes is None for line in roll):
        readings.append(law[OBLIGED[scale]].applied_on(month.first_day))
    return Payroll(
        month=month,
        lines=roll,
        programmes=sums,
        wages=sum(wages),
        total=sum(summed.payable for summed in sums),
        provisional=any(summed.terms.provisional for summed in sums),
        parameters=(*(used for summed in sums for used in summed.terms.parameters), *readings),
    )


def _rows(
    roll: tuple[PayrollLine, ...],
    *,
    month: Month,
    scale: str | None,
    programmes: tuple[str, ...] | None,
    law: LawBook,
) -> Mapping[str, Sequence[int]]:
    """Return the places of every programme's workers; checks each line."""
    own = {line.programmes for line in roll}
    of_employer = None
    if None in own:
        of_employer = programmes_owed(month=month, scale=scale, programmes=programmes, law=law)
    if own == {None}:
        everybody = range(len(roll))
        return {
            programme: everybody if programme in (of_employer or ()) else range(0)
            for programme in PROGRAMMES
        }
    rows: dict[str, list[int]] = {programme: [] for programme in PROGRAMMES}
    for row, line in enumerate(roll):
        owed = of_employer
        if line.programmes is not None:
            owed = programmes_owed(
                month=month,
                scale=scale,
                programmes=line.programmes,
                law=law,
                field=f"workers.{row}.programmes",
            )
        for programme in owed or ():
            rows[programme].append(row)
    return rows


def _check_wages(wages: Sequence[Rupiah]) -> None:
    if min(wages) < 0 or max(wages) > LARGEST_AMOUNT:
        for row, wage in enumerate(wages):
            check_amount(wage, field=f"workers.{row}.wage")


def _sum(terms: Terms, *, rows: Sequence[int], wages: list[Rupiah]) -> ProgrammeSum:
    bases = wages if len(rows) == len(wages) else [wages[row] for row in rows]
    if (ceiling := terms.ceiling) is not None:
        # A call of min for every wage of a large payroll takes longer than its arithmetic.
        bases = [ceiling if base > ceiling else base for base in bases]  # noqa: FURB136
    nothing = (0,) * len(rows)
    employers = portions(bases, terms.employer_rate * terms.factor)
    workers: Sequence[Rupiah] = nothing
    if terms.worker_rate:
        workers = portions(bases, terms.worker_rate * terms.factor)
    deferrals: Sequence[Rupiah] = nothing
    if terms.deferring:
        whole = zip(
            portions(bases, terms.employer_rate), portions(bases, terms.worker_rate), strict=True
        )
        deferrals = [
            one + other - employer - worker
            for (one, other), employer, worker in zip(whole, employers, workers, strict=True)
        ]
    return ProgrammeSum(
        terms=terms,
        rows=rows,
        bases=bases,
        employers=employers,
        workers=workers,
        deferrals=deferrals,
        base=sum(bases),
        employer=sum(employers),
        worker=sum(workers) if terms.worker_rate else 0,
        deferred=sum(deferrals) if terms.deferring else 0,
    )
