"""Responses of the web channel: security headers on all of them, a kind sentence in every error."""

from __future__ import annotations

import json
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

#: Sent with every response. The page loads its own files and nothing else.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'; "
    "trusted-types 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

#: For public files that any site may load.
SHARED = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
#: For a page that our own pages show in a frame.
FRAMED = {
    "Content-Security-Policy": SECURITY_HEADERS["Content-Security-Policy"].replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
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
    "busy": "More people are asking than I can answer at the moment, so I have not read your "
    f"message. Please send it again in a few seconds. {IN_DANGER}",
    "too_many": "Too many messages came at once, so I did not take this one. Please wait a moment "
    f"and send it again. {IN_DANGER}",
    "too_slow": "I have no answer yet. Please try again in a moment; your message is not counted "
    f"twice. {IN_DANGER}",
    "not_found": f"There is nothing at this address. The guide is on the front page. {IN_DANGER}",
    "wrong_method": "This address is not used that way. The guide is on the front page. "
    f"{IN_DANGER}",
    "origin": "This site is not one of those that may use this guide, so I did not read the "
    f"message. Whoever runs the guide can add it to WAYMARK_ORIGINS. {IN_DANGER}",
    "no_key": "This address is for programs that have the key, and this request has not. People "
    f"find the guide on the front page. {IN_DANGER}",
    "no_document": f"There is no such file in this conversation. Please ask again. {IN_DANGER}",
    "not_erased": "I could not erase everything yet. This conversation is closed already; please "
    f"try once more. {IN_DANGER}",
    "failed": f"Something went wrong on my side, and I could not answer. Please try again. "
    f"{IN_DANGER}",
}

#: The status of each of SENTENCES.
STATUSES = {
    "not_understood": 400,
    "session_ended": 401,
    "origin": 403,
    "no_key": 403,
    "no_document": 404,
    "not_found": 404,
    "wrong_method": 405,
    "busy": 503,
    "too_slow": 503,
    "not_erased": 503,
    "too_large": 413,
    "too_many": 429,
    "failed": 500,
}


#: The name for a status that comes from the HTTP server itself.
BY_STATUS = {
    400: "not_understood",
    404: "not_found",
    405: "wrong_method",
    408: "too_slow",
    413: "too_large",
    503: "too_slow",
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


def refusal(
    name: str,
    headers: dict[str, str] | None = None,
    area_line: str = "",
    sentence: str | None = None,
) -> HTTPResponse:
    """An error as JSON: `{"error": name, "message": sentence}`.

    `area_line` says whom to ring in the person's area; `sentence` replaces the usual one.
    """
    message = " ".join(one for one in (sentence or SENTENCES[name], area_line) if one)
    return json_response({"error": name, "message": message}, STATUSES[name], headers)


def encrypted(app: Sanic) -> None:
    """Have browsers come back over HTTPS only; for a server that people reach that way."""

    async def after(request: Request, response: HTTPResponse) -> None:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"

    app.register_middleware(after, "response")
