"""Where what the watch learned is kept, for guidance that may stand outside the project."""

from __future__ import annotations

from pathlib import Path

from bot.guidance.load import own_guidance
from bot.safety.learning import kept_at
from bot.safety.meaning import shared_meaning
from bot.safety.words import EXAMPLES, read_safety


def learnt_in(guidance: Path, own: Path | None = None) -> Path:
    """The guidance folder whose examples the watch of `guidance` learns from.

    That is `own` (the project's, when it is not given) where `guidance` stands elsewhere with the
    same examples, and has the same training phrases beside it or none; else `guidance` itself.
    """
    own = own or own_guidance()
    if guidance.resolve() == own.resolve() or not own.is_dir():
        return guidance
    phrases = guidance.parent / "nlu"
    same = _contents(guidance / EXAMPLES) == _contents(own / EXAMPLES) and (
        not phrases.is_dir() or _contents(phrases) == _contents(own.parent / "nlu")
    )
    return own if same else guidance


def learned_at(guidance: Path, own: Path | None = None) -> Path:
    """The file that holds what the watch of `guidance` learned, whether it is there or not.

    Raises GuidanceError when `safety.yml` cannot be read.
    """
    words = read_safety(guidance)[1].watch
    return kept_at(learnt_in(guidance, own), words, shared_meaning() is not None)


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.yml"))
    }
