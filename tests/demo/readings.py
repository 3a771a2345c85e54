"""The readings of the rules in plain Python, so that planted truth is judged by a second mind.

Links exactly: by NPWP, by NIB, then by name and regency. Anything cleverer is not its business.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

TABLES = (
    "pemberi_kerja",
    "kepesertaan",
    "tagihan",
    "pembayaran",
    "sumber_pemberi_kerja",
    "sumber_pekerja",
)
Row = dict[str, str]
OBLIGED = {
    "mikro": {"JKK", "JKM"},
    "kecil": {"JKK", "JKM", "JHT"},
    "menengah": {"JKK", "JKM", "JHT", "JP"},
    "besar": {"JKK", "JKM", "JHT", "JP"},
}
LEGAL = {"pt", "cv", "ud", "toko", "koperasi", "yayasan", "firma"}


def table(folder: Path, name: str) -> list[Row]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date:
    shape = "%d/%m/%Y" if "/" in text else "%Y-%m-%d"
    return datetime.strptime(text, shape).date()  # noqa: DTZ007


def number(text: str) -> int:
    return int(text.replace(".", ""))


def identifier(text: str) -> str:
    return text.removeprefix("'").strip()


def npwp15(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return digits[1:] if len(digits) == 16 else digits


def plain_name(text: str) -> str:
    words = re.sub(r"[^a-z0-9 ]", " ", text.lower()).split()
    return " ".join(word for word in words if word not in LEGAL)


@dataclass(slots=True)
class Known:
    """One outside record, with the workers on its list."""

    row: Row
    on: date
    fresh: bool
    workers: list[Row] = field(default_factory=list)

    @property
    def head_count(self) -> int:
        return number(self.row["jumlah_tk"])


@dataclass(slots=True)
class Registered:
    npp: str
    rows: list[Row]
    npwp: str
    members: list[Row] = field(default_factory=list)
    sources: list[Known] = field(default_factory=list)

    @property
    def head(self) -> Row:
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class Flag:
    rule: str
    npp: str
    id_sumber: frozenset[str]
    workers: int | None


class Region:
    """The clean rows of a demo region, linked, as of one day."""

    def __init__(self, folder: Path, *, on: date) -> None:
        self.on = on
        truth = table(folder, "truth")
        rejected = {(row["table"], int(row["line"])) for row in truth if row["kind"] == "dirt"}
        rows = {
            name: [
                row
                for line, row in enumerate(table(folder, name), start=2)
                if (name, line) not in rejected
            ]
            for name in TABLES
        }
        self.truth = truth
        self.tables = rows
        self.registered: dict[str, Registered] = {}
        for row in rows["pemberi_kerja"]:
            if row["npp"] in self.registered:
                self.registered[row["npp"]].rows.append(row)
            else:
                self.registered[row["npp"]] = Registered(row["npp"], [row], npwp15(row["npwp"]))
        for row in rows["kepesertaan"]:
            self.registered[row["npp"]].members.append(row)
        self.families: dict[str, list[Registered]] = defaultdict(list)
        for each in self.registered.values():
            self.families[each.npwp or each.npp].append(each)
        self.active_anywhere = _niks(row for row in rows["kepesertaan"] if _active(row, on))
        self.strangers: dict[str, list[Known]] = defaultdict(list)
        self._link()

    def _link(self) -> None:
        workers: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.tables["sumber_pekerja"]:
            workers[row["sumber"], row["id_sumber"]].append(row)
        by_npwp = {each.npwp: each for each in reversed(self.registered.values()) if each.npwp}
        by_nib = {
            identifier(each.head["nib"]): each
            for each in reversed(self.registered.values())
            if each.head["nib"]
        }
        by_name: dict[tuple[str, str], list[Registered]] = defaultdict(list)
        for each in self.registered.values():
            by_name[plain_name(each.head["nama"]), each.head["kode_wilayah"]].append(each)
        horizon = _months_before(self.on, 18)
        for row in self.tables["sumber_pemberi_kerja"]:
            on = day(row["tgl_data"])
            known = Known(row, on, on >= horizon, workers[row["sumber"], row["id_sumber"]])
            npwp, nib = npwp15(row["npwp"]), identifier(row["nib"])
            home = by_npwp.get(npwp) or by_nib.get(nib)
            if home is None:
                home = next(
                    (
                        each
                        for each in by_name[plain_name(row["nama"]), row["kode_wilayah"]]
                        if not (npwp and each.npwp)
                        and not (nib and each.head["nib"] and identifier(each.head["nib"]) != nib)
                    ),
                    None,
                )
            if home is not None:
                home.sources.append(known)
            else:
                self.strangers[npwp or f"{row['sumber']} {row['id_sumber']}"].append(known)

    def family(self, of: Registered) -> list[Registered]:
        return self.families[of.npwp or of.npp]

    def flags(self) -> list[Flag]:
        found: list[Flag] = []
        for each in self.registered.values():
            found += [
                flag
                for rule in (_pwbd, _tk, _upah, _program, _lapsed)
                if (flag := rule(self, each)) is not None
            ]
        found += self._piutang()
        for records in self.strangers.values():
            alive = [known for known in records if known.fresh and known.head_count > 0]
            if alive:
                ids = frozenset(known.row["id_sumber"] for known in records)
                found.append(Flag("PWBD", "", ids, alive[0].head_count))
        return found

    def _piutang(self) -> list[Flag]:
        owed: Counter[tuple[str, str, str, str]] = Counter()
        for row in self.tables["tagihan"]:
            owed[_key(row)] += number(row["jumlah"])
        for row in self.tables["pembayaran"]:
            owed[_key(row)] -= number(row["jumlah"])
        months: dict[str, set[str]] = defaultdict(set)
        for (npp, _, blth, _), amount in owed.items():
            year, month = map(int, blth.split("-"))
            due = date(year + month // 12, month % 12 + 1, 15)
            if amount > 0 and due < self.on:
                months[npp].add(blth)
        return [
            Flag("PIUTANG", npp, frozenset(), None)
            for npp, unpaid in months.items()
            if len(unpaid) >= 3
        ]


def _key(row: Row) -> tuple[str, str, str, str]:
    return row["npp"], row["divisi"], row["blth"], row["program"]


def _months_before(on: date, months: int) -> date:
    index = on.year * 12 + on.month - 1 - months
    return date(index // 12, index % 12 + 1, min(on.day, 28))


def _active(member: Row, on: date) -> bool:
    ended = member["tgl_akhir"] and day(member["tgl_akhir"]) < on
    return day(member["tgl_mulai"]) <= on and not ended


def _niks(members: Iterable[Row]) -> set[str]:
    return {identifier(member["nik"]) for member in members}


def _pwbd(_: Region, of: Registered) -> Flag | None:
    if of.head["status"] != "tutup":
        return None
    closed = max((day(each["tgl_akhir"]) for each in of.members), default=date.min)
    alive = [each for each in of.sources if each.fresh and each.on > closed and each.head_count]
    if not alive:
        return None
    return Flag("PWBD", of.npp, frozenset(), alive[0].head_count)


def _tk(region: Region, of: Registered) -> Flag | None:
    if of.head["status"] == "tutup":
        return None
    everyone = [member for each in region.family(of) for member in each.members]
    ever = _niks(everyone)
    missing: set[str] = set()
    for known in of.sources:
        if known.fresh:
            missing |= {
                identifier(row["nik"])
                for row in known.workers
                if identifier(row["nik"]) not in ever
                and (known.on - day(row["tgl_mulai"])).days > 30
            }
    if missing:
        return Flag("PDS_TK", of.npp, frozenset(), len(missing))
    if any(known.workers for known in of.sources):
        return None
    for known in of.sources:
        there = len(_niks(member for member in everyone if _active(member, known.on)))
        excess = known.head_count - there
        if known.on < day(of.head["tgl_daftar"]) or not known.fresh:
            continue
        if excess >= 2 and excess * 10 >= there:
            return Flag("PDS_TK", of.npp, frozenset(), excess)
    return None


def _upah(region: Region, of: Registered) -> Flag | None:
    wages = {
        identifier(member["nik"]): number(member["upah"])
        for member in of.members
        if _active(member, region.on)
    }
    under = {
        nik
        for known in of.sources
        if known.fresh
        for row in known.workers
        if (nik := identifier(row["nik"])) in wages
        and row["upah"]
        and number(row["upah"]) * 10 >= wages[nik] * 11
    }
    return Flag("PDS_UPAH", of.npp, frozenset(), len(under)) if under else None


def _program(region: Region, of: Registered) -> Flag | None:
    head = of.head
    if head["status"] == "tutup" or head["kbli"][:2] in {"41", "42", "43"}:
        return None
    if OBLIGED[head["skala"]] <= set(head["program"].split(",")):
        return None
    workers = len(_niks(member for member in of.members if _active(member, region.on)))
    return Flag("PDS_PROGRAM", of.npp, frozenset(), workers)


def _lapsed(region: Region, of: Registered) -> Flag | None:
    today = region.on
    here = _niks(member for member in of.members if _active(member, today))
    last: dict[str, date] = {}
    for member in of.members:
        nik = identifier(member["nik"])
        if nik not in here and member["sebab_akhir"] != "meninggal" and member["tgl_akhir"]:
            last[nik] = max(last.get(nik, date.min), day(member["tgl_akhir"]))
    seen = {
        nik
        for known in of.sources
        if known.fresh
        for row in known.workers
        if (nik := identifier(row["nik"])) in last and known.on > last[nik]
    }
    if not seen:
        return None
    lapsed = seen - region.active_anywhere
    return Flag("LAPSED", of.npp, frozenset(), len(lapsed)) if lapsed else None
