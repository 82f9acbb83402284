"""Who would not, or not yet, ring 999; and what is asked straight after danger all the same."""

from __future__ import annotations

import pytest

from bot.safety.still_danger import Still
from bot.serving.hesitation import hesitates
from bot.serving.standing import Standing
from bot.serving.told_of_danger import put_off, told_to_go_on

DANGER = Standing("immediate_danger")


@pytest.mark.parametrize(
    "text",
    [
        # the call is not made
        "no i haven't rung", "I haven't rung yet, should I?", "havent phoned them yet",
        "no we never rang", "i didn't call the police",
        # whether to
        "do i really need to ring the police?", "should we actually call 999", "is it worth ringing",
        "i'm not sure if i should ring", "i don't know whether we ought to call them",
        "is it serious enough to ring?", "not sure it's bad enough", "Should I call them or not?",
        # would rather not
        "i'd rather not ring", "i'm scared to ring", "I don't want to overreact",
        "I don't want to waste police time", "what if I'm wrong?", "we might make things worse",
        "i'm worried about getting him into trouble", "isn't that a bit over the top?",
        # somebody is against it
        "my manager says don't ring", "my DSL says to fill in the form first",
        "mum says no police", "we usually ring the MASH first", "I'd need my head's permission",
        "I'm not comfortable doing that",
        "the head told me to wait", "I've been told not to ring", "mum doesn't want me to ring",
        "I'm not allowed to ring", "the safeguarding lead wants the referral done before we ring",
        # something or somebody else first
        "ok ill do the form first", "can I do the form first?", "let me ask my manager first",
        "shall I ring social care first?", "I need to check with my manager first",
        # later
        "can it wait until morning?", "I'll ring tomorrow", "ill leave it till monday",
        "should I wait for my manager", "can we hold off until the head is back",
        # 101, or somebody else, instead
        "is 101 ok instead?", "can't I just ring 101", "i've rung 101", "I told my DSL",
    ],
)  # fmt: skip
def test_who_puts_the_call_off_is_understood(text: str) -> None:
    found = hesitates(text)
    assert found is not None
    assert not found.bare
    assert not found.rest
    assert put_off(text, DANGER, screening=False) == ("hesitates", "")


@pytest.mark.parametrize(
    "text",
    ["no", "No not yet", "not yet", "do I have to?", "nope", "no thanks", "i can't", "not really",
     "are you sure?", "maybe later", "i'm not sure", "i haven't", "do i really have to"],
)  # fmt: skip
def test_bare_words_put_the_call_off_straight_after_the_order_alone(text: str) -> None:
    found = hesitates(text)
    assert found is not None
    assert found.bare
    assert put_off(text, DANGER, screening=False) == ("hesitates", "")
    assert put_off(text, Standing("immediate_danger", turns=1), screening=False) is None
    assert put_off(text, Standing("immediate_danger", question=True), screening=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "who do I ring first?", "what should I do first?", "what do I tell the police",
        "when do I ring 101?", "how long should we wait for the strategy meeting?", "yes", "ok",
        "I've rung 999", "should I tell her parents?", "do i need consent", "which form do I fill in",
        "do I need to make a referral", "what if her parents refuse", "can I give first aid?",
        "I haven't rung social care yet", "I haven't called her parents", "is there a form",
        "my manager asked which form to use", "do I have to tell mum", "can she wait in the office",
        "is the risk tool mandatory", "no, she is in the hotel", "no, a girl", "she says he's not here",
        "do I need to stay with her", "we're in luton", "can I search her bag",
    ],
)  # fmt: skip
def test_what_is_asked_or_told_straight_after_danger_is_no_hesitation(text: str) -> None:
    assert hesitates(text) is None


def test_what_else_is_asked_is_left() -> None:
    found = hesitates("I haven't rung yet, what form do I need?")
    assert found is not None
    assert found.rest == "what form do I need?"


@pytest.mark.parametrize("told", ["rung", "passed", "mistaken"])
def test_nobody_puts_a_call_off_that_was_made_or_is_not_needed(told: str) -> None:
    standing = Standing("immediate_danger", told=told)  # type: ignore[arg-type]
    for text in ("no", "can I do the form first?", "she's 19"):
        assert put_off(text, standing, screening=False) is None


def test_nor_does_a_child_or_who_told_of_no_danger() -> None:
    child = Standing("immediate_danger", about_writer=True, child=True)
    for standing in (child, Standing(), Standing("parent_or_public")):
        assert put_off("i haven't rung", standing, screening=False) is None


def test_an_adult_is_told_of_unless_a_screening_asks_for_the_age() -> None:
    assert put_off("she's 19 actually", DANGER, screening=False) == ("adult", "")
    assert put_off("she's 19 actually", DANGER, screening=True) is None
    asked = Standing("immediate_danger", question=True)
    assert put_off("she's 19 actually", asked, screening=False) is None


@pytest.mark.parametrize(
    ("text", "still"),
    [
        ("she's gone quiet now", "contact_lost"),
        ("it's stopped now, the police have got her", None),
        ("they're not picking up but she's safe at home now", None),
        ("rang 999, nobody came", "nobody_comes"),
    ],
)
def test_danger_goes_on_unless_the_same_message_says_that_it_is_over(
    text: str, still: Still | None
) -> None:
    assert told_to_go_on(text, DANGER) == still
    assert told_to_go_on(text, Standing("immediate_danger", told="rung")) == still
    assert told_to_go_on(text, Standing("immediate_danger", told="passed")) is None


@pytest.mark.parametrize(
    "part", ["no ", "not yet ", "i don't want to ", "can i ", "my manager says ", "let me just "]
)
def test_long_runs_of_the_same_words_are_read(part: str) -> None:
    found = hesitates(part * (1_000 // len(part)) + "x")
    assert found is None or not found.bare
