"""Reads a typed reply to a checklist: “1 and 3 now, 2 before”, “all except 2”, “none”."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from bot.screening.errors import AnswerError, Refusal
from bot.screening.models import UNKNOWN, ItemAnswer, Question, ScaleState
from bot.screening.typed_words import (
    AHEAD_BY,
    ALL_WORDS,
    CLOSE_ENOUGH,
    EXCEPT_WORDS,
    FILLER,
    NO_REST,
    NONE_EXCEPT_WORDS,
    NONE_WORDS,
    NOT_KNOWN_WORDS,
    NOT_WORDS,
    NUMBER_WORDS,
    ONLY_WORDS,
    ORDINALS,
    REST_WORDS,
)


def read_checklist(question: Question, text: str) -> dict[str, ItemAnswer]:
    """The state of each line that a reply names; the others stay not known.

    Parameters: a loaded checklist; `text` in small letters with single spaces.
    Raises: AnswerError when it cannot be read for sure; it holds nothing of what was typed.
    """
    return _Checklist(question).read(_NO_SIGN_OF.sub(r"\1 ", text))


#: “No evidence of trafficking” denies trafficking, and says nothing of other evidence.
_NO_SIGN_OF = re.compile(
    r"\b(no|any|without) (?:evidence|reports?|disclosures?|proof|signs?|indications?) of"
    r" (?!(?:\w+ ){0,2}(?:exploitation|cse|abuse|it|this|that|any)\b)"
)


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
        if plain in NONE_WORDS or plain in self.absent.words:
            return dict.fromkeys(self.ids, self.absent.id)
        if plain in ALL_WORDS:
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
        phrases += [(w, _Token("except", "present")) for w in EXCEPT_WORDS]
        phrases += [(w, _Token("except", "absent")) for w in NONE_EXCEPT_WORDS]
        phrases += [(w, _Token("rest", "no" if w in NO_REST else "")) for w in REST_WORDS]
        phrases += [(w, _Token("all", "")) for w in ALL_WORDS if w != "the lot"]
        phrases += [(w, _Token("only", "")) for w in ONLY_WORDS]
        phrases += [(w, _Token("number", str(n))) for w, n in NUMBER_WORDS.items()]
        for word, number in (*ORDINALS.items(), ("last", len(self.ids))):
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
                if word[0] in NOT_WORDS:
                    close()
                    tokens.append(_Token("not", ""))
                elif word[0] == "but":
                    close()
                    tokens.append(_Token("break", ""))
                elif word[0] in ("and", "plus"):
                    close()
                    tokens.append(_Token("comma", "and"))
                elif word[0] not in FILLER:
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
        if len(words) < 4 or best[0] < CLOSE_ENOUGH or best[0] - second[0] < AHEAD_BY:
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
