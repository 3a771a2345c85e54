"""Asks for rules, what people changed of them, and how their flags ended. Writes nothing."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.detection import expression, trial_queries
from app.detection.facts.asof import AsOf, as_of
from app.detection.queries import flag_counts
from app.detection.rule_schemas import (
    EditionView,
    Outcomes,
    RuleDetail,
    RuleView,
    SettingLine,
    Tally,
    VersionView,
)
from app.detection.rule_tables import RuleEdition
from app.detection.rules import RULES, version_of, versions_of
from app.detection.rules.rule import Rule
from app.detection.settings import (
    SHIPPED_EDITIONS,
    Editions,
    RuleSettings,
    RuleState,
    aged,
    applied,
    from_json,
    settings_of,
    with_edition,
)
from app.detection.tables import FlagOutcome
from app.detection.versions import require_versions, standing
from app.errors import NotFound
from app.law.book import LawBook
from app.law.calendar import WorkingCalendar
from app.lawbook.queries import law_in_force

READ: Final = "rules.read"
IN_FORCE: Final = "berlaku"
WAITING: Final = "diusulkan"
_DIVISION: Final = 2
_PROVINCE: Final = 2
_Key = Mapped[Any] | sa.ColumnElement[Any]
_NOTHING: Final = Tally(proven=0, disproven=0, not_judged=0)


def editions_in_force(session: Session, *, on: date) -> Editions:
    """Return every rule as people have it on `on`; edition 0 where nobody changed it."""
    return MappingProxyType({**SHIPPED_EDITIONS, **dict(_in_force(session, on=on))})


def runnable_editions(session: Session, *, on: date) -> Editions:
    """Return what `editions_in_force` does, for a sweep.

    Raises:
        Unavailable: this release does not have the version of a live one.
    """
    editions = editions_in_force(session, on=on)
    require_versions(editions.values())
    return editions


def rules(
    session: Session, *, principal: Principal, on: date, calendar: WorkingCalendar, language: str
) -> tuple[RuleView, ...]:
    """Return every rule in the order of the contract.

    Raises:
        Forbidden: rules are not for this role.
    """
    principal.require(READ)
    book, editions = law_in_force(session), editions_in_force(session, on=on)
    begins = _begins(session, on=on)
    counts: Mapping[str, Mapping[str, int]] = {}
    if principal.may("flags.read"):
        counts = flag_counts(session, principal=principal).by_rule
    tallies = _tallies(session, principal, col(FlagOutcome.rule))
    waiting = {one.settings.rule: one for one in _editions(session) if one.state == WAITING}
    asof = as_of(on, billed_months=(), calendar=calendar, law=book)
    found = []
    for shipped in RULES:
        settings = editions[shipped.code]
        rule = version_of(shipped.code, settings.version)
        asked = settings if rule else SHIPPED_EDITIONS[shipped.code]
        rule = rule or shipped
        found.append(
            RuleView(
                rule=rule,
                settings=settings,
                valid_from=begins.get(rule.code),
                condition=_condition(rule, asked, asof=asof, language=language),
                lines=_lines(asked, law=book, on=on),
                waiting=waiting.get(rule.code),
                flags=counts.get(rule.code, {}),
                tally=tallies.get(rule.code, _NOTHING),
            )
        )
    return tuple(found)


def rule(
    session: Session,
    *,
    principal: Principal,
    code: str,
    on: date,
    calendar: WorkingCalendar,
    language: str,
) -> RuleDetail:
    """Return one rule with its editions, trials and outcomes.

    Raises:
        Forbidden: rules are not for this role.
        NotFound: there is no rule of that code.
    """
    rule_named(code)
    views = rules(session, principal=principal, on=on, calendar=calendar, language=language)
    view = next(one for one in views if one.rule.code == code)
    editions = tuple(one for one in _editions(session) if one.settings.rule == code)
    law = law_in_force(session)
    asof = as_of(on, billed_months=(), calendar=calendar, law=law)
    return RuleDetail(
        view=view,
        versions=tuple(
            _version(one, view, editions=editions, asof=asof, language=language)
            for one in reversed(versions_of(code))
        ),
        editions=editions,
        outcomes=_outcomes(session, principal, code),
        trials=trial_queries.trials_of(session, principal=principal, rule=code),
    )


def _version(
    rule: Rule,
    view: RuleView,
    *,
    editions: Iterable[EditionView],
    asof: AsOf,
    language: str,
) -> VersionView:
    been = {
        one.settings.version
        for one in editions
        if one.state == IN_FORCE and one.valid_from <= asof.on
    }
    lives = rule.version == view.settings.version
    settings = view.settings if lives else RuleSettings(rule.code, version=rule.version)
    return VersionView(
        rule=rule,
        standing=standing(rule, in_force=view.settings, been=been),
        valid_from=view.valid_from if lives else None,
        condition=_condition(rule, settings, asof=asof, language=language),
        lines=_lines(settings, law=asof.law, on=asof.on),
    )


def _condition(rule: Rule, settings: RuleSettings, *, asof: AsOf, language: str) -> str:
    changed = applied(asof, with_edition(SHIPPED_EDITIONS, settings))
    return expression.in_words(rule, aged(changed, settings), language)


def edition(session: Session, *, principal: Principal, edition_id: int) -> EditionView:
    """Return one change of a rule.

    Raises:
        Forbidden: rules are not for this role.
        NotFound: there is none with that number.
    """
    principal.require(READ)
    row = session.get(RuleEdition, edition_id)
    if row is None:
        raise NotFound("Usulan perubahan aturan nomor {number} tidak ada.", number=edition_id)
    return edition_of(row)


def edition_after(session: Session, *, edition: EditionView) -> EditionView | None:
    """Return the approved change of the same rule that takes the place of this one, if any does.

    Also one that was approved earlier, for a later first day: it does not ask what came between.
    """
    started = sa.tuple_(col(RuleEdition.valid_from), col(RuleEdition.number))
    row = session.exec(
        select(RuleEdition)
        .where(
            RuleEdition.rule == edition.settings.rule,
            RuleEdition.state == IN_FORCE,
            started > sa.tuple_(edition.valid_from, edition.settings.edition),
        )
        .order_by(col(RuleEdition.valid_from), col(RuleEdition.number))
        .limit(1)
    ).first()
    return None if row is None else edition_of(row)


def edition_on_trial(session: Session, *, trial_id: int) -> EditionView | None:
    """Return the newest change that rests on a trial."""
    row = session.exec(
        select(RuleEdition)
        .where(RuleEdition.trial_id == trial_id)
        .order_by(col(RuleEdition.id).desc())
    ).first()
    return None if row is None else edition_of(row)


def rule_named(code: str) -> Rule:
    """Raises: NotFound: there is no rule of that code."""
    return trial_queries.rule_named(code)


def edition_of(row: RuleEdition) -> EditionView:
    return EditionView(
        id=row.id or 0,
        settings=_settings(row),
        valid_from=row.valid_from,
        why=row.why,
        trial_id=row.trial_id,
        state=row.state,
        proposed_by_id=row.proposed_by_id,
        proposed_by=row.proposed_by_name,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by_name,
        decided_at=row.decided_at,
        reason=row.reason,
        called_off_by=row.called_off_by_name,
        called_off_at=row.called_off_at,
    )


def _settings(row: RuleEdition) -> RuleSettings:
    return RuleSettings(
        rule=row.rule,
        edition=row.number,
        state=cast("RuleState", row.rule_state),
        values=MappingProxyType(from_json(row.rule, row.values, version=row.rule_version)),
        version=row.rule_version,
    )


def _rows_in_force(session: Session, *, on: date) -> list[RuleEdition]:
    """Return the approved rows that have begun, so that the last per rule is in force."""
    return list(
        session.exec(
            select(RuleEdition)
            .where(RuleEdition.state == IN_FORCE, col(RuleEdition.valid_from) <= on)
            .order_by(col(RuleEdition.valid_from), col(RuleEdition.number))
        )
    )


def _in_force(session: Session, *, on: date) -> Mapping[str, RuleSettings]:
    return {row.rule: _settings(row) for row in _rows_in_force(session, on=on)}


def _begins(session: Session, *, on: date) -> Mapping[str, date]:
    return {row.rule: row.valid_from for row in _rows_in_force(session, on=on)}


def _editions(session: Session) -> tuple[EditionView, ...]:
    rows = session.exec(select(RuleEdition).order_by(col(RuleEdition.id).desc()))
    return tuple(edition_of(row) for row in rows)


def _lines(settings: RuleSettings, *, law: LawBook, on: date) -> tuple[SettingLine, ...]:
    return tuple(
        SettingLine(
            setting=one,
            value=one.in_force(settings.values, law=law, on=on),
            shipped=one.in_force({}, law=law, on=on),
            edition=settings.edition if one.key in settings.values else 0,
        )
        for one in settings_of(settings.rule, settings.version)
    )


def _outcomes(session: Session, principal: Principal, code: str) -> Outcomes:
    def by(*keys: _Key) -> list[tuple[Any, Tally]]:
        return sorted(_tallies(session, principal, *keys, rule=code).items())

    return Outcomes(
        total=next((tally for _, tally in by(col(FlagOutcome.rule))), _NOTHING),
        by_version=tuple(
            reversed(by(col(FlagOutcome.rule_version), col(FlagOutcome.rule_edition)))
        ),
        by_region=tuple(by(sa.func.left(col(FlagOutcome.kode_wilayah), _PROVINCE))),
        by_sector=tuple(by(sa.func.left(col(FlagOutcome.kbli), _DIVISION))),
    )


def _tallies(
    session: Session, principal: Principal, *keys: _Key, rule: str = ""
) -> dict[Any, Tally]:
    """Return tallies by one key, or by a tuple of several, in the offices of this principal.

    Each case counts a flag once, as it ended last.
    """
    last = (
        sa.select(col(FlagOutcome.id))
        .ext(distinct_on(col(FlagOutcome.flag_id), col(FlagOutcome.case_number)))
        .order_by(
            col(FlagOutcome.flag_id), col(FlagOutcome.case_number), col(FlagOutcome.id).desc()
        )
    )

    def number(verdict: str) -> sa.ColumnElement[int]:
        return sa.func.count().filter(col(FlagOutcome.verdict) == verdict)

    conditions = [
        within(principal, READ, FlagOutcome.kantor_cabang),
        col(FlagOutcome.id).in_(last),
    ]
    if rule:
        conditions.append(col(FlagOutcome.rule) == rule)
    rows = session.connection().execute(
        sa.select(*keys, number("terbukti"), number("tidak_terbukti"), number("tidak_dinilai"))
        .where(*conditions)
        .group_by(*keys)
    )
    found = {}
    for row in rows:
        key = tuple(row[: len(keys)]) if len(keys) > 1 else row[0]
        proven, disproven, not_judged = row[len(keys) :]
        found[key] = Tally(proven=proven, disproven=disproven, not_judged=not_judged)
    return found
