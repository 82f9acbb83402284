"""Parts of a route that are asked for by one thing: who chairs, who sends it, a new referral.

Nothing is said here that the route does not hold. Pure: a route in, words with their sources out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from bot.guidance.answering import Citations
from bot.guidance.reply import Statement
from bot.referral.route import Note, Route, Step
from bot.referral.wording import main_steps, step_words

#: What is asked for: who chairs a meeting, whether meetings are held twice, whether to refer again,
#: who sends a form, what to do when nobody answers.
PartAsked = Literal["chair", "meetings", "again", "sender", "no_answer"]
#: What a part says: its first line, and what stands below it.
Words = tuple[str, list[Statement]]

#: How what holds only in some cases begins.
_CONDITIONAL = ("If ", "Only if ")
_CHAIRS = re.compile(r"\bchair(?:s|ed)?\b|\bwho calls it\b", re.IGNORECASE)
_MEETS = re.compile(r"\b(?:meetings?|conference|strategy discussion|reviews?)\b", re.IGNORECASE)
_TWICE = re.compile(
    r"\bduplicat\w+|\btwice\b|\btake the place\b|\breplac\w+|\b(?:additional|in addition) to\b",
    re.IGNORECASE,
)
_UPDATES = re.compile(r"\bnew referral\b|\bupdated as well\b|\bexisting plan\b", re.IGNORECASE)
_NRM = re.compile(r"\bNational Referral Mechanism\b")
#: A referral to it is wanted, and not only thought of; others than the guide's readers send it.
_ASKS_FOR_IT = re.compile(r"\bonly designated bodies\b", re.IGNORECASE)


def part_words(asked: PartAsked, route: Route, cites: Citations) -> Words:
    """What `route` says of what is asked; `cites` collects where it stands."""
    source = f"My {route.area_name} source" if route.area_name else "None of my sources"
    return _PARTS[asked](_Reading(route, cites), source)


class _Reading:
    """A route's sentences, each cited when it is said."""

    def __init__(self, route: Route, cites: Citations) -> None:
        self.route = route
        self._cites = cites

    def step(self, step: Step) -> Statement:
        return Statement(step_words(step), self._cites.add(step.cite))

    def note(self, note: Note) -> Statement:
        words = f"{note.label}: {note.text}" if note.label else note.text
        return Statement(words, self._cites.add(note.cite))

    def headline(self) -> str:
        self._cites.add(self.route.headline_cite)
        return self.route.headline

    def saying(self, words: re.Pattern[str]) -> list[Statement]:
        """Steps, notes and attendees that say so, what holds in any case first."""
        steps = sorted(self.route.steps, key=lambda one: one.label is not None)
        notes = sorted(self.route.notes, key=lambda one: one.label is not None)
        labels = {step.rule: step.label for step in self.route.steps}
        found = [self.step(one) for one in steps if words.search(one.text)]
        found += [self.note(one) for one in notes if words.search(one.text)]
        found += [
            Statement(f"{label}: {one.who}" if label else one.who, self._cites.add(one.cite))
            for one in self.route.attendees
            if words.search(one.who)
            for label in [labels.get(one.rule)]
        ]
        return found

    def no_answer(self) -> Statement:
        none = self.route.no_answer
        return Statement(none.text, self._cites.add(none.cite))


def _first(found: Sequence[Statement], otherwise: str) -> Words:
    if not found:
        return otherwise, []
    return found[0].text, list(found[1:])


def _chair(route: _Reading, source: str) -> Words:
    named = sorted(route.saying(_CHAIRS), key=lambda one: one.text.startswith(_CONDITIONAL))
    if named and not named[0].text.startswith(_CONDITIONAL):
        return _first(named, "")
    meeting = [route.step(one) for one in route.route.steps if one.part == "meeting"]
    told = {one.text for one in named}
    beside = [*named, *(one for one in meeting if one.text not in told)]
    return f"{source} does not say who chairs a meeting of this route.", beside


def _meetings(route: _Reading, source: str) -> Words:
    twice = route.saying(_TWICE)
    beside = [one for one in route.saying(_MEETS) if one.text not in {two.text for two in twice}]
    silent = f"{source} does not say whether meetings of this route are held beside others."
    if not twice:
        return silent, beside
    return _first([*twice, *beside], silent)


def _again(route: _Reading, source: str) -> Words:
    updates = [one for one in route.route.steps if _UPDATES.search(one.text)]
    sure = [route.step(one) for one in updates if one.label is None]
    refer = [
        route.step(one)
        for one in main_steps(route.route)
        if one.part == "refer" and one not in updates
    ]
    hanging = [route.step(one) for one in updates if one.label is not None]
    return _first([*sure, *refer, *hanging], route.headline())


def _sender(route: _Reading, source: str) -> Words:
    nrm = [one for one in route.route.steps if _NRM.search(one.text)]
    sure = [route.step(one) for one in nrm if one.label is None]
    forms = [
        route.step(step)
        for form in route.route.forms
        for step in [route.route.step(form.rule)]
        if step is not None and step not in nrm and not step.more
    ]
    refer = [route.step(one) for one in main_steps(route.route) if one.part == "refer"]
    mine = "I send nothing: you make the referral and send the forms yourself."
    if any(one.label is None and _ASKS_FOR_IT.search(one.text) for one in nrm):
        return _first([*sure, *forms], mine)
    return mine, [*refer, *forms, *sure]


def _no_answer(route: _Reading, source: str) -> Words:
    return _first([route.no_answer()], "")


_PARTS: Mapping[PartAsked, Callable[[_Reading, str], Words]] = {
    "chair": _chair,
    "meetings": _meetings,
    "again": _again,
    "sender": _sender,
    "no_answer": _no_answer,
}
