"""The deadlines of a case: each with its certificate, and the ledger of suspensions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.schemas import Principal, SignedIn
from app.cases import service
from app.cases.ledger import standing, still_open
from app.cases.schemas import CaseFile, Deadline, SuspensionEntry, SuspensionLine
from app.cases.service import SuspensionRequest
from app.errors import NotFound
from app.infra.wording import N_
from app.web.addresses import address_of
from app.web.deps import NowDep, PathId, SessionDep, legal_day, person
from app.web.norms import NormsDep
from app.web.pages.answers import see
from app.web.pages.case import addresses_of, case_of
from app.web.pages.case_views import Tab, case_due, deadline_due, deadline_words, tabs
from app.web.pages.certificates import case_certificate
from app.web.pages.due import Due
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.rendering import page_language, render_page
from app.web.spoken import spoken

router = APIRouter(prefix="/kasus/{number}")
READ = person("cases.read")
STEP = person("cases.step")
APPROVE = person("cases.approve")
# fmt: off
ENTRIES: Final[Mapping[str, str]] = {
    "mulai": N_("Mulai"),
    "akhir": N_("Akhir"),
    "batal": N_("Pembatalan"),
}
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "menunggu":  (N_("menunggu orang kedua"), "yellow"),
    "disetujui": (N_("berlaku"),              "green"),
    "ditolak":   (N_("ditolak"),              ""),
}
HEADINGS: Final[Mapping[str, str]] = {
    "mulai": N_("Usulkan penangguhan tenggat"),
    "akhir": N_("Akhiri penangguhan"),
    "batal": N_("Batalkan penangguhan"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class DeadlineCard:
    deadline: Deadline
    words: str
    due: Due | None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """`may_end` and `may_reverse`: a line may be proposed that does so."""

    id: int
    entry: str
    of_id: int | None
    first_on: date | None
    last_on: date | None
    reason: str
    authority: str
    exhibit: str
    state: str
    tone: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decision_note: str
    undermines: tuple[str, ...]
    may_decide: bool
    waiting: bool
    may_end: bool
    may_reverse: bool


@dataclass(frozen=True, slots=True)
class DeadlinesView:
    case: CaseFile
    due: Due | None
    tabs: tuple[Tab, ...]
    deadlines: tuple[DeadlineCard, ...]
    ledger: tuple[LedgerLine, ...]
    undermined: tuple[str, ...]
    may_propose: bool


@dataclass(frozen=True, slots=True)
class SuspensionView:
    """`undermines` are the steps that a refused proposal would make too early or too late."""

    case: CaseFile
    due: Due | None
    tabs: tuple[Tab, ...]
    entry: str
    heading: str
    of: LedgerLine | None
    exhibits: list[tuple[str, str]]
    undermines: bool


@router.get("/tenggat", name="page:case_deadlines")
def deadlines_page(
    request: Request, number: str, session: SessionDep, found: Annotated[SignedIn, Depends(READ)]
) -> Response:
    case = case_of(session, found.principal, number)
    return _deadlines(request, found.principal, case, form=Form(), status=200)


@router.get("/tenggat/{seq}", name="page:case_certificate")
def certificate_page(
    request: Request,
    number: str,
    seq: PathId,
    session: SessionDep,
    norms: NormsDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    case = case_of(session, found.principal, number)
    deadline = next((item for item in case.deadlines if item.seq == seq), None)
    if deadline is None or deadline.certificate is None:
        raise NotFound("Tenggat surat {seq} belum dapat dihitung, atau tidak ada.", seq=seq)
    view = case_certificate(
        case,
        deadline,
        deadline.certificate,
        norms=norms,
        back=address_of(request, "case_deadlines", number=number),
        language=page_language(request),
    )
    return render_page(request, "pages/certificates/deadline.html", {"view": view})


@router.get("/penangguhan", name="page:suspension")
def suspension_page(
    request: Request, number: str, session: SessionDep, found: Annotated[SignedIn, Depends(STEP)]
) -> Response:
    case = case_of(session, found.principal, number)
    asked = request.query_params
    form = blank(entry=asked.get("entry"), of_id=asked.get("of_id"), versi=case.version)
    return _form(request, found.principal, case, form=form, status=200)


@router.post("/penangguhan", name="page:propose_suspension")
def propose_suspension(
    request: Request,
    number: str,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(STEP)],
) -> Response:
    case = case_of(session, found.principal, number)
    with attempt(session) as outcome:
        reader = Reader(data)
        asked = SuspensionRequest(
            entry=cast("SuspensionEntry", _entry(reader.text("entry"))),
            of_id=_whole(reader.text("of_id")),
            first_on=reader.optional_day("first_on"),
            last_on=reader.optional_day("last_on"),
            reason=reader.required("reason", N_("Isi alasan penangguhan.")),
            authority=reader.required("authority", N_("Isi siapa yang memutuskan dan suratnya.")),
            evidence_id=_whole(reader.text("evidence_id")),
            accepts_defects=reader.text("accepts_defects") == "1",
        )
        version = reader.whole("versi", N_("Muat ulang halaman lalu coba lagi."))
        reader.check()
        service.propose_suspension(
            session,
            principal=found.principal,
            case_id=case.id,
            request=asked,
            expected_version=version,
            now=now,
        )
        return see(request, "case_deadlines", number=number, notice="penangguhan")
    form = refilled(data, outcome.no, page_language(request))
    undermines = outcome.no.code == "steps-undermined"
    return _form(
        request,
        found.principal,
        case,
        form=form,
        status=outcome.status,
        undermines=undermines,
    )


@router.post("/penangguhan/{suspension_id}", name="page:decide_suspension")
def decide_suspension(
    request: Request,
    number: str,
    suspension_id: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(APPROVE)],
) -> Response:
    case = case_of(session, found.principal, number)
    with attempt(session) as outcome:
        reader = Reader(data)
        run = (
            service.approve_suspension
            if reader.text("putusan") == "setuju"
            else service.reject_suspension
        )
        run(
            session,
            principal=found.principal,
            suspension_id=suspension_id,
            note=reader.text("note"),
            now=now,
        )
        return see(request, "case_deadlines", number=number, notice="penangguhan-putus")
    form = refilled(data, outcome.no, page_language(request))
    return _deadlines(request, found.principal, case, form=form, status=outcome.status)


def _entry(text: str) -> str:
    return text if text in ENTRIES else "mulai"


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - below 2^31


def _deadlines(
    request: Request, principal: Principal, case: CaseFile, *, form: Form, status: int
) -> Response:
    today, language = legal_day(principal), page_language(request)
    view = DeadlinesView(
        case=case,
        due=case_due(case, today=today),
        tabs=tabs(case, addresses=addresses_of(request, case), current="deadlines"),
        deadlines=tuple(
            DeadlineCard(item, deadline_words(item), deadline_due(item, today=today))
            for item in reversed(case.deadlines)
        ),
        ledger=tuple(_line(case, line, principal, language) for line in reversed(case.suspensions)),
        undermined=tuple(spoken(one.problem, language) for one in case.undermined),
        may_propose=_may_propose(case, principal),
    )
    return render_page(
        request, "pages/cases/deadlines.html", {"view": view, "form": form}, status=status
    )


def _form(
    request: Request,
    principal: Principal,
    case: CaseFile,
    *,
    form: Form,
    status: int,
    undermines: bool = False,
) -> Response:
    entry = _entry(form.value("entry"))
    of = next(
        (line for line in case.suspensions if str(line.id) == form.value("of_id")),
        None,
    )
    view = SuspensionView(
        case=case,
        due=case_due(case, today=legal_day(principal)),
        tabs=tabs(case, addresses=addresses_of(request, case), current="deadlines"),
        entry=entry,
        heading=HEADINGS[entry],
        of=_line(case, of, principal, page_language(request)) if of else None,
        exhibits=[
            ("", "–"),
            *((str(item.id), f"{item.exhibit} {item.title}") for item in case.evidence),
        ],
        undermines=undermines,
    )
    return render_page(
        request, "pages/cases/suspension.html", {"view": view, "form": form}, status=status
    )


def _line(case: CaseFile, line: SuspensionLine, principal: Principal, language: str) -> LedgerLine:
    state, tone = STATES[line.status]
    may, waiting = _may_propose(case, principal), line.status == "menunggu"
    exhibit = case.exhibit(line.evidence_id)
    return LedgerLine(
        id=line.id,
        entry=ENTRIES[line.entry],
        of_id=line.of_id,
        first_on=line.first_on,
        last_on=line.last_on,
        reason=line.reason,
        authority=line.authority,
        exhibit=exhibit.exhibit if exhibit else "",
        state=state,
        tone=tone,
        proposed_by=line.proposed_by.name,
        proposed_at=line.proposed_at,
        decided_by=line.decided_by.name if line.decided_by else "",
        decision_note=line.decision_note,
        undermines=tuple(spoken(problem, language) for problem in line.undermines),
        may_decide=waiting
        and case.is_open
        and principal.may("cases.approve")
        and principal.user_id != line.proposed_by.user_id,
        waiting=waiting,
        may_end=may and line in still_open(case.suspensions),
        may_reverse=may and line in standing(case.suspensions),
    )


def _may_propose(case: CaseFile, principal: Principal) -> bool:
    nobody_waits = all(line.status != "menunggu" for line in case.suspensions)
    return case.is_open and nobody_waits and principal.may("cases.step")
