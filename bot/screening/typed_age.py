"""Reads the age that a reply tells: in years, in a band, or by the year at school."""

from __future__ import annotations

import re

from bot.screening.age_now import age_now, tells_no_age
from bot.screening.errors import AnswerError, Refusal, not_understood
from bot.screening.models import Question
from bot.screening.typed_words import NEGATION, NUMBER_WORDS


def asks_age(question: Question) -> bool:
    """Whether a question asks for an age, in years or in a band."""
    return question.option("under_13") is not None


def school_years(text: str) -> set[int]:
    """The school year that a reply gives (or the two), where it gives no age beside it."""
    number = rf"([0-9]{{1,2}}|{'|'.join(NUMBER_WORDS)})"
    year = rf"\b(?:year|yr|y)(?: group)?[ -]?{number}\b(?: ?(?:or|and|to|/|-) ?{number}\b)?"
    found = [
        one
        for pair in re.findall(rf"{year}(?!\W*(?:old|olds|yo|[0-9]))", text)
        for one in pair
        if one
    ]
    rest = re.sub(year, " ", text)
    aged = re.search(rf"[0-9]|\b(?:{'|'.join(NUMBER_WORDS)})\b", rest)
    if aged or NEGATION.search(text):
        return set()
    return {NUMBER_WORDS.get(one) or int(one) for one in found}


def of_school_years(years: set[int], labels: list[str]) -> str:
    """The band of who is in a school year. Raises AnswerError where it may be either of two."""
    if max(years) > _LAST_SCHOOL_YEAR:
        raise not_understood(labels)
    ages = sorted({year + _YOUNGEST_IN_YEAR + more for year in years for more in (0, 1)})
    bands = {_band_of(age) for age in ages}
    if len(bands) == 1:
        return bands.pop()
    either = f"{', '.join(map(str, ages[:-1]))} or {ages[-1]}"
    raise AnswerError(
        Refusal.UNCLEAR,
        f"In that school year a child is {either}, and that makes a difference here. Which is it: "
        f"{either}? If you do not know, say “not sure”.",
        labels,
    )


#: Who is in year 7 is 11 or 12 years old.
_YOUNGEST_IN_YEAR, _LAST_SCHOOL_YEAR = 4, 13


def _band_of(age: int) -> str:
    return (
        "under_13" if age < 13 else "13_to_15" if age < 16 else "16_or_17" if age < 18 else "adult"
    )


def age_band(question: Question, text: str) -> str | None:
    """The band of an age in years, for a question that asks for one."""
    if not asks_age(question):
        return None
    if tells_no_age(text):
        raise _which_age(question)
    # “18 months old” is a baby, “13 weeks pregnant” is no age
    text = re.sub(r"\b[0-9]{1,2} ?(?:weeks?|months?|mths?) old\b", "age 1", age_now(text))
    text = re.sub(r"\b[0-9]{1,2} ?(?:months?|weeks?|days?|times?|hours?|men)\b", " ", text)
    text = re.sub(r"\b(1[0-7]) ?- ?(1[0-7])\b", r"\1 or \2", text)
    ages = [int(age) for age in re.findall(r"(?<![\d-])(?<!year )([0-9]{1,2})(?![\d-])", text)]
    ages += [age for word, age in NUMBER_WORDS.items() if re.search(rf"\b{word}\b", text)]
    if re.search(r"\b(?:under|below|less|younger|over|above|older|more)\b", text):
        return _on_one_side(question, text, ages)
    if re.search(r"\bbetween\b", text):
        return None
    aged = re.search(r"\b(?:aged?|years?|yrs?|months?|yo|old|baby|toddler)\b|[0-9]yo?\b", text)
    if not aged and any(age <= len(question.options) for age in ages):
        # “the first one” and “1 to 3” are lines of a list
        return None
    bands = {_band_of(age) for age in ages}
    if len(bands) > 1 and (aged or min(ages) > _YOUNGEST_IN_YEAR):
        raise _which_age(question)
    return bands.pop() if len(bands) == 1 else None


def _on_one_side(question: Question, text: str, ages: list[int]) -> str | None:
    """The band of “under 12” or “over 18”; None without a number that it is about.

    Raises AnswerError where more than one band lies on that side.
    """
    if not ages:
        return None
    below = re.search(r"\b(?:under|below|less|younger)\b", text) is not None
    sure = not NEGATION.search(text) and (max(ages) <= 13 if below else min(ages) >= 18)
    if sure:
        return "under_13" if below else "adult"
    if below and ages == [16] and not NEGATION.search(text):
        return "13_to_15"  # as the list has it
    raise _which_age(question)


def _which_age(question: Question) -> AnswerError:
    """Said where the age now is not told for sure."""
    return AnswerError(
        Refusal.UNCLEAR,
        "I cannot tell for sure how old the child is now, and that makes a difference here. Say "
        "the age today in years, for example “12”; if you do not know, say “not sure”.",
        [option.label for option in question.options],
    )
