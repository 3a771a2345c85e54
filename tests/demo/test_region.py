"""What a demo region promises: same bytes, believable people, rows in every format."""

from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook
from stdnum import luhn

from app.demo import FORMATS, RegionReport, write_region
from app.errors import Invalid
from app.law.book import SHIPPED
from app.law.contributions import contribution
from app.law.month import Month
from app.registry.formats.kepesertaan import CHANNELS
from app.registry.reference.regions import business_titles, regency_names
from tests.demo.readings import TABLES, day, identifier, npwp15, table

TODAY = date(2026, 11, 20)
WOMEN = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("region")


@pytest.fixture(scope="module")
def report(folder: Path) -> RegionReport:
    return write_region(out=folder, employers=150, seed=7, formats=FORMATS, today=TODAY)


def clean(folder: Path, name: str) -> list[dict[str, str]]:
    rejected = {
        int(row["line"])
        for row in table(folder, "truth")
        if row["kind"] == "dirt" and row["table"] == name
    }
    return [row for line, row in enumerate(table(folder, name), start=2) if line not in rejected]


def test_the_same_seed_gives_the_same_bytes_in_every_format(
    folder: Path, report: RegionReport, tmp_path: Path
) -> None:
    again = write_region(out=tmp_path, employers=150, seed=7, formats=FORMATS, today=TODAY)

    assert [file.name for file in again.files] == [file.name for file in report.files]
    assert [file.read_bytes() for file in again.files] == [
        file.read_bytes() for file in report.files
    ]


def test_another_seed_gives_another_region(report: RegionReport, tmp_path: Path) -> None:
    write_region(out=tmp_path, employers=150, seed=8, today=TODAY)

    assert (tmp_path / "kepesertaan.csv").read_bytes() != report.files[0].read_bytes()


def test_every_format_holds_the_same_rows(folder: Path, report: RegionReport) -> None:
    book = CalamineWorkbook.from_path(folder / "patuh-demo.xlsx")

    for name in TABLES:
        rows = table(folder, name)
        sheet = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        columns = pq.read_table(folder / f"{name}.parquet").to_pydict()
        assert len(rows) == report.rows[name] == len(sheet) - 1
        assert sheet[0] == list(rows[0]) == list(columns)
        for column, cells in columns.items():
            at = sheet[0].index(column)
            texts = [row[column] for row in rows]
            assert [_meant(cell) for cell in cells] == [_meant(text) for text in texts], column
            assert [_meant(row[at]) for row in sheet[1:]] == [_meant(text) for text in texts]


def _meant(cell: object) -> str:
    """Reduce a cell to what it means, whatever the format had to do to it."""
    match cell:
        case None:
            return ""
        case float():
            return str(int(cell))
        case date():
            return cell.isoformat()
        case str() if cell.count("/") == 2 and _is_day(cell):
            return day(cell).isoformat()
        case str() if cell.replace(".", "").isdigit() and "-" not in cell and len(cell) < 14:
            return cell.replace(".", "")
        case _:
            return str(cell)


def _is_day(text: str) -> bool:
    try:
        day(text)
    except ValueError:
        return False
    return True


def test_a_nik_carries_the_birth_date_beside_it(folder: Path, report: RegionReport) -> None:
    zeroed = {
        row["nik"] for row in table(folder, "truth") if row["pattern"].startswith("excel_zeroed")
    }
    for name in ("kepesertaan", "sumber_pekerja"):
        for row in clean(folder, name):
            nik, born = identifier(row["nik"]), day(row["tgl_lahir"])
            assert len(nik) == 16
            assert nik in zeroed or nik[6:12] in {
                f"{born:%d%m%y}",
                f"{born.day + WOMEN}{born:%m%y}",
            }
            assert f"{nik[:2]}.{nik[2:4]}" in regency_names()


def test_codes_are_real_and_tax_numbers_pass_their_check(
    folder: Path, report: RegionReport
) -> None:
    offices = {office.code for office in report.offices}
    for row in clean(folder, "pemberi_kerja"):
        assert row["kode_wilayah"] in regency_names()
        assert not row["kbli"] or row["kbli"] in business_titles()
        assert row["kantor_cabang"] in offices
        assert len(row["npp"]) == 8
        if row["npwp"]:
            luhn.validate(npwp15(row["npwp"])[:9])
    assert {office.kode_wilayah for office in report.offices} <= set(regency_names())


def test_most_memberships_tell_a_channel_and_large_employers_have_no_agents(
    folder: Path, report: RegionReport
) -> None:
    sizes = {row["npp"]: row["skala"] for row in clean(folder, "pemberi_kerja")}
    told = Counter((sizes[row["npp"]], row["kanal"]) for row in clean(folder, "kepesertaan"))

    assert {code for _, code in told} == {"", *CHANNELS}
    assert 0 < sum(count for (_, code), count in told.items() if not code) < told.total() / 10
    assert told["mikro", "perisai"] > told["mikro", "kantor"] > 0
    assert told["besar", "perisai"] == 0


def test_a_bill_is_the_sum_of_what_the_law_asks_for_each_worker(
    folder: Path, report: RegionReport
) -> None:
    rows = clean(folder, "pemberi_kerja")
    classes = {row["npp"]: int(row["kelas_jkk"]) for row in rows}
    members = clean(folder, "kepesertaan")
    month = Month(2026, 2)
    expected: Counter[tuple[str, str, str]] = Counter()
    for member in members:
        left = day(member["tgl_akhir"]) if member["tgl_akhir"] else TODAY
        if day(member["tgl_mulai"]) > month.last_day or left < month.first_day:
            continue
        owed = contribution(
            month=month,
            wage=int(member["upah"].replace(".", "")),
            jkk_class=classes[member["npp"]],
            scale=None,
            programmes=tuple(member["program"].split(",")),
            labour_intensive=False,
            law=SHIPPED,
        )
        for share in owed.shares:
            expected[member["npp"], member["divisi"], share.programme] += share.payable

    billed = {
        (row["npp"], row["divisi"], row["program"]): int(row["jumlah"].replace(".", ""))
        for row in clean(folder, "tagihan")
        if row["blth"] == str(month)
    }

    assert billed == expected


def test_the_default_region_is_of_believable_size_and_skew(tmp_path: Path) -> None:
    report = write_region(out=tmp_path, today=TODAY)

    active = Counter(row["npp"] for row in clean(tmp_path, "kepesertaan") if not row["tgl_akhir"])
    sizes = sorted(active.values(), reverse=True)
    assert len({row["npp"] for row in clean(tmp_path, "pemberi_kerja")}) == 2000
    assert 30_000 <= sum(sizes) <= 50_000
    assert sum(sizes[: len(sizes) // 20]) > sum(sizes) // 2
    assert sizes[len(sizes) // 2] < 10
    assert len({row["blth"] for row in clean(tmp_path, "tagihan")}) == 24
    assert {row["sumber"] for row in clean(tmp_path, "sumber_pemberi_kerja")} == {
        "WLKP",
        "OSS",
        "DJP",
        "KESEHATAN",
        "LAPORAN",
    }
    assert report.rows["tagihan"] > 100_000


@pytest.mark.parametrize(
    ("employers", "formats"), [(0, ("csv",)), (840_001, ("csv",)), (5, ("ods",)), (5, ())]
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(
    tmp_path: Path, employers: int, formats: tuple[str, ...]
) -> None:
    with pytest.raises(Invalid):
        write_region(out=tmp_path, employers=employers, formats=formats, today=TODAY)

    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_is_too_short_is_refused_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.demo.writers._SHEET_ROWS", 100)

    with pytest.raises(Exception, match="lembar kerja"):
        write_region(out=tmp_path, employers=10, formats=("xlsx",), today=TODAY)

    assert list(tmp_path.iterdir()) == []
