"""The page's files: read once, compressed once, answered with an ETag."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from types import MappingProxyType

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.kept import truly_kept
from bot.channels.responses import respond

PAGE = Path(__file__).parent / "page"

#: The files that a browser may ask for by name, with their types.
FILES = {
    "site.js": "text/javascript; charset=utf-8",
    "embed.js": "text/javascript; charset=utf-8",
    "site.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
#: What the pages say of typed words.
NOT_STORED = "What you type is not stored."
HTML = "text/html; charset=utf-8"
JSON = "application/json"
SCRIPT = "text/javascript; charset=utf-8"
#: The pages of the demonstration site: address, file, and the words that lead to it.
SITE = (
    ("/", "index.html", "Home"),
    ("/professionals", "professionals.html", "For professionals"),
    ("/embed", "embed.html", "Put the guide on your site"),
)
#: Those of them that are the same for everybody.
PAGES = ("index.html", "professionals.html")


@dataclass(frozen=True)
class PageFile:
    """A file as it is sent: plain, compressed, and the hash of what it holds."""

    body: bytes
    compressed: bytes
    content_type: str
    etag: str
    headers: Mapping[str, str]

    @classmethod
    def of(
        cls, body: bytes, content_type: str, headers: Mapping[str, str] = MappingProxyType({})
    ) -> PageFile:
        """Prepare a file's bytes for sending, with `headers` beside the usual ones."""
        digest = hashlib.sha256(body).hexdigest()[:32]
        # weak: the plain and the compressed form share it
        return cls(body, gzip.compress(body, mtime=0), content_type, f'W/"{digest}"', headers)

    def response(self, request: Request) -> HTTPResponse:
        """The file for one request: 304 when the browser has it, compressed when it can be."""
        headers = {
            "Cache-Control": "no-cache",
            "ETag": self.etag,
            "Vary": "Accept-Encoding",
            **self.headers,
        }
        known = request.headers.get("if-none-match", "")
        if self.etag in {f"W/{one.strip().removeprefix('W/')}" for one in known.split(",")}:
            return respond(b"", self.content_type, 304, headers)
        if accepts_gzip(request.headers.get("accept-encoding", "")):
            headers["Content-Encoding"] = "gzip"
            return respond(self.compressed, self.content_type, headers=headers)
        return respond(self.body, self.content_type, headers=headers)


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header allows gzip."""
    for part in header.split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower() in {"gzip", "*"}:
            return weight.replace(" ", "").lower() not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def area_options(areas: Iterable[tuple[str, str]], chosen: str = "") -> str:
    """The options of the area select as HTML: each area's id and name, and “Not set” first."""
    options = [("", "Not set"), *areas]
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(name)}</option>"
        for value, name in options
    )


def template(name: str) -> Template:
    """A page of `bot/channels/page` with `$places` to fill."""
    return Template((PAGE / name).read_text("utf-8"))


def site_page(name: str, areas: str, **values: str) -> str:
    """A page of the demonstration site with what all of them share.

    `areas` are the options of its area select; `values` fill its other places.
    """
    links = "\n".join(
        f'  <a href="{address}"{' aria-current="page"' if file == name else ""}>{words}</a>'
        for address, file, words in SITE
    )
    shared = {
        "head": template("site_head.html").substitute(),
        "top": template("site_top.html").substitute(links=links),
        "ask": template("site_ask.html").substitute(areas=areas),
        "foot": template("site_foot.html").substitute(kept=truly_kept(NOT_STORED)),
    }
    kept = {part: text.rstrip("\n") for part, text in shared.items()}
    return template(name).substitute(**kept, areas=areas, **values)


def page_files(areas: Iterable[tuple[str, str]]) -> Mapping[str, PageFile]:
    """Every file and page by name, the pages with the areas filled in."""
    files = {name: PageFile.of((PAGE / name).read_bytes(), kind) for name, kind in FILES.items()}
    options = area_options(areas)
    for name in PAGES:
        files[name] = PageFile.of(site_page(name, options).encode(), HTML)
    return files
