"""Rules as people read, question and change them, page by page."""

import re
from datetime import timedelta
from html import unescape

import pytest

from app.demo import RegionReport, write_region
from app.detection import rules
from app.jobs import tasks
from app.jobs.tasks import JobContext
from tests.web.conftest import TODAY, Browser, Visit, uploaded, words


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> RegionReport:
    return write_region(out=tmp_path_factory.mktemp("wilayah"), employers=60, seed=7, today=TODAY)


@pytest.fixture
def snapshot(visit: Visit, region: RegionReport, jobs: JobContext) -> str:
    browser = visit("penyelia")
    uploaded(browser, region)
    tasks.run_import(jobs, run_id=1)
    found = re.search(r'name="potret" value="([0-9a-f]{16})"', browser.get("/impor/1").text)
    assert found is not None
    return found[1]


def try_rule(browser: Browser, snapshot: str, *, rule: str = "PIUTANG", **changes: str) -> str:
    """Ask for a trial of a rule and return its address."""
    browser.get(f"/aturan/{rule}")
    form = {"snapshot": snapshot, "on": TODAY.isoformat(), "state": "hidup", **changes}
    answer = browser.post(f"/aturan/{rule}/uji", form)
    assert answer.status_code == 303, words(answer)
    return answer.headers["location"]


def test_every_rule_stands_with_its_question_its_law_and_its_numbers(visit: Visit) -> None:
    browser = visit("pemeriksa")

    listed, page = words(browser.get("/aturan")), words(browser.get("/aturan/PIUTANG"))

    assert "Pemberi kerja mana yang menunggak iuran beberapa bulan?" in listed
    assert "Paling sedikit 3 bulan berbeda memiliki pokok yang belum dibayar" in page
    assert "jumlah bulan menunggak paling sedikit 3" in page
    assert "UU 24/2011 Pasal 19 ayat (1) dan ayat (2) mutu A" in page
    assert "waktu pemeriksaan satu temuan menit kerja pemeriksa" in page.lower()
    assert "Jalankan uji coba" not in page


def test_what_is_wrong_with_a_trial_stands_beside_its_field(visit: Visit, snapshot: str) -> None:
    browser = visit("penyelia")
    browser.get("/aturan/PIUTANG")

    page = browser.post(
        "/aturan/PIUTANG/uji",
        {"snapshot": snapshot, "on": "2026-11-20", "state": "hidup", "arrears_months": "0"},
    )

    assert page.status_code == 422
    assert '<a href="#arrears_months">' in page.text
    assert "“0” harus antara 1 dan 60" in words(page)


def test_a_change_is_tried_followed_read_proposed_and_approved_by_another(
    visit: Visit, snapshot: str, jobs: JobContext
) -> None:
    admin, lawyer, supervisor = visit("admin"), visit("hukum"), visit("penyelia")
    trial = try_rule(supervisor, snapshot, arrears_months="2", visit_minutes="90")
    waiting = supervisor.get(trial)

    tasks.run_rule_trial(jobs, trial_id=1)

    report = words(supervisor.get(trial))
    assert "Menunggu giliran" in words(waiting)
    assert "Bulan menunggak paling sedikit 3 bulan 2 bulan" in report
    assert re.search(r"Baru muncul \d", report)
    assert "jam" in report
    assert "Contoh yang diundi" in report
    assert "Usulkan perubahan ini" not in report
    admin.get(trial)
    proposed = admin.post(
        f"{trial}/usul", {"valid_from": TODAY.isoformat(), "why": "Dua bulan sudah cukup."}
    )
    edition = proposed.headers["location"].split("?")[0]
    assert admin.post(f"{edition}/setuju", {}).status_code == 403
    lawyer.get(edition)
    approved = lawyer.post(f"{edition}/setuju", {})
    assert approved.headers["location"] == f"{edition}?kabar=aturan-setuju"
    assert "versi 1, edisi 1" in words(lawyer.get("/aturan/PIUTANG"))


def test_a_draft_stands_beside_the_version_in_force_with_its_own_words_and_numbers(
    visit: Visit, snapshot: str
) -> None:
    reader, supervisor = visit("pemeriksa"), visit("penyelia")

    page, form = words(reader.get("/aturan/LAPSED")), supervisor.get("/aturan/LAPSED").text

    live, draft = page.split("Versi 2 Rancangan")
    assert "versi 1" in live
    assert "bertanggal sesudah berakhirnya, masih mencatat mereka" in live
    assert "masih mencatat mereka bekerja di sana" in live
    assert "Tenggang data sesudah" not in live
    assert "bertanggal paling sedikit 30 hari sesudah berakhirnya" in draft
    assert "(data …), paling sedikit … hari sesudahnya, masih mencatat" in draft
    assert "Tenggang data sesudah kepesertaan berakhir hari kalender 30 30 bawaan" in draft
    assert "UU 24/2011 Pasal 15 ayat (1) mutu A" in draft
    assert re.search(r'id="version" name="version" value="1" checked', form)
    assert 'name="version" value="2">' in form
    assert "hari kalender; bawaan 30; hanya versi 2" in form
    assert "Versi 2" not in words(reader.get("/aturan/PIUTANG"))
    assert 'name="version"' not in supervisor.get("/aturan/PIUTANG").text


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"version": "3"}, "version", "tidak memiliki versi 3; pilih salah satu: 1, 2"),
        ({"version": "<b>"}, "version", "tidak memiliki versi <b>; pilih salah satu: 1, 2"),
        (
            {"version": "1", "grace_days": "45"},
            "grace_days",
            "berakhir”; kosongkan isian itu atau pilih versi 2",
        ),
        ({"version": "2", "grace_days": "181"}, "grace_days", "“181” harus antara 1 dan 180"),
    ],
)
def test_a_version_that_cannot_be_tried_is_refused_beside_its_field(
    visit: Visit, snapshot: str, changes: dict[str, str], field: str, told: str
) -> None:
    browser = visit("penyelia")
    browser.get("/aturan/LAPSED")

    page = browser.post(
        "/aturan/LAPSED/uji",
        {"snapshot": snapshot, "on": TODAY.isoformat(), "state": "hidup", **changes},
    )

    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text
    assert told in words(page)
    if "grace_days" in changes:
        assert f'value="{changes["grace_days"]}"' in page.text
        assert f'name="version" value="{changes["version"]}" checked' in page.text


def test_a_draft_is_tried_proposed_approved_by_another_and_taken_back(
    visit: Visit, snapshot: str, jobs: JobContext
) -> None:
    admin, lawyer = visit("admin"), visit("hukum")
    trial = try_rule(admin, snapshot, rule="LAPSED", version="2", grace_days="45")
    tasks.run_rule_trial(jobs, trial_id=1)

    report = words(admin.get(trial))
    assert "rancangan versi 2 di samping versi 1 yang berlaku" in report
    assert "Versi aturan versi 1 versi 2" in report
    assert (
        "Tenggang data sesudah kepesertaan berakhir tidak dipakai versi ini 45 hari kalender"
        in report
    )
    form = {"valid_from": TODAY.isoformat(), "why": "Daftar yang terlalu dini menyesatkan."}
    edition = admin.post(f"{trial}/usul", form).headers["location"].split("?")[0]
    assert admin.post(f"{edition}/setuju", {}).status_code == 403
    lawyer.get(edition)
    lawyer.post(f"{edition}/setuju", {})

    page = words(lawyer.get("/aturan/LAPSED"))
    assert "versi 2, edisi 1" in page
    assert "bertanggal paling sedikit 45 hari sesudah berakhirnya" in page
    assert "Versi 1 Pensiun Tidak berlaku lagi" in page
    assert "Versi aturan versi 2" in words(lawyer.get(edition))
    back = try_rule(admin, snapshot, rule="LAPSED", version="1")
    tasks.run_rule_trial(jobs, trial_id=2)
    assert "Versi aturan versi 2 versi 1" in words(admin.get(back))


def test_an_edition_says_which_other_takes_its_place_also_one_approved_before_it(
    visit: Visit, snapshot: str, jobs: JobContext
) -> None:
    admin, lawyer = visit("admin"), visit("hukum")
    editions, proposed = [], ""
    for number, days in ((1, 60), (2, 10)):
        trial = try_rule(admin, snapshot, arrears_months=str(number))
        tasks.run_rule_trial(jobs, trial_id=number)
        admin.get(trial)
        begins = TODAY + timedelta(days=days)
        form = {"valid_from": begins.isoformat(), "why": "Ambang baru."}
        editions.append(admin.post(f"{trial}/usul", form).headers["location"].split("?")[0])
        proposed = words(lawyer.get(editions[-1]))
        lawyer.post(f"{editions[-1]}/setuju", {})
    first, second = (words(lawyer.get(one)) for one in editions)

    told = "Edisi 1 juga sudah disetujui: sejak 19 Januari 2027 edisi itu yang dipakai"
    assert told in proposed
    assert told in second
    assert "juga sudah disetujui" not in first


def test_an_approved_change_is_called_off_on_its_page_until_it_begins(
    visit: Visit, snapshot: str, jobs: JobContext
) -> None:
    admin, lawyer, inspector = visit("admin"), visit("hukum"), visit("pemeriksa")
    trial = try_rule(admin, snapshot, arrears_months="2")
    tasks.run_rule_trial(jobs, trial_id=1)
    admin.get(trial)
    form = {"valid_from": (TODAY + timedelta(days=1)).isoformat(), "why": "Ambang baru."}
    edition = admin.post(f"{trial}/usul", form).headers["location"].split("?")[0]
    waiting = words(lawyer.get(edition))
    lawyer.post(f"{edition}/setuju", {})
    offered = words(admin.get(edition))
    short = admin.post(f"{edition}/batal", {"reason": "a"})
    read_only = words(inspector.get(edition))
    refused = inspector.post(f"{edition}/batal", {"reason": "Ambangnya salah."})

    done = admin.post(f"{edition}/batal", {"reason": "Ambangnya salah."})

    after, again = words(lawyer.get(edition)), lawyer.post(f"{edition}/batal", {"reason": "Lagi."})
    assert ["Batalkan perubahan ini" in page for page in (waiting, offered, read_only, after)] == [
        False, True, False, False,
    ]  # fmt: skip
    assert (short.status_code, refused.status_code, again.status_code) == (422, 403, 409)
    assert done.headers["location"] == f"{edition}?kabar=aturan-batal"
    assert "Dibatalkan sebelum berlaku" in after
    assert "Ambangnya salah." in after


def test_a_release_without_the_version_in_force_says_so_on_every_page_of_the_rule(
    visit: Visit, snapshot: str, jobs: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, lawyer = visit("admin"), visit("hukum")
    trial = try_rule(admin, snapshot, rule="LAPSED", version="2")
    tasks.run_rule_trial(jobs, trial_id=1)
    admin.get(trial)
    form = {"valid_from": TODAY.isoformat(), "why": "Daftar yang terlalu dini menyesatkan."}
    edition = admin.post(f"{trial}/usul", form).headers["location"].split("?")[0]
    lawyer.get(edition)
    lawyer.post(f"{edition}/setuju", {})
    monkeypatch.setattr(rules, "BESIDE", ())

    told = "Edisi 1 memakai versi 2, yang tidak ada pada rilis ini. Pencarian temuan ditolak"
    for page in ("/aturan", "/aturan/LAPSED"):
        assert told in words(lawyer.get(page))
    for page in (trial, edition):
        assert lawyer.get(page).status_code == 200
    admin.get("/aturan/LAPSED")
    refused = admin.post(
        "/aturan/LAPSED/uji",
        {"snapshot": snapshot, "on": TODAY.isoformat(), "state": "mati"},
    )
    assert refused.status_code == 503
    assert "pasang rilis yang memuat versi itu" in words(refused)


def test_a_report_says_that_hours_are_not_known_instead_of_inventing_them(
    visit: Visit, snapshot: str, jobs: JobContext
) -> None:
    browser = visit("penyelia")
    trial = try_rule(browser, snapshot, arrears_months="2")
    tasks.run_rule_trial(jobs, trial_id=1)

    page = words(browser.get(trial))

    assert "Waktu pemeriksaan tidak dihitung" in page
    assert "ketepatannya belum diketahui" in page


def test_a_trial_that_is_run_again_says_that_it_gives_the_same(
    visit: Visit, snapshot: str, jobs: JobContext
) -> None:
    browser = visit("penyelia")
    trial = try_rule(browser, snapshot, arrears_months="2")
    tasks.run_rule_trial(jobs, trial_id=1)
    browser.get(trial)

    again = browser.post(f"{trial}/ulang", {}).headers["location"]
    tasks.run_rule_trial(jobs, trial_id=2)

    assert "Hasilnya sama persis dengan uji coba 1." in words(browser.get(again))


def test_another_calendar_is_tried_shown_and_carries_no_proposal(
    visit: Visit, snapshot: str, jobs: JobContext
) -> None:
    admin = visit("admin")
    trial = try_rule(admin, snapshot, calendar="2026-10-15 Cuti bersama tambahan\r\n-2026-08-17")
    same_calendar = try_rule(admin, snapshot, arrears_months="2")

    for number in (1, 2):
        tasks.run_rule_trial(jobs, trial_id=number)

    report = words(admin.get(trial))
    assert "Tidak ada isian yang berubah; hanya kalendernya." in report
    assert re.search(
        r"Kalender yang dicoba .*17 Agustus 2026 Hari kerja Hari Kemerdekaan Republik Indonesia "
        r"15 Oktober 2026 Hari libur Cuti bersama tambahan",
        report,
    )
    assert "tidak dapat diusulkan menjadi edisi aturan: kalender diubah administrator" in report
    assert "Versi kalender yang dicoba" in report
    assert "Usulkan perubahan ini" not in report
    assert "kalender lain" in words(admin.get("/aturan/PIUTANG"))
    assert "Usulkan perubahan ini" in words(admin.get(same_calendar))
    assert "Kalender yang dicoba" not in words(admin.get(same_calendar))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("2026-10-15 Cuti & lain\n15/10/2026 <b>", "Baris 2, “15/10/2026 <b>”, tidak dapat dibaca"),
        ("2026-10-15 Cuti & lain\n2026-08-17 Lagi", "17 Agustus 2026 sudah libur pada kalender"),
    ],
)
def test_a_calendar_that_cannot_be_tried_comes_back_as_it_was_typed(
    visit: Visit, snapshot: str, lines: str, told: str
) -> None:
    browser = visit("penyelia")
    browser.get("/aturan/PIUTANG")

    page = browser.post(
        "/aturan/PIUTANG/uji",
        {"snapshot": snapshot, "on": TODAY.isoformat(), "state": "hidup", "calendar": lines},
    )

    assert page.status_code == 422
    assert '<a href="#calendar">' in page.text
    assert told in words(page)
    typed = re.search(r'<textarea[^>]* id="calendar"[^>]*>([^<]*)</textarea>', page.text)
    assert typed is not None
    assert unescape(typed[1]) == lines


def test_an_inspector_reads_rules_and_tries_none(visit: Visit, snapshot: str) -> None:
    browser = visit("pemeriksa")
    browser.get("/aturan/PIUTANG")

    answer = browser.post("/aturan/PIUTANG/uji", {"snapshot": snapshot})

    assert answer.status_code == 403


def test_every_page_of_rules_is_drawn_in_both_languages(
    visit: Visit, snapshot: str, jobs: JobContext
) -> None:
    browser = visit("admin")
    trial = try_rule(browser, snapshot, arrears_months="4")
    tasks.run_rule_trial(jobs, trial_id=1)
    browser.get(trial)
    edition = browser.post(
        f"{trial}/usul", {"valid_from": TODAY.isoformat(), "why": "Terlalu banyak."}
    ).headers["location"].split("?")[0]  # fmt: skip

    for language in ("id", "en"):
        browser.post("/bahasa", {"bahasa": language, "kembali": "/"})
        listed = ("/aturan", "/aturan/PWBD", "/aturan/PIUTANG", "/aturan/LAPSED")
        for page in (*listed, trial, edition):
            response = browser.get(page)
            assert response.status_code == 200, page
            assert f'<html lang="{language}">' in response.text


def test_a_rule_nobody_knows_is_not_there(visit: Visit) -> None:
    assert visit("pemeriksa").get("/aturan/TIDAK_ADA").status_code == 404


def test_other_weights_are_checked_proposed_and_approved_by_another(visit: Visit) -> None:
    admin, lawyer = visit("admin"), visit("hukum")
    admin.get("/aturan/peringkat")
    weights = {
        "bobot_rupiah": "40", "bobot_pekerja": "20", "bobot_keyakinan": "15", "bobot_lama": "5",
        "bobot_data": "10", "bobot_batas": "10",
    }  # fmt: skip
    wrong = admin.post("/aturan/peringkat/periksa", {**weights, "bobot_lama": "6"})
    assert wrong.status_code == 422
    assert "Jumlah bobot 101" in words(wrong)
    checked = admin.post("/aturan/peringkat/periksa", weights)
    assert "Yang akan berubah" in words(checked)

    made = admin.post(
        "/aturan/peringkat",
        {**weights, "valid_from": TODAY.isoformat(), "why": "Rupiah didahulukan."},
    )
    own = admin.post("/aturan/peringkat/1/setuju", {})
    lawyer.get("/aturan/peringkat")
    approved = lawyer.post("/aturan/peringkat/1/setuju", {})

    assert made.headers["location"] == "/aturan/peringkat?kabar=bobot-usul"
    assert own.status_code == 403
    assert approved.headers["location"] == "/aturan/peringkat?kabar=bobot-setuju"
    assert "edisi 1" in words(lawyer.get("/aturan/peringkat"))


def test_coming_weights_are_listed_and_called_off_by_their_number(visit: Visit) -> None:
    admin, lawyer = visit("admin"), visit("hukum")
    admin.get("/aturan/peringkat")
    begins = TODAY + timedelta(days=10)
    weights = {
        "bobot_rupiah": "40", "bobot_pekerja": "20", "bobot_keyakinan": "15", "bobot_lama": "5",
        "bobot_data": "10", "bobot_batas": "10",
        "valid_from": begins.isoformat(), "why": "Rupiah didahulukan.",
    }  # fmt: skip
    admin.post("/aturan/peringkat", weights)
    lawyer.get("/aturan/peringkat")
    lawyer.post("/aturan/peringkat/1/setuju", {})
    coming = words(lawyer.get("/aturan/peringkat"))
    nameless = lawyer.post("/aturan/peringkat/batal", {"alasan_batal": "Salah hitung."})
    short = lawyer.post("/aturan/peringkat/batal", {"edisi": "1", "alasan_batal": ""})

    done = lawyer.post("/aturan/peringkat/batal", {"edisi": "1", "alasan_batal": "Salah hitung."})

    after = words(lawyer.get("/aturan/peringkat"))
    assert "Edisi 1, berlaku sejak" in coming
    assert (nameless.status_code, short.status_code) == (422, 422)
    assert 'href="#alasan_batal"' in short.text
    assert done.headers["location"] == "/aturan/peringkat?kabar=bobot-batal"
    assert "Batalkan edisi ini" not in after
    assert "Dibatalkan sebelum berlaku" in after


def swept_again(jobs: JobContext, snapshot: str) -> None:
    tasks.run_sweep(jobs, snapshot_id=snapshot, on=TODAY.isoformat(), actor="test")


def test_until_the_next_sweep_pages_say_by_which_weights_flags_are_sorted(
    visit: Visit, snapshot: str, jobs: JobContext
) -> None:
    admin, lawyer, reader = visit("admin"), visit("hukum"), visit("penyelia")
    swept_again(jobs, snapshot)
    flag = re.search(r'href="(/temuan/\d+)', reader.get("/temuan").text)
    assert flag is not None

    def pages() -> tuple[str, str]:
        return words(reader.get(flag[1])), words(admin.get("/aturan/peringkat"))

    before = pages()
    admin.post(
        "/aturan/peringkat",
        {
            "bobot_rupiah": "40", "bobot_pekerja": "20", "bobot_keyakinan": "15",
            "bobot_lama": "5", "bobot_data": "10", "bobot_batas": "10",
            "valid_from": TODAY.isoformat(), "why": "Rupiah didahulukan.",
        },
    )  # fmt: skip
    lawyer.get("/aturan/peringkat")
    lawyer.post("/aturan/peringkat/1/setuju", {})

    approved = pages()
    swept_again(jobs, snapshot)
    swept = pages()

    assert ["menurut bobot bawaan" in page for page in (*before, *approved, *swept)] == [
        True, False, True, True, False, False,
    ]  # fmt: skip
    assert "menurut bobot edisi 1" in swept[0]
