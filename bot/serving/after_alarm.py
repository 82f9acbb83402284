"""What an alarm leaves standing for the messages after it.

Whoever wrote as a child is spoken to as a child until they say that they work with children. Who
has rung 999 is not told to ring again, and goes on where they were. All of it is read from the
events of the conversation; nothing more is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

from rasa.shared.core.events import Restarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.guidance.conversation import WHO_TO_RING
from bot.nlu.introductions import without_introduction
from bot.referral.case import Role
from bot.safety import KINDS, Kind
from bot.safety.replies import NO_ALARM
from bot.serving.parses import entities_of, sure_intent

#: Under this name a parse says that it follows an alarm, and how: see `bot.safety.replies.Follows`.
FOLLOWS = "follows"
#: The topic that was under way when the alarm was raised; offered once 999 was rung.
GO_ON = "go_on"
#: Kinds of danger: 999 is the answer to both.
DANGER: tuple[Kind, ...] = ("immediate_danger", "self_harm")
#: Answers to “who helps?”, written for practitioners: not for a child.
HELP_TOPICS = frozenset(
    {"advice_first", "child_wants_help", "first_step", "helplines", "immediate_danger",
     "out_of_hours", "receiving_disclosure", "what_is_this", "when_police", WHO_TO_RING}
)  # fmt: skip
#: Topics that an alarm itself offers: they are a part of it, not what was under way.
_OF_THE_ALARM = frozenset(
    {"police_information", "protect_evidence", "when_police", "child_wants_help", "signs_self_harm"}
)
#: Intents that nobody but a practitioner has, or that are the same for everybody.
_NOT_A_CHILDS = frozenset(
    {"start_screening", "start_again", "ask_route", "compare_areas", "explain_term", "alarm"}
)
#: After a parent's alarm these get the parent's contacts again.
_LOST = frozenset({"help", "bot_challenge", "nlu_fallback", "out_of_scope", "affirm", "deny"})
#: How surely a child must ask about something to be answered beside the child's own words.
_SURELY = 0.5


@dataclass(frozen=True)
class Standing:
    """The last alarm of a conversation, and who seems to write.

    `kind` is None where there was none. `child`: a child or young person wrote, and nobody has
    said since then that they work with children. `topic` was under way before.
    """

    kind: Kind | None = None
    about_writer: bool = False
    child: bool = False
    topic: str | None = None

    @property
    def danger(self) -> bool:
        """Whether the last alarm was one that 999 is rung for."""
        return self.kind in DANGER


def standing_of(tracker: DialogueStateTracker | None) -> Standing:
    """What the events of a conversation leave standing."""
    standing, topic = Standing(), None
    for event in tracker.events if tracker else ():
        if isinstance(event, Restarted):
            standing, topic = Standing(), None
        if isinstance(event, SlotSet) and event.key == "topic":
            topic = event.value
        if not isinstance(event, UserUttered):
            continue
        values = {one["entity"]: one["value"] for one in event.entities}
        if values.get("alarm") == NO_ALARM:
            # they said that they work with children
            standing = replace(standing, child=False, about_writer=False)
            if standing.kind not in DANGER:
                standing = replace(standing, kind=None)
        if event.intent.get("name") != "alarm" or values.get("alarm") not in KINDS:
            continue
        if standing.kind and (event.parse_data or {}).get(FOLLOWS):
            continue
        kind, writer = cast(Kind, values["alarm"]), "about_writer" in values
        standing = Standing(
            kind,
            writer,
            # a child who tells of danger in the words of others is a child still
            child=writer or kind == "child_writing" or (standing.child and kind in DANGER),
            topic=standing.topic if topic in _OF_THE_ALARM else topic,
        )
    return standing


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
    if own and _is_professional(parse):
        return {**parse, "entities": [*parse["entities"], *entities_of({"alarm": NO_ALARM})]}
    if text is not None and works_with_children(text):
        told = {**parse, "entities": [*parse["entities"], *entities_of({"alarm": NO_ALARM})]}
        if intent in _LOST or (intent == "ask" and parse["intent"]["confidence"] < _SURELY):
            told["intent"] = {"name": "affirm", "confidence": 1.0}
        return told
    if standing.child and not own and intent not in _NOT_A_CHILDS:
        return _to_the_child(parse, standing, text)
    asks_for_help = intent == "ask" and _topic_of(parse) in HELP_TOPICS
    if standing.kind == "own_thoughts" and not own and (intent in _LOST or asks_for_help):
        return {**sure_intent("alarm", {"alarm": standing.kind}), FOLLOWS: "again"}
    if standing.kind == "parent_or_public" and not own:
        if intent in _LOST:
            return {**sure_intent("alarm", {"alarm": standing.kind}), FOLLOWS: "again"}
        if intent == "ask":
            return {**parse, FOLLOWS: standing.kind}
    return parse


def _to_the_child(parse: dict[str, Any], standing: Standing, text: str | None) -> dict[str, Any]:
    """The child's words again, and beside them what is surely asked of the subject itself."""
    topic = _topic_of(parse)
    writes: Mapping[str, str] = {"alarm": str(standing.kind), "about_writer": "yes"}
    areas = [one for one in parse["entities"] if one["entity"] == "area"]
    offered = WHO_TO_RING if topic is None or topic in HELP_TOPICS else topic
    words = {**sure_intent("alarm", writes), FOLLOWS: "again"}
    words["entities"] += [*areas, *entities_of({"topic": offered})]
    if (
        parse["intent"]["name"] == "ask"
        and topic is not None
        and topic not in HELP_TOPICS
        and parse["intent"]["confidence"] >= _SURELY
        and not (text and _FIRST_PERSON.search(text))
    ):
        words["questions"] = parse.get("questions") or [
            {"areas": [], "topics": [{"topic": topic, "confidence": 1.0}]}
        ]
    return words


def _topic_of(parse: Mapping[str, Any]) -> str | None:
    """The topic that a message is likeliest about, or that a button names."""
    for question in parse.get("questions") or ():
        for guess in question["topics"]:
            return str(guess["topic"])
    named = (one["value"] for one in parse["entities"] if one["entity"] == "topic")
    return next((str(one) for one in named), None)


def _says_practitioner(parse: Mapping[str, Any]) -> bool:
    return {"entity": "alarm", "value": NO_ALARM} in [
        {"entity": one["entity"], "value": one["value"]} for one in parse["entities"]
    ]


def _is_professional(parse: Mapping[str, Any]) -> bool:
    """Whether a screening was just told the role of a practitioner."""
    values = {one["entity"]: one["value"] for one in parse["entities"]}
    return values.get("question") == "role" and str(values.get("answer")).strip('"') in _ROLES


#: Roles that a screening may be told; parents and the public have none of them.
_ROLES = frozenset(get_args(Role))
_FIRST_PERSON = re.compile(r"\b(?:i|i['’]?m|i['’]?ve|me|my|mine|myself)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[.,;:!?\n]+|\b(?:but|and|sorry|no|ok(?:ay)?|hi|actually|oh)\b|(?=\bi(?:['’]?m| am)\b)",
    re.IGNORECASE,
)
_JOB = (
    r"(?:(?:social|youth|support|care|key|family|outreach|residential|case)[ -]?worker|teacher"
    r"|nurse|headteacher|foster (?:carer|parent|mum|dad)|dsl|doctor|gp|midwife|paramedic"
    r"|police officer|practitioner|professional|counsellor|therapist|health visitor|tutor|lecturer"
    r"|sw)"
)
_OF_A_JOB = (
    r"(?:(?:new|newly|qualified|student|trainee|primary|secondary|school|senior|registered|community"
    r"|mental health|safeguarding|class|duty|children['’]?s) ){0,3}"
)
_WITH_CHILDREN = re.compile(
    r"\b(?:i|we) (?:work|deal) with (?:children|kids|young people|yps?|families)\b"
    r"|\b(?:i|we) work (?:in|at|for) (?:an? |the )?(?:\w+ )?(?:school|college|nursery|social care"
    r"|children['’]?s (?:home|services|social care)|council|nhs|hospital|police|youth service)\b"
    rf"|\b(?:i['’]?m|i am|as) (?:an? |the )?{_OF_A_JOB}{_JOB}\b"
    r"|\b(?:my|our) (?:pupils?|caseload|service users?|young (?:person|people))\b"
    r"|\b(?:my|our) foster (?:child|children|son|daughter|kids?)\b"
    r"|\b(?:pupil|student|resident|client) of (?:mine|ours)\b"
    r"|\bone of (?:my|our) (?:girls|boys|lads|pupils|students|residents|kids|children|yps?)\b",
    re.IGNORECASE,
)
#: Carers who are children themselves.
_YOUNG = re.compile(r"\byoung carers?\b", re.IGNORECASE)
#: “A teacher” alone may be whom a child tells of.
_OF_THEMSELVES = re.compile(
    r"^(?:i['’]?m|i am|we['’]?re|we are|(?:speaking |asking )?as)\b|\bhere$", re.IGNORECASE
)


def works_with_children(text: str) -> bool:
    """Whether who writes says that they work with children: “I'm a teacher”, “my pupil”."""
    if _YOUNG.search(text):
        return False
    if _WITH_CHILDREN.search(text):
        return True
    for clause in map(str.strip, _CLAUSE.split(text)):
        # an introduction is found before a question: one is put behind it
        asked = f"{clause}, what now"
        if _OF_THEMSELVES.search(clause) and without_introduction(asked) != asked:
            return True
    return False


# --- 999 was rung ---------------------------------------------------------------------------------

_SOON = r"(?:(?:just|already|now|also|all|finally|literally) )*"
_SUBJECT = (
    r"(?:\b(?:i|we|she|he|they|someone|somebody|my \w+|the \w+)?(?:['’]?ve|['’]?s| have| has)?\s+)?"
)
_WHO = (
    r"(?:for )?(?:the |an? |our |some )?(?:999|112|police(?: officers?| car)?|cops|officers"
    r"|ambulances?|paramedics?|emergency services?)\b"
)
_CALLED = (
    r"(?:rung|rang|phoned|called|dial?led|contacted|(?<=\bi )told|(?<=\bwe )told|(?<=ve )told"
    r"|sp(?:oke|oken) (?:to|with)|(?:got|been) through to|been on ?to"
    r"|on (?:the )?(?:phone|line) (?:to|with)|off (?:the )?phone (?:to|with|from)"
    r"|reported (?:it|this|him|them) to)"
)
_ON_THE_WAY = r"on (?:(?:the|their|there|its|it['’]?s) )?way|on route|en route|coming"
_SENDING = r"sending (?:someone|somebody|a car|an? \w+|them|\w+)"
#: What is not taken for help where it is only “they”: who is outside may be anybody.
_THEIR_COMING = rf"(?:{_ON_THE_WAY}|{_SENDING})\b(?! in\b| for\b| at\b| after\b)"
_COMING = (
    rf"(?:{_ON_THE_WAY}|{_SENDING}|on (?:the )?scene"
    r"|arriv(?:ed|ing)|here|there|attending|with (?:us|me|her|him|them)|outside|turned up|sent"
    r"|dispatched|(?:been )?(?:called|rung|phoned|informed|told|contacted|sent))\b"
)
_RANG = re.compile(rf"{_SUBJECT}{_SOON}\b{_CALLED} {_SOON}{_WHO}", re.IGNORECASE)
_HELP_COMES = re.compile(
    rf"\b{_WHO}(?:['’]?(?:re|s|ve))?(?: (?:is|are|r|have|has|were|was|said|say|says))?"
    rf"(?: that)?(?: (?:they|it|someone|somebody)(?:['’]?(?:re|s|ll)| are| is| will)?(?: be)?)?"
    rf" {_SOON}(?:{_COMING}|\d+ min\w*)(?: now| soon)?",
    re.IGNORECASE,
)
#: “They are on the way”: said of the police only by who has just said that they rang.
_THEY_COME = re.compile(
    r"(?:\b(?:and|who|so) )?(?:\b(?:they|he|she) (?:said|say|told (?:me|us)) (?:that )?)?"
    r"\b(?:they|it|someone|somebody)(?:['’]?(?:re|s|ll|ve)| are| r| is| will| have)?(?: be)? "
    rf"{_SOON}(?:{_THEIR_COMING}|\d+ min\w*)(?: now| soon)?"
    r"|(?:\bthey )?\b(?:said|say) \d+ min\w*",
    re.IGNORECASE,
)
#: “I've rung”, “yes, rang them now”: the whole message.
_RUNG_ALONE = re.compile(
    r"(?:(?:ok(?:ay)?|yes|yep|yeah|done|right|just|now|already|i|we|i['’]?ve|we['’]?ve|have)\s+)*"
    r"(?:rung|rang|phoned|called)(?: (?:them|it|it in|now|already|thanks?|just now))*",
    re.IGNORECASE,
)
_PIECES = re.compile(r"[.,;!?\n]+|\bso\b|(?=\bbut\b)", re.IGNORECASE)
#: It is asked, planned or denied, or was long ago.
_NOT_RUNG = re.compile(
    r"^\W*(?:and |but |so )?(?:is|are|did|do|does|should|shall|when|will|would|can|could|why|how"
    r"|what|who|if|ha(?:s|ve) (?:you|i|we|the|an?|any\w*|some\w*|he|she|they))\b"
    r"|\b(?:not|never|no|nobody|none|without|until|unless|if|before|instead|should|refus\w+"
    r"|(?:have|has|had|did|do|does|are|is|was|were|wo|ca|could|would|should)n['’]?t|cannot"
    r"|(?:about|going|need|want|trying|scared|afraid) to|tried|cancel\w*|hung up|engaged"
    r"|last (?:week|month|year|night)|yesterday|(?:days?|weeks?|months?|years?) ago)\b",
    re.IGNORECASE,
)
_HELP_STAYS_AWAY = re.compile(
    r"\b(?:no answer|hung up|refus\w+|never (?:came|come)"
    r"|(?:not|(?:did|have|has|are|is|wo)n['’]?t)"
    r" (?:come|coming|turn\w*|arriv\w*|answer\w*|here|yet))",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"^(?:(?:ok(?:ay)?|yes|and|right|thanks?|thank you|i|we|i['’]?ve|have|now|all|done|so)\b\W*)*",
    re.IGNORECASE,
)
_FEWEST = 2


def after_ringing(text: str) -> str | None:
    """What else is said by who tells that 999 was rung or that help is on its way.

    An empty text where there is nothing else; None where no such thing is told.
    """
    if _HELP_STAYS_AWAY.search(text):
        return None
    told = False
    rest: list[str] = []
    for piece in _PIECES.split(text):
        if _RUNG_ALONE.fullmatch(piece.strip()):
            told = True
            continue
        rings = bool(_RANG.search(piece) or _HELP_COMES.search(piece))
        if rings and not _NOT_RUNG.search(piece):
            told = True
            piece = _HELP_COMES.sub(" ", _RANG.sub(" ", piece))
        rest.append(piece)
    if not told:
        return None
    left = [
        piece if piece.startswith("but ") else _FILLER.sub("", _THEY_COME.sub(" ", piece).strip())
        for piece in map(str.strip, rest)
    ]
    return ". ".join(piece.strip() for piece in left if len(piece.split()) >= _FEWEST)


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
    writer = {"about_writer": "yes"} if standing.about_writer or standing.child else {}
    parse = {**sure_intent("alarm", {"alarm": str(standing.kind), **writer}), FOLLOWS: "rung"}
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
    "FOLLOWS", "GO_ON", "HELP_TOPICS", "Standing", "after_ringing", "for_who_writes", "goes_on",
    "rung", "standing_of", "way_back", "works_with_children",
]  # fmt: skip
