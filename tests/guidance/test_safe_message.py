"""When something fails, a person still gets 999, 101 and the area's numbers."""

from __future__ import annotations

import pytest

from bot.guidance import Guidance
from bot.guidance.answering import Citations
from bot.guidance.models import AREA_IDS, AreaId
from bot.guidance.safe_message import safe_message

from .conftest import TODAY


@pytest.mark.parametrize("area", [*AREA_IDS, None])
def test_it_says_so_gives_999_and_101_and_asks_to_try_again(
    real: Guidance, area: AreaId | None
) -> None:
    reply = safe_message(real, area, Citations(real, TODAY))
    text = reply.text()
    assert reply.kind == "safe_message"
    assert "Something went wrong" in reply.headline
    assert "try again" in reply.headline
    assert [card.number for card in reply.contacts][:2] == ["999", "101"]
    assert "ring 999 now" in text
    assert reply.sources, "its numbers are cited"


@pytest.mark.parametrize("area", AREA_IDS)
def test_it_gives_the_areas_own_numbers_and_no_other_areas(real: Guidance, area: AreaId) -> None:
    place = real.areas[area]
    shown = {card.id for card in safe_message(real, area, Citations(real, TODAY)).contacts}
    assert shown == {"emergency", "police-101", *place.contacts[:1], *place.out_of_hours[:1]}
    assert all(not real.contacts[one].areas or area in real.contacts[one].areas for one in shown)


def test_without_an_area_it_gives_a_national_helpline(small: Guidance) -> None:
    reply = safe_message(small, None, Citations(small, TODAY))
    assert [card.id for card in reply.contacts] == ["emergency", "police-101", "nspcc-helpline"]
    assert reply.area is None


def test_a_number_that_serves_day_and_night_is_given_once(real: Guidance) -> None:
    reply = safe_message(real, "derbyshire", Citations(real, TODAY))
    ids = [card.id for card in reply.contacts]
    assert len(ids) == len(set(ids))
