"""PURE: which version of a rule runs, and how each that ships stands: live, draft or retired."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final, Literal

from app.detection.rules import RULES, version_of, versions_of
from app.detection.rules.rule import Rule
from app.detection.settings import RuleSettings, Value, every_setting, settings_of
from app.errors import FieldProblem, Invalid, Unavailable
from app.infra.wording import N_

# In force; never been in force; was in force, or is older than what ships.
Standing = Literal["berlaku", "rancangan", "pensiun"]
VERSION: Final = "version"
_LONGEST: Final = 20


def running(settings: RuleSettings) -> Rule:
    """Return the rule that an edition runs.

    Raises:
        Unavailable: this release does not have the version it names. Another one is never run in
            its place: two people decided on that one.
    """
    found = version_of(settings.rule, settings.version)
    if found is None:
        raise Unavailable(
            "Edisi {edition} aturan {rule} memakai versi {version}, yang tidak ada pada rilis ini "
            "(yang ada: {known}); pasang rilis yang memuat versi itu.",
            edition=settings.edition,
            rule=settings.rule,
            version=settings.version,
            known=_known(settings.rule),
        )
    return found


def require_versions(editions: Iterable[RuleSettings]) -> None:
    """Raises: Unavailable: as `running`, of a rule that is live."""
    for one in editions:
        if one.is_live:
            running(one)


def version_wanted(rule: str, version: int | str | None, *, in_force: RuleSettings) -> int:
    """Return the version that a person asks for; nothing asked: the one in force.

    Raises:
        Invalid: this release does not have it; names the field.
    """
    if version is None or version == "":
        return in_force.version
    known = (one.version for one in versions_of(rule) if str(one.version) == str(version))
    found = next(known, None)
    if found is None:
        template = N_("Aturan {rule} tidak memiliki versi {version}; pilih salah satu: {known}.")
        named = {"rule": rule, "version": str(version)[:_LONGEST], "known": _known(rule)}
        raise Invalid(template, fields=(FieldProblem(VERSION, template, named),), **named)
    return found


def foreign(rule: str, values: Mapping[str, Value | str], *, version: int) -> None:
    """Refuse values of another version.

    Raises:
        Invalid: this version does not have the first of them; names the field.
    """
    own = {one.key for one in settings_of(rule, version)}
    for one, versions in every_setting(rule):
        if one.key in values and one.key not in own:
            template = N_(
                "Aturan {rule} versi {version} tidak memiliki isian “{title}”; kosongkan isian itu "
                "atau pilih versi {versions}."
            )
            named = {
                "rule": rule,
                "version": version,
                "title": one.title,
                "versions": ", ".join(map(str, versions)),
            }
            raise Invalid(template, fields=(FieldProblem(one.key, template, named),), **named)


def standing(rule: Rule, *, in_force: RuleSettings, been: Collection[int]) -> Standing:
    """Return how a version stands. `been` are the versions that were in force by an edition."""
    if rule.version == in_force.version:
        return "berlaku"
    shipped = next(one.version for one in RULES if one.code == rule.code)
    return "pensiun" if rule.version in been or rule.version <= shipped else "rancangan"


def _known(rule: str) -> str:
    return ", ".join(str(one.version) for one in versions_of(rule))
