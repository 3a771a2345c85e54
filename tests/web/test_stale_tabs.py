"""A tab that was opened before somebody else's change says so, and overwrites nothing."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.infra.database import Database
from tests.detection.scene import Scene
from tests.web.conftest import Browser, Visit, pdf, words
from tests.web.test_cases import hidden, opened
from tests.web.test_deadlines import FLOOD
from tests.web.test_double_click import Rows, rows, version_of

__all__ = ["rows"]


def refused_as_stale(
    rows: Rows, browser: Browser, address: str, form: Mapping[str, object]
) -> None:
    before = rows.digests()

    answer = browser.post(address, form)

    assert answer.status_code == 412, words(answer)
    assert re.search("(diubah orang lain|sudah berubah).*muat ulang", words(answer))
    assert rows.digests() == before


@pytest.mark.parametrize(
    ("decision", "typed"),
    [
        ("tolak", {"alasan_tolak": "Sudah dibayar."}),
        ("tunda", {"alasan_tunda": "Menunggu data DJP.", "until": "2026-12-20"}),
    ],
)
def test_a_flag_that_somebody_decided(
    visit: Visit,
    rows: Rows,
    database: Database,
    tmp_path: Path,
    decision: str,
    typed: dict[str, str],
) -> None:
    with database.transaction() as session:
        scene = Scene(session, tmp_path / "snapshots")
        scene.owe("2026-01", "2026-02", "2026-03")
        scene.sweep()
        flag = f"/temuan/{scene.flag().id}"
    first, second = visit("penyelia"), visit("pemeriksa")
    seen = version_of(second, flag)
    first.get(flag)
    first.post(f"{flag}/tolak", {"versi": seen, "alasan_tolak": "Bukan piutang."})

    refused_as_stale(rows, second, f"{flag}/{decision}", {"versi": seen, **typed})

    again = first.post(f"{flag}/buka-lagi", {"versi": version_of(first, flag)})
    assert again.status_code == 303
    refused_as_stale(rows, second, f"{flag}/{decision}", {"versi": seen, **typed})


def test_a_case_that_somebody_changed(visit: Visit, rows: Rows) -> None:
    inspector, supervisor = visit("pemeriksa"), visit("penyelia")
    case = opened(inspector)
    seen = version_of(supervisor, case)
    page = supervisor.get(case).text
    officer = re.search(r'<option value="(\d+)"[^>]*>Hendra', page)
    assert officer is not None
    checked = inspector.post(
        f"{case}/langkah/send_notice",
        {"on": "2026-11-20", "letter_number": "B/1/2026", "tahap": "periksa",
         "versi": version_of(inspector, f"{case}/langkah/send_notice"), "kind": "salinan_surat"},
        {"file": ("surat.pdf", pdf("surat"), "application/pdf")},
    )  # fmt: skip
    stale = {"versi": seen, "on": "2026-11-20", "tahap": "catat", "note": "Kunjungan kedua."}

    assert inspector.post(f"{case}/langkah/send_notice", hidden(checked)).status_code == 303

    refused_as_stale(rows, supervisor, f"{case}/petugas", {"petugas": officer[1], "versi": seen})
    refused_as_stale(rows, supervisor, f"{case}/langkah/visit", stale)
    refused_as_stale(rows, supervisor, f"{case}/penangguhan", {**FLOOD, "versi": seen})
