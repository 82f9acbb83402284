"""Responses of the web channel: security headers on all of them, a kind sentence in every error."""

from __future__ import annotations

import json
from typing import Any

from sanic.response import HTTPResponse

#: Sent with every response. The page loads its own files and nothing else.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

IN_DANGER = "If a child is in immediate danger, do not wait for me: ring 999."

#: What is said when a request is not answered, by a name that a program can rely on.
SENTENCES = {
    "not_understood": "I could not read that message, and I have not kept it. Please reload the "
    f"page and ask again. {IN_DANGER}",
    "session_ended": "This conversation has ended or is not one of mine. Please start a new one. "
    f"{IN_DANGER}",
    "too_large": "That is far longer than I can read, and I have not kept it. Please ask in a "
    f"sentence or two, without names. {IN_DANGER}",
    "too_many": "Too many messages came at once, so I did not take this one. Please wait a moment "
    f"and send it again. {IN_DANGER}",
    "too_slow": "I have no answer yet. Please try again in a moment; your message is not counted "
    f"twice. {IN_DANGER}",
    "not_found": f"There is nothing at this address. The guide is on the front page. {IN_DANGER}",
    "wrong_method": "This address is not used that way. The guide is on the front page. "
    f"{IN_DANGER}",
    "failed": f"Something went wrong on my side, and I could not answer. Please try again. "
    f"{IN_DANGER}",
}

#: The status of each of SENTENCES.
STATUSES = {
    "not_understood": 400,
    "session_ended": 401,
    "not_found": 404,
    "wrong_method": 405,
    "too_slow": 503,
    "too_large": 413,
    "too_many": 429,
    "failed": 500,
}


def respond(
    body: bytes | str,
    content_type: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HTTPResponse:
    """A response with the security headers; not stored by any cache unless `headers` say so."""
    return HTTPResponse(
        body,
        status=status,
        content_type=content_type,
        headers={**SECURITY_HEADERS, "Cache-Control": "no-store", **(headers or {})},
    )


def json_response(
    data: Any, status: int = 200, headers: dict[str, str] | None = None
) -> HTTPResponse:
    """A JSON response."""
    return respond(json.dumps(data), "application/json", status, headers)


def refusal(name: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    """An error as JSON: `{"error": name, "text": sentence}`."""
    return json_response({"error": name, "text": SENTENCES[name]}, STATUSES[name], headers)
