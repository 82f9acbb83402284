"""The same facts in every format."""

from __future__ import annotations

import itertools
import time

import pytest

from bot.documents import Screening, TakeAway, take_away
from bot.documents.calendar_file import as_calendar
from bot.documents.model import Blanks, Subheading
from bot.documents.pdf import as_pdf
from bot.documents.text import as_text
from bot.documents.word import as_word
from bot.guidance.models import AREA_IDS
from bot.referral.deadlines import day_in_words
from bot.referral.route import Route
from bot.screening import Questionnaire, Value
from tests.documents.conftest import NOW, REFERENCE, Ask, Screen
from tests.documents.reading import TaggedPdf, events, pdf_pages_text, plain, word_text


def readings(taken: TakeAway) -> dict[str, str]:
    """Format -> all its words, without white space."""
    pdf = as_pdf(taken)
    return {
        "text": plain(as_text(taken)),
        "Word": plain(word_text(as_word(taken))),
        "PDF read aloud": plain(TaggedPdf(pdf).text),
    }


def facts_of(taken: TakeAway) -> list[str]:
    """Every piece of words that a take-away holds."""
    found = [taken.title]
    for line in taken.lines():
        found += [line.lead, line.text, *line.after, line.cited]
    for section in taken.sections:
        found.append(section.heading)
        for block in section.blocks:
            found += [block.text] if isinstance(block, Subheading) else []
            found += block.labels if isinstance(block, Blanks) else ()
    for source in taken.sources:
        found += [source.dated, source.where, (source.reliance or "").rstrip(".")]
    return [fact for fact in found if fact]


def facts_of_route(route: Route) -> list[str]:
    """What must be there of a route, taken from the route itself."""
    found = [route.headline, route.no_answer.text, route.disagree.text, route.not_a_referral]
    found += [step.text for step in route.steps] + [step.label or "" for step in route.steps]
    for contact in route.contacts:
        found += [contact.name, contact.number or "", contact.email or "", contact.web or ""]
        found.append(contact.hours_note)
    for deadline in route.deadlines:
        found += [deadline.label, deadline.said, deadline.dates_in_words()]
        found += [day_in_words(day) for day in (deadline.date, deadline.also) if day]
    for note in (*route.notes, *route.differs, *route.not_stated, *route.changes):
        found.append(note.text)
    found += [form.name for form in route.forms] + [form.to or "" for form in route.forms]
    found += [attendee.who for attendee in route.attendees] + [one.who for one in route.who_else]
    found += [record.system for record in route.recording] + list(route.stale)
    found += [fact.text for fact in route.missing_facts]
    found += [reason.text for reason in route.level.reasons]
    found += [source.dated[1:] for source in route.sources]
    found += [section[1:] for source in route.sources for section in source.sections]
    found += [source.note or "" for source in route.sources]
    return [fact for fact in found if fact]


def assert_everywhere(facts: list[str], shown: dict[str, str]) -> None:
    for format_name, words in shown.items():
        lacking = [fact for fact in facts if plain(fact) not in words]
        assert not lacking, f"{format_name} lacks {lacking[:3]}"


@pytest.mark.parametrize(
    ("area", "level"), itertools.product((*AREA_IDS, None), ("low", "medium", "high", None))
)
def test_a_routes_facts_are_in_every_format(ask: Ask, area: str | None, level: str | None) -> None:
    route = ask(area, level=level, crime_suspected="yes", missing="yes")
    taken = take_away(route, REFERENCE, NOW)
    shown = readings(taken)
    assert_everywhere(facts_of_route(route), shown)
    assert_everywhere(facts_of(taken), shown)


def test_a_screenings_facts_are_in_every_format(
    summary: TakeAway, lowered: tuple[Route, Screening]
) -> None:
    _, screening = lowered
    assessment = screening.assessment
    shown = readings(summary)
    assert_everywhere(facts_of(summary), shown)
    recorded = (*assessment.present, *assessment.history, *assessment.context)
    assert_everywhere([item.title for item in recorded], shown)
    assert_everywhere([rule.explain for rule in assessment.fired], shown)
    assert_everywhere([rule.id for rule in assessment.fired], shown)
    assert_everywhere([gap.title for gap in assessment.unknown if gap.item_id], shown)


def test_a_screening_of_which_nothing_is_known(
    screen: Screen, questionnaire: Questionnaire
) -> None:
    checklists: dict[str, Value] = {
        question.id: {item.id: "unknown" for item in question.items}
        for question in questionnaire.questions
        if question.items
    }
    route, screening = screen("medium", age="unknown", **checklists)
    taken = take_away(route, REFERENCE, NOW, screening)
    shown = readings(taken)
    assert_everywhere(facts_of(taken), shown)
    assert "insufficientinformation" in shown["text"].lower()


def test_what_is_read_aloud_is_what_stands_on_the_page(summary: TakeAway) -> None:
    pdf = as_pdf(summary)
    seen = plain(pdf_pages_text(pdf))
    for line in summary.lines():
        # a statement may run on over a page's foot, so its beginning is looked for
        assert plain(line.text)[:25] in seen


def test_the_calendar_has_every_date_and_nothing_else(ask: Ask) -> None:
    for area, level in itertools.product(("derby", "derbyshire", "luton"), ("medium", "high")):
        route = ask(area, level=level)
        dated = {(one.label, one.date) for one in route.deadlines if one.date}
        taken = take_away(route, REFERENCE, NOW)
        if not dated:
            assert taken.dates == ()
            continue
        found = {
            (str(event["SUMMARY"]).partition(" (reference")[0], event.decoded("DTSTART"))
            for event in events(as_calendar(taken))
        }
        assert found == dated


def test_what_a_document_costs(dated: TakeAway) -> None:
    """Prints the seconds for each document; asserts nothing about them."""
    for make in (as_text, as_word, as_pdf, as_calendar):
        make(dated)
        began = time.perf_counter()
        for index in range(3):
            make(dated.model_copy(update={"reference": f"WM-{index}"}))
        each = (time.perf_counter() - began) / 3
        print(f"{make.__name__}: {each:.3f} s, {len(make(dated))} long")
