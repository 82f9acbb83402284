"""Checks all content beyond what loading refuses: `waymark check`.

Each finding says where and why. Errors stop the build; warnings ask a person to look.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.guidance.answering import Answering
from bot.guidance.files import LocatedFile
from bot.guidance.load import Guidance, load_guidance
from bot.guidance.models import Contact, Entry, Sentence, Topic
from bot.guidance.numbers import of_another_area, unregistered
from bot.guidance.shown import Shown, shown_in_file, shown_in_guidance

#: Example questions that a topic needs so that it is understood.
FEWEST_EXAMPLES = 14
#: Days after which a contact must be checked again.
CONTACT_STALE_AFTER = 365
#: Characters of a phone's screen; a longer answer needs a first line of at most SHORT_LINE.
PHONE_SCREEN, SHORT_LINE = 600, 200
#: Words in a row that count as copied from a source document.
COPIED_WORDS = 12

#: Files beside the routes whose sentences people read, with the parts that hold them (None: all).
OTHER_FILES: dict[str, frozenset[str] | None] = {
    "screening.yml": None, "privacy.yml": frozenset({"reminder"}), "safety.yml": None
}  # fmt: skip
_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’")


@dataclass(frozen=True)
class Finding:
    """Something to mend (`error`) or to look at (`warning`)."""

    severity: Literal["error", "warning"]
    where: str
    reason: str


class HarmfulTerm(Entry):
    """A term that blames a child or hides abuse, and what to write instead."""

    term: Sentence
    instead: Sentence


def check_content(project: Path, against: Path | None = None) -> list[Finding]:
    """Every finding in the project's guidance, training phrases and responses.

    `against` is a folder of source documents (*.txt) that nothing may be copied from at length.
    Raises GuidanceError when the guidance cannot be loaded at all.
    """
    folder = project / "data" / "guidance"
    guidance = load_guidance(folder)
    texts = [*shown_in_guidance(guidance), *_beside(folder), *_responses(project)]
    findings = [*_contacts(guidance), *_examples(guidance, project), *_lengths(guidance)]
    findings += [*_offered(guidance), *check_texts(folder, guidance, texts)]
    if against is not None:
        findings += _copied(against, texts)
    return findings


def check_errors(folder: Path) -> list[Finding]:
    """The errors in a guidance folder that are found at once, for looking before every start.

    Raises GuidanceError when the guidance cannot be loaded at all.
    """
    guidance = load_guidance(folder)
    texts = [*shown_in_guidance(guidance), *_beside(folder)]
    findings = [*_contacts(guidance), *_offered(guidance), *check_texts(folder, guidance, texts)]
    return [one for one in findings if one.severity == "error"]


def check_texts(folder: Path, guidance: Guidance, texts: Sequence[Shown]) -> Iterator[Finding]:
    """What is wrong with the numbers and the wording of sentences that people read."""
    for one, reason in (*unregistered(guidance, texts), *of_another_area(guidance, texts)):
        yield Finding("error", one.where, reason)
    yield from _language(LocatedFile(folder / "language.yml").many(HarmfulTerm), texts)


def _beside(folder: Path) -> Iterator[Shown]:
    """The sentences of routes, screening, reminder and safety, where there are such files."""
    for path in sorted((folder / "routes").glob("*.yml")):
        yield from shown_in_file(LocatedFile(path), f"routes/{path.name}")
    for name, parts in OTHER_FILES.items():
        if (folder / name).is_file():
            yield from shown_in_file(LocatedFile(folder / name), name, parts)


def _responses(project: Path) -> Iterator[Shown]:
    responses = LocatedFile(project / "domain.yml").content.get("responses", {})
    for name, variants in responses.items():
        for variant in variants:
            yield Shown(f"domain.yml, {name}", variant.get("text", ""))


def _contacts(guidance: Guidance) -> Iterator[Finding]:
    today = dt.date.today()
    for contact in guidance.contacts.values():
        where = f"contact {contact.id}"
        if not (contact.number or contact.email or contact.web):
            yield Finding("error", where, "has no number, e-mail or link")
        if contact.last_checked is None:
            yield Finding("warning", where, "was never checked (last_checked is missing)")
        elif contact.last_checked > today:
            reason = f"was last checked on {contact.last_checked}, which is in the future"
            yield Finding("error", where, reason)
        elif (today - contact.last_checked).days > CONTACT_STALE_AFTER:
            yield Finding("warning", where, f"was last checked on {contact.last_checked}")


def _examples(guidance: Guidance, project: Path) -> Iterator[Finding]:
    counts: dict[str, int] = {}
    seen: dict[str, str] = {}
    for path in sorted((project / "data" / "nlu").rglob("*.yml")):
        for part in LocatedFile(path).content["nlu"]:
            intent = part.get("intent")
            if intent is None:
                continue
            name = path.relative_to(project).as_posix()
            topic = (part.get("metadata") or {}).get("topic")
            if intent == "ask" and topic not in guidance.topics:
                yield Finding("error", name, f"examples of the unknown topic “{topic}”")
            intent = topic or intent
            for line in part["examples"].splitlines():
                example = " ".join(line.strip().removeprefix("- ").lower().split())
                if not example:
                    continue
                counts[intent] = counts.get(intent, 0) + 1
                if seen.setdefault(example, intent) != intent:
                    reason = f"“{example}” is an example of {seen[example]} and of {intent}"
                    yield Finding("error", name, reason)
    for topic in guidance.topics.values():
        count = counts.get(topic.id, 0)
        if count < FEWEST_EXAMPLES:
            reason = f"{count} example questions; it needs {FEWEST_EXAMPLES}"
            yield Finding("error", f"topic {topic.id}", reason)


def _lengths(guidance: Guidance) -> Iterator[Finding]:
    answering = Answering(guidance)
    for topic in guidance.topics.values():
        for area in _areas_of(topic):
            for reply in answering.answer(topic.id, None if area == "any" else area):  # type: ignore[arg-type]
                long = len(reply.text()) > PHONE_SCREEN
                if long and len(reply.headline) > SHORT_LINE:
                    reason = (
                        f"is longer than a phone screen and its first line has "
                        f"{len(reply.headline)} characters (at most {SHORT_LINE})"
                    )
                    yield Finding("error", f"topic {topic.id}, {area}", reason)


def _offered(guidance: Guidance) -> Iterator[Finding]:
    """Contacts listed under an area or an answer that belong to another area."""
    for area in guidance.areas.values():
        for name in (*area.contacts, *area.out_of_hours):
            contact = guidance.contacts[name]
            if contact.areas and area.id not in contact.areas:
                yield Finding("error", f"area {area.id}", _belongs_to(contact))
    for topic in guidance.topics.values():
        for answer in topic.answers:
            areas = frozenset(one for one in answer.areas if one != "any")
            for name in answer.contacts:
                contact = guidance.contacts[name]
                if areas and contact.areas and not areas & set(contact.areas):
                    where = f"topic {topic.id}, {'/'.join(answer.areas)}"
                    yield Finding("error", where, _belongs_to(contact))


def _belongs_to(contact: Contact) -> str:
    return f"the contact “{contact.id}” belongs to {', '.join(contact.areas)}"


def _areas_of(topic: Topic) -> list[str]:
    return [area for answer in topic.answers for area in answer.areas]


def _language(harmful: list[HarmfulTerm], texts: Iterable[Shown]) -> Iterator[Finding]:
    terms = [(re.compile(rf"\b{re.escape(one.term)}\b"), one) for one in harmful]
    some = re.compile("|".join(re.escape(one.term) for one in harmful) or r"(?!)")
    for one in texts:
        plain = _QUOTED.sub(" ", one.text).lower()
        if not some.search(plain):
            continue
        for pattern, term in terms:
            if pattern.search(plain):
                reason = f"“{term.term}” outside a quotation; instead: {term.instead}"
                yield Finding("error", one.where, reason)


def _copied(folder: Path, texts: Iterable[Shown]) -> Iterator[Finding]:
    runs: dict[tuple[str, ...], str] = {}
    for path in sorted(folder.glob("*.txt")):
        words = _words(path.read_text(encoding="utf-8", errors="replace"))
        for start in range(len(words) - COPIED_WORDS + 1):
            runs.setdefault(tuple(words[start : start + COPIED_WORDS]), path.name)
    for one in texts:
        words = _words(_QUOTED.sub(" | ", one.text))
        for start in range(len(words) - COPIED_WORDS + 1):
            run = tuple(words[start : start + COPIED_WORDS])
            if run in runs:
                yield Finding("error", one.where, f"copied from {runs[run]}: “{' '.join(run)}”")
                break


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|\|", text.lower())
