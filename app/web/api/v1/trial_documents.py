"""The documents of a trial: the draft as it is sent, and what the trial answers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from app.calculations.schemas import DayText
from app.detection.rule_schemas import TrialView
from app.detection.settings import RuleSettings, to_json
from app.detection.trial_calendar import MOST_DAYS
from app.infra.wording import translate
from app.web.api.v1.flags import RuleCode
from app.web.api.v1.shapes import Answer, Request, Word


class SettingsDocument(Answer):
    """`edition` 0: seperti bawaan. `values` hanya yang diubah; bagian ditulis “0.10”.

    `version`: versi kode aturan yang dijalankan.
    """

    version: int
    edition: int
    state: Literal["hidup", "mati"]
    values: dict[str, str | int]

    @classmethod
    def of(cls, settings: RuleSettings) -> "SettingsDocument":
        return cls.model_validate(
            {"version": settings.version, "edition": settings.edition, "state": settings.state,
             "values": to_json(settings.values)}
        )  # fmt: skip


class TrialLineDocument(Answer):
    """`digest` sidik laporan; kosong sampai selesai. `other_calendar`: memakai kalender lain.

    `draft_version`: versi aturan yang dijalankan rancangan.
    """

    id: int
    rule: RuleCode
    snapshot_id: str
    on: date
    draft_on: date
    draft_version: int
    other_calendar: bool
    status: Literal["queued", "running", "done", "failed"]
    requested_at: datetime
    requested_by: str
    digest: str


class TriedDayDocument(Answer):
    """Satu hari kalender yang dicoba: `off` menjadi libur; bila tidak, menjadi hari kerja."""

    day: date
    name: str
    off: bool


class TrialDocument(TrialLineDocument):
    """`report` kosong sampai selesai; contohnya hanya dari kantor yang boleh dilihat.

    `totals` dan seterusnya menurut `new`, `gone`, `still`: baru muncul, tidak lagi, tetap.
    `calendar`: hari yang bagi rancangan berbeda dari kalender yang berlaku.
    """

    live: SettingsDocument
    draft: SettingsDocument
    calendar: list[TriedDayDocument]
    progress: int
    step: str
    failure: str
    report: dict[str, Any]
    norms: dict[str, Any]
    seed: int
    again_of: int | None

    @classmethod
    def of_trial(cls, trial: TrialView, language: str) -> "TrialDocument":
        line = TrialLineDocument.model_validate(trial.line)
        failure = trial.failure
        return cls.model_validate(
            {
                **line.model_dump(),
                "live": SettingsDocument.of(trial.live),
                "draft": SettingsDocument.of(trial.draft),
                "calendar": [TriedDayDocument.model_validate(one) for one in trial.calendar],
                "progress": trial.progress,
                "step": translate(trial.step, language) if trial.step else "",
                "failure": translate(failure["template"], language, **failure["values"])
                if failure
                else "",
                "report": dict(trial.report),
                "norms": dict(trial.norms),
                "seed": trial.definition["seed"],
                "again_of": trial.again_of.id if trial.again_of else None,
            }
        )


class TriedDaySent(Request):
    """Satu hari bagi rancangan. `off` true: menjadi libur, perlu `name`; false: menjadi hari kerja.

    Tanpa `name`, hari libur yang ditiadakan memakai namanya pada kalender yang berlaku.
    """

    day: DayText
    name: Word = ""
    off: bool = True


class TrialSent(Request):
    """Rancangan seutuhnya: isian yang tidak disebut kembali ke bawaan.

    Tanpa `snapshot_id`: snapshot terakhir. Tanpa `on`: hari ini. `draft_on`: hari lain untuk
    rancangan. Bagian ditulis “0.10”. `version`: versi aturan bagi rancangan; tanpa itu yang
    berlaku. `calendar`: kalender lain untuk rancangan, sebagai hari yang berbeda dari kalender yang
    berlaku; laporannya tidak dapat diusulkan.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"rule": "PIUTANG", "values": {"arrears_months": 2}},
                {"rule": "LAPSED", "version": 2, "values": {"grace_days": 45}},
                {
                    "rule": "PIUTANG",
                    "calendar": [
                        {"day": "2026-10-15", "name": "Cuti bersama", "off": True},
                        {"day": "2026-08-17", "off": False},
                    ],
                },
            ]
        }
    )

    rule: RuleCode
    snapshot_id: Annotated[str | None, Field(pattern="^[0-9a-f]{16}$")] = None
    on: DayText | None = None
    draft_on: DayText | None = None
    version: int | None = None
    state: Literal["hidup", "mati"] = "hidup"
    values: Annotated[dict[str, str | int], Field(max_length=40, default_factory=dict)]
    calendar: Annotated[list[TriedDaySent], Field(max_length=MOST_DAYS, default_factory=list)]
