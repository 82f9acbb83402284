"""Route files that are wrong are refused with file, line and reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.guidance.files import GuidanceError
from bot.referral.load import RouteBook, load_routes

from .conftest import GUIDANCE, Registry

Break = Callable[[str, str, str], str]


@pytest.fixture
def breaking(tmp_path: Path, registry: Registry) -> Break:
    """Replace words in a copy of one route file; give back what loading then says."""

    def refuse(name: str, old: str, new: str) -> str:
        folder = tmp_path / "routes"
        shutil.copytree(GUIDANCE / "routes", folder, dirs_exist_ok=True)
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        broken = text.replace(old, new, 1)
        (folder / name).write_text(broken, encoding="utf-8")
        with pytest.raises(GuidanceError) as refused:
            load_routes(registry, folder)
        return str(refused.value)

    return refuse


def line_of(name: str, words: str) -> int:
    text = (GUIDANCE / "routes" / name).read_text(encoding="utf-8")
    return text[: text.index(words)].count("\n") + 1


def test_the_routes_load(book: RouteBook) -> None:
    assert len(book.areas) == 7
    assert all(one.rules for one in book.areas.values())


def test_unknown_contact(breaking: Break) -> None:
    said = breaking("luton.yml", "contacts: [luton-referral]", "contacts: [luton-reception]")
    line = line_of("luton.yml", "contacts: [luton-referral]")
    assert f"luton.yml, line {line}: " in said
    assert "“luton-reception”, which does not exist" in said


def test_contact_of_another_area(breaking: Break) -> None:
    said = breaking("luton.yml", "contacts: [luton-referral]", "contacts: [hartlepool-hub]")
    assert "belongs to hartlepool" in said


def test_retired_contact(breaking: Break) -> None:
    said = breaking(
        "hartlepool.yml", "contacts: [hartlepool-hub]", "contacts: [hartlepool-hub-email]"
    )
    assert "retired" in said


def test_unknown_contact_in_a_text(breaking: Break) -> None:
    said = breaking("luton.yml", "team on {luton-referral}", "team on {luton-desk}")
    assert "“luton-desk”, which does not exist" in said


def test_unknown_source(breaking: Break) -> None:
    said = breaking("derby.yml", "cite: derby-derbyshire-2017:111", "cite: derby-2016:111")
    assert f"line {line_of('derby.yml', 'cite: derby-derbyshire-2017:111')}" in said
    assert "“derby-2016”, which is not in sources.yml" in said


def test_line_past_the_end_of_a_source(breaking: Break) -> None:
    said = breaking(
        "derby.yml", "cite: derby-derbyshire-2017:111", "cite: derby-derbyshire-2017:999"
    )
    assert "which is shorter" in said


def test_document_cited_without_a_line(breaking: Break) -> None:
    said = breaking("derby.yml", "cite: derby-derbyshire-2017:111", "cite: derby-derbyshire-2017")
    assert "without a line" in said


def test_unknown_area(breaking: Break) -> None:
    said = breaking("luton.yml", "areas: [luton]", "areas: [bedford]")
    assert "luton.yml, line 2: " in said


def test_area_outside_its_file(breaking: Break) -> None:
    said = breaking("derby-derbyshire.yml", "areas: [derby]\n", "areas: [luton]\n")
    assert "not all among those of the file" in said


def test_condition_on_a_field_that_a_case_does_not_have(breaking: Break) -> None:
    said = breaking("luton.yml", "when: {role: team_manager}", "when: {job: team_manager}")
    assert f"line {line_of('luton.yml', 'when: {role: team_manager}')}: " in said
    assert "condition on “job”, which is no field of a case" in said


def test_condition_on_a_value_that_a_field_does_not_take(breaking: Break) -> None:
    said = breaking("luton.yml", "when: {role: team_manager}", "when: {role: boss}")
    assert f"line {line_of('luton.yml', 'when: {role: team_manager}')}: " in said


def test_rule_without_a_source(breaking: Break) -> None:
    said = breaking("luton.yml", "    cite: luton-2014:175\n    contacts", "    contacts")
    assert "cite: Field required" in said


def test_rule_id_twice(breaking: Break) -> None:
    said = breaking("luton.yml", "- id: LUT-9", "- id: LUT-8")
    assert f"line {line_of('luton.yml', '- id: LUT-9')}: " in said
    assert "stands twice" in said


def test_rule_id_twice_in_two_files_of_an_area(breaking: Break) -> None:
    assert "stands twice" in breaking("derby.yml", "- id: D+D-3", "- id: D+D-2")


def test_replacing_no_rule(breaking: Break) -> None:
    assert "is no rule" in breaking("derby.yml", "replaces: [D+D-11,", "replaces: [D+D-110,")


def test_deadline_named_and_not_given(breaking: Break) -> None:
    said = breaking("luton.yml", "{luton-referral}. It is the line", "{deadline}. It is the line")
    assert "names a deadline that it does not have" in said


def test_area_without_headlines(breaking: Break) -> None:
    said = breaking(
        "wiltshire.yml", "headlines:\n  - text: \"My Wiltshire source does not say how to refer: "
        "it gives no route, form or number.\"\n    cite: wiltshire-2015:98-146\n", "",
    )  # fmt: skip
    assert "wiltshire needs headlines in exactly one file" in said


def test_an_area_without_a_number_must_say_so(breaking: Break) -> None:
    said = breaking("wiltshire.yml", "no_number:", "no_answer_either:")
    assert "no_answer_either: Extra inputs" in said
    text = (GUIDANCE / "routes" / "wiltshire.yml").read_text(encoding="utf-8")
    block = text[text.index("no_number:") : text.index("no_answer:")]
    assert "gives no number, so “no_number” must say so" in breaking("wiltshire.yml", block, "")


def test_last_headline_must_hold_always(breaking: Break) -> None:
    said = breaking(
        "hartlepool.yml", "  - text: \"Ring the Children's Hub",
        "  - when: {level: low}\n    text: \"Ring the Children's Hub",
    )  # fmt: skip
    assert "the last headline must hold always" in said


def test_not_yaml(breaking: Break) -> None:
    assert "not valid YAML" in breaking("luton.yml", "areas: [luton]", "areas: [luton")


def test_fact_without_words(breaking: Break) -> None:
    assert "lacks words for role" in breaking("national.yml", '  role: "what your role is"\n', "")


def test_every_fault_is_named_at_once(tmp_path: Path, registry: Registry) -> None:
    folder = tmp_path / "routes"
    shutil.copytree(GUIDANCE / "routes", folder)
    for name, old, new in (
        ("luton.yml", "- id: LUT-9", "- id: LUT-8"),
        ("derby.yml", "cite: derby-derbyshire-2017:111", "cite: derby-2016:111"),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(GuidanceError) as refused:
        load_routes(registry, folder)
    assert len(refused.value.problems) == 2


def test_no_folder(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(GuidanceError, match=r"national\.yml"):
        load_routes(registry, tmp_path)


def test_hours_that_cannot_be_read(registry: Registry) -> None:
    contact = registry.contacts["wiltshire-mash"].model_copy(update={"hours": "mornings"})
    odd = Registry(registry.sources, registry.areas, {**registry.contacts, contact.id: contact})
    with pytest.raises(
        GuidanceError, match=r"contacts\.yml, line \d+: wiltshire-mash: cannot read"
    ):
        load_routes(odd, GUIDANCE / "routes")
