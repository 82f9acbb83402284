"""A board's site for the tests: pages of another origin, as strict as a site can be."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: Forbids everything but the guide; nothing may be written as markup or run from a string.
STRICT = (
    "default-src 'none'; script-src {bot}; style-src 'none'; connect-src {bot}; "
    "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'"
)

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A board</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
<body><main><h1>A safeguarding board</h1><p>What the board says. <a href="/two">Another page</a></p>
<p><button>Something of the board</button></p>{body}</main>{script}</body></html>"""


class Board:
    """A running site. `page` puts a page there and gives its address."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._pages: dict[str, tuple[bytes, str | None]] = {}
        self.origin = f"http://127.0.0.1:{server.server_address[1]}"
        #: the guide's address, for pages that do not name another
        self.bot = ""

    def page(
        self,
        path: str = "/",
        attributes: str = "",
        *,
        head: str = "",
        body: str = "",
        script: str | None = None,
        bot: str | None = None,
        policy: str | None = STRICT,
    ) -> str:
        """A page with the one line in it, served from now on at `path`."""
        source = bot or self.bot
        line = f'<script src="{source}/widget.js" async {attributes}></script>'
        html = PAGE.format(head=head, body=body, script=line if script is None else script)
        self._pages[path] = (html.encode(), policy and policy.format(bot=source))
        return self.origin + path

    def read(self, path: str) -> tuple[bytes, str | None] | None:
        """What is served at a path: the page and its policy."""
        return self._pages.get(path)


@contextmanager
def running_board() -> Iterator[Board]:
    """A board's site on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = board.read(self.path.partition("?")[0])
            body, policy = found or (b"", None)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    board = Board(server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield board
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
