"""What is learned from: Rasa's examples and the titles of topics, as texts and labels."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.nlu.training_data.message import Message

from bot.guidance.load import Guidance

#: The intent of a question about guidance; its topic stands in the examples' metadata.
ASK = "ask"
#: What the intents begin with that only whole messages raise, word for word.
WHOLE_MESSAGES = ("screening_", "alarm", "other_language")


def training_examples(
    messages: Sequence[Message], guidance: Guidance
) -> tuple[list[str], list[str]]:
    """Texts and labels to train on: every example, and the titles of the topics.

    A label is an intent, or `ask/<topic>` where the examples' metadata names a topic. Phrases of
    the screening's own intents, of alarms and of other languages are left out: they count as whole
    messages only.
    """
    texts, labels = [], []
    for message in messages:
        intent = message.get("intent")
        if intent.startswith(WHOLE_MESSAGES):
            continue
        about = topic_of(message)
        texts.append(message.get("text"))
        labels.append(f"{ASK}/{about}" if about else intent)
    known = set(labels)
    for topic in guidance.topics.values():
        if f"{ASK}/{topic.id}" in known:
            texts.append(topic.title)
            labels.append(f"{ASK}/{topic.id}")
    return texts, labels


def plain_command(text: str) -> str:
    """A whole message as a command is compared: lower case, single spaces, no end mark."""
    return " ".join(text.lower().replace("’", "'").split()).strip(" .!?,")


def topic_of(message: Message) -> str | None:
    """The topic that a training example's metadata names, or None."""
    about = (message.get("metadata") or {}).get("intent") or {}
    return about.get("topic") if isinstance(about, dict) else None
