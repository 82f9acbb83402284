"""How well messages are understood: cross-validation, held-out wordings, confusions, calibration.

A fold of the cross-validation is a whole set of wordings (a folder of `data/nlu`): those were
written apart, so that no wording is tested beside its own variants.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.guidance.answering import Answering
from bot.guidance.conversation import GuidanceConversation, Memory, Question
from bot.guidance.load import Guidance
from bot.guidance.models import AREA_IDS, AreaId
from bot.nlu.embedding import shared_embedding
from bot.nlu.embedding_cache import CachedEmbedding
from bot.nlu.examples import WHOLE_MESSAGES
from bot.nlu.languages import Languages
from bot.nlu.shorthand import Shorthand
from bot.nlu.topic_model import Embeds, TopicModel

#: The label of a question about a topic begins with this.
ASK = "ask/"
#: The label of what is not about this guidance.
OUTSIDE = "out_of_scope"
#: Confidence is compared with what came true in so many bands.
BANDS = 10


@dataclass(frozen=True)
class Phrase:
    """An example with its label and the set of wordings that it is from."""

    text: str
    label: str
    wording: str


@dataclass(frozen=True)
class Held:
    """A held-out wording and the labels whose answer holds all that it must."""

    text: str
    right: frozenset[str]


@dataclass(frozen=True)
class Guess:
    """What a text was taken for: `right` labels, the two likeliest with the first's confidence."""

    text: str
    right: frozenset[str]
    first: str
    second: str
    confidence: float

    @property
    def correct(self) -> bool:
        """Whether the likeliest label is a right one."""
        return self.first in self.right


@dataclass(frozen=True)
class Results:
    """All guesses by the name of the set that they belong to."""

    sets: dict[str, list[Guess]]

    def accuracy(self, name: str) -> float:
        """Share of a set that is right."""
        return float(np.mean([one.correct for one in self.sets[name]]))

    def confusions(self, most: int = 15) -> list[tuple[str, str, int]]:
        """The label that was right, the one that was taken, and how often; most often first."""
        wrong = Counter(
            (min(one.right), one.first)
            for guesses in self.sets.values()
            for one in guesses
            if not one.correct
        )
        return [(right, taken, count) for (right, taken), count in wrong.most_common(most)]

    def least_sure(self, most: int = 15) -> list[Guess]:
        """The guesses with the lowest confidence."""
        every = [one for guesses in self.sets.values() for one in guesses]
        return sorted(every, key=lambda one: one.confidence)[:most]

    def calibration(self) -> list[tuple[float, float, int]]:
        """For each band of confidence that holds a guess: its mean, share right, and number."""
        every = [one for guesses in self.sets.values() for one in guesses]
        bands = []
        for band in range(BANDS):
            low, high = band / BANDS, (band + 1) / BANDS
            found = [
                one
                for one in every
                if low <= one.confidence < high or (band == BANDS - 1 and one.confidence == 1.0)
            ]
            if found:
                mean = float(np.mean([one.confidence for one in found]))
                right = float(np.mean([one.correct for one in found]))
                bands.append((mean, right, len(found)))
        return bands


def read_phrases(nlu: Path) -> list[Phrase]:
    """Every phrase that is learned from, in the folder `nlu`."""
    return list(_phrases(nlu))


def _phrases(nlu: Path) -> Iterator[Phrase]:
    for path in sorted(nlu.rglob("*.yml")):
        wording = path.parent.name if path.parent != nlu else "base"
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for group in content.get("nlu") or []:
            intent = group.get("intent")
            if not intent or intent.startswith(WHOLE_MESSAGES):
                continue
            topic = (group.get("metadata") or {}).get("topic")
            label = f"{ASK}{topic}" if topic else intent
            for line in group["examples"].splitlines():
                if line.startswith("- "):
                    yield Phrase(line[2:].strip(), label, wording)


def read_held(files: Sequence[Path], guidance: Guidance) -> list[Held]:
    """The wordings of question files, with the topics whose answer holds all that each must.

    A row has `wordings` and `facts`, or the title of the `entry` that has the facts.
    """
    conversation = GuidanceConversation(Answering(guidance))
    texts: dict[tuple[str, AreaId | None], str] = {}

    def said(topic: str, area: AreaId | None) -> str:
        if (topic, area) not in texts:
            turn = conversation.ask([Question.about(topic)], Memory(area, None))
            texts[topic, area] = "\n".join(reply.text() for reply in turn.replies)
        return texts[topic, area]

    rows: list[dict[str, Any]] = [
        row for path in files for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    # later wordings of the same question name the entry that holds its facts
    entries = {(row["row"], row["title"]): row for row in rows if "facts" in row}
    held = []
    for row in rows:
        entry = entries.get((row["row"], row.get("entry", row.get("title"))))
        if entry is None:
            continue
        facts = [re.compile(fact, re.IGNORECASE | re.DOTALL) for fact in entry["facts"]]
        for wording in row["wordings"]:
            area = next(
                (one for one in AREA_IDS if one in (wording["area"], entry.get("area"))), None
            )
            right = {
                f"{ASK}{topic}"
                for topic in guidance.topics
                if all(fact.search(said(topic, area)) for fact in facts)
            }
            if right:
                held.append(Held(wording["text"], frozenset(right)))
    return held


def guessed(
    model: TopicModel, shorthand: Shorthand, texts: Sequence[tuple[str, frozenset[str]]]
) -> list[Guess]:
    """What a model takes each text for."""
    readings = model.read([[shorthand.write_out(text)] for text, _ in texts], most=2)
    return [
        Guess(
            text,
            right,
            reading.ranked[0].label,
            reading.ranked[1].label,
            reading.ranked[0].confidence,
        )
        for (text, right), reading in zip(texts, readings, strict=True)
    ]


def measure(
    phrases: Sequence[Phrase],
    held: Sequence[Held],
    outside: Sequence[str],
    shorthand: Shorthand,
    embedding: Embeds | None,
) -> Results:
    """Leave each set of wordings out in turn; then learn from all and read what was held out."""
    sets: dict[str, list[Guess]] = {}
    for wording in sorted({one.wording for one in phrases}):
        inside = [one for one in phrases if one.wording != wording]
        known = {one.label for one in inside}
        tested = [
            (one.text, frozenset([one.label]))
            for one in phrases
            if one.wording == wording and one.label in known
        ]
        if len(known) < 2 or not tested:
            continue
        model = _fitted(inside, shorthand, embedding)
        sets[f"without “{wording}”"] = guessed(model, shorthand, tested)
    if held or outside:
        model = _fitted(phrases, shorthand, embedding)
        if held:
            sets["held out"] = guessed(model, shorthand, [(one.text, one.right) for one in held])
        if outside:
            refused = frozenset([OUTSIDE])
            sets["out of scope"] = guessed(model, shorthand, [(one, refused) for one in outside])
    return Results(sets)


def _fitted(
    phrases: Sequence[Phrase], shorthand: Shorthand, embedding: Embeds | None
) -> TopicModel:
    texts = [shorthand.write_out(one.text) for one in phrases]
    return TopicModel.fit(texts, [one.label for one in phrases], embedding)


def project_results(root: Path, guidance: Guidance, shorthand: Shorthand) -> Results:
    """The results for a project's folder, with the held-out questions of its tests."""
    embedding = shared_embedding()
    data = root / "tests" / "data"
    scope = data / "out_of_scope.txt"
    outside = scope.read_text(encoding="utf-8").splitlines() if scope.is_file() else []
    phrases = read_phrases(root / "data" / "nlu")
    languages = Languages.learn(one.text for one in phrases)
    return measure(
        phrases,
        read_held(sorted(data.glob("questions_*.yml")), guidance),
        # other languages are noticed before anything is guessed
        [line for line in outside if line and not languages.is_foreign(line)],
        shorthand,
        embedding and CachedEmbedding(embedding, root / "models" / "report.npz"),
    )
