"""Workers without a NIK are compared with nobody; the pages that compare say so, and how many."""

from pathlib import Path

import pytest

from app.jobs import tasks
from app.jobs.tasks import JobContext
from tests.web.conftest import ELSEWHERE, OFFICE, Upload, Visit, words
from tests.web.leaving import AS_OF, written

NOT_COMPARED = "Pekerja tanpa NIK tidak dibandingkan: baris tanpa NIK ditolak saat impor."


@pytest.mark.parametrize("nameless", [0, 3])
def test_rows_turned_away_for_want_of_a_nik_are_counted_where_workers_are_compared(
    visit: Visit,
    jobs: JobContext,
    tmp_path: Path,
    nameless: int,
) -> None:
    supervisor = visit("penyelia")
    assert NOT_COMPARED in words(supervisor.get("/tautan"))
    sent: list[tuple[str, Upload]] = [
        ("berkas", (file.name, file.path.read_bytes(), "text/csv"))
        for file in written(tmp_path / "x", office=OFFICE, other=ELSEWHERE, nameless=nameless)
    ]
    supervisor.get("/impor")
    supervisor.post("/impor", {"per_tanggal": AS_OF.isoformat()}, sent)
    tasks.run_import(jobs, run_id=1)

    pairs, report = (
        words(supervisor.get("/tautan?jenis=pekerja")),
        words(supervisor.get("/impor/1")),
    )

    assert NOT_COMPARED in pairs
    assert (f"paling sedikit {2 * nameless} baris; lihat baris yang ditolak" in pairs) == bool(
        nameless
    )
    assert ("Baris pekerja tanpa NIK ditolak saat impor" in report) == bool(nameless)
    assert (f"di sini paling sedikit {2 * nameless} baris" in report) == bool(nameless)
