"""Looks over all content at once, whichever part of the program reads it: before a start, and for
`waymark check` and `waymark doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bot.guidance.checking import Finding, check_content, check_errors
from bot.guidance.files import GuidanceError, LocatedFile, Problem
from bot.guidance.load import Guidance, load_guidance
from bot.nlu.entities import Vocabulary
from bot.privacy.lists import read_lists
from bot.referral.load import load_routes
from bot.safety import check_safety
from bot.safety.rules import Compiled
from bot.safety.words import read_examples, read_safety
from bot.screening import load_questionnaire
from bot.screening.story import StoryReader


class ContentError(GuidanceError):
    """Content that may not be served. The text says file, line and reason of each fault."""

    def __init__(self, folder: Path, faults: Sequence[Finding]) -> None:
        super().__init__(())
        listed = "\n".join(f"  • {one.where}: {one.reason}" for one in faults)
        self.args = (f"The guidance in {folder} cannot be used as it is:\n{listed}",)


def check_all(root: Path, against: Path | None = None) -> list[Finding]:
    """Every finding in the content of the project at `root`: what `waymark check` shows.

    `against` is a folder of source documents that nothing may be copied from. Never raises
    GuidanceError: what cannot be loaded is a finding with its file and line.
    """
    return _findings(root / "data" / "guidance", lambda: check_content(root, against))


def refuse_faults(folder: Path) -> None:
    """Raise ContentError, with each fault, unless the guidance in `folder` may be served.

    Warnings pass, and training phrases are not looked at: this is quick enough for every start.
    """
    _refuse(folder, faults_in(folder))


def refuse_broken(folder: Path) -> None:
    """Raise ContentError, with each fault, where a file of the guidance cannot be read."""
    _refuse(folder, [_as_finding(folder, one) for one in dict.fromkeys(_unloadable(folder))])


def faults_in(folder: Path) -> list[Finding]:
    """The errors for which the guidance in `folder` is not served."""
    return _findings(folder, lambda: check_errors(folder))


def _refuse(folder: Path, faults: Sequence[Finding]) -> None:
    if faults:
        raise ContentError(folder, faults)


def _findings(folder: Path, checked: Callable[[], list[Finding]]) -> list[Finding]:
    problems = list(_unloadable(folder))
    if problems:
        # what is built on these files says the same again
        return [_as_finding(folder, one) for one in dict.fromkeys(problems)]
    try:
        return checked()
    except GuidanceError as error:
        return [_as_finding(folder, one) for one in error.problems]


def _as_finding(folder: Path, problem: Problem) -> Finding:
    file = problem.file
    name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)
    return Finding("error", f"{name}, line {problem.line}", problem.reason)


def _unloadable(folder: Path) -> Iterator[Problem]:
    """What each reader of the guidance refuses."""
    try:
        guidance = load_guidance(folder)
    except GuidanceError as error:
        yield from error.problems
        return
    for check in _READERS:
        try:
            yield from check(guidance, folder)
        except GuidanceError as error:
            yield from error.problems


def _routes(guidance: Guidance, folder: Path) -> Sequence[Problem]:
    load_routes(guidance, folder / "routes")
    return ()


def _screening(guidance: Guidance, folder: Path) -> Sequence[Problem]:
    questionnaire = load_questionnaire(folder / "screening.yml")
    StoryReader(questionnaire, folder / "indicator_phrases.yml")
    return ()


def _vocabulary(guidance: Guidance, folder: Path) -> Sequence[Problem]:
    Vocabulary.read(folder)
    return ()


def _privacy(guidance: Guidance, folder: Path) -> Sequence[Problem]:
    unknown = [
        (index, cite)
        for index, point in enumerate(read_lists(folder).reminder.points)
        for cite in point.cite
        if cite.source not in guidance.sources
    ]
    return [
        LocatedFile(folder / "privacy.yml").problem(
            f"cites “{cite.source}”, which is not in sources.yml", "reminder", "points", index
        )
        for index, cite in unknown
    ]


def _safety(guidance: Guidance, folder: Path) -> Sequence[Problem]:
    file, safety = read_safety(folder)
    words = safety.watch
    phrasings = Compiled(file, words)
    phrasings.rules()
    phrasings.calmers()
    phrasings.all(words.practitioner, "practitioner")
    for name in words.lists:
        phrasings.list(name)
    read_examples(folder)
    for area, name in safety.public_contacts.items():
        contact = guidance.contacts.get(name)
        if contact is not None and contact.areas and area not in contact.areas:
            reason = f"the contact “{name}” belongs to {', '.join(contact.areas)}"
            phrasings.problems.append(file.problem(reason, "public_contacts", area))
    return [*phrasings.problems, *check_safety(guidance, folder)]


_READERS: tuple[Callable[[Guidance, Path], Sequence[Problem]], ...] = (
    _routes,
    _screening,
    _vocabulary,
    _privacy,
    _safety,
)
