"""Immediate danger, self-harm, and people whom the guidance is not for: looked at before all else.

`Watch.look` finds them in a message; `reply_for` says what is answered; `Watch.near_danger` and
`danger_line` put one line with 999 above an ordinary answer where a message comes near. `prepare`
learns from the examples beforehand, and `learned_at` says into which file.
"""

from bot.safety.alarm import FOR_THE_PERSON, KINDS, Alarm, Kind
from bot.safety.kept import learned_at
from bot.safety.replies import check_safety, danger_line, reply_for, script_for
from bot.safety.watch import Watch


def prepare() -> None:
    """Learn from the examples as they are now, so that no watch has to when it is made."""
    Watch(fresh=True)


__all__ = [
    "FOR_THE_PERSON",
    "KINDS",
    "Alarm",
    "Kind",
    "Watch",
    "check_safety",
    "danger_line",
    "learned_at",
    "prepare",
    "reply_for",
    "script_for",
]
