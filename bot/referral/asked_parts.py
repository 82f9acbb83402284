"""Parts of a route that are asked for by one thing: who chairs, who sends it, a new referral.

Nothing is said here that the route does not hold. Pure: a route in, words with their sources out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from bot.guidance.answering import Citations
from bot.guidance.reply import Statement
from bot.referral.deadlines import Deadline
from bot.referral.route import Form, Note, Route, RouteContact, Step
from bot.referral.wording import deadline_words, main_steps, step_words

#: What is asked for: who chairs a meeting, whether meetings are held twice, whether to refer again,
#: who sends a form, what to do when nobody answers or the answer is no, what to record, when it is
#: reviewed, which form, where a number is from, and one side of the case.
PartAsked = Literal[
    "chair", "meetings", "again", "sender", "no_answer", "disagree", "recording", "reviews",
    "forms", "number_source", "of_missing", "of_trafficking", "of_crime",
]  # fmt: skip
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

    def silent(self, words: str) -> str:
        """That something is not said, with what was looked in: where the route itself stands."""
        self._cites.add(self.route.headline_cite)
        return words

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

    def disagree(self) -> Statement:
        said = self.route.disagree
        return Statement(said.text, self._cites.add(said.cite))

    def limit(self, deadline: Deadline) -> Statement:
        step = self.route.step(deadline.rule)
        words = deadline_words(deadline)
        if step is not None and step.label is not None:
            words = f"{step.label}: {words}"
        return Statement(words, self._cites.add(deadline.cite))

    def form(self, form: Form) -> Statement:
        words = f"{form.name} → {form.to}." if form.to else f"{form.name}."
        if form.label:
            words = f"{form.label}: {words}"
        return Statement(words, self._cites.add(form.cite))

    def no_number(self) -> list[Statement]:
        said = self.route.no_number
        return [] if said is None else [Statement(said.text, self._cites.add(said.cite))]

    def origin(self, contact: RouteContact) -> Statement:
        """A number with the documents that it stands in, each with its date and age."""
        cited = {cite.source for cite in contact.cite}
        sources = [one for one in self.route.sources if one.id in cited]
        said = "; ".join(f"{one.dated} ({one.note.rstrip('.')})" if one.note else one.dated
                         for one in sources)  # fmt: skip
        words = f"{contact.name}, {contact.number}: from {said}." if said else contact.name
        note = f" {contact.caution}" if contact.caution else ""
        return Statement(f"{words}{note}", self._cites.add(contact.cite))


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


def _disagree(route: _Reading, source: str) -> Words:
    return _first([route.disagree(), route.no_answer()], "")


_RECORDS = re.compile(
    r"\brecord(?:s|ed|ing)?\b|\b(?:LCS|FWI|Frameworki|CareFirst)\b", re.IGNORECASE
)


def _recording(route: _Reading, source: str) -> Words:
    systems = {one.rule for one in route.route.recording}
    named = [one for one in route.route.steps if one.rule in systems or _RECORDS.search(one.text)]
    sure = [route.step(one) for one in named if one.label is None]
    hanging = [route.step(one) for one in named if one.label is not None]
    beside = [
        *hanging,
        *_form_lines(route),
        Statement("Write it down as your own agency has it: that is in none of my sources."),
    ]
    silent = f"{source} does not say what to write down, or where"
    if hanging:
        silent += ", but for some cases"
    return _first([*sure, *beside], "") if sure else (route.silent(f"{silent}."), beside)


def _reviews(route: _Reading, source: str) -> Words:
    labels = {step.rule: step.label for step in route.route.steps}
    # the review itself, then what is due for it; what hangs on a fact comes last
    ordered = sorted(
        route.route.reviews,
        key=lambda one: (labels.get(one.rule) is not None, "review" not in one.label.lower()),
    )
    limits = [route.limit(one) for one in ordered]
    steps = [route.step(one) for one in route.route.steps if one.part == "review"]
    silent = f"{source} sets no review for this route."
    return _first([*limits, *steps], silent if limits or steps else route.silent(silent))


def _form_lines(route: _Reading) -> list[Statement]:
    """Every form of a route once, those that hang on nothing first."""
    forms = sorted(route.route.forms, key=lambda one: one.label is not None)
    return list(dict.fromkeys(route.form(one) for one in forms))


def _forms(route: _Reading, source: str) -> Words:
    found = _form_lines(route)
    none = Statement("I hold none of them: ask your safeguarding lead, or who is told of it.")
    if not found:
        return route.silent(f"{source} names no form for this route."), []
    return _first([*found, none], "")


def _number_source(route: _Reading, source: str) -> Words:
    """Where each number of the route is from, of which date, and how old that is."""
    lines = [route.origin(one) for one in route.route.contacts if one.number is not None]
    if not lines:
        return f"{source} gives no number.", route.no_number()
    words = "I cannot say that a number is right today: check it before you rely on it."
    return words, [*lines, *route.no_number()]


def _side(words: re.Pattern[str]) -> Callable[[_Reading, str], Words]:
    """What a route says of one side of the case: each step and note that names it."""

    def part(route: _Reading, source: str) -> Words:
        silent = f"{source} says nothing of it; what it says to any concern: {route.headline()}"
        return _first(route.saying(words), silent)

    return part


_PARTS: Mapping[PartAsked, Callable[[_Reading, str], Words]] = {
    "chair": _chair,
    "meetings": _meetings,
    "again": _again,
    "sender": _sender,
    "no_answer": _no_answer,
    "disagree": _disagree,
    "recording": _recording,
    "reviews": _reviews,
    "forms": _forms,
    "number_source": _number_source,
    "of_missing": _side(re.compile(r"\bmissing\b|\brun(?:s|ning) away\b", re.IGNORECASE)),
    "of_trafficking": _side(re.compile(r"\btraffick\w+|\bNational Referral\b", re.IGNORECASE)),
    "of_crime": _side(re.compile(r"\bcrimes?\b|\b(?:tell|contact) the police\b", re.I)),
}
