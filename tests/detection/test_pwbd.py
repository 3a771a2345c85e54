"""PWBD: known elsewhere with a worker, unregistered here."""

from datetime import date

import pytest

from tests.detection.conftest import Found, evidence, numbers
from tests.detection.snapshots import FRESH, OLDEST_FRESH, ON, STALE, Registry


class TestPWBD:
    """An employer registers itself and its workers."""

    def test_an_unknown_employer_in_a_fresh_source_is_found(
        self, registry: Registry, found: Found
    ) -> None:
        registry.employer()
        registry.record(jumlah_tk=7)

        (flag,) = found("PWBD")

        assert (flag.subject, flag.npp, flag.jumlah_tk) == ("npwp:0990000000000001", "", 7)
        assert (flag.sumber, flag.id_sumber, flag.npwp) == ("WLKP", "W-1", "990000000000001")
        assert flag.sentence == (
            "PT Belum Daftar tercatat pada WLKP dengan 7 pekerja (data 30 Juni 2026), tetapi belum "
            "terdaftar."
        )

    @pytest.mark.parametrize(("workers", "flags"), [(0, 0), (1, 1)])
    def test_one_worker_is_enough_and_none_is_not(
        self, registry: Registry, found: Found, workers: int, flags: int
    ) -> None:
        registry.record(jumlah_tk=workers)

        assert len(found("PWBD")) == flags

    def test_a_fresh_worker_list_shows_a_worker_where_the_head_count_says_none(
        self, registry: Registry, found: Found
    ) -> None:
        registry.listed(registry.record(jumlah_tk=0), 1)

        (flag,) = found("PWBD")

        assert flag.jumlah_tk == 1
        assert {row["table"] for row in evidence(flag)} == {
            "sumber_pemberi_kerja",
            "sumber_pekerja",
        }

    @pytest.mark.parametrize(("day", "flags"), [(STALE, 0), (OLDEST_FRESH, 1), (ON, 1)])
    def test_a_source_is_stale_a_day_beyond_eighteen_months(
        self, registry: Registry, found: Found, day: date, flags: int
    ) -> None:
        registry.record(tgl_data=day)

        assert len(found("PWBD")) == flags

    def test_two_stale_sources_stay_stale(self, registry: Registry, found: Found) -> None:
        registry.record(tgl_data=STALE)
        registry.record(sumber="DJP", id_sumber="D-1", tgl_data=STALE)

        assert found("PWBD") == []

    def test_a_stale_source_supports_what_a_fresh_one_carries(
        self, registry: Registry, found: Found
    ) -> None:
        registry.record(jumlah_tk=4)
        registry.record(sumber="DJP", id_sumber="D-1", tgl_data=STALE, jumlah_tk=40)

        (flag,) = found("PWBD")

        assert (flag.jumlah_tk, flag.sumber) == (4, "WLKP")
        assert (numbers(flag)["sumber"], numbers(flag)["sumber_segar"]) == (2, 1)
        assert flag.confidence == "sedang"

    def test_sources_that_know_the_same_npwp_of_15_and_16_digits_are_one_flag(
        self, registry: Registry, found: Found
    ) -> None:
        registry.record(nib=None)
        registry.record(sumber="DJP", id_sumber="D-1", npwp="0990000000000001", nib=None)

        (flag,) = found("PWBD")

        assert flag.confidence == "tinggi"

    def test_sources_that_share_a_nib_are_one_flag(self, registry: Registry, found: Found) -> None:
        registry.record()
        registry.record(sumber="OSS", id_sumber="O-1", npwp=None)

        assert len(found("PWBD")) == 1

    def test_different_numbers_are_different_employers(
        self, registry: Registry, found: Found
    ) -> None:
        registry.record()
        registry.record(sumber="OSS", id_sumber="O-1", npwp="990000000000002", nib="9900000000002")

        assert len(found("PWBD")) == 2

    def test_a_record_without_numbers_joins_the_one_of_its_name_and_place(
        self, registry: Registry, found: Found
    ) -> None:
        registry.record()
        registry.record(
            sumber="LAPORAN", id_sumber="L-1", nama="pt. belum daftar", npwp=None, nib=None
        )

        assert len(found("PWBD")) == 1

    def test_two_of_one_name_in_one_source_are_two(self, registry: Registry, found: Found) -> None:
        for number in ("L-1", "L-2"):
            registry.record(sumber="LAPORAN", id_sumber=number, npwp=None, nib=None)

        assert {flag.subject for flag in found("PWBD")} == {
            "sumber:LAPORAN:L-1",
            "sumber:LAPORAN:L-2",
        }

    @pytest.mark.parametrize(
        "known",
        [
            {"nib": None, "nama": "Salah Tulis"},
            {"npwp": None, "nama": "Salah Tulis"},
            {"npwp": None, "nib": None, "nama": "USAHA AA000001, PT"},
            {"npwp": "0010000000000001", "nib": None},
            {"npwp": "0010000000000001000000", "nib": None},
        ],
        ids=["npwp", "nib", "name-and-place", "npwp-16", "nitku"],
    )
    def test_an_employer_registered_here_is_silent(
        self, registry: Registry, found: Found, known: dict[str, str | None]
    ) -> None:
        registry.record(registry.employer(npwp="010000000000001"), **known)

        assert found("PWBD") == []

    def test_a_name_and_place_link_needs_the_same_regency(
        self, registry: Registry, found: Found
    ) -> None:
        registry.record(registry.employer(), npwp=None, nib=None, kode_wilayah="32.02")

        assert len(found("PWBD")) == 1

    def test_pt_and_cv_of_one_name_are_two_employers(
        self, registry: Registry, found: Found
    ) -> None:
        registry.record(registry.employer(), npwp=None, nib=None, nama="CV Usaha AA000001")

        assert len(found("PWBD")) == 1

    @pytest.mark.parametrize(
        "other", [{"npwp": "990000000000009", "nib": None}, {"npwp": None, "nib": "9900000000009"}]
    )
    def test_a_shared_name_and_place_under_another_number_is_a_question_not_a_link(
        self, registry: Registry, found: Found, other: dict[str, str | None]
    ) -> None:
        registry.record(registry.employer(), **other)

        (flag,) = found("PWBD")

        assert (flag.confidence, numbers(flag)["mirip_npp"]) == ("perlu ditinjau", "AA000001")
        assert "NPP AA000001 yang nomor, bentuk, atau alamatnya berbeda" in flag.sentence

    def test_closed_here_but_alive_in_a_later_fresh_source_is_found_with_that_remark(
        self, registry: Registry, found: Found
    ) -> None:
        closed = registry.employer(status="tutup")
        registry.member(tgl_akhir=date(2026, 1, 31), sebab_akhir="phk")
        registry.record(closed, jumlah_tk=3)

        (flag,) = found("PWBD")

        assert (flag.subject, flag.npp, flag.jumlah_tk) == ("npp:AA000001", "AA000001", 3)
        assert flag.kantor_cabang == "J05"
        assert "berstatus tutup di sini (NPP AA000001)" in flag.sentence

    @pytest.mark.parametrize(("last_day", "flags"), [(FRESH, 0), (date(2026, 6, 29), 1)])
    def test_a_source_not_later_than_the_closing_says_nothing_about_it(
        self, registry: Registry, found: Found, last_day: date, flags: int
    ) -> None:
        closed = registry.employer(status="tutup")
        registry.member(tgl_akhir=last_day, sebab_akhir="phk")
        registry.record(closed)

        assert len(found("PWBD")) == flags

    @pytest.mark.parametrize(("month", "flags"), [("2026-06", 0), ("2026-05", 1)])
    def test_without_memberships_the_last_month_billed_stands_for_the_closing(
        self, registry: Registry, found: Found, month: str, flags: int
    ) -> None:
        closed = registry.employer(status="tutup")
        registry.bill(month, paid=285_000)
        registry.record(closed)

        assert len(found("PWBD")) == flags

    def test_closed_under_one_number_and_active_under_another_is_registered(
        self, registry: Registry, found: Found
    ) -> None:
        closed = registry.employer(status="tutup")
        registry.employer("AA000002", npwp=closed["npwp"], nib=None)
        registry.record(closed)

        assert found("PWBD") == []

    def test_the_branch_with_most_employers_of_the_regency_gets_it(
        self, registry: Registry, found: Found
    ) -> None:
        registry.employer("AA000001", kantor_cabang="J09")
        registry.employer("AA000002", kantor_cabang="J07")
        registry.employer("AA000003", kantor_cabang="J08", kode_wilayah="32.99")
        registry.employer("AA000004", kantor_cabang="J08", kode_wilayah="32.99")
        registry.record()
        registry.record(
            sumber="OSS", id_sumber="O-2", npwp=None, nib="9900000000003", kode_wilayah="32.55"
        )
        registry.record(
            sumber="OSS", id_sumber="O-3", npwp=None, nib="9900000000004", kode_wilayah="91.01"
        )

        offices = {flag.id_sumber: flag.kantor_cabang for flag in found("PWBD")}

        assert offices == {"W-1": "J07", "O-2": "J08", "O-3": ""}

    def test_the_estimate_says_its_method_wage_and_months(
        self, registry: Registry, found: Found
    ) -> None:
        registry.employer()
        registry.member(1, upah=4_000_000)
        registry.member(2, upah=6_000_000)
        registry.record(jumlah_tk=2, skala="kecil")

        (flag,) = found("PWBD")

        # 5,000,000 x (0.24 + 0.30 + 5.70) % = 312,000 a worker; June to November are 5 months.
        assert flag.potensi_rupiah == 2 * 312_000 * 5
        assert numbers(flag)["metode"] == "rata-rata upah wilayah"
        assert (numbers(flag)["upah_dasar"], numbers(flag)["bulan"]) == (5_000_000, 5)
        assert sum(numbers(flag)["skor"].values()) == flag.skor
