"""Estimates as documents: what is probably owed where no bill says so, with the method."""

from typing import Literal

from pydantic import Field

from app.calculations import faults, reach
from app.calculations.answers import (
    citation_documents,
    derivation_document,
    parameter_documents,
)
from app.calculations.schemas import (
    MOST_WORKER_MONTHS,
    MOST_WORKERS,
    CitationDocument,
    Claim,
    DayText,
    DerivationDocument,
    Document,
    MonthText,
    ParameterDocument,
    WholeNumber,
)
from app.law.book import Norms
from app.law.contributions import FIRST_MONTH
from app.law.dated import ParameterGap
from app.law.estimates import (
    LABEL,
    Employer,
    Estimate,
    EstimateKind,
    WorkerEvidence,
    missing_programmes,
    unregistered_workers,
    wage_shortfall,
)
from app.law.faults import fault
from app.law.month import Month


class WorkerEvidenceDocument(Document):
    """`started_on`, else `source_on`, gives the first month; `reported` is for PDS_UPAH."""

    wage: WholeNumber
    started_on: DayText | None = None
    source_on: DayText | None = None
    reported: WholeNumber = 0
    label: str | None = Field(default=None, max_length=200)


class EstimateRequest(Document):
    """`held` are the programmes already followed, for PDS_PROGRAM."""

    kind: EstimateKind
    cutoff: DayText
    workers: tuple[WorkerEvidenceDocument, ...] = Field(max_length=MOST_WORKERS)
    jkk_class: WholeNumber | None = None
    scale: str | None = None
    programmes: tuple[str, ...] | None = None
    labour_intensive: Claim = False
    held: tuple[str, ...] | None = None


class EstimateMonthDocument(Document):
    month: MonthText
    workers: int
    amount: int


class EstimateAnswer(Document):
    """Not a bill, and never added to one; `deferred` is not in `amount`."""

    label: Literal["perkiraan"]
    kind: EstimateKind
    method: str
    cutoff: DayText
    months: tuple[EstimateMonthDocument, ...]
    workers: int
    worker_months: int
    amount: int
    deferred: int
    provisional: bool
    derivation: DerivationDocument
    parameters: tuple[ParameterDocument, ...]
    citations: tuple[CitationDocument, ...]


def estimate_of(document: object, norms: Norms) -> dict[str, object]:
    """Answer an EstimateRequest with an EstimateAnswer.

    Raises:
        Invalid: names every wrong field and its value.
    """
    request = faults.read(EstimateRequest, document)
    return estimate_answer(request, norms).model_dump(mode="json")


def estimate_answer(request: EstimateRequest, norms: Norms) -> EstimateAnswer:
    """Return the answer as a model, for a caller that has read the request itself.

    Raises:
        Invalid: names the wrong field and its value.
    """
    _check_size(request)
    try:
        return answer_of(estimated(request, norms))
    except ParameterGap as gap:
        raise reach.GapAsked(gap, field="cutoff", value=request.cutoff) from gap


def _check_size(request: EstimateRequest) -> None:
    """Refuse what would keep everybody else waiting: an answer holds every worker and month."""
    last = Month.of(request.cutoff)
    months = sum(
        max(last - max(Month.of(since), FIRST_MONTH), 0)
        for worker in request.workers
        if (since := worker.started_on or worker.source_on) is not None
    )
    if months > MOST_WORKER_MONTHS:
        raise fault(
            "cutoff",
            "Sampai {cutoff} ({field}) ada {months} bulan pekerja, lebih dari {most}; bagi "
            "pekerjanya menjadi beberapa permintaan, atau majukan tanggal batasnya.",
            cutoff=request.cutoff.isoformat(),
            months=months,
            most=MOST_WORKER_MONTHS,
        )


def answer_of(found: Estimate, *, levels: int | None = None) -> EstimateAnswer:
    """Return the answer; `levels` cuts its tree off below so many, for a page of many workers."""
    tree = found.derivation()
    return EstimateAnswer(
        label=LABEL,
        kind=found.kind,
        method=found.method,
        cutoff=found.cutoff,
        months=tuple(
            EstimateMonthDocument(
                month=month.month, workers=len(month.owed.lines), amount=month.amount
            )
            for month in found.months
        ),
        workers=found.workers,
        worker_months=found.worker_months,
        amount=found.amount,
        deferred=found.deferred,
        provisional=found.provisional,
        derivation=derivation_document(tree if levels is None else tree.folded(levels)),
        parameters=parameter_documents(found.parameters),
        citations=citation_documents(found.parameters),
    )


def estimated(request: EstimateRequest, norms: Norms) -> Estimate:
    """Return the estimate as the law has it.

    Raises:
        Invalid: names the wrong field and its value.
    """
    employer = Employer(
        jkk_class=request.jkk_class,
        scale=request.scale,
        programmes=request.programmes,
        labour_intensive=request.labour_intensive,
    )
    workers = [
        WorkerEvidence(
            label=worker.label or f"Pekerja {place}",
            wage=worker.wage,
            started_on=worker.started_on,
            source_on=worker.source_on,
            reported=worker.reported,
        )
        for place, worker in enumerate(request.workers, start=1)
    ]
    if request.kind == "PDS_UPAH":
        return wage_shortfall(
            workers=workers, employer=employer, cutoff=request.cutoff, law=norms.law
        )
    if request.kind == "PDS_PROGRAM":
        if request.held is None:
            raise fault("held", "Isi program yang sudah diikuti ({field}).")
        return missing_programmes(
            workers=workers,
            held=request.held,
            employer=employer,
            cutoff=request.cutoff,
            law=norms.law,
        )
    return unregistered_workers(
        request.kind,
        workers=workers,
        employer=employer,
        cutoff=request.cutoff,
        law=norms.law,
    )
