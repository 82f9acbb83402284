"""A message is split into the parts that may each be a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.questions import split_questions


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("who do I ring", ["who do I ring"]),
        ("What is CSE? Who do I ring?", ["What is CSE?", "Who do I ring?"]),
        ("who do I ring and what do I write down", ["who do I ring", "what do I write down"]),
        ("what do I note & how do I keep it", ["what do I note", "how do I keep it"]),
        ("who do I ring, and then what do I write", ["who do I ring", "what do I write"]),
        ("what is the mash, who is in it", ["what is the mash", "who is in it"]),
        ("A girl is missing. What do I do", ["A girl is missing.", "What do I do"]),
        ("who do I ring\nwhat about at night", ["who do I ring", "what about at night"]),
        ("drugs and alcohol as signs", ["drugs and alcohol as signs"]),
        ("tell me about panel. also who is on it", ["tell me about panel.", "who is on it"]),
        (
            "she is in care and has a plan, who do I tell",
            ["she is in care and has a plan", "who do I tell"],
        ),
        ("he is 15 and is still seeing her", ["he is 15 and is still seeing her"]),
        ("find out where and who, not just why", ["find out where and who, not just why"]),
        (
            "do I redo open cases, and the closed ones too?",
            ["do I redo open cases", "and the closed ones too?"],
        ),
        ("what is low and what about medium", ["what is low", "what about medium"]),
        ("is s.47 for low risk", ["is s.47 for low risk"]),
        ("tell me the signs, and the number", ["tell me the signs", "the number"]),
        ("whats the form and the deadline", ["whats the form", "the deadline"]),
        ("models, the signs and the number", ["models", "the signs", "the number"]),
        ("who chairs it and the number", ["who chairs it", "the number"]),
        ("the number and the one for luton", ["the number", "the one for luton"]),
        (
            "do i write down the name and the number",
            ["do i write down the name and the number"],
        ),
        ("signs + helplines", ["signs", "helplines"]),
        ("need a number plus how to refer", ["need a number", "how to refer"]),
        ("what form and by when do i send it", ["what form", "by when do i send it"]),
        ("they have 15 days… how long have we", ["they have 15 days…", "how long have we"]),
        ("17, he's 35. offence? who do i ring", ["17, he's 35.", "offence?", "who do i ring"]),
        ("he has her name and the number of a flat", ["he has her name and the number of a flat"]),
        ("signs of drugs and drink", ["signs of drugs and drink"]),
    ],
)
def test_where_a_message_is_parted(text: str, parts: list[str]) -> None:
    assert [part.text for part in split_questions(text)] == parts


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("who do I ring", True),
        ("so what do I do", True),
        ("a 14 year old, is that CSE?", True),
        ("explain the three models", True),
        ("sarah's law - how do I apply", True),
        ("if they're over 16 and say yes is it any of our business", True),
        ("after the first meeting how often do we meet again", True),
        ("minutes by when", True),
        ("high risk what happens straight away", True),
        ("out of hours number here please", True),
        ("the signs", True),
        ("his number is in my phone", False),
        ("i know what happens", False),
        ("we have done all that they can", False),
        ("she has new gifts", False),
        ("she is in care and has a plan", False),
        ("thanks for that", False),
    ],
)
def test_whether_a_part_asks(text: str, asks: bool) -> None:
    assert any(part.asks for part in split_questions(text)) is asks


@pytest.mark.parametrize("text", ["", "   ", "ok", "?!", "\n\n", "…", "right?", "offence"])
def test_a_word_alone_is_no_part(text: str) -> None:
    assert split_questions(text) == []


def test_how_many_words_and_parts_count_can_be_said() -> None:
    text = "Why? What is CSE? Who do I ring? What is a MASH? Who is in it? What is missing?"
    assert len(split_questions(text)) == 4
    assert len(split_questions(text, most=2)) == 2
    assert split_questions(text, fewest_words=1)[0].text == "Why?"


messages = st.text() | st.lists(
    st.sampled_from(
        ["who do I ring", "and", "what is CSE", "?", "!", ".", ",", "\n", " ", "also", "s.47", "&",
         "she is 14", "n", "e.g.", "how", "’", "é"]
    )
).map(" ".join)  # fmt: skip


@given(text=messages, fewest=st.integers(0, 4), most=st.integers(0, 8))
def test_parts_stand_in_the_message_in_order_and_never_overlap(
    text: str, fewest: int, most: int
) -> None:
    parts = split_questions(text, fewest, most)
    assert len(parts) <= most
    reached = 0
    for part in parts:
        assert text[part.start : part.end] == part.text
        assert part.text == part.text.strip()
        assert part.start >= reached
        reached = part.end


@pytest.mark.parametrize(
    "text",
    [
        "Her boyfriend is there with her most nights.",
        "the thing is she won't talk",
        "my worry is that she is 13",
        "all they do is shut the door",
    ],
)
def test_what_is_told_asks_nothing(text: str) -> None:
    assert [part.asks for part in split_questions(text)] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "if she says yes is it still a crime",
        "he's back, is there any form",
        "she's 15 can I tell her mum",
    ],
)
def test_a_question_at_the_end_of_a_telling_asks(text: str) -> None:
    assert split_questions(text)[-1].asks


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("what's done at low and can a 9 year old be low", 2),
        ("when does the panel sit and who's on it", 2),
        ("she carries a knife and can be violent", 1),
        ("he is 14 and has a social worker", 1),
    ],
)
def test_a_question_may_begin_with_can_a_or_whos_on(text: str, parts: int) -> None:
    assert len(split_questions(text)) == parts
