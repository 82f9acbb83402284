"""A reference survives being read aloud, and a damaged one is noticed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.references import (
    ALPHABET,
    MASK,
    SYMBOLS,
    DamagedReferenceError,
    find_reference,
    key_of,
    mask_references,
    nearly_references,
    new_reference,
    normalise_reference,
)

EXAMPLE = "7ZK2-0Q9D-M4TX-V8HA-G"
references = st.builds(new_reference)


def test_a_reference_has_80_random_bits_in_groups_of_four_and_a_check() -> None:
    assert len(ALPHABET) ** SYMBOLS == 2**80
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]", new_reference())


def test_no_two_references_are_alike() -> None:
    assert len({new_reference() for _ in range(2_000)}) == 2_000


@pytest.mark.parametrize(
    "typed",
    [
        "7zk2 0q9d m4tx v8ha g",
        "7ZK20Q9DM4TXV8HAG",
        "7zk2–oq9d–m4tx–v8ha–g",
        " 7ZK2 . OQ9D . M4TX . V8HA . G\n",
        "７ＺＫ２-0Q9D-M4TX-V8HA-G",
    ],
)
def test_case_dashes_spaces_and_the_letter_o_do_not_matter(typed: str) -> None:
    assert normalise_reference(typed) == EXAMPLE


def test_i_and_l_are_read_as_one() -> None:
    for written in ("IIII-LLLL-iiii-llll-", "1111-1111-1111-1111-"):
        found = [one for one in ALPHABET if _reads(written + one)]
        assert len(found) == 1
        assert normalise_reference(written + found[0]) == "1111-1111-1111-1111-" + found[0]


@given(references)
def test_a_new_reference_is_read_back_as_itself(reference: str) -> None:
    assert normalise_reference(reference) == reference
    assert normalise_reference(reference.replace("-", " ").lower()) == reference


@given(references, st.integers(0, SYMBOLS), st.sampled_from(ALPHABET))
def test_every_single_wrong_symbol_is_found(reference: str, place: int, symbol: str) -> None:
    symbols = list(reference.replace("-", ""))
    if symbols[place] == symbol:
        return
    symbols[place] = symbol
    with pytest.raises(DamagedReferenceError, match="a slip in it"):
        normalise_reference("".join(symbols))


@given(references, st.integers(0, SYMBOLS), st.integers(0, SYMBOLS))
def test_every_swap_of_two_symbols_is_found(reference: str, one: int, other: int) -> None:
    symbols = list(reference.replace("-", ""))
    if symbols[one] == symbols[other]:
        return
    symbols[one], symbols[other] = symbols[other], symbols[one]
    with pytest.raises(DamagedReferenceError, match="a slip in it"):
        normalise_reference("".join(symbols))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "fewer"),
        ("7ZK2-0Q9D-M4TX-V8HA", "fewer"),
        (EXAMPLE + "7", "more"),
        ("7ZK2-0Q9D-M4TX-V8HA-U", "other than I, L, O and U"),
        ("what should i do?", "other than I, L, O and U"),
        ("é" * 500, "other than I, L, O and U"),
        ("A" * 1_000_000, "more"),
    ],
)
def test_what_is_wrong_is_said_plainly(typed: str, says: str) -> None:
    with pytest.raises(DamagedReferenceError, match=says):
        normalise_reference(typed)


@given(st.text(max_size=200))
def test_any_text_is_a_reference_or_damaged(text: str) -> None:
    if _reads(text):
        assert normalise_reference(text) == normalise_reference(normalise_reference(text))
    else:
        with pytest.raises(DamagedReferenceError, match=r"Please look at it again\.$"):
            normalise_reference(text)


def test_the_key_is_the_same_however_the_reference_is_written() -> None:
    assert key_of(EXAMPLE) == key_of(EXAMPLE.lower().replace("-", " "))
    assert re.fullmatch(r"[0-9a-f]{64}", key_of(EXAMPLE))


@given(references, st.sampled_from(["{}", "({}).", "Keep this: {} and no other", "{}, {}"]))
def test_references_in_a_text_are_masked(reference: str, around: str) -> None:
    for written in (reference, reference.lower(), reference.replace("-", "")):
        masked = mask_references(around.format(written, written))
        assert masked == around.format(MASK, MASK)


@pytest.mark.parametrize(
    "text",
    [
        "7ZK2-0Q9D-M4TX-V8HA-H",  # the check does not hold
        "ring 01632 960 123 or 07700 900 123",
        "Ask the lead in the area, then write it down.",
        "5d0f4c1e-aaaa-4bbb-8ccc-0123456789ab",
    ],
)
def test_other_texts_are_left_alone(text: str) -> None:
    assert mask_references(text) == text


def _reads(text: str) -> bool:
    try:
        normalise_reference(text)
    except DamagedReferenceError:
        return False
    return True


@given(reference=references, before=st.sampled_from(["", "resume ", "my reference is ", "Hi. "]))
def test_a_reference_is_found_in_a_sentence(reference: str, before: str) -> None:
    assert find_reference(f"{before}{reference}") == reference
    assert find_reference(f"{before}{reference}, thanks") == reference
    assert find_reference(f"resume {reference.lower().replace('-', ' ')}") == reference


@pytest.mark.parametrize(
    "text",
    [
        "they said that when i ask",
        "she is 14 and goes missing from 2 homes",
        "resume",
        "reference to section 47 of the act",
        "NHS 943 476 5919",
        "he was at 10 High Street LU1 2AB with 3 men aged 20 to 25",
        "AB12 CDE was outside at 10pm",
        "what does the 2017 guide say on page 12",
    ],
)
def test_ordinary_words_and_numbers_hold_no_reference(text: str) -> None:
    assert find_reference(text) is None


@pytest.mark.parametrize(
    "text",
    ["resume 7ZK2-0Q9D-M4TX-V8HA-9", "ref 7zk2 0q9d m4tx", "7ZK2-0Q9D-M4TX-V8", "7ZK20Q9DM4TXV8HA"],
)
def test_a_damaged_reference_is_noticed(text: str) -> None:
    with pytest.raises(DamagedReferenceError, match="look at it again"):
        find_reference(text)


@given(references, st.integers(0, SYMBOLS), st.sampled_from(ALPHABET), st.data())
def test_one_slip_leaves_the_reference_among_a_few(
    reference: str, place: int, symbol: str, data: st.DataObject
) -> None:
    plain = reference.replace("-", "")
    slips = [
        plain[:place] + symbol + plain[place + 1 :],
        plain[:place] + plain[place + 1 :],
        plain[:place] + symbol + plain[place:],
        plain[:place] + plain[place : place + 2][::-1] + plain[place + 2 :],
    ]
    near = nearly_references(f"my reference is {data.draw(st.sampled_from(slips))}")
    # letters alone, or digits alone, are not known for a reference
    assert reference in near or not near
    assert len(near) <= 60


def test_a_character_that_no_reference_has_is_one_slip() -> None:
    assert EXAMPLE in nearly_references("7ZK2-0Q9D-M4TX-U8HA-G")
    assert EXAMPLE in nearly_references("resume 7zk2 0q9d m4tx v8ah g")
    assert nearly_references("she is 14 and goes missing") == ()
