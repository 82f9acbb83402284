"""A call that was made is told apart from one that was not, and from what else is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.serving.ringing import after_ringing, call_failed, not_rung, says_done


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("i've rung 999 they are on the way", ""),
        ("I've rung 999", ""),
        ("ok police are coming", ""),
        ("done, rung them", ""),
        ("my manager has rung 999", ""),
        ("they've called an ambulance", ""),
        ("on the phone to 999 now", ""),
        ("spoke to the police they're sending someone", ""),
        ("I rang 999, they said 5 minutes", ""),
        ("the police said they're coming", ""),
        ("police said theyll be 10 mins", ""),
        ("ambulance has been called", ""),
        ("police called", ""),
        ("999 done", ""),
        ("call made", ""),
        ("ok ive made the call", ""),
        ("called it in", ""),
        ("police have been", ""),
        ("police are on it, what do i do next", "what do i do next"),
        ("police have arrived", ""),
        ("police are there now", ""),
        ("police officers are with her now", ""),
        ("the ambulance is outside", ""),
        ("ambulance is here. what else do i need to do", "what else do i need to do"),
        ("rang 999 they are on the way what else should i do", "what else should i do"),
        ("i rang 999 and now he's stabbed her", "he's stabbed her"),
        ("the police are on their way and hes hitting her", "hes hitting her"),
        (
            "police are coming but he is dragging her into the car",
            "but he is dragging her into the car",
        ),
        ("i rang 999 but they are outside now", "but they are outside now"),
        # whoever comes up the stairs is not the police: the watch sees all of it
        ("rang 999. someone is coming up the stairs", "someone is coming up the stairs"),
        (
            "I rang 999, they're coming through the door now",
            "they're coming through the door now",
        ),
        ("ive rung the police, someone is coming with a knife", "someone is coming with a knife"),
    ],
)
def test_that_999_was_rung_is_told_apart_from_what_else_is_said(text: str, rest: str) -> None:
    assert after_ringing(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "they are on the way",
        "should i have rung 999",
        "i should have called the police",
        "I would have called the police",
        "I could have rung 999",
        "I'd have rung 999",
        "someone must have called the police",
        "I will have rung the police by then",
        "i havent rung 999",
        "shall i ring 999",
        "has anyone called the police",
        "who called the police",
        "we need the police on scene",
        "is the ambulance coming",
        "police wont come",
        "i rang 999 and they hung up",
        "the police were called but did not come",
        "he says he'll kill her if the police are called",
        "I told the police last week",
        "he told police that she was 18",
        "what are the signs",
    ],
)
def test_a_call_that_was_not_made_is_none(text: str) -> None:
    assert after_ringing(text) is None


@pytest.mark.parametrize(
    ("text", "spoken_of"),
    [
        ("i would have rung 999", True),
        ("not rung yet", True),
        ("i havent called", True),
        ("999 has been rung: go on", False),
        ("rung", False),
        ("done", False),
        ("go on", False),
    ],
)
def test_a_call_that_is_only_spoken_of_is_not_made(text: str, spoken_of: bool) -> None:
    assert not_rung(text) == spoken_of


@pytest.mark.parametrize(
    "text",
    [
        "the police here are useless",
        "police officers here say ring MASH",
        "police were informed at the last strategy meeting, what happens next",
        "the police have been told about the CSE risk, who else do I tell",
        "police were there last time she went missing",
        "police arrived last time and did nothing",
        "the police told me to wait for the MASH",
        "police are coming to the meeting on monday",
        "police are attending the strategy meeting",
    ],
)
def test_ordinary_talk_of_the_police_is_no_call(text: str) -> None:
    assert after_ringing(text) is None
    assert not call_failed(text)


@pytest.mark.parametrize(
    "text",
    [
        "I rang 999 but got voicemail",
        "rang 999, line is busy",
        "the line is busy",
        "I rang 999 but they put me on hold",
        "put me on hold",
        "they hung up",
        "i rang 999 and they hung up",
        "Ambulance was sent away",
        "police wont come",
        "rang 999 and nobody is answering",
        "ive no signal",
    ],
)
def test_a_call_that_nobody_took_has_failed(text: str) -> None:
    assert after_ringing(text) is None
    assert call_failed(text)


@pytest.mark.parametrize(
    "text",
    [
        "her phone is engaged",
        "the line at the council is busy, who else can I ring",
        "the mash is not answering",
        "the police did not come to the meeting",
        "police did not come last time",
        "can the police refuse to attend",
        "the police have just left, what do I write up",
        "parents refuse consent to the referral",
        "my call dropped, the number again?",
        "some bloke keeps ringing my daughter",
        "you didn't answer my question",
        "I'm dead busy",
        "i've rung 999 they are on the way",
    ],
)
def test_others_who_cannot_be_reached_are_no_failed_call(text: str) -> None:
    assert not call_failed(text)


@pytest.mark.parametrize("text", ["done", "yes done", "i've done that", "yes i have", "did it now"])
def test_done_says_no_more_than_that(text: str) -> None:
    assert says_done(text)


@pytest.mark.parametrize(
    "text",
    ["not done", "have i done that", "i have a question", "done with this", "i have?", "i did not",
     "he has done that before", "have police been", "police have been useless"],
)  # fmt: skip
def test_what_is_not_done_is_not(text: str) -> None:
    assert not says_done(text)
    assert after_ringing(text) is None


@given(st.text(alphabet="rang 999 police they're coming but, so on hold.\n?", max_size=200))
def test_any_text_is_read(text: str) -> None:
    rest = after_ringing(text)
    assert rest is None or len(rest) <= 2 * len(text)
    call_failed(text)
