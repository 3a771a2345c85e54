"""/corrections: papers whose facts were corrected, what is proposed, and what a person decides."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import ConfigDict

from app.cases.stages import Action
from app.corrections import queries, service
from app.corrections.schemas import CorrectionView, State
from app.corrections.weighing import Choice, Ground, Kind, Weight
from app.infra.wording import sentence, translate
from app.web.api.operation import LanguageDep, PrincipalDep, change, may, operations
from app.web.api.v1.shapes import Answer, Cursor, Limit, PageOf, Request, Sentence
from app.web.deps import NowDep, PathId, SessionDep
from app.web.preconditions import ExpectedVersion, etag

router = operations("cases")


class CorrectionWeight(Answer):
    """Rupiah pada akhir hari surat, semula (`_was`) dan sesudah koreksi.

    `moved` menjumlahkan naik dan turun setiap tagihan; `limit` batas berlakunya, pembacaan Patuh.
    `bases` tagihan yang hanya pekerja atau dasar upahnya dikoreksi. `sources` baris lembaga lain
    yang dikoreksi, `told` pekerja menurut lembaga itu; `registered_as` NPP yang ternyata sudah ada.
    """

    principal_was: int
    principal: int
    penalty_was: int
    penalty: int
    months_was: int
    months: int
    moved: int
    lines: int
    bills: int
    bases: int
    payments: int
    workers: int
    limit: int
    least_months: int
    fallen: list[str]
    sources: int
    told_was: int
    told: int
    registered_as: str
    registered_on: date | None

    @classmethod
    def of(cls, weight: Weight) -> "CorrectionWeight":
        own = {name: getattr(weight, name) for name in cls.model_fields}
        return cls.model_validate({**own, "fallen": [str(rule) for rule in weight.fallen]})


class CorrectionDecision(Answer):
    choice: Choice
    reason: str
    name: str
    title: str
    at: datetime


class CorrectionDocument(Answer):
    """`paper_key` seperti `key` pada angka kasus; `why` alasan usulan dalam satu kalimat.

    `state` gugur: data berubah lagi sebelum ada putusan. `version` dipakai sebagai ETag.
    """

    id: int
    case_id: int
    case_number: str
    office_code: str
    npp: str
    kind: Kind
    paper_key: str
    label: str
    number: str
    step: Action | None
    told_on: date
    basis_snapshot_id: str
    basis_as_of: date
    snapshot_id: str
    as_of: date
    weight: CorrectionWeight
    ground: Ground
    proposal: Choice
    why: str
    state: State
    found_at: datetime
    decision: CorrectionDecision | None
    version: int

    @classmethod
    def of(cls, one: CorrectionView, language: str) -> "CorrectionDocument":
        return cls(
            id=one.id,
            case_id=one.case_id,
            case_number=one.case_number,
            office_code=one.office_code,
            npp=one.npp,
            kind=one.kind,
            paper_key=one.key,
            label=translate(one.label, language),
            number=one.number,
            step=one.step,
            told_on=one.told_on,
            basis_snapshot_id=one.basis_snapshot_id,
            basis_as_of=one.basis_as_of,
            snapshot_id=one.snapshot_id,
            as_of=one.as_of,
            weight=CorrectionWeight.of(one.weight),
            ground=one.weight.ground,
            proposal=one.proposal,
            why=sentence(one.why, language),
            state=one.state,
            found_at=one.found_at,
            decision=CorrectionDecision.model_validate(one.decided) if one.decided else None,
            version=one.version,
        )


class CorrectionDecisionSent(Request):
    """`choice` boleh berbeda dari usulan; `reason` selalu wajib."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"choice": "sesuaikan", "reason": "Surat baru dikirim dengan angka baru."}]
        }
    )

    choice: Choice
    reason: Sentence


@router.get("/corrections", summary="Koreksi data masa lalu", dependencies=may("cases.read"))
def list_corrections(
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    *,
    state: Annotated[
        Literal["terbuka", "diputus", "gugur"], Query(description="Keadaan koreksi.")
    ] = "terbuka",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[CorrectionDocument]:
    """Surat, laporan, dan berkas yang faktanya dikoreksi; usulan terberat lebih dulu."""
    page = queries.corrections(
        session, principal=principal, state=state, limit=limit, cursor=cursor
    )
    items = [CorrectionDocument.of(one, language) for one in page.items]
    return PageOf(items=items, next=page.next)


@router.get("/corrections/{correction_id}", summary="Satu koreksi", dependencies=may("cases.read"))
def show_correction(
    correction_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    response: Response,
) -> CorrectionDocument:
    """Dengan timbangannya, dan putusan bila sudah ada."""
    one = queries.correction(session, principal=principal, correction_id=correction_id)
    response.headers["ETag"] = etag(one.version)
    return CorrectionDocument.of(one, language)


@router.post(
    "/corrections/{correction_id}/decision",
    summary="Memutus koreksi",
    status_code=201,
    dependencies=change("cases.step"),
)
def decide_correction(
    correction_id: PathId,
    document: CorrectionDecisionSent,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    expected: ExpectedVersion,
    now: NowDep,
    response: Response,
) -> CorrectionDocument:
    """Hanya orang yang bernama. Putusan dicatat; langkah yang mengikutinya diambil tersendiri."""
    one = service.decide(
        session,
        principal=principal,
        correction_id=correction_id,
        choice=document.choice,
        reason=document.reason,
        expected_version=expected,
        now=now,
    )
    response.headers["ETag"] = etag(one.version)
    return CorrectionDocument.of(one, language)
