"""/controls: draws by lot, their visits and outcomes; /selection-report: what flags miss."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import ConfigDict, Field

from app.detection import control_queries as queries
from app.detection import control_visits, controls, selection_report
from app.detection.control_schemas import Dimension, Draw, Outcome, Result, Visit
from app.detection.selection import By
from app.detection.selection_report import Counted, ReportView
from app.detection.skew import RemarkKind
from app.errors import NotFound
from app.web.api.operation import LanguageDep, PrincipalDep, TodayDep, change, may, operations
from app.web.api.v1.shapes import (
    Answer,
    Code,
    Cursor,
    Limit,
    PageOf,
    PathCode,
    Request,
    Sentence,
    numbered_page,
)
from app.web.control_words import group_name, sentence_of
from app.web.deps import ContextDep, NowDep, PathId, SessionDep
from app.web.lots import SeedDep

router = operations("controls")


class StratumDocument(Answer):
    """Satu kelompok undian: banyaknya pemberi kerja dan yang terundi."""

    key: str
    size: int
    drawn: int


class DrawDocument(Answer):
    """Satu undian; dengan benih dan potret datanya, daftar yang sama dapat diundi lagi."""

    number: str
    office_code: str
    snapshot_id: str
    first_on: date
    last_on: date
    strata: list[Dimension]
    groups: list[StratumDocument]
    employers: int
    seed: str
    definition: int
    frame_sha256: str
    list_sha256: str
    why: str
    drawn_on: date
    drawn_at: datetime
    drawn_by: str
    visits: int
    done: int
    violating: int

    @classmethod
    def of(cls, draw: Draw) -> "DrawDocument":
        return cls.model_validate(draw)


class ControlOutcomeDocument(Answer):
    """Hasil kunjungan yang berlaku; uang dalam rupiah."""

    visited_on: date
    result: Result
    violations: list[str]
    rupiah: int
    workers: int
    note: str


class VisitDocument(Answer):
    """Satu pemberi kerja terundi; `flagged` null sampai hasilnya dicatat."""

    place: int
    npp: str
    nama: str
    office_code: str
    stratum: str
    due_on: date
    officer_name: str
    outcome: ControlOutcomeDocument | None
    outcomes: int
    flagged: list[str] | None
    case_number: str

    @classmethod
    def of(cls, visit: Visit) -> "VisitDocument":
        outcome = visit.outcome
        return cls(
            place=visit.place,
            npp=visit.npp,
            nama=visit.name,
            office_code=visit.office_code,
            stratum=visit.stratum,
            due_on=visit.due_on,
            officer_name=visit.officer_name,
            outcome=None
            if outcome is None
            else ControlOutcomeDocument(
                visited_on=outcome.visited_on,
                result=outcome.result,
                violations=sorted(outcome.violations),
                rupiah=outcome.rupiah,
                workers=outcome.workers,
                note=outcome.note,
            ),
            outcomes=len(visit.outcomes),
            flagged=None if outcome is None else sorted(visit.flagged),
            case_number=visit.case_number,
        )


class DrawnDocument(Answer):
    """Undian dengan kunjungannya yang ada dalam wilayah kerja."""

    draw: DrawDocument
    visits: list[VisitDocument]


class DrawSent(Request):
    """Sistem memilih benihnya; potret data yang dipakai adalah yang terbaru."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "office": "J05",
                    "first_on": "2026-12-01",
                    "last_on": "2026-12-31",
                    "count": 40,
                    "strata": ["skala"],
                    "why": "Kontrol acak semester dua.",
                }
            ]
        }
    )

    office: Code
    first_on: date
    last_on: date
    count: int
    strata: Annotated[list[Dimension], Field(default_factory=list)]
    why: Sentence


class ControlOutcomeSent(Request):
    """`known_outcomes` banyaknya hasil yang sudah tercatat; taksiran hanya untuk pelanggaran."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "visited_on": "2026-12-03",
                    "result": "melanggar",
                    "violations": ["PDS_UPAH"],
                    "rupiah": 4500000,
                    "workers": 3,
                    "note": "Slip gaji menunjukkan upah lain.",
                    "known_outcomes": 0,
                }
            ]
        }
    )

    visited_on: date
    result: Result
    violations: Annotated[list[Code], Field(default_factory=list)]
    rupiah: int = 0
    workers: int = 0
    note: Sentence
    known_outcomes: Annotated[int, Field(ge=0)] = 0


class RateDocument(Answer):
    """`hits` dari `trials`; bagian dan kedua ujung selangnya dalam perseribu."""

    hits: int
    trials: int
    per_mille: int
    low: int
    high: int


class SelectionGroupDocument(Answer):
    """`base` undian, `held` temuan, `caught` pelanggaran yang ditandai, `lift` perseratus."""

    by: By
    key: str
    registered: Annotated[int, Field(validation_alias="register")]
    flagged: int
    base: RateDocument | None
    held: RateDocument | None
    caught: RateDocument | None
    lift: int | None
    missed_rupiah: int
    missed_workers: int


class SelectionRemarkDocument(Answer):
    """`warns`: perlu diperhatikan sebelum angka dipakai."""

    kind: RemarkKind
    by: By
    key: str
    sentence: str
    warns: bool


class SelectionReportDocument(Answer):
    """Laporan yang tersimpan dengan semua dasarnya."""

    id: int
    definition: int
    snapshot_id: str
    terms: dict[str, str | int | list[str]]
    sha256: str
    computed_at: datetime
    drawn: int
    done: int
    not_found: int
    overdue: int
    remarks: list[SelectionRemarkDocument]
    groups: list[SelectionGroupDocument]

    @classmethod
    def of(cls, view: ReportView, language: str) -> "SelectionReportDocument":
        progress = view.report.progress
        return cls(
            id=view.figure.id,
            definition=view.figure.definition,
            snapshot_id=view.figure.snapshot_id,
            terms=view.terms.as_json(),
            sha256=view.figure.sha256,
            computed_at=view.figure.computed_at,
            drawn=progress.drawn,
            done=progress.done,
            not_found=progress.not_found,
            overdue=progress.overdue,
            remarks=[
                SelectionRemarkDocument(
                    kind=one.kind,
                    by=one.by,
                    key=one.key,
                    sentence=sentence_of(
                        one,
                        name=group_name(one.by, one.key, offices={}, scales={}, language=language),
                        language=language,
                    ),
                    warns=one.warns,
                )
                for one in view.remarks
            ],
            groups=[SelectionGroupDocument.model_validate(one) for one in view.report.groups],
        )


class SelectionCountedDocument(Answer):
    """`first`: belum pernah dihitung. `same`: hasilnya sama dengan yang tersimpan."""

    report: SelectionReportDocument
    first: bool
    same: bool

    @classmethod
    def of(cls, counted: Counted, language: str) -> "SelectionCountedDocument":
        return cls(
            report=SelectionReportDocument.of(counted.view, language),
            first=counted.first,
            same=counted.same,
        )


class SelectionSent(Request):
    """Kunjungan dan putusan dari hari pertama sampai hari terakhir, keduanya ikut."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"office": "J05", "first": "2026-01-01", "last": "2026-11-20"}]
        }
    )

    office: Code
    first: date
    last: date


@router.get("/controls", summary="Daftar undian kontrol", dependencies=may("controls.read"))
def list_draws(
    session: SessionDep, principal: PrincipalDep, *, limit: Limit = 50, cursor: Cursor = None
) -> PageOf[DrawDocument]:
    """Semua undian dalam wilayah kerja token, yang terbaru lebih dahulu."""
    found = queries.draws(session, principal=principal)
    page = numbered_page(found, limit=limit, cursor=cursor)
    return PageOf(items=[DrawDocument.of(one) for one in page.items], next=page.next)


@router.post(
    "/controls",
    summary="Mengundi kunjungan kontrol",
    status_code=201,
    dependencies=change("controls.draw"),
)
def draw_controls(
    document: DrawSent,
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    seed: SeedDep,
    today: TodayDep,
    now: NowDep,
) -> DrawDocument:
    """Hanya dengan token atas nama seseorang; undian tidak dapat diubah atau dibatalkan."""
    drawn = controls.draw_controls(
        session,
        principal=principal,
        wanted=controls.Wanted(
            office_code=document.office,
            first_on=document.first_on,
            last_on=document.last_on,
            count=document.count,
            strata=tuple(document.strata),
            why=document.why,
        ),
        seed=seed,
        snapshots_dir=context.settings.snapshots_dir,
        on=today,
        now=now,
    )
    return DrawDocument.of(drawn)


@router.get("/controls/{number}", summary="Satu undian", dependencies=may("controls.read"))
def show_draw(number: PathCode, session: SessionDep, principal: PrincipalDep) -> DrawnDocument:
    """Dengan kunjungannya menurut urutan undian."""
    return DrawnDocument(
        draw=DrawDocument.of(queries.draw(session, principal=principal, number=number)),
        visits=[
            VisitDocument.of(one)
            for one in queries.visits(session, principal=principal, number=number)
        ],
    )


@router.post(
    "/controls/{number}/visits/{place}/outcomes",
    summary="Mencatat hasil kunjungan kontrol",
    status_code=201,
    dependencies=change("controls.record"),
)
def record_outcome(
    number: PathCode,
    place: PathId,
    document: ControlOutcomeSent,
    session: SessionDep,
    principal: PrincipalDep,
    today: TodayDep,
    now: NowDep,
) -> VisitDocument:
    """Hasil yang kemudian memperbaiki yang sebelumnya; semuanya tetap tersimpan."""
    found = control_visits.record_outcome(
        session,
        principal=principal,
        number=number,
        place=place,
        outcome=Outcome(
            visited_on=document.visited_on,
            result=document.result,
            violations=frozenset(document.violations),
            rupiah=document.rupiah,
            workers=document.workers,
            note=document.note,
        ),
        known_outcomes=document.known_outcomes,
        on=today,
        now=now,
    )
    return VisitDocument.of(found)


@router.get("/selection-report", summary="Laporan seleksi", dependencies=may("controls.read"))
def show_report(
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    language: LanguageDep,
    *,
    office: Annotated[
        str, Query(max_length=20, description="Kode kantor; bawaan: kantor token.")
    ] = "",
) -> SelectionReportDocument:
    """Laporan terakhir kantor itu: undian di samping temuan, menurut aturan dan kelompok."""
    found = selection_report.latest_report(
        session,
        principal=principal,
        office_code=office or principal.office_code,
        snapshots_dir=context.settings.snapshots_dir,
    )
    if found is None:
        raise NotFound("Laporan seleksi belum dihitung untuk kantor itu.")
    return SelectionReportDocument.of(found, language)


@router.post(
    "/selection-report",
    summary="Menghitung laporan seleksi",
    status_code=201,
    dependencies=change("controls.draw"),
)
def count_report(
    document: SelectionSent,
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    language: LanguageDep,
    today: TodayDep,
    now: NowDep,
) -> SelectionCountedDocument:
    """Dari semua yang tercatat sampai saat ini; hasil yang tersimpan tidak pernah diganti."""
    counted = selection_report.compute_report(
        session,
        principal=principal,
        office_code=document.office,
        first=document.first,
        last=document.last,
        snapshots_dir=context.settings.snapshots_dir,
        on=today,
        now=now,
    )
    return SelectionCountedDocument.of(counted, language)


@router.post(
    "/selection-report/{report_id}/again",
    summary="Menghitung ulang laporan seleksi",
    dependencies=change("controls.draw"),
)
def count_report_again(
    report_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    language: LanguageDep,
    now: NowDep,
) -> SelectionCountedDocument:
    """Dengan dasar yang tersimpan; `same` menyatakan apakah hasilnya sama."""
    counted = selection_report.count_again(
        session,
        principal=principal,
        figure_id=report_id,
        snapshots_dir=context.settings.snapshots_dir,
        now=now,
    )
    return SelectionCountedDocument.of(counted, language)
