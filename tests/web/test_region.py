"""Pages over a small region that was imported and swept: imports, employers, packets."""

import re

from app.demo import RegionReport
from app.infra.templating import TEMPLATES, environment
from app.jobs import tasks
from app.jobs.tasks import JobContext
from tests.web.conftest import TODAY, Browser, Visit, uploaded, words
from tests.web.finding import first_flag


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
