"""PDS_TK: fewer workers registered than employed."""

import json
from datetime import date, timedelta

import pytest

from tests.detection.conftest import Found, evidence, numbers
from tests.detection.snapshots import FRESH, STALE, Registry, nik


class TestPDSTKByList:
    """Workers on a fresh list who were never registered at this employer, with names."""

    def test_a_worker_never_registered_is_named(self, registry: Registry, found: Found) -> None:
        record = registry.record(registry.employer())
        registry.member(1)
        registry.listed(record, 1)
        registry.listed(record, 2)

        (flag,) = found("PDS_TK")

        assert (flag.npp, flag.divisi, flag.jumlah_tk) == ("AA000001", "000", 1)
        (row,) = evidence(flag)
        assert (row["table"], row["line"], row["values"]["nik"]) == ("sumber_pekerja", 3, nik(2))
        assert numbers(flag)["cara"] == "daftar"
        assert json.loads(flag.source_ages) == {"WLKP": 143}

    def test_workers_on_two_lists_count_once(self, registry: Registry, found: Found) -> None:
        employer = registry.employer()
        for sumber in ("WLKP", "DJP"):
            registry.listed(registry.record(employer, sumber=sumber), 2)

        (flag,) = found("PDS_TK")

        assert (flag.jumlah_tk, flag.confidence) == (1, "tinggi")

    @pytest.mark.parametrize(("days", "flags"), [(30, 0), (31, 1)])
    def test_thirty_days_of_grace_after_the_start(
        self, registry: Registry, found: Found, days: int, flags: int
    ) -> None:
        record = registry.record(registry.employer())
        registry.listed(record, 2, tgl_mulai=FRESH - timedelta(days=days))

        assert len(found("PDS_TK")) == flags

    def test_a_worker_without_a_start_day_has_no_grace(
        self, registry: Registry, found: Found
    ) -> None:
        registry.listed(registry.record(registry.employer()), 2, tgl_mulai=None)

        assert len(found("PDS_TK")) == 1

    def test_registered_under_another_divisi_is_registered(
        self, registry: Registry, found: Found
    ) -> None:
        record = registry.record(registry.employer())
        registry.employer(divisi="001")
        registry.member(2, divisi="001")
        registry.listed(record, 2)

        assert found("PDS_TK") == []

    @pytest.mark.parametrize(("npwp", "flags"), [("0010000000000001", 0), ("010000000000002", 1)])
    def test_registered_under_another_npp_counts_when_it_has_the_same_npwp(
        self, registry: Registry, found: Found, npwp: str, flags: int
    ) -> None:
        record = registry.record(registry.employer(npwp="010000000000001"))
        registry.employer("AA000002", npwp=npwp)
        registry.member(2, "AA000002")
        registry.listed(record, 2)

        assert len(found("PDS_TK")) == flags

    def test_registered_after_the_sources_day_is_registered(
        self, registry: Registry, found: Found
    ) -> None:
        record = registry.record(registry.employer())
        registry.member(2, tgl_mulai=FRESH + timedelta(days=10))
        registry.listed(record, 2)

        assert found("PDS_TK") == []

    @pytest.mark.parametrize("cause", ["klaim_jht", "meninggal"])
    def test_a_membership_that_ended_here_is_not_a_missing_one(
        self, registry: Registry, found: Found, cause: str
    ) -> None:
        record = registry.record(registry.employer())
        registry.member(2, tgl_akhir=date(2026, 1, 31), sebab_akhir=cause)
        registry.listed(record, 2)

        assert found("PDS_TK") == []

    def test_one_who_died_at_another_employer_is_not_missing_here(
        self, registry: Registry, found: Found
    ) -> None:
        record = registry.record(registry.employer())
        registry.employer("AA000002")
        registry.member(2, "AA000002", tgl_akhir=date(2026, 1, 31), sebab_akhir="meninggal")
        registry.listed(record, 2)

        assert found("PDS_TK") == []

    def test_a_stale_list_names_nobody(self, registry: Registry, found: Found) -> None:
        registry.listed(registry.record(registry.employer(), tgl_data=STALE), 2)

        assert found("PDS_TK") == []

    def test_a_list_older_than_the_registration_says_nothing(
        self, registry: Registry, found: Found
    ) -> None:
        record = registry.record(registry.employer(tgl_daftar=FRESH + timedelta(days=1)))
        registry.listed(record, 2)

        assert found("PDS_TK") == []

    def test_an_employer_closed_here_is_not_asked(self, registry: Registry, found: Found) -> None:
        registry.listed(registry.record(registry.employer(status="tutup")), 2)

        assert found("PDS_TK") == []

    def test_a_name_that_two_registered_employers_share_is_held_against_neither(
        self, registry: Registry, found: Found
    ) -> None:
        for npp in ("AA000001", "AA000002"):
            registry.employer(npp, nama="PT Kembar")
        record = registry.record(nama="PT Kembar", npwp=None, nib=None)
        registry.listed(record, 2)

        assert (found("PDS_TK"), found("PWBD")) == ([], [])

    def test_a_link_by_name_alone_is_for_review(self, registry: Registry, found: Found) -> None:
        registry.listed(registry.record(registry.employer(), npwp=None, nib=None), 2)

        (flag,) = found("PDS_TK")

        assert flag.confidence == "perlu ditinjau"

    @pytest.mark.parametrize(("name", "flags"), [("Pekerja 7", 0), ("Orang Lain", 1)])
    def test_a_nik_that_a_spreadsheet_zeroed_is_no_stranger(
        self, registry: Registry, found: Found, name: str, flags: int
    ) -> None:
        record = registry.record(registry.employer())
        registered = registry.member(7)
        registry.listed(
            record, 7, nik=f"{nik(7)[:15]}0", nama=name, tgl_lahir=registered["tgl_lahir"]
        )

        assert len(found("PDS_TK")) == flags

    @pytest.mark.parametrize(
        ("written", "flags"),
        [("3201000000000170", 0), ("3201000000000171", 1), ("3201000000000100", 1)],
    )
    def test_only_a_last_digit_that_became_0_is_a_spreadsheets(
        self, registry: Registry, found: Found, written: str, flags: int
    ) -> None:
        record = registry.record(registry.employer())
        registered = registry.member(177)
        registry.listed(
            record,
            177,
            nik=written,
            nama=registered["nama"],
            tgl_lahir=registered["tgl_lahir"],
        )

        assert len(found("PDS_TK")) == flags

    def test_a_nik_that_begins_with_0_is_told_with_all_its_digits(
        self, registry: Registry, found: Found
    ) -> None:
        registry.listed(registry.record(registry.employer()), 1, nik="0171010101900002")

        (flag,) = found("PDS_TK")

        assert [row["values"]["nik"] for row in evidence(flag)] == ["0171010101900002"]


class TestPDSTKByHeadCount:
    """Only where no list exists: at least 2 and at least 10 % more than registered that day."""

    @pytest.mark.parametrize(
        ("registered", "reported", "flags"),
        [(5, 6, 0), (5, 7, 1), (19, 21, 1), (20, 22, 1), (21, 23, 0), (30, 32, 0), (30, 33, 1)],
    )
    def test_by_at_least_two_and_a_tenth(
        self, registry: Registry, found: Found, registered: int, reported: int, flags: int
    ) -> None:
        registry.record(registry.employer(), jumlah_tk=reported)
        for number in range(registered):
            registry.member(number)

        flagged = found("PDS_TK")

        assert [flag.jumlah_tk for flag in flagged] == [reported - registered] * flags

    def test_a_list_silences_the_head_count(self, registry: Registry, found: Found) -> None:
        record = registry.record(registry.employer(), jumlah_tk=50)
        registry.member(1)
        registry.listed(record, 1)

        assert found("PDS_TK") == []

    def test_a_stale_list_does_not_silence_a_fresh_head_count(
        self, registry: Registry, found: Found
    ) -> None:
        employer = registry.employer()
        registry.member(1)
        registry.listed(registry.record(employer, sumber="DJP", tgl_data=STALE), 1)
        registry.record(employer, jumlah_tk=50)

        (flag,) = found("PDS_TK")

        assert numbers(flag)["cara"] == "jumlah"

    def test_the_number_registered_on_the_sources_day_counts(
        self, registry: Registry, found: Found
    ) -> None:
        registry.record(registry.employer(), jumlah_tk=4)
        registry.member(1)
        registry.member(2, tgl_akhir=FRESH)
        registry.member(3, tgl_mulai=FRESH)
        registry.member(4, tgl_akhir=FRESH + timedelta(days=60))
        registry.member(5, tgl_akhir=FRESH - timedelta(days=1))
        registry.member(6, tgl_mulai=FRESH + timedelta(days=1))

        assert found("PDS_TK") == []

    def test_two_cards_of_one_worker_are_one_worker(self, registry: Registry, found: Found) -> None:
        registry.record(registry.employer(), jumlah_tk=3)
        registry.member(1)
        registry.member(1, kpj="00000000099")

        (flag,) = found("PDS_TK")

        assert flag.jumlah_tk == 2

    def test_workers_of_another_npp_of_the_same_npwp_count(
        self, registry: Registry, found: Found
    ) -> None:
        employer = registry.employer()
        registry.employer("AA000002", npwp=f"0{employer['npwp']}")
        registry.record(employer, jumlah_tk=3)
        registry.member(1)
        registry.member(2, "AA000002")
        registry.member(3, "AA000002")

        assert found("PDS_TK") == []

    @pytest.mark.parametrize("changes", [{"tgl_data": STALE}, {"tgl_data": date(2015, 12, 31)}])
    def test_a_stale_count_or_one_before_the_registration_says_nothing(
        self, registry: Registry, found: Found, changes: dict[str, date]
    ) -> None:
        registry.record(registry.employer(), jumlah_tk=50, **changes)

        assert found("PDS_TK") == []

    def test_a_count_before_the_registration_says_nothing(
        self, registry: Registry, found: Found
    ) -> None:
        registry.record(registry.employer(tgl_daftar=FRESH + timedelta(days=1)), jumlah_tk=50)

        assert found("PDS_TK") == []


@pytest.mark.parametrize(
    ("fewer", "more", "said"), [(12, 24, True), (12, 23, False), (9, 18, False)]
)
def test_head_counts_that_contradict_each_other_are_both_said_and_lower_the_confidence(
    registry: Registry, found: Found, fewer: int, more: int, *, said: bool
) -> None:
    employer = registry.employer()
    for number in range(1, 9):
        registry.member(number)
    registry.record(employer, jumlah_tk=fewer)
    registry.record(employer, sumber="KESEHATAN", id_sumber="K-1", jumlah_tk=more)

    (flag,) = found("PDS_TK")

    told = numbers(flag)
    assert (flag.confidence == "perlu ditinjau") is said
    assert ("jauh berbeda" in flag.confidence_reason) is said
    assert (told.get("tk_tersedikit"), told.get("tk_terbanyak")) == (
        (fewer, more) if said else (None, None)
    )
