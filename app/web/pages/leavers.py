"""Who left through a claim or the end of their work and works on: a list by cohort, as a file too.

The NIK stays masked: a whole one is shown where a reason is given, at the employer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.schemas import Principal, SignedIn
from app.detection import cohorts, leavers, queries, statistics
from app.detection.cohorts import By
from app.detection.facts.leavers import REASONS
from app.detection.facts.retention import FIRST_HERE
from app.detection.leavers import Leaver, LeaverCount, LeaverFilter
from app.detection.statistics import StatisticView
from app.errors import Invalid, NotFound
from app.infra.program import release
from app.infra.wording import translate
from app.law.month import Month
from app.registry.reference.endings import END_REASONS
from app.web.addresses import address_of
from app.web.deps import ContextDep, NowDep, SessionDep, person
from app.web.downloads import attachment, record_download
from app.web.pages.case_words import SCALES
from app.web.pages.forms import Form
from app.web.pages.listing import Chip, Listing
from app.web.pages.retention import BASES, asked_for, group_name
from app.web.pages.values import ENROLMENT_CHANNELS, month_text
from app.web.rendering import page_language, render_page
from app.web.sheets import csv_bytes

router = APIRouter(prefix="/retensi/lanjut")
READ = person("registry.read")
PAGE: Final = 50
LAPSED: Final = "LAPSED"
REASON_WORDS: Final[Mapping[str, str]] = {one: END_REASONS[one] for one in REASONS}


@dataclass(frozen=True, slots=True)
class LeaverLine:
    """`flag` is the number of a standing LAPSED flag that the reader may see, or None."""

    row: Leaver
    flag: int | None
    cohort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaversView:
    """`figure` is None while no list stands beside the counts."""

    statistic: StatisticView
    figure: StatisticView | None
    asked: LeaverFilter
    count: LeaverCount
    lines: tuple[LeaverLine, ...]
    bases: Mapping[str, str]
    reasons: Mapping[str, str]
    months: tuple[tuple[str, str], ...]
    offices: tuple[tuple[str, str], ...]
    sectors: tuple[tuple[str, str], ...]
    scales: Mapping[str, str]
    channels: Mapping[str, str]
    years: tuple[tuple[str, str], ...]
    chips: tuple[Chip, ...]
    first_page: str
    next_page: str
    csv_address: str
    workers_linked: int | None
    release: str
    may_run: bool


@router.get("", name="page:leavers")
def leavers_page(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    principal = found.principal
    statistic = _statistic(session, principal)
    asked = _asked(request)
    listing = Listing(path=address_of(request, "leavers"), narrowing=_pairs(asked))
    figure = statistics.leavers_beside(session, principal=principal, statistic=statistic)
    count, lines, following = LeaverCount(0, 0, 0), tuple[LeaverLine, ...](), None
    cursor = request.query_params.get("kursor") or None
    language = page_language(request)
    if figure is not None:
        file = statistics.cells_file(context.settings.snapshots_dir, figure)
        count = leavers.counted(principal, file=file, asked=asked)
        page = leavers.page(principal, file=file, asked=asked, limit=PAGE, cursor=cursor)
        flags = _flags(session, principal, page.items)
        lines = tuple(
            LeaverLine(one, flags.get(one.lapsed_npp), month_text(one.cohort, language))
            for one in page.items
        )
        following = page.next
    cells = statistics.cells_file(context.settings.snapshots_dir, statistic)
    choices = cohorts.choices(principal, cells=cells, basis=asked.basis)
    names = {one.code: one.name for one in accounts.offices(session)}
    view = LeaversView(
        statistic=statistic,
        figure=figure,
        asked=asked,
        count=count,
        lines=lines,
        bases=BASES,
        reasons=REASON_WORDS,
        months=tuple(
            (month, month_text(month, language)) for month in reversed(_months(statistic))
        ),
        offices=tuple((code, names.get(code, code)) for code in choices["kantor"]),
        sectors=tuple(
            (code, group_name("sektor", code, names=names, language=language))
            for code in choices["sektor"]
        ),
        scales={code: SCALES.get(code, code) for code in choices["skala"]},
        channels={code: ENROLMENT_CHANNELS.get(code, code) for code in choices["kanal"]},
        years=tuple((year, year) for year in choices["bulan"]),
        chips=listing.chips(_chip_words(asked, names, language)),
        first_page=listing.address() if cursor else "",
        next_page=listing.next_page(following),
        csv_address=Listing(
            path=address_of(request, "leavers_csv"), narrowing=_pairs(asked)
        ).address(),
        release=release(),
        workers_linked=queries.workers_linked(session, snapshot_id=statistic.snapshot_id),
        may_run=principal.may("detection.sweep"),
    )  # fmt: skip
    form = Form(values={name: (value,) for name, value in _pairs(asked).items()})
    return render_page(request, "pages/retention/leavers.html", {"view": view, "filters": form})


@router.get("/csv", name="page:leavers_csv")
def leavers_csv(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    """Everyone within reach under the filter of the page; codes as they are, the NIK masked."""
    principal = found.principal
    statistic = _statistic(session, principal)
    figure = statistics.leavers_beside(session, principal=principal, statistic=statistic)
    if figure is None:
        raise NotFound("Daftar ini belum dihitung; hitung retensi lebih dahulu.")
    file = statistics.cells_file(context.settings.snapshots_dir, figure)
    asked = _asked(request)
    content = csv_bytes(
        ["nik", "nama", "npp", "pemberi_kerja", "kantor", "angkatan", "sebab", "tgl_akhir",
         "lanjut", "lanjut_hari", "lanjut_npp", "lanjut_nama", "luar_wilayah", "sumber",
         "id_sumber", "lapsed_npp", "dasar", "snapshot", "definisi"],
        (
            [one.nik, one.name, one.npp, one.employer, one.office, one.cohort, one.reason,
             one.ended_on.isoformat(), "kepesertaan" if one.by_membership else "sumber",
             one.onward_on.isoformat(), one.onward_npp, one.onward_name, int(one.hidden),
             one.source, one.source_id, one.lapsed_npp, asked.basis, figure.snapshot_id,
             figure.definition]
            for one in leavers.everyone(principal, file=file, asked=asked)
        ),
    )  # fmt: skip
    record_download(
        session,
        principal=principal,
        subject=f"statistic:{figure.id}",
        office=principal.office_code,
        now=now,
    )
    return attachment(
        iter((content,)),
        name=f"berhenti-tetap-bekerja-{figure.snapshot_id}.csv",
        media_type="text/csv; charset=utf-8",
        size=len(content),
    )


def _statistic(session: Session, principal: Principal) -> StatisticView:
    found = statistics.latest_retention(session, principal=principal)
    if found is None:
        raise NotFound("Retensi belum dihitung; hitung lebih dahulu.")
    return found


def _asked(request: Request) -> LeaverFilter:
    """Return the filter of the address; what it cannot mean counts as not said."""
    cohort = asked_for(request)
    query = request.query_params
    try:
        month = Month.parse(query.get("bulan", ""))
    except Invalid:
        month = None
    reason = query.get("sebab", "")
    return LeaverFilter(
        basis=cohort.basis if query.get("dasar") else FIRST_HERE,
        reason=reason if reason in REASONS else "",
        month=month,
        office=cohort.office,
        sector=cohort.sector,
        scale=cohort.scale,
        channel=cohort.channel,
        year=cohort.year,
    )


def _pairs(asked: LeaverFilter) -> dict[str, str]:
    return {
        "dasar": asked.basis,
        "sebab": asked.reason,
        "bulan": "" if asked.month is None else str(asked.month),
        "angkatan": str(asked.year or ""),
        "kantor": asked.office,
        "sektor": asked.sector,
        "skala": asked.scale,
        "kanal": asked.channel,
    }


def _chip_words(asked: LeaverFilter, names: Mapping[str, str], language: str) -> dict[str, str]:
    def named(by: By, code: str) -> str:
        return group_name(by, code, names=names, language=language)

    return {
        "sebab": translate(REASON_WORDS.get(asked.reason, ""), language) if asked.reason else "",
        "bulan": "" if asked.month is None else named("bulan", str(asked.month)),
        "angkatan": str(asked.year),
        "kantor": named("kantor", asked.office),
        "sektor": named("sektor", asked.sector),
        "skala": named("skala", asked.scale),
        "kanal": named("kanal", asked.channel),
    }


def _months(statistic: StatisticView) -> tuple[str, ...]:
    first, last = statistic.terms.first_month, Month.of(statistic.terms.on).index
    return tuple(str(Month.from_index(index)) for index in range(first, last + 1))


def _flags(session: Session, principal: Principal, rows: tuple[Leaver, ...]) -> Mapping[str, int]:
    npps = sorted({one.lapsed_npp for one in rows if one.lapsed_npp})
    if not npps or not principal.may("flags.read"):
        return {}
    return queries.standing_flags(session, principal=principal, rule=LAPSED, npps=npps)
