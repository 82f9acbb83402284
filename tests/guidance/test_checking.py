"""`waymark check`: what loading lets pass and a person must still mend or look at."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.guidance.checking import (
    CONTACT_STALE_AFTER,
    COPIED_WORDS,
    FEWEST_EXAMPLES,
    PHONE_SCREEN,
    SHORT_LINE,
    Finding,
    check_content,
)
from bot.guidance.load import load_guidance

from .conftest import PROJECT
from .small import CHECKED, put, write_small

CALLING, KNOWING = "topics/calling.yml", "topics/knowing.yml"
TOPICS = ("who_to_ring", "tools", "signs", "signs_luton", "police")


def examples(topic: str, count: int = FEWEST_EXAMPLES) -> str:
    lines = "\n".join(f"    - {topic} in other words, {number}" for number in range(count))
    return f"- intent: ask\n  metadata: {{topic: {topic}}}\n  examples: |\n{lines}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project without a finding, to change."""
    root = tmp_path / "project"
    guidance = write_small(root / "data" / "guidance")
    (guidance / "language.yml").write_text(
        "- {term: streetwise, instead: say what was seen}\n", encoding="utf-8"
    )
    nlu = root / "data" / "nlu" / "more"
    nlu.mkdir(parents=True)
    text = "nlu:\n" + "".join(map(examples, TOPICS))
    (nlu.parent / "topics.yml").write_text(text, encoding="utf-8")
    (nlu / "greet.yml").write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - hello\n", encoding="utf-8"
    )
    (root / "domain.yml").write_text(
        "responses:\n  utter_greet:\n  - text: Hello.\n", encoding="utf-8"
    )
    monkeypatch.setenv("WAYMARK_GUIDANCE", str(guidance))
    return root


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


def test_the_small_project_has_no_finding(project: Path) -> None:
    assert check_content(project) == []


def test_the_real_content_has_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYMARK_GUIDANCE", raising=False)
    assert [one for one in check_content(PROJECT) if one.severity == "error"] == []


def test_the_guidance_checked_is_the_projects_own(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAYMARK_GUIDANCE")
    put(project / "data" / "guidance" / CALLING, "The manager refers.", "A streetwise child.")
    finding = only(check_content(project))
    assert "streetwise" in finding.reason


# --- example questions ----------------------------------------------------------------------------


def test_a_topic_with_too_few_examples(project: Path) -> None:
    path = project / "data" / "nlu" / "topics.yml"
    put(path, f"    - tools in other words, {FEWEST_EXAMPLES - 1}\n", "")
    assert only(check_content(project)) == Finding(
        "error",
        "topic tools",
        f"{FEWEST_EXAMPLES - 1} example questions; it needs {FEWEST_EXAMPLES}",
    )


def test_examples_of_one_topic_may_stand_in_several_files(project: Path) -> None:
    path = project / "data" / "nlu" / "topics.yml"
    put(path, "    - tools in other words, 0\n", "")
    more = "nlu:\n" + examples("tools", 1).replace("other", "still other")
    (project / "data" / "nlu" / "more" / "tools.yml").write_text(more, encoding="utf-8")
    assert check_content(project) == []


def test_the_same_example_in_two_intents(project: Path) -> None:
    path = project / "data" / "nlu" / "more" / "greet.yml"
    put(path, "    - hello\n", "    - hello\n    - Tools in  OTHER words, 3\n")
    finding = only(check_content(project))
    assert finding.severity == "error"
    assert "“tools in other words, 3” is an example of" in finding.reason
    assert "greet" in finding.reason
    assert "tools" in finding.reason


def test_examples_of_a_topic_that_does_not_exist(project: Path) -> None:
    (project / "data" / "nlu" / "more" / "lost.yml").write_text(
        "nlu:\n" + examples("weather"), encoding="utf-8"
    )
    assert only(check_content(project)) == Finding(
        "error", "data/nlu/more/lost.yml", "examples of the unknown topic “weather”"
    )


# --- numbers, links and addresses -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Ring 01632 960999.", "01632 960999"),
        ("Ring 01632960999 now.", "01632960999"),
        ("Text 07700 900123.", "07700 900123"),
        ("Ring +44 7700 900123.", "7700 900123"),
        ("Ring (01632) 960999.", "960999"),
        ("Ring 01632-960-999.", "960-999"),
        ("See https://example.org/other.", "https://example.org/other"),
        ("See www.example.org.", "www.example.org"),
        ("Write to team@example.org.", "team@example.org"),
        ("Write to duty-team@my-council.example.org.", "my-council.example.org"),
    ],
)
def test_what_is_not_in_the_registry_is_an_error(project: Path, words: str, named: str) -> None:
    put(project / "data" / "guidance" / CALLING, "text: The manager refers.", f'text: "{words}"')
    findings = check_content(project)
    assert findings, f"“{words}” passes"
    assert {one.severity for one in findings} == {"error"}
    assert all(one.where == "topic who_to_ring, derbyshire" for one in findings)
    assert any(named in one.reason and "contacts.yml" in one.reason for one in findings)


@pytest.mark.parametrize(
    "words",
    [
        "Ring 0808 800 5000.",
        "Ring 08088005000, or 999.",
        "Write to desk@derby.example.org.",
        "In 2015 there were 01 forms; £0900000000 is no number.",
        "Line 24 of 40, 11 November 2024, section 47.",
    ],
)
def test_registered_numbers_dates_and_sums_pass(project: Path, words: str) -> None:
    put(project / "data" / "guidance" / CALLING, "text: The manager refers.", f'text: "{words}"')
    assert check_content(project) == []


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Ring 116 006.", "116 006"),
        ("Ring 116006 at any time.", "116006"),
        ("In danger ring 112.", "112"),
        ("For advice: 111.", "111"),
        ("Text CHILD to 85258.", "85258"),
    ],
)
def test_a_short_number_that_is_not_in_the_registry_is_an_error(
    project: Path, words: str, named: str
) -> None:
    put(project / "data" / "guidance" / CALLING, "text: The manager refers.", f'text: "{words}"')
    assert only(check_content(project)).reason == f"the number {named} is not in contacts.yml"


@pytest.mark.parametrize(
    "words",
    [
        "Ring 999, or 101.",
        "See line 112, lines 111 and section 105.",
        "Within 105 days, and 111 words.",
        "It cost £85000, or 75,000.",
        "From 112-119 of them.",
    ],
)
def test_registered_short_numbers_and_counts_pass(project: Path, words: str) -> None:
    put(project / "data" / "guidance" / CALLING, "text: The manager refers.", f'text: "{words}"')
    assert check_content(project) == []


@pytest.mark.parametrize("words", ["Ring {luton-desk}.", "Ring 01632 960111."])
def test_another_areas_number_in_an_answer_is_an_error(project: Path, words: str) -> None:
    put(project / "data" / "guidance" / CALLING, "text: The manager refers.", f'text: "{words}"')
    finding = only(check_content(project))
    assert (finding.severity, finding.where) == ("error", "topic who_to_ring, derbyshire")
    assert "belongs to luton" in finding.reason


def test_another_areas_number_where_a_source_is_silent_is_an_error(project: Path) -> None:
    path = project / "data" / "guidance" / CALLING
    put(path, "wiltshire: The presentation has no number.", 'wiltshire: "Ring {luton-desk}."')
    assert only(check_content(project)).where == "topic who_to_ring, silent in wiltshire"


def test_another_areas_contact_under_an_answer_is_an_error(project: Path) -> None:
    path = project / "data" / "guidance" / CALLING
    put(path, "      contacts: [derby-desk]\n", "      contacts: [luton-desk]\n")
    finding = only(check_content(project))
    assert finding == Finding(
        "error", "topic who_to_ring, derby", "the contact “luton-desk” belongs to luton"
    )


def test_another_areas_contact_in_the_list_of_an_area_is_an_error(project: Path) -> None:
    path = project / "data" / "guidance" / "areas.yml"
    put(path, "out_of_hours: [luton-night]", "out_of_hours: [derby-desk]")
    assert only(check_content(project)) == Finding(
        "error", "area luton", "the contact “derby-desk” belongs to derby"
    )


def test_responses_of_the_domain_are_checked_too(project: Path) -> None:
    put(project / "domain.yml", "Hello.", "Hello, ring 01632 960999.")
    assert only(check_content(project)).where == "domain.yml, utter_greet"


# --- wording --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "where"),
    [
        (CALLING, "short: Tell your manager, who refers.", "topic who_to_ring, derbyshire, short"),
        (CALLING, "wiltshire: The presentation has no number.", "topic who_to_ring, silent in wiltshire"),
        (CALLING, "text: Line 22 says that the manager fills it in.", "topic tools, derby/derbyshire"),
        (CALLING, "text: At night there is another number.", "topic who_to_ring, luton"),
        (CALLING, "title: Who to ring", "topic who_to_ring, title"),
        ("changes.yml", "text: Partnerships have replaced the boards.", "change boards_gone"),
        ("law.yml", "summary: An offence by an adult against a child under 16.", "law act-s9"),
        ("glossary.yml", "meaning: People of several agencies who look at concerns together.", "term mash"),
        ("contacts.yml", "caution: The number is from 2015.", "contact luton-desk"),
    ],
)  # fmt: skip
def test_a_harmful_term_is_an_error_wherever_it_can_be_shown(
    project: Path, name: str, old: str, where: str
) -> None:
    key = old.split(":")[0]
    put(project / "data" / "guidance" / name, old, f"{key}: A Streetwise child.")
    assert only(check_content(project)) == Finding(
        "error", where, "“streetwise” outside a quotation; instead: say what was seen"
    )


@pytest.mark.parametrize(
    "words", ["The document says “streetwise” here.", "The document says ‘streetwise child’ here."]
)
def test_inside_a_quotation_it_may_stand(project: Path, words: str) -> None:
    put(project / "data" / "guidance" / CALLING, "text: The manager refers.", f"text: {words}")
    assert check_content(project) == []


def test_a_quotation_elsewhere_does_not_excuse_it(project: Path) -> None:
    words = "The “word” is streetwise, says the “document”."
    put(project / "data" / "guidance" / CALLING, "text: The manager refers.", f"text: {words}")
    assert "outside a quotation" in only(check_content(project)).reason


def test_a_part_of_another_word_is_not_the_term(project: Path) -> None:
    words = "The streetwisely project."
    put(project / "data" / "guidance" / CALLING, "text: The manager refers.", f"text: {words}")
    assert check_content(project) == []


# --- copied text ----------------------------------------------------------------------------------

PASSAGE = "one two three four five six seven eight nine ten eleven twelve thirteen"


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "town.txt").write_text(f"Before.\n{PASSAGE.upper()},\nafter.", encoding="utf-8")
    return folder


def test_text_copied_at_length_is_an_error(project: Path, documents: Path) -> None:
    put(project / "data" / "guidance" / CALLING, "The manager refers.", f"He says {PASSAGE}.")
    finding = only(check_content(project, documents))
    assert finding.severity == "error"
    assert finding.reason.startswith("copied from town.txt: “one two three")
    assert check_content(project) == [], "without the documents nothing can be compared"


def test_a_shorter_run_is_not_copied(project: Path, documents: Path) -> None:
    words = " ".join(PASSAGE.split()[: COPIED_WORDS - 1])
    put(project / "data" / "guidance" / CALLING, "The manager refers.", f"He says {words} again.")
    assert check_content(project, documents) == []


def test_a_marked_quotation_is_not_copied(project: Path, documents: Path) -> None:
    put(project / "data" / "guidance" / CALLING, "The manager refers.", f"It says “{PASSAGE}”.")
    assert check_content(project, documents) == []


# --- length ---------------------------------------------------------------------------------------


def long_answer(project: Path, first_line: int, rest: int) -> None:
    path = project / "data" / "guidance" / CALLING
    put(path, "short: Tell your manager, who refers.", f"short: {'a' * first_line}")
    put(path, "text: The manager refers.", f"text: {'b' * rest}")


def test_a_long_answer_with_a_long_first_line(project: Path) -> None:
    long_answer(project, SHORT_LINE + 1, PHONE_SCREEN)
    finding = only(check_content(project))
    assert (finding.severity, finding.where) == ("error", "topic who_to_ring, derbyshire")
    assert f"first line has {SHORT_LINE + 1} characters (at most {SHORT_LINE})" in finding.reason


@pytest.mark.parametrize(("first_line", "rest"), [(SHORT_LINE, PHONE_SCREEN), (SHORT_LINE + 1, 20)])
def test_a_long_answer_or_a_long_first_line_alone_passes(
    project: Path, first_line: int, rest: int
) -> None:
    long_answer(project, first_line, rest)
    assert check_content(project) == []


# --- contacts -------------------------------------------------------------------------------------


def test_a_contact_that_was_checked_long_ago_is_to_be_looked_at(project: Path) -> None:
    day = dt.date.today() - dt.timedelta(days=CONTACT_STALE_AFTER + 1)
    path = project / "data" / "guidance" / "contacts.yml"
    put(path, f"last_checked: {CHECKED}\n  caution", f"last_checked: {day}\n  caution")
    assert only(check_content(project)) == Finding(
        "warning", "contact luton-desk", f"was last checked on {day}"
    )


def test_a_contact_checked_within_the_year_is_fresh(project: Path) -> None:
    day = dt.date.today() - dt.timedelta(days=CONTACT_STALE_AFTER - 1)
    path = project / "data" / "guidance" / "contacts.yml"
    put(path, f"last_checked: {CHECKED}\n  caution", f"last_checked: {day}\n  caution")
    assert check_content(project) == []


def test_a_contact_that_was_never_checked_is_to_be_looked_at(project: Path) -> None:
    path = project / "data" / "guidance" / "contacts.yml"
    put(path, f"last_checked: {CHECKED}\n  caution", "caution")
    finding = only(check_content(project))
    assert (finding.severity, finding.where) == ("warning", "contact luton-desk")
    assert "never checked" in finding.reason


def test_a_day_to_come_is_no_day_on_which_it_was_checked(project: Path) -> None:
    path = project / "data" / "guidance" / "contacts.yml"
    day = dt.date.today() + dt.timedelta(days=2)
    put(path, f"last_checked: {CHECKED}\n  caution", f"last_checked: {day}\n  caution")
    assert only(check_content(project)) == Finding(
        "error", "contact luton-desk", f"was last checked on {day}, which is in the future"
    )


def test_a_contact_without_an_address_is_an_error(project: Path) -> None:
    path = project / "data" / "guidance" / "contacts.yml"
    put(path, "  email: desk@derby.example.org\n", "")
    assert only(check_content(project)) == Finding(
        "error", "contact derby-desk", "has no number, e-mail or link"
    )


def test_every_finding_is_given_at_once(project: Path) -> None:
    guidance = project / "data" / "guidance"
    put(guidance / "contacts.yml", "  email: desk@derby.example.org\n", "")
    put(guidance / CALLING, "The manager refers.", "A streetwise child.")
    put(guidance / KNOWING, "text: Among them are gifts.", 'text: "Ring 01632 960999."')
    assert len(check_content(project)) == 3


def test_the_small_guidance_is_what_was_checked(project: Path) -> None:
    assert set(load_guidance().topics) == set(TOPICS)
