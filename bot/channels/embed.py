"""The snippet builder: the one line that a board pastes into its site, made from a few choices."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from urllib.parse import urlencode

from bot.channels.page_files import area_options, site_page, template

#: Where the chat stands: a button in a corner, or in the page.
POSITIONS = {"right": "Bottom right", "left": "Bottom left", "inline": "In the page"}
THEMES = {"auto": "As the visitor's device", "light": "Light", "dark": "Dark"}
#: The widget's own colour, which needs no attribute.
COLOUR = "#0d4a54"
LONGEST_WORDS = 120

_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Snippet:
    """The choices for one site; empty words mean the widget's own."""

    area: str = ""
    colour: str = COLOUR
    position: str = "right"
    theme: str = "auto"
    title: str = ""
    greeting: str = ""
    launcher: str = ""

    @classmethod
    def of(cls, chosen: Mapping[str, str], areas: Collection[str]) -> Snippet:
        """The snippet of a form's fields; what cannot be used counts as not chosen."""

        def one_of(name: str, known: Collection[str], otherwise: str) -> str:
            value = chosen.get(name, "")
            return value if value in known else otherwise

        def words(name: str) -> str:
            kept = "".join(one if one.isprintable() else " " for one in chosen.get(name, ""))
            return " ".join(kept.split())[:LONGEST_WORDS]

        colour = chosen.get("colour", "").lower()
        return cls(
            area=one_of("area", areas, ""),
            colour=colour if _COLOUR.fullmatch(colour) else COLOUR,
            position=one_of("position", POSITIONS, "right"),
            theme=one_of("theme", THEMES, "auto"),
            title=words("title"),
            greeting=words("greeting"),
            launcher=words("launcher"),
        )

    def attributes(self) -> dict[str, str]:
        """The attributes of the script that differ from the widget's own."""
        inline = {"inline": ""} if self.position == "inline" else {}
        return {
            **({"area": self.area} if self.area else {}),
            **({"colour": self.colour} if self.colour != COLOUR else {}),
            **({"position": self.position} if self.position == "left" else inline),
            **({"theme": self.theme} if self.theme != "auto" else {}),
            **{
                name: words
                for name, words in (
                    ("title", self.title),
                    ("greeting", self.greeting),
                    ("launcher", self.launcher),
                )
                if words
            },
        }

    def tag(self, address: str, more: Mapping[str, str] = MappingProxyType({})) -> str:
        """The line to paste; `address` is where this server is, without a slash at the end.

        `more` are attributes beside those that were chosen.
        """
        attributes = "".join(
            f' data-{name}="{escape(value)}"' if value else f" data-{name}"
            for name, value in {**self.attributes(), **more}.items()
        )
        page = f"{address}/chat" + (f"?area={self.area}" if self.area else "")
        return (
            f'<script src="{escape(address)}/widget.js" async{attributes}></script>'
            f'<noscript><a href="{escape(page)}">Worried about a child? Ask the guide</a>'
            "</noscript>"
        )

    def query(self) -> str:
        """The choices as the query of an address."""
        return urlencode(
            {
                "area": self.area,
                "colour": self.colour,
                "position": self.position,
                "theme": self.theme,
                "title": self.title,
                "greeting": self.greeting,
                "launcher": self.launcher,
            }
        )


def builder_page(snippet: Snippet, address: str, areas: list[tuple[str, str]]) -> str:
    """The page of the snippet builder with the choices of `snippet`."""
    return site_page(
        "embed.html",
        area_options(areas, snippet.area),
        positions=_radios("position", POSITIONS, snippet.position),
        themes=_options(THEMES, snippet.theme),
        colour=escape(snippet.colour),
        title=escape(snippet.title),
        greeting=escape(snippet.greeting),
        launcher=escape(snippet.launcher),
        longest=str(LONGEST_WORDS),
        line=escape(snippet.tag(address)),
        preview=escape(f"/embed/preview?{snippet.query()}"),
        address=escape(address),
    )


def preview_page(snippet: Snippet) -> str:
    """A board's page with the line in it, to be shown inside the builder; it keeps nothing."""
    return template("preview.html").substitute(line=snippet.tag("", {"remember": "off"}))


def _options(values: Mapping[str, str], chosen: str) -> str:
    return "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{escape(words)}</option>'
        for value, words in values.items()
    )


def _radios(name: str, values: Mapping[str, str], chosen: str) -> str:
    return "".join(
        f'<label><input type="radio" name="{name}" value="{value}"'
        f"{' checked' if value == chosen else ''}><span>{escape(words)}</span></label>"
        for value, words in values.items()
    )
