"""The scrubber on names, sentences and identifiers that it was not built with."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.guidance import load_guidance
from bot.privacy import Scrubber
from tests.privacy import generators as made

HERE = Path(__file__).parent
#: Details of each kind, and names.
EACH = 500

KINDS: dict[str, made.Draw] = {
    "NHS number": made.nhs_number,
    "National Insurance number": made.national_insurance,
    "UPN": made.upn,
    "phone": made.phone,
    "email": made.email,
    "link": made.link,
    "handle": made.handle,
    "postcode": made.postcode,
    "address": made.address,
    "date of birth": made.named_birth_date,
    "number plate": made.current_plate,
}
#: Sentences around a detail, apart from those of the scrubber's own tests.
AROUND = [
    "mum's details: {it} (she asked me to write it down)",
    "found this in his bag - {it}",
    "Her carer gave {it}; do I pass that on to the police?",
    "{it} <- is it ok to type that here",
    "from the referral: {it}. Still waiting for a reply",
    "not sure if it helps but {it}",
]


def lines(name: str) -> list[str]:
    text = (HERE / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber(load_guidance())


def readable(parts: list[str], text: str) -> list[str]:
    return [one for one in parts if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text)]


@pytest.mark.parametrize("kind", KINDS)
def test_identifiers_with_a_form(scrubber: Scrubber, kind: str) -> None:
    chance = random.Random(f"apart {kind}")
    missed = []
    for number in range(EACH):
        detail = KINDS[kind](chance)
        sentence = AROUND[number % len(AROUND)]
        redacted = re.sub(r"\[[^\]]*\]", " ", scrubber.redact(sentence.format(it=detail)))
        own = [one for one in re.findall(r"\w*\d\w*|[\w.+-]+@[\w.-]+", detail) if len(one) > 1]
        if readable(own, redacted):
            missed.append((detail, redacted))
    found = 100 * (1 - len(missed) / EACH)
    print(f"\n{kind}: {found:.1f} % of {EACH} removed")
    assert found >= 99, missed[:10]


@pytest.mark.parametrize(
    ("written", "least"), [(str, 95), (str.lower, 90)], ids=["as written", "small letters"]
)
def test_names(scrubber: Scrubber, written: Callable[[str], str], least: float) -> None:
    chance = random.Random(7)
    people, sentences = lines("blind_names.txt"), lines("blind_sentences.txt")
    total, missed = 0, []
    for number in range(EACH):
        person, other = chance.sample(people, 2)
        forename, surname = person.split(" ", 1)
        fields = {"f": forename, "s": surname, "n": person, "f2": other.split(" ")[0]}
        sentence = sentences[number % len(sentences)]
        used = " ".join(fields[name] for name in re.findall(r"\{(\w+)\}", sentence))
        parts = sorted({written(part) for part in used.split()})
        redacted = scrubber.redact(written(sentence.format(**fields)))
        total += len(parts)
        missed += [(part, redacted) for part in readable(parts, redacted)]
    found = 100 * (1 - len(missed) / total)
    print(f"\nnames: {found:.2f} % of {total} removed")
    assert found >= least, missed


def test_the_sentences_without_the_person_stay(scrubber: Scrubber) -> None:
    """What is taken out is the person: the words around stay as they were."""
    sentences = [re.sub(r"\{\w+\}('s)?", "the child", one) for one in lines("blind_sentences.txt")]
    changed = [(one, scrubber.redact(one)) for one in sentences if scrubber.redact(one) != one]
    print(f"\nsentences without a person: {len(changed)} of {len(sentences)} changed")
    assert len(changed) <= 0.05 * len(sentences), changed
