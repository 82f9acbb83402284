"""Rasa graph components: the tokeniser, the entity extractor and the topic classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.guidance.load import Guidance, load_guidance
from bot.nlu.embedding import shared_embedding
from bot.nlu.entities import EntityFinder, Found, Vocabulary
from bot.nlu.questions import Part, split_questions
from bot.nlu.shorthand import Shorthand
from bot.nlu.topic_model import Ranked, TopicModel

#: The intent whose sub-intents (`ask/<topic>`) are the topics of the guidance.
ASK = "ask"
#: The intent of a message that was not understood well enough.
FALLBACK = "nlu_fallback"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class FieldTokenizer(Tokenizer):
    """Tokenises with spaCy's blank English and the field's abbreviations kept whole."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._language = EntityFinder(load_guidance()).language

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own settings of a tokeniser."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FieldTokenizer:
        """Made by Rasa."""
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of an attribute of a message."""
        doc = self._language.make_doc(message.get(attribute) or "")
        return [Token(token.text, token.idx) for token in doc if not token.is_space]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FieldEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds areas, roles, ages, levels, sections, plans, terms and contacts to a message."""

    def __init__(self, finder: EntityFinder) -> None:
        self._finder = finder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FieldEntityExtractor:
        """Made by Rasa."""
        return cls(EntityFinder(load_guidance()))

    def process(self, messages: list[Message]) -> list[Message]:
        """Each message with its entities."""
        for message in messages:
            found = self._finder.find(message.get("text") or "")
            entities = [
                {
                    "entity": one.entity,
                    "value": one.value,
                    "start": one.start,
                    "end": one.end,
                    "extractor": type(self).__name__,
                }
                for one in found
            ]
            message.set("entities", message.get("entities", []) + entities, add_to_output=True)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Finds the intent of a message and, where it asks something, the topic of each question.

    Adds to the message: `intent` and `intent_ranking`; `questions`, a list of
    `{"topic", "confidence", "areas"}`, one for each question found in it; and `topic_ranking`, the
    nearest topics. A message that is not understood well enough gets the intent `nlu_fallback`.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        guidance: Guidance,
        model: TopicModel | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._guidance = guidance
        self._model = model
        self._shorthand = Shorthand(Vocabulary.read().shorthand)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Thresholds of confidence, 0 to 1; product choices, set from cross-validation.

        `sure`: below it the message counts as not understood; `part`: what each of several
        questions in one message must reach; `near`: cosine to the nearest example below which
        nothing is understood.
        """
        return {"sure": 0.30, "part": 0.55, "near": 0.35}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """Made by Rasa for training."""
        return cls(config, model_storage, resource, load_guidance())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """Made by Rasa for serving."""
        with model_storage.read_from(resource) as folder:
            model = TopicModel.load(folder, shared_embedding())
        return cls(config, model_storage, resource, load_guidance(), model)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example; the topics' titles and first lines count as examples too."""
        texts, labels = training_examples(training_data.intent_examples, self._guidance)
        texts = [self._shorthand.write_out(text) for text in texts]
        self._model = TopicModel.fit(texts, labels, shared_embedding())
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing that later components need."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Each message with its intent and questions."""
        for message in messages:
            self._understand(message)
        return messages

    def _understand(self, message: Message) -> None:
        model = self._model
        text = message.get("text") or ""
        if model is None or not text.strip():
            message.set("intent", {"name": None, "confidence": 0.0}, add_to_output=True)
            return
        entities = [
            Found(one["entity"], one["value"], one["start"], one["end"])
            for one in message.get("entities", [])
            if "start" in one
        ]
        parts = split_questions(text)
        pieces = [text, *(part.text for part in parts)] if len(parts) > 1 else [text]
        rankings = model.rank([self._shorthand.write_out(piece) for piece in pieces])
        whole = rankings[0]
        ranking = _by_intent(whole)
        best = ranking[0]
        known = best.confidence >= self._config["sure"]
        if known and best.label != "out_of_scope":
            known = model.nearness(self._shorthand.write_out(text)) >= self._config["near"]
        questions = self._questions(parts, rankings[1:], entities)
        if len(questions) < 2:
            questions = []
            topic, confidence = _topic(whole)
            if topic is not None and best.label == ASK and known:
                questions = [_question(topic, confidence, _areas(entities, 0, len(text)))]
        else:
            best, known = Ranked(ASK, min(one["confidence"] for one in questions)), True
        name = best.label if known else FALLBACK
        message.set("intent", {"name": name, "confidence": best.confidence}, add_to_output=True)
        message.set(
            "intent_ranking",
            [{"name": one.label, "confidence": one.confidence} for one in ranking],
            add_to_output=True,
        )
        message.set("questions", questions, add_to_output=True)
        message.set(
            "topic_ranking",
            [
                {"topic": one.label.partition("/")[2], "confidence": one.confidence}
                for one in whole
                if one.label.startswith(f"{ASK}/")
            ][:5],
            add_to_output=True,
        )

    def _questions(
        self, parts: Sequence[Part], rankings: Sequence[Sequence[Ranked]], entities: Sequence[Found]
    ) -> list[dict[str, Any]]:
        """The questions of a message that asks several things; shorter than two if it does not."""
        asking = [part for part in parts if part.asks]
        questions: list[dict[str, Any]] = []
        for part, ranking in zip(parts, rankings, strict=False):
            topic, confidence = _topic(ranking)
            if part not in asking or topic is None or confidence < self._config["part"]:
                continue
            if all(question["topic"] != topic for question in questions):
                areas = _areas(entities, part.start, part.end)
                questions.append(_question(topic, confidence, areas))
        return questions


def training_examples(
    messages: Sequence[Message], guidance: Guidance
) -> tuple[list[str], list[str]]:
    """Texts and labels to train on: every example, and the titles of the topics."""
    texts = [message.get("text") for message in messages]
    labels = [message.get("intent_response_key") or message.get("intent") for message in messages]
    known = set(labels)
    for topic in guidance.topics.values():
        if f"{ASK}/{topic.id}" in known:
            texts.append(topic.title)
            labels.append(f"{ASK}/{topic.id}")
    return texts, labels


def _by_intent(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Ranked intents: the topics' confidences count together as `ask`."""
    totals: dict[str, float] = {}
    for one in ranked:
        name = one.label.partition("/")[0]
        totals[name] = totals.get(name, 0.0) + one.confidence
    best_is_topic = ranked[0].label.startswith(f"{ASK}/")
    if best_is_topic:
        # several near topics together are surely a question, but the topic itself must lead
        totals[ASK] = ranked[0].confidence
    return sorted(
        (Ranked(name, value) for name, value in totals.items()), key=lambda one: -one.confidence
    )


def _topic(ranked: Sequence[Ranked]) -> tuple[str | None, float]:
    best = ranked[0]
    if not best.label.startswith(f"{ASK}/"):
        return None, 0.0
    return best.label.partition("/")[2], best.confidence


def _areas(entities: Sequence[Found], start: int, end: int) -> list[str]:
    found = (one for one in entities if one.entity == "area" and start <= one.start < end)
    return list(dict.fromkeys(one.value for one in found))


def _question(topic: str, confidence: float, areas: Sequence[str]) -> dict[str, Any]:
    return {"topic": topic, "confidence": round(confidence, 4), "areas": list(areas)}
