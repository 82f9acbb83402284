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
from actions.screening import dialogue_of, remind, session_of
from bot.guidance.answering import ask_payload
from bot.guidance.load import guidance_folder
from bot.guidance.reply import Choice, Reply
from bot.referral.case import LONDON
from bot.safety import FOR_THE_PERSON, KINDS, Alarm, Kind, reply_for
from bot.safety.replies import Follows, local_help
from bot.safety.still_danger import Still
from bot.safety.words import read_safety

#: After these a screening is not gone on with: the person may not be a practitioner.
_NOT_PRACTITIONERS = ("child_writing", "parent_or_public", "own_thoughts")
#: What the words to an alarm say themselves, whoever asks for it; the same where it is over.
_SAID = frozenset(
    {"immediate_danger", "first_step", "when_police", "police_101", "police_information",
     "who_to_ring", None}
)  # fmt: skip
_SAID_WHEN_PASSED = frozenset({"immediate_danger", None})
#: Kinds that 999 is the answer to.
DANGER: tuple[Kind, ...] = ("immediate_danger", "self_harm")
#: What says that the danger is over.
_PASSED = ("passed", "mistaken", "refer")


class ActionAlarm(Action):
    """Answers an alarm first; a screening under way is kept until the person goes on with it."""

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
            still=cast(Still | None, tracker.latest_message.get("still")),
        )
        stops = follows in (None, "again") and alarm.kind in DANGER and not alarm.question
        professional = alarm.kind not in _NOT_PRACTITIONERS and not alarm.about_writer
        kept = stops and professional and _waits_with_a_question(tracker)
        utter(dispatcher, _with_screening_kept(reply) if kept else _with_way_back(reply, tracker))
        if follows == "again" and alarm.kind in DANGER:
            for other in named[1:]:
                utter(dispatcher, local_help(guidance, other, now))
        if questions:
            areas = known_areas(entity_values(tracker, "area"))
            said = _SAID_WHEN_PASSED if follows in _PASSED else _SAID
            for answer in conversation().ask(questions, memory_of(tracker), areas).replies:
                if answer.topic not in said:
                    utter(dispatcher, answer)
        if professional and not kept:
            remind(dispatcher, tracker)
        if follows and len(named) == 1 and named[0] != tracker.get_slot("area"):
            return [SlotSet("area", named[0])]
        return []


def _waits_with_a_question(tracker: Tracker) -> bool:
    """Whether a screening waits with more than the notice that stops it until 999 was rung."""
    session = session_of(tracker)
    if session is None or not session.active:
        return False
    question = dialogue_of(session).current(session)
    return question is None or question.kind != "notice"


def _with_screening_kept(reply: Reply) -> Reply:
    """A reply that stops a screening: it is kept, and goes on when the person wants it to."""
    _, safety = read_safety(guidance_folder())
    on = Choice(safety.go_on_screening, ask_payload(intent="screening_resume"))
    return replace(reply, choices=(*reply.choices, on), closing=safety.screening_kept)


def _with_way_back(reply: Reply, tracker: Tracker) -> Reply:
    """A reply with a button back to what was under way, where 999 was rung and there is one."""
    topics = conversation().answering.guidance.topics
    name = tracker.latest_message.get("go_on")
    if tracker.latest_message.get("follows") not in ("rung", *_PASSED):
        return reply
    if name in topics:
        back = Choice(f"Back to: {topics[name].title}", ask_payload(name))
    elif tracker.get_slot("route_case") and not tracker.get_slot("topic"):
        back = Choice("Back to the route", ask_payload(intent="ask_route"))
    else:
        return reply
    return replace(reply, choices=(back, *reply.choices))
