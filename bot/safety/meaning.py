"""What a sentence means, as a vector: the shared embedding, read off at a middle layer.

The last layer of the embedding is made for “about the same thing”; who does what to whom, and
whether it is so now, was or might be, stands clearer in the middle. The weights are those of
`bot.nlu.embedding`, loaded once for both.
"""

from __future__ import annotations

from bot.nlu.embedding import SentenceEmbedding, shared_embedding

#: How many layers are run: chosen by cross-validation among the second to the last.
LAYERS = 4


class Meaning(SentenceEmbedding):
    """An embedding that stops after `LAYERS` layers of another, whose weights it shares."""

    def __init__(self, whole: SentenceEmbedding) -> None:
        self._weights = whole._weights
        self._layers = whole._layers[:LAYERS]
        self._tokenizer = whole._tokenizer


def shared_meaning() -> Meaning | None:
    """The meaning on the process's one embedding; None where that cannot be loaded."""
    whole = shared_embedding()
    return None if whole is None else Meaning(whole)
