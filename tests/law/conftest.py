import pytest
from hypothesis import settings

from app.infra.calendars import packaged_calendar
from app.law.calendar import WorkingCalendar

# A busy machine is slow, not wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    return packaged_calendar()
