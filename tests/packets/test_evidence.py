"""What flags evidence about workers, and the estimates that come of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.calculations.estimates import answer_of
from app.cases.schemas import CaseFlag
from app.law.book import SHIPPED
from app.law.estimates import Employer, WorkerEvidence, unregistered_workers
from app.law.parameters.detection import STALE_AFTER_MONTHS
from app.packets.evidence import underpaid, unregistered, without_programmes
from app.packets.gather import stale_sources
from app.registry.schemas import WorkerRow

ANI = {"nik": "············0001", "nama": "Ani"}
BUDI = {"nik": "············0001", "nama": "Budi"}


def flag(
    rule: str, *rows: tuple[str, dict[str, Any]], workers: int = 1, **numbers: object
) -> CaseFlag:
    return CaseFlag(
        flag_id=1, rule=rule, rule_version=1, snapshot_id="s", sentence="", sentence_template="",
        sentence_values={}, jumlah_tk=workers, potensi_rupiah=0, bulan_tunggak=0, numbers=numbers,
        evidence=tuple({"table": table, "line": 1, "values": values} for table, values in rows),
        source_ages={}, confidence="tinggi", confidence_reason="", added_on=date(2026, 11, 1),
    )  # fmt: skip


def listed(person: dict[str, str], **values: object) -> tuple[str, dict[str, Any]]:
    return "sumber_pekerja", {**person, "tgl_data": "2026-05-31", **values}


def member(nama: str, *, upah: int, divisi: str = "000", active: bool = True) -> WorkerRow:
    return WorkerRow(
        npp="AB", divisi=divisi, kpj="1", nik="············0001", nama=nama,
        tgl_lahir=date(1990, 1, 1), tgl_mulai=date(2024, 2, 1), tgl_akhir=None, sebab_akhir=None,
        upah=upah, program=("JKK",), active=active, line=1,
    )  # fmt: skip


def test_a_worker_of_two_sources_counts_once_with_the_highest_wage_and_the_earliest_day() -> None:
    found = unregistered(
        flag(
            "PDS_TK",
            listed(ANI, upah=4_000_000, tgl_mulai="2025-03-01"),
            listed(ANI, upah=5_000_000, tgl_data="2026-02-28"),
        )
    )

    assert found.workers == (
        WorkerEvidence(
            label="Ani",
            wage=5_000_000,
            started_on=date(2025, 3, 1),
            source_on=date(2026, 2, 28),
        ),
    )
    assert found.remarks == ()


def test_people_whose_masked_numbers_are_alike_stay_two() -> None:
    found = unregistered(flag("PWBD", listed(ANI, upah=1), listed(BUDI, upah=2), workers=2))

    assert [(worker.label, worker.wage) for worker in found.workers] == [("Ani", 1), ("Budi", 2)]


def test_a_worker_without_a_wage_is_left_out_and_said() -> None:
    found = unregistered(flag("PDS_TK", listed(ANI, upah=1), listed(BUDI), workers=2))

    assert [worker.label for worker in found.workers] == ["Ani"]
    assert [str(remark) for remark in found.remarks] == [
        "1 pekerja tanpa upah atau tanggal pada sumber tidak ikut dihitung."
    ]


def test_a_head_count_takes_the_base_of_the_flag_and_says_so() -> None:
    counted = ("sumber_pemberi_kerja", {"tgl_data": "2026-01-31", "jumlah_tk": 3})
    found = unregistered(
        flag("PWBD", counted, workers=3, upah_dasar=5_000_000, metode="rata-rata upah wilayah")
    )

    assert len(found.workers) == 3
    assert {(worker.wage, worker.source_on) for worker in found.workers} == {
        (5_000_000, date(2026, 1, 31))
    }
    assert "Rp5.000.000 sebulan" in str(found.remarks[0])


def test_a_head_count_without_any_wage_gives_no_worker() -> None:
    counted = ("sumber_pemberi_kerja", {"tgl_data": "2026-01-31", "dilaporkan": 9})

    assert unregistered(flag("PDS_TK", counted, workers=4)).workers == ()


def test_a_wage_shortfall_pairs_both_wages_of_the_same_person() -> None:
    found = underpaid(
        flag(
            "PDS_UPAH",
            listed(ANI, upah=5_000_000),
            listed(BUDI, upah=6_000_000),
            ("kepesertaan", {**ANI, "upah": 4_000_000}),
            workers=2,
        )
    )

    assert found.workers == (
        WorkerEvidence(
            label="Ani", wage=5_000_000, source_on=date(2026, 5, 31), reported=4_000_000
        ),
    )
    assert "1 pekerja yang kedua upahnya tidak dapat dipasangkan" in str(found.remarks[0])


def test_missing_programmes_count_those_who_work_there_each_once() -> None:
    found = without_programmes(
        flag("PDS_PROGRAM", kurang="JHT, JP"),
        [
            member("Ani", upah=3_000_000),
            member("Ani", upah=2_500_000),
            member("Ani", upah=1_000_000, divisi="001"),
            member("Budi", upah=9_000_000, active=False),
        ],
    )

    assert [(worker.label, worker.wage) for worker in found.workers] == [("Ani", 4_000_000)]
    assert found.held == ("JKK", "JKM")


@pytest.mark.parametrize("levels", [0, 1, 2, None])
def test_a_tree_that_is_cut_off_still_adds_up(levels: int | None) -> None:
    estimate = unregistered_workers(
        "PWBD",
        workers=[WorkerEvidence(label="A", wage=5_000_000, started_on=date(2026, 2, 1))],
        employer=Employer(jkk_class=2, scale="menengah"),
        cutoff=date(2026, 5, 10),
        law=SHIPPED,
    )
    tree = estimate.derivation() if levels is None else estimate.derivation().folded(levels)

    assert sum(leaf.value for leaf in tree.leaves()) == estimate.amount
    assert answer_of(estimate, levels=levels).derivation.value == estimate.amount


@pytest.mark.parametrize(
    ("joined", "days", "stale"),
    [
        (date(2026, 11, 20), 549, False),  # 20 May 2025, eighteen months to the day
        (date(2026, 11, 20), 550, True),
        (date(2026, 8, 28), 546, False),  # 28 February 2025: they may be three days fewer
        (date(2026, 8, 28), 547, True),
    ],
)
def test_a_source_is_stale_by_months_and_not_by_a_number_of_days(
    joined: date, days: int, *, stale: bool
) -> None:
    one = replace(flag("PWBD"), source_ages={"WLKP": days}, added_on=joined)

    assert stale_sources([one], law=SHIPPED) == (["WLKP"] if stale else [])


def test_a_source_is_stale_by_the_age_that_two_people_allow() -> None:
    version = replace(
        SHIPPED[STALE_AFTER_MONTHS].versions[0], valid_from=date(2026, 11, 1), value=12
    )
    one = replace(flag("PWBD"), source_ages={"WLKP": 400}, added_on=date(2026, 11, 20))

    assert stale_sources([one], law=SHIPPED) == []
    assert stale_sources([one], law=SHIPPED.with_version("detection.stale", version)) == ["WLKP"]
