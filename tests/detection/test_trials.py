"""A changed rule is run beside the one in force: what moves is told, no flag is touched."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from app.detection import trials
from app.detection.tables import Flag, FlagEvent, Sweep
from app.detection.trial_report import Group, TrialReport, report_from
from app.errors import Conflict, Invalid
from app.registry.snapshots import file_of
from tests.detection.scene import NOW
from tests.detection.test_outcomes import ended
from tests.detection.trying import THREE, TWO, Trying, moved


def test_a_lower_threshold_flags_more_and_no_flag_moves(trying: Trying) -> None:
    trying.scene.owe(*TWO, npp="AA000001")
    trying.scene.owe(*THREE, npp="AA000002")
    trying.keep()

    report = trying.report({"arrears_months": 2})

    assert moved(report) == (1, 0, 1)
    assert report.totals["new"].rupiah == 2 * 285_000
    for table in (Flag, FlagEvent, Sweep):
        assert trying.session.exec(select(table)).all() == []


def test_a_higher_threshold_says_who_is_no_longer_flagged_with_the_old_words(
    trying: Trying,
) -> None:
    trying.scene.owe(*THREE)
    trying.keep()

    report = trying.report({"arrears_months": 4})

    assert moved(report) == (0, 1, 0)
    (sample,) = report.samples
    assert (sample.kind, sample.bulan_tunggak, sample.rows) == ("gone", 3, {"tagihan": 3})
    assert sample.sentence.startswith("PT Usaha AA000001 menunggak iuran 3 bulan")


def test_a_rule_that_is_switched_off_finds_nothing_any_more(trying: Trying) -> None:
    trying.scene.owe(*THREE)
    trying.keep()

    report = trying.report({}, state="mati")

    assert moved(report) == (0, 1, 0)


def test_what_moves_is_told_by_office_sector_and_size(trying: Trying) -> None:
    trying.scene.owe(*TWO, npp="AA000001", kbli="56101", skala="mikro", kantor_cabang="J05")
    trying.scene.owe(*TWO, npp="AA000002", kbli="47111", skala="besar", kantor_cabang="M01")
    trying.scene.owe(*THREE, npp="AA000003", kbli="47190", skala="besar", kantor_cabang="M01")
    trying.keep()

    report = trying.report({"arrears_months": 2})

    def told(groups: tuple[Group, ...]) -> dict[str, tuple[int, int]]:
        return {one.key: (one.totals["new"].flags, one.totals["still"].flags) for one in groups}

    assert told(report.by_office) == {"J05": (1, 0), "M01": (1, 1)}
    assert told(report.by_sector) == {"56": (1, 0), "47": (1, 1)}
    assert told(report.by_size) == {"mikro": (1, 0), "besar": (1, 1)}


def test_sector_and_size_of_an_unregistered_employer_are_those_of_its_source(
    trying: Trying,
) -> None:
    trying.scene.registry.record(kbli="10110", skala="menengah", tgl_data=date(2025, 5, 19))
    trying.keep()

    report = trying.report({"stale_months": 19}, rule="PWBD")

    assert moved(report) == (1, 0, 0)
    assert [one.key for one in (*report.by_sector, *report.by_size)] == ["10", "menengah"]


def test_only_the_source_that_was_given_another_age_is_judged_by_it(trying: Trying) -> None:
    old = date(2025, 5, 19)
    trying.scene.registry.record(id_sumber="W-1", npwp="990000000000001", nib="1", tgl_data=old)
    trying.scene.registry.record(
        sumber="DJP", id_sumber="D-1", npwp="990000000000002", nib="2", tgl_data=old
    )
    trying.keep()

    report = trying.report({"stale_djp": 19}, rule="PWBD")

    assert [(one.kind, one.subject) for one in report.samples] == [("new", "npwp:0990000000000002")]


def test_hours_are_known_only_where_somebody_said_how_long_a_visit_takes(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()

    unknown = trying.report({"arrears_months": 2})
    known = trying.report({"arrears_months": 2, "visit_minutes": 150})

    assert unknown.minutes("new") is None
    assert known.minutes("new") == 150


def test_samples_are_at_most_twenty_of_every_kind_and_the_draw_is_seeded(trying: Trying) -> None:
    for number in range(15):
        trying.scene.owe(*TWO, npp=f"AA0001{number:02d}")
        trying.scene.owe(*THREE, npp=f"AA0002{number:02d}")
    trying.keep()
    view = trying.tried({"arrears_months": 2})

    again = trials.repeat_trial(
        trying.session, principal=trying.people["dua"], trial_id=view.line.id, now=NOW
    )
    trying.session.commit()
    repeated = trying.run(again.line.id)

    samples = report_from(view.report).samples
    assert [one.kind for one in samples].count("new") == 10
    assert len({one.subject for one in samples}) == 20
    assert repeated.line.digest == view.line.digest
    assert repeated.again_of is not None
    assert repeated.again_of.id == view.line.id


def test_another_seed_draws_other_samples(trying: Trying) -> None:
    for number in range(40):
        trying.scene.owe(*TWO, npp=f"AA0001{number:02d}")
    trying.keep()

    first = trying.report({"arrears_months": 2})
    trying.session.commit()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trials, "SEED", 7)
        second = trying.report({"arrears_months": 2})

    assert {one.subject for one in first.samples} != {one.subject for one in second.samples}


def test_a_trial_that_was_killed_half_way_is_carried_out_by_the_next_worker(
    trying: Trying,
) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    trial_id = trying.request(trying.wanted({"arrears_months": 2})).line.id
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trials, "_report", killed)
        with pytest.raises(KeyboardInterrupt):
            trying.run(trial_id)
    half = trials.trial(trying.session, principal=trying.people["dua"], trial_id=trial_id)

    done = trying.run(trial_id)

    assert (half.line.status, done.line.status) == ("running", "done")
    assert (done.progress, moved(report_from(done.report))) == (100, (1, 0, 0))


def test_a_trial_on_a_snapshot_with_a_flipped_byte_names_the_table_and_reports_nothing(
    trying: Trying,
) -> None:
    trying.scene.owe(*THREE)
    trying.keep()
    path = file_of(trying.scene.folder, trying.scene.snapshot().tables["kepesertaan"].sha256)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    view = trying.tried({"arrears_months": 4})

    assert view.line.status == "failed"
    assert view.failure["values"]["tables"] == "kepesertaan"
    assert view.report == {}
    with pytest.raises(Conflict, match="gagal dan tidak mempunyai laporan"):
        trying.propose(view.line.id)


def killed(*_: object, **__: object) -> TrialReport:
    raise KeyboardInterrupt


def test_the_same_trial_asked_for_twice_is_one_until_it_ends(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    wanted = trying.wanted({"arrears_months": 2})

    first, again = trying.request(wanted), trying.request(wanted)
    other = trying.request(trying.wanted({"arrears_months": 4}))
    trying.run(first.line.id)
    afterwards = trying.request(wanted)

    assert (again.line.id, other.line.id != first.line.id) == (first.line.id, True)
    assert afterwards.line.id not in {first.line.id, other.line.id}


def test_a_wish_that_changes_nothing_is_refused(trying: Trying) -> None:
    trying.keep()

    with pytest.raises(Invalid, match="sama dengan aturan PIUTANG"):
        trying.request(trying.wanted({}))


def test_samples_of_other_offices_are_not_shown(trying: Trying) -> None:
    trying.scene.owe(*TWO, npp="AA000001", kantor_cabang="J05")
    trying.scene.owe(*TWO, npp="AA000002", kantor_cabang="M01")
    trying.keep()
    trial_id = trying.tried({"arrears_months": 2}).line.id
    branch = replace(trying.people["pengawas"], offices=frozenset({"J05"}))

    seen = trials.trial(trying.session, principal=branch, trial_id=trial_id)
    clerk = trials.trial(trying.session, principal=trying.people["satu"], trial_id=trial_id)

    assert [one["kantor_cabang"] for one in seen.report["samples"]] == ["J05"]
    assert clerk.report["samples"] == []


def test_hit_rates_come_from_how_cases_of_such_flags_ended(trying: Trying) -> None:
    trying.scene.owe(*THREE, npp="AA000001")
    trying.scene.owe(*THREE, npp="AA000002")
    trying.scene.owe(*THREE, "2026-04", npp="AA000003")
    trying.keep()
    trying.scene.sweep()
    ended(trying.scene, "AA000001", "terbukti")
    ended(trying.scene, "AA000002", "tidak_terbukti")
    ended(trying.scene, "AA000003", "terbukti")
    trying.session.commit()

    report = trying.report({"arrears_months": 4})

    assert (report.live_hits.known, report.live_hits.hits) == (3, 2)
    assert (report.draft_hits.known, report.draft_hits.hits) == (1, 1)
