"""/flags: what the rules found, and what a person decided about it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from pydantic import ConfigDict

from app.calculations.schemas import DayText
from app.cases import service as cases
from app.detection import past, queries, service
from app.detection.findings import counted_words
from app.detection.schemas import (
    Confidence,
    EvidenceRow,
    FlagFilter,
    FlagView,
    Sort,
    Status,
    SweepView,
    masked,
)
from app.errors import FieldProblem, Invalid
from app.infra.wording import translate
from app.web.api.operation import LanguageDep, PrincipalDep, TodayDep, change, may, operations
from app.web.api.v1.shapes import (
    Answer,
    Cursor,
    Limit,
    PageOf,
    Remark,
    Request,
    Word,
    numbered_page,
)
from app.web.deps import ContextDep, NowDep, PathId, SessionDep
from app.web.preconditions import ExpectedVersion, etag, require_version

router = operations("flags")

KnownOn = Annotated[
    DayText | None,
    Query(description="Seperti diketahui pada akhir hari itu, bukan keadaan terbaru."),
]
RuleCode = Literal["PWBD", "PDS_TK", "PDS_UPAH", "PDS_PROGRAM", "PIUTANG", "LAPSED"]


class EvidenceRowDocument(Answer):
    """Satu baris snapshot yang menjadi sandaran; NIK hanya empat angka terakhir."""

    table: str
    line: int
    values: dict[str, Any]

    @classmethod
    def of(cls, row: EvidenceRow) -> "EvidenceRowDocument":
        return cls(table=row.table, line=row.line, values=masked(row.values))


class FlagDocument(Answer):
    """`potensi_rupiah` taksiran, kecuali pada PIUTANG; `evidence` hanya pada satu temuan.

    `rule_edition` 0: aturan seperti bawaannya. `exception_until` hari terakhir pengecualian.
    `case_ended_on`: kasusnya ditutup hari itu; snapshot berikutnya menilai temuan ini kembali.
    `known_on` dan `sweep_id` terisi bila ditanya seperti diketahui pada suatu hari: isi, status,
    dan putusan seperti saat itu, `sweep_id` pencarian yang berlaku, `version` 0.
    """

    id: int
    rule: RuleCode
    rule_version: int
    rule_edition: int
    npp: str
    divisi: str
    sumber: str
    id_sumber: str
    npwp: str
    nib: str
    nama: str
    alamat: str
    kantor_cabang: str
    kode_wilayah: str
    jumlah_tk: int
    potensi_rupiah: int
    bulan_tunggak: int
    skor: int
    status: Status
    snapshot_id: str
    sentence: str
    numbers: dict[str, Any]
    evidence: list[EvidenceRowDocument]
    evidence_rows: int
    source_ages: dict[str, int]
    confidence: Confidence
    confidence_reason: str
    decision_reason: str
    snooze_until: date | None
    exception_until: date | None
    case_number: str
    case_ended_on: date | None
    seen: bool
    first_found_on: date
    last_found_on: date
    changed_at: datetime
    version: int
    known_on: date | None = None
    sweep_id: int | None = None

    @classmethod
    def of(cls, flag: FlagView, language: str) -> "FlagDocument":
        own = {name: getattr(flag, name) for name in cls.model_fields if name not in _BESIDE}
        values = {
            name: counted_words(value, language) if isinstance(value, list) else value
            for name, value in flag.sentence_values.items()
        }
        said = translate(flag.sentence_template, language, **values)
        own["sentence"] = flag.sentence if language == "id" else said
        own["confidence_reason"] = translate(flag.confidence_reason, language)
        return cls(**own, evidence=[EvidenceRowDocument.of(row) for row in flag.evidence])

    def as_known(self, on: date, sweep: SweepView) -> "FlagDocument":
        """Return the same, marked as what was known at the end of the day `on`."""
        return self.model_copy(update={"known_on": on, "sweep_id": sweep.id})


_BESIDE = frozenset({"evidence", "known_on", "sweep_id"})


class FlagEventDocument(Answer):
    """`detail` memuat apa yang bergeser ketika suatu keputusan berakhir sendiri.

    Pada keputusan orang: `until` hari terakhirnya, `case` kasusnya, `ended_on` hari ditutupnya.
    """

    recorded_at: datetime
    actor: str
    action: str
    from_status: str
    to_status: str
    reason: str
    snapshot_id: str
    detail: dict[str, Any]


class TriageSent(Request):
    """`accept` membuka kasus; `decline` perlu `reason`; `snooze` perlu `reason` dan `until`.

    `excuse` mengecualikan sampai `until` dengan `reason`; `review` menandai sedang ditinjau;
    `reopen` (dengan `reason`) membatalkan keputusan. `until` paling lama 12 bulan dari hari ini.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"decision": "decline", "reason": "Usaha sudah tutup."}]}
    )

    decision: Literal["accept", "decline", "snooze", "excuse", "review", "reopen"]
    reason: Remark = ""
    until: DayText | None = None


@router.get("/flags", summary="Daftar temuan", dependencies=may("flags.read"))
def list_flags(
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    *,
    rule: RuleCode | None = None,
    status: Annotated[list[Status] | None, Query(description="Boleh diulang.")] = None,
    office: Annotated[Word, Query(description="Kode kantor cabang.")] = "",
    kode_wilayah: Annotated[Word, Query(description="Kode kabupaten atau kota, PP.KK.")] = "",
    text: Annotated[Word, Query(description="Bagian nama, NPP, NPWP, NIB, atau id sumber.")] = "",
    min_rupiah: Annotated[int, Query(ge=0, le=10**15)] = 0,
    sort: Sort = "skor",
    known_on: KnownOn = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[FlagDocument]:
    """Temuan dalam wilayah kerja token. `evidence` kosong pada daftar.

    Dengan `known_on`, saringan menanyakan isi saat itu dan nomor terbaru ada di atas.
    """
    asked = FlagFilter(
        rule=rule or "",
        status=tuple(status or ()),
        office=office,
        kode_wilayah=kode_wilayah,
        text=text,
        min_rupiah=min_rupiah,
        sort=sort,
    )
    if known_on is not None:
        known = past.flags_known_on(
            session, principal=principal, filter=asked, day=known_on, limit=limit, cursor=cursor
        )
        return PageOf(
            items=[
                FlagDocument.of(flag, language).as_known(known_on, known.sweep)
                for flag in known.page.items
            ],
            next=known.page.next,
        )
    page = queries.flags(session, principal=principal, filter=asked, limit=limit, cursor=cursor)
    return PageOf(items=[FlagDocument.of(flag, language) for flag in page.items], next=page.next)


@router.get("/flags/{flag_id}", summary="Satu temuan", dependencies=may("flags.read"))
def show_flag(
    flag_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    response: Response,
    known_on: KnownOn = None,
) -> FlagDocument:
    """Dengan angka, baris yang menjadi sandaran, dan umur setiap sumber."""
    if known_on is not None:
        known = past.flag_known_on(session, principal=principal, flag_id=flag_id, day=known_on)
        return FlagDocument.of(known.flag, language).as_known(known_on, known.sweep)
    flag = queries.flag(session, principal=principal, flag_id=flag_id)
    response.headers["ETag"] = etag(flag.version)
    return FlagDocument.of(flag, language)


@router.get(
    "/flags/{flag_id}/events", summary="Riwayat satu temuan", dependencies=may("flags.read")
)
def list_flag_events(
    flag_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[FlagEventDocument]:
    found = queries.flag_events(session, principal=principal, flag_id=flag_id)
    page = numbered_page(found, limit=limit, cursor=cursor)
    return PageOf(
        items=[FlagEventDocument.model_validate(event) for event in page.items], next=page.next
    )


@router.post(
    "/flags/{flag_id}/decision", summary="Memutus temuan", dependencies=change("flags.triage")
)
def decide_flag(
    flag_id: PathId,
    document: TriageSent,
    session: SessionDep,
    context: ContextDep,
    principal: PrincipalDep,
    expected: ExpectedVersion,
    language: LanguageDep,
    now: NowDep,
    today: TodayDep,
    response: Response,
) -> FlagDocument:
    """Jawabannya temuan itu sesudah diputus; `case_number` terisi bila kasus dibuka."""
    if document.decision == "accept":
        flag = queries.flag(session, principal=principal, flag_id=flag_id)
        require_version(expected=expected, actual=flag.version)
        cases.open_from_flags(
            session,
            principal=principal,
            flag_ids=[flag_id],
            employer=None,
            note=document.reason,
            snapshots_dir=context.settings.snapshots_dir,
            on=today,
            now=now,
        )
    elif document.decision == "decline":
        service.decline(
            session,
            principal=principal,
            flag_id=flag_id,
            reason=document.reason,
            expected_version=expected,
            now=now,
        )
    elif document.decision == "snooze":
        service.snooze(
            session,
            principal=principal,
            flag_id=flag_id,
            until=_until(document),
            reason=document.reason,
            expected_version=expected,
            on=today,
            now=now,
        )
    elif document.decision == "excuse":
        service.excuse(
            session,
            principal=principal,
            flag_id=flag_id,
            until=_until(document),
            reason=document.reason,
            expected_version=expected,
            on=today,
            now=now,
        )
    elif document.decision == "review":
        service.review(
            session, principal=principal, flag_id=flag_id, expected_version=expected, now=now
        )
    else:
        service.reopen(
            session,
            principal=principal,
            flag_id=flag_id,
            reason=document.reason,
            expected_version=expected,
            now=now,
        )
    flag = queries.flag(session, principal=principal, flag_id=flag_id)
    response.headers["ETag"] = etag(flag.version)
    return FlagDocument.of(flag, language)


def _until(document: TriageSent) -> date:
    if document.until is None:
        problem = FieldProblem("until", "Isi tanggal sampai kapan ditunda.")
        raise Invalid(problem.template, fields=(problem,))
    return document.until
