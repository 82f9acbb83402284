"""A worry told in a sentence: what it suggests waits for its question and is confirmed there."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.screening import Value, replay
from bot.screening.dialogue import Session
from bot.screening.reading import Read, ScreeningReader
from bot.screening.suggested import fitting, merged, read_suggested, told

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


def test_what_concerns_an_earlier_answer_changes_nothing_and_is_asked_at_once() -> None:
    session = begun(immediate_danger="no", area="luton", role="teacher", open_to={}, age="16_or_17")
    turn = DIALOGUE.story(session, SUGGESTED)
    assert turn.session is not None
    assert turn.session.answers == session.answers
    said = "\n".join(one.text() for one in turn.replies)
    assert "You answered “16 or 17”, and now it is “13 to 15”: which is right?" in said
    assert DIALOGUE.current(turn.session) == QUESTIONNAIRE.by_id["age"]
    assert "what you have answered" not in said


def answered(**different: Value) -> Session:
    """A screening that has come to the signs, no fact known but these."""
    return begun(
        immediate_danger="no", area="luton", role="teacher", open_to={}, age="13_to_15",
        **{"hard_facts": {}, "sexual_activity": "no", **different},
    )  # fmt: skip


def test_what_is_told_in_two_messages_is_kept_from_both() -> None:
    session = answered()
    for told_now in ("he picks her up in his van", "he waits outside"):
        read = READER.read(session, told_now, side_question=False)
        assert read is not None
        assert "suggested" in read.entities or session.suggested == {}, told_now
        turn = DIALOGUE.story(session, read_suggested(read.entities["suggested"], QUESTIONNAIRE))
        assert turn.session is not None
        session = turn.session
    assert session.answers["hard_facts"] == {}
    assert session.suggested["signs_people"] == {
        "unknown_vehicles": "now", "adults_outside_home": "now",
    }  # fmt: skip
    yes = READER.read(session, "yes", side_question=False)
    assert yes is not None
    assert json.loads(yes.entities["answer"]) == session.suggested["signs_people"]


def test_a_list_answered_by_numbers_or_as_a_whole_stands_for_itself() -> None:
    session = replace(answered(), suggested={"signs_people": {"unknown_vehicles": "now"}})
    for said in ("1, 4", "none", "only older partner", "no cars", "all of them"):
        read = READER.read(session, said, side_question=False)
        assert read is not None
        assert "answer" in read.entities, said
    kept = DIALOGUE.take(session, "signs_people", {"older_partner": "now"})
    assert "Getting into or out of vehicles" in kept.replies[0].headline
    assert "not known" in kept.replies[0].headline
    denied = DIALOGUE.take(session, "signs_people", {"unknown_vehicles": "not_seen"})
    assert len(denied.replies) == 1


def test_a_fact_told_late_reopens_the_facts_and_loses_none_of_them() -> None:
    session = answered(hard_facts={"missing": "yes", "evidence_of_exploitation": "no"})
    turn = DIALOGUE.story(session, {"hard_facts": {"evidence_of_exploitation": "yes"}})
    assert turn.session is not None
    assert DIALOGUE.current(turn.session) == QUESTIONNAIRE.by_id["hard_facts"]
    assert "not in your answer to “Which of these is true for the child?” yet" in (
        turn.replies[0].headline
    )
    assert turn.session.answers == session.answers
    checklist = turn.replies[-1].checklist
    assert checklist is not None
    assert {one.id for one in checklist.ticks if one.state == "yes"} == {
        "missing", "evidence_of_exploitation",
    }  # fmt: skip
    both = {"missing": "yes", "evidence_of_exploitation": "yes"}
    for agreed in ("yes", "add it", "as I told you"):
        read = READER.read(turn.session, agreed, side_question=False)
        assert read is not None
        assert json.loads(read.entities["answer"]) == both
    assert READER.read(turn.session, "no", side_question=False) == Read("screening_back", {})
    left = DIALOGUE.back(turn.session).session
    assert left is not None
    assert left.answers == session.answers
    assert DIALOGUE.unsettled(left) is None
    taken = DIALOGUE.take(turn.session, "hard_facts", both).session
    assert taken is not None
    assert taken.answers["hard_facts"] == both


def test_several_that_were_told_late_are_asked_one_after_the_other() -> None:
    session = answered(signs_people={})
    turn = DIALOGUE.story(
        session, {"hard_facts": {"missing": "yes"}, "signs_people": {"unknown_vehicles": "now"}}
    )
    assert turn.session is not None
    first = DIALOGUE.take(turn.session, "hard_facts", {"missing": "yes"})
    assert first.session is not None
    assert DIALOGUE.current(first.session) == QUESTIONNAIRE.by_id["signs_people"]
    second = DIALOGUE.take(first.session, "signs_people", {"unknown_vehicles": "now"})
    assert second.session is not None
    assert DIALOGUE.current(second.session) == QUESTIONNAIRE.by_id["signs_places_money"]


def test_what_is_told_as_absent_stands_against_no_answer() -> None:
    session = answered(hard_facts={"missing": "yes"})
    turn = DIALOGUE.story(session, {"hard_facts": {"missing": "no"}})
    assert turn.session is not None
    assert DIALOGUE.unsettled(turn.session) is None
    assert turn.session.answers == session.answers


STORY_VALUES = st.dictionaries(
    st.sampled_from([one.id for one in QUESTIONNAIRE.by_id["signs_people"].items]),
    st.sampled_from(["now", "before", "not_seen"]),
    max_size=4,
)


@given(STORY_VALUES, STORY_VALUES)
def test_nothing_that_a_story_tells_of_is_lost_to_another(
    first: dict[str, Value], second: dict[str, Value]
) -> None:
    both = merged({"signs_people": first}, {"signs_people": second}, QUESTIONNAIRE)["signs_people"]
    assert isinstance(both, dict)
    assert set(both) == set(first) | set(second)
    for item, state in both.items():
        assert ("now" in (first.get(item), second.get(item))) == (state == "now")


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
