"""From what was understood to what is said: one turn about guidance, without Rasa.

`Memory` is all that a conversation remembers about guidance: the area, and the topic last
answered. Everything else is derived from the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.guidance.answering import (
    Answering,
    Citations,
    areas_in_order,
    ask_payload,
    contact_card,
)
from bot.guidance.elsewhere import answer_there
from bot.guidance.models import AreaId
from bot.guidance.reply import Choice, ContactCard, Reply, Statement

#: Topics offered when a message was not understood well enough.
CHOICES_WHEN_UNSURE = 3
#: Follow-ups that lean on the last answer.
FollowUp = Literal["source", "more", "changed", "shorter", "why"]

#: A topic that is likelier than this is answered alone. Product choices, set on held-out questions.
CERTAIN = 0.85
#: Below it, up to MOST_ANSWERS topics are answered.
DOUBTFUL = 0.5
#: What a second topic must have of the first one's likelihood to be answered too.
NEARLY = 0.15
MOST_ANSWERS = 3
#: How likely a topic stays that the area's source is silent on.
SILENT_WEIGHT = 0.4

#: The topic on places that the guidance does not cover.
OTHER_AREA = "gap_other_area"
WHO_TO_RING = "who_to_ring"
_STARTERS = (WHO_TO_RING, "signs_overview", "first_step", "definition_of_cse")


@dataclass(frozen=True)
class Guess:
    """A topic that a question may be about, and how likely that is, 0 to 1."""

    topic: str
    confidence: float = 1.0


@dataclass(frozen=True)
class Question:
    """What a question may be about, likeliest first, with the areas that it names.

    A question about a term alone has no guesses, and the term's id. `own`: it is also, or only,
    for the conversation's own area, while the message asks about another one too.
    """

    guesses: tuple[Guess, ...]
    areas: tuple[AreaId, ...] = ()
    term: str | None = None
    own: bool = False

    @classmethod
    def about(cls, topic: str) -> Question:
        """A question that is surely about one topic, as a button asks it."""
        return cls((Guess(topic),))


@dataclass(frozen=True)
class Passage:
    """An answer near in meaning to what was asked: its topic, and its number in the topic."""

    topic: str
    answer: int


@dataclass(frozen=True)
class Memory:
    """What a conversation remembers about guidance."""

    area: AreaId | None = None
    topic: str | None = None


@dataclass(frozen=True)
class Turn:
    """What is said, and what is remembered from then on."""

    replies: tuple[Reply, ...]
    memory: Memory


class GuidanceConversation:
    """Answers a turn. Pure: the same understanding and memory give the same turn."""

    def __init__(self, answering: Answering) -> None:
        self.answering = answering

    def ask(
        self,
        questions: Sequence[Question],
        memory: Memory,
        areas: Sequence[AreaId] = (),
        told: Sequence[AreaId] = (),
    ) -> Turn:
        """Answer each question. `areas` are all areas that the message asks about.

        `told`: those in which only its story takes place; where an answer could have been another
        for them, that is said. Another area beside the conversation's own changes nothing of it.
        """
        replies: list[Reply] = []
        stays = memory.area is not None and any(one.own for one in questions)
        area = areas[-1] if len(areas) == 1 and not stays else memory.area
        topic = memory.topic
        given: set[tuple[str, AreaId | None]] = set()
        for question in questions:
            if question.term is not None:
                replies.append(self.answering.term(question.term))
                continue
            own = (memory.area,) if question.own and memory.area else ()
            named = tuple(dict.fromkeys((*question.areas, *own))) or tuple(areas)
            here = named[0] if named else area
            first, *others = self._likeliest(question.guesses, here)
            topic = first
            if len(named) > 1:
                replies += self.answering.compare(first, areas_in_order(named))
                continue
            if here != area:  # a follow-up leans on the remembered area, which is another one
                topic = self.answering.topic_in(first, here)
            if (first, here) in given:
                continue
            given.add((first, here))
            if ours := self._ours(first, here, (*told, *areas)):
                # “Luton has a panel, do we have one?”: Luton's may be meant all the same
                topic, first, others = ours, ours, [first, *others]
            if here is not None and first == memory.topic and here in question.areas:
                # “and does Derby have a CSEP?” after Luton's: asked again, for another area
                topic, there = answer_there(self.answering, first, here)
                replies += there
                continue
            replies += self.answering.answer(first, here)
            for other in others:
                replies += self._if_meant(other, here)
        elsewhere = [one for one in areas_in_order(told) if one not in (area, *areas)]
        if area is not None and elsewhere and topic and self.answering.differs(topic):
            replies.append(self._kept_to(area, elsewhere))
        return Turn(tuple(replies), Memory(area, topic))

    def _ours(self, topic: str, here: AreaId | None, named: Sequence[AreaId]) -> str | None:
        """What an area has in place of what only another one has that is named beside it, or None.

        The documents' topics say by their tags what they are of, and which area's.
        """
        topics = self.answering.guidance.topics
        tags = topics[topic].tags
        of_others = [one for one in named if one in tags]
        if here is None or here in tags or not of_others:
            return None
        wanted = {*tags, here}.difference(of_others)
        return next((one.id for one in topics.values() if wanted == set(one.tags)), None)

    def _kept_to(self, area: AreaId, others: Sequence[AreaId]) -> Reply:
        """For which area it was answered, where others were named too."""
        places = self.answering.guidance.areas
        return Reply(
            kind="area_kept",
            headline=f"I answered for {places[area].name}. "
            f"Shall I answer for {' or '.join(places[one].name for one in others)} instead?",
            choices=tuple(
                Choice(places[one].name, ask_payload(area=one, intent="in_area")) for one in others
            ),
            area=area,
        )

    def _likeliest(self, guesses: Sequence[Guess], area: AreaId | None) -> list[str]:
        """The topics to answer: the likeliest, and another that is nearly as likely.

        A topic that the area's source is silent on is less likely to be meant there.
        """
        topics = self.answering.guidance.topics
        weighed = sorted(
            (
                (one.confidence * (SILENT_WEIGHT if area in topics[one.topic].silent else 1), one)
                for one in guesses
            ),
            key=lambda pair: -pair[0],
        )
        best = weighed[0][0]
        chosen = [weighed[0][1].topic]
        if best < CERTAIN:
            most = MOST_ANSWERS if best < DOUBTFUL else 2
            near = [one.topic for weight, one in weighed[1:most] if weight >= NEARLY * best]
            chosen += near
        return chosen

    def _if_meant(self, topic: str, area: AreaId | None) -> tuple[Reply, ...]:
        """A second answer, introduced as one that may have been meant."""
        title = self.answering.guidance.topics[topic].title
        return tuple(
            replace(
                reply,
                label=f"If you meant “{title}”" + (f", {reply.label}" if reply.label else ""),
                choices=(),
            )
            for reply in self.answering.answer(topic, area)
        )

    def in_area(self, areas: Sequence[AreaId], memory: Memory) -> Turn:
        """An area in passing: it is remembered, and the last question is answered again for it."""
        if not areas:
            return Turn((self._which_area(),), memory)
        if len(areas) > 1:
            return self.compare(areas, memory)
        changed = replace(memory, area=areas[0])
        if memory.topic is None:
            place = self.answering.guidance.areas[areas[0]]
            return Turn(
                (
                    Reply(
                        kind="area_set",
                        headline=f"I will answer for {place.name}. What would you like to know?",
                        choices=self._starters(),
                        area=place.id,
                    ),
                ),
                changed,
            )
        topic = memory.topic
        if topic == OTHER_AREA:  # it was asked about a place without a route; here there is one
            topic = WHO_TO_RING
            changed = replace(changed, topic=topic)
        topic, replies = answer_there(self.answering, topic, areas[0])
        return Turn(replies, replace(changed, topic=topic))

    def compare(self, areas: Sequence[AreaId], memory: Memory, topic: str | None = None) -> Turn:
        """A topic (or the last one) for several areas side by side."""
        about = topic or memory.topic
        wanted = areas_in_order([*areas, *([memory.area] if memory.area else [])])
        chosen = areas_in_order(areas) if len(set(areas)) > 1 else wanted
        if about is None or len(chosen) < 2:
            return Turn(
                (
                    Reply(
                        kind="compare_what",
                        headline="I can put two areas side by side. Ask about one thing first, "
                        "then say, for example, “compare Derby and Derbyshire”.",
                        choices=self._starters(),
                    ),
                ),
                memory,
            )
        return Turn(self.answering.compare(about, chosen), replace(memory, topic=about))

    def follow_up(self, kind: FollowUp, memory: Memory) -> Turn:
        """“Source?”, “more”, “what changed?”, “shorter”, “why?” about the last answer."""
        if memory.topic is None:
            if kind == "changed":
                return self.ask([Question.about("what_changed_overview")], memory)
            if kind == "source":
                return self.ask([Question.about("how_old_are_sources")], memory)
            return Turn(
                (
                    Reply(
                        kind="nothing_yet",
                        headline="I have not answered anything yet. What would you like to know?",
                        choices=self._starters(),
                    ),
                ),
                memory,
            )
        if kind == "source":
            replies: tuple[Reply, ...] = (self.answering.sources(memory.topic, memory.area),)
        elif kind == "more":
            replies = self.answering.more(memory.topic, memory.area)
        elif kind == "shorter":
            replies = self.answering.shorter(memory.topic, memory.area)
        elif kind == "why":  # the details and the law, else where it stands
            replies = self.answering.more(memory.topic, memory.area)
            if not replies[0].points:
                replies = (self.answering.sources(memory.topic, memory.area),)
        else:
            replies = (self.answering.changes(memory.topic, memory.area),)
        return Turn(replies, memory)

    def explain(self, terms: Sequence[str], memory: Memory) -> Turn:
        """What each of some terms means."""
        return Turn(tuple(map(self.answering.term, terms)), memory)

    def give_contact(self, contacts: Sequence[str], memory: Memory) -> Turn:
        """Contacts asked for by name."""
        return Turn(tuple(self.answering.contact(name) for name in contacts), memory)

    def unsure(self, ranking: Sequence[str], passages: Sequence[Passage], memory: Memory) -> Turn:
        """Not understood well enough: choices, then the nearest guidance, then whom to ask."""
        guidance = self.answering.guidance
        known = [topic for topic in ranking if topic in guidance.topics][:CHOICES_WHEN_UNSURE]
        replies = []
        choices = tuple(Choice(guidance.topics[name].title, ask_payload(name)) for name in known)
        cites = Citations(guidance, self.answering.today)
        places = [(one.topic, one.answer) for one in passages if one.topic in guidance.topics]
        points, _ = self.answering.passages(places, memory.area, cites)
        cards: tuple[ContactCard, ...] = ()
        if memory.area is not None:
            place = guidance.areas[memory.area]
            contacts = [guidance.contacts[name] for name in place.contacts[:1]]
            for contact in contacts:
                cites.add(contact.cite)
            cards = tuple(map(contact_card, contacts))
        replies.append(
            Reply(
                kind="unsure",
                headline="I am not sure what you mean. Is it one of these?"
                if choices
                else "I did not understand that.",
                points=(
                    *(
                        Statement(f"Nearest in my sources: {point.text}", point.cites)
                        for point in points
                    ),
                ),
                contacts=cards,
                sources=cites.lines(),
                choices=choices or self._starters(),
                area=memory.area,
                closing="If it is none of these, ask your safeguarding lead or your council's "
                "children's services. If a child is in immediate danger, ring 999.",
            )
        )
        return Turn(tuple(replies), memory)

    def _which_area(self) -> Reply:
        return Reply(
            kind="which_area",
            headline="Which area do you work in?",
            choices=tuple(
                Choice(area.name, ask_payload(area=area.id, intent="in_area"))
                for area in self.answering.guidance.areas.values()
            ),
        )

    def _starters(self) -> tuple[Choice, ...]:
        topics = self.answering.guidance.topics
        return tuple(
            Choice(topics[name].title, ask_payload(name)) for name in _STARTERS if name in topics
        )
