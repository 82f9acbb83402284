"""Who says that nobody is in danger asks about something else."""

from __future__ import annotations

import pytest

from bot.serving.denied_danger import without_denied_danger


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("it's not an emergency i think, she does this a lot", "she does this a lot"),
        ("she isn't in danger, just want advice", "want advice"),
        ("I don't think she's in danger, who do I tell", "who do I tell"),
        ("there is no danger right now, what form is it", "what form is it"),
        ("its not urgent, who do I ring", "who do I ring"),
        ("i said she isn't in danger", ""),
        ("nobody's in danger", ""),
        ("no one is in danger", ""),
        ("shes not in danger", ""),
        ("they are not in immediate danger at the moment", ""),
        ("not in danger", ""),
    ],
)
def test_what_is_said_beside_it_is_left(text: str, rest: str) -> None:
    assert without_denied_danger(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "is she in danger",
        "she's in danger",
        "isn't she in danger",
        "she's not in danger?",
        "she's not in danger, is she",
        "what if she isn't in danger",
        "when is it not an emergency",
        "not sure if she's in danger",
        "mum says she isn't in danger",
        "he says it's not dangerous",
        "she does not see that she is in danger",
        "what do i do when a child is in danger",
    ],
)
def test_danger_that_is_asked_about_or_doubted_is_not_denied(text: str) -> None:
    assert without_denied_danger(text) is None
