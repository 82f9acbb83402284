"""A reply is complete as plain text; its payload is plain JSON."""

from __future__ import annotations

import json

from bot.guidance.reply import (
    Checklist,
    Choice,
    ContactCard,
    Reply,
    Statement,
    Tick,
)

DESK = ContactCard("desk", "Duty desk", "Any concern", number="01632 960111")


def test_a_headline_alone_is_the_whole_text() -> None:
    assert Reply(kind="answer", headline="Ring the desk.").text() == "Ring the desk."


def test_the_order_is_answer_facts_contradictions_contacts_changes_closing_sources() -> None:
    reply = Reply(
        kind="answer",
        headline="Ring the desk.",
        points=(Statement("It takes any concern.", (0,)), Statement("It is free.", (1,))),
        differs=(Statement("Line 22 says to write.", (0,)),),
        contacts=(DESK,),
        notes=("July 2018: partnerships replaced the boards.",),
        sources=("Town procedures, 2015.", "Council page, date unknown."),
        choices=(Choice("More", "/follow_more"),),
        label="Luton",
        closing="I have not made a referral.",
    )
    assert reply.text().splitlines() == [
        "Luton: Ring the desk.",
        "• It takes any concern.",
        "• It is free.",
        "The sources differ:",
        "• Line 22 says to write.",
        "☎ Duty desk: 01632 960111",
        "Since then: July 2018: partnerships replaced the boards.",
        "I have not made a referral.",
        "Sources:",
        "1. Town procedures, 2015.",
        "2. Council page, date unknown.",
    ]


def test_one_source_needs_no_number() -> None:
    reply = Reply(kind="answer", headline="Yes.", sources=("Town procedures, 2015.",))
    assert reply.text() == "Yes.\nSource: Town procedures, 2015."


def test_a_text_that_the_rules_wrote_is_said_as_it_is() -> None:
    assert Reply(kind="route", headline="Refer.", plain="Refer today.\nThen write.").text() == (
        "Refer today.\nThen write."
    )


def test_a_contact_is_its_number_else_its_e_mail_else_its_link() -> None:
    cards = (
        ContactCard(
            "a", "All", "p", number="101", email="a@example.org", web="https://example.org"
        ),
        ContactCard("b", "Post", "p", email="b@example.org", web="https://example.org"),
        ContactCard("c", "Page", "p", web="https://example.org"),
        ContactCard("d", "Nobody", "p"),
    )
    assert [card.address for card in cards] == ["101", "b@example.org", "https://example.org", ""]
    lines = Reply(kind="answer", headline="Three.", contacts=cards[:3]).text().splitlines()[1:]
    assert lines == ["☎ All: 101", "✉ Post: b@example.org", "↗ Page: https://example.org"]


def test_hours_and_warnings_follow_a_number_and_a_shared_warning_is_said_once() -> None:
    warning = "From a public page: to be confirmed."
    cards = (
        ContactCard("a", "Desk", "p", number="01632 960111", hours="9am to 5pm", note=warning),
        ContactCard("b", "Night", "p", number="01632 960112", hours="after 5pm", note=warning),
        ContactCard("c", "Post", "p", email="c@example.org", note="Do not send names."),
    )
    assert Reply(kind="answer", headline="Ring.", contacts=cards).text().splitlines()[1:] == [
        "☎ Desk: 01632 960111. 9am to 5pm. From a public page: to be confirmed.",
        "☎ Night: 01632 960112. after 5pm.",
        "✉ Post: c@example.org. Do not send names.",
    ]


def test_a_payload_is_plain_json_with_everything_in_it() -> None:
    reply = Reply(
        kind="screening_checklist",
        headline="Which of these?",
        contacts=(DESK,),
        choices=(Choice("None", "/none"),),
        checklist=Checklist("signs", (Tick("gifts", "Gifts", "now"),), (("now", "Present now"),)),
    )
    sent = json.loads(json.dumps(reply.payload()))
    assert sent["headline"] == "Which of these?"
    assert sent["contacts"][0]["number"] == "01632 960111"
    assert sent["choices"] == [{"title": "None", "payload": "/none"}]
    assert sent["checklist"]["ticks"] == [{"id": "gifts", "title": "Gifts", "state": "now"}]
