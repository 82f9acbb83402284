"""Actions that answer questions: they read the tracker, call `bot.guidance` and utter."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, Restarted, SlotSet, UserUtteranceReverted
from rasa_sdk.executor import CollectingDispatcher

from bot.guidance import load_guidance
from bot.guidance.answering import Answering
from bot.guidance.at_night import night_line_first
from bot.guidance.conversation import (
    OTHER_AREA,
    FollowUp,
    Guess,
    GuidanceConversation,
    Memory,
    Passage,
    Question,
    Turn,
)
from bot.guidance.models import AreaId
from bot.guidance.reply import Reply
from bot.referral.case import LONDON
from bot.safety import Alarm, danger_line, reply_for
from bot.serving.case_told import AT_NIGHT


@lru_cache(maxsize=1)
def conversation() -> GuidanceConversation:
    """The process's one guidance conversation, loaded at first use."""
    return GuidanceConversation(Answering(load_guidance()))


def utter(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Say a reply: text and buttons for any channel, the whole reply for those that render it."""
    dispatcher.utter_message(
        text=reply.text(),
        buttons=[{"title": one.title, "payload": one.payload} for one in reply.choices],
        json_message={"reply": reply.payload()},
    )


def entity_values(tracker: Tracker, entity: str) -> list[str]:
    """The values of an entity in the last message, in order, each once."""
    found = tracker.latest_message.get("entities", [])
    return list(dict.fromkeys(str(one["value"]) for one in found if one["entity"] == entity))


def known_areas(values: Sequence[str]) -> tuple[AreaId, ...]:
    """The values that are areas of the guidance."""
    areas = conversation().answering.guidance.areas
    return tuple(cast(AreaId, value) for value in values if value in areas)


def memory_of(tracker: Tracker) -> Memory:
    """What the conversation remembers about guidance."""
    topic = tracker.get_slot("topic")
    known = topic in conversation().answering.guidance.topics
    areas = known_areas([tracker.get_slot("area") or ""])
    return Memory(areas[0] if areas else None, topic if known else None)


def questions_of(tracker: Tracker) -> list[Question]:
    """The questions of the last message: those understood, or the one that a button names."""
    topics = conversation().answering.guidance.topics
    questions = []
    for one in tracker.latest_message.get("questions") or []:
        guesses = tuple(
            Guess(guess["topic"], guess["confidence"])
            for guess in one["topics"]
            if guess["topic"] in topics
        )
        if guesses and guesses[0].topic == OTHER_AREA:
            # no other guess: it would ask for one of our areas
            guesses = guesses[:1]
        term = one.get("term")
        known = term if term in conversation().answering.guidance.terms else None
        if guesses or known:
            own = bool(one.get("own"))
            questions.append(Question(guesses, known_areas(one["areas"]), known, own))
    if questions:
        return questions
    named = entity_values(tracker, "topic")
    return [Question.about(name) for name in named if name in topics]


def elsewhere(tracker: Tracker) -> bool:
    """Whether the message is about working in a place that the guidance does not cover.

    No area's number may be given for another place. A place that is only part of the story (a
    move to it, a child from it), or of which the documents themselves speak, is not meant.
    """
    if not entity_values(tracker, "other_area") or entity_values(tracker, "area"):
        return False
    if memory_of(tracker).area is not None and "works_elsewhere" not in entity_values(
        tracker, "other_area"
    ):
        return False
    answers = conversation().answering.guidance.topics
    likeliest = [one.guesses[0].topic for one in questions_of(tracker) if one.guesses]
    anywhere = [any("any" in one.areas for one in answers[topic].answers) for topic in likeliest]
    return not anywhere or not all(anywhere)


def ranking_of(tracker: Tracker) -> list[str]:
    """The topics nearest to the last message, nearest first."""
    return [guess.topic for question in questions_of(tracker) for guess in question.guesses]


def _remind_of_screening(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """A screening goes on where it was: its question is asked again after a side answer."""
    if tracker.get_slot("screening"):
        from actions.screening import remind  # it builds on this module

        remind(dispatcher, tracker)


class GuidanceAction(Action):
    """An action that turns what was understood into a turn about guidance."""

    @abstractmethod
    def name(self) -> str:
        """The action's name in the domain."""

    @abstractmethod
    def turn(self, tracker: Tracker, memory: Memory) -> Turn:
        """What to say and remember."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say the turn's replies and remember its memory."""
        before = memory_of(tracker)
        turn = self.turn(tracker, before)
        if tracker.latest_message.get("near_danger"):
            guidance = conversation().answering.guidance
            utter(dispatcher, danger_line(guidance, dt.date.today()))
        at_night = bool(tracker.latest_message.get(AT_NIGHT))
        for reply in turn.replies:
            known = conversation().answering.guidance
            utter(dispatcher, night_line_first(reply, known) if at_night else reply)
        if tracker.latest_message.get("follows") == "parent_or_public":
            # whoever wrote as a parent keeps the numbers that are theirs
            guidance, now = conversation().answering.guidance, dt.datetime.now(LONDON)
            parent = Alarm("parent_or_public")
            utter(dispatcher, reply_for(parent, guidance, turn.memory.area, now, follows="again"))
        _remind_of_screening(dispatcher, tracker)
        events: list[EventType] = []
        if turn.memory.area != before.area:
            events.append(SlotSet("area", turn.memory.area))
        if turn.memory.topic != before.topic:
            events.append(SlotSet("topic", turn.memory.topic))
        return events


class ActionAnswer(GuidanceAction):
    """Answers the questions of a message."""

    def name(self) -> str:
        return "action_answer"

    def turn(self, tracker: Tracker, memory: Memory) -> Turn:
        questions = questions_of(tracker)
        areas = known_areas(entity_values(tracker, "area"))
        told = known_areas(entity_values(tracker, "told_area"))
        if memory.area is None and not areas:
            areas = told  # the only place that is known
        if not questions:
            return conversation().unsure([], [], memory)
        if elsewhere(tracker):
            turn = conversation().ask(_anywhere(questions), replace(memory, area=None))
            return replace(turn, memory=replace(memory, topic=OTHER_AREA))
        contacts = entity_values(tracker, "contact")
        if len(questions) == 1 and ranking_of(tracker)[:1] == ["helplines"] and contacts:
            return conversation().give_contact(contacts, memory)
        turn = conversation().ask(questions, memory, areas, told)
        if entity_values(tracker, "other_area") and not areas and _gives_an_areas_number(turn):
            return conversation().ask([Question.about(OTHER_AREA)], memory)
        return turn


def _anywhere(questions: Sequence[Question]) -> list[Question]:
    """What is answered to questions from a place without guidance: that, and what holds anywhere.

    Whom to ring there is told with it; nothing that hangs on an area is answered.
    """
    answering = conversation().answering
    topics = [one.guesses[0].topic for one in questions if one.guesses and len(questions) > 1]
    holds = [one for one in topics if answering.holds_anywhere(one)]
    return [Question.about(one) for one in dict.fromkeys((OTHER_AREA, *holds))]


def _gives_an_areas_number(turn: Turn) -> bool:
    """Whether a turn that no area was named for shows the number of one."""
    if turn.memory.area is not None:
        return False
    contacts = conversation().answering.guidance.contacts.values()
    text = "\n".join(reply.text() for reply in turn.replies)
    return any(one.areas and one.number and one.number in text for one in contacts)


class ActionInArea(GuidanceAction):
    """Remembers an area named in passing and answers the last question, or route, for it."""

    def name(self) -> str:
        return "action_in_area"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Where a route was the last thing given, give it for the area that is named."""
        ended = (tracker.get_slot("screening") or {}).get("stage") == "done"
        of_route = tracker.get_slot("topic") is None and (tracker.get_slot("route_case") or ended)
        if of_route and not elsewhere(tracker):
            from actions.screening import ActionRoute  # it builds on this module

            return ActionRoute().run(dispatcher, tracker, domain)
        return super().run(dispatcher, tracker, domain)

    def turn(self, tracker: Tracker, memory: Memory) -> Turn:
        if elsewhere(tracker):
            return conversation().ask([Question.about(OTHER_AREA)], memory)
        areas = known_areas(entity_values(tracker, "area"))
        if memory.topic == OTHER_AREA and (told := _told_of_elsewhere(tracker)):
            memory = replace(memory, topic=told)
        return conversation().in_area(areas, memory)


def _told_of_elsewhere(tracker: Tracker) -> str | None:
    """What the last question was about beside the place that has no guidance, or None."""
    parses = [one.get("parse_data") or {} for one in tracker.events if one.get("event") == "user"]
    asked = [one for one in parses if (one.get("intent") or {}).get("name") == "ask"]
    told = asked[-1].get("told") if asked else None
    return told if told in conversation().answering.guidance.topics else None


class ActionCompare(GuidanceAction):
    """Puts areas side by side."""

    def name(self) -> str:
        return "action_compare"

    def turn(self, tracker: Tracker, memory: Memory) -> Turn:
        questions = questions_of(tracker)
        topic = next(iter(ranking_of(tracker)), None) if questions else None
        # “is ours the same as Luton's”: what is held against one's own is compared too
        named = (*entity_values(tracker, "area"), *entity_values(tracker, "told_area"))
        return conversation().compare(known_areas(named), memory, topic)


#: How a message names the follow-up that it asks for, beside its intent.
_ASKED_FOR: dict[str, FollowUp] = {"shorter": "shorter", "why": "why"}
_FOLLOW_UPS: dict[str, FollowUp] = {
    "follow_source": "source",
    "follow_more": "more",
    "follow_changed": "changed",
}


class ActionFollowUp(GuidanceAction):
    """“Source?”, “more”, “what changed?”."""

    def name(self) -> str:
        return "action_follow_up"

    def turn(self, tracker: Tracker, memory: Memory) -> Turn:
        message = tracker.latest_message
        asked = _ASKED_FOR.get(str(message.get("follow_up")))
        return conversation().follow_up(asked or _FOLLOW_UPS[message["intent"]["name"]], memory)


class ActionExplainTerm(GuidanceAction):
    """Says what a term or abbreviation means."""

    def name(self) -> str:
        return "action_explain_term"

    def turn(self, tracker: Tracker, memory: Memory) -> Turn:
        terms = entity_values(tracker, "term")
        if not terms:
            return conversation().unsure(ranking_of(tracker), _passages(tracker), memory)
        asked = [one.term for one in questions_of(tracker) if one.term is not None]
        return conversation().explain(asked or terms[-1:], memory)


class ActionUnsure(GuidanceAction):
    """Says that it is not sure, and offers what is near."""

    def name(self) -> str:
        return "action_unsure"

    def turn(self, tracker: Tracker, memory: Memory) -> Turn:
        if elsewhere(tracker) and "works_elsewhere" in entity_values(tracker, "other_area"):
            # what is nearest in meaning would bring the number of another place
            return conversation().ask([Question.about(OTHER_AREA)], memory)
        return conversation().unsure(ranking_of(tracker), _passages(tracker), memory)


def _passages(tracker: Tracker) -> list[Passage]:
    return [Passage(**one) for one in tracker.latest_message.get("passages") or []]


class ActionDefaultFallback(GuidanceAction):
    """What happens when no rule fits: the same as not understood, and the turn ends there."""

    def name(self) -> str:
        return "action_default_fallback"

    def turn(self, tracker: Tracker, memory: Memory) -> Turn:
        return conversation().unsure(ranking_of(tracker), _passages(tracker), memory)

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say so, and take the message back, so that the rules start afresh."""
        return [*super().run(dispatcher, tracker, domain), UserUtteranceReverted()]


class ActionStartAgain(Action):
    """Forgets the conversation: area, topic, screening and all that was said."""

    def name(self) -> str:
        return "action_start_again"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Start with nothing known."""
        return [Restarted()]
