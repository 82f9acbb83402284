"""The take-away of the route that a conversation showed last, as a file."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.documents import Screening, TakeAway, TakeAwayError, take_away
from bot.guidance.load import Guidance
from bot.referral.case import LONDON, Level
from bot.referral.find import find_route
from bot.referral.load import RouteBook
from bot.referral.shortcut import case_from, missing_question
from bot.screening.assessment import Judgement, assess, judge, to_case
from bot.screening.dialogue import Session
from bot.screening.errors import JudgementError
from bot.screening.models import Questionnaire

#: Media types and name endings by kind.
_KINDS = {
    "pdf": ("application/pdf", "pdf"),
    "word": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "calendar": ("text/calendar; charset=utf-8", "ics"),
    "text": ("text/plain; charset=utf-8", "txt"),
}


@dataclass(frozen=True)
class Document:
    """A file for a person: the name to save it under, its media type, and its bytes."""

    name: str
    media_type: str
    content: bytes


class NoDocumentError(Exception):
    """There is no such file to be had; the sentence is for the person."""


class TakeAways:
    """Puts together what a conversation can take away, from what its slots hold."""

    def __init__(self, guidance: Guidance, questionnaire: Questionnaire, routes: RouteBook) -> None:
        self._guidance = guidance
        self._questionnaire = questionnaire
        self._routes = routes

    def of(
        self, slots: Mapping[str, Any], conversation: str, now: dt.datetime | None = None
    ) -> TakeAway:
        """The take-away of the route that was shown last: a told case's, else the screening's.

        Raises NoDocumentError when no route was shown.
        """
        moment = (now or dt.datetime.now(LONDON)).replace(microsecond=0)
        told, kept = slots.get("route_case"), slots.get("screening")
        if isinstance(told, dict):
            facts = case_from((), told, told.get("area"), moment)
            if missing_question(facts) is None:
                route = find_route(facts.case, self._routes)
                return take_away(route, _reference(f"{conversation} {told['told']}"), moment)
        session = Session.from_json(kept) if isinstance(kept, dict) else None
        if session is None or session.stage not in ("done", "stopped"):
            raise NoDocumentError(
                "There is no route in this conversation to take away. Ask “What do I do now?” or "
                "finish the screening first."
            )
        judgement = judgement_of(self._questionnaire, session)
        case = to_case(self._questionnaire, session.answers, judgement)
        screening = Screening(
            questionnaire=self._questionnaire,
            answers=session.answers,
            assessment=assess(self._questionnaire, session.answers),
            judgement=judgement,
            sources=self._guidance.sources,
            written_reason=judgement.reason if judgement and judgement.reason_written else None,
        )
        route = find_route(case, self._routes)
        return take_away(route, _reference(session.key or conversation), moment, screening)


def judgement_of(questionnaire: Questionnaire, session: Session) -> Judgement | None:
    """The judgement that a screening has come to, or None."""
    if session.level is None:
        return None
    try:
        assessment = assess(questionnaire, session.answers)
        return judge(assessment, Level(session.level), session.reason)
    except JudgementError:
        return None


def reference_of(slots: Mapping[str, Any], conversation: str) -> str | None:
    """What the files of the route that was shown last are recognised by; None where there is none.

    `slots` are what the conversation holds.
    """
    told, kept = slots.get("route_case"), slots.get("screening")
    if isinstance(told, dict):
        facts = case_from((), told, told.get("area"))
        if missing_question(facts) is None:
            return _reference(f"{conversation} {told['told']}")
    session = Session.from_json(kept) if isinstance(kept, dict) else None
    if session is None or session.stage not in ("done", "stopped"):
        return None
    return _reference(session.key or conversation)


def document_of(taken: TakeAway, kind: str) -> Document:
    """A take-away as a file of one kind. Slow for PDF: call it in a thread.

    Raises NoDocumentError when there is no such kind, or it would hold nothing.
    """
    if kind not in _KINDS:
        raise NoDocumentError("I can give it as PDF, Word, calendar or plain text.")
    media_type, ending = _KINDS[kind]
    try:
        content = _written(taken, kind)
    except TakeAwayError as error:
        raise NoDocumentError(str(error)) from error
    return Document(f"waymark-{taken.reference.lower()}.{ending}", media_type, content)


def _written(taken: TakeAway, kind: str) -> bytes:
    # each format brings a library of its own: only the one that is asked for is loaded
    if kind == "pdf":
        from bot.documents.pdf import as_pdf

        return as_pdf(taken)
    if kind == "word":
        from bot.documents.word import as_word

        return as_word(taken)
    if kind == "calendar":
        from bot.documents.calendar_file import as_calendar

        return as_calendar(taken)
    from bot.documents.text import as_text

    return as_text(taken).encode()


def _reference(name: str) -> str:
    """What a document is recognised by: nothing of the child, and no key to the screening."""
    digest = hashlib.sha256(f"waymark document {name}".encode()).hexdigest().upper()
    return f"WM-{digest[:4]}-{digest[4:8]}"
