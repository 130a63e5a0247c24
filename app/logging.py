"""Logs: one JSON line an event on standard output, ours and the libraries' alike, with our own secrets masked."""

import json
import logging
import sys
from collections.abc import Iterable
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.settings import Settings

MASK = "[secret]"
SHORTEST_SECRET = 6
"""A shorter value would be masked all over the text by chance."""


def configure_logging(settings: Settings, *, part: str, level: int = logging.INFO) -> None:
    """For a whole process, at its start. `part` names the process in every line.

    Libraries speak from WARNING on.
    Bind ids with `structlog.contextvars.bound_contextvars(request=…, incident=…, job=…)`.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _named(part),
    ]
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, Masked(settings.secrets())],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for ours in ("app", "bot", "voice", "web", "tasks", "integrations", "knowledge", "incidents", "logs", "__main__"):
        logging.getLogger(ours).setLevel(level)
    for talkative in ("slack_bolt", "slack_sdk"):
        logging.getLogger(talkative).setLevel(logging.ERROR)  # They warn of tokens that we give them on purpose.
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )


class Masked:
    """The last processor: the event as a JSON line in which no known secret stands."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {secret for secret in secrets if len(secret) >= SHORTEST_SECRET}
        self._forms = sorted(known | {json.dumps(secret)[1:-1] for secret in known}, key=len, reverse=True)

    def __call__(self, logger: WrappedLogger, name: str, event: EventDict) -> str:
        line = json.dumps(event, default=str, ensure_ascii=False)
        for form in self._forms:
            line = line.replace(form, MASK)
        return line


def _named(part: str) -> Processor:
    def name_part(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
        record: Any = event.get("_record")
        if record is not None and "library" not in event:
            event["library"] = record.name
        return {"part": part, **event}

    return name_part
