"""Runs of words and of letters as places in a table, without a vocabulary.

A run is hashed into one of PLACES places; two runs that meet in one share it. The same code reads
training examples and messages, so that nothing has to be kept but weights by place.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

#: Places that runs are hashed into; words use the first half, letters the second.
PLACES = 2**18
#: The longest run of words, and the lengths of runs of letters.
LONGEST_RUN = 2
LETTERS = (2, 3, 4)

#: Places, what each counts, and how many of them are of words, which stand first.
type Weighed = tuple[NDArray[np.int32], NDArray[np.float32], int]

_WORD = re.compile(r"\w+")


def runs(text: str) -> Iterator[tuple[bool, str]]:
    """Every run of words (True) and every run of letters within a word (False), in lower case."""
    words = _WORD.findall(text.lower())
    for size in range(1, LONGEST_RUN + 1):
        for first in range(len(words) - size + 1):
            yield True, " ".join(words[first : first + size])
    for word in text.lower().split():
        padded = f" {word} "
        for size in LETTERS:
            for first in range(max(len(padded) - size + 1, 1)):
                yield False, padded[first : first + size]


def weighed(text: str) -> Weighed:
    """Places of a text's runs and how often each stands there (1 + ln of it), words first.

    The third value is how many of the places are of words.
    """
    half = PLACES // 2
    words: Counter[int] = Counter()
    letters: Counter[int] = Counter()
    for of_words, run in runs(text):
        place = crc32(run.encode("utf-8", "replace")) % half
        (words if of_words else letters)[place] += 1
    places = [*words, *(half + place for place in letters)]
    counts = [*words.values(), *letters.values()]
    return (
        np.array(places, dtype=np.int32),
        np.array([1.0 + math.log(count) for count in counts], dtype=np.float32),
        len(words),
    )
