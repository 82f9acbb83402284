"""Which sites may use the web channel: an allow-list, and the page's own site always.

Browsers say where a page comes from in `Origin`; a request without it comes from no page. Nothing
rests on cookies, so what is kept here is that no other site can put the chat into its own pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.responses import refusal, respond

#: Where the list counts: everything else is a page or a public file.
GUARDED = "/w/"
#: What a page of another site may read of a response, beside its body.
EXPOSED = "Content-Disposition, Retry-After"
#: Seconds for which a browser need not ask again.
REMEMBERED = 7_200

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")


class OriginError(ValueError):
    """An origin in the settings that cannot be one; the text says what to do."""


def read_origins(given: str) -> frozenset[str]:
    """The origins of a setting, divided by commas or blanks. Raises OriginError."""
    return frozenset(_read_origin(one) for one in re.split(r"[,\s]+", given) if one)


def _read_origin(given: str) -> str:
    if "*" in given:
        raise OriginError(
            "WAYMARK_ORIGINS has a “*”: then any site in the world could put the chat into its "
            "pages as its own. Name the board's sites, for example "
            "https://www.example.org,https://example.org"
        )
    try:
        parts = urlsplit(given.rstrip("/").lower())
        port = parts.port
    except ValueError:
        raise _no_origin(given) from None
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    if (
        parts.scheme not in {"http", "https"}
        or not _HOST.fullmatch(host)
        or parts.path
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise _no_origin(given)
    if parts.scheme == "http" and host not in {"localhost", "127.0.0.1", "[::1]"}:
        raise OriginError(
            f"WAYMARK_ORIGINS has “{given}”, which is not encrypted: what people type there could "
            "be read on the way. Use its https:// address."
        )
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def _no_origin(given: str) -> OriginError:
    return OriginError(
        f"WAYMARK_ORIGINS has “{given[:80]}”, which is not the address of a site. Write it like "
        "https://www.example.org: with https, without a path."
    )


class Origins:
    """Answers whether a request may use the channel.

    `allowed` are origins as `read_origins` gives them; `own` is the public address of this server
    where it is known, else the host that the request names counts as its own.
    """

    def __init__(self, allowed: Iterable[str] = (), own: str | None = None) -> None:
        self._allowed = frozenset(allowed)
        self._own = own

    def allows(self, request: Request) -> bool:
        """Whether the page that the request comes from may use the channel."""
        origin = request.headers.get("origin")
        return origin is None or self._is_own(request, origin) or self._is_listed(origin)

    def headers(self, request: Request) -> dict[str, str]:
        """The headers that let that page read the response."""
        headers = {"Vary": "Origin"}
        origin = request.headers.get("origin")
        if origin is not None and self.allows(request):
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = EXPOSED
        return headers

    def _is_listed(self, origin: str) -> bool:
        return origin.lower() in self._allowed

    def _is_own(self, request: Request, origin: str) -> bool:
        if self._own is not None and origin.lower() == self._own:
            return True
        # the scheme is not compared: behind TLS the server does not know it
        host = request.headers.get("host", "")
        return bool(host) and origin.lower().partition("://")[2] == host.lower()


def guard(app: Sanic, origins: Origins) -> None:
    """Refuse what comes from an unlisted site, answer preflights, let listed sites read answers."""

    async def before(request: Request) -> HTTPResponse | None:
        if not _is_guarded(request):
            return None
        if not origins.allows(request):
            return refusal("origin")
        if request.method == "OPTIONS":
            headers = {
                "Allow": "POST, OPTIONS",
                "Access-Control-Allow-Methods": "POST",
                "Access-Control-Allow-Headers": "Content-Type, Accept",
                "Access-Control-Max-Age": str(REMEMBERED),
            }
            return respond(b"", "text/plain", 204, headers)
        return None

    async def after(request: Request, response: HTTPResponse) -> None:
        if _is_guarded(request):
            response.headers.update(origins.headers(request))

    app.register_middleware(before, "request")
    app.register_middleware(after, "response")


def _is_guarded(request: Request) -> bool:
    # Sanic's stand-in for a request whose head could not be read has no path
    return request.method != "NONE" and str(request.path).startswith(GUARDED)
