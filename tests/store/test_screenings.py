"""Screenings: found again by reference or conversation, saved once, and forgotten for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.store.database import ConflictError, Database, StoreError, purge
from bot.store.screenings import (
    FIRST_VERSION,
    DamagedReferenceError,
    Key,
    ScreeningStore,
    normalise_reference,
)
from tests.store.conftest import Clock

HERE = "web-00112233445566778899aabbccddeeff"
THERE = "web-ffeeddccbbaa99887766554433221100"
ANSWERS = {"age": "under_13", "signs": {"seen": ["gifts", "missing"], "asked": None}}
JUDGEMENT = {"level": "medium", "reason": "two signs together"}

#: Anything that JSON carries unchanged.
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=10,
)


@pytest.fixture
def store(database: Database, clock: Clock) -> ScreeningStore:
    return ScreeningStore(database, clock)


def test_a_new_screening_is_open_and_empty(store: ScreeningStore, clock: Clock) -> None:
    reference = store.create(HERE)
    assert normalise_reference(reference) == reference
    found = store.load(reference)
    assert found is not None
    assert (found.version, found.answers, found.questionnaire_version) == (FIRST_VERSION, {}, None)
    assert (found.judgement, found.finished) == (None, None)
    assert abs((found.created - clock.now).total_seconds()) < 0.001


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(answers=st.dictionaries(st.text(max_size=10), plain, max_size=8))
def test_answers_come_back_as_they_were_in_their_order(
    store: ScreeningStore, answers: dict[str, Any]
) -> None:
    reference = store.create(HERE)
    store.save(reference, answers, "3", HERE, FIRST_VERSION)
    found = store.load(reference)
    assert found is not None
    assert found.answers == answers
    assert list(found.answers) == list(answers)
    assert found.questionnaire_version == "3"


def test_it_is_found_however_the_reference_is_typed(store: ScreeningStore) -> None:
    reference = store.create(HERE)
    store.save(reference, ANSWERS, "3", HERE, FIRST_VERSION)
    typed = reference.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert store.load(typed) == store.load(reference)


def test_a_mistyped_reference_is_told_from_an_unknown_one(store: ScreeningStore) -> None:
    reference = store.create(HERE)
    wrong = ("0" if reference[0] != "0" else "2") + reference[1:]
    with pytest.raises(DamagedReferenceError):
        store.load(wrong)
    assert store.load("7ZK2-0Q9D-M4TX-V8HA-G") is None


def test_the_key_stands_for_the_reference(store: ScreeningStore) -> None:
    reference = store.create(HERE)
    found = store.by_conversation(HERE)
    assert found is not None
    assert store.save(found.key, ANSWERS, "3", HERE, found.version) == FIRST_VERSION + 1
    again = store.load(reference)
    assert again is not None
    assert again.key == found.key == Key(found.key.digest)
    assert again.answers == ANSWERS


def test_a_button_tapped_twice_saves_once(store: ScreeningStore) -> None:
    reference = store.create(HERE)
    version = store.save(reference, {"age": "13_to_15"}, "3", HERE, FIRST_VERSION)
    assert version == FIRST_VERSION + 1
    with pytest.raises(ConflictError, match="tapped twice"):
        store.save(reference, {"age": "under_13"}, "3", HERE, FIRST_VERSION)
    found = store.load(reference)
    assert found is not None
    assert (found.version, found.answers) == (version, {"age": "13_to_15"})


def test_of_many_saves_at_once_exactly_one_is_taken(database: Database) -> None:
    store = ScreeningStore(database)
    reference = store.create(HERE)

    def tap(number: int) -> int | None:
        try:
            store.save(reference, {"tap": number}, "3", HERE, FIRST_VERSION)
        except StoreError:
            return None
        return number

    with ThreadPoolExecutor(4) as pool:
        taken = [one for one in pool.map(tap, range(8)) if one is not None]
    found = store.load(reference)
    assert found is not None
    assert [found.answers["tap"]] == taken
    assert found.version == FIRST_VERSION + 1


def test_a_finished_screening_keeps_its_judgement_and_takes_no_more(
    store: ScreeningStore, clock: Clock
) -> None:
    reference = store.create(HERE)
    version = store.save(reference, ANSWERS, "3", HERE, FIRST_VERSION)
    version = store.finish(reference, JUDGEMENT, version)
    for change in (
        lambda: store.save(reference, {}, "3", HERE, version),
        lambda: store.finish(reference, {}, version),
    ):
        with pytest.raises(ConflictError, match="finished"):
            change()
    found = store.load(reference)
    assert found is not None
    assert (found.answers, found.judgement) == (ANSWERS, JUDGEMENT)
    assert found.finished is not None
    assert store.by_conversation(HERE) is None


def test_a_conversation_goes_on_with_the_open_screening_changed_last(
    store: ScreeningStore, clock: Clock
) -> None:
    first = store.create(HERE)
    clock.pass_by(minutes=1)
    second = store.create(HERE)
    assert store.by_conversation(HERE) == store.load(second)
    clock.pass_by(minutes=1)
    store.save(first, ANSWERS, "3", HERE, FIRST_VERSION)
    assert store.by_conversation(HERE) == store.load(first)
    store.finish(first, JUDGEMENT, FIRST_VERSION + 1)
    assert store.by_conversation(HERE) == store.load(second)
    assert store.by_conversation(THERE) is None


def test_a_screening_taken_up_elsewhere_belongs_there(store: ScreeningStore) -> None:
    reference = store.create(HERE)
    store.save(reference, ANSWERS, "3", THERE, FIRST_VERSION)
    assert store.by_conversation(HERE) is None
    assert store.by_conversation(THERE) == store.load(reference)


def test_it_is_kept_30_days_after_its_last_change(
    store: ScreeningStore, database: Database, clock: Clock
) -> None:
    reference = store.create(HERE)
    clock.pass_by(days=29)
    version = store.save(reference, ANSWERS, "3", HERE, FIRST_VERSION)
    clock.pass_by(days=29, hours=23)
    assert purge(database, clock.now).screenings == 0
    assert store.load(reference) is not None
    clock.pass_by(hours=1)
    # past its time it is not shown, nor changed, even before a purge has run
    assert store.load(reference) is None
    assert store.by_conversation(HERE) is None
    with pytest.raises(ConflictError):
        store.save(reference, {}, "3", HERE, version)
    assert purge(database, clock.now).screenings == 1
    assert _rows(database) == 0


def test_one_is_forgotten_by_reference_and_all_by_conversation(
    store: ScreeningStore, database: Database
) -> None:
    first, second, third = (store.create(where) for where in (HERE, HERE, THERE))
    assert store.forget(first) == 1
    assert store.forget(first) == 0
    assert store.load(first) is None
    assert store.load(second) is not None
    assert store.forget(conversation=HERE) == 1
    assert store.load(second) is None
    assert store.load(third) is not None
    with pytest.raises(ConflictError, match="forgotten"):
        store.save(first, ANSWERS, "3", HERE, FIRST_VERSION)
    with pytest.raises(TypeError):
        store.forget()


@pytest.mark.parametrize("value", [{1: "a"}, {"a": (1, 2)}, {"a": float("nan")}, {"a": {1, 2}}])
def test_answers_that_json_would_alter_are_refused(store: ScreeningStore, value: Any) -> None:
    reference = store.create(HERE)
    with pytest.raises(StoreError, match="JSON"):
        store.save(reference, value, "3", HERE, FIRST_VERSION)
    found = store.load(reference)
    assert found is not None
    assert found.version == FIRST_VERSION


@pytest.mark.parametrize("name", ["", "x" * 256, "a\x00b", "\ud800"])
def test_a_conversation_needs_a_name_that_can_be_stored(store: ScreeningStore, name: str) -> None:
    with pytest.raises(StoreError, match="name of a conversation"):
        store.create(name)


def test_neither_reference_nor_conversation_stands_in_the_file(
    sqlite: Database, sqlite_path: Path
) -> None:
    store = ScreeningStore(sqlite)
    reference = store.create(HERE)
    store.save(reference, ANSWERS, "3", HERE, FIRST_VERSION)
    stored = bytes_of(sqlite_path)
    assert b"under_13" in stored
    for secret in (reference, reference.replace("-", ""), HERE):
        assert secret.encode() not in stored


def test_forgetting_leaves_no_byte_of_the_answers(sqlite: Database, sqlite_path: Path) -> None:
    store = ScreeningStore(sqlite)
    reference = store.create(HERE)
    store.save(reference, {"note": "canary " * 2_000}, "3", HERE, FIRST_VERSION)
    assert b"canary" in bytes_of(sqlite_path)
    store.forget(reference)
    assert b"canary" not in bytes_of(sqlite_path)


@pytest.fixture
def locked(sqlite: Database, sqlite_path: Path) -> Iterator[Database]:
    """A database in which another program is writing and does not end."""
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield sqlite
    other.close()


@pytest.mark.parametrize(
    "step",
    [
        lambda store: store.create(HERE),
        lambda store: store.forget(conversation=HERE),
        lambda store: store.finish(Key("0" * 64), {}, 0),
    ],
)
def test_a_locked_database_raises(
    locked: Database, step: Callable[[ScreeningStore], object]
) -> None:
    with pytest.raises(StoreError, match="locked by another program"):
        step(ScreeningStore(locked))


def test_a_damaged_row_raises(store: ScreeningStore, database: Database) -> None:
    reference = store.create(HERE)
    with database.writing() as session:
        session.execute(text("UPDATE screening SET answers = '{'"))
    with pytest.raises(StoreError, match="damaged"):
        store.load(reference)


def bytes_of(path: Path) -> bytes:
    """Everything that stands in a SQLite database: the file and its journals."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


def _rows(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM screening")).scalar_one())
