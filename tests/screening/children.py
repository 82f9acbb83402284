"""Answers to start a test from."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.screening import Answers, Question, Questionnaire, Value


def nothing_seen(questionnaire: Questionnaire, **different: Value) -> Answers:
    """A child of 14 in Derby of whom everything is known and nothing is seen, but for `different`.

    Keys are question ids (a single answer, or items that differ from “no”); what a changed answer
    makes inapplicable, or newly asked, is for the caller to give.
    """
    answers: Answers = {}
    for question in questionnaire.questions:
        if question.kind == "checklist":
            absent = question.scale_states.meaning("absent")
            assert absent is not None
            answers[question.id] = {item.id: absent.id for item in question.items}
    answers |= {
        "immediate_danger": "no",
        "area": "derby",
        "role": "teacher",
        "age": "13_to_15",
        "sexual_activity": "no",
        "consent_16_17": "no",
    }
    for name, value in different.items():
        before = answers.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            answers[name] = {**before, **value}
        else:
            answers[name] = value
    return answers


def any_value(question: Question) -> st.SearchStrategy[Value]:
    """Any valid answer to a question."""
    if question.kind != "checklist":
        return st.sampled_from([option.id for option in question.options])
    states = [state.id for state in question.scale_states.states if state.id != "unknown"]
    return st.dictionaries(
        st.sampled_from([item.id for item in question.items]), st.sampled_from(states)
    )
