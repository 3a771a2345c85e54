"""What is said reaches standard error as it is then."""

import io
import json

import pytest
import structlog

from app.infra import log


def test_a_standard_error_that_was_closed_since_the_start_silences_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr("sys.stderr", first)
    log.configure("info")
    logger = structlog.get_logger()
    logger.info("once")
    first.close()
    monkeypatch.setattr("sys.stderr", second)

    logger.info("again")

    assert json.loads(second.getvalue())["event"] == "again"
