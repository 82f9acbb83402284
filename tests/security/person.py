"""Somebody who answers a screening, and remembers what they said."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any

#: Answers that let a screening go on to its end, where a question has them.
GOES_ON = {
    "immediate_danger": ["no", "unknown"],
    "area": ["derby", "luton", "wiltshire", "hartlepool", "nottinghamshire", "derbyshire"],
}


@dataclass(frozen=True)
class Step:
    """What a person does next: a payload or typed text, and what it must be recorded as."""

    question: str
    value: Any
    payload: str | None = None
    text: str | None = None

    def message(self) -> dict[str, str]:
        """The arguments of a turn."""
        return {"payload": self.payload} if self.payload else {"text": str(self.text)}


@dataclass
class Person:
    """Answers what is asked, by button, checklist or typing, as chance has it.

    `typing` is how often they type where they could tap (0 to 1). `given` are the answers that the
    guide took; `level` the judgement.
    """

    chance: random.Random
    typing: float = 0.4
    given: dict[str, Any] = field(default_factory=dict)
    level: str | None = None

    def next(self, said: list[dict[str, Any]]) -> Step | None:
        """The next step after a turn's replies (`Reply.payload()`), or None at the end."""
        for reply in reversed([one for one in said if one]):
            match reply["kind"]:
                case "screening_question":
                    return self._single(reply)
                case "screening_checklist":
                    return self._checklist(reply)
                case "screening_result":
                    levels = [
                        one for one in reply["choices"] if "screening_level" in one["payload"]
                    ]
                    level = self.chance.choice(levels[-1:])
                    value = json.loads(level["payload"].removeprefix("/screening_level"))["level"]
                    return Step("", value, payload=level["payload"])
        return None

    def _single(self, reply: dict[str, Any]) -> Step:
        offered = [
            (
                one["title"],
                one["payload"],
                json.loads(one["payload"].removeprefix("/screening_answer")),
            )
            for one in reply["choices"]
            if one["payload"].startswith("/screening_answer")
        ]
        question = offered[0][2]["question"]
        wanted = GOES_ON.get(question)
        fitting = [one for one in offered if wanted is None or one[2]["answer"] in wanted]
        title, payload, values = self.chance.choice(fitting)
        if self.chance.random() < self.typing and len(offered) > 1:
            return Step(question, values["answer"], text=title)
        return Step(question, values["answer"], payload=payload)

    def _checklist(self, reply: dict[str, Any]) -> Step:
        checklist = reply["checklist"]
        question, states = checklist["question"], [one[0] for one in checklist["states"]]
        items = [one["id"] for one in checklist["ticks"]]
        if self.chance.random() < self.typing:
            numbers = sorted(self.chance.sample(range(len(items)), self.chance.randint(1, 3)))
            value: Any = {items[one]: states[0] for one in numbers}
            typed = ", ".join(str(one + 1) for one in numbers)
            return Step(question, value, text=typed)
        known = [one for one in states if one != "unknown"]
        value = {item: self.chance.choice(known) for item in items if self.chance.random() < 0.7}
        values = {"question": question, "answer": json.dumps(value)}
        return Step(question, value, payload=f"/screening_answer{json.dumps(values)}")

    def took(self, step: Step) -> None:
        """The guide went on after this step: it counts."""
        if step.question:
            self.given[step.question] = step.value
        else:
            self.level = step.value
