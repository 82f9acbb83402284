"""The 184 questions of practice, asked in wordings that no training example holds."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.guidance import load_guidance
from bot.serving.engine import Engine

DATA = Path(__file__).parent / "data"


def questions() -> list[dict[str, Any]]:
    """Every row with its wordings, its key facts, and what must not be said."""
    return [
        row
        for name in ("questions_1.yml", "questions_2.yml")
        for row in yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    ]


#: Sets of the same questions in wordings written later: what the figures on them led to is said.
FRESH = {
    "questions_3.yml": "written later; their first results led to two changes and more phrases",
    "questions_4.yml": "written last, after every training phrase",
    "questions_5.yml": "one of each question, the hardest that somebody else could think of",
    "questions_6.yml": "two of each question, by somebody who had seen nothing but the documents",
}


def fresh_questions(name: str) -> list[dict[str, Any]]:
    """The same rows in other wordings.

    Of each pair the first is plain and the second is hard on purpose: a story, clipped, misspelt.
    What stands alone is hard.
    """
    known = {(row["row"], row["title"]): row for row in questions()}
    fresh = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return [known[one["row"], one["entry"]] | {"wordings": one["wordings"]} for one in fresh]


def holds_all_facts(row: dict[str, Any], text: str) -> bool:
    return all(re.search(fact, text, re.I | re.S) for fact in row["facts"])


#: Seconds of the processor that turns took.
TOOK: list[float] = []
#: What was answered to a text in an area: each is asked once, in a conversation of its own.
ASKED: dict[tuple[str, str | None], str] = {}


async def answered(engine: Engine, text: str, area: str | None, name: str) -> str:
    if (text, area) not in ASKED:
        # of the processor, not of the clock: other programs may run beside this
        began = time.process_time()
        said = await engine.turn(f"question-{name}", text=text, area=area, channel="test")
        TOOK.append(time.process_time() - began)
        ASKED[text, area] = "\n".join(one.text for one in said)
    return ASKED[text, area]


def test_every_question_of_practice_is_asked_in_at_least_four_wordings() -> None:
    rows: dict[int, int] = {}
    for row in questions():
        rows[row["row"]] = rows.get(row["row"], 0) + len(row["wordings"])
    assert sorted(rows) == list(range(1, 185))
    assert min(rows.values()) >= 4


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def test_no_wording_is_a_training_phrase() -> None:
    trained = {
        plain(line.strip()[2:])
        for path in (Path(__file__).parents[1] / "data" / "nlu").rglob("*.yml")
        for part in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in part.get("examples", "").splitlines()
        if line.strip().startswith("- ")
    }
    everything = [*questions(), *(row for name in FRESH for row in fresh_questions(name))]
    held = [one["text"] for row in everything for one in row["wordings"]]
    held += [gap["text"] for gap in yaml.safe_load((DATA / "gaps.yml").read_text("utf-8"))]
    held += (DATA / "out_of_scope.txt").read_text("utf-8").splitlines()
    assert [text for text in held if text and plain(text) in trained] == []


async def test_nearly_every_wording_gets_an_answer_with_all_its_key_facts(engine: Engine) -> None:
    asked = held = 0
    wrong = []
    for number, row in enumerate(questions()):
        for at, wording in enumerate(row["wordings"]):
            text = await answered(engine, wording["text"], wording["area"], f"{number}-{at}")
            asked += 1
            held += holds_all_facts(row, text)
            if not holds_all_facts(row, text):
                wrong.append(f"{row['row']} ({wording['area']}) {wording['text']}")
    print(f"\n{held} of {asked} wordings ({held / asked:.1%}) answered with all key facts")
    print("\n".join(wrong))
    turns = sorted(TOOK)
    median, slow = turns[len(turns) // 2], turns[len(turns) * 95 // 100]
    print(f"a turn: median {median * 1000:.0f} ms, 95th percentile {slow * 1000:.0f} ms")
    # on any machine: most turns cost about the same, whatever is asked
    assert slow / median < 10
    assert held / asked >= 0.95


@pytest.mark.parametrize("name", FRESH)
async def test_wordings_written_later_are_answered_too(engine: Engine, name: str) -> None:
    held: dict[str, list[bool]] = {"plain": [], "hard": []}
    for number, row in enumerate(fresh_questions(name)):
        for at, wording in enumerate(row["wordings"]):
            text = await answered(engine, wording["text"], wording["area"], f"{name}{number}-{at}")
            # the last of each row is the hard one
            kind = "hard" if at == len(row["wordings"]) - 1 else "plain"
            held[kind].append(holds_all_facts(row, text))
    shares = {kind: sum(right) / len(right) for kind, right in held.items() if right}
    print(
        f"\n{name} ({FRESH[name]}): all key facts in "
        + ", ".join(f"{share:.1%} {kind}" for kind, share in shares.items())
    )
    assert shares.get("plain", 1.0) >= 0.9
    assert shares["hard"] >= 0.78


async def test_no_wording_is_answered_with_another_areas_number(engine: Engine) -> None:
    guidance = load_guidance()
    leaks = []
    for number, row in enumerate(questions()):
        for at, wording in enumerate(row["wordings"]):
            named = [
                one["value"]
                for one in engine.understand(wording["text"])["entities"]
                if one["entity"] == "area"
            ]
            areas = set(named) or {wording["area"]}
            if areas == {None}:
                continue
            text = await answered(engine, wording["text"], wording["area"], f"n{number}-{at}")
            leaks += [
                f"{wording['text']}: {contact.id}"
                for contact in guidance.contacts.values()
                if contact.areas and contact.number and not areas & set(contact.areas)
                if contact.number in text
            ]
    assert leaks == []


async def test_what_is_out_of_scope_is_refused(engine: Engine) -> None:
    lines = [
        line
        for line in (DATA / "out_of_scope.txt").read_text(encoding="utf-8").splitlines()
        if line
    ]
    answers = []
    for line in lines:
        said = await engine.turn(f"outside-{line}", text=line, channel="test")
        if any(
            (one.reply or {}).get("kind") in ("answer", "not_in_source", "route") for one in said
        ):
            answers.append(line)
    refused = 1 - len(answers) / len(lines)
    print(f"\n{refused:.1%} of {len(lines)} lines out of scope refused; answered: {answers}")
    assert refused >= 0.9


@pytest.mark.parametrize(
    "gap",
    yaml.safe_load((DATA / "gaps.yml").read_text(encoding="utf-8")),
    ids=lambda gap: gap["text"][:60],
)
def test_the_gaps_are_asked_about(gap: dict[str, Any]) -> None:
    assert gap["must"]
    assert all(re.compile(pattern) for pattern in gap["must"])


async def test_what_the_sources_cannot_answer_gets_an_honest_answer(engine: Engine) -> None:
    gaps = yaml.safe_load((DATA / "gaps.yml").read_text(encoding="utf-8"))
    wrong = []
    for number, gap in enumerate(gaps):
        text = await answered(engine, gap["text"], gap["area"], f"gap-{number}")
        if not all(re.search(pattern, text, re.I) for pattern in gap["must"]):
            wrong.append(gap["text"])
    print(f"\n{len(gaps) - len(wrong)} of {len(gaps)} gaps answered honestly; not: {wrong}")
    assert len(wrong) / len(gaps) <= 0.08
