"""The list of cases, what needs somebody first, and opening one by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.schemas import Principal, SignedIn
from app.cases import queries, service
from app.cases.schemas import CaseCounts, CaseFilter, CaseRow, Employer
from app.cases.stages import VIOLATION_LABELS, Stage, Violation
from app.infra.wording import N_, translate
from app.registry.reference.regions import regency_names
from app.web.deps import NowDep, SessionDep, legal_day, person
from app.web.pages.answers import see
from app.web.pages.case_views import row_due, row_words
from app.web.pages.case_words import SCALES, STAGES, VIOLATIONS
from app.web.pages.due import Due
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled, typed
from app.web.pages.listing import Chip, Listing
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/kasus")
READ = person("cases.read")
OPEN = person("cases.open")

# fmt: off
# Which cases at a glance: (value of `lihat`, words).
QUICK: Final[Mapping[str, str]] = {
    "":       N_("Perlu tindakan hari ini"),
    "saya":   N_("Kasus saya"),
    "semua":  N_("Semua yang terbuka"),
    "tutup":  N_("Termasuk yang ditutup"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Choice:
    """`count` is None where counting would cost a query of its own."""

    words: str
    count: int | None
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    case: CaseRow
    due: Due | None
    urgency: str
    next: str
    violations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CasesView:
    rows: tuple[Row, ...]
    counts: CaseCounts
    quick: tuple[Choice, ...]
    chips: tuple[Chip, ...]
    stages: Mapping[str, str]
    violations: Mapping[str, str]
    narrowed: bool
    all_address: str
    first_address: str
    next_address: str
    may_open: bool


@dataclass(frozen=True, slots=True)
class NewCaseView:
    scales: Mapping[str, str]
    violations: Mapping[str, str]
    places: list[tuple[str, str]]
    offices: list[tuple[str, str]]


@router.get("", name="page:cases")
def cases_page(
    request: Request, session: SessionDep, found: Annotated[SignedIn, Depends(READ)]
) -> Response:
    asked = request.query_params
    language = page_language(request)
    today = legal_day(found.principal)
    narrowing = {name: asked.get(name, "") for name in ("lihat", "cari", "tahap", "dugaan")}
    page = queries.cases(
        session, principal=found.principal, filter=_filter(narrowing, asked.get("kursor"), today)
    )
    listing = Listing(request.scope["path"], narrowing)
    counts = queries.case_counts(session, principal=found.principal, on=today)
    known = {"": counts.needing_action, "semua": counts.open, "tutup": counts.open + counts.closed}
    view = CasesView(
        rows=tuple(case_line(row, today=today) for row in page.items),
        counts=counts,
        quick=tuple(
            Choice(
                words, known.get(value), listing.address(lihat=value), narrowing["lihat"] == value
            )
            for value, words in QUICK.items()
        ),
        narrowed=narrowing["lihat"] not in {"semua", "tutup"},
        all_address=listing.address(lihat="semua"),
        chips=listing.chips(_chip_words(narrowing, language)),
        stages=STAGES,
        violations=VIOLATIONS,
        first_address=listing.address() if asked.get("kursor") else "",
        next_address=listing.next_page(page.next),
        may_open=found.principal.may("cases.open"),
    )
    return render_page(
        request, "pages/cases/list.html", {"view": view, "form": Form(values=typed(asked))}
    )


@router.get("/baru", name="page:new_case")
def new_case_page(
    request: Request, session: SessionDep, found: Annotated[SignedIn, Depends(OPEN)]
) -> Response:
    form = blank(kantor=found.principal.office_code)
    return _new_page(request, session, found.principal, form=form, status=200)


@router.post("/baru", name="page:open_case")
def open_case(
    request: Request,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(OPEN)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        employer, violations = _employer(reader), _violations(reader)
        reason = reader.required("reason", N_("Tulis bagaimana pemberi kerja ini ditemukan."))
        reader.check()
        opened = service.open_by_hand(
            session,
            principal=found.principal,
            office_code=reader.text("kantor"),
            employer=employer,
            violations=violations,
            reason=reason,
            on=legal_day(found.principal),
            now=now,
        )
        return see(request, "case", number=opened.number, notice="kasus")
    form = refilled(data, outcome.no, page_language(request))
    return _new_page(request, session, found.principal, form=form, status=outcome.status)


def case_line(row: CaseRow, *, today: date) -> Row:
    due = row_due(row, today=today)
    return Row(
        case=row,
        due=due,
        urgency="" if due is None or due.urgency == "later" else due.urgency,
        next=row_words(row),
        violations=tuple(VIOLATION_LABELS[violation] for violation in row.violations),
    )


def _filter(narrowing: Mapping[str, str], cursor: str | None, today: date) -> CaseFilter:
    stage = narrowing["tahap"]
    look = narrowing["lihat"]
    return CaseFilter(
        on=today,
        reach="mine" if look == "saya" else "office",
        stages=frozenset({Stage(stage)}) if stage in STAGES else frozenset(),
        violation=narrowing["dugaan"] if narrowing["dugaan"] in VIOLATIONS else "",
        text=narrowing["cari"].strip(),
        only_open=look != "tutup" and stage != Stage.CLOSED,
        only_needing_action=look in {"", "hari-ini"},
        cursor=cursor,
    )


def _chip_words(narrowing: Mapping[str, str], language: str) -> dict[str, str]:
    words = {"cari": f"“{narrowing['cari']}”"}
    if narrowing["tahap"] in STAGES:
        words["tahap"] = translate(STAGES[narrowing["tahap"]], language)
    if narrowing["dugaan"] in VIOLATIONS:
        words["dugaan"] = translate(VIOLATIONS[narrowing["dugaan"]], language)
    return words


def _employer(reader: Reader) -> Employer:
    name = reader.required("nama", N_("Isi nama pemberi kerja."))
    place = reader.text("kode_wilayah")
    workers = reader.text("jumlah_tk")
    employer = Employer(
        nama=name,
        npp=reader.text("npp"),
        npwp=reader.text("npwp"),
        nib=reader.text("nib"),
        skala=reader.text("skala") if reader.text("skala") in SCALES else "",
        alamat=reader.text("alamat"),
        kode_wilayah=place if place in regency_names() else "",
        jumlah_tk=reader.whole("jumlah_tk", N_("Isi jumlah pekerja, angka saja."))
        if workers
        else None,
    )
    if not employer.kode_wilayah:
        reader.complain("kode_wilayah", N_("Pilih kabupaten atau kota."))
    return employer


def _violations(reader: Reader) -> frozenset[Violation]:
    chosen = frozenset(Violation(code) for code in reader.texts("violations") if code in VIOLATIONS)
    if not chosen:
        reader.complain("violations", N_("Pilih paling sedikit satu jenis pelanggaran."))
    return chosen


def _new_page(
    request: Request, session: Session, principal: Principal, *, form: Form, status: int
) -> Response:
    view = NewCaseView(
        scales=SCALES,
        violations=VIOLATIONS,
        places=places(),
        offices=[
            (office.code, office.name)
            for office in accounts.offices(session)
            if principal.reaches(office.code)
        ],
    )
    return render_page(request, "pages/cases/new.html", {"view": view, "form": form}, status=status)


def places() -> list[tuple[str, str]]:
    """Return every regency and city, by name."""
    return sorted(regency_names().items(), key=lambda pair: pair[1])
