"""Answers already given under an Idempotency-Key, so that a retry has no second effect."""

from sqlmodel import Field, SQLModel

from app.infra.tables import Instant, document, instant


class IdempotencyKey(SQLModel, table=True):
    __tablename__ = "idempotency_key"
    __table_args__ = (
        {"comment": "What a POST with this key was answered; written with its effect"},
    )

    actor: str = Field(primary_key=True, sa_column_kwargs={"comment": "token:id or user:id"})
    key: str = Field(primary_key=True)
    operation: str = Field(sa_column_kwargs={"comment": "method and path"})
    body_sha256: str = Field(
        sa_column_kwargs={"comment": "of the body; of names and contents when it was a form"}
    )
    status: int
    headers: dict[str, str] = document(comment="those a retry needs: Location, ETag")
    response: str = Field(sa_column_kwargs={"comment": "the answer as sent, byte for byte"})
    created_at: Instant = instant()
