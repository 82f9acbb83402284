"""The action that answers an alarm: danger, self-harm, and people the guide is not made for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, cast

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.guidance import (
    conversation,
    entity_values,
    known_areas,
    memory_of,
    questions_of,
    utter,
)
from actions.screening import remind
from bot.guidance.answering import ask_payload
from bot.guidance.reply import Choice, Reply
from bot.referral.case import LONDON
from bot.safety import FOR_THE_PERSON, KINDS, Alarm, Kind, reply_for
from bot.safety.replies import Follows

#: After these a screening is not gone on with: the person may not be a practitioner.
_NOT_PRACTITIONERS = ("child_writing", "parent_or_public", "own_thoughts")
#: What the words to an alarm say themselves; the same once 999 was rung.
_SAID = frozenset({"immediate_danger", None})
_SAID_WHEN_RUNG = _SAID | {"first_step", "police_information", "when_police", "who_to_ring"}


class ActionAlarm(Action):
    """Answers an alarm first; a screening under way goes on where it was."""

    def name(self) -> str:
        return "action_alarm"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say what to do, with the area's numbers for the hour."""
        kinds = [kind for kind in KINDS if kind in entity_values(tracker, "alarm")]
        alarm = Alarm(
            kind=cast(Kind, kinds[0] if kinds else "immediate_danger"),
            question=bool(entity_values(tracker, "question")),
            about_writer=bool(entity_values(tracker, "about_writer")),
        )
        follows = cast(Follows | None, tracker.latest_message.get("follows"))
        guidance = conversation().answering.guidance
        named = known_areas(entity_values(tracker, "area"))
        area = named[0] if named else memory_of(tracker).area
        offered, questions = None, questions_of(tracker)
        if alarm.kind in FOR_THE_PERSON or alarm.about_writer or follows == "again":
            offered = next(iter(entity_values(tracker, "topic")), None)
        if follows == "again":  # an answer beside the words to a child is never about whom to ask
            questions = questions if tracker.latest_message.get("questions") else []
        elif alarm.kind in FOR_THE_PERSON or (alarm.about_writer and follows is None):
            questions = []
        now = dt.datetime.now(LONDON)
        reply = reply_for(
            alarm,
            guidance,
            area,
            now,
            offered=offered,
            follows=follows,
            for_workers=bool(tracker.latest_message.get("for_workers")),
        )
        utter(dispatcher, _with_way_back(reply, tracker))
        if questions:
            areas = known_areas(entity_values(tracker, "area"))
            said = _SAID_WHEN_RUNG if follows == "rung" else _SAID
            for answer in conversation().ask(questions, memory_of(tracker), areas).replies:
                if answer.topic not in said:
                    utter(dispatcher, answer)
        if alarm.kind not in _NOT_PRACTITIONERS and not alarm.about_writer:
            remind(dispatcher, tracker)
        if follows and named and named[0] != tracker.get_slot("area"):
            return [SlotSet("area", named[0])]
        return []


def _with_way_back(reply: Reply, tracker: Tracker) -> Reply:
    """A reply with a button back to what was under way, where 999 was rung and there is one."""
    topics = conversation().answering.guidance.topics
    name = tracker.latest_message.get("go_on")
    if tracker.latest_message.get("follows") != "rung":
        return reply
    if name in topics:
        back = Choice(f"Back to: {topics[name].title}", ask_payload(name))
    elif tracker.get_slot("route_case") and not tracker.get_slot("topic"):
        back = Choice("Back to the route", ask_payload(intent="ask_route"))
    else:
        return reply
    return replace(reply, choices=(back, *reply.choices))
