"""One sealed sample packet for all tests that only read it."""

import subprocess
from collections.abc import Callable

import pytest

from app.packets.compose import compose
from app.packets.content import ReferralPacket
from app.packets.seal import SealedPdf, seal
from tests.packets import sample


@pytest.fixture(scope="session")
def packet() -> ReferralPacket:
    return compose(sample.dossier(), version=1)


@pytest.fixture(scope="session")
def made(packet: ReferralPacket) -> SealedPdf:
    return seal(packet)


@pytest.fixture(scope="session")
def text_of() -> Callable[[bytes], str]:
    """Read a PDF as a reader's eyes would: page after page, spaces run together."""

    def read(pdf: bytes) -> str:
        found = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],  # noqa: S607 - poppler, wherever it is installed
            input=pdf,
            capture_output=True,
            check=True,
        ).stdout.decode()
        return "\f".join(" ".join(page.split()) for page in found.split("\f"))

    return read
