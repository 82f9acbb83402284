"""Whether anyone is in danger now, answered in plain words: safe, and not safe."""

from __future__ import annotations

import json

import pytest

from bot.screening.reading import Read

from .test_dialogue import begun, read

NO = Read("screening_answer", {"question": "immediate_danger", "answer": json.dumps("no")})


@pytest.mark.parametrize(
    "text",
    ["nope no danger", "no shes in her room", "not right now", "safe", "she's safe", "shes safe",
     "he is safe at school", "no danger", "no immediate danger", "not in danger right now",
     "no, he's at home with his mum", "nah not at the moment", "they're both safe for now",
     "safe and well", "no she is asleep", "everyone's safe", "no one", "nobody is in danger",
     "no theyre in class", "she's fine", "the child is safe with us"],
)  # fmt: skip
def test_safe_is_a_no_to_danger(text: str) -> None:
    for side_question in (False, True):
        assert read(begun(), text, side_question) == NO


@pytest.mark.parametrize(
    "text",
    ["not safe", "she's not safe", "she isn't safe", "no shes not safe", "unsafe", "hardly safe",
     "never safe with him", "I don't think she's safe", "dont think shes safe", "is she safe?",
     "not sure she's safe", "no idea where she is", "no, she's with him", "no shes missing",
     "no but he's on his way", "make sure she is safe", "far from safe", "nobody knows where she is",
     "she'll be safe tomorrow", "no he isnt ok", "keep her safe", "not fine", "ok"],
)  # fmt: skip
def test_what_leaves_doubt_is_no_no(text: str) -> None:
    for side_question in (False, True):
        assert read(begun(), text, side_question) != NO


def test_a_no_that_tells_of_danger_names_999_and_asks_again() -> None:
    said = read(begun(), "no, she's with him now")
    assert said is not None
    assert "999" in said.entities["explanation"]
