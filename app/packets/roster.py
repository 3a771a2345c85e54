"""PURE: workers as the registry and the flags tell of them -> the list of a packet."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal

from app.cases.schemas import CaseFlag
from app.packets.dossier import SourceCount, Worker
from app.registry.schemas import WorkerRow

Concern = Literal["belum_terdaftar", "selisih_upah", "berakhir"]

CONCERN_OF_RULE: Final[Mapping[str, Concern]] = {
    "PWBD": "belum_terdaftar",
    "PDS_TK": "belum_terdaftar",
    "PDS_UPAH": "selisih_upah",
    "LAPSED": "berakhir",
}
# Violations that concern everybody who is registered.
WHOLE_WORKFORCE: Final = frozenset({"PIUTANG", "PDS_PROGRAM"})
_REGISTRY: Final = "kepesertaan"
_TAIL: Final = 4


def roster(
    *,
    flags: Iterable[CaseFlag],
    registered: Iterable[WorkerRow],
    codes: frozenset[str],
    registry_as_of: date | None,
) -> tuple[Worker, ...]:
    """Return those the flags name, then, where all are concerned, those who are active.

    The same person is listed once: with the concern, and with what the registry knows.
    """
    members = tuple(registered)
    known = {_key(row.nik, row.nama): row for row in members}
    listed: dict[tuple[str, str], Worker] = {}
    for flag in flags:
        concern = CONCERN_OF_RULE.get(flag.rule)
        for row in flag.evidence if concern else ():
            if row["table"] == "sumber_pekerja" and concern is not None:
                worker = _named(_values(row), concern, known)
                listed.setdefault(_key(worker.nik, worker.name), worker)
    others = (
        _member(row, registry_as_of)
        for row in members
        if row.active and _key(row.nik, row.nama) not in listed
    )
    return (*listed.values(), *(others if codes & WHOLE_WORKFORCE else ()))


def source_counts(flags: Iterable[CaseFlag]) -> tuple[SourceCount, ...]:
    """Return how many workers each outside source counts, from the newest row of each."""
    newest: dict[str, SourceCount] = {}
    for flag in flags:
        for row in flag.evidence:
            values = _values(row)
            count = values.get("jumlah_tk", values.get("dilaporkan"))
            if row["table"] != "sumber_pemberi_kerja" or not isinstance(count, int):
                continue
            one = SourceCount(
                source=str(values["sumber"]),
                workers=count,
                as_of=date.fromisoformat(str(values["tgl_data"])),
            )
            if one.source not in newest or newest[one.source].as_of < one.as_of:
                newest[one.source] = one
    return tuple(newest[source] for source in sorted(newest))


def _named(
    values: Mapping[str, object], concern: Concern, known: Mapping[tuple[str, str], WorkerRow]
) -> Worker:
    name, nik = str(values.get("nama") or ""), str(values.get("nik") or "")
    member = known.get(_key(nik, name))
    began = _day(values.get("tgl_mulai"))
    return Worker(
        name=name,
        nik=nik,
        born_on=member.tgl_lahir if member else None,
        kpj=member.kpj if member else "",
        started_on=member.tgl_mulai if member else began,
        ended_on=member.tgl_akhir if member else None,
        wage_reported=member.upah if member else None,
        wage_found=_amount(values.get("upah")),
        status=concern,
        source=str(values.get("sumber") or ""),
        source_on=_day(values.get("tgl_data")),
    )


def _member(row: WorkerRow, registry_as_of: date | None) -> Worker:
    return Worker(
        name=row.nama,
        nik=row.nik,
        born_on=row.tgl_lahir,
        kpj=row.kpj,
        started_on=row.tgl_mulai,
        ended_on=row.tgl_akhir,
        wage_reported=row.upah,
        wage_found=None,
        status="aktif",
        source=_REGISTRY,
        source_on=registry_as_of,
    )


def _values(row: Mapping[str, object]) -> Mapping[str, object]:
    values = row["values"]
    if not isinstance(values, Mapping):
        raise TypeError(f"evidence row of {row['table']} has no values")
    return values


def _key(nik: str, name: str) -> tuple[str, str]:
    return nik[-_TAIL:], " ".join(name.upper().split())


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None


def _amount(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
