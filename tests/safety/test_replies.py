"""What is said when a message raises an alarm."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from pathlib import Path
from typing import get_args

import pytest

from bot.guidance.files import GuidanceError
from bot.guidance.load import Guidance, guidance_folder
from bot.guidance.models import AREA_IDS, AreaId
from bot.safety import KINDS, Alarm, Kind, check_safety, danger_line, reply_for, script_for
from bot.safety.replies import Follows
from bot.safety.still_danger import LINES, Still
from bot.safety.words import ScriptId

OFFICE_HOURS = dt.datetime(2026, 12, 2, 11, 0)  # a Wednesday
NIGHT = dt.datetime(2026, 12, 2, 23, 30)
DANGER = Alarm("immediate_danger")
EVERY_ALARM = [
    Alarm(kind, question, writer)
    for kind, question, writer in itertools.product(KINDS, (False, True), (False, True))
]


def ids(alarm: Alarm, guidance: Guidance, area: AreaId | None, now: dt.datetime) -> list[str]:
    return [card.id for card in reply_for(alarm, guidance, area, now).contacts]


def test_everything_the_scripts_name_exists(guidance: Guidance) -> None:
    assert check_safety(guidance) == ()


def test_every_script_answers_some_alarm() -> None:
    assert {script_for(alarm) for alarm in EVERY_ALARM} == set(get_args(ScriptId))


@pytest.mark.parametrize("alarm", EVERY_ALARM)
@pytest.mark.parametrize("area", [None, *AREA_IDS])
def test_every_reply_gives_999_and_cites_every_line(
    guidance: Guidance, alarm: Alarm, area: AreaId | None
) -> None:
    reply = reply_for(alarm, guidance, area, NIGHT)
    assert "999" in reply.text()
    assert "emergency" in [card.id for card in reply.contacts]
    assert all(point.cites for point in reply.points)
    assert reply.sources
    assert "{" not in reply.text()


@pytest.mark.parametrize("area", [None, *AREA_IDS])
def test_danger_says_999_first(guidance: Guidance, area: AreaId | None) -> None:
    reply = reply_for(DANGER, guidance, area, OFFICE_HOURS)
    assert "999" in reply.headline
    assert reply.contacts[0].id == "emergency"
    assert any("number plates" in point.text for point in reply.points)


def test_the_number_for_the_hour_comes_first(guidance: Guidance) -> None:
    def area_numbers(area: AreaId, now: dt.datetime) -> list[str]:
        return ids(DANGER, guidance, area, now)[1:-1]

    assert area_numbers("luton", OFFICE_HOURS) == ["luton-referral", "luton-out-of-hours"]
    assert area_numbers("luton", NIGHT) == ["luton-out-of-hours", "luton-referral"]
    # where a page gives the hours, only the line that is staffed
    assert area_numbers("wiltshire", OFFICE_HOURS) == ["wiltshire-mash"]
    assert area_numbers("wiltshire", NIGHT) == ["wiltshire-out-of-hours"]
    assert area_numbers("derbyshire", NIGHT) == ["derbyshire-starting-point"]


def test_a_moment_in_another_zone_is_read_on_londons_clock(guidance: Guidance) -> None:
    # 16.30 UTC in July is 17.30 in London: the Wiltshire line has closed
    moment = dt.datetime(2026, 7, 1, 16, 30, tzinfo=dt.UTC)
    assert "wiltshire-out-of-hours" in ids(DANGER, guidance, "wiltshire", moment)


@pytest.mark.parametrize("area", AREA_IDS)
def test_no_area_is_given_the_numbers_of_another(guidance: Guidance, area: AreaId) -> None:
    for alarm in EVERY_ALARM:
        for name in ids(alarm, guidance, area, NIGHT):
            areas = guidance.contacts[name].areas
            assert not areas or area in areas


def test_derby_is_told_that_there_is_no_number(guidance: Guidance) -> None:
    reply = reply_for(DANGER, guidance, "derby", NIGHT)
    assert any("no number" in point.text for point in reply.points)


CHILD = [
    Alarm("child_writing", about_writer=True),
    Alarm("immediate_danger", about_writer=True),
    Alarm("self_harm", about_writer=True),
]


@pytest.mark.parametrize("alarm", CHILD)
def test_a_child_is_asked_nothing_and_offered_no_way_on(guidance: Guidance, alarm: Alarm) -> None:
    reply = reply_for(alarm, guidance, "luton", NIGHT)
    said = " ".join([reply.headline, *(point.text for point in reply.points)])
    # the one question mark is in “Under 19? Childline …”, which asks for no answer
    assert said.replace("Under 19?", "").count("?") == 0
    assert reply.choices == ()
    assert "0800 1111" in said
    assert "999" in said
    assert not re.search(r"secret|confidential|promise|screening|refer", said, re.IGNORECASE)
    assert len(reply.points) <= 6
    assert all(card.note is None for card in reply.contacts)


def test_a_child_hears_that_it_is_not_their_fault_and_how_to_leave(guidance: Guidance) -> None:
    reply = reply_for(CHILD[0], guidance, None, NIGHT)
    assert "not your fault" in reply.headline
    said = " ".join(point.text for point in reply.points)
    assert "adult you trust" in said
    assert "CEOP" in said
    assert "Exit" in said
    assert "ceop" in [card.id for card in reply.contacts]


def test_a_parent_is_led_to_those_who_help_parents(guidance: Guidance) -> None:
    reply = reply_for(Alarm("parent_or_public"), guidance, "nottinghamshire", OFFICE_HOURS)
    shown = [card.id for card in reply.contacts]
    assert shown[0] == "emergency"
    assert {"police-101", "nspcc-helpline", "ivison-trust"} <= set(shown)
    assert "nottinghamshire-mash-public" in shown
    assert "nottinghamshire-mash" not in shown
    assert '/ask{"topic": "disclosure_apply"}' in [choice.payload for choice in reply.choices]


def test_who_fears_their_own_thoughts_is_not_judged(guidance: Guidance) -> None:
    reply = reply_for(Alarm("own_thoughts"), guidance, None, NIGHT)
    assert reply.contacts[0].id == "stop-it-now"
    assert not re.search(r"offender|crime|illegal|wrong|report", reply.text(), re.IGNORECASE)


def test_an_allegation_says_what_the_sources_lack(guidance: Guidance) -> None:
    reply = reply_for(Alarm("colleague_allegation"), guidance, None, NIGHT)
    assert "Do not confront" in reply.headline
    assert "My sources do not give" in reply.text()
    assert '/ask{"topic": "gap_allegation_staff"}' in [choice.payload for choice in reply.choices]


@pytest.mark.parametrize("alarm", EVERY_ALARM)
@pytest.mark.parametrize("follows", get_args(Follows))
def test_what_follows_an_alarm_gives_999_and_cites_every_line(
    guidance: Guidance, alarm: Alarm, follows: Follows
) -> None:
    reply = reply_for(alarm, guidance, "luton", NIGHT, follows=follows)
    assert "999" in reply.text()
    assert "emergency" in [card.id for card in reply.contacts]
    assert all(point.cites for point in reply.points)


@pytest.mark.parametrize("alarm", CHILD)
def test_a_child_hears_each_time_that_nobody_reads_and_where_childline_is(
    guidance: Guidance, alarm: Alarm
) -> None:
    said = reply_for(alarm, guidance, "luton", NIGHT, follows="again").text()
    assert "Nobody reads this" in said
    assert "0800 1111" in said


def test_who_talks_to_a_child_comes_first_when_it_is_said_again(guidance: Guidance) -> None:
    assert "Childline" in reply_for(CHILD[0], guidance, None, NIGHT, follows="again").headline


def test_nobody_who_has_rung_is_told_not_to_wait(guidance: Guidance) -> None:
    for alarm in EVERY_ALARM:
        said = reply_for(alarm, guidance, "luton", NIGHT, follows="rung").text()
        assert "do not wait" not in said.lower()


def test_a_child_who_wants_a_screening_is_told_for_whom_it_is(guidance: Guidance) -> None:
    reply = reply_for(CHILD[0], guidance, "luton", NIGHT, follows="again", for_workers=True)
    assert "people who work with children" in reply.points[0].text
    assert "do not have to answer" in reply.points[0].text
    assert [one.payload for one in reply.choices] == ['/start_screening{"alarm": "none"}']
    assert reply.choices[0].title.startswith("I work with children:")


@pytest.mark.parametrize(
    ("marked", "instead", "reason"),
    [
        ("again: first}", "again: true}", "either the headline has"),
        (
            'headline: {text: "Ring 999 now. I cannot make the call for you."',
            'headline: {text: "Ring the police now."',
            None,
        ),
    ],
)
def test_any_words_may_be_put_in_place_of_ours(
    guidance: Guidance, tmp_path: Path, marked: str, instead: str, reason: str | None
) -> None:
    words = (guidance_folder() / "safety.yml").read_text(encoding="utf-8")
    assert words.count(marked) == 1
    (tmp_path / "safety.yml").write_text(words.replace(marked, instead), encoding="utf-8")
    if reason is not None:
        with pytest.raises(GuidanceError, match=reason):
            check_safety(guidance, tmp_path)
        return
    assert check_safety(guidance, tmp_path) == ()
    for follows in get_args(Follows):
        reply = reply_for(DANGER, guidance, "luton", NIGHT, tmp_path, follows=follows)
        assert "emergency" in [card.id for card in reply.contacts]


def test_words_that_give_no_999_when_they_are_said_again_are_refused(
    guidance: Guidance, tmp_path: Path
) -> None:
    words = (guidance_folder() / "safety.yml").read_text(encoding="utf-8")
    words = words.replace(
        "contacts_first: [stop-it-now, emergency]", "contacts_first: [stop-it-now]"
    )
    words = words.replace('now, ring 999.", cite: "hartlepool-2018:163-165", again: true}',
                          'now, ring 999.", cite: "hartlepool-2018:163-165"}')  # fmt: skip
    (tmp_path / "safety.yml").write_text(words, encoding="utf-8")
    assert any("gives no 999" in one.reason for one in check_safety(guidance, tmp_path))


@pytest.mark.parametrize("still", LINES)
@pytest.mark.parametrize("kind", ["immediate_danger", "self_harm"])
@pytest.mark.parametrize("writer", [False, True])
def test_what_is_told_of_danger_that_goes_on_has_its_line_below_999(
    guidance: Guidance, still: Still, kind: Kind, writer: bool
) -> None:
    reply = reply_for(Alarm(kind, False, writer), guidance, "luton", NIGHT, follows="again",
                      still=still)  # fmt: skip
    assert "999" in reply.headline
    assert reply.points[0].text == LINES[still].text
    assert "not confirmed by a source" in reply.points[0].text
    assert "emergency" in [card.id for card in reply.contacts]


def test_danger_that_goes_on_with_no_more_told_of_it_adds_nothing(guidance: Guidance) -> None:
    again = reply_for(DANGER, guidance, "luton", NIGHT, follows="again")
    assert reply_for(DANGER, guidance, "luton", NIGHT, follows="again", still="goes_on") == again


def test_an_adult_in_danger_gets_no_number_of_childrens_services(guidance: Guidance) -> None:
    reply = reply_for(DANGER, guidance, "luton", NIGHT, follows="again", still="adult")
    assert [card.id for card in reply.contacts] == ["emergency", "police-101"]


def test_the_line_above_an_ordinary_answer_gives_999(guidance: Guidance) -> None:
    reply = danger_line(guidance, NIGHT.date())
    assert "999" in reply.headline
    assert reply.sources
    assert reply.sources[0] in reply.text()
