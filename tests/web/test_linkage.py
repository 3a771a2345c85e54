"""Pages of pairs: what a person sees, decides and takes back, and what rests on it."""

import re
from pathlib import Path

import pytest

from app.detection import queries as flags
from app.detection.schemas import FlagFilter
from app.detection.service import sweep
from app.infra.calendars import packaged_calendar
from app.infra.database import Database
from app.infra.settings import Settings
from app.registry.schemas import SnapshotView, TableInfo
from app.registry.snapshots import identity, keep
from tests.detection.scene import NOW, SUPERVISOR
from tests.detection.snapshots import Registry
from tests.web.conftest import TODAY, Browser, Visit, words

REASON = "Akta dan alamatnya sama."


@pytest.fixture
def registry() -> Registry:
    """One employer here, known elsewhere by a slip and, under other numbers, by its own name."""
    made = Registry()
    ours = made.employer(nama="PT Sinar Jaya Abadi", alamat="Jl. Merdeka No. 12, Kec. Setu")
    made.record(
        ours, id_sumber="W-1", nama="PT Sinar Jaya Abdai", npwp=None, nib=None,
        alamat=ours["alamat"], jumlah_tk=9,
    )  # fmt: skip
    made.record(ours, id_sumber="W-2", npwp="990000000000001", nib="9900000000001")
    return made


@pytest.fixture
def supervisor(visit: Visit, registry: Registry, database: Database, settings: Settings) -> Browser:
    browser = visit("penyelia")
    swept(registry, database, settings)
    return browser


def swept(registry: Registry, database: Database, settings: Settings) -> None:
    folder: Path = settings.snapshots_dir
    hashes = {table: keep(folder, path) for table, path in registry.write(folder).items()}
    view = SnapshotView(
        id=identity(hashes),
        as_of=TODAY,
        created_at=NOW,
        tables={name: TableInfo(1, 0, sha256, False) for name, sha256 in hashes.items()},
        previous_id=None,
    )
    with database.transaction() as session:
        sweep(
            session, principal=SUPERVISOR, snapshot=view, snapshots_dir=folder, on=TODAY,
            calendar=packaged_calendar(), scratch=settings.scratch_dir, memory="500MB", now=NOW,
        )  # fmt: skip


def unregistered(database: Database) -> int:
    """Return the flag that says an employer is not registered."""
    with database.transaction() as session:
        (flag,) = [
            one
            for one in flags.flags(
                session, principal=SUPERVISOR, filter=FlagFilter(rule="PWBD"), cursor=None, limit=9
            ).items
            if one.seen
        ]
    return flag.id


def first_pair(browser: Browser, group: str = "menunggu") -> str:
    found = re.search(r'href="(/tautan/\d+)"', browser.get(f"/tautan?kelompok={group}").text)
    assert found is not None
    return found[1]


def version_of(browser: Browser, pair: str) -> str:
    found = re.search(r'name="versi" value="(\d+)"', browser.get(pair).text)
    assert found is not None
    return found[1]


def test_a_pair_is_told_field_by_field_decided_and_taken_back(supervisor: Browser) -> None:
    assert "Pasangan yang menunggu ditinjau: 1" in words(supervisor.get("/temuan"))
    pair = first_pair(supervisor)
    page = words(supervisor.get(pair))
    assert "NPWP atau NIB keduanya ada dan berlainan" in page
    assert "Sama, dan jarang dipakai" in page
    assert "mendukung" in page

    missing = supervisor.post(f"{pair}/putusan", {"versi": version_of(supervisor, pair)})
    assert missing.status_code == 422
    assert '<a href="#keputusan">' in missing.text
    assert '<a href="#reason">' in missing.text
    decided = supervisor.post(
        f"{pair}/putusan",
        {"versi": version_of(supervisor, pair), "keputusan": "sama", "reason": REASON},
    )

    assert decided.headers["location"] == f"{pair}?kabar=tautan"
    page = words(supervisor.get(pair))
    assert REASON in page
    assert "Sesudah pencarian temuan berikutnya: ditautkan oleh keputusan petugas." in page
    assert pair in supervisor.get("/tautan?kelompok=diputus").text
    back = supervisor.post(
        f"{pair}/urungkan", {"versi": version_of(supervisor, pair), "reason": "Salah baca akta."}
    )
    assert back.headers["location"] == f"{pair}?kabar=tautan-cabut"
    assert pair in supervisor.get("/tautan").text


def test_a_case_that_rests_on_a_pair_is_named_with_what_to_do(
    supervisor: Browser, database: Database
) -> None:
    flag_id = unregistered(database)
    supervisor.get(f"/temuan/{flag_id}")
    assert "Mungkin sudah terdaftar" in words(supervisor.get(f"/temuan/{flag_id}"))
    opened = supervisor.post(f"/temuan/{flag_id}/terima").headers["location"]

    page = words(supervisor.get(first_pair(supervisor)))

    assert "PTH-" in opened
    assert "anggapan bahwa pemberi kerja ini belum terdaftar" in page
    assert "Tarik: tidak ada temuan lain yang menopang kasus ini." in page


def test_a_case_tells_that_a_link_it_rests_on_was_decided_and_no_longer_when_it_is_taken_back(
    supervisor: Browser, database: Database
) -> None:
    flag_id = unregistered(database)
    pair = first_pair(supervisor)
    supervisor.get(f"/temuan/{flag_id}")
    case = supervisor.post(f"/temuan/{flag_id}/terima").headers["location"].split("?")[0]
    told = "Tautan yang menjadi dasar kasus ini berubah"

    def say(verdict: str) -> str:
        supervisor.post(
            f"{pair}/putusan",
            {"versi": version_of(supervisor, pair), "keputusan": verdict, "reason": REASON},
        )
        return words(supervisor.get(case))

    assert told not in words(supervisor.get(case))
    assert told not in say("beda")  # what the case says already
    page = say("sama")
    assert told in page
    assert "pemberi kerja sama, semula belum diputus" in page
    assert REASON in page
    assert "Tarik: tidak ada temuan lain yang menopang kasus ini." in page
    assert f'href="{pair}"' in supervisor.get(case).text
    supervisor.post(
        f"{pair}/urungkan", {"versi": version_of(supervisor, pair), "reason": "Salah baca akta."}
    )
    assert told not in words(supervisor.get(case))


def test_a_sure_pair_stands_among_those_linked_without_a_number(supervisor: Browser) -> None:
    page = words(supervisor.get("/tautan?kelompok=tertaut"))

    assert "PT Sinar Jaya Abdai" in page
    assert "Ditautkan karena kemiripan." in page


def test_where_two_names_are_a_slip_apart_the_letters_are_marked(supervisor: Browser) -> None:
    page = supervisor.get(first_pair(supervisor, "tertaut")).text

    assert "PT Sinar Jaya Ab<mark>ad</mark>i" in page
    assert "PT Sinar Jaya Ab<mark>da</mark>i" in page
    assert page.count("<mark>") == 2


def test_another_branch_sees_no_pair_and_a_lawyer_decides_none(
    supervisor: Browser, visit: Visit
) -> None:
    pair = first_pair(supervisor)
    lawyer = visit("hukum")

    assert "Simpan keputusan" not in lawyer.get(pair).text
    lawyer.get(pair)
    refused = lawyer.post(f"{pair}/putusan", {"versi": "0", "keputusan": "beda", "reason": REASON})
    assert refused.status_code == 403


def test_a_pair_of_workers_is_told_without_a_nik_until_somebody_says_why(
    visit: Visit, database: Database, settings: Settings
) -> None:
    made = Registry()
    ours = made.employer()
    member = made.member(1, nik="3216060302900001", nama="Muhammad Rizki Hidayat")
    record = made.record(ours, jumlah_tk=1)
    made.listed(
        record, 1, nik="3301110302905555", nama="M. Rizki Hidayat", tgl_lahir=member["tgl_lahir"]
    )
    browser = visit("penyelia")
    swept(made, database, settings)

    pair = first_pair(browser, "menunggu&jenis=pekerja")
    page = browser.get(pair).text
    assert "Satu orang, atau dua?" in page
    assert "NIK keduanya terlalu berlainan untuk disebut salah tulis." in words(browser.get(pair))
    assert "3301110302905555" not in page
    assert "3216060302900001" not in page
    assert str(member["tgl_lahir"]) not in page
    assert f"{member['tgl_lahir']:%Y}" in words(browser.get(pair))
    assert pair not in browser.get("/tautan?jenis=pemberi_kerja").text
    refused = browser.post(f"{pair}/nik", {"alasan_nik": "ya"})
    assert refused.status_code == 422
    assert '<a href="#alasan_nik">' in refused.text
    shown = browser.post(f"{pair}/nik", {"alasan_nik": "Mencocokkan kartu penduduk."})

    assert "3301110302905555" in shown.text
    assert "3216060302900001" in shown.text
    assert "3301110302905555" not in browser.get(pair).text
