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
from bot.screening.assessment import assess
from bot.screening.dialogue import ScreeningDialogue, Session
from bot.screening.engine import summary
from bot.screening.errors import AnswerError, Refusal
from bot.screening.models import Question, Value
from bot.screening.questions import is_question, weighs_a_level
from bot.screening.suggested import told, told_age, told_otherwise
from bot.screening.typed import understand

#: Intents whose examples only show what can be typed: they carry a value and are read for it.
_READ_OTHERWISE = (
    "screening_answer", "screening_level", "screening_reason", "screening_change",
)  # fmt: skip
#: Words that an answer may have beside a question about guidance; longer is taken as a question.
LONGEST_ANSWER = 8
#: Longest reason in the person's own words that is kept, in characters.
LONGEST_REASON = 200
#: Words that steer a screening only while one is under way; elsewhere they mean something else.
_ONLY_INSIDE = {
    "go on": "screening_resume",
    "continue": "screening_resume",
    "carry on": "screening_resume",
    "keep going": "screening_resume",
    "not now": "screening_stop",
    "leave it": "screening_stop",
    "cancel": "screening_stop",
    "start again": "screening_start_over",
    "start over": "screening_start_over",
    "begin again": "screening_start_over",
    "new screening": "screening_start_over",
    "wrong answer": "screening_back",
}
_CHANGE = re.compile(r"^(?:change|correct|edit|fix|redo)\s+(?:the\s+|my\s+)?(.+?)(?:\s+answer)?$")
_QUESTION = re.compile(
    r"\?|^(?:what|who|when|where|which|why|how|does|do|is|are|can|should|must|will)\b"
    r"|\b(?:who|what|how|when|where) (?:do|does|should|can|must|i|we|is|are)\b",
    re.IGNORECASE,
)
#: “he's looked after” answers like “looked after”.
_SUBJECT = re.compile(
    r"^(?:(?:he|she|they|it)(?:['’]s|['’]re| is| are| has| have)?|hes|shes|theyre"
    r"|(?:the )?(?:child|yp)(?:['’]s| is| has))\s+(?=\S)",
    re.IGNORECASE,
)
#: Words that take over what was suggested for a checklist.
_CONFIRMS = re.compile(
    r"(?:yes|yep|yeah|correct|confirm(?:ed)?|ok(?:ay)?|as i (?:said|told you)"
    r"|(?:yes,? )?(?:that['’]?s (?:right|all|it)|as i told you))"
)
_NOTHING = re.compile(r"\b(?:nothing|not (?:open to )?any(?:thing)?|no plans?)\b", re.IGNORECASE)
#: The same where it is asked whom the child is open to.
_OPEN_TO_NOBODY = re.compile(
    r"\b(?:(?:not|isn['’]?t|ain['’]?t|aren['’]?t|hasn['’]?t been|never been)"
    r" open to any ?(?:one|body|thing)?|open to (?:no ?one|nobody|none))\b",
    re.IGNORECASE,
)
#: “Nothing but early help” is not nothing.
_EXCEPTED = re.compile(r"\b(?:but|except|apart|other than|only|just|besides|bar)\b", re.IGNORECASE)
#: What asks what can be typed.
_HELP = re.compile(
    r"(?:help|help me|help please|please help|i need help|(?:what|how) (?:can|do|should) i"
    r" (?:type|say|answer|reply|do)(?: here| now)?|(?:the )?(?:commands|options)"
    r"|what are (?:my|the) options|how does this work|how do i use this)"
)
#: What takes up the offer to change an answer that something else was told about.
_TAKES_UP = re.compile(
    r"(?:yes|yep|yeah|ok(?:ay)?|please(?: do)?|do(?: that| it)?|sure)(?:,? please)?"
    r"(?:,? (?:change|correct|fix) (?:it|that))?"
)
#: “I'm the safeguarding lead at a primary school” says who one is, however long it is.
_I_AM = re.compile(r"(?:i am|i['’]?m|i work) (?:a|an|the|as|in|for)\b")
_NAMES_A_LEVEL = re.compile(rf"\b(?:{'|'.join(Level)})\b")
#: Words with which a level that is named is not the level that is meant, or not yet.
_ANOTHER_LEVEL = re.compile(
    r"n['’]t\b|\b(?:is|was|are|do|does|did|would|could|should|can|ca|wo)nt\b|\bno\b(?!,)"
    r"|\b(?:not|never|neither|nor|hardly|cannot|than|above|below|over|under|beyond|between|least"
    r"|most|higher|lower|less|more|nearly|almost|unsure|unless|without)\b"
    r"|^(?:what|why|how|when|who|where|which)\b"
    r"|^(?:is|are|do|does|can|could|should|would) (?:it|i|we|you|this|that|he|she|they|the)\b"
)


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
        self._commands = _ONLY_INSIDE | {
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
            return self._idle(session, plain)
        command = self._commands.get(plain)
        if _HELP.fullmatch(plain):
            return Read("screening_why", {"explanation": "what_to_type"})
        if session.stage == "judging":
            return self._judging(session, text, plain, command)
        question = self._dialogue.current(session)
        if question is None:
            return None
        if command == "screening_skip":
            return self._answer(question, text) or Read("screening_skip", {})
        if command is not None and command != "screening_resume":
            return Read(command, {})
        changed = _CHANGE.match(plain)
        if changed:
            return Read("screening_change", self._which(session, changed.group(1)))
        suggested = self._dialogue.confirmed(session)
        if suggested is not None and _CONFIRMS.fullmatch(plain):
            return _answering(question, suggested)
        if is_question(text):
            # a worry told at length may end up as a question too
            told = not side_question and len(plain.split()) > LONGEST_ANSWER
            return self._story(text) if told else None
        if question.case_field == "role" and _I_AM.match(plain):
            return self._answer(question, text)
        if question.case_field == "open_to" and _says_none(question, text):
            return self._answer(question, text)
        if side_question and (_QUESTION.search(text) or len(plain.split()) > LONGEST_ANSWER):
            return None if _QUESTION.search(text) else self._story(text)
        return self._answer(question, text)

    def told(self, text: str) -> dict[str, str]:
        """What a worry told in `text` suggests, as the entity that an intent carries."""
        found = told(text, self._dialogue.questionnaire)
        return {"suggested": found} if found else {}

    def _story(self, text: str) -> Read | None:
        entities = self.told(text)
        return Read("screening_answer", entities) if entities else None

    def _age(self, text: str) -> Read | None:
        found = told_age(text, self._dialogue.questionnaire)
        return Read("screening_answer", {"suggested": json.dumps(found)}) if found else None

    def _idle(self, session: Session, plain: str) -> Read | None:
        command = self._commands.get(plain)
        resumable = session.stage == "stopped" and command == "screening_resume"
        known = command in ("screening_start_over", "screening_summary")
        return Read(str(command), {}) if resumable or known else None

    def _answer(self, question: Question, text: str) -> Read | None:
        said = _SUBJECT.sub("", text.strip())
        if question.kind == "checklist":
            if _says_none(question, said):
                said = "none"
            elif aged := self._age(text):
                # “she is 9” is not line 9 of the list
                return aged
        try:
            value = understand(question, said)
        except AnswerError as error:
            if story := self._story(text) or self._age(text):
                return story
            if error.refusal is Refusal.SPEAKS_OF_SELF:
                return None
            return Read("screening_answer", {"explanation": error.explanation})
        return _answering(question, value)

    def _judging(self, session: Session, text: str, plain: str, command: str | None) -> Read | None:
        assessment = assess(self._dialogue.questionnaire, session.answers)
        if session.level is not None:
            if command in ("screening_back", "screening_stop", "screening_summary"):
                return Read(command, {})
            reasons = assessment.reasons
            if plain.isdigit() and 1 <= int(plain) <= len(reasons):
                return Read("screening_reason", {"reason": reasons[int(plain) - 1].id})
            match = next((one for one in reasons if one.label.lower().strip(" .") == plain), None)
            if match is not None:
                return Read("screening_reason", {"reason": match.id})
            if said := self._otherwise(session, text, plain) or _level(text, plain):
                return said
            changed = _CHANGE.match(plain)
            if changed and (which := self._which(session, changed.group(1))):
                return Read("screening_change", which)
            if self._scrub is None or command is not None or _QUESTION.search(text):
                return None
            return Read("screening_reason", {"reason": self._scrub(text)[:LONGEST_REASON]})
        if command is not None and command != "screening_resume":
            return Read(command, {})
        changed = _CHANGE.match(plain)
        if changed:
            return Read("screening_change", self._which(session, changed.group(1)))
        # “high” is a level here, and no word about drugs
        said = self._otherwise(session, text, plain) or _level(text, plain)
        if said is not None or _NAMES_A_LEVEL.search(plain):
            return said
        return self._otherwise(session, text, plain, only_single=False)

    def _otherwise(
        self, session: Session, text: str, plain: str, only_single: bool = True
    ) -> Read | None:
        """What is told at the judgement otherwise than it was answered: its change is offered.

        `only_single` heeds only questions with one answer, such as the age: a level and a reason
        may be given in words that also name a sign.
        """
        unsettled = self._dialogue.unsettled(session)
        if unsettled is not None and _TAKES_UP.fullmatch(plain):
            return Read("screening_change", {"question": unsettled})
        if "?" in text or is_question(text):
            return None
        questionnaire = self._dialogue.questionnaire
        found = told_otherwise(text, questionnaire, session.answers, only_single)
        return Read("screening_answer", {"suggested": found}) if found else None

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


def _says_none(question: Question, text: str) -> bool:
    """Whether a reply says in other words that none of a checklist applies."""
    if re.search(r"\d", text) or _EXCEPTED.search(text):
        return False
    nobody = question.case_field == "open_to" and _OPEN_TO_NOBODY.search(text)
    return bool(nobody or _NOTHING.search(text))


def _level(text: str, plain: str) -> Read | None:
    """The one level that a short message chooses, or None (“not low”, “is it low?” choose none)."""
    if _ANOTHER_LEVEL.search(plain) or weighs_a_level(text):
        return None
    words = set(re.findall(r"[a-z]+", plain))
    named = [one for one in Level if one.value in words]
    if len(named) == 1 and len(words) <= 6:
        return Read("screening_level", {"level": named[0].value})
    return None
