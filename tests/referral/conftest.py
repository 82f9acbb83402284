"""The real route files with the real sources, areas and contacts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.guidance.files import LocatedFile
from bot.guidance.models import Area, AreaId, Contact, Source
from bot.referral.case import Case
from bot.referral.find import find_route
from bot.referral.load import RouteBook, load_routes
from bot.referral.route import Route

GUIDANCE = Path(__file__).parents[2] / "data" / "guidance"
#: A Friday morning in office hours.
FRIDAY = "2026-11-20T10:00"
#: The Saturday after it.
SATURDAY = "2026-11-21T10:00"


@dataclass(frozen=True)
class Registry:
    """Sources, areas and contacts, as `load_routes` needs them."""

    sources: Mapping[str, Source]
    areas: Mapping[AreaId, Area]
    contacts: Mapping[str, Contact]


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry(
        sources={one.id: one for one in LocatedFile(GUIDANCE / "sources.yml").many(Source)},
        areas={one.id: one for one in LocatedFile(GUIDANCE / "areas.yml").many(Area)},
        contacts={one.id: one for one in LocatedFile(GUIDANCE / "contacts.yml").many(Contact)},
    )


@pytest.fixture(scope="session")
def book(registry: Registry) -> RouteBook:
    return load_routes(registry, GUIDANCE / "routes")


@pytest.fixture(scope="session")
def ask(book: RouteBook) -> Callable[..., Route]:
    """Find the route of the case with these facts, on a Friday morning unless `now` is given."""

    def find(area: str | None, **facts: object) -> Route:
        return find_route(Case.model_validate({"area": area, "now": FRIDAY} | facts), book)

    return find
