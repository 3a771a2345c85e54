"""What went wrong with a trial, written where its page reads it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from app.detection.rule_tables import RuleTrial
from app.errors import AppError
from app.infra.database import Database
from app.infra.wording import N_

_CRASHED: Final = N_("Uji coba berhenti karena kesalahan tak terduga; tidak ada yang berubah.")


@contextmanager
def failure_recorded(
    database: Database, trial_id: int, *, clock: Callable[[], datetime]
) -> Iterator[None]:
    """Write what went wrong where the page reads it; what nobody anticipated is raised on."""
    try:
        yield
    except AppError as error:
        _fail(database, trial_id, error.template, dict(error.values), now=clock())
    except Exception:
        _fail(database, trial_id, _CRASHED, {}, now=clock())
        raise


def _fail(
    database: Database, trial_id: int, template: str, values: dict[str, Any], *, now: datetime
) -> None:
    with database.transaction() as session:
        row = session.get(RuleTrial, trial_id, with_for_update=True)
        if row is not None:
            row.status, row.finished_at = "failed", now
            row.failure = {
                "template": template,
                "values": {name: str(value) for name, value in values.items()},
            }
