"""Linkage: numbers first, name and place for the rest, look-alikes left to people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.registry import matching
from app.registry.matching import Frame, Parties

RECORD = ("kunci", "npwp16", "nib", "nama", "kode_wilayah")
REGISTERED = (
    "npp", "grup", "npwp16", "nib", "nama", "bentuk", "kode_wilayah", "urutan_status",
)  # fmt: skip
NAMES = st.text(alphabet="PTCVUDFIRMAKOYSNtbk.,'& -0123", max_size=24)


Linked = dict[str, str | None] | None


@dataclass(frozen=True)
class Bench:
    connection: duckdb.DuckDBPyConnection

    def frame(self, columns: Sequence[str], rows: Sequence[Sequence[str | None]]) -> Frame:
        schema = pa.schema([(name, pa.string()) for name in columns])
        table = pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows], schema)
        return nw.from_native(self.connection.from_arrow(table))

    def link(self, record: Sequence[str | None], *registered: Sequence[str | None]) -> Linked:
        """Return what one record is linked to among rows of REGISTERED without grup and bentuk."""
        parties = Parties(
            records=self.frame(RECORD, [("k", *record)]),
            registered=self.frame(
                REGISTERED,
                [
                    (npp, npwp or f"npp:{npp}", npwp, nib, name, "PT", place, status)
                    for npp, npwp, nib, name, place, status in registered
                ],
            ),
        )
        found: list[dict[str, Any]] = (
            matching.link_exactly(parties, lambda _, frame: frame).collect().rows(named=True)
        )
        return found[0] if found else None


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    connection = duckdb.connect()
    yield Bench(connection)
    connection.close()


def test_npwp_of_15_and_16_digits_and_nitku_are_one_number(bench: Bench) -> None:
    values = ["012345678901234", "0012345678901234", "0012345678901234000001"]

    column = bench.frame(["npwp"], [(value,) for value in values])
    by_engine = column.select(n=matching.npwp16("npwp")).collect().to_native()["n"].to_pylist()

    assert set(by_engine) == {"0012345678901234"}
    assert [matching.npwp16_of(value) for value in values] == ["0012345678901234"] * 3


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("PT Maju Jaya Tbk", "MAJUJAYA"),
        ("MAJU JAYA, PT.", "MAJUJAYA"),
        ("P.T. Maju  Jaya (Persero)", "MAJUJAYA"),
        ("CV. Maju-Jaya", "MAJUJAYA"),
        ("Optima Cipta", "OPTIMACIPTA"),
    ],
)
def test_a_name_is_what_is_left_without_form_and_punctuation(written: str, key: str) -> None:
    assert matching.name_key_of(written) == key


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(NAMES, min_size=1, max_size=40))
def test_the_engine_and_python_read_names_alike(bench: Bench, names: list[str]) -> None:
    column = bench.frame(["nama"], [(name,) for name in names])

    keys = column.select("nama", k=matching.name_key("nama")).collect().rows()

    assert dict(keys) == {name: matching.name_key_of(name) for name in names}


def test_npwp_links_whatever_the_name(bench: Bench) -> None:
    found = bench.link(("1", None, "Salah", "99.01"), ("A", "1", "7", "PT Benar", "32.01", "0"))

    assert found is not None
    assert (found["npp"], found["metode"]) == ("A", matching.BY_NPWP)


def test_nib_links_where_npwp_is_missing_or_differs(bench: Bench) -> None:
    found = bench.link(("2", "7", "PT Benar", "32.01"), ("A", "1", "7", "PT Benar", "32.01", "0"))

    assert found is not None
    assert (found["npp"], found["metode"]) == ("A", matching.BY_NIB)


@pytest.mark.parametrize(
    ("rows", "chosen"),
    [
        ([("A", "2"), ("B", "0")], "B"),
        ([("B", "0"), ("A", "0")], "A"),
        ([("A", "1"), ("B", "2")], "A"),
    ],
    ids=["active-before-closed", "smallest-npp", "inactive-before-closed"],
)
def test_of_several_npp_of_one_npwp_one_is_chosen_always_the_same(
    bench: Bench, rows: list[tuple[str, str]], chosen: str
) -> None:
    found = bench.link(
        ("1", None, "X", "32.01"),
        *((npp, "1", None, "PT X", "32.01", status) for npp, status in rows),
    )

    assert found is not None
    assert found["npp"] == chosen


def test_both_numbers_before_one_and_the_same_place_before_another(bench: Bench) -> None:
    both = bench.link(
        ("1", "7", "X", "32.01"),
        ("A", "1", None, "PT X", "32.01", "0"),
        ("B", "1", "7", "PT X", "32.02", "0"),
    )
    place = bench.link(
        ("1", None, "X", "32.02"),
        ("A", "1", None, "PT X", "32.01", "0"),
        ("B", "1", None, "PT X", "32.02", "0"),
    )

    assert both is not None
    assert place is not None
    assert (both["npp"], place["npp"]) == ("B", "B")


def test_name_and_place_link_where_there_is_nothing_to_compare(bench: Bench) -> None:
    found = bench.link(("1", None, "MAJU, PT", "32.01"), ("A", None, "7", "PT Maju", "32.01", "0"))

    assert found is not None
    assert (found["npp"], found["metode"], found["mirip_npp"]) == ("A", matching.BY_NAME, None)


@pytest.mark.parametrize(
    "record",
    [("9", None, "PT Maju", "32.01"), (None, "9", "PT Maju", "32.01")],
    ids=["npwp", "nib"],
)
def test_another_number_makes_a_look_alike(bench: Bench, record: tuple[str | None, ...]) -> None:
    found = bench.link(record, ("A", "1", "7", "PT Maju", "32.01", "0"))

    assert found is not None
    assert (found["npp"], found["mirip_npp"]) == (None, "A")


def test_a_name_that_several_share_is_registered_but_not_as_which(bench: Bench) -> None:
    found = bench.link(
        (None, None, "PT Maju", "32.01"),
        ("A", "1", None, "PT Maju", "32.01", "0"),
        ("B", "2", None, "PT Maju", "32.01", "0"),
    )

    assert found is not None
    assert (found["npp"], found["metode"]) == ("A", matching.BY_SHARED_NAME)


def test_a_name_without_letters_links_to_nobody(bench: Bench) -> None:
    assert bench.link((None, None, "PT.", "32.01"), ("A", "1", None, "P.T.", "32.01", "0")) is None


def test_a_stranger_is_not_linked(bench: Bench) -> None:
    assert bench.link(("9", "9", "Lain", "32.01"), ("A", "1", "7", "PT Maju", "32.01", "0")) is None
