"""/cases, /tasks: open a case, read it, take a legal step, what is possible now and why not yet."""

from typing import Annotated

from fastapi import Query, Response

from app.calculations.schemas import DayText
from app.cases import queries, service
from app.cases.schemas import CaseFilter, Employer, Opened, Reach
from app.cases.service import StepRequest
from app.cases.stages import Stage, Violation
from app.errors import FieldProblem, Invalid
from app.packets.standing import standing
from app.web.api.operation import LanguageDep, PrincipalDep, TodayDep, change, may, operations
from app.web.api.v1.case_documents import (
    CaseDocument,
    CaseLine,
    CasesThenDocument,
    CaseThenDocument,
    OpenedDocument,
    StepDocument,
    StepsDocument,
    TaskDocument,
    VersionDocument,
)
from app.web.api.v1.case_requests import (
    CaseOpening,
    FlagsAdded,
    OfficerChosen,
    StepSent,
    ViolationsAmended,
)
from app.web.api.v1.shapes import Cursor, Limit, OnDay, PageOf, PathCode
from app.web.deps import ContextDep, NowDep, PathId, SessionDep
from app.web.preconditions import ExpectedVersion, etag

router = operations("cases")

CREATED = 201
WAITING = 202
DONE = 200


@router.get("/cases", summary="Daftar kasus", dependencies=may("cases.read"))
def list_cases(
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
    *,
    stage: Annotated[list[Stage] | None, Query(description="Boleh diulang.")] = None,
    violation: Annotated[Violation | None, Query()] = None,
    text: Annotated[
        str, Query(max_length=200, description="Bagian nomor, nama, NPP, atau NPWP.")
    ] = "",
    office: Annotated[str, Query(max_length=80)] = "",
    reach: Annotated[Reach, Query(description="`mine`: kasus pemegang token.")] = "office",
    needing_action: Annotated[bool, Query(description="Hanya yang perlu ditindak.")] = False,
    include_closed: Annotated[bool, Query()] = False,
    on: OnDay = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[CaseLine]:
    """Kasus dalam wilayah kerja token, yang paling lama menunggu lebih dulu."""
    page = queries.cases(
        session,
        principal=principal,
        filter=CaseFilter(
            on=on or today,
            reach=reach,
            office_code=office,
            stages=frozenset(stage or ()),
            violation=violation or "",
            text=text,
            only_open=not include_closed,
            only_needing_action=needing_action,
            limit=limit,
            cursor=cursor,
        ),
    )
    return PageOf(items=[CaseLine.of(row, language) for row in page.items], next=page.next)


@router.get(
    "/employers/{npp}/cases",
    summary="Kasus satu pemberi kerja yang diketahui pada suatu hari",
    dependencies=may("cases.read"),
)
def list_cases_known_on(
    npp: PathCode,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
    known_on: Annotated[
        DayText | None, Query(description="Hari hukum, akhir hari itu; bawaan: hari ini.")
    ] = None,
) -> CasesThenDocument:
    """Langkah yang terjadi sebelumnya tetapi baru dicatat sesudah hari itu belum diketahui."""
    day = known_on or today
    found = queries.cases_known_on(session, principal=principal, npp=npp, day=day)
    return CasesThenDocument(
        npp=npp,
        known_on=day,
        items=[CaseThenDocument.of(one, language) for one in found],
    )


@router.post(
    "/cases",
    summary="Membuka kasus",
    status_code=CREATED,
    dependencies=change("cases.open"),
    responses={DONE: {"model": OpenedDocument, "description": "Sudah dibuka sebelumnya"}},
)
def open_case(
    document: CaseOpening,
    session: SessionDep,
    context: ContextDep,
    principal: PrincipalDep,
    now: NowDep,
    today: TodayDep,
    response: Response,
) -> OpenedDocument:
    """Dari temuan satu pemberi kerja, atau dengan tangan untuk yang ditemui di lapangan.

    Data pemberi kerja diambil dari snapshot yang mendasari temuan; `employer` hanya mengisi yang
    kosong di sana. Permintaan yang sama dua kali menghasilkan satu kasus; yang kedua dijawab 200.
    """
    on = document.on or today
    employer = _employer(document)
    if document.flag_ids:
        opened = service.open_from_flags(
            session,
            principal=principal,
            flag_ids=document.flag_ids,
            employer=employer,
            note=document.note,
            snapshots_dir=context.settings.snapshots_dir,
            on=on,
            now=now,
        )
    elif employer is not None:
        opened = service.open_by_hand(
            session,
            principal=principal,
            office_code=document.office or principal.office_code,
            employer=employer,
            violations=frozenset(document.violations),
            reason=document.note,
            on=on,
            now=now,
        )
    else:
        problem = FieldProblem("flag_ids", "Isi flag_ids atau employer.")
        raise Invalid(problem.template, fields=(problem,))
    return _opened(opened, response)


@router.get("/cases/{case}", summary="Satu kasus", dependencies=may("cases.read"))
def show_case(
    case: PathCode,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
    context: ContextDep,
    response: Response,
    on: OnDay = None,
) -> CaseDocument:
    """Menurut id atau nomor kasus, dengan tenggat seperti terlihat pada hari `on`."""
    wanted = int(case) if case.isdecimal() and len(case) < 10 else case  # noqa: PLR2004 - below 2^31
    found = queries.case_file(session, principal=principal, case=wanted, on=on or today)
    response.headers["ETag"] = etag(found.version)
    judged = standing(
        session, principal=principal, file=found, snapshots_dir=context.settings.snapshots_dir
    )
    return CaseDocument.of(found, judged, language)


@router.post(
    "/cases/{case_id}/flags",
    summary="Menambah temuan ke kasus",
    dependencies=change("cases.open"),
)
def add_case_flags(
    case_id: PathId,
    document: FlagsAdded,
    session: SessionDep,
    principal: PrincipalDep,
    expected: ExpectedVersion,
    now: NowDep,
    today: TodayDep,
) -> OpenedDocument:
    opened = service.add_flags(
        session,
        principal=principal,
        case_id=case_id,
        expected_version=expected,
        flag_ids=document.flag_ids,
        on=document.on or today,
        now=now,
    )
    return OpenedDocument.model_validate(opened)


@router.get(
    "/cases/{case_id}/steps",
    summary="Langkah yang mungkin dan mengapa yang lain belum",
    dependencies=may("cases.read"),
)
def list_steps(
    case_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
    response: Response,
    on: OnDay = None,
) -> StepsDocument:
    """Setiap langkah sekali: mungkin pada hari `on`, atau satu kalimat untuk setiap halangan."""
    found = queries.case_file(session, principal=principal, case=case_id, on=on or today)
    response.headers["ETag"] = etag(found.version)
    return StepsDocument.of(found, language)


@router.post(
    "/cases/{case_id}/steps",
    summary="Mengambil langkah",
    status_code=CREATED,
    dependencies=change("cases.step"),
    responses={WAITING: {"model": StepDocument, "description": "Menunggu persetujuan orang kedua"}},
)
def take_step(
    case_id: PathId,
    document: StepSent,
    session: SessionDep,
    principal: PrincipalDep,
    expected: ExpectedVersion,
    now: NowDep,
    today: TodayDep,
    response: Response,
) -> StepDocument:
    """Hanya token atas nama seseorang. Langkah yang memerlukan orang kedua menjadi usulan (202)."""
    result = service.submit(
        session,
        principal=principal,
        case_id=case_id,
        request=StepRequest(
            action=document.action,
            on=document.on or today,
            letter_number=document.letter_number,
            note=document.note,
            evidence_ids=tuple(document.evidence_ids),
            closing_reason=document.closing_reason,
            addressee=document.addressee,
            address=document.address,
        ),
        expected_version=expected,
        now=now,
    )
    response.status_code = CREATED if result.approval_id is None else WAITING
    response.headers["ETag"] = etag(result.version)
    return StepDocument.model_validate(result)


@router.post(
    "/cases/{case_id}/officer",
    summary="Menunjuk petugas",
    dependencies=change("cases.assign"),
)
def assign_officer(
    case_id: PathId,
    document: OfficerChosen,
    session: SessionDep,
    principal: PrincipalDep,
    expected: ExpectedVersion,
    now: NowDep,
    response: Response,
) -> VersionDocument:
    version = service.assign(
        session,
        principal=principal,
        case_id=case_id,
        officer_id=document.officer_id,
        expected_version=expected,
        note=document.note,
        now=now,
    )
    response.headers["ETag"] = etag(version)
    return VersionDocument(id=case_id, version=version)


@router.post(
    "/cases/{case_id}/violations",
    summary="Mengubah jenis pelanggaran sesudah pemeriksaan",
    dependencies=change("cases.step"),
)
def amend_violations(
    case_id: PathId,
    document: ViolationsAmended,
    session: SessionDep,
    principal: PrincipalDep,
    expected: ExpectedVersion,
    now: NowDep,
    response: Response,
) -> VersionDocument:
    version = service.amend_violations(
        session,
        principal=principal,
        case_id=case_id,
        violations=frozenset(document.violations),
        reason=document.reason,
        expected_version=expected,
        now=now,
    )
    response.headers["ETag"] = etag(version)
    return VersionDocument(id=case_id, version=version)


@router.get(
    "/cases/{case_id}/tasks",
    summary="Yang menunggu pemegang token pada satu kasus",
    dependencies=may("cases.read"),
)
def list_case_tasks(
    case_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
    on: OnDay = None,
) -> PageOf[TaskDocument]:
    day = on or today
    case = queries.case_file(session, principal=principal, case=case_id, on=day)
    found = queries.tasks(session, principal=principal, on=day)
    mine = [TaskDocument.of(task, language) for task in found if task.case_id == case.id]
    return PageOf(items=mine)


@router.get("/tasks", summary="Yang menunggu pemegang token", dependencies=may("cases.read"))
def list_tasks(
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
    on: OnDay = None,
) -> PageOf[TaskDocument]:
    """Paling banyak 200, yang paling lama menunggu lebih dulu."""
    found = queries.tasks(session, principal=principal, on=on or today)
    return PageOf(items=[TaskDocument.of(task, language) for task in found])


def _employer(document: CaseOpening) -> Employer | None:
    if document.employer is None:
        return None
    return Employer(**document.employer.model_dump())


def _opened(opened: Opened, response: Response) -> OpenedDocument:
    response.status_code = DONE if opened.already else CREATED
    response.headers["Location"] = f"/api/v1/cases/{opened.id}"
    return OpenedDocument.model_validate(opened)
