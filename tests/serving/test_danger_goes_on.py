"""What is told of danger that goes on: no contact, no help, no way to speak; and an adult in it."""

from __future__ import annotations

import pytest

from bot.serving.danger_goes_on import goes_on, is_adult


@pytest.mark.parametrize(
    "text",
    [
        "line's gone dead", "phone's cut off", "we got cut off", "the call dropped, what do i do?",
        "she's gone quiet now", "it's gone silent", "it's all gone quiet in there", "silence now",
        "there's no sound from next door", "I can't hear anything now", "her phone's off now",
        "no reply for 10 minutes", "she hasn't replied for 20 mins", "nothing from her for an hour",
        "she's stopped replying", "i can't get through to her anymore", "I've lost contact with her",
        "he's not answering his phone", "she hung up", "it's stopped now",
        "the screaming has stopped", "the shouting's stopped", "she's gone offline",
    ],
)  # fmt: skip
def test_contact_that_is_lost_is_no_safety(text: str) -> None:
    assert goes_on(text) == "contact_lost"


@pytest.mark.parametrize(
    "text",
    [
        "the police said it's not a priority", "police say they've no one to send",
        "I've rung, nobody came", "rang 999 but no one has turned up", "police won't come",
        "they said there are no cars available", "they told me to ring 101",
        "the operator said it's not urgent", "still waiting for the police", "nobody's come yet",
        "police didn't take it seriously", "they said it could be hours", "the phone's ringing out",
    ],
)  # fmt: skip
def test_help_that_does_not_come_is_asked_for_again(text: str) -> None:
    assert goes_on(text) == "nobody_comes"


@pytest.mark.parametrize(
    "text",
    [
        "i can't talk, he will hear me", "i cant speak out loud", "I can't make a noise",
        "I can't ring, I'm in the room with her", "he'll hear me if I ring", "they might hear me",
        "I can't call, they're right next to me", "can i text 999 instead?",
        "is there a way to ring without him hearing", "I have to be quiet", "I daren't speak",
        "I can't ring in front of him", "he's listening", "they're right next to me",
    ],
)  # fmt: skip
def test_who_cannot_speak_is_understood(text: str) -> None:
    assert goes_on(text) == "cannot_speak"


@pytest.mark.parametrize(
    "text",
    ["i can't ring, no signal, only wifi", "no signal here", "my phone's dead", "only got wifi",
     "my battery's about to die", "I've got no credit", "I don't have a phone on me",
     "we have no reception", "can't get a signal"],
)  # fmt: skip
def test_who_has_no_telephone_that_works_is_understood(text: str) -> None:
    assert goes_on(text) == "no_signal"


@pytest.mark.parametrize(
    "text",
    [
        "what are the signs", "who do I ring", "I've rung 999", "police are here",
        "the police said they are on the way", "they said 5 minutes", "she's with me now",
        "she can't talk about it", "I can't speak to her parents about it",
        "I can't talk to her about sex", "can I text her mum", "what if she stops replying",
        "what do I do when she goes quiet?", "she is quiet in lessons, is that a sign",
        "the social worker is not answering", "no answer from MASH", "no reply from the social worker",
        "nobody came to the strategy meeting", "police never came to the conference",
        "she has two phones", "does the child have a right to be heard", "no contact order",
        "the police said to ring social care", "wifi safety for children", "my line manager is off", "she is listening to music, is that a sign",
    ],
)  # fmt: skip
def test_what_has_nothing_to_do_with_the_danger_is_not_taken_for_it(text: str) -> None:
    assert goes_on(text) is None


@pytest.mark.parametrize(
    "text",
    ["she's 19 actually", "she's 18", "she is 20 actually", "sorry, she's 21", "shes 19 tho",
     "actually she's an adult", "he's 18 now", "she turned 18 last week", "she is over 18",
     "it's a 19 year old woman", "she's 18, does that matter?", "she's not a child she's 23"],
)  # fmt: skip
def test_who_is_an_adult_is_understood(text: str) -> None:
    assert is_adult(text)


@pytest.mark.parametrize(
    "text",
    ["she's nearly 18", "she's 18 next week", "she'll be 18 in march", "she's 17", "she's 14",
     "she's 18 months old", "18 months ago", "she's with a 19 year old", "what about adults",
     "he's an adult man with a knife", "he is 45 and she is 13", "she's 14 and he's 19"],
)  # fmt: skip
def test_a_child_and_an_adult_beside_one_are_no_adult_in_danger(text: str) -> None:
    assert not is_adult(text)


@pytest.mark.parametrize(
    "part", ["she's gone ", "no ", "and just now ", "i can't ", "police said "]
)
def test_long_runs_of_the_same_words_are_read(part: str) -> None:
    long = part * (1_000 // len(part)) + "x"
    assert goes_on(long) in (None, "contact_lost", "nobody_comes", "cannot_speak", "no_signal")
    assert not is_adult(long)
