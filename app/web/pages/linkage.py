"""Pairs that may be one employer, or one worker: the list, one pair, what a person decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.schemas import Principal, SignedIn
from app.cases import resting as cases
from app.detection import queries as flags
from app.infra.wording import N_
from app.linkage import queries, service, worker_service
from app.linkage.schemas import (
    GROUPS,
    KINDS,
    OUTSIDE,
    WORKER,
    DecisionView,
    Group,
    PairView,
    Verdict,
)
from app.registry import queries as registry
from app.web import linkage_words as words
from app.web.addresses import address_of
from app.web.deps import NowDep, PathId, SessionDep, person
from app.web.pages import flag_views
from app.web.pages.answers import see
from app.web.pages.forms import Form, FormDep, Reader, attempt, refilled, typed
from app.web.pages.listing import Listing
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/tautan")
READ = person("linkage.read")
DECIDE = person("linkage.decide")
REVEAL = person(worker_service.REVEAL)
PAGE: Final = 50
CHOICES: Final[tuple[Verdict, ...]] = ("sama", "beda", "ragu")
# What stands in which field of a pair: comparison -> columns of both sides.
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "nama": ("nama",),
    "wilayah": ("kode_wilayah",),
    "alamat": ("alamat",),
    "kbli": ("kbli",),
    "bentuk": ("bentuk",),
    "telepon": ("telepon",),
    "nomor": ("npwp", "nib"),
    "nik": ("nik",),
    "tgl_lahir": ("tgl_lahir",),
    "tempat_kerja": ("pemberi_kerja", "npp"),
}


# Rules that ask who works there.
_OF_WORKERS: Final = frozenset({"PDS_TK", "PDS_UPAH", "LAPSED"})


@dataclass(frozen=True, slots=True)
class PairRow:
    pair: PairView
    chance: str
    why: str
    verdict: str
    tone: str
    method: str
    place: str


@dataclass(frozen=True, slots=True)
class OtherRow:
    """Another pair of the same side: who stands on its other side, by name and number."""

    row: PairRow
    nama: str
    source: str
    number: str


@dataclass(frozen=True, slots=True)
class GroupChoice:
    words: str
    count: int
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class PairsView:
    rows: tuple[PairRow, ...]
    groups: tuple[GroupChoice, ...]
    group: Group
    kinds: Mapping[str, str]
    without_nik: int | None
    may_see_imports: bool
    first_address: str
    next_address: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    label: str
    outside: tuple[str | date, ...]
    registered: tuple[str | date, ...]
    level: str
    voice: str
    tone: str


@dataclass(frozen=True, slots=True)
class SaidRow:
    at: datetime
    who: str
    words: str
    tone: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairPage:
    """`resting` is empty where nobody may see cases; `flags` are of the outside employer."""

    pair: PairView
    chance: str
    rows: tuple[FieldRow, ...]
    why: str
    verdict: str
    tone: str
    method: str
    next_method: str
    moves: bool
    history: tuple[SaidRow, ...]
    resting: tuple[cases.Resting, ...]
    proposals: Mapping[str, str]
    rules: Mapping[str, str]
    flags: tuple[tuple[str, str], ...]
    others: tuple[OtherRow, ...]
    may_decide: bool
    may_reveal: bool
    niks: worker_service.Niks | None
    choices: Mapping[str, str]
    list_address: str


@router.get("", name="page:pairs")
def pairs_page(
    request: Request, session: SessionDep, found: Annotated[SignedIn, Depends(READ)]
) -> Response:
    asked, language = request.query_params, page_language(request)
    narrowing = {name: asked.get(name, "") for name in ("kelompok", "jenis", "cari")}
    wanted = narrowing["kelompok"]
    group: Group = next((one for one in GROUPS if one == wanted), "menunggu")
    kind = next((one for one in KINDS if one == narrowing["jenis"]), None)
    cursor = asked.get("kursor")
    page = queries.pairs(
        session,
        principal=found.principal,
        group=group,
        kind=kind,
        text=narrowing["cari"].strip(),
        cursor=cursor,
        limit=PAGE,
    )
    counted = queries.counts(session, principal=found.principal, kind=kind).by_group
    listing = Listing(request.scope["path"], narrowing)
    view = PairsView(
        rows=tuple(_row(pair, language) for pair in page.items),
        groups=tuple(
            GroupChoice(
                words.GROUP_WORDS[one],
                counted[one],
                listing.address(kelompok="" if one == "menunggu" else one),
                one == group,
            )
            for one in GROUPS
        ),
        group=group,
        kinds={"": N_("Semua pasangan"), **words.KIND_WORDS},
        without_nik=registry.workers_without_nik(session),
        may_see_imports=found.principal.may("imports.read"),
        first_address=listing.address() if cursor else "",
        next_address=listing.next_page(page.next),
    )
    return render_page(
        request, "pages/linkage/list.html", {"view": view, "form": Form(values=typed(asked))}
    )


@router.get("/{pair_id}", name="page:pair")
def pair_page(
    request: Request,
    pair_id: PathId,
    session: SessionDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    return _page(request, session, found.principal, pair_id, form=Form(), status=200)


@router.post("/{pair_id}/putusan", name="page:decide_pair")
def decide(
    request: Request,
    pair_id: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(DECIDE)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        verdict = reader.required("keputusan", N_("Pilih salah satu keputusan."))
        if verdict and verdict not in CHOICES:
            reader.complain("keputusan", N_("Pilih salah satu keputusan."))
        reason = reader.required("reason", N_("Tulis alasan keputusan Anda."))
        version = reader.whole("versi", N_("Muat ulang halaman lalu coba lagi."))
        reader.check()
        service.decide(
            session,
            principal=found.principal,
            pair_id=pair_id,
            verdict=cast("Verdict", verdict),
            reason=reason,
            expected_version=version,
            now=now,
        )
        return see(request, "pair", pair_id=pair_id, notice="tautan")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, found.principal, pair_id, form=form, status=outcome.status)


@router.post("/{pair_id}/urungkan", name="page:undo_pair")
def undo(
    request: Request,
    pair_id: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(DECIDE)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        reason = reader.required("reason", N_("Tulis alasan keputusan Anda."))
        version = reader.whole("versi", N_("Muat ulang halaman lalu coba lagi."))
        reader.check()
        service.undo(
            session,
            principal=found.principal,
            pair_id=pair_id,
            reason=reason,
            expected_version=version,
            now=now,
        )
        return see(request, "pair", pair_id=pair_id, notice="tautan-cabut")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, found.principal, pair_id, form=form, status=outcome.status)


@router.post("/{pair_id}/nik", name="page:reveal_pair")
def reveal(
    request: Request,
    pair_id: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(REVEAL)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        reason = reader.required("alasan_nik", N_("Tuliskan alasan melihat NIK lengkap."))
        reader.check()
        niks = worker_service.reveal_niks(
            session, principal=found.principal, pair_id=pair_id, reason=reason, now=now
        )
        return _page(request, session, found.principal, pair_id, form=Form(), status=200, niks=niks)
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, found.principal, pair_id, form=form, status=outcome.status)


def _page(
    request: Request,
    session: Session,
    principal: Principal,
    pair_id: int,
    *,
    form: Form,
    status: int,
    niks: worker_service.Niks | None = None,
) -> Response:
    language = page_language(request)
    pair = queries.pair(session, principal=principal, pair_id=pair_id)
    verdict, tone = words.verdict_words(pair.kind, pair.verdict)
    said = queries.decisions(session, principal=principal, pair_id=pair_id)
    view = PairPage(
        pair=pair,
        chance=words.percent(pair.chance, language),
        rows=tuple(_field(pair, part.comparison) for part in pair.parts),
        why=words.why_words(pair.kind, pair.why),
        verdict=verdict,
        tone=tone,
        method=words.method_words(pair.kind, pair.method),
        next_method=words.method_words(pair.kind, pair.next_method),
        moves=pair.method != pair.next_method,
        history=tuple(_said(session, pair, one) for one in said),
        resting=_resting(session, principal, pair),
        proposals=words.PROPOSAL_WORDS,
        rules=flag_views.RULE_WORDS,
        flags=_flags(request, session, principal, pair),
        others=tuple(
            _other(pair, _row(other, language))
            for other in queries.others(session, principal=principal, pair_id=pair.id)
        ),
        may_decide=principal.may("linkage.decide"),
        may_reveal=pair.kind == WORKER and principal.may(worker_service.REVEAL),
        niks=niks,
        choices={
            one: words.verdict_words(pair.kind, one)[0] for one in CHOICES if one != pair.verdict
        },
        list_address=address_of(request, "pairs"),
    )
    return render_page(
        request, "pages/linkage/detail.html", {"view": view, "form": form}, status=status
    )


def _row(pair: PairView, language: str) -> PairRow:
    verdict, tone = words.verdict_words(pair.kind, pair.verdict)
    return PairRow(
        pair=pair,
        chance=words.percent(pair.chance, language),
        why=words.why_words(pair.kind, pair.why),
        verdict=verdict,
        tone=tone,
        method=words.method_words(pair.kind, pair.method),
        place=flag_views.place_name(str(pair.registered.get("kode_wilayah", ""))),
    )


def _other(pair: PairView, row: PairRow) -> OtherRow:
    other = row.pair
    turned = other.kind == OUTSIDE and other.member in {pair.kunci, pair.member}
    side = other.outside if turned else other.registered
    if other.kind == OUTSIDE:
        return OtherRow(row, str(side["nama"]), str(side["sumber"]), str(side["id_sumber"]))
    return OtherRow(row, str(side["nama"]), "NPP", other.npp)


def _field(pair: PairView, comparison: str) -> FieldRow:
    part = next(one for one in pair.parts if one.comparison == comparison)
    voice, tone = words.VOICE_WORDS[part.voice]
    return FieldRow(
        label=words.COMPARISON_WORDS[comparison],
        outside=_shown(pair.outside, comparison),
        registered=_shown(pair.registered, comparison),
        level=words.level_words(comparison, part.level),
        voice=voice,
        tone=tone,
    )


def _shown(side: Mapping[str, Any], comparison: str) -> tuple[str | date, ...]:
    values: list[str | date] = []
    for column in _FIELDS[comparison]:
        value = str(side.get(column, ""))
        if column == "tgl_lahir" and value:
            values.append(date.fromisoformat(value))
            continue
        if column == "kode_wilayah":
            value = flag_views.place_name(value)
        elif column in {"npwp", "nib", "npp"} and value:
            value = f"{column.upper()} {value}"
        if value:
            values.append(value)
    return tuple(values)


def _said(session: Session, pair: PairView, one: DecisionView) -> SaidRow:
    verdict, tone = words.verdict_words(pair.kind, one.verdict)
    who = accounts.actor_name(session, actor=one.actor)
    return SaidRow(one.recorded_at, who, verdict, tone, one.reason)


def _resting(session: Session, principal: Principal, pair: PairView) -> tuple[cases.Resting, ...]:
    if not principal.may("cases.read"):
        return ()
    if pair.kind == WORKER:
        return cases.resting_on_worker(session, principal=principal, pair=pair)
    return cases.resting(session, principal=principal, npp=pair.npp, records=pair.records)


def _flags(
    request: Request, session: Session, principal: Principal, pair: PairView
) -> tuple[tuple[str, str], ...]:
    if not principal.may("flags.read"):
        return ()
    # Flags of a worker are those of the employer whose list names them; of two outside employers
    # that are one by now, those of whichever gives the name.
    keys = {
        WORKER: (f"npp:{pair.outside.get('npp', '')}",),
        OUTSIDE: (pair.kunci, pair.member),
    }.get(pair.kind, (pair.kunci,))
    found = [
        one
        for key in keys
        for one in flags.flags_of_employer(session, principal=principal, key=key)
    ]
    return tuple(
        (address_of(request, "flag", flag_id=one.id), flag_views.RULE_WORDS[one.rule])
        for one in found
        if one.status != "hilang" and (pair.kind != WORKER or one.rule in _OF_WORKERS)
    )
