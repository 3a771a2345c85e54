"""Files handed out: always as attachments, never opened in our own origin, each one audited."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from urllib.parse import quote

from fastapi.responses import StreamingResponse
from sqlmodel import Session

from app.accounts.schemas import Principal
from app.audit import service as audit

CONTENT_SECURITY: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"


def attachment(
    pieces: Iterator[bytes], *, name: str, media_type: str, size: int
) -> StreamingResponse:
    """Return `pieces` as a file to be saved under `name`; `size` in bytes."""
    plain = "".join(
        char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in name
    )
    return StreamingResponse(
        pieces,
        media_type=media_type,
        headers={
            "Content-Disposition": (
                f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
            ),
            "Content-Length": str(size),
            "Content-Security-Policy": CONTENT_SECURITY,
            "Cache-Control": "private, no-store",
        },
    )


def record_download(
    session: Session, *, principal: Principal, subject: str, office: str, now: datetime
) -> None:
    """Write down who took which file away."""
    audit.record(
        session,
        actor=principal.actor,
        action="file.downloaded",
        subject=subject,
        office=office,
        now=now,
    )
