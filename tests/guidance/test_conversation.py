"""A conversation about guidance remembers an area and a topic, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.answering import Answering
from bot.guidance.conversation import (
    CERTAIN,
    CHOICES_WHEN_UNSURE,
    DOUBTFUL,
    Guess,
    GuidanceConversation,
    Memory,
    Passage,
    Question,
)
from bot.guidance.load import load_guidance
from bot.guidance.models import AREA_IDS, AreaId

from .conftest import PROJECT, TODAY

REAL = load_guidance(PROJECT / "data" / "guidance")
TALK = GuidanceConversation(Answering(REAL, TODAY))


@pytest.fixture(scope="module")
def talk(answering: Answering) -> GuidanceConversation:
    return GuidanceConversation(answering)


def guesses(*pairs: tuple[str, float], areas: Sequence[AreaId] = ()) -> Question:
    return Question(tuple(Guess(topic, confidence) for topic, confidence in pairs), tuple(areas))


# --- asking ---------------------------------------------------------------------------------------


def test_the_topic_is_remembered(talk: GuidanceConversation) -> None:
    turn = talk.ask([Question.about("signs")], Memory("derby"))
    assert turn.memory == Memory("derby", "signs")
    assert turn.replies[0].area == "derby"


def test_an_area_in_the_message_is_remembered_and_wins(talk: GuidanceConversation) -> None:
    turn = talk.ask([Question.about("who_to_ring")], Memory("derby"), ["luton"])
    assert turn.memory.area == "luton"
    assert turn.replies[0].headline == "Ring the duty desk: 01632 960111."


def test_two_areas_in_a_question_are_compared_and_neither_is_remembered(
    talk: GuidanceConversation,
) -> None:
    question = guesses(("who_to_ring", 1.0), areas=["derby", "luton"])
    turn = talk.ask([question], Memory(), ["derby", "luton"])
    assert [reply.area for reply in turn.replies] == ["luton", "derby"]
    assert turn.memory == Memory(None, "who_to_ring")


def test_each_question_of_a_message_is_answered_for_its_own_area(
    talk: GuidanceConversation,
) -> None:
    turn = talk.ask(
        [guesses(("tools", 0.9), areas=["derby"]), guesses(("who_to_ring", 0.9), areas=["luton"])],
        Memory(),
        ["derby", "luton"],
    )
    assert [(reply.topic, reply.area) for reply in turn.replies] == [
        ("tools", "derby"), ("who_to_ring", "luton"),
    ]  # fmt: skip
    assert turn.memory.topic == "who_to_ring"


def test_a_likely_topic_is_answered_alone(talk: GuidanceConversation) -> None:
    turn = talk.ask([guesses(("signs", CERTAIN), ("police", 0.19))], Memory("derby"))
    assert [reply.topic for reply in turn.replies] == ["signs"]


def test_a_second_topic_that_is_nearly_as_likely_is_answered_too(
    talk: GuidanceConversation,
) -> None:
    turn = talk.ask([guesses(("signs", 0.5), ("police", 0.4), ("tools", 0.3))], Memory("derby"))
    assert [reply.topic for reply in turn.replies] == ["signs", "police"]
    second = turn.replies[1]
    assert second.label == "If you meant “When the police are told”, Derby"
    assert second.choices == (), "the buttons are those of the first answer"
    assert turn.memory.topic == "signs"


def test_a_doubtful_question_has_up_to_three_answers(talk: GuidanceConversation) -> None:
    assert DOUBTFUL > 0.3
    question = guesses(("signs", 0.3), ("police", 0.2), ("tools", 0.15), ("who_to_ring", 0.14))
    turn = talk.ask([question], Memory("derby"))
    assert [reply.topic for reply in turn.replies] == ["signs", "police", "tools"]


def test_a_topic_far_less_likely_is_left_out(talk: GuidanceConversation) -> None:
    turn = talk.ask([guesses(("signs", 0.6), ("police", 0.05))], Memory("derby"))
    assert [reply.topic for reply in turn.replies] == ["signs"]


def test_a_topic_that_the_areas_source_is_silent_on_is_less_likely_meant(
    talk: GuidanceConversation,
) -> None:
    question = guesses(("tools", 0.45), ("police", 0.4))
    assert talk.ask([question], Memory("derby")).replies[0].topic == "tools"
    assert talk.ask([question], Memory("wiltshire")).replies[0].topic == "police"


@given(
    asked=st.lists(
        st.lists(
            st.tuples(st.sampled_from(sorted(REAL.topics)), st.floats(0.01, 1.0)),
            min_size=1,
            max_size=5,
        ),
        min_size=1,
        max_size=3,
    ),
    named=st.lists(st.sampled_from(AREA_IDS), max_size=3),
    area=st.none() | st.sampled_from(AREA_IDS),
)
def test_whatever_is_asked_is_answered_and_cited(
    asked: list[list[tuple[str, float]]], named: list[AreaId], area: AreaId | None
) -> None:
    turn = TALK.ask([guesses(*pairs) for pairs in asked], Memory(area), named)
    assert turn.replies
    assert turn.memory.topic in REAL.topics
    assert turn.memory.area in (area, *named)
    assert all(reply.sources or reply.kind == "which_area" for reply in turn.replies)


# --- an area in passing ---------------------------------------------------------------------------


def test_and_in_luton_answers_the_last_question_again(talk: GuidanceConversation) -> None:
    turn = talk.in_area(["luton"], Memory("derby", "who_to_ring"))
    assert turn.replies[0].area == "luton"
    assert turn.memory == Memory("luton", "who_to_ring")


def test_an_area_before_any_question_is_remembered(talk: GuidanceConversation) -> None:
    turn = talk.in_area(["luton"], Memory())
    assert turn.replies[0].headline == "I will answer for Luton. What would you like to know?"
    assert turn.memory == Memory("luton")


def test_an_area_after_a_place_that_is_not_covered_gets_whom_to_ring() -> None:
    turn = TALK.in_area(["derbyshire"], Memory(topic="gap_other_area"))
    assert [reply.topic for reply in turn.replies] == ["who_to_ring"]
    assert turn.memory == Memory("derbyshire", "who_to_ring")


def test_no_area_at_all_asks_which(talk: GuidanceConversation) -> None:
    turn = talk.in_area([], Memory(topic="signs"))
    assert turn.replies[0].headline == "Which area do you work in?"
    assert turn.replies[0].choices[0].payload == '/in_area{"area": "luton"}'
    assert turn.memory == Memory(topic="signs")


def test_two_areas_in_passing_compare_the_last_question(talk: GuidanceConversation) -> None:
    turn = talk.in_area(["derby", "luton"], Memory("wiltshire", "who_to_ring"))
    assert [reply.area for reply in turn.replies] == ["luton", "derby"]
    assert turn.memory == Memory("wiltshire", "who_to_ring")


# --- comparing ------------------------------------------------------------------------------------


def test_one_area_is_compared_with_the_one_remembered(talk: GuidanceConversation) -> None:
    turn = talk.compare(["luton"], Memory("derby", "who_to_ring"))
    assert [reply.area for reply in turn.replies] == ["luton", "derby"]


def test_a_topic_named_with_it_is_compared_and_remembered(talk: GuidanceConversation) -> None:
    turn = talk.compare(["luton", "derby"], Memory(topic="signs"), topic="who_to_ring")
    assert {reply.topic for reply in turn.replies} == {"who_to_ring"}
    assert turn.memory.topic == "who_to_ring"


@pytest.mark.parametrize(
    ("areas", "memory"),
    [([], Memory()), (["luton", "derby"], Memory()), (["luton"], Memory(topic="signs"))],
)
def test_nothing_to_compare_explains_how(
    talk: GuidanceConversation, areas: list[AreaId], memory: Memory
) -> None:
    turn = talk.compare(areas, memory)
    assert turn.replies[0].kind == "compare_what"
    assert turn.memory == memory


# --- follow-ups -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "said"), [("source", "sources"), ("more", "more"), ("changed", "changes")]
)
def test_a_follow_up_leans_on_the_last_answer(
    talk: GuidanceConversation, kind: str, said: str
) -> None:
    memory = Memory("luton", "who_to_ring")
    turn = talk.follow_up(kind, memory)  # type: ignore[arg-type]
    assert (turn.replies[0].kind, turn.replies[0].topic) == (said, "who_to_ring")
    assert turn.memory == memory


def test_a_follow_up_is_about_the_areas_own_topic_where_that_was_answered(
    talk: GuidanceConversation,
) -> None:
    answered = talk.ask([Question.about("signs")], Memory("luton"))
    assert answered.replies[0].topic == "signs_luton"
    assert talk.follow_up("source", answered.memory).replies[0].topic == "signs_luton"


def test_a_follow_up_to_nothing_says_something_useful() -> None:
    assert TALK.follow_up("more", Memory()).replies[0].kind == "nothing_yet"
    assert TALK.follow_up("changed", Memory()).replies[0].topic == "what_changed_overview"
    assert TALK.follow_up("source", Memory()).replies[0].topic == "how_old_are_sources"


def test_another_area_beside_ones_own_leaves_the_conversations(
    talk: GuidanceConversation,
) -> None:
    own = Question((Guess("who_to_ring"),), own=True)
    there = guesses(("who_to_ring", 1.0), areas=["luton"])
    turn = talk.ask([there, own, own], Memory("derby"), ["luton"])
    assert [reply.area for reply in turn.replies] == ["luton", "derby"]
    assert turn.memory.area == "derby"
    # where nobody's own area is known, the one that is named counts
    assert talk.ask([own], Memory(), ["luton"]).memory.area == "luton"


def test_one_question_for_another_area_and_ones_own_is_answered_for_both(
    talk: GuidanceConversation,
) -> None:
    both = Question((Guess("who_to_ring"),), ("luton",), own=True)
    turn = talk.ask([both], Memory("derby"), ["luton"])
    assert [reply.area for reply in turn.replies] == ["luton", "derby"]
    assert turn.memory.area == "derby"


def test_what_another_area_has_is_asked_of_ones_own() -> None:
    asked = Question.about("csep_attends")
    turn = TALK.ask([asked], Memory("wiltshire"), told=["luton"])
    assert [reply.topic for reply in turn.replies][:2] == ["wiltshire_risk_group", "csep_attends"]
    # Derby's document has no such group
    assert TALK.ask([asked], Memory("derby"), told=["luton"]).replies[0].topic == "csep_attends"
    assert TALK.ask([asked], Memory("wiltshire")).replies[0].topic == "csep_attends"


@given(
    kind=st.sampled_from(["source", "more", "changed"]),
    topic=st.sampled_from(sorted(REAL.topics)),
    area=st.none() | st.sampled_from(AREA_IDS),
)
def test_every_topic_can_be_followed_up(kind: str, topic: str, area: AreaId | None) -> None:
    memory = Memory(area, topic)
    turn = TALK.follow_up(kind, memory)  # type: ignore[arg-type]
    assert turn.replies
    assert turn.memory == memory


# --- terms, contacts, and what was not understood -------------------------------------------------


def test_a_term_is_explained_and_nothing_forgotten(talk: GuidanceConversation) -> None:
    turn = talk.explain(["mash"], Memory("luton", "signs"))
    assert turn.replies[0].headline.startswith("MASH: People of several agencies")
    assert turn.memory == Memory("luton", "signs")


def test_several_terms_are_each_explained() -> None:
    assert len(TALK.explain(["mash", "iro"], Memory()).replies) == 2


def test_contacts_asked_for_by_name_are_given_one_each(talk: GuidanceConversation) -> None:
    turn = talk.give_contact(["emergency", "luton-desk"], Memory())
    assert [reply.contacts[0].id for reply in turn.replies] == ["emergency", "luton-desk"]


def test_not_understood_offers_the_nearest_topics(talk: GuidanceConversation) -> None:
    ranking = ["weather", "signs", "tools", "police", "who_to_ring"]
    (reply,) = talk.unsure(ranking, [], Memory()).replies
    assert [choice.title for choice in reply.choices] == [
        "Signs to look for", "Which tool to use", "When the police are told",
    ]  # fmt: skip
    assert len(reply.choices) == CHOICES_WHEN_UNSURE
    assert "ring 999" in reply.text()


def test_not_understood_shows_the_nearest_guidance_with_its_source(
    talk: GuidanceConversation,
) -> None:
    (reply,) = talk.unsure([], [Passage("tools", 1), Passage("weather", 0)], Memory()).replies
    assert [point.text for point in reply.points] == [
        "Nearest in my sources: Which tool to use, Luton: Use the town's form."
    ]
    assert reply.sources


def test_not_understood_gives_the_areas_own_contact(talk: GuidanceConversation) -> None:
    memory = Memory("luton", "signs")
    turn = talk.unsure([], [], memory)
    assert [card.id for card in turn.replies[0].contacts] == ["luton-desk"]
    assert turn.memory == memory, "the last answer can still be followed up"


def test_a_contact_of_what_was_not_understood_is_cited(talk: GuidanceConversation) -> None:
    (reply,) = talk.unsure([], [], Memory("luton")).replies
    assert any(source.startswith("Town procedures") for source in reply.sources)


def test_nothing_understood_at_all_offers_a_start() -> None:
    (reply,) = TALK.unsure([], [], Memory()).replies
    assert reply.headline == "I did not understand that."
    assert reply.choices
    assert all("/ask{" in choice.payload for choice in reply.choices)
