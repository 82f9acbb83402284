"""What likeness is learned from, and where it is kept.

It is fitted when the model is trained (`prepare` in the package), and read when the watch is made.
The kept file is named after the code and the files that it was fitted from. Where the files have
changed since, the last one made by the same code serves until the next training.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from bot.nlu.embedding_cache import CachedEmbedding
from bot.safety.likeness import Example, Head, Likeness, Told
from bot.safety.meaning import Meaning
from bot.safety.words import EXAMPLES, Words, read_examples, training_phrases

#: Modules on which what is learned depends.
_MODULES = ("learning", "likeness", "meaning", "meaning_networks", "phrasing", "reading")
#: Parts of the words on which what is learned depends: how text is read, and what is marked in it.
_PARTS = {"shorthand", "harmless", "lists", "calmers", "marks", "intents_left_out", "one_in"}

#: How often an ordinary example counts. It was written because it sounds like danger, and would
#: be lost among the training phrases, which are many and mostly sound like nothing of the kind.
ORDINARY_COUNTS = 3

Tell = Callable[[str], Told | None]

log = logging.getLogger(__name__)


def learned(
    root: Path, words: Words, tell: Tell, meaning: Meaning | None, fresh: bool = False
) -> Likeness:
    """The likeness for the guidance in `root`: the kept one, or fitted now and kept.

    `tell` makes an example comparable. `fresh`: a kept one that was fitted from other files will
    not do. Fitting takes minutes. Raises GuidanceError when the examples cannot be read.
    """
    kept = kept_at(root, words, meaning is not None)
    likeness = Likeness.load(kept)
    if likeness is None and not fresh:
        alike = f"{kept.stem.rpartition('-')[0]}-*.npz"
        older = sorted(kept.parent.glob(alike), key=lambda path: path.stat().st_mtime)
        likeness = Likeness.load(older[-1]) if older else None
        if likeness is not None:
            log.warning("The watch learned from older examples. Run “waymark train --force”.")
    if likeness is None:
        vectors = meaning and CachedEmbedding(meaning, kept.with_name("examples.npz"))
        likeness = Likeness.fit(list(_examples(root, words, tell)), vectors)
        likeness.save(kept)
        for other in kept.parent.glob("likeness-*.npz"):
            if other != kept:
                other.unlink(missing_ok=True)
    return likeness


def kept_at(root: Path, words: Words, with_meaning: bool) -> Path:
    """Where the likeness fitted from these very files, by this very code, is kept."""
    here = Path(__file__).parent
    marked = json.dumps(words.model_dump(mode="json", include=_PARTS), sort_keys=True)
    by = hashlib.sha256(f"{with_meaning}{marked}".encode())
    for name in _MODULES:
        by.update((here / f"{name}.py").read_bytes())
    of = hashlib.sha256()
    examples = sorted((root / EXAMPLES).glob("*.yml"))
    for path in [*examples, *sorted((root.parent / "nlu").rglob("*.yml"))]:
        of.update(path.name.encode())
        of.update(path.read_bytes())
    name = f"likeness-{by.hexdigest()[:12]}-{of.hexdigest()[:12]}.npz"
    return root.parent.parent / "models" / name


def _examples(root: Path, words: Words, tell: Tell) -> Iterator[Example]:
    """The examples, and training phrases as ordinary ones."""
    none: frozenset[Head] = frozenset()
    ordinary = (
        phrase
        for intent, phrase in training_phrases(root.parent / "nlu")
        if intent not in words.intents_left_out
    )
    phrases = [
        (line, group.heads())
        for group in read_examples(root)
        for line in group.lines() * (1 if group.heads() else ORDINARY_COUNTS)
    ]
    phrases += [(phrase, none) for phrase in islice(ordinary, 0, None, words.one_in)]
    tell = cache(tell)  # many stand there more than once
    for phrase, heads in phrases:
        told = tell(phrase)
        if told is not None:
            yield Example(told, heads)
