"""A button carries names that the guidance knows, and nothing else gets into a conversation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.screening import dialogue
from bot.guidance import load_guidance
from bot.serving.engine import Engine
from bot.serving.payloads import Carried, command_of

ENTITIES = ["topic", "area", "question", "answer", "level", "reason", "explanation", "more"]


@pytest.fixture(scope="module")
def carried() -> Carried:
    return Carried(load_guidance(), dialogue().questionnaire, ENTITIES)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"topic": "who_to_ring", "area": "luton"},
        {"question": "immediate_danger", "answer": "no"},
        {"question": "role", "answer": '"teacher"'},
        {"question": "hard_facts", "answer": "none"},
        {"question": "hard_facts", "answer": "{}"},
        {"level": "high"},
        {"under_13": "yes", "missing": "unknown"},
        {"more": "yes"},
    ],
)
def test_what_buttons_carry_is_known(carried: Carried, values: dict[str, str]) -> None:
    assert carried.knows(values)


def test_every_answer_to_every_question_is_known(carried: Carried) -> None:
    for question in dialogue().questionnaire.questions:
        for option in question.options:
            assert carried.knows({"question": question.id, "answer": option.id})
        if question.kind != "checklist":
            continue
        states = [one.id for one in question.scale_states.states]
        for state in states:
            ticked: dict[str, Any] = {item.id: state for item in question.items}
            assert carried.knows({"question": question.id, "answer": json.dumps(ticked)})
        for basis in question.bases:
            ticked = {item.id: {"state": states[0], "basis": basis.id} for item in question.items}
            assert carried.knows({"question": question.id, "answer": json.dumps(ticked)})


@pytest.mark.parametrize(
    "values",
    [
        {"topic": "jayden"},
        {"name": "luton"},
        {"area": "Luton town"},
        {"answer": '"he told me"'},
        {"answer": '{"jayden": "now"}'},
        {"answer": '{"state": "jayden"}'},
        {"answer": '{"state": ["yes"]}'},
        {"answer": "{" * 900},
        {"answer": '{"state":' * 3_000 + '"yes"' + "}" * 3_000},
        {"answer": 7},
        {"answer": ["yes"]},
        {"explanation": "Anything that was typed."},
        {"reason": "because of what jayden said"},
        {"level": "high", "area": "12 Mill Lane"},
    ],
)
def test_anything_else_is_dropped_with_all_that_came_with_it(
    carried: Carried, values: dict[str, Any]
) -> None:
    assert not carried.knows(values)
    entities = [{"entity": name, "value": value} for name, value in values.items()]
    assert carried.only_known({"intent": {}, "entities": entities}) == {
        "intent": {},
        "entities": [],
    }


@given(values=st.dictionaries(st.sampled_from(ENTITIES), st.text(" Aéx7", min_size=1), min_size=1))
def test_free_text_is_never_known(carried: Carried, values: dict[str, str]) -> None:
    assert not carried.knows(values)


async def test_every_button_that_is_offered_can_be_used(engine: Engine) -> None:
    """Walks on through the buttons of answers, routes and a screening."""
    seen: set[str] = set()
    intents = engine._processor.domain.intents
    questions = ["hello", "who do I ring?", "medium risk in Derby, what now?", "what are the signs?",
                 "compare Derby and Derbyshire", "start a screening", "blurp"]  # fmt: skip
    for number, question in enumerate(questions):
        name = f"buttons-{number}"
        said = await engine.turn(name, text=question)
        for _ in range(12):
            offered = [one["payload"] for message in said for one in message.buttons]
            for payload in offered:
                parse = command_of(payload, intents)
                assert engine._led_by(None).carried.only_known(parse) == parse, payload
            fresh = [one for one in offered if one not in seen]
            if not fresh:
                break
            seen.add(fresh[-1])
            said = await engine.turn(name, payload=fresh[-1])
    print(f"\n{len(seen)} different buttons used")
    assert len(seen) > 25
