"""From flags to a case: one employer, one case, the flags told."""

from datetime import date

import pytest
from sqlmodel import select

from app.cases import queries, service
from app.cases.schemas import Employer, Opened
from app.cases.stages import CLOSING_REASONS, Action, Proof, Violation
from app.cases.tables import CaseFlagRow
from app.detection import queries as flags
from app.detection import service as detection
from app.detection.tables import Flag
from app.errors import Conflict, Invalid, NotFound, Refused
from tests.cases.conftest import TODAY, Casework


def flag(work: Casework, rule: str, subject: str = "npp:AB123456", **changes: object) -> int:
    row = Flag.model_validate(
        {
            "rule": rule,
            "rule_version": 1,
            "subject": subject,
            "npp": subject.removeprefix("npp:") if subject.startswith("npp:") else "",
            "nama": "PT Sinar Baja Contoh",
            "kantor_cabang": "J05",
            "kode_wilayah": "31.74",
            "jumlah_tk": 12,
            "potensi_rupiah": 4_500_000,
            "bulan_tunggak": 4,
            "skor": 70,
            "status": "baru",
            "snapshot_id": "s1",
            "sentence": "Empat bulan iuran belum dibayar.",
            "sentence_template": "{bulan} bulan iuran belum dibayar.",
            "sentence_values": {"bulan": 4},
            "numbers": {"metode": "pokok"},
            "evidence": [
                {"table": "kepesertaan", "line": 7, "values": {"nik": "3171011708030001"}}
            ],
            "source_ages": {"WLKP": 30},
            "confidence": "tinggi",
            "confidence_reason": "NPWP sama.",
            "facts_hash": "x",
            "seen": True,
            "first_found_on": date(2026, 11, 1),
            "last_found_on": date(2026, 11, 1),
            "changed_at": work.now,
            **changes,
        }
    )
    work.session.add(row)
    work.session.flush()
    assert row.id is not None
    return row.id


def open_from(work: Casework, *ids: int, employer: Employer | None = None) -> Opened:
    opened = service.open_from_flags(
        work.session,
        principal=work.cast.inspector,
        flag_ids=ids,
        employer=employer,
        note="",
        snapshots_dir=work.snapshots_dir,
        on=TODAY,
        now=work.now,
    )
    work.case_id = opened.id
    return opened


def test_several_flags_of_one_employer_become_one_case(work: Casework) -> None:
    ids = flag(work, "PIUTANG"), flag(work, "PDS_TK")

    opened = open_from(work, *ids)

    case = work.file()
    assert case.violations == (Violation.PDS_TK, Violation.PIUTANG)
    assert {item.flag_id for item in case.flags} == set(ids)
    assert case.flags[0].sentence == "Empat bulan iuran belum dibayar."
    assert case.snapshot_id == "s1"
    for flag_id in ids:
        told = flags.flag(work.session, principal=work.cast.inspector, flag_id=flag_id)
        assert (told.status, told.case_number) == ("kasus", opened.number)


def test_a_case_keeps_no_whole_nik(work: Casework) -> None:
    open_from(work, flag(work, "PDS_TK"))

    assert "3171011708030001" not in repr(work.file().flags)


def test_a_flag_of_a_case_keeps_the_day_its_figures_stand_for(work: Casework) -> None:
    open_from(work, flag(work, "PDS_TK", last_found_on=date(2026, 11, 3)))

    assert [item.found_on for item in work.file().flags] == [date(2026, 11, 3)]


def test_a_flag_that_joined_before_its_day_was_kept_has_none(work: Casework) -> None:
    open_from(work, flag(work, "PDS_TK"))
    row = work.session.exec(select(CaseFlagRow)).one()
    row.content = {name: value for name, value in row.content.items() if name != "found_on"}
    work.session.flush()

    assert [item.found_on for item in work.file().flags] == [None]


def test_a_double_click_on_flags_returns_the_same_case(work: Casework) -> None:
    flag_id = flag(work, "PIUTANG")
    first = open_from(work, flag_id)

    second = open_from(work, flag_id)

    assert (second.id, second.already) == (first.id, True)


def test_a_further_flag_names_the_open_case_and_can_join_it(work: Casework) -> None:
    first = open_from(work, flag(work, "PIUTANG"))
    late = flag(work, "PDS_UPAH")

    with pytest.raises(Conflict, match=first.number):
        open_from(work, late)
    service.add_flags(
        work.session,
        principal=work.cast.inspector,
        case_id=first.id,
        expected_version=work.version,
        flag_ids=[late],
        on=TODAY,
        now=work.now,
    )

    assert work.file().violations == (Violation.PDS_UPAH, Violation.PIUTANG)


def test_a_flag_of_a_new_breach_does_not_join_after_the_first_warning(work: Casework) -> None:
    work.open(Violation.PDS_TK)
    work.inspect()
    work.letter(Action.WARN_1, date(2026, 2, 2), date(2026, 2, 3))
    late = flag(work, "PDS_UPAH")

    with pytest.raises(Refused, match="tidak menyebut PDS_UPAH"):
        service.add_flags(
            work.session,
            principal=work.cast.inspector,
            case_id=work.case_id,
            expected_version=work.version,
            flag_ids=[late],
            on=TODAY,
            now=work.now,
        )

    told = flags.flag(work.session, principal=work.cast.inspector, flag_id=late)
    assert told.status == "baru"


def test_flags_of_two_employers_are_refused(work: Casework) -> None:
    with pytest.raises(Invalid, match="beberapa pemberi kerja"):
        open_from(work, flag(work, "PIUTANG"), flag(work, "PIUTANG", "npp:CD000001"))


def test_a_flag_of_another_employer_cannot_join(work: Casework) -> None:
    first = open_from(work, flag(work, "PIUTANG"))

    with pytest.raises(Invalid, match="pemberi kerja lain"):
        service.add_flags(
            work.session,
            principal=work.cast.inspector,
            case_id=first.id,
            expected_version=work.version,
            flag_ids=[flag(work, "PDS_TK", "npp:CD000001")],
            on=TODAY,
            now=work.now,
        )


def test_no_flag_is_no_case(work: Casework) -> None:
    with pytest.raises(Invalid, match="paling sedikit satu"):
        open_from(work)


def test_a_flag_of_another_office_is_not_found(work: Casework) -> None:
    with pytest.raises(NotFound):
        open_from(work, flag(work, "PIUTANG", kantor_cabang="M01"))


def test_facts_of_another_employer_are_refused(work: Casework) -> None:
    with pytest.raises(Invalid, match="tidak cocok"):
        open_from(work, flag(work, "PIUTANG"), employer=Employer(nama="CV Lain", npp="ZZ1"))


def test_an_unregistered_employer_is_known_by_its_source(work: Casework) -> None:
    flag_id = flag(
        work, "PWBD", "sumber:WLKP:W-7", sumber="WLKP", id_sumber="W-7", potensi_rupiah=0
    )

    open_from(work, flag_id)

    employer = work.file().employer
    assert (employer.npp, employer.key) == ("", "sumber:WLKP:W-7")


def test_after_closing_the_same_employer_can_be_opened_again(work: Casework) -> None:
    open_from(work, flag(work, "PIUTANG"))
    work.close("LUNAS", Proof.PAYMENT)

    assert open_from(work, flag(work, "PDS_TK")).already is False


@pytest.mark.parametrize(
    ("reason", "kinds", "after"),
    [
        ("LUNAS", (Proof.PAYMENT,), {"PIUTANG": "kasus", "PDS_TK": "kasus"}),
        ("PATUH", (Proof.REGISTRATION,), {"PIUTANG": "kasus", "PDS_TK": "kasus"}),
        ("DICABUT", (), {"PIUTANG": "kasus", "PDS_TK": "kasus"}),
        ("PAILIT", (Proof.BANKRUPTCY,), {"PIUTANG": "kasus", "PDS_TK": "kasus"}),
        ("TIDAK_DITEMUKAN", (Proof.VISIT_MINUTES,), {"PIUTANG": "kasus", "PDS_TK": "kasus"}),
        ("DIALIHKAN", (Proof.TRANSFER,), {"PIUTANG": "ditolak", "PDS_TK": "kasus"}),
        ("TIDAK_TERBUKTI", (), {"PIUTANG": "ditolak", "PDS_TK": "ditolak"}),
        ("SALAH_TAGIH", (), {"PIUTANG": "ditolak", "PDS_TK": "ditolak"}),
        ("TUTUP_TERVERIFIKASI", (Proof.CLOSURE,), {"PIUTANG": "ditolak", "PDS_TK": "ditolak"}),
    ],
)
def test_closing_lets_the_flags_go_as_its_reason_says(
    work: Casework, reason: str, kinds: tuple[Proof, ...], after: dict[str, str]
) -> None:
    ids = {rule: flag(work, rule) for rule in after}
    open_from(work, *ids.values())
    number = work.file().number

    request = work.request(Action.CLOSE, TODAY, *kinds, reason=reason)
    closed = service.submit(
        work.session,
        principal=work.cast.inspector,
        case_id=work.case_id,
        request=request,
        expected_version=work.version,
        now=work.now,
    )
    waiting = flags.flag(work.session, principal=work.cast.inspector, flag_id=ids["PIUTANG"])
    assert (waiting.status, waiting.case_ended_on) == ("kasus", None)
    work.approve(closed.approval_id)

    for rule, status in after.items():
        told = flags.flag(work.session, principal=work.cast.inspector, flag_id=ids[rule])
        assert (told.status, told.case_ended_on) == (
            status, TODAY if status == "kasus" else None,
        )  # fmt: skip
        assert (number in told.decision_reason) == (status == "ditolak")
        (case,) = queries.cases_of_flag(
            work.session, principal=work.cast.inspector, flag_id=ids[rule]
        )
        assert (case.number, case.closed_on) == (number, TODAY)


def test_every_closing_reason_says_what_becomes_of_the_flags() -> None:
    """A new reason must be decided here, in the test above and in ADR 7."""
    assert set(CLOSING_REASONS) == {
        "LUNAS", "PATUH", "DICABUT", "PAILIT", "TIDAK_DITEMUKAN", "DIALIHKAN", "TIDAK_TERBUKTI",
        "SALAH_TAGIH", "TUTUP_TERVERIFIKASI",
    }  # fmt: skip


def test_a_flag_names_its_cases_only_to_those_who_may_see_them(work: Casework) -> None:
    flag_id = flag(work, "PIUTANG")
    first = open_from(work, flag_id)
    work.close("LUNAS", Proof.PAYMENT)
    left = flags.flag(work.session, principal=work.cast.inspector, flag_id=flag_id)
    detection.reopen(
        work.session,
        principal=work.cast.inspector,
        flag_id=flag_id,
        expected_version=left.version,
        now=work.now,
    )
    second = open_from(work, flag_id)

    seen = queries.cases_of_flag(work.session, principal=work.cast.inspector, flag_id=flag_id)

    assert [(case.number, case.closed_on is None) for case in seen] == [
        (second.number, True),
        (first.number, False),
    ]
    assert queries.cases_of_flag(work.session, principal=work.cast.stranger, flag_id=flag_id) == ()
