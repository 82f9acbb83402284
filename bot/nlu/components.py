"""Rasa graph components: the tokeniser, the entity extractor and the topic classifier."""

from __future__ import annotations

import json
from pathlib import Path
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
from bot.nlu.comprehension import Comprehension
from bot.nlu.embedding import shared_embedding
from bot.nlu.embedding_cache import CachedEmbedding
from bot.nlu.entities import EntityFinder, Found, Vocabulary, shared_finder
from bot.nlu.examples import ASK, plain_command, training_examples
from bot.nlu.intents import AREA_INTENTS
from bot.nlu.languages import Languages
from bot.nlu.passages import PassageIndex
from bot.nlu.shorthand import Shorthand
from bot.nlu.spelling import Spelling
from bot.nlu.topic_model import TopicModel


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class FieldTokenizer(Tokenizer):
    """Tokenises with spaCy's blank English and the field's abbreviations kept whole."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._language = shared_finder(load_guidance()).language

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
        return cls(shared_finder(load_guidance()))

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

    Adds to the message: `intent` and `intent_ranking`, and `questions`, one for each question found
    in it: `{"areas": [...], "topics": [{"topic", "confidence"}, ...]}`, the likeliest topic first,
    or `{"term": id}` beside them for a term to explain.
    A message that is not understood well enough gets the intent `nlu_fallback` and `passages`, the
    guidance nearest in meaning.
    """

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        guidance: Guidance,
        comprehension: Comprehension | None = None,
    ) -> None:
        self._storage = model_storage
        self._resource = resource
        self._guidance = guidance
        self._comprehension = comprehension

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Thresholds, product choices set from cross-validation.

        `sure`: confidence (0 to 1) below which a message counts as not understood; `part`: what
        each of several questions in one message must reach, and `leaning_part` one that leans on
        the one before; `near`: cosine to the nearest example
        below which `sure_when_far` must be reached.
        """
        return {
            "sure": 0.12,
            "part": 0.45,
            "leaning_part": 0.35,
            "near": 0.5,
            "sure_when_far": 0.45,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """Made by Rasa for training."""
        return cls(model_storage, resource, load_guidance())

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
        guidance = load_guidance()
        with model_storage.read_from(resource) as folder:
            comprehension = Comprehension(
                guidance,
                TopicModel.load(folder, shared_embedding()),
                PassageIndex.load(folder),
                commands=json.loads((folder / "commands.json").read_text(encoding="utf-8")),
                spelling=Spelling.load(folder / "words.txt"),
                languages=Languages.load(folder / "languages.json"),
                thresholds=config,
            )
        return cls(model_storage, resource, guidance, comprehension)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example; the topics' titles and first lines count as examples too."""
        texts, labels = training_examples(training_data.intent_examples, self._guidance)
        languages = Languages.learn(texts)
        shorthand = Shorthand(Vocabulary.read().shorthand)
        texts = [shorthand.write_out(text) for text in texts]
        embedding = shared_embedding()
        # kept beside the models: training again after an edit embeds only what is new
        cached = embedding and CachedEmbedding(embedding, Path("models") / "phrases.npz")
        model = TopicModel.fit(texts, labels, cached)
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
            commands = {
                plain_command(example.get("text")): example.get("intent")
                for example in training_data.intent_examples
                if example.get("intent") not in (ASK, "out_of_scope", *AREA_INTENTS)
            }
            (folder / "commands.json").write_text(json.dumps(commands), encoding="utf-8")
            Spelling.learn(texts, embedding.words() if embedding else ()).save(folder / "words.txt")
            languages.save(folder / "languages.json")
            PassageIndex.build(self._guidance, embedding).save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing that later components need."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Each message with its intent and questions."""
        for message in messages:
            self._understand(message)
        return messages

    def texts_of(self, message: Message) -> list[str]:
        """The texts that `process` will compare with what is known; entities are found already."""
        known = self._comprehension
        return known.texts_of(message.get("text") or "", _found(message)) if known else []

    def _understand(self, message: Message) -> None:
        known = self._comprehension
        if known is None:  # Rasa asks for training alone
            return
        found = known.understand(message.get("text") or "", _found(message), message.get("about"))
        intent = {"name": found.intent, "confidence": found.confidence}
        message.set("intent", intent, add_to_output=True)
        if found.ranking is not None:
            ranking = [{"name": one.label, "confidence": one.confidence} for one in found.ranking]
            message.set("intent_ranking", ranking, add_to_output=True)
        if found.questions is not None:
            message.set("questions", found.questions, add_to_output=True)
        if found.passages:
            message.set("passages", found.passages, add_to_output=True)


def _found(message: Message) -> list[Found]:
    return [
        Found(one["entity"], one["value"], one["start"], one["end"])
        for one in message.get("entities", [])
        if "start" in one
    ]
