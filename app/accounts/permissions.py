"""PURE: which role may do which action. What is not in the table is refused."""

from collections.abc import Mapping
from typing import Final

INSPECTOR = "inspector"
SUPERVISOR = "supervisor"
BRANCH_HEAD = "branch_head"
LEGAL_OFFICER = "legal_officer"
ADMINISTRATOR = "administrator"
AUDITOR = "auditor"
INTEGRATION = "integration"

ROLES: Final = (
    INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER, ADMINISTRATOR, AUDITOR, INTEGRATION,
)  # fmt: skip

# fmt: off
# action: the roles that may. A row is one decision; read it aloud before changing it.
MAY: Final[Mapping[str, frozenset[str]]] = {
    "calculate":         frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER, ADMINISTRATOR, AUDITOR, INTEGRATION}),  # noqa: E501
    "registry.import":   frozenset({SUPERVISOR, ADMINISTRATOR, INTEGRATION}),
    "registry.read":     frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER, AUDITOR, INTEGRATION}),  # noqa: E501
    "imports.read":      frozenset({SUPERVISOR, ADMINISTRATOR, AUDITOR, INTEGRATION}),
    "detection.sweep":   frozenset({SUPERVISOR, ADMINISTRATOR, INTEGRATION}),
    "flags.read":        frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER, AUDITOR, INTEGRATION}),  # noqa: E501
    "flags.triage":      frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, INTEGRATION}),
    "linkage.read":      frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER, AUDITOR, INTEGRATION}),  # noqa: E501
    "linkage.decide":    frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD}),
    "cases.read":        frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER, AUDITOR, INTEGRATION}),  # noqa: E501
    "cases.open":        frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, INTEGRATION}),
    "cases.step":        frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER}),
    "cases.record":      frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER, INTEGRATION}),  # noqa: E501
    "cases.assign":      frozenset({SUPERVISOR, BRANCH_HEAD}),
    "cases.approve":     frozenset({SUPERVISOR, BRANCH_HEAD}),
    "packets.read":      frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER, AUDITOR, INTEGRATION}),  # noqa: E501
    "packets.prepare":   frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER}),
    "packets.approve":   frozenset({BRANCH_HEAD}),
    "nik.reveal":        frozenset({INSPECTOR, SUPERVISOR, LEGAL_OFFICER}),
    "lawbook.read":      frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER, ADMINISTRATOR, AUDITOR}),  # noqa: E501
    "lawbook.propose":   frozenset({LEGAL_OFFICER, ADMINISTRATOR}),
    "lawbook.approve":   frozenset({LEGAL_OFFICER, ADMINISTRATOR}),
    "rules.read":        frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER, ADMINISTRATOR, AUDITOR, INTEGRATION}),  # noqa: E501
    "rules.try":         frozenset({SUPERVISOR, LEGAL_OFFICER, ADMINISTRATOR}),
    "rules.propose":     frozenset({LEGAL_OFFICER, ADMINISTRATOR}),
    "rules.approve":     frozenset({LEGAL_OFFICER, ADMINISTRATOR}),
    "accounts.manage":   frozenset({ADMINISTRATOR}),
    "calendar.edit":     frozenset({ADMINISTRATOR}),
    "audit.read":        frozenset({AUDITOR, ADMINISTRATOR}),
    "registry.prune":    frozenset({ADMINISTRATOR}),
    "targets.set":       frozenset({BRANCH_HEAD}),
    "controls.read":     frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD, LEGAL_OFFICER, AUDITOR, INTEGRATION}),  # noqa: E501
    "controls.draw":     frozenset({SUPERVISOR, BRANCH_HEAD}),
    "controls.assign":   frozenset({SUPERVISOR, BRANCH_HEAD}),
    "controls.record":   frozenset({INSPECTOR, SUPERVISOR, BRANCH_HEAD}),
}

# What a token may be given, and the actions each scope opens.
TOKEN_SCOPES: Final[Mapping[str, frozenset[str]]] = {
    "imports:read":   frozenset({"imports.read"}),
    "imports:write":  frozenset({"imports.read", "registry.import"}),
    "sweeps:write":   frozenset({"imports.read", "detection.sweep"}),
    "employers:read": frozenset({"registry.read"}),
    "flags:read":     frozenset({"flags.read"}),
    "flags:write":    frozenset({"flags.read", "flags.triage", "cases.open"}),
    "linkage:read":   frozenset({"linkage.read"}),
    "linkage:write":  frozenset({"linkage.read", "linkage.decide"}),
    "cases:read":     frozenset({"cases.read"}),
    "cases:write":    frozenset({"cases.read", "cases.open", "cases.record", "cases.step", "cases.assign", "cases.approve"}),  # noqa: E501
    "packets:read":   frozenset({"packets.read"}),
    "packets:write":  frozenset({"packets.read", "packets.prepare", "packets.approve"}),
    "calculations":   frozenset({"calculate"}),
    "rules:read":     frozenset({"rules.read"}),
    "rules:write":    frozenset({"rules.read", "rules.try", "rules.propose", "rules.approve"}),
    "controls:read":  frozenset({"controls.read"}),
    "controls:write": frozenset({"controls.read", "controls.draw", "controls.assign", "controls.record"}),  # noqa: E501
}
# fmt: on


def may(role: str, action: str) -> bool:
    """Return whether `role` may do `action`; an unknown role or action may nothing."""
    return role in MAY.get(action, frozenset())


def actions_of(role: str) -> frozenset[str]:
    return frozenset(action for action, roles in MAY.items() if role in roles)


def actions_of_scopes(scopes: frozenset[str]) -> frozenset[str]:
    """Return what the scopes open together, before the role narrows it."""
    return frozenset().union(*(TOKEN_SCOPES.get(scope, frozenset()) for scope in scopes))


def scopes_for_systems() -> tuple[str, ...]:
    """Return the scopes that give a token without a person something no scope before them gives."""
    kept: dict[frozenset[str], str] = {}
    for scope in TOKEN_SCOPES:
        opened = actions_of(INTEGRATION) & actions_of_scopes(frozenset({scope}))
        kept.setdefault(opened, scope)
    return tuple(scope for opened, scope in kept.items() if opened)
