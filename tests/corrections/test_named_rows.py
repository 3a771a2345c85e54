"""What a case keeps of the rows that its flags showed is enough to find them again."""

from collections.abc import Callable
from datetime import date

import pytest

from app.corrections.outside_rows import Named
from app.corrections.papers import named_rows
from app.detection.schemas import masked
from tests.detection.conftest import Found, connection, evidence, found, registry
from tests.detection.snapshots import Registry, nik

__all__ = ["connection", "found", "registry"]


def missing(of: Registry) -> None:
    of.listed(of.record(of.employer()), 1)


def paid_more(of: Registry) -> None:
    record = of.record(of.employer())
    of.member(1, upah=5_000_000)
    of.listed(record, 1, upah=8_000_000)


def left(of: Registry) -> None:
    record = of.record(of.employer())
    of.member(1, tgl_akhir=date(2026, 1, 31), sebab_akhir="klaim_jht")
    of.listed(record, 1)


@pytest.mark.parametrize(
    ("rule", "plant"), [("PDS_TK", missing), ("PDS_UPAH", paid_more), ("LAPSED", left)]
)
def test_a_worker_whom_a_flag_named_is_told_by_last_digits_and_the_name_on_the_list(
    registry: Registry, found: Found, rule: str, plant: Callable[[Registry], None]
) -> None:
    plant(registry)
    (flag,) = found(rule)
    kept = [{**row, "values": masked(row["values"])} for row in evidence(flag)]

    (listed,) = registry.rows["sumber_pekerja"]
    assert set(named_rows(kept)) == {
        Named(listed["sumber"], listed["id_sumber"], nik(1)[-4:], listed["nama"])
    }


def test_of_an_employer_that_was_only_counted_no_worker_is_told(
    registry: Registry, found: Found
) -> None:
    registry.record(registry.employer(), jumlah_tk=40)
    (flag,) = found("PDS_TK")

    (record,) = registry.rows["sumber_pemberi_kerja"]
    assert set(named_rows(evidence(flag))) == {Named(record["sumber"], record["id_sumber"])}
