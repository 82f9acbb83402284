"""What an alarm leaves standing in a conversation, read from its events.

It is handed on from one session of a conversation to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, cast

from rasa.shared.core.events import Restarted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.safety import KINDS, Kind
from bot.safety.replies import NO_ALARM, Follows

#: Under this name a parse says that it follows an alarm, and how: see `bot.safety.replies.Follows`.
FOLLOWS = "follows"
#: Under this name a parse says what of danger goes on: see `bot.safety.still_danger.Still`.
STILL = "still"
#: Under this name an alarm's parse says that a child was looked for: who walks in is back.
LOOKED_FOR = "looked_for"
#: Under this name the first event of a session says what stood at the end of the one before it.
STANDING = "standing"
#: Messages of the person for which danger stands; then police are ordinary talk again.
DANGER_STANDS = 5
#: A screening's question whether anybody is in danger, and its notice to ring 999 first.
DANGER_QUESTION, RINGING_NOTICE = "immediate_danger", "danger_now"
#: Kinds of danger: 999 is the answer to both.
DANGER: tuple[Kind, ...] = ("immediate_danger", "self_harm")
#: Topics that an alarm itself offers: they are a part of it, not what was under way.
OF_THE_ALARM = frozenset(
    {"police_information", "protect_evidence", "when_police", "child_wants_help", "signs_self_harm"}
)


@dataclass(frozen=True)
class Standing:
    """The last alarm of a conversation, and who seems to write.

    `kind` is None where there was none. `child`: a child or young person wrote, and nobody has
    said since then that they work with children. `topic` was under way before. `turns` counts the
    person's messages since then, and `asked` says that one of them asked about something else.
    `question`: danger was only asked about. `told` is what was said of the alarm since then: that
    999 was rung, or that the danger is over. `looked_for`: it was told of a child who was away.
    """

    kind: Kind | None = None
    about_writer: bool = False
    child: bool = False
    topic: str | None = None
    turns: int = 0
    asked: bool = False
    question: bool = False
    told: Follows | None = None
    looked_for: bool = False

    @property
    def unanswered(self) -> bool:
        """Whether nobody has said yet that 999 was rung, or that the danger is over."""
        return self.danger and self.told is None

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
            if spoken and topic is not None and topic not in OF_THE_ALARM:
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
        # where danger goes on, it no longer counts that it was over, or that 999 was rung
        goes_on = STILL in (event.parse_data or {})
        return replace(standing, turns=0, told=None if goes_on else _told(follows, standing))
    writer = any(one["entity"] == "about_writer" for one in event.entities)
    return Standing(
        kind,
        writer,
        # a child who tells of danger in the words of others is a child still; a parent who was
        # taken for one may say so
        child=writer or kind == "child_writing" or (standing.child and kind != "parent_or_public"),
        topic=standing.topic if topic in OF_THE_ALARM else topic,
        question=any(one["entity"] == "question" for one in event.entities),
        told=_told(follows, Standing()),
        looked_for=bool((event.parse_data or {}).get(LOOKED_FOR)) or standing.looked_for,
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
