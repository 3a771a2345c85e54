"""Content -> HTML -> PDF, the second step in a child of the press: no network, no secrets."""

import base64
import json
import os
import signal
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Self

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.errors import Unavailable
from app.infra.settings import PROJECT_ROOT
from app.packets.canonical import check_code, content_hash
from app.packets.content import PROGRAMME_ORDER, ReferralPacket
from app.packets.press import FONTS, Press
from app.packets.wording import FILTERS, inert

TEMPLATES: Final = PROJECT_ROOT / "templates" / "packets"
VARIANT: Final = "pdf/a-3a"
SECONDS: Final = 120
_PIECE: Final = 1 << 20
_EXTENDED_LATIN: Final = ("\u0100", "\u017f")
_NOON: Final = "T05:00:00+00:00"
_PRESS: Final = Press()
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to embed; `relationship` as PDF/A-3 names it."""

    name: str
    description: str
    content: bytes
    relationship: str = "Data"


@dataclass(frozen=True, slots=True)
class Rendered:
    """`part_pages` are the first pages of the parts, by anchor. `warnings` is empty when well."""

    pdf: bytes
    pages: int
    part_pages: dict[str, int]
    warnings: tuple[str, ...]
    network_namespace: bool


class Renderer:
    """A child of the press that waits for its one job. Leaving the block ends it."""

    def __init__(self, *, seconds: int = SECONDS, press: Press | None = None) -> None:
        self._seconds = seconds
        self._line = (press or _PRESS).job()
        self._line.settimeout(seconds)
        self._heard = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()

    @property
    def pid(self) -> int:
        """The process of the child; waits until the press has made it.

        Raises:
            TimeoutError: the press has not made it in time.
        """
        while b"\n" not in self._heard and (piece := self._line.recv(_PIECE)):
            self._heard += piece
        return int(self._heard.partition(b"\n")[0])

    def pdf(
        self, html: str, *, moment: str, identifier: str, attachments: Iterable[Attachment] = ()
    ) -> Rendered:
        """Return the PDF of `html`. `moment` is the ISO instant that the file carries.

        Raises:
            Unavailable: the child died, ran out of time, or was asked for what it must not fetch.
        """
        order = {
            "html": html,
            "assets": assets(),
            "variant": VARIANT,
            "cpu_seconds": self._seconds,
            "moment": moment,
            "identifier": identifier,
            "attachments": [
                {
                    "name": item.name,
                    "description": item.description,
                    "relationship": item.relationship,
                    "content": base64.b64encode(item.content).decode(),
                }
                for item in attachments
            ],
        }
        try:
            answer = self._answer_to(json.dumps(order).encode())
        except TimeoutError as error:
            with suppress(TimeoutError, ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            raise Unavailable(
                "Pembuatan PDF melewati batas {seconds} detik dan dihentikan; tidak ada yang "
                "disimpan. Coba lagi, atau hubungi administrator bila berulang.",
                seconds=self._seconds,
            ) from error
        return _read(answer)

    def _answer_to(self, order: bytes) -> bytes:
        """Return what the child answers; what there is of it when it dies before the end."""
        deadline = time.monotonic() + self._seconds
        pieces = [self._heard]
        with suppress(ConnectionError):
            self._line.sendall(order)
            self._line.shutdown(socket.SHUT_WR)
            while piece := self._line.recv(_PIECE):
                pieces.append(piece)
                self._line.settimeout(max(deadline - time.monotonic(), 0.001))
        return b"".join(pieces).partition(b"\n")[2]


def html_of(packet: ReferralPacket, *, content_sha256: str) -> str:
    """Return the whole packet as one HTML document."""
    page = _templates().get_template("packet.html")
    values = {
        "p": packet,
        "check_code": check_code(content_sha256),
        "fingerprint": content_sha256,
        "programmes": PROGRAMME_ORDER,
    }
    html = page.render(values, extended_latin=False)
    if any(_EXTENDED_LATIN[0] <= letter <= _EXTENDED_LATIN[1] for letter in html):
        return page.render(values, extended_latin=True)
    return html


def render(packet: ReferralPacket, *, attachments: Iterable[Attachment] = ()) -> Rendered:
    """Return the PDF of `packet`: the same content and attachments give the same bytes.

    Raises:
        Unavailable: see Renderer.pdf.
    """
    digest = content_hash(packet)
    with Renderer() as renderer:
        html = html_of(packet, content_sha256=digest)
        return renderer.pdf(
            html,
            moment=f"{packet.cutoff.isoformat()}{_NOON}",
            identifier=digest[:32],
            attachments=attachments,
        )


def _read(answer: bytes) -> Rendered:
    head, whole, pdf = answer.partition(b"\n")
    done: dict[str, Any] = json.loads(head) if whole else {}
    if not done or len(pdf) != done["size"]:
        _log.error("packet_render_died", heard=len(answer))
        raise Unavailable(
            "Pembuatan PDF terhenti di tengah jalan; tidak ada yang disimpan. Coba lagi, atau "
            "hubungi administrator bila berulang."
        )
    if not done["ok"]:
        _log.error("packet_render_refused", reason=done["reason"])
        raise Unavailable(
            "Pembuatan PDF dihentikan karena isi paket menunjuk berkas di luar paket; tidak ada "
            "yang disimpan. Laporkan kepada administrator."
        )
    for line in done["warnings"]:
        _log.warning("packet_render_warning", line=line)
    return Rendered(
        pdf=pdf,
        pages=done["pages"],
        part_pages=done["anchors"],
        warnings=tuple(done["warnings"]),
        network_namespace=done["network_namespace"],
    )


@cache
def assets() -> dict[str, str]:
    """Return the only files a page may name, in base64: style sheets, watermark, fonts."""
    files = [
        *sorted(TEMPLATES.glob("*.css")),
        TEMPLATES / "konsep.svg",
        *sorted(FONTS.glob("*.woff2")),
    ]
    return {file.name: base64.b64encode(file.read_bytes()).decode() for file in files}


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=inert,
    )
    environment.filters.update(FILTERS)
    return environment
