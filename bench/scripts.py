"""What the people of the measurements say: the same to every side."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import yaml

Turn = dict[str, str]

#: Kinds of turn that are measured apart.
KINDS = ("answer", "screening", "route", "fallback")
#: Messages that nobody can answer from guidance on exploitation.
OUTSIDE = "out_of_scope.txt"
ROUTES = [("luton", "high"), ("derby", "medium"), ("hartlepool", "low"), ("wiltshire", "high")]
#: A screening's first questions are the same on every side: danger, the area, one's role.
SCREENING = ("/start_screening", "no", "luton", "police")
#: Questions that a long conversation asks over and over, so that early and late turns compare.
OVER_AND_OVER = (
    "Who do I ring in Luton?",
    "What are the warning signs?",
    "What does the law say about consent?",
    "What do I do when a child goes missing?",
    "What happens at medium risk in Derby?",
)


def questions(root: Path, limit: int = 40) -> list[str]:
    """Held-out wordings, as people type them, the first of each entry of the last set."""
    rows = yaml.safe_load((root / "tests/data/questions_4.yml").read_text(encoding="utf-8"))
    return [row["wordings"][0]["text"] for row in rows][:: max(1, len(rows) // limit)][:limit]


def outside(root: Path, limit: int = 20) -> list[str]:
    """Messages out of scope."""
    lines = (root / "tests/data" / OUTSIDE).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line][:limit]


def of_kind(kind: str, root: Path) -> list[list[Turn]]:
    """Conversations of one kind of turn. The first turn of each is a greeting: it is not counted
    with its kind, because a conversation's first turn is a figure of its own.
    """
    opening: Turn = {"kind": "opening", "text": "hello"}
    if kind == "screening":
        said = [_turn(kind, one) for one in SCREENING]
        return [[opening, *said]] * 8
    texts = {
        "answer": questions(root),
        "fallback": outside(root),
        "route": [_route(area, level) for area, level in ROUTES] * 6,
    }[kind]  # fmt: skip
    return [[opening, *(_turn(kind, one) for one in some)] for some in itertools.batched(texts, 4)]


def first_turns(root: Path, count: int = 20) -> list[list[Turn]]:
    """Conversations of one question each."""
    return [[_turn("first", text)] for text in questions(root, count)]


def mixed(root: Path) -> list[list[Turn]]:
    """Conversations as people hold them: mostly questions, then a route, then a screening."""
    asked = itertools.cycle(questions(root))
    beyond = itertools.cycle(outside(root))
    conversations = []
    for area, level in ROUTES * 2:
        conversations.append(
            [
                *(_turn("answer", next(asked)) for _ in range(4)),
                _turn("fallback", next(beyond)),
                _turn("answer", next(asked)),
                _turn("route", _route(area, level)),
                *(_turn("screening", one) for one in SCREENING),
            ]
        )
    return conversations


def long_conversation(turns: int) -> list[Turn]:
    """One conversation of so many turns."""
    return [
        _turn("answer", text) for text in itertools.islice(itertools.cycle(OVER_AND_OVER), turns)
    ]


def _route(area: str, level: str) -> str:
    return f'/ask_route{{"level": "{level}", "area": "{area}"}}'


def _turn(kind: str, said: str) -> Turn:
    return {"kind": kind, "payload" if said.startswith("/") else "text": said}


def held_out(root: Path) -> list[dict[str, Any]]:
    """Every held-out wording: `text`, `area` or None, `facts` that its answer must hold, `set`."""
    found, rows = [], {}
    for name in ("questions_1", "questions_2"):
        for row in yaml.safe_load((root / f"tests/data/{name}.yml").read_text(encoding="utf-8")):
            rows[row["row"], row["title"]] = row
            found += [one | {"facts": row["facts"], "set": "first"} for one in row["wordings"]]
    for name in ("questions_3", "questions_4"):
        for row in yaml.safe_load((root / f"tests/data/{name}.yml").read_text(encoding="utf-8")):
            facts = rows[row["row"], row["entry"]]["facts"]
            found += [
                one | {"facts": facts, "set": "plain" if at == 0 else "hard"}
                for at, one in enumerate(row["wordings"])
                if name == "questions_4"
            ]
    return found
