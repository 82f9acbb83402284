"""A case told in one message: its facts, and whether its route is what is wanted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.load import load_guidance
from bot.nlu.entities import EntityFinder, Vocabulary
from bot.screening import load_questionnaire
from bot.screening.suggested import told
from bot.serving.case_told import CASE_TOLD, CaseTold
from bot.serving.level_told import level_told
from bot.serving.parses import entities_of
from bot.serving.route_wanted import wants_a_route, with_case
from bot.serving.yes_no_facts import yes_no_facts

READER = CaseTold(Vocabulary.read())
FINDER = EntityFinder(load_guidance())
QUESTIONNAIRE = load_questionnaire()
ASK = {"name": "ask", "confidence": 0.6}


def entities_in(text: str) -> list[dict[str, Any]]:
    return [asdict(one) for one in FINDER.find(text)]


def facts_of(text: str) -> set[tuple[str, str]]:
    """The facts of a message, also those that are found in it as entities."""
    entities = entities_in(text)
    facts = READER.facts(text, entities, told(text, QUESTIONNAIRE))
    named = ((one["entity"], one["value"]) for one in entities if one["entity"] != "age")
    return {*facts, *named}


def wanted(text: str) -> bool:
    entities = entities_in(text)
    facts = READER.facts(text, entities, told(text, QUESTIONNAIRE))
    return wants_a_route(text, facts, entities)


# --- facts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("medium risk, at risk of significant harm, looked after",
         {("level", "medium"), ("significant_harm", "yes"), ("plan", "looked_after")}),
        ("low, dad neglects him, cin",
         {("level", "low"), ("parents_neglect_or_collude", "yes"), ("plan", "child_in_need")}),
        ("collusive parents, med", {("level", "medium"), ("parents_neglect_or_collude", "yes")}),
        ("he has disclosed to the nurse, medium, ehcp",
         {("evidence_of_exploitation", "yes"), ("level", "medium"), ("plan", "ehc_plan")}),
        ("she's told staff she was exploited, low, lac",
         {("evidence_of_exploitation", "yes"), ("level", "low"), ("plan", "looked_after")}),
        ("high, raped last week", {("level", "high"), ("crime_suspected", "yes")}),
        ("offence suspected, high", {("level", "high"), ("crime_suspected", "yes")}),
        ("moved between towns, high, cin", {("trafficking", "yes"), ("level", "high")}),
        ("went missing overnight, medium", {("missing", "yes"), ("level", "medium")}),
        ("low, ld, cin", {("learning_disability_or_medical_need", "yes"), ("level", "low")}),
        ("social worker, high, 12 year old",
         {("role", "social_worker"), ("level", "high"), ("age", "12")}),
        ("route please, residential worker, high", {("role", "residential_worker")}),
        ("high risk, saturday night", {("level", "high"), ("clock", "outside")}),
        ("medium, ehcp, not open to social care", {("plan", "none"), ("plan", "ehc_plan")}),
        ("shes high, 17, lac", {("age", "17")}),
        ("low, 12, cin", {("age", "12")}),
        ("high, ooh, cin", {("clock", "outside")}),
        ("medium, not looked after", {("not_plan", "looked_after"), ("level", "medium")}),
    ],
)  # fmt: skip
def test_every_fact_that_is_told_is_taken(text: str, facts: set[tuple[str, str]]) -> None:
    assert facts <= facts_of(text)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("no learning disability, no evidence, no sig harm",
         {"learning_disability_or_medical_need": "no", "evidence_of_exploitation": "no",
          "significant_harm": "no"}),
        ("no ld, crime or sig harm, looked after",
         {"learning_disability_or_medical_need": "no", "crime_suspected": "no",
          "significant_harm": "no"}),
        ("she isn't missing and hasn't disclosed",
         {"missing": "no", "evidence_of_exploitation": "no"}),
        ("significant harm - no, medical needs - no",
         {"significant_harm": "no", "learning_disability_or_medical_need": "no"}),
        ("not missing but parents are colluding",
         {"missing": "no", "parents_neglect_or_collude": "yes"}),
        ("nothing disclosed, no harm",
         {"evidence_of_exploitation": "no", "significant_harm": "no"}),
        ("no evidence of a crime", {"crime_suspected": "no"}),
        ("ld not known, medium", {}),
        ("not sure if she has been trafficked", {}),
        ("she told us she is 12", {}),
        ("missing school a lot", {}),
    ],
)  # fmt: skip
def test_what_is_denied_is_a_no_and_what_is_not_known_is_neither(
    text: str, facts: dict[str, str]
) -> None:
    assert yes_no_facts(text) == facts


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("medium on the matrix", "medium"),
        ("child on a cp plan, just been assessed high", "high"),
        ("we said medium", "medium"),
        ("shes high, 17, looked after", "high"),
        ("dropped from medium to low now", "low"),
        ("not high, medium", "medium"),
        ("route please. low. looked after", "low"),
        ("ten years old, low, medium or high", None),
        ("medium or high", None),
        ("low mood, looked after", None),
        ("at high school, looked after", None),
        ("she gets high, cin", None),
        ("route for high, 14", "high"),
        ("low, derby, what is the route", "low"),
        ("route for her high school", None),
        ("route please", None),
    ],
)
def test_the_level_that_is_told(text: str, level: str | None) -> None:
    assert level_told(text, []) == level


@pytest.mark.parametrize(
    "text",
    ["missing since saturday night, medium", "raped last night, high", "out all night, medium"],
)
def test_when_something_happened_is_not_the_hour_that_it_is(text: str) -> None:
    assert ("clock", "outside") not in facts_of(text)


@pytest.mark.parametrize(
    "text", ["police came, high, cin", "her social worker left, medium", "at school, high, lac"]
)
def test_who_else_is_named_is_not_who_writes(text: str) -> None:
    assert "role" not in dict(facts_of(text))


@given(st.text(max_size=60))
def test_nothing_that_was_typed_comes_out(text: str) -> None:
    typed = f"high, cin, zqxjk {text}"
    entities = entities_in(typed)
    facts = READER.facts(typed, entities, told(typed, QUESTIONNAIRE))
    assert "zqxjk" not in str(facts)
    wants_a_route(typed, facts, entities)


# --- whether the route is wanted ------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "high, cp plan, what now",
        "child on a cp plan, just been assessed high",
        "medium, ehcp, not known to social care",
        "another council's child, assessed medium",
        "looked after + ehcp + medium + missing",
        "scored low, hes 16, not open to anyone",
        "shes high, 17, looked after",
        "significant harm, medium on the matrix, what now",
        "she's disclosed, cin plan",
        "high risk sat night what do i do",
        "15yo, lac, came out high",
        "medium - mum neglects him - next steps",
        "ehcp, 15, we think medium. who do i ring",
        "high cin",
    ],
)
def test_a_level_and_a_fact_of_the_child_want_the_route(text: str) -> None:
    assert wanted(text)


@pytest.mark.parametrize(
    "text",
    [
        "what does significant harm mean for the level",
        "high, cp plan: who chairs the meeting",
        "medium and looked after, does it go in the LAC review",
        "is a child with an ehcp at high risk",
        "low or medium for a looked after child",
        "high risk, what do I do",
        "she told me, now what",
        "what do I do when a child in care discloses",
        "medium cin, how often are network meetings",
        "can high risk and looked after go to CSEP",
        "start a screening, she is looked after and high",
    ],
)
def test_a_question_stays_a_question(text: str) -> None:
    assert not wanted(text)


def parsed(topic: str, text: str) -> dict[str, Any]:
    guess = {"topic": topic, "confidence": 0.6}
    questions = [{"areas": [], "topics": [guess]}]
    return {"intent": ASK, "entities": entities_in(text), "questions": questions}


def taken(text: str, topic: str, area: str | None = "derby") -> dict[str, Any]:
    facts = READER.facts(text, entities_in(text), told(text, QUESTIONNAIRE))
    return with_case(parsed(topic, text), text, facts, area)


def test_a_topic_about_all_that_is_told_is_what_is_asked() -> None:
    kept = taken("medium and open to social care", "medium_open_social_care")
    assert kept["intent"] == ASK
    more = taken("medium, open to social care, ehcp", "medium_open_social_care")
    assert more["intent"]["name"] == "ask_route"
    assert ["level", "medium"] in more[CASE_TOLD]
    assert "questions" not in more


def test_high_and_in_need_wants_the_referral_unless_that_is_what_is_asked() -> None:
    assert taken("high cin", "high_section_47")["intent"]["name"] == "ask_route"
    assert taken("high risk assessed as child in need", "high_section_47")["intent"] == ASK


def test_another_places_case_gets_no_route_of_ours() -> None:
    assert taken("high, looked after, barnsley", "level_high")["intent"] == ASK
    placed = taken("social worker. medium. lac. placed here by leicestershire", "looked_after")
    assert placed["intent"]["name"] == "ask_route"


@pytest.mark.parametrize(
    ("area", "route"), [("wiltshire", True), ("luton", True), ("derby", False), (None, False)]
)
def test_a_missing_child_has_a_route_where_it_hangs_on_nothing_else(
    area: str | None, route: bool
) -> None:
    found = taken("missing since yesterday", "signs_missing", area)
    assert (found["intent"]["name"] == "ask_route") == route
    if not route:
        assert found["questions"][0]["topics"][0]["topic"] == "missing_procedure"


def test_signs_of_missing_stay_signs() -> None:
    asked = "why does going missing again matter"
    assert taken(asked, "signs_missing", "luton") == parsed("signs_missing", asked)


def test_a_level_that_drops_to_low_ends_the_plan() -> None:
    found = taken("dropped from medium to low now", "level_rises")
    assert found["questions"][0]["topics"][0]["topic"] == "plan_ends"
    asks = "is it low when she came down from high to low"
    assert taken(asks, "level_rises") == parsed("level_rises", asks)


def test_a_question_for_a_route_takes_the_facts_beside_it() -> None:
    text = "route for low, learning disability, cin"
    facts = READER.facts(text, entities_in(text), told(text, QUESTIONNAIRE))
    asked = {"intent": {"name": "ask_route", "confidence": 0.9}, "entities": entities_of({})}
    found = with_case(asked, text, facts, "derby")
    assert ["learning_disability_or_medical_need", "yes"] in found[CASE_TOLD]


# --- areas without levels, other authorities, plans denied, hours ---------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "luton, high risk, teacher. what do i do",
        "I manage a social work team in Luton, high risk case, what are my duties",
        "luton police officer. child trafficked between towns, high risk. who",
        "Hartlepool teacher, high risk, who do I ring?",
        "wiltshire teacher, medium risk, what do I do",
        "Luton, low risk, age 12, school. what to do",
        "hartlepool teacher low risk learning disability what next",
        "luton, medium risk, weekend, teacher, who to ring",
        "wiltshire, high risk, 10pm, health worker, what number",
        "hartlepool, medium, midwife, what are my responsibilities",
        "luton foster carer. high risk. who to call",
        "nottingham youth worker low risk what now",
        "wiltshire, medium risk, social worker",
    ],
)
def test_a_level_where_the_source_has_none_is_told_and_not_asked_about(text: str) -> None:
    assert taken(text, "level_high", None)["intent"]["name"] == "ask_route"


@pytest.mark.parametrize(
    "text",
    [
        "what does high risk mean in Luton",
        "luton teacher, is she high risk",
        "I'm a teacher in Luton, what is the difference between medium and high risk",
        "wiltshire teacher, how do I know if it is high risk",
        "hartlepool social worker, who decides it's high risk",
        "high risk luton",
        "luton, low medium or high, teacher, what do i do",
        "how does the Luton panel treat high risk, I'm a social worker",
        "luton teacher, training on high risk",
        "swindon teacher, high risk, what do i do",
    ],
)
def test_a_question_about_a_level_stays_one_everywhere(text: str) -> None:
    assert taken(text, "level_high", None)["intent"] == ASK


def test_without_a_level_two_facts_or_one_with_the_question_are_a_case() -> None:
    told = "notts foster carer, child from another authority placed with me, crime may have been"
    assert taken(f"{told} committed", "other_authority_child")["intent"]["name"] == "ask_route"
    asks = "foster carer notts, 12 year old told me she had sex with a man. who do i tell"
    assert taken(asks, "who_to_ring")["intent"]["name"] == "ask_route"
    worry = "luton teacher, she is 14 with an older boyfriend and gets gifts"
    assert taken(worry, "signs_gifts")["intent"] == ASK


@pytest.mark.parametrize(
    "text",
    [
        "child placed with us in Derby by Birmingham council, high risk of CSE",
        "derbyshire, child looked after by Sheffield placed here, medium risk",
        "child from another authority placed with me, high",
        "placed here from a different council, high",
        "leeds child placed in derby by another county, medium",
    ],
)
def test_another_authoritys_child_who_is_placed_here(text: str) -> None:
    assert ("plan", "other_authority") in facts_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "girl in foster care in Luton, placed by us, medium",
        "child placed in derby by social care, high",
        "our child placed in Leeds, high",
        "high, moved here from Leeds",
    ],
)
def test_ones_own_child_is_not_another_authoritys(text: str) -> None:
    assert ("plan", "other_authority") not in facts_of(text)


@pytest.mark.parametrize(
    "text",
    ["medium, no involvement with anyone", "high, nobody else involved", "low, no agency involvement",
     "medium, not known to any services", "low, no services involved", "high, not open to anyone"],
)  # fmt: skip
def test_no_plan_in_many_words(text: str) -> None:
    assert ("plan", "none") in facts_of(text)


@pytest.mark.parametrize(
    "text", ["high, police involvement", "her involvement with a gang, high", "dad is involved, high"]
)  # fmt: skip
def test_somebodys_involvement_is_no_plan(text: str) -> None:
    assert ("plan", "none") not in facts_of(text)


@pytest.mark.parametrize(
    ("text", "outside"),
    [("it's 2am, high", True), ("high, 10pm, lac", True), ("luton, it is 11.30 pm, high", True),
     ("high, it's 10am", False), ("missing since 11pm, high", False), ("high, seen at 2am", False),
     ("it's 3pm, high", False)],
)  # fmt: skip
def test_the_hour_that_it_is(text: str, outside: bool) -> None:
    assert (("clock", "outside") in facts_of(text)) == outside


def test_a_plan_that_is_denied_is_not_among_the_routes_facts() -> None:
    text = "derby, low, not looked after, not open to anyone, she's 15"
    found = taken(text, "level_low")
    assert ("plan", "looked_after") not in {
        (one["entity"], one["value"]) for one in found["entities"]
    }
    assert ["plan", "none"] in found[CASE_TOLD]
