"""One test for each row of the areas' decision tables, named after the row (D_D stands for D+D)."""

# ruff: noqa: N802  (the rows' ids are upper case)

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable

from bot.referral.route import Note, Route, Step
from bot.referral.wording import route_text

Ask = Callable[..., Route]
SATURDAY = "2026-11-21T10:00"


def step(route: Route, rule: str) -> Step:
    found = route.step(rule)
    assert found is not None, f"{rule} is not among {[one.rule for one in route.steps]}"
    return found


def note(route: Route, rule: str) -> Note:
    shown = (*route.notes, *route.differs, *route.not_stated, *route.changes)
    return next(one for one in shown if one.rule == rule)


def cites(one: Step | Note) -> set[str]:
    return {str(cite) for cite in one.cite}


def told(route: Route) -> str:
    return " ".join(one.who for one in route.who_else)


ALL_NO = {
    "under_13": "no",
    "learning_disability_or_medical_need": "no",
    "evidence_of_exploitation": "no",
    "significant_harm": "no",
    "parents_neglect_or_collude": "no",
}


class TestLuton:
    def test_LUT_1_any_concern_goes_to_the_referral_and_assessment_team(self, ask: Ask) -> None:
        route = ask("luton")
        assert "01582 547653" in route.headline
        assert "01582 547653" in step(route, "LUT-1").text
        assert cites(step(route, "LUT-1")) == {"luton-2014:174"}
        assert route.contacts[0].id == "luton-referral"

    def test_LUT_2_emergency_out_of_hours(self, ask: Ask) -> None:
        route = ask("luton", now=SATURDAY)
        assert "0300 300 8123" in step(route, "LUT-2").text
        assert route.contacts[0].id == "luton-out-of-hours"
        assert ask("luton").step("LUT-2") is None

    def test_LUT_2_high_at_night_rings_now_and_nothing_says_to_wait(self, ask: Ask) -> None:
        route = ask("luton", level="high", now=SATURDAY)
        assert route.headline.startswith("Ring Luton's out-of-hours line now, 0300 300 8123")
        assert "Otherwise" not in route.headline
        assert "make contact now" in step(route, "NAT-LEVEL-HIGH").text
        assert step(route, "LUT-2.high").product_choice
        assert "as soon as it opens" in step(route, "LUT-1.outside").text
        assert route.contacts[0].id == "luton-out-of-hours"

    def test_LUT_2_medium_at_night_does_not_ask_for_contact_today(self, ask: Ask) -> None:
        route = ask("luton", level="medium", now=SATURDAY)
        assert "as soon as it opens" in route.headline
        assert "today" not in " ".join(one.text for one in route.steps)
        assert "as soon as the team opens" in step(route, "NAT-LEVEL-MEDIUM.outside").text
        assert "contact today" in step(ask("luton", level="medium"), "NAT-LEVEL-MEDIUM").text

    def test_LUT_1_the_team_is_among_those_to_tell(self, ask: Ask) -> None:
        assert "referral and assessment team" in told(ask("luton"))
        by_night = told(ask("luton", now=SATURDAY))
        assert "out-of-hours line" in by_night
        assert "referral and assessment team, as soon as it opens" in by_night

    def test_LUT_3_the_tool_is_mandatory_for_social_workers(self, ask: Ask) -> None:
        route = ask("luton", role="social_worker")
        assert step(route, "LUT-3").label is None
        assert "mandatory" in step(route, "LUT-3").text
        assert ask("luton", role="teacher").step("LUT-3") is None
        assert step(ask("luton"), "LUT-3").label == "Social workers"

    def test_LUT_4_team_managers_pass_it_on(self, ask: Ask) -> None:
        assert step(ask("luton", role="team_manager"), "LUT-4").label is None
        assert ask("luton", role="foster_carer").step("LUT-4") is None

    def test_LUT_5_open_cases_are_assessed_in_retrospect(self, ask: Ask) -> None:
        route = ask("luton", role="social_worker", open_to=["child_in_need"])
        assert "CareFirst" in step(route, "LUT-5").text
        assert ask("luton", role="social_worker", open_to=[]).step("LUT-5") is None

    def test_LUT_6_closed_cases_are_not(self, ask: Ask) -> None:
        assert "Closed" in note(ask("luton", role="social_worker"), "LUT-6").text

    def test_LUT_7_recorded_on_carefirst(self, ask: Ask) -> None:
        route = ask("luton", role="social_worker")
        for words in ("Warning details", "Child at risk of sexual exploitation", "perpetrator"):
            assert words in step(route, "LUT-7").text
        assert "CareFirst" in {one.system for one in route.recording}

    def test_LUT_8_use_the_tool_early_and_share_or_refer_to_the_panel(self, ask: Ask) -> None:
        assert "CSEP" in step(ask("luton", role="teacher"), "LUT-8").text

    def test_LUT_9_consider_a_strategy_discussion(self, ask: Ask) -> None:
        assert "strategy discussion" in step(ask("luton"), "LUT-9").text

    def test_LUT_10_the_panel_is_for_victims_at_high_risk(self, ask: Ask) -> None:
        route = ask("luton", level="high")
        assert "every month" in step(route, "LUT-10").text
        assert any("CSEP" in one.who for one in route.attendees)
        assert "high risk" in note(route, "LUT-10.threshold").text

    def test_LUT_11_support_after_exploitation(self, ask: Ask) -> None:
        route = ask("luton", evidence_of_exploitation="yes")
        assert step(route, "LUT-11").label is None
        assert any("six months" in deadline.said for deadline in route.deadlines)
        assert any("Protect and Respect" in form.name for form in route.forms)

    def test_a_number_in_the_source_needs_no_excuse(self, ask: Ask) -> None:
        assert ask("luton").no_number is None
        assert ask("hartlepool").no_number is None

    def test_what_luton_does_not_state(self, ask: Ask) -> None:
        assert "no levels" in note(ask("luton"), "LUT-GAP").text


class TestNottinghamshire:
    def test_NOT_1_the_allocated_social_worker_first(self, ask: Ask) -> None:
        route = ask("nottinghamshire", role="residential_worker")
        assert "allocated social worker" in route.headline
        assert "earliest opportunity" in step(route, "NOT-1").text

    def test_NOT_2_then_the_referral_and_assessment_team(self, ask: Ask) -> None:
        route = ask("nottinghamshire")
        assert "referral and assessment team" in step(route, "NOT-2").text
        assert "referral and assessment team" in route.no_answer.text

    def test_NOT_3_the_police_when_a_crime_is_possible(self, ask: Ask) -> None:
        route = ask("nottinghamshire", crime_suspected="yes")
        assert step(route, "NOT-3").label is None
        assert "police-101" in {contact.id for contact in route.contacts}
        assert step(ask("nottinghamshire"), "NOT-3").label is not None
        assert ask("nottinghamshire", crime_suspected="no").step("NOT-3") is None

    def test_NOT_4_foster_carers_also_tell_their_own_worker(self, ask: Ask) -> None:
        route = ask("nottinghamshire", role="foster_carer")
        assert "fostering agency" in step(route, "NOT-4").text
        assert "fostering agency" in route.headline
        assert ask("nottinghamshire", role="teacher").step("NOT-4") is None

    def test_NOT_5_protection_starts_the_boards_procedures(self, ask: Ask) -> None:
        assert "procedures" in step(ask("nottinghamshire", role="social_worker"), "NOT-5").text

    def test_NOT_6_not_in_need_means_considering_other_agencies(self, ask: Ask) -> None:
        route = ask("nottinghamshire", role="team_manager")
        assert "other agencies" in step(route, "NOT-6").text
        assert "not to be in need" in route.disagree.text

    def test_NOT_7_a_child_who_does_not_feel_a_victim(self, ask: Ask) -> None:
        assert "without giving details that identify" in step(ask("nottinghamshire"), "NOT-7").text

    def test_NOT_8_missing_children(self, ask: Ask) -> None:
        route = ask("nottinghamshire", missing="yes")
        assert "Children Missing from Home or Care" in step(route, "NOT-8").text
        assert "72 hours" in note(route, "NAT-RETURN").text

    def test_NOT_9_looked_after_children(self, ask: Ask) -> None:
        route = ask("nottinghamshire", open_to=["looked_after"])
        assert "Looked After Child Review" in step(route, "NOT-9").text
        assert route.reviews[0].said == "at the Looked After Child Review"
        assert "Independent Reviewing Officer" in step(route, "NAT-LAC").text

    def test_NOT_10_specialist_service_if_the_child_agrees(self, ask: Ask) -> None:
        assert "if the child agrees" in step(ask("nottinghamshire"), "NOT-10").text

    def test_NOT_11_support_through_a_prosecution(self, ask: Ask) -> None:
        text = note(ask("nottinghamshire"), "NOT-11").text
        assert "Independent Sexual Violence Adviser" in text

    def test_NOT_12_disclosure_scheme_is_the_polices(self, ask: Ask) -> None:
        assert "only the police" in note(ask("nottinghamshire"), "NOT-12").text

    def test_NOT_13_under_13_is_a_crime(self, ask: Ask) -> None:
        route = ask("nottinghamshire", under_13="yes")
        assert "police" in step(route, "NOT-13").text
        assert "nottinghamshire-2018:75,88" in cites(step(route, "NOT-13"))
        assert "police-101" in {contact.id for contact in route.contacts}

    def test_what_nottinghamshire_does_not_state(self, ask: Ask) -> None:
        assert "no levels of risk and no numbers" in note(ask("nottinghamshire"), "NOT-GAP").text


class TestWiltshire:
    def test_WIL_1_the_source_gives_no_route(self, ask: Ask) -> None:
        route = ask("wiltshire")
        assert "does not say" in route.headline
        assert step(route, "WIL-1").product_choice
        assert all(
            "to be confirmed" in contact.note
            for contact in route.contacts
            if contact.id in ("wiltshire-mash", "wiltshire-out-of-hours")
        )

    def test_WIL_1_the_council_is_among_those_to_tell(self, ask: Ask) -> None:
        first = ask("wiltshire").who_else[0]
        assert first.who == "your council's children's services"
        assert first.product_choice

    def test_WIL_2_risk_management_group(self, ask: Ask) -> None:
        assert cites(note(ask("wiltshire"), "WIL-2")) == {"wiltshire-2015:110"}

    def test_WIL_3_missing_co_ordinators(self, ask: Ask) -> None:
        assert note(ask("wiltshire", missing="yes"), "WIL-3").label is None

    def test_WIL_4_multi_agency_team_and_mash(self, ask: Ask) -> None:
        assert "MASH" in note(ask("wiltshire"), "WIL-4").text

    def test_WIL_5_disruption_was_still_to_do(self, ask: Ask) -> None:
        assert "abduction notices" in note(ask("wiltshire"), "WIL-5").text


class TestDerbyAndDerbyshire:
    def test_D_D_1_matrix_with_other_agencies(self, ask: Ask) -> None:
        for area in ("derby", "derbyshire"):
            route = ask(area)
            assert "Matrix" in route.headline
            assert "Matrix" in step(route, "D+D-1").text
            assert "Matrix" in step(ask(area, level="medium"), "D+D-1.done").text

    def test_D_D_2_report_form_in_all_cases(self, ask: Ask) -> None:
        for level in (None, "low", "medium", "high"):
            assert "Operation Liberty" in step(ask("derby", level=level), "D+D-2").text

    def test_D_D_3_advice_from_a_champion_in_derby_only(self, ask: Ask) -> None:
        assert "CSE Champion" in step(ask("derby"), "D+D-3").text
        assert "Champion" not in step(ask("derbyshire"), "D+D-3").text

    def test_D_D_4_under_13_or_disability_is_never_low(self, ask: Ask) -> None:
        for field in ("under_13", "learning_disability_or_medical_need"):
            route = ask("derby", level="low", **(ALL_NO | {field: "yes"}))
            assert route.level.level == "medium"
            assert route.level.raised
            assert route.level.reasons[0].rule.startswith("D+D-4")
            assert not route.level.reasons[0].product_choice
            assert route.headline.startswith("Treat this as medium.")
            assert route.step("D+D-5") is None
        elsewhere = ask("luton", level="low", **(ALL_NO | {"under_13": "yes"}))
        assert elsewhere.level.reasons[0].product_choice
        assert "not stated in your area's source" in elsewhere.level.reasons[0].text

    def test_D_D_5_low_and_not_open_is_early_help(self, ask: Ask) -> None:
        route = ask("derby", level="low", open_to=[], **ALL_NO)
        assert "Early Help Assessment" in route.headline
        assert step(route, "D+D-5").label is None
        assert route.step("D+D-7") is None
        assert route.step("D+D-8") is None

    def test_D_D_5_unlikely_to_need_the_police_never_stands_beside_a_step_to_them(
        self, ask: Ask
    ) -> None:
        no_police = ALL_NO | dict.fromkeys(("crime_suspected", "trafficking", "missing"), "no")
        for area in ("derby", "derbyshire"):
            route = ask(area, level="low", open_to=[], **no_police)
            assert "unlikely to be needed" in note(route, "D+D-5.unlikely").text
            assert note(route, "D+D-5.unlikely").label is None
            for field in ("crime_suspected", "trafficking", "missing", "immediate_danger"):
                known = ask(area, level="low", open_to=[], **(no_police | {field: "yes"}))
                assert "unlikely" not in route_text(known, more=True), field
        open_facts = note(ask("derby", level="low", open_to=[], **ALL_NO), "D+D-5.unlikely")
        assert open_facts.label == (
            "If there is no sign of a crime, if there are no signs of trafficking, if the child "
            "does not go missing"
        )

    def test_D_D_5_sexual_activity_at_15_judged_low_goes_to_the_police(self, ask: Ask) -> None:
        # the questionnaire makes a crime of it
        route = ask("derby", level="low", open_to=[], crime_suspected="yes", **ALL_NO)
        assert step(route, "NAT-POLICE").label is None
        assert "unlikely" not in route_text(route)

    def test_D_D_6_low_that_grows_is_referred(self, ask: Ask) -> None:
        assert "refer" in step(ask("derbyshire", level="low", **ALL_NO), "D+D-6").text

    def test_D_D_7_low_and_open_stays_in_the_plan(self, ask: Ask) -> None:
        for plan in ("social_care", "mat"):
            route = ask("derbyshire", level="low", open_to=[plan], **ALL_NO)
            assert "existing plan" in step(route, "D+D-7").text
            assert "existing plan" in route.headline
            assert route.step("D+D-5") is None

    def test_D_D_8_medium_is_referred_also_with_a_mat(self, ask: Ask) -> None:
        for plans in (None, [], ["mat"]):
            route = ask("derby", level="medium", open_to=plans)
            assert step(route, "D+D-8").label is None
            assert "Refer to Children's Social Care" in route.headline
        assert ask("derby", level="medium", open_to=["mat"]).step("D+D-9") is None

    def test_D_D_9_medium_and_open_updates_both_assessments(self, ask: Ask) -> None:
        route = ask("derby", level="medium", open_to=["social_care"])
        assert step(route, "D+D-9").label is None
        assert route.step("D+D-8") is None
        assert step(ask("derby", level="medium"), "D+D-9").label is not None

    def test_D_D_10_significant_harm_takes_the_high_route(self, ask: Ask) -> None:
        route = ask("derbyshire", level="medium", significant_harm="yes")
        assert route.level.level == "high"
        assert "D+D-10" in {reason.rule for reason in route.level.reasons}
        assert route.step("D+D-12") is not None
        assert step(ask("derbyshire", level="medium"), "D+D-10").label is not None

    def test_D_D_11_medium_contacts_the_child_protection_manager(self, ask: Ask) -> None:
        assert "Duty Child Protection Manager" in step(ask("derby", level="medium"), "D+D-11").text
        assert (
            "Locality Child Protection Manager"
            in step(ask("derbyshire", level="medium"), "D+D-11").text
        )
        assert "Locality" not in " ".join(one.text for one in ask("derby", level="medium").steps)

    def test_D_D_12_high_is_referred_at_once(self, ask: Ask) -> None:
        route = ask("derby", level="high")
        assert "immediate referral" in step(route, "D+D-12").text
        assert "Information Report" in step(route, "D+D-12.report").text
        referral = next(one for one in route.deadlines if one.id == "referral")
        assert referral.date == dt.date(2026, 11, 20)

    def test_D_D_13_strategy_discussion_when_harm_is_likely(self, ask: Ask) -> None:
        route = ask("derby", level="high", significant_harm="yes")
        assert step(route, "D+D-13").label is None
        assert any("police, health" in one.who for one in route.attendees)

    def test_D_D_14_child_protection_conference(self, ask: Ask) -> None:
        assert "Conference" in step(ask("derby", level="high"), "D+D-14").text
        assert "D+D-14.parents" in ask("derby", parents_neglect_or_collude="yes").rules

    def test_D_D_15_every_case_is_checked_for_trafficking(self, ask: Ask) -> None:
        assert "trafficking" in step(ask("derbyshire", trafficking="no"), "D+D-15").text
        route = ask("derbyshire", trafficking="yes")
        assert "National Referral Mechanism" in step(route, "D+D-15.signs").text
        assert "National Referral Mechanism" in told(route)

    def test_D_D_16_companion_procedures(self, ask: Ask) -> None:
        assert "missing" in step(ask("derby", missing="yes"), "D+D-16").text
        assert "FGM" in note(ask("derby"), "D+D-16.others").text

    def test_D_D_16_a_child_missing_now_is_reported_to_the_police(self, ask: Ask) -> None:
        for area in ("derby", "derbyshire", "nottinghamshire"):
            route = ask(area, missing="yes")
            police = step(route, "NAT-MISSING.police")
            assert police.product_choice
            assert "999 if they may be in danger, otherwise 101" in police.text
            assert "the police, while the child is missing" in told(route)
            assert "police-101" in {contact.id for contact in route.contacts}
            assert step(ask(area), "NAT-MISSING.police").label == "If the child is or goes missing"
            assert ask(area, missing="no").step("NAT-MISSING.police") is None

    def test_D_D_17_perpetrators_are_checked_and_the_list_is_lost(self, ask: Ask) -> None:
        route = ask("derby")
        assert "police and Social Care" in step(route, "D+D-17").text
        assert "missing from my copy" in note(route, "D+D-17.lost").text

    def test_D_D_18_information_report(self, ask: Ask) -> None:
        assert "Information Report" in step(ask("derby", level="medium"), "D+D-18").text
        assert "without saying whether" in note(ask("derby"), "D+D-18.names").text

    def test_D_D_19_rising_risk_between_reviews(self, ask: Ask) -> None:
        assert "bring the review forward" in step(ask("derby", level="medium"), "D+D-19").text

    def test_D_D_20_turning_18(self, ask: Ask) -> None:
        assert "18th birthday" in note(ask("derbyshire"), "D+D-20").text

    def test_D_D_21_leaving_the_area(self, ask: Ask) -> None:
        assert "only of leaving the City" in note(ask("derbyshire"), "D+D-21").text


class TestDerbyAlone:
    def test_medium_meeting_within_15_working_days(self, ask: Ask) -> None:
        route = ask("derby", level="medium")
        assert "Friday 11 December 2026" in step(route, "DBY-MEETING").text
        assert any("specialist CSE service" in one.who for one in route.attendees)

    def test_high_meeting_shows_both_readings_and_plans_to_the_shorter(self, ask: Ask) -> None:
        route = ask("derby", level="high")
        meeting = next(one for one in route.deadlines if one.id == "meeting")
        assert (meeting.date, meeting.also) == (dt.date(2026, 12, 5), dt.date(2026, 12, 11))
        assert "DBY-15-DAYS" in {one.rule for one in route.differs}
        assert "Friday 4 December 2026" in step(route, "DBY-MEETING.high").text

    def test_papers_two_days_before_the_meeting_and_three_before_the_review(self, ask: Ask) -> None:
        dates = {one.id: one.date for one in ask("derby", level="medium").deadlines}
        assert dates["papers"] == dt.date(2026, 12, 9)
        assert dates["review"] == dt.date(2027, 2, 20)
        # the 20th is a Saturday: the review is on Friday the 19th at the latest
        assert dates["review-papers"] == dt.date(2027, 2, 16)
        assert dates["minutes"] == dt.date(2027, 1, 8)
        assert dates["later-reviews"] == dt.date(2027, 8, 19)

    def test_what_hangs_on_a_meeting_counts_from_one_day(self, ask: Ask) -> None:
        found = {
            one.id: one for one in ask("derby", level="high", now="2026-12-18T10:00").deadlines
        }
        # 15 days from then is a Saturday after a bank holiday
        assert found["meeting"].date == dt.date(2027, 1, 2)
        assert found["meeting"].in_practice == dt.date(2026, 12, 31)
        assert found["papers"].date == dt.date(2026, 12, 29)
        assert found["minutes"].date == dt.date(2027, 1, 28)
        for name in ("papers", "minutes"):
            assert "on Thursday 31 December 2026, the last working" in (found[name].assumes or "")

    def test_papers_are_due_before_the_day_on_which_the_meeting_can_be(self, ask: Ask) -> None:
        begun = dt.date(2026, 11, 1)
        for day in (begun + dt.timedelta(days=number) for number in range(90)):
            route = ask("derby", level="high", now=f"{day}T10:00")
            found = {one.id: one for one in route.deadlines}
            meeting, papers = found["meeting"], found["papers"]
            assert meeting.date
            assert papers.date
            held = meeting.in_practice or meeting.date
            assert held - papers.date >= dt.timedelta(days=2)
            assert papers.also is None or held - papers.also >= dt.timedelta(days=2)

    def test_looked_after_informs_the_iro(self, ask: Ask) -> None:
        assert "Independent Reviewing Officer" in told(ask("derby", open_to=["looked_after"]))

    def test_low_on_a_child_protection_plan_leads_to_no_meeting(self, ask: Ask) -> None:
        route = ask("derby", level="low", open_to=["child_protection_plan"], **ALL_NO)
        assert "would have led to a CSE meeting" in note(route, "DBY-CP.level").text
        assert "derby-derbyshire-2017:143,186,194" in cites(note(route, "DBY-CP.level"))
        assert "conference" not in step(route, "DBY-CP").text
        assert route.step("DBY-CP.meeting") is None

    def test_child_protection_plan_at_medium_and_high(self, ask: Ask) -> None:
        for level in ("medium", "high"):
            route = ask("derby", level=level, open_to=["child_protection_plan"])
            meeting = step(route, "DBY-CP.meeting")
            assert cites(meeting) == {"derby-derbyshire-2017:194"}
            for words in (
                "conference is brought forward",
                "chaired by the Child Protection Manager",
                "no meeting is held twice",
                "go into the child protection plan",
            ):
                assert words in meeting.text
            assert "within child protection processes" in step(route, "DBY-CP.review").text
            assert [one.said for one in route.reviews] == ["within child protection processes"]

    def test_child_protection_plan_has_nothing_of_a_child_in_need(self, ask: Ask) -> None:
        for area, level in itertools.product(("derby", "derbyshire"), ("medium", "high")):
            route = ask(area, level=level, open_to=["child_protection_plan"])
            said = [one.text for one in (*route.steps, *route.notes)]
            said += [one.label for one in route.deadlines]
            for words in ("in need", "child-in-need", "4 to 6 weeks", "3 months", "6 months"):
                assert not any(words in one for one in said), (area, level, words)

    def test_looked_after_has_meetings_besides_its_reviews(self, ask: Ask) -> None:
        for level in ("medium", "high"):
            route = ask("derby", level=level, open_to=["looked_after"])
            meeting = step(route, "DBY-LAC.meeting")
            assert cites(meeting) == {"derby-derbyshire-2017:196"}
            for words in ("on top of Looked After Reviews", "gets the minutes", "care plan"):
                assert words in meeting.text
            assert "take the place of" not in route_text(route, more=True)
            assert route.step("DBY-CIN") is None

    def test_low_and_looked_after_has_no_plan_of_its_own(self, ask: Ask) -> None:
        route = ask("derby", level="low", open_to=["looked_after"], **ALL_NO)
        assert "CSE plan" not in " ".join(one.text for one in route.steps)
        assert "Independent Reviewing Officer" in told(route)

    def test_meetings_take_the_place_of_reviews_for_a_child_in_need(self, ask: Ask) -> None:
        for plans in ([], ["child_in_need"]):
            found = step(ask("derby", level="medium", open_to=plans), "DBY-CIN")
            assert found.label is None
            assert "take the place of child-in-need reviews" in found.text
        unknown = step(ask("derby", level="medium"), "DBY-CIN")
        assert unknown.label == "If the child is a child in need"

    def test_child_protection_plan_goes_to_its_manager(self, ask: Ask) -> None:
        assert "Child Protection Manager" in told(ask("derby", open_to=["child_protection_plan"]))

    def test_another_authoritys_child(self, ask: Ask) -> None:
        route = ask("derby", open_to=["other_authority"])
        assert "CSE meetings are held locally" in step(route, "DBY-OTHER").text

    def test_ehc_plan_is_not_stated(self, ask: Ask) -> None:
        route = ask("derby", open_to=["ehc_plan"])
        assert "not stated" in note(route, "NAT-EHC").text
        assert "SEND" not in told(route)

    def test_no_number_is_given(self, ask: Ask) -> None:
        route = ask("derby", level="medium")
        assert route.contacts == ()
        assert route.no_number is not None
        assert "no number" in route.no_number.text

    def test_recorded_on_lcs(self, ask: Ask) -> None:
        assert {one.system for one in ask("derby", level="medium").recording} == {"LCS"}


class TestDerbyshireAlone:
    def test_strategy_discussion_in_the_district_has_no_time(self, ask: Ask) -> None:
        route = ask("derbyshire", level="medium")
        assert "set no time" in step(route, "DBS-DISTRICT").text
        meeting = next(one for one in route.deadlines if one.id == "meeting")
        assert meeting.date is None
        assert "lead professional" in note(route, "DBS-WHO").text
        assert "15" not in " ".join(one.text for one in route.steps)

    def test_numbers_are_said_to_come_from_elsewhere(self, ask: Ask) -> None:
        route = ask("derbyshire")
        assert route.no_number is not None
        assert "to be confirmed" in route.contacts[0].note

    def test_review_by_the_line_manager(self, ask: Ask) -> None:
        assert "line manager" in step(ask("derbyshire", level="medium"), "DBS-REVIEW").text

    def test_ehc_plan_informs_the_send_officer(self, ask: Ask) -> None:
        assert "SEND officer" in told(ask("derbyshire", open_to=["ehc_plan"]))

    def test_high_on_a_child_protection_plan_names_a_second_manager(self, ask: Ask) -> None:
        route = ask("derbyshire", level="high", open_to=["child_protection_plan"])
        assert step(route, "DBS-CP.high").label is None
        assert "updates FWI" in step(route, "DBS-CP").text
        assert not step(route, "DBS-CP").product_choice

    def test_low_on_a_child_protection_plan_leads_to_no_meeting(self, ask: Ask) -> None:
        route = ask("derbyshire", level="low", open_to=["child_protection_plan"], **ALL_NO)
        assert "would have led to a Strategy Meeting" in note(route, "DBS-CP.level").text
        assert "conference" not in step(route, "DBS-CP").text
        assert route.step("DBS-CP.meeting") is None

    def test_child_protection_plan_at_medium_and_high(self, ask: Ask) -> None:
        for level in ("medium", "high"):
            route = ask("derbyshire", level=level, open_to=["child_protection_plan"])
            meeting = step(route, "DBS-CP.meeting")
            assert cites(meeting) == {"derby-derbyshire-2017:202"}
            for words in (
                "conference is brought forward",
                "chaired by the Child Protection Manager",
                "go into the child protection plan",
            ):
                assert words in meeting.text
            assert "within child protection processes" in step(route, "DBS-CP.review").text

    def test_looked_after_has_meetings_besides_its_reviews(self, ask: Ask) -> None:
        for level in ("medium", "high"):
            meeting = step(
                ask("derbyshire", level=level, open_to=["looked_after"]), "DBS-LAC.meeting"
            )
            assert cites(meeting) == {"derby-derbyshire-2017:204"}
            for words in ("on top of Looked After Reviews", "lead professional", "the minutes"):
                assert words in meeting.text

    def test_what_stands_at_medium_only_is_a_product_choice_at_high(self, ask: Ask) -> None:
        medium_only = (
            "DBS-RECORD", "DBS-RA", "DBS-REVIEW", "D+D-MINUTES", "D+D-NETWORK", "D+D-19",
        )  # fmt: skip
        medium, high = ask("derbyshire", level="medium"), ask("derbyshire", level="high")
        for rule in medium_only:
            assert not step(medium, rule).product_choice
            assert high.step(rule) is None
            assert step(high, f"{rule}.high").product_choice
        dated = [one for one in high.deadlines if one.id in ("review", "network", "minutes")]
        assert [one.product_choice for one in dated] == [True] * 3
        text = route_text(high, more=True)
        assert re.search(r"review by the line manager: .* \* \[\d+\]", text)
        # line 186 keeps them for Derby
        derby = ask("derby", level="high")
        assert not any(one.product_choice for one in derby.deadlines)

    def test_looked_after_informs_the_iro(self, ask: Ask) -> None:
        assert "Independent Reviewing Officer" in told(ask("derbyshire", open_to=["looked_after"]))

    def test_another_authoritys_child(self, ask: Ask) -> None:
        route = ask("derbyshire", open_to=["other_authority"])
        assert "held locally" in step(route, "DBS-OTHER").text

    def test_recorded_on_frameworki(self, ask: Ask) -> None:
        assert "Frameworki" in step(ask("derbyshire", level="medium"), "DBS-RECORD").text


class TestHartlepool:
    def test_HAR_1_childrens_hub(self, ask: Ask) -> None:
        route = ask("hartlepool")
        assert "01429 284284" in route.headline
        assert route.contacts[0].id == "hartlepool-hub"
        assert "switched off" in note(route, "HAR-1.email").text
        assert not any(contact.email for contact in route.contacts)

    def test_HAR_1_the_hub_is_among_those_to_tell(self, ask: Ask) -> None:
        assert "Hartlepool's Children's Hub" in told(ask("hartlepool"))
        assert "out-of-hours line" in told(ask("hartlepool", now=SATURDAY))

    def test_HAR_2_out_of_hours(self, ask: Ask) -> None:
        route = ask("hartlepool", now=SATURDAY)
        assert "01642 524552" in route.headline
        assert route.contacts[0].id == "hartlepool-out-of-hours"

    def test_HAR_3_police(self, ask: Ask) -> None:
        assert "101" in step(ask("hartlepool", crime_suspected="yes"), "HAR-3").text

    def test_HAR_4_immediate_danger(self, ask: Ask) -> None:
        route = ask("hartlepool", immediate_danger="yes")
        assert route.steps[0].rule == "HAR-4"
        assert route.headline.startswith("Ring 999 now")
        assert ask("hartlepool").steps[0].rule == "HAR-4.ask"

    def test_HAR_5_screening_tool_for_every_agency(self, ask: Ask) -> None:
        assert "screening tool" in step(ask("hartlepool"), "HAR-5").text

    def test_HAR_6_practitioners_group(self, ask: Ask) -> None:
        assert "VPG" in note(ask("hartlepool"), "HAR-6").text

    def test_HAR_7_letters(self, ask: Ask) -> None:
        route = ask("hartlepool")
        assert "letters" in note(route, "HAR-7").text
        assert "VEMT agenda" in note(route, "HAR-7.who").text


class TestNational:
    def test_NAT_999_comes_first_and_above_all(self, ask: Ask) -> None:
        for area in ("luton", "nottinghamshire", "wiltshire", "derby", "derbyshire", None):
            route = ask(area, immediate_danger="yes")
            assert route.steps[0].rule == "NAT-999"
            assert route.contacts[0].id == "emergency"
            assert route.headline.startswith("Ring 999 now")

    def test_NAT_NOAREA_without_an_area_only_national_steps(self, ask: Ask) -> None:
        route = ask(None, level="medium")
        assert "Which area" in route.headline
        assert all(one.rule.startswith("NAT-") for one in route.steps)
        assert route.missing_facts[0].field == "area"

    def test_NAT_POLICE_whatever_the_level(self, ask: Ask) -> None:
        for level in (None, "low", "medium", "high"):
            assert step(ask("derby", level=level, crime_suspected="yes"), "NAT-POLICE").cite

    def test_NAT_NRM_and_NAT_MISSING_whatever_the_level(self, ask: Ask) -> None:
        for level in (None, "low", "high"):
            route = ask("hartlepool", level=level, trafficking="yes", missing="yes")
            assert step(route, "NAT-NRM").label is None
            assert step(route, "NAT-MISSING").label is None

    def test_low_is_not_settled_while_a_fact_that_forbids_it_is_unknown(self, ask: Ask) -> None:
        route = ask("derby", level="low", **(ALL_NO | {"under_13": "unknown"}))
        assert route.level.level == "medium"
        assert route.level.unsettled == ("under_13",)
        assert "under 13" in step(route, "NAT-UNSETTLED").text
        assert route.step("D+D-8") is not None
        assert "turn out to be no" in (step(route, "D+D-5").label or "")

    def test_evidence_or_colluding_parents_are_treated_as_high_by_product_choice(
        self, ask: Ask
    ) -> None:
        for field in ("evidence_of_exploitation", "parents_neglect_or_collude"):
            route = ask("derby", level="low", **{field: "yes"})
            assert route.level.level == "high"
            assert all(reason.product_choice for reason in route.level.reasons)

    def test_a_role_that_is_not_known_sees_every_roles_steps_labelled(self, ask: Ask) -> None:
        for rule in ("LUT-3", "LUT-4", "LUT-5", "LUT-7"):
            assert step(ask("luton"), rule).label
