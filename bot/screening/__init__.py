"""The guided concern summary: questions, answers, rules and a professional's judgement.

The public door. `story` (spaCy), `drawing` and `terminal` are imported where they are needed.
"""

from bot.screening.assessment import Assessment, Judgement, assess, judge, to_case
from bot.screening.engine import (
    State,
    SummaryLine,
    answer,
    back,
    change,
    described,
    replay,
    skip,
    summary,
    would_drop,
)
from bot.screening.errors import AnswerError, JudgementError, Refusal
from bot.screening.load import load_questionnaire
from bot.screening.models import Answers, Question, Questionnaire, Value
from bot.screening.typed import understand

__all__ = [
    "AnswerError",
    "Answers",
    "Assessment",
    "Judgement",
    "JudgementError",
    "Question",
    "Questionnaire",
    "Refusal",
    "State",
    "SummaryLine",
    "Value",
    "answer",
    "assess",
    "back",
    "change",
    "described",
    "judge",
    "load_questionnaire",
    "replay",
    "skip",
    "summary",
    "to_case",
    "understand",
    "would_drop",
]
