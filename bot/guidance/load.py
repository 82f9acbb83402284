"""Loads `data/guidance/` into one immutable `Guidance`, or says what is wrong and where."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

from bot.guidance.files import GuidanceError, LocatedFile, Problem
from bot.guidance.models import (
    AREA_IDS,
    Answer,
    Area,
    AreaId,
    Change,
    Citation,
    Contact,
    Counterpart,
    Entry,
    Law,
    Source,
    Term,
    Topic,
)

#: A contact's number inside a text: `{luton-referral}`.
PLACEHOLDER = re.compile(r"\{([a-z0-9-]+)\}")
#: Contacts that there must be: what is said when something has failed gives them.
NEEDED_CONTACTS = ("emergency", "police-101", "nspcc-helpline")


def guidance_folder() -> Path:
    """The folder of the guidance files: WAYMARK_GUIDANCE, or `data/guidance` of the project."""
    chosen = os.environ.get("WAYMARK_GUIDANCE")
    return Path(chosen) if chosen else own_guidance()


def own_guidance() -> Path:
    """`data/guidance` of the project: of WAYMARK_HOME, or of the folder that holds this package."""
    home = os.environ.get("WAYMARK_HOME")
    return (Path(home) if home else Path(__file__).parents[2]) / "data" / "guidance"


def phrases_folder(guidance: Path) -> Path:
    """The training phrases that go with a guidance folder: `nlu` beside it, or the project's."""
    beside = guidance.parent / "nlu"
    return beside if beside.is_dir() else own_guidance().parent / "nlu"


@dataclass(frozen=True)
class Guidance:
    """All guidance, looked up by id. Built by `load_guidance`; never changes."""

    sources: Mapping[str, Source]
    areas: Mapping[AreaId, Area]
    contacts: Mapping[str, Contact]
    topics: Mapping[str, Topic]
    laws: Mapping[str, Law]
    changes: Mapping[str, Change]
    terms: Mapping[str, Term]
    counterparts: Mapping[str, Counterpart] = field(default_factory=dict)

    def counterpart_of(self, topic_id: str) -> Counterpart | None:
        """What stands in other areas in place of a topic of one area alone, or None."""
        return self._counterparts.get(topic_id)

    @cached_property
    def _counterparts(self) -> Mapping[str, Counterpart]:
        return {name: one for one in self.counterparts.values() for name in one.topics}

    def owner_of(self, topic_id: str) -> AreaId | None:
        """The area whose document alone a topic is of: its tags say so, or its counterpart."""
        found = self.counterpart_of(topic_id)
        if found is not None and topic_id in found.of:
            return found.of[topic_id]
        tags = self.topics[topic_id].tags
        return next((area for area in self.areas if area in tags), None)

    def fill(self, text: str) -> str:
        """`text` with each `{contact-id}` replaced by that contact's number or address."""

        def number(match: re.Match[str]) -> str:
            contact = self.contacts[match.group(1)]
            return contact.number or contact.email or contact.web or contact.name

        return PLACEHOLDER.sub(number, text)

    def area_of_name(self, name: str) -> AreaId | None:
        """The area that `name` (an id, a name or an alias, any case) stands for, or None."""
        return self._area_names.get(" ".join(name.lower().split()))

    @cached_property
    def _area_names(self) -> Mapping[str, AreaId]:
        names: dict[str, AreaId] = {}
        for area in self.areas.values():
            for name in (area.id, area.name.lower(), *area.aliases):
                names[name] = area.id
        return MappingProxyType(names)


def _by_id[E: Entry](file: LocatedFile, model: type[E]) -> tuple[dict[str, E], list[Problem]]:
    """The entries of a file by id, with a problem for each id that stands twice."""
    entries: dict[str, E] = {}
    problems: list[Problem] = []
    for index, entry in enumerate(file.many(model)):
        key: str = entry.id  # type: ignore[attr-defined]
        if key in entries:
            problems.append(file.problem(f"the id “{key}” stands twice", index, "id"))
        entries[key] = entry
    return entries, problems


def _cited(entry: Entry) -> Iterable[tuple[tuple[str | int, ...], Citation]]:
    """Each citation in an entry with its path inside the entry."""
    if isinstance(entry, Topic):
        for number, answer in enumerate(entry.answers):
            for part in ("points", "more", "differs"):
                for index, point in enumerate(getattr(answer, part)):
                    for citation in point.cite:
                        yield ("answers", number, part, index, "cite"), citation
    elif isinstance(entry, Counterpart):
        for area, said in entry.silent.items():
            for citation in said.cite if said is not None else ():
                yield ("silent", area, "cite"), citation
    elif isinstance(entry, Contact | Law | Change | Term):
        for citation in entry.cite:
            yield ("cite",), citation


def _wrong_with(citation: Citation, sources: Mapping[str, Source]) -> str | None:
    """Why a citation points at nothing, or None."""
    source = sources.get(citation.source)
    if source is None:
        return f"cites “{citation.source}”, which is not in sources.yml"
    if source.kind == "board_document" and citation.at is None:
        return f"cites {citation.source} without a line (write {citation.source}:12)"
    if fault := citation.fault():
        return fault
    if source.sections and citation.at:
        last = max(int(number) for number in re.findall(r"\d+", citation.at))
        if last > source.sections[-1].last:
            return f"cites line {last} of {citation.source}, which is shorter"
        first = citation.first_line or 0
        if not any(part.first <= first <= part.last for part in source.sections):
            return f"cites line {first} of {citation.source}, which is in none of its sections"
    return None


def _texts(answer: Answer) -> Iterable[tuple[tuple[str | int, ...], str]]:
    yield ("short",), answer.short
    for part in ("points", "more", "differs"):
        for index, point in enumerate(getattr(answer, part)):
            yield (part, index, "text"), point.text


def _references(topic: Topic) -> Iterable[tuple[tuple[str | int, ...], str, str]]:
    """Each id that a topic refers to: its path, the kind of thing, the id."""
    for key, kind in (("related", "topic"), ("changed", "change"), ("law", "law")):
        for index, name in enumerate(getattr(topic, key)):
            yield (key, index), kind, name
    for index, name in enumerate(topic.ask):
        yield ("ask", index), "contact", name
    for area, name in topic.instead.items():
        yield ("instead", area), "topic", name
    for area, sentence in topic.silent.items():
        for name in PLACEHOLDER.findall(sentence or ""):
            yield ("silent", area), "contact", name
    for number, answer in enumerate(topic.answers):
        for index, name in enumerate(answer.contacts):
            yield ("answers", number, "contacts", index), "contact", name
        for path, text in _texts(answer):
            for name in PLACEHOLDER.findall(text):
                yield ("answers", number, *path), "contact", name


def _topics_of(entry: Counterpart) -> Iterable[tuple[tuple[str | int, ...], str]]:
    """Each topic that a counterpart names, with its path."""
    for index, name in enumerate(entry.topics):
        yield ("topics", index), name
    for key in ("instead", "see"):
        for area, name in getattr(entry, key).items():
            yield (key, area), name


def _coverage(topic: Topic) -> str | None:
    """What is wrong with the areas that a topic covers, or None."""
    answered = [area for answer in topic.answers for area in answer.areas]
    twice = {area for area in answered if answered.count(area) > 1}
    if twice:
        return f"two answers for {', '.join(sorted(twice))}"
    both = set(answered) & set(topic.silent)
    if both:
        return f"both answered and silent: {', '.join(sorted(both))}"
    if "any" in answered:
        return None
    uncovered = [area for area in AREA_IDS if area not in answered and area not in topic.silent]
    if uncovered:
        return (
            f"no answer for {', '.join(uncovered)}: add one, or list the area under “silent” "
            "when its source does not say"
        )
    return None


def load_guidance(folder: Path | None = None) -> Guidance:
    """Read and check every guidance file of `folder` (default: `guidance_folder()`).

    Raises GuidanceError listing every fault with file, line and reason: bad values, unknown ids,
    citations outside a document, topics that leave an area open, contacts that must be there.
    Files that have not changed are read once in a process.
    """
    root = folder or guidance_folder()
    return _read_guidance(root, _state(root))


def _state(root: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells whether a file of `root` has changed: its name, time and size."""
    found = [(path, path.stat()) for path in sorted(root.rglob("*.yml"))]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


@lru_cache(maxsize=4)
def _read_guidance(root: Path, _state: tuple[tuple[str, int, int], ...]) -> Guidance:
    problems: list[Problem] = []
    located: list[tuple[LocatedFile, list[Entry]]] = []

    def read[E: Entry](name: str, model: type[E]) -> dict[str, E]:
        try:
            file = LocatedFile(root / name)
            entries, doubled = _by_id(file, model)
        except GuidanceError as error:
            problems.extend(error.problems)
            return {}
        problems.extend(doubled)
        located.append((file, list(entries.values())))
        return entries

    sources = read("sources.yml", Source)
    areas = read("areas.yml", Area)
    contacts = read("contacts.yml", Contact)
    laws = read("law.yml", Law)
    changes = read("changes.yml", Change)
    terms = read("glossary.yml", Term)
    # not every guidance has documents that only one area's board wrote
    has_counterparts = (root / "counterparts.yml").exists()
    counterparts = read("counterparts.yml", Counterpart) if has_counterparts else {}
    topics: dict[str, Topic] = {}
    topic_files = sorted((root / "topics").glob("*.yml"))
    if not topic_files:
        problems.append(Problem(root / "topics", 1, "holds no topic file (*.yml)"))
    for path in topic_files:
        found = read(f"topics/{path.name}", Topic)
        for name in set(found) & set(topics):
            problems.append(Problem(path, 1, f"the topic “{name}” stands in another file too"))
        topics |= found
    if problems:
        raise GuidanceError(problems)

    known: dict[str, Mapping[str, object]] = {
        "topic": topics,
        "change": changes,
        "law": laws,
        "contact": contacts,
    }
    for file, entries in located:
        for index, entry in enumerate(entries):
            for path_in, citation in _cited(entry):
                wrong = _wrong_with(citation, sources)
                if wrong:
                    problems.append(file.problem(wrong, index, *path_in))
            if isinstance(entry, Topic):
                for path_in, kind, name in _references(entry):
                    if name not in known[kind]:
                        reason = f"names the {kind} “{name}”, which does not exist"
                        problems.append(file.problem(reason, index, *path_in))
                uncovered = _coverage(entry)
                if uncovered:
                    problems.append(file.problem(f"{entry.id}: {uncovered}", index, "id"))
            if isinstance(entry, Counterpart):
                for path_in, name in _topics_of(entry):
                    if name not in topics:
                        reason = f"names the topic “{name}”, which does not exist"
                        problems.append(file.problem(reason, index, *path_in))
            if isinstance(entry, Area):
                for name in (*entry.contacts, *entry.out_of_hours):
                    if name not in contacts:
                        reason = f"names the contact “{name}”, which does not exist"
                        problems.append(file.problem(reason, index, "contacts"))
                if entry.source not in sources:
                    reason = f"names the source “{entry.source}”, which does not exist"
                    problems.append(file.problem(reason, index, "source"))
    for name in NEEDED_CONTACTS:
        if name not in contacts:
            reason = f"must hold “{name}”, which is given when something fails"
            problems.append(Problem(root / "contacts.yml", 1, reason))
    if set(areas) != set(AREA_IDS):
        problems.append(Problem(root / "areas.yml", 1, f"must hold {', '.join(AREA_IDS)}"))
    if problems:
        raise GuidanceError(problems)
    return Guidance(
        sources=MappingProxyType(sources),
        areas=MappingProxyType({area: areas[area] for area in AREA_IDS}),
        contacts=MappingProxyType(contacts),
        topics=MappingProxyType(topics),
        laws=MappingProxyType(laws),
        changes=MappingProxyType(changes),
        terms=MappingProxyType(terms),
        counterparts=MappingProxyType(counterparts),
    )
