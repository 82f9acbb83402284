"""Typed text as it is read, and what is said where there is nothing to read."""

from __future__ import annotations

import re
import unicodedata

from bot.guidance.reply import Choice, Reply, Statement

#: Longest text that is read, in characters; more is refused with a sentence.
LONGEST_TEXT = 1_000
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,200}>")
#: Words that erase the conversation at once.
_FORGETS = re.compile(
    r"(?:please )?(?:forget|delete|erase|clear) (?:me|everything|all|it all|all of (?:it|this)"
    r"|this|(?:this|the|my) (?:conversation|chat|screening|answers|data|history)"
    r"|(?:all )?my (?:answers|data)|everything (?:you have )?(?:about|on) me)(?: please)?"
)
FORGOTTEN = Reply(
    kind="forgotten",
    headline="Forgotten: this conversation and its screening are deleted from here.",
    points=(
        Statement("What is on your own screen, in your browser's history or in files that you have "
                  "downloaded is for you to clear."),
    ),
    choices=(Choice("Start a screening", "/start_screening"),),
)  # fmt: skip
#: Each is a clear sentence for input that cannot be read.
TOO_LONG = (
    f"That is longer than I can read (over {LONGEST_TEXT:,} characters), and I have not kept it. "
    "Please ask in a sentence or two, without names. If a child is in immediate danger, ring 999."
)
NOTHING_TO_READ = (
    "I could not find a question in that. Please ask in words, for example “Who do I ring in "
    "Luton?”. If a child is in immediate danger, ring 999."
)


def clean_text(text: str) -> str:
    """Typed text as it is read: one line, no markup, no control characters, no leading slash.

    A leading slash would make Rasa take the text for a command.
    """
    text = _TAG.sub(" ", text)
    kept = "".join(
        " " if character in "\r\n\t" else character
        for character in unicodedata.normalize("NFC", text)
        if character in "\r\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
    return " ".join(kept.split()).lstrip("/ ")


def forgets(text: str) -> bool:
    """Whether a cleaned text asks for nothing but that the conversation be erased."""
    return _FORGETS.fullmatch(text.casefold().strip(" .!")) is not None
