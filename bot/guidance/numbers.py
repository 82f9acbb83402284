"""Numbers, links and addresses in what people read: registered, and of the right area."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.guidance.load import PLACEHOLDER, Guidance
from bot.guidance.models import AreaId, Contact
from bot.guidance.shown import Shown

#: A telephone number: 01632 960999, (01632) 960999, 01632-960-999, +44 7700 900123; not 01-02-2024.
_NUMBER = re.compile(
    r"(?<![\w£])(?!\d\d?[-.]\d\d?[-.]\d{2,4}(?!\d))"
    r"(?:(?:\+|00)44 ?(?:\(0\))?|\(0\d{2,5}\)|0\d)"
    r"(?:(?: *| ?[-‑–] ?|\.)\d){5,13}(?!\w)"
)
#: A short one: 999, 112, 101, 111, 105, 119; 116 000 and its like; a number to text, 61016.
#: After “line” or “section”, and before what is counted, the same digits mean something else.
_SHORT = re.compile(
    r"(?<![\w£.,])(?<!line )(?<!lines )(?<!page )(?<!pages )(?<!paragraph )"
    r"(?<!section )(?<!sections )"
    r"(?:999|112|101|111|105|119|116[ -]?\d{3}|118[ -]?\d{3}|18000|[6-8]\d{4})"
    r"(?![\w%]|[.,]\d| ?[-–] ?\d"
    r"| (?:to \d|days|hours|weeks|months|years|words|children|people|of ))"
)
#: What stands in braces, and what that may be besides a contact: words for the case at hand.
_BRACES = re.compile(r"\{([^{}]*)\}")
FILLED_IN = frozenset(
    {"area", "deadline", "documents", "facts", "headline", "kinds", "level", "topic", "your-source"}
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s)”]+")
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def unregistered(guidance: Guidance, texts: Iterable[Shown]) -> Iterator[tuple[Shown, str]]:
    """Each text with a number, link, address or `{contact}` that contacts.yml lacks, and why."""
    contacts = guidance.contacts.values()
    known = {digits(one.number) for one in contacts if one.number}
    words = {word for one in contacts for word in (one.email, one.web) if word}
    for one in texts:
        for number in numbers_in(one.text):
            if digits(number) not in known:
                yield one, f"the number {number} is not in contacts.yml"
        for name in _BRACES.findall(one.text):
            if name not in guidance.contacts and name not in FILLED_IN:
                yield one, f"names the contact “{name}”, which does not exist"
        for word in (*_LINK.findall(one.text), *_EMAIL.findall(one.text)):
            if word.rstrip(".,") not in words:
                yield one, f"{word} is not in contacts.yml"


def of_another_area(guidance: Guidance, texts: Iterable[Shown]) -> Iterator[tuple[Shown, str]]:
    """Each text that gives people of one area the number of another, and the reason.

    The number may stand in digits, or be named as `{contact}`. A text for people of every area may
    hold none of a single area.
    """
    by_digits: dict[str, list[Contact]] = {}
    for contact in guidance.contacts.values():
        if contact.number:
            by_digits.setdefault(digits(contact.number), []).append(contact)
    for one in texts:
        for name in PLACEHOLDER.findall(one.text):
            contact = guidance.contacts.get(name)  # type: ignore[assignment]
            if contact is not None and not is_for(contact, one.areas):
                yield one, f"{{{name}}} {_belongs(contact)}"
        for number in numbers_in(one.text):
            held = by_digits.get(digits(number), [])
            if held and not any(is_for(contact, one.areas) for contact in held):
                yield one, f"the number {number} {_belongs(held[0])}"


def is_for(contact: Contact, areas: frozenset[AreaId]) -> bool:
    """Whether people of each of `areas` (none: of all) may be given the contact."""
    return not contact.areas or (bool(areas) and areas <= set(contact.areas))


def numbers_in(text: str) -> list[str]:
    """Every telephone number in a text, as it is written."""
    long = _NUMBER.findall(text)
    return [*long, *_SHORT.findall(_NUMBER.sub(" ", text))]


def digits(number: str) -> str:
    """The digits as they are dialled in the country: +44 (0)7700 900123 is 07700900123."""
    return re.sub(r"\D", "", re.sub(r"^(?:\+|00)44 ?(?:\(0\))?", "0", number))


def _belongs(contact: Contact) -> str:
    return f"belongs to {', '.join(contact.areas)}: people of another area would ring it"
