"""/cases/{case_id}/papers, /offices/{office}/papers, /radar: what stands until a day."""

from datetime import date
from typing import Annotated

from fastapi import Query

from app.calculations.schemas import DayText
from app.cases import queries, service, watch
from app.cases.papers import PaperKind
from app.cases.service import PaperGiven
from app.web.api.operation import LanguageDep, PrincipalDep, TodayDep, change, may, operations
from app.web.api.v1.case_judgements import PaperDocument, SignalDocument
from app.web.api.v1.case_requests import example
from app.web.api.v1.shapes import OnDay, PageOf, PathCode, Remark, Request, Word
from app.web.deps import NowDep, PathId, SessionDep

router = operations("cases")

CREATED = 201


class PaperSent(Request):
    """`substitution` hanya pada SKK, `stamped` hanya pada SKK dan bukti."""

    model_config = example(
        kind="skk_non_litigasi",
        number="SKK/12/112026",
        signed_on="2026-11-02",
        valid_until="2027-11-01",
        substitution=True,
    )

    kind: PaperKind
    number: Word
    signed_on: DayText
    valid_until: DayText | None = None
    substitution: bool | None = None
    stamped: bool | None = None
    note: Remark = ""

    def given(self) -> PaperGiven:
        return PaperGiven(
            kind=self.kind,
            number=self.number,
            signed_on=self.signed_on,
            valid_until=self.valid_until,
            substitution=self.substitution,
            stamped=self.stamped,
            note=self.note,
        )


class PaperEnded(Request):
    model_config = example(ended_on="2026-11-20", reason="Diganti SKK baru.")

    ended_on: DayText
    reason: Remark


@router.get(
    "/cases/{case_id}/papers", summary="Dokumen berjangka kasus", dependencies=may("cases.read")
)
def list_papers(
    case_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
) -> PageOf[PaperDocument]:
    """Dokumen kasus dan perjanjian kantornya, yang terlama lebih dulu."""
    case = queries.case_file(session, principal=principal, case=case_id, on=today)
    papers = case.court.position.trail.papers
    return PageOf(items=[PaperDocument.of(paper, language) for paper in papers])


@router.post(
    "/cases/{case_id}/papers",
    summary="Mencatat dokumen berjangka pada kasus",
    status_code=CREATED,
    dependencies=change("cases.record"),
)
def record_paper(
    case_id: PathId,
    document: PaperSent,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    now: NowDep,
) -> PaperDocument:
    paper = service.record_paper(
        session, principal=principal, case_id=case_id, given=document.given(), now=now
    )
    return PaperDocument.of(paper, language)


@router.post(
    "/offices/{office}/papers",
    summary="Mencatat perjanjian kerja sama kantor",
    status_code=CREATED,
    dependencies=change("cases.record"),
)
def record_office_paper(
    office: PathCode,
    document: PaperSent,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    now: NowDep,
) -> PaperDocument:
    paper = service.record_office_paper(
        session, principal=principal, office_code=office, given=document.given(), now=now
    )
    return PaperDocument.of(paper, language)


@router.post(
    "/papers/{paper_id}/end",
    summary="Mencatat berakhirnya dokumen",
    dependencies=change("cases.record"),
)
def end_paper(
    paper_id: PathId,
    document: PaperEnded,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    now: NowDep,
) -> PaperDocument:
    paper = service.end_paper(
        session,
        principal=principal,
        paper_id=paper_id,
        ended_on=document.ended_on,
        reason=document.reason,
        now=now,
    )
    return PaperDocument.of(paper, language)


@router.get("/radar", summary="Yang berakhir dan giliran siapa", dependencies=may("cases.read"))
def show_radar(
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
    *,
    days: Annotated[int, Query(ge=1, le=watch.LONGEST)] = 30,
    on: OnDay = None,
) -> PageOf[SignalDocument]:
    """Paling banyak 200, yang paling awal lebih dulu. Daluwarsa tidak dihitung."""
    day: date = on or today
    found = watch.signals(session, principal=principal, on=day, within_days=days)
    return PageOf(items=[SignalDocument.of(signal, language) for signal in found])
