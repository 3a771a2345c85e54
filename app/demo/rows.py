"""Turns a scene into rows of the six tables, a few of them written as hurried people write."""

from functools import cache
from random import Random

from app.demo.billing import bills, payments
from app.demo.enrolment import channel
from app.demo.layout import LAYOUT, TABLES, Cell, Kind, Row, Shown
from app.demo.model import Employer, Membership, Planted, SourceRecord
from app.demo.scene import Scene
from app.law.month import Month

# fmt: off
_ROUGH_SHARE = {
    "pemberi_kerja": 0.05, "kepesertaan": 0.01, "tagihan": 0.0005, "pembayaran": 0.001,
    "sumber_pemberi_kerja": 0.03, "sumber_pekerja": 0.01,
}
_APOSTROPHE = frozenset({"nik", "npwp", "nib", "kpj"})
_SPACED = frozenset({"nama", "alamat"})
# A column that came later: to choose among more of them would make another region of every seed.
_ALWAYS_TIDY = frozenset({"kanal"})
# fmt: on
_LEAST_DOTTED = 1_000
_TRIES = 4


def rows_of(scene: Scene) -> dict[str, list[Row]]:
    """Return the scene's rows; what is rough in them is added to the scene's truth."""
    tables: dict[str, list[Row]] = {table: [] for table in TABLES}
    for employer in scene.employers:
        _register(tables, employer)
        _bill(tables, employer, scene)
        for source in employer.sources:
            _source(tables, source)
    for stranger in scene.outsiders:
        _source(tables, stranger)
    for table, rows in tables.items():
        _roughen(scene, table, rows)
    return tables


def _register(tables: dict[str, list[Row]], of: Employer) -> None:
    programmes = ",".join(of.programmes)
    for divisi in of.divisions:
        tables["pemberi_kerja"].append(
            (
                of.npp,
                divisi,
                of.nama,
                of.bentuk,
                of.npwp_shown,
                of.nib,
                of.kbli,
                of.skala,
                of.kelas_jkk,
                of.alamat,
                of.place.kode_wilayah,
                of.place.office,
                of.registered_on,
                of.status,
                programmes,
            )
        )
    tables["kepesertaan"].extend(
        membership_row(of, member, programmes=programmes) for member in of.members
    )


def membership_row(of: Employer, member: Membership, *, programmes: str) -> Row:
    return (
        of.npp,
        member.divisi,
        member.kpj,
        member.person.nik,
        member.person.nama,
        member.person.born,
        member.start,
        member.end,
        member.cause,
        member.wage,
        programmes,
        channel(of, member),
    )


def _bill(tables: dict[str, list[Row]], of: Employer, scene: Scene) -> None:
    billed = list(bills(of, calendar=scene.calendar))
    tables["tagihan"].extend(
        (
            of.npp,
            bill.divisi,
            _written(bill.month),
            bill.programme,
            bill.workers,
            bill.wages,
            bill.amount,
        )
        for bill in billed
    )
    tables["pembayaran"].extend(
        (
            of.npp,
            paid.bill.divisi,
            _written(paid.bill.month),
            paid.bill.programme,
            paid.on,
            paid.amount,
            paid.code,
        )
        for paid in payments(scene.rng, of, billed, calendar=scene.calendar)
    )


@cache
def _written(month: int) -> str:
    return str(Month.from_index(month))


def _source(tables: dict[str, list[Row]], of: SourceRecord) -> None:
    tables["sumber_pemberi_kerja"].append(
        (
            of.sumber,
            of.id_sumber,
            of.nama,
            of.npwp,
            of.nib,
            of.kbli,
            of.alamat,
            of.kode_wilayah,
            of.jumlah_tk,
            of.skala,
            of.on,
        )
    )
    tables["sumber_pekerja"].extend(
        (
            of.sumber,
            of.id_sumber,
            worker.nik,
            worker.nama,
            worker.born,
            worker.start,
            worker.wage,
            of.on,
        )
        for worker in of.listed
    )


def _roughen(scene: Scene, table: str, rows: list[Row]) -> None:
    rng = scene.rng
    names = [name for name in LAYOUT[table] if name not in _ALWAYS_TIDY]
    share, chance = _ROUGH_SHARE[table], rng.random
    for at, row in enumerate(rows):
        if chance() >= share:
            continue
        for _ in range(_TRIES):
            column = rng.randrange(len(names))
            rough = _rough(rng, names[column], LAYOUT[table][names[column]], row[column])
            if rough is None:
                continue
            pattern, cell = rough
            rows[at] = (*row[:column], cell, *row[column + 1 :])
            scene.truth.append(
                Planted(
                    kind="innocent",
                    rule="",
                    pattern=pattern,
                    note=f"Kolom {names[column]} ditulis tidak rapi, tetapi dapat dibaca.",
                    table=table,
                    row=at,
                )
            )
            break


def _rough(rng: Random, name: str, kind: Kind, cell: Cell) -> tuple[str, Cell] | None:
    match cell:
        case str() if cell and name in _APOSTROPHE:
            return "leading_apostrophe", f"'{cell}"
        case str() if cell and name in _SPACED:
            return "stray_spaces", rng.choice((f" {cell}", f"{cell}  ", cell.replace(" ", "  ", 1)))
        case int() if kind is Kind.NUMBER and cell >= _LEAST_DOTTED:
            return "amount_with_dots", Shown(f"{cell:,}".replace(",", "."), cell)
        case str() | int() | Shown() | None:
            return None
        case day:
            return "day_before_month", Shown(f"{day:%d/%m/%Y}", day)
