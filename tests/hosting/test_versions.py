"""While a new version is rolled out, a screening keeps the questions that it was begun with."""

from __future__ import annotations

import itertools
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.sessions import Sessions
from bot.guidance.load import guidance_folder
from bot.screening import load_questionnaire
from bot.screening.models import Questionnaire
from bot.serving.versions import VersionNotKnownError, Versions
from bot.store.database import open_database
from bot.store.migrations import migrate
from bot.store.questionnaires import Questionnaires
from tests.hosting.conftest import SECRET, Clusters, Worker
from tests.hosting.kept import screenings_of
from tests.hosting.programs import Postgres
from tests.security.person import Person


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guidance with a later questionnaire, which asks less: one line of a checklist is gone."""
    folder = tmp_path_factory.mktemp("later") / "guidance"
    shutil.copytree(guidance_folder(), folder)
    path = folder / "screening.yml"
    before = path.read_text("utf-8")
    own = load_questionnaire()
    after = before.replace(f'version: "{own.version}"', 'version: "later"', 1)
    title = own.questions[0].title
    assert title in after
    path.write_text(after.replace(title, f"{title} (as asked later)", 1), "utf-8")
    assert load_questionnaire(path).version == "later"
    return path


def test_a_questionnaire_is_the_same_when_another_worker_reads_it() -> None:
    own = load_questionnaire()
    assert Questionnaire.model_validate_json(own.model_dump_json(by_alias=True)) == own


class Page:
    """Sends each message to the next worker in turn."""

    def __init__(self, workers: list[Worker]) -> None:
        self._workers = itertools.cycle(workers)
        self._numbers = itertools.count()
        self._token = self._post("/w/session", {})["token"]
        self.conversation = Sessions(SECRET.encode()).verify(self._token).conversation

    def send(self, **message: str) -> list[dict[str, Any]]:
        name = f"m-{next(self._numbers)}"
        answer = self._post("/w/message", {"token": self._token, "id": name, **message})
        return [one["reply"] for one in answer["replies"] if one["reply"]]

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.post(f"{next(self._workers).url}{path}", json=body, timeout=60)
        answer.raise_for_status()
        return dict(answer.json())


def test_a_screening_keeps_its_questions_at_workers_of_two_versions(
    cluster: Clusters, another: Path
) -> None:
    own = load_questionnaire().version
    with cluster(2, differing=[{}, {"WAYMARK_TEST_QUESTIONNAIRE": str(another)}]) as running:
        for seed, first in enumerate((0, 1, 0, 1)):
            # the session is made by one worker, the screening begun by the other
            order = [running.workers[1 - first], running.workers[first]]
            page, person = Page(order), Person(random.Random(seed), typing=0.5)
            said = page.send(payload="/start_screening")
            asked = str(said)
            while (step := person.next(said)) is not None:
                said = page.send(**step.message())
                asked += str(said)
                person.took(step)
            assert "questions of this screening have changed" not in asked
            assert ("(as asked later)" in asked) == (first == 1)
            (kept,) = screenings_of(running.database, [page.conversation]).values()
            assert kept["answers"] == person.given
            assert kept["version"] == ("later" if first else own)


@pytest.fixture
def store(postgres: Postgres) -> Iterator[Questionnaires]:
    database = open_database(postgres.make(f"versions_{random.randrange(10**9)}"))
    migrate(database.engine)
    yield Questionnaires(database)
    database.close()


async def test_one_that_cannot_be_read_is_left_to_another_worker(store: Questionnaires) -> None:
    used: list[set[str]] = []
    versions = Versions(store, load_questionnaire(), lambda found: used.append(set(found)))
    store.keep("of a later program", '{"content": {"kinds of questions": "that are new"}}')
    with pytest.raises(VersionNotKnownError):
        await versions.know({"version": "of a later program"})
    # one that no worker has any more is fitted to the present one
    await versions.know({"version": "long gone"})
    await versions.know(None)
    assert used == [set()]
    assert set(store.all()) == {"of a later program", load_questionnaire().version}


def test_a_version_that_no_worker_has_any_more_is_forgotten_in_time(
    store: Questionnaires,
) -> None:
    now = 1_000_000.0
    timed = Questionnaires(store._database, clock=lambda: now)
    timed.keep("one", "{}")
    now += 20 * 3_600
    timed.keep("two", "{}")
    assert set(timed.all()) == {"one", "two"}
    now += 5 * 3_600
    timed.keep("two", "{}")
    assert set(timed.all()) == {"two"}
