"""Checks all content beyond what loading refuses: `waymark check`.

Each finding says where and why. Errors stop the build; warnings ask a person to look.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.guidance.answering import Answering
from bot.guidance.files import LocatedFile
from bot.guidance.load import PLACEHOLDER, Guidance, load_guidance
from bot.guidance.models import Entry, Sentence, Topic

#: Example questions that a topic needs so that it is understood.
FEWEST_EXAMPLES = 14
#: Days after which a contact must be checked again.
CONTACT_STALE_AFTER = 365
#: Characters of a phone's screen; a longer answer needs a first line of at most SHORT_LINE.
PHONE_SCREEN, SHORT_LINE = 600, 200
#: Words in a row that count as copied from a source document.
COPIED_WORDS = 12

#: A telephone number: 01632 960999, (01632) 960999, 01632-960-999, +44 7700 900123; not 01-02-2024.
_NUMBER = re.compile(
    r"(?<![\w£])(?!\d\d?[-.]\d\d?[-.]\d{2,4}(?!\d))"
    r"(?:(?:\+|00)44 ?(?:\(0\))?|\(0\d{2,5}\)|0\d)"
    r"(?:(?: *| ?[-‑–] ?|\.)\d){5,13}(?!\w)"
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s)”]+")
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
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
    harmful = LocatedFile(folder / "language.yml").many(HarmfulTerm)
    findings = [*_contacts(guidance), *_examples(guidance, project), *_lengths(guidance)]
    findings += _numbers_for_everyone(guidance)
    texts = [*_guidance_texts(guidance), *_responses(project)]
    findings += _registry(guidance, texts)
    findings += _language(harmful, texts)
    if against is not None:
        findings += _copied(against, texts)
    return findings


def _guidance_texts(guidance: Guidance) -> Iterator[tuple[str, str]]:
    """Every sentence that can be shown, with where it stands."""
    for topic in guidance.topics.values():
        yield f"topic {topic.id}, title", topic.title
        for area, sentence in topic.silent.items():
            if sentence:
                yield f"topic {topic.id}, silent in {area}", sentence
        for answer in topic.answers:
            where = f"topic {topic.id}, {'/'.join(answer.areas)}"
            yield f"{where}, short", answer.short
            for point in (*answer.points, *answer.more, *answer.differs):
                yield where, point.text
    for change in guidance.changes.values():
        yield f"change {change.id}", change.text
    for law in guidance.laws.values():
        yield f"law {law.id}", law.summary
    for term in guidance.terms.values():
        yield f"term {term.id}", term.meaning
    for contact in guidance.contacts.values():
        yield f"contact {contact.id}", f"{contact.name}. {contact.purpose}. {contact.caution or ''}"


def _responses(project: Path) -> Iterator[tuple[str, str]]:
    responses = LocatedFile(project / "domain.yml").content.get("responses", {})
    for name, variants in responses.items():
        for variant in variants:
            yield f"domain.yml, {name}", variant.get("text", "")


def _contacts(guidance: Guidance) -> Iterator[Finding]:
    today = dt.date.today()
    for contact in guidance.contacts.values():
        where = f"contact {contact.id}"
        if not (contact.number or contact.email or contact.web):
            yield Finding("error", where, "has no number, e-mail or link")
        if contact.last_checked is None:
            yield Finding("warning", where, "was never checked (last_checked is missing)")
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


def _numbers_for_everyone(guidance: Guidance) -> Iterator[Finding]:
    """Numbers of one area in words that people of every area read."""
    for topic in guidance.topics.values():
        for answer in topic.answers:
            if "any" not in answer.areas:
                continue
            points = (*answer.points, *answer.more, *answer.differs)
            for text in (answer.short, *(point.text for point in points)):
                for name in PLACEHOLDER.findall(text):
                    if guidance.contacts[name].areas:
                        reason = f"{{{name}}} is of one area: list it under “contacts” instead"
                        yield Finding("error", f"topic {topic.id}, any", reason)


def _areas_of(topic: Topic) -> list[str]:
    return [area for answer in topic.answers for area in answer.areas]


def _registry(guidance: Guidance, texts: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    contacts = guidance.contacts.values()
    known = {_digits(one.number) for one in contacts if one.number}
    known_words = {word for one in contacts for word in (one.email, one.web) if word}
    for where, text in texts:
        for number in _NUMBER.findall(text):
            if _digits(number) not in known:
                yield Finding("error", where, f"the number {number} is not in contacts.yml")
        for word in (*_LINK.findall(text), *_EMAIL.findall(text)):
            if word.rstrip(".,") not in known_words:
                yield Finding("error", where, f"{word} is not in contacts.yml")


def _digits(number: str) -> str:
    """The digits as they are dialled in the country: +44 (0)7700 900123 is 07700900123."""
    return re.sub(r"\D", "", re.sub(r"^(?:\+|00)44 ?(?:\(0\))?", "0", number))


def _language(harmful: list[HarmfulTerm], texts: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    for where, text in texts:
        plain = _QUOTED.sub(" ", text).lower()
        for term in harmful:
            if re.search(rf"\b{re.escape(term.term)}\b", plain):
                reason = f"“{term.term}” outside a quotation; instead: {term.instead}"
                yield Finding("error", where, reason)


def _copied(folder: Path, texts: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    runs: dict[tuple[str, ...], str] = {}
    for path in sorted(folder.glob("*.txt")):
        words = _words(path.read_text(encoding="utf-8", errors="replace"))
        for start in range(len(words) - COPIED_WORDS + 1):
            runs.setdefault(tuple(words[start : start + COPIED_WORDS]), path.name)
    for where, text in texts:
        words = _words(_QUOTED.sub(" | ", text))
        for start in range(len(words) - COPIED_WORDS + 1):
            run = tuple(words[start : start + COPIED_WORDS])
            if run in runs:
                yield Finding("error", where, f"copied from {runs[run]}: “{' '.join(run)}”")
                break


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|\|", text.lower())
