"""PURE: what people may change of a rule without a release: its numbers, ages, on or off.

The rule itself stays in code with a version. An edition holds only what differs from what ships,
so that a value nobody touched follows the next release.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal, cast

from app.detection.facts.asof import AsOf, months_before, points_of
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
    """One edition of what people changed. Edition 0 is the rule as it ships."""

    rule: str
    edition: int = 0
    state: RuleState = "hidup"
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_live(self) -> bool:
        return self.state == "hidup"

    def as_json(self) -> dict[str, object]:
        return {
            "rule": self.rule,
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

# What may be changed of each rule, in the order in which the form asks for it.
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

SHIPPED_EDITIONS: Final[Editions] = MappingProxyType(
    {code: RuleSettings(code) for code in RULE_CODES}
)


def setting(rule: str, key: str) -> Setting | None:
    return next((one for one in SETTINGS[rule] if one.key == key), None)


def applied(asof: AsOf, editions: Editions) -> AsOf:
    """Return the numbers of the day as the editions have them; each belongs to one rule."""

    def said(rule: str, key: str) -> Value | None:
        return editions[rule].values.get(key)

    changes: dict[str, int] = {}
    for rule, key in (
        ("PDS_TK", "grace_days"),
        ("PDS_TK", "head_count_margin"),
        ("PIUTANG", "arrears_months"),
    ):
        if (number := said(rule, key)) is not None:
            changes[key] = int(number)
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


def sent(rule: str, values: Mapping[str, str | int]) -> dict[str, Value]:
    """Return the values of a document: shares as decimal text such as `0.10`, the rest whole.

    Raises:
        Invalid: a key the rule does not have, or a value that cannot be read or is out of bounds.
    """
    found: dict[str, Value] = {}
    for key, value in values.items():
        one = setting(rule, key)
        if one is None:
            template = N_("Aturan {rule} tidak memiliki isian {key}.")
            named = {"rule": rule, "key": key[:40]}
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


def from_json(rule: str, stored: Mapping[str, object]) -> dict[str, Value]:
    """Return what `to_json` was given. A key that this release no longer has is left out."""
    found: dict[str, Value] = {}
    for key, value in stored.items():
        known = setting(rule, key)
        if known is not None:
            text = str(value)
            found[key] = Decimal(text) if known.kind is Kind.SHARE else int(text)
    return found


def settings_from(document: Mapping[str, Any]) -> RuleSettings:
    """Return what `RuleSettings.as_json` gave."""
    rule = str(document["rule"])
    return RuleSettings(
        rule=rule,
        edition=int(document["edition"]),
        state=document["state"],
        values=from_json(rule, document["values"]),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One number under two editions; None where nobody has said a value."""

    setting: Setting
    before: Value | None
    after: Value | None


def changes(
    before: RuleSettings, after: RuleSettings, *, law: LawBook, on: date
) -> tuple[Change, ...]:
    """Return what differs in effect, in the order of the form."""
    found = (
        Change(
            one,
            one.in_force(before.values, law=law, on=on),
            one.in_force(after.values, law=law, on=on),
        )
        for one in SETTINGS[after.rule]
    )
    return tuple(change for change in found if change.before != change.after)


def with_edition(editions: Editions, changed: RuleSettings) -> Editions:
    return MappingProxyType({**editions, changed.rule: changed})


def live_rules(editions: Editions) -> tuple[str, ...]:
    return tuple(code for code in RULE_CODES if editions[code].is_live)


def documents(editions: Iterable[RuleSettings]) -> dict[str, object]:
    """Return what a stored sweep keeps of the editions it used."""
    return {one.rule: one.as_json() for one in editions}
