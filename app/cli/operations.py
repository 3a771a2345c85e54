"""`patuh serve`, `worker`, `backup`, `restore`, `audit verify`: running the installation."""

import socket
import threading
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from app.audit import service as audit
from app.cli import archive
from app.cli.console import REFUSED, refusals, say, warn
from app.cli.runtime import CLI_ACTOR, Runtime, open_runtime
from app.errors import Unavailable
from app.infra import clock
from app.infra.scratch import clear_leftovers
from app.infra.wording import N_
from app.jobs import worker as jobs
from app.jobs.tasks import JobContext
from app.main import create_app

audits = typer.Typer(no_args_is_help=True, help="Catatan audit.")


@audits.callback()
def _audits() -> None:
    """Catatan audit."""


def serve(
    host: Annotated[str, typer.Option(help="Alamat yang didengarkan")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Porta yang didengarkan", min=1, max=65535)] = 8000,
    *,
    with_worker: Annotated[
        bool, typer.Option("--with-worker", help="Jalankan juga pekerja latar dalam proses ini")
    ] = False,
) -> None:
    """Jalankan aplikasi web."""
    with refusals():
        require_free(host, port)
        with open_runtime() as runtime:
            serve_runtime(runtime, host=host, port=port, worker=with_worker)


def require_free(host: str, port: int) -> None:
    """Find out before any work whether the address can be listened on.

    Raises:
        Unavailable: another program listens there, or it is no address of this machine.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(
                "Porta {port} di {host} tidak dapat dipakai ({reason}); hentikan program yang "
                "memakainya atau pilih porta lain (--port, atau make run PORT=…).",
                port=port,
                host=host,
                reason=error.strerror or type(error).__name__,
            ) from error


def serve_runtime(runtime: Runtime, *, host: str, port: int, worker: bool) -> None:
    """Serve until stopped, with a worker beside it when asked for."""
    clear_leftovers(runtime.settings.scratch_dir)
    if worker:
        # A thread that ends with the process: what it was doing is taken over at the next start.
        thread = threading.Thread(
            target=_work_quietly, args=(_context(runtime),), name="patuh-worker", daemon=True
        )
        thread.start()
    application = create_app(
        settings=runtime.settings, database=runtime.database, store=runtime.store
    )
    uvicorn.run(
        application,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=5,
    )


def worker() -> None:
    """Jalankan pekerja latar (impor, sapuan, berkas PDF)."""
    with refusals(), open_runtime() as runtime:
        jobs.run(_context(runtime))


def backup(
    file: Annotated[Path, typer.Argument(help="Berkas cadangan yang dibuat (.tar)")],
) -> None:
    """Cadangkan basis data, potret data, bukti, dan berkas ke satu arsip."""
    with refusals(), open_runtime() as runtime:
        report = archive.write(
            file, settings=runtime.settings, database=runtime.database, now=clock.now()
        )
        with runtime.database.transaction() as session:
            audit.record(
                session,
                actor=CLI_ACTOR,
                action="backup.written",
                subject=f"backup:{report.sha256[:16]}",
                now=clock.now(),
                detail={"files": report.files, "size": report.size},
            )
    say(
        N_("{file}: {count} berkas, {size} bita, SHA-256 {sha256}"),
        file=file,
        count=report.files,
        size=report.size,
        sha256=report.sha256,
    )


def restore(file: Annotated[Path, typer.Argument(help="Arsip dari `patuh backup`")]) -> None:
    """Pulihkan arsip ke instalasi yang masih kosong."""
    with refusals(), open_runtime() as runtime:
        report = archive.read(file, settings=runtime.settings, database=runtime.database)
        with runtime.database.transaction() as session:
            result = audit.verify(session)
    if result.broken_at is not None:
        warn(
            N_("Dipulihkan, tetapi catatan audit tidak utuh mulai nomor {seq}."),
            seq=result.broken_at,
        )
        raise typer.Exit(REFUSED)
    say(
        N_("{count} berkas dipulihkan; {entries} catatan audit utuh."),
        count=report.files,
        entries=result.entries,
    )


@audits.command("verify")
def audit_verify() -> None:
    """Periksa rantai catatan audit dari awal sampai akhir."""
    with refusals(), open_runtime() as runtime, runtime.database.transaction() as session:
        result = audit.verify(session)
    if result.broken_at is not None:
        warn(
            N_(
                "Catatan audit TIDAK utuh: nomor {seq} tidak cocok; "
                "{count} catatan sebelumnya utuh."
            ),
            seq=result.broken_at,
            count=result.entries,
        )
        raise typer.Exit(REFUSED)
    say(
        N_("{count} catatan audit utuh; ujung rantai {head}"),
        count=result.entries,
        head=result.head,
    )


def _context(runtime: Runtime) -> JobContext:
    return JobContext(settings=runtime.settings, database=runtime.database, store=runtime.store)


def _work_quietly(context: JobContext) -> None:
    jobs.run_in_thread(context)
