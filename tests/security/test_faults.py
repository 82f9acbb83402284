"""Whatever fails in a screening: no answer is lost or filed under another question, and nobody is
left without a reply."""

from __future__ import annotations

import asyncio
import contextlib
import random
import resource
import sqlite3
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from bot.cli import _quiet
from bot.nlu.components import TopicClassifier
from bot.serving.engine import Engine, Said
from bot.store.database import WRITING, Database, open_database
from bot.store.migrations import migrate
from bot.store.trackers import SqlTrackers
from tests.security.person import Person, Step
from tests.sizes import size

#: How many times something fails here; with the kills of `test_kill.py`, five hundred.
RUNS = size(460, 150)
#: Seconds that the engine of these tests waits for a lock; three in earnest.
PATIENCE = 0.05
#: Seconds within which there is a reply, whatever fails.
IN_TIME = 10.0

type Fault = contextlib.AbstractContextManager[None]


class Ground:
    """An engine on a database file, and what can go wrong under it."""

    def __init__(self, path: Path, model: Path) -> None:
        _quiet()
        self.path = path
        self.database = self._open()
        self.engine = Engine.load(model, SqlTrackers(self.database))

    def _open(self) -> Database:
        database = open_database(f"sqlite:///{self.path}", patience=PATIENCE)
        migrate(database.engine)
        return database

    def restart(self) -> None:
        """All that was in memory is gone."""
        self.database.close()
        self.database = self._open()
        self.engine.use_trackers(SqlTrackers(self.database))

    async def kept(self, conversation: str) -> dict[str, Any]:
        """The screening as the file has it."""
        database = open_database(f"sqlite:///{self.path}")
        try:
            tracker = await SqlTrackers(database, self.engine._processor.domain).retrieve(
                conversation
            )
            return dict((tracker and tracker.get_slot("screening")) or {})
        finally:
            database.close()

    # faults

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Another program writes for a long time."""
        with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield

    @contextlib.contextmanager
    def locked_half_way(self) -> Iterator[None]:
        """Another program begins to write when the engine has written once."""
        from sqlalchemy import event

        other = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        written, takers = 0, list[threading.Thread]()

        def committed(connection: Any) -> None:
            nonlocal written
            if connection.get_execution_options().get(WRITING):
                written += 1
            # the commit itself comes after this; so the next one that begins to write is too late
            if written == 1 and not takers:
                takers.append(threading.Thread(target=take))
                takers[0].start()

        def take() -> None:
            with contextlib.suppress(sqlite3.Error):
                other.execute("BEGIN IMMEDIATE")

        other.execute("PRAGMA busy_timeout = 5000")
        event.listen(self.database.engine, "commit", committed)
        try:
            yield
        finally:
            event.remove(self.database.engine, "commit", committed)
            for taker in takers:
                taker.join()
            other.close()

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """SQLite is told that there are no more pages."""
        with self._everywhere("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 4294967294"):
            yield

    @contextlib.contextmanager
    def no_space(self) -> Iterator[None]:
        """The system refuses to let any file grow."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    @contextlib.contextmanager
    def tables_gone(self) -> Iterator[None]:
        """Somebody renamed a table."""
        with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as other:
            other.execute("ALTER TABLE conversation_event RENAME TO elsewhere")
            try:
                yield
            finally:
                other.execute("ALTER TABLE elsewhere RENAME TO conversation_event")

    @contextlib.contextmanager
    def _everywhere(self, before: str, after: str) -> Iterator[None]:
        """Run a statement in the connections that the engine uses from now on."""
        from sqlalchemy import event

        def connected(connection: Any, _record: Any) -> None:
            connection.execute(before)

        self.database.engine.dispose()
        event.listen(self.database.engine, "connect", connected)
        try:
            yield
        finally:
            event.remove(self.database.engine, "connect", connected)
            self.database.engine.dispose()
            with contextlib.closing(sqlite3.connect(self.path)) as other:
                other.execute(after)


@contextlib.contextmanager
def actions_dead() -> Iterator[None]:
    """No action can be run."""

    async def run(self: ActionExecutor, call: Any) -> Any:
        raise ConnectionError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ActionExecutor, "run", run)
        yield


@contextlib.contextmanager
def actions_die_at_the_end() -> Iterator[None]:
    """Actions do their work, and what they say is lost."""
    act = ActionExecutor.run

    async def run(self: ActionExecutor, call: Any) -> Any:
        await act(self, call)
        raise ConnectionError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ActionExecutor, "run", run)
        yield


@contextlib.contextmanager
def components_dead() -> Iterator[None]:
    """What is typed cannot be understood."""

    def process(self: TopicClassifier, messages: Any) -> Any:
        raise ArithmeticError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TopicClassifier, "process", process)
        yield


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Ground]:
    made = Ground(tmp_path_factory.mktemp("faults") / "waymark.db", model)
    yield made
    made.database.close()


def replies(said: list[Said]) -> list[dict[str, Any]]:
    return [one.reply for one in said if one.reply]


def is_safe(said: list[Said]) -> bool:
    return [one["kind"] for one in replies(said)] == ["safe_message"]


class Walk:
    """One screening, with something going wrong at each of its steps."""

    def __init__(self, ground: Ground, name: str, chance: random.Random) -> None:
        self._ground = ground
        self._name = name
        self._chance = chance
        self.person = Person(chance)
        self.faults: Counter[str] = Counter()
        self.shown: Counter[str] = Counter()
        self.times: list[float] = []

    async def turn(self, **message: str) -> list[Said]:
        began = time.monotonic()
        said = await self._ground.engine.turn(self._name, **message)
        self.times.append(time.monotonic() - began)
        assert said, "nobody is left without a reply"
        assert all(one.text.strip() for one in said)
        if is_safe(said):
            assert "999" in said[0].text
            assert "101" in said[0].text
        return said

    async def check(self, step: Step | None = None) -> bool:
        """What is kept is what was taken; `step` may be kept too. Gives whether it is."""
        kept = await self._ground.kept(self._name)
        answers = dict(kept.get("answers") or {})
        also = step is not None and step.question and answers.get(step.question) == step.value
        expected = dict(self.person.given)
        if also and step is not None:
            expected[step.question] = step.value
        if step is not None and not step.question and kept.get("level") == step.value:
            also = True
        assert answers == expected, "an answer was lost or filed under another question"
        return bool(also)

    async def go(self) -> None:
        said = await self.turn(payload="/start_screening")
        while (step := self.person.next(replies(said))) is not None:
            said = await self.step(step)
        await self.check()
        kept = await self._ground.kept(self._name)
        assert kept["level"] == self.person.level

    async def step(self, step: Step) -> list[Said]:
        """Do a step while something fails; then, where it was not taken, do it again."""
        fault = self._chance.choice(FAULTS)
        self.faults[fault] += 1
        said = await self._failing(fault, step)
        if is_safe(said):
            self.shown[fault] += 1
            if await self.check(step):
                # it was taken, and only the reply was lost: see what is asked now
                self.person.took(step)
                return await self.turn(payload="/start_screening")
            said = await self.turn(**step.message())
        assert not is_safe(said), "when nothing fails any more, it goes on"
        self.person.took(step)
        await self.check()
        return said

    async def _failing(self, fault: str, step: Step) -> list[Said]:
        ground = self._ground
        match fault:
            case "restart":
                ground.restart()
                return await self.turn(**step.message())
            case "double tap" if step.payload:
                first, second = await asyncio.gather(
                    self.turn(**step.message()), self.turn(**step.message())
                )
                return second if not is_safe(second) else first
            case "person leaves":
                # the connection is cut while the answer is worked out: the work goes on
                turn = asyncio.create_task(self.turn(**step.message()))
                waiting = asyncio.ensure_future(asyncio.shield(turn))
                await asyncio.sleep(0.005)
                waiting.cancel()
                return await turn
        kinds: dict[str, Callable[[], Fault]] = {
            "locked": ground.locked,
            "locked half way": ground.locked_half_way,
            "full": ground.full,
            "no space": ground.no_space,
            "tables gone": ground.tables_gone,
            "actions dead": actions_dead,
            "actions die at the end": actions_die_at_the_end,
            "components dead": components_dead,
        }
        with kinds.get(fault, contextlib.nullcontext)():
            return await self.turn(**step.message())


FAULTS = [
    "locked", "locked half way", "full", "no space", "tables gone", "actions dead", "actions die at the end",
    "components dead", "restart", "double tap", "person leaves",
]  # fmt: skip


@pytest.fixture
def walks(ground: Ground) -> Callable[[], Walk]:
    chance = random.Random(20261122)
    numbers = iter(range(RUNS))
    return lambda: Walk(ground, f"walk-{next(numbers)}", random.Random(chance.random()))


async def test_no_answer_is_lost_or_misfiled(walks: Callable[[], Walk]) -> None:
    done: list[Walk] = []
    while sum(walk.faults.total() for walk in done) < RUNS:
        walk = walks()
        await walk.go()
        done.append(walk)
    faults, shown = Counter[str](), Counter[str]()
    for walk in done:
        faults += walk.faults
        shown += walk.shown
    times = [one for walk in done for one in walk.times]
    slowest, usual = max(times), statistics.median(times)
    print(f"\nfaults: {faults.total()} in {len(done)} screenings; 0 answers lost or misfiled")
    print(
        f"the safe message {shown.total()} times, 0 silent, the slowest reply after {slowest:.2f} s, the usual {usual:.2f} s"
    )
    print("; ".join(f"{name} {number} ({shown[name]} safe)" for name, number in faults.items()))
    # where even the usual reply takes long, the machine is busy with something else
    assert slowest < max(IN_TIME, 50 * usual)
    for name in ("locked", "full", "no space", "tables gone", "actions dead"):
        assert shown[name] > faults[name] / 2, f"“{name}” must really fail"
