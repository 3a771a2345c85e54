"""/linkage: pairs that may be one, what people decided, and the model that found them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from pydantic import ConfigDict

from app.cases import resting as cases
from app.linkage import queries, service
from app.linkage.bands import Band, Why
from app.linkage.schemas import WORKER, Group, PairKind, PairView, Verdict
from app.web.api.operation import PrincipalDep, change, may, operations
from app.web.api.v1.shapes import (
    Answer,
    Cursor,
    Limit,
    PageOf,
    PathCode,
    Remark,
    Request,
    Word,
    numbered_page,
)
from app.web.deps import NowDep, PathId, SessionDep
from app.web.preconditions import ExpectedVersion, etag

router = operations("linkage")


class PartDocument(Answer):
    """Satu perbandingan; `level` kosong bila tidak dapat dibandingkan, `weight` dalam bit."""

    comparison: str
    level: str
    weight: float
    voice: str


class RecordDocument(Answer):
    sumber: str
    id_sumber: str


class PairDocument(Answer):
    """`method` tautan pada sapuan terakhir, `next_method` pada sapuan berikutnya; kosong: tidak.

    NIK pada pasangan pekerja (`kind` `pekerja`) selalu disamarkan, juga di `kunci` dan `member`.
    Pada pasangan dua pemberi kerja luar (`kind` `pemberi_kerja_luar`) `npp` kosong, `member`
    menamai yang kedua, `registered` dan `other_records` miliknya, dan `records` milik keduanya.
    `why` menyebut mengapa pasangan belum pasti. `version` dipakai sebagai ETag.
    """

    id: int
    kind: PairKind
    kunci: str
    npp: str
    member: str
    records: list[RecordDocument]
    other_records: list[RecordDocument]
    band: Band
    why: Why
    method: str
    next_method: str
    weight: float
    chance: float
    parts: list[PartDocument]
    outside: dict[str, Any]
    registered: dict[str, Any]
    rival_npp: str
    kantor_cabang: str
    model_sha256: str
    snapshot_id: str
    seen: bool
    first_seen_on: date
    last_seen_on: date
    verdict: str
    version: int

    @classmethod
    def of(cls, pair: PairView) -> "PairDocument":
        told = {
            name: [RecordDocument(sumber=one, id_sumber=other) for one, other in records]
            for name, records in (
                ("records", pair.records),
                ("other_records", pair.other_records),
            )
        }
        own = {name: getattr(pair, name) for name in cls.model_fields if name not in told}
        return cls.model_validate({**own, **told})


class PairDecisionDocument(Answer):
    id: int
    verdict: Verdict
    reason: str
    actor: str
    recorded_at: datetime


class RestingLetterDocument(Answer):
    label: str
    number: str
    on: date


class RestingDocument(Answer):
    """Kasus yang bertumpu pada pasangan; `proposal`: tarik, sesuaikan, atau catat saja."""

    number: str
    employer: str
    unregistered: bool
    rules: list[str]
    all_rules: list[str]
    letters: list[RestingLetterDocument]
    proposal: Literal["tarik", "sesuaikan", "catat"]


class ModelDocument(Answer):
    """`content` adalah berkas model apa adanya; SHA-256 isinya sama dengan `sha256`."""

    sha256: str
    content: str


class PairDecisionSent(Request):
    """`dicabut` mencabut keputusan yang berlaku; `reason` selalu wajib."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"verdict": "sama", "reason": "Akta dan alamatnya sama."}]}
    )

    verdict: Verdict
    reason: Remark


@router.get("/linkage/pairs", summary="Daftar pasangan", dependencies=may("linkage.read"))
def list_pairs(
    session: SessionDep,
    principal: PrincipalDep,
    *,
    group: Annotated[Group, Query(description="Kelompok pasangan.")] = "menunggu",
    kind: Annotated[PairKind | None, Query(description="Jenis pasangan; kosong: semua.")] = None,
    text: Annotated[Word, Query(description="Bagian nama, atau NPP.")] = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[PairDocument]:
    """Pasangan dalam wilayah kerja token, yang paling mungkin lebih dulu."""
    page = queries.pairs(
        session, principal=principal, group=group, kind=kind, text=text, limit=limit, cursor=cursor
    )
    return PageOf(items=[PairDocument.of(pair) for pair in page.items], next=page.next)


@router.get("/linkage/pairs/{pair_id}", summary="Satu pasangan", dependencies=may("linkage.read"))
def show_pair(
    pair_id: PathId, session: SessionDep, principal: PrincipalDep, response: Response
) -> PairDocument:
    """Dengan bobot setiap perbandingan."""
    pair = queries.pair(session, principal=principal, pair_id=pair_id)
    response.headers["ETag"] = etag(pair.version)
    return PairDocument.of(pair)


@router.get(
    "/linkage/pairs/{pair_id}/decisions",
    summary="Keputusan atas satu pasangan",
    dependencies=may("linkage.read"),
)
def list_pair_decisions(
    pair_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[PairDecisionDocument]:
    found = queries.decisions(session, principal=principal, pair_id=pair_id)
    page = numbered_page(found, limit=limit, cursor=cursor)
    return PageOf(
        items=[PairDecisionDocument.model_validate(one) for one in page.items], next=page.next
    )


@router.post(
    "/linkage/pairs/{pair_id}/decisions",
    summary="Memutus pasangan",
    status_code=201,
    dependencies=change("linkage.decide"),
)
def decide_pair(
    pair_id: PathId,
    document: PairDecisionSent,
    session: SessionDep,
    principal: PrincipalDep,
    expected: ExpectedVersion,
    now: NowDep,
    response: Response,
) -> PairDocument:
    """Berlaku pada sapuan berikutnya; keputusan lama tidak dihapus."""
    pair = service.decide(
        session,
        principal=principal,
        pair_id=pair_id,
        verdict=document.verdict,
        reason=document.reason,
        expected_version=expected,
        now=now,
    )
    response.headers["ETag"] = etag(pair.version)
    return PairDocument.of(pair)


@router.get(
    "/linkage/pairs/{pair_id}/cases",
    summary="Kasus dan surat yang bertumpu pada pasangan",
    dependencies=may("linkage.read"),
)
def list_resting_cases(
    pair_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[RestingDocument]:
    """Lingkup `cases:read` diperlukan pula untuk membaca kasusnya."""
    pair = queries.pair(session, principal=principal, pair_id=pair_id)
    if pair.kind == WORKER:
        found = cases.resting_on_worker(session, principal=principal, pair=pair)
    else:
        found = cases.resting(session, principal=principal, npp=pair.npp, records=pair.records)
    page = numbered_page(found, limit=limit, cursor=cursor)
    return PageOf(items=[RestingDocument.model_validate(one) for one in page.items], next=page.next)


@router.get(
    "/linkage/models/{sha256}", summary="Berkas model tautan", dependencies=may("linkage.read")
)
def show_model(sha256: PathCode, session: SessionDep, principal: PrincipalDep) -> ModelDocument:
    content = queries.model_file(session, principal=principal, sha256=sha256)
    return ModelDocument(sha256=sha256, content=content)
