"""Structured logs on stderr: keys, kinds and places, never what somebody wrote."""

from __future__ import annotations

import logging
import sys
import traceback

import structlog
from structlog.typing import EventDict, Processor

from bot.settings import Settings


def start_logging(settings: Settings) -> None:
    """Sets the program's logging up, once, at start."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    render: Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            place_only,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(LibraryFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[libraries])


class LibraryFormatter(logging.Formatter):
    """Other libraries' records, on one line; of an error only type and place, for their words quote what failed."""

    def format(self, record: logging.LogRecord) -> str:
        if not record.exc_info:
            return f"{record.levelname} {record.name}: {' '.join(record.getMessage().split())}"
        told = place_only(None, "", {"exc_info": record.exc_info[1]})
        return f"{record.levelname} {record.name}: {told.get('raised', 'an error')} at {told.get('at', 'no place')}"


def place_only(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Of an exception keeps its type and where it was raised: its message and locals may hold a resident's words."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        event["raised"] = type(error).__name__
        event["at"] = " < ".join(
            f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames[-6:])
        )
    return event
