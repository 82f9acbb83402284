"""The pages and public files: the demonstration site, the snippet builder, the widget's script."""

from __future__ import annotations

from functools import partial

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.embed import Snippet, builder_page, preview_page
from bot.channels.openapi import openapi
from bot.channels.page_files import FILES, HTML, JSON, SCRIPT, PageFile, page_files
from bot.channels.responses import FRAMED, SHARED, refusal, respond
from bot.channels.widget_script import widget_script, widget_strings
from bot.guidance.load import Guidance


class Pages:
    """Everything that is the same for everyone. `public_url` is where people reach the server."""

    def __init__(self, guidance: Guidance, public_url: str | None = None) -> None:
        areas: list[tuple[str, str]] = [(area.id, area.name) for area in guidance.areas.values()]
        self._areas = areas
        self._public_url = public_url
        self._files = page_files(areas)
        self._script = PageFile.of(widget_script(guidance), SCRIPT, SHARED)
        self._strings = {
            f"{language}.json": PageFile.of(strings, JSON, SHARED)
            for language, strings in widget_strings().items()
        }
        self._openapi = PageFile.of(openapi(areas), JSON, SHARED)

    def blueprint(self) -> Blueprint:
        """The routes of the pages."""
        routes = Blueprint("pages")
        for name, handler, path in (
            ("index", partial(self.page, "index.html"), "/"),
            ("professionals", partial(self.page, "professionals.html"), "/professionals"),
            ("embed", partial(self.embed), "/embed"),
            ("line", partial(self.line), "/embed/line"),
            ("preview", partial(self.preview), "/embed/preview"),
            ("favicon", partial(self.page, "icon.svg"), "/favicon.ico"),
            ("file", partial(self.file), "/page/<name:str>"),
            ("widget", partial(self.widget), "/widget.js"),
            ("strings", partial(self.strings), "/widget/<name:str>"),
            ("openapi", partial(self.openapi), "/openapi.json"),
        ):
            routes.add_route(handler, path, methods=("GET", "HEAD"), name=name)
        return routes

    async def page(self, name: str, request: Request) -> HTTPResponse:
        """A page, or a file that has an address of its own."""
        return self._files[name].response(request)

    async def file(self, request: Request, name: str) -> HTTPResponse:
        """A file of the pages."""
        if name not in FILES:
            return refusal("not_found")
        return self._files[name].response(request)

    async def widget(self, request: Request) -> HTTPResponse:
        """The widget's script, for every site: the channel checks who may use it."""
        return self._script.response(request)

    async def strings(self, request: Request, name: str) -> HTTPResponse:
        """A language file of the widget."""
        if name not in self._strings:
            return refusal("not_found")
        return self._strings[name].response(request)

    async def openapi(self, request: Request) -> HTTPResponse:
        """The description of the web channel for programs."""
        return self._openapi.response(request)

    async def embed(self, request: Request) -> HTTPResponse:
        """The snippet builder; its form sends the choices to the same address."""
        page = builder_page(self._chosen(request), self._address(request), self._areas)
        return PageFile.of(page.encode(), HTML).response(request)

    async def line(self, request: Request) -> HTTPResponse:
        """The line alone, for the builder's script."""
        return respond(
            self._chosen(request).tag(self._address(request)), "text/plain; charset=utf-8"
        )

    async def preview(self, request: Request) -> HTTPResponse:
        """A board's page with the line in it, for the frame in the builder."""
        page = preview_page(self._chosen(request))
        return PageFile.of(page.encode(), HTML, FRAMED).response(request)

    def _chosen(self, request: Request) -> Snippet:
        chosen = {name: str(request.args.get(name)) for name in request.args}
        return Snippet.of(chosen, dict(self._areas))

    def _address(self, request: Request) -> str:
        return self._public_url or f"{request.scheme}://{request.host}"
