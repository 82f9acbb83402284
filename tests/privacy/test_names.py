"""Names of people, of many origins, in proper case and small letters."""

from __future__ import annotations

import random
import re
import unicodedata
from pathlib import Path

import pytest

from bot.privacy import Scrubber

HERE = Path(__file__).parent
LISTS = HERE.parents[1] / "data" / "guidance" / "privacy"
CASES = 1500


def lines(name: str) -> list[str]:
    text = (HERE / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


PEOPLE = lines("held_out_names.txt")
SENTENCES = lines("held_out_sentences.txt")


def plain(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.lower().replace("ł", "l"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def left(parts: list[str], redacted: str) -> list[str]:
    return [part for part in parts if re.search(rf"(?<!\w){re.escape(part)}(?!\w)", redacted)]


def test_the_held_out_names_stand_in_no_list() -> None:
    listed = {
        word
        for name in ("forenames.txt", "surnames.txt")
        for line in (LISTS / name).read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
        for word in line.split()
    }
    words = {plain(word) for person in PEOPLE for word in re.split(r"[ -]", person)}
    assert sorted(words & listed) == []


@pytest.mark.parametrize(("small", "least"), [(False, 95), (True, 90)], ids=["proper", "small"])
def test_names_that_no_list_holds_are_found(scrubber: Scrubber, small: bool, least: float) -> None:
    chance = random.Random(20261121)
    total, missed = 0, []
    for number in range(CASES):
        person, other = chance.sample(PEOPLE, 2)
        forename, surname = person.split(" ", 1)
        fields = {"f": forename, "s": surname, "n": person, "f2": other.split(" ")[0], "n2": other}
        sentence = SENTENCES[number % len(SENTENCES)]
        used = " ".join(fields[name] for name in re.findall(r"\{(\w+)\}", sentence))
        text = sentence.format(**fields)
        if small:
            text, used = text.lower(), used.lower()
        redacted = scrubber.redact(text)
        parts = sorted(set(used.split()))
        total += len(parts)
        missed += [(part, redacted) for part in left(parts, redacted)]
    found = 100 * (1 - len(missed) / total)
    print(f"\nnames, {'small letters' if small else 'proper case'}: {found:.2f} % of {total} found")
    assert found >= least, sorted({part for part, _ in missed})


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("worried about jayden he's missing", "worried about [name] he's missing"),
        ("Jayden's mum rang", "[name]'s mum rang"),
        ("jaydens mum rang", "[name] mum rang"),
        ("my foster child zofia won't talk", "my foster child [name] won't talk"),
        ("Her name is Summer", "Her name is [name]"),
        ("a girl called hope", "a girl called [name]"),
        ("known as Smiley", "known as [name]"),
        ("it's about Kayleigh Smith-Jones", "it's about [name]"),
        ("initials J.S.", "initials [name]"),
        ("J.S. is 14", "[name] is 14"),
        ("Mr Smith and mrs brown", "Mr [name] and mrs [name]"),
        ("Auntie Bev told me", "Auntie [name] told me"),
        ("I think that Will is 14", "I think that [name] is 14"),
        ("grace told me", "[name] told me"),
        ("Siobhán O'Connor", "[name]"),
        ("Angharad ap Rhys", "[name]"),
        ("Mohammed ul Haq", "[name]"),
        ("OLUWASEUN ADEBAYO is missing", "[name] is missing"),
        ("chelsea has been missing since friday", "[name] has been missing since friday"),
        ("T. Okafor", "[name]"),
    ],
)
def test_a_name_is_replaced(scrubber: Scrubber, text: str, redacted: str) -> None:
    assert scrubber.redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "will she be safe",
        "Will there be a meeting in May?",
        "may I share this",
        "I hope so",
        "Grant funding for the summer",
        "mark it as high",
        "amber on the toolkit",
        "Sarah's Law",
        "what does Barnardo's say",
        "Childline or the NSPCC or Samaritans",
        "Gillick and Fraser guidelines",
        "do you cover Preston or Lincoln",
        "in Derby, Luton, Wiltshire and Hartlepool",
        "who is in charge of Wiltshire's strategy",
        "derbyshire's route and wiltshires number",
        "before the initial mtg",
        "Child Protection Manager",
        "my Team Manager and the Police",
        "she called the police",
        "miss school",
        "the Dr said no",
        "on Friday in March",
        "Harry Potter",
        "e.g. a gift, i.e. a phone",
        "U.K. law at 9 a.m.",
        "someone from CAMHS, the DSL and a SENCO",
        "Child A and Child B",
        "Down's syndrome",
        "WHAT IS THE ROUTE IN DERBY",
        "What Are The Signs Of Exploitation",
    ],
)
def test_ordinary_words_stay(scrubber: Scrubber, text: str) -> None:
    assert scrubber.redact(text) == text
