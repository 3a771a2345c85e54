"""Asks for trials of changed rules. Writes nothing; samples stay within the reader's offices."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.detection.rule_schemas import TrialLine
from app.detection.rule_tables import RuleTrial
from app.detection.rules import RULES
from app.detection.rules.rule import Rule
from app.detection.settings import settings_from
from app.detection.tables import FlagOutcome
from app.detection.trial_calendar import tried_days
from app.errors import NotFound
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor

READ: Final = "rules.read"
SHOWN_TRIALS: Final = 10


def rule_named(code: str) -> Rule:
    """Raises: NotFound: there is no rule of that code."""
    found = next((rule for rule in RULES if rule.code == code), None)
    if found is None:
        raise NotFound("Aturan {rule} tidak ada.", rule=code[:40])
    return found


def trials_of(session: Session, *, principal: Principal, rule: str) -> tuple[TrialLine, ...]:
    """Return the newest trials of a rule."""
    return trials(session, principal=principal, rule=rule, cursor=None, limit=SHOWN_TRIALS).items


def trials(
    session: Session, *, principal: Principal, rule: str, cursor: str | None, limit: int
) -> Page[TrialLine]:
    """Return trials, the newest first; an empty `rule` means all.

    Raises:
        Forbidden: rules are not for this role.
        Invalid: the cursor is not one of this list.
    """
    principal.require(READ)
    statement = select(RuleTrial)
    if rule:
        statement = statement.where(RuleTrial.rule == rule)
    if cursor is not None:
        (last,) = decode_cursor(cursor, int)
        statement = statement.where(col(RuleTrial.id) < last)
    size = max(1, min(limit, LARGEST_PAGE))
    rows = session.exec(statement.order_by(col(RuleTrial.id).desc()).limit(size + 1)).all()
    items = tuple(line_of(row) for row in rows[:size])
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > size else None)


def trial_row(session: Session, *, principal: Principal, trial_id: int) -> RuleTrial:
    """Raises: Forbidden, NotFound."""
    principal.require(READ)
    row = session.exec(
        select(RuleTrial)
        .where(col(RuleTrial.id) == trial_id)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("Uji coba nomor {trial} tidak ada.", trial=trial_id)
    return row


def line_of(row: RuleTrial) -> TrialLine:
    return TrialLine(
        id=row.id or 0,
        rule=row.rule,
        snapshot_id=row.snapshot_id,
        on=date.fromisoformat(row.definition["on"]),
        draft_on=date.fromisoformat(row.definition["draft_on"]),
        draft_version=settings_from(row.definition["draft"]).version,
        other_calendar=bool(tried_days(row.definition)),
        status=row.status,
        requested_at=row.requested_at,
        requested_by=row.requested_by_name,
        digest=row.digest,
    )


def reachable(report: Mapping[str, Any], principal: Principal) -> dict[str, Any]:
    """Return the report with the samples of offices this principal may see flags of.

    `samples_hidden` says how many there are elsewhere.
    """
    if not report:
        return {}
    shown = [
        one
        for one in report["samples"]
        if principal.may("flags.read") and principal.reaches(one["kantor_cabang"])
    ]
    hidden = len(report["samples"]) - len(shown)
    return {**report, "samples": shown, "samples_hidden": hidden}


def known_outcomes(session: Session, *, rule: str, until: datetime) -> dict[str, bool]:
    """Return by subject whether its last judged flag of this rule held, as known at `until`."""
    rows = session.connection().execute(
        sa.select(col(FlagOutcome.subject), col(FlagOutcome.verdict) == "terbukti")
        .where(
            col(FlagOutcome.rule) == rule,
            col(FlagOutcome.verdict) != "tidak_dinilai",
            col(FlagOutcome.recorded_at) <= until,
        )
        .order_by(col(FlagOutcome.id))
    )
    return {subject: bool(held) for subject, held in rows}
