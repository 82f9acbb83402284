"""Finds and removes details that could identify a child. Pure: no text is stored or logged."""

from bot.privacy.detail import Detail, Kind
from bot.privacy.reminder import reminder
from bot.privacy.scrubber import Scrubber

__all__ = ["Detail", "Kind", "Scrubber", "reminder"]
