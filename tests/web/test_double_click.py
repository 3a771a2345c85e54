"""The same form sent twice, as an impatient hand does: one effect, and never an error."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from httpx2 import Response

from app.accounts.schemas import Principal
from app.cases.stages import Action
from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.registry.tables import Snapshot
from tests.cases.conftest import Casework, Cast
from tests.conftest import NOW
from tests.detection.scene import Scene
from tests.web.conftest import TODAY, Browser, Upload, Visit, pdf, words
from tests.web.test_calendar import NEW, carried
from tests.web.test_cases import FIELD_CASE, hidden, opened
from tests.web.test_deadlines import FLOOD
from tests.web.test_parameters import VALUE
from tests.web.test_routes import SKK


@pytest.fixture
def rows(database: Database) -> "Rows":
    return Rows(database)


class Rows:
    """Everything that is stored, as one digest a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def digests(self) -> dict[str, str]:
        with self._database.transaction() as session:
            connection = session.connection()
            tables = sa.inspect(connection).get_table_names()
            return {
                table: connection.execute(
                    sa.text(
                        f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') "  # noqa: S608 - names of our own tables
                        f'FROM "{table}" t'
                    )
                ).scalar_one()
                for table in tables
            }

    def changed_by(
        self,
        browser: Browser,
        address: str,
        data: Mapping[str, object],
        files: Mapping[str, Upload] | None = None,
    ) -> tuple[Response, Response, set[str]]:
        """Send the form twice; return both answers and the tables that the second one changed."""
        empty = self.digests()
        first = browser.post(address, data, files)
        assert first.status_code == 303, words(first)
        once = self.digests()
        assert once != empty
        second = browser.post(address, data, files)
        twice = self.digests()
        return first, second, {table for table in twice if twice[table] != once.get(table)}

    def only_once(
        self,
        browser: Browser,
        address: str,
        data: Mapping[str, object],
        files: Mapping[str, Upload] | None = None,
    ) -> Response:
        """Send the form twice; the second one says where it led, or why it does nothing more."""
        first, second, changed = self.changed_by(browser, address, data, files)
        assert changed == set(), (address, changed)
        assert second.status_code in {303, 409, 412}, words(second)
        if second.status_code == 303:
            assert (
                second.headers["location"].split("?")[0]
                == (first.headers["location"].split("?")[0])
            )
        return second


def version_of(browser: Browser, page: str) -> str:
    found = re.search(r'name="versi" value="(\d+)"', browser.get(page).text)
    assert found is not None
    return found[1]


def test_the_forms_of_a_case(visit: Visit, rows: Rows) -> None:
    inspector, supervisor = visit("pemeriksa"), visit("penyelia")
    inspector.get("/kasus/baru")
    rows.only_once(inspector, "/kasus/baru", FIELD_CASE)
    case = "/kasus/PTH-J05-2026-00001"
    officer = re.search(r'<option value="(\d+)"[^>]*>Hendra', supervisor.get(case).text)
    assert officer is not None
    rows.only_once(
        supervisor,
        f"{case}/petugas",
        {"petugas": officer[1], "versi": version_of(supervisor, case)},
    )
    checked = inspector.post(
        f"{case}/langkah/send_notice",
        {"on": "2026-11-20", "letter_number": "B/1/2026", "tahap": "periksa",
         "versi": version_of(inspector, f"{case}/langkah/send_notice"), "kind": "salinan_surat"},
        {"file": ("surat.pdf", pdf("surat"), "application/pdf")},
    )  # fmt: skip
    rows.only_once(inspector, f"{case}/langkah/send_notice", hidden(checked))
    rows.only_once(
        inspector,
        f"{case}/bukti",
        {"kind": "tanda_terima", "dated_on": "2026-11-20", "title": "Resi"},
        {"file": ("resi.pdf", pdf("resi"), "application/pdf")},
    )
    page = inspector.get(f"{case}/bukti").text
    letter = re.search(r'<option value="(\d+)"[^>]*>Surat Pemberitahuan', page)
    receipt = re.search(r'<option value="(\d+)"[^>]*>P-2 Resi', page)
    assert letter is not None
    assert receipt is not None
    sent: dict[str, object] = {
        "event_seq": letter[1], "channel": "diantar", "sent_on": "2026-11-20", "result": "dikirim",
    }  # fmt: skip
    rows.only_once(inspector, f"{case}/penyampaian", sent)
    received: dict[str, object] = {
        "result": "diterima", "received_on": "2026-11-20", "receiver_name": "Rina",
        "receiver_position": "HRD", "evidence_id": receipt[1],
    }  # fmt: skip
    rows.only_once(inspector, f"{case}/penyampaian/1", received)


def test_the_papers_of_a_case_and_of_an_office(visit: Visit, rows: Rows) -> None:
    browser = visit("hukum")
    case = opened(visit("pemeriksa"))
    browser.get(case)

    rows.only_once(browser, f"{case}/dokumen", {**SKK})
    rows.only_once(
        browser, f"{case}/dokumen/1/berakhir", {"ended_on": "2026-11-19", "reason": "Diganti."}
    )
    rows.only_once(
        browser,
        "/radar/perjanjian",
        {"number": "PKS/1", "signed_on": "2025-01-02", "valid_until": "2026-12-20"},
    )
    rows.only_once(
        browser, "/radar/perjanjian/2/berakhir", {"ended_on": "2026-11-19", "reason": "Diganti."}
    )
    rows.only_once(browser, f"{case}/rujukan/siapkan", {"cutoff": "2026-11-20"})


def test_a_proposal_and_its_decision(visit: Visit, rows: Rows) -> None:
    inspector, head = visit("pemeriksa"), visit("kepala")
    case = opened(inspector)
    checked = inspector.post(
        f"{case}/langkah/close",
        {"on": "2026-11-20", "closing_reason": "TIDAK_TERBUKTI", "note": "Semua terdaftar.",
         "versi": version_of(inspector, f"{case}/langkah/close"), "tahap": "periksa"},
    )  # fmt: skip

    rows.only_once(inspector, f"{case}/langkah/close", hidden(checked))
    proposal = re.search(r'action="([^"]+/usulan/\d+)"', head.get(case).text)
    assert proposal is not None
    rows.only_once(head, proposal[1], {"putusan": "setuju"})


def test_a_suspension_and_its_decision(
    visit: Visit, rows: Rows, database: Database, store: ObjectStore, people: dict[str, Principal]
) -> None:
    cast = Cast(
        inspector=people["pemeriksa"], colleague=people["pemeriksa"],
        supervisor=people["penyelia"], branch_head=people["kepala"], legal=people["hukum"],
        stranger=people["asing"], administrator=people["admin"], auditor=people["auditor"],
        machine=people["auditor"],
    )  # fmt: skip
    with database.transaction() as session:
        work = Casework(session, cast, store, NOW)
        work.open()
        work.inspect()
        work.letter(Action.WARN_1, date(2026, 2, 2), date(2026, 2, 3))
        case = f"/kasus/{work.file().number}"
    inspector, supervisor = visit("pemeriksa"), visit("penyelia")
    version = version_of(inspector, f"{case}/penangguhan?entry=mulai")
    supervisor.get(case)

    rows.only_once(inspector, f"{case}/penangguhan", {**FLOOD, "versi": version})
    rows.only_once(supervisor, f"{case}/penangguhan/1", {"putusan": "setuju"})


def test_the_calendar_and_the_values_of_the_law(visit: Visit, rows: Rows) -> None:
    admin, lawyer = visit("admin"), visit("hukum")
    admin.get("/kalender?tahun=2026")
    rows.only_once(admin, "/kalender", {**carried(admin.post("/kalender", NEW))})
    change = {"day": NEW["day"], "name": NEW["name"], "source": "Keppres uji 2"}
    moving = admin.post("/kalender/ubah", {**change, "perubahan": "pindah", "to": "2026-12-08"})
    rows.only_once(admin, "/kalender/ubah", {**carried(moving)})
    removal = {**change, "day": "2026-12-08", "perubahan": "hapus"}
    rows.only_once(admin, "/kalender/ubah", {**carried(admin.post("/kalender/ubah", removal))})

    admin.get("/parameter/jp.ceiling")
    lawyer.get("/parameter/jp.ceiling")
    rows.only_once(admin, "/parameter/jp.ceiling", {**VALUE})
    rows.only_once(lawyer, "/parameter/usulan/1/setuju", {})
    rows.only_once(admin, "/parameter/jp.ceiling", {**VALUE, "valid_from": "2099-04-01"})
    rows.only_once(lawyer, "/parameter/usulan/2/tolak", {"reason": "Belum diumumkan."})


def test_the_decisions_on_flags(
    visit: Visit, rows: Rows, database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        scene = Scene(session, tmp_path / "snapshots")
        for number in range(1, 6):
            scene.owe("2026-01", "2026-02", "2026-03", npp=f"AA00000{number}")
        scene.sweep()
        first, second, *both = [f"/temuan/{flag.id}" for flag in scene.all_flags()]
    browser = visit("penyelia")
    version = version_of(browser, first)

    rows.only_once(browser, f"{first}/tolak", {"versi": version, "alasan_tolak": "Sudah dibayar."})
    rows.only_once(browser, f"{first}/buka-lagi", {"versi": version_of(browser, first)})
    rows.only_once(
        browser,
        f"{second}/tunda",
        {"versi": version, "until": "2026-12-20", "alasan_tunda": "Menunggu data DJP."},
    )
    ids = [flag.removeprefix("/temuan/") for flag in both]
    rows.only_once(
        browser,
        "/temuan/pilihan",
        {"temuan": ids, **{f"versi-{one}": version for one in ids}, "keputusan": "tolak",
         "reason": "Satu grup, terdaftar."},
    )  # fmt: skip


def test_a_password_that_is_replaced(visit: Visit, rows: Rows) -> None:
    admin = visit("admin")
    page = admin.get("/administrasi/pengguna/1")
    key = re.search(r'name="kunci" value="([^"]+)"', page.text)
    assert key is not None
    form = {"versi": version_of(admin, "/administrasi/pengguna/1"), "kunci": key[1]}
    first = admin.post("/administrasi/pengguna/1/kata-sandi", form)
    once = rows.digests()

    second = admin.post("/administrasi/pengguna/1/kata-sandi", form)

    assert (first.status_code, second.status_code in {200, 412}) == (200, True), words(second)
    assert rows.digests() == once


def test_a_search_for_flags_that_still_waits(
    visit: Visit, rows: Rows, database: Database, settings: Settings, now: datetime
) -> None:
    with database.transaction() as session:
        kept = Scene(session, settings.snapshots_dir).snapshot()
        tables = {table: asdict(info) for table, info in kept.tables.items()}
        session.add(Snapshot(id=kept.id, as_of=TODAY, created_at=now, turn=1, tables=tables))
    browser = visit("penyelia")
    browser.get("/impor")

    rows.only_once(browser, "/impor/temuan", {"potret": kept.id})


def test_an_upload_that_still_waits(visit: Visit, rows: Rows) -> None:
    browser = visit("penyelia")
    browser.get("/impor")
    file = ("pemberi_kerja.csv", b"npp;divisi\nAA000001;000\n", "text/csv")

    rows.only_once(browser, "/impor", {"per_tanggal": "2026-11-20"}, {"berkas": file})
    other = browser.post("/impor", {"per_tanggal": "2026-11-19"}, {"berkas": file})

    assert other.headers["location"] == "/impor/2"
