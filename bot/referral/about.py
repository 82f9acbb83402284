"""What is asked of a route after it was shown: a part of it, cited, as a reply.

Nothing is said here that the route does not hold: steps, whom to tell, time limits, numbers, who
attends, files. What it does not hold is owned up to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from bot.guidance.answering import Citations
from bot.guidance.reply import Choice, Reply, Statement
from bot.referral.asked_parts import PartAsked, part_words
from bot.referral.deadlines import Deadline
from bot.referral.reply import cards_of, downloads_of
from bot.referral.route import Route, Step
from bot.referral.wording import deadline_words, main_steps, step_words

#: What is asked: a part of the route, the files, a reference, nothing yet, the route for a case
#: that changed, or while a fact that it waits for is not known, and what the route rests on.
Asked = Literal[
    "steps", "informing", "deadlines", "their_answer", "contacts", "attendees", "files",
    "reference", "offer", "changed", "not_known", "why",
    "chair", "meetings", "again", "sender", "no_answer", "disagree", "recording", "reviews",
    "forms", "number_source", "of_missing", "of_trafficking", "of_crime",
]  # fmt: skip
_OF_ONE_THING: tuple[PartAsked, ...] = get_args(PartAsked)
#: The most steps that a button may name.
MOST_STEPS = 30
_STEP = "step-"
#: The title of the button that opens a short route.
WHOLE_ROUTE = "The whole route"
#: Notes that say whom a source does not name.
_NOBODY_NAMED = frozenset({"NAT-EHC"})
#: Channels that show a button for each file.
_WITH_FILES = frozenset({"web", "telegram"})


@dataclass(frozen=True)
class About:
    """A question on a route. `number` is the step's; `told`: its case was told in a sentence,
    else a screening has come to it. `channel` is the name of where it is asked.
    """

    asked: Asked
    number: int | None = None
    told: bool = True
    channel: str | None = None


def about_route(route: Route, question: About, cites: Citations) -> Reply:
    """The part of `route` that is asked for; `cites` collects where it stands."""
    return _Part(route, question, cites).reply()


def unchanged_reply(route: Route, changed: str, cites: Citations) -> Reply:
    """That `changed` (“With your role (police)”) leaves `route` as it was, and what it says."""
    part = _Part(route, About("offer"), cites)
    return part.unchanged(changed)


class _Part:
    def __init__(self, route: Route, question: About, cites: Citations) -> None:
        self._route = route
        self._question = question
        self._cites = cites

    def reply(self) -> Reply:
        asked = self._question.asked
        if asked in _OF_ONE_THING:
            return self._said(*part_words(asked, self._route, self._cites))
        match asked:
            case "steps":
                return self._steps(self._question.number or 1)
            case "informing":
                return self._informing()
            case "deadlines":
                return self._deadlines()
            case "their_answer":
                return self._their_answer()
            case "contacts":
                return self._contacts()
            case "attendees":
                return self._attendees()
            case "files":
                return self._files()
            case "why":
                return self._why()
            case _:
                return self._offer()

    # --- parts ------------------------------------------------------------------------------------

    def _steps(self, number: int) -> Reply:
        """One step by its number in the route's text, and the one before it."""
        steps = main_steps(self._route)
        if not steps:
            return self._said("This route has no numbered steps.", self._hanging())
        at = min(max(number, 1), len(steps))
        step = steps[at - 1]
        words = f"Step {at} of {len(steps)}: {step_words(step)}"
        if len(steps) < number < MOST_STEPS:
            words = f"That was the last. {words}"
        self._cites.add(step.cite)
        points = []
        if at > 1:
            before = steps[at - 2]
            points.append(self._line(f"Before it, step {at - 1}: {step_words(before)}", before))
        if at == len(steps):
            points += self._hanging()
        following = (
            (Choice(f"Step {at + 1}", _payload("steps", at + 1)),) if at < len(steps) else ()
        )
        return self._said(words, points, following)

    def _informing(self) -> Reply:
        """Whom the route has told: the main contact, then who else."""
        told = [step for step in self._route.steps if self._whom(step)]
        beside = [step for step in told if step.part != "refer"]
        sure = [step for step in beside if step.label is None]
        referral = [step for step in main_steps(self._route) if step.part == "refer"]
        if sure:
            whom = "; ".join(dict.fromkeys(self._whom(step) or "" for step in sure))
            words = f"Besides the referral itself: {whom}." if referral else f"Inform: {whom}."
        else:
            words = f"{self._source} names nobody else to inform for certain."
            if any(step.label for step in beside):
                words = f"{words[:-1]}; it depends on the case."
        if not self._route.has_levels:
            # one line is for every concern there: it comes first
            self._cites.add(self._route.headline_cite)
            words = f"{self._route.headline} {words}"
        points = [self._line(step_words(step), step) for step in (*referral, *sure)]
        points += [self._line(step_words(step), step) for step in beside if step.label]
        points += [
            Statement(note.text, self._cites.add(note.cite))
            for note in self._route.notes
            if note.rule in _NOBODY_NAMED
        ]
        return self._said(words, points)

    def _whom(self, step: Step) -> str | None:
        """Who is told by a step: in words, or by a form that goes to the police."""
        if step.tell is not None or step.more:
            return step.tell
        return next(
            (
                form.to.removesuffix(", and the practitioners involved")
                for form in self._route.forms
                if form.rule == step.rule and form.to and "police" in form.to
            ),
            None,
        )

    def _deadlines(self) -> Reply:
        """Every time limit with its dates, or that the source sets none."""
        limits = self._route.deadlines
        settle = [
            step for step in self._route.steps if step.part == "settle" and step.label is None
        ]
        differs = tuple(
            Statement(note.text, self._cites.add(note.cite))
            for note in self._route.differs
            if "days" in note.text
        )
        silent = [
            Statement(note.text, self._cites.add(note.cite))
            for note in self._route.not_stated
            if "deadline" in note.text
        ]
        points = [self._line(step_words(step), step) for step in settle]
        lines = [self._limit(one) for one in limits]
        if any(one.kind != "at_meeting" for one in limits):
            return self._said(lines[0].text, [*lines[1:], *points], differs=differs)
        words = f"{self._source} sets no deadline for this route."
        return self._said(words, [*silent, *points, *lines], differs=differs)

    def _limit(self, deadline: Deadline) -> Statement:
        step = self._route.step(deadline.rule)
        words = deadline_words(deadline)
        if step is not None and step.label is not None:
            words = f"{step.label}: {words}"
        return Statement(words, self._cites.add(deadline.cite))

    def _their_answer(self) -> Reply:
        none = self._route.no_answer
        words = "None of this route's time limits is for their answer to you."
        return self._said(
            words, [Statement(f"If nobody answers: {none.text}", self._cites.add(none.cite))]
        )

    def _contacts(self) -> Reply:
        route = self._route
        points = []
        if route.no_number is not None:
            self._cites.add(route.no_number.cite)
            words = route.no_number.text
        elif route.contacts:
            words = f"{route.contacts[0].name}: {route.contacts[0].address}."
        else:
            words = f"{self._source} gives no number."
        for contact in route.contacts:
            self._cites.add(contact.cite)
        if route.danger != "yes":
            points.append(Statement("If anyone is in danger now: 999."))
        return self._said(words, points, contacts=True)

    def _attendees(self) -> Reply:
        # what holds in any case comes before what hangs on a fact
        labels = {step.rule: step.label for step in self._route.steps}
        who = [
            Statement(f"{label}: {one.who}" if label else one.who, self._cites.add(one.cite))
            for one in sorted(self._route.attendees, key=lambda one: bool(labels.get(one.rule)))
            for label in [labels.get(one.rule)]
        ]
        meeting = [
            self._line(step_words(step), step)
            for step in self._route.steps
            if step.part == "meeting"
        ]
        if who:
            return self._said(who[0].text, [*who[1:], *meeting])
        return self._said("This route does not say who attends a meeting.", meeting)

    def _why(self) -> Reply:
        """What the route rests on: source, level and what lifts it, and what would change it."""
        route = self._route
        self._cites.add(route.headline_cite)
        source = f"my {route.area_name} source" if route.area_name else "what my sources share"
        level = route.level.level
        if route.has_levels and level is not None:
            words = f"It is what {source} sets out for a concern at level {level.value}."
        else:
            words = f"It is what {source} sets out for the case as I know it."
        points = [
            Statement(reason.text, self._cites.add(reason.cite)) for reason in route.level.reasons
        ]
        first = next(iter(main_steps(route)), None)
        if first is not None:
            points.append(self._line(f"First: {step_words(first)}", first))
        if route.missing_facts:
            missing = "; ".join(one.text.rstrip(".") for one in route.missing_facts[:3])
            points.append(Statement(f"What is not known may change it: {missing}."))
        return self._said(words, points)

    def _files(self) -> Reply:
        kinds = downloads_of(self._route)
        dated = any(one.kind == "calendar" for one in kinds)
        calendar = ", a calendar file with its dates," if dated else ""
        words = f"You can take this route away as PDF, Word{calendar} or plain text"
        if self._question.channel in _WITH_FILES:
            words += ": press the one that you want below."
        else:
            words += ": on the page and on Telegram each has its button below the route."
        points = [
            Statement("To print it, print the PDF."),
            Statement("I send no e-mail: save the file, then attach it yourself."),
        ]
        if not dated:
            points.append(
                Statement("No time limit in it has a date, so there is no calendar file.")
            )
        return Reply(
            kind="route_files",
            headline=words,
            points=tuple(points),
            downloads=kinds,
            choices=self._choices(()),
            area=self._route.area,
            closing=self._route.not_a_referral,
        )

    def _offer(self) -> Reply:
        return self._said(
            "What else of this route? I can give its next step, whom to inform, by when, or all "
            "of it.",
            (),
            (Choice("What next?", _payload("steps", 1)),),
        )

    def unchanged(self, changed: str) -> Reply:
        """The first line of the route, which stays as it was."""
        self._cites.add(self._route.headline_cite)
        return self._said(
            f"{changed} the route stays as it was: {self._route.headline}",
            (),
            (Choice("What next?", _payload("steps", 1)),),
        )

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _source(self) -> str:
        name = self._route.area_name
        return f"My {name} source" if name else "None of my sources"

    def _line(self, words: str, step: Step) -> Statement:
        return Statement(words, self._cites.add(step.cite))

    def _hanging(self) -> list[Statement]:
        return [
            self._line(step_words(step), step)
            for step in self._route.steps
            if step.label is not None and not step.more
        ]

    def _choices(self, first: Sequence[Choice]) -> tuple[Choice, ...]:
        parts: Iterable[tuple[str, Asked]] = (
            ("Who do I inform?", "informing"),
            ("By when?", "deadlines"),
        )
        whole = "ask_route" if self._question.told else "screening_route"
        return (
            *first,
            *(
                Choice(title, _payload(asked))
                for title, asked in parts
                if asked != self._question.asked
            ),
            Choice(WHOLE_ROUTE, f'/{whole}{{"more": "yes"}}'),
        )

    def _said(
        self,
        headline: str,
        points: Sequence[Statement] = (),
        first: Sequence[Choice] = (),
        *,
        differs: tuple[Statement, ...] = (),
        contacts: bool = False,
    ) -> Reply:
        return Reply(
            kind="route_part",
            headline=headline,
            points=tuple(points),
            differs=differs,
            contacts=cards_of(self._route) if contacts else (),
            sources=self._cites.lines(),
            choices=self._choices(first),
            area=self._route.area,
            closing=self._route.not_a_referral,
        )


def no_route_reply(area: str | None) -> Reply:
    """That there is no route yet to take away, and how to come to one."""
    return Reply(
        kind="no_route",
        headline="There is nothing to take away yet: a route is what can be saved, as PDF, Word, "
        "plain text or a calendar file.",
        points=(Statement("Tell me the level and what the child is subject to, or begin here."),),
        choices=(
            Choice("What is the route?", "/ask_route"),
            Choice("Start a screening", "/start_screening"),
        ),
        area=area,
    )


def step_name(number: int) -> str:
    """How a button names a step."""
    return f"{_STEP}{number}"


def step_number(name: str | None) -> int | None:
    """The number of a step that a button names, or None."""
    number = (name or "").removeprefix(_STEP)
    return int(number) if number.isdecimal() and len(number) <= len(str(MOST_STEPS)) else None


def _payload(asked: Asked, number: int | None = None) -> str:
    answer = f', "answer": "{step_name(number)}"' if number is not None else ""
    return f'/ask_route{{"question": "{asked}"{answer}}}'


def reference_reply(file_reference: str | None, saved: bool, area: str | None) -> Reply:
    """What references there are. `file_reference` is that of the route's files, `saved` says that
    a screening was given one of its own to be taken up again with.
    """
    own = (
        "Your screening's reference was shown once, after your first answer: look for “Your "
        "reference” further up. I keep no copy, so I cannot show it again."
    )
    theirs = (
        "Social care and the police give a reference of their own when you make the referral. I "
        "have made none: ask them for it and note it."
    )
    points = [theirs]
    if file_reference is not None:
        words = f"The files of this route carry the reference {file_reference}."
        points.insert(0, "It tells one file from another; nothing can be looked up with it.")
        points += [own] if saved else []
    elif saved:
        words = own
    else:
        words = (
            "There is no reference: nothing here has been saved under one. A screening is saved "
            "with its first answer, and its reference is shown then; if you have one, type it here."
        )
    return Reply(
        kind="route_reference",
        headline=words,
        points=tuple(Statement(one) for one in points),
        area=area,
    )
