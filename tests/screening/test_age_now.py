"""A birthday that is still to come is not the age now: who turns 13 on Friday is 12."""

from __future__ import annotations

import json

import pytest

from bot.screening import AnswerError, Questionnaire
from bot.screening.age_now import age_now
from bot.screening.story import suggest_ticks
from bot.screening.typed import understand

from .test_dialogue import DIALOGUE, asked, judging, read
from .test_nothing import waiting_at

#: Each way to tell of a birthday to come, for a child who is a year younger now.
AHEAD = """
she turns {n} on Friday
she'll be {n} next month
she isn't {n} yet
not quite {n}
not {n} until next month
{n} next week
{n} on Monday
{n} in March
coming up {n}
nearly {n}
almost {n}
she only turns {n} next week
hasn't turned {n}
he's not yet {n}
she won't be {n} till June
her {n}th birthday is next week
a week before her {n}th birthday
she's {n} in 3 weeks
{n} in a fortnight
{n} tomorrow
soon to be {n}
about to turn {n}
two weeks off {n}
just under {n}
{n} on the 5th of June
she is {n} at the weekend
going on {n}
will be {n} in the summer
doesn't turn {n} until Friday
""".strip().splitlines()
#: Where the age is told as it is now, whatever else stands beside it.
AS_IT_IS = """
she turned {n} on Monday
she was {n} in March
just turned {n}
only just {n}
{n} today
{n} since Friday
{n} on Friday just gone
her {n}th birthday was last week
he's been {n} for a month
{n} on a CP plan
{n} in care
{n} in foster care
{n} at the moment
{n} and a half
{n}, looks older
says she is 19 but she's {n}
{n} going on 21
{n} but has a mental age of 9
not 17, {n}
""".strip().splitlines()
BANDS = {13: ("under_13", "13_to_15"), 16: ("13_to_15", "16_or_17"), 18: ("16_or_17", "adult")}


@pytest.mark.parametrize("number", BANDS)
@pytest.mark.parametrize("words", AHEAD)
def test_a_birthday_to_come_is_the_age_before_it(
    questionnaire: Questionnaire, words: str, number: int
) -> None:
    text = words.format(n=number)
    assert understand(questionnaire.by_id["age"], text) == BANDS[number][0]


@pytest.mark.parametrize("number", BANDS)
@pytest.mark.parametrize("words", AS_IT_IS)
def test_a_birthday_that_has_been_is_the_age(
    questionnaire: Questionnaire, words: str, number: int
) -> None:
    text = words.format(n=number)
    assert understand(questionnaire.by_id["age"], text) == BANDS[number][1]


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("12 nearly 13", "under_13"),
        ("12 but looks 16", "under_13"),
        ("she's twelve and will be thirteen in May", "under_13"),
        ("12 but tells him she's 16", "under_13"),
        ("twelve, thirteen in june", "under_13"),
        ("14 but functions like a 10 year old", "13_to_15"),
        ("18 months old", "under_13"),
        ("under 12", "under_13"),
        ("17, 18 next week", "16_or_17"),
    ],
)
def test_the_age_now_counts(questionnaire: Questionnaire, text: str, band: str) -> None:
    assert understand(questionnaire.by_id["age"], text) == band


@pytest.mark.parametrize(
    "text",
    [
        "she isn't 13", "not 13", "looks 16", "12 or 13", "13 this year", "she turns 14 next year",
        "over 13", "not under 13", "under 15", "her boyfriend is 19, she's 12",
        "she's 13 weeks pregnant",
    ],
)  # fmt: skip
def test_an_age_that_is_not_sure_is_asked_again(questionnaire: Questionnaire, text: str) -> None:
    with pytest.raises(AnswerError):
        understand(questionnaire.by_id["age"], text)


@pytest.mark.parametrize(
    "text", ["reported missing 12 times in March", "missing for 13 days in June", "two men at 9am"]
)
def test_other_numbers_are_no_age(questionnaire: Questionnaire, text: str) -> None:
    assert all(one.question_id != "age" for one in suggest_ticks(text, questionnaire))


def test_a_text_without_an_age_stays_as_it_is() -> None:
    assert age_now("she is looked after, on a plan since march") == (
        "she is looked after, on a plan since march"
    )


@pytest.mark.parametrize(
    "text",
    [
        "actually she only turns 13 next week", "she's 12 actually", "sorry she's 12",
        "low, but she isn't 13 until Friday", "oh, she's nearly 13", "she'll be 13 in June",
    ],
)  # fmt: skip
def test_an_age_told_late_is_settled_before_a_level(text: str) -> None:
    said = read(judging(), text)
    assert said is not None
    assert json.loads(said.entities["suggested"])["age"] == "under_13"


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("17 sorry", "16_or_17"), ("no wait, he's 17", "16_or_17"), ("sorry 16", "16_or_17"),
        ("he turns 18 next month", "16_or_17"), ("i meant 15", "13_to_15"),
        ("he isn't 18 yet", "16_or_17"),
    ],
)  # fmt: skip
def test_a_slip_that_ended_the_screening_is_put_right(text: str, band: str) -> None:
    ended = DIALOGUE.take(waiting_at("age"), "age", "adult")
    assert ended.session is not None
    assert "type the right one" in (ended.replies[-1].closing or "")
    said = read(ended.session, text)
    assert said is not None
    going_on = DIALOGUE.correct(ended.session, json.loads(said.entities["suggested"]))
    assert going_on.session is not None
    assert going_on.session.answers["age"] == band
    assert asked(going_on) == "hard_facts"


@pytest.mark.parametrize("text", ["what about his sister who is 15", "he's 18", "thanks", "15?"])
def test_what_puts_nothing_right_goes_elsewhere(text: str) -> None:
    ended = DIALOGUE.take(waiting_at("age"), "age", "adult").session
    assert ended is not None
    assert read(ended, text) is None


def test_a_role_that_ended_the_screening_is_put_right() -> None:
    ended = DIALOGUE.take(waiting_at("role"), "role", "not_professional").session
    assert ended is not None
    said = read(ended, "sorry, I'm a teacher")
    assert said is not None
    assert json.loads(said.entities["suggested"]) == {"role": "teacher"}
    assert read(ended, "a teacher told me to ask") is None
