"""Real routes and real screenings to make take-aways of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from bot.documents import Screening, TakeAway, take_away
from bot.guidance.load import Guidance, guidance_folder, load_guidance
from bot.referral.case import Case, Level
from bot.referral.find import find_route
from bot.referral.load import RouteBook, load_routes
from bot.referral.route import Route
from bot.screening import Questionnaire, Value, assess, judge, load_questionnaire, to_case
from tests.screening.children import nothing_seen

#: A Friday in office hours, without a zone: Europe/London.
NOW = dt.datetime(2026, 11, 20, 10, 5)
REFERENCE = "WM-7K3F-2Q9D"

Ask = Callable[..., Route]
Screen = Callable[..., tuple[Route, Screening]]


@pytest.fixture(scope="session")
def guidance() -> Guidance:
    return load_guidance()


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    return load_questionnaire()


@pytest.fixture(scope="session")
def book(guidance: Guidance) -> RouteBook:
    return load_routes(guidance, guidance_folder() / "routes")


@pytest.fixture(scope="session")
def ask(book: RouteBook) -> Ask:
    """The route of the case with these facts, asked for at NOW."""

    def find(area: str | None, **facts: object) -> Route:
        return find_route(Case.model_validate({"area": area, "now": NOW} | facts), book)

    return find


@pytest.fixture(scope="session")
def screen(guidance: Guidance, questionnaire: Questionnaire, book: RouteBook) -> Screen:
    """A screening of a child of 14 in Derby with these answers, judged, with its route."""

    def run(
        level: str | None, reason: str | None = None, **different: Value
    ) -> tuple[Route, Screening]:
        answers = nothing_seen(questionnaire, **different)
        assessment = assess(questionnaire, answers)
        judgement = judge(assessment, Level(level), reason) if level else None
        case = to_case(questionnaire, answers, judgement).model_dump() | {"now": NOW}
        route = find_route(Case.model_validate(case), book)
        return route, Screening(questionnaire, answers, assessment, judgement, guidance.sources)

    return run


#: Something of everything: now, before, not known, facts, circumstances.
MIXED: dict[str, Value] = {
    "signs_people": {
        "older_partner": {"state": "now", "basis": "reported"},
        "unknown_vehicles": "before",
        "adults_outside_home": "unknown",
    },
    "signs_daily_life": {"school_change": "now"},
    "signs_health_mood": {"injuries": "unknown"},
    "circumstances": {"family_history": "now", "homelessness": "before"},
    "hard_facts": {"missing": "yes", "trafficking": "unknown"},
    "open_to": {"looked_after": "yes"},
}


@pytest.fixture(scope="session")
def lowered(screen: Screen) -> tuple[Route, Screening]:
    """A screening with something of everything, judged lower than suggested for a listed reason."""
    return screen("low", "agreed_with_others", **MIXED)


@pytest.fixture(scope="session")
def summary(lowered: tuple[Route, Screening]) -> TakeAway:
    """The take-away of that screening."""
    route, screening = lowered
    return take_away(route, REFERENCE, NOW, screening)


@pytest.fixture(scope="session")
def dated(screen: Screen) -> TakeAway:
    """The take-away of the same screening judged medium, which has dates."""
    route, screening = screen("medium", **MIXED)
    return take_away(route, REFERENCE, NOW, screening)
