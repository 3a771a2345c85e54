"""The public door of the room: every change of accounts goes through one of these functions.

Each noun has its module: `offices`, `people`, `sessions`, `tokens`. Other rooms, the pages and
the command line import from here, so that those may be moved.
"""

from app.accounts.offices import (
    add_office,
    change_office,
    ensure_head_office,
    ensure_offices,
    save_office,
)
from app.accounts.people import (
    MANAGE,
    TEMPORARY_FOR,
    add_user,
    change_person,
    deactivate,
    invite,
    reactivate,
    reset_password,
    user_id_of,
)
from app.accounts.secrets import SHORTEST_PASSWORD, new_seed
from app.accounts.sessions import (
    FAILURE_WINDOW,
    FAILURES_ALLOWED,
    WrongPassword,
    change_password,
    choose_language,
    end_other_sessions,
    end_session,
    record_failure,
    sign_in,
    sign_out,
    touch,
)
from app.accounts.tokens import LONGEST_TOKEN_DAYS, create_token, issue_token, revoke_token

__all__ = [
    "FAILURES_ALLOWED",
    "FAILURE_WINDOW",
    "LONGEST_TOKEN_DAYS",
    "MANAGE",
    "SHORTEST_PASSWORD",
    "TEMPORARY_FOR",
    "WrongPassword",
    "add_office",
    "add_user",
    "change_office",
    "change_password",
    "change_person",
    "choose_language",
    "create_token",
    "deactivate",
    "end_other_sessions",
    "end_session",
    "ensure_head_office",
    "ensure_offices",
    "invite",
    "issue_token",
    "new_seed",
    "reactivate",
    "record_failure",
    "reset_password",
    "revoke_token",
    "save_office",
    "sign_in",
    "sign_out",
    "touch",
    "user_id_of",
]
