"""Redis is a part like the others: what watches the guide is told of it, and nobody is turned away."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from pathlib import Path

import httpx

from bot.serving.doctor import Check, examine
from tests.hosting.conftest import SECRET, Clusters
from tests.hosting.kept import screenings_of
from tests.hosting.people import Seen, Someone, all_talk
from tests.hosting.programs import Postgres, RedisServer, wait_for


def test_redis_down_is_named_and_people_are_answered(cluster: Clusters, certificate: Path) -> None:
    with cluster(1, certificate) as running:
        (worker,) = running.workers
        ready = httpx.get(f"{worker.url}/health/ready").json()
        assert ready["parts"]["redis"] == {"status": "ok"}
        running.redis.stop()
        try:
            wait_for(
                lambda: httpx.get(f"{worker.url}/health/ready").status_code == 503,
                "word of Redis being down",
            )
            assert httpx.get(f"{worker.url}/health/ready").json()["down"] == ["redis"]
            balancer = httpx.get(f"{worker.url}/health/ready?part=database&part=model")
            assert balancer.status_code == 200
            assert 'waymark_part_up{part="redis"} 0.0' in httpx.get(f"{worker.url}/metrics").text
            seen, _ = asyncio.run(all_talk(running.url, 1, 8, twice=0.5, seed=3))
            assert (seen.safe, seen.silent) == (0, 0)
        finally:
            running.redis.start()
        wait_for(
            lambda: httpx.get(f"{worker.url}/health/ready").status_code == 200,
            "word of Redis being back",
        )


def test_the_doctor_looks_at_redis(postgres: Postgres, redis: RedisServer, tmp_path: Path) -> None:
    environment = {
        "WAYMARK_SECRET": SECRET,
        "WAYMARK_DATABASE_URL": postgres.make("doctor"),
        "WAYMARK_REDIS_URL": redis.address,
    }

    def found(hours: float = 0) -> list[Check]:
        now = dt.datetime.now(dt.UTC).timestamp() + hours * 3_600
        return [one for one in examine(tmp_path, environment=environment, clock=lambda: now)
                if "edis" in one.said or one.name == "redis"]  # fmt: skip

    (check,) = found()
    assert check.status == "ok"
    assert [one.status for one in found(hours=1)] == ["ok", "failure"]
    redis.stop()
    try:
        (check,) = found()
    finally:
        redis.start()
    assert check.status == "failure"
    assert "each worker goes on by itself" in check.said


async def test_what_is_forgotten_at_one_worker_is_forgotten_at_all(cluster: Clusters) -> None:
    with cluster(2) as running:
        seen = Seen()
        urls = [one.url for one in running.workers]
        someone = Someone(urls, 1, random.Random(1), seen)
        await someone.talk(4, twice=0)
        assert (await someone.missed())["messages"]
        await someone.say({"text": "forget everything"})
        assert not running.redis.client().keys("waymark:answers:*")
        kept = await asyncio.to_thread(screenings_of, running.database, [someone.conversation])
        assert kept == {someone.conversation: {}}
        # ended at one, refused at each
        await someone.end()
        assert [await someone.is_refused() for _ in urls] == [True, True]
        await someone.close()
