"""Immediate danger, self-harm, and people whom the guidance is not for: looked at before all else.

`Watch.look` finds them in a message; `reply_for` says what is answered; `Watch.near_danger` and
`danger_line` put one line with 999 above an ordinary answer where a message comes near.
"""

from bot.safety.alarm import KINDS, Alarm, Kind
from bot.safety.replies import check_safety, danger_line, reply_for, script_for
from bot.safety.watch import Watch

__all__ = [
    "KINDS",
    "Alarm",
    "Kind",
    "Watch",
    "check_safety",
    "danger_line",
    "reply_for",
    "script_for",
]
