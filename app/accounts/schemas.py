"""Who is acting, and what they may see: the values every service and query takes."""

from dataclasses import dataclass
from typing import Final

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
class TokenView:
    id: int
    name: str
    scopes: tuple[str, ...]
    office_code: str
    expires_on: str
    revoked: bool
    owner_email: str | None


@dataclass(frozen=True, slots=True)
class NewSession:
    """A signed-in browser: the cookie value is shown once and never stored."""

    cookie: str
    csrf_token: str
    user: UserView


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The browser behind a request."""

    principal: Principal
    csrf_token: str
    language: str
    email: str
    office_name: str
