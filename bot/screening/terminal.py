"""Goes through a questionnaire in a terminal: for trying a new version out, and without Rasa."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.guidance.models import Citation
from bot.referral.case import Case, Level
from bot.screening.assessment import Assessment, Fired, Judgement, assess, judge, to_case
from bot.screening.engine import answer, back, change, replay, skip, summary, would_drop
from bot.screening.errors import AnswerError, JudgementError
from bot.screening.models import UNKNOWN, Answers, Question, Questionnaire, Value
from bot.screening.typed import understand

Read = Callable[[str], str]
Write = Callable[[str], None]

_COMMANDS = "Commands: back, change <number>, why, help, skip, summary, stop."


@dataclass(frozen=True)
class Walk:
    """How a walk ended. `assessment` is of the answers given, also when it was stopped early;
    it is None when a notice ended the screening."""

    answers: Answers
    assessment: Assessment | None
    judgement: Judgement | None
    case: Case


class _StopError(Exception):
    pass


def walk(questionnaire: Questionnaire, read: Read, write: Write) -> Walk:
    """Ask everything in a terminal, show the result and take a judgement.

    Parameters: `read`, given a prompt, returns a typed line (EOFError stops, nothing is lost);
    `write` shows a line.
    """
    return _Walker(questionnaire, read, write).go()


class _Walker:
    def __init__(self, questionnaire: Questionnaire, read: Read, write: Write) -> None:
        self.questionnaire = questionnaire
        self.read = read
        self.write = write
        self.answers: Answers = {}

    def go(self) -> Walk:
        content = self.questionnaire.content
        self.write(f"{content.title} (version {content.version})")
        for point in content.about:
            self._cited(point.text, point.cite)
        self.write(_COMMANDS)
        try:
            self._ask_all()
        except (_StopError, EOFError):
            self.write("Stopped. This is what the answers so far say.")
        state = replay(self.questionnaire, self.answers)
        if state.stopped:
            return Walk(self.answers, None, None, to_case(self.questionnaire, self.answers))
        assessment = assess(self.questionnaire, self.answers)
        self._summary()
        self._result(assessment)
        judgement = None
        try:
            judgement = self._judgement(assessment)
        except (_StopError, EOFError):
            self.write("No level chosen.")
        for point in content.about:
            self._cited(point.text, point.cite)
        case = to_case(self.questionnaire, self.answers, judgement)
        return Walk(self.answers, assessment, judgement, case)

    # asking

    def _ask_all(self) -> None:
        step = None
        while True:
            state = replay(self.questionnaire, self.answers)
            question = state.current
            if question is None:
                return
            if question.step != step:
                step = question.step
                title = next(s.title for s in self.questionnaire.content.steps if s.id == step)
                self.write(f"\n== {title} ==")
            self._question(question)
            most = state.remaining_most
            about = f"{state.remaining}" if most == state.remaining else f"{state.remaining}-{most}"
            typed = self.read(f"[{about} to go] > ").strip()
            if question.stops and typed.lower() in {"", "ok", "stop", "end"}:
                return
            self._take(question, typed)

    def _question(self, question: Question) -> None:
        self.write(f"\n{question.title}")
        if question.kind == "checklist":
            for number, item in enumerate(question.items, start=1):
                self._line(f"{number}. {item.title}")
            self.write(f"  ({' / '.join(state.label for state in question.scale_states.states)})")
        else:
            for number, option in enumerate(question.options, start=1):
                self._line(f"{number}. {option.label}")

    def _take(self, question: Question, typed: str) -> None:
        command, _, rest = typed.partition(" ")
        try:
            match command.lower():
                case "stop":
                    raise _StopError
                case "back":
                    self.answers = back(self.questionnaire, self.answers)
                case "skip":
                    self.answers = skip(self.questionnaire, self.answers)
                    self._note(question, UNKNOWN)
                case "why":
                    self._cited(question.why.text, question.why.cite)
                case "help":
                    self.write(question.help or _COMMANDS)
                case "summary":
                    self._summary()
                case "change":
                    self._change(rest)
                case _:
                    value = understand(question, typed)
                    self.answers = answer(self.questionnaire, self.answers, question.id, value)
                    self._note(question, value)
        except AnswerError as error:
            self.write(error.explanation)

    def _note(self, question: Question, value: Value) -> None:
        option = question.option(value) if isinstance(value, str) else None
        if option is not None and option.note:
            self.write(option.note)

    def _change(self, which: str) -> None:
        lines = summary(self.questionnaire, self.answers)
        if not which.isdigit() or not 1 <= int(which) <= len(lines):
            self._summary()
            self.write("Say which line, for example “change 2”.")
            return
        question = self.questionnaire.by_id[lines[int(which) - 1].change]
        self._question(question)
        value = understand(question, self.read("New answer > "))
        gone = would_drop(self.questionnaire, self.answers, question.id, value)
        self.answers = change(self.questionnaire, self.answers, question.id, value)
        for dropped in gone:
            self.write(f"No longer applies: {dropped.title}")

    # showing

    def _summary(self) -> None:
        self.write("\nYour answers")
        for number, line in enumerate(summary(self.questionnaire, self.answers), start=1):
            self._line(f"{number}. {line.title}")
            for text in line.answers or ("Not known",):
                self._line(f"   {text}")

    def _result(self, assessment: Assessment) -> None:
        self.write("\nResult")
        self._cited(assessment.headline.text, assessment.headline.cite)
        if assessment.floor is not None:
            self.write(f"The lowest level that can be chosen is {assessment.floor.value}.")
        for title, rules in (
            ("Hard rules", assessment.floor_rules),
            ("Suggestions", assessment.suggestions),
            ("Not known enough", assessment.cautions),
            ("To do, whatever the level", assessment.actions),
            ("Bear in mind", assessment.notes),
        ):
            if rules:
                self.write(f"\n{title}")
                for rule in rules:
                    self._rule(rule)
        if assessment.history:
            self.write("\nPresent before (never lowers a level)")
            for item in assessment.history:
                self._line(f"- {item.title}")
        if assessment.would_change:
            self.write("\nWhat would change it, if it became known")
            for would in assessment.would_change:
                titles = "; ".join(known.title for known in would.known)
                level = would.suggested.value if would.suggested else "no suggestion"
                self._line(f"- {would.answer}: {titles} → {level}")
        self._cited(assessment.rescreen.text, assessment.rescreen.cite)

    def _rule(self, rule: Fired) -> None:
        self._line(f"- [{rule.id}] {rule.explain}")
        if rule.because:
            self._line(f"  because: {'; '.join(rule.because)}")
        if rule.note:
            self._line(f"  {rule.note}")
        self._line(f"  {self._where(rule.cite)}")

    def _judgement(self, assessment: Assessment) -> Judgement:
        words = self.questionnaire.content.judgement
        self.write(f"\n{words.title}")
        while True:
            typed = self.read("Level > ").strip().lower()
            if typed == "stop":
                raise _StopError
            if typed == "why":
                self._cited(words.why.text, words.why.cite)
                continue
            if typed not in {level.value for level in Level}:
                self.write("Say low, medium or high.")
                continue
            try:
                return judge(assessment, Level(typed))
            except JudgementError as error:
                self.write(error.explanation)
                if not error.reason_needed:
                    continue
            given = self._reason(assessment)
            try:
                return judge(assessment, Level(typed), given)
            except JudgementError as error:
                self.write(error.explanation)

    def _reason(self, assessment: Assessment) -> str:
        for number, reason in enumerate(assessment.reasons, start=1):
            self._line(f"{number}. {reason.label}")
        typed = self.read("Reason > ").strip()
        if typed.isdigit() and 1 <= int(typed) <= len(assessment.reasons):
            return assessment.reasons[int(typed) - 1].id
        return typed

    def _cited(self, text: str, cite: Iterable[Citation]) -> None:
        self._line(f"{text} ({self._where(cite)})")

    def _where(self, cite: Iterable[Citation]) -> str:
        return "; ".join(self.questionnaire.where(citation) for citation in cite)

    def _line(self, text: str) -> None:
        lead = len(text) - len(text.lstrip())
        for line in textwrap.wrap(text, 98, subsequent_indent=" " * (lead + 3)) or [""]:
            self.write("  " + line)
