"""Reads `screening.yml` into a checked Questionnaire."""

from __future__ import annotations

from pathlib import Path

from bot.guidance.files import GuidanceError, LocatedFile
from bot.guidance.load import guidance_folder
from bot.guidance.models import Area, Source
from bot.screening.checks import Registry, problems_in
from bot.screening.models import Basis, Option, Question, Questionnaire, QuestionnaireFile, Scale


def load_questionnaire(path: Path | None = None) -> Questionnaire:
    """Load and check the questionnaire.

    Parameters: `path`, the YAML file (default: `screening.yml` of the guidance folder). Sources,
    areas and contacts are looked up in `sources.yml`, `areas.yml` and `contacts.yml` beside it.
    Returns: the Questionnaire, with every option and scale filled in.
    Raises: GuidanceError with the file, line and reason of everything that is wrong: a wrong
    shape, an unknown or doubled id, a citation outside its document, a condition in a circle or
    on a later question, a question that can never be reached, an option that nothing uses, a rule
    without a source.
    """
    path = path or guidance_folder() / "screening.yml"
    file = LocatedFile(path)
    content = file.one(QuestionnaireFile)
    registry, areas = _registry(path.parent)
    problems = problems_in(content, file, registry)
    if problems:
        raise GuidanceError(problems)
    questionnaire = _filled_in(content, areas, registry)
    problems = problems_in(questionnaire.content, file, registry, filled_in=questionnaire)
    if problems:
        raise GuidanceError(problems)
    return questionnaire


def _registry(folder: Path) -> tuple[Registry, list[Area]]:
    areas = LocatedFile(folder / "areas.yml").many(Area)
    sources = LocatedFile(folder / "sources.yml").many(Source)
    # only their ids matter here; the guidance loader checks the entries themselves
    contacts = LocatedFile(folder / "contacts.yml").content or []
    registry = Registry(
        areas={area.id: area.name for area in areas},
        sources={source.id: source for source in sources},
        contacts=frozenset(entry["id"] for entry in contacts),
    )
    return registry, areas


def _filled_in(content: QuestionnaireFile, areas: list[Area], registry: Registry) -> Questionnaire:
    scales = {scale.id: scale for scale in content.scales}
    questions = tuple(
        _question(question, areas, scales, content.bases) for question in content.questions
    )
    return Questionnaire(
        content=content.model_copy(update={"questions": questions}),
        area_names=registry.areas,
        source_names={name: source.short for name, source in registry.sources.items()},
    )


def _question(
    question: Question, areas: list[Area], scales: dict[str, Scale], bases: tuple[Basis, ...]
) -> Question:
    filled: dict[str, object] = {}
    if question.options_from == "areas":
        named = tuple(Option(id=a.id, label=a.name, words=a.aliases) for a in areas)
        filled["options"] = named + question.options
    if question.scale is not None:
        filled["states"] = scales[question.scale]
        filled["bases"] = bases if scales[question.scale].basis else ()
    return question.model_copy(update=filled) if filled else question
