"""The phrases of `data/nlu` under their labels, and the fixed sample that plain Rasa trains on.

Plain Rasa's classifier would take hours on all phrases, so it gets a sample of them. Waymark is
trained once on everything and once on the same sample, for a fair figure of accuracy. The sample
is chosen by a hash of each phrase: the same on every machine, and not by anyone's taste.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

#: Phrases of a label that are trained on in the sample.
TRAINED = 20
#: Phrases of a label that are kept to be asked, from those that are left.
ASKED = 5
#: Labels that count as whole messages only in Waymark, and have no counterpart in plain Rasa.
WHOLE_MESSAGES = ("screening_", "alarm")


@dataclass(frozen=True)
class Phrases:
    """Phrases under their labels: an intent, or `ask/<topic>` for a question of guidance."""

    trained: Mapping[str, tuple[str, ...]]
    asked: Mapping[str, tuple[str, ...]]

    @property
    def count(self) -> int:
        """How many phrases are trained on."""
        return sum(len(texts) for texts in self.trained.values())


def read_phrases(root: Path) -> dict[str, tuple[str, ...]]:
    """Every phrase of `data/nlu` by its label, in a fixed order, each once."""
    found: dict[str, dict[str, None]] = {}
    for path in sorted((root / "data" / "nlu").rglob("*.yml")):
        for part in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            intent = part.get("intent", "")
            if not intent or intent.startswith(WHOLE_MESSAGES):
                continue
            topic = (part.get("metadata") or {}).get("topic")
            label = f"{intent}/{topic}" if topic else intent
            texts = found.setdefault(label, {})
            for line in part["examples"].splitlines():
                if line.startswith("- "):
                    texts[line.removeprefix("- ").strip()] = None
    return {label: tuple(sorted(texts, key=_order)) for label, texts in sorted(found.items())}


def sample(phrases: Mapping[str, tuple[str, ...]], trained: int | None = TRAINED) -> Phrases:
    """`trained` phrases of each label to train on (None: all), and ASKED others to ask."""
    if trained is None:
        return Phrases(phrases, {})
    return Phrases(
        {label: texts[:trained] for label, texts in phrases.items()},
        {label: texts[trained : trained + ASKED] for label, texts in phrases.items()},
    )


def _order(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
