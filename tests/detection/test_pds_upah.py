"""PDS_UPAH: a wage reported here below a wage evidenced elsewhere."""

from datetime import timedelta

import pytest

from tests.detection.conftest import Found, evidence, numbers
from tests.detection.snapshots import FRESH, STALE, Registry


class TestPDSUPAH:
    """The reported wage matches the wage received."""

    @pytest.mark.parametrize(("shown", "flags"), [(5_499_999, 0), (5_500_000, 1)])
    def test_at_least_ten_percent_above(
        self, registry: Registry, found: Found, shown: int, flags: int
    ) -> None:
        record = registry.record(registry.employer())
        registry.member(1, upah=5_000_000)
        registry.listed(record, 1, upah=shown)

        assert len(found("PDS_UPAH")) == flags

    def test_the_rows_of_both_sides_and_the_estimate_are_kept(
        self, registry: Registry, found: Found
    ) -> None:
        record = registry.record(registry.employer())
        registry.member(1, upah=5_000_000)
        registry.listed(record, 1, upah=8_000_000)

        (flag,) = found("PDS_UPAH")

        assert flag.jumlah_tk == 1
        assert {row["table"]: row["values"]["upah"] for row in evidence(flag)} == {
            "sumber_pekerja": 8_000_000,
            "kepesertaan": 5_000_000,
        }
        # 3,000,000 x (0.24 + 0.30 + 5.70) % a month, from June to November.
        assert flag.potensi_rupiah == 187_200 * 5
        assert "Rp5.000.000" in flag.sentence
        assert "Rp8.000.000" in flag.sentence

    def test_pay_in_two_divisi_is_added_up(self, registry: Registry, found: Found) -> None:
        record = registry.record(registry.employer())
        registry.employer(divisi="001")
        registry.member(1, upah=3_000_000)
        registry.member(1, upah=3_000_000, divisi="001")
        registry.listed(record, 1, upah=6_000_000)

        assert found("PDS_UPAH") == []

    def test_two_cards_in_one_divisi_are_the_same_pay(
        self, registry: Registry, found: Found
    ) -> None:
        record = registry.record(registry.employer())
        registry.member(1, upah=4_000_000)
        registry.member(1, upah=4_000_000, kpj="00000000099")
        registry.listed(record, 1, upah=6_000_000)

        assert len(found("PDS_UPAH")) == 1

    def test_a_stale_wage_is_no_evidence(self, registry: Registry, found: Found) -> None:
        record = registry.record(registry.employer(), tgl_data=STALE)
        registry.member(1, upah=5_000_000)
        registry.listed(record, 1, upah=9_000_000)

        assert found("PDS_UPAH") == []

    def test_a_low_wage_alone_raises_nothing(self, registry: Registry, found: Found) -> None:
        record = registry.record(registry.employer())
        registry.member(1, upah=900_000)
        registry.listed(record, 1, upah=900_000)

        assert found("PDS_UPAH") == []

    def test_a_list_without_wages_raises_nothing(self, registry: Registry, found: Found) -> None:
        record = registry.record(registry.employer())
        registry.member(1)
        registry.listed(record, 1, upah=None)

        assert found("PDS_UPAH") == []

    def test_a_wage_from_before_the_membership_is_no_evidence(
        self, registry: Registry, found: Found
    ) -> None:
        record = registry.record(registry.employer())
        registry.member(1, upah=5_000_000, tgl_mulai=FRESH + timedelta(days=1))
        registry.listed(record, 1, upah=9_000_000)

        assert found("PDS_UPAH") == []

    def test_the_wage_of_another_job_is_no_evidence(self, registry: Registry, found: Found) -> None:
        here = registry.employer()
        there = registry.employer("AA000002")
        registry.member(1, upah=5_000_000)
        registry.member(1, "AA000002", upah=9_000_000)
        registry.listed(registry.record(here), 1, upah=5_000_000)
        registry.listed(registry.record(there, id_sumber="W-2"), 1, upah=9_000_000)

        assert found("PDS_UPAH") == []

    def test_several_workers_are_one_flag(self, registry: Registry, found: Found) -> None:
        record = registry.record(registry.employer())
        for number in range(3):
            registry.member(number, upah=4_000_000)
            registry.listed(record, number, upah=6_000_000)

        (flag,) = found("PDS_UPAH")

        assert (flag.jumlah_tk, numbers(flag)["upah_bukti"]) == (3, 18_000_000)
