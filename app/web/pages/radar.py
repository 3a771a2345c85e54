"""What ends when: agreements, mandates, evidence, deadlines; and the register of agreements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts.schemas import Principal, SignedIn
from app.cases import service, watch
from app.cases.papers import PaperKind
from app.cases.radar import Signal, SignalKind, Turn
from app.infra.wording import N_
from app.web.addresses import address_of
from app.web.deps import NowDep, PathId, SessionDep, legal_day, person
from app.web.pages.answers import see
from app.web.pages.case_routes import PaperLine, paper_line
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.pages.paper_forms import ending, paper_given
from app.web.rendering import page_language, render_page
from app.web.spoken import spoken

router = APIRouter(prefix="/radar")
READ = person("cases.read")
RECORD = person("cases.record")

SPANS: Final = (7, 30, 90)
USUAL: Final = 30
# fmt: off
KINDS: Final[Mapping[SignalKind, tuple[str, str]]] = {
    SignalKind.EXPIRED:   (N_("sudah berakhir"),    "red"),
    SignalKind.SOON:      (N_("segera berakhir"),   "yellow"),
    SignalKind.UNSTAMPED: (N_("belum bermeterai"),  "orange"),
    SignalKind.DEADLINE:  (N_("tenggat"),           "blue"),
}
TURNS: Final[Mapping[Turn, str]] = {
    Turn.OFFICER: N_("petugas pemeriksa"),
    Turn.LEGAL:   N_("petugas hukum"),
    Turn.HEAD:    N_("kepala kantor"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class SignalLine:
    """`address` is empty for what concerns a whole office, `officer` where it is not their turn."""

    on: date
    sentence: str
    kind: str
    tone: str
    turn: str
    officer: str
    owner: str
    address: str


@dataclass(frozen=True, slots=True)
class RadarView:
    """`spans` are (days, address, current)."""

    lines: tuple[SignalLine, ...]
    within_days: int
    spans: tuple[tuple[int, str, bool], ...]
    agreements: tuple[PaperLine, ...]
    may_record: bool
    today: date


@router.get("", name="page:radar")
def radar_page(
    request: Request, session: SessionDep, found: Annotated[SignedIn, Depends(READ)]
) -> Response:
    return _page(request, session, found.principal, form=Form(), status=200)


@router.post("/perjanjian", name="page:add_agreement")
def add_agreement(
    request: Request,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(RECORD)],
) -> Response:
    with attempt(session) as outcome:
        service.record_office_paper(
            session,
            principal=found.principal,
            office_code=found.principal.office_code,
            given=paper_given(Reader(data), kind=PaperKind.AGREEMENT),
            now=now,
        )
        return see(request, "radar", notice="dokumen")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, found.principal, form=form, status=outcome.status)


@router.post("/perjanjian/{paper_id}/berakhir", name="page:end_agreement")
def end_agreement(
    request: Request,
    paper_id: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(RECORD)],
) -> Response:
    with attempt(session) as outcome:
        ended_on, reason = ending(Reader(data))
        service.end_paper(
            session,
            principal=found.principal,
            paper_id=paper_id,
            ended_on=ended_on,
            reason=reason,
            now=now,
        )
        return see(request, "radar", notice="dokumen")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, found.principal, form=form, status=outcome.status)


def _page(
    request: Request, session: Session, principal: Principal, *, form: Form, status: int
) -> Response:
    today, language = legal_day(principal), page_language(request)
    typed = request.query_params.get("hari", "")
    within = int(typed) if typed in {str(span) for span in SPANS} else USUAL
    may_record = principal.may("cases.record")
    here = address_of(request, "radar")
    if not form.values:
        form = blank(signed_on=today, ended_on=today)
    view = RadarView(
        lines=tuple(
            _line(request, signal, language)
            for signal in watch.signals(session, principal=principal, on=today, within_days=within)
        ),
        within_days=within,
        spans=tuple((span, f"{here}?hari={span}", span == within) for span in SPANS),
        agreements=tuple(
            paper_line(paper, today=today, may_end=may_record)
            for paper in watch.office_papers(
                session, principal=principal, office_code=principal.office_code
            )
        ),
        may_record=may_record,
        today=today,
    )
    return render_page(
        request, "pages/radar/radar.html", {"view": view, "form": form}, status=status
    )


def _line(request: Request, signal: Signal, language: str) -> SignalLine:
    words, tone = KINDS[signal.kind]
    number = signal.owner.case_number
    return SignalLine(
        on=signal.on,
        sentence=spoken(signal.sentence, language),
        kind=words,
        tone=tone,
        turn=TURNS[signal.turn],
        officer=signal.owner.officer if signal.turn is Turn.OFFICER else "",
        owner=f"{number}, {signal.owner.employer}" if number else signal.owner.office_code,
        address=address_of(request, "case_routes", number=number) if number else "",
    )
