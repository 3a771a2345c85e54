"""The estimates of a case that came from flags: what was never billed, each with its method."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, cast

from sqlmodel import Session

from app.accounts.schemas import Principal
from app.calculations import estimates as documents
from app.calculations.estimates import EstimateAnswer
from app.calculations.schemas import MOST_WORKER_MONTHS, MOST_WORKERS
from app.cases import queries as cases
from app.cases.schemas import CaseFile, CaseFlag
from app.errors import FieldProblem, Invalid, NotFound
from app.infra.paging import LARGEST_PAGE
from app.infra.wording import N_
from app.law.book import Norms
from app.law.estimates import (
    Employer,
    Estimate,
    EstimateKind,
    WorkerEvidence,
    missing_programmes,
    unregistered_workers,
    wage_shortfall,
)
from app.law.month import Month
from app.lawbook.queries import law_in_force
from app.packets.evidence import (
    NO_EVIDENCE,
    Evidenced,
    underpaid,
    unregistered,
    without_programmes,
)
from app.registry import employers
from app.registry.queries import latest_snapshot
from app.registry.schemas import WorkerRow
from app.registry.snapshots import SnapshotReader

KINDS: Final = ("PWBD", "PDS_TK", "PDS_UPAH", "PDS_PROGRAM")
# Up to that many the tree shows every worker; more make a page that phones cannot carry.
UNFOLDED_WORKER_MONTHS: Final = 60
_MONTH_AND_PROGRAMME: Final = 2
ASK_SCALE: Final = N_("Skala usaha pemberi kerja ini belum diketahui; pilih untuk memperkirakan.")
ASK_CLASS: Final = N_(
    "Tingkat risiko JKK pemberi kerja ini belum diketahui; pilih untuk memperkirakan."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person adds that the record lacks; the record goes first."""

    scale: str = ""
    jkk_class: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagEstimate:
    """`answer` None: `refused` says why. `folded`: its tree ends at month and programme.

    `workers` are the evidence, also where no estimate came of it; `employer` is as it was taken.
    """

    flag_id: int
    rule: EstimateKind
    employer: Employer
    cutoff: date
    workers: tuple[WorkerEvidence, ...]
    held: tuple[str, ...]
    answer: EstimateAnswer | None
    folded: bool
    remarks: tuple[FieldProblem, ...]
    refused: FieldProblem | None


def estimates(
    session: Session,
    *,
    principal: Principal,
    file: CaseFile,
    given: Given,
    snapshots_dir: Path,
) -> tuple[FlagEstimate, ...]:
    """Return the estimate of the newest flag of each rule, as of the day of the file.

    Raises:
        Forbidden: the principal may not read the registry.
    """
    norms = Norms(law=law_in_force(session), calendar=cases.calendar(session))
    newest = {flag.rule: flag for flag in file.flags if flag.rule in KINDS}
    found: list[FlagEstimate] = []
    for rule in KINDS:
        if (flag := newest.get(rule)) is None:
            continue
        evidenced = _evidenced(session, principal, file, flag, snapshots_dir)
        found.append(_estimated(flag, evidenced, file=file, given=given, norms=norms))
    return tuple(found)


def _evidenced(
    session: Session, principal: Principal, file: CaseFile, flag: CaseFlag, snapshots_dir: Path
) -> Evidenced:
    if flag.rule == "PDS_UPAH":
        return underpaid(flag)
    if flag.rule == "PDS_PROGRAM":
        return without_programmes(flag, _roll(session, principal, file, snapshots_dir))
    return unregistered(flag)


def _roll(
    session: Session, principal: Principal, file: CaseFile, snapshots_dir: Path
) -> Iterator[WorkerRow]:
    newest = latest_snapshot(session)
    if newest is None or not file.employer.npp:
        return
    reader = SnapshotReader(snapshots_dir, newest)
    cursor: str | None = None
    while True:
        try:
            page = employers.workers(
                principal,
                snapshot=reader,
                npp=file.employer.npp,
                limit=LARGEST_PAGE,
                cursor=cursor,
            )
        except NotFound:
            return
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def _estimated(
    flag: CaseFlag, evidenced: Evidenced, *, file: CaseFile, given: Given, norms: Norms
) -> FlagEstimate:
    rule = cast("EstimateKind", flag.rule)
    scale = file.employer.skala or str(flag.numbers.get("skala") or "") or given.scale
    employer = Employer(jkk_class=file.employer.kelas_jkk or given.jkk_class, scale=scale or None)
    refused = _refused(evidenced, employer, cutoff=file.as_of)
    answer, folded = None, False
    if refused is None:
        try:
            estimate = _estimate(rule, evidenced, employer, cutoff=file.as_of, norms=norms)
        except Invalid as error:
            refused = FieldProblem("workers", error.template, error.values)
        else:
            folded = estimate.worker_months > UNFOLDED_WORKER_MONTHS
            answer = documents.answer_of(estimate, levels=_MONTH_AND_PROGRAMME if folded else None)
    return FlagEstimate(
        flag_id=flag.flag_id,
        rule=rule,
        employer=employer,
        cutoff=file.as_of,
        workers=evidenced.workers,
        held=evidenced.held,
        answer=answer,
        folded=folded,
        remarks=evidenced.remarks,
        refused=refused,
    )


def _estimate(
    rule: EstimateKind, evidenced: Evidenced, employer: Employer, *, cutoff: date, norms: Norms
) -> Estimate:
    if rule == "PDS_UPAH":
        return wage_shortfall(
            workers=evidenced.workers, employer=employer, cutoff=cutoff, law=norms.law
        )
    if rule == "PDS_PROGRAM":
        return missing_programmes(
            workers=evidenced.workers,
            held=evidenced.held,
            employer=employer,
            cutoff=cutoff,
            law=norms.law,
        )
    return unregistered_workers(
        rule, workers=evidenced.workers, employer=employer, cutoff=cutoff, law=norms.law
    )


def _refused(evidenced: Evidenced, employer: Employer, *, cutoff: date) -> FieldProblem | None:
    """Return why there is no estimate; what nobody knows is asked for, never assumed."""
    if not evidenced.workers:
        return FieldProblem("workers", NO_EVIDENCE)
    if employer.scale is None:
        return FieldProblem("scale", ASK_SCALE)
    if employer.jkk_class is None:
        return FieldProblem("jkk_class", ASK_CLASS)
    months = sum(_months(worker, cutoff=cutoff) for worker in evidenced.workers)
    if len(evidenced.workers) > MOST_WORKERS or months > MOST_WORKER_MONTHS:
        return FieldProblem(
            "workers",
            "{workers} pekerja selama {months} bulan pekerja terlalu banyak untuk satu halaman; "
            "bagi pekerjanya dan perkirakan melalui POST /api/v1/calculations/estimate.",
            {"workers": len(evidenced.workers), "months": months},
        )
    return None


def _months(worker: WorkerEvidence, *, cutoff: date) -> int:
    since = worker.started_on or worker.source_on
    return max(Month.of(cutoff) - Month.of(since), 0) if since else 0
