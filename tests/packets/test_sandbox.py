"""The child that renders can reach nothing, and its death is told in a sentence."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.errors import Unavailable
from app.packets.press import CHILD, Press
from app.packets.render import Renderer

PAGE = (
    '<html lang="id"><head><title>x</title><link rel="stylesheet" href="asset:packet.css"></head>'
    "<body>{}</body></html>"
)
MOMENT = "2026-10-31T05:00:00+00:00"


def render(body: str, press: Press | None = None, seconds: int = 60) -> bytes:
    with Renderer(seconds=seconds, press=press) as renderer:
        return renderer.pdf(PAGE.format(body), moment=MOMENT, identifier="x" * 32).pdf


@pytest.fixture
def press_of(tmp_path: Path) -> Iterator[Callable[[str], Press]]:
    """Return a press whose children do what the given lines say, with `child` and `order`."""
    started: list[Press] = []

    def press_of(lines: str) -> Press:
        script = tmp_path / "press.py"
        script.write_text(
            "import importlib.util, json, os, signal, socket, subprocess, sys\n"
            f"spec = importlib.util.spec_from_file_location('child', {str(CHILD)!r})\n"
            "child = importlib.util.module_from_spec(spec)\n"
            "spec.loader.exec_module(child)\n"
            "def work(order):\n"
            + "".join(f"    {line}\n" for line in lines.splitlines())
            + "child.leave_the_network()\n"
            "child.take_jobs(work)\n"
        )
        started.append(Press(script=script))
        return started[-1]

    yield press_of
    for press in started:
        press.close()


def test_a_plain_page_is_rendered() -> None:
    assert render("<p>Halo</p>").startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/x.png", "file:///etc/passwd", "data:image/png;base64,AAAA",
     "asset:tidak-ada.png", "asset:../render.py", "https://contoh.test/x.svg"],
)  # fmt: skip
@pytest.mark.parametrize("element", ['<img src="{}">', '<link rel="stylesheet" href="{}">'])
def test_an_address_outside_the_packet_stops_the_rendering(element: str, address: str) -> None:
    with pytest.raises(Unavailable, match="di luar paket"):
        render(element.format(address))


def test_a_file_of_the_machine_cannot_be_attached() -> None:
    with pytest.raises(Unavailable, match="di luar paket"):
        render('<a rel="attachment" href="file:///etc/passwd">x</a>')


def test_a_child_that_is_killed_gives_a_sentence_and_no_packet() -> None:
    with Renderer() as renderer:
        os.kill(renderer.pid, signal.SIGKILL)

        with pytest.raises(Unavailable, match="terhenti di tengah jalan; tidak ada yang disimpan"):
            renderer.pdf(PAGE.format("x"), moment=MOMENT, identifier="x" * 32)


def test_a_press_that_died_is_started_again() -> None:
    press = Press()
    assert render("<p>Satu</p>", press)
    assert press.process is not None
    press.process.kill()
    press.process.wait()

    assert render("<p>Dua</p>", press).startswith(b"%PDF-1.7")
    press.close()


def test_a_press_that_is_closed_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    press = Press()
    render("<p>Satu</p>", press)
    process, home = press.process, press.home
    assert process is not None
    assert home is not None
    assert home.exists()

    press.close()

    assert process.returncode == 0
    assert not home.exists()


def test_a_child_that_hangs_is_stopped(press_of: Callable[[str], Press]) -> None:
    stuck = press_of("signal.pause()")

    with Renderer(seconds=1, press=stuck) as renderer:
        child = renderer.pid
        with pytest.raises(Unavailable, match="melewati batas 1 detik"):
            renderer.pdf("x", moment=MOMENT, identifier="x" * 32)

    assert gone(child)


def test_a_child_that_fails_unforeseen_gives_a_sentence(press_of: Callable[[str], Press]) -> None:
    with pytest.raises(Unavailable, match="terhenti di tengah jalan"):
        render("x", press_of("raise ValueError"))


def test_packets_drawn_at_once_do_not_mix() -> None:
    with ThreadPoolExecutor(4) as together:
        made = list(together.map(render, [f"<p>Paket {i}</p>" * i for i in range(1, 9)]))

    assert made == [render(f"<p>Paket {i}</p>" * i) for i in range(1, 9)]


def test_the_child_has_no_environment_and_no_network(press_of: Callable[[str], Press]) -> None:
    probe = press_of(
        "refused = []\n"
        "acts = (socket.socket, lambda: subprocess.run(['true']), lambda: os.system('true'),\n"
        "        lambda: open('/etc/passwd'), lambda: open(sys.prefix + '/../../etc/hosts', 'a'))\n"
        "for act in acts:\n"
        "    try:\n"
        "        act()\n"
        "    except child.ForbiddenAct as error:\n"
        "        refused.append(str(error))\n"
        "return {'ok': True, 'pages': 0, 'anchors': {}, 'network_namespace': True,\n"
        "        'warnings': refused + sorted(os.environ)}, b''"
    )
    with Renderer(press=probe) as renderer:
        seen = renderer.pdf("x", moment=MOMENT, identifier="x").warnings

    told = [line.split()[0] for line in seen]
    assert told[:5] == ["socket.__new__", "subprocess.Popen", "os.system", "open", "open"]
    assert set(told[5:]) == {
        "FONTCONFIG_FILE", "HOME", "LANG", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED",
        "SOURCE_DATE_EPOCH", "TMPDIR", "TZ",
    }  # fmt: skip


@pytest.mark.parametrize(("file", "code"), [("pyvenv.cfg", 0), ("/etc/passwd", 1)])
def test_an_environment_reached_by_a_link_can_be_read_and_the_machine_cannot(
    tmp_path: Path, file: str, code: int
) -> None:
    link = tmp_path / "current"
    link.symlink_to(sys.prefix)
    lines = (
        "import importlib.util, sys, tempfile",
        f"spec = importlib.util.spec_from_file_location('child', {str(CHILD)!r})",
        "child = importlib.util.module_from_spec(spec)",
        "spec.loader.exec_module(child)",
        f"sys.prefix, tempfile.tempdir = {str(link)!r}, {str(tmp_path / 'own')!r}",
        "child.refuse_forbidden_acts()",
        f"open({str(link / file)!r}).close()",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], check=False, capture_output=True, text=True
    )

    assert done.returncode == code
    assert ("ForbiddenAct" in done.stderr) == bool(code)


def gone(process: int) -> bool:
    """Return whether the process has ended, within a second."""
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False
