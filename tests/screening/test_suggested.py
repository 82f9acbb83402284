"""A worry told in a sentence: what it suggests waits for its question and is confirmed there."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.screening import Value, replay
from bot.screening.dialogue import Session
from bot.screening.reading import Read, ScreeningReader
from bot.screening.suggested import fitting, read_suggested, told

from .test_dialogue import DIALOGUE, GUIDANCE, QUESTIONNAIRE, begun, judging

READER = ScreeningReader(DIALOGUE, GUIDANCE, scrub=lambda text: text.replace("Sam", "[name]"))
STORY = "A girl of 14, she goes missing overnight and has a new phone from an older man"
SUGGESTED = read_suggested(told(STORY, QUESTIONNAIRE), QUESTIONNAIRE)


def text(turn_or_session: Session, question: str) -> str:
    """What is asked where a session waits, which must be this question."""
    current = DIALOGUE.current(turn_or_session)
    assert current is not None
    assert current.id == question
    return "\n".join(one.text() for one in DIALOGUE.remind(turn_or_session))


def test_a_story_suggests_the_age_a_fact_and_signs() -> None:
    assert SUGGESTED["age"] == "13_to_15"
    assert SUGGESTED["hard_facts"] == {"missing": "yes"}
    assert SUGGESTED["signs_places_money"] == {
        "unexplained_possessions": "now", "out_overnight": "now",
    }  # fmt: skip


def test_words_that_tell_nothing_suggest_nothing() -> None:
    assert told("I would like to talk something over", QUESTIONNAIRE) is None
    assert read_suggested(None, QUESTIONNAIRE) == {}


def test_a_screening_that_begins_with_a_story_shows_what_it_read_and_ticks_nothing() -> None:
    turn = DIALOGUE.start(None, "luton", SUGGESTED)
    assert turn.session is not None
    assert turn.session.answers == {"area": "luton"}
    read = next(one for one in turn.replies if one.kind == "screening_told")
    assert "Nothing is ticked yet" in read.text()
    assert "13 to 15" in read.text()
    assert "not kept your words" in read.text()


def test_a_suggestion_is_shown_with_its_question_and_yes_confirms_it() -> None:
    session = replace(
        begun(immediate_danger="no", area="luton", role="teacher", open_to={}), suggested=SUGGESTED
    )
    assert "From what you told me: How old is the child? 13 to 15." in text(session, "age")
    moved = DIALOGUE.take(session, "age", "13_to_15").session
    assert moved is not None
    assert "age" not in moved.suggested
    shown = DIALOGUE.remind(moved)[-1]
    assert shown.checklist is not None
    assert [one.id for one in shown.checklist.ticks if one.state == "yes"] == ["missing"]
    assert shown.choices[0].title == "Yes, as I told you"
    read = READER.read(moved, "Yes, that's right", side_question=False)
    assert read == Read(
        "screening_answer", {"question": "hard_facts", "answer": json.dumps({"missing": "yes"})}
    )


def test_yes_without_a_suggestion_confirms_nothing() -> None:
    session = begun(immediate_danger="no", area="luton", role="teacher", open_to={}, age="13_to_15")
    assert DIALOGUE.confirmed(session) is None
    read = READER.read(session, "yes", side_question=False)
    assert read is None or "answer" not in read.entities


def test_a_story_told_in_the_middle_is_offered_and_the_question_stays() -> None:
    session = begun(immediate_danger="no", area="luton")
    read = READER.read(session, STORY, side_question=True)
    assert read is not None
    assert read.intent == "screening_answer"
    turn = DIALOGUE.story(session, read_suggested(read.entities["suggested"], QUESTIONNAIRE))
    assert turn.session is not None
    assert turn.session.answers == session.answers
    assert turn.session.suggested["age"] == "13_to_15"
    assert "What is your role?" in turn.replies[-1].text()


def test_what_concerns_an_earlier_answer_changes_nothing_and_offers_the_change() -> None:
    session = begun(immediate_danger="no", area="luton", role="teacher", open_to={}, age="16_or_17")
    turn = DIALOGUE.story(session, SUGGESTED)
    assert turn.session is not None
    assert turn.session.answers["age"] == "16_or_17"
    assert any(
        "Change: How old is the child?" in one.title for r in turn.replies for one in r.choices
    )


@given(
    st.dictionaries(
        st.text(max_size=12),
        st.text(max_size=5) | st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
        max_size=3,
    )
)
def test_what_does_not_fit_the_questionnaire_is_left_out(values: dict[str, Value]) -> None:
    kept = fitting(values | SUGGESTED, QUESTIONNAIRE)
    assert kept == SUGGESTED
    assert fitting(kept, QUESTIONNAIRE) == kept


def test_a_reason_in_own_words_is_scrubbed_and_kept() -> None:
    session = judging(signs_people={"unexplained_older_adults": "now"})
    lower = DIALOGUE.choose(session, "low").session
    assert lower is not None
    read = READER.read(lower, "Sam and the school explained it all", side_question=False)
    assert read == Read("screening_reason", {"reason": "[name] and the school explained it all"})
    turn = DIALOGUE.give_reason(lower, read.entities["reason"])
    assert turn.session is not None
    assert turn.session.stage == "done"
    assert "Reason: [name] and the school explained it all" in turn.replies[0].text()


def test_a_question_is_no_reason_and_two_words_are_too_few() -> None:
    session = judging(signs_people={"unexplained_older_adults": "now"})
    lower = DIALOGUE.choose(session, "low").session
    assert lower is not None
    assert READER.read(lower, "who do I ring about this?", side_question=False) is None
    turn = DIALOGUE.give_reason(lower, "all fine")
    assert turn.session is not None
    assert turn.session.stage == "judging"


def test_answers_from_another_version_are_kept_where_they_still_apply_and_it_is_said() -> None:
    session = begun(immediate_danger="no", area="luton", role="teacher")
    older = replace(
        session, version="0", answers={**session.answers, "gone": "yes", "role": "astronaut"}
    )
    turn = DIALOGUE.adopt(older)
    assert turn.session is not None
    assert turn.session.answers == {"immediate_danger": "no", "area": "luton"}
    assert turn.session.version == QUESTIONNAIRE.content.version
    assert "have changed since you began" in turn.replies[0].headline
    assert "2 no longer fit" in turn.replies[0].headline
    assert DIALOGUE.adopt(turn.session).replies == ()


def test_a_change_under_way_of_a_question_that_is_gone_is_left() -> None:
    older = replace(begun(immediate_danger="no"), version="0", changing="gone")
    moved = DIALOGUE.adopt(older).session
    assert moved is not None
    assert moved.changing is None
    assert replay(QUESTIONNAIRE, moved.answers).current == DIALOGUE.current(moved)
