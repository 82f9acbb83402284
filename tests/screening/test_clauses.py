"""A list that is answered in words, part by part; and what was told and is not taken."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.screening.dialogue import none_of
from bot.screening.reading import Read

from .test_dialogue import DIALOGUE, QUESTIONNAIRE, asked, judging, read
from .test_nothing import WAITING, recorded


def offered(said: Read | None, question: str) -> dict[str, Any]:
    """What a reading offers to be confirmed at a question, or records there."""
    if said is None:
        return {}
    if "answer" in said.entities:
        return dict(recorded(said))
    found = json.loads(said.entities.get("suggested", "{}")).get(question, {})
    assert isinstance(found, dict)
    return found


FACTS = [item.id for item in QUESTIONNAIRE.by_id["hard_facts"].items]
SHORT = {
    "ld": "learning_disability_or_medical_need", "evidence": "evidence_of_exploitation",
    "harm": "significant_harm", "crime": "crime_suspected", "moved": "trafficking",
    "missing": "missing", "parents": "parents_neglect_or_collude",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("no evidence, no crime, parents are fine", "evidence crime parents"),
        (
            "no learning disability, no crime, not trafficked, never missing, parents fine, "
            "no evidence, no significant harm",
            "ld crime moved missing parents evidence harm",
        ),
        ("parents are supportive", "parents"),
        ("not trafficked", "moved"),
        ("no crime that we know of so far, parents ok", "parents"),
        ("no disability; no harm; parents good", "ld harm parents"),
        ("there's no crime and the parents are on board", "crime parents"),
        ("no signs of trafficking, parents fine", "moved parents"),
    ],
)
def test_each_denied_part_is_a_no(text: str, denied: str) -> None:
    found = offered(read(WAITING["hard_facts"], text), "hard_facts")
    assert {item for item, state in found.items() if state == "no"} >= {
        SHORT[one] for one in denied.split()
    }
    assert "yes" not in found.values()


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("no evidence of trafficking", "trafficking"), ("no signs of neglect",
        "parents_neglect_or_collude"), ("no evidence of a crime", "crime_suspected"),
        ("no evidence of exploitation", "evidence_of_exploitation"),
        ("no evidence", "evidence_of_exploitation"),
    ],
)  # fmt: skip
def test_no_evidence_of_one_thing_denies_that_thing(text: str, item: str) -> None:
    assert offered(read(WAITING["hard_facts"], text), "hard_facts") == {item: "no"}


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("crime has been committed and she goes missing, rest no", "crime missing"),
        ("a crime might have been committed and she goes missing. the others no", "crime missing"),
        ("she goes missing, nothing else", "missing"),
        ("they moved her from hotel to hotel, the rest are no", "moved"),
        ("she has a learning disability and goes missing; no to the rest", "ld missing"),
    ],
)
def test_the_rest_no_is_heard(text: str, present: str) -> None:
    found = offered(read(WAITING["hard_facts"], text), "hard_facts")
    told = {SHORT[one] for one in present.split()}
    assert found == {item: "yes" if item in told else "no" for item in FACTS}


def test_the_rest_is_not_denied_beside_what_is_not_understood() -> None:
    text = "she hangs round with dodgy folk and goes missing, rest no"
    assert offered(read(WAITING["hard_facts"], text), "hard_facts") == {"missing": "yes"}


@pytest.mark.parametrize(
    ("question", "text", "items"),
    [
        ("hard_facts", "she was taken to Leeds and Bradford by three men", {"trafficking"}),
        ("hard_facts", "they moved her from hotel to hotel", {"trafficking"}),
        ("hard_facts", "there's a police investigation", {"crime_suspected"}),
        ("hard_facts", "he has been arrested", {"crime_suspected"}),
        ("signs_people", "he gives her lifts in his van", {"unknown_vehicles"}),
        ("signs_people", "he drives her home", {"unknown_vehicles"}),
        ("signs_people", "he is 28 and she calls him her boyfriend", {"older_partner"}),
        ("signs_people", "he's 30 and she calls him her boyfriend", {"older_partner"}),
        (
            "signs_people", "spends time with a girl we know is being exploited",
            {"exploited_peers"},
        ),
        ("signs_people", "gets texts from numbers she doesn't know", {"contact_unknown_adults"}),
        ("signs_daily_life", "on snapchat to a man she's never met", {"online_relationships"}),
        ("signs_daily_life", "nicking from shops", {"offending"}),
        ("signs_daily_life", "met a man online", {"online_relationships"}),
        ("signs_daily_life", "hides her phone when we come in", {"phone_use"}),
        ("signs_places_money", "gone for a week at a time", {"long_missing"}),
        ("open_to", "looked after, placed by Birmingham council",
         {"looked_after", "other_authority"}),
        ("open_to", "looked after, placed here by another authority",
         {"looked_after", "other_authority"}),
    ],
)  # fmt: skip
def test_a_sign_in_own_words_is_offered(question: str, text: str, items: set[str]) -> None:
    assert set(offered(read(WAITING[question], text), question)) == items


@pytest.mark.parametrize(
    ("question", "text", "item"),
    [
        ("signs_people", "her dad gives her lifts to school", "unknown_vehicles"),
        ("signs_people", "I work with a girl who is being exploited", "exploited_peers"),
        ("signs_daily_life", "he has been arrested", "offending"),
        ("signs_daily_life", "a man was arrested last week", "offending"),
        ("signs_daily_life", "on snapchat to her friends", "online_relationships"),
        ("hard_facts", "she was taken to hospital by ambulance", "trafficking"),
        ("hard_facts", "no crime committed", "trafficking"),
    ],
)
def test_what_is_no_sign_is_not_offered(question: str, text: str, item: str) -> None:
    assert item not in offered(read(WAITING[question], text), question)


def test_a_no_after_the_list_is_added_to_it() -> None:
    taken = DIALOGUE.take(
        WAITING["hard_facts"], "hard_facts", {"evidence_of_exploitation": "no"}
    ).session
    assert taken is not None
    later = DIALOGUE.story(taken, {"hard_facts": {"trafficking": "no"}})
    assert "shall I add it?" in later.replies[0].headline
    assert asked(later) == "hard_facts"
    assert later.session is not None
    said = read(later.session, "yes")
    assert said is not None
    added = DIALOGUE.take(later.session, "hard_facts", json.loads(said.entities["answer"])).session
    assert added is not None
    assert added.answers["hard_facts"] == {"evidence_of_exploitation": "no", "trafficking": "no"}


@pytest.mark.parametrize("given", [{"trafficking": "no"}, {"trafficking": "yes"}])
def test_a_no_that_was_answered_changes_nothing(given: dict[str, str]) -> None:
    taken = DIALOGUE.take(WAITING["hard_facts"], "hard_facts", dict(given)).session
    assert taken is not None
    later = DIALOGUE.story(taken, {"hard_facts": {"trafficking": "no"}})
    assert "in your answers already" in later.replies[0].headline


def test_a_sign_that_is_dropped_is_named() -> None:
    nothing = none_of(QUESTIONNAIRE.by_id["signs_people"])
    heard = DIALOGUE.story(WAITING["signs_people"], {"signs_people": {"older_partner": "now"}})
    assert heard.session is not None
    once = DIALOGUE.take(heard.session, "signs_people", nothing)
    assert "which is right?" in once.replies[0].headline
    assert once.session is not None
    twice = DIALOGUE.take(once.session, "signs_people", nothing)
    assert "Not recorded, though you told me of it: A sexual or" in twice.replies[0].headline


@pytest.mark.parametrize("text", ["just that one", "yes that one", "only that", "that one please"])
def test_pointing_at_one_suggestion_takes_it(text: str) -> None:
    heard = DIALOGUE.story(WAITING["signs_people"], {"signs_people": {"older_partner": "now"}})
    assert heard.session is not None
    assert recorded(read(heard.session, text)) == {"older_partner": "now"}


@pytest.mark.parametrize("text", ["those two", "both of them", "these three"])
def test_pointing_at_more_than_was_suggested_is_asked(text: str) -> None:
    heard = DIALOGUE.story(WAITING["signs_people"], {"signs_people": {"older_partner": "now"}})
    assert heard.session is not None
    assert recorded(read(heard.session, text)) == {}


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("go back to the age question", "age"), ("take me back to the area question", "area"),
        ("can we go back to the role one", "role"), ("go back to the missing question", None),
    ],
)  # fmt: skip
def test_an_earlier_question_that_is_named_is_gone_back_to(text: str, question: str | None) -> None:
    said = read(judging(), text)
    assert said is not None
    assert said.intent == "screening_change"
    assert said.entities.get("question") == question


@pytest.mark.parametrize(
    "text",
    [
        "nothing, she's not known to anyone", "no one is working with her", "no services involved",
        "she's not known or open to anyone", "nobody's involved", "not open to anyone",
    ],
)  # fmt: skip
def test_open_to_nobody_in_other_words(text: str) -> None:
    absent = none_of(QUESTIONNAIRE.by_id["open_to"])
    assert recorded(read(WAITING["open_to"], text)) == absent


@pytest.mark.parametrize(
    "text",
    [
        "not sure who she's open to", "no idea who she is open to", "I don't know what he's open to",
        "I don't think she's open to anyone", "unsure which team she is with",
        "don't know if he is known to anyone",
    ],
)  # fmt: skip
def test_whom_the_child_is_open_to_may_not_be_known(text: str) -> None:
    said = read(WAITING["open_to"], text)
    assert said is not None
    assert json.loads(said.entities["answer"]) == {}


@pytest.mark.parametrize("text", ["social care is working with her", "not known to services"])
def test_what_may_be_a_plan_is_never_none(text: str) -> None:
    assert "no" not in recorded(read(WAITING["open_to"], text)).values()
