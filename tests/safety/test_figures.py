"""How much the watch finds and how often it disturbs, in figures.

The examples in `safety.yml` are what the watch was made from: on them it must be all but perfect,
and that says nothing about new words. The phrases in `phrases/` were written afterwards and nothing
was changed for them: they say how it does with words that it has not seen. Their floors keep it from
getting worse; they are not what is hoped for.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.guidance.load import guidance_folder
from bot.safety import Alarm, Watch
from bot.safety.words import Safety, training_phrases

DANGER = ("immediate_danger", "self_harm")
PHRASES = Path(__file__).parent / "phrases"
Verdict = Callable[[Alarm | None], bool]


def held_out(name: str) -> list[str]:
    """The phrases of one file, written after the phrasings and examples."""
    lines = (PHRASES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip()]


def danger(alarm: Alarm | None) -> bool:
    return alarm is not None and alarm.kind in DANGER


def kind(name: str) -> Verdict:
    """The kind itself, or danger, which comes before it."""
    return lambda alarm: alarm is not None and alarm.kind in (name, *DANGER)


VERDICTS: dict[str, Verdict] = {
    "direct": danger,
    "indirect": danger,
    "self_harm": danger,
    # danger answers a child only with the words for a child
    "child": lambda alarm: (
        alarm is not None
        and (alarm.kind == "child_writing" or (alarm.kind in DANGER and alarm.about_writer))
    ),
    "own_thoughts": kind("own_thoughts"),
    "colleague": kind("colleague_allegation"),
    "parent": kind("parent_or_public"),
    "ordinary": lambda alarm: alarm is None,
}


def share(watch: Watch, phrases: list[str], good: Verdict, name: str) -> float:
    """Which part of the phrases is judged right; printed with those that are not."""
    wrong = [phrase for phrase in phrases if not good(watch.look(phrase))]
    found = 1 - len(wrong) / len(phrases)
    print(f"{name}: {len(phrases) - len(wrong)} of {len(phrases)} ({found:.1%})")
    for phrase in wrong:
        print(f"    {phrase}")
    return found


@pytest.mark.parametrize(
    ("name", "at_least_phrases", "at_least"),
    [
        ("direct", 250, 1.0),
        ("indirect", 200, 0.95),
        ("self_harm", 150, 0.95),
        ("child", 150, 0.95),
        ("parent", 150, 0.95),
        ("own_thoughts", 80, 0.95),
        ("colleague", 80, 0.95),
        ("ordinary", 500, 0.98),
    ],
)
def test_examples_the_watch_was_made_from(
    watch: Watch, safety: Safety, name: str, at_least_phrases: int, at_least: float
) -> None:
    group = next(group for group in safety.watch.examples if group.name == name)
    phrases = list(group.lines())
    assert len(phrases) >= at_least_phrases
    assert share(watch, phrases, VERDICTS[name], name) >= at_least


@pytest.mark.parametrize(
    ("name", "at_least"),
    [
        ("direct", 0.90),
        ("indirect", 0.75),
        ("self_harm", 0.75),
        ("child", 0.70),
        ("parent", 0.90),
        ("own_thoughts", 0.90),
        ("colleague", 0.90),
        ("ordinary", 0.92),
    ],
)
def test_phrases_written_afterwards(watch: Watch, name: str, at_least: float) -> None:
    assert share(watch, held_out(name), VERDICTS[name], f"new {name}") >= at_least


@pytest.mark.parametrize(
    ("name", "at_least"), [("direct", 0.95), ("indirect", 0.95), ("self_harm", 0.90)]
)
def test_what_raises_no_alarm_still_opens_with_999(
    watch: Watch, name: str, at_least: float
) -> None:
    phrases = held_out(name)
    met = sum(danger(watch.look(one)) or watch.near_danger(one) for one in phrases)
    print(f"new {name}, alarm or a line with 999: {met} of {len(phrases)}")
    assert met / len(phrases) >= at_least


def test_ordinary_answers_rarely_open_with_999(watch: Watch) -> None:
    phrases = held_out("ordinary")
    disturbed = [one for one in phrases if watch.near_danger(one)]
    print(f"new ordinary, a line with 999: {len(disturbed)} of {len(phrases)}")
    assert len(disturbed) / len(phrases) <= 0.10


def test_training_phrases_of_other_topics_raise_no_alarm(watch: Watch) -> None:
    alarms = ("ask/immediate_danger", "ask/parents_support", "ask/gap_allegation_staff")
    phrases = [
        phrase
        for intent, phrase in training_phrases(guidance_folder().parent / "nlu")
        if intent not in alarms
    ]
    assert len(phrases) > 1_000
    assert share(watch, phrases, VERDICTS["ordinary"], "training phrases") >= 0.99


def test_danger_that_is_asked_about_is_answered(watch: Watch) -> None:
    for phrase in held_out("questions"):
        assert danger(watch.look(phrase)), phrase
