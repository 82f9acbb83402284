"""Session tokens: only the server's own are accepted, and none that has ended."""

from __future__ import annotations

import base64
import random
import stat
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sessions import (
    LIFETIME,
    SecretError,
    SessionRefused,
    Sessions,
    load_secret,
)

SECRET = b"the secret of these tests, long enough"
ALPHABET = string.ascii_letters + string.digits + "-_"


class Clock:
    """Seconds that go by when they are told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(SECRET, clock)


def refused(sessions: Sessions, token: object) -> bool:
    try:
        sessions.verify(token)
    except SessionRefused:
        return True
    return False


def test_an_issued_token_names_one_conversation(sessions: Sessions) -> None:
    issued = sessions.issue()
    session = sessions.verify(issued.token)
    assert sessions.verify(issued.token) == session
    assert session.expires == issued.expires.timestamp() == session.issued + LIFETIME
    assert len(session.id) == 32  # 128 bits
    assert session.id in session.conversation


def test_every_session_is_another(sessions: Sessions) -> None:
    tokens = [sessions.issue().token for _ in range(1_000)]
    assert len({sessions.verify(token).id for token in tokens}) == 1_000


def test_ten_thousand_forged_tokens_are_refused(sessions: Sessions) -> None:
    chance = random.Random(1)
    good = [sessions.issue().token for _ in range(20)]
    accepted = 0
    for number in range(10_000):
        token = chance.choice(good)
        kind = number % 5
        if kind == 0:  # invented
            forged = "".join(chance.choices(ALPHABET, k=76))
        elif kind == 1:  # one character changed
            place = chance.randrange(76)
            other = chance.choice(ALPHABET.replace(token[place], ""))
            forged = token[:place] + other + token[place + 1 :]
        elif kind == 2:  # one bit changed
            raw = bytearray(base64.urlsafe_b64decode(token))
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
            forged = base64.urlsafe_b64encode(raw).decode()
        elif kind == 3:  # the signature of another token
            other = chance.choice([one for one in good if one != token])
            forged = token[:36] + other[36:]
        else:  # cut or lengthened
            cut = chance.randrange(76)
            forged = chance.choice([token[:cut], token + chance.choice(ALPHABET), token + "="])
        accepted += not refused(sessions, forged)
    assert accepted == 0


@pytest.mark.parametrize("change", [" {}", "{} ", "{}\n", "{}=", "{}\0", "+{}", "{}{}"])
def test_a_token_has_one_spelling(sessions: Sessions, change: str) -> None:
    token = sessions.issue().token
    assert refused(sessions, change.format(token, token))


@given(st.one_of(st.text(), st.binary(), st.none(), st.integers(), st.lists(st.text())))
def test_anything_else_is_refused(token: object) -> None:
    assert refused(Sessions(SECRET), token)


def test_a_token_of_another_secret_is_refused(sessions: Sessions, clock: Clock) -> None:
    assert refused(sessions, Sessions(b"another secret", clock).issue().token)


def test_a_token_is_good_for_a_day_and_no_longer(sessions: Sessions, clock: Clock) -> None:
    token = sessions.issue().token
    clock.now += LIFETIME - 1
    sessions.verify(token)
    clock.now += 1
    assert refused(sessions, token)


def test_a_revoked_token_is_refused_and_others_are_not(sessions: Sessions) -> None:
    one, other = sessions.issue().token, sessions.issue().token
    sessions.revoke(sessions.verify(one))
    assert refused(sessions, one)
    sessions.verify(other)


def test_a_revoked_token_never_comes_back_when_the_list_is_full(clock: Clock) -> None:
    sessions = Sessions(SECRET, clock, most_revoked=10)
    tokens = []
    for _ in range(50):
        tokens.append(sessions.issue().token)
        clock.now += 1
        sessions.revoke(sessions.verify(tokens[-1]))
        assert len(sessions._revoked) <= 10
    assert all(refused(sessions, token) for token in tokens)
    sessions.verify(sessions.issue().token)


def test_expired_tokens_leave_the_list_first(clock: Clock) -> None:
    sessions = Sessions(SECRET, clock, most_revoked=2)
    for _ in range(2):
        sessions.revoke(sessions.verify(sessions.issue().token))
    clock.now += LIFETIME
    kept = sessions.issue().token
    sessions.revoke(sessions.verify(sessions.issue().token))
    sessions.verify(kept)


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    secret = load_secret(folder)
    assert load_secret(folder) == secret
    assert len(secret) >= 32
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["secret"]


def test_a_secret_that_others_could_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("x" * 40)
    path.chmod(0o644)
    with pytest.raises(SecretError, match="Delete it, and a new one is made"):
        load_secret(tmp_path)


def test_a_damaged_secret_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("")
    with pytest.raises(SecretError, match="Delete it"):
        load_secret(tmp_path)
