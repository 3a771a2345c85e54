import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.infra.calendars import packaged_calendar
from app.infra.columnar import connect
from app.law.book import SHIPPED, LawBook, Norms
from app.law.calendar import CalendarTooShort
from app.law.citation import reading
from app.law.dated import Version
from app.law.late_payment import Arrears, Bill, Payment, arrears
from app.law.month import Month
from app.law.parameters.programmes import PROGRAMMES
from app.registry.balances import arrears_of_all

NORMS = Norms(law=SHIPPED, calendar=packaged_calendar())
BILL = {"npp": "N1", "divisi": "000", "blth": Month(2026, 1).index, "program": "JHT"}
Rows = list[dict[str, Any]]
BILL_SHAPE: dict[str, pa.DataType] = {
    "npp": pa.string(),
    "divisi": pa.string(),
    "blth": pa.int32(),
    "program": pa.string(),
    "jumlah": pa.int64(),
}
PAYMENT_SHAPE: dict[str, pa.DataType] = {**BILL_SHAPE, "tgl_bayar": pa.date32()}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(scratch=tmp_path / "scratch", memory="256MB") as opened:
        yield opened


def stored(place: Path, bills: Rows, payments: Rows) -> dict[str, Path]:
    tables = {"tagihan": place / "tagihan.parquet", "pembayaran": place / "pembayaran.parquet"}
    pq.write_table(pa.Table.from_pylist(bills, schema=pa.schema(BILL_SHAPE)), tables["tagihan"])
    pq.write_table(
        pa.Table.from_pylist(payments, schema=pa.schema(PAYMENT_SHAPE)), tables["pembayaran"]
    )
    return tables


def by_the_engine(bills: Rows, payments: Rows, *, npp: str, cutoff: date, law: LawBook) -> Arrears:
    billed: dict[tuple[int, str], int] = {}
    for row in bills:
        if row["npp"] == npp:
            key = row["blth"], row["program"]
            billed[key] = billed.get(key, 0) + row["jumlah"]
    return arrears(
        bills=[
            Bill(month=Month.from_index(blth), programme=programme, amount=amount)
            for (blth, programme), amount in billed.items()
        ],
        payments=[
            Payment(
                month=Month.from_index(row["blth"]),
                programme=row["program"],
                paid_on=row["tgl_bayar"],
                amount=row["jumlah"],
            )
            for row in payments
            if row["npp"] == npp
        ],
        cutoff=cutoff,
        calendar=NORMS.calendar,
        law=law,
    )


def histories(seed: int) -> tuple[Rows, Rows]:
    """Return 60 employers with two divisi: paid early, late, in parts, too much, not at all."""
    chance = random.Random(seed)  # noqa: S311 - histories, no secrets
    bills: Rows = []
    payments: Rows = []
    for number in range(60):
        first = chance.randrange(Month(2015, 7).index, Month(2026, 6).index)
        for blth in range(first, first + chance.randrange(1, 8)):
            for divisi in ("000", "001")[: chance.randrange(1, 3)]:
                for programme in PROGRAMMES[: chance.randrange(1, 5)]:
                    bill: dict[str, Any] = {
                        "npp": f"N{number}",
                        "divisi": divisi,
                        "blth": blth,
                        "program": programme,
                        "jumlah": chance.randrange(0, 10**9),
                    }
                    bills.append(bill)
                    for _ in range(chance.choice([0, 1, 1, 3])):
                        paid_on = Month.from_index(blth).first_day + timedelta(
                            days=chance.randrange(20, 400)
                        )
                        amount = bill["jumlah"] * chance.randrange(0, 15) // 10
                        payments.append({**bill, "tgl_bayar": paid_on, "jumlah": amount})
    return bills, payments


def enacted(key: str, value: object, unit: str) -> LawBook:
    version = Version(
        valid_from=date(2019, 1, 1),
        valid_to=None,
        value=value,
        unit=unit,
        grade="C",
        citation=reading(""),
    )
    return SHIPPED.with_version(key, version)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "law",
    [
        SHIPPED,
        enacted("late.part-month", "completed", "aturan"),
        enacted("late.cap", 3, "bulan"),
    ],
    ids=["shipped", "completed-months", "capped"],
)
def test_the_pass_over_all_employers_agrees_with_the_engine_to_the_rupiah(
    seed: int, law: LawBook, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    bills, payments = histories(seed)
    cutoff = date(2026, 3, 31)

    found = arrears_of_all(
        stored(tmp_path, bills, payments),
        cutoff=cutoff,
        norms=replace(NORMS, law=law),
        connection=connection,
    )

    rows = {row["npp"]: row for row in found.to_pylist()}
    wanted = {
        npp: by_the_engine(bills, payments, npp=npp, cutoff=cutoff, law=law)
        for npp in sorted({row["npp"] for row in bills})
    }
    assert rows == {
        npp: {
            "npp": npp,
            "principal": one.principal,
            "penalty": one.penalty,
            "total": one.total,
            "months_in_arrears": one.months_in_arrears,
            "ageing_class": one.ageing_class,
        }
        for npp, one in wanted.items()
        if one.total
    }
    assert len(rows) > 30


def test_a_rate_of_another_precision_keeps_every_digit(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    bills = [{**BILL, "jumlah": 123_456_789}]
    law = SHIPPED.with_version(
        "late.rate",
        Version(
            valid_from=date(2026, 1, 1),
            valid_to=None,
            value=Decimal("0.0123457"),
            unit="bagian dari iuran belum dibayar per bulan",
            grade="C",
            citation=reading(""),
        ),
    )

    (row,) = arrears_of_all(
        stored(tmp_path, bills, []),
        cutoff=date(2026, 9, 30),
        norms=replace(NORMS, law=law),
        connection=connection,
    ).to_pylist()

    wanted = by_the_engine(bills, [], npp="N1", cutoff=date(2026, 9, 30), law=law)
    assert (row["principal"], row["penalty"]) == (wanted.principal, wanted.penalty)


def test_nobody_owes_before_the_due_date(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    tables = stored(tmp_path, [{**BILL, "jumlah": 1}], [])

    found = [
        arrears_of_all(tables, cutoff=day, norms=NORMS, connection=connection).num_rows
        for day in (date(2026, 2, 18), date(2026, 2, 19))
    ]

    assert found == [0, 1]


def test_a_bill_due_in_a_year_not_loaded_stops_the_pass(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    tables = stored(tmp_path, [{**BILL, "blth": Month(2027, 12).index, "jumlah": 1}], [])

    with pytest.raises(CalendarTooShort, match="2028"):
        arrears_of_all(tables, cutoff=date(2028, 3, 1), norms=NORMS, connection=connection)
