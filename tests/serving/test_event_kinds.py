"""Events are found by their names as Rasa finds them."""

from __future__ import annotations

import pytest
from jsonschema import ValidationError
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.utils.common import all_subclasses

from bot.serving.event_kinds import find_events_at_once
from bot.serving.inprocess_actions import _check_answer


@pytest.fixture(autouse=True)
def at_once() -> None:
    find_events_at_once()


def test_every_name_leads_to_its_class() -> None:
    for kind in all_subclasses(Event):
        for _ in range(2):
            assert Event.resolve_by_type(kind.type_name).type_name == kind.type_name
    assert Event.resolve_by_type("slot") is SlotSet


def test_what_is_unknown_is_as_before() -> None:
    assert Event.resolve_by_type("topic") is None
    assert Event.resolve_by_type("nothing like it", UserUttered) is UserUttered
    with pytest.raises(ValueError, match="nothing like it"):
        Event.resolve_by_type("nothing like it")


def test_what_is_defined_later_is_found() -> None:
    with pytest.raises(ValueError, match="defined later"):
        Event.resolve_by_type("defined later")

    class Later(SlotSet):
        type_name = "defined later"

    assert Event.resolve_by_type("defined later") is Later


@pytest.mark.parametrize(
    "answer",
    [
        {"events": [], "responses": []},
        {"events": [{"event": "slot", "name": "topic", "value": None, "timestamp": None}],
         "responses": [{"text": "Ring."}]},
        {"events": [{"event": "restart", "timestamp": None}], "responses": []},
    ],
)  # fmt: skip
def test_an_answer_that_fits_is_taken(answer: dict[str, object]) -> None:
    assert _check_answer(None, answer)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "answer",
    [
        {"events": [{"event": "slot", "name": 5, "value": 1}], "responses": []},
        {"events": [{"event": "slot", "name": "topic"}], "responses": []},
        {"events": {}, "responses": []},
        {"events": [], "responses": ["Ring."]},
        [],
    ],
)
def test_an_answer_that_does_not_fit_is_refused(answer: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        _check_answer(None, answer)  # type: ignore[arg-type]
