"""What is added to the words to danger that goes on: why 999 is rung all the same, or how.

Each line stands first below the headline, whichever script says it. They are general knowledge of
the emergency service in the United Kingdom, worded so that nothing depends on more than that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bot.guidance.models import Citation, Point

#: What the person says of danger that goes on: that they wait, or would rather not ring; that they
#: no longer hear the child; that nobody comes, or takes the call; that they cannot speak, or have
#: no telephone that works; that whom they worry about is an adult; or no more than that it goes on.
Still = Literal[
    "hesitates", "contact_lost", "nobody_comes", "cannot_speak", "no_signal", "adult", "goes_on"
]

_SOURCE = (Citation.parse("general-practice"),)
_TEXTS: Mapping[Still, str] = {
    "hesitates": "Do not wait for a form, a manager, the morning or 101: 999 comes first, and"
    " nobody has to agree to it (general good practice, not confirmed by a source).",
    "contact_lost": "If you have rung already, ring 999 again: say that contact has been lost, and"
    " when. Silence does not mean that somebody is safe (general good practice, not confirmed by a"
    " source).",
    "nobody_comes": "If you have rung already, ring 999 again: say what is happening now, and that"
    " no help has come (general good practice, not confirmed by a source).",
    "cannot_speak": "If you cannot speak, ring 999 all the same and stay on the line: on a mobile,"
    " press 55 when you are asked to (the police's “Silent Solution”). A text to 999 only works"
    " from a phone that is registered with emergencySMS. Or have somebody else ring (general"
    " knowledge, not confirmed by a source).",
    "no_signal": "Try 999 all the same: a mobile may reach it over another network, and over Wi-Fi"
    " where Wi-Fi calling is switched on. Or use another phone, or have somebody else ring (general"
    " knowledge, not confirmed by a source).",
    "adult": "999 is for an adult in danger as well: ring it first (general knowledge, not"
    " confirmed by a source).",
}
#: The line for each that has one.
LINES: Mapping[Still, Point] = {
    kind: Point(text=text, cite=_SOURCE) for kind, text in _TEXTS.items()
}
