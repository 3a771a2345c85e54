"""Pages over a small region that was imported and swept: imports, flags, employers, packets."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
import sqlalchemy as sa
from httpx2 import Response

from app.demo import RegionReport, write_region
from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.infra.templating import TEMPLATES, environment
from app.jobs import tasks
from app.jobs.tasks import JobContext
from tests.web.conftest import TODAY, Browser, Upload, Visit, words
from tests.web.test_cases import take


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> RegionReport:
    return write_region(out=tmp_path_factory.mktemp("wilayah"), employers=90, seed=7, today=TODAY)


@pytest.fixture
def jobs(settings: Settings, database: Database, store: ObjectStore) -> JobContext:
    return JobContext(settings=settings, database=database, store=store)


@pytest.fixture
def supervisor(visit: Visit, region: RegionReport, jobs: JobContext) -> Browser:
    """A supervisor whose upload has been imported and swept."""
    browser = visit("penyelia")
    uploaded(browser, region)
    tasks.run_import(jobs, run_id=1)
    snapshot = re.search(r'name="potret" value="([0-9a-f]{16})"', browser.get("/impor/1").text)
    assert snapshot is not None
    answer = browser.post("/impor/temuan", {"potret": snapshot[1]})
    assert answer.headers["location"] == "/impor?kabar=deteksi"
    tasks.run_sweep(jobs, snapshot_id=snapshot[1], on=TODAY.isoformat(), actor="user:2")
    return browser


def uploaded(browser: Browser, region: RegionReport) -> None:
    browser.get("/impor")
    files: list[tuple[str, Upload]] = [
        ("berkas", (path.name, path.read_bytes(), "text/csv"))
        for path in region.files
        if path.name != "truth.csv"
    ]
    answer = browser.post("/impor", {"per_tanggal": TODAY.isoformat()}, files)
    assert answer.headers["location"] == "/impor/1", words(answer)


def first_flag(browser: Browser, rule: str) -> str:
    """Return the address of the first flag of a rule."""
    found = re.search(r'href="(/temuan/\d+)[?"]', browser.get(f"/temuan?aturan={rule}").text)
    assert found is not None
    return found[1]


def version_of(browser: Browser, flag: str) -> str:
    found = re.search(r'name="versi" value="(\d+)"', browser.get(flag).text)
    assert found is not None
    return found[1]


def test_an_import_is_followed_reported_and_its_rejected_rows_come_back(
    visit: Visit, region: RegionReport, jobs: JobContext
) -> None:
    browser = visit("penyelia")
    uploaded(browser, region)
    waiting = browser.get("/impor/1")
    assert "Menunggu giliran" in words(waiting)
    assert '<noscript><meta http-equiv="refresh"' in waiting.text

    tasks.run_import(jobs, run_id=1)

    report = browser.get("/impor/1")
    assert "Selesai. Potret data" in words(report)
    assert "Baris yang ditolak" in words(report)
    rejected = browser.get("/impor/1/ditolak/kepesertaan")
    assert rejected.headers["content-type"].startswith("text/csv")
    assert rejected.headers["content-disposition"].startswith("attachment")
    assert rejected.text.splitlines()[0].startswith("alasan")


def test_an_import_without_a_file_says_so_beside_the_field(visit: Visit) -> None:
    browser = visit("penyelia")
    browser.get("/impor")

    response = browser.post("/impor", {"per_tanggal": "2026-11-20"})

    assert response.status_code == 422
    assert '<a href="#berkas">' in response.text


def test_flags_are_narrowed_by_their_address_and_opened_with_it(supervisor: Browser) -> None:
    page = supervisor.get("/temuan?aturan=PIUTANG&urut=rupiah")

    assert "Menunggak iuran" in words(page)
    assert 'href="/temuan?urut=rupiah"' in page.text
    assert re.search(r'href="/temuan/\d+\?aturan=PIUTANG&amp;urut=rupiah"', page.text)


def test_a_flag_shows_its_sentence_its_numbers_and_its_rows_without_any_nik(
    supervisor: Browser,
) -> None:
    listed = supervisor.get("/temuan").text
    pages = [supervisor.get(found) for found in re.findall(r'href="(/temuan/\d+)"', listed)]

    for page in pages:
        assert "Baris data yang mendasari" in words(page)
        assert "Seberapa yakin" in words(page)
        assert not re.search(r'data-label="NIK"><span>\d', page.text)
        assert not re.search(r"<dt>NIK</dt><dd>\d", page.text)
    assert any("············" in page.text for page in pages)


def test_a_declined_flag_needs_a_reason_and_leads_to_the_next_one(supervisor: Browser) -> None:
    flag = first_flag(supervisor, "PIUTANG")
    version = version_of(supervisor, flag)
    refused = supervisor.post(f"{flag}/tolak", {"versi": version, "alasan_tolak": ""})
    assert refused.status_code == 422
    assert '<a href="#alasan_tolak">' in refused.text

    declined = supervisor.post(
        f"{flag}/tolak",
        {"versi": version, "alasan_tolak": "Sudah dibayar.", "lanjut": "urut=rupiah"},
    )

    location = declined.headers["location"]
    assert location.startswith("/temuan/")
    assert "urut=rupiah" in location
    assert not location.startswith(f"{flag}?")
    assert "Sudah dibayar." in words(supervisor.get(flag))
    again = supervisor.post(f"{flag}/buka-lagi", {"versi": version_of(supervisor, flag)})
    assert again.headers["location"] == f"{flag}?kabar=tinjau"


def test_a_snoozed_flag_rests_until_a_day_to_come(supervisor: Browser) -> None:
    flag = first_flag(supervisor, "PWBD")
    version = version_of(supervisor, flag)
    form = {"versi": version, "until": "2026-11-20", "alasan_tunda": "Menunggu data DJP."}
    assert supervisor.post(f"{flag}/tunda", form).status_code == 422

    supervisor.post(f"{flag}/tunda", {**form, "until": "2026-12-20"})

    assert "Ditunda" in words(supervisor.get(flag))


@pytest.mark.parametrize(
    ("action", "day", "reason"),
    [("tunda", "until", "alasan_tunda"), ("kecualikan", "exception_until", "alasan_kecuali")],
)
def test_a_day_too_far_off_is_refused_beside_its_field_with_the_latest_one(
    supervisor: Browser, action: str, day: str, reason: str
) -> None:
    flag = first_flag(supervisor, "PWBD")
    form = {"versi": version_of(supervisor, flag), reason: "Menunggu data DJP."}

    refused = supervisor.post(f"{flag}/{action}", {**form, day: "2099-12-31"})

    assert refused.status_code == 422
    assert f'<a href="#{day}">Pilih tanggal paling lambat 20 November 2027;' in refused.text
    assert re.search(
        rf'id="{day}" name="{day}" type="date" value="2099-12-31"[^>]* max="2027-11-20"',
        refused.text,
    )
    assert "Menunggu data DJP.</textarea>" in refused.text


def test_an_accepted_flag_becomes_a_case_and_a_second_click_finds_the_same(
    supervisor: Browser,
) -> None:
    flag = first_flag(supervisor, "PIUTANG")
    supervisor.get(flag)

    first = supervisor.post(f"{flag}/terima")
    second = supervisor.post(f"{flag}/terima")

    assert first.headers["location"].startswith("/kasus/PTH-J05-2026-00001")
    assert second.headers["location"] == first.headers["location"]
    assert "Buka kasus PTH-J05-2026-00001" in words(supervisor.get(flag))


def test_a_flag_whose_case_was_closed_shows_it_and_can_be_raised_at_once(
    supervisor: Browser, visit: Visit
) -> None:
    flag = first_flag(supervisor, "PIUTANG")
    supervisor.get(flag)
    case = supervisor.post(f"{flag}/terima").headers["location"].split("?")[0]
    assert "Program wajib" in words(supervisor.get(case))
    asked = take(supervisor, case, "close", on=TODAY.isoformat(), kind="bukti_bayar",
                 reason="LUNAS")  # fmt: skip
    assert asked.headers["location"] == f"{case}?kabar=usul", words(asked)
    head = visit("kepala")
    address = re.search(r'action="([^"]+/usulan/\d+)"', head.get(case).text)
    assert address is not None
    head.post(address[1], {"putusan": "setuju"})

    page = words(supervisor.get(flag))
    assert "Kasus yang sudah ditutup PTH-J05-2026-00001 Ditutup 20 November 2026: Lunas" in page
    assert "Potret data berikutnya menilai temuan ini kembali" in page
    assert "Buka kasus PTH-J05-2026-00001" not in page
    supervisor.post(f"{flag}/buka-lagi", {"versi": version_of(supervisor, flag)})

    page = words(supervisor.get(flag))
    assert "Terima dan buka kasus" in page
    assert "Ditutup 20 November 2026: Lunas" in page


def test_an_employer_is_found_and_shown_with_workers_and_bills(supervisor: Browser) -> None:
    listed = supervisor.get("/pemberi-kerja")
    address = re.search(r'href="(/pemberi-kerja/[A-Z0-9]+)"', listed.text)
    assert address is not None

    profile = supervisor.get(address[1])
    workers = supervisor.get(f"{address[1]}/pekerja")
    bills = supervisor.get(f"{address[1]}/tagihan")

    assert "pekerja aktif" in words(profile)
    assert not re.search(r"\b\d{16}\b", words(workers).replace("NPWP", ""))
    assert "Tagihan" in words(bills)


def test_a_nik_is_shown_once_and_only_with_a_reason(supervisor: Browser) -> None:
    employer = re.search(
        r'href="(/pemberi-kerja/[A-Z0-9]+)"', supervisor.get("/pemberi-kerja").text
    )
    assert employer is not None
    page = f"{employer[1]}/pekerja"
    kpj = re.search(r'data-label="KPJ"><span>(\d+)</span>', supervisor.get(page).text)
    assert kpj is not None
    refused = supervisor.post(page, {"kpj": kpj[1], "reason": ""})
    assert refused.status_code == 422

    shown = supervisor.post(page, {"kpj": kpj[1], "reason": "Mencocokkan dengan KTP pekerja."})

    assert re.search(r"<strong class=\"code\">\d{16}</strong>", shown.text)
    assert not re.search(r"<strong class=\"code\">\d{16}</strong>", supervisor.get(page).text)


def test_a_packet_that_lacks_something_lists_everything(supervisor: Browser) -> None:
    flag = first_flag(supervisor, "PIUTANG")
    supervisor.get(flag)
    supervisor.post(f"{flag}/terima")
    page = "/kasus/PTH-J05-2026-00001/rujukan"
    supervisor.get(page)

    response = supervisor.post(page, {"cutoff": "2026-11-20"})

    assert response.status_code == 409
    assert "Yang masih kurang" in words(response)
    assert "Rujukan ke Kejaksaan belum disetujui oleh orang kedua" in words(response)


def test_what_another_branch_holds_is_not_there_for_this_one(
    supervisor: Browser, visit: Visit
) -> None:
    stranger = visit("asing")
    flag = first_flag(supervisor, "PIUTANG")
    employer = re.search(
        r'href="(/pemberi-kerja/[A-Z0-9]+)"', supervisor.get("/pemberi-kerja").text
    )
    assert employer is not None

    assert stranger.get(flag).status_code == 404
    assert stranger.get(employer[1]).status_code == 404
    assert "Tidak ada temuan di sini" in words(stranger.get("/temuan"))


def test_every_template_of_the_pages_is_drawn_in_both_languages(
    supervisor: Browser, visit: Visit, jobs: JobContext
) -> None:
    """StrictUndefined: a name that no view holds fails the page it stands on."""
    flag = first_flag(supervisor, "PIUTANG")
    supervisor.get(flag)
    case = supervisor.post(f"{flag}/terima").headers["location"].split("?")[0]
    employer = re.search(
        r'href="(/pemberi-kerja/[A-Z0-9]+)"', supervisor.get("/pemberi-kerja").text
    )
    assert employer is not None
    found = re.search(r'href="(/tautan/\d+)"', supervisor.get("/tautan?kelompok=tertaut").text)
    assert found is not None
    pair = found[1]
    environment().cache.clear()  # type: ignore[union-attr]
    snapshot = re.search(r"potret data ([0-9a-f]{16})", words(supervisor.get("/retensi")))
    assert snapshot is not None
    tasks.run_retention(jobs, snapshot_id=snapshot[1], actor="user:2")
    pages = (
        "/", "/temuan", "/temuan/pilihan", flag, "/kasus", "/kasus/baru", case,
        f"{case}/bukti", f"{case}/tenggat",
        f"{case}/rujukan", f"{case}/langkah/visit", "/impor", "/impor/1", "/pemberi-kerja",
        employer[1], f"{employer[1]}/pekerja", f"{employer[1]}/tagihan", "/kalkulator",
        "/kalkulator/iuran?month=2026-03&wage=5000000&scale=besar&jkk_class=1",
        "/kalkulator/tenggat?from=2026-03-13&count=10&unit=working_days",
        "/kalkulator/tunggakan?lines=2026-02;JHT;684000&cutoff=2026-09-30", "/kalender",
        "/kalkulator/tenggat/sertifikat?from=2026-03-13&count=10&unit=working_days",
        "/kalkulator/penyelesaian", "/radar", f"{case}/jalur", f"{case}/penyelesaian",
        f"{case}/penangguhan?entry=mulai", "/tidak-ada", f"{case}/angka",
        "/kalkulator/perkiraan?kind=PWBD&workers=A;5;2026-02-01&cutoff=2026-04-10&programmes=JHT",
        "/kalkulator/perubahan?lines=2026-02;JHT;9&cutoff=2026-03-31&cutoff_after=2026-09-30",
        "/aturan", "/aturan/PIUTANG", "/aturan/peringkat",
        "/tautan", pair,
        "/retensi", "/retensi/lanjut", "/selisih", "/koreksi",
        "/kontrol", "/kontrol/laporan",
        f"/temuan?pada={TODAY}", f"{flag}?pada={TODAY}",
    )  # fmt: skip

    own = (
        "/administrasi/pengguna", "/administrasi/pengguna/baru",
        "/administrasi/pengguna/1", "/administrasi/kantor", "/administrasi/kantor/baru",
        "/administrasi/kantor/PST", "/administrasi/token", "/administrasi/token/baru",
        "/jejak-audit", "/akun", "/akun/kata-sandi", "/parameter", "/parameter/jp.ceiling",
    )  # fmt: skip

    for browser, asked in ((supervisor, pages), (visit("admin"), own)):
        for language in ("id", "en"):
            browser.post("/bahasa", {"bahasa": language, "kembali": "/"})
            for page in asked:
                response = browser.get(page)
                assert response.status_code == (404 if page == "/tidak-ada" else 200), page
                assert f'<html lang="{language}">' in response.text

    drawn = {name for _, name in environment().cache}  # type: ignore[union-attr]
    every = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("pages/**/*.html")}
    elsewhere = {
        "pages/calendar/change.html",
        "pages/calendar/preview.html",
        "pages/administration/issued.html",
        "pages/administration/password.html",
        "pages/parameters/check.html",
        "pages/parameters/proposal.html",
        "pages/session/sign_in.html",
        "pages/cases/check.html",
        "pages/cases/delivery.html",
        "pages/api/docs.html",
        "pages/rules/trial.html",
        "pages/rules/edition.html",
        "pages/corrections/detail.html",
        "pages/controls/draw.html",
        "pages/controls/visit.html",
    }
    assert every - elsewhere - drawn == set()


def test_tables_and_rules_of_an_import_stand_in_the_order_of_the_contract(
    supervisor: Browser,
) -> None:
    report, listed = supervisor.get("/impor/1").text, supervisor.get("/impor").text
    tables = [
        "pemberi_kerja", "kepesertaan", "tagihan", "pembayaran",
        "sumber_pemberi_kerja", "sumber_pekerja",
    ]  # fmt: skip
    rules = [
        "Wajib belum daftar", "Daftar sebagian tenaga kerja", "Daftar sebagian upah",
        "Daftar sebagian program", "Menunggak iuran", "Kepesertaan pekerja terhenti",
    ]  # fmt: skip

    assert re.findall(r'is-headline"><span class="code">(\w+)</span></th>', report) == tables
    assert re.findall(r'<dt class="code">(\w+)</dt>', listed) == tables
    swept = listed.split('id="pencarian"')[1]
    assert re.findall(r"<dt>([^<]+)</dt>", swept) == rules


def chosen(browser: Browser, count: int) -> dict[str, object]:
    """Return what the page of chosen flags would send for the first flags of the list."""
    ids = re.findall(r'name="temuan" value="(\d+)"', browser.get("/temuan").text)[:count]
    page = browser.get("/temuan/pilihan?" + "&".join(f"temuan={one}" for one in ids))
    versions = dict(re.findall(r'name="(versi-\d+)" value="(\d+)"', page.text))
    return {"temuan": ids, **versions}


def test_several_flags_are_declined_with_one_reason_that_each_records(supervisor: Browser) -> None:
    form = chosen(supervisor, 3)
    flags = [f"/temuan/{one}" for one in form["temuan"]]  # type: ignore[attr-defined]

    refused = supervisor.post("/temuan/pilihan", {**form, "keputusan": "tolak", "reason": ""})
    declined = supervisor.post(
        "/temuan/pilihan",
        {**form, "keputusan": "tolak", "reason": "Satu grup, terdaftar.", "lanjut": "urut=rupiah"},
    )

    assert refused.status_code == 422
    assert '<a href="#reason">' in refused.text
    assert declined.headers["location"] == "/temuan?urut=rupiah&kabar=tolak-banyak"
    assert all("Satu grup, terdaftar." in words(supervisor.get(flag)) for flag in flags)


def test_several_flags_are_snoozed_only_until_a_day_to_come(supervisor: Browser) -> None:
    form = {**chosen(supervisor, 2), "keputusan": "tunda", "reason": "Menunggu data DJP."}

    today = supervisor.post("/temuan/pilihan", {**form, "until": TODAY.isoformat()})
    never = supervisor.post("/temuan/pilihan", {**form, "until": "2027-11-21"})
    later = supervisor.post("/temuan/pilihan", {**form, "until": "2026-12-20"})

    assert today.status_code == 422
    assert never.status_code == 422
    assert '<a href="#until">Pilih tanggal paling lambat 20 November 2027;' in never.text
    assert '<a href="#until">' in today.text
    assert later.headers["location"] == "/temuan?kabar=tunda-banyak"


def test_one_flag_that_somebody_changed_stops_the_decision_on_all(supervisor: Browser) -> None:
    form = chosen(supervisor, 2)
    first, second = (f"/temuan/{one}" for one in form["temuan"])  # type: ignore[attr-defined]
    supervisor.post(
        f"{second}/tolak",
        {"versi": version_of(supervisor, second), "alasan_tolak": "Sudah dibayar."},
    )

    refused = supervisor.post(
        "/temuan/pilihan", {**form, "keputusan": "tolak", "reason": "Satu grup, terdaftar."}
    )

    assert refused.status_code == 412
    assert "sudah diputus orang lain" in words(refused)
    assert "Satu grup" not in words(supervisor.get(first))


def test_all_chosen_flags_are_taken_before_the_audit_log_is(
    supervisor: Browser, database: Database
) -> None:
    form = chosen(supervisor, 2)
    last = int(form["temuan"][-1])  # type: ignore[index]
    decision = {**form, "keputusan": "tolak", "reason": "Satu grup, terdaftar."}
    with ThreadPoolExecutor(1) as pool, database.engine.connect() as other:
        other.execute(sa.text("SELECT 1 FROM flag WHERE id = :last FOR UPDATE"), {"last": last})
        answer = pool.submit(supervisor.post, "/temuan/pilihan", decision)
        until_somebody_waits(database)
        free = other.execute(sa.text("SELECT pg_try_advisory_xact_lock(7201)")).scalar_one()
        other.rollback()

    assert free is True
    assert answer.result().headers["location"] == "/temuan?kabar=tolak-banyak"


def until_somebody_waits(database: Database) -> None:
    for _ in range(150):
        with database.engine.connect() as looking:
            if looking.execute(sa.text("SELECT 1 FROM pg_locks WHERE NOT granted")).first():
                return
        time.sleep(0.1)
    pytest.fail("nobody waited")


def test_who_may_not_triage_is_offered_no_boxes(supervisor: Browser, visit: Visit) -> None:
    del supervisor
    lawyer = visit("hukum")

    assert 'name="temuan"' not in lawyer.get("/temuan").text
    assert lawyer.get("/temuan/pilihan").status_code == 403


def test_a_reason_that_is_too_short_is_said_beside_its_own_field(supervisor: Browser) -> None:
    flag = first_flag(supervisor, "PIUTANG")

    refused = supervisor.post(
        f"{flag}/tolak", {"versi": version_of(supervisor, flag), "alasan_tolak": "ya"}
    )

    assert '<a href="#alasan_tolak">' in refused.text
    assert 'id="alasan_tolak-kesalahan"' in refused.text


def opened_case(browser: Browser, rule: str) -> str:
    """Open a case from the first flag of a rule and return the address of its page."""
    flag = first_flag(browser, rule)
    browser.get(flag)
    case = str(browser.post(f"{flag}/terima").headers["location"]).split("?", maxsplit=1)[0]
    browser.get(case)
    return case


def test_a_case_says_why_its_arrears_changed_since_its_letter(supervisor: Browser) -> None:
    case = opened_case(supervisor, "PIUTANG")
    nothing = words(supervisor.get(f"{case}/angka"))
    take(supervisor, case, "send_notice", on=TODAY.isoformat(), letter="B/1/2026",
         kind="salinan_surat")  # fmt: skip

    page = supervisor.get(f"{case}/angka")
    wrong = supervisor.get(f"{case}/angka?since=langkah-99")

    assert "Belum ada surat, laporan, atau berkas bertanggal" in nothing
    assert f'href="{case}/angka" aria-current="page"' in page.text
    assert "Surat Penagihan B/1/2026, 20 November 2026" in words(page)
    assert "Jumlahnya sama" in words(page)
    assert wrong.status_code == 422
    assert '<a href="#since">' in wrong.text
    assert "langkah-99” (Bandingkan hari ini dengan) tidak ada pada kasus ini" in words(wrong)


def calculator_of(page: Response) -> str:
    found = re.search(r'href="(/kalkulator/perkiraan\?[^"]+)"', page.text)
    assert found is not None
    return unescape(found[1])


def test_an_estimate_of_a_case_asks_for_what_nobody_knows_and_bears_its_label(
    supervisor: Browser,
) -> None:
    case = opened_case(supervisor, "PWBD")

    asking = supervisor.get(f"{case}/angka")
    told = supervisor.get(f"{case}/angka?scale=kecil&jkk_class=2")
    wrong = supervisor.get(f"{case}/angka?scale=raksasa&jkk_class=2")
    prepared = supervisor.get(calculator_of(asking))

    assert "belum terdaftar, jadi belum ada tagihan" in words(asking)
    assert "belum diketahui; pilih untuk memperkirakan" in words(asking)
    assert "Rp" not in words(asking).split("Perkiraan yang belum pernah")[1].split("sebulan")[1]
    assert "perkiraan, bukan tagihan Rp" in words(told)
    assert "Cara Iuran penuh tiap pekerja yang belum terdaftar" in words(told)
    assert re.search(r'<option value="kecil" selected>', told.text)
    assert wrong.status_code == 422
    assert '<a href="#scale">Skala usaha “raksasa” tidak ada' in wrong.text
    assert prepared.status_code == 200
    assert "Kesalahan:" not in prepared.text
    assert '<a href="#scale">Skala usaha</a>' in prepared.text
    assert '<a href="#jkk_class">Tingkat risiko JKK</a>' in prepared.text
    assert re.search(r'name="workers"[^>]*>[^<]+; \d+; ', prepared.text)
    again = supervisor.get(calculator_of(told))
    total = re.search(r'tile__value">(Rp[\d.]+)', told.text)
    assert total is not None
    assert f'tile__value">{total[1]}<' in again.text
