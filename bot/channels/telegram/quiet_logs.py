"""Keeps the bot's token, and what people type, out of every log, at every level.

The libraries log whole addresses with the token in them, and whole messages at debug level. Filters
on loggers do not reach their children, so this sits where every record is made.
"""

from __future__ import annotations

import logging
import re
from typing import Any

#: Libraries of whose records only the logger and the class of an exception are kept.
_TALKATIVE = ("telegram", "httpx", "httpcore", "aiolimiter")
#: What stands in the place of a token.
MASK = "(token)"
_TOKEN = re.compile(r"(?<![0-9])[0-9]{5,20}(?::|%3A)[A-Za-z0-9_-]{30,64}", re.IGNORECASE)


def mask_tokens(text: str) -> str:
    """The text without anything that looks like a token of Telegram."""
    return _TOKEN.sub(MASK, text)


def keep_tokens_out_of_logs() -> None:
    """Mask tokens in every log record of this process from now on. Does nothing a second time."""
    before = logging.getLogRecordFactory()
    if getattr(before, "masks_tokens", False):
        return

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = before(*args, **kwargs)
        if record.name.split(".", 1)[0] in _TALKATIVE:
            _only_class(record)
        else:
            _masked(record)
        return record

    factory.masks_tokens = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(factory)
    for name in _TALKATIVE:
        # nothing useful is left of their smaller records
        logging.getLogger(name).setLevel(logging.WARNING)


def _only_class(record: logging.LogRecord) -> None:
    kind = record.exc_info[0] if isinstance(record.exc_info, tuple) else None
    record.msg = kind.__name__ if kind else "a message that is not shown"
    record.args = ()
    record.exc_info = record.exc_text = record.stack_info = None


def _masked(record: logging.LogRecord) -> None:
    try:
        whole = record.getMessage()
    except (TypeError, ValueError, KeyError):
        return
    masked = mask_tokens(whole)
    if masked != whole:
        record.msg, record.args = masked, ()
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if error is not None:
        text = logging.Formatter().formatException(record.exc_info)  # type: ignore[arg-type]
        if mask_tokens(text) != text:
            record.exc_info, record.exc_text = None, mask_tokens(text)
