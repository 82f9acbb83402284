"""A question asked again for another area, where only one area's document has what was answered."""

from __future__ import annotations

from bot.guidance.answering import Answering, Citations, ask_payload, contact_card
from bot.guidance.dates import date_of
from bot.guidance.models import AreaId, Citation
from bot.guidance.reply import Choice, Reply, Statement


def answer_there(
    answering: Answering, topic_id: str, area: AreaId
) -> tuple[str, tuple[Reply, ...]]:
    """What is said where a question is asked again for an area, and the topic that says it.

    What only another area's document has is not said again: its counterpart there is, or else
    that there is none, and whose it was.
    """
    guidance = answering.guidance
    owner = guidance.owner_of(topic_id)
    if owner is None or owner == area:
        return topic_id, answering.answer(topic_id, area)
    found = guidance.counterpart_of(topic_id)
    other = found.instead.get(area) if found is not None else None
    if other is not None:
        return other, answering.answer(other, area)
    return topic_id, (_none_there(answering, topic_id, area, owner),)


def _none_there(answering: Answering, topic_id: str, area: AreaId, owner: AreaId) -> Reply:
    """That an area's source has nothing of the kind, with whose the answer before was.

    Where nobody has gone through its source for that, no more is said than that nothing is held.
    """
    guidance = answering.guidance
    topic, place = guidance.topics[topic_id], guidance.areas[area]
    source = guidance.sources[place.source]
    found = guidance.counterpart_of(topic_id)
    cites = Citations(guidance, answering.today)
    cites.add([Citation(source=place.source)])
    looked = Statement(f"I looked in the {source.short} ({date_of(source)}).", (0,))
    points = [looked]
    if found is not None and area in found.silent:
        headline = f"My {place.name} source does not say."
        said = found.silent[area]
        if said is not None:
            points.insert(0, Statement(guidance.fill(said.text), cites.add(said.cite)))
    else:
        headline = f"I have nothing on this from my {place.name} source."
    contacts = [guidance.contacts[name] for name in place.contacts[:1]]
    for contact in contacts:
        cites.add(contact.cite)
    ask = (
        "Your local children's services can tell you:"
        if contacts
        else "Ask your safeguarding lead or your council's children's services."
    )
    see = found.see.get(area) if found is not None else None
    choices = [Choice(guidance.topics[see].title, ask_payload(see))] if see is not None else []
    return Reply(
        kind="not_in_source",
        headline=f"{headline} What I told you is from {guidance.areas[owner].name}'s source "
        f"alone: “{topic.title}”.",
        points=(*points, Statement(ask)),
        contacts=tuple(map(contact_card, contacts)),
        sources=cites.lines(),
        choices=(
            *choices,
            Choice(f"What {guidance.areas[owner].name} says", ask_payload(topic.id, owner)),
        ),
        topic=topic.id,
        area=area,
    )
