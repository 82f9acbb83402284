"""The action that answers an alarm: danger, self-harm, and people the guide is not made for."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
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
from bot.referral.case import LONDON
from bot.safety import FOR_THE_PERSON, KINDS, Alarm, Kind, reply_for

#: After these a screening is not gone on with: the person may not be a practitioner.
_NOT_PRACTITIONERS = ("child_writing", "parent_or_public", "own_thoughts")


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
        guidance = conversation().answering.guidance
        named = known_areas(entity_values(tracker, "area"))
        area = named[0] if named else memory_of(tracker).area
        offered, questions = None, questions_of(tracker)
        if alarm.kind in FOR_THE_PERSON:
            offered, questions = next(iter(entity_values(tracker, "topic")), None), []
        now = dt.datetime.now(LONDON)
        utter(dispatcher, reply_for(alarm, guidance, area, now, offered=offered))
        if questions:
            areas = known_areas(entity_values(tracker, "area"))
            for reply in conversation().ask(questions, memory_of(tracker), areas).replies:
                if reply.topic not in ("immediate_danger", None):
                    utter(dispatcher, reply)
        if alarm.kind not in _NOT_PRACTITIONERS and not alarm.about_writer:
            remind(dispatcher, tracker)
        return []
