"""What the bot says, once, when somebody types an identifying detail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from bot.guidance.answering import Citations
from bot.guidance.load import Guidance, guidance_folder
from bot.guidance.reply import Reply, Statement
from bot.privacy.detail import Kind
from bot.privacy.lists import read_lists


def reminder(kinds: Collection[str], guidance: Guidance) -> Reply:
    """A reply that names the kinds found, not what was typed, and says where details belong.

    `kinds`: as `Scrubber.kinds` returns them; with none, a general sentence. Raises GuidanceError
    when `privacy.yml` cannot be used.
    """
    lists = read_lists(guidance_folder())
    words = lists.reminder
    named = [lists.kinds[kind] for kind in Kind if kind in kinds and kind in lists.kinds]
    if not named:
        headline = words.headline_any
    else:
        listing = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
        headline = words.headline.format(kinds=listing)
    cites = Citations(guidance, dt.date.today())
    points = tuple(Statement(point.text, cites.add(point.cite)) for point in words.points)
    return Reply(kind="privacy", headline=headline, points=points, sources=cites.lines())
