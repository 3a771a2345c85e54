"""Proposes what people change of a rule and decides on it: a second person puts it in force."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.audit import service as audit
from app.detection import deciding
from app.detection import rule_queries as queries
from app.detection.deciding import APPROVE, PROPOSE
from app.detection.rule_schemas import EditionView
from app.detection.rule_tables import RuleEdition, RuleTrial
from app.detection.settings import RuleSettings, settings_from, to_json
from app.detection.trial_calendar import tried_days
from app.detection.versions import running
from app.errors import Conflict, NotFound
from app.infra.queue import alone


def propose(
    session: Session,
    *,
    principal: Principal,
    trial_id: int,
    valid_from: date,
    why: str,
    today: date,
    now: datetime,
) -> EditionView:
    """Propose the changed rule of a trial that is done; nothing is in force yet.

    Raises:
        Forbidden: this principal may not propose, or no named person stands behind it.
        NotFound: there is no such trial.
        Invalid: no reason, or a day that has passed.
        Conflict: the trial is not done or failed, compared two days or two calendars, or with a
            rule that has changed since, or that will have by its first day; or another change of
            this rule waits.
        Unavailable: this release no longer has the version that was tried.
    """
    principal.require(PROPOSE)
    trial = session.get(RuleTrial, trial_id)
    if trial is None:
        raise NotFound("Uji coba nomor {trial} tidak ada.", trial=trial_id)
    _check(why=why, valid_from=valid_from, today=today)
    draft = _draft_of(session, trial, valid_from=valid_from, today=today)
    alone(session, f"rule-edition:{trial.rule}")
    _none_waiting(session, trial.rule)
    last = session.exec(
        select(sa.func.max(RuleEdition.number)).where(RuleEdition.rule == trial.rule)
    ).one()
    row = RuleEdition(
        rule=trial.rule,
        number=(last or 0) + 1,
        rule_version=draft.version,
        rule_state=draft.state,
        values=to_json(draft.values),
        valid_from=valid_from,
        why=why.strip(),
        trial_id=trial_id,
        proposed_at=now,
        proposed_by_id=deciding.named_person(principal),
        proposed_by_name=principal.name,
    )
    session.add(row)
    session.flush()
    _record(session, row, principal=principal, verb="propose", now=now)
    return queries.edition_of(row)


def approve(
    session: Session, *, principal: Principal, edition_id: int, today: date, now: datetime
) -> EditionView:
    """Put the change in force from its first day; the sweeps of that day on use it.

    Raises:
        Forbidden: not allowed, or the same person who proposed it.
        NotFound: there is no such proposal.
        Conflict: it was decided meanwhile, or the rule has changed since the trial.
        Unavailable: this release no longer has the version that was tried.
        Invalid: its first day has passed.
    """
    principal.require(APPROVE)
    row = _locked(session, edition_id)
    deciding.require_waiting(row)
    deciding.require_second(row, principal=principal, today=today)
    trial = session.get(RuleTrial, row.trial_id)
    assert trial is not None  # noqa: S101 - a foreign key
    _draft_of(session, trial, valid_from=row.valid_from, today=today)
    deciding.put_in_force(row, principal=principal, now=now)
    session.flush()
    _record(session, row, principal=principal, verb="approve", now=now)
    return queries.edition_of(row)


def refuse(
    session: Session, *, principal: Principal, edition_id: int, reason: str, now: datetime
) -> EditionView:
    """Refuse the change, or withdraw it where the proposer does so; `reason` is kept.

    Raises:
        Forbidden: not allowed.
        NotFound, Conflict: as `approve`.
        Invalid: no reason.
    """
    deciding.may_decide(session.get(RuleEdition, edition_id), principal)
    row = _locked(session, edition_id)
    deciding.require_waiting(row)
    verb = deciding.turn_down(row, principal=principal, reason=reason, now=now)
    session.flush()
    _record(session, row, principal=principal, verb=verb, now=now)
    return queries.edition_of(row)


def call_off(
    session: Session,
    *,
    principal: Principal,
    edition_id: int,
    reason: str,
    today: date,
    now: datetime,
) -> EditionView:
    """Take an approved change back before its first day.

    Raises:
        Forbidden: not allowed.
        NotFound: there is no such change.
        Forbidden, Conflict, Invalid: as `deciding.take_back`.
    """
    principal.require(APPROVE)
    row = _locked(session, edition_id)
    deciding.take_back(row, principal=principal, reason=reason, today=today, now=now)
    session.flush()
    _record(session, row, principal=principal, verb="call_off", now=now)
    return queries.edition_of(row)


def _draft_of(session: Session, trial: RuleTrial, *, valid_from: date, today: date) -> RuleSettings:
    """Return the changed rule of a trial whose report can carry a decision.

    Raises:
        Conflict: it cannot; says why.
        Unavailable: this release does not have the version that was tried.
    """
    if trial.status == "failed":
        raise Conflict(
            "Uji coba nomor {trial} gagal dan tidak mempunyai laporan; jalankan uji coba baru.",
            trial=trial.id or 0,
        )
    if trial.status != "done":
        raise Conflict(
            "Uji coba nomor {trial} belum selesai; tunggu laporannya.", trial=trial.id or 0
        )
    definition = trial.definition
    if definition["on"] != definition["draft_on"]:
        raise Conflict(
            "Uji coba nomor {trial} membandingkan dua hari ({on} dan {other}); jalankan uji coba "
            "pada satu hari agar yang tampak hanya akibat perubahan aturan.",
            trial=trial.id or 0,
            on=definition["on"],
            other=definition["draft_on"],
        )
    if days := tried_days(definition):
        raise Conflict(
            "Uji coba nomor {trial} memakai kalender lain ({days}), padahal kalender tidak diubah "
            "lewat aturan; jalankan uji coba pada kalender yang berlaku agar yang tampak hanya "
            "akibat perubahan aturan.",
            trial=trial.id or 0,
            days=", ".join(one.day.isoformat() for one in days),
        )
    live, draft = settings_from(definition["live"]), settings_from(definition["draft"])
    running(draft)
    if live.asks == draft.asks:
        raise Conflict(
            "Uji coba nomor {trial} tidak mengubah apa pun pada aturan.", trial=trial.id or 0
        )
    by_then, by_now = (
        queries.editions_in_force(session, on=day)[trial.rule] for day in (valid_from, today)
    )
    if (by_then.edition, by_then.version) != (live.edition, live.version):
        if (by_now.edition, by_now.version) == (live.edition, live.version):
            # A trial is run beside what is in force on the day it is asked for, and no other.
            raise Conflict(
                "Edisi {edition} aturan {rule} sudah disetujui dan berlaku sebelum atau pada "
                "{day}; perubahan atasnya dapat diuji dan diusulkan setelah edisi itu mulai "
                "berlaku.",
                edition=by_then.edition,
                rule=trial.rule,
                day=valid_from.isoformat(),
            )
        raise Conflict(
            "Aturan {rule} sudah berubah sejak uji coba nomor {trial}; jalankan uji coba baru.",
            rule=trial.rule,
            trial=trial.id or 0,
        )
    return draft


def _none_waiting(session: Session, rule: str) -> None:
    waiting = session.exec(
        select(RuleEdition).where(RuleEdition.rule == rule, RuleEdition.state == "diusulkan")
    ).first()
    if waiting is not None:
        raise Conflict(
            "Perubahan aturan {rule} sudah diusulkan oleh {person} dan menunggu keputusan.",
            rule=rule,
            person=waiting.proposed_by_name,
        )


def _locked(session: Session, edition_id: int) -> RuleEdition:
    row = session.exec(
        select(RuleEdition)
        .where(col(RuleEdition.id) == edition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("Usulan perubahan aturan nomor {number} tidak ada.", number=edition_id)
    return row


def _check(*, why: str, valid_from: date, today: date) -> None:
    deciding.reason_of(why, field="why")
    deciding.check_day(valid_from, today=today)


def _record(
    session: Session, row: RuleEdition, *, principal: Principal, verb: str, now: datetime
) -> None:
    audit.record(
        session,
        actor=principal.actor,
        action=f"rule.{verb}",
        subject=f"rule:{row.rule}",
        office=principal.office_code,
        now=now,
        detail={
            "edition": row.number,
            "version": row.rule_version,
            "state": row.rule_state,
            "values": row.values,
            "valid_from": row.valid_from.isoformat(),
            "trial": row.trial_id,
            "why": row.why,
            "reason": row.reason,
        },
    )
