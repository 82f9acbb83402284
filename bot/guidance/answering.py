"""Answers: a topic and an area in, replies out. Pure; the day is a parameter."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.guidance.dates import age_note, date_of, in_words
from bot.guidance.load import PLACEHOLDER, Guidance
from bot.guidance.models import (
    AREA_IDS,
    Answer,
    AreaId,
    Change,
    Citation,
    Contact,
    Point,
    Topic,
)
from bot.guidance.reply import Choice, ContactCard, Reply, Statement

#: How many dated notes an answer shows before “What changed?”. A product choice for a phone.
NOTES_SHOWN = 1
#: With no area known, this many differing answers are shown side by side; more, and it asks.
SIDE_BY_SIDE = 2


def ask_payload(topic: str | None = None, area: str | None = None, intent: str = "ask") -> str:
    """The message a button sends: an intent with its entities."""
    entities = {key: value for key, value in (("topic", topic), ("area", area)) if value}
    return f"/{intent}{json.dumps(entities)}" if entities else f"/{intent}"


class Citations:
    """Collects the citations of one reply and numbers them, one line a source and section."""

    def __init__(self, guidance: Guidance, today: dt.date) -> None:
        self._guidance = guidance
        self._today = today
        self._lines: dict[str, list[str]] = {}

    def add(self, cites: Iterable[Citation]) -> tuple[int, ...]:
        """The indexes (from 0) of the sources of `cites`, added where they are new."""
        indexes = []
        for cite in cites:
            sections = self._lines.setdefault(cite.source, [])
            section = self._section(cite)
            if section and section not in sections:
                sections.append(section)
            indexes.append(list(self._lines).index(cite.source))
        return tuple(dict.fromkeys(indexes))

    def _section(self, cite: Citation) -> str | None:
        line = cite.first_line
        if line is None:
            return None
        source = self._guidance.sources[cite.source]
        if not source.sections:
            return cite.at
        return next(part.title for part in source.sections if part.first <= line <= part.last)

    def lines(self) -> tuple[str, ...]:
        """Each source with its date, sections and age, in order of first use."""
        shown = []
        for name, sections in self._lines.items():
            source = self._guidance.sources[name]
            line = source.short
            if source.kind != "statute":
                line += f", {date_of(source)}"
            if sections:
                # a section that begins with its number is a part of the title after the comma
                line += f" ({'; '.join(sections)})"
            note = age_note(source, self._today)
            if source.kind == "public_page":
                note = "A public page, not a board's document: to be confirmed."
            shown.append(f"{line}. {note}" if note else f"{line}.")
        return tuple(shown)


def contact_card(contact: Contact) -> ContactCard:
    """A contact as it is shown, with the warning that its provenance asks for."""
    note = contact.caution
    if note is None and contact.status == "public_page":
        note = "From a public page: to be confirmed."
    return ContactCard(
        id=contact.id,
        name=contact.name,
        purpose=contact.purpose,
        number=contact.number,
        email=contact.email,
        web=contact.web,
        hours=contact.hours,
        note=note,
    )


class Answering:
    """Answers topics from guidance. `today` is the day that ages are reckoned from."""

    def __init__(self, guidance: Guidance, today: dt.date | None = None) -> None:
        self.guidance = guidance
        self._today = today

    @property
    def today(self) -> dt.date:
        """The day that ages are reckoned from: the given one, or the clock's."""
        return self._today or dt.date.today()

    def answer(self, topic_id: str, area: AreaId | None = None) -> tuple[Reply, ...]:
        """What is said about a topic in an area (None: not known). Raises KeyError if unknown.

        With an area: its own answer, else what holds everywhere, else that its source is silent.
        Without: what holds everywhere, else the few answers side by side, else which area?
        """
        topic = self._topic(topic_id, area)
        general = self._find(topic, "any")
        if area is not None:
            own = self._find(topic, area)
            if own is not None:
                return (self._card(topic, own, area, label=self._label(own)),)
            if general is not None:
                return (self._card(topic, general, area),)
            return (self._silent(topic, area),)
        if general is not None:
            return (self._card(topic, general, None),)
        if len(topic.answers) <= SIDE_BY_SIDE:
            return tuple(
                self._card(topic, answer, None, label=self._label(answer))
                for answer in topic.answers
            )
        return (self._which_area(topic),)

    def compare(self, topic_id: str, areas: Sequence[AreaId]) -> tuple[Reply, ...]:
        """A topic's answer for each of several areas, one reply each, labelled.

        Areas without an answer of their own share one reply with what holds everywhere.
        """
        sharing = [area for area in areas if self._shares(topic_id, area)]
        replies = []
        for area in areas:
            topic = self._topic(topic_id, area)
            if area in sharing:
                if area == sharing[0]:
                    replies.append(self._shared(topic, sharing))
                continue
            answer = self._find(topic, area) or self._find(topic, "any")
            if answer is None:
                replies.append(self._silent(topic, area))
            else:
                name = self.guidance.areas[area].name
                replies.append(self._card(topic, answer, area, label=name))
        return tuple(replies)

    def _shares(self, topic_id: str, area: AreaId) -> bool:
        """Whether an area has only what the topic says for everyone."""
        topic = self.guidance.topics[topic_id]
        return (
            area not in topic.instead
            and self._find(topic, area) is None
            and self._find(topic, "any") is not None
        )

    def _shared(self, topic: Topic, areas: Sequence[AreaId]) -> Reply:
        """What holds everywhere, once for the areas that have nothing of their own."""
        general = next(answer for answer in topic.answers if "any" in answer.areas)
        area = areas[0] if len(areas) == 1 else None
        label = f"{self._names(areas)} (general answer)"
        return self._card(topic, general, area, label=label, among=areas)

    def more(self, topic_id: str, area: AreaId | None = None) -> tuple[Reply, ...]:
        """The details, the law and the notes that the first answer leaves out."""
        topic = self._topic(topic_id, area)
        answer = (self._find(topic, area) if area else None) or self._find(topic, "any")
        answers = (answer,) if answer else () if area else topic.answers
        cites = Citations(self.guidance, self.today)
        here = (area,) if area else ()
        points = [
            Statement(self.guidance.fill(point.text), cites.add(point.cite))
            for one in answers
            for point in self._local_points(one.more, here)
        ]
        for name in topic.law:
            law = self.guidance.laws[name]
            points.append(
                Statement(f"{law.act}, {law.section}: {law.summary}", cites.add(law.cite))
            )
        if not points:
            return (
                Reply(
                    kind="more",
                    headline="That is all my sources say about it.",
                    choices=self._next(topic, area),
                    topic=topic.id,
                    area=area,
                ),
            )
        return (
            Reply(
                kind="more",
                headline=f"More on “{topic.title}”:",
                points=tuple(points),
                sources=cites.lines(),
                choices=self._next(topic, area),
                topic=topic.id,
                area=area,
            ),
        )

    def shorter(self, topic_id: str, area: AreaId | None = None) -> tuple[Reply, ...]:
        """A topic's answer in one line, what changed since, whom to ring and where it stands."""
        whole = Choice("The whole answer", ask_payload(topic_id))
        return tuple(
            replace(reply, points=(), choices=(whole, *reply.choices[:3]))
            if reply.kind == "answer"
            else reply
            for reply in self.answer(topic_id, area)
        )

    def changes(self, topic_id: str, area: AreaId | None = None) -> Reply:
        """What has changed since a topic's sources were written, each with its date."""
        topic = self._topic(topic_id, area)
        cites = Citations(self.guidance, self.today)
        points = tuple(
            Statement(_note(change), cites.add(change.cite))
            for change in self._concerning(topic, area)
        )
        sources = {cite.source for cite in self._all_cites(topic, area)}
        if area is not None and self._is_silent(topic, area):
            sources = {self.guidance.areas[area].source}
        ages = [
            f"{source.short} is of {date_of(source)}."
            for source in map(self.guidance.sources.__getitem__, sorted(sources))
            if source.kind == "board_document"
        ]
        headline = (
            f"What I know has changed since the sources on “{topic.title}”:"
            if points
            else f"I know of no change that touches “{topic.title}”, but I cannot see everything: "
            "check with your partnership."
        )
        return Reply(
            kind="changes",
            headline=headline,
            points=points,
            closing=" ".join(ages) or None,
            sources=cites.lines(),
            choices=self._next(topic, area),
            topic=topic.id,
            area=area,
        )

    def sources(self, topic_id: str, area: AreaId | None = None) -> Reply:
        """Where the statements on a topic stand: document, publisher, date and lines."""
        topic = self._topic(topic_id, area)
        if area is not None and self._is_silent(topic, area):
            return self._silent_source(topic, area)
        lines: dict[str, list[str]] = {}
        for cite in self._all_cites(topic, area):
            found = lines.setdefault(cite.source, [])
            if cite.at and cite.at not in found:
                found.append(cite.at)
        points = []
        for name, found in lines.items():
            source = self.guidance.sources[name]
            where = f", lines {', '.join(found)} of the text" if found else ""
            points.append(
                Statement(f"“{source.title}”, {source.publisher}, {date_of(source)}{where}.")
            )
        cites = Citations(self.guidance, self.today)
        cites.add(self._all_cites(topic, area))
        return Reply(
            kind="sources",
            headline=f"“{topic.title}” comes from:",
            points=tuple(points),
            sources=cites.lines(),
            choices=self._next(topic, area),
            topic=topic.id,
            area=area,
        )

    def _silent_source(self, topic: Topic, area: AreaId) -> Reply:
        """Which source was looked in where it does not say; none of another area is named."""
        name = self.guidance.areas[area].source
        source = self.guidance.sources[name]
        cites = Citations(self.guidance, self.today)
        looked = f"I looked in “{source.title}”, {source.publisher}, {date_of(source)}."
        points = (Statement(looked, cites.add([Citation(source=name)])),)
        silent = self._silent(topic, area)
        return replace(silent, kind="sources", points=points, contacts=(), sources=cites.lines())

    def term(self, term_id: str) -> Reply:
        """What a term or abbreviation means. Raises KeyError if unknown."""
        term = self.guidance.terms[term_id]
        cites = Citations(self.guidance, self.today)
        cites.add(term.cite)
        return Reply(kind="term", headline=f"{term.term}: {term.meaning}", sources=cites.lines())

    def contact(self, contact_id: str) -> Reply:
        """One contact that was asked for by name. Raises KeyError if unknown."""
        contact = self.guidance.contacts[contact_id]
        card = contact_card(contact)
        cites = Citations(self.guidance, self.today)
        cites.add(contact.cite)
        return Reply(
            kind="contact",
            headline=f"{contact.name}: {card.address}",
            points=(Statement(f"{contact.purpose}."),),
            contacts=(card,),
            sources=cites.lines(),
            topic="helplines" if not contact.areas else "who_to_ring",
        )

    def passages(
        self,
        places: Sequence[tuple[str, int]],
        area: AreaId | None = None,
        cites: Citations | None = None,
    ) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
        """First lines of answers by topic and number, each with its title, and their sources.

        One that gives a number of another area than `area` is left out. The citations are added to
        `cites` where the reply has others.
        """
        cites = cites or Citations(self.guidance, self.today)
        here = (area,) if area else ()
        statements = []
        for name, number in places:
            topic = self.guidance.topics[name]
            answer = topic.answers[number]
            if not self._is_local(answer.short, here):
                continue
            found = cites.add(cite for point in answer.points for cite in point.cite)
            where = "" if "any" in answer.areas else f", {self._label(answer)}"
            text = f"{topic.title}{where}: {self.guidance.fill(answer.short)}"
            statements.append(Statement(text, found))
        return tuple(statements), cites.lines()

    def choose_area(self, topic_id: str) -> Reply:
        """Which area? asked for a topic whose answer depends on it."""
        return self._which_area(self.guidance.topics[topic_id])

    def _is_silent(self, topic: Topic, area: AreaId) -> bool:
        """Whether nothing is said about a topic in an area, neither there nor everywhere."""
        return self._find(topic, area) is None and self._find(topic, "any") is None

    def _speaks_for(self, topic: Topic, area: AreaId | None) -> bool:
        """Whether a topic is worth offering in an area: it is neither silent nor of another one."""
        if area is None:
            return True
        places = self.guidance.areas.keys() & set(topic.tags)
        return not self._is_silent(topic, area) and (not places or area in places)

    def _find(self, topic: Topic, area: str) -> Answer | None:
        return next((answer for answer in topic.answers if area in answer.areas), None)

    def topic_in(self, topic_id: str, area: AreaId | None) -> str:
        """The topic that answers in an area: its own one there where it has one."""
        return self._topic(topic_id, area).id

    def differs(self, topic_id: str) -> bool:
        """Whether what is answered about a topic hangs on the area."""
        topic = self.guidance.topics[topic_id]
        places = {area for answer in topic.answers for area in answer.areas}
        return bool(topic.silent or topic.instead) or places != {"any"}

    def holds_anywhere(self, topic_id: str) -> bool:
        """Whether something is answered about a topic that is not tied to an area or its number."""
        topic = self.guidance.topics[topic_id]
        answers = [one for one in topic.answers if "any" in one.areas]
        tied = {*self.guidance.areas, "contacts"}.intersection(topic.tags)
        return bool(answers) and not tied

    def _topic(self, topic_id: str, area: AreaId | None) -> Topic:
        topic = self.guidance.topics[topic_id]
        return self.guidance.topics[topic.instead[area]] if area in topic.instead else topic

    def _label(self, answer: Answer) -> str:
        return self._names([area for area in answer.areas if area != "any"])

    def _names(self, areas: Sequence[AreaId]) -> str:
        names = [self.guidance.areas[area].name for area in areas]
        return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"

    def _is_for(self, contact: Contact, areas: Sequence[AreaId]) -> bool:
        """Whether a contact serves one of `areas`; without areas, any contact may be shown."""
        return not areas or not contact.areas or any(area in contact.areas for area in areas)

    def _is_local(self, text: str, areas: Sequence[AreaId]) -> bool:
        """Whether every number in `text` may be shown to people of `areas`."""
        contacts = self.guidance.contacts
        return all(self._is_for(contacts[name], areas) for name in PLACEHOLDER.findall(text))

    def _local_points(self, points: Sequence[Point], areas: Sequence[AreaId]) -> list[Point]:
        """The points without those that give a number of another area."""
        return [point for point in points if self._is_local(point.text, areas)]

    def _filled(self, text: str, areas: Sequence[AreaId]) -> str:
        """`text` with numbers filled in; a contact of another area is named without its number."""

        def name(match: re.Match[str]) -> str:
            contact = self.guidance.contacts[match.group(1)]
            return match.group() if self._is_for(contact, areas) else contact.name

        return self.guidance.fill(PLACEHOLDER.sub(name, text))

    def _card(
        self,
        topic: Topic,
        answer: Answer,
        area: AreaId | None,
        label: str | None = None,
        among: Sequence[AreaId] = (),
    ) -> Reply:
        """One answer as a reply. Numbers of other areas than `area`, or `among`, stay away."""
        cites = Citations(self.guidance, self.today)
        here = (area,) if area else among

        def statements(points: Sequence[Point]) -> tuple[Statement, ...]:
            return tuple(
                Statement(self.guidance.fill(point.text), cites.add(point.cite))
                for point in self._local_points(points, here)
            )

        own = self.guidance.areas[area].source if area else None
        # the area's own document stands first among the sources, wherever it is cited
        cites.add(
            cite
            for point in self._local_points((*answer.points, *answer.differs), here)
            for cite in point.cite
            if cite.source == own
        )
        points = statements(self._own_first(answer, area))
        differs = statements(answer.differs)
        cards = []
        for name in answer.contacts:
            contact = self.guidance.contacts[name]
            if self._is_for(contact, here):
                cites.add(contact.cite)
                cards.append(contact_card(contact))
        shown = self._concerning(topic, area, answer)[:NOTES_SHOWN]
        for change in shown:
            cites.add(
                cite
                for cite in change.cite
                if self.guidance.sources[cite.source].kind != "board_document"
            )
        notes = tuple(_note(change) for change in shown)
        return Reply(
            kind="answer",
            headline=self._filled(answer.short, here),
            points=points,
            differs=differs,
            contacts=tuple(cards),
            notes=notes,
            sources=cites.lines(),
            choices=self._next(topic, area, answer),
            topic=topic.id,
            area=area,
            label=label,
        )

    def _own_first(self, answer: Answer, area: AreaId | None) -> Sequence[Point]:
        """The points of a general answer, those from the area's own source first."""
        if area is None or "any" not in answer.areas:
            return answer.points
        own = self.guidance.areas[area].source
        return sorted(
            answer.points, key=lambda point: all(cite.source != own for cite in point.cite)
        )

    def _concerning(
        self, topic: Topic, area: AreaId | None, answer: Answer | None = None
    ) -> list[Change]:
        """The changes that touch a topic in an area, or in the areas of an answer."""
        areas = {area} if area else set(answer.areas) if answer else set(AREA_IDS)
        changes = [self.guidance.changes[name] for name in topic.changed]
        return [one for one in changes if not one.areas or areas & set(one.areas)]

    def _silent(self, topic: Topic, area: AreaId) -> Reply:
        place = self.guidance.areas[area]
        source = self.guidance.sources[place.source]
        own = topic.silent.get(area)
        cites = Citations(self.guidance, self.today)
        cites.add([Citation(source=place.source)])
        # the area's own contact is there whomever else the topic names
        asked = [self.guidance.contacts[name] for name in topic.ask]
        own_first = [self.guidance.contacts[name] for name in place.contacts[:1]]
        if any(contact.areas and self._is_for(contact, (area,)) for contact in asked):
            own_first = []
        # the day line is no help at night
        night = [self.guidance.contacts[name] for name in place.out_of_hours]
        each = {one.id: one for one in (*own_first, *asked) if self._is_for(one, (area,))}
        local = [one for one in each.values() if one.areas]
        rest = [one for one in each.values() if not one.areas]
        shown = list({one.id: one for one in (*local, *(night if local else ()), *rest)}.values())
        for contact in shown:
            cites.add(contact.cite)
        cards = [contact_card(contact) for contact in shown]
        points = [Statement(f"I looked in the {source.short} ({date_of(source)}).", (0,))]
        if own:
            points.insert(0, Statement(self._filled(own, (area,)), (0,)))
        if any(contact.areas for contact in shown):
            points.append(Statement("Your local children's services can tell you:"))
        else:
            points.append(
                Statement("Ask your safeguarding lead or your council's children's services.")
            )
        offers = tuple(
            Choice(f"What {self._label(answer)} says", ask_payload(topic.id, answer.areas[0]))
            for answer in topic.answers[:2]
        )
        return Reply(
            kind="not_in_source",
            headline=f"My {place.name} source does not say: {_ended(topic.title)}",
            points=tuple(points),
            contacts=tuple(cards),
            sources=cites.lines(),
            choices=(*offers, *self._next(topic, area)[:2]),
            topic=topic.id,
            area=area,
        )

    def _which_area(self, topic: Topic) -> Reply:
        return Reply(
            kind="which_area",
            headline=f"“{topic.title}” depends on the area. Which one?",
            points=(Statement("If a child is in immediate danger, ring 999 now."),),
            choices=tuple(
                Choice(area.name, ask_payload(topic.id, area.id))
                for area in self.guidance.areas.values()
            ),
            topic=topic.id,
        )

    def _next(
        self, topic: Topic, area: AreaId | None, answer: Answer | None = None
    ) -> tuple[Choice, ...]:
        related = (self.guidance.topics[name] for name in topic.related)
        choices = [
            Choice(one.title, ask_payload(one.id)) for one in related if self._speaks_for(one, area)
        ][:3]
        if answer is not None and (answer.more or topic.law):
            choices.insert(0, Choice("More detail", ask_payload(intent="follow_more")))
        elif len(topic.changed) > NOTES_SHOWN:
            choices.append(Choice("What changed?", ask_payload(intent="follow_changed")))
        if topic.route_level is not None and answer is not None:
            route = f'/ask_route{{"level": "{topic.route_level}"}}'
            choices.insert(0, Choice("The whole route, with its dates", route))
        return tuple(choices[:4])

    def _all_cites(self, topic: Topic, area: AreaId | None) -> list[Citation]:
        answer = (self._find(topic, area) if area else None) or self._find(topic, "any")
        answers = (answer,) if answer else topic.answers
        return [
            cite
            for one in answers
            for point in (*one.points, *one.differs, *one.more)
            for cite in point.cite
        ]


def _note(change: Change) -> str:
    """A change with its date, where it is known."""
    if change.since == "unknown":
        return change.text
    return f"{in_words(change.since)}: {change.text}"


def _ended(title: str) -> str:
    """A title at the end of a sentence: one that asks has its mark already."""
    return title if title.endswith(("?", ".", "!")) else f"{title}."


def areas_in_order(areas: Iterable[str]) -> tuple[AreaId, ...]:
    """The areas among `areas`, in the order in which they are offered, each once."""
    wanted = set(areas)
    return tuple(area for area in AREA_IDS if area in wanted)
