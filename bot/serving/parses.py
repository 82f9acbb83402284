"""What Rasa is given instead of a text: a parse, and how sure it is of what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.guidance.conversation import WHO_TO_RING

#: What Rasa stores instead of what was typed.
PLACEHOLDER = "(not kept)"
#: Confidence from which a message during a screening is a question about guidance.
SIDE_QUESTION = 0.5
#: Intents that are answered in the middle of a screening, before it goes on.
SIDE_INTENTS = frozenset(
    {"ask", "explain_term", "help", "bot_challenge", "follow_source", "follow_more",
     "follow_changed", "compare_areas", "ask_route"}
)  # fmt: skip
#: Confidence from which a question in a message that raises an alarm is answered as well.
SURE_BESIDE_ALARM = 0.25
#: The same where the alarm rests on likeness alone and nothing is put as a question.
SURE_BESIDE_LIKENESS = 0.6
#: What only a question has. “A man who is with her”, “he's outside, is banging” tell something.
_REALLY_ASKS = re.compile(
    r"\?"
    r"|\b(?:do|does|did|should|shall|can|could|must|may|might|would|am|are) (?:i|we)\b"
    r"|\b(?:what|whats|how|where|which|when|who|whos|whom|why)\b(?:['’]?s)?"
    r" (?:do|does|should|shall|can|could|must|else|next|about|number|form|tool|level|needs to)\b"
    r"|(?:^|[,.;!–-] ?|\b(?:and|so|but) )(?:what|whats|how|where|which|why)\b(?:['’]?s)? "
    r"(?:is|are|was|happens|does|the|it|counts|if)\b"
    r"|(?:^|[,.;!–-] ?|\b(?:and|so|but) )(?:is|does|can|should|will|would|do|are) "
    r"(?:it|this|that|there|they|the|an?)\b"
    r"|\b(?:explain|remind me|show me|give me|tell me (?:what|who|how|where|which|about|if|the)"
    r"|(?:need|want) to know (?:what|who|how|where|which|about|if|whether|the)"
    r"|(?:know|sure|idea|clear) (?:what|who|whom|how|where|which) to|wondering)\b",
    re.IGNORECASE,
)
#: Somebody of whom something is told.
_TELLS = re.compile(
    r"\b(?:she|he|they|him|her|them|his|their|hes|shes|theyre|someone|somebody|i"
    r"|i['’]?m|my|we|our"
    r"|(?:yps?|girls?|boys?|lads?|child|kids?|man|men|bloke|gang|lass|boyfriend)"
    r"(?:['’]s| is| are| has| have| being| on| in| at| with| outside| under| been| just| got))\b",
    re.IGNORECASE,
)


def asking(parse: Mapping[str, Any]) -> float:
    """Probability that a message asks something, whichever of several near topics it is."""
    ranking = parse.get("intent_ranking") or [parse["intent"]]
    asked: float = sum(
        one["confidence"] for one in ranking if one["name"].partition("/")[0] in SIDE_INTENTS
    )
    return max(asked, float(parse["intent"]["confidence"]))


def surely_asked(text: str, parse: dict[str, Any], only_alike: bool) -> list[dict[str, Any]]:
    """The questions of a message that raises an alarm, where it surely asks one too.

    `only_alike`: no rule fired, the message is only like those that tell of danger; then it need
    not be put as a question, if it surely names a topic and tells of nobody.
    """
    if parse["intent"]["name"] != "ask":
        return []
    confidence = parse["intent"]["confidence"]
    sure = really_asks(text) and confidence >= SURE_BESIDE_ALARM
    names = only_alike and confidence >= SURE_BESIDE_LIKENESS and _TELLS.search(text) is None
    if not (sure or names):
        return []
    return [{**one, "topics": one["topics"][:1]} for one in parse.get("questions", [])]


def really_asks(text: str) -> bool:
    """Whether a message puts a question: where danger is told, one word like “who” is none."""
    return _REALLY_ASKS.search(text) is not None


def likeliest_topic(parse: Mapping[str, Any]) -> str | None:
    """The topic that a message is likeliest about, or that a button names."""
    for question in parse.get("questions") or ():
        for guess in question["topics"]:
            return str(guess["topic"])
    named = (one["value"] for one in parse["entities"] if one["entity"] == "topic")
    return next((str(one) for one in named), None)


def perhaps_asked(parse: Mapping[str, Any]) -> str:
    """The topic of a message that may be a practitioner's after all, else whom to ring."""
    sure = parse["intent"]["confidence"] >= SURE_BESIDE_ALARM
    if parse["intent"]["name"] == "ask" and sure:
        for question in parse.get("questions", []):
            for guess in question["topics"]:
                return str(guess["topic"])
    return WHO_TO_RING


def sure_intent(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A parse that is surely of one intent."""
    return {
        "text": PLACEHOLDER,
        "intent": {"name": name, "confidence": 1.0},
        "entities": entities_of(values),
    }


def entities_of(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Values by name as entities of a parse."""
    return [{"entity": key, "value": value} for key, value in values.items()]
