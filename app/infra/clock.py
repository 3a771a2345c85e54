"""The only module that asks what time it is. Entry points call it and hand the answer down."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the instant, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """Return the legal day in `zone` (an IANA name such as `Asia/Makassar`)."""
    return now().astimezone(ZoneInfo(zone)).date()
