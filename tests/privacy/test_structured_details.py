"""Details with a form of their own: at least 99 of 100 of each kind are found, in any wording."""

from __future__ import annotations

import random
import re

import pytest

from bot.guidance import Guidance
from bot.privacy import Scrubber
from tests.privacy import generators as made

CASES = 600
AROUND = [
    "{it}",
    "she gave me {it} and I don't know what to do",
    "can you keep {it} for me?",
    "{it}, is that enough to refer",
    "The details are {it}. What happens next?",
    "he is 14, {it}, high risk in Derby",
    "WORRIED ABOUT A CHILD ({it})",
    "what do i do with this: {it}",
]
CHILD_AROUND = [
    "the child {it} and i am worried",
    "she {it}, what level is that?",
    "A 14 year old who {it}. Do I refer?",
]

KINDS = [
    ("NHS number", made.nhs_number, AROUND),
    ("National Insurance number", made.national_insurance, AROUND),
    ("UPN", made.upn, AROUND),
    ("UPN (temporary)", made.temporary_upn, AROUND),
    ("phone", made.phone, AROUND),
    ("email", made.email, AROUND),
    ("link", made.link, AROUND),
    ("handle", made.handle, AROUND),
    ("postcode", made.postcode, AROUND),
    ("address", made.address, AROUND),
    ("address (house)", made.house, AROUND),
    ("date of birth", made.birth_date, AROUND),
    ("date of birth (named)", made.named_birth_date, AROUND),
    ("number plate (current)", made.current_plate, AROUND),
    ("number plate (prefix)", made.prefix_plate, AROUND),
    ("number plate (suffix)", made.suffix_plate, AROUND),
    ("school", made.school, CHILD_AROUND),
    ("place (home)", made.home, CHILD_AROUND),
]
#: What may be left of a detail: the words that lead to it.
LEADS = re.compile(
    r"(dob|d\.o\.b\.?|date of birth|is|born on|born|birthday|goes to|attends|in year 9 at|was excluded from"
    r"|a pupil at|placed at|lives at|has moved to|staying at|went missing from|placed|moved)",
    re.IGNORECASE,
)


def left(detail: str, redacted: str) -> list[str]:
    """The parts of a detail, two characters or more, that can still be read."""
    redacted = LEADS.sub(" ", re.sub(r"\[[^\]]*\]", " ", redacted))
    parts = re.findall(r"[\w']{2,}", LEADS.sub(" ", detail))
    return [part for part in parts if re.search(rf"(?<!\w){re.escape(part)}(?!\w)", redacted)]


@pytest.mark.parametrize(("kind", "draw", "around"), KINDS, ids=[kind for kind, _, _ in KINDS])
def test_at_least_99_percent_of_a_kind_are_removed(
    scrubber: Scrubber, kind: str, draw: made.Draw, around: list[str]
) -> None:
    chance = random.Random(kind)
    missed = []
    for number in range(CASES):
        detail = draw(chance)
        if detail.isdecimal() and len(detail) < 4:
            continue
        redacted = scrubber.redact(around[number % len(around)].format(it=detail))
        around_words = around[number % len(around)].lower()
        if [part for part in left(detail, redacted) if part.lower() not in around_words]:
            missed.append((detail, redacted))
    found = 100 * (1 - len(missed) / CASES)
    print(f"\n{kind}: {found:.2f} % of {CASES} removed")
    assert found >= 99, missed[:10]


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("her NHS number is 943 476 5919", "her NHS number is [NHS number]"),
        ("nhs no 9434765919", "nhs no [NHS number]"),
        ("NI: QQ 12 34 56 C", "NI: [National Insurance number]"),
        ("ring her on 07700 900123", "ring her on [phone]"),
        ("his mobile is +44 (0)7700 900 456 ok", "his mobile is [phone] ok"),
        ("tel (01632) 960123", "tel [phone]"),
        ("01632.960.123 is the number", "[phone] is the number"),
        ("o7700 900123", "[phone]"),
        ("mob 7700900123", "mob [phone]"),
        ("oh seven seven double oh nine double oh one two three", "[phone]"),
        ("e-mail jay@example.com please", "e-mail [email] please"),
        ("mail kay at example dot com", "mail [email]"),
        ("see https://example.com/u/kay?x=1.", "see [link]."),
        ("his snap is jay_lad07", "his snap is [handle]"),
        ("snapchat: babygirlx", "snapchat: [handle]"),
        ("insta name kmoneyy", "insta name [handle]"),
        ("he goes by @trapstar.09 online", "he goes by [handle] online"),
        ("lives at DE23 6XY", "lives at [postcode]"),
        ("lives in LU2", "lives in [postcode]"),
        ("14 Mill Lane", "[address]"),
        ("she lives on mill lane", "she lives on [address]"),
        ("flat 3, Acacia House", "[address]"),
        ("dob 3/4/11", "dob [date of birth]"),
        ("born on 3rd April 2011", "born on [date of birth]"),
        ("12.05.2010", "[date of birth]"),
        ("her birthday is 3rd of may", "her birthday is [date of birth]"),
        ("born in 2011", "born in [date of birth]"),
        ("a black Golf, AB12 CDE, outside", "a black Golf, [number plate], outside"),
        ("reg ab12cde", "reg [number plate]"),
        ("the reg is A123 BCD", "the reg is [number plate]"),
        ("partial plate AB12", "partial plate [number plate]"),
        ("email me at j.bloggs@example.co.uk", "email me at [email]"),
        ("flat 3 is empty", "[address] is empty"),
        ("my foster child goes to park high", "my foster child goes to [school]"),
        ("goes to highfield academy", "goes to [school]"),
        ("year 9 at Kingsway High", "year 9 at [school]"),
        ("she's at St Mary's", "she's at [school]"),
        ("placed at The Willows", "placed at [place]"),
        ("Oakview children's home rang", "[place] rang"),
        ("crime ref 12/34567/26", "crime ref [number]"),
    ],
)
def test_a_detail_is_replaced_by_its_kind(scrubber: Scrubber, text: str, redacted: str) -> None:
    assert scrubber.redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "she is 14 and he is 30",
        "is 14 and pregnant",
        "he 15 she 14",
        "yr 10 boy",
        "yp 14f",
        "s47 and s17",
        "s47 for exploitation",
        "section 47 the next step",
        "H163 the Hartlepool slides",
        "L174 gives the number",
        "15 working days",
        "by 3 November 2026",
        "the 2017 guidance of 16 February 2017",
        "in September 2014",
        "2 girls in the same street",
        "14 year old on the way to court",
        "he drives a black car",
        "high street at 3am",
        "she is at very high risk",
        "is at high risk",
        "she will be 18 in march",
        "goes to school",
        "goes to high school",
        "goes to a new school",
        "Children and Young People, Child in Need, the Lead Professional",
        "the Crime and Policing Bill",
        "goes to a special school",
        "placed at home",
        "placed in a children's home in Derby",
        "a secure children's home",
        "in the crown court",
        "her snap is private",
        "sends snaps on snapchat every night",
        "met him on instagram",
        "ps4 and xbox",
        "aged 12-15 or 16-17",
        "call 999 or 101",
        "ring 116 123",
        "text 61016",
        "116 000 is free",
        "NSPCC 0808 800 5000",
        "Childline 0800 1111",
        "luton 01582 547653 still right?",
        "is it 01582 54 76 53",
        "+44 1582 547653",
        "help@nspcc.org.uk",
        "childrenshub@hartlepool.gcsx.gov.uk",
        "https://www.ceop.police.uk/Safety-Centre",
        "ceop.police.uk/safety-centre",
        "paceuk.info",
        "Does CSEP meet at Priory House?",
        "Operation Liberty form",
    ],
)
def test_what_only_looks_like_a_detail_stays(scrubber: Scrubber, text: str) -> None:
    assert scrubber.redact(text) == text


def test_every_public_contact_stays(scrubber: Scrubber, guidance: Guidance) -> None:
    for contact in guidance.contacts.values():
        for public in filter(None, (contact.number, contact.email, contact.web)):
            for text in (
                f"is {public} right",
                f"{contact.name}: {public}",
                public.replace(" ", ""),
            ):
                assert scrubber.redact(text) == text


def test_kinds_names_what_was_found(scrubber: Scrubber) -> None:
    text = "jayden's number is 07700 900123, dob 3/4/11"
    assert scrubber.kinds(text) == {"name", "phone", "date of birth"}
    assert scrubber.kinds("what are the signs") == set()
