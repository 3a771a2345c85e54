"""What carries no identity is taken from names of people; what a NIK says is read from it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.linkage.bands import JudgedWorker, bits, worker_band
from app.linkage.people import birth_in_nik, is_womans, person_name
from app.linkage.splink_engine import _ALIKE
from app.linkage.workers import WORKERS
from tests.linkage.conftest import LIMITS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muhammad Rizki", "M. Rizki"),
        ("Muhammad Rizki", "MOH RIZKI"),
        ("Muhamad Rizki", "Mochammad Rizki"),
        ("Siti Nur Hidayah", "SITI NURHIDAYAH"),
        ("Nurul Aini", "Nurulaini"),
        ("Budi Santoso", "H. Budi Santoso, S.E."),
        ("Budi Santoso", "Drs. BUDI SANTOSO SH"),
        ("Ahmad Yani", "K.H. Achmad Yani"),
        ("Abd. Rahman", "Abdul Rahman"),
        ("Sri Wahyuni", "WAHYUNI SRI"),
        ("Sukarno", "Soekarno"),
        ("Ma'ruf", "Maruf"),
    ],
)
def test_one_person_written_otherwise_is_one(one: str, other: str) -> None:
    assert person_name(one).key == person_name(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Budi Santoso", "Budi Susanto"),
        ("Siti", "Siti Aminah"),
        ("Nur", "Nurul"),
        ("Muhammad", "Ahmad"),
    ],
)
def test_two_people_stay_two(one: str, other: str) -> None:
    assert person_name(one).key != person_name(other).key


@pytest.mark.parametrize("text", ["", "  ", "H.", "1234", "M."])
def test_what_is_no_name_breaks_nothing(text: str) -> None:
    assert person_name(text).initials == "".join(word[0] for word in person_name(text).words)


@pytest.mark.parametrize(
    ("nik", "born", "woman"),
    [
        ("3216063112900001", "311290", False),
        ("3216064112900001", "011290", True),
        ("3216067112900001", "311290", True),
        ("3216064012900001", "401290", False),
    ],
)
def test_a_nik_carries_the_birthday_and_forty_more_for_a_woman(
    nik: str, born: str, *, woman: bool
) -> None:
    assert (birth_in_nik(nik), is_womans(nik)) == (born, woman)


SURE = JudgedWorker(
    weight=bits(LIMITS.sure),
    rival=None,
    nik="satu_angka",
    name="sama",
    same_employer=True,
    named=False,
    same_sex=True,
    serial_only=False,
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("pasti", "")),
        ({"weight": SURE.weight - 0.001}, ("tinjau", "peluang")),
        ({"rival": SURE.weight - 4.33}, ("pasti", "")),
        ({"rival": SURE.weight - 4.31}, ("tinjau", "saingan")),
        ({"same_employer": False, "weight": 60.0}, ("tinjau", "tempat")),
        ({"named": True, "weight": 60.0}, ("tinjau", "disebut")),
        ({"same_sex": False, "weight": 60.0}, ("tinjau", "kelamin")),
        ({"serial_only": True, "name": "huruf", "weight": 60.0}, ("tinjau", "kembar")),
        ({"serial_only": True, "name": "bunyi"}, ("pasti", "")),
        ({"nik": "dua_angka"}, ("pasti", "")),
        ({"name": "beda", "weight": 60.0}, ("tinjau", "nama")),
        ({"nik": "pangkal", "weight": 60.0}, ("tinjau", "nomor")),
        ({"nik": "beda", "weight": 60.0}, ("tinjau", "nomor")),
    ],
)
def test_the_band_of_a_worker_and_its_reason(
    change: dict[str, object], expected: tuple[str, str]
) -> None:
    assert worker_band(replace(SURE, **change), LIMITS) == expected  # type: ignore[arg-type]


NIK = st.from_regex(r"[0-9]{6}(0[1-9]|[1256][0-9])(0[1-9]|1[0-2])[0-9]{2}000[0-9]", fullmatch=True)
NAME = st.sampled_from(
    ("Budi Santoso", "H. Budi Santoso", "Budi S.", "Siti Aminah", "Siti Aminah Nur", "M. Rizki", "")
)
DAY = st.sampled_from(("19900203", "19900302", "19910203", "19900513", ""))


@cache
def bench() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute(_ALIKE)
    return connection


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    bench().close()
    bench.cache_clear()


def case_of(comparison: str) -> str:
    of = next(each for each in WORKERS.comparisons if each.name == comparison)
    cases = " ".join(f"WHEN {each.when} THEN '{each.code}'" for each in of.levels if each.when)
    return f"CASE WHEN {of.unknown} THEN 'kosong' {cases} ELSE '{of.levels[-1].code}' END"


def level(one: dict[str, object], other: dict[str, object], comparison: str) -> str:
    columns = [f"${side}_{name} AS {name}_{side}" for side in ("l", "r") for name in one]
    values = {f"l_{name}": value for name, value in one.items()} | {
        f"r_{name}": value for name, value in other.items()
    }
    row = (
        bench()
        .execute(
            f"SELECT {case_of(comparison)} FROM (SELECT {', '.join(columns)})",  # noqa: S608
            values,
        )
        .fetchone()
    )
    assert row is not None
    return str(row[0])


def features(nik: str, name: str, born: str) -> dict[str, object]:
    said = person_name(name)
    return {
        "nik": nik,
        "pangkal": nik[:12],
        "lahir_nik": birth_in_nik(nik),
        "lahir": born,
        "lahir_pendek": born[6:8] + born[4:6] + born[2:4],
        "nama_urut": said.key,
        "bunyi": said.sound,
        "inisial": said.initials,
        "kata": list(said.words),
        "penuh": list(said.full),
        "umum": 0,
        "grup": "a",
    }


@settings(max_examples=10, deadline=None)
@given(people=st.lists(st.tuples(NIK, NAME, DAY), min_size=12, max_size=12))
def test_a_comparison_says_the_same_from_both_sides(people: list[tuple[str, str, str]]) -> None:
    """All but the birthday in the NIK, which excuses the outside record and not the registry."""
    rows = [{"nomor": at, **features(*one)} for at, one in enumerate(people)]
    columns = ", ".join(
        f"{side}.{name} AS {name}_{side}" for side in ("l", "r") for name in rows[0]
    )
    levels = ", ".join(
        f"{case_of(name)} AS {name}" for name in ("nama", "tgl_lahir", "tempat_kerja")
    )
    bench().register("people", pa.Table.from_pylist(rows))

    unequal = (
        bench()
        .execute(
            f"""
        WITH facing AS (SELECT {columns} FROM people l CROSS JOIN people r),
        found AS (SELECT nomor_l, nomor_r, {levels} FROM facing)
        SELECT a.* FROM found a JOIN found b ON a.nomor_l = b.nomor_r AND a.nomor_r = b.nomor_l
        WHERE (a.nama, a.tgl_lahir, a.tempat_kerja) <> (b.nama, b.tgl_lahir, b.tempat_kerja)
        """  # noqa: S608 - own names
        )
        .fetchall()
    )

    assert unequal == []


@pytest.mark.parametrize(
    ("nik", "expected"),
    [
        ("3216060302900001", "sama"),
        ("3216060302900007", "satu_angka"),
        ("3216063002900001", "tertukar"),
        ("3216060302910002", "dua_angka"),
        ("3216060302901234", "pangkal"),
        ("3301110302901234", "beda"),
        ("3216061111801234", "kecamatan"),
    ],
)
def test_how_near_two_niks_are(nik: str, expected: str) -> None:
    ours = features("3216060302900001", "Budi Santoso", "19900203")

    assert level(features(nik, "Budi Santoso", "19900203"), ours, "nik") == expected


def test_a_wrong_birthday_is_excused_by_the_one_in_the_nik() -> None:
    ours = features("3216060302900001", "Budi Santoso", "19900203")
    theirs = features("3301114302901234", "Budi Santoso", "19850101")

    assert level(theirs, ours, "nik") == "lahir"
    assert level({**theirs, "lahir": "19900203"}, ours, "nik") == "beda"


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("19900203", "sama"),
        ("19900302", "tertukar"),
        ("19910203", "satu_angka"),
        ("19901128", "tahun"),
        ("19851128", "beda"),
        ("", "kosong"),
    ],
)
def test_how_near_two_birthdays_are(born: str, expected: str) -> None:
    ours = features("3216060302900001", "Budi Santoso", "19900203")

    assert level(features("3216060302900001", "Budi", born), ours, "tgl_lahir") == expected
