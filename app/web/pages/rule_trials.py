"""Trying a changed rule: ask for a trial, follow it, read its report, propose the change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.schemas import Principal, SignedIn
from app.cases import workdays
from app.detection import editions, rule_queries, trials
from app.detection.deciding import APPROVE, PROPOSE
from app.detection.rule_schemas import EditionView, TrialView, TrialWanted
from app.detection.settings import (
    RULE_STATES,
    RuleSettings,
    RuleState,
    Value,
    changes,
    every_setting,
    read,
    setting,
)
from app.detection.trial_calendar import CALENDAR, TriedDay, read_lines
from app.detection.versions import VERSION, foreign, version_wanted
from app.errors import Invalid
from app.infra.wording import N_, translate
from app.lawbook.queries import law_in_force
from app.web.addresses import address_of
from app.web.deps import NowDep, PathId, SessionDep, legal_day, person
from app.web.pages import rule_views as views
from app.web.pages.answers import see
from app.web.pages.flag_views import RULE_WORDS
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.pages.rules import detail_page
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/aturan")
ReaderDep = Annotated[SignedIn, Depends(person(rule_queries.READ))]
TryDep = Annotated[SignedIn, Depends(person(trials.TRY))]
ProposeDep = Annotated[SignedIn, Depends(person(PROPOSE))]
ApproveDep = Annotated[SignedIn, Depends(person(APPROVE))]
RUNNING: Final = frozenset({"queued", "running"})


@dataclass(frozen=True, slots=True)
class TrialPage:
    """One trial. `repeats`: how its report compares with the one it repeats, empty if none."""

    trial: TrialView
    address: str
    name: str
    state: tuple[str, str]
    running: bool
    failure: str
    changed: tuple[views.ChangeRow, ...]
    report: views.ReportView | None
    repeats: str
    same: bool
    may_try: bool
    may_propose: bool


@dataclass(frozen=True, slots=True)
class EditionPage:
    """`after` takes the place of the edition from its own first day on."""

    edition: EditionView
    after: EditionView | None
    name: str
    state: tuple[str, str]
    changed: tuple[views.ChangeRow, ...]
    digest: str
    report: views.ReportView | None
    may_approve: bool
    is_own: bool
    may_call_off: bool


@router.get("/uji-coba/{trial_id}", name="page:rule_trial")
def trial_page(
    request: Request, trial_id: PathId, session: SessionDep, found: ReaderDep
) -> Response:
    form = blank(valid_from=legal_day(found.principal).isoformat())
    return _trial(request, session, found.principal, trial_id, form=form, status=200)


@router.post("/uji-coba/{trial_id}/ulang", name="page:repeat_trial")
def repeat(
    request: Request, trial_id: PathId, session: SessionDep, found: TryDep, now: NowDep
) -> Response:
    with attempt(session) as outcome:
        made = trials.repeat_trial(session, principal=found.principal, trial_id=trial_id, now=now)
        return see(request, "rule_trial", trial_id=made.line.id)
    form = refilled(request.query_params, outcome.no, page_language(request))
    return _trial(request, session, found.principal, trial_id, form=form, status=outcome.status)


@router.post("/uji-coba/{trial_id}/usul", name="page:propose_edition")
def propose(
    request: Request,
    trial_id: PathId,
    session: SessionDep,
    data: FormDep,
    found: ProposeDep,
    now: NowDep,
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        valid_from = reader.day("valid_from", N_("Pilih tanggal mulai berlaku."))
        why = reader.required("why", N_("Tulis mengapa aturan diubah."))
        reader.check()
        made = editions.propose(
            session,
            principal=found.principal,
            trial_id=trial_id,
            valid_from=valid_from,
            why=why,
            today=legal_day(found.principal),
            now=now,
        )
        return see(request, "rule_edition", notice="aturan-usul", edition_id=made.id)
    form = refilled(data, outcome.no, page_language(request))
    return _trial(request, session, found.principal, trial_id, form=form, status=outcome.status)


@router.get("/usulan/{edition_id}", name="page:rule_edition")
def edition_page(
    request: Request, edition_id: PathId, session: SessionDep, found: ReaderDep
) -> Response:
    return _edition(request, session, found.principal, edition_id, form=Form(), status=200)


@router.post("/usulan/{edition_id}/setuju", name="page:approve_edition")
def approve(
    request: Request, edition_id: PathId, session: SessionDep, found: ApproveDep, now: NowDep
) -> Response:
    with attempt(session) as outcome:
        editions.approve(
            session,
            principal=found.principal,
            edition_id=edition_id,
            today=legal_day(found.principal),
            now=now,
        )
        return see(request, "rule_edition", notice="aturan-setuju", edition_id=edition_id)
    form = refilled(request.query_params, outcome.no, page_language(request))
    return _edition(request, session, found.principal, edition_id, form=form, status=outcome.status)


@router.post("/usulan/{edition_id}/tolak", name="page:refuse_edition")
def refuse(
    request: Request,
    edition_id: PathId,
    session: SessionDep,
    data: FormDep,
    found: ApproveDep,
    now: NowDep,
) -> Response:
    with attempt(session) as outcome:
        editions.refuse(
            session,
            principal=found.principal,
            edition_id=edition_id,
            reason=Reader(data).text("reason"),
            now=now,
        )
        return see(request, "rule_edition", notice="aturan-tolak", edition_id=edition_id)
    form = refilled(data, outcome.no, page_language(request))
    return _edition(request, session, found.principal, edition_id, form=form, status=outcome.status)


@router.post("/usulan/{edition_id}/batal", name="page:call_off_edition")
def call_off(
    request: Request,
    edition_id: PathId,
    session: SessionDep,
    data: FormDep,
    found: ApproveDep,
    now: NowDep,
) -> Response:
    with attempt(session) as outcome:
        editions.call_off(
            session,
            principal=found.principal,
            edition_id=edition_id,
            reason=Reader(data).text("reason"),
            today=legal_day(found.principal),
            now=now,
        )
        return see(request, "rule_edition", notice="aturan-batal", edition_id=edition_id)
    form = refilled(data, outcome.no, page_language(request))
    return _edition(request, session, found.principal, edition_id, form=form, status=outcome.status)


@router.post("/{code}/uji", name="page:try_rule")
def try_rule(
    request: Request, code: str, session: SessionDep, data: FormDep, found: TryDep, now: NowDep
) -> Response:
    rule_queries.rule_named(code)
    today = legal_day(found.principal)
    in_force = rule_queries.editions_in_force(session, on=today)[code]
    with attempt(session) as outcome:
        made = trials.request_trial(
            session,
            principal=found.principal,
            wanted=_wanted(code, Reader(data), in_force=in_force),
            calendar=workdays.calendar(session),
            today=today,
            now=now,
        )
        return see(request, "rule_trial", trial_id=made.line.id)
    form = refilled(data, outcome.no, page_language(request))
    return detail_page(request, session, found.principal, code, form=form, status=outcome.status)


def _wanted(code: str, reader: Reader, *, in_force: RuleSettings) -> TrialWanted:
    snapshot = reader.required("snapshot", N_("Pilih potret data."))
    on = reader.day("on", N_("Pilih hari pemeriksaan."))
    draft_on = reader.optional_day("draft_on")
    state = reader.text("state")
    if state not in RULE_STATES:
        reader.complain("state", N_("Pilih aktif atau nonaktif."))
    version = _version(code, reader, in_force=in_force)
    values = _values(code, reader, version=version)
    days = _calendar(reader)
    reader.check()
    return TrialWanted(
        rule=code,
        snapshot_id=snapshot,
        on=on,
        draft_on=draft_on or on,
        state=cast("RuleState", state),
        values=values,
        calendar=days,
        version=version,
    )


def _version(code: str, reader: Reader, *, in_force: RuleSettings) -> int:
    try:
        return version_wanted(code, reader.text(VERSION), in_force=in_force)
    except Invalid as error:
        for problem in error.fields:
            reader.complain_of(problem)
        return in_force.version


def _values(code: str, reader: Reader, *, version: int) -> dict[str, Value]:
    """Read the fields of every version, so that what another one has is refused, not lost."""
    values: dict[str, Value] = {}
    for one, _ in every_setting(code):
        own = setting(code, one.key, version=version) or one
        try:
            value = read(own, reader.text(own.key))
            foreign(code, {} if value is None else {own.key: value}, version=version)
        except Invalid as error:
            for problem in error.fields:
                reader.complain_of(problem)
        else:
            if value is not None:
                values[one.key] = value
    return values


def _calendar(reader: Reader) -> tuple[TriedDay, ...]:
    try:
        return read_lines(reader.text(CALENDAR))
    except Invalid as error:
        for problem in error.fields:
            reader.complain_of(problem)
        return ()


def _trial(
    request: Request,
    session: Session,
    principal: Principal,
    trial_id: int,
    *,
    form: Form,
    status: int,
) -> Response:
    language = page_language(request)
    found = trials.trial(session, principal=principal, trial_id=trial_id)
    report = views.report_view(found, office_names=_offices(session), language=language)
    first = found.again_of
    same = first is not None and bool(found.line.digest) and first.digest == found.line.digest
    view = TrialPage(
        trial=found,
        address=address_of(request, "rule_trial", trial_id=trial_id),
        name=RULE_WORDS[found.line.rule],
        state=views.TRIAL_WORDS[found.line.status],
        running=found.line.status in RUNNING,
        failure=_failure(found.failure, language),
        changed=_changed(session, found, language),
        report=report,
        repeats="" if first is None else str(first.id),
        same=same,
        may_try=principal.may(trials.TRY),
        may_propose=principal.may(PROPOSE)
        and found.line.status == "done"
        and found.line.on == found.line.draft_on
        and not found.line.other_calendar
        and found.edition is None,
    )
    return render_page(
        request, "pages/rules/trial.html", {"view": view, "form": form}, status=status
    )


def _edition(
    request: Request,
    session: Session,
    principal: Principal,
    edition_id: int,
    *,
    form: Form,
    status: int,
) -> Response:
    language = page_language(request)
    edition = rule_queries.edition(session, principal=principal, edition_id=edition_id)
    trial = trials.trial(session, principal=principal, trial_id=edition.trial_id)
    waiting = edition.state == rule_queries.WAITING
    own = principal.user_id == edition.proposed_by_id
    told = edition.state in {rule_queries.WAITING, rule_queries.IN_FORCE}
    view = EditionPage(
        edition=edition,
        after=rule_queries.edition_after(session, edition=edition) if told else None,
        name=RULE_WORDS[edition.settings.rule],
        state=views.EDITION_WORDS[edition.state],
        changed=_changed(session, trial, language),
        digest=trial.line.digest,
        report=views.report_view(trial, office_names=_offices(session), language=language),
        may_approve=waiting and not own and principal.may(APPROVE),
        is_own=waiting and own,
        may_call_off=edition.state == rule_queries.IN_FORCE
        and edition.valid_from > legal_day(principal)
        and principal.may(APPROVE),
    )
    return render_page(
        request, "pages/rules/edition.html", {"view": view, "form": form}, status=status
    )


def _changed(session: Session, trial: TrialView, language: str) -> tuple[views.ChangeRow, ...]:
    found = changes(trial.live, trial.draft, law=law_in_force(session), on=trial.line.on)
    return views.change_rows(found, trial.live, trial.draft, language)


def _offices(session: Session) -> Mapping[str, str]:
    return {one.code: one.name for one in accounts.offices(session)}


def _failure(failure: Mapping[str, Any], language: str) -> str:
    return translate(failure["template"], language, **failure["values"]) if failure else ""
