"""/rules and /rule-trials: what the rules ask, and trying a change on a past snapshot."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import ConfigDict, Field

from app.calculations.schemas import DayText
from app.cases import workdays
from app.detection import editions, rule_queries, trial_queries, trials
from app.detection.rule_schemas import EditionView, Outcomes, RuleView, TrialWanted, VersionView
from app.detection.rule_words import sentences_of, words_of
from app.detection.settings import sent, to_json
from app.detection.trial_calendar import TriedDay
from app.detection.versions import Standing, version_wanted
from app.infra.wording import translate
from app.web.api.operation import LanguageDep, PrincipalDep, TodayDep, change, may, operations
from app.web.api.v1.employers import wanted_snapshot
from app.web.api.v1.flags import RuleCode
from app.web.api.v1.shapes import Answer, Cursor, Limit, PageOf, Remark, Request, numbered_page
from app.web.api.v1.trial_documents import (
    SettingsDocument,
    TrialDocument,
    TrialLineDocument,
    TrialSent,
)
from app.web.deps import NowDep, PathId, SessionDep

router = operations("rules")


class SettingDocument(Answer):
    """Satu angka aturan; `value` null: belum ada yang menetapkan. `unit` satuannya."""

    key: str
    title: str
    unit: str
    value: str | int | None
    shipped: str | int | None
    edition: int


class TallyDocument(Answer):
    """Bagaimana kasus berakhir; `per_mille` ketepatan per seribu yang dinilai, atau null."""

    proven: int
    disproven: int
    not_judged: int
    per_mille: int | None


class CitedDocument(Answer):
    label: str
    grade: str


class RuleDocument(Answer):
    """Satu aturan seperti berlaku hari ini, dalam kata dan angka."""

    code: RuleCode
    version: int
    title: str
    question: str
    conditions: list[str]
    condition: str
    estimate: str
    basis: list[CitedDocument]
    tables: list[str]
    in_force: SettingsDocument
    settings: list[SettingDocument]
    flags: dict[str, int]
    outcomes: TallyDocument

    @classmethod
    def of(cls, view: RuleView, language: str) -> "RuleDocument":
        words = words_of(view.rule)
        return cls.model_validate(
            {
                "code": view.rule.code,
                "version": view.rule.version,
                "title": translate(view.rule.title, language),
                "question": translate(words.question, language),
                "conditions": _conditions(view, language),
                "condition": view.condition,
                "estimate": translate(words.estimate, language),
                "basis": _basis(view),
                "tables": list(words.tables),
                "in_force": SettingsDocument.of(view.settings),
                "settings": _settings(view, language),
                "flags": dict(view.flags),
                "outcomes": TallyDocument.model_validate(view.tally),
            }
        )


class VersionDocument(Answer):
    """Satu versi aturan pada rilis ini. `sentences`: kalimat temuannya, dengan nama isian.

    `standing`: berlaku; rancangan, belum pernah berlaku; pensiun, tidak berlaku lagi.
    """

    version: int
    standing: Standing
    valid_from: date | None
    conditions: list[str]
    condition: str
    sentences: list[str]
    estimate: str
    basis: list[CitedDocument]
    tables: list[str]
    settings: list[SettingDocument]

    @classmethod
    def of(cls, view: VersionView, language: str) -> "VersionDocument":
        words = words_of(view.rule)
        return cls.model_validate(
            {
                "version": view.rule.version,
                "standing": view.standing,
                "valid_from": view.valid_from,
                "conditions": _conditions(view, language),
                "condition": view.condition,
                "sentences": [translate(one, language) for one in sentences_of(view.rule)],
                "estimate": translate(words.estimate, language),
                "basis": _basis(view),
                "tables": list(words.tables),
                "settings": _settings(view, language),
            }
        )


class CountedDocument(Answer):
    key: str
    tally: TallyDocument


class EditionDocument(Answer):
    """Satu perubahan aturan; `trial_id` laporan yang mendasarinya."""

    id: int
    rule: RuleCode
    settings: SettingsDocument
    valid_from: date
    why: str
    trial_id: int
    state: Literal["diusulkan", "berlaku", "ditolak", "dicabut", "dibatalkan"]
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    called_off_by: str
    called_off_at: datetime | None

    @classmethod
    def of(cls, edition: EditionView) -> "EditionDocument":
        own = {
            name: getattr(edition, name)
            for name in cls.model_fields
            if name not in {"rule", "settings"}
        }
        return cls.model_validate(
            {
                **own,
                "rule": edition.settings.rule,
                "settings": SettingsDocument.of(edition.settings),
            }
        )


class RuleDetailDocument(Answer):
    """Aturan dengan semua perubahannya dan ketepatannya menurut versi, provinsi, dan sektor.

    `versions`: versi yang ada pada rilis ini, terbaru dahulu.
    """

    rule: RuleDocument
    versions: list[VersionDocument]
    editions: list[EditionDocument]
    by_version: list[CountedDocument]
    by_region: list[CountedDocument]
    by_sector: list[CountedDocument]


class ProposalSent(Request):
    """Usulan atas laporan uji coba yang selesai; berlaku setelah disetujui orang kedua."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"trial_id": 1, "valid_from": "2026-12-01", "why": "Dua bulan sudah cukup."}
            ]
        }
    )

    trial_id: Annotated[int, Field(ge=1)]
    valid_from: DayText
    why: Remark


class EditionDecisionSent(Request):
    """`refuse` perlu `reason`; oleh pengusul sendiri berarti menarik usulannya.

    `call_off` perlu `reason` dan membatalkan perubahan yang sudah disetujui tetapi belum berlaku.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "approve"}]})

    decision: Literal["approve", "refuse", "call_off"]
    reason: Remark = ""


@router.get("/rules", summary="Daftar aturan", dependencies=may("rules.read"))
def list_rules(
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[RuleDocument]:
    found = rule_queries.rules(
        session,
        principal=principal,
        on=today,
        calendar=workdays.calendar(session),
        language=language,
    )
    page = numbered_page(found, limit=limit, cursor=cursor)
    return PageOf(items=[RuleDocument.of(view, language) for view in page.items], next=page.next)


@router.get("/rules/{code}", summary="Satu aturan", dependencies=may("rules.read"))
def read_rule(
    code: RuleCode,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
) -> RuleDetailDocument:
    found = rule_queries.rule(
        session,
        principal=principal,
        code=code,
        on=today,
        calendar=workdays.calendar(session),
        language=language,
    )
    counted = _counted(found.outcomes)
    return RuleDetailDocument(
        rule=RuleDocument.of(found.view, language),
        versions=[VersionDocument.of(one, language) for one in found.versions],
        editions=[EditionDocument.of(one) for one in found.editions],
        by_version=counted[0],
        by_region=counted[1],
        by_sector=counted[2],
    )


@router.get("/rule-trials", summary="Daftar uji coba", dependencies=may("rules.read"))
def list_trials(
    session: SessionDep,
    principal: PrincipalDep,
    *,
    rule: Annotated[RuleCode | None, Query(description="Kode aturan.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[TrialLineDocument]:
    page = trial_queries.trials(
        session, principal=principal, rule=rule or "", limit=limit, cursor=cursor
    )
    items = [TrialLineDocument.model_validate(item) for item in page.items]
    return PageOf(items=items, next=page.next)


@router.post(
    "/rule-trials",
    summary="Menguji perubahan aturan",
    status_code=202,
    dependencies=change("rules.try"),
)
def try_rule(
    document: TrialSent,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    now: NowDep,
    today: TodayDep,
) -> TrialDocument:
    """Dikerjakan di latar belakang; tidak ada temuan yang berubah."""
    on = document.on or today
    in_force = rule_queries.editions_in_force(session, on=today)[document.rule]
    version = version_wanted(document.rule, document.version, in_force=in_force)
    made = trials.request_trial(
        session,
        principal=principal,
        wanted=TrialWanted(
            rule=document.rule,
            snapshot_id=wanted_snapshot(session, document.snapshot_id).id,
            on=on,
            draft_on=document.draft_on or on,
            state=document.state,
            values=sent(document.rule, document.values, version=version),
            calendar=tuple(TriedDay(one.day, one.name, one.off) for one in document.calendar),
            version=version,
        ),
        calendar=workdays.calendar(session),
        today=today,
        now=now,
    )
    return TrialDocument.of_trial(made, language)


@router.get("/rule-trials/{trial_id}", summary="Laporan uji coba", dependencies=may("rules.read"))
def read_trial(
    trial_id: PathId, session: SessionDep, principal: PrincipalDep, language: LanguageDep
) -> TrialDocument:
    found = trials.trial(session, principal=principal, trial_id=trial_id)
    return TrialDocument.of_trial(found, language)


@router.post(
    "/rule-trials/{trial_id}/repeat",
    summary="Mengulang uji coba",
    status_code=202,
    dependencies=change("rules.try"),
)
def repeat_trial(
    trial_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    now: NowDep,
) -> TrialDocument:
    """Definisi yang sama dijalankan lagi; `digest` menunjukkan apakah laporannya sama."""
    made = trials.repeat_trial(session, principal=principal, trial_id=trial_id, now=now)
    return TrialDocument.of_trial(made, language)


@router.post(
    "/rule-editions",
    summary="Mengusulkan perubahan aturan",
    status_code=201,
    dependencies=change("rules.propose"),
)
def propose_edition(
    document: ProposalSent,
    session: SessionDep,
    principal: PrincipalDep,
    now: NowDep,
    today: TodayDep,
) -> EditionDocument:
    made = editions.propose(
        session,
        principal=principal,
        trial_id=document.trial_id,
        valid_from=document.valid_from,
        why=document.why,
        today=today,
        now=now,
    )
    return EditionDocument.of(made)


@router.get(
    "/rule-editions/{edition_id}", summary="Satu perubahan aturan", dependencies=may("rules.read")
)
def read_edition(
    edition_id: PathId, session: SessionDep, principal: PrincipalDep
) -> EditionDocument:
    found = rule_queries.edition(session, principal=principal, edition_id=edition_id)
    return EditionDocument.of(found)


@router.post(
    "/rule-editions/{edition_id}/decision",
    summary="Memutus usulan perubahan aturan",
    dependencies=change("rules.approve"),
)
def decide_edition(
    edition_id: PathId,
    document: EditionDecisionSent,
    session: SessionDep,
    principal: PrincipalDep,
    now: NowDep,
    today: TodayDep,
) -> EditionDocument:
    """Yang mengusulkan tidak dapat menyetujui."""
    if document.decision == "approve":
        decided = editions.approve(
            session, principal=principal, edition_id=edition_id, today=today, now=now
        )
    elif document.decision == "call_off":
        decided = editions.call_off(
            session,
            principal=principal,
            edition_id=edition_id,
            reason=document.reason,
            today=today,
            now=now,
        )
    else:
        decided = editions.refuse(
            session, principal=principal, edition_id=edition_id, reason=document.reason, now=now
        )
    return EditionDocument.of(decided)


def _conditions(view: RuleView | VersionView, language: str) -> list[str]:
    said = {line.setting.key: line.value for line in view.lines}
    return [translate(one, language, **said) for one in words_of(view.rule).conditions]


def _basis(view: RuleView | VersionView) -> list[dict[str, str]]:
    return [{"label": one.label, "grade": one.grade} for one in view.rule.basis]


def _settings(view: RuleView | VersionView, language: str) -> list[dict[str, object]]:
    return [
        {
            "key": line.setting.key,
            "title": translate(line.setting.title, language, agency=line.setting.agency),
            "unit": translate(line.setting.unit, language),
            "edition": line.edition,
            **_json_of(value=line.value, shipped=line.shipped),
        }
        for line in view.lines
    ]


def _json_of(**values: Any) -> dict[str, object]:  # noqa: ANN401 - whole numbers, decimals or nothing
    known = {name: value for name, value in values.items() if value is not None}
    return {**dict.fromkeys(values), **to_json(known)}


def _counted(found: Outcomes) -> tuple[list[CountedDocument], ...]:
    def documents(rows: Any) -> list[CountedDocument]:  # noqa: ANN401 - pairs of a key and a Tally
        return [
            CountedDocument(key=_key(key), tally=TallyDocument.model_validate(tally))
            for key, tally in rows
        ]

    return documents(found.by_version), documents(found.by_region), documents(found.by_sector)


def _key(key: str | tuple[int, int]) -> str:
    """Return a version and edition as `1.2`, anything else as it is."""
    return key if isinstance(key, str) else ".".join(map(str, key))
