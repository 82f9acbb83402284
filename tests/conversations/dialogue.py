"""Whole dialogues as data: what a person says, and what they must, or must not, read in answer.

A file is a list of dialogues. A dialogue has a `title`, the page's `area` (or null), and `turns`;
`at_most` is the most messages that its end may take. A turn either `says` something (`times` over)
or `presses` a button of the answer before it. `reads` and `not` are regular expressions, searched
case-insensitively in the whole answer; `topic` and `kind` are one of which an answer must be about;
`offers` are titles of buttons; `as_before` asks for the same answer as the turn before.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.guidance.models import AreaId

FOLDER = Path(__file__).parent


def _compiles(pattern: str) -> str:
    re.compile(pattern)
    return pattern


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


Pattern = Annotated[str, AfterValidator(_compiles)]
OneOrMore = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Turn(_Part):
    """One message of the person and what its answer must be."""

    says: str | None = None
    times: int = 1
    presses: str | None = None
    reads: tuple[Pattern, ...] = ()
    never: tuple[Pattern, ...] = Field(default=(), alias="not")
    topic: OneOrMore = ()
    kind: OneOrMore = ()
    offers: tuple[str, ...] = ()
    as_before: bool = False

    @model_validator(mode="after")
    def _says_or_presses(self) -> Turn:
        if (self.says is None) == (self.presses is None):
            raise ValueError("a turn either says something or presses a button")
        return self


class Dialogue(_Part):
    """A whole conversation with one person."""

    title: str
    area: AreaId | None
    turns: tuple[Turn, ...] = Field(min_length=1)
    at_most: int | None = None


def load_dialogues(folder: Path = FOLDER) -> list[Dialogue]:
    """Every dialogue of the folder's files. Raises ValidationError on one that is not well made."""
    return [
        Dialogue.model_validate(one)
        for path in sorted(folder.glob("*.yml"))
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
