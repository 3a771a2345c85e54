"""Taking a step: fill in, check your answers, record; what is proved by files is kept first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts.schemas import Principal, SignedIn
from app.cases import service
from app.cases.edges import edges_of
from app.cases.schemas import CaseFile, StepOption
from app.cases.service import StepRequest, StepResult
from app.cases.stages import CLOSING_REASONS, Action
from app.errors import NotFound, Refused
from app.infra.wording import N_, translate
from app.web import bodies
from app.web.deps import ContextDep, NowDep, SessionDep, legal_day, person
from app.web.pages.answers import see
from app.web.pages.case import addresses_of, case_of, case_response
from app.web.pages.case_evidence import keep_upload
from app.web.pages.case_views import Option, Tab, case_due, option_view, tabs
from app.web.pages.case_words import ACCEPT, FILE_HINT, PROOFS, REASONS
from app.web.pages.due import Due
from app.web.pages.forms import (
    Form,
    FormDep,
    Reader,
    attempt,
    blank,
    problems_of,
    rows_of,
    typed,
)
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/kasus/{number}/langkah", max_body_size=bodies.EVIDENCE)
STEP = person("cases.step")

CARRIED: Final = (
    "on", "letter_number", "closing_reason", "note", "evidence", "addressee", "address", "versi",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepView:
    case: CaseFile
    due: Due | None
    tabs: tuple[Tab, ...]
    option: Option
    delivered: bool
    explained: bool
    closing_reasons: Mapping[str, str]
    evidence: list[tuple[str, str]]
    proof_kinds: Mapping[str, str]
    file_hint: str
    accept: str
    today: date


@dataclass(frozen=True, slots=True)
class CheckView:
    """`carried` are the hidden fields with which the checked step is sent again."""

    case: CaseFile
    due: Due | None
    tabs: tuple[Tab, ...]
    option: Option
    on: date
    second_person: bool
    closing_words: str
    exhibits: str
    carried: list[tuple[str, str]]


@router.get("/{action}", name="page:step")
def step_page(
    request: Request,
    number: str,
    action: str,
    session: SessionDep,
    found: Annotated[SignedIn, Depends(STEP)],
) -> Response:
    case = case_of(session, found.principal, number)
    option = case.option(_action(action))
    if not option.allowed:
        error = Refused(
            "Langkah “{step}” belum dapat diambil.", missing=option.reasons, step=option.label
        )
        form = Form(problems=problems_of(error, page_language(request)))
        return case_response(request, session, found.principal, case, form=form, status=409)
    form = blank(
        on=legal_day(found.principal),
        kind=option.proofs[0].value if option.proofs else "lain",
        addressee=case.employer.nama,
        address=case.employer.alamat,
    )
    return _form_page(request, found.principal, case, option, form=form, status=200)


@router.post("/{action}")
def take_step(
    request: Request,
    number: str,
    action: str,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(STEP)],
) -> Response:
    principal = found.principal
    case = case_of(session, principal, number)
    option = case.option(_action(action))
    reader, values = Reader(data), typed(data)
    stage = reader.text("tahap")
    if stage == "ubah":
        return _form_page(request, principal, case, option, form=Form(values=values), status=200)
    with attempt(session) as outcome:
        kept = keep_upload(
            session,
            context.store,
            reader,
            case=case,
            dated_on=reader.optional_day("on"),
            principal=principal,
            now=now,
        )
        if kept is not None:
            values.setdefault("evidence", []).append(str(kept.evidence_id))
            values["versi"] = [str(kept.version)]
    if not outcome.refused:
        with attempt(session) as outcome:
            command = _command(Reader(data), option, values)
            if stage == "catat":
                result = _submit(session, principal, case, command, now=now)
                notice = "langkah" if result.approval_id is None else "usul"
                return see(request, "case", number=number, notice=notice)
            _rehearse(session, principal, case, command, now=now)
            case = case_of(session, principal, number)
            return _check_page(request, principal, case, option, command, values)
    form = Form(values=values, problems=problems_of(outcome.no, page_language(request)))
    case = case_of(session, principal, number)
    return _form_page(request, principal, case, option, form=form, status=outcome.status)


@dataclass(frozen=True, slots=True)
class Command:
    """What was typed, read: the step, and the version of the case it was typed against."""

    step: StepRequest
    version: int


def _command(reader: Reader, option: StepOption, values: Mapping[str, list[str]]) -> Command:
    """Raises: Invalid: names each field that is wrong."""
    on = reader.day("on", N_("Isi tanggal langkah itu terjadi."))
    letter = reader.text("letter_number")
    if option.letter and not letter:
        reader.complain("letter_number", N_("Isi nomor surat."))
    reason = reader.text("closing_reason")
    if option.action is Action.CLOSE and reason not in CLOSING_REASONS:
        reader.complain("closing_reason", N_("Pilih alasan penutupan."))
    note = reader.text("note")
    reader.check()
    version = next(iter(rows_of(values.get("versi", ())[:1])), 0)
    return Command(
        step=StepRequest(
            action=option.action,
            on=on,
            letter_number=letter,
            note=note,
            evidence_ids=rows_of(values.get("evidence", ())),
            closing_reason=reason,
            addressee=reader.text("addressee"),
            address=reader.text("address"),
        ),
        version=version,
    )


def _submit(
    session: Session, principal: Principal, case: CaseFile, command: Command, *, now: datetime
) -> StepResult:
    return service.submit(
        session,
        principal=principal,
        case_id=case.id,
        request=command.step,
        expected_version=command.version,
        now=now,
    )


def _rehearse(
    session: Session, principal: Principal, case: CaseFile, command: Command, *, now: datetime
) -> None:
    """Take the step and undo it, so that what would refuse it is said before the last page."""
    rehearsal = session.begin_nested()
    try:
        _submit(session, principal, case, command, now=now)
    finally:
        rehearsal.rollback()


def _action(action: str) -> Action:
    try:
        found = Action(action)
    except ValueError:
        raise NotFound("Langkah “{action}” tidak ada.", action=action[:40]) from None
    if found is Action.SEAL_PACKET:
        raise NotFound("Langkah “{action}” tidak ada.", action=action)
    return found


def _form_page(
    request: Request,
    principal: Principal,
    case: CaseFile,
    option: StepOption,
    *,
    form: Form,
    status: int,
) -> Response:
    addresses, language = addresses_of(request, case), page_language(request)
    today = legal_day(principal)
    view = StepView(
        case=case,
        due=case_due(case, today=today),
        tabs=tabs(case, addresses=addresses, current=""),
        option=option_view(option, addresses, language),
        delivered=edges_of(option.action)[0].delivered,
        explained=edges_of(option.action)[0].explained,
        closing_reasons={code: REASONS[code] for code in option.closing_reasons},
        evidence=[(str(item.id), f"{item.exhibit} {item.title}") for item in case.evidence],
        proof_kinds=PROOFS,
        file_hint=translate(FILE_HINT, language),
        accept=ACCEPT,
        today=today,
    )
    if "versi" not in form.values:
        form = Form(values={**form.values, "versi": (str(case.version),)}, problems=form.problems)
    return render_page(
        request, "pages/cases/step.html", {"view": view, "form": form}, status=status
    )


def _check_page(
    request: Request,
    principal: Principal,
    case: CaseFile,
    option: StepOption,
    command: Command,
    values: Mapping[str, list[str]],
) -> Response:
    addresses, language = addresses_of(request, case), page_language(request)
    step = command.step
    exhibits = [case.exhibit(item) for item in step.evidence_ids]
    view = CheckView(
        case=case,
        due=case_due(case, today=legal_day(principal)),
        tabs=tabs(case, addresses=addresses, current=""),
        option=option_view(option, addresses, language),
        on=step.on,
        second_person=edges_of(step.action)[0].second_person,
        closing_words=REASONS.get(step.closing_reason, ""),
        exhibits=", ".join(f"{item.exhibit} {item.title}" for item in exhibits if item),
        carried=[(name, value) for name in CARRIED for value in values.get(name, [])],
    )
    return render_page(
        request, "pages/cases/check.html", {"view": view, "form": Form(values=values)}
    )
