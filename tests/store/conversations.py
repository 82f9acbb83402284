"""Made-up conversations: events of every kind, in turns, as Rasa makes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

DOMAIN = Domain.from_yaml("""
version: "3.1"
intents: [ask, answer, restart]
slots:
  area:
    type: categorical
    values: [luton, derby]
    influence_conversation: false
    mappings: [{type: custom}]
  screening:
    type: any
    mappings: [{type: custom}]
  topic:
    type: text
    influence_conversation: false
    initial_value: nothing yet
    mappings: [{type: custom}]
forms:
  screening_form:
    required_slots: []
actions: [action_answer]
session_config:
  session_expiration_time: 60
  carry_over_slots_to_new_session: true
""")

_words = st.text(max_size=12)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=6,
)
_metadata = st.dictionaries(_words, _values, max_size=2)
_when = st.floats(min_value=1.0, max_value=4e9)
_entities = st.lists(
    st.fixed_dictionaries({"entity": st.sampled_from(["area", "topic"]), "value": _values}),
    max_size=2,
)
_names = st.sampled_from(["action_listen", "action_answer", "screening_form", "action_restart"])


@st.composite
def _user(draw: st.DrawFn) -> UserUttered:
    intent = {"name": draw(st.sampled_from(["ask", "answer"])), "confidence": draw(_when)}
    entities = draw(_entities)
    parse = {"text": "(not kept)", "intent": intent, "entities": entities, "more": draw(_values)}
    return UserUttered(
        "(not kept)", intent, entities, parse, draw(_when), "web", draw(_words), draw(_metadata)
    )


#: One event of any kind.
events: st.SearchStrategy[Event] = st.one_of(
    _user(),
    st.builds(
        BotUttered,
        _words,
        st.dictionaries(_words, _values, max_size=3),
        metadata=_metadata,
        timestamp=_when,
    ),
    st.builds(SlotSet, st.sampled_from(["area", "topic", "screening"]), _values, _when, _metadata),
    st.builds(
        ActionExecuted, _names, st.none() | _words, st.none() | _when, _when, _metadata,
        hide_rule_turn=st.booleans(),
    ),
    st.builds(ActiveLoop, st.sampled_from([None, "screening_form"]), _when, _metadata),
    st.builds(LoopInterrupted, st.booleans(), _when, _metadata),
    st.builds(ActionExecutionRejected, _names, _words, _when, _when, _metadata),
    st.builds(EntitiesAdded, _entities, _when, _metadata),
    st.builds(DefinePrevUserUtteredFeaturization, st.booleans(), _when, _metadata),
    st.builds(FollowupAction, _names, _when, _metadata),
    *(
        st.builds(kind, _when, _metadata)
        for kind in (
            ActionReverted, AllSlotsReset, ConversationPaused, ConversationResumed, Restarted,
            SessionStarted, UserUtteranceReverted,
        )
    ),
)  # fmt: skip
#: Turns, each with the events that it adds.
turns = st.lists(st.lists(events, min_size=1, max_size=5), min_size=1, max_size=6)


def state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Everything that a tracker knows, its events included."""
    return dict(tracker.current_state(EventVerbosity.ALL))


def of_last_session(all_events: Sequence[Event]) -> list[Event]:
    """The events from the last session start or restart on."""
    starts = [
        index for index, one in enumerate(all_events) if isinstance(one, SessionStarted | Restarted)
    ]
    return list(all_events[starts[-1] if starts else 0 :])


def a_turn(number: int) -> list[Event]:
    """The events of one turn of a screening, about as many and as large as real ones."""
    entities = [{"entity": "answer", "value": f"option_{number % 4}", "confidence_entity": 1.0}]
    intent = {"name": "answer", "confidence": 1.0}
    parse = {
        "text": "(not kept)",
        "intent": intent,
        "entities": entities,
        "intent_ranking": [{"name": f"intent_{rank}", "confidence": 0.1} for rank in range(10)],
    }
    reply = {"reply": {"text": "What has been seen? " * 20, "sources": ["luton-2014"] * 3}}
    return [
        UserUttered("(not kept)", intent, entities, parse, input_channel="web"),
        DefinePrevUserUtteredFeaturization(False),
        ActionExecuted("action_extract_slots"),
        ActionExecuted("screening_form", policy="RulePolicy", confidence=1.0),
        SlotSet("screening", {"answers": {f"q{one}": "seen" for one in range(20)}}),
        BotUttered("What has been seen? " * 20, {"custom": reply, "buttons": []}),
        ActionExecuted("action_listen", policy="RulePolicy", confidence=1.0),
    ]
