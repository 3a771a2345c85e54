"""PDS_PROGRAM, PIUTANG and LAPSED."""

import json
from datetime import date, timedelta

import pytest

from app.registry.formats import kepesertaan
from app.registry.reference.endings import END_REASONS
from app.web.pages.values import column_text
from app.web.spoken import spoken_template
from tests.detection.conftest import Found, evidence, numbers
from tests.detection.snapshots import FRESH, ON, STALE, Registry

End = tuple[int, str | None]


class TestPDSPROGRAM:
    """Micro JKK and JKM; small also JHT; medium and large also JP."""

    @pytest.mark.parametrize(
        ("scale", "programmes", "lacking"),
        [
            ("mikro", "JKK,JKM", ""),
            ("mikro", "JKK", "JKM"),
            ("kecil", "JKK,JKM", "JHT"),
            ("kecil", "JKK,JKM,JHT", ""),
            ("menengah", "JKK,JKM,JHT", "JP"),
            ("menengah", "JKK,JKM,JHT,JP", ""),
            ("besar", "JKK,JKM", "JHT, JP"),
        ],
    )
    def test_by_scale(
        self, registry: Registry, found: Found, scale: str, programmes: str, lacking: str
    ) -> None:
        registry.employer(skala=scale, program=programmes)

        flagged = found("PDS_PROGRAM")

        assert [numbers(flag)["kurang"] for flag in flagged] == ([lacking] if lacking else [])

    @pytest.mark.parametrize(
        ("kbli", "flags"), [("41011", 0), ("43901", 0), ("44000", 1), (None, 1)]
    )
    def test_construction_is_left_out(
        self, registry: Registry, found: Found, kbli: str | None, flags: int
    ) -> None:
        registry.employer(skala="besar", program="JKK,JKM", kbli=kbli)

        assert len(found("PDS_PROGRAM")) == flags

    def test_programmes_of_another_divisi_count(self, registry: Registry, found: Found) -> None:
        registry.employer(skala="menengah", program="JKK,JKM")
        registry.employer(skala="menengah", program="JHT,JP", divisi="001")

        assert found("PDS_PROGRAM") == []

    def test_programmes_of_a_closed_divisi_do_not_count(
        self, registry: Registry, found: Found
    ) -> None:
        registry.employer(skala="menengah", program="JKK,JKM")
        registry.employer(skala="menengah", program="JHT,JP", divisi="001", status="tutup")

        (flag,) = found("PDS_PROGRAM")

        assert flag.divisi == ""

    def test_a_closed_employer_is_not_asked(self, registry: Registry, found: Found) -> None:
        registry.employer(skala="besar", program="JKK", status="tutup")

        assert found("PDS_PROGRAM") == []

    def test_it_counts_workers_once_and_estimates_what_is_missing(
        self, registry: Registry, found: Found
    ) -> None:
        registry.employer(skala="menengah", program="JKK,JKM,JHT")
        registry.member(1, upah=5_000_000)
        registry.member(1, upah=5_000_000, kpj="00000000099")
        registry.member(2, upah=20_000_000)
        registry.member(3, tgl_akhir=ON - timedelta(days=1))

        (flag,) = found("PDS_PROGRAM")

        assert flag.jumlah_tk == 2
        # JP is 3 % of the wage up to 11,086,300.
        assert flag.potensi_rupiah == (5_000_000 + 11_086_300) * 3 // 100


class TestPIUTANG:
    """Three distinct months with a principal outstanding whose due date has passed."""

    @pytest.mark.parametrize(
        ("months", "flags"),
        [(["2026-01", "2026-02"], 0), (["2026-01", "2026-02", "2026-05"], 1)],
    )
    def test_three_distinct_months(
        self, registry: Registry, found: Found, months: list[str], flags: int
    ) -> None:
        registry.employer()
        for month in months:
            registry.bill(month)

        assert len(found("PIUTANG")) == flags

    @pytest.mark.parametrize(
        ("on", "flags"),
        [(date(2026, 11, 16), 0), (date(2026, 11, 17), 1)],
        ids=["on-the-due-day", "the-day-after"],
    )
    def test_a_bill_counts_from_the_day_after_its_due_date(
        self, registry: Registry, found: Found, on: date, flags: int
    ) -> None:
        registry.employer()
        for month in ("2026-08", "2026-09", "2026-10"):
            registry.bill(month)

        # The 15th of November 2026 is a Sunday: due on Monday the 16th.
        assert len(found("PIUTANG", on=on)) == flags

    def test_the_amount_is_the_principal_left_and_the_months_are_classed(
        self, registry: Registry, found: Found
    ) -> None:
        registry.employer()
        for number in range(1, 6):
            registry.bill(f"2026-0{number}", paid=85_000 if number == 1 else None)

        (flag,) = found("PIUTANG")

        assert (flag.bulan_tunggak, flag.potensi_rupiah) == (5, 4 * 285_000 + 200_000)
        assert numbers(flag)["golongan_umur"] == "kurang_lancar"
        assert numbers(flag)["metode"] == "pokok"
        assert evidence(flag)[0]["values"]["sisa"] == 200_000
        assert "5 bulan (2026-01 sampai 2026-05)" in flag.sentence

    def test_payments_in_instalments_settle_a_bill(self, registry: Registry, found: Found) -> None:
        registry.employer()
        for month in ("2026-01", "2026-02", "2026-03"):
            bill = registry.bill(month, paid=200_000)
            registry.payment(bill, 85_000)

        assert found("PIUTANG") == []

    def test_an_overpayment_stays_with_its_bill(self, registry: Registry, found: Found) -> None:
        registry.employer()
        registry.bill("2026-01", paid=285_000 * 9)
        for month in ("2026-02", "2026-03", "2026-04"):
            registry.bill(month)

        (flag,) = found("PIUTANG")

        assert flag.potensi_rupiah == 3 * 285_000

    def test_a_payment_after_the_sweeps_day_is_ignored(
        self, registry: Registry, found: Found
    ) -> None:
        registry.employer()
        for month in ("2026-01", "2026-02", "2026-03"):
            registry.payment(registry.bill(month), 285_000, tgl_bayar=ON + timedelta(days=1))

        assert len(found("PIUTANG")) == 1
        assert found("PIUTANG", on=ON + timedelta(days=1)) == []

    def test_the_same_months_in_two_divisi_are_counted_once(
        self, registry: Registry, found: Found
    ) -> None:
        registry.employer()
        registry.employer(divisi="001")
        for month in ("2026-01", "2026-02"):
            registry.bill(month)
            registry.bill(month, divisi="001")

        assert found("PIUTANG") == []

    def test_a_closed_employer_still_owes(self, registry: Registry, found: Found) -> None:
        registry.employer(status="tutup")
        for month in ("2016-01", "2016-02", "2016-03"):
            registry.bill(month, tk=9)

        (flag,) = found("PIUTANG")

        assert (flag.jumlah_tk, numbers(flag)["golongan_umur"]) == (9, "lancar")


class TestLAPSED:
    """Membership here ended, none runs anywhere, and a later source shows them at work here."""

    @pytest.mark.parametrize(("days", "flags"), [(0, 0), (1, 1)])
    def test_the_source_is_dated_later_than_the_end(
        self, registry: Registry, found: Found, days: int, flags: int
    ) -> None:
        record = registry.record(registry.employer())
        registry.member(1, tgl_akhir=FRESH - timedelta(days=days), sebab_akhir="klaim_jht")
        registry.listed(record, 1)

        flagged = found("LAPSED")

        assert [flag.jumlah_tk for flag in flagged] == [1] * flags
        assert found("PDS_TK") == []

    @pytest.mark.parametrize(("days", "flags"), [(1, 0), (29, 0), (30, 1), (31, 1)])
    def test_version_2_waits_thirty_days_after_the_end(
        self, registry: Registry, found: Found, days: int, flags: int
    ) -> None:
        record = registry.record(registry.employer())
        registry.member(1, tgl_akhir=FRESH - timedelta(days=days), sebab_akhir="klaim_jht")
        registry.listed(record, 1)

        assert len(found("LAPSED", version=2)) == flags
        assert len(found("LAPSED")) == 1

    @pytest.mark.parametrize(("days", "flags"), [(44, 0), (45, 1), (46, 1)])
    def test_version_2_waits_as_long_as_people_say_and_says_so(
        self, registry: Registry, found: Found, days: int, flags: int
    ) -> None:
        record = registry.record(registry.employer())
        registry.member(1, tgl_akhir=FRESH - timedelta(days=days), sebab_akhir="klaim_jht")
        registry.listed(record, 1)

        flagged = found("LAPSED", version=2, values={"grace_days": 45})

        assert [flag.rule_version for flag in flagged] == [2] * flags
        assert ["paling sedikit 45 hari sesudahnya" in one.sentence for one in flagged] == (
            [True] * flags
        )

    def test_version_2_leaves_out_the_early_list_and_keeps_the_late_one(
        self, registry: Registry, found: Found
    ) -> None:
        employer = registry.employer()
        registry.member(1, tgl_akhir=date(2026, 1, 31), sebab_akhir="phk")
        early = registry.record(employer, sumber="DJP", tgl_data=date(2026, 2, 10))
        for record in (early, registry.record(employer)):
            registry.listed(record, 1)

        (flag,) = found("LAPSED", version=2)

        shown = [row["values"] for row in evidence(flag) if row["table"] == "sumber_pekerja"]
        assert [row["sumber"] for row in shown] == ["WLKP"]

    def test_both_sides_are_evidence(self, registry: Registry, found: Found) -> None:
        record = registry.record(registry.employer())
        registry.member(1, tgl_akhir=date(2026, 1, 31), sebab_akhir="klaim_jht")
        registry.listed(record, 1)

        (flag,) = found("LAPSED")

        assert {row["table"] for row in evidence(flag)} == {"sumber_pekerja", "kepesertaan"}

    def test_the_flag_says_how_many_ended_for_which_reason(
        self, registry: Registry, found: Found
    ) -> None:
        record = registry.record(registry.employer())
        reasons = ["klaim_jht", "pindah", None, "klaim_jht", "mengundurkan_diri", "phk", "lain"]
        for number, reason in enumerate(reasons, start=1):
            registry.member(number, tgl_akhir=date(2026, 1, 31), sebab_akhir=reason)
            registry.listed(record, number)

        (flag,) = found("LAPSED")

        told = numbers(flag)["sebab_akhir"]
        assert told == {
            "klaim_jht": 2, "mengundurkan_diri": 1, "phk": 1, "pindah": 1, "lain": 1,
            "tidak_diketahui": 1,
        }  # fmt: skip
        assert sum(told.values()) == flag.jumlah_tk
        assert flag.sentence == (
            "Kepesertaan 7 pekerja PT Usaha AA000001 telah berakhir (2 klaim JHT, 1 mengundurkan "
            "diri, 1 pemutusan hubungan kerja, 1 pindah, 1 lain-lain, 1 sebab tidak dicatat) tanpa "
            "kepesertaan lain, tetapi WLKP (data 30 Juni 2026) masih mencatat mereka bekerja di "
            "sana."
        )
        spoken = spoken_template(flag.sentence_template, json.loads(flag.sentence_values), "en")
        assert "has ended (2 JHT claim, 1 resigned, 1 termination, 1 moved, 1 other" in spoken
        column = column_text("sebab_akhir", told, "id")
        assert column.startswith("klaim JHT 2, mengundurkan diri 1, pemutusan hubungan kerja 1")
        assert column.endswith("sebab tidak dicatat 1")

    def test_every_reason_of_the_extract_has_words(self) -> None:
        (column,) = (one for one in kepesertaan.LAYOUT.columns if one.name == "sebab_akhir")

        assert set(column.kind.codes) == set(END_REASONS)

    @pytest.mark.parametrize(
        ("first", "second", "told"),
        [
            ((30, "klaim_jht"), (31, "phk"), "phk"),
            ((31, "klaim_jht"), (31, "phk"), "klaim_jht"),
            ((31, None), (31, "lain"), "lain"),
        ],
    )
    def test_of_several_ends_of_one_worker_the_last_counts_once(
        self, registry: Registry, found: Found, first: End, second: End, told: str
    ) -> None:
        record = registry.record(registry.employer())
        registry.employer(divisi="001")
        for (day, reason), divisi in zip((first, second), ("000", "001"), strict=True):
            registry.member(
                1, divisi=divisi, tgl_akhir=date(2026, 1, day), sebab_akhir=reason
            )  # fmt: skip
        registry.listed(record, 1)

        (flag,) = found("LAPSED")

        assert numbers(flag)["sebab_akhir"] == {told: 1}

    def test_one_who_died_is_left_out(self, registry: Registry, found: Found) -> None:
        record = registry.record(registry.employer())
        registry.member(1, tgl_akhir=date(2026, 1, 31), sebab_akhir="meninggal")
        registry.listed(record, 1)

        assert found("LAPSED") == []

    def test_active_at_another_employer_is_not_lapsed(
        self, registry: Registry, found: Found
    ) -> None:
        record = registry.record(registry.employer())
        registry.employer("AA000002")
        registry.member(1, tgl_akhir=date(2026, 1, 31), sebab_akhir="pindah")
        registry.member(1, "AA000002", tgl_mulai=date(2026, 2, 1))
        registry.listed(record, 1)

        assert found("LAPSED") == []

    def test_back_under_a_new_card_is_not_lapsed(self, registry: Registry, found: Found) -> None:
        record = registry.record(registry.employer())
        registry.member(1, tgl_akhir=date(2026, 1, 31), sebab_akhir="klaim_jht")
        registry.member(1, kpj="00000000099", tgl_mulai=date(2026, 2, 1))
        registry.listed(record, 1)

        assert found("LAPSED") == []

    @pytest.mark.parametrize(
        ("last_day", "flags"), [(ON, 0), (ON + timedelta(days=30), 0), (date(2026, 6, 1), 1)]
    )
    def test_a_membership_runs_through_its_last_day(
        self, registry: Registry, found: Found, last_day: date, flags: int
    ) -> None:
        record = registry.record(registry.employer())
        registry.member(1, tgl_akhir=last_day, sebab_akhir="lain")
        registry.listed(record, 1)

        assert len(found("LAPSED")) == flags

    def test_a_stale_source_shows_nobody_at_work(self, registry: Registry, found: Found) -> None:
        record = registry.record(registry.employer(), tgl_data=STALE)
        registry.member(1, tgl_akhir=date(2024, 1, 31), sebab_akhir="klaim_jht")
        registry.listed(record, 1)

        assert found("LAPSED") == []

    def test_the_flag_stands_at_the_npp_where_the_membership_ended(
        self, registry: Registry, found: Found
    ) -> None:
        employer = registry.employer()
        registry.employer("AA000002", npwp=employer["npwp"])
        registry.member(1, "AA000002", tgl_akhir=date(2026, 1, 31), sebab_akhir="klaim_jht")
        registry.listed(registry.record(employer), 1)

        (flag,) = found("LAPSED")

        assert flag.npp == "AA000002"

    def test_one_employer_may_carry_several_rules_once_each(
        self, registry: Registry, found: Found
    ) -> None:
        record = registry.record(registry.employer(skala="besar"))
        registry.member(1, tgl_akhir=date(2026, 1, 31), sebab_akhir="klaim_jht")
        registry.listed(record, 1)
        registry.listed(record, 2)
        for month in ("2026-01", "2026-02", "2026-03"):
            registry.bill(month)

        rules = [len(found(rule)) for rule in ("LAPSED", "PDS_TK", "PIUTANG", "PDS_PROGRAM")]

        assert rules == [1, 1, 1, 1]
