"""What a message raises."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guidance.files import GuidanceError
from bot.guidance.load import guidance_folder
from bot.safety import KINDS, Alarm, Watch


def raised(watch: Watch, text: str) -> Alarm:
    alarm = watch.look(text)
    assert alarm is not None, text
    return alarm


def test_danger_comes_before_everything_else(watch: Watch) -> None:
    child = raised(watch, "im 14 and my boyfriend makes me. he wont let me leave his flat")
    assert (child.kind, child.about_writer) == ("immediate_danger", True)
    parent = raised(watch, "my daughter is 13. she's locked in his flat and can't get out")
    assert (parent.kind, parent.about_writer) == ("immediate_danger", False)


def test_danger_is_found_among_other_sentences(watch: Watch) -> None:
    text = "Hi, I'm a foster carer in Luton. I wanted to ask about levels. He's got her in the car now."
    assert raised(watch, text).kind == "immediate_danger"


@pytest.mark.parametrize(
    "text",
    [
        "He’s got her in the car NOW!!!",
        "hes got her in the car now",
        "he's got her in the car noooow",
        "HE'S GOT HER IN THE CAR NOW",
        "  he's   got her\nin the car now  ",
    ],
)
def test_typing_makes_no_difference(watch: Watch, text: str) -> None:
    assert raised(watch, text).kind == "immediate_danger"


@pytest.mark.parametrize(
    ("now", "not_now"),
    [
        ("he is threatening to kill her", "he threatened her last year"),
        ("she's locked in his flat", "she was locked in a flat two years ago"),
        ("they're moving her tonight", "what are the signs a child is being moved around?"),
        ("she's in a hotel with two men", "is a hotel a warning sign"),
        ("she's missing and he's got her", "child went missing last month, do I need to tell anyone"),
        ("she's going to kill herself", "is self-harming a sign"),
        ("she's gone to meet him tonight and she's only 13", "she is 12 and has a 20 year old boyfriend what do I do"),
    ],
)  # fmt: skip
def test_the_same_words_on_an_ordinary_day(watch: Watch, now: str, not_now: str) -> None:
    assert raised(watch, now).kind in ("immediate_danger", "self_harm")
    assert watch.look(not_now) is None


def test_a_question_about_danger_is_told_from_danger(watch: Watch) -> None:
    assert raised(watch, "what do I do if a child is in immediate danger?").question
    assert not raised(watch, "a child is in immediate danger, what do I do").question


def test_a_foster_carer_is_neither_parent_nor_child(watch: Watch) -> None:
    assert watch.look("foster carer here, my foster child is 14 and has a new phone") is None
    assert raised(watch, "my daughter is 14 and has a man's number").kind == "parent_or_public"


def test_a_practitioner_in_danger_words_is_not_taken_for_the_child(watch: Watch) -> None:
    alarm = raised(watch, "I'm a teacher. I can't get out, he's outside my house with a knife")
    assert alarm.kind == "immediate_danger"
    assert not alarm.about_writer


def test_an_alarm_never_holds_what_was_typed(watch: Watch) -> None:
    alarm = raised(watch, "he's got Xanthippe in the car now")
    assert "xanthippe" not in repr(alarm).lower()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=1_500))
def test_any_text_can_be_looked_at(text: str) -> None:
    watch = _watch()
    alarm = watch.look(text)
    assert alarm is None or alarm.kind in KINDS
    assert watch.look(text) == alarm
    watch.near_danger(text)


_made: list[Watch] = []


def _watch() -> Watch:
    if not _made:
        _made.append(Watch())
    return _made[0]


def test_a_fault_in_the_words_names_its_line(tmp_path: Path) -> None:
    words = (guidance_folder() / "safety.yml").read_text(encoding="utf-8")
    line = next(
        number
        for number, text in enumerate(words.splitlines(), 1)
        if '"hostage"' in text and text.lstrip().startswith("-")
    )
    broken = words.replace('- "hostage"', '- "{no_such_list} hostage"', 1)
    (tmp_path / "safety.yml").write_text(broken, encoding="utf-8")
    with pytest.raises(GuidanceError) as error:
        Watch(tmp_path)
    assert f"line {line}" in str(error.value)
    assert "no_such_list" in str(error.value)
