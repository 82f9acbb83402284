"""Random walks through the screening: it ends with exactly the answers that were given."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.screening import load_questionnaire, replay
from bot.screening.dialogue import Session, none_of
from bot.screening.models import UNKNOWN, Question
from bot.serving.engine import Engine, Said
from bot.store.database import open_database
from bot.store.migrations import migrate
from bot.store.trackers import SqlTrackers
from tests.sizes import size

WALKS = size(500, 60)
#: Turns after which a walk has to have come to its end.
LONGEST = 120
QUESTIONNAIRE = load_questionnaire()
ASIDES = ("what is the definition of CSE?", "who do I ring?", "thanks", "how many more?", "why?")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that every walk of the module shares."""
    where = f"sqlite:///{tmp_path_factory.mktemp('walks')}/waymark.db"
    database = open_database(where)
    migrate(database.engine)
    database.close()
    return where


@pytest.fixture(scope="module")
def walking(model: Path, url: str) -> Engine:
    """An engine on that database."""
    return Engine.load(model, SqlTrackers(open_database(url)))


def an_answer(question: Question, chance: random.Random) -> Any:
    """Any answer that lets the screening go on."""
    if question.kind != "checklist":
        options = [
            one.id for one in question.options if one.id not in ("18_or_over", "not_professional")
        ]
        return chance.choice(options)
    states = [one.id for one in question.scale_states.states]
    return {one.id: chance.choice(states) for one in question.items if chance.random() < 0.5}


def kept(value: Any) -> Any:
    """An answer as it is kept: a line that is not known is left out."""
    if not isinstance(value, dict):
        return value
    return {name: state for name, state in value.items() if state != UNKNOWN}


class Walk:
    """One conversation, and what its person has answered so far."""

    def __init__(self, engine: Engine, name: str, chance: random.Random) -> None:
        self.engine = engine
        self.name = name
        self.chance = chance
        self.answers: dict[str, Any] = {}
        self.silent = 0

    async def say(self, text: str) -> list[Said]:
        return self._heard(await self.engine.turn(self.name, text=text, channel="test"))

    async def press(self, intent: str, **entities: str) -> list[Said]:
        payload = f"/{intent}{json.dumps(entities)}"
        return self._heard(await self.engine.turn(self.name, payload=payload, channel="test"))

    def _heard(self, said: Sequence[Said]) -> list[Said]:
        self.silent += not any(one.text.strip() for one in said)
        self.silent += any((one.reply or {}).get("kind") == "safe_message" for one in said)
        return list(said)

    @property
    def waiting(self) -> Question | None:
        """The question that has to be asked now, by the rules alone."""
        question = replay(QUESTIONNAIRE, self.answers).current
        return None if question is None or question.stops else question

    async def answer(self, question: Question, value: Any) -> list[Said]:
        given = value if isinstance(value, str) else json.dumps(value)
        said = await self.press("screening_answer", question=question.id, answer=given)
        self.answers = replay(QUESTIONNAIRE, {**self.answers, question.id: kept(value)}).answers
        return said

    async def step(self, url: str) -> None:
        """One thing that a person does: answer, or go back, change, ask, tap twice, come back."""
        question = self.waiting
        assert question is not None
        done = replay(QUESTIONNAIRE, self.answers).path
        order = list(QUESTIONNAIRE.by_id)
        before = [one for one in done if order.index(one.id) < order.index(question.id)]
        what = self.chance.choices(
            ["answer", "none", "skip", "back", "change", "aside", "twice", "restart", "stop"],
            [60, 5, 5, 6, 6, 8, 5, 3, 2],
        )[0]
        if what == "back" and before:
            # from what is asked, which may be an earlier question than the one answered last
            await self.say("back")
            del self.answers[before[-1].id]
        elif what == "change" and done:
            changed = self.chance.choice(done)
            value = an_answer(changed, self.chance)
            moved = changed.id == "area" and value != self.answers["area"]
            await self.press("screening_change", question=changed.id)
            await self.answer(changed, value)
            if moved and "open_to" in self.answers:
                # which plans there are is asked again for another area; they stay as they were
                await self.say("back")
        elif what == "aside":
            await self.say(self.chance.choice(ASIDES))
        elif what == "restart":
            self.engine.use_trackers(SqlTrackers(open_database(url)))
        elif what == "stop":
            await self.say("stop")
            await self.say("resume")
        elif what == "none" and question.kind == "checklist":
            await self.say("none")
            self.answers[question.id] = none_of(question)
        elif what == "skip" and (question.kind == "checklist" or question.option(UNKNOWN)):
            await self.say("skip")
            self.answers[question.id] = {} if question.kind == "checklist" else UNKNOWN
        else:
            value = an_answer(question, self.chance)
            await self.answer(question, value)
            if what == "twice":
                given = value if isinstance(value, str) else json.dumps(value)
                await self.press("screening_answer", question=question.id, answer=given)


async def test_random_walks_end_with_exactly_the_answers_given(walking: Engine, url: str) -> None:
    wrong, silent, turns = [], 0, 0
    for number in range(WALKS):
        walk = Walk(walking, f"walk-{number}", random.Random(number))
        await walk.say("start a screening")
        for _ in range(LONGEST):
            if walk.waiting is None:
                break
            turns += 1
            await walk.step(url)
        found = await walking.screening_of(walk.name)
        if found is None or found.answers != walk.answers:
            wrong.append((number, found.answers if found else None, walk.answers))
        silent += walk.silent
    print(f"\n{WALKS} walks, {turns} steps: {len(wrong)} ended with other answers, {silent} silent")
    assert wrong == []
    assert silent == 0


def test_the_session_of_a_walk_is_what_the_conversation_keeps() -> None:
    session = Session({"age": "13_to_15"}, suggested={"role": "teacher"}, key="0" * 64)
    assert Session.from_json(json.loads(json.dumps(session.as_json()))) == session
