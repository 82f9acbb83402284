"""A Route as a reply of the conversation."""

from __future__ import annotations

from bot.guidance.reply import Choice, ContactCard, Download, Reply, Statement
from bot.referral.route import Route
from bot.referral.wording import route_text


def route_reply(
    route: Route,
    choices: tuple[Choice, ...] = (),
    *,
    more: bool = False,
    changed: str | None = None,
) -> Reply:
    """The route as one message: the first line answers, the steps in order, contacts, sources.

    `more` gives its long text: every time limit, who attends, recording, if nobody answers.
    `changed` says what is other than in the route before: it stands before the first line.
    """
    text = route_text(route, more=more)
    steps = [step for step in route.steps if more or not step.more]
    return Reply(
        kind="route",
        headline=route.headline,
        points=tuple(
            Statement(f"{step.label}: {step.text}" if step.label else step.text) for step in steps
        ),
        contacts=cards_of(route),
        sources=tuple(str(source) for source in route.sources if more or not source.more),
        choices=choices,
        downloads=downloads_of(route),
        area=route.area,
        closing=f"{route.rescreen} {route.not_a_referral}",
        label=changed,
        plain=f"{changed}: {text}" if changed else text,
    )


def cards_of(route: Route) -> tuple[ContactCard, ...]:
    """Who to ring for a route, in its order."""
    return tuple(
        ContactCard(
            id=one.id,
            name=one.name,
            purpose=one.purpose,
            number=one.number,
            email=one.email,
            web=one.web,
            note=one.short_note or None,
        )
        for one in route.contacts
    )


def downloads_of(route: Route) -> tuple[Download, ...]:
    """The files that a route can be had as; a calendar only where a time limit has a date."""
    dated = any(deadline.date is not None for deadline in route.deadlines)
    return (
        Download("pdf", "PDF"),
        Download("word", "Word"),
        *((Download("calendar", "Deadlines to my calendar"),) if dated else ()),
        Download("text", "Plain text"),
    )
