"""The custom actions of the plain project: looked up in `knowledge.json`, said, nothing else.

Runs in plain Rasa's own environment (Python 3.10), started by `rasa run actions`.
"""

import json
import re
from pathlib import Path
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

KNOWLEDGE = json.loads((Path(__file__).parent / "knowledge.json").read_text(encoding="utf-8"))
FORM = {one["slot"]: one for one in KNOWLEDGE["form"]}


def areas_in(tracker: Tracker) -> list[str]:
    """The areas of the last message, else the one that is known."""
    found = [
        one["value"]
        for one in tracker.latest_message.get("entities", [])
        if one["entity"] == "area"
    ]
    known = tracker.get_slot("area")
    return list(dict.fromkeys(found)) or ([known] if known else [])


def last_topic(tracker: Tracker) -> str:
    """The topic of the last question, or nothing."""
    for event in reversed(tracker.events):
        name = (event.get("parse_data") or {}).get("intent", {}).get("name") or ""
        if event.get("event") == "user" and name.startswith("topic_"):
            return name[len("topic_") :]
    return ""


def answer(topic: str, area: str) -> str:
    """What is said about a topic in an area."""
    by_area = KNOWLEDGE["topics"].get(topic, {})
    return by_area.get(area, by_area.get("", KNOWLEDGE["unsure"]))


def explained(text: str) -> str:
    """What the longest term of a text means."""
    plain = f" {re.sub(r'[^a-z0-9]+', ' ', text.lower())} "
    found = [term for term in KNOWLEDGE["terms"] if f" {term} " in plain]
    return KNOWLEDGE["terms"][max(found, key=len)] if found else KNOWLEDGE["unsure"]


class ActionInArea(Action):
    def name(self) -> str:
        return "action_in_area"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        area = (areas_in(tracker) or [""])[0]
        dispatcher.utter_message(text=answer(last_topic(tracker), area))
        return []


class ActionCompare(Action):
    def name(self) -> str:
        return "action_compare"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        topic = last_topic(tracker)
        said = [answer(topic, area) for area in areas_in(tracker)] or [KNOWLEDGE["unsure"]]
        dispatcher.utter_message(text="\n\n".join(said))
        return []


class ActionFollowUp(Action):
    def name(self) -> str:
        return "action_follow_up"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        area = (areas_in(tracker) or [""])[0]
        dispatcher.utter_message(text=answer(last_topic(tracker), area))
        return []


class ActionExplainTerm(Action):
    def name(self) -> str:
        return "action_explain_term"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=explained(tracker.latest_message.get("text") or ""))
        return []


class ActionRoute(Action):
    def name(self) -> str:
        return "action_route"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        area = (areas_in(tracker) or [""])[0]
        level = tracker.get_slot("level") or ""
        dispatcher.utter_message(text=KNOWLEDGE["routes"][f"{area}/{level}"])
        return []


class ActionScreeningResult(Action):
    def name(self) -> str:
        return "action_screening_result"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        lines = [f"{FORM[slot]['title']} {tracker.get_slot(slot)}" for slot in FORM]
        dispatcher.utter_message(text="\n".join(["What you have said:", *lines]))
        return [SlotSet(slot, None) for slot in FORM]


class ValidateScreeningForm(FormValidationAction):
    def name(self) -> str:
        return "validate_screening_form"

    def __getattr__(self, name: str) -> Any:
        slot = name[len("validate_") :]
        if not name.startswith("validate_") or slot not in FORM:
            raise AttributeError(name)

        def validate(
            value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict
        ) -> dict[str, Any]:
            typed = str(value).strip().lower()
            for one in FORM[slot]["options"]:
                if typed in (one["id"], one["label"].lower(), *one["words"]):
                    return {slot: one["id"]}
            dispatcher.utter_message(text="Please choose one of the answers.")
            return {slot: None}

        return validate
