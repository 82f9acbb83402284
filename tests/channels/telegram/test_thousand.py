"""A thousand updates from a hundred chats, with faults: in order, none lost, none answered twice."""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from tests.channels.telegram.bot_api import BotApi, Fault, Person, Shown
from tests.channels.telegram.conftest import Running

Invited = Callable[[int], Person]

CHATS, UPDATES = 100, 1_000
#: The share of all calls with which something goes wrong.
SHARE = 0.12
AREAS = ("Luton", "Hartlepool", "Nottinghamshire", "Derbyshire")
CHOSEN = "Wiltshire"
NOTE = "may not have reached you"


class Faults:
    """Makes calls go wrong, in every way that Telegram knows.

    `unsure` holds for each chat and for each note about it, in order, the messages of which the
    bot cannot know: whether they were answers and lost (or arrived all the same).
    """

    def __init__(self, seed: int) -> None:
        self._choice = random.Random(seed)
        self.unsure: dict[int, list[list[bool]]] = defaultdict(list)
        self._not_yet_noted: dict[int, list[bool]] = defaultdict(list)
        self.made: Counter[str] = Counter()

    def __call__(self, method: str, chat: int | None, values: dict[str, Any]) -> Fault | None:
        noted = NOTE in values.get("text", "")
        if chat is not None and noted and (together := self._not_yet_noted.pop(chat, None)):
            self.unsure[chat].append(together)
        if method == "sendChatAction" or self._choice.random() >= SHARE:
            return None
        kinds = ["before", "after", "gateway", "wait", "slow"]
        # Telegram finds no fault with a layout where there is none
        kind = self._choice.choice([*kinds, "entities"] if values.get("entities") else kinds)
        self.made[kind] += 1
        if method == "sendMessage" and kind in {"before", "after", "gateway"}:
            assert chat is not None
            if not noted:
                lost = kind != "after" and _about(values["text"]) is not None
                self._not_yet_noted[chat].append(lost)
        return Fault(kind, {"wait": 1, "slow": 0.3}.get(kind, 0))


def test_a_thousand_updates_from_a_hundred_chats(
    running: Running, invited: Invited, api: BotApi
) -> None:
    people = [invited(number) for number in range(1_000, 1_000 + CHATS)]
    choice = random.Random(7)
    asked: dict[int, list[str]] = {one.id: [] for one in people}
    with running(per_second=10_000):
        for one in people:
            one.says("/area")
        boards = {one.id: one.reads() for one in people}
        sent = CHATS
        api.fault = faults = Faults(11)
        api.deliver_twice = lambda number: number % 7 == 0
        begun = time.monotonic()
        while sent < UPDATES:
            one = choice.choice(people)
            if choice.random() < 0.3 and CHOSEN not in asked[one.id]:
                one.presses(boards[one.id], CHOSEN)
                asked[one.id].append(CHOSEN)
            else:
                area = choice.choice(AREAS)
                one.says(f"who do I ring in {area}?")
                asked[one.id].append(area)
            sent += 1
        shown_again: dict[str, Shown] = {}
        while any(_answers(one) != Counter(asked[one.id]) for one in people):
            assert time.monotonic() - begun < 1_800, _missing(people, asked)
            for one in people:
                _ask_again(one, faults.unsure[one.id], shown_again)
            time.sleep(0.2)
        took = time.monotonic() - begun
        api.wait_for(lambda: all(press.answers for press in api.presses.values()))
    twice = sum(sum((_answers(one) - Counter(asked[one.id])).values()) for one in people)
    lost = sum(sum((Counter(asked[one.id]) - _answers(one)).values()) for one in people)
    disordered = sum(not _in_order(one, asked[one.id], faults.unsure[one.id]) for one in people)
    unanswered = sum(press.answers != 1 for press in api.presses.values())
    again = sum(count > 1 for count in api.deliveries.values())
    print(
        f"\n{sent} updates from {CHATS} chats in {took:.0f} s; {sum(faults.made.values())} faults "
        f"({dict(faults.made)}), {again} updates delivered again, {len(shown_again)} messages "
        f"shown again at a press: {lost} lost, {twice} answered twice, {disordered} chats out of "
        f"order, {unanswered} presses not answered once"
    )
    assert (lost, twice, disordered, unanswered) == (0, 0, 0, 0)
    assert set(faults.made) == {"before", "after", "gateway", "wait", "slow", "entities"}
    assert again
    assert shown_again


def _about(text: str) -> str | None:
    """The area that an answer is about, or None for what is not an answer."""
    first = text.split("\n", 1)[0]
    if first.startswith(f"I will answer for {CHOSEN}"):
        return CHOSEN
    return next((one for one in (*AREAS, CHOSEN) if one == first), None)


def _answers(one: Person) -> Counter[str]:
    return Counter(area for shown in one.from_bot if (area := _about(shown.text)))


def _notes(one: Person) -> dict[str, Shown]:
    """The notes that something may not have arrived, each once, in order."""
    found: dict[str, Shown] = {}
    for shown in one.from_bot:
        if NOTE in shown.text:
            data = shown.buttons[0][0]["callback_data"]
            found.setdefault(data, shown)
    return found


def _ask_again(
    one: Person, unsure: Sequence[Sequence[bool]], shown_again: dict[str, Shown]
) -> None:
    """Press “Show it again” under each note about messages of which an answer did not come."""
    for lost, (data, note) in zip(list(unsure), _notes(one).items(), strict=False):
        if any(lost) and data not in shown_again:
            shown_again[data] = note
            one.presses_data(data, note)


def _in_order(one: Person, asked: Sequence[str], unsure: Sequence[Sequence[bool]]) -> bool:
    """Whether the answers came in the order of asking, but for those that were shown again.

    There are at most as many of these as messages were unsure; they come after their turn.
    """
    got = [area for shown in one.from_bot if (area := _about(shown.text))]
    return _longest_common(got, asked) >= len(asked) - sum(map(len, unsure))


def _longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    row = [0] * (len(other) + 1)
    for first in one:
        before = row[:]
        for at, second in enumerate(other, 1):
            row[at] = before[at - 1] + 1 if first == second else max(before[at], row[at - 1])
    return row[-1]


def _missing(people: Sequence[Person], asked: dict[int, list[str]]) -> str:
    return str({
        one.id: (asked[one.id], [shown.text[:40] for shown in one.from_bot])
        for one in people if _answers(one) != Counter(asked[one.id])
    })  # fmt: skip
