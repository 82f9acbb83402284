"""HTTP connections that take nothing for granted: lengths, addresses, what a fault logs."""

from __future__ import annotations

import logging
from typing import Any

from sanic.exceptions import InvalidUsage
from sanic.http import Http
from sanic.request import Request
from sanic.server import HttpProtocol


class CheckedRequest(Request):
    """A request whose length is stated once and plainly, or that is refused."""

    def __init__(self, url_bytes: bytes, headers: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_bytes, headers, *args, **kwargs)
        lengths = headers.getall("content-length", [])
        coded = headers.getall("transfer-encoding", [])
        if (
            len(lengths) + len(coded) > 1
            or any(not (one.isascii() and one.isdigit()) for one in lengths)
            or any(one.lower() != "chunked" for one in coded)
        ):
            raise InvalidUsage("The length of the body is not clear")


class CheckedHttp(Http):
    """HTTP that has an answer for an address of bytes that are not text, too."""

    def create_empty_request(self) -> None:
        """Sanic's stand-in for a request whose head could not be read."""
        self.url = None
        super().create_empty_request()


class CheckedProtocol(HttpProtocol):
    """A connection that speaks `CheckedHttp`."""

    def _setup_connection(self) -> None:
        super()._setup_connection()
        self._http = CheckedHttp(self)


class ClassNameOnly(logging.Filter):
    """Keeps only the class of an exception from a library's log: messages could hold typed text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; always kept."""
        kind = record.exc_info[0] if isinstance(record.exc_info, tuple) else None
        record.msg = f"{record.name}: {kind.__name__ if kind else 'a message that is not shown'}"
        record.args = ()
        record.exc_info = None
        record.exc_text = None
        record.stack_info = None
        return True
