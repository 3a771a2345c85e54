"""The page asks why a source has lost half its rows, keeps the answer, and says it afterwards."""

import re

from app.jobs import tasks
from app.jobs.tasks import JobContext
from tests.web.conftest import TODAY, Browser, Visit, words

HEAD = "sumber,id_sumber,nama,npwp,nib,kbli,alamat,kode_wilayah,jumlah_tk,skala,tgl_data\n"
WHY = "Dinas menghapus catatan ganda."


def sent(browser: Browser, jobs: JobContext, *, run: int, many: int) -> str:
    """Import a source that knows so many employers, and return the snapshot."""
    rows = "".join(
        f"WLKP,W-{one},PT Luar {one},{one + 1:015d},,47111,,32.01,5,,2026-01-20\n"
        for one in range(many)
    )
    browser.get("/impor")
    file = ("sumber_pemberi_kerja.csv", (HEAD + rows).encode(), "text/csv")
    browser.post("/impor", {"per_tanggal": TODAY.isoformat()}, [("berkas", file)])
    tasks.run_import(jobs, run_id=run)
    found = re.search(r'name="potret" value="([0-9a-f]{16})"', browser.get(f"/impor/{run}").text)
    assert found is not None
    return found[1]


def test_a_sweep_that_stops_asks_for_a_reason_on_the_page_and_goes_on_with_it(
    visit: Visit, jobs: JobContext
) -> None:
    browser = visit("penyelia")
    whole = sent(browser, jobs, run=1, many=30)
    browser.post("/impor/temuan", {"potret": whole})
    tasks.run_sweep(jobs, snapshot_id=whole, on=TODAY.isoformat(), actor="user:2")
    half = sent(browser, jobs, run=2, many=15)

    stopped = browser.post("/impor/temuan", {"potret": half})
    short = browser.post("/impor/temuan", {"potret": half, "accept_loss": "ya"})
    queued = browser.post("/impor/temuan", {"potret": half, "accept_loss": WHY})
    tasks.run_sweep(jobs, snapshot_id=half, on=TODAY.isoformat(), actor="user:2", accepted_loss=WHY)

    assert (stopped.status_code, short.status_code, queued.status_code) == (409, 422, 303)
    assert "sumber_pemberi_kerja WLKP: tinggal 15 dari 30 baris." in words(stopped)
    assert 'href="#accept_loss"' in stopped.text
    assert f'name="potret" value="{half}"' in stopped.text
    assert "Tulis alasan 10 sampai 2000 huruf." in words(short)
    page = words(browser.get("/impor"))
    assert f"diterima karena: {WHY}" in page
    assert "WLKP paling baru bertanggal 20 Januari 2026 (10 bulan): masih dipakai" in page
