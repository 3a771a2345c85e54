"""Corrections of the past: the list, one paper with its figures then and now, what is decided."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts.schemas import Principal, SignedIn
from app.cases import queries as cases
from app.cases.schemas import CaseFile
from app.cases.stages import ACTION_LABELS, Action
from app.corrections import queries, service
from app.corrections.schemas import CorrectionView, State
from app.corrections.sentences import CHOICE_WORDS
from app.corrections.weighing import Choice, Kind, NextPage, WayOn, way_on
from app.infra.wording import N_, translate
from app.web.addresses import address_of
from app.web.deps import NowDep, PathId, SessionDep, legal_day, person
from app.web.pages.answers import see
from app.web.pages.case_views import rule_words
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.pages.listing import Listing, with_query
from app.web.rendering import page_language, render_page
from app.web.spoken import spoken, spoken_template

router = APIRouter(prefix="/koreksi")
READ = person("cases.read")
DECIDE = person("cases.step")
PAGE: Final = 50
# fmt: off
TONES: Final[Mapping[Choice, str]] = {
    Choice.WITHDRAW: "red", Choice.ADJUST: "orange", Choice.IGNORE: "grey",
}
GROUPS: Final[tuple[tuple[State, str], ...]] = (
    ("terbuka", N_("Menunggu putusan")),
    ("diputus", N_("Sudah diputus")),
)
# fmt: on
STANDS: Final = N_("Surat atau berkas tetap berlaku apa adanya.")
NOTED: Final = N_("Angka yang baru dipakai pada surat berikutnya.")
TAKES_STEP: Final = N_("Sesudah itu: {step}.")
TAKES_TWO: Final = N_("Sesudah itu: {step}, yang diputus dua orang.")
TAKES_PACKET: Final = N_("Sesudah itu: susun berkas rujukan yang baru.")
MAKE_PACKET: Final = N_("Susun berkas rujukan baru")
_PAPER: Final = N_("{label} {number}, {day}")
# Small enough for a row number; whatever else was sent is no other paper.
_ALIKE: Final = re.compile(r"([1-9]\d{0,8})-([1-9]\d{0,8})", re.ASCII)
_TWO_PEOPLE: Final = frozenset({Action.WITHDRAW_REFERRAL, Action.CLOSE})


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """`address` is that of the correction's own page; `decision` is empty until there is one."""

    correction: CorrectionView
    paper: str
    why: str
    proposal: str
    tone: str
    decision: str
    decision_tone: str
    address: str


@dataclass(frozen=True, slots=True)
class GroupChoice:
    words: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class CorrectionsView:
    lines: tuple[CorrectionLine, ...]
    groups: tuple[GroupChoice, ...]
    waits: bool
    first_address: str
    next_address: str


@dataclass(frozen=True, slots=True)
class Sum:
    """One row of the figures; money unless it counts months."""

    words: str
    was: int
    now: int
    is_money: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionPage:
    """`way`: what carries the decision out, (words, address); empty where nothing more is done.

    `fallen` are the grounds of the case that have gone. `figures_address` shows month by month.
    `alike`: other papers of the case with the same proposal, each with its version.
    """

    line: CorrectionLine
    stage: str
    sums: tuple[Sum, ...]
    moved: tuple[tuple[str, int], ...]
    fallen: tuple[str, ...]
    alike: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    way: tuple[str, str] | None
    case_address: str
    figures_address: str
    may_decide: bool
    closed: bool


@router.get("", name="page:corrections")
def corrections_page(
    request: Request, session: SessionDep, found: Annotated[SignedIn, Depends(READ)]
) -> Response:
    asked, language = request.query_params, page_language(request)
    state: State = "diputus" if asked.get("keadaan") == "diputus" else "terbuka"
    cursor = asked.get("kursor")
    page = queries.corrections(
        session, principal=found.principal, state=state, limit=PAGE, cursor=cursor
    )
    listing = Listing(request.scope["path"], {"keadaan": "" if state == "terbuka" else state})
    view = CorrectionsView(
        lines=tuple(correction_line(request, one, language) for one in page.items),
        groups=tuple(
            GroupChoice(
                words, listing.address(keadaan="" if one == "terbuka" else one), one == state
            )
            for one, words in GROUPS
        ),
        waits=state == "terbuka",
        first_address=listing.address() if cursor else "",
        next_address=listing.next_page(page.next),
    )
    return render_page(request, "pages/corrections/list.html", {"view": view, "form": Form()})


@router.get("/{correction_id}", name="page:correction")
def correction_page(
    request: Request,
    correction_id: PathId,
    session: SessionDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    one = queries.correction(session, principal=found.principal, correction_id=correction_id)
    return _page(request, session, found.principal, one, form=blank(), status=200)


@router.post("/{correction_id}/putusan", name="page:decide_correction")
def decide(
    request: Request,
    correction_id: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(DECIDE)],
) -> Response:
    one = queries.correction(session, principal=found.principal, correction_id=correction_id)
    with attempt(session) as outcome:
        reader = Reader(data)
        choice = reader.required("keputusan", N_("Pilih tarik, sesuaikan, atau abaikan."))
        if choice and choice not in set(Choice):
            reader.complain("keputusan", N_("Pilih tarik, sesuaikan, atau abaikan."))
        reason = reader.required("reason", N_("Tulis alasan putusan Anda."))
        version = reader.whole("versi", N_("Muat ulang halaman lalu coba lagi."))
        reader.check()
        service.decide(
            session,
            principal=found.principal,
            correction_id=correction_id,
            choice=Choice(choice),
            reason=reason,
            expected_version=version,
            now=now,
        )
        if reader.text("sama"):
            for other_id, version in _alike_sent(reader.texts("lain")):
                other = queries.correction(
                    session, principal=found.principal, correction_id=other_id
                )
                if other.case_id != one.case_id:
                    raise queries.not_there(other_id)
                service.decide(
                    session,
                    principal=found.principal,
                    correction_id=other_id,
                    choice=Choice(choice),
                    reason=reason,
                    expected_version=version,
                    now=now,
                )
        return see(request, "correction", correction_id=correction_id, notice="koreksi")
    form = refilled(data, outcome.no, page_language(request))
    one = queries.correction(session, principal=found.principal, correction_id=correction_id)
    return _page(request, session, found.principal, one, form=form, status=outcome.status)


def _alike_sent(sent: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield number and version of the other papers, as the page named them."""
    for text in sent:
        if (found := _ALIKE.fullmatch(text)) is not None:
            yield int(found[1]), int(found[2])


def _alike(session: Session, principal: Principal, one: CorrectionView) -> tuple[str, ...]:
    if one.state != "terbuka":
        return ()
    return tuple(
        f"{other.id}-{other.version}"
        for other in queries.of_case(session, principal=principal, case_id=one.case_id)
        if other.state == "terbuka" and other.proposal is one.proposal and other.id != one.id
    )


def correction_line(request: Request, one: CorrectionView, language: str) -> CorrectionLine:
    return CorrectionLine(
        correction=one,
        paper=_paper(one, language),
        why=spoken(one.why, language),
        proposal=CHOICE_WORDS[one.proposal],
        tone=TONES[one.proposal],
        decision=CHOICE_WORDS[one.decided.choice] if one.decided else "",
        decision_tone=TONES[one.decided.choice] if one.decided else "",
        address=address_of(request, "correction", correction_id=one.id),
    )


def open_lines(
    request: Request, session: Session, principal: Principal, case: CaseFile
) -> tuple[CorrectionLine, ...]:
    """Return what waits for a decision on the page of a case; nothing once it is closed."""
    if not case.is_open:
        return ()
    language = page_language(request)
    found = queries.of_case(session, principal=principal, case_id=case.id)
    return tuple(correction_line(request, one, language) for one in found if one.state == "terbuka")


def _page(
    request: Request,
    session: Session,
    principal: Principal,
    one: CorrectionView,
    *,
    form: Form,
    status: int,
) -> Response:
    language, weight = page_language(request), one.weight
    case = cases.case_file(session, principal=principal, case=one.case_id, on=legal_day(principal))
    figures = address_of(request, "case_figures", number=case.number)
    view = CorrectionPage(
        line=correction_line(request, one, language),
        stage=case.stage_label,
        sums=_sums(one),
        moved=tuple(
            (words, count)
            for words, count in (
                (N_("Tagihan yang jumlahnya dikoreksi"), weight.bills),
                (N_("Tagihan yang hanya pekerja atau upahnya dikoreksi"), weight.bases),
                (N_("Pembayaran yang ditambahkan atau dihapus"), weight.payments),
                (N_("Pekerja yang kepesertaannya dikoreksi"), weight.workers),
                (N_("Baris data lembaga lain yang dikoreksi"), weight.sources),
            )
            if count
        ),
        alike=_alike(session, principal, one),
        fallen=tuple(rule_words(rule) for rule in weight.fallen),
        options=tuple((choice.value, _option(choice, one, case, language)) for choice in Choice),
        way=_way(request, one, case),
        case_address=address_of(request, "case", number=case.number),
        figures_address=(
            with_query(figures, {"since": one.key}) if one.npp and one.kind is not Kind.CASE else ""
        ),
        may_decide=principal.may("cases.step") and one.state == "terbuka" and case.is_open,
        closed=not case.is_open,
    )
    return render_page(
        request, "pages/corrections/detail.html", {"view": view, "form": form}, status=status
    )


def _sums(one: CorrectionView) -> tuple[Sum, ...]:
    """Return the figures of the paper; an employer that is not registered has no bills."""
    weight = one.weight
    told = Sum(N_("Pekerja menurut lembaga lain"), weight.told_was, weight.told, is_money=False)
    if not one.npp:
        return (told,)
    return (
        Sum(N_("Pokok"), weight.principal_was, weight.principal, is_money=True),
        Sum(N_("Denda"), weight.penalty_was, weight.penalty, is_money=True),
        Sum(N_("Jumlah"), weight.total_was, weight.total, is_money=True),
        Sum(N_("Bulan menunggak"), weight.months_was, weight.months, is_money=False),
        *((told,) if weight.sources else ()),
    )


def _way_on(choice: Choice, one: CorrectionView, case: CaseFile) -> WayOn:
    """Return the way on; a letter that cannot be sent now waits for the next one."""
    way = way_on(choice, kind=one.kind, step=one.step, stage=case.stage)
    if way.action is not None and not case.option(way.action).allowed and way.action is one.step:
        return WayOn(NextPage.NONE)
    return way


def _option(choice: Choice, one: CorrectionView, case: CaseFile, language: str) -> str:
    way = _way_on(choice, one, case)
    name = translate(CHOICE_WORDS[choice], language)
    if way.page is NextPage.PACKET:
        then = translate(TAKES_PACKET, language)
    elif way.action is not None:
        template = TAKES_TWO if way.action in _TWO_PEOPLE else TAKES_STEP
        then = spoken_template(template, {"step": ACTION_LABELS[way.action]}, language)
    else:
        then = translate(STANDS if choice is Choice.IGNORE else NOTED, language)
    return f"{name}. {then}"


def _way(request: Request, one: CorrectionView, case: CaseFile) -> tuple[str, str] | None:
    if one.decided is None:
        return None
    way = _way_on(one.decided.choice, one, case)
    if way.page is NextPage.PACKET:
        return MAKE_PACKET, address_of(request, "case_packet", number=case.number)
    if way.action is None:
        return None
    address = address_of(request, "step", number=case.number, action=way.action.value)
    return ACTION_LABELS[way.action], address


def _paper(one: CorrectionView, language: str) -> str:
    number = one.number if one.kind is not Kind.CASE else ""
    values: dict[str, object] = {"label": one.label, "number": number, "day": one.told_on}
    return spoken_template(_PAPER, values, language).replace(" ,", ",")
