"""A topic and an area in, cited replies out. One area's number is never shown as another's."""

from __future__ import annotations

import json
import re

import pytest

from bot.guidance import Guidance
from bot.guidance.answering import Answering, Citations, areas_in_order, ask_payload, contact_card
from bot.guidance.load import load_guidance
from bot.guidance.models import AREA_IDS, AreaId, Citation
from bot.guidance.reply import Reply

from .conftest import PROJECT, TODAY

REAL = load_guidance(PROJECT / "data" / "guidance")
LONGEST_HEADLINE = 220


def digits(text: str) -> str:
    """The text without spaces inside numbers."""
    return re.sub(r"(?<=\d)[ -](?=\d)", "", text)


def of_other_areas(guidance: Guidance, area: AreaId) -> dict[str, str]:
    """Numbers and addresses of contacts that are not for `area`, by contact."""
    return {
        one.id: digits(address)
        for one in guidance.contacts.values()
        if one.areas and area not in one.areas
        for address in (one.number, one.email, one.web)
        if address
    }


def shows(text: str, address: str) -> bool:
    return bool(re.search(rf"(?<!\d){re.escape(address)}(?!\d)", digits(text)))


# --- the real content: every topic, every area ----------------------------------------------------


@pytest.mark.parametrize("area", AREA_IDS)
def test_every_topic_answers_in_every_area(area: AreaId) -> None:
    answering = Answering(REAL, TODAY)
    for topic in REAL.topics:
        replies = answering.answer(topic, area)
        assert len(replies) == 1, topic
        (reply,) = replies
        assert reply.area == area, topic
        assert reply.sources, f"{topic} cites nothing"
        assert 0 < len(reply.headline) <= LONGEST_HEADLINE, topic
        assert "{" not in reply.text(), f"{topic} has a place that was not filled"


@pytest.mark.parametrize("area", [*AREA_IDS, None])
def test_more_changes_and_sources_of_every_topic(area: AreaId | None) -> None:
    answering = Answering(REAL, TODAY)
    for topic in REAL.topics:
        for reply in (
            *answering.more(topic, area),
            answering.changes(topic, area),
            answering.sources(topic, area),
        ):
            assert len(reply.headline) <= LONGEST_HEADLINE, topic
            assert "{" not in reply.text(), f"{topic} has a place that was not filled"


@pytest.mark.parametrize("area", AREA_IDS)
def test_no_answer_shows_a_number_or_address_of_another_area(area: AreaId) -> None:
    answering, foreign = Answering(REAL, TODAY), of_other_areas(REAL, area)
    shown = {}
    for topic in REAL.topics:
        said = (*answering.answer(topic, area), *answering.more(topic, area))
        text = "\n".join(reply.text() for reply in said)
        if names := [name for name, address in foreign.items() if shows(text, address)]:
            shown[topic] = names
    assert shown == {}


def test_every_topic_answers_without_an_area() -> None:
    answering = Answering(REAL, TODAY)
    for topic in REAL.topics:
        for reply in answering.answer(topic):
            assert reply.sources or reply.kind == "which_area", topic
            assert len(reply.headline) <= LONGEST_HEADLINE, topic


def test_every_statement_of_an_answer_cites_one_of_its_sources() -> None:
    answering = Answering(REAL, TODAY)
    for topic in REAL.topics:
        for area in (None, *AREA_IDS):
            for reply in answering.answer(topic, area):
                if reply.kind != "answer":
                    continue
                for point in (*reply.points, *reply.differs):
                    assert point.cites, f"{topic}: “{point.text}”"
                    assert all(0 <= index < len(reply.sources) for index in point.cites), topic


def test_a_retired_contact_is_never_offered() -> None:
    answering = Answering(REAL, TODAY)
    retired = {one.id for one in REAL.contacts.values() if one.status == "retired"}
    for topic in REAL.topics:
        for area in (None, *AREA_IDS):
            for reply in answering.answer(topic, area):
                assert not retired & {card.id for card in reply.contacts}, topic


def test_every_button_asks_about_something_that_there_is() -> None:
    answering = Answering(REAL, TODAY)
    for topic in REAL.topics:
        for area in (None, *AREA_IDS):
            for reply in answering.answer(topic, area):
                assert len(reply.choices) <= (6 if reply.kind == "which_area" else 4)
                for choice in reply.choices:
                    intent, _, values = choice.payload.partition("{")
                    asked = json.loads("{" + values) if values else {}
                    assert intent in ("/ask", "/ask_route", "/follow_more", "/follow_changed")
                    assert asked.get("level", "low") in ("low", "medium", "high")
                    assert asked.get("topic", topic) in REAL.topics
                    assert asked.get("area", "luton") in AREA_IDS


def test_what_is_said_on_a_level_offers_its_route_where_the_source_has_levels() -> None:
    answering = Answering(REAL, TODAY)

    def offered(area: AreaId) -> list[str]:
        (reply, *_) = answering.answer("level_medium", area)
        return [one.payload for one in reply.choices if one.payload.startswith("/ask_route")]

    assert offered("derby") == ['/ask_route{"level": "medium"}']
    assert offered("luton") == []


def test_the_areas_own_document_stands_first_among_the_sources() -> None:
    for topic, entry in REAL.topics.items():
        for area in {area for answer in entry.answers for area in answer.areas} & set(AREA_IDS):
            own = REAL.sources[REAL.areas[area].source].short
            (reply, *_) = Answering(REAL, TODAY).answer(topic, area)
            cited = {one for point in reply.points for one in point.cites}
            if any(reply.sources[one].startswith(own) for one in cited):
                assert reply.sources[0].startswith(own), (topic, area)


def test_comparing_answers_each_area_of_every_topic() -> None:
    answering = Answering(REAL, TODAY)
    missing = []
    for topic, entry in REAL.topics.items():
        replies = answering.compare(topic, ("derby", "derbyshire", "wiltshire"))
        assert all(reply.sources for reply in replies), topic
        general = all(answer.areas == ("any",) for answer in entry.answers)
        apart = len({"derby", "derbyshire", "wiltshire"} & set(entry.instead))
        if len(replies) != (1 + apart if general else 3):
            missing.append(topic)
    assert missing == [], "an area that was asked for is left out"


def test_every_term_and_every_contact_is_explained_with_its_source() -> None:
    answering = Answering(REAL, TODAY)
    for term in REAL.terms.values():
        reply = answering.term(term.id)
        assert reply.headline.startswith(f"{term.term}: ")
        assert reply.sources
    for contact in REAL.contacts.values():
        reply = answering.contact(contact.id)
        assert reply.sources
        assert reply.topic in REAL.topics


# --- how an answer is found -----------------------------------------------------------------------


def test_an_area_gets_its_own_answer(answering: Answering) -> None:
    (reply,) = answering.answer("who_to_ring", "derby")
    assert (reply.kind, reply.label) == ("answer", "Derby")
    assert reply.headline == "Write to the duty desk."
    assert [card.id for card in reply.contacts] == ["derby-desk"]


def test_an_area_without_one_gets_what_holds_everywhere(answering: Answering) -> None:
    (reply,) = answering.answer("police", "luton")
    assert reply.headline == "When a crime is suspected, the police are told."
    assert reply.label is None, "it is not passed off as the area's own"


def test_an_areas_own_answer_comes_before_what_holds_everywhere(answering: Answering) -> None:
    (reply,) = answering.answer("police", "derby")
    assert reply.headline == "In Derby a form goes to the police as well."


def test_what_holds_everywhere_begins_with_the_areas_own_source(answering: Answering) -> None:
    (derby,) = answering.answer("signs", "derby")
    (wiltshire,) = answering.answer("signs", "wiltshire")
    assert derby.points[0].text.startswith("The county's list")
    assert wiltshire.points[0].text.startswith("The town's list")


def test_an_area_with_a_topic_of_its_own_is_sent_there(answering: Answering) -> None:
    (reply,) = answering.answer("signs", "luton")
    assert (reply.topic, reply.headline) == ("signs_luton", "Luton lists nine signs.")


@pytest.mark.parametrize("follow", ["more", "changes", "sources"])
def test_what_follows_is_about_the_topic_that_was_answered(
    answering: Answering, follow: str
) -> None:
    said = getattr(answering, follow)("signs", "luton")
    reply = said[0] if isinstance(said, tuple) else said
    assert reply.topic == "signs_luton"


def test_a_silent_source_says_so_and_names_whom_to_ask(answering: Answering) -> None:
    (reply,) = answering.answer("who_to_ring", "nottinghamshire")
    assert reply.kind == "not_in_source"
    assert reply.headline == "My Nottinghamshire source does not say: Who to ring."
    assert [card.id for card in reply.contacts] == ["nspcc-helpline"], "not the Luton desk"
    assert reply.sources[0].startswith("Town procedures, June 2015")
    assert [choice.title for choice in reply.choices][:2] == [
        "What Luton says",
        "What Derby says",
    ]


def test_a_silent_source_may_have_a_sentence_of_its_own(answering: Answering) -> None:
    (reply,) = answering.answer("who_to_ring", "wiltshire")
    assert reply.points[0].text == "The presentation has no number."


def test_a_silent_source_without_a_contact_points_to_people(answering: Answering) -> None:
    (reply,) = answering.answer("tools", "hartlepool")
    assert not reply.contacts
    assert "Ask your safeguarding lead" in reply.text()


def test_without_an_area_two_answers_stand_side_by_side(answering: Answering) -> None:
    replies = answering.answer("tools")
    assert [reply.label for reply in replies] == ["Derby and Derbyshire", "Luton"]


def test_without_an_area_more_answers_than_two_ask_which_area(answering: Answering) -> None:
    (reply,) = answering.answer("who_to_ring")
    assert reply.kind == "which_area"
    assert "999" in reply.text()
    assert [choice.title for choice in reply.choices] == [
        "Luton", "Nottinghamshire", "Wiltshire", "Derby", "Derbyshire", "Hartlepool",
    ]  # fmt: skip
    assert answering.choose_area("who_to_ring") == reply


def test_an_unknown_topic_is_an_error(answering: Answering) -> None:
    with pytest.raises(KeyError):
        answering.answer("weather", "luton")


# --- what an answer holds -------------------------------------------------------------------------


def test_numbers_are_filled_in_and_cited(answering: Answering) -> None:
    (reply,) = answering.answer("who_to_ring", "luton")
    assert reply.headline == "Ring the duty desk: 01632 960111."
    assert reply.points[0].cites == (0,)
    assert reply.sources[0] == (
        "Town procedures, June 2015 (section 2, Referring). "
        "11 years old: check that it still stands."
    )


def test_contradictions_are_shown(answering: Answering) -> None:
    (reply,) = answering.answer("tools", "derby")
    assert [point.text for point in reply.differs] == ["Line 22 says that the manager fills it in."]


def test_one_dated_note_is_shown_and_the_rest_wait(answering: Answering) -> None:
    (reply,) = answering.answer("who_to_ring", "derby")
    assert reply.notes == ("July 2018: Partnerships have replaced the boards.",)
    assert "What changed?" in [choice.title for choice in reply.choices]


def test_a_note_on_other_areas_is_not_shown(answering: Answering) -> None:
    (luton,) = answering.answer("tools", "luton")
    (derby,) = answering.answer("tools", "derby")
    assert luton.notes == ()
    assert derby.notes == ("The county has a newer tool; check.",)


def test_more_detail_is_offered_where_there_is_some(answering: Answering) -> None:
    (luton,) = answering.answer("who_to_ring", "luton")
    (county,) = answering.answer("who_to_ring", "derbyshire")
    assert luton.choices[0].payload == "/follow_more"
    assert "/follow_more" not in [choice.payload for choice in county.choices]
    (details,) = answering.more("who_to_ring", "luton")
    assert [point.text for point in details.points] == ["At night there is another number."]


def test_more_includes_the_law(answering: Answering) -> None:
    (reply,) = answering.more("signs", "derby")
    assert reply.points[-1].text.startswith("The Act 2003, section 9: An offence")
    assert reply.sources == ("The Act 2003.",)


def test_more_says_when_there_is_no_more(answering: Answering) -> None:
    (reply,) = answering.more("tools", "luton")
    assert reply.headline == "That is all my sources say about it."


def test_what_changed_is_dated_and_for_the_area(answering: Answering) -> None:
    luton = answering.changes("who_to_ring", "luton")
    derby = answering.changes("who_to_ring", "derby")
    assert [point.text for point in luton.points] == [
        "July 2018: Partnerships have replaced the boards."
    ]
    assert len(derby.points) == 2
    assert luton.closing == "Town procedures is of June 2015."
    assert luton.sources == (
        "Council page, date unknown. A public page, not a board's document: to be confirmed.",
    )


def test_nothing_known_to_have_changed_is_not_nothing_changed(answering: Answering) -> None:
    reply = answering.changes("signs_luton", "luton")
    assert not reply.points
    assert "I cannot see everything" in reply.headline


def test_sources_give_document_publisher_date_and_lines(answering: Answering) -> None:
    reply = answering.sources("who_to_ring", "luton")
    assert [point.text for point in reply.points] == [
        "“The town's procedures”, The town's board, June 2015, lines 21-23, 24 of the text."
    ]


def test_comparing_shows_each_area_labelled(answering: Answering) -> None:
    replies = answering.compare("who_to_ring", ("luton", "derby", "wiltshire"))
    assert [(reply.kind, reply.area) for reply in replies] == [
        ("answer", "luton"), ("answer", "derby"), ("not_in_source", "wiltshire"),
    ]  # fmt: skip
    assert [reply.label for reply in replies[:2]] == ["Luton", "Derby"]


def test_comparing_what_holds_everywhere_says_it_once(answering: Answering) -> None:
    (reply,) = answering.compare("signs", ("derby", "wiltshire"))
    assert reply.area is None


def test_comparing_leaves_out_no_area_that_was_named(answering: Answering) -> None:
    replies = answering.compare("police", ("luton", "derby"))
    assert len(replies) == 2, "Luton has what holds everywhere, Derby its own"


def test_comparing_sends_an_area_to_its_own_topic(answering: Answering) -> None:
    replies = answering.compare("signs", ("luton", "derby"))
    assert replies[0].headline == "Luton lists nine signs."


def test_a_contact_asked_for_by_name(answering: Answering) -> None:
    reply = answering.contact("luton-desk")
    assert reply.headline == "Luton duty desk: 01632 960111"
    assert reply.contacts[0].note == "The number is from 2015."


def test_a_number_of_a_public_page_is_to_be_confirmed(small: Guidance) -> None:
    assert (
        contact_card(small.contacts["luton-night"]).note == "From a public page: to be confirmed."
    )
    assert contact_card(small.contacts["emergency"]).note is None


def test_passages_name_their_topic_and_area(answering: Answering) -> None:
    statements, sources = answering.passages([("tools", 0), ("signs", 0)])
    assert [one.text for one in statements] == [
        "Which tool to use, Derby and Derbyshire: Use the county's toolkit.",
        "Signs to look for: The documents list signs, and no single one proves anything.",
    ]
    assert len(sources) == 2


# --- citations ------------------------------------------------------------------------------------


def test_a_source_is_numbered_once_with_all_its_sections(small: Guidance) -> None:
    cites = Citations(small, TODAY)
    assert cites.add([Citation.parse("town-document:5"), Citation.parse("the-act")]) == (0, 1)
    assert cites.add([Citation.parse("town-document:24"), Citation.parse("town-document:25")]) == (
        0,
    )
    assert cites.lines() == (
        "Town procedures, June 2015 (section 1, Definitions; section 2, Referring). "
        "11 years old: check that it still stands.",
        "The Act 2003.",
    )


def test_every_citation_of_the_content_has_a_section() -> None:
    cites = Citations(REAL, TODAY)
    for source in REAL.sources.values():
        if source.sections:
            every_line = range(1, source.sections[-1].last + 1)
            cites.add(Citation(source=source.id, at=str(line)) for line in every_line)
    assert cites.lines()


def test_areas_are_put_in_their_order_each_once() -> None:
    assert areas_in_order(["derby", "luton", "derby", "leeds"]) == ("luton", "derby")


def test_a_button_sends_an_intent_with_what_it_is_about() -> None:
    assert ask_payload("signs", "luton") == '/ask{"topic": "signs", "area": "luton"}'
    assert ask_payload(intent="follow_more") == "/follow_more"


def test_the_same_question_has_the_same_answer(answering: Answering) -> None:
    first: tuple[Reply, ...] = answering.answer("who_to_ring", "luton")
    assert answering.answer("who_to_ring", "luton") == first
