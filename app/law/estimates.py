"""What is probably owed where nobody billed it: an estimate with its method, never arrears.

The types here hold an `amount` and no `total`, and nothing adds them to bills: a question to an
employer is not a debt.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.law.book import LawBook
from app.law.contributions import FIRST_MONTH, programmes_owed
from app.law.dated import Applied
from app.law.derivation import Derivation, Input, Unfolding
from app.law.faults import fault
from app.law.money import Rupiah, check_amount, formatted
from app.law.month import Month
from app.law.parameters.estimates import ESTIMATE_ENDS, ESTIMATE_STARTS
from app.law.parameters.programmes import PROGRAMMES
from app.law.payroll import Payroll, PayrollLine, payroll

EstimateKind = Literal["PWBD", "PDS_TK", "PDS_UPAH", "PDS_PROGRAM"]

LABEL: Final = "perkiraan"
UNREGISTERED: Final = (
    "Iuran penuh tiap pekerja yang belum terdaftar, sejak bulan mulai bekerja atau bulan data "
    "sumber sampai bulan penuh terakhir sebelum tanggal batas, dengan upah menurut sumber."
)
SHORTFALL: Final = (
    "Iuran menurut upah yang terbukti dikurangi iuran menurut upah yang dilaporkan, tiap bulan "
    "sejak upah itu terbukti sampai bulan penuh terakhir sebelum tanggal batas."
)
MISSING: Final = (
    "Iuran program yang wajib menurut skala usaha tetapi belum diikuti, untuk semua pekerja, tiap "
    "bulan sampai bulan penuh terakhir sebelum tanggal batas."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Employer:
    """What the law needs to know of an employer; `programmes` None means what the scale obliges."""

    jkk_class: int | None
    scale: str | None
    programmes: tuple[str, ...] | None = None
    labour_intensive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerEvidence:
    """A worker as a source shows them.

    `started_on` where it is known, else `source_on`, the day of the source, tells the first
    month. `reported` is the wage the employer reported.
    """

    label: str
    wage: Rupiah
    started_on: date | None = None
    source_on: date | None = None
    reported: Rupiah = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateMonth:
    """`owed` less what was `reported` in its place, where anything was."""

    owed: Payroll
    reported: Payroll | None

    @property
    def month(self) -> Month:
        return self.owed.month

    @property
    def amount(self) -> Rupiah:
        return self.owed.total - (self.reported.total if self.reported else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """`deferred` is the part that PP 49/2020 let wait; it is not in `amount`."""

    kind: EstimateKind
    method: str
    cutoff: date
    months: tuple[EstimateMonth, ...]
    workers: int
    worker_months: int
    amount: Rupiah
    deferred: Rupiah
    provisional: bool
    parameters: tuple[Applied[object], ...]

    def derivation(self) -> Derivation:
        """Return the tree of `amount`: month, programme, worker, payer."""
        return Derivation(
            label=f"Perkiraan {self.kind} per {self.cutoff.isoformat()}",
            value=self.amount,
            formula="jumlah semua bulan; perkiraan, bukan tagihan",
            inputs=(
                Input("jumlah pekerja", str(self.workers)),
                Input("jumlah bulan pekerja", str(self.worker_months)),
            ),
            children=tuple(_month_node(month) for month in self.months),
        )


def unregistered_workers(
    kind: Literal["PWBD", "PDS_TK"],
    *,
    workers: Iterable[WorkerEvidence],
    employer: Employer,
    cutoff: date,
    law: LawBook,
) -> Estimate:
    """Return the contributions of workers of whom nothing was reported.

    Raises:
        Invalid: names the field and the value that cannot be used.
    """
    known = tuple(workers)
    return _estimate(kind, UNREGISTERED, known, employer=employer, cutoff=cutoff, law=law)


def wage_shortfall(
    *, workers: Iterable[WorkerEvidence], employer: Employer, cutoff: date, law: LawBook
) -> Estimate:
    """Return what the evidenced wages would have brought beyond the reported ones.

    Raises:
        Invalid: names the field and the value; a reported wage above the evidenced one.
    """
    known = tuple(workers)
    for place, worker in enumerate(known):
        check_amount(worker.wage, field=f"workers.{place}.wage")
        check_amount(worker.reported, field=f"workers.{place}.reported")
        if worker.reported > worker.wage:
            raise fault(
                f"workers.{place}.reported",
                "Upah yang dilaporkan {reported} ({field}) melebihi upah yang terbukti {wage}.",
                reported=worker.reported,
                wage=worker.wage,
            )
    return _estimate("PDS_UPAH", SHORTFALL, known, employer=employer, cutoff=cutoff, law=law)


def missing_programmes(
    *,
    workers: Iterable[WorkerEvidence],
    held: tuple[str, ...],
    employer: Employer,
    cutoff: date,
    law: LawBook,
) -> Estimate:
    """Return the contributions of the programmes that are obliged but not among those `held`.

    Law: Perpres 109/2013 art. 6, by the scale of the contribution month.

    Raises:
        Invalid: names the field and the value that cannot be used.
    """
    for programme in held:
        if programme not in PROGRAMMES:
            raise fault(
                "held",
                "Program {programme} ({field}) tidak dikenal; pilih dari {known}.",
                programme=programme,
                known=", ".join(PROGRAMMES),
            )

    def missing(month: Month) -> tuple[str, ...]:
        owed = programmes_owed(
            month=month, scale=employer.scale, programmes=employer.programmes, law=law
        )
        return tuple(programme for programme in owed if programme not in held)

    return _estimate(
        "PDS_PROGRAM",
        MISSING,
        tuple(workers),
        employer=employer,
        cutoff=cutoff,
        law=law,
        programmes_of=missing,
    )


def _estimate(
    kind: EstimateKind,
    method: str,
    workers: Sequence[WorkerEvidence],
    *,
    employer: Employer,
    cutoff: date,
    law: LawBook,
    programmes_of: Callable[[Month], tuple[str, ...]] | None = None,
) -> Estimate:
    if not workers:
        raise fault("workers", "Daftar pekerja ({field}) tidak boleh kosong.")
    if cutoff < FIRST_MONTH.first_day:
        raise fault(
            "cutoff",
            "Tanggal batas {cutoff} ({field}) mendahului {first}, bulan iuran pertama.",
            cutoff=cutoff.isoformat(),
            first=str(FIRST_MONTH),
        )
    for place, worker in enumerate(workers):
        # A month sees only the workers of that month, and would call them by other rows.
        check_amount(worker.wage, field=f"workers.{place}.wage")
    first = [_first_month(worker, place) for place, worker in enumerate(workers)]
    last = Month.of(cutoff) - 1
    months: list[EstimateMonth] = []
    worker_months = 0
    for index in range(min(first).index, last.index + 1):
        month = Month.from_index(index)
        programmes = employer.programmes if programmes_of is None else programmes_of(month)
        if programmes == ():
            continue
        there = [worker for worker, since in zip(workers, first, strict=True) if since <= month]
        worker_months += len(there)
        owed = _payroll(
            [PayrollLine(label=worker.label, wage=worker.wage) for worker in there],
            month=month,
            employer=employer,
            programmes=programmes,
            law=law,
        )
        reported = None
        if kind == "PDS_UPAH":
            reported = _payroll(
                [PayrollLine(label=worker.label, wage=worker.reported) for worker in there],
                month=month,
                employer=employer,
                programmes=programmes,
                law=law,
            )
        months.append(EstimateMonth(owed=owed, reported=reported))
    return Estimate(
        kind=kind,
        method=method,
        cutoff=cutoff,
        months=tuple(months),
        workers=len(workers),
        worker_months=worker_months,
        amount=sum(month.amount for month in months),
        deferred=sum(_deferred(month) for month in months),
        provisional=any(month.owed.provisional for month in months),
        parameters=_parameters(months, cutoff=cutoff, law=law),
    )


def _payroll(
    lines: list[PayrollLine],
    *,
    month: Month,
    employer: Employer,
    programmes: tuple[str, ...] | None,
    law: LawBook,
) -> Payroll:
    return payroll(
        month=month,
        lines=lines,
        jkk_class=employer.jkk_class,
        scale=employer.scale,
        programmes=programmes,
        labour_intensive=employer.labour_intensive,
        law=law,
    )


def _first_month(worker: WorkerEvidence, place: int) -> Month:
    since = worker.started_on or worker.source_on
    if since is None:
        raise fault(
            f"workers.{place}.started_on",
            "Isi tanggal mulai bekerja ({field}) atau tanggal data sumber pekerja itu.",
        )
    return max(Month.of(since), FIRST_MONTH)


def _deferred(month: EstimateMonth) -> Rupiah:
    owed = sum(summed.deferred for summed in month.owed.programmes)
    if month.reported is None:
        return owed
    return owed - sum(summed.deferred for summed in month.reported.programmes)


def _parameters(
    months: Iterable[EstimateMonth], *, cutoff: date, law: LawBook
) -> tuple[Applied[object], ...]:
    applied: dict[Applied[object], None] = {}
    for month in months:
        applied.update(dict.fromkeys(month.owed.parameters))
    return (
        law[ESTIMATE_STARTS].applied_on(cutoff),
        law[ESTIMATE_ENDS].applied_on(cutoff),
        *applied,
    )


def _month_node(month: EstimateMonth) -> Derivation:
    owed, reported = month.owed, month.reported
    if reported is None:
        return owed.derivation()
    return Derivation(
        label=f"Iuran {month.month}",
        value=month.amount,
        formula="menurut upah terbukti − menurut upah dilaporkan",
        children=tuple(
            _programme_node(owed, reported, at=at) for at in range(len(owed.programmes))
        ),
    )


def _programme_node(owed: Payroll, reported: Payroll, *, at: int) -> Derivation:
    """Return the shortfall of one programme, one child per worker with both wages under it."""
    more, less = owed.programmes[at], reported.programmes[at]

    def worker(row: int) -> Derivation:
        line, other = owed.lines[more.rows[row]], reported.lines[less.rows[row]]
        due, told = more.share(row).payable, less.share(row).payable
        return Derivation(
            label=line.label,
            value=due - told,
            formula="menurut upah terbukti − menurut upah dilaporkan",
            children=(
                Derivation(
                    label="menurut upah terbukti",
                    value=due,
                    formula=f"{more.programme} {formatted(line.wage)}",
                ),
                Derivation(
                    label="menurut upah dilaporkan",
                    value=-told,
                    formula=f"{less.programme} {formatted(other.wage)}",
                ),
            ),
        )

    whole = owed.programme_node(more)
    return Derivation(
        label=more.programme,
        value=more.payable - less.payable,
        formula="jumlah semua pekerja",
        inputs=whole.inputs,
        citation=whole.citation,
        children=Unfolding(len(more.rows), worker),
    )
