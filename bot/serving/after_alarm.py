"""What an alarm leaves standing for the messages after it.

Whoever wrote as a child is spoken to as a child until they say that they work with children: no
screening is begun or gone on with, and danger is answered as theirs. Who has rung 999 is not told
to ring again, and goes on where they were. All of it is read from the events of the conversation,
and handed on from one session of it to the next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, cast, get_args

from rasa.shared.core.events import Restarted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.guidance.conversation import OTHER_AREA, WHO_TO_RING
from bot.referral.case import Role
from bot.safety import KINDS, Alarm, Kind
from bot.safety.replies import NO_ALARM, Follows
from bot.serving.parses import entities_of, likeliest_topic, really_asks, sure_intent
from bot.serving.passed_danger import Passed
from bot.serving.works_with_children import only_introduces, works_with_children

#: Under this name a parse says that it follows an alarm, and how: see `bot.safety.replies.Follows`.
FOLLOWS = "follows"
#: The topic that was under way when the alarm was raised; offered once 999 was rung.
GO_ON = "go_on"
#: Under this name a parse says that a child asked for what is for people who work with children.
FOR_WORKERS = "for_workers"
#: Under this name the first event of a session says what stood at the end of the one before it.
STANDING = "standing"
#: Messages of the person for which danger stands; then police are ordinary talk again.
DANGER_STANDS = 5
#: A screening's question whether anybody is in danger, and its notice to ring 999 first.
DANGER_QUESTION, RINGING_NOTICE = "immediate_danger", "danger_now"
#: Kinds of danger: 999 is the answer to both.
DANGER: tuple[Kind, ...] = ("immediate_danger", "self_harm")
#: Answers to “who helps?”, written for practitioners: not for a child.
HELP_TOPICS = frozenset(
    {"advice_first", "child_wants_help", "first_step", "helplines", "immediate_danger",
     "out_of_hours", "police_101", "receiving_disclosure", "what_is_this", "when_police",
     WHO_TO_RING}
)  # fmt: skip
#: Topics that an alarm itself offers: they are a part of it, not what was under way.
_OF_THE_ALARM = frozenset(
    {"police_information", "protect_evidence", "when_police", "child_wants_help", "signs_self_harm"}
)
#: Intents whose answers are the same for everybody.
_FOR_EVERYBODY = frozenset({"start_again", "compare_areas", "explain_term", "alarm"})
#: What only people who work with children do here, beside what steers a screening.
_FOR_WORKERS = frozenset({"start_screening", "ask_route"})
#: Rules of the watch that find whom somebody knows, not who they are: children have neighbours too.
SOMEBODY_KNOWN = frozenset({"someone_known", "disclosure_public"})
#: Roles that a screening may be told; parents and the public have none of them.
_ROLES = frozenset(get_args(Role))
#: Words that a role may be typed in: in more, a worker may be whom a child tells of.
_LONGEST_ROLE = 4
_SOMEBODYS = re.compile(r"\b(?:my|his|her|their|the|he|she|they)\b|^\W*\d+\W*$", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:i|i['’]?m|i['’]?ve|me|my|mine|myself)\b", re.IGNORECASE)
#: After a parent's alarm these get the parent's contacts again.
_LOST = frozenset(
    {"help", "bot_challenge", "nlu_fallback", "out_of_scope", "other_language", "affirm", "deny"}
)
#: How surely a child must ask about something to be answered beside the child's own words.
_SURELY = 0.5
#: How surely a topic must be named beside an area to be more than a word of the story.
_SURELY_NAMED = 0.7


@dataclass(frozen=True)
class Standing:
    """The last alarm of a conversation, and who seems to write.

    `kind` is None where there was none. `child`: a child or young person wrote, and nobody has
    said since then that they work with children. `topic` was under way before. `turns` counts the
    person's messages since then, and `asked` says that one of them asked about something else.
    `question`: danger was only asked about. `told` is what was said of the alarm since then: that
    999 was rung, or that the danger is over.
    """

    kind: Kind | None = None
    about_writer: bool = False
    child: bool = False
    topic: str | None = None
    turns: int = 0
    asked: bool = False
    question: bool = False
    told: Follows | None = None

    @property
    def danger(self) -> bool:
        """Whether the last alarm was one that 999 is rung for, a few messages ago at most."""
        return self.kind in DANGER and self.turns < DANGER_STANDS

    @property
    def wants_area(self) -> bool:
        """Whether the alarm gives the area's numbers, as soon as the area is known."""
        wanted = self.danger or self.kind == "parent_or_public"
        return wanted and not (self.child or self.about_writer or self.told == "mistaken")

    def as_json(self) -> dict[str, Any]:
        """What a session hands on to the next."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Standing:
        """What `as_json` gave; what another version knew beside it is left out."""
        return cls(**{one.name: kept[one.name] for one in fields(cls) if one.name in kept})


def standing_of(tracker: DialogueStateTracker | None) -> Standing:
    """What the events of a conversation leave standing."""
    standing, topic, spoken = Standing(), None, False
    for event in tracker.events if tracker else ():
        if isinstance(event, Restarted):
            standing, topic, spoken = Standing(), None, False
        if isinstance(event, SessionStarted):
            standing = Standing.from_json((event.metadata or {}).get(STANDING) or {})
            topic, spoken = None, False
        if isinstance(event, SlotSet) and event.key == "topic":
            topic = event.value
            if spoken and topic is not None and topic not in _OF_THE_ALARM:
                standing = replace(standing, asked=True)
        if isinstance(event, UserUttered):
            standing = _after_message(standing, event, topic)
            spoken = True
    return standing


def _after_message(standing: Standing, event: UserUttered, topic: str | None) -> Standing:
    """What stands after a message of the person. `topic` is what was under way before it."""
    alarms = [one["value"] for one in event.entities if one["entity"] == "alarm"]
    if NO_ALARM in alarms:
        # they said that they work with children
        standing = replace(standing, child=False, about_writer=False)
        if standing.kind not in DANGER:
            standing = replace(standing, kind=None)
    kind = next((cast(Kind, one) for one in alarms if one in KINDS), None)
    follows = (event.parse_data or {}).get(FOLLOWS)
    if event.intent.get("name") != "alarm" or kind is None:
        return _after_other(standing, event, follows, topic)
    if standing.kind and follows:
        return replace(standing, turns=0, told=_told(follows, standing))
    writer = any(one["entity"] == "about_writer" for one in event.entities)
    return Standing(
        kind,
        writer,
        # a child who tells of danger in the words of others is a child still; a parent who was
        # taken for one may say so
        child=writer or kind == "child_writing" or (standing.child and kind != "parent_or_public"),
        topic=standing.topic if topic in _OF_THE_ALARM else topic,
        question=any(one["entity"] == "question" for one in event.entities),
        told=_told(follows, standing),
    )


def _after_other(
    standing: Standing, event: UserUttered, follows: Follows | None, topic: str | None
) -> Standing:
    """What stands after a message that is no alarm: a screening may have been told of danger."""
    if event.intent.get("name") == "screening_answer":
        said = {one["entity"]: str(one["value"]).strip('"') for one in event.entities}
        if (said.get("question"), said.get("answer")) == (DANGER_QUESTION, "yes"):
            return Standing("immediate_danger", child=standing.child, topic=topic)
        if standing.danger and said.get("question") == RINGING_NOTICE and "answer" in said:
            return replace(standing, turns=0, told=_told(follows or "rung", standing))
    return replace(standing, turns=standing.turns + 1) if standing.kind else standing


def _told(follows: Follows | None, standing: Standing) -> Follows | None:
    """What was said of the alarm last, after a message that follows it so."""
    if follows == "refer":
        return "passed"
    return follows if follows in ("rung", "passed", "mistaken") else standing.told


def for_who_writes(
    parse: dict[str, Any], standing: Standing, text: str | None, screening: bool
) -> dict[str, Any]:
    """The parse of an ordinary message as it is answered to a child, or to a parent.

    `text` is what was typed, or None for a button; `screening`: one is under way.
    """
    intent = parse["intent"]["name"]
    own = screening and intent.startswith("screening_")
    if standing.kind is None or intent == "alarm" or _says_practitioner(parse):
        return parse
    if own and _is_professional(parse, text):
        return _released(parse)
    for_a_person = standing.child or standing.kind not in DANGER
    if text is not None and for_a_person and works_with_children(text):
        return _on_with_the_practitioner(parse, text, screening)
    if standing.child and intent not in _FOR_EVERYBODY:
        return _to_the_child(parse, standing, text)
    if not own and tells_area(parse, standing, text):
        return again(standing, parse)
    asks_for_help = intent == "ask" and likeliest_topic(parse) in HELP_TOPICS
    if standing.kind == "own_thoughts" and not own and (intent in _LOST or asks_for_help):
        return {**sure_intent("alarm", {"alarm": standing.kind}), FOLLOWS: "again"}
    if standing.kind == "parent_or_public" and not own:
        if intent in _LOST:
            return {**sure_intent("alarm", {"alarm": standing.kind}), FOLLOWS: "again"}
        if intent == "ask":
            return {**parse, FOLLOWS: standing.kind}
    return parse


def alarm_for_who_writes(alarm: Alarm, standing: Standing, text: str) -> Alarm:
    """An alarm as it is answered where a child wrote before: danger is theirs, and so is harm."""
    if not standing.child or works_with_children(text):
        return alarm
    if alarm.kind in DANGER:
        return replace(alarm, about_writer=True, question=False)
    if alarm.kind == "colleague_allegation" or alarm.signal in SOMEBODY_KNOWN:
        return replace(alarm, kind="child_writing", about_writer=True, question=False)
    return alarm


def _released(parse: dict[str, Any]) -> dict[str, Any]:
    """A parse that says, too, that who writes works with children."""
    return {**parse, "entities": [*parse["entities"], *entities_of({"alarm": NO_ALARM})]}


def _on_with_the_practitioner(parse: dict[str, Any], text: str, screening: bool) -> dict[str, Any]:
    """The parse of a message that says that its writer works with children: what it asks counts."""
    intent = parse["intent"]
    told = _released(parse)
    unread = screening and any(one["entity"] == "explanation" for one in parse["entities"])
    unsure = intent["name"] == "ask" and intent["confidence"] < _SURELY
    if only_introduces(text) and (intent["name"] in _LOST or unsure or unread):
        name = "screening_resume" if screening else "affirm"
        told["intent"] = {"name": name, "confidence": 1.0}
        told["entities"] = [one for one in told["entities"] if one["entity"] != "explanation"]
    return told


def _to_the_child(parse: dict[str, Any], standing: Standing, text: str | None) -> dict[str, Any]:
    """The child's words again, and beside them what is surely asked of the subject itself."""
    topic, intent = likeliest_topic(parse), parse["intent"]["name"]
    writes: Mapping[str, str] = {"alarm": str(standing.kind), "about_writer": "yes"}
    areas = [one for one in parse["entities"] if one["entity"] == "area"]
    offered = WHO_TO_RING if topic is None or topic in HELP_TOPICS else topic
    words = {**sure_intent("alarm", writes), FOLLOWS: "again"}
    words["entities"] += [*areas, *entities_of({"topic": offered})]
    unread = any(one["entity"] == "explanation" for one in parse["entities"])
    if intent in _FOR_WORKERS or (intent.startswith("screening_") and not unread):
        words[FOR_WORKERS] = True
    if (
        intent == "ask"
        and topic is not None
        and topic not in HELP_TOPICS
        and parse["intent"]["confidence"] >= _SURELY
        and not (text and _FIRST_PERSON.search(text))
    ):
        words["questions"] = parse.get("questions") or [_surely_about(topic)]
    return words


def _surely_about(topic: str) -> dict[str, Any]:
    """A question of a parse that is surely about one topic."""
    return {"areas": [], "topics": [{"topic": topic, "confidence": 1.0}]}


def _says_practitioner(parse: Mapping[str, Any]) -> bool:
    return any(one["entity"] == "alarm" and one["value"] == NO_ALARM for one in parse["entities"])


def _is_professional(parse: Mapping[str, Any], text: str | None) -> bool:
    """Whether a screening was just told a practitioner's role: by a button, or in few words."""
    if text and (len(text.split()) > _LONGEST_ROLE or _SOMEBODYS.search(text)):
        return False
    values = {one["entity"]: one["value"] for one in parse["entities"]}
    return values.get("question") == "role" and str(values.get("answer")).strip('"') in _ROLES


def not_reached(standing: Standing) -> dict[str, Any]:
    """The parse of a message that tells that nobody took the call: ring 999, again."""
    return {**_of_danger(standing), FOLLOWS: "again"}


def _of_danger(standing: Standing) -> dict[str, Any]:
    """The parse of what follows an alarm of danger."""
    kind = standing.kind if standing.kind in DANGER else "immediate_danger"
    writer = {"about_writer": "yes"} if standing.about_writer or standing.child else {}
    return sure_intent("alarm", {"alarm": str(kind), **writer})


def tells_area(parse: Mapping[str, Any], standing: Standing, text: str | None) -> bool:
    """Whether a message after an alarm only tells the area, for which its numbers are wanted.

    `text` is what was typed, or None for a button.
    """
    if not standing.wants_area or standing.asked:
        return False
    if not any(one["entity"] == "area" for one in parse["entities"]):
        return False
    intent = parse["intent"]
    if intent["name"] in ("in_area", "compare_areas"):
        return True
    if text is None or intent["name"] not in {"ask", *_LOST} or really_asks(text):
        return False
    unsure = intent["confidence"] < _SURELY_NAMED or likeliest_topic(parse) == OTHER_AREA
    return unsure or intent["name"] != "ask"


def again(standing: Standing, told: Mapping[str, Any]) -> dict[str, Any]:
    """The parse that says the alarm again for the areas told in another: what holds by now."""
    kind = {"alarm": str(standing.kind)}
    if standing.question:
        kind["question"] = "yes"
    parse = {**sure_intent("alarm", kind), FOLLOWS: standing.told or "again"}
    parse["entities"] += [one for one in told["entities"] if one["entity"] == "area"]
    return parse


_GO_ON = re.compile(
    r"(?:(?:ok(?:ay)?|right|so|yes|please|now|and|then|let['’]?s|let us|can we|shall we|could we"
    r"|we can|i want to)\s+)*"
    r"(?:go on|carry on|continue|keep going|where (?:were we|was i)"
    r"|what were we (?:doing|on|saying)"
    r"|(?:go )?back to (?:it|where (?:we were|i was)|what we were (?:doing|on|saying)))"
    r"(?:\s+(?:now|then|please|with it|from (?:there|here)|where we were))*",
    re.IGNORECASE,
)


def goes_on(text: str) -> bool:
    """Whether a message asks for nothing but to go on where the conversation was."""
    return _GO_ON.fullmatch(re.sub(r"[.,!?]+", " ", text).strip()) is not None


#: “What next?” straight after an alarm or a call.
_NEXT = re.compile(
    r"(?:(?:ok(?:ay)?|right|so|and|then|now|but)\s+)*(?:(?:what|whats|what['’]s)(?: (?:do|should"
    r"|shall|must|can) (?:i|we)"
    r"(?: (?:need|have) to)? do)?(?: (?:happens|comes|is))?(?: (?:next|now|else|then))+|then what"
    r"|now what"
    r"|next(?: steps?)?|what else(?: do (?:i|we)(?: (?:need|have) to)? do)?"
    r"|anything else(?: to do)?)",
    re.IGNORECASE,
)
_WORKERS = (
    r"(?:them|(?:the |her |his |our |my |a |duty )*(?:social workers?|social care|social services"
    r"|sw|mash|hub"
    r"|duty(?: team| worker)?|children['’]?s (?:services|social care)|referral team|team|council"
    r"|call handler|front door))"
)
#: What to say to those whom it is told to next; “what do I tell her mum” is something else.
_WHAT_TO_TELL = re.compile(
    rf"\bwhat (?:do|should|shall|can|must|will|would) (?:i|we) (?:(?:need|have) to )?(?:tell"
    rf"|say to|report to|give|pass on to) {_WORKERS}\b"
    r"|\bwhat (?:do|should|shall|can|must|will) (?:i|we) (?:(?:need|have) to )?say (?:when|in|on) "
    r"|\bwhat (?:do|will|would) (?:they|social care|the (?:hub|mash|social worker)) (?:need|want"
    r"|ask)\b"
    r"|\bwhat (?:info\w*|details?) (?:do|will|should) (?:they|i|we)\b",
    re.IGNORECASE,
)
#: Answers to the two.
_FIRST_STEP, _TO_TELL = "first_step", ("context_information", WHO_TO_RING)


def asked_next(text: str) -> dict[str, Any] | None:
    """The parse of what is asked of the time after an alarm: what next, and what to tell whom."""
    if _NEXT.fullmatch(" ".join(re.sub(r"[.,!?]+", " ", text).split())):
        return sure_intent("ask", {"topic": _FIRST_STEP})
    if not _WHAT_TO_TELL.search(text):
        return None
    parse = sure_intent("ask", {})
    return {**parse, "questions": [_surely_about(topic) for topic in _TO_TELL]}


_REFER = (
    r"(?:refer|make (?:a|the) referral|do (?:a|the) referral|put in a referral|report"
    r"|tell (?:\w+ ){0,3}\w+|ring"
    r"|call|inform (?:\w+ ){0,3}\w+|fill (?:in|out) (?:a|the) form|do anything)"
)
_TO_REFER = re.compile(
    rf"\b(?:do|should|must|shall|would|have) (?:i|we) (?:still |now |also |even )*"
    rf"(?:(?:have|need|got) (?:still )?to )?(?:still )?{_REFER}\b"
    rf"|\b(?:still|even) (?:(?:have|need) to )?{_REFER}\b|\b(?:is|does) (?:a|the|it) (?:still )?"
    r"(?:need (?:a )?|a )?referr(?:al|ing)(?: still)?(?: needed)?\b",
    re.IGNORECASE,
)
_WH = re.compile(r"\b(?:who|whom|what|which|how|when|where)\b", re.IGNORECASE)


def asks_to_refer(text: str) -> bool:
    """Whether a message asks whether to refer all the same, and not to whom or how."""
    return _TO_REFER.search(text) is not None and _WH.search(text) is None


def way_back(standing: Standing, slots: Mapping[str, Any]) -> dict[str, Any]:
    """The parse that goes back to what was under way before the alarm; where nothing was, on."""
    topic = topic_before(standing, slots)
    if topic is not None:
        return sure_intent("ask", {"topic": topic})
    return sure_intent("ask_route" if slots.get("route_case") else "affirm", {})


def topic_before(standing: Standing, slots: Mapping[str, Any]) -> str | None:
    """The topic to go back to: the last one that is not a part of the alarm itself."""
    now = slots.get("topic")
    return standing.topic if now is None or now in _OF_THE_ALARM else str(now)


def rung(
    standing: Standing,
    slots: Mapping[str, Any],
    beside: Mapping[str, Any] | None,
    areas: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """The parse of a message that tells that 999 was rung.

    `beside` is what the rest of it was understood as: a question that is sure is answered too.
    `areas` are the entities of areas in the whole message.
    """
    return _followed(standing, slots, "rung", beside, areas)


def passed(
    standing: Standing,
    slots: Mapping[str, Any],
    found: Passed,
    beside: Mapping[str, Any] | None,
    areas: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """The parse of a message that takes the alarm back, as `rung` is for one that tells of a call.

    Who asks in it whether to refer all the same is told so; who wants to go on, goes on.
    """
    how: Follows = "mistaken" if found.mistaken else "passed"
    if how == "passed" and asks_to_refer(found.rest):
        return _followed(standing, slots, "refer", None, areas)
    topic = topic_before(standing, slots)
    if goes_on(found.rest) and topic is not None:
        beside = {**sure_intent("ask", {}), "questions": [_surely_about(topic)]}
    return _followed(standing, slots, how, beside, areas)


def asked_whether_to_refer(standing: Standing, slots: Mapping[str, Any]) -> dict[str, Any]:
    """The parse of “do I still refer?” after the danger is over."""
    return _followed(standing, slots, "refer", None, ())


def _followed(
    standing: Standing,
    slots: Mapping[str, Any],
    how: Follows,
    beside: Mapping[str, Any] | None,
    areas: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """The parse of what is said of the alarm, with the way back and what is surely asked beside."""
    parse = {**_of_danger(standing), FOLLOWS: how}
    parse[GO_ON] = topic_before(standing, slots)
    parse["entities"] += areas
    if beside is not None:
        parse["entities"] += [one for one in beside["entities"] if one["entity"] != "area"]
        if beside["intent"]["name"] == "ask" and beside["intent"]["confidence"] >= _SURELY:
            parse["questions"] = [
                {**one, "topics": one["topics"][:1]} for one in beside.get("questions", ())
            ]
    return parse


__all__: Sequence[str] = [
    "DANGER_QUESTION", "FOLLOWS", "FOR_WORKERS", "GO_ON", "HELP_TOPICS", "RINGING_NOTICE",
    "STANDING", "Standing", "again", "alarm_for_who_writes", "asked_next", "asked_whether_to_refer",
    "asks_to_refer", "for_who_writes", "goes_on", "not_reached", "passed", "rung", "standing_of",
    "tells_area", "way_back",
]  # fmt: skip
