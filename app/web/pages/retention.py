"""Who enrolled and who is still there: cohorts, ends and targets, as a chart and as its tables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.schemas import Principal, SignedIn
from app.detection import cohorts as kept
from app.detection import queries, statistics
from app.detection import retention as definitions
from app.detection.cohorts import By, CohortFilter, CohortRow, Cohorts, EndingRow, YearRow
from app.detection.disclosure import SMALLEST, State
from app.detection.facts.retention import FIRST_EVER, FIRST_HERE, MONTHS_LATER, UNKNOWN
from app.detection.statistics import StatisticView, TargetView
from app.errors import NotFound
from app.infra.program import release
from app.infra.queue import Standing
from app.infra.wording import N_, translate
from app.registry import queries as registry
from app.registry.reference.endings import END_REASONS
from app.registry.reference.sectors import category_of
from app.registry.schemas import SnapshotView
from app.web.addresses import address_of
from app.web.context import WebContext
from app.web.deps import ContextDep, NowDep, SessionDep, legal_day, person
from app.web.downloads import attachment, record_download
from app.web.pages.answers import see, see_address
from app.web.pages.case_words import SCALES
from app.web.pages.charts import BarChart, LineChart, bar_chart, line_chart
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.pages.listing import with_query
from app.web.pages.values import ENROLMENT_CHANNELS, month_text
from app.web.rendering import page_language, render_page
from app.web.sheets import csv_bytes

router = APIRouter(prefix="/retensi")
READ = person("registry.read")
RUN = person("detection.sweep")
SET_TARGET = person("targets.set")

# fmt: off
BASES: Final[Mapping[str, str]] = {
    FIRST_EVER: N_("Pertama kali menjadi peserta"),
    FIRST_HERE: N_("Pertama kali pada pemberi kerja itu"),
}
DIMENSIONS: Final[Mapping[By, str]] = {
    "bulan":  N_("Bulan pendaftaran"),
    "kantor": N_("Kantor cabang"),
    "sektor": N_("Sektor (divisi KBLI)"),
    "skala":  N_("Skala usaha"),
    "kanal":  N_("Kanal pendaftaran"),
}
ALONG: Final[Mapping[By, str]] = {
    "bulan":  N_("menurut bulan pendaftaran"),
    "kantor": N_("menurut kantor cabang"),
    "sektor": N_("menurut sektor (divisi KBLI)"),
    "skala":  N_("menurut skala usaha"),
    "kanal":  N_("menurut kanal pendaftaran"),
}
STATES: Final[Mapping[State, str]] = {
    State.EARLY:  N_("belum waktunya"),
    State.EMPTY:  N_("tidak ada peserta"),
    State.HIDDEN: N_("kelompok kecil"),
}
REASONS: Final[Mapping[str, str]] = {**END_REASONS, UNKNOWN: N_("Sebab tidak dicatat")}
# fmt: on
CHARTED_MONTHS: Final = 12
LARGEST_CHART: Final = 20
DIGITS_OF_A_YEAR: Final = 4
_NOTHING: Final = Decimal(0)
# No sign, no exponent, no name of a number that is none.
_NUMBER: Final = re.compile(r"[0-9]{1,6}([.,][0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class GroupLine:
    name: str
    row: CohortRow


@dataclass(frozen=True, slots=True)
class YearLine:
    """`verdict` is empty where there is no target, or nothing to hold against it."""

    row: YearRow
    target: TargetView | None
    verdict: str
    tone: str


@dataclass(frozen=True, slots=True)
class EndingLine:
    words: str
    row: EndingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionView:
    """`newer` is a snapshot whose retention is not computed yet.

    `untold`: the result is of an earlier definition, which does not tell channels apart.
    `workers_linked` counts NIKs that the last sweep linked and the counts do not; None: no sweep.
    `charted` counts the groups in the bar chart. `target_office` is empty where no target can be
    compared: one is set for an office as a whole.
    """

    statistic: StatisticView
    asked: CohortFilter
    lines: tuple[GroupLine, ...]
    total: CohortRow
    active: int | None
    years: tuple[YearLine, ...]
    endings: tuple[EndingLine, ...]
    line_chart: LineChart | None
    bar_chart: BarChart | None
    bar_names: Mapping[str, str]
    charted: int
    months_later: tuple[int, ...]
    smallest: int
    dimension: str
    along: str
    bases: Mapping[str, str]
    dimensions: Mapping[By, str]
    states: Mapping[State, str]
    offices: tuple[tuple[str, str], ...]
    sectors: tuple[tuple[str, str], ...]
    scales: Mapping[str, str]
    channels: Mapping[str, str]
    cohort_years: tuple[tuple[str, str], ...]
    target_office: str
    csv_address: str
    leavers_address: str
    narrowed: bool
    newer: SnapshotView | None
    computing: Standing
    untold: bool
    workers_linked: int | None
    release: str
    may_run: bool
    may_set_target: bool
    own_offices: tuple[tuple[str, str], ...]


@router.get("", name="page:retention")
def retention_page(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    return _page(request, session, context, found.principal, form=Form(), status=200)


@router.get("/csv", name="page:retention_csv")
def retention_csv(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    """The table of the page under the same filter; codes as they are, so that machines can read."""
    statistic = statistics.latest_retention(session, principal=found.principal)
    if statistic is None:
        raise NotFound("Retensi belum dihitung; hitung lebih dahulu.")
    asked = asked_for(request)
    tables = _tables(context, found.principal, statistic, asked)
    heads = ["kelompok", "peserta"]
    for months in MONTHS_LATER:
        heads += [f"aktif_{months}", f"dari_{months}", f"permil_{months}", f"keadaan_{months}"]
    rows = []
    # What the extract leaves empty is a group of its own, and stays empty.
    for key, row in (*((one.key, one) for one in tables.rows), ("semua", tables.total)):
        shares = [row.shares[months] for months in MONTHS_LATER]
        cells = [
            cell
            for one in shares
            for cell in (one.active, one.enrolled, one.per_mille, str(one.state))
        ]
        rows.append([key, row.enrolled, *cells, asked.basis, asked.by,
                     statistic.snapshot_id, statistic.definition])  # fmt: skip
    heads += ["dasar", "menurut", "snapshot", "definisi"]
    content = csv_bytes(heads, rows)
    record_download(
        session,
        principal=found.principal,
        subject=f"statistic:{statistic.id}",
        office=found.principal.office_code,
        now=now,
    )
    return attachment(
        iter((content,)),
        name=f"retensi-{statistic.snapshot_id}-{asked.by}.csv",
        media_type="text/csv; charset=utf-8",
        size=len(content),
    )


@router.post("/hitung", name="page:start_retention")
def start_retention(
    request: Request,
    session: SessionDep,
    found: Annotated[SignedIn, Depends(RUN)],
) -> Response:
    latest = registry.latest_snapshot(session)
    if latest is None:
        raise NotFound("Belum ada data; impor data registrasi lebih dahulu.")
    statistics.request_retention(session, principal=found.principal, snapshot_id=latest.id)
    return see(request, "retention", notice="retensi")


@router.post("/sasaran", name="page:set_target")
def set_target(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(SET_TARGET)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        year = reader.whole(
            "tahun",
            N_("“{value}” bukan tahun; isi misalnya 2026."),
            missing=N_("Isi tahun pendaftaran, misalnya 2026."),
        )
        one_in = _decimal(reader, "satu_dari")
        basis = reader.required("dasar_sasaran", N_("Tuliskan rencana atau keputusan dasarnya."))
        office = reader.required("kantor_sasaran", N_("Pilih kantor."))
        reader.check()
        statistics.set_target(
            session,
            principal=found.principal,
            office_code=office,
            year=year,
            one_in=one_in,
            basis=basis,
            on=legal_day(found.principal),
            now=now,
        )
        own = office == found.principal.office_code
        address = with_query(address_of(request, "retention"), {} if own else {"kantor": office})
        return see_address(address, notice="sasaran")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, context, found.principal, form=form, status=outcome.status)


def asked_for(request: Request) -> CohortFilter:
    """Return the filter of the address; what it cannot mean counts as not said."""
    query = request.query_params
    by = query.get("menurut", "")
    year = query.get("angkatan", "")
    return CohortFilter(
        basis=query.get("dasar", "") if query.get("dasar", "") in BASES else FIRST_EVER,
        by=next((one for one in DIMENSIONS if one == by), "bulan"),
        office=query.get("kantor", "")[:20],
        sector=query.get("sektor", "")[:2],
        scale=query.get("skala", "")[:20],
        channel=query.get("kanal", "")[:20],
        year=int(year) if year.isascii() and year.isdecimal() and len(year) <= DIGITS_OF_A_YEAR
        else 0,
    )  # fmt: skip


def _page(
    request: Request,
    session: Session,
    context: WebContext,
    principal: Principal,
    *,
    form: Form,
    status: int,
) -> Response:
    statistic = statistics.latest_retention(session, principal=principal)
    latest = registry.latest_snapshot(session)
    newer = latest if statistic is None or (latest and latest.id != statistic.snapshot_id) else None
    computing = statistics.requested(session, snapshot_id=latest.id) if latest else ""
    if statistic is None:
        view: object = {
            "newer": newer,
            "computing": computing,
            "may_run": principal.may("detection.sweep"),
        }
        return render_page(request, "pages/retention/none.html", {"view": view}, status=status)
    asked = asked_for(request)
    tables = _tables(context, principal, statistic, asked)
    language = page_language(request)
    names = {one.code: one.name for one in accounts.offices(session)}
    lines = tuple(
        GroupLine(group_name(asked.by, row.key, names=names, language=language), row)
        # The newest cohort first: what is asked about most must not lie at the end of a phone.
        for row in (reversed(tables.rows) if asked.by == "bulan" else tables.rows)
    )
    office = asked.office or principal.office_code
    targets = statistics.targets(session, principal=principal, office_code=office)
    bars = _bars(tables) if asked.by != "bulan" else ()
    if not form.values:
        form = blank(tahun=statistic.terms.on.year, kantor_sasaran=office)
    pairs = {
        "dasar": asked.basis, "menurut": asked.by, "kantor": asked.office,
        "sektor": asked.sector, "skala": asked.scale, "kanal": asked.channel,
        "angkatan": str(asked.year or ""),
    }  # fmt: skip
    view = RetentionView(
        statistic=statistic,
        asked=asked,
        lines=lines,
        total=tables.total,
        active=tables.active,
        years=tuple(
            _year_line(row, targets.get(row.year) if asked.has_target else None)
            for row in tables.years
        ),
        endings=tuple(EndingLine(REASONS.get(row.reason, row.reason), row)
                      for row in tables.endings),
        line_chart=_lines(tables) if asked.by == "bulan" else None,
        bar_chart=bar_chart(bars),
        bar_names={line.row.key: line.name for line in lines},
        charted=len(bars),
        months_later=MONTHS_LATER,
        smallest=SMALLEST,
        dimension=DIMENSIONS[asked.by],
        along=ALONG[asked.by],
        bases=BASES,
        dimensions=DIMENSIONS,
        states=STATES,
        offices=tuple((code, names.get(code, code)) for code in tables.choices["kantor"]),
        sectors=tuple(
            (code, group_name("sektor", code, names=names, language=language))
            for code in tables.choices["sektor"]
        ),
        scales={code: SCALES.get(code, code) for code in tables.choices["skala"]},
        channels={
            code: ENROLMENT_CHANNELS.get(code, code) for code in tables.choices["kanal"]
        },
        cohort_years=tuple((year, year) for year in tables.choices["bulan"]),
        target_office=names.get(office, office) if asked.has_target else "",
        csv_address=with_query(address_of(request, "retention_csv"), pairs),
        leavers_address=with_query(
            address_of(request, "leavers"),
            {name: value for name, value in pairs.items() if name != "menurut"},
        ),
        narrowed=bool(
            asked.office or asked.sector or asked.scale or asked.channel or asked.year
        ),
        newer=newer,
        computing=computing,
        untold=statistic.definition < definitions.DEFINITION,
        release=release(),
        workers_linked=queries.workers_linked(session, snapshot_id=statistic.snapshot_id),
        may_run=principal.may("detection.sweep"),
        may_set_target=principal.may("targets.set"),
        own_offices=tuple((code, name) for code, name in names.items() if principal.reaches(code)),
    )  # fmt: skip
    return render_page(
        request,
        "pages/retention/retention.html",
        {
            "view": view,
            "form": form,
            "filters": Form(values={name: (value,) for name, value in pairs.items()}),
        },
        status=status,
    )


def _tables(
    context: WebContext, principal: Principal, statistic: StatisticView, asked: CohortFilter
) -> Cohorts:
    cells = statistics.cells_file(context.settings.snapshots_dir, statistic)
    return kept.cohorts(principal, cells=cells, asked=asked)


def group_name(by: By, key: str, *, names: Mapping[str, str], language: str) -> str:
    """Return a group as people call it; one that the extract leaves empty is said to be so."""
    if not key:
        return translate(N_("Tidak diisi"), language)
    match by:
        case "bulan":
            return month_text(key, language)
        case "kantor":
            return names.get(key, key)
        case "sektor":
            section = category_of(key)
            return f"{key} {translate(section, language)}" if section else key
        case "skala":
            return translate(SCALES.get(key, key), language)
        case "kanal":
            return translate(ENROLMENT_CHANNELS.get(key, key), language)


def _year_line(row: YearRow, target: TargetView | None) -> YearLine:
    """Reading: the target is reached when one of at most so many is active."""
    if target is None or row.share.state is not State.SHOWN:
        return YearLine(row, target, "", "")
    reached = row.share.one_in_tenths is not None and _reaches(row, target)
    return (
        YearLine(row, target, N_("Tercapai"), "green")
        if reached
        else YearLine(row, target, N_("Belum tercapai"), "orange")
    )


def _reaches(row: YearRow, target: TargetView) -> bool:
    """Compare exactly: what is shown is rounded."""
    active, enrolled = row.share.active or 0, row.share.enrolled or 0
    return active * target.one_in >= enrolled


def _lines(tables: Cohorts) -> LineChart | None:
    return line_chart(
        [row.key for row in tables.rows],
        {months: [row.shares[months].per_mille for row in tables.rows] for months in MONTHS_LATER},
    )


def _bars(tables: Cohorts) -> tuple[tuple[str, int], ...]:
    """Return the shares of the largest groups after a year, in the order of the table."""
    found = [
        (row.key, share, row.enrolled or 0)
        for row in tables.rows
        if (share := row.shares[CHARTED_MONTHS].per_mille) is not None
    ]
    largest = {key for key, _, _ in sorted(found, key=lambda one: -one[2])[:LARGEST_CHART]}
    return tuple((key, share) for key, share, _ in found if key in largest)


def _decimal(reader: Reader, name: str) -> Decimal:
    """Return a number with a comma or a point; a wrong or missing one reads as zero."""
    text = reader.required(name, N_("Isi sasarannya, misalnya 3 atau 2,5."))
    if text and not _NUMBER.fullmatch(text):
        reader.complain(
            name, N_("“{value}” bukan angka; isi misalnya 3 atau 2,5."), value=text[:40]
        )
        return _NOTHING
    return Decimal(text.replace(",", ".") or 0)
