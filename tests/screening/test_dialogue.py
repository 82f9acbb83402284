"""The screening in a conversation: a command in, replies and a session out.

What is typed while it waits is read as a command, an answer, a level or a reason.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guidance import GuidanceError
from bot.guidance.load import load_guidance
from bot.guidance.models import AREA_IDS
from bot.guidance.reply import Reply
from bot.referral.load import load_routes
from bot.screening import Answers, Value, load_questionnaire, replay
from bot.screening.dialogue import (
    MISSES,
    ScreeningDialogue,
    Session,
    Turn,
    area_of,
    none_of,
    payload,
)
from bot.screening.reading import Read, ScreeningReader

from .children import any_value, nothing_seen

GUIDANCE = Path(__file__).parents[2] / "data" / "guidance"
QUESTIONNAIRE = load_questionnaire()
LOADED = load_guidance(GUIDANCE)
DIALOGUE = ScreeningDialogue(QUESTIONNAIRE, LOADED, load_routes(LOADED, GUIDANCE / "routes"))
READER = ScreeningReader(DIALOGUE, GUIDANCE)


def begun(**answers: Value) -> Session:
    """A screening that these questions were answered in, one after the other."""
    session = DIALOGUE.start(None).session
    assert session is not None
    for name, value in answers.items():
        session = DIALOGUE.take(session, name, value).session
        assert session is not None
        assert name in session.answers, f"{name} was not asked then"
    return session


def judging(**different: Value) -> Session:
    """A screening in which everything is answered and the level is asked for."""
    wanted = nothing_seen(QUESTIONNAIRE, **different)
    session = DIALOGUE.start(None).session
    assert session is not None
    while (question := DIALOGUE.current(session)) is not None:
        value: Value = "read" if question.kind == "notice" else wanted[question.id]
        session = DIALOGUE.take(session, question.id, value).session
        assert session is not None
    assert session.stage == "judging"
    return session


def asked(turn: Turn) -> str:
    """The question that a turn ends with."""
    assert turn.session is not None
    question = DIALOGUE.current(turn.session)
    assert question is not None
    assert question.title == turn.replies[-1].headline
    return question.id


def first_present(group: str) -> tuple[str, Value]:
    """A checklist with its first sign of a group present now."""
    item = QUESTIONNAIRE.items_of_group[group][0]
    return QUESTIONNAIRE.question_of_item[item.id].id, {item.id: "now"}


# --- starting and answering -----------------------------------------------------------------------


def test_it_begins_with_what_it_is_and_asks_about_danger_first() -> None:
    turn = DIALOGUE.start(None)
    opening, _ = turn.replies
    assert opening.kind == "screening_start"
    assert "not a diagnosis" in opening.text()
    assert "Do not give names" in opening.text()
    assert opening.sources
    assert asked(turn) == "immediate_danger"
    assert turn.session == Session({}, version=QUESTIONNAIRE.version)


def test_an_area_that_is_known_is_not_asked_again() -> None:
    turn = DIALOGUE.start(None, "derby")
    assert turn.session is not None
    assert area_of(turn.session) == "derby"
    assert asked(DIALOGUE.take(turn.session, "immediate_danger", "no")) == "role"


def test_starting_twice_goes_on_with_the_one_under_way() -> None:
    session = begun(immediate_danger="no", area="derby")
    turn = DIALOGUE.start(session)
    assert "already have a screening under way" in turn.replies[0].headline
    assert turn.session == session
    assert asked(turn) == "role"


def test_danger_now_stops_with_999() -> None:
    turn = DIALOGUE.take(begun(), "immediate_danger", "yes")
    assert "999" in turn.replies[0].headline
    assert [card.number for card in turn.replies[0].contacts] == ["999"]


def test_a_question_has_its_step_its_options_and_a_button_for_each() -> None:
    (reply,) = DIALOGUE.take(begun(immediate_danger="no"), "area", "derby").replies
    role = QUESTIONNAIRE.by_id["role"]
    assert (reply.label or "").startswith("Where and who (")
    assert [choice.title for choice in reply.choices] == [one.label for one in role.options]
    assert json.loads(reply.choices[0].payload.removeprefix("/screening_answer")) == {
        "question": "role", "answer": "social_worker",
    }  # fmt: skip
    assert "1. Social worker" in reply.text(), "it can be answered by typing a number"


def test_a_checklist_can_be_ticked_or_typed_and_is_cited() -> None:
    (reply,) = DIALOGUE.take(begun(immediate_danger="no", area="derby"), "role", "teacher").replies
    question = QUESTIONNAIRE.by_id["open_to"]
    assert reply.kind == "screening_checklist"
    assert reply.checklist is not None
    assert [tick.id for tick in reply.checklist.ticks] == [item.id for item in question.items]
    assert [state for state, _ in reply.checklist.states] == ["yes", "no", "unknown"]
    assert "What you leave out counts as not known." in reply.text()
    assert reply.sources


def test_none_of_these_is_no_to_each_line() -> None:
    question = QUESTIONNAIRE.by_id["open_to"]
    assert none_of(question) == {item.id: "no" for item in question.items}


def test_an_answer_that_does_not_fit_is_explained_and_asked_again() -> None:
    session = begun(immediate_danger="no")
    turn = DIALOGUE.take(session, "area", "leeds")
    assert turn.replies[0].headline == (
        "That is not one of the choices here, so I have not recorded it."
    )
    assert asked(turn) == "area"
    assert turn.session == replace(session, misses=1)


def test_after_two_misses_there_is_a_way_out() -> None:
    session = begun(immediate_danger="no")
    for _ in range(MISSES - 1):
        turn = DIALOGUE.unclear(session, "I did not understand that.")
        assert "skip" not in turn.replies[0].headline
        session = turn.session  # type: ignore[assignment]
    turn = DIALOGUE.unclear(session, "I did not understand that.")
    assert "“skip”" in turn.replies[0].headline
    assert "nothing is lost" in turn.replies[0].headline
    answered = DIALOGUE.take(turn.session, "area", "derby")  # type: ignore[arg-type]
    assert answered.session is not None
    assert answered.session.misses == 0


def test_a_button_tapped_twice_changes_nothing() -> None:
    session = begun(immediate_danger="no", area="derby")
    turn = DIALOGUE.take(session, "area", "luton")
    assert turn.session is not None
    assert turn.session.answers == session.answers
    assert "not the one being asked now" in turn.replies[0].headline


def test_somebody_who_is_no_professional_is_told_whom_to_ring_and_asked_nothing_more() -> None:
    turn = DIALOGUE.take(begun(immediate_danger="no", area="luton"), "role", "not_professional")
    (reply,) = turn.replies
    assert {"999", "101"} <= {card.number for card in reply.contacts}
    assert turn.session is not None
    assert not turn.session.active, "nothing that is typed now is an answer"
    assert reply.choices, "there is somewhere to go on to"


# --- steering -------------------------------------------------------------------------------------


def test_back_asks_the_last_question_again() -> None:
    turn = DIALOGUE.back(begun(immediate_danger="no", area="derby"))
    assert asked(turn) == "area"
    turn = DIALOGUE.back(turn.session)  # type: ignore[arg-type]
    assert asked(turn) == "immediate_danger"


def test_back_at_the_start_says_so() -> None:
    turn = DIALOGUE.back(begun())
    assert turn.replies[0].headline == "This is the first question."
    assert asked(turn) == "immediate_danger"


def test_back_from_the_result_asks_the_last_question_again() -> None:
    session = judging()
    turn = DIALOGUE.back(session)
    assert turn.session is not None
    assert turn.session.stage == "asking"
    assert len(turn.session.answers) == len(session.answers) - 1
    asked(turn)


def test_skip_is_not_known() -> None:
    turn = DIALOGUE.skip(begun(immediate_danger="no"))
    assert turn.session is not None
    assert turn.session.answers["area"] == "unknown"
    assert asked(turn) == "role"


def test_skipping_a_checklist_leaves_all_of_it_not_known() -> None:
    turn = DIALOGUE.skip(begun(immediate_danger="no", area="derby", role="teacher"))
    assert turn.session is not None
    assert turn.session.answers["open_to"] == {}


def test_what_cannot_be_skipped_says_so() -> None:
    turn = DIALOGUE.skip(begun(immediate_danger="yes"))
    assert turn.replies[0].headline == "This one cannot be skipped."
    assert turn.session == begun(immediate_danger="yes")


def test_change_asks_an_earlier_question_and_keeps_the_rest() -> None:
    session = begun(immediate_danger="no", area="derby", role="teacher")
    turn = DIALOGUE.change(session, "area")
    assert asked(turn) == "area"
    changed = DIALOGUE.take(turn.session, "area", "luton")  # type: ignore[arg-type]
    said = "Changed: the child's area is Luton now, not Derby."
    assert changed.replies[0].headline == said
    assert changed.session is not None
    assert changed.session.answers == {"immediate_danger": "no", "area": "luton", "role": "teacher"}
    assert changed.session.changing is None
    assert asked(changed) == "open_to"


def test_a_change_says_which_answers_are_no_longer_needed() -> None:
    session = DIALOGUE.change(judging(age="16_or_17"), "age").session
    assert session is not None
    turn = DIALOGUE.take(session, "age", "13_to_15")
    title = QUESTIONNAIRE.by_id["consent_16_17"].title
    assert turn.replies[0].headline == f"Changed. No longer needed: {title}."


def test_change_without_a_question_shows_what_can_be_changed() -> None:
    turn = DIALOGUE.change(begun(immediate_danger="no", area="derby"), None)
    assert turn.replies[0].kind == "screening_summary"


@pytest.mark.parametrize("question", ["role", "signs_a", "no_such_question"])
def test_what_was_not_answered_cannot_be_changed(question: str) -> None:
    session = begun(immediate_danger="no", area="derby")
    turn = DIALOGUE.change(session, question)
    assert turn.replies[0].kind == "screening_summary"
    assert turn.session == session


def test_an_unclear_answer_to_a_change_asks_the_same_question_again() -> None:
    session = DIALOGUE.change(begun(immediate_danger="no", area="derby"), "area").session
    assert session is not None
    turn = DIALOGUE.take(session, "area", "leeds")
    assert asked(turn) == "area"
    assert turn.session is not None
    assert turn.session.changing == "area"


def test_skip_while_changing_is_about_the_question_being_changed() -> None:
    before = begun(
        immediate_danger="no", area="derby", role="teacher", open_to={"looked_after": "yes"}
    )
    session = DIALOGUE.change(before, "open_to").session
    assert session is not None
    turn = DIALOGUE.skip(session)
    assert turn.session is not None
    assert turn.session.answers == {**before.answers, "open_to": {}}


def test_back_while_changing_leaves_the_answers_as_they_were() -> None:
    before = begun(immediate_danger="no", area="derby", role="teacher")
    session = DIALOGUE.change(before, "area").session
    assert session is not None
    turn = DIALOGUE.back(session)
    assert turn.session is not None
    assert turn.session.answers == before.answers


def test_why_gives_the_reason_with_its_source_and_asks_again() -> None:
    turn = DIALOGUE.why(begun(immediate_danger="no"))
    assert turn.replies[0].headline == QUESTIONNAIRE.by_id["area"].why.text
    assert turn.replies[0].sources
    assert asked(turn) == "area"


def test_why_at_the_level_is_about_the_judgement() -> None:
    turn = DIALOGUE.why(judging())
    assert turn.replies[0].headline == QUESTIONNAIRE.content.judgement.why.text
    assert turn.replies[-1].kind == "screening_result"


def test_how_many_more() -> None:
    turn = DIALOGUE.remaining(begun(immediate_danger="no"))
    assert "more, this one included, then your own judgement." in turn.replies[0].headline
    assert DIALOGUE.remaining(judging()).replies[0].headline.startswith("No more questions")


def test_the_summary_lists_each_answer_with_change() -> None:
    turn = DIALOGUE.summary(begun(immediate_danger="no", area="derby"))
    reply = turn.replies[0]
    assert [point.text.rsplit("? ", 1)[1] for point in reply.points] == ["No", "Derby"]
    assert [choice.payload for choice in reply.choices] == [
        payload("screening_change", question="immediate_danger"),
        payload("screening_change", question="area"),
    ]
    assert asked(turn) == "role"


def test_a_summary_of_nothing_says_so() -> None:
    assert DIALOGUE.summary(begun()).replies[0].headline == "Nothing is answered yet."


def test_stop_and_resume_lose_nothing() -> None:
    session = begun(immediate_danger="no", area="derby")
    stopped = DIALOGUE.stop(session)
    assert stopped.session is not None
    assert not stopped.session.active
    assert "999" in stopped.replies[0].text()
    resumed = DIALOGUE.resume(stopped.session)
    assert resumed.session == session
    assert asked(resumed) == "role"


def test_resume_at_the_level_asks_for_the_level() -> None:
    session = judging()
    resumed = DIALOGUE.resume(DIALOGUE.stop(session).session)
    assert resumed.session == session
    assert resumed.replies[-1].kind == "screening_result"


def test_resume_after_the_end_gives_the_route_again() -> None:
    done = DIALOGUE.choose(judging(), "high").session
    assert DIALOGUE.resume(done).replies[-1].kind == "route"


def test_nothing_to_resume_offers_to_start() -> None:
    turn = DIALOGUE.resume(None)
    assert turn.session is None
    assert turn.replies[0].choices[0].payload == "/start_screening"


def test_start_over_forgets_the_answers() -> None:
    turn = DIALOGUE.start_over(begun(immediate_danger="no", area="derby"))
    assert turn.session is not None
    assert turn.session.answers == {}


def test_a_side_question_is_followed_by_the_waiting_question() -> None:
    session = begun(immediate_danger="no")
    (reply,) = DIALOGUE.remind(session)
    assert reply.headline == QUESTIONNAIRE.by_id["area"].title
    assert DIALOGUE.remind(replace(session, stage="stopped")) == ()


# --- the level ------------------------------------------------------------------------------------


def levels_of(reply: Reply) -> list[str]:
    return [one.title for one in reply.choices if one.payload.startswith("/screening_level")]


def test_no_signs_is_not_no_risk_and_every_level_can_be_chosen() -> None:
    (reply,) = DIALOGUE.remind(judging())
    assert "this does not mean no risk" in reply.headline
    assert levels_of(reply) == ["Low", "Medium", "High"]
    assert reply.sources


def test_a_hard_rule_takes_the_lower_levels_away() -> None:
    (reply,) = DIALOGUE.remind(judging(age="under_13"))
    assert "Low" not in levels_of(reply)
    assert "Because:" in reply.text()


def test_the_professional_chooses_and_the_route_follows() -> None:
    turn = DIALOGUE.choose(judging(), "high")
    judged, route = turn.replies
    assert judged.headline.startswith("Your judgement: high.")
    assert "not a diagnosis" in judged.text()
    assert (route.kind, route.area) == ("route", "derby")
    assert turn.session is not None
    assert (turn.session.stage, turn.session.level) == ("done", "high")


def suggested() -> Session:
    """A screening that suggests a level above low."""
    question, present = first_present("a")
    return judging(**{question: present})


def test_a_level_below_the_suggestion_needs_a_reason() -> None:
    turn = DIALOGUE.choose(suggested(), "low")
    (reply,) = turn.replies
    assert reply.kind == "screening_reason"
    assert turn.session is not None
    assert (turn.session.stage, turn.session.level) == ("judging", "low")
    reasons = QUESTIONNAIRE.content.judgement.reasons
    assert [one.title for one in reply.choices[:-1]] == [one.label for one in reasons]
    done = DIALOGUE.give_reason(turn.session, reasons[0].id)
    assert f"Reason: {reasons[0].label}." in done.replies[0].headline
    assert "Suggested: " in done.replies[0].headline
    assert done.session is not None
    assert (done.session.stage, done.session.reason) == ("done", reasons[0].id)


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_empty_reason_is_none(reason: str) -> None:
    session = DIALOGUE.choose(suggested(), "low").session
    assert session is not None
    turn = DIALOGUE.give_reason(session, reason)
    assert turn.replies[0].kind == "screening_reason"


def test_another_level_can_be_chosen_instead_of_a_reason() -> None:
    session = DIALOGUE.choose(suggested(), "low").session
    assert session is not None
    turn = DIALOGUE.choose(session, "high")
    assert turn.session is not None
    assert (turn.session.stage, turn.session.level) == ("done", "high")


def test_no_reason_goes_below_a_hard_rule() -> None:
    turn = DIALOGUE.choose(judging(age="under_13"), "low")
    assert turn.session is not None
    assert (turn.session.stage, turn.session.level) == ("judging", None)
    assert turn.replies[-1].kind == "screening_result"


@pytest.mark.parametrize("level", ["", "none", "HIGH", "very high"])
def test_a_level_that_is_none_is_asked_again(level: str) -> None:
    session = judging()
    turn = DIALOGUE.choose(session, level)
    assert turn.session == session


def test_a_level_cannot_be_chosen_while_questions_wait() -> None:
    session = begun(immediate_danger="no")
    assert DIALOGUE.choose(session, "low").session == session


@pytest.mark.parametrize("level", ["low", "high"])
def test_a_level_cannot_be_chosen_of_a_screening_that_was_stopped_half_way(level: str) -> None:
    # the buttons of an earlier result are still on the screen
    stopped = DIALOGUE.stop(begun(immediate_danger="no", area="derby")).session
    assert stopped is not None
    turn = DIALOGUE.choose(stopped, level)
    assert turn.session is not None
    assert turn.session.stage != "done"
    assert turn.session.level is None


def test_a_reason_without_a_level_is_not_taken() -> None:
    session = judging()
    assert DIALOGUE.give_reason(session, "advice_taken").session == session


def test_a_change_after_the_judgement_asks_for_the_level_again() -> None:
    done = DIALOGUE.choose(judging(), "high").session
    assert done is not None
    changing = DIALOGUE.change(done, "role").session
    assert changing is not None
    turn = DIALOGUE.take(changing, "role", "police")
    assert turn.session is not None
    assert (turn.session.stage, turn.session.level) == ("judging", None)


def test_the_whole_route_is_behind_a_button() -> None:
    done = DIALOGUE.choose(judging(), "medium").session
    assert done is not None
    (short,), (whole,) = DIALOGUE.route(done).replies, DIALOGUE.route(done, more=True).replies
    assert short.choices[0].payload == '/screening_route{"more": "yes"}'
    assert len(whole.text()) > len(short.text())


def test_the_route_for_what_is_known_can_be_asked_for_at_any_time() -> None:
    stopped = DIALOGUE.stop(begun(immediate_danger="no", area="luton")).session
    assert stopped is not None
    (reply,) = DIALOGUE.route(stopped).replies
    assert (reply.kind, reply.area) == ("route", "luton")


# --- what is kept ---------------------------------------------------------------------------------

answers = st.fixed_dictionaries(
    {}, optional={question.id: any_value(question) for question in QUESTIONNAIRE.questions
                  if question.options or question.items}
)  # fmt: skip
sessions = st.builds(
    Session,
    answers=answers,
    stage=st.sampled_from(["asking", "judging", "done", "stopped"]),
    changing=st.none() | st.sampled_from([question.id for question in QUESTIONNAIRE.questions]),
    level=st.none() | st.sampled_from(["low", "medium", "high"]),
    reason=st.none() | st.sampled_from(["advice_taken", "protected"]),
    misses=st.integers(0, 5),
    version=st.none() | st.just("2026.1"),
)


@given(sessions)
def test_a_session_is_plain_json_and_reads_back_the_same(session: Session) -> None:
    assert Session.from_json(json.loads(json.dumps(session.as_json()))) == session


def test_a_session_of_another_version_is_read_as_far_as_it_is_known() -> None:
    kept = {"answers": {"area": "derby"}, "stage": "stopped", "colour": "red"}
    assert Session.from_json(kept) == Session({"area": "derby"}, stage="stopped")
    assert Session.from_json({}) == Session({})


def test_answers_of_an_older_questionnaire_do_no_harm() -> None:
    session = Session({"immediate_danger": "no", "area": "atlantis", "gone": "yes"})
    assert asked(Turn(DIALOGUE.remind(session), session)) == "area"


@pytest.mark.parametrize(
    ("given_answers", "area"),
    [({"area": "derby"}, "derby"), ({"area": "elsewhere"}, None), ({}, None)],
)
def test_the_area_of_a_screening(given_answers: Answers, area: str | None) -> None:
    assert area_of(Session(given_answers)) == area
    assert area_of(None) is None


steers = st.sampled_from(
    ["back", "skip", "summary", "stop", "resume", "why", "remaining", "start", "low", "high",
     "advice_taken", "change", "answer", "unclear", "route"]
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(data=st.data(), area=st.none() | st.sampled_from(AREA_IDS))
def test_whatever_is_done_something_is_said_and_the_answers_stay_sound(
    data: st.DataObject, area: str | None
) -> None:
    session = DIALOGUE.start(None, area).session  # type: ignore[arg-type]
    assert session is not None
    for step in data.draw(st.lists(steers, max_size=25)):
        question = DIALOGUE.current(session)
        match step:
            case "answer" if question is not None and session.active:
                value = "read" if question.kind == "notice" else data.draw(any_value(question))
                turn = DIALOGUE.take(session, question.id, value)
            case "change":
                turn = DIALOGUE.change(session, next(iter(session.answers), None))
            case "low" | "high":
                turn = DIALOGUE.choose(session, step)
            case "advice_taken":
                turn = DIALOGUE.give_reason(session, step)
            case "unclear":
                turn = DIALOGUE.unclear(session, "I did not understand that.")
            case "back" | "skip" | "summary" | "stop" | "resume" | "why" | "remaining" | "start":
                turn = getattr(DIALOGUE, step)(session)
            case _:
                turn = DIALOGUE.route(session)
        if session.active:
            assert turn.replies, step
        assert turn.session is not None
        session = turn.session
        assert not replay(QUESTIONNAIRE, session.answers).dropped
        assert Session.from_json(json.loads(json.dumps(session.as_json()))) == session


# --- reading what is typed ------------------------------------------------------------------------


def read(session: Session, text: str, side_question: bool = False) -> Read | None:
    return READER.read(session, text, side_question)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("back", "screening_back"),
        ("Go back!", "screening_back"),
        ("why do you ask?", "screening_why"),
        ("how many more", "screening_remaining"),
        ("stop", "screening_stop"),
        ("Summary.", "screening_summary"),
        ("start over", "screening_start_over"),
    ],
)
def test_commands_are_read_at_a_question_and_at_the_level(text: str, intent: str) -> None:
    for session in (begun(immediate_danger="no"), judging()):
        assert read(session, text) == Read(intent, {})


@pytest.mark.parametrize(
    ("text", "value"),
    [("derby", "derby"), ("Luton", "luton"), ("1", "luton"), ("not sure", "unknown")],
)
def test_an_answer_is_read_for_the_waiting_question(text: str, value: str) -> None:
    assert read(begun(immediate_danger="no"), text) == Read(
        "screening_answer", {"question": "area", "answer": json.dumps(value)}
    )


def test_a_checklist_is_answered_by_numbers() -> None:
    session = begun(immediate_danger="no", area="derby", role="teacher")
    answered = read(session, "1, 3")
    assert answered is not None
    value = json.loads(answered.entities["answer"])
    items = QUESTIONNAIRE.by_id["open_to"].items
    assert value == {items[0].id: "yes", items[2].id: "yes"}
    turn = DIALOGUE.take(session, "open_to", value)
    assert turn.session is not None
    assert turn.session.answers["open_to"] == value


def test_go_on_at_a_notice_is_an_answer() -> None:
    answered = read(begun(immediate_danger="yes"), "continue")
    assert answered == Read(
        "screening_answer", {"question": "danger_now", "answer": json.dumps("read")}
    )


def test_what_is_not_understood_is_explained_without_repeating_it() -> None:
    answered = read(begun(immediate_danger="no"), "purple elephants")
    assert answered is not None
    assert set(answered.entities) == {"explanation"}
    assert "elephants" not in answered.entities["explanation"]


def test_a_side_question_is_not_taken_for_an_answer() -> None:
    session = begun(immediate_danger="no")
    assert read(session, "what does derby say about consent?", side_question=True) is None
    assert (
        read(session, "who has to be told first when a child goes missing", side_question=True)
        is None
    )


def test_an_answer_that_fits_exactly_is_taken_though_it_looks_like_a_question() -> None:
    answered = read(begun(immediate_danger="no"), "derby", side_question=True)
    assert answered is not None
    assert answered.intent == "screening_answer"


def test_a_child_who_writes_about_itself_is_not_an_answer() -> None:
    session = begun(
        immediate_danger="no", area="derby", role="teacher",
        open_to=none_of(QUESTIONNAIRE.by_id["open_to"]),
    )  # fmt: skip
    assert read(session, "i am 13") is None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("change area", "area"),
        ("change the area answer", "area"),
        ("change my role", "role"),
        ("change 2", "area"),
        ("correct the danger", "immediate_danger"),
    ],
)
def test_change_names_an_answer_by_word_or_number(text: str, question: str) -> None:
    session = begun(immediate_danger="no", area="derby", role="teacher")
    assert read(session, text) == Read("screening_change", {"question": question})


def test_change_of_something_unknown_shows_the_summary() -> None:
    session = begun(immediate_danger="no", area="derby")
    changed = read(session, "change the weather")
    assert changed == Read("screening_change", {})
    turn = DIALOGUE.change(session, changed.entities.get("question"))
    assert turn.replies[0].kind == "screening_summary"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("high", "high"),
        ("I'd say medium", "medium"),
        ("Low.", "low"),
        ("high risk I think", "high"),
    ],
)
def test_a_level_is_read_when_it_is_asked_for(text: str, level: str) -> None:
    assert read(judging(), text) == Read("screening_level", {"level": level})


@pytest.mark.parametrize(
    "text",
    ["medium or high", "not low", "definitely not low", "higher than medium", "it isn't high",
     "what does high risk mean for a school in derby"],
)  # fmt: skip
def test_what_may_be_another_level_is_not_read_as_one(text: str) -> None:
    answered = read(judging(), text)
    assert answered is None or answered.intent != "screening_level"


@pytest.mark.parametrize(
    "text",
    ["so its low?", "low?", "is medium better", "so is it low", "so it's low then", "low, right",
     "does that mean low", "ok would low do", "could it be low", "what about medium",
     "should i say high", "medium, is that ok", "and is low enough", "medium better", "low right?", "hmm is it high"],
)  # fmt: skip
def test_a_question_that_names_a_level_judges_nothing(text: str) -> None:
    answered = read(judging(), text)
    assert answered in (None, Read("screening_why", {})), "what the level is, is explained"
    assert read(reasoned(), text) is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("low", "low"),
        ("I'd say low", "low"),
        ("it's low", "low"),
        ("medium I think", "medium"),
        ("ok high", "high"),
        ("right, low", "low"),
        ("so I'd say medium", "medium"),
        ("would say medium", "medium"),
        ("must be high", "high"),
        ("medium sounds right", "medium"),
        ("that's medium", "medium"),
    ],
)
def test_a_level_that_is_stated_is_a_judgement(text: str, level: str) -> None:
    assert read(judging(), text) == Read("screening_level", {"level": level})


def reasoned() -> Session:
    """A screening with a level below the suggestion: its reason is asked for."""
    session = DIALOGUE.choose(suggested(), "low").session
    assert session is not None
    assert session.level == "low"
    return session


@pytest.mark.parametrize(
    "text",
    ["actually she is 12", "she's 12", "sorry, he is 11 years old", "she's actually 12",
     "shes only 11", "actually she's under 13", "her age is 12", "she is 12, not 14", "the child is 12",
     "the boy's 11",
     "12", "actually 12", "under 13"],
)  # fmt: skip
def test_an_age_told_at_the_judgement_is_settled_at_once(text: str) -> None:
    for session in (judging(age="13_to_15"), reasoned()):
        told = read(session, text)
        assert told == Read("screening_answer", {"suggested": json.dumps({"age": "under_13"})})
        turn = DIALOGUE.story(session, {"age": "under_13"})
        assert turn.replies[0].headline == (
            "You answered “13 to 15”, and now it is “Under 13”: which is right?"
        )
        assert asked(turn) == "age"
        assert turn.session is not None
        assert turn.session.answers == session.answers  # offered, not done
        for agreed in ("yes", "yes please", "change it", "that's right", "under 13"):
            assert read(turn.session, agreed) == Read(
                "screening_answer", {"question": "age", "answer": json.dumps("under_13")}
            )
        for left in ("no", "leave it as it was"):
            assert read(turn.session, left) == Read("screening_back", {})
        back = DIALOGUE.back(turn.session).session
        assert back is not None
        assert DIALOGUE.remind(back) == DIALOGUE.remind(session)
        younger = DIALOGUE.take(turn.session, "age", "under_13")
        assert younger.session is not None
        assert younger.session.answers["age"] == "under_13"
        assert younger.replies[0].headline == "Changed."


def test_an_age_that_is_told_together_with_a_level_comes_first() -> None:
    told = read(judging(age="13_to_15"), "she is 12 so medium")
    assert told is not None
    assert told.entities == {"suggested": json.dumps({"age": "under_13"})}


def test_an_age_that_was_answered_so_offers_nothing() -> None:
    for text in ("actually she is 14", "she's actually 14"):
        assert read(judging(age="13_to_15"), text) is None


def test_no_level_is_taken_before_another_age_that_was_told_is_settled() -> None:
    told = replace(judging(age="13_to_15"), suggested={"age": "under_13"})
    turn = DIALOGUE.choose(told, "low")
    assert asked(turn) == "age"
    assert "From what you told me" in turn.replies[-1].text()
    assert turn.session is not None
    # the age as it was told: the floor holds
    younger = DIALOGUE.take(turn.session, "age", "under_13").session
    assert younger is not None
    refused = DIALOGUE.choose(younger, "low")
    assert "cannot be low" in refused.replies[0].headline
    assert refused.session is not None
    assert refused.session.stage == "judging"
    # the age as it was answered: the level is taken
    for kept in (
        DIALOGUE.take(turn.session, "age", "13_to_15").session,
        DIALOGUE.back(turn.session).session,
    ):
        assert kept is not None
        judged = DIALOGUE.choose(kept, "low").session
        assert judged is not None
        assert judged.stage == "done"


def test_another_age_told_during_the_questions_is_settled_at_once() -> None:
    session = begun(
        immediate_danger="no", area="derby", role="teacher",
        open_to=none_of(QUESTIONNAIRE.by_id["open_to"]), age="13_to_15",
    )  # fmt: skip
    turn = DIALOGUE.story(session, {"age": "under_13"})
    assert turn.session is not None
    assert asked(turn) == "age"
    assert "You answered “13 to 15”" in turn.replies[0].headline
    assert DIALOGUE.unsettled(turn.session) == "age"
    for settled in (DIALOGUE.take(turn.session, "age", "under_13"), DIALOGUE.back(turn.session)):
        assert asked(settled) == "hard_facts"
        assert settled.session is not None
        assert DIALOGUE.unsettled(settled.session) is None
    left = DIALOGUE.take(turn.session, "age", "13_to_15")
    assert left.replies[0].headline.startswith("Left as it was. Not recorded, though you told me")


def test_the_age_can_be_changed_where_a_reason_is_asked_for() -> None:
    assert read(reasoned(), "change the age") == Read("screening_change", {"question": "age"})


def test_an_age_at_a_long_list_is_no_number_of_a_line() -> None:
    session = begun(
        immediate_danger="no", area="derby", role="teacher",
        open_to=none_of(QUESTIONNAIRE.by_id["open_to"]), age="13_to_15",
    )  # fmt: skip
    for text in ("she is 6", "he's 7", "she's actually 5", "aged 4"):
        told = read(session, text)
        assert told == Read("screening_answer", {"suggested": json.dumps({"age": "under_13"})})
    for text in ("6", "only 6", "no, 6", "yes 6", "they are 4", "they're 5", "her 5", "child 6",
                 "she 5", "their 6"):  # fmt: skip
        line = read(session, text)
        assert line is None or "suggested" not in line.entities
    for text in ("they are 4 years old", "they're 12", "they are aged 6"):
        told = read(session, text)
        assert told == Read("screening_answer", {"suggested": json.dumps({"age": "under_13"})})


@given(number=st.integers(0, 30), before=st.sampled_from(["", "only ", "it's ", "option "]))
def test_a_bare_number_at_the_levels_is_an_age_only_from_10_to_17(number: int, before: str) -> None:
    told = read(judging(age="13_to_15"), f"{before}{number}")
    aged = told is not None and "suggested" in told.entities
    assert not aged or 10 <= number <= 17
    assert aged or before or number not in (12, 16)


@pytest.mark.parametrize(
    "text",
    ["I'm a teacher, who do I ring in Luton?", "I'm a teacher who do I ring",
     "im a social worker and the girl is missing, what do i do",
     "I'm a school nurse. is this something for the police"],
)  # fmt: skip
@pytest.mark.parametrize("side_question", [False, True])
def test_a_question_that_follows_the_role_is_not_swallowed(text: str, side_question: bool) -> None:
    assert read(begun(immediate_danger="no", area="derby"), text, side_question) is None


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("I'm a social worker who is covering for a colleague", "social_worker"),
        ("I am a nurse and I see her every week", "health"),
        ("I work in a children's home and we are all worried about her", "residential_worker"),
    ],
)
def test_a_role_told_at_length_without_a_question_is_taken(text: str, role: str) -> None:
    for side_question in (False, True):
        assert read(begun(immediate_danger="no", area="derby"), text, side_question) == Read(
            "screening_answer", {"question": "role", "answer": json.dumps(role)}
        )


@pytest.mark.parametrize(
    "text", ["what do i do", "What do I do now?", "what should i say", "what can I do"]
)
def test_what_to_do_is_a_question_about_the_child(text: str) -> None:
    for session in (begun(immediate_danger="no", area="derby", role="teacher"), judging()):
        assert read(session, text) is None


def test_skip_against_what_was_told_is_asked_about_as_not_known_is() -> None:
    before = begun(
        immediate_danger="no", area="derby", role="teacher",
        open_to=none_of(QUESTIONNAIRE.by_id["open_to"]),
    )  # fmt: skip
    told = DIALOGUE.story(before, {"age": "under_13"}).session
    assert told is not None
    skipped = DIALOGUE.skip(told).session
    assert skipped == DIALOGUE.take(told, "age", "unknown").session
    assert skipped is not None
    assert DIALOGUE.unsettled(skipped) == "age"
    # and once more it stands
    settled = DIALOGUE.skip(skipped).session
    assert settled is not None
    assert DIALOGUE.unsettled(settled) is None
    assert settled.answers["age"] == "unknown"


def test_what_is_taken_back_no_longer_stands_against_the_answer() -> None:
    told = replace(judging(age="13_to_15"), suggested={"age": "under_13"})
    assert DIALOGUE.unsettled(told) == "age"
    back = DIALOGUE.story(told, {"age": "13_to_15"}).session
    assert back is not None
    assert DIALOGUE.unsettled(back) is None
    judged = DIALOGUE.choose(back, "low").session
    assert judged is not None
    assert judged.stage == "done"


def test_not_sure_about_danger_names_999_before_it_goes_on() -> None:
    for turn in (DIALOGUE.take(begun(), "immediate_danger", "unknown"), DIALOGUE.skip(begun())):
        assert turn.replies[0].headline == "If in doubt, ring 999 first."
        assert asked(turn) == "area"
    changed = DIALOGUE.change(begun(immediate_danger="no"), "immediate_danger").session
    assert changed is not None
    turn = DIALOGUE.take(changed, "immediate_danger", "unknown")
    assert turn.replies[0].headline == "Changed. If in doubt, ring 999 first."
    assert len(DIALOGUE.take(begun(), "immediate_danger", "no").replies) == 1


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("teaching assistant", "teacher"),
        ("TA", "teacher"),
        ("designated safeguarding lead", "teacher"),
        ("I'm the designated safeguarding lead at a primary school", "teacher"),
        ("headteacher", "teacher"),
        ("health visitor", "health"),
        ("school nurse", "health"),
        ("GP", "health"),
        ("police officer", "police"),
        ("police constable", "police"),
        ("residential worker", "residential_worker"),
        ("residential support worker", "residential_worker"),
        ("youth worker", "outreach"),
        ("foster carer", "foster_carer"),
        ("probation officer", "other"),
        ("family support worker", "other"),
        ("student social worker", "social_worker"),
        ("deputy team manager", "team_manager"),
        ("iro", "social_worker"),
        ("I'm an independent reviewing officer", "social_worker"),
        ("cp chair", "social_worker"),
        ("child protection conference chair", "social_worker"),
        ("cp manager", "team_manager"),
        ("lado", "other"),
        ("ewo", "teacher"),
    ],
)
def test_a_role_is_known_by_its_full_name(text: str, role: str) -> None:
    session = begun(immediate_danger="no", area="derby")
    for side_question in (False, True):
        assert read(session, text, side_question) == Read(
            "screening_answer", {"question": "role", "answer": json.dumps(role)}
        )


@pytest.mark.parametrize(
    "text",
    ["what's the difference between TA and DSL", "whats a dsl", "what is a social worker",
     "actually first, what's a TA", "which one is a health visitor", "is that a police officer"],
)  # fmt: skip
def test_a_question_about_a_role_is_nobodys_role(text: str) -> None:
    assert read(begun(immediate_danger="no", area="derby"), text) is None


@pytest.mark.parametrize("text", ["actually first, what's a MAT", "what is a MAT", "so is she cin"])
def test_a_question_about_a_line_ticks_nothing(text: str) -> None:
    assert read(begun(immediate_danger="no", area="derby", role="teacher"), text) is None


@pytest.mark.parametrize(
    "text",
    ["he isnt open to anyone", "he isn't open to anyone", "not open to anybody", "open to no one",
     "she is not open to anything", "they're not open to any", "hasn't been open to anyone",
     "isnt open to anyone yet", "not open to anyone as far as I know"],
)  # fmt: skip
def test_open_to_nobody_means_none(text: str) -> None:
    session = begun(immediate_danger="no", area="derby", role="teacher")
    for side_question in (False, True):
        answered = read(session, text, side_question)
        assert answered is not None
        assert json.loads(answered.entities["answer"]) == none_of(QUESTIONNAIRE.by_id["open_to"])


def test_open_to_nobody_says_nothing_about_signs() -> None:
    open_to, facts = (none_of(QUESTIONNAIRE.by_id[name]) for name in ("open_to", "hard_facts"))
    session = begun(
        immediate_danger="no", area="derby", role="teacher", open_to=open_to, age="13_to_15",
        hard_facts=facts, sexual_activity="no",
    )  # fmt: skip
    answered = read(session, "he isnt open to anyone")
    assert answered is not None
    assert "answer" not in answered.entities


def test_nothing_but_early_help_is_early_help() -> None:
    for text in ("nothing but early help", "nothing except early help"):
        answered = read(begun(immediate_danger="no", area="derby", role="teacher"), text)
        assert answered is not None
        assert json.loads(answered.entities["answer"])["early_help"] == "yes"


def test_help_says_what_can_be_typed_here() -> None:
    for session, here in (
        (begun(), "one of the choices"),
        (begun(immediate_danger="yes"), "“go on”"),
        (begun(immediate_danger="no", area="derby", role="teacher"), "numbers or names"),
        (judging(), "“low”, “medium” or “high”"),
        (reasoned(), "the number of a reason"),
    ):
        for text in ("help", "Help!", "what can I type?"):
            assert read(session, text) == Read("screening_why", {"explanation": "what_to_type"})
        turn = DIALOGUE.what_to_type(session)
        assert here in turn.replies[0].headline
        assert "999" in turn.replies[0].headline
        assert turn.session == session
        assert turn.replies[1:] == DIALOGUE.remind(session)


def test_a_reason_is_chosen_by_number_or_words() -> None:
    session = DIALOGUE.choose(suggested(), "low").session
    assert session is not None
    reasons = QUESTIONNAIRE.content.judgement.reasons
    assert read(session, "2") == Read("screening_reason", {"reason": reasons[1].id})
    assert read(session, reasons[0].label.upper()) == Read(
        "screening_reason", {"reason": reasons[0].id}
    )
    assert read(session, "99") is None
    assert read(session, "because I say so") is None
    assert read(session, "back") == Read("screening_back", {})


def test_when_stopped_only_resume_start_over_and_summary_are_read() -> None:
    stopped = DIALOGUE.stop(begun(immediate_danger="no")).session
    assert stopped is not None
    assert read(stopped, "resume") == Read("screening_resume", {})
    assert read(stopped, "start over") == Read("screening_start_over", {})
    assert read(stopped, "summary") == Read("screening_summary", {})
    for text in ("derby", "back", "1", "why", "high"):
        assert read(stopped, text) is None


def test_when_done_there_is_nothing_to_resume() -> None:
    done = DIALOGUE.choose(judging(), "high").session
    assert done is not None
    assert read(done, "resume") is None


@given(text=st.text(max_size=80), side_question=st.booleans())
def test_anything_can_be_typed(text: str, side_question: bool) -> None:
    for session in (begun(immediate_danger="no"), judging_once, stopped_once):
        answered = read(session, text, side_question)
        assert answered is None or answered.intent.startswith("screening_")


judging_once = judging()
stopped_once = replace(judging_once, stage="stopped")


def test_damaged_commands_are_refused(tmp_path: Path) -> None:
    guidance, phrases = tmp_path / "guidance", tmp_path / "nlu"
    guidance.mkdir()
    phrases.mkdir()
    with pytest.raises(GuidanceError, match=r"screening\.yml, line 1: cannot be read"):
        ScreeningReader(DIALOGUE, guidance)
