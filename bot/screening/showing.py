"""How a screening is shown: questions, checklists, the suggestion with its rules, the end. Pure."""

from __future__ import annotations

import datetime as dt
import json

from bot.guidance.answering import Citations, contact_card
from bot.guidance.load import Guidance
from bot.guidance.reply import Checklist, Choice, ContactCard, Reply, Statement, Tick
from bot.referral.case import Level
from bot.screening.assessment import Assessment, Fired
from bot.screening.conditions import state_of
from bot.screening.engine import replay
from bot.screening.models import Question, Questionnaire
from bot.screening.session import Session
from bot.screening.suggested import hint

#: How many titles a line of the result names before it only counts the rest.
TITLES = 3


def payload(intent: str, **entities: str) -> str:
    """The message that a button of the screening sends."""
    return f"/{intent}{json.dumps(entities)}" if entities else f"/{intent}"


class Showing:
    """Makes the replies of a screening out of its state."""

    def __init__(self, questionnaire: Questionnaire, guidance: Guidance) -> None:
        self.questionnaire = questionnaire
        self._guidance = guidance

    def question(self, session: Session, question: Question) -> Reply:
        """A question with its choices, or a checklist with its lines, and what was suggested."""
        cites = Citations(self._guidance, dt.date.today())
        state = replay(self.questionnaire, session.answers)
        step = next(
            one.title for one in self.questionnaire.content.steps if one.id == question.step
        )
        contacts: tuple[ContactCard, ...] = ()
        if question.contacts:
            contacts = tuple(
                contact_card(self._guidance.contacts[name]) for name in question.contacts
            )
        label = f"{step} ({state.remaining} to go)"
        points: tuple[Statement, ...] = (Statement(question.help),) if question.help else ()
        suggested = session.suggested.get(question.id)
        if suggested is not None:
            changing = session.changing == question.id
            points += (Statement(hint(question, suggested, changing)),)
        if question.kind != "checklist":
            choices = tuple(
                Choice(
                    option.label,
                    payload("screening_answer", question=question.id, answer=option.id),
                )
                for option in question.options
            )
            numbered = tuple(
                Statement(f"{number}. {option.label}")
                for number, option in enumerate(question.options, 1)
            )
            shown = numbered if len(numbered) > 1 else ()
            return Reply(
                kind="screening_question",
                headline=question.title,
                points=(*points, *shown),
                contacts=contacts,
                choices=choices,
                label=label,
            )
        scale = question.scale_states
        groups = {one.id: one for one in self.questionnaire.content.groups}
        used = dict.fromkeys(item.group for item in question.items if item.group)
        notes = []
        for name in used:
            group = groups[name]
            notes.append(
                Statement(
                    f"“{group.title}”: {group.explain} The grouping is this tool's choice.",
                    cites.add(group.cite),
                )
            )
        lines = tuple(
            Statement(f"{number}. {item.title}", cites.add(item.cite))
            for number, item in enumerate(question.items, 1)
        )
        states = tuple((one.id, one.label) for one in scale.states)
        present = scale.states[0].label.lower()
        proposed = session.proposed(question.id)
        ticked = proposed
        if session.changing and proposed is None:
            ticked = session.answers.get(question.id)
        ticks = ticked if isinstance(ticked, dict) else {}
        as_told = (
            Choice(
                "Yes, as I told you",
                payload("screening_answer", question=question.id, answer=json.dumps(proposed)),
            ),
        )
        return Reply(
            kind="screening_checklist",
            headline=question.title,
            points=(
                *points,
                *notes,
                *lines,
                Statement(
                    f"Reply with numbers for “{present}” (for example “1, 3”), “none”, “all except "
                    "2”, “2 before” where that fits, or “not sure”. What you leave out counts as "
                    "not known."
                ),
            ),
            sources=cites.lines(),
            label=label,
            choices=(
                *(as_told if suggested is not None else ()),
                Choice(
                    "None of these",
                    payload("screening_answer", question=question.id, answer="none"),
                ),
                Choice("Not known", payload("screening_skip")),
            ),
            checklist=Checklist(
                question.id,
                tuple(
                    Tick(
                        item.id, item.title, state_of(ticks[item.id]) if item.id in ticks else None
                    )
                    for item in question.items
                ),
                states,
            ),
        )

    def what_to_type(self, session: Session, question: Question | None) -> str:
        """What can be typed at the question that waits, the level or the reason, in a sentence."""
        if question is not None and question.kind == "checklist":
            here = "numbers or names from the list (“1, 3”), “none” or “not sure”"
        elif question is not None and question.kind == "single":
            here = "one of the choices, its number, or “not sure”"
        elif question is not None:
            here = "“go on”"
        elif session.level is not None:
            here = "the number of a reason, a few words of your own, or another level"
        else:
            here = "“low”, “medium” or “high”"
        more = "“why do you ask?”, “how many more?”, “skip”, " if question is not None else ""
        return (
            f"Here you can type {here}. Also: {more}“back”, “change the age” (or another answer), "
            "“summary” or “stop”; you can ask me anything in between. If a child is in danger now, "
            "ring 999."
        )

    def before_notice(self, session: Session) -> Question | None:
        """The question whose answer led to the notice that a screening ended at, or None."""
        state = replay(self.questionnaire, session.answers)
        if not state.stopped or state.current is None:
            return None
        order = list(self.questionnaire.by_id)
        at = order.index(state.current.id)
        return next((one for one in reversed(state.path) if order.index(one.id) < at), None)

    def ended(self, session: Session) -> Reply:
        """The notice that a screening ends at, whom to ring, and the way back from a slip."""
        notice = replay(self.questionnaire, session.answers).current
        assert notice is not None
        before = self.before_notice(session)
        changes = (
            (Choice("Change that answer", payload("screening_change", question=before.id)),)
            if before
            else ()
        )
        return Reply(
            kind="screening_ended",
            headline=notice.title,
            points=(Statement(notice.help),) if notice.help else (),
            contacts=tuple(contact_card(self._guidance.contacts[name]) for name in notice.contacts),
            closing=(
                "If that answer was a slip, type the right one, or say “back”." if changes else None
            ),
            choices=(
                Choice("Who do I ring?", '/ask{"topic": "who_to_ring"}'),
                *changes,
                Choice("Start over", payload("screening_start_over")),
            ),
        )

    def suggestion(self, assessment: Assessment) -> Reply:
        """The suggested level, the rules that fired, what is unknown, and what would change it."""
        cites = Citations(self._guidance, dt.date.today())
        points = [
            Statement(_rule(rule), cites.add(rule.cite))
            for rule in (
                *assessment.floor_rules, *assessment.suggestions, *assessment.cautions,
            )
        ]  # fmt: skip
        points += [
            Statement(f"Whatever the level: {_rule(rule)}", cites.add(rule.cite))
            for rule in assessment.actions
        ]
        points += [
            Statement(f"Bear in mind: {_rule(rule)}", cites.add(rule.cite))
            for rule in assessment.notes
        ]
        if assessment.history:
            titles = "; ".join(one.title for one in assessment.history)
            points.append(Statement(f"Present before (never lowers a level): {titles}."))
        for would in assessment.would_change[:2]:
            titles = "; ".join(known.title for known in would.known[:TITLES])
            if len(would.known) > TITLES:
                titles += f" and {len(would.known) - TITLES} more"
            level = would.suggested.value if would.suggested else "no suggestion"
            points.append(Statement(f"If the answer were “{would.answer}”: {titles} → {level}."))
        cites.add(assessment.headline.cite)
        lowest = assessment.floor.rank if assessment.floor else 0
        return Reply(
            kind="screening_result",
            headline=assessment.headline.text,
            points=tuple(points),
            closing=f"{assessment.rescreen.text} {self.questionnaire.content.judgement.title}",
            sources=cites.lines(),
            choices=(
                *(
                    Choice(one.value.capitalize(), payload("screening_level", level=one.value))
                    for one in Level
                    if one.rank >= lowest
                ),
                Choice("Summary and change", payload("screening_summary")),
            ),
        )

    def reasons(self, assessment: Assessment, level: str) -> Reply:
        """Why the level is lower than suggested: the reasons to choose from."""
        return Reply(
            kind="screening_reason",
            headline=f"{level.capitalize()} is lower than suggested. Your reason?",
            points=(
                *(
                    Statement(f"{number}. {one.label}")
                    for number, one in enumerate(assessment.reasons, 1)
                ),
                Statement("Or a few words of your own, without anything that shows who it is."),
            ),
            choices=(
                *(
                    Choice(one.label, payload("screening_reason", reason=one.id))
                    for one in assessment.reasons
                ),
                Choice("Choose another level", payload("screening_back")),
            ),
        )


def _rule(rule: Fired) -> str:
    text = rule.explain
    if rule.because:
        text += f" Because: {'; '.join(rule.because)}."
    return f"{text} {rule.note}" if rule.note else text
