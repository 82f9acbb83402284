"""Every sentence of the guidance that somebody may read, with where it stands and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.guidance.files import LocatedFile
from bot.guidance.load import Guidance
from bot.guidance.models import AREA_IDS, AreaId

#: Parts of the files that nobody is shown: ids, conditions, and words that people type.
NOT_SHOWN = frozenset({"cite", "id", "kinds", "public_contacts", "watch", "when", "words"})


@dataclass(frozen=True)
class Shown:
    """A sentence, where it stands, and the areas whose people read it (empty: of none alone)."""

    where: str
    text: str
    areas: frozenset[AreaId] = frozenset()


def shown_in_guidance(guidance: Guidance) -> Iterator[Shown]:
    """The sentences of topics, changes, law, terms and contacts."""
    for topic in guidance.topics.values():
        yield Shown(f"topic {topic.id}, title", topic.title)
        for area, sentence in topic.silent.items():
            if sentence:
                yield Shown(f"topic {topic.id}, silent in {area}", sentence, frozenset([area]))
        for answer in topic.answers:
            where = f"topic {topic.id}, {'/'.join(answer.areas)}"
            areas = frozenset(one for one in answer.areas if one != "any")
            yield Shown(f"{where}, short", answer.short, areas)
            for point in (*answer.points, *answer.more, *answer.differs):
                yield Shown(where, point.text, areas)
    for counterpart in guidance.counterparts.values():
        for area, said in counterpart.silent.items():
            if said is not None:
                where = f"counterpart {counterpart.id}, silent in {area}"
                yield Shown(where, said.text, frozenset([area]))
    for change in guidance.changes.values():
        yield Shown(f"change {change.id}", change.text)
    for law in guidance.laws.values():
        yield Shown(f"law {law.id}", law.summary)
    for term in guidance.terms.values():
        yield Shown(f"term {term.id}", term.meaning)
    for contact in guidance.contacts.values():
        text = f"{contact.name}. {contact.purpose}. {contact.caution or ''}"
        yield Shown(f"contact {contact.id}", text, frozenset(contact.areas))


def shown_in_file(
    file: LocatedFile, name: str, parts: frozenset[str] | None = None
) -> Iterator[Shown]:
    """The sentences of a file called `name`, each with its line.

    `parts`: the keys at the top that are looked at (None: all). Where an entry names its `areas`,
    its sentences are read by people of those.
    """

    def walk(value: Any, areas: frozenset[AreaId], *path: str | int) -> Iterator[Shown]:
        if isinstance(value, str):
            yield Shown(f"{name}, line {file.line(*path)}", value, areas)
        elif isinstance(value, list):
            for index, one in enumerate(value):
                yield from walk(one, areas, *path, index)
        elif isinstance(value, dict):
            named = value.get("areas")
            if isinstance(named, list):
                areas = frozenset(one for one in AREA_IDS if one in named)
            for key, one in value.items():
                if key not in NOT_SHOWN and key != "areas":
                    yield from walk(one, areas, *path, str(key))

    content = file.content
    if parts is not None and isinstance(content, dict):
        content = {key: one for key, one in content.items() if key in parts}
    yield from walk(content, frozenset())
