"""What holds for any text."""

from __future__ import annotations

import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guidance import load_guidance
from bot.guidance.load import guidance_folder
from bot.privacy import Kind, Scrubber, reminder
from bot.privacy.lists import read_lists
from tests.privacy import generators as made
from tests.privacy.test_names import PEOPLE, SENTENCES

GUIDANCE = load_guidance()
SCRUBBER = Scrubber(GUIDANCE)
PLACEHOLDER = re.compile(r"\[(?:" + "|".join(re.escape(kind) for kind in Kind) + r")\]")
DRAWS = [
    *(made.nhs_number, made.national_insurance, made.upn, made.phone, made.email, made.link),
    *(made.handle, made.postcode, made.address, made.house, made.birth_date, made.current_plate),
]

anything = st.text(max_size=300)
messages = st.builds(
    lambda seed, sentences, people: " ".join(
        sentence.format(f=one.split()[0], s=one.split()[-1], n=one, f2=one, n2=one)
        + " "
        + DRAWS[seed % len(DRAWS)](random.Random(seed + number))
        for number, (sentence, one) in enumerate(zip(sentences, people, strict=False))
    ),
    st.integers(0, 10_000),
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3),
    st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3),
)
cased = st.builds(
    lambda text, how: how(text), messages, st.sampled_from([str, str.lower, str.upper])
)
texts = st.one_of(anything, cased, st.builds(lambda a, b: a + " " + b, anything, cased))


@settings(max_examples=400, deadline=None)
@given(texts)
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = SCRUBBER.redact(text)
    assert SCRUBBER.redact(once) == once
    assert SCRUBBER.find(once) == []


@settings(max_examples=400, deadline=None)
@given(texts)
def test_details_are_in_order_and_apart_and_inside_the_text(text: str) -> None:
    at = 0
    for detail in SCRUBBER.find(text):
        assert at <= detail.start < detail.end <= len(text)
        at = detail.end


@settings(max_examples=400, deadline=None)
@given(texts)
def test_nothing_that_was_found_can_still_be_read(text: str) -> None:
    rest = PLACEHOLDER.sub(" ", SCRUBBER.redact(text))
    for detail in SCRUBBER.find(text):
        found = text[detail.start : detail.end]
        assert not re.search(rf"(?<!\w){re.escape(found)}(?!\w)", rest), detail


@settings(deadline=None)
@given(st.sets(st.sampled_from([str(kind) for kind in Kind])))
def test_the_reminder_names_the_kinds_and_cites_its_statements(kinds: set[str]) -> None:
    reply = reminder(kinds, GUIDANCE)
    assert reply.sources
    assert all(point.cites for point in reply.points)
    assert "{" not in reply.text()
    lists = read_lists(guidance_folder())
    for kind in kinds:
        assert lists.kinds[kind] in reply.headline


def test_the_reminder_does_not_claim_a_kind_that_was_not_found() -> None:
    assert "phone" not in reminder({"name"}, GUIDANCE).headline
    assert reminder(set(), GUIDANCE).headline
