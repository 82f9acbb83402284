"""Reads what is typed while a screening waits: a command, an answer, a level, a reason.

What is returned is an intent with its entities; what was typed goes no further.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.guidance.files import LocatedFile
from bot.guidance.load import guidance_folder, phrases_folder
from bot.referral.case import Level
from bot.screening.age_now import age_now
from bot.screening.area_told import told_area
from bot.screening.assessment import assess
from bot.screening.clauses import PARTS, denied_lines, rest_absent
from bot.screening.dialogue import ScreeningDialogue, Session
from bot.screening.engine import summary
from bot.screening.errors import AnswerError, Refusal
from bot.screening.level_said import level_said
from bot.screening.models import UNKNOWN, ItemAnswer, Question, Value
from bot.screening.nothing import says_none, says_not_known
from bot.screening.questions import asks_within, is_question, weighs_a_level
from bot.screening.reading_words import (
    ANOTHER_LEVEL,
    AROUND_SLIP,
    CHANGE,
    CONFIRMS,
    DANGER,
    I_AM,
    LATER_ON,
    LEAVES_IT,
    LEVEL_LATER,
    NO_OR_DANGER,
    NOTHING_MORE,
    QUESTION,
    SUBJECT,
    TAKES_UP,
    THEY_ARE,
)
from bot.screening.safe_now import says_safe, tells_danger_beside_no
from bot.screening.steering import (
    NAMES_A_LEVEL,
    asks_what_to_type,
    command_of,
    goes_back_to,
    level_alone,
    points_at_all,
    put_right,
    resumes,
    weighs_the_result,
)
from bot.screening.suggested import (
    merged,
    present_beyond,
    read_suggested,
    told,
    told_age,
    told_otherwise,
)
from bot.screening.typed import lines_named, names_item, understand
from bot.screening.typed_age import asks_age

#: Intents whose examples only show what can be typed: they carry a value and are read for it.
_READ_OTHERWISE = (
    "screening_answer", "screening_level", "screening_reason", "screening_change",
)  # fmt: skip
#: Words that an answer may have beside a question about guidance; longer is taken as a question.
LONGEST_ANSWER = 8
#: Longest reason in the person's own words that is kept, in characters.
LONGEST_REASON = 200


@dataclass(frozen=True)
class Read:
    """An intent of the screening with its entities."""

    intent: str
    entities: dict[str, str]


class ScreeningReader:
    """Reads typed text against the state of a screening.

    `scrub` takes identifying details out of a reason in the person's own words; without it only the
    listed reasons are taken. Raises GuidanceError when the file of commands is damaged.
    """

    def __init__(
        self,
        dialogue: ScreeningDialogue,
        folder: Path | None = None,
        scrub: Callable[[str], str] | None = None,
    ) -> None:
        self._dialogue = dialogue
        self._scrub = scrub
        phrases = LocatedFile(phrases_folder(folder or guidance_folder()) / "screening.yml")
        self._commands = {
            line.strip().removeprefix("- ").lower(): part["intent"]
            for part in phrases.content["nlu"]
            if part["intent"] not in _READ_OTHERWISE
            for line in part["examples"].splitlines()
            if line.strip()
        }

    def read(self, session: Session, text: str, side_question: bool) -> Read | None:
        """The command or answer in `text`, or None where it is something else.

        `side_question` says that the text was understood as a question about guidance: then only
        an answer that fits exactly is taken for one.
        """
        plain = " ".join(text.lower().split()).strip(" .!?,")
        if not session.active:
            idle = self._idle(session, plain) or self._slip(session, text, plain)
            return idle or self._moved(session, text)
        command = command_of(plain, self._commands)
        if asks_what_to_type(plain):
            return Read("screening_why", {"explanation": "what_to_type"})
        if command is None and (moved := self._moved(session, text)):
            return moved
        if session.stage == "judging":
            return self._judging(session, text, plain, command)
        question = self._dialogue.current(session)
        if question is None:
            return None
        if question.kind == "single" and any(plain in one.words for one in question.options):
            # “not now” stops elsewhere; where danger is asked about it is a no
            return self._answer(session, question, text)
        asks = "?" in text or is_question(text)
        if (level := level_alone(plain)) and not asks:
            # “high” is no word about drugs here
            return Read("screening_answer", {"explanation": LEVEL_LATER.format(level=level)})
        if command == "screening_skip":
            return self._answer(session, question, text) or Read("screening_skip", {})
        if command == "screening_resume" and question.kind != "notice":
            return Read(command, {})
        if command is not None and command != "screening_resume":
            return Read(command, {})
        suggested = self._dialogue.confirmed(session)
        if suggested is not None:
            if session.changing and LEAVES_IT.fullmatch(plain):
                # “no” is no to the change, and not to every line of the list
                literal = question.option("no") is not None and plain in ("no", "nope", "nah")
                return _answering(question, "no") if literal else Read("screening_back", {})
            shown = session.suggested[question.id]
            pointed = points_at_all(plain, len(shown) if isinstance(shown, dict) else 1)
            if pointed or _confirms(question, suggested, plain, bool(session.changing)):
                return _answering(question, suggested)
        if corrected := self._corrects(session, plain) or self._goes_back(session, plain):
            return corrected
        changed = CHANGE.match(plain)
        if changed:
            return Read("screening_change", self._which(session, changed.group(1)))
        listed = question.kind == "checklist" and suggested is None
        if listed and session.suggested and CONFIRMS.fullmatch(plain):
            return Read("screening_answer", {"explanation": LATER_ON})
        ages_ahead = asks_age(question) and "?" not in text and age_now(plain) != plain
        if ages_ahead:
            # “will be 13 in May” begins like a question
            return self._answer(session, question, text)
        if is_question(text):
            # a worry told at length may end up as a question too
            told = not side_question and len(plain.split()) > LONGEST_ANSWER
            return self._story(text, question) if told else None
        if question.case_field == "role" and I_AM.match(plain):
            return None if asks_within(text) else self._answer(session, question, text)
        safe = question.id == DANGER and says_safe(text)
        if safe or says_none(question, text) or says_not_known(question, text):
            return self._answer(session, question, text)
        if side_question and (QUESTION.search(text) or len(plain.split()) > LONGEST_ANSWER):
            return None if QUESTION.search(text) else self._story(text, question)
        return self._answer(session, question, text)

    def told(self, text: str) -> dict[str, str]:
        """What a worry told in `text` suggests, as the entity that an intent carries."""
        found = told(text, self._dialogue.questionnaire)
        return {"suggested": found} if found else {}

    def _story(self, text: str, waiting: Question | None = None) -> Read | None:
        """What a told worry suggests, and the lines of the list that waits which it names."""
        entities = self.told(text)
        questionnaire = self._dialogue.questionnaire
        found = read_suggested(entities.get("suggested"), questionnaire)
        if waiting is not None and waiting.kind == "checklist":
            lines = self._lines(text, waiting)
            known = {
                **lines,
                **rest_absent(waiting, text, lines, lambda one: self._lines(one, waiting)),
            }
            if known:
                found = merged({waiting.id: known}, found, questionnaire)
                entities = {"suggested": json.dumps(found)}
        return Read("screening_answer", entities) if entities else None

    def _story_of(self, text: str, waiting: Question) -> dict[str, ItemAnswer]:
        """What the story of a text tells of the list that waits."""
        found = read_suggested(self.told(text).get("suggested"), self._dialogue.questionnaire)
        told = found.get(waiting.id)
        return told if isinstance(told, dict) else {}

    def _lines(self, text: str, waiting: Question) -> dict[str, ItemAnswer]:
        """What a text tells of the list that waits: by its story, by name, or denied."""
        questionnaire = self._dialogue.questionnaire
        story = self._story_of(text, waiting)
        # “met a man online” tells of one line: a word of it names no other beside it
        apart = [one for one in PARTS.split(text) if not self._story_of(one, waiting)]
        beside = {item for one in apart for item in lines_named(waiting, one)}
        named = {
            item: state for item, state in lines_named(waiting, text).items() if item in beside
        }
        both = merged({waiting.id: denied_lines(waiting, text)}, {waiting.id: story}, questionnaire)
        lines = both[waiting.id]
        return {**named, **(lines if isinstance(lines, dict) else {})}

    def _age(self, text: str) -> Read | None:
        found = told_age(text, self._dialogue.questionnaire)
        return Read("screening_answer", {"suggested": json.dumps(found)}) if found else None

    def _idle(self, session: Session, plain: str) -> Read | None:
        command = command_of(plain, self._commands)
        if session.stage == "stopped" and (command == "screening_resume" or resumes(plain)):
            return Read("screening_resume", {})
        known = command in ("screening_start_over", "screening_summary")
        return Read(str(command), {}) if known else None

    def _slip(self, session: Session, text: str, plain: str) -> Read | None:
        """The answer that ended the screening at a notice, put right: “17 sorry”."""
        question = self._dialogue.ended_by(session) if session.stage == "stopped" else None
        if question is None or "?" in text or is_question(text):
            return None
        said = AROUND_SLIP.sub("", plain)
        questionnaire = self._dialogue.questionnaire
        if asks_age(question):
            found = told_age(text, questionnaire) or told_age(f"she is {said}", questionnaire)
        else:
            said = I_AM.sub("", said).strip()
            named = [one.id for one in question.options if said in (one.label.lower(), *one.words)]
            found = {question.id: named[0]} if len(named) == 1 else {}
        if not found or found.get(question.id) == session.answers.get(question.id):
            return None
        return Read("screening_answer", {"suggested": json.dumps(found)})

    def _moved(self, session: Session, text: str) -> Read | None:
        """Another area of the child than was answered: changed at once where it is sure.

        An area that is only named is asked about; outside a screening under way it is not read.
        """
        question = self._dialogue.questionnaire.by_id.get("area")
        current = self._dialogue.current(session)
        if question is None or (current is not None and current.id == question.id):
            return None
        answered = session.answers.get(question.id)
        told = told_area(question, str(answered or ""), text)
        if told is None or not (told.sure if answered is None else told.sure or session.active):
            return None
        if not session.active and (told.area in (None, answered) or not told.of_child):
            return None
        if told.area is None:
            return Read("screening_change", {"question": question.id}) if answered else None
        if answered is not None and told.sure and told.area != answered:
            return Read("screening_change", {"question": question.id, "answer": told.area})
        return Read("screening_answer", {"suggested": json.dumps({question.id: told.area})})

    def _answer(self, session: Session, question: Question, text: str) -> Read | None:
        if question.id == DANGER:
            if says_safe(text):
                return _answering(question, "no")
            if tells_danger_beside_no(text):
                return Read("screening_answer", {"explanation": NO_OR_DANGER})
        said = SUBJECT.sub("", text.strip())
        if question.kind == "checklist" and (aged := self._age(text)):
            # “she is 9” is not line 9 of the list
            return aged
        try:
            value = understand(question, said)
        except AnswerError as error:
            # what names a line is never a none: a sign that is there must not be kept as absent
            unknown = _not_known(question)
            if unknown is not None and says_not_known(question, said):
                return _answering(question, unknown)
            if says_none(question, text):
                return _answering(question, understand(question, "none"))
            if story := self._story(text, question) or self._age(text):
                return story
            # “they are 12” where no line has that number
            beyond = error.refusal is Refusal.OUT_OF_RANGE
            if beyond and (aged := self._age(THEY_ARE.sub("she is", text))):
                return aged
            if error.refusal is Refusal.SPEAKS_OF_SELF:
                return None
            return Read("screening_answer", {"explanation": error.explanation})
        both = None if re.search(r"\d", said) else _beside(session, question, value)
        if both is not None:
            # told in words after something else was told: both are shown, to be confirmed
            found = {"suggested": json.dumps({question.id: both})}
            return Read("screening_answer", found)
        return _answering(question, value)

    def _judging(self, session: Session, text: str, plain: str, command: str | None) -> Read | None:
        assessment = assess(self._dialogue.questionnaire, session.answers)
        if session.level is not None:
            if command in (
                "screening_back", "screening_stop", "screening_summary", "screening_resume",
            ):  # fmt: skip
                return Read(command, {})
            reasons = assessment.reasons
            if plain.isdigit() and 1 <= int(plain) <= len(reasons):
                return Read("screening_reason", {"reason": reasons[int(plain) - 1].id})
            match = next((one for one in reasons if one.label.lower().strip(" .") == plain), None)
            if match is not None:
                return Read("screening_reason", {"reason": match.id})
            if said := self._otherwise(session, text, plain):
                return said
            # a new level with its own reason; a denied one may be part of a reason
            if (said := self._level_said(text)) and "level" in said.entities:
                return said
            if said := _level(text, plain):
                return said
            changed = CHANGE.match(plain)
            if changed and (which := self._which(session, changed.group(1))):
                return Read("screening_change", which)
            if self._scrub is None or command is not None or QUESTION.search(text):
                return None
            return Read("screening_reason", {"reason": self._scrub(text)[:LONGEST_REASON]})
        if command is not None:
            return Read(command, {})
        if corrected := self._corrects(session, plain) or self._goes_back(session, plain):
            return corrected
        changed = CHANGE.match(plain)
        if changed:
            return Read("screening_change", self._which(session, changed.group(1)))
        # “high” is a level here, and no word about drugs
        said = self._otherwise(session, text, plain) or self._level_said(text)
        said = said or _level(text, plain)
        if said is None and not NAMES_A_LEVEL.search(plain):
            said = self._otherwise(session, text, plain, only_single=False)
        if said is None and weighs_the_result(plain):
            return Read("screening_why", {})
        return said

    def _level_said(self, text: str) -> Read | None:
        """A level that is judged with its reason; a denied one, or one of two, is asked about."""
        said = level_said(text)
        if said is None:
            return None
        if said.asks or said.level is None:
            return Read("screening_answer", {"explanation": said.asks or ""})
        entities = {"level": said.level}
        if said.reason and self._scrub is not None:
            entities["reason"] = self._scrub(said.reason)[:LONGEST_REASON]
        return Read("screening_level", entities)

    def _otherwise(
        self, session: Session, text: str, plain: str, only_single: bool = True
    ) -> Read | None:
        """What is told at the judgement otherwise than it was answered: its change is offered.

        `only_single` heeds only questions with one answer, such as the age: a level and a reason
        may be given in words that also name a sign.
        """
        unsettled = self._dialogue.unsettled(session)
        if unsettled is not None and TAKES_UP.fullmatch(plain):
            return Read("screening_change", {"question": unsettled})
        if "?" in text or is_question(text):
            return None
        questionnaire = self._dialogue.questionnaire
        found = told_otherwise(text, questionnaire, session.answers, only_single)
        return Read("screening_answer", {"suggested": found}) if found else None

    def _corrects(self, session: Session, plain: str) -> Read | None:
        """An earlier answer put right with its value: “oh wait, the LD one is yes”.

        What would only take a yes away is asked anew as a whole.
        """
        said = put_right(plain)
        if said is None:
            return None
        words, given = said
        current = self._dialogue.current(session)
        found: dict[str, Value] = {}
        for question in self._dialogue.questionnaire.questions:
            if question.id not in session.answers:
                continue
            named = question.kind == "checklist" and names_item(question, words)
            if current is not None and current.id == question.id and named:
                return None
            try:
                if named:
                    found[question.id] = understand(question, f"{words} {given}")
                elif self._which(session, words) == {"question": question.id}:
                    aged = "age " if question.id == "age" else ""
                    found[question.id] = understand(question, f"{aged}{given}")
            except AnswerError:
                continue
        if len(found) != 1:
            return None
        ((name, value),) = found.items()
        told = present_beyond(
            self._dialogue.questionnaire.by_id[name], value, session.answers[name]
        )
        if told is None and not _held(value, session.answers[name]):
            return Read("screening_change", {"question": name})
        return Read("screening_answer", {"suggested": json.dumps({name: value})})

    def _goes_back(self, session: Session, plain: str) -> Read | None:
        """An earlier question that is named: “go back to the missing question”.

        Where more than one may be meant, the summary is shown to choose from.
        """
        words = goes_back_to(plain)
        if words is None:
            return None
        wanted = {word for word in re.findall(r"[a-z0-9]+", words) if len(word) > 2}
        lines = [line.change for line in summary(self._dialogue.questionnaire, session.answers)]
        by_id = self._dialogue.questionnaire.by_id
        named = [
            name
            for name in lines
            if names_item(by_id[name], words)
            or wanted & set(re.findall(r"[a-z0-9]+", f"{by_id[name].title} {name}".lower()))
        ]
        return Read("screening_change", {"question": named[0]} if len(named) == 1 else {})

    def _which(self, session: Session, words: str) -> dict[str, str]:
        """The earlier answer that is meant: by number, or by words of its question."""
        unsettled = self._dialogue.unsettled(session)
        if unsettled is not None and words in ("it", "that"):
            return {"question": unsettled}
        lines = summary(self._dialogue.questionnaire, session.answers)
        if words.isdigit() and 1 <= int(words) <= len(lines):
            return {"question": lines[int(words) - 1].change}
        wanted = {word for word in re.findall(r"[a-z0-9]+", words) if len(word) > 2}
        for line in lines:
            about = set(re.findall(r"[a-z0-9]+", f"{line.title} {line.change}".lower()))
            if wanted & about:
                return {"question": line.change}
        return {}


def _answering(question: Question, value: Value) -> Read:
    return Read("screening_answer", {"question": question.id, "answer": json.dumps(value)})


def _held(value: Value, given: Value) -> bool:
    """Whether an answer holds a value already."""
    if isinstance(value, dict) and isinstance(given, dict):
        return all(given.get(item) == state for item, state in value.items())
    return value == given


def _confirms(question: Question, suggested: Value, plain: str, changing: bool) -> bool:
    """Whether a reply takes over what was suggested, as it was suggested."""
    if changing and TAKES_UP.fullmatch(plain):
        return question.option("yes") is None or suggested == "yes"
    if question.kind == "checklist" and re.fullmatch(r".*\b(?:else|more|others?)\b.*", plain):
        return NOTHING_MORE.fullmatch(plain) is not None
    if question.option("yes") is not None and suggested != "yes":
        return False
    return CONFIRMS.fullmatch(plain) is not None


def _beside(session: Session, question: Question, value: Value) -> Value | None:
    """A reply together with what was suggested for the list and it neither names nor denies.

    None where the reply stands for itself: it goes through the whole list, contradicts what was
    suggested, or adds nothing to it.
    """
    told = session.suggested.get(question.id)
    if session.changing or not isinstance(told, dict) or not isinstance(value, dict):
        return None
    named = {item: state for item, state in value.items() if isinstance(state, str)}
    whole = len(value) == len(question.items) or len(named) < len(value)
    contradicts = any(item in told and told[item] != state for item, state in named.items())
    if whole or contradicts or not set(named) - set(told) or not set(told) - set(named):
        return None
    return {**told, **named}


def _not_known(question: Question) -> Value | None:
    """What “not known” records at a question, or None where it is no choice."""
    if question.kind == "checklist":
        return {}
    return UNKNOWN if question.option(UNKNOWN) else None


def _level(text: str, plain: str) -> Read | None:
    """The one level that a short message chooses, or None (“not low”, “is it low?” choose none)."""
    put_right = re.search(r"\bi meant?\b", plain) and not ("?" in text or is_question(text))
    if put_right and (level := level_alone(plain)):
        return Read("screening_level", {"level": level})
    if ANOTHER_LEVEL.search(plain) or weighs_a_level(text):
        return None
    words = set(re.findall(r"[a-z]+", plain))
    named = [one for one in Level if one.value in words]
    if len(named) == 1 and len(words) <= 6:
        return Read("screening_level", {"level": named[0].value})
    return None
