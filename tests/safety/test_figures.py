"""How much the watch finds and how often it disturbs, in figures.

The examples are what the watch was made from: that it finds them says nothing about new words. The
phrases in `phrases/`, `hard/` and `blind/` were not learned from, but its thresholds were set on them,
and what it got wrong in them was understood in kind and cured. Those in `fresh/` were written before
they were first measured; nothing is learned from them or set by them, and which of them it gets wrong
was not looked at: they say how it does with what it has never seen. The floors keep it from getting
worse; they are not what is hoped for.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from statistics import median
from time import process_time

import pytest

from bot.guidance.load import guidance_folder
from bot.safety import Alarm, Watch
from bot.safety.words import Safety, read_examples, training_phrases

DANGER = ("immediate_danger", "self_harm")
#: How many examples of a kind are looked at: they are thousands.
LOOKED_AT = 250
Verdict = Callable[[Alarm | None], bool]


def phrases(name: str, folder: str = "phrases") -> list[str]:
    """The phrases of one file."""
    path = Path(__file__).parent / folder / f"{name}.txt"
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def danger(alarm: Alarm | None) -> bool:
    return alarm is not None and alarm.kind in DANGER


def kind(name: str) -> Verdict:
    """The kind itself, or danger, which comes before it."""
    return lambda alarm: alarm is not None and alarm.kind in (name, *DANGER)


VERDICTS: dict[str, Verdict] = {
    "direct": danger,
    "indirect": danger,
    "self_harm": danger,
    "writer_danger": lambda alarm: danger(alarm) and alarm is not None and alarm.about_writer,
    "writer_self_harm": lambda alarm: danger(alarm) and alarm is not None and alarm.about_writer,
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


def share(watch: Watch, told: list[str], good: Verdict, name: str) -> float:
    """Which part of the phrases is judged right; printed with those that are not."""
    wrong = [phrase for phrase in told if not good(watch.look(phrase))]
    found = 1 - len(wrong) / len(told)
    print(f"{name}: {len(told) - len(wrong)} of {len(told)} ({found:.1%})")
    for phrase in wrong:
        print(f"    {phrase}")
    return found


@pytest.mark.parametrize(
    ("name", "at_least_phrases", "at_least"),
    [
        ("direct", 700, 0.99),
        ("indirect", 900, 0.98),
        ("self_harm", 250, 0.98),
        ("child", 450, 0.95),
        ("writer_danger", 80, 0.97),
        ("writer_self_harm", 90, 0.97),
        ("parent", 350, 0.95),
        ("own_thoughts", 140, 0.95),
        ("colleague", 170, 0.95),
        ("ordinary", 2_000, 0.93),
    ],
)
def test_examples_the_watch_was_made_from(
    watch: Watch, name: str, at_least_phrases: int, at_least: float
) -> None:
    group = next(group for group in read_examples(guidance_folder()) if group.name == name)
    lines = group.lines()
    assert len(lines) >= at_least_phrases
    some = list(lines[:: max(1, len(lines) // LOOKED_AT)])
    assert share(watch, some, VERDICTS[name], name) >= at_least


@pytest.mark.parametrize(
    ("folder", "name", "at_least"),
    [
        ("phrases", "direct", 1.0),
        ("phrases", "indirect", 0.95),
        ("phrases", "self_harm", 0.95),
        ("phrases", "child", 0.93),
        ("phrases", "parent", 0.92),
        ("phrases", "own_thoughts", 0.95),
        ("phrases", "colleague", 0.95),
        ("phrases", "ordinary", 0.93),
        ("hard", "direct", 0.96),
        ("hard", "indirect", 0.92),
        ("hard", "child", 0.85),
        ("hard", "parent", 0.80),
        ("hard", "ordinary", 0.96),
    ],
)
def test_phrases_the_thresholds_were_set_on(
    watch: Watch, folder: str, name: str, at_least: float
) -> None:
    told = phrases(name, folder)
    assert share(watch, told, VERDICTS[name], f"{folder} {name}") >= at_least


@pytest.mark.parametrize(
    ("name", "how_many", "at_least"),
    [
        ("direct", 250, 1.0),
        ("indirect", 200, 0.95),
        ("child", 75, 0.97),
        ("parent", 75, 0.97),
        ("ordinary", 490, 0.96),
    ],
)
def test_phrases_that_were_blind_once(
    watch: Watch, name: str, how_many: int, at_least: float
) -> None:
    blind = phrases(name, "blind")
    assert len(blind) >= how_many
    assert share(watch, blind, VERDICTS[name], f"blind {name}") >= at_least


@pytest.mark.parametrize(
    ("names", "how_many", "at_least"),
    [
        (["direct"], 160, 0.98),
        (["indirect"], 160, 0.95),
        (["child", "parent"], 220, 0.95),
        (["ordinary"], 640, 0.98),
    ],
)
def test_phrases_that_nothing_was_changed_for(
    watch: Watch, names: list[str], how_many: int, at_least: float
) -> None:
    # which are wrong is not printed: nobody who changes the watch should know
    right = {
        name: [VERDICTS[name](watch.look(one)) for one in phrases(name, "fresh")] for name in names
    }
    for name, found in right.items():
        print(f"fresh {name}: {sum(found)} of {len(found)} ({sum(found) / len(found):.1%})")
    together = [one for found in right.values() for one in found]
    assert len(together) >= how_many
    assert sum(together) / len(together) >= at_least


@pytest.mark.parametrize(("name", "at_least"), [("direct", 0.90), ("indirect", 0.80)])
def test_danger_is_found_beside_an_ordinary_question(
    watch: Watch, name: str, at_least: float
) -> None:
    beside = cycle(phrases("ordinary", "fresh")[::7])
    told = [
        f"{line.rstrip(' .?!')}. {next(beside)}?" if number % 2 else f"{next(beside)}? {line}"
        for number, line in enumerate(phrases(name, "fresh"))
    ]
    right = sum(danger(watch.look(one)) for one in told)
    opens = sum(danger(watch.look(one)) or watch.near_danger(one) for one in told)
    print(f"fresh {name} beside a question: {right} of {len(told)}; or a line with 999: {opens}")
    assert right / len(told) >= at_least


def test_the_time_a_message_takes(watch: Watch) -> None:
    told = phrases("ordinary", "fresh")[::5]
    with_meaning = [_milliseconds(watch, one) for one in told]
    # a second look has its patterns compiled
    with_meaning = [_milliseconds(watch, one) for one in told]
    meaning, watch._meaning = watch._meaning, None
    try:
        alone = [_milliseconds(watch, one) for one in told]
    finally:
        watch._meaning = meaning
    print(
        f"a message: median {median(with_meaning):.1f} ms, "
        f"of which beside the embedding {median(alone):.1f} ms"
    )
    assert median(alone) <= 20


def _milliseconds(watch: Watch, text: str) -> float:
    """Processor time of a look: others at work on the machine do not count."""
    before = process_time()
    watch.look(text)
    return (process_time() - before) * 1_000


@pytest.mark.parametrize(("name", "at_least"), [("direct", 0.99), ("indirect", 0.95)])
def test_what_raises_no_alarm_still_opens_with_999(
    watch: Watch, name: str, at_least: float
) -> None:
    blind = phrases(name, "blind")
    met = sum(danger(watch.look(one)) or watch.near_danger(one) for one in blind)
    print(f"blind {name}, alarm or a line with 999: {met} of {len(blind)}")
    assert met / len(blind) >= at_least


def test_ordinary_answers_rarely_open_with_999(watch: Watch) -> None:
    blind = phrases("ordinary", "blind")
    disturbed = [one for one in blind if watch.near_danger(one)]
    print(f"blind ordinary, a line with 999: {len(disturbed)} of {len(blind)}")
    assert len(disturbed) / len(blind) <= 0.10


def test_training_phrases_of_other_topics_raise_no_alarm(watch: Watch, safety: Safety) -> None:
    ordinary = [
        phrase
        for intent, phrase in training_phrases(guidance_folder().parent / "nlu")
        if intent not in safety.watch.intents_left_out
    ]
    assert len(ordinary) > 1_000
    assert share(watch, ordinary[::30], VERDICTS["ordinary"], "training phrases") >= 0.98


def test_danger_that_is_asked_about_is_answered(watch: Watch) -> None:
    for phrase in phrases("questions"):
        assert danger(watch.look(phrase)), phrase
