"""Screenings that are saved as they go: after a restart, on another channel, and deleted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.serving.engine import Engine, NoDocumentError, Said
from bot.store.database import Database, open_database
from bot.store.migrations import migrate
from bot.store.trackers import SqlTrackers

_REFERENCE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z]")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('saved')}/waymark.db")
    migrate(opened.engine)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def saving(model: Path, database: Database) -> Engine:
    """An engine that keeps its conversations in a database."""
    return Engine.load(model, SqlTrackers(database))


def restart(engine: Engine, database: Database) -> None:
    """What a new process would know: nothing but the database."""
    engine.use_trackers(SqlTrackers(database))


def words(said: Sequence[Said]) -> str:
    return "\n".join(one.text for one in said)


def kinds(said: Sequence[Said]) -> list[str]:
    return [str((one.reply or {}).get("kind")) for one in said]


async def say(engine: Engine, where: str, *lines: str) -> list[Said]:
    said: list[Said] = []
    for line in lines:
        said = await engine.turn(where, text=line, area="derby", channel="test")
    return said


async def begun(engine: Engine, where: str) -> str:
    """A screening with its first answer in a conversation: the reference that was shown."""
    said = await say(engine, where, "start a screening", "no")
    found = _REFERENCE.search(words(said))
    assert found, words(said)
    return found.group()


async def to_the_result(engine: Engine, where: str) -> None:
    """Skip what is left of a screening."""
    for _ in range(20):
        if "screening_result" in kinds(await say(engine, where, "skip")):
            return
    pytest.fail("the screening does not come to its result")


async def test_the_reference_is_shown_once_with_the_first_answer(saving: Engine) -> None:
    said = await say(saving, "once", "start a screening")
    assert not _REFERENCE.search(words(said))
    said = await say(saving, "once", "no")
    assert kinds(said) == ["screening_reference", "screening_question"]
    assert "within 30 days" in words(said)
    said = await say(saving, "once", "teacher")
    assert not _REFERENCE.search(words(said))


async def test_a_restart_between_any_two_answers_loses_nothing(
    saving: Engine, database: Database
) -> None:
    answers = ["no", "teacher", "none", "13 to 15", "none", "no"]
    plain = await say(saving, "steady", "start a screening", *answers)
    said = await say(saving, "restarted", "start a screening")
    for answer in answers:
        restart(saving, database)
        said = await say(saving, "restarted", answer)
    assert said[-1].text == plain[-1].text


async def test_it_goes_on_in_another_conversation_and_is_closed_in_the_first(
    saving: Engine,
) -> None:
    reference = await begun(saving, "web")
    waiting = await say(saving, "web", "teacher")
    there = await say(saving, "telegram", f"resume {reference.lower()}")
    assert there[-1].text == waiting[-1].text
    assert "Going on where we were" in words(there)
    await say(saving, "telegram", "none")
    first = await say(saving, "web", "what is the definition of CSE?")
    assert "went on somewhere else" in first[0].text
    assert kinds(first)[1] == "answer"
    assert "went on somewhere else" not in words(await say(saving, "web", "who do I ring?"))
    back = await say(saving, "web", reference)
    assert "How old is the child?" in back[-1].text


async def test_danger_beside_a_reference_is_noticed_first(saving: Engine) -> None:
    reference = await begun(saving, "danger")
    said = await say(saving, "danger", f"{reference} he is on his way to take her right now")
    assert said[0].text.count("999")
    assert kinds(said)[0] == "immediate_danger"


async def test_one_slip_in_a_reference_is_read_kindly(saving: Engine) -> None:
    reference = await begun(saving, "kind")
    await say(saving, "kind", "teacher")
    wrong = "Z" if reference[5] != "Z" else "Y"
    swapped = f"{reference[:10]}{reference[11]}{reference[10]}{reference[12:]}"
    for where, typed in (
        ("kind-1", f"{reference[:5]}{wrong}{reference[6:]}"),
        ("kind-2", f"my reference is {reference[:7]}{reference[8:]}"),
        ("kind-3", swapped.lower()),
    ):
        said = await say(saving, where, typed)
        assert "Going on where we were" in words(said)
        assert "Which of these is the child open to" in said[-1].text


async def test_stopping_says_that_the_reference_was_shown_and_start_again_keeps_the_area(
    saving: Engine,
) -> None:
    await begun(saving, "stopping")
    assert "under your reference" in words(await say(saving, "stopping", "stop"))
    asked_for = await say(saving, "stopping", "whats my reference")
    assert "was shown once" in words(asked_for)
    await say(saving, "stopping", "start again")
    assert "What is your role" in words(await say(saving, "stopping", "no"))


async def test_a_damaged_and_an_unknown_reference_get_a_clear_sentence(saving: Engine) -> None:
    damaged = await say(saving, "slip", "resume 7ZK2-0Q9D-M4TX-V8HA-9")
    assert "has a slip in it" in words(damaged)
    unknown = await say(saving, "slip", "7ZK2-0Q9D-M4TX-V8HA-G")
    assert "no screening with that reference" in words(unknown)
    assert "999" in words(unknown)


async def test_trying_references_is_slowed_down(saving: Engine) -> None:
    tried = [words(await say(saving, "guess", "7ZK2-0Q9D-M4TX-V8HA-G")) for _ in range(8)]
    assert ["in a minute" in one for one in tried] == [False] * 5 + [True] * 3


async def test_forgetting_deletes_it_everywhere(saving: Engine, database: Database) -> None:
    reference = await begun(saving, "forgets")
    said = await say(saving, "forgets", "Forget everything")
    assert kinds(said) == ["forgotten"]
    assert "no screening with that reference" in words(await say(saving, "later", reference))
    with database.reading() as session:
        names = session.execute(text("SELECT name FROM conversation")).scalars().all()
    assert "forgets" not in names


async def test_deleted_elsewhere_it_is_gone_here_too(saving: Engine) -> None:
    reference = await begun(saving, "first")
    await say(saving, "second", reference, "teacher", "forget this screening")
    said = await say(saving, "first", "teacher")
    assert "has been deleted" in said[0].text


async def test_starting_over_forgets_the_answers_before(saving: Engine) -> None:
    reference = await begun(saving, "over")
    await say(saving, "over", "start over", "no")
    assert "no screening with that reference" in words(await say(saving, "other", reference))


async def test_a_conversation_that_answers_side_questions_keeps_its_screening(
    saving: Engine,
) -> None:
    reference = await begun(saving, "aside")
    await say(saving, "aside", "teacher", "what is the definition of CSE?", "none", "thanks")
    there = await say(saving, "aside elsewhere", reference)
    assert "How old is the child?" in there[-1].text


async def test_the_judgement_goes_along(saving: Engine) -> None:
    reference = await begun(saving, "judged")
    await say(saving, "judged", "teacher", "none", "13 to 15")
    await to_the_result(saving, "judged")
    said = await say(saving, "judged", "medium")
    assert "route" in kinds(said)
    there = await say(saving, "judged elsewhere", reference)
    assert "route" in kinds(there)
    assert "Duty Child Protection Manager" in words(there)


async def test_neither_reference_nor_words_stand_in_the_database(
    saving: Engine, database: Database
) -> None:
    reference = await begun(saving, "quiet")
    await say(saving, "quiet elsewhere", f"please resume {reference}", "canary marmalade teapot")
    assert database.engine.url.database
    stored = b"".join(
        file.read_bytes() for file in Path(database.engine.url.database).parent.glob("*")
    )
    for secret in (reference, reference.replace("-", ""), "marmalade"):
        assert secret.encode() not in stored


async def test_a_double_tap_is_not_taken_for_the_next_answer(saving: Engine) -> None:
    await say(saving, "taps", "start a screening")
    tap = '/screening_answer{"question": "immediate_danger", "answer": "no"}'
    first, second = await asyncio.gather(
        *(saving.turn("taps", payload=tap, channel="test") for _ in range(2))
    )
    assert "What is your role?" in first[-1].text + second[-1].text
    summary = words(await say(saving, "taps", "summary"))
    assert summary.count("immediate danger now? No") == 1
    assert "What is your role? No" not in summary


async def test_a_route_can_be_taken_away_in_four_formats(saving: Engine) -> None:
    with pytest.raises(NoDocumentError, match="no route"):
        await saving.document("nobody", "pdf")
    said = await say(saving, "takes", "route for medium risk, I am a teacher")
    (route,) = (one.reply for one in said if one.reply and one.reply["kind"] == "route")
    offered = [one["kind"] for one in route["downloads"]]
    assert offered == ["pdf", "word", "calendar", "text"]
    begins = {"pdf": b"%PDF-", "word": b"PK", "calendar": b"BEGIN:VCALENDAR", "text": b"Referral"}
    for kind in offered:
        document = await saving.document("takes", kind)
        assert document.content.startswith(begins[kind])
        assert document.name.startswith("waymark-wm-")
    plain = (await saving.document("takes", "text")).content.decode()
    assert "Duty Child Protection Manager" in plain
    assert "I have not made a referral" in plain
    with pytest.raises(NoDocumentError, match="PDF, Word, calendar or plain text"):
        await saving.document("takes", "fax")


async def test_the_screening_shown_last_is_what_is_taken_away(saving: Engine) -> None:
    await say(saving, "both", "route for medium risk")
    await say(saving, "both", "start a screening", "no", "teacher", "none", "13 to 15")
    await to_the_result(saving, "both")
    await say(saving, "both", "high")
    taken = (await saving.document("both", "text")).content.decode()
    assert taken.startswith("Guided concern summary")
    assert "Level chosen by the professional: high" in taken


async def test_whoever_asks_for_the_reference_is_told_where_it_was_shown(saving: Engine) -> None:
    await begun(saving, "asking")
    waiting = await say(saving, "asking", "teacher")
    said = await say(saving, "asking", "what's my reference number")
    assert kinds(said)[0] == "route_reference"
    assert "was shown once, after your first answer" in words(said)
    assert not _REFERENCE.search(words(said))
    assert said[-1].text == waiting[-1].text


async def test_the_reference_that_is_said_is_that_of_the_file(saving: Engine) -> None:
    await say(saving, "file", "medium risk referral route")
    said = words(await say(saving, "file", "what's my reference number"))
    named = re.search(r"WM-[0-9A-F]{4}-[0-9A-F]{4}", said)
    assert named, said
    assert named.group().lower() in (await saving.document("file", "text")).name
    # what is asked about the route changes nothing of what can be taken away
    await say(saving, "file", "by when", "who do I inform", "then what")
    assert named.group().lower() in (await saving.document("file", "text")).name
