"""Reads a typed reply to a question: “1, 3, 5”, “none”, “1 and 3 now, 2 before”, “not sure”.

Nothing is guessed at silently: a reply that can be read in two ways is asked about again, and what
is left out of a checklist stays not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from bot.screening.errors import AnswerError, Refusal
from bot.screening.models import UNKNOWN, ItemAnswer, Option, Question, ScaleState, Value

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
_NONE_WORDS = (
    "none", "none of these", "none of them", "none of those", "none of the above", "nothing",
    "no", "nope", "nah", "n", "not any", "neither", "no to all", "all no", "no signs", "none seen",
    "nothing seen", "not seen", "none apply", "nothing applies", "zero", "no to everything",
    "not one of them", "not one of these", "not one of those", "not any of them",
    "not any of these", "none at all", "not open to any", "no plan", "nothing like that",
    "no none", "all not seen",
)  # fmt: skip
_ALL_WORDS = (
    "all", "all of them", "all of these", "everything", "the lot", "every one", "all the above",
    "all of the above", "yes to all", "all yes", "every one of them",
)  # fmt: skip
_REST_WORDS = ("the rest", "rest", "all the rest", "the others", "others", "all others",
               "everything else", "all else", "the other ones", "the remainder", "remaining",
               "nothing else", "none else", "no others", "none of the others",
               "none of the rest")  # fmt: skip
#: Rest words that say themselves that the rest does not apply.
_NO_REST = {"nothing else", "none else", "no others", "none of the others", "none of the rest"}
_EXCEPT_WORDS = ("all except", "all but", "everything except", "everything but", "all apart from",
                 "everything apart from", "all bar", "all other than")  # fmt: skip
_NONE_EXCEPT_WORDS = ("none except", "none but", "none apart from", "nothing except",
                      "nothing but", "no except", "nothing apart from", "none other than",
                      "none bar")  # fmt: skip
_ONLY_WORDS = ("only", "just")
_NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "seventh": 7, "7th": 7, "eighth": 8, "8th": 8,
    "ninth": 9, "9th": 9, "tenth": 10, "10th": 10,
}  # fmt: skip
_NOT_WORDS = ("not", "isn't", "isnt", "hasn't", "hasnt", "doesn't", "doesnt", "no")
_FILLER = {
    "and", "the", "a", "an", "is", "are", "was", "were", "it", "they", "he", "she", "of", "to",
    "for", "with", "has", "have", "been", "number", "numbers", "no.", "please", "i", "think", "its",
    "it's", "that", "this", "these", "those", "also", "plus", "as", "well", "child", "on", "s",
    "answer", "option", "options",
}  # fmt: skip
_ABOUT_SELF = re.compile(
    r"\b(?:i\s*am|i'?m|im|me)\s+(?:only\s+|just\s+|still\s+)?"
    r"(?:(?:[89]|1[0-7])\b(?!\s*(?:%|years?\s+(?:in|into|of)|sure|certain))"
    r"|in\s+(?:year|yr|y)\s*(?:[1-9]|1[0-3])\b)",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:not|never|nobody|no one|no)\b|n't\b|\b(?:is|are|has|does|was)nt\b")
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
#: rapidfuzz scores (0 to 100): taken at or above, and ahead of the next choice by at least.
_CLOSE_ENOUGH, _AHEAD_BY = 84, 6


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
        return _Checklist(question).read(text)
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
    denied = _NEGATION.search(plain) or re.search(r"\b(?:nothing|none|without|den\w+)\b", plain)
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
        raise _not_understood(labels)
    exact = [option for option in question.options if text in _ways(option)]
    if len(exact) == 1:
        return exact[0].id
    if text in _NONE_WORDS and question.option("yes") and (no := question.option("no")):
        # only as the whole reply: “nothing but kissing” is no no
        return no.id
    plain = text.rstrip("?").strip() if text.strip("?") else text
    if plain in NOT_KNOWN_WORDS:
        if question.option(UNKNOWN):
            return UNKNOWN
        raise _not_understood(labels)
    if _is_list(question, text):
        raise AnswerError(
            Refusal.UNCLEAR,
            "That reads as answers to a list, and only one can be chosen here, so I have recorded "
            f"none of it. {'Say the age in years, or choose' if asks_age(question) else 'Choose'} "
            "one of these.",
            labels,
        )
    if asks_age(question) and (years := _school_years(text)):
        return _of_school_years(years, labels)
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
    aged = _age_band(question, text)
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
    close = None if _NEGATION.search(text) else _closest(question.options, text)
    if close is not None:
        return close.id
    raise _not_understood(labels)


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
            and not _NEGATION.search(text.replace(way, " "))
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
    if not scored or scored[0][0] < _CLOSE_ENOUGH or len(text) < 4:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < _AHEAD_BY:
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


def asks_age(question: Question) -> bool:
    """Whether a question asks for an age, in years or in a band."""
    return question.option("under_13") is not None


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


def _school_years(text: str) -> set[int]:
    """The school year that a reply gives (or the two), where it gives no age beside it."""
    number = rf"([0-9]{{1,2}}|{'|'.join(_NUMBER_WORDS)})"
    year = rf"\b(?:year|yr|y)(?: group)?[ -]?{number}\b(?: ?(?:or|and|to|/|-) ?{number}\b)?"
    found = [
        one
        for pair in re.findall(rf"{year}(?!\W*(?:old|olds|yo|[0-9]))", text)
        for one in pair
        if one
    ]
    rest = re.sub(year, " ", text)
    aged = re.search(rf"[0-9]|\b(?:{'|'.join(_NUMBER_WORDS)})\b", rest)
    if aged or _NEGATION.search(text):
        return set()
    return {_NUMBER_WORDS.get(one) or int(one) for one in found}


def _of_school_years(years: set[int], labels: list[str]) -> str:
    """The band of who is in a school year. Raises AnswerError where it may be either of two."""
    if max(years) > _LAST_SCHOOL_YEAR:
        raise _not_understood(labels)
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


def _age_band(question: Question, text: str) -> str | None:
    """The band of an age in years, for a question that asks for one."""
    if not asks_age(question):
        return None
    text = re.sub(r"\b(1[0-7]) ?- ?(1[0-7])\b", r"\1 or \2", text)
    ages = [int(age) for age in re.findall(r"(?<![\d-])(?<!year )([0-9]{1,2})(?![\d-])", text)]
    ages += [age for word, age in _NUMBER_WORDS.items() if re.search(rf"\b{word}\b", text)]
    if re.search(r"\b(under|below|less|over|above|between|nearly|almost|turning)\b", text):
        return None
    aged = re.search(r"\b(?:aged?|years?|yrs?|months?|yo|old|baby|toddler)\b|[0-9]yo?\b", text)
    if not aged and any(age <= len(question.options) for age in ages):
        # “the first one” and “1 to 3” are lines of a list
        return None
    bands = {_band_of(age) for age in ages}
    return bands.pop() if len(bands) == 1 else None


def _not_understood(choices: Sequence[str]) -> AnswerError:
    return AnswerError(
        Refusal.NOT_UNDERSTOOD,
        "I did not understand that. Choose one of these, or say “not sure”.",
        choices,
    )


# --- checklists ---------------------------------------------------------------------------------


@dataclass
class _Group:
    """Items named together that one state applies to. `rest` takes all that nobody names."""

    items: list[str] = field(default_factory=list)
    rest: bool = False
    basis: str | None = None


@dataclass(frozen=True)
class _Token:
    kind: str
    value: str


class _Checklist:
    """Reads one reply to one checklist."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.scale = question.scale_states
        self.ids = [item.id for item in question.items]
        present, absent = self.scale.meaning("present"), self.scale.meaning("absent")
        if present is None or absent is None:
            raise TypeError(f"scale of {question.id} lacks present or absent")
        self.present, self.absent = present, absent
        self.recorded: dict[str, ItemAnswer] = {}

    def read(self, text: str) -> dict[str, ItemAnswer]:
        plain = text.rstrip("?").strip() or text
        if plain in NOT_KNOWN_WORDS or plain in {
            "all unknown",
            "all not known",
            "not sure about any",
        }:
            return {}
        if plain in _NONE_WORDS or plain in self.absent.words:
            return dict.fromkeys(self.ids, self.absent.id)
        if plain in _ALL_WORDS:
            return dict.fromkeys(self.ids, self.present.id)
        state = self._state_of_words(plain)
        if state is not None:
            raise self._which_ones(state)
        tokens = self._tokens(text)
        self._apply(tokens)
        return {name: self.recorded[name] for name in self.ids if name in self.recorded
                and self.recorded[name] != UNKNOWN}  # fmt: skip

    # reading words

    def _phrases(self) -> list[tuple[str, _Token]]:
        """Every phrase with a meaning of its own, longest first."""
        phrases: list[tuple[str, _Token]] = []
        for state in self.scale.states:
            for words in {state.label.lower(), *state.words}:
                phrases.append((words, _Token("state", state.id)))
        unknown = self.scale.meaning("unknown")
        for words in NOT_KNOWN_WORDS:
            if unknown is not None and not words.startswith("?"):
                phrases.append((words, _Token("state", unknown.id)))
        phrases += [(w, _Token("except", "present")) for w in _EXCEPT_WORDS]
        phrases += [(w, _Token("except", "absent")) for w in _NONE_EXCEPT_WORDS]
        phrases += [(w, _Token("rest", "no" if w in _NO_REST else "")) for w in _REST_WORDS]
        phrases += [(w, _Token("all", "")) for w in _ALL_WORDS if w != "the lot"]
        phrases += [(w, _Token("only", "")) for w in _ONLY_WORDS]
        phrases += [(w, _Token("number", str(n))) for w, n in _NUMBER_WORDS.items()]
        for word, number in (*_ORDINALS.items(), ("last", len(self.ids))):
            # “first” alone tells when: “first went missing in May”
            phrases += [(f"{word} one", _Token("number", str(number)))]
        for basis in self.question.bases:
            for words in {basis.label.lower(), *basis.words}:
                phrases.append((words, _Token("basis", basis.id)))
        for item in self.question.items:
            for words in {item.title.lower(), *item.words}:
                phrases.append((words, _Token("item", item.id)))
        return sorted(phrases, key=lambda pair: len(pair[0]), reverse=True)

    def _tokens(self, text: str) -> list[_Token]:
        phrases = self._phrases()
        tokens: list[_Token] = []
        loose: list[str] = []

        def close() -> None:
            if loose:
                tokens.append(self._loose(" ".join(loose)))
                loose.clear()

        at = 0
        while at < len(text):
            rest = text[at:]
            numbers = re.match(
                r"#?([0-9]{1,3})(?:\s*(?:-|to|through)\s*#?([0-9]{1,3}))?(?!\w)", rest
            )
            if numbers:
                close()
                tokens.append(_Token("number", rest[: numbers.end()].replace("#", "")))
                at += numbers.end()
                continue
            # “no one” is nobody, and not that number 1 is absent
            nobody = re.match(r"no one(?![\w'])(?! knows)", rest)
            if nobody:
                loose.append(nobody[0])
                at += nobody.end()
                continue
            phrase = next(
                ((w, t) for w, t in phrases if rest.startswith(w) and _ends(rest, len(w))), None
            )
            if phrase is not None:
                close()
                tokens.append(phrase[1])
                at += len(phrase[0])
                continue
            word = re.match(r"[\w'/&-]+", rest)
            if word:
                if word[0] in _NOT_WORDS:
                    close()
                    tokens.append(_Token("not", ""))
                elif word[0] == "but":
                    close()
                    tokens.append(_Token("break", ""))
                elif word[0] in ("and", "plus"):
                    close()
                    tokens.append(_Token("comma", "and"))
                elif word[0] not in _FILLER:
                    loose.append(word[0])
                at += word.end()
                continue
            stop = rest[0] == "." and rest[1:2] in ("", " ")
            if stop or rest[0] in ",;:\n":
                close()
                tokens.append(_Token("break" if rest[0] == ";" else "comma", rest[0]))
            at += 1
        close()
        return tokens

    def _loose(self, words: str) -> _Token:
        """An item named in words of the person's own, if one is close enough to be sure."""
        scored = sorted(
            (
                (
                    max(
                        fuzz.ratio(words, item.title.lower()),
                        *(fuzz.ratio(words, name) for name in item.words),
                        0,
                    ),
                    item.id,
                )
                for item in self.question.items
            ),
            reverse=True,
        )
        best, second = scored[0], scored[1] if len(scored) > 1 else (0.0, "")
        if len(words) < 4 or best[0] < _CLOSE_ENOUGH or best[0] - second[0] < _AHEAD_BY:
            raise self._not_understood()
        return _Token("item", best[1])

    # putting the words together

    def _apply(self, tokens: list[_Token]) -> None:
        kinds = [token.kind for token in tokens]
        if not set(kinds) & {"number", "item", "all", "rest", "except"}:
            raise self._not_understood()
        if "except" in kinds:
            self._all_except(tokens)
            return
        if "only" in kinds:
            tokens = [token for token in tokens if token.kind != "only"]
            tokens += [_Token("rest", "no")]
        first = next(k for k in kinds if k in {"state", "number", "item", "all", "rest", "not"})
        if first == "state":
            self._states_first(tokens)
        else:
            self._states_last(tokens)

    def _states_last(self, tokens: list[_Token]) -> None:
        """“1 and 3 now, 2 before”: a state applies to the items before it.

        After a comma it applies to what follows: “1, 3, no keys”. Where it could be either, as in
        “money no keys”, nothing is taken.
        """
        named = {"number", "item", "all"}
        group = _Group()
        last: list[str] = []
        ahead: ScaleState | None = None
        either = False
        for index, token in enumerate(tokens):
            before = tokens[index - 1].kind if index else "comma"
            after = tokens[index + 1].kind if index + 1 < len(tokens) else "comma"
            if token.kind in named:
                if ahead is not None:
                    self._set(_Group(self._items(token)), ahead)
                    ahead = ahead if after in named else None
                else:
                    group.items += self._items(token)
            elif token.kind == "rest":
                if ahead is not None or token.value == "no":
                    self._default(group)
                    self._set(_Group(rest=True), ahead or self.absent)
                    group, ahead = _Group(), None
                else:
                    self._default(group)
                    group = _Group(rest=True)
            elif token.kind == "basis":
                group.basis = token.value
                if not group.items and not group.rest:
                    self._rests_on(last, token.value)
                    group = _Group()
                elif after != "state":
                    last = group.items
                    self._default(group)
                    group = _Group()
            elif token.kind == "not" or (
                token.kind == "state" and before in {"comma", "break"} and after in named | {"rest"}
            ):
                self._default(group)
                group = _Group()
                ahead = self.absent if token.kind == "not" else self._named(token.value)
            elif token.kind == "state":
                if ahead is not None or not (group.items or group.rest):
                    raise self._unclear()
                either = either or after in named
                last = group.items
                self._set(group, self._named(token.value))
                group = _Group()
            elif token.kind == "break":
                self._default(group)
                group = _Group()
        if ahead is not None or (either and group.items):
            raise self._unclear()
        self._default(group)

    def _states_first(self, tokens: list[_Token]) -> None:
        """“now: 1, 3; before: 2”: a state applies to the items after it.

        “no evidence, missing” may deny one or both: without a colon it is asked about.
        """
        state: ScaleState | None = None
        group = _Group()
        listed = False
        for before, token in zip([_Token("", ""), *tokens], tokens, strict=False):
            if token.value == ":":
                listed = True
            if token.kind == "state":
                self._finish(group, state)
                state, group, listed = self._named(token.value), _Group(), False
            elif token.kind in {"number", "item", "all"}:
                denied = state is not None and state.meaning == "absent" and not listed
                # “no, missing” too: that may be a no to what was asked before
                if denied and before.kind in {"comma", "break"}:
                    raise self._unclear()
                group.items += self._items(token)
            elif token.kind == "rest":
                if token.value == "no":
                    self._finish(group, state)
                    self._set(_Group(rest=True), self.absent)
                    group = _Group()
                else:
                    group.rest = True
            elif token.kind == "basis":
                group.basis = token.value
            elif token.kind == "not":
                raise self._unclear()
        self._finish(group, state)

    def _finish(self, group: _Group, state: ScaleState | None) -> None:
        if state is None or not (group.items or group.rest):
            if state is not None:
                raise self._unclear()
            return
        self._set(group, state)

    def _all_except(self, tokens: list[_Token]) -> None:
        """“all except 2”, “none but 3 and 4”."""
        where = next(index for index, token in enumerate(tokens) if token.kind == "except")
        before = {token.kind for token in tokens[:where]} - {"comma"}
        after = {token.kind for token in tokens[where + 1 :]} - {"comma"}
        if before or not after or after - {"number", "item"}:
            raise self._unclear()
        named = [
            i for token in tokens[where + 1 :] if token.kind != "comma" for i in self._items(token)
        ]
        most, few = self.present, self.absent
        if tokens[where].value == "absent":
            most, few = few, most
        self._set(_Group(named), few)
        self._set(_Group([name for name in self.ids if name not in named]), most)

    def _default(self, group: _Group) -> None:
        if group.rest:
            raise self._unclear()
        if group.items:
            self._set(group, self.present)

    def _set(self, group: _Group, state: ScaleState) -> None:
        items = group.items
        if group.rest:
            items = [name for name in self.ids if name not in self.recorded]
        for name in items:
            if name in self.recorded and _state(self.recorded[name]) != state.id:
                number = self.ids.index(name) + 1
                raise AnswerError(
                    Refusal.CONTRADICTION,
                    f"Number {number} has two different answers in that. Say it once more with "
                    "one answer for each.",
                    [item.title for item in self.question.items],
                )
            if group.basis is not None and state.meaning in {"present", "past"}:
                self.recorded[name] = {"state": state.id, "basis": group.basis}
            else:
                self.recorded[name] = state.id

    def _rests_on(self, items: list[str], basis: str) -> None:
        """“1 now, observed”: the basis comes after the state."""
        for name in items:
            state = self.scale.named(_state(self.recorded.get(name, UNKNOWN)))
            if state is not None and state.meaning in {"present", "past"}:
                self.recorded[name] = {"state": state.id, "basis": basis}

    def _items(self, token: _Token) -> list[str]:
        if token.kind == "item":
            return [token.value]
        if token.kind == "all":
            return list(self.ids)
        numbers = [int(number) for number in re.findall(r"[0-9]+", token.value)]
        first, last = min(numbers), max(numbers)
        if first < 1 or last > len(self.ids):
            raise AnswerError(
                Refusal.OUT_OF_RANGE,
                f"The list goes from 1 to {len(self.ids)}. Use those numbers, or words.",
                [item.title for item in self.question.items],
            )
        return self.ids[first - 1 : last]

    def _named(self, state_id: str) -> ScaleState:
        state = self.scale.named(state_id)
        if state is None:
            raise self._unclear()
        return state

    def _state_of_words(self, text: str) -> ScaleState | None:
        for state in self.scale.states:
            if text == state.label.lower() or text in state.words:
                return state
        return None

    def _which_ones(self, state: ScaleState) -> AnswerError:
        return AnswerError(
            Refusal.WHICH_ONES,
            f"Which ones? Give their numbers, for example “1 and 3 {state.label.lower()}”. Say "
            "“all” only if every one applies.",
            [item.title for item in self.question.items],
        )

    def _not_understood(self) -> AnswerError:
        return AnswerError(
            Refusal.NOT_UNDERSTOOD,
            f"I did not understand all of that, so I have recorded none of it. Give the numbers "
            f"(1 to {len(self.ids)}), for example “{self._example()}”. “None” means not one of "
            "them, “not sure” means not known.",
            [item.title for item in self.question.items],
        )

    def _unclear(self) -> AnswerError:
        return AnswerError(
            Refusal.UNCLEAR,
            f"I can read that in more than one way. Say it like this: “{self._example()}”.",
            [item.title for item in self.question.items],
        )

    def _example(self) -> str:
        past = self.scale.meaning("past")
        if past is None or len(self.ids) < 3:
            return "1 yes, 2 no"
        return "1 and 3 now, 2 before, the rest not seen"


def _state(answer: ItemAnswer) -> str:
    return answer if isinstance(answer, str) else answer["state"]


def _ends(text: str, length: int) -> bool:
    """Whether a phrase of that length is whole words at the start of the text."""
    return length == len(text) or not (text[length].isalnum() or text[length] in "'_")
