"""The level that a route goes by: the professional's, never below what the facts allow."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from bot.guidance.models import Citation
from bot.referral.case import Case, Known, Level
from bot.referral.rules import Floor, KnownField, NationalFile


class LevelReason(BaseModel):
    """Why the level is not lower: the rule, in words, and where it stands."""

    model_config = ConfigDict(frozen=True)

    rule: str
    level: Level
    text: str
    cite: tuple[Citation, ...]
    product_choice: bool


class RouteLevel(BaseModel):
    """The level of a route.

    `judged` is the professional's, `level` what the route goes by (None: neither judged nor fixed
    by a fact). `raised` says that facts lift it above what was judged. `unsettled` holds the
    facts that must be known before low can stand; until then the route goes by medium.
    """

    model_config = ConfigDict(frozen=True)

    judged: Level | None
    level: Level | None
    reasons: tuple[LevelReason, ...] = ()
    unsettled: tuple[KnownField, ...] = ()

    @property
    def raised(self) -> bool:
        """Whether a fact lifts the level above the judgement."""
        return (
            self.judged is not None
            and self.level is not None
            and not self.unsettled
            and self.level.rank > self.judged.rank
        )


def your_source(case: Case) -> str:
    """What a text calls the document of the case's area, also where the area is not known."""
    return "your area's source" if case.area else "my other sources"


def _reason(floor: Floor, case: Case) -> LevelReason:
    local = case.area in floor.local
    return LevelReason(
        rule=floor.id,
        level=floor.level,
        text=floor.text if local else floor.elsewhere.replace("{your-source}", your_source(case)),
        cite=floor.cite,
        product_choice=not local,
    )


def route_level(case: Case, national: NationalFile) -> RouteLevel:
    """The level that the route of `case` goes by, with the facts that decide it.

    A floor is a fact answered yes; it raises and never lowers. Low with a fact unknown that
    would forbid low is not settled: it goes by medium until the fact is known.
    """
    floors = [floor for floor in national.floors if getattr(case, floor.field) is Known.YES]
    reasons = tuple(_reason(floor, case) for floor in floors)
    lowest = max((floor.level for floor in floors), key=lambda level: level.rank, default=None)
    if case.level is None or (lowest is not None and lowest.rank > case.level.rank):
        return RouteLevel(judged=case.level, level=lowest, reasons=reasons)
    if case.level is Level.LOW:
        open_facts = tuple(
            field for field in national.unsettled.fields if getattr(case, field) is Known.UNKNOWN
        )
        if open_facts:
            return RouteLevel(
                judged=case.level, level=Level.MEDIUM, reasons=reasons, unsettled=open_facts
            )
    return RouteLevel(judged=case.level, level=case.level, reasons=reasons)


def could_raise(case: Case, level: Level | None, national: NationalFile) -> set[KnownField]:
    """The unknown facts that would raise `level` if they were answered yes."""
    rank = -1 if level is None else level.rank
    return {
        floor.field
        for floor in national.floors
        if getattr(case, floor.field) is Known.UNKNOWN and floor.level.rank > rank
    }
