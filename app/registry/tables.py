"""Import runs, the files they were given, and the snapshots that came of them."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.infra.tables import Instant, checked, document, instant

IMPORT_STATES = ("queued", "running", "done", "failed")


class Snapshot(SQLModel, table=True):
    __tablename__ = "snapshot"
    __table_args__ = (
        sa.CheckConstraint("id ~ '^[0-9a-f]{16}$'", name="id_hex"),
        {"comment": "Immutable states of the registry; the rows themselves are Parquet files"},
    )

    id: str = Field(
        primary_key=True, sa_column_kwargs={"comment": "hash over the hashes of its tables"}
    )
    as_of: date = Field(sa_column_kwargs={"comment": "the day the extracts describe"})
    created_at: Instant = instant()
    turn: int = Field(
        unique=True,
        sa_column_kwargs={
            "comment": "grows each time an import gives exactly this content; highest: the current"
        },
    )
    previous_id: str | None = Field(
        default=None,
        foreign_key="snapshot.id",
        sa_column_kwargs={"comment": "null: the first one"},
    )
    tables: dict[str, Any] = document(comment="table -> rows, rejected, sha256, carried_over")
    removed_at: Instant | None = instant(
        nullable=True, comment="its files were removed by policy; null: they are kept"
    )


class ImportRun(SQLModel, table=True):
    __tablename__ = "import_run"
    __table_args__ = (
        checked("status", "status", IMPORT_STATES),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent_range"),
        sa.CheckConstraint(
            "status NOT IN ('done', 'failed') OR finished_at IS NOT NULL", name="finished_has_end"
        ),
        {"comment": "One request to read extracts, with its progress and its report"},
    )

    id: int | None = Field(default=None, primary_key=True)
    status: str = "queued"
    requested_by: str = Field(sa_column_kwargs={"comment": "actor, as in the audit log"})
    office: str
    as_of: date
    created_at: Instant = instant(comment="also orders the list")
    started_at: Instant | None = instant(nullable=True, comment="null: not taken up yet")
    finished_at: Instant | None = instant(nullable=True, comment="null: not finished")
    step: str = Field(default="", sa_column_kwargs={"comment": "what it is doing, in words"})
    percent: int = 0
    report: dict[str, Any] = document(comment="the result, as in patuh import --json")
    error: str = Field(default="", sa_column_kwargs={"comment": "empty: nothing went wrong"})
    snapshot_id: str | None = Field(
        default=None,
        foreign_key="snapshot.id",
        index=True,
        sa_column_kwargs={"comment": "null: not finished, or no snapshot was made"},
    )


class ImportFile(SQLModel, table=True):
    __tablename__ = "import_file"
    __table_args__ = (
        sa.CheckConstraint("size > 0", name="size_positive"),
        sa.UniqueConstraint("import_run_id", "position"),
        {"comment": "Files of an import; those that were uploaded are in the blob store"},
    )

    id: int | None = Field(default=None, primary_key=True)
    import_run_id: int = Field(foreign_key="import_run.id", index=True)
    position: int
    name: str
    sha256: str
    size: int = Field(sa_type=sa.BigInteger, sa_column_kwargs={"comment": "bytes"})
