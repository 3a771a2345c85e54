"""One JSON line per thing worth knowing. Never bodies, names, NIK, tokens or query strings."""

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Send everything to standard error as JSON lines, UTC."""
    logging.basicConfig(level=level.upper(), stream=sys.stderr, format="%(message)s")
    for chatty in ("alembic", "fontTools", "weasyprint", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        # Standard error is what it is when something is said, not what it was at the start.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
