"""A message after an alarm that says that the danger is over, or never was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.serving.passed_danger import passed_danger, says_not_passed, tells_of_one_away


@pytest.mark.parametrize(
    "text",
    [
        "no she's safe now, that was yesterday",
        "ok shes safe in the office now lets carry on",
        "shes down, she's safe, police have her. do i still refer",
        "sorry should have said that was in 2019",
        "not now, last month. shes back",
        "hes gone now",
        "he let her go, she's with me",
        "it was months ago",
        "that happened last week not today",
        "no its ok she's safe",
        "hes gone, its fine",
        "she is safe",
        "safe",
        "not now",
        "past",
        "she's home now",
        "hes gone now im safe",
        "shes back home safe",
        "police found her",
        "we found her",
        "the police have got her",
        "they've arrested him",
        "police have arrested him",
        "she got away",
        "he's been arrested, what do i do next",
        "all sorted now thanks",
        "its over",
        "its ok now",
        "everyone is safe now",
        "the ambulance has her",
        "it was last night",
        "this was years ago",
        "that's a historic case",
        "it isn't happening now",
        "she's not in danger any more",
        "she's fine, she's at school",
        "she is with her mum",
        "mum has her",
        "police say she's safe",
        "no hes gone home",
        "this happened in 2016 when she was 12",
        "hes left",
        "she's come down off the roof",
        "she's been found safe and well",
        "I mean it happened last year",
        "he's in custody now. do i need to make a referral",
        "its all ok",
        "shes ok now but shaken",
        "scrap that she's fine",
        "found her",
        "she turned up",
        "she has turned up at school",
        "we've got her back",
        "she's just walked in, she's fine",
        "she's just walked through the door",
        "found safe and well",
        "he's just rung, he's safe at his mate's",
        "she's texted me, she's home now",
        "phew, she was asleep, she's fine",
        "British Transport Police have met her at the station",
        "police met her off the train",
        "I've kept her in school",
        "she's put it down and is talking to the nurse",
        "she's handed the blade over to the nurse",
        "they've left",
        "it's fine, it was just her nan collecting her",
    ],
)
def test_who_says_that_it_is_over_is_understood(text: str) -> None:
    found = passed_danger(text)
    assert found is not None
    assert not found.mistaken
    assert not found.goes_on


@pytest.mark.parametrize(
    "text",
    [
        "no false alarm it was her dad",
        "false alarm",
        "ignore that, wrong child",
        "sorry that was a hypothetical",
        "panic over",
        "sorry i was just testing",
        "it was a training exercise",
        "just a scenario",
        "my mistake, misread it",
        "false alarm, it was her brother and dad",
        "turned out to be nothing, she was asleep",
        "it's ok it was her uncle after all",
        "it was only her brother",
        "turned out fine, she was in the library",
        "panic over, it was her uncle and cousin",
    ],
)
def test_who_says_that_it_never_was_is_understood(text: str) -> None:
    found = passed_danger(text)
    assert found is not None
    assert found.mistaken
    assert not found.goes_on


@pytest.mark.parametrize(
    "text",
    [
        "she's safe?",
        "she's safe if he stays away",
        "the party is on friday",
        "its friday",
        "he's come back",
        "he is home",
        "she is not safe",
        "she isn't safe",
        "is she safe",
        "i dont think she's safe",
        "she says she's safe",
        "he says she's fine",
        "i hope shes safe",
        "how do i keep her safe",
        "not sure she's safe",
        "she'll be safe if i get there",
        "she's gone",
        "she's gone with him",
        "hes gone with her",
        "he's gone off with her",
        "hes gone after her",
        "she's back with him",
        "she's back at his flat",
        "i need to make sure she is safe",
        "when she's safe i will",
        "she was safe until today",
        "ok",
        "thanks",
        "what if she is safe",
        "is it over",
        "it's not over",
        "it's not a false alarm",
        "this isn't a hypothetical",
        "he took her yesterday",
        "she has been there since yesterday",
        "they have her in the flat",
        "he's got her",
        "he has her",
        "she's not home",
        "she's not back",
        "they've got her",
        "they have got her",
        "they've taken her home",
        "no its happening now",
        "she was fine yesterday",
        "he's back",
        "hes outside",
        "she's with him",
        "they're here",
        "someone has her",
        "he left her there",
        "police have not found her",
        "they haven't found her",
        "she's at home with him",
        "she's home alone with him",
        "he sent it yesterday",
        "she had it last week with her",
        "is it all over",
        # silence is no safety
        "it's stopped now",
        "everything's stopped",
        # who it was may be who does the harm
        "it was her uncle",
        "sorry it was her uncle",
        "turns out it was her uncle",
        "it's just her stepdad hitting her",
        # where she walked to, and with whom they left, is not told
        "she's walked in",
        "they've left with her",
        "they've driven off",
        "she's safe at his mate's",
        "he's safe at his mate's?",
        "he's put the knife down",
        "she's put it down",
        "he's kept her in the flat",
        "she was asleep",
    ],
)
def test_what_is_hoped_asked_denied_or_told_by_others_takes_nothing_back(text: str) -> None:
    assert passed_danger(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "she's safe but he's got her sister",
        "she's safe but he is still outside",
        "shes home but shes taken loads of tablets",
        "she is safe. my other girl is with him",
        "he's gone but she's bleeding",
        "false alarm about the knife but he has a gun",
        "she's with me now and he's kicking the door",
        "hes gone now but she's not breathing properly",
        "she's safe with me but he is coming back",
        "it was yesterday and she is still there",
        "she's safe but her friend is still in there",
        "shes ok but he has taken her brother",
    ],
)
def test_danger_told_beside_it_goes_on(text: str) -> None:
    found = passed_danger(text)
    assert found is None or found.goes_on


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("shes down, she's safe, police have her. do i still refer", "do i still refer"),
        ("he's in custody now. do i need to make a referral", "do i need to make a referral"),
        ("ok shes safe in the office now lets carry on", "lets carry on"),
        ("she's home. what do i write down?", "what do i write down?"),
        ("she's safe now", ""),
    ],
)
def test_what_else_is_said_is_left(text: str, rest: str) -> None:
    found = passed_danger(text)
    assert found is not None
    assert found.rest == rest


@given(st.text(alphabet="abcdehilnostw '.,?!", max_size=500))
def test_whatever_is_said_before_new_danger_does_not_silence_it(text: str) -> None:
    found = passed_danger(f"she's safe. {text}. he has got her sister")
    assert found is None or found.goes_on


@pytest.mark.parametrize("part", ["ok so but ", "she's safe ", "no ", "now and ", "it was all "])
def test_long_runs_of_the_same_words_are_read(part: str) -> None:
    found = passed_danger(part * (1_000 // len(part)) + "x")
    assert found is None or isinstance(found.rest, str)


@pytest.mark.parametrize(
    "text",
    ["he's back", "hes still outside", "she is not safe", "she isn't safe yet", "it's not over",
     "its not a false alarm", "she's gone with him", "no its happening now", "shes with him now"],
)  # fmt: skip
def test_danger_that_goes_on_is_told_from_danger_that_is_over(text: str) -> None:
    assert says_not_passed(text)
    assert passed_danger(text) is None


@pytest.mark.parametrize(
    "text",
    ["she is safe", "is she not safe", "is he back?", "she's back", "he is not on the register",
     "she's with her mum", "he's back in school on monday"],
)  # fmt: skip
def test_what_is_no_danger_does_not_go_on(text: str) -> None:
    assert not says_not_passed(text)


@pytest.mark.parametrize("text", ["she's walked in", "she's just walked in", "he has come in now"])
def test_who_was_looked_for_and_walks_in_is_back(text: str) -> None:
    assert passed_danger(text, looked_for=True) is not None
    assert passed_danger(text) is None


@pytest.mark.parametrize(
    "text", ["she's walked in with him", "she's walked in bleeding", "has she walked in?"]
)
def test_who_walks_in_with_whom_is_feared_is_not_back(text: str) -> None:
    found = passed_danger(text, looked_for=True)
    assert found is None or found.goes_on


def test_a_child_is_looked_for_who_is_away() -> None:
    assert tells_of_one_away("she's been missing since last night")
    assert tells_of_one_away("he hasn't come home and a man is with him")
    assert not tells_of_one_away("she's about to go into a hotel with three men")
    assert not tells_of_one_away("she has gone into his flat")
