"""Invitations: nobody gets in by guessing, by repeating, or by being quick."""

from __future__ import annotations

import concurrent.futures
import datetime as dt
import secrets
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import event, select

from bot.channels.telegram import invite_command
from bot.cli import main
from bot.store import accounts, invitations
from bot.store.accounts import CONFIRM_AFTER, MOST_ATTEMPTS, Accounts, Redeemed
from bot.store.database import Database, open_database
from bot.store.errors import StoreError
from bot.store.invitations import Invitations
from bot.store.migrations import migrate
from bot.store.telegram import Keyboard, TelegramStore, new_token
from bot.store.telegram_models import TelegramAccount, TelegramInvitation
from tests.store import postgres
from tests.store.conftest import Clock, clock, postgres_server

__all__ = ["clock", "postgres_server"]

GUESSES = 10_000


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database, on each of the two kinds of server."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'kept' / 'waymark.db'}", patience=30)
        # the disk need not be waited for: this is about codes, not about power cuts
        event.listen(opened.engine, "connect", _hurried)
        migrate(opened.engine)
        yield opened
        opened.close()
        return
    with postgres.empty_database(request.getfixturevalue("postgres_server")) as url:
        opened = open_database(url.render_as_string(hide_password=False), patience=30)
        migrate(opened.engine)
        yield opened
        opened.close()


def _hurried(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def person(number: int) -> str:
    return f"{number:064x}"


def test_a_code_lets_in_one_person_once(kept: Database) -> None:
    _, code = Invitations(kept).make("outreach")
    who = Accounts(kept)
    assert who.find(person(1)) is None
    assert who.redeem(person(1), code) is Redeemed.ADMITTED
    assert who.find(person(1)) is not None
    assert who.redeem(person(1), code) is Redeemed.ALREADY
    assert who.redeem(person(2), code) is Redeemed.REFUSED
    assert who.find(person(2)) is None


def test_guesses_let_in_nobody(kept: Database) -> None:
    """From a thousand people: half are refused for their codes, half for their many attempts."""
    made = [Invitations(kept).make()[1] for _ in range(20)]
    who = Accounts(kept)
    alphabet = string.ascii_letters + string.digits + "-_"
    few = GUESSES // 20 if kept.engine.dialect.name == "postgresql" else GUESSES
    let_in = 0
    for number in range(few):
        match number % 4:
            case 0:
                guess = secrets.token_urlsafe(16)
            case 1:  # one letter beside a real code
                code = made[number % 20]
                at = number % 22
                guess = code[:at] + secrets.choice(alphabet.replace(code[at], "")) + code[at + 1 :]
            case 2:  # cut, longer, in another case
                guess = secrets.choice([code[:-1], code + "A", code.swapcase(), f" {code}"])
            case _:
                guess = secrets.choice(["", "' OR 1=1 --", "%", "_" * 22, "A" * 22, "\0", "é" * 22])
        let_in += who.redeem(person(number // 10), guess) is not Redeemed.REFUSED
    print(f"\n{few} guesses on {kept.engine.dialect.name}: {let_in} let in")
    assert let_in == 0
    assert all(one.status == "open" for one in Invitations(kept).all())


def test_replays_let_in_nobody(kept: Database) -> None:
    who = Accounts(kept)
    codes = [Invitations(kept).make()[1] for _ in range(20)]
    for number, code in enumerate(codes):
        assert who.redeem(person(number), code) is Redeemed.ADMITTED
    others = range(1_000, 1_000 + (50 if kept.engine.dialect.name == "postgresql" else 500))
    found = [who.redeem(person(number), codes[number % 20]) for number in others]
    assert set(found) == {Redeemed.REFUSED}


def test_of_many_at_one_moment_one_is_let_in(kept: Database) -> None:
    who = Accounts(kept)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for race in range(12):
            _, code = Invitations(kept).make()
            people = [person(race * 100 + one) for one in range(8)]
            found = list(pool.map(lambda one, code=code: who.redeem(one, code), people))
            assert found.count(Redeemed.ADMITTED) == 1
            assert found.count(Redeemed.REFUSED) == 7
            assert sum(who.find(one) is not None for one in people) == 1


def test_one_person_with_two_codes_at_one_moment_uses_one(kept: Database) -> None:
    who = Accounts(kept)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for race in range(8):
            codes = [Invitations(kept).make()[1] for _ in range(4)]
            found = list(pool.map(lambda code, race=race: who.redeem(person(race), code), codes))
            assert found.count(Redeemed.ADMITTED) == 1
    used = [one for one in Invitations(kept).all() if one.status == "used"]
    assert len(used) == 8


def test_after_too_many_attempts_a_right_code_is_refused_for_a_day(
    kept: Database, clock: Clock
) -> None:
    _, code = Invitations(kept, clock).make(valid_for=dt.timedelta(days=5))
    who = Accounts(kept, clock)
    for _ in range(MOST_ATTEMPTS):
        assert who.redeem(person(1), "wrong") is Redeemed.REFUSED
    assert who.redeem(person(1), code) is Redeemed.REFUSED
    clock.pass_by(hours=25)
    assert who.redeem(person(1), code) is Redeemed.ADMITTED


@pytest.mark.parametrize("why", ["expired", "revoked"])
def test_an_invitation_that_is_no_longer_good_is_refused(
    kept: Database, clock: Clock, why: str
) -> None:
    made, code = Invitations(kept, clock).make(valid_for=dt.timedelta(days=2))
    if why == "expired":
        clock.pass_by(days=2)
    else:
        assert Invitations(kept, clock).revoke(made.id) == "open"
    assert Accounts(kept, clock).redeem(person(1), code) is Redeemed.REFUSED
    assert [one.status for one in Invitations(kept, clock).all()] == [why]


def test_revoking_ends_the_access_of_whoever_used_it(kept: Database) -> None:
    made, code = Invitations(kept).make()
    who = Accounts(kept)
    who.redeem(person(1), code)
    assert Invitations(kept).revoke(made.id) == "used"
    assert who.find(person(1)) is None
    assert Invitations(kept).revoke(made.id) == "revoked"
    assert Invitations(kept).revoke(999) is None


def test_only_hashes_are_kept(kept: Database) -> None:
    _, code = Invitations(kept).make("a team")
    with kept.reading() as session:
        (row,) = session.scalars(select(TelegramInvitation)).all()
        held = f"{row.code_hash} {row.label}"
    assert code not in held
    assert len(code) == 22


def test_access_must_be_confirmed_after_ninety_days_and_ends_after_twice_that(
    kept: Database, clock: Clock
) -> None:
    _, code = Invitations(kept, clock).make()
    who = Accounts(kept, clock)
    who.redeem(person(1), code)

    def needed() -> bool | None:
        found = who.find(person(1))
        return None if found is None else found.needs_confirmation

    clock.pass_by(days=89)
    assert needed() is False
    clock.pass_by(days=1)
    assert needed() is True
    who.confirm(person(1))
    assert needed() is False
    who.suspend(person(1))
    assert needed() is True
    who.confirm(person(1))
    clock.now += 2 * CONFIRM_AFTER
    TelegramStore(kept, clock).purge()
    assert needed() is None


def test_a_purge_leaves_nothing_that_is_past_its_time(kept: Database, clock: Clock) -> None:
    store, who = TelegramStore(kept, clock), Accounts(kept, clock)
    _, code = Invitations(kept, clock).make()
    who.redeem(person(1), code)
    who.redeem(person(2), "wrong")
    Invitations(kept, clock).make()
    store.take([(1, 41), (2, 42)])
    store.handled(1, person(1), [7, 8])
    store.keep_keyboards(person(1), [Keyboard(new_token(), {"kind": "choices"}, {"used": []})])
    assert store.purge() == 0
    clock.pass_by(hours=25)
    assert store.purge() == 2, "the buttons and the wrong attempt"
    clock.pass_by(hours=24)
    assert store.purge() == 4, "two updates and two messages"
    clock.pass_by(days=40)
    assert store.purge() == 1, "the invitation that nobody used"
    assert [one.status for one in Invitations(kept, clock).all()] == ["used"]
    with kept.reading() as session:
        assert len(session.scalars(select(TelegramAccount)).all()) == 1


# The command line


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Invitations]:
    monkeypatch.setenv("WAYMARK_DATABASE_URL", f"sqlite:///{tmp_path / 'kept' / 'waymark.db'}")
    opened = open_database()
    yield Invitations(opened)
    opened.close()


def invite(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["invite", *words])
    return result.exit_code, result.output


def test_links_are_made_listed_and_revoked(at_home: Invitations) -> None:
    code, made = invite("make", "--bot", "@waymark_bot", "--note", "night team", "--count", "2")
    assert code == 0
    links = [line for line in made.splitlines() if line.startswith("https://")]
    assert len(links) == 2
    assert all(one.startswith("https://t.me/waymark_bot?start=") for one in links)
    code, listed = invite("list")
    assert code == 0
    assert listed.count("night team") == 2
    assert links[0].split("=")[1] not in listed
    assert invite("revoke", "1") == (0, "Invitation 1 is revoked.\n")
    assert [one.status for one in at_home.all()] == ["revoked", "open"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("make", "--bot", "a b"), "username"),
        (("make", "--bot", "waymark_bot", "--note", "x" * 81), "at most 80"),
        (("make", "--bot", "waymark_bot", "--days", "91"), "91"),
        (("revoke", "7"), "There is no invitation 7"),
    ],
)
def test_what_cannot_be_done_is_explained(
    at_home: Invitations, words: tuple[str, ...], says: str
) -> None:
    code, output = invite(*words)
    assert code != 0
    assert says in output
    assert "Traceback" not in output


def test_the_command_and_the_store_agree_on_days() -> None:
    assert dt.timedelta(days=invite_command.DAYS) == invitations.VALID_FOR
    assert dt.timedelta(days=invite_command.MOST_DAYS) == invitations.LONGEST_VALID
    assert dt.timedelta(hours=24) == accounts.ATTEMPTS_WITHIN


def test_an_invitation_is_good_for_a_time_that_makes_sense(kept: Database) -> None:
    for days in (0, -1, 91):
        with pytest.raises(StoreError, match="90 days"):
            Invitations(kept).make(valid_for=dt.timedelta(days=days))
