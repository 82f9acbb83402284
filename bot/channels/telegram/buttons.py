"""What is under a message: buttons whose meaning is kept in SQL under a short token.

A button carries `TOKEN:NUMBER`, at most 27 bytes of the 64 that Telegram takes. `content` of a
keyboard is `{"kind": "choices", "entries": […]}` or `{"kind": "checklist", "question", "ticks",
"states", "entries"}`; `state` is `{"used": [numbers]}` and, for a checklist, `"answers"`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram.rendering import international
from bot.channels.telegram.splitting import shortened
from bot.channels.telegram.wording import BUTTONS, NOT_SAID
from bot.serving.engine import Said
from bot.store.telegram import Keyboard, new_token

#: Most bytes that Telegram takes in a button's data.
MOST_BYTES = 64
#: Longest title of a button, in UTF-16 units; phones cut longer ones.
LONGEST_TITLE = 56
#: Titles up to this length stand two in a row.
_HALF_ROW = 16
#: The number of the button that sends a checklist; ticks are numbered from 1,000.
SEND = 999
_TICKS = 1_000

_DATA = re.compile(r"([A-Za-z0-9_-]{22}):([0-9]{1,4})")

Entry = dict[str, Any]


def read_data(data: str | None) -> tuple[str, int] | None:
    """The token and number that a button carries, or None when it is none of ours."""
    found = _DATA.fullmatch(data or "")
    return (found[1], int(found[2])) if found else None


def keyboard_of(said: Said, more: Sequence[Entry] = ()) -> Keyboard | None:
    """The buttons of one message of the bot, with `more` at the end; None when it has none."""
    reply = said.reply or {}
    entries: list[Entry] = [
        {"title": one["title"], "do": "turn", "payload": one["payload"]} for one in said.buttons
    ]
    entries += [
        {"title": one["title"], "do": "document", "kind": one["kind"]}
        for one in reply.get("downloads") or ()
    ]
    entries += _callable(reply.get("contacts") or ())
    entries += more
    checklist = reply.get("checklist")
    if checklist:
        answers = {one["id"]: one["state"] for one in checklist["ticks"] if one.get("state")}
        content = {
            "kind": "checklist",
            "question": checklist["question"],
            "ticks": [[one["id"], one["title"]] for one in checklist["ticks"]],
            "states": [list(one) for one in checklist["states"]],
            "entries": entries,
        }
        return Keyboard(new_token(), content, {"used": [], "answers": answers})
    return choices(entries)


def choices(entries: Sequence[Entry]) -> Keyboard | None:
    """Buttons of our own; None when there are none."""
    if not entries:
        return None
    return Keyboard(new_token(), {"kind": "choices", "entries": list(entries)}, {"used": []})


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup:
    """The buttons as Telegram shows them."""
    rows: list[list[InlineKeyboardButton]] = []
    if keyboard.content["kind"] == "checklist":
        names = dict(keyboard.content["states"])
        answers = keyboard.state["answers"]
        for number, (name, title) in enumerate(keyboard.content["ticks"]):
            stands = names.get(answers.get(name), NOT_SAID)
            shown = f"{number + 1}. {stands} · {title}"
            rows.append([_button(keyboard, shown, _TICKS + number)])
        rows.append([_button(keyboard, BUTTONS["send_ticks"], SEND)])
    for number, entry in enumerate(keyboard.content["entries"]):
        title = str(entry["title"])
        button = _button(keyboard, title, number)
        last = rows[-1] if rows else []
        if len(last) == 1 and max(len(last[0].text), len(title)) <= _HALF_ROW:
            last.append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows)


def chosen_markup(keyboard: Keyboard, title: str) -> InlineKeyboardMarkup:
    """What is left of a question that was answered: the answer, to be seen."""
    return InlineKeyboardMarkup([[_button(keyboard, f"✓ {title}", 0)]])


def entry_of(keyboard: Keyboard, number: int) -> Entry | None:
    """What a numbered button of a keyboard does, or None where there is no such button."""
    entries: list[Entry] = keyboard.content["entries"]
    return entries[number] if 0 <= number < len(entries) else None


def toggled(keyboard: Keyboard, number: int) -> dict[str, Any] | None:
    """The state after a tick was tapped: its next answer, and after the last none again.

    None where the number is not a tick's.
    """
    ticks = keyboard.content.get("ticks") or ()
    at = number - _TICKS
    if not 0 <= at < len(ticks):
        return None
    name = ticks[at][0]
    order = [value for value, _ in keyboard.content["states"]]
    answers = dict(keyboard.state["answers"])
    now = answers.pop(name, None)
    following = order.index(now) + 1 if now in order else 0
    if following < len(order):
        answers[name] = order[following]
    return {**keyboard.state, "answers": answers}


def tick_said(keyboard: Keyboard, state: Mapping[str, Any], number: int) -> str:
    """The words that say how a tick stands now."""
    name, title = keyboard.content["ticks"][number - _TICKS]
    names = dict(keyboard.content["states"])
    return shortened(f"{names.get(state['answers'].get(name), NOT_SAID)}: {title}", 190)


def checklist_payload(keyboard: Keyboard) -> str | None:
    """The message that a checklist sends, or None while nothing is said."""
    answers = keyboard.state["answers"]
    if not answers:
        return None
    values = {"question": keyboard.content["question"], "answer": json.dumps(answers)}
    return f"/screening_answer{json.dumps(values)}"


def answers_a_question(keyboard: Keyboard, entry: Entry) -> bool:
    """Whether a button answers a screening's question: then the others are of no use any more."""
    return keyboard.content["kind"] == "checklist" or str(entry.get("payload", "")).startswith(
        ("/screening_answer", "/screening_level", "/screening_skip")
    )


def is_closed(keyboard: Keyboard) -> bool:
    """Whether the question above these buttons was answered with one of them already."""
    done: list[int] = keyboard.state["used"]
    if keyboard.content["kind"] == "checklist":
        return bool(done)
    found = (entry_of(keyboard, number) for number in done)
    return any(entry is not None and answers_a_question(keyboard, entry) for entry in found)


def used(keyboard: Keyboard, number: int) -> dict[str, Any] | None:
    """The state after a button was used; None when it, or another answer, was used before."""
    before: list[int] = keyboard.state["used"]
    entry = entry_of(keyboard, number)
    answers = entry is None or answers_a_question(keyboard, entry)
    if number in before or (answers and is_closed(keyboard)):
        return None
    return {**keyboard.state, "used": [*before, number]}


def _button(keyboard: Keyboard, title: str, number: int) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        shortened(title, LONGEST_TITLE), callback_data=f"{keyboard.token}:{number}"
    )


def _callable(contacts: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """A button for each number that a contact card can ring; 999 and 101 are dialled by hand."""
    found = []
    for one in contacts:
        number = international(str(one["number"])) if one.get("number") else None
        if number:
            title = BUTTONS["contact"].format(name=one["name"])
            found.append({"title": title, "do": "contact", "name": one["name"], "number": number})
    return found
