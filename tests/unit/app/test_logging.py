"""Logs are JSON lines, ours and the libraries' alike, and never show our own secrets."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import SecretStr

from app.logging import MASK, configure_logging
from app.settings import Settings

pytestmark = pytest.mark.usefixtures("bare", "put_back")


@pytest.fixture
def put_back() -> Iterator[None]:
    """A process has one log; a test's must not outlive it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_event_is_one_line_with_its_part_and_the_bound_ids(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(), part="sweep")
    with structlog.contextvars.bound_contextvars(incident="42", job="7"):
        structlog.get_logger("tasks.sweep").info("page_made", responder="Bea")
    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "part": "sweep",
        "event": "page_made",
        "responder": "Bea",
        "incident": "42",
        "job": "7",
        "level": "info",
    }


def test_a_librarys_warning_goes_the_same_way_and_its_chatter_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(), part="sweep")
    logging.getLogger("celery").warning("lost %s", "the broker")
    logging.getLogger("celery").info("chatter")
    (line,) = lines(capsys)
    assert (line["event"], line["library"], line["level"]) == ("lost the broker", "celery", "warning")


def test_no_secret_is_shown_not_even_in_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(admin_api_key=SecretStr('quo"ted-secret'), database_url="postgresql://me:pass%21word@db/x")
    configure_logging(settings, part="web")
    log = structlog.get_logger("tasks.sweep")
    try:
        int('quo"ted-secret, pass!word')
    except ValueError:
        log.exception("failed", url=settings.database_url)
    told = capsys.readouterr().out
    assert "Traceback" in told
    assert MASK in told
    assert "ted-secret" not in told
    assert "word" not in told.replace("password", "")
