"""What is typed cannot give orders, and a button can only send what there is."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain

from bot.guidance.reply import Choice, Reply, Statement
from bot.serving.engine import said_of
from bot.serving.parses import PLACEHOLDER
from bot.serving.payloads import PayloadError, command_of
from bot.serving.typed_text import LONGEST_TEXT, NOTHING_TO_READ, TOO_LONG, clean_text

PROJECT = Path(__file__).parents[2]


INTENTS = Domain.from_file(str(PROJECT / "domain.yml")).intents


# --- typed text -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("who do I ring", "who do I ring"),
        ("  who \t do\r\nI  ring ", "who do I ring"),
        ("/restart", "restart"),
        (" / / /restart", "restart"),
        ("//ask{}", "ask{}"),
        ("\u200b/restart", "restart"),
        ("\x00/\x07restart", "restart"),
        ("\ufeff/restart", "restart"),
        ("and/or", "and/or"),
        ("what is s.47 / section 47", "what is s.47 / section 47"),
        ("cafe\u0301", "caf\u00e9"),
        ("so\u00adcial wor\u200bker", "social worker"),
        ("\u202ewho do I ring", "who do I ring"),
        ("", ""),
        (" / ", ""),
    ],
)
def test_typed_text_is_one_line_without_orders(typed: str, read: str) -> None:
    assert clean_text(typed) == read


@given(
    st.text()
    | st.lists(st.sampled_from(["/", " ", "\u200b", "\x00", "\n", "\u3000", "a", "é", "\ud800"]))
    .map("".join)
)  # fmt: skip
def test_no_text_keeps_a_leading_slash_or_a_control_character(text: str) -> None:
    cleaned = clean_text(text)
    assert not cleaned.startswith(("/", " "))
    assert cleaned == " ".join(cleaned.split()), "one line, single spaces"
    assert not {unicodedata.category(character) for character in cleaned} & {"Cc", "Cf", "Cs"}
    cleaned.encode("utf-8")


@given(st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1))
def test_letters_and_digits_are_kept(text: str) -> None:
    assert clean_text(text) == unicodedata.normalize("NFC", text)


def test_sentences_for_what_cannot_be_read_give_999() -> None:
    for sentence in (TOO_LONG, NOTHING_TO_READ):
        assert "ring 999" in sentence
    assert f"{LONGEST_TEXT:,} characters" in TOO_LONG


# --- buttons --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "intent", "entities"),
    [
        ('/ask{"topic": "signs", "area": "luton"}', "ask", {"topic": "signs", "area": "luton"}),
        ("/follow_more", "follow_more", {}),
        ("/start_screening", "start_screening", {}),
        ('/ask_route{"level": "high"}', "ask_route", {"level": "high"}),
        ("/ask{}", "ask", {}),
    ],
)
def test_a_button_is_an_intent_with_entities(
    payload: str, intent: str, entities: dict[str, str]
) -> None:
    parse = command_of(payload, INTENTS)
    assert parse["intent"] == {"name": intent, "confidence": 1.0}
    assert {one["entity"]: one["value"] for one in parse["entities"]} == entities


def test_a_button_leaves_no_text() -> None:
    assert command_of('/ask{"topic": "signs"}', INTENTS)["text"] == PLACEHOLDER


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "/",
        "ask",
        "ask{}",
        " /ask",
        "/ask ",
        "/Ask",
        "/no_such_intent",
        "/action_restart",
        "/ask/signs",
        "/ask@0.5",
        "/ask{topic}",
        '/ask{"topic": "signs"',
        '/ask{"topic": "signs"} and more',
        '/ask["signs"]',
        "/ask{}{}",
        "/ask" + '{"topic":' * 50 + "1" + "}" * 49,
    ],
)
def test_what_is_no_button_of_ours_is_refused(payload: str) -> None:
    with pytest.raises(PayloadError):
        command_of(payload, INTENTS)


@pytest.mark.parametrize("payload", ["/restart", "/session_start", "/back"])
def test_rasas_own_orders_are_no_buttons(payload: str) -> None:
    with pytest.raises(PayloadError):
        command_of(payload, INTENTS)


@given(payload=st.text(max_size=60) | st.text(max_size=40).map("/ask{}".join))
def test_any_payload_is_read_or_refused(payload: str) -> None:
    try:
        parse = command_of(payload, INTENTS)
    except PayloadError:
        return
    assert parse["intent"]["name"] in INTENTS


# --- what is said ---------------------------------------------------------------------------------


def test_a_reply_is_text_buttons_and_the_whole_of_it() -> None:
    reply = Reply(
        kind="answer",
        headline="Ring the desk.",
        points=(Statement("It takes any concern."),),
        choices=(Choice("More", "/follow_more"),),
    )
    said = said_of(reply)
    assert said.text == "Ring the desk.\n• It takes any concern."
    assert said.buttons == ({"title": "More", "payload": "/follow_more"},)
    assert json.loads(json.dumps(said.reply))["headline"] == "Ring the desk."
