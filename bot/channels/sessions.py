"""Session tokens: issued and signed by the server, so that nobody can name another's conversation.

A token is 57 bytes in URL-safe base64 (76 characters, no padding and no slack bits, so each token
has one spelling): a version, 128 random bits, the second of issue, and an HMAC-SHA256 of these.
"""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import os
import re
import secrets
import stat
import struct
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

#: Seconds that a token is good for. A product choice: a working day with room to spare.
LIFETIME = 24 * 60 * 60
#: Revoked tokens remembered at a time.
MOST_REVOKED = 100_000
#: Shortest secret that is accepted, in characters.
SHORTEST_SECRET = 32

_VERSION = 1
_HEAD = struct.Struct(">B16sQ")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{76}")


class SecretError(Exception):
    """The signing secret cannot be had; the text says what to do."""


class SessionRefused(Exception):  # noqa: N818 - a refusal, not a fault
    """A token that is not one of ours, has expired or was revoked."""


@dataclass(frozen=True)
class Session:
    """A conversation that a token stands for; times are seconds since 1970."""

    id: str
    issued: int
    expires: int

    @property
    def conversation(self) -> str:
        """The conversation's name in the dialogue engine."""
        return f"web-{self.id}"


@dataclass(frozen=True)
class Issued:
    """A new token and the moment at which it expires."""

    token: str
    expires: dt.datetime


class Sessions:
    """Issues, checks and revokes tokens.

    `secret` signs them; a new secret ends every session. `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        secret: bytes,
        clock: Callable[[], float] = time.time,
        most_revoked: int = MOST_REVOKED,
    ) -> None:
        # a key for this one purpose: the secret may sign other things too
        self._key = hmac.digest(secret, b"waymark web session", "sha256")
        self._clock = clock
        self._most_revoked = most_revoked
        self._revoked: OrderedDict[str, int] = OrderedDict()
        self._too_old = -1

    def issue(self) -> Issued:
        """A token for a new conversation."""
        issued = int(self._clock())
        head = _HEAD.pack(_VERSION, secrets.token_bytes(16), issued)
        token = base64.urlsafe_b64encode(head + self._sign(head)).decode("ascii")
        return Issued(token, dt.datetime.fromtimestamp(issued + LIFETIME, dt.UTC))

    def verify(self, token: object, revoked_too: bool = False) -> Session:
        """The session of a token; one that was revoked only if `revoked_too`.

        Raises SessionRefused, never saying which check failed.
        """
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise SessionRefused
        raw = base64.urlsafe_b64decode(token)
        head, signature = raw[: _HEAD.size], raw[_HEAD.size :]
        if not hmac.compare_digest(signature, self._sign(head)):
            raise SessionRefused
        version, random, issued = _HEAD.unpack(head)
        session = Session(random.hex(), issued, issued + LIFETIME)
        if (
            version != _VERSION
            or session.expires <= self._clock()
            or (self.is_revoked(session) and not revoked_too)
        ):
            raise SessionRefused
        return session

    def is_revoked(self, session: Session) -> bool:
        """Whether a session was revoked in this process."""
        return session.issued <= self._too_old or session.id in self._revoked

    def revoke(self, session: Session) -> None:
        """Refuse a session's token from now on.

        The list is bounded. When it is full of tokens that are still good, the one issued first
        leaves it, and every token as old as that one is refused instead: a revoked token never
        comes back; others get a new session.
        """
        now = self._clock()
        self._revoked[session.id] = session.issued
        if len(self._revoked) <= self._most_revoked:
            return
        for name, issued in list(self._revoked.items()):
            if issued + LIFETIME <= now:
                del self._revoked[name]
        while len(self._revoked) > self._most_revoked:
            name = min(self._revoked, key=self._revoked.__getitem__)
            self._too_old = max(self._too_old, self._revoked[name])
            self._revoked = OrderedDict(
                (one, issued) for one, issued in self._revoked.items() if issued > self._too_old
            )

    def _sign(self, head: bytes) -> bytes:
        return hmac.digest(self._key, head, "sha256")


def load_secret(folder: Path) -> bytes:
    """The signing secret of its own: the file `secret` in `folder`, made when missing.

    The file is readable by its owner alone. Raises SecretError when every user could read it, or
    when it cannot be read or made.
    """
    path = folder / "secret"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_new(path, secrets.token_hex(32))
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretError(
            f"The file {path} with the secret of the sessions cannot be used "
            f"({type(error).__name__}). Make the folder writable, or set WAYMARK_SECRET."
        ) from error
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        raise SecretError(
            f"Every user of this machine can read {path}, which signs the sessions. Delete it, and "
            "a new one is made; conversations that are under way end."
        )
    if len(text) < SHORTEST_SECRET:
        raise SecretError(f"The file {path} is damaged. Delete it, and a new one is made.")
    return text.encode()


def _write_new(path: Path, text: str) -> None:
    """Write a whole new file, or keep the one that another process made meanwhile."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
