"""What a message means: typed text or a pressed button in, a parse for Rasa out.

Danger comes first, in every state; then the titles of buttons, what a screening waits for, and
questions. The text itself is in no parse.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from rasa.core.processor import MessageProcessor
from rasa.shared.nlu.training_data.message import Message

from bot.guidance.conversation import WHO_TO_RING
from bot.guidance.load import load_guidance
from bot.guidance.models import AreaId
from bot.nlu.embedding import shared_embedding
from bot.nlu.entities import Vocabulary
from bot.safety import FOR_THE_PERSON, Alarm, Watch
from bot.safety.replies import NO_ALARM
from bot.safety.still_danger import Still
from bot.safety.watch import LIKENESS
from bot.screening.dialogue import Session
from bot.screening.reading import ScreeningReader
from bot.screening.steering import takes_up_earlier
from bot.serving import after_alarm, after_danger
from bot.serving.after_danger_wordings import asks_to_refer, goes_on, wants_to_know
from bot.serving.after_route import (
    Given,
    asked_of_reference,
    asked_of_route,
    asked_without_route,
    given,
)
from bot.serving.asked_elsewhere import asks_again_there
from bot.serving.asks_to_screen import asks_to_screen
from bot.serving.case_told import AT_NIGHT, CaseTold
from bot.serving.denied_danger import without_denied_danger
from bot.serving.facts_told import FactsTold
from bot.serving.follow_ons import (
    OPEN_TO_SOCIAL_CARE,
    asked_alone,
    asked_within,
    kind_of,
    parse_about,
    stays_with,
)
from bot.serving.leaning_on import compared, follow_up_of, meant_by_telling, told_of
from bot.serving.parses import (
    PLACEHOLDER,
    SIDE_INTENTS,
    SIDE_QUESTION,
    asking,
    entities_of,
    likeliest_topic,
    perhaps_asked,
    really_asks,
    sure_intent,
    surely_asked,
)
from bot.serving.passed_danger import passed_danger, says_not_passed, tells_of_one_away
from bot.serving.payloads import command_of
from bot.serving.ringing import after_ringing, call_failed, not_rung, says_done
from bot.serving.route_wanted import with_case
from bot.serving.standing import (
    DANGER,
    DANGER_QUESTION,
    FOLLOWS,
    LOOKED_FOR,
    STILL,
    Standing,
)
from bot.serving.told_of_danger import put_off, told_to_go_on
from bot.serving.works_with_children import works_with_children

#: What a screening that waits for the call to be made takes for its answer.
_RUNG = "rung"
#: The topic that is not meant by who says that nobody is in danger, and what is told to them where
#: nothing else is surely asked.
_IMMEDIATE_DANGER, _NO_EMERGENCY = "immediate_danger", "police_101"
#: What a message may be understood as that asks again, for another area, what was asked before.
_MAY_ASK_AGAIN = frozenset(
    ("ask", "in_area", "nlu_fallback", "explain_term", "out_of_scope", "follow_more")
)
#: How surely the rest of such a message must be about something else.
_ABOUT_SOMETHING_ELSE = 0.3


class MessageParser:
    """Reads messages with a loaded model. `reader_of` gives what reads a screening's answers.

    Texts are read one after another, in one thread: what was got ready by `look` is kept until
    the same text is understood.
    """

    def __init__(
        self,
        processor: MessageProcessor,
        reader_of: Callable[[Session | None], ScreeningReader],
    ) -> None:
        self._components = _understanding(processor)
        self._domain = processor.domain
        self._reader_of = reader_of
        self._watch = Watch()
        vocabulary = Vocabulary.read()
        self._facts, self._case = FactsTold(vocabulary), CaseTold(vocabulary)
        # what was typed last, with its entities, until it is understood
        self._ready: Message | None = None

    def look(self, text: str, rest: str) -> Alarm | None:
        """What `rest` of a text raises. The text is got ready to be understood on the way."""
        embedding = shared_embedding()
        if embedding is not None:
            self._ready = self._with_entities(text)
            embedding.expect(self._components[-1].texts_of(self._ready))
        return self._watch.look(rest)

    def _with_entities(self, text: str) -> Message:
        message = Message(data={"text": text})
        for component in self._components[:-1]:
            component.process([message])
        return message

    def understand(self, text: str, about: str | None = None) -> dict[str, Any]:
        """Intent, entities and questions of a text, without the text itself.

        `about` is the topic that was answered last: a text without a subject leans on it.
        """
        message, self._ready = self._ready, None
        if message is None or message.get("text") != text:
            message = self._with_entities(text)
        message.set("about", about)
        self._components[-1].process([message])
        parse: dict[str, Any] = message.as_dict(only_output_properties=True)
        parse["text"] = PLACEHOLDER
        parse.setdefault("entities", [])
        return parse

    def pressed(self, payload: str) -> dict[str, Any]:
        """The parse of a button's payload. Raises PayloadError when it is not one of ours."""
        return command_of(payload, self._domain.intents)

    def _typed_choice(
        self, text: str, session: Session | None, offered: Sequence[dict[str, str]]
    ) -> str | None:
        """The payload of the button whose title (or number) was typed, or None.

        A screening reads numbers and options itself.
        """
        if session is not None and session.active:
            return None
        typed = text.casefold().strip(" .!?")
        for button in offered:
            if button["title"].casefold().strip(" .!?") == typed:
                return button["payload"]
        if typed.isdigit() and 1 <= int(typed) <= len(offered):
            payload = offered[int(typed) - 1]["payload"]
            # that one works with children is said in words, or pressed
            return None if NO_ALARM in _values_of(payload) else payload
        return None

    def typed(
        self,
        text: str,
        alarm: Alarm | None,
        session: Session | None,
        offered: Sequence[dict[str, str]],
        slots: Mapping[str, Any],
        standing: Standing,
    ) -> dict[str, Any]:
        """The parse of typed text: a button's title, an answer of a screening, or a question.

        `slots` are what the conversation remembers, `standing` what an alarm before left standing.
        """
        active = is_active(session)
        denied = without_denied_danger(text)
        if denied is not None and alarm is not None and _only_states_danger(alarm):
            # the word that raised it may be the very one that is denied: the rest decides
            alarm = self._watch.look(denied) if denied else None
        waited = self._waits_for_ringing(session)
        if waited and not standing.danger:
            standing = replace(standing, kind="immediate_danger", turns=0, told=None)
        if standing.danger and (alarm is None or alarm.kind in DANGER):
            still = told_to_go_on(text, standing)
            if still is not None and alarm is not None and not alarm.question:
                return {**self._alarmed(text, alarm, standing), STILL: still}
            if still is not None:
                return self._still(text, standing, still)
            said = after_ringing(text)
            if said is None and alarm is None and not standing.asked and says_done(text):
                said = ""
            worse = self._watch.look(said) if said else None
            if said is None:
                if alarm is None and call_failed(text):
                    return after_danger.still_in_danger(standing, "nobody_comes")
                if alarm is None and waited and not_rung(text):
                    return after_danger.still_in_danger(standing, "hesitates")
            elif worse is None or worse.question or worse.kind not in DANGER:
                if waited is not None:
                    return waited
                asks = really_asks(said) or wants_to_know(said)
                beside = self.understand(said) if asks else None
                return after_danger.rung(standing, slots, beside, self._areas_in(text))
            else:
                alarm = worse
            if said is None:
                answers = waited or self._nobody_in_danger(session)
                followed, alarm = self._taken_back(text, alarm, standing, slots, answers)
                if followed is None and (alarm is None or alarm.question):
                    wavers = put_off(text, standing, active and waited is None)
                    followed = self._still(wavers[1], standing, wavers[0]) if wavers else None
                if followed is not None:
                    return followed
        if alarm is not None:
            return self._alarmed(text, alarm, standing)
        asked = after_danger.asked_next(text) if standing.danger and not standing.asked else None
        if asked is not None and not standing.child:
            parse = asked
        elif standing.danger and goes_on(text) and (active or not standing.asked):
            parse = after_danger.way_back(standing, slots)
            if active:
                parse = self._on_with_screening(text, session, offered)
        else:
            safe = self._nobody_in_danger(session) if denied == "" else None
            about, place = slots.get("topic"), given(slots, session, standing, offered)
            reference = asked_of_reference(text, standing) if place is None else None
            area = slots.get("area")
            parse = safe or reference or self._ordinary(text, session, offered, about, place, area)
            if active and standing.danger and _unread(parse):
                # the alarm asks for the area; the screening may not
                told = self.understand(text)
                if after_danger.tells_area(told, standing, text):
                    return after_danger.again(standing, told)
        return after_alarm.for_who_writes(parse, standing, text, active)

    def _taken_back(
        self,
        text: str,
        alarm: Alarm | None,
        standing: Standing,
        slots: Mapping[str, Any],
        answers: dict[str, Any] | None,
    ) -> tuple[dict[str, Any] | None, Alarm | None]:
        """The parse of a message that takes the alarm before it back, or None; and its own alarm.

        What is said beside it is looked at: new danger, or danger that may go on, counts first.
        `answers` is the answer of a screening that waits for just that.
        """
        found = passed_danger(text, standing.looked_for)
        if found is None:
            if alarm is None and says_not_passed(text):
                return after_danger.not_reached(standing), None
            asks = alarm is None and standing.told == "passed"
            if asks and asks_to_refer(text):
                return after_danger.asked_whether_to_refer(standing, slots), None
            return None, alarm
        worse = self._watch.look(found.rest) if found.rest else None
        if worse is not None and not worse.question:
            return None, worse
        if found.goes_on:
            return (None, alarm) if alarm else (after_danger.not_reached(standing), None)
        if answers is not None:
            return {**answers, FOLLOWS: "mistaken" if found.mistaken else "passed"}, None
        asks = really_asks(found.rest) or wants_to_know(found.rest)
        beside = self.understand(found.rest) if asks else None
        areas = self._areas_in(text)
        return after_danger.passed(standing, slots, found, beside, areas), None

    def _still(self, rest: str, standing: Standing, still: Still) -> dict[str, Any]:
        """The parse of danger that goes on, with what is asked in the `rest` of the message."""
        beside = self.understand(rest) if rest else None
        if beside is not None and not really_asks(rest):
            beside = {**beside, "questions": []}
        return after_danger.still_in_danger(standing, still, beside)

    def _areas_in(self, text: str) -> list[dict[str, Any]]:
        """The entities of areas in a text."""
        return [one for one in self.understand(text)["entities"] if one["entity"] == "area"]

    def _on_with_screening(
        self, text: str, session: Session | None, offered: Sequence[dict[str, str]]
    ) -> dict[str, Any]:
        """What “go on” is to a screening: an answer where it is one, else its question again."""
        parse = self._ordinary(text, session, offered, None)
        answers = parse["intent"]["name"].startswith("screening_")
        return parse if answers and not _unread(parse) else sure_intent("screening_resume", {})

    def _waits_for_ringing(self, session: Session | None) -> dict[str, Any] | None:
        """The answer of a screening that waits for 999 to be rung; None where none does."""
        return self._answer_of(session, _RUNG)

    def _nobody_in_danger(self, session: Session | None) -> dict[str, Any] | None:
        """The answer of a screening that asks whether anyone is in danger; None elsewhere."""
        parse = self._answer_of(session, "no")
        asked = entities_of({"question": DANGER_QUESTION})[0]
        return parse if parse is not None and asked in parse["entities"] else None

    def _answer_of(self, session: Session | None, said: str) -> dict[str, Any] | None:
        """The answer that a screening's question takes those words for; None where it does not."""
        if session is None or not session.active or session.stage == "judging":
            return None
        read = self._reader_of(session).read(session, said, side_question=False)
        if read is None or read.intent != "screening_answer" or "answer" not in read.entities:
            return None
        return sure_intent(read.intent, read.entities)

    def _alarmed(self, text: str, alarm: Alarm, standing: Standing) -> dict[str, Any]:
        """The parse of a text that raises an alarm: danger first, in every state."""
        told, alarm = alarm, after_alarm.alarm_for_who_writes(alarm, standing, text)
        # a screening goes on afterwards
        flags = {name: "yes" for name in ("question", "about_writer") if getattr(alarm, name)}
        parse = sure_intent("alarm", {"alarm": alarm.kind, **flags})
        if alarm.kind in DANGER and tells_of_one_away(text):
            parse[LOOKED_FOR] = True
        if alarm != told:
            # theirs because of what a child wrote before: who was misread is one press away
            parse["entities"] += entities_of({"topic": WHO_TO_RING})
        elif alarm.kind in FOR_THE_PERSON:
            if alarm.signal == LIKENESS:
                # only like a child's words: a practitioner who was misread is one press away
                parse["entities"] += entities_of({"topic": perhaps_asked(self.understand(text))})
        elif not alarm.about_writer:
            understood = self.understand(text)
            parse["entities"] += understood["entities"]
            parse["questions"] = surely_asked(text, understood, alarm.signal == LIKENESS)
        if standing.child and works_with_children(text):
            parse["entities"] += entities_of({"alarm": NO_ALARM})
        return parse

    def _ordinary(
        self,
        text: str,
        session: Session | None,
        offered: Sequence[dict[str, str]],
        about: str | None,
        place: Given | None = None,
        area: str | None = None,
    ) -> dict[str, Any]:
        """The parse of a text that raises no alarm. `about` is the topic that was answered last,
        `place` where the conversation stands with a route, `area` the conversation's.
        """
        chosen = self._typed_choice(text, session, offered)
        if chosen:
            return self.pressed(chosen)
        if not is_active(session) and asks_to_screen(text):
            return self._starts_screening(text, session)
        of_route = asked_of_route(text, place, offered, self._facts)
        if of_route is None and session is None:
            of_route = asked_without_route(text, place)
        if of_route is not None:
            return {**of_route, "near_danger": self._watch.near_danger(text)}
        if not is_active(session) and takes_up_earlier(text):
            return sure_intent("screening_resume", {})
        parse = self._understood_safe(text, None if is_active(session) else about)
        parse["near_danger"] = self._watch.near_danger(text)
        if not is_active(session):
            self._lean_on_answer(parse, text, about)
            within = self._within(parse, text, about, area, place, offered)
            if within is not None:
                return {**within, "near_danger": parse["near_danger"]}
        intent = parse["intent"]
        if intent["name"] == "ask_route" or not is_active(session):
            parse = self._with_case(parse, text, session, area)
            intent = parse["intent"]
        if intent["name"] == "start_screening":
            parse["entities"] += entities_of(self._told(text, session, parse))
        if session is not None:
            if intent["name"] == "start_screening" and intent["confidence"] >= SIDE_QUESTION:
                return parse
            asks = intent["name"] in SIDE_INTENTS and asking(parse) >= SIDE_QUESTION
            read = self._reader_of(session).read(session, text, side_question=asks)
            if read is not None:
                return sure_intent(read.intent, read.entities)
        return parse if session is not None else self._without_screening(parse)

    def _starts_screening(self, text: str, session: Session | None) -> dict[str, Any]:
        """The parse of a message that asks to screen, with all that it tells to be confirmed."""
        parse = self.understand(text)
        told = {name: one for name, one in parse.items() if name not in ("questions", "passages")}
        told["intent"] = {"name": "start_screening", "confidence": 1.0}
        told["near_danger"] = self._watch.near_danger(text)
        told["entities"] = [*parse["entities"], *entities_of(self._told(text, session, parse))]
        return told

    def _told(self, text: str, session: Session | None, parse: Mapping[str, Any]) -> dict[str, str]:
        """What the words that begin a screening may mean, with the role of who writes."""
        told = self._reader_of(session).told(text)
        roles = {str(one["value"]) for one in parse["entities"] if one["entity"] == "role"}
        facts = self._case.facts(text, parse["entities"], told.get("suggested"))
        roles |= {value for name, value in facts if name == "role"}
        if len(roles) != 1:
            return told
        suggested = {**json.loads(told.get("suggested", "{}")), "role": roles.pop()}
        return {"suggested": json.dumps(suggested)}

    @staticmethod
    def _without_screening(parse: dict[str, Any]) -> dict[str, Any]:
        """What was read as a command of a screening, where none was ever begun."""
        if parse["intent"]["name"] == "screening_route":
            return {**parse, **sure_intent("ask_route", {}), "entities": parse["entities"]}
        if parse["intent"]["name"] == "screening_why":
            return {**parse, **sure_intent("follow_more", {}), "follow_up": "why"}
        return parse

    def _understood_safe(self, text: str, about: str | None) -> dict[str, Any]:
        """What a text means; who says that nobody is in danger does not ask what to do in it."""
        parse = self.understand(text, about)
        if likeliest_topic(parse) != _IMMEDIATE_DANGER:
            return parse
        rest = without_denied_danger(text)
        if rest is None:
            return parse
        if rest:
            found = self.understand(rest, about)
            sure = found["intent"]["confidence"] >= _ABOUT_SOMETHING_ELSE
            if sure and likeliest_topic(found) != _IMMEDIATE_DANGER:
                # what was told beside it (an area, an age) counts all the same
                asked = found.get("questions", ())
                likeliest = [{**one, "topics": one["topics"][:1]} for one in asked]
                return {**found, "entities": parse["entities"], "questions": likeliest}
        guess = {"topic": _NO_EMERGENCY, "confidence": parse["intent"]["confidence"]}
        return {**parse, "questions": [{"areas": [], "topics": [guess]}]}

    def _with_case(
        self, parse: dict[str, Any], text: str, session: Session | None, area: str | None
    ) -> dict[str, Any]:
        """A parse with the case that its text tells, where the route for that is wanted."""
        suggested = self._reader_of(session).told(text).get("suggested")
        facts = self._case.facts(text, parse["entities"], suggested)
        if parse["intent"]["name"] == "screening_route" and (
            session is None or session.stage != "done"
        ):
            # “what's the route” with no screening to have one
            parse = {**parse, "intent": {"name": "ask_route", "confidence": 1.0}}
        if ("clock", "outside") in facts:
            parse = {**parse, AT_NIGHT: True}
        return with_case(parse, text, facts, area)

    def _within(
        self,
        parse: dict[str, Any],
        text: str,
        about: str | None,
        area: str | None,
        place: Given | None,
        offered: Sequence[dict[str, str]],
    ) -> dict[str, Any] | None:
        """The parse of a short text that is about the answer before it, which it does not name."""
        guidance = load_guidance()
        here = cast(AreaId, area) if area in guidance.areas else None
        if (topic := asked_alone(text, here)) is not None:
            return parse_about(topic, parse)
        if about is None or about not in guidance.topics:
            return None
        high = place is not None and (place.stands, place.level) == ("level", "high")
        if high and kind_of(text) == "open_to_social_care":
            # no topic tells what that changes at high risk, and the route does
            return asked_of_route(OPEN_TO_SOCIAL_CARE, place, offered, self._facts)
        if (topic := asked_within(text, about, here)) is not None:
            return parse_about(topic, parse)
        if parse["intent"]["name"] in _MAY_ASK_AGAIN:
            tags = guidance.topics[about].tags
            there = asks_again_there(text, parse["entities"], tags)
            if there is not None:
                return sure_intent("in_area", {"area": there})
        if parse["intent"]["name"] == "ask":
            topic = stays_with(text, parse, about, here, guidance)
            if topic is not None:
                return parse_about(topic, parse)
        return None

    def _lean_on_answer(self, parse: dict[str, Any], text: str, about: str | None) -> None:
        """Complete a parse by what else was typed, or was said before it."""
        name = parse["intent"]["name"]
        asked = follow_up_of(text, name) if about else None
        if asked is not None:
            parse["intent"] = {"name": "follow_more", "confidence": 1.0}
            parse["follow_up"] = asked
        elif name == "compare_areas" and not parse.get("questions"):
            rest = compared(text)
            found = self.understand(rest) if rest else {}
            if found and found["intent"]["name"] == "ask":
                parse["questions"] = found.get("questions", [])
        elif name == "ask" and (told := told_of(parse)):
            parse["told"] = told
        elif about is None and (meant := meant_by_telling(parse, text)):
            parse["questions"] = meant


def _values_of(payload: str) -> list[object]:
    """What a button of ours carries."""
    _, brace, values = payload.partition("{")
    return list(json.loads(brace + values).values()) if brace else []


def _only_states_danger(alarm: Alarm) -> bool:
    """Whether an alarm may rest on the one word that a message denies."""
    return alarm.kind == "immediate_danger" and not alarm.about_writer


def _unread(parse: Mapping[str, Any]) -> bool:
    """Whether a screening could not read what was typed."""
    return any(one["entity"] == "explanation" for one in parse["entities"])


def is_active(session: Session | None) -> bool:
    return session is not None and session.active


def _understanding(processor: MessageProcessor) -> list[Any]:
    """The components that understand a message, in the pipeline's order.

    They are called directly: Rasa would build and run a graph of single calls for each message.
    """
    nodes = processor.graph_runner._instantiated_nodes
    schema = processor.model_metadata.predict_schema
    names = [
        name
        for name in schema.nodes
        if name.startswith("run_") and hasattr(nodes[name]._component, "process")
    ]
    kinds = ("Tokenizer", "Extractor", "Classifier", "Finder")
    found = [nodes[name]._component for name in names]
    return [one for one in found if type(one).__name__.endswith(kinds)]
