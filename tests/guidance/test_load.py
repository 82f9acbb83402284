"""Guidance that cannot be relied on is refused: every fault with its file, line and reason."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.guidance import Guidance, GuidanceError, Problem, load_guidance
from bot.guidance.load import guidance_folder
from bot.guidance.models import AREA_IDS, Citation

from .conftest import PROJECT
from .small import CHECKED, line_of, put

CALLING, KNOWING = "topics/calling.yml", "topics/knowing.yml"


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(GuidanceError) as refused:
        load_guidance(folder)
    return refused.value.problems


# --- what a citation is ---------------------------------------------------------------------------

ids = st.from_regex(r"[a-z0-9]+([-_][a-z0-9]+)*", fullmatch=True)
spans = st.from_regex(r"[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?){0,3}", fullmatch=True)


@given(source=ids, at=st.none() | spans)
def test_a_citation_reads_what_it_writes(source: str, at: str | None) -> None:
    written = Citation(source=source, at=at)
    assert Citation.parse(str(written)) == written


@pytest.mark.parametrize(
    ("text", "source", "at", "first"),
    [
        ("luton-2014:174", "luton-2014", "174", 174),
        ("luton-2014:94-96", "luton-2014", "94-96", 94),
        ("luton-2014:17,19", "luton-2014", "17,19", 17),
        (" luton-2014 : 17, 19-20 ", "luton-2014", "17,19-20", 17),
        ("luton-2014", "luton-2014", None, None),
    ],
)
def test_a_citation_is_a_source_and_lines(
    text: str, source: str, at: str | None, first: int | None
) -> None:
    citation = Citation.parse(text)
    assert (citation.source, citation.at, citation.first_line) == (source, at, first)


@pytest.mark.parametrize("text", ["", ":12", "Luton:12", "luton:twelve", "luton:12-", "luton:-3"])
def test_a_citation_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Citation.parse(text)


# --- one change, one refusal ----------------------------------------------------------------------

#: What is wrong: the file, the words changed, what they become, where the fault is reported (words
#: of the changed file), and what the reason says.
FAULTS = {
    "broken YAML": ("law.yml", "section: section 9", "section: [9", "summary:", "not valid YAML"),
    "a wrong type": (CALLING, "tags: [tool]", "tags: 7", "tags: 7", "tags: "),
    "an unknown key": ("law.yml", "summary: An", "sumary: An", "sumary", "sumary: Extra inputs"),
    "a missing key": ("law.yml", "  act: The Act 2003\n", "", "- id: act-s9", "act: Field required"),
    "an id with capitals": ("law.yml", "id: act-s9", "id: Act-S9", "id: Act-S9", "id: "),
    "an area that is none": (CALLING, "areas: [luton]\n      short: \"R", "areas: [leeds]\n      short: \"R", "[leeds]", "areas.0"),
    "no citation": ("law.yml", "cite: the-act", "cite: []", "cite: []", "cite: "),
    "a citation of another form": ("law.yml", "cite: the-act", "cite: the-act:nine", "cite: the-act:nine", "cite"),
    "an unknown source": ("law.yml", "cite: the-act", "cite: the-bill", "cite: the-bill", "“the-bill”, which is not in sources.yml"),
    "a document cited without a line": (CALLING, "cite: town-document:24", "cite: town-document", "cite: town-document\n", "cites town-document without a line (write town-document:12)"),
    "a line past the end": (CALLING, "cite: town-document:24", "cite: town-document:24-41", "cite: town-document:24-41", "cites line 41 of town-document, which is shorter"),
    "line zero": (CALLING, "cite: town-document:24", "cite: town-document:0", "cite: town-document:0", "line 0"),
    "lines backwards": (CALLING, "cite: town-document:24", "cite: town-document:24-21", "cite: town-document:24-21", "24-21"),
    "a contact's citation past the end": ("contacts.yml", "cite: county-document:12", "cite: county-document:99", "cite: county-document:99", "cites line 99"),
    "a term's citation of nothing": ("glossary.yml", "cite: town-document:17,19", "cite: city-document:17,19", "cite: city-document", "“city-document”"),
    "a change's citation of nothing": ("changes.yml", "  cite: council-page\n  certainty: seen", "  cite: no-page\n  certainty: seen", "cite: no-page", "“no-page”"),
    "an id twice": ("glossary.yml", "cite: town-document:17,19\n", "cite: town-document:17,19\n- {id: mash, term: Mash, meaning: Another., cite: the-act}\n", "- {id: mash", "the id “mash” stands twice"),
    "an unknown related topic": (CALLING, "related: [signs, tools]", "related: [signs, toolz]", "related:", "names the topic “toolz”, which does not exist"),
    "an unknown topic to go to": (KNOWING, "{luton: signs_luton}", "{luton: sings}", "instead:", "names the topic “sings”"),
    "an unknown contact of an answer": (CALLING, "contacts: [derby-desk]", "contacts: [derby-disk]", "contacts: [derby-disk]", "names the contact “derby-disk”"),
    "an unknown contact to ask": (CALLING, "ask: [nspcc-helpline, luton-desk]", "ask: [nobody]", "ask: [nobody]", "names the contact “nobody”"),
    "an unknown contact in a sentence": (CALLING, "{luton-desk}", "{luton-disk}", "{luton-disk}", "names the contact “luton-disk”"),
    "an unknown contact in a silent sentence": (CALLING, "The presentation has no number.", '"Ring {wilts-desk}."', "{wilts-desk}", "names the contact “wilts-desk”"),
    "an unknown law": (KNOWING, "law: [act-s9]", "law: [act-s10]", "law:", "names the law “act-s10”"),
    "an unknown change": (KNOWING, "changed: [county_tool]", "changed: [town_tool]", "changed:", "names the change “town_tool”"),
    "an area's unknown contact": ("areas.yml", "contacts: [derby-desk]", "contacts: [desk]", "contacts: [desk]", "names the contact “desk”"),
    "an area's unknown contact at night": ("areas.yml", "out_of_hours: [luton-night]", "out_of_hours: [night]", "[night]", "names the contact “night”"),
    "an area's unknown source": ("areas.yml", "aliases: [wilts], source: town-document", "aliases: [wilts], source: page", "source: page", "names the source “page”"),
    "an area left open": (CALLING, "nottinghamshire: , wiltshire: The", "wiltshire: The", "- id: who_to_ring", "who_to_ring: no answer for nottinghamshire"),
    "an area both answered and silent": (CALLING, "silent: {nottinghamshire: , wiltshire: The", "silent: {derby: , nottinghamshire: , wiltshire: The", "- id: who_to_ring", "both answered and silent: derby"),
    "two answers for an area": (CALLING, "areas: [derbyshire]", "areas: [derbyshire, derby]", "- id: who_to_ring", "two answers for derby"),
    "a first line that is too long": (CALLING, "short: Write to the duty desk.", f"short: {'word ' * 45}", "short: word", "answers.1.short: "),
    "an answer without points": (KNOWING, "      points:\n        - text: Among them are gifts.\n          cite: town-document:5\n", "      points: []\n", "points: []", "answers.0.points"),
    "a number with letters": ("contacts.yml", '"0808 800 5000"', '"0808 HELP"', "0808 HELP", "number: "),
    "a status that is none": ("contacts.yml", f"status: in_source\n  last_checked: {CHECKED}\n  caution", f"status: sure\n  last_checked: {CHECKED}\n  caution", "status: sure", "status: "),
    "a day that no calendar has": ("contacts.yml", f"last_checked: {CHECKED}\n  caution", "last_checked: 2026-02-30\n  caution", "2026-02-30", ""),
    "a month that no calendar has": ("sources.yml", "date: 2015-06", "date: 2015-13", "2015-13", "date: "),
    "an area missing": ("areas.yml", "- {id: hartlepool, name: Hartlepool, source: town-document, contacts: []}\n", "", "- {id: luton", "must hold luton"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_refused_with_file_line_and_reason(folder: Path, fault: str) -> None:
    name, old, new, where, reason = FAULTS[fault]
    path = folder / name
    put(path, old, new)
    line = line_of(path, where)
    problems = problems_of(folder)
    found = [str(one) for one in problems]
    assert [
        one for one in problems if one.file == path and one.line == line and reason in one.reason
    ], f"expected {name}, line {line}: …{reason}…; got {found}"
    assert all("\n" not in one.reason for one in problems), "a reason is one line"


def test_a_topic_in_two_files_is_refused(folder: Path) -> None:
    shutil.copy(folder / KNOWING, folder / "topics" / "zoo.yml")
    problems = problems_of(folder)
    assert {one.file.name for one in problems} == {"zoo.yml"}
    assert any("“signs” stands in another file too" in one.reason for one in problems)


def test_a_folder_without_topics_is_refused(folder: Path) -> None:
    shutil.rmtree(folder / "topics")
    (problem,) = problems_of(folder)
    assert "holds no topic file" in problem.reason


def test_a_file_that_is_gone_is_named(folder: Path) -> None:
    (folder / "changes.yml").unlink()
    (problem,) = problems_of(folder)
    assert problem.file.name == "changes.yml"
    assert "cannot be read" in problem.reason


def test_all_faults_are_listed_at_once(folder: Path) -> None:
    put(folder / CALLING, "contacts: [derby-desk]", "contacts: [derby-disk]")
    put(folder / KNOWING, "law: [act-s9]", "law: [act-s10]")
    put(folder / "areas.yml", "contacts: [derby-desk]", "contacts: [desk]")
    assert len(problems_of(folder)) == 3


def test_the_contacts_of_the_safe_message_cannot_be_missing(folder: Path) -> None:
    # it is said when something has failed already, so it must not fail itself
    put(folder / "contacts.yml", "id: police-101", "id: police")
    assert any("police-101" in one.reason for one in problems_of(folder))


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("contacts.yml", "cite: hartlepool-2018:161", "cite: hartlepool-2018:16100", "cites line"),
        ("law.yml", "cite: [soa-2003, page-soa-2003]", "cite: [soa-1803]", "“soa-1803”"),
        ("areas.yml", "contacts: [luton-referral]", "contacts: [luton]", "“luton”"),
    ],
)
def test_the_real_content_is_checked_the_same_way(
    tmp_path: Path, name: str, old: str, new: str, reason: str
) -> None:
    folder = tmp_path / "guidance"
    shutil.copytree(PROJECT / "data" / "guidance", folder)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (problem,) = problems_of(folder)
    assert (problem.file, problem.line) == (path, line_of(path, new))
    assert reason in problem.reason


def test_no_first_line_says_yes_or_no(real: Guidance) -> None:
    """The same answer is given to “does it count?” and to “so it does not count?”."""
    lines = [answer.short for topic in real.topics.values() for answer in topic.answers]
    assert [line for line in lines if re.match(r"(yes|no)\b(?! \w)", line, re.IGNORECASE)] == []


# --- what was loaded ------------------------------------------------------------------------------


def test_the_areas_stand_in_the_order_in_which_they_are_offered(small: Guidance) -> None:
    assert tuple(small.areas) == AREA_IDS


def test_guidance_never_changes_after_loading(small: Guidance) -> None:
    with pytest.raises(TypeError):
        small.topics["new"] = small.topics["signs"]  # type: ignore[index]
    with pytest.raises(ValidationError):
        small.areas["luton"].name = "Lutton"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Ring {luton-desk}.", "Ring 01632 960111."),
        (
            "Write to {derby-desk} or {luton-desk}",
            "Write to desk@derby.example.org or 01632 960111",
        ),
        ("Nothing to fill", "Nothing to fill"),
    ],
)
def test_a_contact_in_braces_becomes_its_number_or_address(
    small: Guidance, text: str, filled: str
) -> None:
    assert small.fill(text) == filled


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("luton", "luton"),
        ("  LUTON   Borough ", "luton"),
        ("Notts", "nottinghamshire"),
        ("derbys", "derbyshire"),
        ("leeds", None),
        ("", None),
    ],
)
def test_an_area_is_known_by_id_name_and_alias(
    small: Guidance, name: str, area: str | None
) -> None:
    assert small.area_of_name(name) == area


def test_every_name_of_an_area_is_that_area_alone(real: Guidance) -> None:
    for area in real.areas.values():
        for name in (area.id, area.name, *area.aliases):
            assert real.area_of_name(name) == area.id


def test_the_folder_can_be_chosen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYMARK_GUIDANCE", raising=False)
    assert guidance_folder() == PROJECT / "data" / "guidance"
    monkeypatch.setenv("WAYMARK_GUIDANCE", str(folder))
    assert guidance_folder() == folder
    assert set(load_guidance().topics) == {"who_to_ring", "tools", "signs", "signs_luton", "police"}


@pytest.fixture
def bom(folder: Path) -> Callable[[str], None]:
    """Save a file as some Windows editors do: with a byte order mark and CRLF."""

    def save(name: str) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    return save


def test_files_saved_on_windows_load(folder: Path, bom: Callable[[str], None]) -> None:
    for name in ("areas.yml", CALLING):
        bom(name)
    assert load_guidance(folder).areas["luton"].name == "Luton"
