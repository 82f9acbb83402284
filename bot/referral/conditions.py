"""Whether a rule's conditions hold for a case: yes, no, or open because a fact is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.referral.case import Case, Level
from bot.referral.rules import KNOWN_FIELDS, FactField, When


@dataclass(frozen=True)
class Facts:
    """What conditions are read against: a case, the level its route goes by, and the clock."""

    values: Mapping[str, str]
    plans: frozenset[str] | None

    @classmethod
    def of(cls, case: Case, level: Level | None, outside_hours: bool) -> Facts:
        """The facts of `case`, with `level` in place of the level that was judged."""
        values: dict[str, str] = {field: getattr(case, field).value for field in KNOWN_FIELDS}
        values["role"] = case.role or "unknown"
        values["level"] = level.value if level else "unknown"
        values["clock"] = "outside" if outside_hours else "office"
        return cls(values=values, plans=case.open_to)


@dataclass(frozen=True)
class Verdict:
    """`holds` is True, False, or None when it hangs on the `unknown` fields."""

    holds: bool | None
    unknown: tuple[FactField, ...] = ()


HOLDS = Verdict(True)
FAILS = Verdict(False)


class Condition:
    """A rule's `when`, prepared for quick reading. Holds if one of its sets of conditions does."""

    def __init__(self, whens: Sequence[When]) -> None:
        self._sets = tuple(_prepared(when) for when in whens)

    def judge(self, facts: Facts) -> Verdict:
        """Read the conditions against `facts`. An unknown fact never counts as a no."""
        unknown: dict[FactField, None] = {}
        for tests, anyof, noneof in self._sets:
            verdict = _judge(tests, anyof, noneof, facts)
            if verdict.holds:
                return HOLDS
            unknown |= dict.fromkeys(verdict.unknown)
        return Verdict(None, tuple(unknown)) if unknown else FAILS


type _Tests = tuple[tuple[str, frozenset[str]], ...]


def _prepared(when: When) -> tuple[_Tests, frozenset[str], frozenset[str]]:
    tests: list[tuple[str, frozenset[str]]] = []
    for field in ("role", "level", *KNOWN_FIELDS):
        allowed = getattr(when, field)
        if allowed:
            tests.append((field, frozenset(allowed)))
    if when.clock:
        tests.append(("clock", frozenset([when.clock])))
    return tuple(tests), frozenset(when.open_to), frozenset(when.not_open_to)


def _judge(
    tests: _Tests, anyof: frozenset[str], noneof: frozenset[str], facts: Facts
) -> Verdict:  # fmt: skip
    unknown: list[FactField] = []
    for field, allowed in tests:
        value = facts.values[field]
        if value in allowed:
            continue
        if value != "unknown":
            return FAILS
        unknown.append(field)  # type: ignore[arg-type]  # the clock is never unknown
    if anyof or noneof:
        if facts.plans is None:
            unknown.append("open_to")
        elif (anyof and not anyof & facts.plans) or noneof & facts.plans:
            return FAILS
    return Verdict(None, tuple(unknown)) if unknown else HOLDS
