"""What an employer should have paid for one month: every worker, programme and payer, summed.

Whole columns of wages are reckoned at once; the tree behind a sum unfolds when it is read.
"""

from collections.abc import Iterable, Sequence
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
from app.law.money import Rupiah, check_amount, formatted, portions
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
            children=tuple(self.programme_node(summed) for summed in self.programmes),
        )

    def programme_node(self, summed: ProgrammeSum) -> Derivation:
        """Return the branch of one programme, one child per worker."""
        lines, rows, bases = self.lines, summed.rows, summed.bases
        owing = payers(summed.terms)
        columns = (summed.employers, summed.workers)[: len(owing)]

        def worker(at: int) -> Derivation:
            line, base = lines[rows[at]], formatted(bases[at])
            return Derivation(
                label=line.label,
                value=sum(column[at] for column in columns),
                formula="bagian pemberi kerja + bagian pekerja",
                inputs=(
                    Input("upah sebulan", formatted(line.wage)),
                    Input("dasar upah", base),
                ),
                children=tuple(
                    Derivation(
                        label=payer.label, value=column[at], formula=f"{base}{payer.reckoned}"
                    )
                    for payer, column in zip(owing, columns, strict=True)
                ),
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
    rows = _rows(roll, month=month, scale=scale, programmes=programmes, law=law)
    wages = [line.wage for line in roll]
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
    by_scale = programmes is None and scale and any(line.programmes is None for line in roll)
    readings: list[Applied[object]] = [law[rates.SHARE_ROUNDING].applied_on(month.first_day)]
    if by_scale and scale:
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
) -> dict[str, list[int]]:
    """Return the places of every programme's workers; checks each line once."""
    rows: dict[str, list[int]] = {programme: [] for programme in PROGRAMMES}
    owed: dict[tuple[str, ...] | None, tuple[str, ...]] = {}
    for row, line in enumerate(roll):
        check_amount(line.wage, field=f"workers.{row}.wage")
        if line.programmes not in owed:
            own = line.programmes is not None
            owed[line.programmes] = programmes_owed(
                month=month,
                scale=scale,
                programmes=line.programmes if own else programmes,
                law=law,
                field=f"workers.{row}.programmes" if own else "programmes",
            )
        for programme in owed[line.programmes]:
            rows[programme].append(row)
    return rows


def _sum(terms: Terms, *, rows: list[int], wages: list[Rupiah]) -> ProgrammeSum:
    bases = [wages[row] for row in rows]
    if (ceiling := terms.ceiling) is not None:
        bases = [min(base, ceiling) for base in bases]
    employers = portions(bases, terms.employer_rate * terms.factor)
    workers = portions(bases, terms.worker_rate * terms.factor)
    deferrals = [0] * len(rows)
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
        worker=sum(workers),
        deferred=sum(deferrals),
    )
