"""Numbers what the bot says in a session and holds it for a while: nothing is lost on the way.

Only the bot's own messages are held, in memory, for the sessions that spoke last.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.serving.engine import Said

#: Messages held for one session.
MOST_MESSAGES = 200
#: Sessions that messages are held for.
MOST_SESSIONS = 1_000


@dataclass(frozen=True)
class Sent:
    """One message of the bot: its number in the session, and the id of what it answers."""

    seq: int
    id: str
    reply: dict[str, Any]

    def payload(self) -> dict[str, Any]:
        """The message as JSON values."""
        return {"seq": self.seq, "id": self.id, "reply": self.reply}


@dataclass(frozen=True)
class Missed:
    """What came after a number. `last` is the newest; `gone`: some of it is no longer held."""

    messages: tuple[Sent, ...]
    last: int
    gone: bool

    def with_more(self, other: Missed) -> Missed:
        """This, and what somebody else has held of the same session meanwhile."""
        if not other.messages:
            return self
        by_number = {one.seq: one for one in (*other.messages, *self.messages)}
        messages = tuple(by_number[number] for number in sorted(by_number))
        return Missed(messages, max(self.last, other.last), self.gone and other.gone)


@dataclass
class _Line:
    last: int
    held: deque[Sent] = field(default_factory=deque)


class Replays:
    """The recent messages of the bot in each session.

    At most `most_messages` are held for each of at most `most_sessions` sessions; the session that
    was quiet longest is let go first.
    """

    def __init__(
        self, most_messages: int = MOST_MESSAGES, most_sessions: int = MOST_SESSIONS
    ) -> None:
        self._most_messages = most_messages
        self._most_sessions = most_sessions
        self._lines: OrderedDict[str, _Line] = OrderedDict()

    def add(
        self, session: str, message: str, said: Sequence[Said], after: int | None, start: int
    ) -> tuple[Sent, ...]:
        """Number the replies to a message, and hold them.

        `after` is the last number that the page has had, where it said so: a session that is not
        held any more (the server was started anew) goes on counting from there, else from `start`.
        """
        line = self._lines.get(session)
        if line is None:
            line = self._lines[session] = _Line(start if after is None else after)
        self._lines.move_to_end(session)
        line.last = max(line.last, after or 0)
        sent = tuple(
            Sent(line.last + number, message, one.payload()) for number, one in enumerate(said, 1)
        )
        line.last += len(sent)
        line.held.extend(sent)
        while len(line.held) > self._most_messages:
            line.held.popleft()
        while len(self._lines) > self._most_sessions:
            self._lines.popitem(last=False)
        return sent

    def since(self, session: str, after: int) -> Missed:
        """What a session was sent after the number `after`."""
        line = self._lines.get(session)
        if line is None:
            return Missed((), after, gone=after > 0)
        messages = tuple(one for one in line.held if one.seq > after)
        first = messages[0].seq if messages else line.last + 1
        return Missed(messages, line.last, gone=first > after + 1 or after > line.last)

    def forget(self, session: str) -> None:
        """Let go of everything of a session."""
        self._lines.pop(session, None)

    def __len__(self) -> int:
        return len(self._lines)
