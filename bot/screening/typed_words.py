"""Words that a typed reply is read by, whatever the question."""

from __future__ import annotations

import re

#: How people say that they do not know. Read before anything else: “no idea” is not a no.
NOT_KNOWN_WORDS = (
    "not known", "unknown", "not sure", "unsure", "dont know", "don't know", "do not know",
    "dunno", "dont no", "idk", "no idea", "no clue", "not certain", "cant say", "can't say",
    "cannot say", "cant tell", "can't tell", "hard to say", "hard to tell", "not that i know",
    "not that i know of", "not as far as i know", "not that im aware of", "not that i'm aware of",
    "maybe", "perhaps", "possibly", "might be", "could be", "unclear", "skip", "pass", "no info",
    "no information", "not told", "haven't asked", "havent asked", "na", "?", "??", "i dont know",
    "i don't know", "i do not know", "i'm not sure", "im not sure", "not really sure", "dk",
    "don't no", "not confirmed", "nobody knows", "no one knows", "prefer not to say",
)  # fmt: skip
NONE_WORDS = (
    "none", "none of these", "none of them", "none of those", "none of the above", "nothing",
    "no", "nope", "nah", "n", "not any", "neither", "no to all", "all no", "no signs", "none seen",
    "nothing seen", "not seen", "none apply", "nothing applies", "zero", "no to everything",
    "not one of them", "not one of these", "not one of those", "not any of them",
    "not any of these", "none at all", "not open to any", "no plan", "nothing like that",
    "no none", "all not seen",
)  # fmt: skip
ALL_WORDS = (
    "all", "all of them", "all of these", "everything", "the lot", "every one", "all the above",
    "all of the above", "yes to all", "all yes", "every one of them",
)  # fmt: skip
REST_WORDS = ("the rest", "rest", "all the rest", "the others", "others", "all others",
               "everything else", "all else", "the other ones", "the remainder", "remaining",
               "nothing else", "none else", "no others", "none of the others",
               "none of the rest")  # fmt: skip
#: Rest words that say themselves that the rest does not apply.
NO_REST = {"nothing else", "none else", "no others", "none of the others", "none of the rest"}
EXCEPT_WORDS = ("all except", "all but", "everything except", "everything but", "all apart from",
                 "everything apart from", "all bar", "all other than")  # fmt: skip
NONE_EXCEPT_WORDS = ("none except", "none but", "none apart from", "nothing except",
                      "nothing but", "no except", "nothing apart from", "none other than",
                      "none bar")  # fmt: skip
ONLY_WORDS = ("only", "just")
NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
}  # fmt: skip
ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "seventh": 7, "7th": 7, "eighth": 8, "8th": 8,
    "ninth": 9, "9th": 9, "tenth": 10, "10th": 10,
}  # fmt: skip
NOT_WORDS = ("not", "isn't", "isnt", "hasn't", "hasnt", "doesn't", "doesnt", "no")
FILLER = {
    "and", "the", "a", "an", "is", "are", "was", "were", "it", "they", "he", "she", "of", "to",
    "for", "with", "has", "have", "been", "number", "numbers", "no.", "please", "i", "think", "its",
    "it's", "that", "this", "these", "those", "also", "plus", "as", "well", "child", "on", "s",
    "answer", "option", "options",
}  # fmt: skip
#: rapidfuzz scores (0 to 100): taken at or above, and ahead of the next choice by at least.
CLOSE_ENOUGH, AHEAD_BY = 84, 6
#: A text that denies something, whatever it is.
NEGATION = re.compile(r"\b(?:not|never|nobody|no one|no)\b|n't\b|\b(?:is|are|has|does|was)nt\b")
