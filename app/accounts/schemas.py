"""Who is acting, and what they may see: the values every service and query takes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from app.errors import Forbidden

SYSTEM_ACTOR: Final = "system:cli"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts: a person, a token, or the operator at the command line.

    `offices` are the codes this principal reaches (its office and all below it); None means the
    whole country. `actions` is already narrowed by role and token scopes. `user_id` is None when
    no named person stands behind it: such a principal gives no legal effect.
    """

    actor: str
    name: str
    role: str
    office_code: str
    offices: frozenset[str] | None
    actions: frozenset[str]
    zone: str
    user_id: int | None
    title: str = ""

    def may(self, action: str) -> bool:
        return action in self.actions

    def require(self, action: str) -> None:
        """Raises: Forbidden: the action is not in this principal's list."""
        if action not in self.actions:
            raise Forbidden(
                "Peran {role} tidak berwenang melakukan tindakan ini ({action}).",
                role=self.role,
                action=action,
            )

    def reaches(self, office_code: str) -> bool:
        return self.offices is None or office_code in self.offices


@dataclass(frozen=True, slots=True)
class OfficeView:
    """An office as pages and letters show it."""

    code: str
    name: str
    kind: str
    parent_code: str | None
    zone: str
    city: str
    address: str
    phone: str
    email: str
    head_name: str
    head_title: str
    prosecutor_office: str
    complete: bool


@dataclass(frozen=True, slots=True)
class UserView:
    id: int
    email: str
    name: str
    role: str
    office_code: str
    title: str
    staff_number: str
    active: bool


@dataclass(frozen=True, slots=True)
class NewSession:
    """A signed-in browser: the cookie value is shown once and never stored."""

    cookie: str
    csrf_token: str
    user: UserView


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The browser behind a request. `must_choose_password`: only that page is open to it."""

    principal: Principal
    csrf_token: str
    language: str
    email: str
    office_name: str
    must_choose_password: bool


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A signed-in browser as its person sees it; `handle` names it without being a secret."""

    handle: str
    browser: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What an administrator decides about a person; the e-mail is their name for ever."""

    name: str
    role: str
    office_code: str
    title: str
    staff_number: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """A password to hand over: shown once, good until `until`, changed at the first sign-in."""

    user: UserView
    password: str
    until: datetime


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person as administrators see them. `temporary_until`: still on a password they were given.

    `last_seen_at` is None when no browser is signed in.
    """

    user: UserView
    office_name: str
    version: int
    temporary_until: datetime | None
    created_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """Empty texts do not narrow. `office` means that office and all below it."""

    role: str = ""
    office: str = ""
    state: Literal["", "active", "inactive", "temporary"] = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class OfficeDetails:
    """Everything of an office but its code, which cases and extracts carry for ever."""

    name: str
    kind: str
    parent_code: str | None
    zone: str
    city: str
    address: str
    phone: str
    email: str
    head_name: str
    head_title: str
    prosecutor_office: str


@dataclass(frozen=True, slots=True)
class OfficeNode:
    """An office in the tree; `people` counts those who can sign in there."""

    office: OfficeView
    people: int
    children: tuple["OfficeNode", ...]


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """An API token without its secret. `owner_email`: the person it acts for, if any."""

    id: int
    name: str
    scopes: tuple[str, ...]
    office_code: str
    office_name: str
    owner_email: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What waits for an administrator, counted."""

    people: int
    temporary: int
    incomplete_offices: int
    expiring_tokens: int
