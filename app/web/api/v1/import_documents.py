"""What is answered about imports and snapshots."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.registry.employers import masked
from app.registry.schemas import ImportView, SnapshotView
from app.web.api.v1.shapes import Answer


class TableDocument(Answer):
    """`carried_over`: tidak dikirim kali ini, diambil dari snapshot sebelumnya."""

    rows: int
    rejected: int
    sha256: str
    carried_over: bool = False


class RejectedFileDocument(Answer):
    file: str
    reason: str


class AssumptionDocument(Answer):
    """Yang dibaca walaupun tidak ditulis seperti yang disepakati."""

    table: str
    column: str
    what: str
    count: int


class ReportDocument(Answer):
    """Laporan impor; baris yang ditolak ada di `/imports/{id}/rejected`."""

    snapshot_id: str | None
    tables: dict[str, TableDocument]
    rejected_rows: int
    rejected_files: list[RejectedFileDocument]
    assumptions: list[AssumptionDocument]
    warnings: list[str]
    added_to: list[str]


class ImportDocument(Answer):
    """`status`: queued, running, done, failed. `report` null sampai selesai."""

    id: int
    status: str
    requested_by: str
    office: str
    as_of: date
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    step: str
    percent: int
    error: str
    files: list[str]
    report: ReportDocument | None

    @classmethod
    def of(cls, view: ImportView) -> "ImportDocument":
        report = ReportDocument.model_validate(dict(view.report)) if view.report else None
        return cls(
            id=view.id,
            status=view.status,
            requested_by=view.requested_by,
            office=view.office,
            as_of=view.as_of,
            created_at=view.created_at,
            started_at=view.started_at,
            finished_at=view.finished_at,
            step=view.step,
            percent=view.percent,
            error=view.error,
            files=list(view.files),
            report=report,
        )


class RejectionDocument(Answer):
    """`line` dihitung dari 1 (tajuk). NIK hanya empat angka terakhir."""

    table: str
    line: int
    column: str
    value: str
    reason: str
    code: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "RejectionDocument":
        personal = row["column"] == "nik" and row["value"]
        return cls(**{**row, "value": masked(row["value"]) if personal else row["value"]})


class SnapshotDocument(Answer):
    id: str
    as_of: date
    created_at: datetime
    previous_id: str | None
    tables: dict[str, TableDocument]

    @classmethod
    def of(cls, view: SnapshotView) -> "SnapshotDocument":
        return cls(
            id=view.id,
            as_of=view.as_of,
            created_at=view.created_at,
            previous_id=view.previous_id,
            tables={name: TableDocument.model_validate(info) for name, info in view.tables.items()},
        )
