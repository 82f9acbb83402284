"""The take-away as plain text to copy."""

from __future__ import annotations

from collections.abc import Iterable

from bot.documents.model import (
    LINES_MEANT,
    Blanks,
    Block,
    Bullets,
    Line,
    Steps,
    Subheading,
    Table,
    TakeAway,
)

_BLANK = "_" * 30


def as_text(take_away: TakeAway) -> str:
    """The take-away as plain text, complete and without markup; numbers in brackets are sources.

    Lines are not broken to a width: what it is pasted into does that.
    """
    lines = [take_away.title, "=" * len(take_away.title), ""]
    lines += [line.words for line in take_away.about]
    lines += ["", *(line.words for line in take_away.notice), ""]
    lines += [f"In short: {take_away.headline.words}"]
    for section in take_away.sections:
        lines += _heading(section.heading)
        for block in section.blocks:
            lines += _block(block)
    lines += _heading("Sources")
    lines += [LINES_MEANT]
    lines += [source.words for source in take_away.sources]
    lines += _heading("When anything changes")
    lines += [line.words for line in take_away.closing]
    return "\n".join(lines) + "\n"


def _heading(text: str) -> list[str]:
    return ["", text, "-" * len(text)]


def _block(block: Block) -> Iterable[str]:
    if isinstance(block, Subheading):
        yield f"\n{block.text}:"
    elif isinstance(block, Table):
        yield from (_row(block.columns, row) for row in block.rows)
    elif isinstance(block, Blanks):
        yield from (f"{label}: {_BLANK}" for label in block.labels)
    elif isinstance(block, Steps):
        yield from (f"{number}. {line.words}" for number, line in enumerate(block.lines, 1))
    elif isinstance(block, Bullets):
        yield from (f"- {line.words}" for line in block.lines)
    else:
        yield from (line.words for line in block.lines)


def _row(columns: tuple[str, ...], row: tuple[Line, ...]) -> str:
    """A row as a sentence: what it is about, then the second column, then the others by name."""
    first, second, *others = row
    words = f"- {first.words}: {second.words}"
    for column, cell in zip(columns[2:], others, strict=True):
        words += f"{'' if words.endswith(('.', ']')) else '.'} {column}: {cell.words}"
    return words
