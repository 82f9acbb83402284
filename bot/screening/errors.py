"""What the screening refuses, why, and what to do instead."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Refusal(StrEnum):
    """Why an answer was not taken."""

    NOT_A_CHOICE = "not_a_choice"
    NOT_UNDERSTOOD = "not_understood"
    UNCLEAR = "unclear"
    WHICH_ONES = "which_ones"
    CONTRADICTION = "contradiction"
    OUT_OF_RANGE = "out_of_range"
    SPEAKS_OF_SELF = "speaks_of_self"
    NOT_ASKED_NOW = "not_asked_now"
    NOT_ANSWERED_YET = "not_answered_yet"
    NO_SUCH_QUESTION = "no_such_question"
    CANNOT_SKIP = "cannot_skip"
    AT_THE_START = "at_the_start"


class AnswerError(ValueError):
    """An answer that was not taken. Nothing is changed or lost by it.

    `refusal` says why, `choices` what can be answered instead; the message is kind, complete and
    holds none of what was typed.
    """

    def __init__(self, refusal: Refusal, explanation: str, choices: Sequence[str] = ()) -> None:
        self.refusal = refusal
        self.explanation = explanation
        self.choices = tuple(choices)
        super().__init__(explanation)


class JudgementError(ValueError):
    """A level that cannot be recorded, with the reason and the rules behind it."""

    def __init__(self, explanation: str, *, reason_needed: bool, rules: Sequence[str] = ()) -> None:
        self.explanation = explanation
        self.reason_needed = reason_needed
        self.rules = tuple(rules)
        super().__init__(explanation)


def not_understood(choices: Sequence[str]) -> AnswerError:
    """What is said where a reply to a question of one choice is none of `choices`."""
    return AnswerError(
        Refusal.NOT_UNDERSTOOD,
        "I did not understand that. Choose one of these, or say “not sure”.",
        choices,
    )
