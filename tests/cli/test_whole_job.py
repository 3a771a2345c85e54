"""The main job from the command line: extracts, snapshot, flags, case, sealed packet, backup."""

import csv
import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.accounts import queries as accounts
from app.accounts.queries import operator
from app.cases import queries as cases
from app.cases import service as casework
from app.cases.papers import PaperKind
from app.cases.service import PaperGiven
from app.cli.commands import COMMANDS, GROUPS, command_line
from app.cli.runtime import open_runtime
from app.demo import write_region
from app.infra import clock
from app.infra.calendars import packaged_calendar
from app.infra.database import Database
from app.law.calendar import CollectiveLeave
from tests.conftest import create_database
from tests.detection.scene import flag_row

Run = Callable[..., Result]
ENDED = date(2026, 11, 19)


@pytest.fixture
def patuh(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command against a fresh database and data folder."""
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.setenv("PATUH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PATUH_LOG_LEVEL", "error")
    app = command_line({*COMMANDS, *GROUPS})
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from app.cli.demo import STORY_ENDS  # noqa: PLC0415 - keeps collection light

    folder = tmp_path_factory.mktemp("region")
    write_region(out=folder, employers=150, seed=7, formats=("csv",), today=STORY_ENDS)
    return folder


def test_extracts_become_flags_and_a_second_time_changes_nothing(
    patuh: Run, region: Path, tmp_path: Path
) -> None:
    first = patuh("import", region, "--as-of", "2026-11-20", "--json")
    again = patuh("import", region, "--as-of", "2026-11-20", "--json")
    sweep = patuh("sweep", "--on", "2026-11-20", "--json")
    second = patuh("sweep", "--on", "2026-11-20", "--json")
    patuh("flags", "export", "--out", tmp_path / "flags.csv")

    report = json.loads(first.stdout)
    assert report["snapshot_id"] == json.loads(again.stdout)["snapshot_id"]
    assert {row["reason"] != "" for row in report["rejected"]} == {True}
    new = {code: counts["new"] for code, counts in json.loads(sweep.stdout)["rules"].items()}
    assert all(new.values())
    for code, counts in json.loads(second.stdout)["rules"].items():
        assert counts == {"new": 0, "still": new[code], "gone": 0}
    with (tmp_path / "flags.csv").open(encoding="utf-8") as file:
        assert sum(1 for _ in csv.DictReader(file)) == sum(new.values())


def test_a_region_is_written_as_csv_unless_another_format_is_named(
    patuh: Run, tmp_path: Path
) -> None:
    region = ("demo", "--employers", 5, "--out")

    assert patuh(*region, tmp_path / "unsaid").exit_code == 0
    assert patuh(*region, tmp_path / "csv", "--format", "csv").exit_code == 0
    assert patuh(*region, tmp_path / "parquet", "--format", "parquet").exit_code == 0

    def written(name: str) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()}

    assert written("unsaid") == written("csv")
    assert {name.rpartition(".")[2] for name in written("parquet")} == {"parquet", "csv"}
    assert [name for name in written("parquet") if name.endswith(".csv")] == ["truth.csv"]


def test_flags_whose_rest_is_over_wake_by_command(patuh: Run, database: Database) -> None:
    today = clock.today("Asia/Jakarta")
    with database.transaction() as session:
        session.add(flag_row(1, status="ditunda", snooze_until=today - timedelta(days=1)))
        session.add(flag_row(2, status="ditunda", snooze_until=today + timedelta(days=1)))

    first = patuh("flags", "wake", "--json")
    again = patuh("flags", "wake")

    assert json.loads(first.stdout) == {"snoozes": 1, "exceptions": 0}
    assert "0 penundaan dan 0 pengecualian berakhir" in " ".join(again.output.split())


def test_the_import_says_what_it_assumed(patuh: Run, tmp_path: Path) -> None:
    heading = (
        "npp;divisi;nama;bentuk;npwp;nib;kbli;skala;kelas_jkk;alamat;kode_wilayah;kantor_cabang;"
        "tgl_daftar;status;program\n"
    )
    employer = "AA000001;000;PT Café;PT;;;10110;kecil;2;;31.71;J01;01/07/2015;aktif;JKK,JKM\n"
    (tmp_path / "pemberi_kerja.csv").write_bytes((heading + employer).encode("windows-1252"))

    said = " ".join(patuh("import", tmp_path / "pemberi_kerja.csv").stderr.split())

    assert "pemberi_kerja: berkas dibaca dengan pengodean Windows-1252" in said
    assert "pemberi_kerja.tgl_daftar: tanggal dibaca sebagai hari-bulan-tahun (1×)" in said


def test_an_import_without_a_snapshot_carries_nothing_over(patuh: Run, tmp_path: Path) -> None:
    (tmp_path / "pemberi_kerja.csv").write_text("npp;divisi\nAA;000\n")

    refused = patuh("import", tmp_path / "pemberi_kerja.csv", "--json")

    assert refused.exit_code == 1
    report = json.loads(refused.stdout)
    assert (report["snapshot_id"], report["warnings"]) == (None, [])
    assert report["rejected_files"][0]["file"] == "pemberi_kerja.csv"


def test_a_dry_run_counts_and_keeps_nothing(patuh: Run, region: Path) -> None:
    patuh("import", region, "--as-of", "2026-11-20")

    counted = json.loads(patuh("sweep", "--on", "2026-11-20", "--dry-run", "--json").stdout)
    real = json.loads(patuh("sweep", "--on", "2026-11-20", "--json").stdout)

    assert counted == real


def test_the_demo_job_seals_packets_that_verify_and_survive_a_backup(
    patuh: Run,
    database: Database,
    tmp_path: Path,
    server_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = patuh("start", "--no-serve", "--employers", "400")
    assert made.exit_code == 0, made.output
    again = patuh("start", "--no-serve", "--employers", "400")
    packets = sorted((tmp_path / "data/packets").iterdir())

    assert again.stdout == made.stdout
    assert done_when_closed(database) == {}
    assert packets
    assert patuh("verify", packets[0]).exit_code == 0
    rebuilt = patuh(
        "packet", packets[0].name[4:22], "--cutoff", "2026-11-20", "--out", tmp_path / "again"
    )
    assert rebuilt.exit_code == 0, rebuilt.output
    pdf = f"{packets[0].name}.pdf"
    assert (packets[0] / pdf).read_bytes() == (
        tmp_path / "again" / packets[0].name / pdf
    ).read_bytes()

    seals_by_name(patuh, packets[0].name[4:22], tmp_path / "lain")
    assert patuh("audit", "verify").exit_code == 0
    assert patuh("backup", tmp_path / "patuh.tar").exit_code == 0
    for other in restored_into(server_url, tmp_path, monkeypatch):
        back = patuh("restore", tmp_path / "patuh.tar")
        assert back.exit_code == 0, back.output
        assert (
            patuh("start", "--no-serve").stdout.splitlines()[1:20]
            == (made.stdout.splitlines()[1:20])
        )
        assert (other / "blobs").is_dir()


def done_when_closed(database: Database) -> dict[date, str]:
    """Return the days of acts in the demo's cases on which no office is open, and why."""
    with database.engine.connect() as connection:
        days = connection.exec_driver_sql(
            "SELECT opened_on FROM case_file UNION SELECT took_place_on FROM case_event"
            " UNION SELECT dated_on FROM evidence UNION SELECT sent_on FROM service_attempt"
            " UNION SELECT received_on FROM service_attempt WHERE received_on IS NOT NULL"
        ).scalars()
        calendar = packaged_calendar()
        off = {day: calendar.reason_off(day, collective_leave=CollectiveLeave.DAY_OFF)
               for day in days}  # fmt: skip
    assert len(off) > 10
    return {day: why for day, why in off.items() if why is not None}


def seals_by_name(patuh: Run, case: str, out: Path) -> None:
    """A new cut-off is built without a name, and becomes a step of the case with one."""
    call = ("packet", case, "--cutoff", "2026-11-19", "--out", out)
    nameless = patuh(*call)
    assert nameless.exit_code == 0, nameless.output
    assert "belum dicatat pada kasus" in " ".join(nameless.stderr.split())
    assert patuh("verify", nameless.stdout.strip()).exit_code == 0

    auditor = patuh(*call, "--user", "auditor@demo.patuh.example")
    assert auditor.exit_code == 1
    assert "tidak berwenang" in auditor.stderr
    unknown = patuh(*call, "--user", "siapa@contoh.test")
    assert unknown.exit_code == 1
    assert "siapa@contoh.test" in unknown.stderr

    pupn = hands_to_pupn(case)
    sunk = patuh(*call, "--user", "hukum@demo.patuh.example")
    assert sunk.exit_code == 1
    assert "1 cacat dapat menggugurkan perkara" in sunk.stderr
    assert "- Penyerahan piutang ke PUPN/KPKNL S-7/KNL masih berjalan" in sunk.stderr
    takes_back_from_pupn(pupn)

    named = patuh(*call, "--user", "hukum@demo.patuh.example")
    assert named.exit_code == 0, named.output
    assert "belum dicatat pada kasus" not in " ".join(named.stderr.split())


def hands_to_pupn(case: str) -> int:
    with open_runtime() as runtime, runtime.database.transaction() as session:
        found = cases.case_file(session, principal=operator(session), case=case, on=ENDED)
        given = PaperGiven(kind=PaperKind.PUPN, number="S-7/KNL", signed_on=found.opened_on)
        return casework.record_paper(
            session, principal=operator(session), case_id=found.id, given=given, now=clock.now()
        ).id


def takes_back_from_pupn(paper: int) -> None:
    with open_runtime() as runtime, runtime.database.transaction() as session:
        casework.end_paper(
            session,
            principal=operator(session),
            paper_id=paper,
            ended_on=ENDED,
            reason="Ditarik kembali.",
            now=clock.now(),
        )


def restored_into(
    server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Point the commands to an empty installation, and drop it afterwards."""
    url = create_database(server_url, "restored_patuh", "template1")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("PATUH_DATA", str(tmp_path / "other"))
    yield tmp_path / "other"
    create_database(server_url, "restored_patuh", None)


def test_a_flipped_byte_anywhere_in_a_backup_is_found_before_anything_is_restored(
    patuh: Run, region: Path, tmp_path: Path
) -> None:
    patuh("import", region / "pemberi_kerja.csv")
    patuh("backup", tmp_path / "patuh.tar")
    content = bytearray((tmp_path / "patuh.tar").read_bytes())
    content[len(content) // 3] ^= 1
    (tmp_path / "damaged.tar").write_bytes(content)

    result = patuh("restore", tmp_path / "damaged.tar")

    assert result.exit_code == 1
    assert "rusak" in result.stderr or "utuh" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "tidak-ada.csv"), "tidak-ada.csv"),
        (("sweep",), "Belum ada potret data"),
        (("flags", "export", "--out", "README.md/flags.csv"), "README.md/flags.csv"),
        (("demo", "--out", "README.md", "--employers", "1"), "README.md"),
        (("packet", "PTH-X", "--cutoff", "2026-11-20", "--out", "x"), "PTH-X"),
        (("user", "add", "a@b.test", "--role", "raja", "--office", "PST"), "raja"),
        (("token", "create", "DJP", "--scopes", "semua"), "semua"),
        (("restore", "README.md"), "README.md"),
    ],
)
def test_a_wrong_call_is_refused_with_the_value_that_matters(
    patuh: Run, arguments: tuple[str, ...], said: str
) -> None:
    result = patuh(*arguments)

    assert result.exit_code == 1, result.output
    assert said in result.stderr.replace("\n", " ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sweep", "--on", "31-12-2026"), "31-12-2026"),
        (("sweep", "--engine", "abakus"), "abakus"),
        (("demo", "--out", "x", "--format", "docx"), "docx"),
        (("serve", "--port", "0"), "--port"),
    ],
)
def test_a_value_that_an_option_never_takes_is_wrong_usage(
    patuh: Run, arguments: tuple[str, ...], said: str
) -> None:
    result = patuh(*arguments)

    assert result.exit_code == 2, result.output
    assert said in result.stderr.replace("\n", " ")


def test_a_port_that_is_taken_is_named_before_anything_starts(patuh: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        answers = [patuh(command, "--port", port) for command in ("serve", "start")]

    assert [answer.exit_code for answer in answers] == [1, 1]
    assert all(str(port) in answer.stderr for answer in answers)


def test_an_import_that_could_use_nothing_says_so_of_every_file_as_json(
    patuh: Run, tmp_path: Path
) -> None:
    (tmp_path / "tagihan.csv").write_bytes(b"")
    (tmp_path / "gaji.csv").write_text("npp\n1\n")

    result = patuh("import", tmp_path, "--json")

    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert report["snapshot_id"] is None
    assert {one["file"] for one in report["rejected_files"]} == {"tagihan.csv", "gaji.csv"}


def test_commands_at_once_on_a_fresh_installation_all_succeed(patuh: Run) -> None:
    del patuh

    with ThreadPoolExecutor(max_workers=4) as together:
        answers = list(together.map(lambda _: opened(), range(4)))

    assert answers == ["Kantor Pusat"] * 4


def opened() -> str:
    with open_runtime() as runtime, runtime.database.transaction() as session:
        return accounts.office(session, code="PST").name


def test_a_token_is_shown_once_as_json(patuh: Run) -> None:
    result = patuh("token", "create", "DJP", "--scopes", "flags:read,calculations", "--json")

    assert json.loads(result.stdout)["token"].startswith("patuh_api_")
