"""PURE: what people may change of a rule without a release: its numbers, ages, on or off.

The rule itself stays in code, in one version or several side by side. An edition names the version
it runs and holds only what differs from what ships, so that a value nobody touched follows the
next release.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal, cast

from app.detection.facts.asof import AsOf, months_before, points_of
from app.detection.rules import RULES, version_of, versions_of
from app.detection.schemas import RULE_CODES
from app.errors import FieldProblem, Invalid
from app.infra.wording import N_
from app.law.book import LawBook
from app.law.dated import Dated
from app.law.parameters import detection
from app.lawbook.values import Kind, read_as

RuleState = Literal["hidup", "mati"]
# A share is a Decimal, everything else a whole number.
Value = int | Decimal

RULE_STATES: Final[tuple[RuleState, ...]] = ("hidup", "mati")
AGENCIES: Final = ("WLKP", "OSS", "DJP", "KESEHATAN", "LAPORAN")
VISIT_MINUTES: Final = "visit_minutes"
STALE: Final = "stale_months"
# Of what was kept before versions stood side by side.
FIRST_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A number of one rule. `parameter` ships its value; None: it is unknown until people say.

    `agency` fills the title of an age that is allowed to one source.
    """

    key: str
    title: str
    unit: str
    kind: Kind
    least: Value
    most: Value
    parameter: Dated[Any] | None = None
    agency: str = ""

    def in_force(self, values: Mapping[str, Value], *, law: LawBook, on: date) -> Value | None:
        """Return what an edition says, else what ships; None: nobody has said."""
        if self.key in values:
            return values[self.key]
        return None if self.parameter is None else cast("Value", law[self.parameter].on(on))


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """One edition of what people changed. Edition 0 is the rule as it ships.

    `version` is that of the rule's code; a release may no longer have it.
    """

    rule: str
    edition: int = 0
    state: RuleState = "hidup"
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    version: int = FIRST_VERSION

    @property
    def is_live(self) -> bool:
        return self.state == "hidup"

    @property
    def asks(self) -> tuple[object, ...]:
        """Return what makes two editions ask the same."""
        return self.version, self.state, dict(self.values)

    def as_json(self) -> dict[str, object]:
        return {
            "rule": self.rule,
            "version": self.version,
            "edition": self.edition,
            "state": self.state,
            "values": to_json(self.values),
        }


Editions = Mapping[str, RuleSettings]


def _shipped(parameter: Dated[Any], key: str, least: Value, most: Value) -> Setting:
    share = isinstance(parameter.versions[-1].value, Decimal)
    return Setting(
        key=key,
        title=parameter.title,
        unit=parameter.versions[-1].unit,
        kind=Kind.SHARE if share else Kind.COUNT,
        least=least,
        most=most,
        parameter=parameter,
    )


_MINUTES: Final = Setting(
    key=VISIT_MINUTES,
    title=N_("waktu pemeriksaan satu temuan"),
    unit=N_("menit kerja pemeriksa"),
    kind=Kind.COUNT,
    least=5,
    most=10_000,
)
_AGES: Final = (
    _shipped(detection.STALE_AFTER_MONTHS, STALE, 1, 120),
    *(
        Setting(
            key=f"stale_{agency.lower()}",
            title=N_("umur data {agency} yang masih dipakai"),
            agency=agency,
            unit="bulan",
            kind=Kind.COUNT,
            least=1,
            most=120,
        )
        for agency in AGENCIES
    ),
)
_WHOLE: Final = Decimal(1)
_SHARE: Final = re.compile(r"[01](\.\d{1,4})?", re.ASCII)
_WHOLE_NUMBER: Final = re.compile(r"\d{1,6}", re.ASCII)

# What may be changed of each rule as it ships, in the order in which the form asks for it.
SETTINGS: Final[Mapping[str, tuple[Setting, ...]]] = {
    "PWBD": (*_AGES, _MINUTES),
    "PDS_TK": (
        _shipped(detection.GRACE_DAYS, "grace_days", 0, 366),
        _shipped(detection.HEAD_COUNT_MARGIN, "head_count_margin", 1, 1000),
        _shipped(detection.HEAD_COUNT_SHARE, "head_count_share", Decimal(0), _WHOLE),
        *_AGES,
        _MINUTES,
    ),
    "PDS_UPAH": (
        _shipped(detection.WAGE_MARGIN, "wage_margin", Decimal(0), _WHOLE),
        *_AGES,
        _MINUTES,
    ),
    "PDS_PROGRAM": (_MINUTES,),
    "PIUTANG": (_shipped(detection.ARREARS_MONTHS, "arrears_months", 1, 60), _MINUTES),
    "LAPSED": (*_AGES, _MINUTES),
}

# The same of versions that may have others.
_OF_VERSION: Final[Mapping[tuple[str, int], tuple[Setting, ...]]] = {
    ("LAPSED", 2): (
        _shipped(detection.LAPSED_GRACE_DAYS, "grace_days", 1, 180),
        *_AGES,
        _MINUTES,
    ),
}

SHIPPED_EDITIONS: Final[Editions] = MappingProxyType(
    {rule.code: RuleSettings(rule.code, version=rule.version) for rule in RULES}
)


def settings_of(rule: str, version: int) -> tuple[Setting, ...]:
    """Return what may be changed of a version; nothing where this release does not have it."""
    if version_of(rule, version) is None:
        return ()
    return _OF_VERSION.get((rule, version), SETTINGS[rule])


def every_setting(rule: str) -> tuple[tuple[Setting, tuple[int, ...]], ...]:
    """Return what any version of a rule has, each with the versions that have it."""
    found: dict[str, tuple[Setting, tuple[int, ...]]] = {}
    for version in (one.version for one in reversed(versions_of(rule))):
        for one in settings_of(rule, version):
            _, others = found.get(one.key, (one, ()))
            found[one.key] = (one, (version, *others))
    return tuple(found.values())


def setting(rule: str, key: str, *, version: int) -> Setting | None:
    return next((one for one in settings_of(rule, version) if one.key == key), None)


def asks_others(rule: str) -> bool:
    """Say whether some version of the rule rests on the data of other agencies."""
    return any(one.key == STALE for one, _ in every_setting(rule))


def applied(asof: AsOf, editions: Editions) -> AsOf:
    """Return the numbers of the day as the editions have them; each belongs to one rule."""

    def said(rule: str, key: str) -> Value | None:
        return editions[rule].values.get(key)

    changes: dict[str, int] = {}
    for rule, key, name in (
        ("PDS_TK", "grace_days", "grace_days"),
        ("PDS_TK", "head_count_margin", "head_count_margin"),
        ("PIUTANG", "arrears_months", "arrears_months"),
        ("LAPSED", "grace_days", "lapsed_days"),
    ):
        if (number := said(rule, key)) is not None:
            changes[name] = int(number)
    for rule, key, name in (
        ("PDS_TK", "head_count_share", "head_count_points"),
        ("PDS_UPAH", "wage_margin", "wage_points"),
    ):
        if (share := said(rule, key)) is not None:
            changes[name] = points_of(Decimal(share))
    return replace(asof, **changes) if changes else asof  # type: ignore[arg-type]


def aged(asof: AsOf, settings: RuleSettings) -> AsOf:
    """Return the numbers of the day with the ages that one rule allows its sources."""
    ages = {
        agency: months_before(asof.on, int(months))
        for agency in AGENCIES
        if (months := settings.values.get(f"stale_{agency.lower()}")) is not None
    }
    months = settings.values.get(STALE)
    if months is None and not ages:
        return asof
    base = asof.fresh_from if months is None else months_before(asof.on, int(months))
    return replace(asof, fresh_from=base, fresh_by_source=MappingProxyType(ages))


def read(one: Setting, text: str) -> Value | None:
    """Return the value that a person wrote; None for an empty field.

    Raises:
        Invalid: it cannot be read, or is out of bounds; names the field.
    """
    written = text.strip()
    if not written:
        return None
    try:
        value = cast("Value", read_as(one.kind, written))
    except Invalid as error:
        problem = FieldProblem(one.key, error.template, error.values)
        raise Invalid(error.template, fields=(problem,), **error.values) from error
    return _within(one, value, written=written)


def sent(rule: str, values: Mapping[str, str | int], *, version: int) -> dict[str, Value]:
    """Return the values of a document: shares as decimal text such as `0.10`, the rest whole.

    Raises:
        Invalid: a key this version of the rule does not have, or a value that cannot be read or is
            out of bounds.
    """
    found: dict[str, Value] = {}
    for key, value in values.items():
        one = setting(rule, key, version=version)
        if one is None:
            template = N_("Aturan {rule} versi {version} tidak memiliki isian {key}.")
            named = {"rule": rule, "version": version, "key": key[:40]}
            raise Invalid(template, fields=(FieldProblem("values", template, named),), **named)
        pattern = _SHARE if one.kind is Kind.SHARE else _WHOLE_NUMBER
        written = str(value)
        if not pattern.fullmatch(written):
            template = N_(
                "Nilai “{value}” untuk {key} tidak dapat dibaca: bagian ditulis sebagai “0.10”, "
                "yang lain bilangan bulat."
            )
            named = {"value": written[:40], "key": key}
            raise Invalid(template, fields=(FieldProblem(key, template, named),), **named)
        read_value = Decimal(written) if one.kind is Kind.SHARE else int(written)
        found[key] = _within(one, read_value, written=written)
    return found


def _within(one: Setting, value: Value, *, written: str) -> Value:
    if not one.least <= value <= one.most:
        template = N_("Isian “{value}” harus antara {least} dan {most}.")
        named = {
            "value": written,
            "least": printed(one, one.least),
            "most": printed(one, one.most),
        }
        raise Invalid(template, fields=(FieldProblem(one.key, template, named),), **named)
    return value


def printed(one: Setting, value: Value) -> str:
    """Return the value as the form takes it: a share in per cent."""
    if one.kind is not Kind.SHARE:
        return str(value)
    percent = (Decimal(value) * 100).normalize()
    return f"{percent:f}".replace(".", ",")


def to_json(values: Mapping[str, Value]) -> dict[str, object]:
    return {
        key: str(value) if isinstance(value, Decimal) else value
        for key, value in sorted(values.items())
    }


def from_json(rule: str, stored: Mapping[str, object], *, version: int) -> dict[str, Value]:
    """Return what `to_json` was given. A key that this release no longer has is left out."""
    found: dict[str, Value] = {}
    for key, value in stored.items():
        known = setting(rule, key, version=version)
        if known is not None:
            text = str(value)
            found[key] = Decimal(text) if known.kind is Kind.SHARE else int(text)
    return found


def settings_from(document: Mapping[str, Any]) -> RuleSettings:
    """Return what `RuleSettings.as_json` gave."""
    rule, version = str(document["rule"]), int(document.get("version", FIRST_VERSION))
    return RuleSettings(
        rule=rule,
        edition=int(document["edition"]),
        state=document["state"],
        values=from_json(rule, document["values"], version=version),
        version=version,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One number under two editions; None where nobody has said a value.

    `lacks` are the versions, of the two, that do not have it.
    """

    setting: Setting
    before: Value | None
    after: Value | None
    lacks: frozenset[int] = frozenset()


def changes(
    before: RuleSettings, after: RuleSettings, *, law: LawBook, on: date
) -> tuple[Change, ...]:
    """Return what differs in effect, in the order of the form."""
    sides = (before, after)
    had = {
        side.version: {one.key for one in settings_of(side.rule, side.version)} for side in sides
    }
    found = []
    for one, _ in every_setting(after.rule):
        was, is_now = (
            one.in_force(side.values, law=law, on=on) if one.key in had[side.version] else None
            for side in sides
        )
        if was != is_now:
            lacks = frozenset(version for version, keys in had.items() if one.key not in keys)
            found.append(Change(one, was, is_now, lacks))
    return tuple(found)


def with_edition(editions: Editions, changed: RuleSettings) -> Editions:
    return MappingProxyType({**editions, changed.rule: changed})


def live_rules(editions: Editions) -> tuple[str, ...]:
    return tuple(code for code in RULE_CODES if editions[code].is_live)


def documents(editions: Iterable[RuleSettings]) -> dict[str, object]:
    """Return what a stored sweep keeps of the editions it used."""
    return {one.rule: one.as_json() for one in editions}
