"""The role of who writes, told beside an area or a case."""

from __future__ import annotations

import pytest

from bot.nlu.entities import Vocabulary
from bot.serving.role_told import RoleTold

READER = RoleTold(
    {word.lower(): role for role, words in Vocabulary.read().role.items() for word in words}
)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("foster carer luton, medium risk, 14", "foster_carer"),
        ("luton health visitor with a high risk child", "health"),
        ("nottinghamshire residential care worker", "residential_worker"),
        ("supervisor in a children's home, high", "residential_worker"),
        ("i'm a deputy at a residential home in derby", "residential_worker"),
        ("children's home worker, notts, medium", "residential_worker"),
        ("i manage a social work team in luton, high risk case", "team_manager"),
        ("i supervise a duty team in hartlepool", "team_manager"),
        ("luton police officer. child trafficked between towns", "police"),
        ("hartlepool teacher low risk learning disability", "teacher"),
        ("wiltshire, high risk, 10pm, health worker", "health"),
        ("teacher from hartlepool with a low risk 14 year old", "teacher"),
        ("senior social worker in derby, high", "social_worker"),
        ("wiltshire gp high risk", "health"),
    ],
)
def test_who_writes_is_read(text: str, role: str) -> None:
    assert READER.read(text, []) == role


@pytest.mark.parametrize(
    "text",
    [
        "luton health visitor has told me it's high risk",
        "the manager of the children's home told me she is high risk",
        "luton police have told us she is high",
        "her social worker in luton says high",
        "derby school, high risk, 14",
        "luton manager says high",
        "teacher abused her, luton",
        "high risk in luton, social worker left",
        "her foster carer in luton is worried",
    ],
)
def test_somebody_else_is_not_who_writes(text: str) -> None:
    assert READER.read(text, []) is None


def test_a_role_that_was_found_is_kept() -> None:
    assert READER.read("i'm a teacher, social worker", ["teacher"]) is None
