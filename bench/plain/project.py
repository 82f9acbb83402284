"""Writes a plain Rasa project that knows what Waymark knows.

One intent for each topic; each topic's answer as an utterance, with a variation for each area that
has its own; the screening as a form; routes, follow-ups and comparisons in custom actions that an
action server of its own runs. Pipeline and policies are Rasa's defaults, as its documentation
gives them. What Waymark does beyond that (several questions in one message, danger, privacy) has
no counterpart here.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from bench.phrases import Phrases
from bot.guidance.answering import Answering
from bot.guidance.load import Guidance, load_guidance
from bot.guidance.models import AREA_IDS, AreaId
from bot.guidance.reply import Reply
from bot.nlu.entities import EntityFinder
from bot.referral.case import Case, Level
from bot.referral.find import find_route
from bot.referral.load import load_routes
from bot.referral.reply import route_reply
from bot.screening.load import load_questionnaire

#: Times that the classifiers and policies see each example: Rasa's own default.
EPOCHS = 100
#: Intents that an action of the action server answers.
ACTIONS = {
    "in_area": "action_in_area",
    "compare_areas": "action_compare",
    "follow_source": "action_follow_up",
    "follow_more": "action_follow_up",
    "follow_changed": "action_follow_up",
    "explain_term": "action_explain_term",
    "ask_route": "action_route",
    "nlu_fallback": "utter_unsure",
}
#: What the bot says when it has not understood.
UNSURE = "I am not sure what you are asking. Could you put it in other words?"


def intent_of(label: str) -> str:
    """The intent of a label: `ask/first_step` is `topic_first_step`, the rest are as they are."""
    return label.replace("ask/", "topic_")


def pipeline(epochs: int = EPOCHS) -> dict[str, Any]:
    """Rasa's default configuration for English (`rasa init` leaves it to these defaults)."""
    return {
        "recipe": "default.v1",
        "assistant_id": "plain",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1,
             "max_ngram": 4},
            {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True},
            {"name": "EntitySynonymMapper"},
            {"name": "ResponseSelector", "epochs": epochs, "constrain_similarities": True},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": [
            {"name": "MemoizationPolicy"},
            {"name": "RulePolicy"},
            {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": epochs},
            {"name": "TEDPolicy", "max_history": 5, "epochs": epochs,
             "constrain_similarities": True},
        ],
    }  # fmt: skip


def write_project(folder: Path, phrases: Phrases, root: Path, epochs: int = EPOCHS) -> None:
    """Write the project into `folder`, which is emptied of an older one's files first."""
    for old in ("data", "actions"):
        shutil.rmtree(folder / old, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    guidance = load_guidance(root / "data" / "guidance")
    answering = Answering(guidance)
    labels = sorted(phrases.trained)
    topics = [label.removeprefix("ask/") for label in labels if label.startswith("ask/")]
    form = _form(root)
    _write(folder / "config.yml", pipeline(epochs))
    _write(folder / "data" / "nlu.yml", _examples(phrases, guidance))
    _write(folder / "data" / "rules.yml", _rules(labels))
    _write(folder / "data" / "stories.yml", _stories(topics))
    _write(folder / "domain.yml", _domain(labels, topics, answering, root, form))
    _write(
        folder / "endpoints.yml",
        {"action_endpoint": {"url": "http://127.0.0.1:${ACTIONS_PORT}/webhook"},
         "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "${TRACKERS}"}},
    )  # fmt: skip
    _write(folder / "credentials.yml", {"rest": None})
    shutil.copytree(Path(__file__).parent / "actions", folder / "actions",
                    ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    knowledge = _knowledge(answering, root, form)
    (folder / "actions" / "knowledge.json").write_text(
        json.dumps(knowledge, ensure_ascii=False), encoding="utf-8"
    )


def _write(path: Path, content: dict[str, Any]) -> None:
    if "recipe" not in content:
        content = {"version": "3.1", **content} if path.name not in _UNVERSIONED else content
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)
    path.write_text(text, encoding="utf-8")


_UNVERSIONED = ("endpoints.yml", "credentials.yml")


class _Block(str):
    """A text that YAML writes as a block, as Rasa's examples are written."""


yaml.SafeDumper.add_representer(
    _Block, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
)


def _examples(phrases: Phrases, guidance: Guidance) -> dict[str, Any]:
    """The phrases, with the areas in them marked as entities."""
    finder = EntityFinder(guidance)
    parts = []
    for label, texts in sorted(phrases.trained.items()):
        lines = "".join(f"- {_marked(text, finder)}\n" for text in texts)
        parts.append({"intent": intent_of(label), "examples": _Block(lines)})
    return {"nlu": parts}


def _marked(text: str, finder: EntityFinder) -> str:
    # brackets of the text itself would be read as entities
    text = text.translate(str.maketrans("[]{}", "()()"))
    for one in reversed([found for found in finder.find(text) if found.entity == "area"]):
        mark = json.dumps({"entity": "area", "value": one.value})
        text = f"{text[: one.start]}[{text[one.start : one.end]}]{mark}{text[one.end :]}"
    return text


def _rules(labels: Sequence[str]) -> dict[str, Any]:
    rules: list[dict[str, Any]] = []
    for name in [*map(intent_of, labels), "nlu_fallback"]:
        if name == "start_screening":
            continue
        action = ACTIONS.get(name, f"utter_{name}")
        rules.append({"rule": f"answer {name}", "steps": [{"intent": name}, {"action": action}]})
    form = "screening_form"
    rules += [
        {"rule": "start the screening",
         "steps": [{"intent": "start_screening"}, {"action": form}, {"active_loop": form}]},
        {"rule": "end the screening", "condition": [{"active_loop": form}],
         "steps": [{"action": form}, {"active_loop": None},
                   {"slot_was_set": [{"requested_slot": None}]},
                   {"action": "action_screening_result"}]},
    ]  # fmt: skip
    return {"rules": rules}


def _stories(topics: Sequence[str]) -> dict[str, Any]:
    """A few dialogues for the policies that learn from them."""
    stories = []
    for number, (first, second) in enumerate(zip(topics[::8], topics[4::8], strict=False)):
        steps: list[dict[str, str]] = []
        for name in ("greet", f"topic_{first}", f"topic_{second}", "thanks"):
            steps += [{"intent": name}, {"action": f"utter_{name}"}]
        stories.append({"story": f"dialogue {number}", "steps": steps})
    return {"stories": stories}


def _form(root: Path) -> list[dict[str, Any]]:
    """The questions of the screening that have one answer, each a slot of the form."""
    questionnaire = load_questionnaire(root / "data" / "guidance" / "screening.yml")
    return [
        {"slot": f"screening_{one.id}", "title": one.title,
         "options": [{"id": option.id, "label": option.label, "words": list(option.words)}
                     for option in one.options]}
        for one in questionnaire.content.questions
        if one.kind == "single" and one.options
    ]  # fmt: skip


def _domain(
    labels: Sequence[str],
    topics: Sequence[str],
    answering: Answering,
    root: Path,
    form: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    own = yaml.safe_load((root / "domain.yml").read_text(encoding="utf-8"))["responses"]
    known = set(labels)
    responses: dict[str, Any] = {
        name: [{"text": one["text"]} for one in said]
        for name, said in own.items()
        if name.removeprefix("utter_") in known
    }
    responses["utter_unsure"] = [{"text": UNSURE}]
    for topic in topics:
        responses[f"utter_topic_{topic}"] = _answers(topic, answering)
    for question in form:
        buttons = [{"title": one["label"], "payload": one["id"]} for one in question["options"]]
        responses[f"utter_ask_{question['slot']}"] = [
            {"text": question["title"], "buttons": buttons}
        ]
    slots: dict[str, Any] = {
        "area": {"type": "categorical", "values": list(AREA_IDS), "influence_conversation": False,
                 "mappings": [{"type": "from_entity", "entity": "area"}]},
        "level": {"type": "categorical", "values": ["low", "medium", "high"],
                  "influence_conversation": False,
                  "mappings": [{"type": "from_entity", "entity": "level"}]},
    }  # fmt: skip
    for question in form:
        condition = [{"active_loop": "screening_form", "requested_slot": question["slot"]}]
        slots[question["slot"]] = {
            "type": "text", "influence_conversation": False,
            "mappings": [{"type": "from_text", "conditions": condition}],
        }  # fmt: skip
    actions = {one for one in ACTIONS.values() if one.startswith("action_")}
    return {
        "intents": [*map(intent_of, labels)],
        "entities": ["area", "level"],
        "slots": slots,
        "forms": {"screening_form": {"required_slots": [one["slot"] for one in form]}},
        "responses": responses,
        "actions": sorted({*actions, "validate_screening_form", "action_screening_result"}),
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def _answers(topic: str, answering: Answering) -> list[dict[str, Any]]:
    """The answer where no area is known, and a variation for each area that has its own."""
    general = _said(answering.answer(topic))
    variations: list[dict[str, Any]] = [{"text": general}]
    for area in AREA_IDS:
        text = _said(answering.answer(topic, area))
        if text != general:
            condition = [{"type": "slot", "name": "area", "value": area}]
            variations.append({"condition": condition, "text": text})
    return variations


def _said(replies: Sequence[Reply]) -> str:
    # Rasa fills braces in from slots
    return "\n\n".join(one.text() for one in replies).replace("{", "(").replace("}", ")")


def _knowledge(answering: Answering, root: Path, form: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the custom actions look up."""
    guidance = answering.guidance
    routes = load_routes(guidance, root / "data" / "guidance" / "routes")
    areas: Sequence[AreaId | None] = (None, *AREA_IDS)
    levels: Sequence[Level | None] = (None, *Level)
    return {
        "topics": {topic: {area or "": _said(answering.answer(topic, area)) for area in areas}
                   for topic in guidance.topics},
        "routes": {f"{area or ''}/{level or ''}":
                   route_reply(find_route(Case(area=area, level=level), routes)).text()
                   for area in areas for level in levels},
        "terms": {name.lower(): f"{term.term}: {term.meaning}"
                  for term in guidance.terms.values() for name in (term.term, *term.aliases)},
        "form": list(form),
        "unsure": UNSURE,
    }  # fmt: skip
