"""Areas, roles, ages, levels, sections, plans, terms and contacts are found in what is typed."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance import Guidance, GuidanceError, load_guidance
from bot.nlu.entities import EntityFinder, Found, Vocabulary

from .conftest import GUIDANCE

FINDER = EntityFinder(load_guidance(GUIDANCE), GUIDANCE)


def values(text: str, entity: str) -> list[str]:
    return [one.value for one in FINDER.find(text) if one.entity == entity]


# --- areas ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("who do I ring in Luton", ["luton"]),
        ("NOTTS county", ["nottinghamshire"]),
        ("compare derby and derbyshire", ["derby", "derbyshire"]),
        ("a girl in Chesterfield", ["derbyshire"]),
        ("wiltshire's form", ["wiltshire"]),
        ("who do I ring in leeds", []),
    ],
)
def test_areas_by_name_and_alias(text: str, areas: list[str]) -> None:
    assert values(text, "area") == areas


@pytest.mark.parametrize(
    ("typed", "area"),
    [
        ("lutn", None),
        ("lutton", "luton"),
        ("hartlepol", "hartlepool"),
        ("hartelpool", "hartlepool"),
        ("notinghamshire", "nottinghamshire"),
        ("wiltshrie", "wiltshire"),
        ("derbyshrie", "derbyshire"),
        ("lotion", None),
        ("daily", None),
    ],
)
def test_misspelt_areas(typed: str, area: str | None) -> None:
    assert values(f"who do I ring in {typed}", "area") == ([area] if area else [])


def test_an_area_is_found_once_where_it_stands() -> None:
    assert [one for one in FINDER.find("in Derby City?") if one.entity == "area"] == [
        Found("area", "derby", 3, 13)
    ]


def test_every_name_of_every_area_is_found(guidance: Guidance) -> None:
    for area in guidance.areas.values():
        for name in (area.name, *area.aliases):
            assert values(f"who do I ring in {name}", "area") == [area.id], name


# --- ages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("she is 14", ["14"]),
        ("a 12 year old", ["12"]),
        ("a 12-year-old", ["12"]),
        ("12yo boy", ["12"]),
        ("a girl aged twelve", ["12"]),
        ("shes 16 and he's 29", ["16"]),
        ("16, partner is 29", ["16"]),
        ("1, 2 and 3", []),
        ("he just turned sixteen", ["16"]),
        ("a seventeen year old", ["17"]),
        ("an eighteen year old", ["18"]),
        ("a 12 year old and a 15 year old", ["12", "15"]),
        ("section 47", []),
        ("3 missing episodes", []),
    ],
)
def test_ages(text: str, ages: list[str]) -> None:
    assert values(text, "age") == ages


IN_WORDS = ["nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
            "seventeen", "eighteen", "nineteen"]  # fmt: skip


@pytest.mark.parametrize(("age", "word"), list(enumerate(IN_WORDS, 9)))
def test_every_age_in_words_is_that_age(age: int, word: str) -> None:
    assert values(f"she is {word}", "age") == [str(age)]


# --- roles, levels, plans, sections, terms, contacts ----------------------------------------------


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("I'm a teacher, who do I ring", ["teacher"]),
        ("im a social worker in derby", ["social_worker"]),
        ("as a foster carer what do I do", ["foster_carer"]),
        ("we are a residential worker team", ["residential_worker"]),
        ("Teacher here. Who do I tell", ["teacher"]),
        ("the teacher told me", []),
        ("should I tell the social worker", []),
        ("do i ring the police", []),
        ("I told the school", []),
        ("her foster carer says she is missing", []),
    ],
)
def test_a_role_counts_when_it_is_the_speakers_own(text: str, roles: list[str]) -> None:
    assert values(text, "role") == roles


@pytest.mark.parametrize(
    ("text", "levels"),
    [("high risk in derby", ["high"]), ("came out medium", ["medium"]), ("low risk", ["low"]),
     ("high street", []), ("she feels low", [])],
)  # fmt: skip
def test_levels(text: str, levels: list[str]) -> None:
    assert values(text, "level") == levels


def test_plans_and_the_longest_phrase_wins() -> None:
    assert values("she is on a child protection plan and looked after", "plan") == [
        "child_protection_plan", "looked_after",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("what is section 47", ["47"]),
        ("what is s47", ["47"]),
        ("what is s.47", ["47"]),
        ("what is s 15a", ["15A"]),
        ("section 4 and section 14", ["4", "14"]),
    ],
)
def test_sections_of_statutes(text: str, sections: list[str]) -> None:
    assert values(text, "section") == sections


def test_every_term_is_found_by_its_name_and_aliases(guidance: Guidance) -> None:
    for term in guidance.terms.values():
        for name in (term.term, *term.aliases):
            found = [one for one in FINDER.find(f"what is {name}") if one.entity == "term"]
            assert found, name
            assert any(one.start == len("what is ") for one in found), name


def test_every_contact_is_found_by_its_aliases(guidance: Guidance) -> None:
    for contact in guidance.contacts.values():
        for alias in contact.aliases:
            assert contact.id in values(f"number for {alias}", "contact"), alias


# --- whatever is typed ----------------------------------------------------------------------------

words = st.sampled_from(
    ["luton", "Derby", "derbyshire", "lutton", "12", "yo", "year", "old", "is", "aged", "twelve",
     "section", "47", "s.47", "I'm", "a", "teacher", "high", "risk", "mash", "999", "’s", "-",
     "under", "nineteen", "12yo", "looked", "after", "é", "\u200b", "\n", "😀"]
)  # fmt: skip


@given(st.text(max_size=200) | st.lists(words, max_size=20).map(" ".join))
def test_every_entity_stands_inside_the_text_and_in_order(text: str) -> None:
    found = FINDER.find(text)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert one.value
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert len(found) == len(set(found))


@given(st.lists(words, max_size=12).map(" ".join))
def test_the_same_text_has_the_same_entities(text: str) -> None:
    assert FINDER.find(text) == FINDER.find(text)


def test_within_a_kind_no_two_overlap() -> None:
    found = FINDER.find("derby city council, derby, derbyshire county")
    areas = sorted((one.start, one.end) for one in found if one.entity == "area")
    assert all(first[1] <= second[0] for first, second in pairwise(areas))


# --- the vocabulary file --------------------------------------------------------------------------


def test_a_damaged_vocabulary_is_refused_with_file_and_line(
    tmp_path: Path, guidance: Guidance
) -> None:
    path = tmp_path / "vocabulary.yml"
    shutil.copy(GUIDANCE / "vocabulary.yml", path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("level:", "levels:", 1), encoding="utf-8")
    line = text[: text.index("level:")].count("\n") + 1
    with pytest.raises(GuidanceError, match=rf"vocabulary\.yml, line {line}: levels"):
        EntityFinder(guidance, tmp_path)


def test_a_missing_vocabulary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match=r"vocabulary\.yml, line 1: cannot be read"):
        Vocabulary.read(tmp_path)
