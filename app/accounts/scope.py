"""The one scope function: every query over office data goes through `within`."""

from typing import Any

import sqlalchemy as sa

from app.accounts.schemas import Principal


def within(principal: Principal, action: str, office_column: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - any mapped column
    """Return the condition that keeps rows of the offices this principal reaches.

    Raises:
        Forbidden: the principal may not do `action` at all. What is not listed is refused.
    """
    principal.require(action)
    if principal.offices is None:
        return sa.true()
    return sa.type_coerce(office_column, sa.Text).in_(sorted(principal.offices))
