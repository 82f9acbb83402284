"""What a message after danger tells of it, by what stands: that it goes on, or is not rung for."""

from __future__ import annotations

from bot.safety.still_danger import Still
from bot.serving.danger_goes_on import goes_on, is_adult
from bot.serving.hesitation import hesitates
from bot.serving.passed_danger import passed_danger
from bot.serving.standing import Standing


def told_to_go_on(text: str, standing: Standing) -> Still | None:
    """What a message tells of danger that goes on; None where it tells no such thing.

    Nor where the danger is over, by this message or by one before it.
    """
    if standing.told in ("passed", "mistaken"):
        return None
    over = passed_danger(text, standing.looked_for)
    return None if over is not None and not over.goes_on else goes_on(text)


def put_off(text: str, standing: Standing, screening: bool) -> tuple[Still, str] | None:
    """Who would not, or not yet, ring 999, or tells of an adult; and what else they say.

    None where a message is no such thing, and where 999 was rung or nobody is in danger any more.
    A child is not pressed. `screening`: one is under way, whose question an age answers.
    """
    if not standing.unanswered or standing.child:
        return None
    if is_adult(text) and not screening and not standing.question:
        return "adult", ""
    found = hesitates(text)
    if found is None or (found.bare and (standing.turns or standing.question)):
        return None
    return "hesitates", found.rest
