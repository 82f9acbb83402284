"""Reads a typed reply to a question: “1, 3, 5”, “none”, “1 and 3 now, 2 before”, “not sure”.

Nothing is guessed at silently: a reply that can be read in two ways is asked about again, and what
is left out of a checklist stays not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from bot.screening.checklist import read_checklist
from bot.screening.errors import AnswerError, Refusal, not_understood
from bot.screening.models import UNKNOWN, ItemAnswer, Option, Question, Value
from bot.screening.typed_age import age_band, asks_age, of_school_years, school_years
from bot.screening.typed_words import AHEAD_BY, CLOSE_ENOUGH, NEGATION, NONE_WORDS, NOT_KNOWN_WORDS

_ABOUT_SELF = re.compile(
    r"\b(?:i\s*am|i'?m|im|me)\s+(?:only\s+|just\s+|still\s+)?"
    r"(?:(?:[89]|1[0-7])\b(?!\s*(?:%|years?\s+(?:in|into|of)|sure|certain))"
    r"|in\s+(?:year|yr|y)\s*(?:[1-9]|1[0-3])\b)",
    re.IGNORECASE,
)
#: Points at one that only the person sees: “yes that one”, “these two”, “one of those”.
_POINTS_AT = re.compile(
    r"(?<!\w)(?:(?:this|that|these|those|which|another|same) (?:ones?|two|three|four|five)"
    r"|other one"
    r"|(?<!not )(?<!every )(?:one|two|three|four|five|some|both) of (?:them|these|those))(?!\w)"
)
_POINTS = re.compile(
    r"(?:(?:yes|yeah|yep|yup|ok|okay|just|only|it's|its|definitely)[ ,]+)*(?:this|that|these|those)"
)
#: A yes or no at the start that the rest only goes on from: “yes, he is”, “no thanks”.
_BARE_YES_NO = re.compile(
    r"(yes|yeah|yep|yup|y|no|nope|nah|n)(?:\s*[,.;:!-].*|\s+(?:he|she|they|it|thanks|thank|i|the|"
    r"not|please|of course|definitely|sorry|there (?:is|are|isn't|aren't))\b.*)?"
)


def understand(question: Question, typed_text: str) -> Value:
    """The answer that a typed reply means, ready for `answer` or `change`.

    Parameters: a loaded `question`; `typed_text` as it was typed.
    Raises: AnswerError when it cannot be read for sure. The error says what can be answered and
    holds nothing of what was typed.
    """
    text = _tidy(typed_text)
    if _ABOUT_SELF.search(text):
        raise AnswerError(
            Refusal.SPEAKS_OF_SELF,
            "That reads as if it is about you. I have not taken it as an answer: these questions "
            "are for people who work with a child.",
        )
    if question.kind == "checklist":
        if _points(text):
            raise AnswerError(
                Refusal.WHICH_ONES,
                "Which one do you mean? Give its number or its name from the list, for example "
                "“3”, so that I record the right one.",
                [item.title for item in question.items],
            )
        return read_checklist(question, text)
    if len(question.options) > 1 and question.option("yes") is None and _points(text):
        raise AnswerError(
            Refusal.WHICH_ONES,
            "Which one do you mean? Choose one of these, or give its number.",
            [option.label for option in question.options],
        )
    return _single(question, text)


def names_item(question: Question, text: str) -> bool:
    """Whether a text holds the name of a line of a checklist; False for other questions."""
    plain = _tidy(text)
    return any(
        re.search(rf"(?<!\w){re.escape(words)}(?!\w)", plain)
        for item in question.items
        for words in (item.title.lower(), *item.words)
    )


#: A list answered by its line after the reason for it: “… so the first one”.
_SO_THE_LINE = re.compile(
    r".*\b(?:so|that['’]?s|which is|meaning|i['’]?d say|=) (?:probably |then )?(?:the )?"
    r"(?P<line>(?:number |no\.? ?)?[0-9]{1,2}|\w+ one)"
)


#: In a longer text the name of a line may be any word of a story.
_FEW_WORDS = 5


def lines_named(question: Question, text: str) -> dict[str, ItemAnswer]:
    """The lines of a checklist that a longer text names beside other words, as present.

    Empty for other questions, and where any word of the text denies or doubts something: what is
    found is only ever offered to be confirmed.
    """
    plain = _tidy(text)
    doubted = any(phrase in plain for phrase in NOT_KNOWN_WORDS if " " in phrase)
    denied = NEGATION.search(plain) or re.search(r"\b(?:nothing|none|without|den\w+)\b", plain)
    if question.kind != "checklist" or denied or doubted or "?" in plain:
        return {}
    present = question.scale_states.states[0].id
    so = _SO_THE_LINE.fullmatch(plain)
    if so is not None:
        try:
            found = understand(question, so["line"].replace("number ", ""))
        except AnswerError:
            found = {}
        if isinstance(found, dict) and len(found) == 1:
            return found
    if len(plain.split()) > _FEW_WORDS:
        return {}
    return {
        item.id: present
        for item in question.items
        if any(
            re.fullmatch(rf"(?:.*[ ,;])?{re.escape(words)}(?:[ ,;].*)?", plain)
            for words in (item.title.lower(), *item.words)
        )
    }


def _points(text: str) -> bool:
    """Whether a reply points at something instead of naming it."""
    return bool(_POINTS_AT.search(text) or _POINTS.fullmatch(text))


def _tidy(text: str) -> str:
    text = text.lower().replace("’", "'").replace("–", "-").replace("—", "-").replace("`", "'")
    text = re.sub(r"\s+", " ", text).strip(" \t.!")
    return text


# --- single questions ---------------------------------------------------------------------------


def _single(question: Question, text: str) -> str:
    labels = [option.label for option in question.options]
    if not text:
        raise not_understood(labels)
    exact = [option for option in question.options if text in _ways(option)]
    if len(exact) == 1:
        return exact[0].id
    if text in NONE_WORDS and question.option("yes") and (no := question.option("no")):
        # only as the whole reply: “nothing but kissing” is no no
        return no.id
    plain = text.rstrip("?").strip() if text.strip("?") else text
    if plain in NOT_KNOWN_WORDS:
        if question.option(UNKNOWN):
            return UNKNOWN
        raise not_understood(labels)
    if _is_list(question, text):
        raise AnswerError(
            Refusal.UNCLEAR,
            "That reads as answers to a list, and only one can be chosen here, so I have recorded "
            f"none of it. {'Say the age in years, or choose' if asks_age(question) else 'Choose'} "
            "one of these.",
            labels,
        )
    if asks_age(question) and (years := school_years(text)):
        return of_school_years(years, labels)
    number = re.fullmatch(r"(option |number |choice |#)?([0-9]{1,2})\.?\)?", text)
    if number and (number[1] or not asks_age(question)):
        return _numbered(question, int(number[2]))
    if number and int(number[2]) <= len(question.options):
        raise AnswerError(
            Refusal.UNCLEAR,
            f"Is that the age or choice {number[2]} of the list? Say “age {number[2]}” or "
            f"“choice {number[2]}”.",
            labels,
        )
    aged = age_band(question, text)
    if aged is not None:
        return aged
    contained = _contained(question.options, text)
    if len(contained) == 1:
        return contained[0].id
    if len(contained) > 1:
        raise AnswerError(
            Refusal.UNCLEAR,
            "I can read that in more than one way. Choose one of these.",
            [option.label for option in contained],
        )
    close = None if NEGATION.search(text) else _closest(question.options, text)
    if close is not None:
        return close.id
    raise not_understood(labels)


def _ways(option: Option) -> set[str]:
    return {option.id.replace("_", " "), option.id, option.label.lower(), *option.words}


def _contained(options: Sequence[Option], text: str) -> list[Option]:
    """Options one of whose words stands in a longer reply; the longest words win."""
    if any(phrase in text for phrase in NOT_KNOWN_WORDS if " " in phrase):
        return [option for option in options if option.id == UNKNOWN]
    bare = _BARE_YES_NO.fullmatch(text)
    if bare is not None:
        said = [option for option in options if bare[1] in _ways(option)]
        if said:
            return said
    found: list[tuple[int, Option]] = []
    for option in options:
        lengths = [
            len(way)
            for way in _ways(option)
            # a negation outside the words turns them round: “not safe” is not “safe”
            if len(way) > 1
            and option.id != UNKNOWN
            and way not in ("yes", "no")
            and re.search(rf"(?<!\w){re.escape(way)}(?!\w)", text)
            and not NEGATION.search(text.replace(way, " "))
        ]
        if lengths:
            found.append((max(lengths), option))
    if not found:
        return []
    longest = max(length for length, _ in found)
    kept = [option for length, option in found if length == longest]
    # “derby city” holds “derby”: what is left without the longest words may name another option
    left = text
    for way in sorted({way for option in kept for way in _ways(option)}, key=len, reverse=True):
        left = re.sub(rf"(?<!\w){re.escape(way)}(?!\w)", " ", left)
    return kept + [
        option
        for length, option in found
        if length < longest
        and any(
            re.search(rf"(?<!\w){re.escape(w)}(?!\w)", left) for w in _ways(option) if len(w) > 1
        )
    ]


def _closest(options: Iterable[Option], text: str) -> Option | None:
    scored = sorted(
        (
            (max(fuzz.ratio(text, way) for way in _ways(option) if len(way) > 3), option)
            for option in options
            if any(len(way) > 3 for way in _ways(option))
        ),
        key=lambda pair: pair[0],
        reverse=True,
    )
    if not scored or scored[0][0] < CLOSE_ENOUGH or len(text) < 4:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < AHEAD_BY:
        return None
    return scored[0][1]


def _numbered(question: Question, number: int) -> str:
    if not 1 <= number <= len(question.options):
        raise AnswerError(
            Refusal.OUT_OF_RANGE,
            f"There is no {number} here: choose 1 to {len(question.options)}.",
            [option.label for option in question.options],
        )
    return question.options[number - 1].id


_STATE = (
    r"(?:(?:is |was )?(?:present |applies |applied )?(?:now|before|yes|no|not known|unknown|present"
    r"|past|not seen|not sure|seen|absent|never|maybe|y|n|does not apply|the rest(?: .*)?"
    r"|others?(?: .*)?|rest(?: .*)?))"
)
_PIECE = rf"#?[0-9]{{1,2}}\b[).:=-]?(?: ?{_STATE})?"
#: “1, 3, 5”, “2 before, 3 now”: answers to the lines of a list.
_LINES = re.compile(
    rf"{_PIECE}(?:(?:[ ,;&+/]|\band\b|\bbut\b)+(?:{_PIECE}|{_STATE}))*[ ,;]*", re.IGNORECASE
)


def _is_list(question: Question, text: str) -> bool:
    """Whether a reply to a question of one choice has the form of an answer to a list."""
    if not _LINES.fullmatch(text):
        return False
    numbers = [int(one) for one in re.findall(r"[0-9]+", text)]
    states = re.search(rf"[0-9]\b[).:=-]? ?{_STATE}\b", text) is not None
    if asks_age(question):
        # “14 now” and “14, 15” are ages
        if states and re.search(r"[0-9] (?:before|past|yes|no|n|y|not|never|maybe)\b", text):
            return True
        return min(numbers) <= len(question.options) and (len(numbers) > 1 or states)
    return len(numbers) > 1 or states
