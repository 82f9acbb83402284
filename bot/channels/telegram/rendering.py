"""A reply as messages of Telegram: headline, claims with the numbers of their sources, contacts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from telegram import MessageEntity

from bot.channels.telegram.splitting import LONGEST, Block, Footnotes, Part, split, units
from bot.serving.engine import Said

#: Choices up to this length are shown as buttons only, not as numbered lines too.
SHORT_TITLE = 32
#: The footnote that explains a mark of a route's text; it comes after the sources.
_FLAG = 10_000
_FLAG_LINE = "* A product choice, not your area's procedure."

_MARKS = re.compile(r"(?: \[\d+\]|(?<=\])\[\d+\])+$")
_SOURCE = re.compile(r"\[(\d+)\] (.+)")


def render(said: Said, longest: int = LONGEST) -> list[Part]:
    """One message of the bot as one or more of Telegram, each with the sources of its claims."""
    reply = said.reply
    if not reply:
        return split(_plain_blocks(said.text), Footnotes({}), longest=longest)
    if reply.get("plain"):
        return _route(str(reply["plain"]), longest)
    sources = [str(one) for one in reply.get("sources") or ()]
    notes = {number: f"{number}. {line}" for number, line in enumerate(sources, 1)}
    footnotes = Footnotes(notes, "Source:" if len(sources) == 1 else "Sources:")
    every = tuple(notes)
    blocks = [_heading(reply, every)]
    blocks += [_claim(point, every) for point in shown_points(reply)]
    if differs := reply.get("differs"):
        title = "The sources differ:"
        first, *rest = (_claim(point, every) for point in differs)
        # the title stays with the first of its lines
        blocks.append(Block(f"{title}\n{first.text}", first.notes, ((0, len(title)),)))
        blocks += rest
    blocks += _contacts(reply.get("contacts") or (), every)
    blocks += [Block(f"Since then: {note}", every) for note in reply.get("notes") or ()]
    return split(blocks, footnotes, str(reply.get("closing") or ""), longest)


def shown_points(reply: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The points of a reply, without those that only repeat its buttons."""
    points = list(reply.get("points") or ())
    titles = [str(one["title"]) for one in reply.get("choices") or ()]
    if reply.get("checklist") or not titles or max(map(len, titles)) > SHORT_TITLE:
        return points
    repeated = {f"{number}. {title}" for number, title in enumerate(titles, 1)}
    return [one for one in points if one["text"] not in repeated]


def entities(part: Part) -> list[MessageEntity]:
    """The styles of a message as Telegram wants them. Nothing needs escaping that way."""
    return [MessageEntity(one.kind, one.start, one.length) for one in part.styles]


def international(number: str) -> str | None:
    """A British number as every phone can ring it at a tap (+44…), or None for a short one."""
    digits = re.sub(r"[^0-9+]", "", number)
    if digits.startswith("+") and len(digits) > 8:
        return digits
    return f"+44{digits[1:]}" if digits.startswith("0") and len(digits) >= 8 else None


def _heading(reply: Mapping[str, Any], every: tuple[int, ...]) -> Block:
    label, headline = str(reply.get("label") or ""), str(reply["headline"])
    text = f"{label}\n{headline}" if label else headline
    return Block(text, every, ((len(text) - len(headline), len(text)),))


def _claim(point: Mapping[str, Any], every: tuple[int, ...]) -> Block:
    cites = tuple(int(one) + 1 for one in point.get("cites") or ())
    known = tuple(one for one in cites if one in every)
    marks = "".join(f"[{one}]" for one in known)
    # a claim that names none of the sources could rest on any of them
    return Block(f"• {point['text']}{f' {marks}' if marks else ''}", known or every)


def _contacts(contacts: Sequence[Mapping[str, Any]], every: tuple[int, ...]) -> list[Block]:
    """A block for each contact; a warning that several share is said once."""
    blocks = []
    said: set[str] = set()
    for one in contacts:
        number = one.get("number")
        mark = "☎" if number else "✉" if one.get("email") else "↗"
        address = str(number or one.get("email") or one.get("web") or "")
        lines = [f"{mark} {one['name']}", address]
        tapped = international(address) if number else None
        if tapped:
            lines[1] += f"  ({tapped})"
        details = [str(one[key]) for key in ("hours",) if one.get(key)]
        if one.get("note") and one["note"] not in said:
            said.add(one["note"])
            details.append(str(one["note"]))
        if details:
            lines.append(f"{'. '.join(words.rstrip('.') for words in details)}.")
        blocks.append(Block("\n".join(lines), every, ((2, len(lines[0])),)))
    return blocks


def _plain_blocks(text: str) -> list[Block]:
    return [Block(line) for line in text.split("\n") if line.strip()] or [Block("…")]


def _route(plain: str, longest: int) -> list[Part]:
    """A text that numbers its own claims: each line keeps the sources that its numbers name."""
    lines = plain.split("\n")
    at = lines.index("Sources:") if "Sources:" in lines else len(lines)
    notes: dict[int, str] = {}
    after: list[str] = []
    for line in lines[at + 1 :]:
        found = _SOURCE.fullmatch(line)
        if found and not after:
            notes[int(found[1])] = line
        else:
            after.append(line)
    has_flag = _FLAG_LINE in lines[:at]
    if has_flag:
        notes[_FLAG] = _FLAG_LINE
    blocks: list[Block] = []
    title = ""
    for number, line in enumerate(line for line in lines[:at] if line != _FLAG_LINE):
        if line.endswith(":") and number:
            # a title stays with the first of its lines
            title = f"{title}{line}\n"
            continue
        marks = _MARKS.search(line)
        cited = [int(one) for one in re.findall(r"\d+", marks.group())] if marks else []
        if has_flag and (line[: marks.start()] if marks else line).endswith(" *"):
            cited.append(_FLAG)
        bold = ((0, len(title) - 1),) if title else ((0, len(line)),) if not number else ()
        known = tuple(one for one in cited if one in notes)
        # the headline sums up what follows
        keys = tuple(one for one in notes if one != _FLAG) if not number else known
        blocks.append(Block(f"{title}{line}", keys, bold))
        title = ""
    if title:
        blocks.append(Block(title.rstrip("\n")))
    return split(blocks, Footnotes(notes), "\n".join(after), longest)


__all__ = ["entities", "international", "render", "shown_points", "units"]
