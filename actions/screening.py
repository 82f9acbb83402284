"""Actions of the screening and of the route: they read the tracker, call `bot` and utter."""

from __future__ import annotations

import datetime as dt
import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast, get_args

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.guidance import conversation, entity_values, known_areas, memory_of, utter
from bot.guidance.answering import Citations
from bot.guidance.load import Guidance, guidance_folder
from bot.guidance.models import AREA_IDS, AreaId
from bot.guidance.reply import Choice, Reply, Statement
from bot.referral.about import (
    WHOLE_ROUTE,
    About,
    Asked,
    about_route,
    no_route_reply,
    reference_reply,
    step_number,
    unchanged_reply,
)
from bot.referral.case import LONDON, Case
from bot.referral.changed import at_another_hour, changed_line
from bot.referral.find import find_route
from bot.referral.load import RouteBook, load_routes
from bot.referral.reply import route_reply
from bot.referral.shortcut import (
    Facts,
    case_from,
    case_kept,
    is_whole,
    missing_question,
    of_another_child,
)
from bot.referral.wording import route_text
from bot.safety import Alarm, danger_line, reply_for
from bot.safety.replies import Follows, local_help
from bot.screening import load_questionnaire
from bot.screening.assessment import to_case
from bot.screening.dialogue import ScreeningDialogue, Session, Turn, area_of, none_of
from bot.screening.errors import AnswerError
from bot.screening.models import Questionnaire
from bot.screening.suggested import read_suggested
from bot.screening.typed import understand
from bot.serving.after_route import OF_ROUTE
from bot.serving.case_told import CASE_TOLD
from bot.serving.standing import RINGING_NOTICE
from bot.serving.take_aways import judgement_of, reference_of


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


def _area_known(tracker: Tracker, session: Session | None) -> AreaId | None:
    """The area of a screening, else the one that the conversation is about."""
    return area_of(session) or memory_of(tracker).area


def _of_danger(tracker: Tracker, before: Session | None, now: Session | None) -> Reply | None:
    """What is said to who has rung 999 at a screening's notice, or says that danger is over."""
    follows = cast(Follows | None, tracker.latest_message.get("follows"))
    if (
        follows is None
        and _at_ringing(before)
        and now is not None
        and RINGING_NOTICE in now.answers
    ):
        follows = "rung"
    if follows is None:
        return None
    area = _area_known(tracker, now)
    guidance, moment = conversation().answering.guidance, dt.datetime.now(LONDON)
    said = reply_for(Alarm("immediate_danger"), guidance, area, moment, follows=follows)
    return replace(said, choices=(), closing=None)


def _at_ringing(session: Session | None) -> bool:
    """Whether a screening waits at its notice to ring 999 first."""
    question = dialogue_of(session).current(session) if session is not None else None
    return question is not None and question.id == RINGING_NOTICE


def _with_numbers(reply: Reply, session: Session | None, tracker: Tracker) -> Reply:
    """The notice to ring 999 with the area's numbers, as an alarm has them; others as they are."""
    if reply.kind != "screening_question" or not _at_ringing(session):
        return reply
    area = _area_known(tracker, session)
    guidance = conversation().answering.guidance
    local = local_help(guidance, area, dt.datetime.now(LONDON))
    return replace(
        reply,
        points=(*reply.points, Statement(local.headline, (0,))),
        contacts=(*reply.contacts, *local.contacts),
        sources=local.sources,
        area=area,
    )


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
        if (after := _of_danger(tracker, adopted.session, turn.session)) is not None:
            utter(dispatcher, after)
        for reply in (*adopted.replies, *turn.replies):
            utter(dispatcher, _with_numbers(reply, turn.session, tracker))
        kept = turn.session.as_json() if turn.session else None
        events: list[EventType] = [SlotSet("screening", kept)]
        if any(reply.kind == "route" for reply in turn.replies):
            # the screening's route is the one shown last now: it is what can be taken away
            events.append(SlotSet("route_case", None))
            events.append(SlotSet("topic", None))  # “by when?” now asks about the route
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
        suggested = read_suggested(entity(tracker, "suggested"), steer.questionnaire)
        if session is not None and suggested and not session.active:
            return steer.correct(session, suggested)
        if session is None or not session.active:
            return steer.resume(session)
        if suggested:
            return steer.story(session, suggested)
        if explanation := entity(tracker, "explanation"):
            return steer.unclear(session, explanation)
        question = steer.current(session)
        if question is None:
            return steer.resume(session)
        asked, given = entity(tracker, "question"), entity(tracker, "answer")
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
            return dialogue().start_over(session, memory_of(tracker).area)
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
            case "screening_change" if area := _moved_to(tracker, session):
                return steer.move(session, area)
            case "screening_change":
                return steer.change(session, entity(tracker, "question"))
            case "screening_stop":
                return steer.stop(session)
            case _:
                return steer.summary(session)


def _moved_to(tracker: Tracker, session: Session) -> str | None:
    """The area that a message puts in the place of the one answered, or None."""
    told = entity(tracker, "question") == "area" and "area" in session.answers
    return entity(tracker, "answer") if told else None


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
            why = entity(tracker, "reason")
            return steer.choose(session, entity(tracker, "level") or "", why)
        if intent == "screening_reason":
            return steer.give_reason(session, entity(tracker, "reason") or "")
        return steer.route(session, more=entity(tracker, "more") == "yes")


@dataclass(frozen=True)
class _Asked:
    """What a message asks of the route that was shown: typed, or by a button."""

    of: About
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def in_message(cls, tracker: Tracker, told: bool) -> _Asked | None:
        """What the last message asks, or None; `told`: the route's case was told in a sentence."""
        channel = tracker.get_latest_input_channel()
        typed = tracker.latest_message.get(OF_ROUTE)
        if isinstance(typed, Mapping):
            facts = tuple((str(name), str(value)) for name, value in typed.get("facts", ()))
            return cls(About(typed["asked"], typed.get("number"), told, channel), facts)
        pressed = entity(tracker, "question")
        if pressed not in get_args(Asked) or pressed == "changed":
            return None
        at = step_number(entity(tracker, "answer"))
        return cls(About(cast(Asked, pressed), at, told, channel))


class ActionRoute(Action):
    """The short-cut: the route for a case told in a sentence, asking only what is missing.

    Then what is asked of the route that was shown: a part of it, its files, or the route for a
    case that is other in one thing. A screening's route is asked about in the same way.
    """

    def name(self) -> str:
        return "action_route"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say the route, or what is asked of it, or ask for the fact that it hangs on."""
        told = case_kept(tracker.get_slot("route_case"))
        before = _at_told_hour(told) if told is not None else _case_of_screening(tracker)
        asked = _Asked.in_message(tracker, told=told is not None)
        if asked is not None and asked.of.asked == "reference":
            self._reference(dispatcher, tracker, before)
            return []
        shown = before if told is None or missing_question(told) is None else None
        if asked is not None and asked.of.asked != "changed" and shown is not None:
            self._part(dispatcher, tracker, shown, asked.of)
            return [SlotSet("topic", None)]  # what follows is about the route again
        if asked is not None and asked.of.asked == "files":
            utter(dispatcher, no_route_reply(tracker.get_slot("area")))
            return []
        found = [
            (str(one["entity"]), str(one["value"]))
            for one in tracker.latest_message.get("entities", [])
        ]
        case_told = [
            (str(one), str(value)) for one, value in tracker.latest_message.get(CASE_TOLD, ())
        ]
        found += case_told
        asking = missing_question(told) if told is not None else None
        if asked is not None and asked.of.asked == "not_known" and told and asking:
            # what holds until it is known, and what is asked for again
            route = find_route(_at_told_hour(told), routes()) if told.case.area else None
            utter(dispatcher, route_reply(route, asking.choices) if route else asking)
            return []
        new = [*found, *(asked.facts if asked else ())]
        kept, area = tracker.get_slot("route_case"), tracker.get_slot("area")
        in_passing = tracker.latest_message["intent"]["name"] == "in_area"
        if told is None and before is not None and (asked is not None or in_passing):
            kept = Facts(before, dt.datetime.now(LONDON), area).as_json()
        elif told is not None and shown is not None and is_whole(case_told):
            # a whole case after a route is told of another child
            kept = of_another_child(told.as_json())
        facts = case_from(new, kept, area)
        if before is not None and ((asked is not None and asked.facts) or in_passing):
            self._changed(dispatcher, before, facts, new, shown=shown is not None)
        else:
            self._told(dispatcher, facts, more=("more", "yes") in found)
        events: list[EventType] = [
            SlotSet("route_case", replace(facts, area=facts.case.area).as_json()),
            SlotSet("topic", None),  # “and in Derby?” now means the route
        ]
        if facts.case.area in AREA_IDS and facts.case.area != tracker.get_slot("area"):
            events.append(SlotSet("area", facts.case.area))
        if (moved := _moved_with(tracker, before, facts.case)) is not None:
            events.append(SlotSet("screening", moved.as_json()))
        return events

    @staticmethod
    def _told(dispatcher: CollectingDispatcher, facts: Facts, *, more: bool) -> None:
        """The route for a case, or the question that it hangs on."""
        asking = missing_question(facts)
        if asking is not None:
            utter(dispatcher, asking)
            return
        route = find_route(_at_told_hour(facts), routes())
        utter(dispatcher, route_reply(route, _choices(more), more=more))

    @staticmethod
    def _changed(
        dispatcher: CollectingDispatcher,
        before: Case,
        facts: Facts,
        new: Sequence[tuple[str, str]],
        *,
        shown: bool,
    ) -> None:
        """The route for a case that is other than before, and in what.

        `shown`: the route before was; one that only waited for a fact stays as nothing.
        """
        line = changed_line(before, facts.case, new, routes())
        asking = missing_question(facts)
        if asking is not None:
            # it tells of a case: it is not the question that all are asked
            utter(dispatcher, replace(asking, kind="route_question", label=line))
            return
        # both at one moment, so that only what was told makes them differ
        case = facts.case.model_copy(update={"now": facts.told})
        if facts.clock is not None:
            case = at_another_hour(case, facts.clock)
        was = find_route(before.model_copy(update={"now": before.now or facts.told}), routes())
        route = find_route(case, routes())
        if shown and route_text(route) == route_text(was):
            utter(dispatcher, unchanged_reply(route, line, Citations(*_cited_today())))
            return
        utter(dispatcher, route_reply(route, _choices(), changed=line))

    @staticmethod
    def _part(
        dispatcher: CollectingDispatcher, tracker: Tracker, case: Case, question: About
    ) -> None:
        """A part of the route that was shown."""
        guidance, today = _cited_today()
        if tracker.latest_message.get("near_danger"):
            utter(dispatcher, danger_line(guidance, today))
        route = find_route(case, routes())
        utter(dispatcher, about_route(route, question, Citations(guidance, today)))
        remind(dispatcher, tracker)

    @staticmethod
    def _reference(dispatcher: CollectingDispatcher, tracker: Tracker, before: Case | None) -> None:
        """What references there are: of the route's files, and of a screening that is saved."""
        session = session_of(tracker)
        active = session is not None and session.active
        slots = tracker.current_slot_values()
        file = reference_of(slots, tracker.sender_id) if before and not active else None
        saved = session is not None and session.key is not None
        utter(dispatcher, reference_reply(file, saved, tracker.get_slot("area")))
        remind(dispatcher, tracker)


def _cited_today() -> tuple[Guidance, dt.date]:
    return conversation().answering.guidance, dt.date.today()


def _choices(more: bool = False) -> tuple[Choice, ...]:
    """What a route offers: to open it, where it is shown short, and a screening."""
    return (
        *(() if more else (Choice(WHOLE_ROUTE, '/ask_route{"more": "yes"}'),)),
        Choice("Start a screening", "/start_screening"),
    )


def _moved_with(tracker: Tracker, before: Case | None, case: Case) -> Session | None:
    """The finished screening in the area that its route was moved to; None where it stays."""
    session, screened = session_of(tracker), _case_of_screening(tracker)
    if session is None or screened is None or before is None or case.area in (None, before.area):
        return None
    if before.model_copy(update={"now": screened.now}) != screened:
        return None  # the route was another child's
    return dialogue_of(session).move(session, str(case.area)).session


def _at_told_hour(facts: Facts) -> Case:
    """The case at the hour that was told, where one was; else at the clock's."""
    if facts.clock is None:
        return facts.case
    return at_another_hour(facts.case, facts.clock)


def _case_of_screening(tracker: Tracker) -> Case | None:
    """The case that a finished screening has come to, or None."""
    session = session_of(tracker)
    if session is None or session.stage != "done":
        return None
    questionnaire = dialogue_of(session).questionnaire
    return to_case(questionnaire, session.answers, judgement_of(questionnaire, session))


def remind(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Ask the waiting question of a screening again, after something else was answered."""
    session = session_of(tracker)
    if session is None or not session.active:
        return
    reminders: tuple[Reply, ...] = dialogue_of(session).remind(session)
    for reply in reminders:
        utter(dispatcher, _with_numbers(reply, session, tracker))


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
