"""Triage of flags: the list whose address is the filter, one flag, and what a person decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final, cast
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app.accounts import queries as accounts
from app.accounts.schemas import Principal, SignedIn
from app.cases import queries as case_queries
from app.cases import service as cases
from app.cases.schemas import FlagCase
from app.detection import queries, service
from app.detection.schemas import (
    OPEN_STATUSES,
    RULE_CODES,
    FlagFilter,
    FlagView,
    Sort,
)
from app.infra.wording import N_, translate
from app.web.addresses import address_of
from app.web.deps import ContextDep, NowDep, PathId, SessionDep, legal_day, person
from app.web.pages import flag_pairs, past_flags
from app.web.pages import flag_views as views
from app.web.pages.answers import see, see_address
from app.web.pages.forms import Attempt, Form, FormDep, Reader, attempt, refilled, relabelled
from app.web.pages.listing import Chip, Listing, with_query
from app.web.pages.values import Item, items_of
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/temuan")
READ = person("flags.read")
TRIAGE = person("flags.triage")
OPEN = person("cases.open")

NARROWING: Final = ("aturan", "status", "cari", "wilayah", "urut")
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class RuleChoice:
    words: str
    count: int
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class FlagsView:
    rows: tuple[views.FlagRow, ...]
    rules: tuple[RuleChoice, ...]
    waiting: int
    chips: tuple[Chip, ...]
    statuses: Mapping[str, str]
    sorts: Mapping[str, str]
    places: list[tuple[str, str]]
    back_query: str
    first_address: str
    next_address: str
    never_swept: bool
    may_import: bool
    may_triage: bool
    pairs_waiting: int
    pairs_address: str
    today: date


@router.get("", name="page:flags")
def flags_page(
    request: Request, session: SessionDep, found: Annotated[SignedIn, Depends(READ)]
) -> Response:
    day, form = past_flags.day_asked(request, today=legal_day(found.principal))
    if day is not None:
        return past_flags.list_page(request, session, found.principal, day=day, form=form)
    asked, language = request.query_params, page_language(request)
    narrowing = {name: asked.get(name, "") for name in NARROWING}
    cursor = asked.get("kursor")
    page = queries.flags(
        session,
        principal=found.principal,
        filter=_filter(narrowing),
        limit=PAGE,
        cursor=cursor,
    )
    counts = queries.flag_counts(session, principal=found.principal)
    listing = Listing(request.scope["path"], narrowing)
    shown = past_flags.statuses_asked(narrowing["status"])
    back = urlencode({name: value for name, value in narrowing.items() if value})
    pairs_waiting, pairs_address = flag_pairs.pairs_waiting(request, session, found.principal)
    view = FlagsView(
        rows=tuple(views.flag_row(flag, language) for flag in page.items),
        rules=(
            RuleChoice(
                N_("Semua dugaan"),
                counts.total(*shown),
                listing.address(aturan=""),
                not narrowing["aturan"],
            ),
            *(
                RuleChoice(
                    views.RULE_WORDS[code],
                    sum(counts.by_rule.get(code, {}).get(status, 0) for status in shown),
                    listing.address(aturan=code),
                    narrowing["aturan"] == code,
                )
                for code in RULE_CODES
            ),
        ),
        waiting=counts.total(*OPEN_STATUSES),
        chips=listing.chips(_chip_words(narrowing, language)),
        statuses=views.STATUS_WORDS,
        sorts=views.SORT_WORDS,
        places=_places(session, found.principal),
        back_query=f"?{back}" if back else "",
        first_address=listing.address() if cursor else "",
        next_address=listing.next_page(page.next),
        never_swept=not counts.total(),
        may_import=found.principal.may("registry.import"),
        may_triage=found.principal.may("flags.triage"),
        pairs_waiting=pairs_waiting,
        pairs_address=pairs_address,
        today=legal_day(found.principal),
    )
    return render_page(request, "pages/flags/list.html", {"view": view, "form": form})


@router.get("/{flag_id}", name="page:flag")
def flag_page(
    request: Request,
    flag_id: PathId,
    session: SessionDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    query = urlencode(
        [(name, request.query_params[name]) for name in NARROWING if request.query_params.get(name)]
    )
    day, form = past_flags.day_asked(request, today=legal_day(found.principal))
    if day is not None:
        return past_flags.flag_page(request, session, found.principal, flag_id, day=day, form=form)
    return _page(request, session, found.principal, flag_id, query=query, form=form, status=200)


@router.post("/{flag_id}/terima", name="page:accept_flag")
def accept(
    request: Request,
    flag_id: PathId,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(OPEN)],
) -> Response:
    with attempt(session) as outcome:
        chosen = Reader(data).rows("temuan")
        opened = cases.open_from_flags(
            session,
            principal=found.principal,
            flag_ids=[flag_id, *chosen],
            employer=None,
            note="",
            snapshots_dir=context.settings.snapshots_dir,
            on=legal_day(found.principal),
            now=now,
        )
        return see(request, "case", number=opened.number, notice="kasus")
    return _again(request, session, found.principal, flag_id, data, outcome)


@router.post("/{flag_id}/tolak", name="page:decline_flag")
def decline(
    request: Request,
    flag_id: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(TRIAGE)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        reason = reader.required("alasan_tolak", N_("Tulis alasan penolakan."))
        version = reader.whole("versi", N_("Muat ulang halaman lalu coba lagi."))
        reader.check()
        service.decline(
            session,
            principal=found.principal,
            flag_id=flag_id,
            reason=reason,
            expected_version=version,
            now=now,
        )
        return _onwards(request, session, found.principal, reader, notice="tolak")
    return _again(request, session, found.principal, flag_id, data, outcome, open_form="tolak")


@router.post("/{flag_id}/kecualikan", name="page:excuse_flag")
def excuse(
    request: Request,
    flag_id: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(TRIAGE)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        until = reader.day("exception_until", N_("Pilih hari terakhir pengecualian."))
        reason = reader.required("alasan_kecuali", N_("Tulis alasan pengecualian."))
        version = reader.whole("versi", N_("Muat ulang halaman lalu coba lagi."))
        reader.check()
        service.excuse(
            session,
            principal=found.principal,
            flag_id=flag_id,
            until=until,
            reason=reason,
            expected_version=version,
            on=legal_day(found.principal),
            now=now,
        )
        return _onwards(request, session, found.principal, reader, notice="kecuali")
    return _again(request, session, found.principal, flag_id, data, outcome, open_form="kecuali")


@router.post("/{flag_id}/tunda", name="page:snooze_flag")
def snooze(
    request: Request,
    flag_id: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(TRIAGE)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        until = reader.day("until", N_("Pilih tanggal sampai kapan ditunda."))
        reason = reader.required("alasan_tunda", N_("Tulis alasan penundaan."))
        version = reader.whole("versi", N_("Muat ulang halaman lalu coba lagi."))
        reader.check()
        service.snooze(
            session,
            principal=found.principal,
            flag_id=flag_id,
            until=until,
            reason=reason,
            expected_version=version,
            on=legal_day(found.principal),
            now=now,
        )
        return _onwards(request, session, found.principal, reader, notice="tunda")
    return _again(request, session, found.principal, flag_id, data, outcome, open_form="tunda")


@router.post("/{flag_id}/buka-lagi", name="page:reopen_flag")
def reopen(
    request: Request,
    flag_id: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(TRIAGE)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        version = reader.whole("versi", N_("Muat ulang halaman lalu coba lagi."))
        reader.check()
        service.reopen(
            session,
            principal=found.principal,
            flag_id=flag_id,
            expected_version=version,
            now=now,
        )
        return see(request, "flag", flag_id=flag_id, notice="tinjau")
    return _again(request, session, found.principal, flag_id, data, outcome)


def _filter(narrowing: Mapping[str, str]) -> FlagFilter:
    sort = narrowing["urut"]
    return FlagFilter(
        rule=narrowing["aturan"] if narrowing["aturan"] in RULE_CODES else "",
        status=past_flags.statuses_asked(narrowing["status"]),
        kode_wilayah=narrowing["wilayah"],
        text=narrowing["cari"].strip(),
        sort=cast("Sort", sort) if sort in views.SORT_WORDS else "skor",
    )


def _chip_words(narrowing: Mapping[str, str], language: str) -> dict[str, str]:
    words = {"cari": f"“{narrowing['cari']}”"}
    if narrowing["aturan"] in views.RULE_WORDS:
        words["aturan"] = translate(views.RULE_WORDS[narrowing["aturan"]], language)
    if narrowing["status"] in views.STATUS_WORDS:
        words["status"] = translate(views.STATUS_WORDS[narrowing["status"]], language)
    elif narrowing["status"] == "semua":
        words["status"] = translate(N_("Semua status"), language)
    if narrowing["wilayah"]:
        words["wilayah"] = views.place_name(narrowing["wilayah"])
    return words


def _places(session: Session, principal: Principal) -> list[tuple[str, str]]:
    codes = queries.places(session, principal=principal)
    return sorted(((code, views.place_name(code)) for code in codes), key=lambda pair: pair[1])


def list_query(reader: Reader) -> str:
    """Return the list's filter that the form carried, without anything else in it."""
    pairs = parse_qsl(reader.text("lanjut"))
    return urlencode([(name, value) for name, value in pairs if name in NARROWING])


def _next_flag(
    session: Session, principal: Principal, query: str, *, apart_from: int
) -> FlagView | None:
    """Return the first flag that waits under the filter of the list, apart from one."""
    narrowing = dict.fromkeys(NARROWING, "") | dict(parse_qsl(query))
    narrowing["status"] = ""
    page = queries.flags(
        session, principal=principal, filter=_filter(narrowing), limit=2, cursor=None
    )
    return next((flag for flag in page.items if flag.id != apart_from), None)


def _onwards(
    request: Request, session: Session, principal: Principal, reader: Reader, *, notice: str
) -> Response:
    """Go to the next flag of the list, or back to the list when nothing waits in it."""
    query = list_query(reader)
    following = _next_flag(session, principal, query, apart_from=0)
    if following is None:
        return see(request, "flags", notice=notice)
    address = address_of(request, "flag", flag_id=following.id)
    return see_address(with_query(address, dict(parse_qsl(query))), notice=notice)


def _again(
    request: Request,
    session: Session,
    principal: Principal,
    flag_id: PathId,
    data: FormData,
    outcome: Attempt,
    *,
    open_form: str = "",
) -> Response:
    form = relabelled(
        refilled(data, outcome.no, page_language(request)), "reason", f"alasan_{open_form}"
    )
    return _page(
        request,
        session,
        principal,
        flag_id,
        query=list_query(Reader(data)),
        form=form,
        status=outcome.status,
        open_form=open_form,
    )


def _page(
    request: Request,
    session: Session,
    principal: Principal,
    flag_id: int,
    *,
    query: str,
    form: Form,
    status: int,
    open_form: str = "",
) -> Response:
    language = page_language(request)
    flag = queries.flag(session, principal=principal, flag_id=flag_id)
    events = queries.flag_events(session, principal=principal, flag_id=flag_id)
    waiting = flag.status in OPEN_STATUSES
    may_triage = waiting and principal.may("flags.triage")
    following = _next_flag(session, principal, query, apart_from=flag_id) if may_triage else None
    pairs = dict(parse_qsl(query))
    view = views.FlagPage(
        flag=flag,
        rule=views.RULE_WORDS[flag.rule],
        status=views.STATUS_WORDS[flag.status],
        confidence=views.CONFIDENCE_WORDS[flag.confidence],
        confidence_reason=translate(flag.confidence_reason, language),
        identifier=views.identifier(flag),
        place=views.place_name(flag.kode_wilayah),
        office=accounts.office_name(session, code=flag.kantor_cabang),
        sentence=views.sentence(flag, language),
        money_label=views.money_label(flag),
        numbers=_numbers(flag, language),
        source_ages=views.source_ages(flag),
        evidence=views.evidence_groups(flag.evidence, language),
        history=views.history_items(
            events,
            {one.actor: accounts.actor_name(session, actor=one.actor) for one in events},
            language,
        ),
        broke=views.broke(flag, events, language),
        elements=views.element_rows(flag),
        weighed_by=views.weighed_by(flag),
        limit=views.limit_words(flag, language),
        earlier=_earlier_cases(session, principal, flag),
        siblings=_siblings(session, principal, flag) if may_triage else (),
        list_address=with_query(address_of(request, "flags"), pairs),
        list_query=query,
        next_address=with_query(address_of(request, "flag", flag_id=following.id), pairs)
        if following
        else "",
        may_triage=may_triage,
        may_open=principal.may("cases.open"),
        may_reopen=principal.may("flags.triage")
        and (flag.status in {"ditolak", "ditunda"} or flag.case_ended_on is not None),
        may_read_registry=principal.may("registry.read"),
        open_form=open_form,
        tomorrow=legal_day(principal) + timedelta(days=1),
        latest_rest=service.latest_rest(legal_day(principal)),
        today=legal_day(principal),
        past_address=address_of(request, "flag", flag_id=flag_id),
        pairs=flag_pairs.pairs_of(session, principal, flag, language),
        among=flag_pairs.pairs_among(session, principal, flag, language),
        doubts_address=flag_pairs.doubts_address(request, principal, flag),
    )
    return render_page(
        request, "pages/flags/detail.html", {"view": view, "form": form}, status=status
    )


def _earlier_cases(session: Session, principal: Principal, flag: FlagView) -> tuple[FlagCase, ...]:
    """Return the closed cases that took this flag, the newest first."""
    if not principal.may("cases.read"):
        return ()
    found = case_queries.cases_of_flag(session, principal=principal, flag_id=flag.id)
    return tuple(case for case in found if case.closed_on is not None)


def _numbers(flag: FlagView, language: str) -> tuple[Item, ...]:
    return items_of(flag.numbers, language)


def _siblings(session: Session, principal: Principal, flag: FlagView) -> tuple[views.Sibling, ...]:
    return tuple(
        views.Sibling(id=other.id, rule=views.RULE_WORDS[other.rule], amount=other.potensi_rupiah)
        for other in queries.flags_of_employer(session, principal=principal, key=flag.key)
        if other.id != flag.id
        and other.status in OPEN_STATUSES
        and other.kantor_cabang == flag.kantor_cabang
    )
