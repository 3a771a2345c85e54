"""Idempotency-Key: the same POST sent twice has one effect and one answer.

The answer is stored in the transaction of its effect: after a crash either both are there or
neither. Only answers that changed something are kept; a refusal changed nothing and is judged anew.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

import sqlalchemy as sa
from fastapi import Depends, Header, Request, Response
from sqlmodel import Session, col, delete
from starlette.datastructures import FormData, UploadFile

from app.accounts.schemas import Principal
from app.errors import Conflict, FieldProblem, Invalid
from app.web import deps
from app.web.api.tables import IdempotencyKey
from app.web.validation import refuse_unstorable

KEPT_FOR: Final = timedelta(days=7)
LONGEST_KEY: Final = 255
REPLAYED_HEADERS: Final = ("location", "etag")
_CHUNK: Final = 1 << 20
_SUCCESS: Final = range(200, 300)

TRY_LOCK: Final = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 7210))")


class Replayed(Exception):
    """The answer is already known: `Operation` sends it again."""

    def __init__(self, stored: IdempotencyKey) -> None:
        super().__init__(stored.key)
        self.stored = stored

    def answer(self) -> Response:
        headers = {**self.stored.headers, "Idempotency-Replayed": "true"}
        return Response(
            self.stored.response.encode(),
            status_code=self.stored.status,
            media_type="application/json",
            headers=headers,
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """What came: a form already read into files, or the raw bytes."""

    form: FormData | None
    raw: bytes

    def sha256(self) -> str:
        """Return the digest of what was meant.

        A form is taken part by part: its boundary is random and differs in every retry.
        """
        digest = hashlib.sha256()
        if self.form is None:
            digest.update(self.raw)
            return digest.hexdigest()
        for name, value in self.form.multi_items():
            content = _content_sha256(value)
            shown = value.filename or "" if isinstance(value, UploadFile) else ""
            for part in (name, shown, content):
                digest.update(len(part.encode()).to_bytes(8, "big"))
                digest.update(part.encode())
        return digest.hexdigest()


def _content_sha256(value: UploadFile | str) -> str:
    if isinstance(value, str):
        return hashlib.sha256(value.encode()).hexdigest()
    digest = hashlib.sha256()
    value.file.seek(0)
    while piece := value.file.read(_CHUNK):
        digest.update(piece)
    value.file.seek(0)
    return digest.hexdigest()


async def _sent(request: Request) -> Sent:
    kind = request.headers.get("content-type", "").split(";", 1)[0].strip().lower()
    if kind == "multipart/form-data":
        form = await request.form()
        refuse_unstorable(form)
        return Sent(form=form, raw=b"")
    return Sent(form=None, raw=await request.body())


def once(
    request: Request,
    session: deps.SessionDep,
    principal: Annotated[Principal, Depends(deps.token_principal)],
    now: deps.NowDep,
    sent: Annotated[Sent, Depends(_sent)],
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=LONGEST_KEY,
            pattern=r"^[\x21-\x7e]+$",
            description="Kunci unik pilihan Anda (misalnya UUID). Kiriman ulang dengan kunci dan "
            "isi yang sama mendapat jawaban yang sama tanpa akibat kedua; disimpan 7 hari.",
            examples=["3f1c9f0e-5d0c-4a57-9d8b-2f0f5e6f7a10"],
        ),
    ] = None,
) -> Iterator[None]:
    """Answer a known key from the store; else keep the answer together with its effect.

    Raises:
        Conflict: the first request with this key is still running.
        Invalid: the key was used for another request.
    """
    if idempotency_key is None:
        yield
        return
    operation = f"{request.method} {request.scope['path']}"
    body_sha256 = sent.sha256()
    _claim(session, actor=principal.actor, key=idempotency_key)
    stored = session.get(IdempotencyKey, (principal.actor, idempotency_key))
    if stored is not None and stored.created_at > now - KEPT_FOR:
        _same_request(stored, operation=operation, body_sha256=body_sha256)
        raise Replayed(stored)
    session.exec(
        delete(IdempotencyKey).where(
            col(IdempotencyKey.actor) == principal.actor,
            col(IdempotencyKey.created_at) <= now - KEPT_FOR,
        )
    )
    yield
    answer: Response = request.state.answer
    if answer.status_code in _SUCCESS:
        session.add(
            IdempotencyKey(
                actor=principal.actor,
                key=idempotency_key,
                operation=operation,
                body_sha256=body_sha256,
                status=answer.status_code,
                headers={
                    name: answer.headers[name]
                    for name in REPLAYED_HEADERS
                    if name in answer.headers
                },
                response=bytes(answer.body).decode(),
                created_at=now,
            )
        )


def _claim(session: Session, *, actor: str, key: str) -> None:
    # A lock of the transaction: it ends with the work it guards, also when the process is killed.
    if not session.connection().execute(TRY_LOCK, {"name": f"{actor} {key}"}).scalar_one():
        raise Conflict(
            "Permintaan pertama dengan Idempotency-Key ini masih dikerjakan; tunggu lalu kirim "
            "ulang dengan kunci yang sama."
        )


def _same_request(stored: IdempotencyKey, *, operation: str, body_sha256: str) -> None:
    if stored.operation == operation and stored.body_sha256 == body_sha256:
        return
    template = (
        "Idempotency-Key ini sudah dipakai untuk permintaan lain ({operation}); pakai kunci baru "
        "untuk isi yang berbeda."
    )
    raise Invalid(
        template,
        fields=(FieldProblem("Idempotency-Key", template, {"operation": stored.operation}),),
        operation=stored.operation,
    )
