"""Guidance as data: sources, areas, contacts, topics, law, changes, terms."""

from bot.guidance.files import GuidanceError, Problem
from bot.guidance.load import Guidance, load_guidance

__all__ = ["Guidance", "GuidanceError", "Problem", "load_guidance"]
