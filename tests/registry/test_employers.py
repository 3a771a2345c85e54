"""Employers as of a snapshot, within the offices of who asks."""

from datetime import date

import pytest

from app.accounts.permissions import ADMINISTRATOR, INSPECTOR, actions_of
from app.accounts.schemas import Principal
from app.errors import Forbidden, Invalid, NotFound
from app.registry import employers
from app.registry.schemas import EmployerPage
from app.registry.snapshots import SnapshotReader
from tests.registry.extracts import Registry, row, view_of


def inspector(*offices: str) -> Principal:
    return Principal(
        actor="user:7",
        name="Sari",
        role=INSPECTOR,
        office_code=offices[0] if offices else "P00",
        offices=frozenset(offices) if offices else None,
        actions=actions_of(INSPECTOR),
        zone="Asia/Jakarta",
        user_id=7,
    )


@pytest.fixture
def snapshot(registry: Registry) -> SnapshotReader:
    result = registry.bring_rows(
        pemberi_kerja=[
            row("pemberi_kerja", status="tutup", nama="PT Maju Lama"),
            row("pemberi_kerja", divisi="001", program="JKK,JKM"),
            row("pemberi_kerja", npp="AA000002", nama="CV Angin", npwp="0987654321098765",
                kantor_cabang="K02"),
            row("pemberi_kerja", npp="AA000003", nama="PT Zaman", npwp=""),
        ],
        kepesertaan=[
            row("kepesertaan", kpj="K1", nama="Citra"),
            row("kepesertaan", kpj="K2", nama="Andi", divisi="001", nik="3171010101900002"),
            row("kepesertaan", kpj="K3", nama="Budi", tgl_akhir="2026-10-30", sebab_akhir="phk",
                nik="3171010101900003"),
            row("kepesertaan", kpj="K4", nama="Dewi", tgl_akhir="2026-10-31", sebab_akhir="phk",
                nik="3171010101900004"),
            row("kepesertaan", kpj="K5", npp="AA000002"),
        ],
        tagihan=[row("tagihan"), row("tagihan", blth="2026-04"), row("tagihan", npp="AA000002")],
        pembayaran=[
            row("pembayaran", jumlah="100"),
            row("pembayaran", jumlah="50", kode_iuran="9", tgl_bayar="2026-05-01"),
        ],
    )  # fmt: skip
    assert result.rejected == ()
    return SnapshotReader(registry.folder / "snapshots", view_of(result))


def _found(page: EmployerPage) -> list[str]:
    return [one.npp for one in page.items]


def _search(
    snapshot: SnapshotReader, text: str, who: Principal | None = None, *, limit: int = 50
) -> list[str]:
    return _found(
        employers.search(who or inspector(), snapshot=snapshot, text=text, limit=limit, cursor=None)
    )


@pytest.mark.parametrize(
    ("text", "npps"),
    [
        ("", ["AA000002", "AA000001", "AA000003"]),
        ("maju", ["AA000001"]),
        ("aa000002", ["AA000002"]),
        ("01.234.567.8-901", ["AA000001"]),
        ("987654321098765", ["AA000002"]),
        ("tidak ada", []),
        ("%", []),
    ],
)
def test_an_employer_is_found_by_name_npp_or_npwp(
    snapshot: SnapshotReader, text: str, npps: list[str]
) -> None:
    assert _search(snapshot, text) == npps


def test_an_employer_of_another_office_is_neither_listed_nor_there(
    snapshot: SnapshotReader,
) -> None:
    who = inspector("J01")

    assert _search(snapshot, "", who) == ["AA000001", "AA000003"]
    with pytest.raises(NotFound) as hidden:
        employers.profile(who, snapshot=snapshot, npp="AA000002")
    with pytest.raises(NotFound) as missing:
        employers.profile(who, snapshot=snapshot, npp="ZZ999999")
    assert hidden.value.template == missing.value.template
    for ask in (employers.bills, employers.payments):
        with pytest.raises(NotFound):
            ask(who, snapshot=snapshot, npp="AA000002")
    with pytest.raises(NotFound):
        employers.workers(who, snapshot=snapshot, npp="AA000002", limit=5, cursor=None)


def test_who_may_not_read_the_registry_is_refused(snapshot: SnapshotReader) -> None:
    nobody = Principal(
        actor="user:8", name="A", role=ADMINISTRATOR, office_code="P00", offices=None,
        actions=frozenset(), zone="Asia/Jakarta", user_id=8,
    )  # fmt: skip

    with pytest.raises(Forbidden):
        _search(snapshot, "", nobody)
    with pytest.raises(Forbidden):
        employers.profile(nobody, snapshot=snapshot, npp="AA000001")


def test_pages_follow_each_other_without_a_gap(snapshot: SnapshotReader) -> None:
    who, found, cursor = inspector(), [], None
    while True:
        page = employers.search(who, snapshot=snapshot, text="", limit=1, cursor=cursor)
        found += _found(page)
        cursor = page.next
        if cursor is None:
            break

    assert found == ["AA000002", "AA000001", "AA000003"]


def test_a_cursor_of_another_list_is_refused(snapshot: SnapshotReader) -> None:
    with pytest.raises(Invalid):
        employers.search(inspector(), snapshot=snapshot, text="", limit=1, cursor="bukan")


def test_a_profile_speaks_for_all_divisions(snapshot: SnapshotReader) -> None:
    found = employers.profile(inspector("J01"), snapshot=snapshot, npp="AA000001")

    assert [one.divisi for one in found.divisions] == ["001", "000"]
    assert found.head.nama == "PT Maju Bersama"
    assert found.program == ("JKK", "JKM", "JHT")
    assert (found.as_of, found.snapshot_id) == (date(2026, 10, 31), snapshot.view.id)


def test_who_left_before_the_day_of_the_snapshot_has_ended(snapshot: SnapshotReader) -> None:
    found = employers.profile(inspector(), snapshot=snapshot, npp="AA000001")

    assert (found.active_workers, found.ended_workers) == (3, 1)


def test_a_person_with_several_memberships_is_one_worker_and_who_begins_later_is_none_yet(
    registry: Registry,
) -> None:
    twice, back, left = "3171010101900005", "3171010101900006", "3171010101900007"
    result = registry.bring_rows(
        pemberi_kerja=[row("pemberi_kerja"), row("pemberi_kerja", divisi="001")],
        kepesertaan=[
            row("kepesertaan", kpj="K1", nik=twice),
            row("kepesertaan", kpj="K2", nik=twice, divisi="001"),
            row("kepesertaan", kpj="K3", nik=back, tgl_akhir="2026-05-31", sebab_akhir="phk"),
            row("kepesertaan", kpj="K4", nik=back, tgl_mulai="2026-10-31"),
            row("kepesertaan", kpj="K5", nik=left, tgl_akhir="2026-05-31", sebab_akhir="phk"),
            row("kepesertaan", kpj="K6", nik=left, tgl_akhir="2026-09-30", sebab_akhir="phk"),
            row("kepesertaan", kpj="K7", nik="3171010101900008", tgl_mulai="2026-11-01"),
        ],
    )
    snapshot = SnapshotReader(registry.folder / "snapshots", view_of(result))

    found = employers.profile(inspector(), snapshot=snapshot, npp="AA000001")
    (listed,) = employers.search(
        inspector(), snapshot=snapshot, text="", limit=1, cursor=None
    ).items

    assert (found.active_workers, found.ended_workers) == (2, 1)
    assert listed.active_workers == 2
    cards = employers.workers(inspector(), snapshot=snapshot, npp="AA000001", limit=9, cursor=None)
    assert sorted(one.kpj for one in cards.items if one.active) == ["K1", "K2", "K4"]


def test_workers_come_by_name_with_masked_niks(snapshot: SnapshotReader) -> None:
    first = employers.workers(inspector(), snapshot=snapshot, npp="AA000001", limit=3, cursor=None)
    rest = employers.workers(
        inspector(), snapshot=snapshot, npp="AA000001", limit=3, cursor=first.next
    )

    assert [one.nama for one in (*first.items, *rest.items)] == ["Andi", "Budi", "Citra", "Dewi"]
    assert first.items[0].nik == "············0002"
    assert [one.active for one in (*first.items, *rest.items)] == [True, False, True, True]
    assert first.items[0].line == 3
    assert rest.next is None


def test_a_bill_shows_what_was_paid_towards_it(snapshot: SnapshotReader) -> None:
    found = employers.bills(inspector(), snapshot=snapshot, npp="AA000001")

    assert [(one.blth, one.jumlah, one.paid) for one in found] == [
        (2026 * 12 + 3, 3_420_000, 0),
        (2026 * 12 + 2, 3_420_000, 150),
    ]


def test_payments_come_the_latest_first(snapshot: SnapshotReader) -> None:
    found = employers.payments(inspector(), snapshot=snapshot, npp="AA000001")

    assert [(one.tgl_bayar, one.jumlah) for one in found] == [
        (date(2026, 5, 1), 50),
        (date(2026, 4, 10), 100),
    ]
