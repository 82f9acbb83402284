"""The log as JSON lines, for machines that collect it. Nothing that was typed is in it."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import sys
from collections.abc import Mapping
from typing import Any

import structlog

#: The variable that chooses the form: `json`, or plain lines when it is not set.
SETTING = "WAYMARK_LOG"


class JsonLine(logging.Formatter):
    """A record as one JSON object: time, level, module, and for our own modules the message.

    Our messages hold classes of errors and never what was typed. A library's message may quote
    it, so of those only the class of the error is kept.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        moment = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "module": record.name,
        }
        if record.name.split(".")[0] in {"bot", "actions"}:
            line["message"] = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line)


def problem_with(environment: Mapping[str, str] = os.environ) -> str | None:
    """What is wrong with the setting, or None."""
    if environment.get(SETTING, "").strip().lower() in {"", "json"}:
        return None
    return f"{SETTING} is “json”, for a line of JSON for each event. Change it, or unset it."


def set_up_logs(environment: Mapping[str, str] = os.environ) -> None:
    """Write the log as JSON lines where WAYMARK_LOG asks for it; else leave it as it is."""
    if environment.get(SETTING, "").strip().lower() != "json":
        return
    handlers = logging.getLogger().handlers
    if not handlers:
        logging.basicConfig(level=logging.WARNING)
    for handler in handlers:
        handler.setFormatter(JsonLine())
    structlog.configure(
        processors=[_bare],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _bare(logger: Any, level: str, event: Mapping[str, Any]) -> str:
    """Of an event of Rasa's only its level: what it carries may quote a message."""
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    return json.dumps({"time": moment, "level": level, "module": "rasa"})
