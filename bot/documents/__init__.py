"""The take-away at the end of a screening or a route: the same facts in four formats.

The public door for what it holds. Each format has a module of its own, imported where it is
needed: `text.as_text`, `pdf.as_pdf`, `word.as_word`, `calendar_file.as_calendar`.
"""

from bot.documents.assemble import Screening, take_away
from bot.documents.errors import TakeAwayError
from bot.documents.model import TakeAway

__all__ = ["Screening", "TakeAway", "TakeAwayError", "take_away"]
