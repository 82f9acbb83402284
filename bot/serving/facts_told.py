"""Facts of a case that a short message tells and does nothing else: “actually high”, “he's 17”.

A message that holds one word more than facts, and what people put around them, is left to what
understands questions. Nothing that was typed is kept: what comes out are names of a case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from bot.guidance.models import AREA_IDS
from bot.nlu.entities import Vocabulary
from bot.serving.age_told import ages_to_come
from bot.serving.yes_no_facts import found_in

#: A fact: the field of a case, or `age`, `plan`, `not_plan`, `clock`, and its value.
Fact = tuple[str, str]

#: A longer message tells more than facts.
_LONGEST = 14
_NUMBERS = {
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
}  # fmt: skip
_NUMBER = rf"(?:{'|'.join(_NUMBERS)}|[5-9]|1[0-7])"
_YEARS = r"(?:[ -]?(?:years?|yrs?|y/?o|y)(?:[ -]?(?:old|of age))?)"
_AGE = re.compile(rf"\b(?:aged? )?({_NUMBER}){_YEARS}?\b")
_UNDER_13 = re.compile(r"\b(?:under|below|younger than|less than) (?:13|thirteen|12|twelve)s?\b")
_NOT_UNDER_13 = re.compile(
    r"\b(?:not (?:under|below|younger than) (?:13|thirteen)|(?:over|above|older than) "
    r"(?:12|13|twelve|thirteen)|(?:13|thirteen) (?:or|and) (?:over|older|above))\b"
)
_LEVEL = re.compile(
    r"\b(?:(low|medium|high)(?:[ -](?:risk|level|one))?"
    r"|(?:risk|level) (?:is |of )?(low|medium|high))\b"
)
_OTHER_LEVEL_WORDS = {"med": "medium", "moderate": "medium", "mid": "medium"}
NO_PLAN_WORDS = re.compile(
    r"\b(?:no plans?(?: at all)?|not on (?:a|any) plan|(?:not|isn't|isnt) (?:open|known) to"
    r" (?:anyone|anybody|anything|any|any team|any service|any services|services|social care"
    r"(?: or (?:anyone|anybody|anything)(?: else)?)?)|not open"
    r"|open to (?:no one|nobody|nothing|none)"
    r"|no (?:(?:current|other|agency|social care|service|services|statutory|previous|outside) )*"
    r"involvement(?: (?:with|from|of) (?:anyone|anybody|anything|any (?:agency|agencies|service"
    r"|services|team)|social care|services|agencies))?"
    r"|(?:nobody|no one|no services?|no agenc(?:y|ies)|no other (?:agency|agencies|services?))"
    r" (?:else )?(?:is |are )?involved|not involved with (?:anyone|anybody|any \w+|services)"
    r"|not known to (?:anyone|anybody|any agency|any agencies|services|social care))\b"
)
#: The hours that a case is about, by the name of each.
CLOCK: Mapping[str, re.Pattern[str]] = {
    "outside": re.compile(
        r"\b(?:ooh|out of (?:office )?(?:hours|hrs)|outside (?:of )?(?:office )?hours"
        r"|after (?:office )?hours"
        r"|(?:at |in the |over ?)?(?:night|overnight|evenings?|weekend|the weekend|tonight)"
        r"|(?:on )?(?:a )?(?:sat(?:urday)?|sun(?:day)?|fri(?:day)? (?=night|evening)|bank holiday)"
        r"(?: night| evening)?)\b"
    ),
    "office": re.compile(
        r"\b(?:(?:in|during) (?:office|working|normal) hours|(?:in|during) the (?:day|daytime|week)"
        r"|(?:in the |tomorrow )morning|(?:on )?(?:a )?(?:monday|weekday)(?: morning)?)\b"
    ),
}  # fmt: skip
_NOT = re.compile(
    r"\b(?:not|no longer|never|isn't|isnt|wasn't|wasnt|aren't|hasn't)\s*(?:a |an |in |on )*$"
)
#: What denies the fact that follows it, and leaves nothing else said.
_DENIES_BEFORE = re.compile(
    r"\b(?:no|not|never|without|(?:has|is|are|was|have|does|did|do)n'?t)\b[a-z ]{0,20}$"
)
#: A question about a fact tells none: “is it high?”.
_ASKS = re.compile(
    r"^(?:(?:so|and|but|ok|okay|then) )*(?:(?:is|are|was|were|do|does|did|can|could|should|would"
    r"|will|has|have|who|whos|when|where|why|which|whose|whats)\b|(?:what|how)(?! if\b| about\b))"
)
#: “He's high” is no level of risk.
_UNDER_THE_INFLUENCE = re.compile(
    r"^(?!.*\bif\b|actually\b|sorry\b|i meant?\b|no\b)(?:.* )?"
    r"(?:he|she|they|child|kid|yp|girl|boy|lad)(?:'s|s|'re|re| is| was| are| were)?"
    r"(?: (?:really|very|still|now|so))* (?:high|low)(?! (?:risk|level))"
)
#: “Start again with low”: the same case with another fact.
_ANEW = re.compile(
    r"^(?:(?:ok|okay|right|please|can you|could you|lets|let's|now) )*(?:(?:start|begin|try|do"
    r"|run|go"
    r"|redo|repeat|rerun)(?: (?:it|that|this|the route))?(?: (?:again|over|anew|afresh|over again))"
    r"|redo(?: (?:it|that|this|the route))?|same again)(?: please)?(?: (?:but|and|this time))*"
    r" (?=(?:with|as|for|at|if) )"
)
#: What people put around a fact.
_AROUND = frozenset(
    """
    actually and but if what about how sorry no not yes i im ive we were a an the she he they it
    its is was shes hes theyre be been being would their her his child kid girl boy lad lass yp
    young person pupil risk level now then instead please ok okay so well oh hang on wait just in
    at with as for this that case turns out came comes think say suppose supposing make already also
    only old of there are am same or rather mean meant has have got had goes where when live lives
    under plan subject to by open someone suspected suspect being does do too theres
    """.split()  # noqa: SIM905
)
_OF_ONESELF = re.compile(
    r"\b(?:i'm|im|i am|i was|i were|we're|we are|as an?|my role|my job|i work)\b"
)
_AROUND_ROLE = frozenset(
    """
    actually and but if what about sorry no yes i im we were was am are re a an as my role job is
    its it the in im at ok okay well oh here now also just work working so please for then by way s
    her his their this child childs
    """.split()  # noqa: SIM905
)
_AROUND_BARE_ROLE = frozenset(
    ["a", "an", "actually", "sorry", "ok", "okay", "yes", "just", "well", "oh", "im", "here"]
)


def _plain(text: str) -> str:
    lower = text.lower().replace("’", "'")
    return " ".join(re.sub(r"[^a-z0-9'/ -]+", " ", lower).split())


class FactsTold:
    """Reads short messages that tell facts of a case. `vocabulary` names roles and plans."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._roles = _Phrases(vocabulary.role)
        self._plans = _Phrases(vocabulary.plan)
        areas = "|".join(sorted(AREA_IDS, key=len, reverse=True))
        self._areas = re.compile(rf"\b({areas})\b")
        self._placed_by = re.compile(rf"\b(?:placed )?(?:here )?by (?:{areas})\b")

    def read(self, text: str, *, asked: bool = False) -> tuple[Fact, ...]:
        """The facts that `text` tells and nothing else; empty where it is about anything more.

        `asked`: a fact was asked for, so that a bare word is an answer in any case.
        """
        plain = _plain(text)
        plain = _ANEW.sub("", plain)
        if not plain or len(plain.split()) > _LONGEST or _ASKS.match(plain):
            return ()
        if role := self._role(plain, asked or not text.rstrip().endswith("?")):
            return role
        if _UNDER_THE_INFLUENCE.search(plain):
            return ()
        facts: list[Fact] = []
        rest = self._yes_or_no(plain, facts)
        rest = _take(NO_PLAN_WORDS, rest, facts, lambda _: ("plan", "none"))
        rest, soon = ages_to_come(rest)
        facts += [("age", one) for one in soon]
        rest = self._take_plans(rest, facts)
        rest = _take(_NOT_UNDER_13, rest, facts, lambda _: ("age", "13"))
        rest = _take(_UNDER_13, rest, facts, lambda _: ("age", "under 13"))
        for word, level in _OTHER_LEVEL_WORDS.items():
            rest = re.sub(rf"\b{word}\b", level, rest)
        rest = _take(_LEVEL, rest, facts, lambda found: ("level", found[1] or found[2]))
        rest = _take(_AGE, rest, facts, lambda found: ("age", _years(found[1])))
        if ("plan", "other_authority") in facts or self._placed_by.search(rest):
            # the area is that of the authority which placed the child, not where the child lives
            rest = self._placed_by.sub(" ", rest)
            facts += [] if ("plan", "other_authority") in facts else [("plan", "other_authority")]
            rest = self._areas.sub(" ", rest)
        rest = _take(self._areas, rest, facts, lambda found: ("area", found[1]))
        words = re.findall(r"[a-z0-9]+", rest.replace("'", ""))
        if not facts or not _AROUND.issuperset(words):
            return ()
        return tuple(facts) if _is_one_case(facts) else ()

    def _role(self, plain: str, told: bool) -> tuple[Fact, ...]:
        """The role of who writes: “social worker”, “I'm a teacher”; nobody else's."""
        phrase = self._roles.find(plain)
        if phrase is None:
            return ()
        found, role = phrase
        around = f"{plain[: found.start()]} {plain[found.end() :]}".replace("'", "").split()
        own = bool(_OF_ONESELF.search(plain))
        allowed = _AROUND_ROLE if own else _AROUND_BARE_ROLE
        if not (own or told) or not allowed.issuperset(around):
            return ()
        return (("role", role),)

    def _take_plans(self, rest: str, facts: list[Fact]) -> str:
        while phrase := self._plans.find(rest):
            found, plan = phrase
            before = rest[: found.start()]
            negated = _NOT.search(before)
            facts.append(("not_plan" if negated else "plan", plan))
            rest = f"{before[: negated.start()] if negated else before} {rest[found.end() :]}"
        return rest

    @staticmethod
    def _yes_or_no(rest: str, facts: list[Fact]) -> str:
        """`rest` without what it tells that is answered yes or no, and without hours."""
        told = list(found_in(rest))
        for field, found, answer in sorted(told, key=lambda one: -one[1].start()):
            facts.append((field, answer))
            before = rest[: found.start()]
            if answer == "no":
                before = _DENIES_BEFORE.sub(" ", before)
            rest = f"{before} {rest[found.end() :]}"
        for value, pattern in CLOCK.items():
            rest = _take(pattern, rest, facts, _clock(value))
        return rest


class _Phrases:
    """Finds phrases and says what each stands for; of several at one place the longest."""

    def __init__(self, by_value: Mapping[str, Sequence[str]]) -> None:
        self._values = {
            phrase.lower(): value for value, phrases in by_value.items() for phrase in phrases
        }
        every = "|".join(re.escape(one) for one in sorted(self._values, key=len, reverse=True))
        self._pattern = re.compile(rf"\b(?:{every})\b")

    def find(self, text: str) -> tuple[re.Match[str], str] | None:
        """The first phrase of `text` and its value, or None."""
        found = self._pattern.search(text)
        return (found, self._values[found[0]]) if found else None


def _take(
    pattern: re.Pattern[str], rest: str, facts: list[Fact], fact: Callable[[re.Match[str]], Fact]
) -> str:
    """`rest` without what `pattern` finds; each find is added to `facts` unless it is denied."""

    def one(found: re.Match[str]) -> str:
        if not _NOT.search(found.string[: found.start()]):
            facts.append(fact(found))
        return " "

    return pattern.sub(one, rest)


def _clock(value: str) -> Callable[[re.Match[str]], Fact]:
    return lambda _: ("clock", value)


def _years(words: str) -> str:
    return str(_NUMBERS.get(words, words))


def _is_one_case(facts: Sequence[Fact]) -> bool:
    """Whether no field is told two ways: which of two levels is meant is not guessed."""
    single = [name for name, _ in facts if name not in ("plan", "not_plan")]
    return len(single) == len(set(single))
