"""Questions that could not be answered: kept only where that is wanted, scrubbed, for 30 days."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from bot.channels.kept import truly_kept
from bot.channels.telegram.wording import NOTHING_TYPED
from bot.cli import main
from bot.guidance import load_guidance
from bot.privacy import Scrubber
from bot.serving.engine import Engine
from bot.store.database import Database, open_database, purge
from bot.store.errors import StoreError
from bot.store.migrations import migrate
from bot.store.trackers import SqlTrackers
from bot.store.unanswered import LONGEST, MOST, SETTING, UnansweredQuestions, is_wanted

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
#: Not understood, with a name and a number in it.
ODD = "zorbly quix vendrax for Kayleigh Marchbanks on 07700 900123 flumptious"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'waymark.db'}")
    migrate(opened.engine)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber(load_guidance())


def test_it_is_off_unless_it_is_asked_for() -> None:
    assert not is_wanted({})
    assert not is_wanted({SETTING: "no"})
    assert is_wanted({SETTING: "yes"})
    with pytest.raises(StoreError, match="WAYMARK_KEEP_UNANSWERED is “yes” or “no”"):
        is_wanted({SETTING: "1"})


def test_what_is_kept_is_the_question_without_details_its_area_and_its_day(
    database: Database, scrubber: Scrubber
) -> None:
    questions = UnansweredQuestions(database, scrubber.redact, lambda: NOON)
    assert questions.add("does Kayleigh get a bus pass? ring 07700 900123", "luton")
    (kept,) = questions.all()
    assert kept.text == "does [name] get a bus pass? ring [phone]"
    assert (kept.area, kept.day) == ("luton", dt.date(2026, 11, 22))


def test_long_ones_are_cut_and_too_many_are_not_kept(database: Database) -> None:
    questions = UnansweredQuestions(database, str.strip, lambda: NOON)
    assert questions.add("why " * 200, None)
    assert len(questions.all()[0].text) <= LONGEST
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO unanswered_question (text, asked_on) WITH RECURSIVE n(i) AS "
            f"(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MOST}) SELECT 'x', 1 FROM n"
        )
    assert not questions.add("one more", None)


def test_they_are_gone_after_30_days(database: Database) -> None:
    UnansweredQuestions(database, str.strip, lambda: NOON).add("a question", None)
    for days, left in ((29, 1), (30, 0)):
        later = NOON + dt.timedelta(days=days)
        assert len(UnansweredQuestions(database, str.strip, lambda now=later: now).all()) == left
        purge(database, later)
        with database.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT count(*) FROM unanswered_question").scalar()
        assert rows == left


@pytest.mark.parametrize("wanted", [False, True])
async def test_the_engine_keeps_them_only_where_that_is_wanted(
    engine: Engine, database: Database, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = engine._agent.tracker_store
    if wanted:
        monkeypatch.setenv(SETTING, "yes")
    else:
        monkeypatch.delenv(SETTING, raising=False)
    try:
        engine.use_trackers(SqlTrackers(database))
        await engine.turn("one", text=ODD, area="derby")
        await engine.turn("one", text="who do I ring in Luton?")
        await engine.turn("one", text="she is being held in a flat and screaming, zorbly quix")
    finally:
        engine._agent.tracker_store = engine._processor.tracker_store = before
        engine._unanswered = engine._saved = None
    kept = UnansweredQuestions(database, str.strip).all()
    assert len(kept) == (1 if wanted else 0)
    for one in kept:
        assert "Kayleigh" not in one.text
        assert "900123" not in one.text
        assert one.area == "derby"


def test_an_operator_can_read_and_delete_them(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYMARK_DATABASE_URL", f"sqlite:///{tmp_path / 'waymark.db'}")
    monkeypatch.setenv(SETTING, "yes")
    UnansweredQuestions(database, str.strip).add("what is a flumptious?", "derby")
    printed = CliRunner().invoke(main, ["unanswered"])
    assert json.loads(printed.output)["text"] == "what is a flumptious?"
    assert CliRunner().invoke(main, ["unanswered", "--clear"]).output == "1 deleted\n"
    assert CliRunner().invoke(main, ["unanswered"]).output == ""


@pytest.mark.parametrize("wanted", [False, True])
def test_what_people_are_told_is_true_for_the_setting(
    serving: Callable[..., AbstractContextManager[str]],
    monkeypatch: pytest.MonkeyPatch,
    wanted: bool,
) -> None:
    if wanted:
        monkeypatch.setenv(SETTING, "yes")
    else:
        monkeypatch.delenv(SETTING, raising=False)
    exception = "a question that I cannot answer: it is kept for 30 days"
    with serving(None) as url:
        for path in ("/", "/professionals", "/embed", "/chat", "/widget.js", "/widget/en.json"):
            text = httpx.get(url + path).text
            assert "What you type is not stored" in text, path
            assert (exception in text) is wanted, path
    told = truly_kept(NOTHING_TYPED)
    assert told.startswith("I keep nothing that you type")
    assert (exception in told) is wanted
