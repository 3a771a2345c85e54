"""The press at work: turns HTML into PDF without network, secrets or files but those it is sent.

Started by path, so that nothing of the application is imported; it knows nothing of cases.
Standard input is a socket over which each job arrives as another socket. A forked child takes the
job: it writes its process number on a line of its own, reads one JSON document, and answers with
one JSON line about what was done, followed by the PDF.
"""

import base64
import ctypes
import gc
import json
import logging
import os
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

CLONE_NEWNET = 0x40000000
CLONE_NEWUSER = 0x10000000
PR_SET_NO_NEW_PRIVS = 38
GIGABYTE = 1 << 30
MEMORY_BYTES = 3 * GIGABYTE
SEAL_PREFIX = b"PATUH-SEAL-1 sha256="
SEAL_BLANK = b"0" * 64

# What a renderer has no business doing; whatever the namespace allows, these are refused.
_FORBIDDEN_EVENTS = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "ftplib.",
    "http.client.",
    "urllib.",
)


FONT = Path(__file__).parent / "fonts" / "arimo-latin-400-normal.woff2"
WORD = "<style>@font-face{font-family:A;src:url(asset:a.woff2)}p{font-family:A}</style><p>Patuh"
Work = Callable[[dict[str, Any]], tuple[dict[str, Any], bytes]]


class ForbiddenAct(RuntimeError):
    """The renderer tried to leave its box."""


def limit_resources(*, cpu_seconds: int) -> None:
    limits = (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, GIGABYTE // 4),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, wanted in limits:
        _, hard = resource.getrlimit(kind)
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (allowed, allowed))


def leave_the_network() -> bool:
    """Move into an empty network namespace; False where the kernel does not allow it."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    flags = CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWUSER | CLONE_NEWNET
    return bool(libc.unshare(flags) == 0)


def refuse_forbidden_acts() -> None:
    """Refuse what a renderer has no business doing, and files outside Python and its own folder."""
    # A virtual environment may be reached by a link; what is opened is looked at where it lies.
    roots = (sys.prefix, sys.base_prefix, tempfile.gettempdir())
    readable = tuple(f"{os.path.realpath(root).rstrip(os.sep)}{os.sep}" for root in roots)

    def watch(event: str, values: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN_EVENTS):
            raise ForbiddenAct(event)
        if event == "open" and isinstance(values[0], str):
            path = os.path.realpath(values[0])
            if not f"{path}{os.sep}".startswith(readable):
                raise ForbiddenAct(f"open {path}")

    sys.addaudithook(watch)


class Warnings(logging.Handler):
    """Collects what WeasyPrint says only in its log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def render(order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return what was done and the PDF.

    Any address that is not among the assets of the order stops the rendering.
    """
    import weasyprint  # noqa: PLC0415 - only after the limits are set
    from weasyprint.urls import (  # noqa: PLC0415
        FatalURLFetchingError,
        URLFetcher,
        URLFetcherResponse,
    )

    assets = {name: base64.b64decode(text) for name, text in order["assets"].items()}
    kinds = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}

    class AssetFetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            del headers
            scheme, _, name = url.partition(":")
            if scheme != "asset" or name not in assets:
                raise FatalURLFetchingError(f"not among the assets: {url[:200]}")
            kind = kinds.get(Path(name).suffix, "application/octet-stream")
            return URLFetcherResponse(url, assets[name], {"Content-Type": kind})

    fetcher = AssetFetcher(allowed_protocols={"asset"}, allow_redirects=False, fail_on_errors=True)
    heard = Warnings()
    logging.getLogger("weasyprint").handlers = [heard]
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    moment = datetime.fromisoformat(order["moment"]).astimezone(UTC)
    try:
        document = weasyprint.HTML(
            string=order["html"], base_url="asset:", url_fetcher=fetcher
        ).render(presentational_hints=False)
        pdf = document.write_pdf(
            finisher=_finish,
            pdf_variant=order["variant"],
            pdf_identifier=order["identifier"].encode(),
            attachments=[
                weasyprint.Attachment(
                    file_obj=BytesIO(base64.b64decode(item["content"])),
                    name=item["name"],
                    description=item["description"],
                    relationship=item["relationship"],
                    created=moment,
                    modified=moment,
                )
                for item in order["attachments"]
            ],
        )
    except FatalURLFetchingError as error:
        return {"ok": False, "reason": str(error), "warnings": heard.lines}, b""
    anchors: dict[str, int] = {}
    for number, page in enumerate(document.pages, start=1):
        for name in page.anchors:
            # A part that runs over several pages names its anchor on each of them.
            if name.startswith("bagian-"):
                anchors.setdefault(name, number)
    done = {
        "ok": True,
        "pages": len(document.pages),
        "anchors": anchors,
        "warnings": heard.lines,
    }
    return done, pdf


def _finish(_: object, pdf: Any) -> None:  # noqa: ANN401 - pydyf has no types
    """Leave an uncompressed place for the seal, and name each associated file once."""
    import pydyf  # type: ignore[import-untyped]  # noqa: PLC0415

    seal = pydyf.Stream([SEAL_PREFIX + SEAL_BLANK], {"Type": "/PatuhSeal"}, compress=False)
    pdf.add_object(seal)
    pdf.catalog["PatuhSeal"] = seal.reference
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def warm_up() -> None:
    """Draw a word, so that what is loaded with the first page is loaded once for all children."""
    render(
        {
            "html": WORD,
            "assets": {"a.woff2": base64.b64encode(FONT.read_bytes()).decode()},
            "variant": "pdf/a-3a",
            "moment": "2000-01-01T00:00:00+00:00",
            "identifier": "x",
            "attachments": [],
        }
    )
    gc.collect()
    gc.freeze()


def take_jobs(work: Work) -> None:
    """Fork a child for each job until nobody is left who could send one."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=os.dup(0)) as control:
        while True:
            said, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            if not said:
                return
            for descriptor in descriptors:
                if os.fork() == 0:
                    control.close()
                    _child(descriptor, work)
                os.close(descriptor)


def _child(descriptor: int, work: Work) -> NoReturn:
    """Do one job and end. A failure that nobody foresaw answers nothing, which says enough."""
    os.close(0)
    try:
        with (
            socket.socket(fileno=descriptor) as line,
            line.makefile("rwb") as stream,
            tempfile.TemporaryDirectory() as own,
        ):
            stream.write(f"{os.getpid()}\n".encode())
            stream.flush()
            tempfile.tempdir = own
            # One job and then the end: looking for cycles would cost a tenth of the time.
            gc.set_threshold(200_000, 50, 50)
            order = json.loads(stream.read())
            limit_resources(cpu_seconds=order["cpu_seconds"])
            refuse_forbidden_acts()
            done, pdf = work(order)
            stream.write(json.dumps({**done, "size": len(pdf)}).encode() + b"\n" + pdf)
    finally:
        os._exit(0)


def main() -> None:
    isolated = leave_the_network()
    warm_up()

    def work(order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        done, pdf = render(order)
        return {**done, "network_namespace": isolated}, pdf

    take_jobs(work)


if __name__ == "__main__":
    main()
