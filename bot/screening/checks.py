"""What can be wrong in a questionnaire although each entry has the right shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from bot.guidance.files import LocatedFile, Problem
from bot.guidance.models import Citation, Source
from bot.referral.case import Case
from bot.screening.conditions import asked_by, possible
from bot.screening.models import (
    UNKNOWN,
    Condition,
    Question,
    Questionnaire,
    QuestionnaireFile,
    Scale,
)

Place = tuple[str | int, ...]
_KNOWN = ("yes", "no", "unknown")
#: Fields of a Case that are facts: `to_case` fills each from the fact of the same id.
CASE_FACTS = tuple(
    name for name in Case.model_fields if name not in ("area", "role", "level", "open_to", "now")
)


@dataclass(frozen=True)
class Registry:
    """What other guidance files hold: area id -> name, source id -> source, contact ids."""

    areas: dict[str, str]
    sources: dict[str, Source]
    contacts: frozenset[str]


def problems_in(
    content: QuestionnaireFile,
    file: LocatedFile,
    registry: Registry,
    *,
    filled_in: Questionnaire | None = None,
) -> list[Problem]:
    """Everything wrong in `content`, each at its line of `file`.

    Called twice: on the file as written (ids), and with `filled_in` on the questionnaire built
    from it, once all ids are known to exist (circles, reach, use).
    """
    if filled_in is None:
        return [
            *_doubled(content, file),
            *_citations(content, file, registry),
            *_names(content, file, registry),
            *_conditions(content, file, registry),
        ]
    circles = _circles(filled_in, file)
    if circles:
        return circles
    return [*_order(filled_in, file), *_reach(filled_in, file), *_use(filled_in, file)]


def _entries(content: QuestionnaireFile) -> Iterator[tuple[str, Place]]:
    for part in (
        "steps", "scales", "bases", "groups", "questions", "facts",
        "floors", "suggestions", "cautions", "additions",
    ):  # fmt: skip
        for index, entry in enumerate(getattr(content, part)):
            yield entry.id, (part, index)


def _doubled(content: QuestionnaireFile, file: LocatedFile) -> Iterator[Problem]:
    def find(entries: Iterable[tuple[str, Place]], kind: str) -> Iterator[Problem]:
        seen: set[str] = set()
        for entry_id, place in entries:
            if entry_id in seen:
                yield file.problem(f"the {kind} id “{entry_id}” is used twice", *place, "id")
            seen.add(entry_id)

    rules = ("floors", "suggestions", "cautions", "additions")
    places = list(_entries(content))
    for part in ("steps", "scales", "bases", "groups", "questions", "facts"):
        yield from find((e for e in places if e[1][0] == part), part.rstrip("s"))
    yield from find((e for e in places if e[1][0] in rules), "rule")
    items: list[tuple[str, Place]] = []
    for index, question in enumerate(content.questions):
        options = [
            (o.id, ("questions", index, "options", n)) for n, o in enumerate(question.options)
        ]
        yield from find(options, "option")
        items += [(i.id, ("questions", index, "items", n)) for n, i in enumerate(question.items)]
    yield from find(items, "item")
    for index, scale in enumerate(content.scales):
        states = [(s.id, ("scales", index, "states", n)) for n, s in enumerate(scale.states)]
        yield from find(states, "state")
        if UNKNOWN not in {state.id for state in scale.states}:
            yield file.problem(f"scale “{scale.id}” needs a state “unknown”", "scales", index)
        for state in scale.states:
            if (state.id == UNKNOWN) != (state.meaning == "unknown"):
                yield file.problem("“unknown” and only it means unknown", "scales", index)
        meanings = {state.meaning for state in scale.states}
        if not {"present", "absent"} <= meanings or len(meanings) != len(scale.states):
            yield file.problem(
                "needs one state each that means present and absent, no meaning twice",
                "scales", index,
            )  # fmt: skip
    reasons = content.judgement.reasons
    yield from find(((r.id, ("judgement", "reasons", n)) for n, r in enumerate(reasons)), "reason")


def _citations(
    content: QuestionnaireFile, file: LocatedFile, registry: Registry
) -> Iterator[Problem]:
    def unknown(cites: Iterable[Citation], *place: str | int) -> Iterator[Problem]:
        for citation in cites:
            source = registry.sources.get(citation.source)
            if source is None:
                yield file.problem(f"unknown source “{citation.source}”", *place)
            elif source.kind == "board_document" and citation.at is None:
                yield file.problem(f"cites {source.id} without a line (“{source.id}:12”)", *place)
            elif source.sections and citation.at:
                last = max(int(number) for number in re.findall(r"\d+", citation.at))
                if last > source.sections[-1].last:
                    yield file.problem(
                        f"cites line {last} of {source.id}, which is shorter", *place
                    )

    for index, point in enumerate(content.about):
        yield from unknown(point.cite, "about", index, "cite")
    for part in ("bases", "groups", "facts", "floors", "suggestions", "cautions", "additions"):
        for index, entry in enumerate(getattr(content, part)):
            yield from unknown(entry.cite, part, index, "cite")
    for index, question in enumerate(content.questions):
        yield from unknown(question.why.cite, "questions", index, "why", "cite")
        for number, item in enumerate(question.items):
            yield from unknown(item.cite, "questions", index, "items", number, "cite")
    yield from unknown(content.judgement.why.cite, "judgement", "why", "cite")
    for name in ("level", "no_indicators", "insufficient", "rescreen"):
        yield from unknown(getattr(content.outcomes, name).cite, "outcomes", name, "cite")


def _names(content: QuestionnaireFile, file: LocatedFile, registry: Registry) -> Iterator[Problem]:
    steps = {step.id for step in content.steps}
    groups = {group.id for group in content.groups}
    scales = {scale.id for scale in content.scales}
    for index, question in enumerate(content.questions):
        at: Place = ("questions", index)
        if question.step not in steps:
            yield file.problem(f"unknown step “{question.step}”", *at, "step")
        if question.scale is not None and question.scale not in scales:
            yield file.problem(f"unknown scale “{question.scale}”", *at, "scale")
        for name in ("states", "bases"):
            if getattr(question, name):
                yield file.problem(f"name a scale instead of writing out {name}", *at, name)
        for contact in question.contacts:
            if contact not in registry.contacts:
                yield file.problem(f"unknown contact “{contact}”", *at, "contacts")
        for number, item in enumerate(question.items):
            if item.group is not None and item.group not in groups:
                yield file.problem(f"unknown group “{item.group}”", *at, "items", number, "group")
    used = {question.step for question in content.questions}
    for index, step in enumerate(content.steps):
        if step.id not in used:
            yield file.problem(f"no question belongs to step “{step.id}”", "steps", index)
    asked_on = {question.scale for question in content.questions}
    for index, scale in enumerate(content.scales):
        if scale.id not in asked_on:
            yield file.problem(f"no checklist uses scale “{scale.id}”", "scales", index)
    facts = {fact.id for fact in content.facts}
    for name in CASE_FACTS:
        if name not in facts:
            yield file.problem(f"a case needs the fact “{name}”", "facts")


def _all_conditions(content: QuestionnaireFile) -> Iterator[tuple[Condition, Place]]:
    for index, question in enumerate(content.questions):
        if question.applies_when is not None:
            yield question.applies_when, ("questions", index, "applies_when")
    for index, fact in enumerate(content.facts):
        yield fact.holds_when, ("facts", index, "holds_when")
        yield fact.ruled_out_when, ("facts", index, "ruled_out_when")
    for part in ("floors", "suggestions", "cautions", "additions"):
        for index, rule in enumerate(getattr(content, part)):
            yield rule.when, (part, index, "when")


def _located(condition: Condition, place: Place) -> Iterator[tuple[Condition, Place]]:
    if not condition.all_ and not condition.any_:
        yield condition, place
    for name, parts in (("all", condition.all_), ("any", condition.any_)):
        for index, part in enumerate(parts):
            yield from _located(part, (*place, name, index))


def _conditions(
    content: QuestionnaireFile, file: LocatedFile, registry: Registry
) -> Iterator[Problem]:
    questions = {question.id: question for question in content.questions}
    scales = {scale.id: scale for scale in content.scales}
    item_scale = {
        item.id: scales.get(question.scale or "")
        for question in content.questions
        for item in question.items
    }
    group_scales: dict[str, list[Scale | None]] = {group.id: [] for group in content.groups}
    for question in content.questions:
        for item in question.items:
            if item.group in group_scales:
                group_scales[item.group].append(item_scale[item.id])
    facts = {fact.id for fact in content.facts}

    def unknown(kind: str, name: str, place: Place) -> Problem:
        return file.problem(f"unknown {kind} “{name}” in a condition", *place)

    def choices(atom: Condition, place: Place) -> tuple[set[str] | None, Problem | None]:
        if atom.question is not None:
            asked = questions.get(atom.question)
            if asked is None:
                return None, unknown("question", atom.question, place)
            if asked.kind == "checklist":
                return None, file.problem("a checklist is tested by its items", *place)
            named = {option.id for option in asked.options}
            return named | (set(registry.areas) if asked.options_from else set()), None
        if atom.item is not None:
            if atom.item not in item_scale:
                return None, unknown("item", atom.item, place)
            scale = item_scale[atom.item]
            return ({state.id for state in scale.states} if scale else None), None
        if atom.fact is not None:
            if atom.fact not in facts:
                return None, unknown("fact", atom.fact, place)
            return set(_KNOWN), None
        group = atom.group or ""
        if group not in group_scales:
            return None, unknown("group", group, place)
        of_group = [scale for scale in group_scales[group] if scale]
        return {state.id for scale in of_group for state in scale.states}, None

    for condition, start in _all_conditions(content):
        for atom, place in _located(condition, start):
            allowed, problem = choices(atom, place)
            if problem is not None:
                yield problem
            for answer in atom.is_:
                if allowed is not None and answer not in allowed:
                    yield file.problem(
                        f"“{answer}” is not an answer here: {', '.join(sorted(allowed))}", *place
                    )


def _circles(questionnaire: Questionnaire, file: LocatedFile) -> list[Problem]:
    graph: dict[str, set[str]] = {}
    for fact in questionnaire.content.facts:
        graph[f"fact {fact.id}"] = {
            f"fact {atom.fact}"
            for condition in (fact.holds_when, fact.ruled_out_when)
            for atom in condition.atoms()
            if atom.fact is not None
        }
    circle = _circle(graph)
    if circle is not None:
        index = list(questionnaire.facts).index(circle[0].removeprefix("fact "))
        return [_in_a_circle(circle, file, "facts", index)]
    graph = {
        question.id: set(asked_by(questionnaire, question.applies_when))
        for question in questionnaire.questions
        if question.applies_when is not None
    }
    circle = _circle(graph)
    if circle is not None:
        index = list(questionnaire.by_id).index(circle[0])
        return [_in_a_circle(circle, file, "questions", index, "applies_when")]
    return []


def _circle(graph: dict[str, set[str]]) -> list[str] | None:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return None


def _in_a_circle(circle: list[str], file: LocatedFile, *place: str | int) -> Problem:
    return file.problem(f"conditions go round in a circle: {' → '.join(circle)}", *place)


def _order(questionnaire: Questionnaire, file: LocatedFile) -> Iterator[Problem]:
    asked: set[str] = set()
    for index, question in enumerate(questionnaire.questions):
        if question.applies_when is not None:
            for other in sorted(asked_by(questionnaire, question.applies_when) - asked):
                yield file.problem(
                    f"“{question.id}” hangs on “{other}”, which is asked after it",
                    "questions", index, "applies_when",
                )  # fmt: skip
        asked.add(question.id)


def _reach(questionnaire: Questionnaire, file: LocatedFile) -> Iterator[Problem]:
    stops: list[Question] = []
    for index, question in enumerate(questionnaire.questions):
        if not possible(questionnaire, [question], stops):
            yield file.problem(
                f"no answers ever lead to question “{question.id}”", "questions", index
            )
        if question.stops:
            stops.append(question)


def _use(questionnaire: Questionnaire, file: LocatedFile) -> Iterator[Problem]:
    content = questionnaire.content
    options: set[tuple[str, str]] = set()
    items: set[str] = set()
    facts: set[str] = set(CASE_FACTS)
    for condition, _ in _all_conditions(content):
        for atom in condition.atoms():
            if atom.question is not None:
                options |= {(atom.question, answer) for answer in atom.is_}
            elif atom.item is not None:
                items.add(atom.item)
            elif atom.fact is not None:
                facts.add(atom.fact)
    for index, question in enumerate(content.questions):
        # an answer that goes into the case as it is has its use there
        if question.kind == "single" and question.case_field is None:
            for number, option in enumerate(question.options):
                tested = {answer for asked, answer in options if asked == question.id}
                if option.id not in tested and option.id != UNKNOWN:
                    yield file.problem(
                        f"nothing looks at option “{option.id}” of “{question.id}”",
                        "questions", index, "options", number,
                    )  # fmt: skip
        for number, item in enumerate(question.items):
            if item.group is None and item.id not in items and question.case_field is None:
                yield file.problem(
                    f"nothing looks at item “{item.id}”, and it is in no group",
                    "questions", index, "items", number,
                )  # fmt: skip
    for part in ("floors", "suggestions", "cautions"):
        for index, rule in enumerate(getattr(content, part)):
            for atom in rule.when.atoms():
                sign = questionnaire.items.get(atom.item or "")
                group = sign.group if sign is not None else atom.group
                if group is not None and group in questionnaire.context_groups:
                    yield file.problem(
                        f"rule “{rule.id}” on levels looks at a group that is only context",
                        part, index, "when",
                    )  # fmt: skip
    for index, fact in enumerate(content.facts):
        if fact.id not in facts:
            yield file.problem(f"nothing looks at fact “{fact.id}”", "facts", index)
    for index, group in enumerate(content.groups):
        if not any(item.group == group.id for item in questionnaire.items.values()):
            yield file.problem(f"no item is in group “{group.id}”", "groups", index)
