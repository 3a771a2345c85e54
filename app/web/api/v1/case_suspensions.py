"""/cases/{id}/suspensions: the ledger of intervals in which the clocks of a case stand still."""

from app.cases import queries, service
from app.cases.service import SuspensionRequest
from app.web.api.operation import LanguageDep, PrincipalDep, TodayDep, change, may, operations
from app.web.api.v1.case_ledgers import SuspensionLineDocument
from app.web.api.v1.case_requests import DecisionSent, SuspensionSent
from app.web.api.v1.shapes import Cursor, Limit, PageOf, page_within
from app.web.deps import NowDep, PathId, SessionDep
from app.web.preconditions import ExpectedVersion

router = operations("cases")


@router.get(
    "/cases/{case_id}/suspensions",
    summary="Penangguhan tenggat",
    dependencies=may("cases.read"),
)
def list_suspensions(
    case_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[SuspensionLineDocument]:
    """Setiap baris menurut urutan pencatatan; tidak ada yang dihapus."""
    case = queries.case_file(session, principal=principal, case=case_id, on=today)
    page = page_within(case.suspensions, key=lambda line: line.id, limit=limit, cursor=cursor)
    return PageOf(
        items=[SuspensionLineDocument.of(line, language) for line in page.items], next=page.next
    )


@router.post(
    "/cases/{case_id}/suspensions",
    summary="Mengusulkan penangguhan, akhirnya, atau pembatalannya",
    status_code=201,
    dependencies=change("cases.step"),
)
def propose_suspension(
    case_id: PathId,
    document: SuspensionSent,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    expected: ExpectedVersion,
    now: NowDep,
) -> SuspensionLineDocument:
    """Hanya token atas nama seseorang; orang kedua memutus di `/suspensions/{id}/decision`.

    Dijawab 409 bila semua tenggat sudah lewat sebelum penangguhan mulai, dan bila langkah yang
    sudah diambil menjadi tidak tepat waktu tanpa `accepts_defects`.
    """
    kept = service.propose_suspension(
        session,
        principal=principal,
        case_id=case_id,
        request=SuspensionRequest(
            entry=document.entry,
            of_id=document.of_id,
            first_on=document.first_on,
            last_on=document.last_on,
            reason=document.reason,
            authority=document.authority,
            evidence_id=document.evidence_id,
            accepts_defects=document.accepts_defects,
        ),
        expected_version=expected,
        now=now,
    )
    return SuspensionLineDocument.of(kept, language)


@router.post(
    "/suspensions/{suspension_id}/decision",
    summary="Memutus usulan penangguhan",
    dependencies=change("cases.approve"),
)
def decide_suspension(
    suspension_id: PathId,
    document: DecisionSent,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    now: NowDep,
) -> SuspensionLineDocument:
    """Pengusul tidak boleh memutus usulannya sendiri."""
    run = (
        service.approve_suspension if document.decision == "approve" else service.reject_suspension
    )
    kept = run(
        session,
        principal=principal,
        suspension_id=suspension_id,
        note=document.note,
        now=now,
    )
    return SuspensionLineDocument.of(kept, language)
