"""Content -> HTML -> PDF, the second step in a child process without network or secrets."""

import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.errors import Unavailable
from app.infra.settings import PROJECT_ROOT
from app.packets.canonical import check_code, content_hash
from app.packets.content import PROGRAMME_ORDER, ReferralPacket
from app.packets.wording import FILTERS, inert

TEMPLATES: Final = PROJECT_ROOT / "templates" / "packets"
FONTS: Final = Path(__file__).parent / "fonts"
CHILD: Final = Path(__file__).parent / "render_child.py"
VARIANT: Final = "pdf/a-3a"
SECONDS: Final = 120
_MEMORY_BYTES: Final = 3 << 30
_EXTENDED_LATIN: Final = ("\u0100", "\u017f")
_NOON: Final = "T05:00:00+00:00"
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
    """A child process that has started and waits for its one job.

    Starting it before the HTML is written lets both go on at once. Leaving the block ends it.
    """

    def __init__(self, *, seconds: int = SECONDS, child: Path = CHILD) -> None:
        self._seconds = seconds
        self._home = tempfile.TemporaryDirectory(prefix="patuh-render-")
        limits = json.dumps({"memory_bytes": _MEMORY_BYTES, "cpu_seconds": seconds})
        self.process = subprocess.Popen(  # noqa: S603 - our own file, no input in the arguments
            [sys.executable, "-s", "-P", str(child), limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._home.name,
            env=_environment(self._home.name),
            start_new_session=True,
            close_fds=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self.process.wait()
        self._home.cleanup()

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
            answer, _ = self.process.communicate(json.dumps(order).encode(), timeout=self._seconds)
        except subprocess.TimeoutExpired as error:
            raise Unavailable(
                "Pembuatan PDF melewati batas {seconds} detik dan dihentikan; tidak ada yang "
                "disimpan. Coba lagi, atau hubungi administrator bila berulang.",
                seconds=self._seconds,
            ) from error
        return _read(answer, returncode=self.process.returncode)


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


def _read(answer: bytes, *, returncode: int) -> Rendered:
    head, _, pdf = answer.partition(b"\n")
    if returncode < 0 or not head:
        _log.error("packet_render_died", returncode=returncode)
        raise Unavailable(
            "Pembuatan PDF terhenti di tengah jalan; tidak ada yang disimpan. Coba lagi, atau "
            "hubungi administrator bila berulang."
        )
    done: dict[str, Any] = json.loads(head)
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


def _environment(home: str) -> dict[str, str]:
    return {
        "FONTCONFIG_FILE": str(FONTS / "fonts.conf"),
        "HOME": home,
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "0",
        "TMPDIR": home,
        "TZ": "UTC",
    }


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
