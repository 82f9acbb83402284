"""Draws the flow of a questionnaire, so that a board can see what is asked when."""

from __future__ import annotations

from bot.screening.conditions import possible
from bot.screening.models import Condition, Question, Questionnaire

_RESULT, _JUDGEMENT = "result", "judgement"


def draw(questionnaire: Questionnaire) -> str:
    """A Mermaid flowchart: every question by step, every way from one to the next.

    An arrow carries the condition under which it is taken; ways that no answers can take are left
    out.
    """
    lines = ["flowchart TD", '  start(["Start"])']
    for step in questionnaire.content.steps:
        lines.append(f'  subgraph step_{step.id}["{_safe(step.title)}"]')
        lines += [f"    {_node(q)}" for q in questionnaire.questions if q.step == step.id]
        lines.append("  end")
    lines.append(f'  {_RESULT}["Result: lowest level, suggestion, rules and sources"]')
    lines.append(f'  {_JUDGEMENT}["{_safe(questionnaire.content.judgement.title)}"]')
    lines.append(f'  finish(["{_safe(questionnaire.content.outcomes.rescreen.text)}"])')
    lines += [f"  {edge}" for edge in _edges(questionnaire, None)]
    for question in questionnaire.questions:
        lines += [f"  {edge}" for edge in _edges(questionnaire, question)]
    lines.append(f"  {_RESULT} --> {_JUDGEMENT}")
    lines.append(f"  {_JUDGEMENT} --> finish")
    return "\n".join(lines) + "\n"


def _node(question: Question) -> str:
    title = _safe(question.title)
    if question.kind == "checklist":
        return f'q_{question.id}[["{title} ({len(question.items)} lines)"]]'
    if question.kind == "notice":
        return f'q_{question.id}{{{{"{title}"}}}}'
    return f'q_{question.id}["{title}"]'


def _edges(questionnaire: Questionnaire, question: Question | None) -> list[str]:
    """The arrows that leave a question, or the start."""
    if question is not None and question.stops:
        return [f'q_{question.id} --> stop_{question.id}(["The screening ends here"])']
    order = list(questionnaire.questions)
    source = f"q_{question.id}" if question is not None else "start"
    here = [question] if question is not None else []
    edges: list[str] = []
    passed: list[Question] = []
    for other in order[order.index(question) + 1 if question is not None else 0 :]:
        if possible(questionnaire, [*here, other], passed):
            label = _said(questionnaire, other.applies_when)
            otherwise = "otherwise" if passed and not label else label
            arrow = f'-->|"{otherwise}"|' if otherwise else "-->"
            edges.append(f"{source} {arrow} q_{other.id}")
            passed.append(other)
        if other.applies_when is None:
            return edges
    edges.append(f"{source} --> {_RESULT}")
    return edges


def _said(questionnaire: Questionnaire, condition: Condition | None) -> str:
    """A condition in words."""
    if condition is None:
        return ""
    if condition.all_:
        return " and ".join(_said(questionnaire, part) for part in condition.all_)
    if condition.any_:
        return " or ".join(_said(questionnaire, part) for part in condition.any_)
    if condition.question is not None:
        question = questionnaire.by_id[condition.question]
        labels = [option.label for option in question.options if option.id in condition.is_]
        return _safe(f"{question.title} {', '.join(labels)}")
    if condition.item is not None:
        scale = questionnaire.question_of_item[condition.item].scale_states
        labels = [state.label for state in scale.states if state.id in condition.is_]
        return _safe(f"{questionnaire.items[condition.item].title}: {', '.join(labels)}")
    if condition.fact is not None:
        fact = questionnaire.facts[condition.fact]
        return _safe(f"{fact.title}: {', '.join(condition.is_)}")
    if condition.unknown_above is not None:
        return f"group {condition.group}: more than {condition.unknown_above:.0%} not known"
    return f"any of group {condition.group}: {', '.join(condition.is_)}"


def _safe(text: str) -> str:
    """Text as Mermaid takes it inside quotation marks."""
    return text.replace('"', "#quot;").replace("\n", " ")
