"""What the answers add up to without adding anything up: floors, a suggestion, and why.

No weights and no totals: each rule either holds or not, and every rule that held is shown with its
source. The professional decides; `judge` keeps what was suggested beside what was chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.guidance.models import AREA_IDS, Citation, Point
from bot.referral.case import Case, Level
from bot.screening.conditions import Facing, applying, because, holds, state_of
from bot.screening.errors import JudgementError
from bot.screening.models import (
    UNKNOWN,
    Addition,
    Caution,
    LevelRule,
    Question,
    Questionnaire,
    Reason,
    Value,
)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fired(_Frozen):
    """A rule that held: what it says, why it held, where it stands.

    `note` is shown with it: that it is a tool suggestion, or that another area's document says it.
    """

    id: str
    kind: Literal["floor", "suggestion", "caution", "action", "note"]
    level: Level | None
    explain: str
    because: tuple[str, ...]
    cite: tuple[Citation, ...]
    product_choice: bool
    note: str | None


class Recorded(_Frozen):
    """An indicator as it was recorded. `group` is None for what is in no group."""

    item_id: str
    question_id: str
    title: str
    group: str | None
    basis: str | None
    cite: tuple[Citation, ...]


class NotKnown(_Frozen):
    """Something not known. `hard_rule` names the hard rule that hangs on it, if one does."""

    question_id: str
    item_id: str | None
    title: str
    hard_rule: str | None
    cite: tuple[Citation, ...]


class WouldChange(_Frozen):
    """What the result would be if any one of these things, not known yet, had this answer."""

    known: tuple[NotKnown, ...]
    answer: str
    floor: Level | None
    suggested: Level | None


class Assessment(_Frozen):
    """The result of a screening: never a score and never a diagnosis.

    `floor` is the lowest level that may be chosen, or None. `suggested` is None when `outcome` is
    `no_indicators` or `insufficient`; `headline` says so in words. Below `reason_below` a chosen
    level needs a reason. `present` and `history` (present before) are indicators of the groups
    that suggest; `context` is the group of circumstances.
    """

    version: str
    floor: Level | None
    floor_rules: tuple[Fired, ...]
    suggested: Level | None
    outcome: Literal["level", "no_indicators", "insufficient"]
    headline: Point
    suggestions: tuple[Fired, ...]
    cautions: tuple[Fired, ...]
    actions: tuple[Fired, ...]
    notes: tuple[Fired, ...]
    reason_below: Level | None
    present: tuple[Recorded, ...]
    history: tuple[Recorded, ...]
    context: tuple[Recorded, ...]
    unknown: tuple[NotKnown, ...]
    would_change: tuple[WouldChange, ...]
    rescreen: Point
    reasons: tuple[Reason, ...]

    @property
    def fired(self) -> tuple[Fired, ...]:
        """Every rule that held: floors, suggestions, cautions, actions, notes."""
        return (
            *self.floor_rules, *self.suggestions, *self.cautions, *self.actions, *self.notes,
        )  # fmt: skip


class Judgement(_Frozen):
    """The level a professional chose, beside what was suggested. Nothing of it is lost.

    `reason` is the id of a listed reason or what was written; `reason_written` tells which, so
    that written text can be left out of what is stored.
    """

    chosen: Level
    suggested: Level | None
    floor: Level | None
    floor_rules: tuple[str, ...]
    reason: str | None
    reason_written: bool
    reason_label: str | None


class _Levels(_Frozen):
    floor: Level | None
    suggested: Level | None
    insufficient: bool
    reason_below: Level | None


def assess(questionnaire: Questionnaire, answers: Mapping[str, Value]) -> Assessment:
    """What the rules make of the answers. Anything not answered counts as not known.

    Parameters: `answers`, which need not be complete; those that do not apply are left out.
    """
    facing = Facing(questionnaire, applying(questionnaire, answers))
    levels = _levels(facing)
    content, outcomes = questionnaire.content, questionnaire.content.outcomes
    cautions = [rule for rule in content.cautions if holds(rule.when, facing)]
    outcome: Literal["level", "no_indicators", "insufficient"]
    if levels.suggested is not None:
        outcome = "level"
        text = outcomes.level.text.format(level=levels.suggested.value)
        headline = outcomes.level.model_copy(update={"text": text})
    elif levels.insufficient:
        outcome, headline = "insufficient", outcomes.insufficient
    else:
        outcome, headline = "no_indicators", outcomes.no_indicators
    recorded = list(_recorded(facing))
    signs = [pair for pair in recorded if pair[1].group not in questionnaire.context_groups]
    context = [pair for pair in recorded if pair[1].group in questionnaire.context_groups]
    additions = [
        (rule.kind, _fired(rule, rule.kind, facing))
        for rule in content.additions
        if holds(rule.when, facing)
    ]
    return Assessment(
        version=questionnaire.version,
        floor=levels.floor,
        floor_rules=tuple(
            _fired(rule, "floor", facing) for rule in content.floors if holds(rule.when, facing)
        ),
        suggested=levels.suggested,
        outcome=outcome,
        headline=headline,
        suggestions=tuple(
            _fired(rule, "suggestion", facing)
            for rule in content.suggestions
            if holds(rule.when, facing)
        ),
        cautions=tuple(_fired(rule, "caution", facing) for rule in cautions),
        actions=tuple(fired for kind, fired in additions if kind == "action"),
        notes=tuple(fired for kind, fired in additions if kind == "note"),
        reason_below=levels.reason_below,
        present=_of(signs, "present"),
        history=_of(signs, "past"),
        context=_of(context, "present") + _of(context, "past"),
        unknown=tuple(_not_known(facing)),
        would_change=tuple(_would_change(facing, levels)),
        rescreen=outcomes.rescreen,
        reasons=content.judgement.reasons,
    )


def judge(assessment: Assessment, chosen_level: Level, reason: str | None = None) -> Judgement:
    """The professional's level, kept beside the suggestion.

    Parameters: `chosen_level`; `reason`, the id of a listed reason or written words (at least
    three), needed below `assessment.reason_below`.
    Raises: JudgementError below the floor, whatever the reason, and when a needed reason is
    missing. Going up is free.
    """
    if assessment.floor is not None and chosen_level.rank < assessment.floor.rank:
        binding = [rule for rule in assessment.floor_rules if _binds(rule, chosen_level)]
        raise JudgementError(
            f"The level cannot be {chosen_level.value} here: "
            + " ".join(f"{rule.explain} {rule.note or ''}".strip() for rule in binding)
            + f" The lowest level that you can choose is {assessment.floor.value}. If the fact "
            "behind it is wrong, change that answer.",
            reason_needed=False,
            rules=[rule.id for rule in binding],
        )
    given = (reason or "").strip()
    listed = next((known for known in assessment.reasons if known.id == given), None)
    lowered = assessment.reason_below is not None and (
        chosen_level.rank < assessment.reason_below.rank
    )
    if lowered and listed is None and len(given.split()) < 3:
        raise JudgementError(
            f"Choosing {chosen_level.value} is below what the answers suggest, so it needs a "
            "reason: choose one, or write a few words without anything that shows who the child "
            "is.",
            reason_needed=True,
        )
    return Judgement(
        chosen=chosen_level,
        suggested=assessment.suggested,
        floor=assessment.floor,
        floor_rules=tuple(rule.id for rule in assessment.floor_rules),
        reason=given or None,
        reason_written=bool(given) and listed is None,
        reason_label=listed.label if listed else given or None,
    )


def to_case(
    questionnaire: Questionnaire,
    answers: Mapping[str, Value],
    judgement: Judgement | None = None,
) -> Case:
    """The Case that a route is found for. Without a judgement its level is unknown."""
    answers = applying(questionnaire, answers)
    facing = Facing(questionnaire, answers)
    facts = {name: facing.fact(name) for name in Case.model_fields if name in questionnaire.facts}
    fields: dict[str, object] = {**facts, "level": judgement.chosen if judgement else None}
    for question in questionnaire.questions:
        if question.case_field == "open_to":
            fields["open_to"] = _open_to(question, answers.get(question.id))
        elif question.case_field is not None:
            fields[question.case_field] = _choice(question, facing.option(question.id))
    return Case.model_validate(fields)


def _choice(question: Question, option_id: str | None) -> str | None:
    if question.options_from == "areas":
        return option_id if option_id in AREA_IDS else None
    return None if option_id in (None, UNKNOWN, "not_professional") else option_id


def _open_to(question: Question, value: Value | None) -> frozenset[str] | None:
    """The plans that the child is open to: empty only when all were said not to apply."""
    if not isinstance(value, dict):
        return None
    scale = question.scale_states
    meanings = {
        item.id: state.meaning
        for item in question.items
        if (state := scale.named(state_of(value.get(item.id))))
    }
    here = frozenset(name for name, meaning in meanings.items() if meaning == "present")
    return here if here or set(meanings.values()) == {"absent"} else None


def _binds(rule: Fired, chosen: Level) -> bool:
    return rule.level is not None and rule.level.rank > chosen.rank


def _levels(facing: Facing) -> _Levels:
    content = facing.questionnaire.content
    floor = _highest(rule.level for rule in content.floors if holds(rule.when, facing))
    base = _highest(rule.level for rule in content.suggestions if holds(rule.when, facing))
    cautions = [rule for rule in content.cautions if holds(rule.when, facing)]
    insufficient = any(rule.effect == "insufficient" for rule in cautions)
    treat_as = _highest(rule.level for rule in cautions if rule.level is not None)
    suggested = base
    if base in (None, Level.LOW):
        if treat_as is not None and (base is Level.LOW or not insufficient):
            suggested = treat_as
        elif insufficient:
            suggested = None
    suggested = _highest(level for level in (suggested, floor) if level is not None)
    advised = [level for level in (suggested, treat_as) if level is not None]
    if insufficient and suggested is None:
        advised.append(Level.MEDIUM)
    return _Levels(
        floor=floor,
        suggested=suggested,
        insufficient=insufficient,
        reason_below=_highest(advised),
    )


def _highest(levels: Iterable[Level]) -> Level | None:
    return max(levels, key=lambda level: level.rank, default=None)


def _fired(
    rule: LevelRule | Caution | Addition,
    kind: Literal["floor", "suggestion", "caution", "action", "note"],
    facing: Facing,
) -> Fired:
    return Fired(
        id=rule.id,
        kind=kind,
        level=None if isinstance(rule, Addition) else rule.level,
        explain=rule.explain,
        because=tuple(because(rule.when, facing)),
        cite=rule.cite,
        product_choice=rule.product_choice,
        note=_note(rule, kind, facing),
    )


def _note(rule: LevelRule | Caution | Addition, kind: str, facing: Facing) -> str | None:
    """What must be said of where a rule stands: a product choice, or another area's document."""
    questionnaire = facing.questionnaire
    outcomes = questionnaire.content.outcomes
    if rule.product_choice:
        # a rule that nobody can go below is no suggestion
        return outcomes.floor_choice if kind == "floor" else outcomes.product_choice
    area = next(
        (
            facing.option(question.id)
            for question in questionnaire.questions
            if question.case_field == "area"
        ),
        None,
    )
    if area in rule.procedure_in:
        return None
    names = dict.fromkeys(
        questionnaire.source_names.get(citation.source, citation.source) for citation in rule.cite
    )
    documents = " and ".join(f"the {name}" for name in names)
    known = questionnaire.area_names.get(area or "")
    if isinstance(rule, Addition):
        words = outcomes.addition_elsewhere if known else outcomes.addition_elsewhere_no_area
    else:
        words = outcomes.elsewhere if known else outcomes.elsewhere_no_area
    return words.format(area=known, documents=documents)


def _recorded(facing: Facing) -> Iterable[tuple[str, Recorded]]:
    """Every grouped item that was answered, with the meaning of its state."""
    for question in facing.questionnaire.questions:
        value = facing.answers.get(question.id)
        if not isinstance(value, dict):
            continue
        for item in question.items:
            given = value.get(item.id)
            state = question.scale_states.named(state_of(given))
            if item.group is None or state is None:
                continue
            basis = given.get("basis") if isinstance(given, dict) else None
            yield (
                state.meaning,
                Recorded(
                    item_id=item.id,
                    question_id=question.id,
                    title=item.title,
                    group=item.group,
                    basis=basis,
                    cite=item.cite,
                ),
            )


def _of(recorded: Iterable[tuple[str, Recorded]], meaning: str) -> tuple[Recorded, ...]:
    return tuple(item for found, item in recorded if found == meaning)


def _hard_rules(questionnaire: Questionnaire) -> dict[str, str]:
    """Question or item id -> the hard rule that hangs on it."""
    found: dict[str, str] = {}
    for fact in questionnaire.facts.values():
        atoms = fact.holds_when.atoms()
        for atom in atoms:
            # a fact made of several tests belongs to its item, not to every question it looks at
            name = atom.item or (atom.question if len(atoms) == 1 else None)
            if fact.hard_rule is not None and name is not None:
                found.setdefault(name, fact.hard_rule)
    return found


def _not_known(facing: Facing) -> Iterable[NotKnown]:
    hard = _hard_rules(facing.questionnaire)
    for question in facing.questionnaire.questions:
        if question.kind == "notice":
            continue
        if question.applies_when is not None and not holds(question.applies_when, facing):
            continue
        whole = question.kind == "single" and facing.option(question.id) in (None, UNKNOWN)
        if question.case_field == "open_to":
            whole = _open_to(question, facing.answers.get(question.id)) is None
        if whole:
            yield NotKnown(
                question_id=question.id,
                item_id=None,
                title=question.title,
                hard_rule=hard.get(question.id),
                cite=question.why.cite,
            )
        for item in question.items if question.case_field is None else ():
            if facing.state(item.id) == UNKNOWN:
                yield NotKnown(
                    question_id=question.id,
                    item_id=item.id,
                    title=item.title,
                    hard_rule=hard.get(item.id),
                    cite=item.cite,
                )


def _would_change(facing: Facing, levels: _Levels) -> Iterable[WouldChange]:
    """Tries each thing that is not known with each other answer, one at a time."""
    questionnaire = facing.questionnaire
    found: dict[tuple[str, Level | None, Level | None], list[NotKnown]] = {}
    for gap in _not_known(facing):
        question = questionnaire.by_id[gap.question_id]
        if question.case_field is not None:
            continue
        for value, label in _other_answers(question, gap, facing):
            answers = applying(questionnaire, {**facing.answers, question.id: value})
            after = Facing(questionnaire, answers)
            if set(answers) != {*facing.answers, question.id} or _stops(after):
                # an answer that takes other answers away does not stand alone
                continue
            other = _levels(after)
            if (other.floor, other.suggested) != (levels.floor, levels.suggested):
                found.setdefault((label, other.floor, other.suggested), []).append(gap)
    for (label, floor, suggested), gaps in found.items():
        yield WouldChange(known=tuple(gaps), answer=label, floor=floor, suggested=suggested)


def _stops(facing: Facing) -> bool:
    return any(
        question.stops and question.applies_when and holds(question.applies_when, facing)
        for question in facing.questionnaire.questions
    )


def _other_answers(
    question: Question, gap: NotKnown, facing: Facing
) -> Iterable[tuple[Value, str]]:
    if gap.item_id is None:
        yield from ((o.id, o.label) for o in question.options if o.id != UNKNOWN)
        return
    given = facing.answers.get(question.id)
    known = given if isinstance(given, dict) else {}
    for state in question.scale_states.states:
        if state.meaning != "unknown":
            yield {**known, gap.item_id: state.id}, state.label
