"""What a take-away says of a screening: levels and why, what was recorded, what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.documents.citing import Numbering
from bot.documents.model import Block, Bullets, Line, Lines, Section, Subheading
from bot.guidance.models import Citation, Source
from bot.screening.assessment import Assessment, Fired, Judgement, NotKnown, Recorded
from bot.screening.conditions import applying, state_of
from bot.screening.engine import described
from bot.screening.models import Question, Questionnaire, Value

#: Stands for a reason in the professional's own words.
OWN_WORDS = (
    "given in the professional's own words. Free text can show who the child is, so it is left out "
    "here: write it in your own system."
)
_KINDS = {
    "floor": "Hard rule",
    "suggestion": "Suggestion",
    "caution": "Not known enough",
    "action": "To do, whatever the level",
    "note": "Bear in mind",
}


@dataclass(frozen=True)
class Screening:
    """A completed screening.

    `judgement` is None while no level has been chosen. `sources` are the guidance's, for the dates
    of what the questionnaire cites. `written_reason` is the judgement's reason in the
    professional's own words after identifying details were taken out of it; None leaves it out.
    """

    questionnaire: Questionnaire
    answers: Mapping[str, Value]
    assessment: Assessment
    judgement: Judgement | None
    sources: Mapping[str, Source]
    written_reason: str | None = None


def screening_sections(
    screening: Screening, route_level: Sequence[Line], numbers: Numbering
) -> tuple[Section, ...]:
    """Levels and rules, what was recorded, the history and what is not known.

    `route_level` are the lines on the level that the route goes by.
    """
    sections = (
        Section(heading="Level", blocks=tuple(_level(screening, route_level, numbers))),
        Section(heading="What was recorded", blocks=tuple(_recorded(screening, numbers))),
        Section(heading="History: present before", blocks=tuple(_history(screening, numbers))),
        Section(heading="What is not known", blocks=tuple(_not_known(screening, numbers))),
    )
    return tuple(section for section in sections if section.blocks)


def rescreen_line(screening: Screening, numbers: Numbering) -> Line:
    """When to go through it again."""
    rescreen = screening.assessment.rescreen
    return Line(text=rescreen.text, marks=numbers.marks(rescreen.cite))


def _level(
    screening: Screening, route_level: Sequence[Line], numbers: Numbering
) -> Iterable[Block]:
    assessment = screening.assessment
    headline = assessment.headline
    suggested = assessment.suggested.value if assessment.suggested else "none"
    floor = "no fact sets one"
    if assessment.floor:
        floor = f"{assessment.floor.value}, by the hard rules below"
    lines = [
        Line(
            label="Suggested level",
            text=f"{suggested}.",
            remarks=(headline.text,),
            suggestion=True,
            marks=numbers.marks(headline.cite),
        ),
        Line(label="Lowest level that can be chosen", text=floor),
        *_judgement(screening),
        *route_level,
    ]
    yield Lines(lines=tuple(lines))
    if assessment.fired:
        yield Subheading(text="Rules that held, and why")
        yield Bullets(lines=tuple(_rule(rule, numbers) for rule in assessment.fired))
    rules = ", ".join(rule.id for rule in assessment.fired) or "none"
    yield Lines(
        lines=(Line(label=f"Questionnaire {assessment.version}, rules by name", text=rules),)
    )


def _judgement(screening: Screening) -> Iterable[Line]:
    judgement, below = screening.judgement, screening.assessment.reason_below
    chosen = judgement.chosen.value if judgement else "not chosen yet"
    yield Line(label="Level chosen by the professional", text=chosen)
    if judgement is None or judgement.reason is None:
        return
    lowered = below is not None and judgement.chosen.rank < below.rank
    words = judgement.reason_label or judgement.reason
    if judgement.reason_written:
        words = screening.written_reason or OWN_WORDS
    yield Line(
        label="Reason for going below the suggestion" if lowered else "Reason given", text=words
    )


def _rule(rule: Fired, numbers: Numbering) -> Line:
    remarks = []
    if rule.because:
        remarks.append(f"Because: {'; '.join(rule.because)}.")
    # the words for a product choice come from `suggestion`, the same everywhere
    if rule.note and not rule.product_choice:
        remarks.append(rule.note)
    return Line(
        label=_KINDS[rule.kind],
        text=rule.explain,
        remarks=tuple(remarks),
        suggestion=rule.product_choice,
        marks=numbers.marks(rule.cite),
    )


def _recorded(screening: Screening, numbers: Numbering) -> Iterable[Block]:
    questionnaire, assessment = screening.questionnaire, screening.assessment
    answers = applying(questionnaire, screening.answers)
    facts = [
        line
        for question in questionnaire.questions
        if question.id in answers and question.kind != "notice"
        and not any(item.group for item in question.items)
        for line in _answer(question, answers[question.id], numbers)
    ]  # fmt: skip
    if facts:
        yield Subheading(text="Facts")
        yield Bullets(lines=tuple(facts))
    if not assessment.present:
        nothing = questionnaire.content.outcomes.no_indicators
        yield Lines(lines=(Line(text=nothing.text, marks=numbers.marks(nothing.cite)),))
    here = [*assessment.present, *_context(screening, "present")]
    yield from _by_group(screening, here, "present now", numbers)


def _answer(question: Question, value: Value, numbers: Numbering) -> Iterable[Line]:
    """An answer with its question; what is not known in a checklist stands in its own section."""
    said = described(question, value)
    # where, who and which plans are the person's own words; what hangs on a fact stands in sources
    cite = () if question.case_field else question.why.cite
    if question.kind == "checklist" and isinstance(value, dict):
        unknown = question.scale_states.meaning("unknown")
        hidden = f"{unknown.label}:" if unknown else "\0"
        said = tuple(line for line in said if not line.startswith(hidden))
    text = ". ".join(said)
    if text:
        yield Line(label=question.title, text=text, marks=numbers.marks(cite))


def _history(screening: Screening, numbers: Numbering) -> Iterable[Block]:
    before = [*screening.assessment.history, *_context(screening, "past")]
    if before:
        yield Lines(lines=(Line(text="It never lowers a level.", suggestion=True),))
        yield from _by_group(screening, before, "present before", numbers)


def _context(screening: Screening, meaning: str) -> Iterable[Recorded]:
    """Circumstances that apply now (`present`) or applied before (`past`)."""
    for item in screening.assessment.context:
        question = screening.questionnaire.by_id[item.question_id]
        value = screening.answers.get(question.id)
        given = value.get(item.item_id) if isinstance(value, dict) else None
        state = question.scale_states.named(state_of(given))
        if state is not None and state.meaning == meaning:
            yield item


def _by_group(
    screening: Screening, recorded: Sequence[Recorded], when: str, numbers: Numbering
) -> Iterable[Block]:
    bases = {basis.id: basis.label.lower() for basis in screening.questionnaire.content.bases}
    for group in screening.questionnaire.content.groups:
        items = [item for item in recorded if item.group == group.id]
        if not items:
            continue
        yield Subheading(text=f"{group.title}, {when}")
        yield Lines(
            lines=(Line(text=group.explain, suggestion=True, marks=numbers.marks(group.cite)),)
        )
        yield Bullets(
            lines=tuple(
                Line(
                    text=f"{item.title} ({bases[item.basis]})"
                    if item.basis in bases
                    else item.title,
                    marks=numbers.marks(item.cite),
                )
                for item in items
            )
        )


def _not_known(screening: Screening, numbers: Numbering) -> Iterable[Block]:
    unknown = screening.assessment.unknown
    first = [gap for gap in unknown if gap.hard_rule]
    rest: dict[str, list[NotKnown]] = {}
    for gap in unknown:
        if not gap.hard_rule:
            rest.setdefault(gap.question_id, []).append(gap)
    if first:
        yield Subheading(text="Find out first, as a level or an action hangs on it")
        yield Bullets(lines=tuple(_gap(gap, numbers) for gap in first))
    if rest:
        if first:
            yield Subheading(text="Also not known")
        yield Bullets(lines=tuple(_gaps(screening, *pair, numbers) for pair in rest.items()))
    if screening.assessment.would_change:
        yield Subheading(text="What would change the suggestion, if it became known")
        yield Bullets(lines=tuple(_changes(screening, numbers)))
    asked_and_seen = "Every sign that stands in none of these lists was recorded as not seen."
    yield Lines(
        lines=(
            Line(text="Not known never counts as no.", suggestion=True),
            Line(text=asked_and_seen),
        )
    )


def _gap(gap: NotKnown, numbers: Numbering) -> Line:
    return Line(text=gap.title, marks=numbers.marks(gap.cite))


def _gaps(
    screening: Screening, question_id: str, gaps: Sequence[NotKnown], numbers: Numbering
) -> Line:
    question = screening.questionnaire.by_id[question_id]
    cites: list[Citation] = [cite for gap in gaps for cite in gap.cite]
    whole = gaps[0].item_id is None
    if whole:
        return Line(text=question.title, marks=numbers.marks(cites))
    titles = "; ".join(gap.title for gap in gaps)
    return Line(label=question.title, text=titles, marks=numbers.marks(cites))


def _changes(screening: Screening, numbers: Numbering) -> Iterable[Line]:
    for change in screening.assessment.would_change:
        titles = "; ".join(gap.title for gap in change.known)
        suggested = change.suggested.value if change.suggested else "no suggestion"
        floor = f", lowest level {change.floor.value}" if change.floor else ""
        cites = [cite for gap in change.known for cite in gap.cite]
        yield Line(
            label=f"“{change.answer}” to any one of these",
            text=f"{titles}. Suggestion then: {suggested}{floor}.",
            suggestion=True,
            marks=numbers.marks(cites),
        )
