"""The screening as a conversation: a command in, replies and a new session out. Pure.

A `Session` is all that is kept: the ordered answers, how far it has come, and the judgement. What
is asked, suggested and routed is replayed from it each time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from bot.guidance.answering import Citations
from bot.guidance.load import Guidance
from bot.guidance.models import AREA_IDS, AreaId
from bot.guidance.reply import Choice, Reply, Statement
from bot.referral.case import Level
from bot.referral.find import find_route
from bot.referral.load import RouteBook
from bot.referral.reply import route_reply
from bot.screening.assessment import Judgement, assess, judge, to_case
from bot.screening.engine import answer, back, change, replay, skip, summary, would_drop
from bot.screening.errors import AnswerError, JudgementError
from bot.screening.models import UNKNOWN, Answers, ItemAnswer, Question, Questionnaire, Value
from bot.screening.session import Session, Stage
from bot.screening.showing import Showing, payload
from bot.screening.suggested import Suggested, fitting, merged, present_beyond, titles, told_reply

__all__ = ["ScreeningDialogue", "Session", "Turn", "area_of", "none_of", "payload"]

#: Misses after which “not known” and a person to ask are offered.
MISSES = 2
#: What is asked again where the area becomes another: the plans that there are differ.
_HANGS_ON_AREA = "open_to"


@dataclass(frozen=True)
class Turn:
    """What is said, and the session from then on (None: there is none)."""

    replies: tuple[Reply, ...]
    session: Session | None


class ScreeningDialogue:
    """Leads through the questionnaire, shows the result, takes the judgement, gives the route."""

    def __init__(self, questionnaire: Questionnaire, guidance: Guidance, routes: RouteBook) -> None:
        self.questionnaire = questionnaire
        self._guidance = guidance
        self._routes = routes
        self._shown = Showing(questionnaire, guidance)

    # commands

    def adopt(self, session: Session | None) -> Turn:
        """The session for this questionnaire; says so where it was begun with another version.

        Answers that still apply are kept; the rest is asked.
        """
        version = self.questionnaire.content.version
        if session is None or session.version in (None, version):
            return Turn((), session)
        state = replay(self.questionnaire, session.answers)
        known = session.changing is None or session.changing in self.questionnaire.by_id
        moved = replace(
            session,
            answers=state.answers,
            version=version,
            changing=session.changing if known else None,
            suggested=fitting(session.suggested, self.questionnaire),
        )
        if session.stage != "stopped":
            moved = self._standing(moved)
        lost = len(session.answers) - len(state.answers)
        gone = f" {lost} no longer fit{'s' if lost == 1 else ''} and I ask again." if lost else ""
        note = Reply(
            kind="screening_note",
            headline="The questions of this screening have changed since you began. Your answers "
            f"that still apply are kept.{gone}",
        )
        return Turn((note,), moved)

    def start(
        self,
        session: Session | None,
        area: AreaId | None = None,
        suggested: Suggested | None = None,
    ) -> Turn:
        """Begin, or go on with one that is under way. A known area need not be asked again.

        Answers of one that was stopped are kept: whether to go on or start over is asked.
        `suggested` is what the words that began it may mean.
        """
        if session is not None and session.active:
            if suggested:
                return self.story(session, suggested)
            return self._with(
                "You already have a screening under way; here is where it is.", session
            )
        # an area alone came from the conversation: nothing was answered yet
        if session is not None and session.stage == "stopped" and set(session.answers) - {"area"}:
            return Turn(self._waiting(session), session)
        answers: Answers = {"area": area} if area else {}
        begun = Session(
            answers, version=self.questionnaire.content.version, suggested=suggested or {}
        )
        content = self.questionnaire.content
        cites = self._citations()
        opening = Reply(
            kind="screening_start",
            headline=f"{content.title}: a few questions, about five minutes.",
            points=tuple(Statement(one.text, cites.add(one.cite)) for one in content.about),
            closing="Tell me the worry in a sentence or two, without names, or just answer. Say "
            "“back”, “why do you ask?”, “how many more?”, “summary”, “skip” or “stop” at any time; "
            "you can also ask me anything in between.",
            sources=cites.lines(),
        )
        read = (told_reply(begun.suggested, self.questionnaire),) if begun.suggested else ()
        return Turn((opening, *read, *self._present(begun)), begun)

    def story(self, session: Session, suggested: Suggested) -> Turn:
        """What a worry told in a sentence may mean: shown, and confirmed where each is asked.

        What an earlier answer does not hold is asked about at once; the answer stays until then.
        """
        state = replay(self.questionnaire, session.answers)
        answered = {one.id for one in state.path} - {session.changing}
        waiting = {name: value for name, value in suggested.items() if name not in answered}
        # what is told as it was answered takes back what was told otherwise before
        kept = {
            name: value
            for name, value in session.suggested.items()
            if name not in suggested or suggested[name] != session.answers.get(name)
        }
        against = {
            name: beyond
            for name, value in suggested.items()
            if name in answered and (beyond := self._unheld(session, name, value)) is not None
        }
        told = merged(merged(kept, waiting, self.questionnaire), against, self.questionnaire)
        heard = replace(session, suggested=told, misses=0)
        replies: tuple[Reply, ...] = ()
        if waiting:
            replies += (told_reply(waiting, self.questionnaire),)
        if against and session.changing is None:
            settling, asks = self._settling(heard, next(iter(against)))
            return Turn((*replies, asks, *self._present(settling)), settling)
        if not waiting and not against:
            replies += (_heard_before(),)
        return Turn((*replies, *self._present(heard)), heard)

    def _settling(self, session: Session, question_id: str) -> tuple[Session, Reply]:
        """The question that was answered otherwise than it was told since, asked again, and why."""
        question = self.questionnaire.by_id[question_id]
        told, given = session.suggested[question_id], session.answers.get(question_id)
        if isinstance(told, str) and isinstance(given, str):
            before, now = (question.option(one) for one in (given, told))
            asks = (
                f"You answered “{before.label if before else given}”, and now it is “"
                f"{now.label if now else told}”: which is right?"
            )
        else:
            asks = f"This is not in your answer to “{question.title}” yet: shall I add it?"
        # the level is kept until the answer is another: “back” leaves all as it was
        settling = replace(session, changing=question_id, stage="asking", misses=0)
        return settling, Reply(kind="screening_note", headline=asks)

    def take(self, session: Session, question_id: str, value: Value) -> Turn:
        """An answer to a question. An answer that does not fit is explained and asked again."""
        try:
            if session.changing == question_id:
                if question_id == "area" and value != session.answers.get("area"):
                    return self.move(session, str(value))
                return self._changed(session, question_id, value)
            answers = answer(self.questionnaire, session.answers, question_id, value)
        except AnswerError as error:
            return self.unclear(session, error.explanation)
        if contradicted := self._contradicted(session, question_id, value):
            return self._against_told(session, question_id, answers, contradicted)
        moved = self._moved(_without(session, question_id), answers)
        nothing = "Recorded as not known." if value in ({}, UNKNOWN) else None
        note = self._note(question_id, value) or nothing
        notes = [note, self._left_out(session, question_id, value)]
        said = " ".join(note for note in notes if note)
        replies: tuple[Reply, ...] = ()
        if said:
            replies += (Reply(kind="screening_note", headline=said),)
        if session.stage == "asking" and moved.stage == "judging":
            # all is answered: what the result comes from can be put right before it is read
            replies += (self._answers(moved, "Your answers. Change any that is not right:"),)
        return Turn((*replies, *self._present(moved)), moved)

    def _contradicted(self, session: Session, question_id: str, value: Value) -> Value | None:
        """What was told of a question and its answer, taken as a whole, says otherwise; or None.

        Who goes through a list line by line has seen what was told there, and decided.
        """
        question = self.questionnaire.by_id[question_id]
        told = present_beyond(question, session.suggested.get(question_id), value)
        if isinstance(value, dict) and value and value != none_of(question):
            return None
        return told

    def _against_told(
        self, session: Session, question_id: str, answers: Answers, told: Value
    ) -> Turn:
        """An answer that says otherwise than was told before: taken, and asked which is right."""
        question = self.questionnaire.by_id[question_id]
        given = answers[question_id]
        kept = replace(session, suggested={**session.suggested, question_id: told})
        moved = replace(self._moved(kept, answers), changing=question_id, stage="asking")
        answered = "Not known" if given in ({}, UNKNOWN) else "No"
        if isinstance(given, str) and (option := question.option(given)):
            answered = option.label
        asks = (
            f"You told me earlier: {titles(question, told)}. Now you answered “{answered}”: which "
            "is right?"
        )
        return Turn((Reply(kind="screening_note", headline=asks), *self._present(moved)), moved)

    def _left_out(self, session: Session, question_id: str, value: Value) -> str | None:
        """What was told of a list and is not in its answer, so that it does not go unsaid."""
        question, suggested = self.questionnaire.by_id[question_id], session.suggested
        told = present_beyond(question, suggested.get(question_id), value)
        if not isinstance(told, dict) or not isinstance(value, dict):
            return None
        unsaid = {item: state for item, state in told.items() if item not in value}
        named = "; ".join(one.title for one in question.items if one.id in unsaid)
        return f"Left as not known, though you told me of it: {named}." if unsaid else None

    def _changed(self, session: Session, question_id: str, value: Value) -> Turn:
        """An earlier answer given anew. Raises AnswerError where it does not fit."""
        given = session.answers.get(question_id)
        if question_id in session.suggested and isinstance(given, dict) and isinstance(value, dict):
            # reopened for one thing: what else was answered there stays
            value = {**given, **value}
        gone = would_drop(self.questionnaire, session.answers, question_id, value)
        answers = change(self.questionnaire, session.answers, question_id, value)
        note = "Left as it was." if answers == session.answers else "Changed."
        if answers == session.answers:
            note += self._dropped(session, question_id)
        if gone:
            note += " No longer needed: " + "; ".join(one.title for one in gone) + "."
        if said := self._note(question_id, value):
            note += f" {said}"
        moved = self._moved(_without(session, question_id), answers)
        if self._at_notice(moved) and not gone:
            return Turn((self._shown.ended(moved),), moved)
        if moved.active and (more := self.unsettled(moved)):
            settling, asks = self._settling(moved, more)
            said_so = Reply(kind="screening_note", headline=note)
            return Turn((said_so, asks, *self._present(settling)), settling)
        return self._with(note, moved)

    def _dropped(self, session: Session, question_id: str) -> str:
        """What was told of an answer and is not taken into it, so that it does not go unsaid."""
        if question_id not in session.suggested:
            return ""
        told = self._beyond(session, question_id, session.suggested[question_id])
        if told is None:
            return ""
        dropped = titles(self.questionnaire.by_id[question_id], told)
        return f" Not recorded, though you told me of it: {dropped}."

    def _note(self, question_id: str, value: Value) -> str | None:
        """What the questionnaire says at once to an option, before it goes on."""
        option = (
            self.questionnaire.by_id[question_id].option(value) if isinstance(value, str) else None
        )
        return option.note if option else None

    def unsettled(self, session: Session) -> str | None:
        """The answered question that something else was told about since, or None."""
        return next(
            (
                name
                for name, value in session.suggested.items()
                if name in session.answers and self._beyond(session, name, value) is not None
            ),
            None,
        )

    def _beyond(self, session: Session, question_id: str, told: Value) -> Value | None:
        """The part of what was told of an answered question that its answer does not hold."""
        question = self.questionnaire.by_id[question_id]
        return present_beyond(question, told, session.answers.get(question_id))

    def _unheld(self, session: Session, question_id: str, told: Value) -> Value | None:
        """What is told now of an answered question: beyond its answer, or denied and not in it."""
        question = self.questionnaire.by_id[question_id]
        given = session.answers.get(question_id)
        beyond = present_beyond(question, told, given)
        if not isinstance(told, dict) or not isinstance(given, dict):
            return beyond
        absent = question.scale_states.meaning("absent")
        denied: dict[str, ItemAnswer] = {
            item: state
            for item, state in told.items()
            if absent is not None and state == absent.id and item not in given
        }
        more = beyond if isinstance(beyond, dict) else {}
        return {**denied, **more} or None

    def what_to_type(self, session: Session) -> Turn:
        """What can be typed here, and what waits again."""
        return self._with(self._shown.what_to_type(session, self.current(session)), session)

    def confirmed(self, session: Session) -> Value | None:
        """What “yes” means for the question that waits: what was suggested for it, or None."""
        question = self.current(session)
        return session.proposed(question.id) if question is not None else None

    def unclear(self, session: Session, explanation: str) -> Turn:
        """An answer that does not fit: why, and the question again; after two, a way out."""
        missed = replace(session, misses=session.misses + 1)
        if missed.misses >= MISSES and self.current(session) is not None:
            explanation += (
                " You can say “skip” for not known. If it is hard to say, talk it over with your "
                "safeguarding lead or manager and come back: nothing is lost."
            )
        return self._with(explanation, missed)

    def back(self, session: Session) -> Turn:
        """One question back; its answer is asked again. While changing: leave the answer as it was.

        From a reason that is asked for: back to the levels.
        """
        if session.changing is not None:
            kept = _without(session, session.changing)
            left = self._standing(replace(kept, changing=None, misses=0))
            said = f"Left as it was.{self._dropped(session, session.changing)}"
            turn = self._with(said, left)
            more = self.route(left).replies if left.stage == "done" else ()
            return Turn((*turn.replies, *more), left)
        if session.stage == "judging" and session.level is not None:
            levels = replace(session, level=None, reason=None)
            return Turn(self._present(levels), levels)
        if session.stage == "judging":
            session = replace(session, stage="asking", level=None)
        try:
            answers = back(self.questionnaire, session.answers)
        except AnswerError as error:
            return self._with(error.explanation, session)
        moved = replace(self._moved(session, answers), stage="asking")
        return Turn(self._present(moved), moved)

    def skip(self, session: Session) -> Turn:
        """The current question, or the one being changed, is not known."""
        if not session.active:
            return Turn(self._waiting(session), session)
        if session.changing is not None:
            question = self.questionnaire.by_id[session.changing]
            if question.kind == "checklist":
                return self.take(session, question.id, {})
            if question.option(UNKNOWN) is None:
                return self._with("This one cannot be skipped.", session)
            return self.take(session, question.id, UNKNOWN)
        try:
            answers = skip(self.questionnaire, session.answers)
        except AnswerError as error:
            return self._with(error.explanation, session)
        skipped = self.current(session)
        if skipped is not None:
            unknown: Value = {} if skipped.kind == "checklist" else UNKNOWN
            if contradicted := self._contradicted(session, skipped.id, unknown):
                return self._against_told(session, skipped.id, answers, contradicted)
        cleared = _without(session, skipped.id) if skipped else session
        moved = self._moved(cleared, answers)
        if skipped is not None and (said := self._note(skipped.id, UNKNOWN)):
            return self._with(said, moved)
        return Turn(self._present(moved), moved)

    def move(self, session: Session, area: str) -> Turn:
        """The child is in another area than was answered: taken at once, and said.

        What hangs on the area is asked again, with its answer kept until then.
        """
        try:
            answers = change(self.questionnaire, session.answers, "area", area)
            session = _without(session, "area")
        except AnswerError as error:
            return self._with(error.explanation, session)
        labels = [
            option.label if (option := self.questionnaire.by_id["area"].option(str(one))) else one
            for one in (area, session.answers["area"])
        ]
        note = f"Changed: the child's area is {labels[0]} now, not {labels[1]}."
        asked_again = answers.get(_HANGS_ON_AREA) is not None and session.active
        if session.active:
            moved = self._standing(replace(session, answers=answers, misses=0, level=None,
                                           reason=None))  # fmt: skip
            going_on = session.changing if session.changing != "area" else None
            if asked_again:
                moved = replace(moved, changing=_HANGS_ON_AREA, stage="asking")
                note += (
                    " Plans and teams differ from area to area, so please look at this one again; "
                    "“back” leaves your answer as it was."
                )
            elif going_on is not None:
                moved = replace(moved, changing=going_on, stage="asking")
            else:
                moved = replace(moved, changing=None)
            return self._with(note, moved)
        moved = replace(session, answers=answers)
        said = Reply(kind="screening_note", headline=note)
        return Turn((said, *self._waiting(moved)), moved)

    def change(self, session: Session, question_id: str | None) -> Turn:
        """Answer an earlier question anew; without one, choose it from the summary."""
        given = {line.change for line in summary(self.questionnaire, session.answers)}
        if question_id not in given:
            return self.summary(session)
        # the level is kept until the answer is another: “back” leaves all as it was
        changing = replace(session, changing=question_id, stage="asking", misses=0)
        return Turn(self._present(changing), changing)

    def ended_by(self, session: Session) -> Question | None:
        """The question whose answer ended the screening at a notice, or None."""
        return self._shown.before_notice(session) if self._at_notice(session) else None

    def correct(self, session: Session, told: Suggested) -> Turn:
        """A slip put right after it ended the screening at a notice; else what waits."""
        slip = self.ended_by(session)
        if session.active or slip is None or slip.id not in told:
            return self.resume(session)
        return self.take(replace(session, changing=slip.id, stage="asking"), slip.id, told[slip.id])

    def why(self, session: Session) -> Turn:
        """Why the current question is asked, with its source, and the question again."""
        question = self.current(session)
        if question is None and self._at_notice(session):
            question = replay(self.questionnaire, session.answers).current
        point = question.why if question else self.questionnaire.content.judgement.why
        cites = self._citations()
        cites.add(point.cite)
        reply = Reply(kind="screening_why", headline=point.text, sources=cites.lines())
        return Turn((reply, *self._present(session)), session)

    def remaining(self, session: Session) -> Turn:
        """How many more questions there are."""
        state = replay(self.questionnaire, session.answers)
        if state.stopped and not session.active:
            return Turn((self._shown.ended(session),), session)
        if state.current is None:
            return self._with("No more questions: only the level that you judge it to be.", session)
        least, most = state.remaining, state.remaining_most
        count = f"{least}" if least == most else f"{least} to {most}"
        return self._with(f"{count} more, this one included, then your own judgement.", session)

    def summary(self, session: Session) -> Turn:
        """What was answered so far, each line with Change."""
        if not summary(self.questionnaire, session.answers):
            return self._with("Nothing is answered yet.", session)
        reply = self._answers(session, "Your answers so far:")
        return Turn((reply, *self._present(session)), session)

    def _answers(self, session: Session, headline: str) -> Reply:
        """What was answered, each line with Change."""
        lines = summary(self.questionnaire, session.answers)
        return Reply(
            kind="screening_summary",
            headline=headline,
            points=tuple(
                Statement(f"{line.title} {'; '.join(line.answers) or 'Not known'}")
                for line in lines
            ),
            choices=tuple(
                Choice(
                    f"Change: {_short(line.title)}",
                    payload("screening_change", question=line.change),
                )
                for line in lines
            ),
        )

    def stop(self, session: Session) -> Turn:
        """Stop; nothing is lost, and the route for what is known is offered."""
        stopped = replace(session, stage="stopped", changing=None)
        # the reference itself is kept nowhere, so it cannot be shown again
        saved = Statement(
            "They are saved under your reference too: look for “Your reference” further up. Type "
            "it here, in another browser or on Telegram to go on. It is shown only once."
        )
        reply = Reply(
            kind="screening_stopped",
            headline="Stopped. Your answers are kept in this conversation; say “resume” to go on.",
            points=(
                *((saved,) if session.key else ()),
                Statement("If you are worried now, do not wait for the end: tell your "
                          "safeguarding lead or children's services, and in danger ring 999."),
            ),
            choices=(
                Choice("Resume", payload("screening_resume")),
                Choice("What do I do now?", payload("screening_route")),
                Choice("Start over", payload("screening_start_over")),
            ),
        )  # fmt: skip
        return Turn((reply,), stopped)

    def resume(self, session: Session | None) -> Turn:
        """Go on where it was."""
        if session is None:
            return Turn((_nothing_to_resume(),), None)
        if session.stage == "done":
            return self.route(session)
        if session.active and session.changing is not None:
            return self._with("Going on where we were.", session)
        going = self._standing(session)
        if going.stage == "done":
            return Turn(self.route(going).replies, going)
        if going.stage == "stopped":
            return Turn((self._shown.ended(going),), going)
        return self._with("Going on where we were.", going)

    def start_over(self, session: Session | None, area: AreaId | None = None) -> Turn:
        """Forget the answers and begin again, with the area that is known."""
        return self.start(None, area)

    def choose(self, session: Session, level: str, reason: str | None = None) -> Turn:
        """The professional's level. Never below a floor; below the suggestion it needs a reason.

        `reason` was given together with the level.
        """
        if not self._may_judge(session) or level not in [one.value for one in Level]:
            return Turn(self._waiting(session), session)
        chosen = replace(session, level=level, reason=reason, stage="judging")
        return self._judge(chosen)

    def give_reason(self, session: Session, reason: str) -> Turn:
        """Why the level is lower than suggested."""
        if not self._may_judge(session) or session.level is None:
            return Turn(self._waiting(session), session)
        return self._judge(replace(session, reason=reason))

    def route(self, session: Session, *, more: bool = False) -> Turn:
        """The route for what was answered and judged."""
        judgement = self._judgement(session)
        case = to_case(self.questionnaire, session.answers, judgement)
        route = find_route(case, self._routes)
        choices = (
            *(() if more else (Choice("The whole route", payload("screening_route", more="yes")),)),
            Choice("Summary and change", payload("screening_summary")),
            Choice("Start a new screening", payload("screening_start_over")),
        )
        return Turn((route_reply(route, choices, more=more),), session)

    def current(self, session: Session) -> Question | None:
        """The question that waits for an answer, or None."""
        if session.stage != "asking":
            return None
        if session.changing:
            return self.questionnaire.by_id[session.changing]
        question = replay(self.questionnaire, session.answers).current
        return None if question is None or question.stops else question

    def remind(self, session: Session) -> tuple[Reply, ...]:
        """The waiting question again, after something else was answered in between."""
        return self._present(session) if session.active else ()

    # inside

    def _citations(self) -> Citations:
        return Citations(self._guidance, dt.date.today())

    def _moved(self, session: Session, answers: Answers) -> Session:
        kept = replay(self.questionnaire, answers).answers
        return self._standing(
            replace(session, answers=kept, changing=None, misses=0, level=None, reason=None)
        )

    def _standing(self, session: Session) -> Session:
        """The session at the stage that its answers and its judgement have come to."""
        state = replay(self.questionnaire, session.answers)
        stage: Stage = "asking"
        if state.stopped:
            stage = "stopped"
        elif state.current is None:
            stage = "judging" if self._judgement(session) is None else "done"
        return replace(session, stage=stage)

    def _at_notice(self, session: Session) -> bool:
        """Whether the screening ended at a notice, so that nothing more is asked."""
        return session.changing is None and replay(self.questionnaire, session.answers).stopped

    def _may_judge(self, session: Session) -> bool:
        """Whether a level can be taken: all is answered and nothing is being changed."""
        complete = replay(self.questionnaire, session.answers).complete
        return session.stage != "asking" and complete

    def _waiting(self, session: Session) -> tuple[Reply, ...]:
        """What waits; of a screening that was stopped, how to go on with it."""
        if presented := self._present(session):
            return presented
        if session.stage == "done":
            return self.route(session).replies
        return (
            Reply(
                kind="screening_kept",
                headline="You stopped a screening here, and its answers are kept.",
                choices=(
                    Choice("Resume", payload("screening_resume")),
                    Choice("Start over", payload("screening_start_over")),
                ),
            ),
        )

    def _with(self, sentence: str, session: Session) -> Turn:
        said = Reply(kind="screening_note", headline=sentence)
        return Turn((said, *self._present(session)), session)

    def _present(self, session: Session) -> tuple[Reply, ...]:
        """What waits: a question, the result with the levels, a reason, or the last notice."""
        question = self.current(session)
        if question is not None:
            return (self._shown.question(session, question),)
        if self._at_notice(session):
            return (self._shown.ended(session),)
        if session.stage == "judging":
            return self._result(session)
        return ()

    def _result(self, session: Session) -> tuple[Reply, ...]:
        assessment = assess(self.questionnaire, session.answers)
        if session.level is not None:
            return (self._shown.reasons(assessment, session.level),)
        return (self._shown.suggestion(assessment),)

    def _judgement(self, session: Session) -> Judgement | None:
        if session.level is None:
            return None
        assessment = assess(self.questionnaire, session.answers)
        try:
            return judge(assessment, Level(session.level), session.reason)
        except JudgementError:
            return None

    def _judge(self, session: Session) -> Turn:
        if unsettled := self.unsettled(session):
            settling, asks = self._settling(replace(session, level=None, reason=None), unsettled)
            first = replace(asks, headline=f"First one thing, then the level. {asks.headline}")
            return Turn((first, *self._present(settling)), settling)
        assessment = assess(self.questionnaire, session.answers)
        try:
            judgement = judge(assessment, Level(str(session.level)), session.reason)
        except JudgementError as error:
            if error.reason_needed:
                return Turn(self._present(session), session)
            again = replace(session, level=None, reason=None)
            return self._with(error.explanation, again)
        done = replace(session, stage="done")
        said = f"Your judgement: {judgement.chosen.value}."
        if judgement.suggested and judgement.suggested is not judgement.chosen:
            said += f" Suggested: {judgement.suggested.value}."
        if judgement.reason_label:
            said += f" Reason: {judgement.reason_label}."
        noted = Reply(
            kind="screening_judged",
            headline=said,
            points=(Statement("Both are kept in the summary. This is not a diagnosis and it does "
                              "not replace your area's own tool."),),
        )  # fmt: skip
        return Turn((noted, *self.route(done).replies), done)


def _without(session: Session, question_id: str) -> Session:
    """The session without what was suggested for a question that is answered now."""
    left = {name: one for name, one in session.suggested.items() if name != question_id}
    return replace(session, suggested=left)


def _heard_before() -> Reply:
    """Said where what was told is in the answers already."""
    return Reply(
        kind="screening_note",
        headline="That is in your answers already, or changes none of them: they stay as they are.",
    )


def _short(title: str) -> str:
    return title if len(title) <= 40 else title[:38].rsplit(" ", 1)[0] + " …"


def _nothing_to_resume() -> Reply:
    return Reply(
        kind="screening_none",
        headline="There is no screening to go on with here.",
        points=(
            Statement(
                "If you began one before, type the reference that was shown after its first answer "
                "(like XXXX-XXXX-XXXX-XXXX-X), and it goes on. I cannot find it without."
            ),
        ),
        choices=(Choice("Start a screening", payload("start_screening")),),
    )


def area_of(session: Session | None) -> AreaId | None:
    """The area that was answered in a screening, or None."""
    given = session.answers.get("area") if session else None
    return next((one for one in AREA_IDS if one == given), None)


def none_of(question: Question) -> dict[str, Any]:
    """The answer “none of these” to a checklist: each line is absent."""
    absent = next(one.id for one in question.scale_states.states if one.meaning == "absent")
    return {item.id: absent for item in question.items}
