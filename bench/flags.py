"""From the findings of a sweep to flags in PostgreSQL, against a bare COPY of the same rows.

The bare COPY writes the finished rows into an empty table with the columns, checks and indexes of
`flag`, and nothing else: no comparison, no history, no audit. Every step runs in a process of its
own, in turns, and the median of the turns' ratios counts. Meanwhile another process reads lists and
counts, as pages do.
"""

import json
import resource
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session

from app.accounts import permissions
from app.accounts.schemas import Principal
from app.detection import queries
from app.detection.findings import Finding
from app.detection.merging import merge
from app.detection.schemas import OPEN_STATUSES, RULE_CODES, FlagFilter
from app.detection.staging import NAMES, copy_lines, line_of
from app.infra import embedded
from app.infra.database import Database

PROJECT: Final = Path(__file__).resolve().parents[1]
ROWS: Final = 200_000
PAUSE: Final = 0.1
TURNS: Final = 3
LARGEST_RATIO: Final = 1.5
LARGEST_MEMORY_MB: Final = 100
SLOWEST_PAGE_MS: Final = 1000
ON: Final = date(2026, 11, 20)
NOW: Final = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SNAPSHOTS: Final = ("a" * 16, "b" * 16)
READER: Final = Principal(
    actor="user:1",
    name="",
    role=permissions.SUPERVISOR,
    office_code="P00",
    offices=None,
    actions=permissions.actions_of(permissions.SUPERVISOR),
    zone="Asia/Jakarta",
    user_id=1,
)
_CONSTANTS: Final = (
    f"baru\t{SNAPSHOTS[0]}\tt\t2026-11-20\t2026-11-20\t{NOW.isoformat()}\t1\t\t\t\t{'0' * 32}"
)
_COLUMNS: Final = (
    f"{NAMES}, status, snapshot_id, seen, first_found_on, last_found_on, changed_at, version, "
    "status_before_gone, decision_reason, case_number, content_hash"
)


def main(rows: int = ROWS) -> bool:
    """Return whether the ratio, the memory and the pages are within what was promised."""
    with tempfile.TemporaryDirectory(prefix="patuh-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        url = embedded.start(Path(folder))
        database = Database(url)
        database.migrate()
        turns = [_turn(url, database, rows) for _ in range(TURNS)]
        database.dispose()
    bare = min(one["bare"]["seconds"] for one in turns)
    ours = {step: min(one[step]["seconds"] for one in turns) for step in STEPS if step != "bare"}
    ratios = {
        step: median(one[step]["seconds"] / one["bare"]["seconds"] for one in turns)
        for step in ours
    }
    memory = max(one[step]["memory_mb"] for one in turns for step in STEPS)
    pages = {name: min(one["pages"][name] for one in turns) for name in turns[0]["pages"]}
    kept = (
        ratios["new"] <= LARGEST_RATIO
        and memory <= LARGEST_MEMORY_MB
        and max(pages["slowest_list_ms"], pages["slowest_counts_ms"]) <= SLOWEST_PAGE_MS
    )
    print(f"{rows:,} findings into PostgreSQL; bare COPY of the same rows: {bare:.1f} s at best")
    for step, seconds in ours.items():
        print(f"  {MEANING[step]}: {seconds:.1f} s at best, median ratio {ratios[step]:.2f}")
    print(f"  pages while it ran (milliseconds): {pages}")
    print(
        f"  ratio of new flags at most {LARGEST_RATIO}, memory beside the findings {memory} MB (at most "
        f"{LARGEST_MEMORY_MB}): {'kept' if kept else 'BROKEN'}"
    )
    return kept


def made(rows: int, *, changed: bool) -> Iterator[Finding]:
    """Yield findings as wide as those of the demo region, made with next to no work."""
    wage = 5_100_000 if changed else 5_000_000
    pool = [_evidence(line, wage) for line in range(997)]
    for number in range(rows):
        rule, employer = RULE_CODES[number % 6], number // 6
        workers = 1 + number % 11
        yield Finding(
            rule=rule,
            rule_version=1,
            rule_edition=0,
            # Who is not registered is also looked for under other names.
            subject=f"npwp:{employer:016d}" if rule == "PWBD" else f"npp:N{employer:07d}",
            npp="" if rule == "PWBD" else f"N{employer:07d}",
            divisi="000",
            sumber="KESEHATAN",
            id_sumber=f"K-{employer}",
            npwp=f"{employer:015d}",
            nib=f"{employer:013d}",
            nama=f"PT Usaha {employer}",
            alamat=f"Jalan Merdeka {employer}",
            kantor_cabang=f"C{employer % 300:02d}",
            kode_wilayah="32.01",
            jumlah_tk=workers,
            potensi_rupiah=wage * workers,
            bulan_tunggak=0,
            skor=(employer * 7 + number % 6 * 13 + changed) % 100,
            sentence=f"{workers} pekerja PT Usaha {employer} menurut daftar KESEHATAN (data 30 "
            "Juni 2026) belum pernah didaftarkan di sini.",
            sentence_template="{tk} pekerja {nama} menurut daftar {sumber} (data {hari}) belum "
            "pernah didaftarkan di sini.",
            sentence_values=f'{{"hari":"2026-06-30","nama":"PT Usaha {employer}",'
            f'"sumber":"KESEHATAN","tk":{workers}}}',
            numbers=f'{{"bulan":12,"cara":"daftar","iuran_sebulan":{wage},"pekerja":{workers},'
            '"skor":{"keyakinan":20,"lama":9,"pekerja":10,"rupiah":16},"sumber_segar":2,'
            '"tautan":"npwp"}',
            evidence=pool[number % len(pool)],
            source_ages='{"KESEHATAN":143}',
            confidence="tinggi",
            confidence_reason="Lebih dari satu sumber, ditautkan dengan NPWP atau NIB.",
            facts_hash=f"{number:031d}{int(changed)}",
        )


def _evidence(first: int, wage: int) -> str:
    """Return one to eleven rows, six on average."""
    lines = range(first * 11, first * 11 + 1 + first % 11)
    told = [
        f'{{"line":{line},"table":"sumber_pekerja","values":{{"id_sumber":"K-{first}",'
        f'"nama":"Pekerja {line}","nik":"3201{line * 7919:012d}","sumber":"KESEHATAN",'
        f'"tgl_data":"2026-06-30","tgl_mulai":"2021-01-01","upah":{wage + line}}}}}'
        for line in lines
    ]
    return f"[{','.join(told)}]"


# fmt: off
STEPS: Final = ("bare", "new", "same", "changed", "gone")
MEANING: Final = {
    "new":     "all of them new",
    "same":    "the same again, nothing to change",
    "changed": "all of them changed, from another snapshot",
    "gone":    "all of them gone",
}
# fmt: on


def step(name: str, url: str, rows: int) -> dict[str, float]:
    database = Database(url)
    with database.engine.connect() as connection:
        # What the step before left to be written out is not this one's.
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("CHECKPOINT"))
    later = name in {"changed", "gone"}
    # Made beforehand: what it costs to find them is not what is measured here.
    findings = [] if name == "gone" else list(made(rows, changed=later))
    before = _memory_mb()
    started = time.perf_counter()
    if name == "bare":
        _bare(database, findings)
    else:
        _merged(database, findings, SNAPSHOTS[later])
    return {"seconds": time.perf_counter() - started, "memory_mb": _memory_mb() - before}


def _memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def read(url: str) -> dict[str, float]:
    """Read a list and the counts over and over until standard input ends; say how long it took."""
    database = Database(url)
    lists: list[float] = []
    counts: list[float] = []
    sys.stdout.write("\n")
    sys.stdout.flush()
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        with database.transaction() as session:
            lists.append(_timed(lambda: _first_page(session)))
            counts.append(_timed(lambda: queries.flag_counts(session, principal=READER)))
    return {
        "reads": len(lists),
        "median_list_ms": sorted(lists)[len(lists) // 2],
        "slowest_list_ms": max(lists),
        "median_counts_ms": sorted(counts)[len(counts) // 2],
        "slowest_counts_ms": max(counts),
    }


def _first_page(session: Session) -> object:
    wanted = FlagFilter(status=OPEN_STATUSES)
    return queries.flags(session, principal=READER, filter=wanted, cursor=None, limit=50)


def _timed(act: Callable[[], object]) -> int:
    started = time.perf_counter()
    act()
    return round((time.perf_counter() - started) * 1000)


def _bare(database: Database, findings: Iterable[Finding]) -> None:
    with database.transaction() as session:
        connection = session.connection()
        connection.execute(sa.text("DROP TABLE IF EXISTS bare"))
        connection.execute(sa.text("CREATE TABLE bare (LIKE flag INCLUDING ALL)"))
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        lines = (f"{line_of(one)}\t{_CONSTANTS}\n".encode() for one in findings)
        copy_lines(session, f"bare ({_COLUMNS})", lines)


def _merged(database: Database, findings: Iterable[Finding], snapshot_id: str) -> None:
    with database.transaction() as session:
        merge(
            session,
            findings=findings,
            snapshot_id=snapshot_id,
            on=ON,
            actor="bench",
            now=NOW,
            scratch=Path(tempfile.gettempdir()),
        )


def _turn(url: str, database: Database, rows: int) -> dict[str, dict[str, float]]:
    with database.engine.connect() as connection:
        # What rests on flags goes with them, the tables that only grow included.
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        connection.execute(sa.text("TRUNCATE flag, flag_event, flag_past, flag_tally CASCADE"))
        connection.commit()
    measured = {name: _apart("step", name, url, str(rows)) for name in ("bare", "new", "same")}
    with _apart_open("read", url) as reader:
        measured["changed"] = _apart("step", "changed", url, str(rows))
        measured["pages"] = json.loads(reader.communicate("\n")[0])
    measured["gone"] = _apart("step", "gone", url, str(rows))
    return measured


@contextmanager
def _apart_open(*words: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.flags", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process


def _apart(*words: str) -> dict[str, float]:
    with _apart_open(*words) as process:
        found: dict[str, float] = json.loads(process.communicate()[0])
    assert process.returncode == 0
    return found


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["step", name, url, rows]:
            print()
            print(json.dumps(step(name, url, int(rows))))
        case ["read", url]:
            print(json.dumps(read(url)))
        case [rows]:
            sys.exit(0 if main(int(rows)) else 1)
        case _:
            sys.exit(0 if main() else 1)
