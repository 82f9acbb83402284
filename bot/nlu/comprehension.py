"""What a message asks: its intent and, where it asks something, the topic of each question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.guidance.load import Guidance
from bot.guidance.models import Topic
from bot.nlu.ages import UNDER_13_LEVEL, ages_in, asks_for_low, of_that_age
from bot.nlu.area_mentions import names_an_area_alone
from bot.nlu.asked import (
    areas_in,
    names_a_term_alone,
    question_about,
    question_for_term,
    question_of,
    surely_about,
    tells_a_case,
    term_in,
    terms_alone,
    with_other_plans,
)
from bot.nlu.entities import Found, Vocabulary
from bot.nlu.examples import ASK, plain_command
from bot.nlu.intents import (
    COURTESIES,
    FALLBACK,
    IN_AREA,
    OF_A_SCREENING,
    OTHER_LANGUAGE,
    intent_of,
)
from bot.nlu.introductions import without_introduction
from bot.nlu.languages import Languages
from bot.nlu.leaning import leans, own_words, points_back
from bot.nlu.numbers_asked import numbers_asked
from bot.nlu.own_area import Place, asked_once, places_of
from bot.nlu.passages import PassageIndex
from bot.nlu.plainly_asked import SIGNS, plainly_asked
from bot.nlu.questions import Part, names_a_thing, split_questions
from bot.nlu.shorthand import Shorthand
from bot.nlu.spelling import Spelling
from bot.nlu.topic_model import Ranked, Reading, TopicModel
from bot.nlu.whom import weighed_by_question

#: What goes on from what was said, and says something.
_GOES_ON = re.compile(r"\W*(?:and|or|what if)\b(?:\W+\w+){2}", re.IGNORECASE)
#: Words that only say that areas are to be compared.
_COMPARING = re.compile(
    r"\b(?:compare|comparing|comparison|between|versus|vs|v|differ\w*|side by side|with|and|both"
    r"|for|in|on|to|of|the|is|are|from|me|show)\b|[:,?!.]",
    re.IGNORECASE,
)
#: Asks for the meaning of a term, and for nothing else.
_MEANING = re.compile(
    r"^\W*(?:so |and |sorry |ok |hi |what|whats|what's|wots|wot)\W*(?:what |does |do |is |dose )*"
    r"(?:the )?[\w&/.-]+(?: [\w&/.-]+){0,3} (?:mean|means|meen|stand for|stands for|short for)\W*$",
    re.IGNORECASE,
)
#: A question of time after one on the same meeting, and the topic that tells it.
_ASKS_WHEN = re.compile(r"\bwhen\b", re.IGNORECASE)
_DEADLINE = f"{ASK}/cse_meeting_deadline"
#: How often a message read with what it leans on counts beside the message alone: with words of
#: its own, and without. Product choices, like the next two, set on follow-ups written for it.
LEANED_ON, LEANED_ON_WHOLLY = 1, 2
#: How much likelier a topic is that stands near the one spoken of, and how much less that one
#: itself: its answer has just been read.
NEAR_TOPIC, SAME_TOPIC = 2.0, 0.5
#: Confidence from which a question that points at nothing is clear alone (“who do I ring?”).
CLEAR_ALONE = 0.85
#: Confidence from which a question is read without what was told before it.
CERTAIN_ALONE = 0.97
#: Confidence from which “more” or “thanks” is taken for that, although it might lean on a topic.
SURELY_NO_QUESTION = 0.6
#: Confidence from which a message that leans on nothing else is none of the guide's business.
SURELY_OUTSIDE = 0.8
#: The intent that begins a screening, and the confidence of a part that surely wants it.
START_SCREENING, SURELY_WANTED = "start_screening", 0.9


@dataclass(frozen=True)
class Understood:
    """What a message says: its intent with a confidence from 0 to 1 (None for an empty message).

    `ranking` holds the labels that it may have, likeliest first, and `questions` what it asks, as
    `bot.nlu.asked` writes it; both are None where the intent was plain. `passages` are the pieces
    of guidance nearest in meaning to what was not understood.
    """

    intent: str | None
    confidence: float
    ranking: tuple[Ranked, ...] | None = None
    questions: list[dict[str, Any]] | None = None
    passages: Sequence[Mapping[str, object]] = ()


class Comprehension:
    """Understands messages with what was learned from the training phrases.

    `commands` are phrases that are an intent word for word; `thresholds` confidences and a cosine,
    as the classifier's settings name them.
    """

    def __init__(
        self,
        guidance: Guidance,
        model: TopicModel,
        passages: PassageIndex,
        commands: Mapping[str, str],
        spelling: Spelling,
        languages: Languages,
        thresholds: Mapping[str, float],
    ) -> None:
        self._guidance = guidance
        self._model = model
        self._passages = passages
        self._commands = commands
        self._spelling = spelling
        self._languages = languages
        self._thresholds = thresholds
        self._shorthand = Shorthand(Vocabulary.read().shorthand)
        self._near = _near_topics(guidance)
        self._tags = {f"{ASK}/{one.id}": one.tags for one in guidance.topics.values()}

    def understand(self, text: str, entities: Sequence[Found], about: str | None) -> Understood:
        """What `text`, with its entities, says after an answer on the topic `about`."""
        if not text.strip():
            return Understood(None, 0.0)
        # a phrase of a plain intent, word for word, is that intent and nothing else; but “how long”
        # after an answer asks of that, where no screening is under way
        command = self._commands.get(plain_command(text))
        if command and not (about and command in OF_A_SCREENING):
            return Understood(command, 1.0)
        if self._languages.is_foreign(text):
            return Understood(OTHER_LANGUAGE, 1.0)
        asked = without_introduction(text)
        parts, spans = _spans(asked)
        variants = [self._variants(text, asked, span, entities) for span in spans]
        aged = [ages_in(entities, *span) for span in spans]
        readings = [of_that_age(*one) for one in zip(self._model.read(variants), aged, strict=True)]
        whole = of_that_age(self._leaning(asked, variants[0], readings[0], about), aged[0])
        whole = weighed_by_question(
            whole, parts, readings[1:], self._tags, self._thresholds["part"]
        )
        # who introduces themselves says there for which area they ask
        introduced = areas_in([one for one in entities if asked[one.start].isspace()], 0, len(text))
        places = places_of(text, parts, entities, introduced)
        own = any(one.own for one in places)
        beside = self._parts(asked, parts, variants[1:], readings[1:], about, places, entities)
        readings[1:] = [of_that_age(*one) for one in zip(beside, aged[1:], strict=False)]
        whole = asked_once(whole, parts, places, readings[1:])
        best = whole.ranked[0]
        questions = self._several(parts, readings[1:], entities, places)
        if not questions:
            areas = areas_in(entities, 0, len(text))
            numbers = numbers_asked(_without_areas(Part(asked, 0, True), entities), about)
            questions = [question_about(one, areas, own) for one in numbers]
        terms = terms_alone(text, entities)
        if terms:
            name, confidence = "explain_term", 1.0
            questions = [question_for_term(one) for one in terms]
        elif questions:
            sure = [guess["confidence"] for one in questions for guess in one["topics"]]
            name, confidence = ASK, min(sure, default=1.0)
        else:
            name, confidence = intent_of(whole, asked, entities, self._thresholds), best.confidence
            asks_meaning = _MEANING.search(asked) and any(one.entity == "term" for one in entities)
            if asks_meaning and confidence < self._thresholds["part"]:
                name, confidence = "explain_term", 1.0
            if name in (ASK, FALLBACK) and _is_wanted(START_SCREENING, readings[1:]):
                name, confidence = START_SCREENING, 1.0
            if names_a_term_alone(text, entities):
                name, confidence = "explain_term", 1.0
            if names_an_area_alone(text, entities):
                name, confidence = IN_AREA, 1.0
            if name == IN_AREA and own:  # “is it the same here as in Derby”
                name = "compare_areas"
            if name == ASK and tells_a_case(text, best.label.partition("/")[2], entities):
                name, confidence = "ask_route", 1.0
            if name == ASK:
                areas = areas_in(entities, 0, len(text))
                questions = with_other_plans([question_of(whole, areas, own)], entities)
                if asks_for_low(entities, aged[0]):
                    questions = [question_about(UNDER_13_LEVEL, areas)]
        if name == "compare_areas":
            questions = self._compared(text, entities)
        passages: Sequence[Mapping[str, object]] = ()
        if name == FALLBACK:
            questions = [question_of(whole, areas_in(entities, 0, len(text)), own)]
            if self._model.embedding is not None:
                vector = self._model.embedding.embed([self._shorthand.write_out(text)])[0]
                passages = self._passages.nearest(vector)
        return Understood(name, confidence, whole.ranked, questions, passages)

    def texts_of(self, text: str, entities: Sequence[Found]) -> list[str]:
        """The texts that `understand` will compare with what is known."""
        if not text.strip() or plain_command(text) in self._commands:
            return []
        asked = without_introduction(text)
        _, spans = _spans(asked)
        return [one for span in spans for one in self._variants(text, asked, span, entities)]

    def _compared(self, text: str, entities: Sequence[Found]) -> list[dict[str, Any]]:
        """What is to be compared, where the message says so beside the areas; else nothing."""
        bare = self._variants(text, text, (0, len(text)), entities)[-1]
        about = " ".join(_COMPARING.sub(" ", bare).split())
        surely = next(iter(numbers_asked(about)), plainly_asked(about, ()))
        if surely:
            return [question_about(surely, [])]
        words = len(re.findall(r"\w{2,}", about))
        if words < 2 and not names_a_thing(about):
            return []
        reading = self._model.read([(about,)])[0]
        best = reading.ranked[0]
        if not best.label.startswith(f"{ASK}/") or best.confidence < self._thresholds["part"]:
            return []
        return [question_of(reading, [])]

    def _variants(
        self, text: str, asked: str, span: tuple[int, int], entities: Sequence[Found]
    ) -> tuple[str, ...]:
        """A part of the text as typed and, where it names an area or tells who is writing, without.

        Where a word is misspelt, mended as well.
        `asked`: the text with the telling of who is writing blanked.
        """
        start, end = span
        typed = self._shorthand.write_out(text[start:end])
        without = asked[start:end]
        for one in sorted(entities, key=lambda one: -one.start):
            if one.entity.endswith("area") and start <= one.start and one.end <= end:
                without = without[: one.start - start] + without[one.end - start :]
        bare = self._shorthand.write_out(without if asked == text else without.strip())
        variants = (typed,) if bare == typed or len(bare) < 4 else (typed, bare)
        mended = self._spelling.mended(variants[-1])
        return variants if mended == variants[-1] else (*variants, mended)

    def _leaning(
        self,
        text: str,
        variants: Sequence[str],
        reading: Reading,
        about: str | None,
        unless: float = SURELY_NO_QUESTION,
    ) -> Reading:
        """A reading of `text` beside the topic that was spoken of, where it leans on that.

        `unless`: confidence (0 to 1) from which another intent than a question stands.
        """
        topic = self._guidance.topics.get(about or "")
        if topic is None or not leans(text):
            return reading
        best = reading.ranked[0]
        intent = best.label.partition("/")[0]
        # “and if I'm late” is no goodbye
        goes_on = intent in ("goodbye", "affirm", "deny") and _GOES_ON.match(text)
        if intent in OF_A_SCREENING or goes_on:
            beside = self._beside(variants, topic, LEANED_ON_WHOLLY)
            return _weighed(beside, dict.fromkeys((*OF_A_SCREENING, *COURTESIES), 0.0))
        if intent == "out_of_scope":
            if best.confidence >= SURELY_OUTSIDE and own_words(text):
                return reading
        elif best.confidence >= (CLEAR_ALONE if intent == ASK else unless) and (
            intent != ASK or (own_words(text) and not points_back(text))
        ):
            return reading
        times = LEANED_ON if own_words(text) else LEANED_ON_WHOLLY
        return self._beside(variants, topic, times)

    def _beside(self, variants: Sequence[str], topic: Topic, times: int) -> Reading:
        """A reading of a text together with the title of a topic, `times` as heavy as itself."""
        beside = [f"{topic.title}: {variants[0]}"] * times
        reading = self._model.read([(*variants, *beside)], most=20)[0]
        near = {f"{ASK}/{name}" for name in self._near.get(topic.id, ())}
        return _weighed(
            reading, {f"{ASK}/{topic.id}": SAME_TOPIC} | dict.fromkeys(near, NEAR_TOPIC)
        )

    def _parts(
        self,
        text: str,
        parts: Sequence[Part],
        variants: Sequence[Sequence[str]],
        readings: Sequence[Reading],
        about: str | None,
        places: Sequence[Place],
        entities: Sequence[Found],
    ) -> list[Reading]:
        """The readings of a message's parts, each with what stands before it where that helps.

        That is what the sentence before tells, or else the topic of the question before. One that
        asks the same for another place is read as the question before it.
        """
        found: list[Reading] = []
        told: Part | None = None
        last_asked: Reading | None = None
        asked_before, leant = False, False
        for part, variant, plain, place in zip(parts, variants, readings, places, strict=False):
            reading = plain
            if not part.asks:
                told, leant = part, False
                found.append(plain)
                continue
            if place.takes_up:
                found.append(last_asked or plain)
                continue
            numbers = numbers_asked(_without_areas(part, entities), about)
            plainly = plainly_asked(part.text, ages_in(entities, part.start, part.end))
            # the signs without more are those of no place in particular
            if topic_id := next(iter(numbers), plainly if plainly == SIGNS else None):
                asked_before, leant, about = True, True, topic_id
                last_asked = surely_about(topic_id)
                found.append(last_asked)
                continue
            if told is not None and not leant and leans(part.text):
                joined = self._shorthand.write_out(text[told.start : part.end])
                reading = self._model.read([(*variant, *[joined] * LEANED_ON_WHOLLY)])[0]
            elif told is not None and not _is_certain(plain):
                # “girl's 11. what level is she, and can she agree”: it is told for both
                before = self._shorthand.write_out(text[told.start : told.end])
                reading = self._model.read([(*variant, f"{before} {variant[-1]}")])[0]
            else:
                reading = self._leaning(part.text, variant, plain, about, unless=1.0)
            topic = self._guidance.topics.get(about or "") if asked_before else None
            if topic is not None and not self._is_sure(reading):
                # “how often does panel sit, and can school come”: to what, was said before
                beside = self._beside(variant, topic, LEANED_ON)
                reading = beside if self._is_sure(beside) else reading
            if last_asked is not None and _ASKS_WHEN.search(part.text):
                # “who chairs the meeting and when does it have to be”: not the same again
                again = reading.ranked[0].label == last_asked.ranked[0].label
                if again and plain.ranked[0].label == _DEADLINE and self._is_sure(plain):
                    reading = plain
            if plainly and not self._is_sure(reading):
                reading = surely_about(plainly)
            leant = asked_before = True
            best = reading.ranked[0]
            if best.label.startswith(f"{ASK}/") and self._is_sure(reading):
                about = best.label.partition("/")[2]
            found.append(reading)
            last_asked = reading
        return found

    def _is_sure(self, reading: Reading) -> bool:
        """Whether a part of a message is understood well enough to be answered by itself."""
        return bool(reading.ranked[0].confidence >= self._thresholds["part"])

    def _several(
        self,
        parts: Sequence[Part],
        readings: Sequence[Reading],
        entities: Sequence[Found],
        places: Sequence[Place],
    ) -> list[dict[str, Any]]:
        """The questions of a message that asks several things; empty if it does not."""
        questions: list[dict[str, Any]] = []
        for part, reading, place in zip(parts, readings, places, strict=False):
            best = reading.ranked[0]
            leaning = bool(questions) and leans(part.text)
            enough = self._thresholds["leaning_part" if leaning else "part"]
            numbers = numbers_asked(_without_areas(part, entities)) if part.asks else ()
            if len(numbers) > 1:  # “numbers for day and night”
                questions += [question_about(one, place.areas, place.own) for one in numbers]
                continue
            if not part.asks or best.confidence < enough:
                continue
            if best.label == "explain_term" and (term := term_in(entities, part)):
                questions.append(question_for_term(term))
                continue
            if not best.label.startswith(f"{ASK}/"):
                continue
            question = question_of(reading, place.areas, place.own)
            question["topics"] = question["topics"][:1]
            if not any(_asks_the_same(question, one, place) for one in questions):
                questions.append(question)
        return questions if len(questions) > 1 else []


def _without_areas(part: Part, entities: Sequence[Found]) -> str:
    """The text of a part without the areas that it names."""
    text = part.text
    for one in sorted(entities, key=lambda one: -one.start):
        if one.entity.endswith("area") and part.start <= one.start and one.end <= part.end:
            text = f"{text[: one.start - part.start]} {text[one.end - part.start :]}"
    return text


def _asks_the_same(question: dict[str, Any], before: dict[str, Any], place: Place) -> bool:
    """Whether a question was asked before: for another place it only was where that is so meant."""
    if [one["topic"] for one in question["topics"]] != [one["topic"] for one in before["topics"]]:
        return False
    same_place = all(question.get(key) == before.get(key) for key in ("areas", "own"))
    return same_place or not place.takes_up


def _is_wanted(intent: str, parts: Sequence[Reading]) -> bool:
    """Whether a part of a message surely is `intent`: a story, then “can we do a screening”."""
    best = (reading.ranked[0] for reading in parts)
    return any(one.label == intent and one.confidence >= SURELY_WANTED for one in best)


def _is_certain(reading: Reading) -> bool:
    """Whether a question needs nothing beside it to be understood."""
    return reading.ranked[0].confidence >= CERTAIN_ALONE


def _near_topics(guidance: Guidance) -> dict[str, set[str]]:
    """The topics that stand near each topic: those it offers, and those that offer it."""
    near: dict[str, set[str]] = {name: set(one.related) for name, one in guidance.topics.items()}
    for name, topic in guidance.topics.items():
        for other in topic.related:
            near.setdefault(other, set()).add(name)
    return near


def _weighed(reading: Reading, weights: Mapping[str, float]) -> Reading:
    """A reading whose labels count as many times as `weights` says, likeliest first."""
    raised = [(one, one.confidence * weights.get(one.label, 1.0)) for one in reading.ranked]
    total = sum(chance for _, chance in raised)
    ranked = sorted(
        (Ranked(one.label, chance / total) for one, chance in raised),
        key=lambda one: -one.confidence,
    )
    return Reading(tuple(ranked), reading.nearness)


def _spans(text: str) -> tuple[list[Part], list[tuple[int, int]]]:
    """The parts of a text, and what is read of it: the whole, and each of several parts."""
    parts = split_questions(text)
    return parts, [(0, len(text)), *((one.start, one.end) for one in parts if len(parts) > 1)]
