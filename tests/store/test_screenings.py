"""Screenings: found again by reference or conversation, saved once, and forgotten for good."""

from __future__ import annotations

import contextlib
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
    assert (found.answers, found.questionnaire_version) == ({}, None)
    assert (found.judgement, found.finished) == (None, None)
    assert found.belongs_to(HERE)
    assert abs((found.created - clock.now).total_seconds()) < 0.001


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(answers=st.dictionaries(st.text(max_size=10), plain, max_size=8))
def test_answers_come_back_as_they_were_in_their_order(
    store: ScreeningStore, answers: dict[str, Any]
) -> None:
    reference = store.create(HERE)
    store.save(reference, HERE, answers, "3")
    found = store.load(reference)
    assert found is not None
    assert found.answers == answers
    assert list(found.answers) == list(answers)
    assert found.questionnaire_version == "3"


def test_it_is_found_however_the_reference_is_typed(store: ScreeningStore) -> None:
    reference = store.create(HERE)
    store.save(reference, HERE, ANSWERS, "3")
    typed = reference.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert store.load(typed) == store.load(reference)


def test_a_mistyped_reference_is_told_from_an_unknown_one(store: ScreeningStore) -> None:
    reference = store.create(HERE)
    wrong = ("0" if reference[0] != "0" else "2") + reference[1:]
    with pytest.raises(DamagedReferenceError):
        store.load(wrong)
    assert store.load("7ZK2-0Q9D-M4TX-V8HA-G") is None
    assert store.take_up("7ZK2-0Q9D-M4TX-V8HA-G", HERE) is None


def test_the_key_stands_for_the_reference(store: ScreeningStore) -> None:
    reference = store.create(HERE)
    found = store.load(reference)
    assert found is not None
    store.save(found.key, HERE, ANSWERS, "3")
    again = store.load(reference)
    assert again is not None
    assert again.key == found.key == Key(found.key.digest)
    assert again.answers == ANSWERS


def test_a_judgement_finishes_it_and_a_changed_answer_opens_it_again(
    store: ScreeningStore, clock: Clock
) -> None:
    reference = store.create(HERE)
    store.save(reference, HERE, ANSWERS, "3", JUDGEMENT, finished=True)
    found = store.load(reference)
    assert found is not None
    assert (found.answers, found.judgement) == (ANSWERS, JUDGEMENT)
    assert found.finished is not None
    store.save(reference, HERE, {"age": "13_to_15"}, "3")
    found = store.load(reference)
    assert found is not None
    assert (found.answers, found.judgement, found.finished) == ({"age": "13_to_15"}, None, None)


def test_taken_up_elsewhere_it_belongs_there_and_is_saved_only_there(store: ScreeningStore) -> None:
    reference = store.create(HERE)
    store.save(reference, HERE, ANSWERS, "3")
    taken = store.take_up(reference, THERE)
    assert taken is not None
    assert taken.answers == ANSWERS
    assert (taken.belongs_to(HERE), taken.belongs_to(THERE)) == (False, True)
    with pytest.raises(ConflictError, match="taken up elsewhere"):
        store.save(reference, HERE, {"age": "under_13"}, "3")
    store.save(reference, THERE, {"age": "13_to_15"}, "3")
    found = store.load(reference)
    assert found is not None
    assert found.answers == {"age": "13_to_15"}


def test_of_many_that_take_it_up_at_once_exactly_one_can_save(database: Database) -> None:
    store = ScreeningStore(database)
    reference = store.create(HERE)
    names = [f"web-{number}" for number in range(8)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: store.take_up(reference, name), names))

    def saves(name: str) -> bool:
        try:
            store.save(reference, name, {"by": name}, "3")
        except ConflictError:
            return False
        return True

    found = store.load(reference)
    assert found is not None
    assert [name for name in names if saves(name)] == [n for n in names if found.belongs_to(n)]
    again = store.load(reference)
    assert again is not None
    assert found.belongs_to(again.answers["by"])


def test_what_is_saved_in_another_transaction_stands_or_falls_with_it(
    store: ScreeningStore, database: Database
) -> None:
    reference = store.create(HERE)
    with contextlib.suppress(ZeroDivisionError), database.writing() as transaction:
        store.save(reference, HERE, ANSWERS, "3", transaction=transaction)
        raise ZeroDivisionError
    found = store.load(reference)
    assert found is not None
    assert found.answers == {}
    with database.writing() as transaction:
        store.save(reference, HERE, ANSWERS, "3", transaction=transaction)
    found = store.load(reference)
    assert found is not None
    assert found.answers == ANSWERS


def test_it_is_kept_30_days_after_its_last_change(
    store: ScreeningStore, database: Database, clock: Clock
) -> None:
    assert store.kept_for.days == 30
    reference = store.create(HERE)
    clock.pass_by(days=29)
    store.save(reference, HERE, ANSWERS, "3")
    clock.pass_by(days=29, hours=23)
    assert purge(database, clock.now).screenings == 0
    assert store.load(reference) is not None
    clock.pass_by(hours=1)
    # past its time it is not shown, nor changed, even before a purge has run
    assert store.load(reference) is None
    assert store.take_up(reference, HERE) is None
    with pytest.raises(ConflictError):
        store.save(reference, HERE, {}, "3")
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
        store.save(first, HERE, ANSWERS, "3")
    with pytest.raises(TypeError):
        store.forget()


@pytest.mark.parametrize("value", [{1: "a"}, {"a": (1, 2)}, {"a": float("nan")}, {"a": {1, 2}}])
def test_answers_that_json_would_alter_are_refused(store: ScreeningStore, value: Any) -> None:
    reference = store.create(HERE)
    with pytest.raises(StoreError, match="JSON"):
        store.save(reference, HERE, value, "3")
    found = store.load(reference)
    assert found is not None
    assert found.answers == {}


@pytest.mark.parametrize("name", ["", "x" * 256, "a\x00b", "\ud800"])
def test_a_conversation_needs_a_name_that_can_be_stored(store: ScreeningStore, name: str) -> None:
    with pytest.raises(StoreError, match="name of a conversation"):
        store.create(name)


def test_neither_reference_nor_conversation_stands_in_the_file(
    sqlite: Database, sqlite_path: Path
) -> None:
    store = ScreeningStore(sqlite)
    reference = store.create(HERE)
    store.save(reference, HERE, ANSWERS, "3")
    stored = bytes_of(sqlite_path)
    assert b"under_13" in stored
    for secret in (reference, reference.replace("-", ""), HERE):
        assert secret.encode() not in stored


def test_forgetting_leaves_no_byte_of_the_answers(sqlite: Database, sqlite_path: Path) -> None:
    store = ScreeningStore(sqlite)
    reference = store.create(HERE)
    store.save(reference, HERE, {"note": "canary " * 2_000}, "3")
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
        lambda store: store.take_up(Key("0" * 64), HERE),
        lambda store: store.save(Key("0" * 64), HERE, {}, "3"),
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
