"""Long answers: within Telegram's limits, nothing lost, no claim without its source."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.rendering import international, render
from bot.channels.telegram.splitting import LONGEST, Block, Footnotes, shortened, split, units
from bot.guidance.reply import Choice, ContactCard, Reply, Statement
from bot.serving.engine import Said, said_of

WORDS = st.text(st.sampled_from("abcdefg é☎😀👩‍👩‍👧 .,;:!?"), min_size=1, max_size=300).filter(
    lambda one: one.strip() == one and one.strip(" .") != ""
)


@st.composite
def answers(draw: st.DrawFn) -> tuple[list[Block], Footnotes]:
    """Blocks that say which footnotes they need, some far too long for a message."""
    count = draw(st.integers(1, 6))
    notes = {number: f"{number}. {draw(WORDS)}" for number in range(1, count + 1)}
    blocks = []
    for number in range(draw(st.integers(1, 25))):
        text = " ".join(draw(st.lists(WORDS, min_size=1, max_size=30)))
        cites = tuple(sorted(draw(st.sets(st.integers(1, count), max_size=3))))
        blocks.append(Block(f"<{number}> {text}", cites, ((0, 3),)))
    return blocks, Footnotes(notes)


@given(answers())
def test_every_part_is_short_enough_and_has_the_sources_of_its_claims(
    made: tuple[list[Block], Footnotes],
) -> None:
    blocks, footnotes = made
    parts = split(blocks, footnotes, "The end.")
    for part in parts:
        assert 0 < units(part.text) <= LONGEST
        encoded = part.text.encode("utf-16-le")
        for style in part.styles:
            assert style.start + style.length <= units(part.text)
            encoded[style.start * 2 :][: style.length * 2].decode("utf-16-le")
        here = [int(one) for one in re.findall(r"(?m)^<(\d+)>", part.text)]
        for number in here:
            for cite in blocks[number].notes:
                line = footnotes.lines[cite]
                assert f"\n{line[:40]}" in part.text, "a claim without its source"
    together = "\n".join(part.text for part in parts)
    assert [int(one) for one in re.findall(r"(?m)^<(\d+)>", together)] == list(range(len(blocks)))
    assert together.count("The end.") == 1


@given(answers())
def test_no_word_of_a_claim_is_lost(made: tuple[list[Block], Footnotes]) -> None:
    blocks, footnotes = made
    together = "".join(part.text for part in split(blocks, Footnotes({}), ""))
    kept = re.sub(r"\(\d+ of \d+\)|\s", "", together)
    wanted = re.sub(r"\s", "", "".join(block.text for block in blocks))
    assert kept == wanted
    assert footnotes.lines


@given(st.text(max_size=300), st.integers(2, 200))
def test_a_shortened_text_fits(text: str, longest: int) -> None:
    assert units(shortened(text, longest)) <= longest
    if units(text) <= longest:
        assert shortened(text, longest) == text


def test_an_answer_that_fits_is_one_message() -> None:
    reply = Reply(
        kind="answer",
        headline="Ring the desk.",
        points=(Statement("It takes any concern.", (0,)), Statement("At any hour.", (1,))),
        contacts=(ContactCard("desk", "The desk", "All", number="01632 960123", note="From 2014"),),
        sources=("One, 2014. 12 years old.", "Two, 2018."),
        choices=(Choice("More", "/follow_more"),),
        label="Luton",
        closing="I have told nobody.",
    )
    (part,) = render(said_of(reply))
    assert part.text == (
        "Luton\nRing the desk.\n• It takes any concern. [1]\n• At any hour. [2]\n"
        "☎ The desk\n01632 960123  (+441632960123)\nFrom 2014.\n"
        "Sources:\n1. One, 2014. 12 years old.\n2. Two, 2018.\nI have told nobody."
    )


def test_a_route_keeps_its_own_numbers_when_it_is_split() -> None:
    steps = "\n".join(f"{number}. {'Do this. ' * 30}[{number % 2 + 1}]" for number in range(1, 30))
    plain = (
        f"Refer now.\n{steps}\nWhere it applies:\n• Tell the police. * [2]\n"
        "* A product choice, not your area's procedure.\n"
        "Sources:\n[1] One, 2014: old.\n[2] Two, 2018.\nI have made no referral."
    )
    parts = render(said_of(Reply("route", "Refer now.", plain=plain)))
    assert len(parts) > 1
    for part in parts:
        body, _, below = part.text.partition("\nSources:\n")
        for cited in set(re.findall(r"\[(\d)\]", body)):
            assert f"[{cited}] " in below
    assert "Where it applies:\n• Tell the police. * [2]" in parts[-1].text
    assert "* A product choice" in parts[-1].text
    assert "I have made no referral." in parts[-1].text


def test_words_without_a_reply_are_shown_as_they_are() -> None:
    (part,) = render(Said("Hello.\nAsk me anything."))
    assert part.text == "Hello.\nAsk me anything."
    assert render(Said(""))[0].text


def test_numbers_are_written_so_that_every_phone_can_ring_them() -> None:
    assert international("01582 547653") == "+441582547653"
    assert international("0800 1111") == "+448001111"
    assert international("+44 1632 960123") == "+441632960123"
    assert international("999") is None
    assert international("116 123") is None
