"""How well each side understands: what nobody trained on, asked of both.

Two figures. *Key facts*: the share of held-out questions whose answer holds every key fact; a
refusal counts as wrong. *Label*: the share of the sample's left-over phrases whose intent and topic
are found, both sides trained on the same sample.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.phrases import Phrases
from bench.plain.project import UNSURE, intent_of
from bench.processes import BenchError
from bench.scripts import held_out, outside
from bench.servers import ROOT, Server
from bot.guidance.answering import Answering
from bot.guidance.load import load_guidance
from bot.guidance.models import AREA_IDS, AreaId

#: Replies of Waymark that give no answer.
REFUSALS = ("unsure", "plain", "nothing_yet", "compare_what")
#: Intents with which plain Rasa gives no answer.
PLAIN_REFUSALS = ("nlu_fallback", "out_of_scope", "other_language")


def of_waymark(server: Server) -> dict[str, Any]:
    """Key facts and refusals, asked over HTTP, each question in a conversation of its own."""
    wordings = held_out(ROOT)
    beyond = outside(ROOT, 10_000)
    asked = [{"kind": "asked", "text": one["text"], "area": one["area"] or ""} for one in wordings]
    asked += [{"kind": "asked", "text": text} for text in beyond]
    outcome = server.ask(people=2, conversations=[[one] for one in asked], keep=True)
    said = {
        (one["turn"]["text"], one["turn"].get("area")): one["texts"] for one in outcome["turns"]
    }
    answers = [said[one["text"], one["area"] or ""] for one in wordings]
    refused = [_refuses(said[text, None]) for text in beyond]
    return _figures(wordings, ["\n".join(one) for one in answers], list(map(_refuses, answers)),
                    refused)  # fmt: skip


def _refuses(texts: Sequence[str]) -> bool:
    kinds = {one.partition("\n")[0] for one in texts}
    return not kinds - {*REFUSALS, "privacy", "near_danger"}


def of_plain(environment: Path, model: Path) -> dict[str, Any]:
    """Key facts and refusals of plain Rasa.

    Its understanding is read in its own environment; the utterance of the intent and the area is
    then what it says, because its rules map each intent to one.
    """
    wordings = held_out(ROOT)
    beyond = outside(ROOT, 10_000)
    readings = plain_readings(environment, model, [*(one["text"] for one in wordings), *beyond])
    guidance = load_guidance(ROOT / "data" / "guidance")
    answering = Answering(guidance)
    terms = {
        name.lower(): term.meaning
        for term in guidance.terms.values()
        for name in (term.term, *term.aliases)
    }
    known = readings[: len(wordings)]
    answers = [
        _said(intent, area or one["area"], one["text"], answering, terms)
        for one, (intent, area) in zip(wordings, known, strict=True)
    ]
    return _figures(
        wordings,
        answers,
        [intent in PLAIN_REFUSALS for intent, _ in known],
        [intent in PLAIN_REFUSALS for intent, _ in readings[len(wordings) :]],
    )


def _said(
    intent: str, area: AreaId | None, text: str, answering: Answering, terms: Mapping[str, str]
) -> str:
    if intent.startswith("topic_"):
        replies = answering.answer(intent.removeprefix("topic_"), area)
        return "\n".join(one.text() for one in replies)
    if intent == "explain_term":
        plain = f" {re.sub(r'[^a-z0-9]+', ' ', text.lower())} "
        found = [term for term in terms if f" {term} " in plain]
        return terms[max(found, key=len)] if found else UNSURE
    return UNSURE


def _figures(
    wordings: Sequence[Mapping[str, Any]],
    answers: Sequence[str],
    refused_in: Sequence[bool],
    refused_out: Sequence[bool],
) -> dict[str, Any]:
    right = [
        all(re.search(fact, answer, re.I | re.S) for fact in one["facts"])
        for one, answer in zip(wordings, answers, strict=True)
    ]

    def share(name: str) -> float:
        some = [one for one, row in zip(right, wordings, strict=True) if row["set"] == name]
        return sum(some) / len(some)

    return {
        "facts": sum(right) / len(right),
        "facts_by_set": {name: share(name) for name in ("first", "plain", "hard")},
        "asked": len(wordings),
        "in_scope_refused": sum(refused_in) / len(refused_in),
        "out_of_scope_refused": sum(refused_out) / len(refused_out),
        "out_of_scope": len(refused_out),
    }


def label_of_waymark(program: Path, model: Path, phrases: Phrases) -> float:
    """The share of the left-over phrases whose label Waymark finds."""
    pairs = _pairs(phrases)
    labels = _run([str(program), "-m", "bench.read", str(model)], [text for _, text in pairs])
    return _share([label for label, _ in pairs], json.loads(labels))


def label_of_plain(environment: Path, model: Path, phrases: Phrases) -> float:
    """The share of the left-over phrases whose label plain Rasa finds."""
    pairs = _pairs(phrases)
    readings = plain_readings(environment, model, [text for _, text in pairs])
    return _share([intent_of(label) for label, _ in pairs], [intent for intent, _ in readings])


def plain_readings(
    environment: Path, model: Path, texts: Sequence[str]
) -> list[tuple[str, AreaId | None]]:
    """What plain Rasa understands of each text: its intent, and the area that it names."""
    script = Path(__file__).parent / "plain" / "read.py"
    said = _run([str(environment / "bin" / "python"), str(script), str(model)], texts)
    line = next(one for one in said.splitlines() if one.startswith("READINGS"))
    # what is read as an area need not be one: “Luton's” is extracted as “lutons”
    return [
        (intent, area if area in AREA_IDS else None)
        for intent, area in json.loads(line.removeprefix("READINGS"))
    ]


def _pairs(phrases: Phrases) -> list[tuple[str, str]]:
    return [(label, text) for label, texts in phrases.asked.items() for text in texts]


def _share(wanted: Sequence[str], found: Sequence[str]) -> float:
    return sum(one == two for one, two in zip(wanted, found, strict=True)) / len(wanted)


def _run(command: Sequence[str], texts: Sequence[str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=ROOT,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3",
             "CUDA_VISIBLE_DEVICES": "", "LOG_LEVEL": "ERROR", "ACTIONS_PORT": "0",
             "TRACKERS": "trackers.db"},
    )  # fmt: skip
    if done.returncode:
        raise BenchError(f"{' '.join(command[:3])} failed:\n{done.stderr[-2000:]}")
    return done.stdout
