"""The press: a process that has loaded the renderer and forks a fenced child for every packet.

Loading the renderer takes as long as drawing ten pages. It is done once, without network and
without secrets in reach; what a packet does to its child is gone with the child.
"""

import atexit
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

CHILD: Final = Path(__file__).parent / "render_child.py"
FONTS: Final = Path(__file__).parent / "fonts"
_PATIENCE_AT_THE_END: Final = 5


class Press:
    """Starts its process at the first job and again should it have died; ends it with Python."""

    def __init__(self, *, script: Path = CHILD) -> None:
        self._script = script
        self._lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self.home: Path | None = None

    def job(self) -> socket.socket:
        """Return a line to a new child: send the order, end the sending side, read the answer.

        Returns at once: a press that is still loading takes the job when it is ready.
        """
        near, far = socket.socketpair()
        with self._lock, far:
            try:
                self._hand_over(far)
            except OSError:
                self._close()
                self._hand_over(far)
        return near

    def close(self) -> None:
        """End the process; children at work finish and find nobody listening."""
        with self._lock:
            self._close()

    def _hand_over(self, far: socket.socket) -> None:
        if self._control is None:
            self._control = self._start()
        socket.send_fds(self._control, [b"J"], [far.fileno()])

    def _start(self) -> socket.socket:
        near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.home = home = Path(tempfile.mkdtemp(prefix="patuh-press-"))
        with far:
            self.process = subprocess.Popen(  # noqa: S603 - our own file, no input in the arguments
                [sys.executable, "-s", "-P", str(self._script)],
                stdin=far.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=home,
                env=_environment(home),
                start_new_session=True,
                close_fds=True,
            )
        atexit.register(self.close)
        return near

    def _close(self) -> None:
        atexit.unregister(self.close)
        if self._control is not None:
            self._control.close()
        if self.process is not None:
            try:
                self.process.wait(_PATIENCE_AT_THE_END)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.home is not None:
            shutil.rmtree(self.home, ignore_errors=True)
        self._control = self.process = self.home = None


def _environment(home: Path) -> dict[str, str]:
    return {
        "FONTCONFIG_FILE": str(FONTS / "fonts.conf"),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "0",
        "TMPDIR": str(home),
        "TZ": "UTC",
    }
