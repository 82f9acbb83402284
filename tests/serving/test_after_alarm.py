"""What an alarm leaves standing: who is spoken to as a child, and who has rung 999."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import Restarted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.guidance.load import guidance_folder
from bot.safety import Alarm, Kind
from bot.safety.replies import NO_ALARM
from bot.safety.words import read_safety
from bot.serving.after_alarm import (
    FOR_WORKERS,
    SOMEBODY_KNOWN,
    alarm_for_who_writes,
    for_who_writes,
)
from bot.serving.after_danger import (
    asked_next,
    asked_whether_to_refer,
    not_reached,
    passed,
    rung,
    still_in_danger,
)
from bot.serving.after_danger_wordings import asks_to_refer, goes_on, wants_to_know
from bot.serving.parses import entities_of, sure_intent
from bot.serving.passed_danger import Passed
from bot.serving.standing import (
    DANGER,
    DANGER_STANDS,
    FOLLOWS,
    STANDING,
    Standing,
    standing_of,
)

#: A role of a screening that works with children.
WORKER = "teacher"


def conversation(*events: Any) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("somebody", list(events))


def alarm(kind: str, **more: Any) -> UserUttered:
    values = {"alarm": kind, **({"about_writer": "yes"} if more.pop("writer", False) else {})}
    parse = {**sure_intent("alarm", values), **more}
    return UserUttered(
        parse["text"], parse["intent"], parse["entities"], parse_data=parse
    )  # as Rasa stores it


# --- who writes -----------------------------------------------------------------------------------


def test_nothing_stands_without_an_alarm() -> None:
    assert standing_of(None) == Standing()
    assert standing_of(conversation(SlotSet("topic", "signs_overview"))) == Standing()


def test_a_child_is_one_until_a_practitioner_speaks() -> None:
    child = alarm("child_writing", writer=True)
    assert standing_of(conversation(child)).child
    assert standing_of(conversation(child, alarm("immediate_danger"))).child
    assert standing_of(conversation(child, alarm("own_thoughts"))).child
    assert not standing_of(conversation(child, alarm("parent_or_public"))).child
    pressed = sure_intent("ask", {"topic": "who_to_ring", "alarm": NO_ALARM})
    released = UserUttered(pressed["text"], pressed["intent"], pressed["entities"])
    assert standing_of(conversation(child, released)) == Standing()
    assert standing_of(conversation(child, Restarted())) == Standing()


def test_what_follows_an_alarm_does_not_change_what_was_under_way() -> None:
    before = [SlotSet("topic", "level_medium"), alarm("immediate_danger")]
    again = alarm("immediate_danger", follows="rung")
    asked = SlotSet("topic", "police_information")
    assert standing_of(conversation(*before, asked, again)).topic == "level_medium"
    # the first turn of a new session may be the only trace of the alarm
    assert standing_of(conversation(again)).danger


@pytest.mark.parametrize(
    "intent", ["help", "bot_challenge", "nlu_fallback", "out_of_scope", "other_language"]
)
def test_a_child_gets_the_childs_words_for_whatever_is_not_understood(intent: str) -> None:
    standing = Standing("child_writing", about_writer=True, child=True)
    parse = for_who_writes(sure_intent(intent, {}), standing, "who can help", screening=False)
    assert parse["intent"]["name"] == "alarm"
    assert parse[FOLLOWS] == "again"
    assert not parse.get("questions")


def test_a_button_of_the_worker_gives_a_child_the_childs_words() -> None:
    standing = Standing("child_writing", about_writer=True, child=True)
    button = sure_intent("ask", {"topic": "who_to_ring"})
    assert for_who_writes(button, standing, None, screening=False)[FOLLOWS] == "again"


CHILD = Standing("child_writing", about_writer=True, child=True)


@pytest.mark.parametrize(
    ("intent", "screening"),
    [
        ("start_screening", False),
        ("ask_route", False),
        ("start_screening", True),
        ("screening_resume", True),
        ("screening_skip", True),
        ("screening_answer", True),
    ],
)
def test_a_child_neither_begins_nor_goes_on_with_what_is_for_workers(
    intent: str, screening: bool
) -> None:
    parse = for_who_writes(sure_intent(intent, {"answer": "yes"}), CHILD, "yes please", screening)
    assert parse["intent"]["name"] == "alarm"
    assert parse[FOLLOWS] == "again"
    assert parse[FOR_WORKERS]


def test_what_a_screening_cannot_read_in_a_childs_words_asks_for_nothing() -> None:
    unread = sure_intent("screening_answer", {"explanation": "I did not understand that."})
    parse = for_who_writes(unread, CHILD, "why did he do it", screening=True)
    assert parse[FOLLOWS] == "again"
    assert FOR_WORKERS not in parse


def role(answer: str) -> dict[str, Any]:
    return sure_intent("screening_answer", {"question": "role", "answer": f'"{answer}"'})


def says_worker(parse: dict[str, Any]) -> bool:
    return {"entity": "alarm", "value": NO_ALARM} in parse["entities"]


@pytest.mark.parametrize("text", ["teacher", "Social worker", "health visitor", None])
def test_who_tells_a_screening_the_role_of_a_worker_goes_on(text: str | None) -> None:
    parse = for_who_writes(role(WORKER), CHILD, text, screening=True)
    assert parse["intent"]["name"] == "screening_answer"
    assert says_worker(parse)


@pytest.mark.parametrize("text", ["my teacher", "the teacher told me to", "he is a teacher", "5"])
def test_a_worker_whom_a_child_names_to_a_screening_is_not_who_writes(text: str) -> None:
    assert for_who_writes(role(WORKER), CHILD, text, screening=True)[FOLLOWS] == "again"


def test_who_is_no_worker_does_not_go_on_with_a_childs_screening() -> None:
    assert for_who_writes(role("public"), CHILD, None, screening=True)[FOLLOWS] == "again"


def test_who_says_in_a_screening_that_they_work_with_children_goes_on_with_it() -> None:
    unread = sure_intent("screening_answer", {"explanation": "I did not understand that."})
    parse = for_who_writes(unread, CHILD, "i work with children", screening=True)
    assert parse["intent"]["name"] == "screening_resume"
    assert says_worker(parse)


@pytest.mark.parametrize("standing", [CHILD, Standing("parent_or_public")])
@pytest.mark.parametrize("intent", ["nlu_fallback", "ask"])
def test_a_question_behind_an_introduction_is_not_lost(standing: Standing, intent: str) -> None:
    parse = {**sure_intent(intent, {}), "intent": {"name": intent, "confidence": 0.46}}
    text = "I'm a teacher and a girl in my class has two phones, is that a sign"
    told = for_who_writes(parse, standing, text, screening=False)
    assert told["intent"]["name"] == intent
    assert says_worker(told)
    alone = for_who_writes(parse, standing, "sorry, I'm a teacher", screening=False)
    assert alone["intent"]["name"] == "affirm"


def test_a_practitioner_after_danger_is_read_as_without_it() -> None:
    parse = {**sure_intent("ask", {}), "intent": {"name": "ask", "confidence": 0.46}}
    text = "one of our residents has two phones, is that a sign"
    assert for_who_writes(parse, Standing("immediate_danger"), text, screening=False) == parse


@pytest.mark.parametrize("kind", DANGER)
def test_danger_is_a_childs_own_where_a_child_wrote(kind: Kind) -> None:
    told = alarm_for_who_writes(Alarm(kind, question=True), CHILD, "hes outside with a knife")
    assert told == Alarm(kind, about_writer=True)
    assert alarm_for_who_writes(Alarm(kind), Standing(kind), "hes outside") == Alarm(kind)
    said = "im a social worker, hes outside with a knife"
    assert alarm_for_who_writes(Alarm(kind), CHILD, said) == Alarm(kind)


@pytest.mark.parametrize(
    "raised",
    [
        Alarm("colleague_allegation", signal="colleague"),
        *(Alarm("parent_or_public", signal=one) for one in sorted(SOMEBODY_KNOWN)),
    ],
)
def test_a_worker_or_neighbour_of_whom_a_child_tells_is_told_by_a_child(raised: Alarm) -> None:
    told = alarm_for_who_writes(raised, CHILD, "my teacher sends girls pictures")
    assert (told.kind, told.about_writer) == ("child_writing", True)


def test_a_parent_who_was_taken_for_a_child_may_say_so() -> None:
    parent = Alarm("parent_or_public", signal="parent_says_so")
    assert alarm_for_who_writes(parent, CHILD, "im her mum") == parent


def test_the_rules_that_find_whom_somebody_knows_are_rules_of_the_watch() -> None:
    _, safety = read_safety(guidance_folder())
    assert {one.name for one in safety.watch.signals} >= SOMEBODY_KNOWN


def test_who_could_not_ring_is_told_to_ring_again() -> None:
    assert not_reached(Standing("self_harm"))["entities"] == entities_of({"alarm": "self_harm"})
    child = not_reached(CHILD)["entities"]
    assert child == entities_of({"alarm": "immediate_danger", "about_writer": "yes"})


def test_danger_that_goes_on_is_neither_over_nor_rung_for() -> None:
    for told in ("rung", "passed"):
        before = (alarm("immediate_danger"), alarm("immediate_danger", follows=told))
        assert not standing_of(conversation(*before)).unanswered
        goes_on = alarm("immediate_danger", follows="again", still="contact_lost")
        assert standing_of(conversation(*before, goes_on)).unanswered
        # the words said again, for an area, change nothing
        again = alarm("immediate_danger", follows="again")
        assert not standing_of(conversation(*before, again)).unanswered


def test_an_adult_is_told_of_beside_999_and_who_asked_is_not_ordered_to_ring() -> None:
    adult = still_in_danger(Standing("immediate_danger"), "adult")
    assert [one["topics"][0]["topic"] for one in adult["questions"]] == ["gap_adults"]
    asked = still_in_danger(Standing("immediate_danger", question=True), "hesitates")
    assert {"entity": "question", "value": "yes"} in asked["entities"]


@pytest.mark.parametrize(
    "text",
    ["I need the missing procedure", "give me the referral form", "we want to know who helps"],
)
def test_what_is_wanted_need_not_be_a_question(text: str) -> None:
    assert wants_to_know(text)


@pytest.mark.parametrize("text", ["we need to go now", "she needs help", "she wants to go home"])
def test_what_is_needed_there_asks_for_nothing_here(text: str) -> None:
    assert not wants_to_know(text)


# --- how long it stands ---------------------------------------------------------------------------


def message() -> UserUttered:
    parse = sure_intent("ask", {})
    return UserUttered(parse["text"], parse["intent"], parse["entities"], parse_data=parse)


def test_danger_stands_for_a_few_messages_and_a_child_for_all() -> None:
    later = [message() for _ in range(DANGER_STANDS)]
    assert standing_of(conversation(alarm("immediate_danger"), *later[1:])).danger
    after = standing_of(conversation(alarm("immediate_danger"), *later))
    assert (after.danger, after.kind) == (False, "immediate_danger")
    told = alarm("immediate_danger", follows="rung")
    assert standing_of(conversation(alarm("immediate_danger"), *later, told)).danger
    assert standing_of(conversation(alarm("child_writing", writer=True), *later * 9)).child


def test_what_was_asked_since_is_what_one_goes_on_with() -> None:
    before = [SlotSet("topic", "definition_of_cse"), alarm("immediate_danger")]
    assert not standing_of(conversation(*before)).asked
    of_it = [*before, message(), SlotSet("topic", "police_information")]
    assert not standing_of(conversation(*of_it)).asked
    assert standing_of(conversation(*of_it, message(), SlotSet("topic", "risk_tool"))).asked


def test_a_session_hands_on_what_stands() -> None:
    stood = standing_of(conversation(SlotSet("topic", "minutes"), alarm("self_harm", writer=True)))
    begins = SessionStarted(metadata={STANDING: stood.as_json()})
    assert standing_of(conversation(begins, SlotSet("topic", "minutes"))) == stood
    assert standing_of(conversation(alarm("self_harm"), SessionStarted())) == Standing()


# --- 999 was rung ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["ok go on", "where were we", "OK, where were we?", "carry on"])
def test_who_wants_to_go_on_says_so(text: str) -> None:
    assert goes_on(text)
    assert not goes_on(f"{text} about the meeting in Derby")


def test_a_sure_question_beside_the_call_is_answered_once() -> None:
    asked = {"areas": [], "topics": [{"topic": "risk_tool", "confidence": 0.7},
                                     {"topic": "minutes", "confidence": 0.2}]}  # fmt: skip
    beside = {**sure_intent("ask", {}), "questions": [asked]}
    parse = rung(Standing("immediate_danger"), {}, beside)
    assert [one["topic"] for one in parse["questions"][0]["topics"]] == ["risk_tool"]
    unsure = {**beside, "intent": {"name": "ask", "confidence": 0.3}}
    assert "questions" not in rung(Standing("immediate_danger"), {}, unsure)


# --- the danger is over, and the area is told -----------------------------------------------------

STANDS = Standing("immediate_danger", topic="risk_tool")


def areas(*names: str) -> list[dict[str, Any]]:
    return [{"entity": "area", "value": name} for name in names]


def told(intent: str, confidence: float, *names: str) -> dict[str, Any]:
    parse = sure_intent(intent, {})
    parse["intent"]["confidence"] = confidence
    return {**parse, "entities": areas(*names)}


@pytest.mark.parametrize(
    ("standing", "follows"),
    [
        (STANDS, "again"),
        (Standing("immediate_danger", told="rung"), "rung"),
        (Standing("self_harm", told="passed"), "passed"),
        (Standing("parent_or_public", turns=9), "again"),
    ],
)
@pytest.mark.parametrize("text", ["its luton", None])
def test_the_area_told_after_an_alarm_brings_what_holds_for_it(
    standing: Standing, follows: str, text: str | None
) -> None:
    parse = for_who_writes(told("in_area", 1.0, "luton"), standing, text, screening=False)
    assert parse["intent"]["name"] == "alarm"
    assert parse[FOLLOWS] == follows
    assert areas("luton")[0] in parse["entities"]


@pytest.mark.parametrize(
    "standing",
    [
        Standing(),
        Standing("immediate_danger", turns=DANGER_STANDS),
        Standing("immediate_danger", asked=True),
        Standing("immediate_danger", told="mistaken"),
        Standing("colleague_allegation"),
    ],
)
def test_an_area_elsewhere_is_an_area_in_passing(standing: Standing) -> None:
    parse = told("in_area", 1.0, "luton")
    assert for_who_writes(parse, standing, "luton", screening=False) == parse


def test_a_question_that_names_the_area_is_a_question() -> None:
    for parse, text in (
        (told("ask", 0.5, "derby"), "what is the matrix in derby?"),
        (told("ask", 0.9, "derby"), "derby matrix"),
    ):
        assert for_who_writes(parse, STANDS, text, screening=False) == parse
    unsure = told("ask", 0.4, "derby")
    assert for_who_writes(unsure, STANDS, "i think derby", screening=False)[FOLLOWS] == "again"


def test_what_was_said_of_the_alarm_stands_until_the_next() -> None:
    over = alarm("immediate_danger", follows="passed")
    assert standing_of(conversation(alarm("immediate_danger"), over)).told == "passed"
    refers = alarm("immediate_danger", follows="refer")
    assert standing_of(conversation(alarm("immediate_danger"), over, refers)).told == "passed"
    anew = conversation(alarm("immediate_danger"), over, alarm("immediate_danger"))
    assert standing_of(anew).told is None


def answers(question: str, answer: str) -> UserUttered:
    parse = sure_intent("screening_answer", {"question": question, "answer": answer})
    return UserUttered(parse["text"], parse["intent"], parse["entities"], parse_data=parse)


def test_danger_told_to_a_screening_stands_like_an_alarm() -> None:
    yes = answers("immediate_danger", '"yes"')
    assert standing_of(conversation(yes)).danger
    assert standing_of(conversation(yes, answers("danger_now", '"read"'))).told == "rung"
    assert not standing_of(conversation(answers("immediate_danger", '"no"'))).danger


def test_what_another_version_left_standing_is_read_as_far_as_it_is_known() -> None:
    kept = {**Standing("self_harm").as_json(), "of_tomorrow": True}
    assert Standing.from_json(kept) == Standing("self_harm")
    assert Standing.from_json({"kind": "self_harm"}) == Standing("self_harm")


@pytest.mark.parametrize(
    ("found", "follows"),
    [
        (Passed(False, "", False), "passed"),
        (Passed(True, "", False), "mistaken"),
        (Passed(False, "do i still refer", False), "refer"),
        (Passed(True, "do i still refer", False), "mistaken"),
    ],
)
def test_what_takes_an_alarm_back_has_its_own_words(found: Passed, follows: str) -> None:
    parse = passed(STANDS, {}, found, None)
    assert (parse["intent"]["name"], parse[FOLLOWS]) == ("alarm", follows)
    assert parse["go_on"] == "risk_tool"


def test_who_wants_to_go_on_once_it_is_over_does() -> None:
    parse = passed(STANDS, {}, Passed(False, "lets carry on", False), None)
    assert [one["topics"][0]["topic"] for one in parse["questions"]] == ["risk_tool"]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("do i still need to refer", True),
        ("should we still report it", True),
        ("do i have to tell social care", True),
        ("who do i refer it to", False),
        ("what is a referral", False),
    ],
)
def test_whether_to_refer_all_the_same_is_told_from_to_whom(text: str, asks: bool) -> None:
    assert asks_to_refer(text) == asks
    assert asked_whether_to_refer(STANDS, {})[FOLLOWS] == "refer"


@pytest.mark.parametrize("text", ["what next", "ok so now what?", "what do i do next", "then what"])
def test_what_comes_next_after_an_alarm_is_the_referral(text: str) -> None:
    assert asked_next(text) == sure_intent("ask", {"topic": "first_step"})


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("what do i tell the social worker", True),
        ("what should we say to the hub", True),
        ("what do they need to know", True),
        ("what do i tell her mum", False),
        ("what is next door", False),
    ],
)
def test_what_to_tell_those_who_take_the_referral_is_known(text: str, asks: bool) -> None:
    assert (asked_next(text) is not None) == asks
