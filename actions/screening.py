"""Actions of the screening and of the route: they read the tracker, call `bot` and utter."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.guidance import conversation, entity_values, known_areas, memory_of, utter
from bot.guidance.load import guidance_folder
from bot.guidance.models import AREA_IDS
from bot.guidance.reply import Choice, Reply
from bot.referral.find import find_route
from bot.referral.load import RouteBook, load_routes
from bot.referral.reply import route_reply
from bot.referral.shortcut import case_from, missing_question
from bot.screening import load_questionnaire
from bot.screening.dialogue import ScreeningDialogue, Session, Turn, area_of, none_of
from bot.screening.errors import AnswerError
from bot.screening.models import Questionnaire
from bot.screening.suggested import read_suggested
from bot.screening.typed import understand


@lru_cache(maxsize=1)
def routes() -> RouteBook:
    """The process's one book of routes, loaded at first use."""
    return load_routes(conversation().answering.guidance, guidance_folder() / "routes")


@lru_cache(maxsize=1)
def dialogue() -> ScreeningDialogue:
    """The process's one screening dialogue, loaded at first use."""
    return ScreeningDialogue(load_questionnaire(), conversation().answering.guidance, routes())


#: The dialogues of other versions, by version: workers of several may serve side by side.
_others: dict[str, ScreeningDialogue] = {}


def lead_others(questionnaires: Mapping[str, Questionnaire]) -> None:
    """Go on with screenings of these versions as they were begun."""
    kept = {
        version: _others.get(version)
        or ScreeningDialogue(one, conversation().answering.guidance, routes())
        for version, one in questionnaires.items()
    }
    _others.clear()
    _others.update(kept)


def dialogue_of(session: Session | None) -> ScreeningDialogue:
    """The dialogue that goes on with a screening: of its own version, where that is known."""
    version = session.version if session else None
    return (_others.get(version) if version else None) or dialogue()


def session_of(tracker: Tracker) -> Session | None:
    """The screening of this conversation, or None."""
    kept = tracker.get_slot("screening")
    return Session.from_json(kept) if isinstance(kept, dict) else None


def entity(tracker: Tracker, name: str) -> str | None:
    """The first value of an entity in the last message, or None."""
    values = entity_values(tracker, name)
    return values[0] if values else None


class ScreeningAction(Action):
    """An action that turns a command into a turn of the screening."""

    @abstractmethod
    def name(self) -> str:
        """The action's name in the domain."""

    @abstractmethod
    def turn(self, tracker: Tracker, session: Session | None) -> Turn:
        """What to say and keep."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say the turn's replies and keep its session."""
        # a questionnaire may have changed since the last answer: the person is told
        session = session_of(tracker)
        adopted = dialogue_of(session).adopt(session)
        turn = self.turn(tracker, adopted.session)
        for reply in (*adopted.replies, *turn.replies):
            utter(dispatcher, reply)
        kept = turn.session.as_json() if turn.session else None
        events: list[EventType] = [SlotSet("screening", kept)]
        if any(reply.kind == "route" for reply in turn.replies):
            # the screening's route is the one shown last now: it is what can be taken away
            events.append(SlotSet("route_case", None))
        area = area_of(turn.session)
        if area is not None and area != tracker.get_slot("area"):
            events.append(SlotSet("area", area))
        return events


class ActionScreeningStart(ScreeningAction):
    """Begins a screening, or goes on with the one under way."""

    def name(self) -> str:
        return "action_screening_start"

    def turn(self, tracker: Tracker, session: Session | None) -> Turn:
        under_way = session is not None and session.stage != "done"
        steer = dialogue_of(session) if under_way else dialogue()
        suggested = read_suggested(entity(tracker, "suggested"), steer.questionnaire)
        named = known_areas(entity_values(tracker, "area"))
        area = named[0] if len(named) == 1 else memory_of(tracker).area
        return steer.start(session, area, suggested)


class ActionScreeningAnswer(ScreeningAction):
    """Takes an answer: from a button or from what the channel read; else from the text itself."""

    def name(self) -> str:
        return "action_screening_answer"

    def turn(self, tracker: Tracker, session: Session | None) -> Turn:
        steer = dialogue_of(session)
        if session is None or not session.active:
            return steer.resume(session)
        if suggested := read_suggested(entity(tracker, "suggested"), steer.questionnaire):
            return steer.story(session, suggested)
        question = steer.current(session)
        if question is None:
            return steer.resume(session)
        asked, given = entity(tracker, "question"), entity(tracker, "answer")
        if explanation := entity(tracker, "explanation"):
            return steer.unclear(session, explanation)
        if given is None:
            # only `rasa shell` and the like get here: our channels read the answer themselves
            try:
                value = understand(question, tracker.latest_message.get("text") or "")
            except AnswerError as error:
                return steer.unclear(session, error.explanation)
            return steer.take(session, question.id, value)
        if asked is not None and asked != question.id:
            return steer.unclear(session, "That was answered already; here is what I ask now.")
        if question.kind == "checklist" and given == "none":
            return steer.take(session, question.id, none_of(question))
        try:
            value = json.loads(given)
        except ValueError:
            value = given
        return steer.take(session, question.id, value)


class ActionScreeningSteer(ScreeningAction):
    """Back, change, skip, why, how many more, summary, stop, resume, start over."""

    def name(self) -> str:
        return "action_screening_steer"

    def turn(self, tracker: Tracker, session: Session | None) -> Turn:
        steer = dialogue_of(session)
        intent = tracker.latest_message["intent"]["name"]
        if intent == "screening_start_over":
            return dialogue().start_over(session)
        if intent == "screening_resume" or session is None:
            return steer.resume(session)
        match intent:
            case "screening_back":
                return steer.back(session)
            case "screening_skip":
                return steer.skip(session)
            case "screening_why" if entity(tracker, "explanation") == "what_to_type":
                return steer.what_to_type(session)
            case "screening_why":
                return steer.why(session)
            case "screening_remaining":
                return steer.remaining(session)
            case "screening_change":
                return steer.change(session, entity(tracker, "question"))
            case "screening_stop":
                return steer.stop(session)
            case _:
                return steer.summary(session)


class ActionScreeningJudge(ScreeningAction):
    """Takes the professional's level or reason, and gives the route."""

    def name(self) -> str:
        return "action_screening_judge"

    def turn(self, tracker: Tracker, session: Session | None) -> Turn:
        steer = dialogue_of(session)
        if session is None:
            return steer.resume(None)
        intent = tracker.latest_message["intent"]["name"]
        if intent == "screening_level":
            return steer.choose(session, entity(tracker, "level") or "")
        if intent == "screening_reason":
            return steer.give_reason(session, entity(tracker, "reason") or "")
        return steer.route(session, more=entity(tracker, "more") == "yes")


class ActionRoute(Action):
    """The short-cut: the route for a case told in a sentence, asking only what is missing."""

    def name(self) -> str:
        return "action_route"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say the route, or ask for the fact that it hangs on."""
        found = [
            (str(one["entity"]), str(one["value"]))
            for one in tracker.latest_message.get("entities", [])
        ]
        facts = case_from(found, tracker.get_slot("route_case"), tracker.get_slot("area"))
        asking = missing_question(facts)
        if asking is not None:
            utter(dispatcher, asking)
        else:
            route = find_route(facts.case, routes())
            more = ("more", "yes") in found
            choices = (
                *(() if more else (Choice("The whole route", '/ask_route{"more": "yes"}'),)),
                Choice("Start a screening", "/start_screening"),
            )
            utter(dispatcher, route_reply(route, choices, more=more))
        events: list[EventType] = [
            SlotSet("route_case", replace(facts, area=facts.case.area).as_json()),
            SlotSet("topic", None),  # “and in Derby?” now means the route
        ]
        if facts.case.area in AREA_IDS and facts.case.area != tracker.get_slot("area"):
            events.append(SlotSet("area", facts.case.area))
        return events


def remind(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Ask the waiting question of a screening again, after something else was answered."""
    session = session_of(tracker)
    if session is None or not session.active:
        return
    reminders: tuple[Reply, ...] = dialogue_of(session).remind(session)
    for reply in reminders:
        utter(dispatcher, reply)


class ActionScreeningRemind(Action):
    """Asks the waiting question again after a courtesy in between."""

    def name(self) -> str:
        return "action_screening_remind"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Ask again where a screening waits; otherwise say nothing."""
        remind(dispatcher, tracker)
        return []
