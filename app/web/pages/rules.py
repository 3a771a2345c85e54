"""Rules as people read them: what each asks, by which numbers, how its flags ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts.schemas import Principal, SignedIn
from app.cases import workdays
from app.detection import rule_queries as queries
from app.detection.rule_schemas import RuleDetail
from app.detection.settings import printed
from app.detection.trials import TRY
from app.detection.versions import VERSION
from app.infra.wording import N_
from app.registry import queries as registry
from app.web.deps import SessionDep, legal_day, person
from app.web.pages import rule_views as views
from app.web.pages.forms import Form
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/aturan")
ReaderDep = Annotated[SignedIn, Depends(person(queries.READ))]
SHOWN_SNAPSHOTS: Final = 24


@dataclass(frozen=True, slots=True)
class ListView:
    rules: tuple[views.RuleCard, ...]
    on: date


@dataclass(frozen=True, slots=True)
class DetailView:
    """One rule. `snapshots` are pairs for the form; empty where nothing was imported yet.

    `shown` is the version in force, or that which ships where this release does not have it.
    """

    card: views.RuleCard
    shown: views.VersionCard
    others: tuple[views.VersionCard, ...]
    version_choices: Mapping[str, tuple[str, int]]
    fields: tuple[views.TrialField, ...]
    found: RuleDetail
    total: views.TallyRow
    outcomes: tuple[tuple[str, str, tuple[views.TallyRow, ...]], ...]
    states: Mapping[str, tuple[str, str]]
    trial_states: Mapping[str, tuple[str, str]]
    state_choices: Mapping[str, str]
    snapshots: tuple[tuple[str, date], ...]
    may_try: bool
    on: date


@router.get("", name="page:rules")
def rules_page(request: Request, session: SessionDep, found: ReaderDep) -> Response:
    on, language = legal_day(found.principal), page_language(request)
    listed = queries.rules(
        session,
        principal=found.principal,
        on=on,
        calendar=workdays.calendar(session),
        language=language,
    )
    view = ListView(rules=tuple(views.rule_card(one, language) for one in listed), on=on)
    return render_page(request, "pages/rules/list.html", {"view": view})


@router.get("/{code}", name="page:rule")
def rule_page(request: Request, code: str, session: SessionDep, found: ReaderDep) -> Response:
    return detail_page(request, session, found.principal, code, form=None, status=200)


def detail_page(
    request: Request,
    session: Session,
    principal: Principal,
    code: str,
    *,
    form: Form | None,
    status: int,
) -> Response:
    """Draw one rule; `form` None: the form stands as the rule is in force."""
    on, language = legal_day(principal), page_language(request)
    found = queries.rule(
        session,
        principal=principal,
        code=code,
        on=on,
        calendar=workdays.calendar(session),
        language=language,
    )
    snapshots = registry.snapshots(session, limit=SHOWN_SNAPSHOTS, cursor=None).items
    outcomes = found.outcomes
    cards = tuple(views.version_card(one, language) for one in found.versions)
    shown = next(card for card in cards if card.view.rule is found.view.rule)
    view = DetailView(
        card=views.rule_card(found.view, language),
        shown=shown,
        others=tuple(card for card in cards if card is not shown),
        version_choices={
            str(card.view.rule.version): (card.standing[0], card.view.rule.version)
            for card in reversed(cards)
        },
        fields=views.trial_fields(code, cards),
        found=found,
        total=views.tally_rows((("", outcomes.total),), language)[0],
        outcomes=(
            (
                "versi",
                N_("Versi aturan"),
                views.tally_rows(
                    (
                        (views.version_label(key, language), tally)
                        for key, tally in outcomes.by_version
                    ),
                    language,
                ),
            ),
            (
                "provinsi",
                N_("Provinsi"),
                views.tally_rows(
                    (
                        (views.province_label(key, language), tally)
                        for key, tally in outcomes.by_region
                    ),
                    language,
                ),
            ),
            (
                "sektor",
                N_("Sektor (golongan pokok KBLI)"),
                views.tally_rows(
                    (
                        (views.sector_label(key, language), tally)
                        for key, tally in outcomes.by_sector
                    ),
                    language,
                ),
            ),
        ),
        states=views.EDITION_WORDS,
        trial_states=views.TRIAL_WORDS,
        state_choices=views.STATE_CHOICES,
        snapshots=tuple((one.id, one.as_of) for one in snapshots),
        may_try=principal.may(TRY),
        on=on,
    )
    return render_page(
        request,
        "pages/rules/detail.html",
        {"view": view, "form": form or _as_in_force(found, on=on)},
        status=status,
    )


def _as_in_force(found: RuleDetail, *, on: date) -> Form:
    """Return the form as the rule is in force; a number nobody changed stays empty."""
    settings = found.view.settings
    values = {
        line.setting.key: (printed(line.setting, settings.values[line.setting.key]),)
        for line in found.view.lines
        if line.setting.key in settings.values
    }
    return Form(
        values={
            **values,
            VERSION: (str(settings.version),),
            "state": (settings.state,),
            "on": (on.isoformat(),),
        }
    )
