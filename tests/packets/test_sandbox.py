"""The child that renders can reach nothing, and its death is told in a sentence."""

import os
import signal
from pathlib import Path

import pytest

from app.errors import Unavailable
from app.packets.render import CHILD, Renderer

PAGE = (
    '<html lang="id"><head><title>x</title><link rel="stylesheet" href="asset:packet.css"></head>'
    "<body>{}</body></html>"
)
MOMENT = "2026-10-31T05:00:00+00:00"


def render(body: str, child: Path = CHILD, seconds: int = 60) -> bytes:
    with Renderer(seconds=seconds, child=child) as renderer:
        return renderer.pdf(PAGE.format(body), moment=MOMENT, identifier="x" * 32).pdf


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
        os.kill(renderer.process.pid, signal.SIGKILL)

        with pytest.raises(Unavailable, match="terhenti di tengah jalan; tidak ada yang disimpan"):
            renderer.pdf(PAGE.format("x"), moment=MOMENT, identifier="x" * 32)


def test_a_child_that_hangs_is_stopped(tmp_path: Path) -> None:
    stuck = tmp_path / "child.py"
    stuck.write_text("import signal\nsignal.pause()\n")

    with pytest.raises(Unavailable, match="melewati batas 1 detik"):
        render("x", child=stuck, seconds=1)


def test_the_child_has_no_environment_and_no_network(tmp_path: Path) -> None:
    probe = tmp_path / "child.py"
    probe.write_text(
        "import importlib.util, json, os, socket, subprocess, sys\n"
        f"spec = importlib.util.spec_from_file_location('child', {str(CHILD)!r})\n"
        "child = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(child)\n"
        "sys.stdin.buffer.read()\n"
        "child.leave_the_network()\n"
        "child.refuse_forbidden_acts()\n"
        "refused = []\n"
        "acts = (socket.socket, lambda: subprocess.run(['true']), lambda: os.system('true'),\n"
        "        lambda: open('/etc/passwd'), lambda: open(sys.prefix + '/../../etc/hosts', 'a'))\n"
        "for act in acts:\n"
        "    try:\n"
        "        act()\n"
        "    except child.ForbiddenAct as error:\n"
        "        refused.append(str(error))\n"
        "print(json.dumps({'ok': True, 'pages': 0, 'anchors': {}, 'network_namespace': True,\n"
        "                  'warnings': refused + sorted(os.environ)}))\n"
    )
    with Renderer(child=probe) as renderer:
        seen = renderer.pdf("x", moment=MOMENT, identifier="x").warnings

    told = [line.split()[0] for line in seen]
    assert told[:5] == ["socket.__new__", "subprocess.Popen", "os.system", "open", "open"]
    assert set(told[5:]) == {
        "FONTCONFIG_FILE", "HOME", "LANG", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED",
        "SOURCE_DATE_EPOCH", "TMPDIR", "TZ",
    }  # fmt: skip
