"""A questionnaire that cannot work is refused at loading, with file, line and reason."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.guidance.files import GuidanceError
from bot.guidance.load import guidance_folder
from bot.screening import Questionnaire, load_questionnaire

Edit = Callable[[str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("screening", "areas", "sources", "contacts"):
        shutil.copy(guidance_folder() / f"{name}.yml", tmp_path)
    return tmp_path


def edited(folder: Path, old: str, new: str) -> Path:
    path = folder / "screening.yml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"the questionnaire no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def reasons(path: Path) -> str:
    with pytest.raises(GuidanceError) as caught:
        load_questionnaire(path)
    for problem in caught.value.problems:
        assert problem.file == path
        assert problem.line >= 1
    return str(caught.value)


def test_the_real_questionnaire_loads(questionnaire: Questionnaire) -> None:
    assert questionnaire.version
    assert questionnaire.questions[0].id == "immediate_danger"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("applies_when: {question: role,", "applies_when: {question: rolle,", "unknown question “rolle”"),
        ("is: [not_professional]", "is: [not_a_role]", "“not_a_role” is not an answer here"),
        ("when: {item: self_harm, is: [now]}", "when: {item: selfharm, is: [now]}", "unknown item “selfharm”"),
        ("when: {fact: trafficking,", "when: {fact: traffic,", "unknown fact “traffic”"),
        ("when: {group: b, is: [now]}", "when: {group: z, is: [now]}", "unknown group “z”"),
        ("step: routing\n    title: Which area", "step: nowhere\n    title: Which area", "unknown step “nowhere”"),
        ("cite: luton-2014:129}", "cite: luton-2015:129}", "unknown source “luton-2015”"),
        ("cite: luton-2014:129}", "cite: luton-2014:9129}", "which is shorter"),
        ("cite: luton-2014:129}", "cite: luton-2014}", "without a line"),
        ("contacts: [emergency]", "contacts: [emergensy]", "unknown contact “emergensy”"),
        ("- id: signs_places_money", "- id: signs_people", "the question id “signs_people” is used twice"),
        ("{id: phone_use,", "{id: online_time,", "the item id “online_time” is used twice"),
        ("- id: floor_parents", "- id: floor_evidence", "the rule id “floor_evidence” is used twice"),
        ("{id: outreach, label", "{id: police, label", "the option id “police” is used twice"),
        ("group: a, title: Has keys", "group: q, title: Has keys", "unknown group “q”"),
    ],
)  # fmt: skip
def test_an_unknown_or_doubled_id_is_refused(folder: Path, old: str, new: str, reason: str) -> None:
    assert reason in reasons(edited(folder, old, new))


def test_the_problem_stands_at_its_line(folder: Path) -> None:
    path = edited(folder, "when: {fact: trafficking,", "when: {fact: traffic,")
    with pytest.raises(GuidanceError) as caught:
        load_questionnaire(path)
    line = path.read_text(encoding="utf-8").splitlines()[caught.value.problems[0].line - 1]
    assert "traffic," in line


def test_a_question_that_can_never_be_reached_is_refused(folder: Path) -> None:
    path = edited(
        folder,
        "applies_when: {question: age, is: [16_or_17]}",
        "applies_when: {all: [{question: age, is: [16_or_17]}, {question: age, is: [13_to_15]}]}",
    )
    assert "no answers ever lead to question “consent_16_17”" in reasons(path)


def test_a_question_behind_a_stop_that_always_applies_is_refused(folder: Path) -> None:
    path = edited(folder, "    applies_when: {question: role, is: [not_professional]}\n", "")
    assert "no answers ever lead to question “open_to”" in reasons(path)


def test_conditions_in_a_circle_are_refused(folder: Path) -> None:
    path = edited(
        folder,
        "    kind: single\n    help: \"Only the band",
        "    kind: single\n    applies_when: {question: sexual_activity, is: [unknown]}\n    help: \"Only the band",
    )  # fmt: skip
    found = reasons(path)
    assert "circle" in found
    assert "age" in found
    assert "sexual_activity" in found


def test_facts_in_a_circle_are_refused(folder: Path) -> None:
    path = edited(
        folder,
        "holds_when: {question: age, is: [under_13]}",
        "holds_when: {fact: under_13, is: [\"yes\"]}",
    )  # fmt: skip
    assert "circle" in reasons(path)


def test_a_condition_on_a_later_question_is_refused(folder: Path) -> None:
    path = edited(
        folder,
        "applies_when: {question: role, is: [not_professional]}",
        "applies_when: {item: fgm, is: [now]}",
    )
    assert "“for_professionals” hangs on “circumstances”, which is asked after it" in reasons(path)


def test_an_option_that_nothing_looks_at_is_refused(folder: Path) -> None:
    path = edited(
        folder,
        "      - {id: adult, label: 18 or over,",
        "      - {id: unborn, label: Not born yet}\n      - {id: adult, label: 18 or over,",
    )
    assert "nothing looks at option “unborn” of “age”" in reasons(path)


def test_an_item_without_group_or_rule_is_refused(folder: Path) -> None:
    path = edited(folder, "{id: phone_use, group: b,", "{id: phone_use,")
    assert "nothing looks at item “phone_use”" in reasons(path)


def test_a_rule_on_levels_may_not_look_at_circumstances(folder: Path) -> None:
    path = edited(folder, "when: {group: b, is: [now]}", "when: {group: c, is: [now]}")
    assert "looks at a group that is only context" in reasons(path)


@pytest.mark.parametrize("rule", ["floor_parents", "group_b_low", "not_ruled_out", "police"])
def test_a_rule_without_a_source_is_refused(folder: Path, rule: str) -> None:
    path = folder / "screening.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    rules = [
        r for part in ("floors", "suggestions", "cautions", "additions") for r in content[part]
    ]
    next(r for r in rules if r["id"] == rule).pop("cite")
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert "cite: Field required" in reasons(path)


def test_a_rule_is_procedure_somewhere_or_marked_as_our_choice(folder: Path) -> None:
    path = folder / "screening.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["suggestions"][0].pop("product_choice")
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert "product_choice" in reasons(path)


def test_unquoted_yes_and_no_are_read_as_words(folder: Path, questionnaire: Questionnaire) -> None:
    path = edited(folder, '{id: "yes", label: "Yes", meaning', "{id: yes, label: Yes, meaning")
    path = edited(folder, "label: Yes, meaning", 'label: "Yes", meaning')
    assert load_questionnaire(path).content == questionnaire.content


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "cannot be read" in reasons(tmp_path / "screening.yml")


BULLETS = {
    "nottinghamshire-2018": [
        *range(26, 32), 33, *range(35, 40), 41, *range(43, 59), 61, 62, 64, 66, 67, *range(69, 72),
    ],
    "luton-2014": [123, 124, *range(126, 137)],
    "wiltshire-2015": [*range(58, 68), 78],
}  # fmt: skip


@pytest.mark.parametrize("source", sorted(BULLETS))
def test_every_sign_that_the_documents_list_is_asked_about(
    questionnaire: Questionnaire, source: str
) -> None:
    cites = [c for item in questionnaire.items.values() for c in item.cite]
    cites += [c for q in questionnaire.questions if q.kind == "single" for c in q.why.cite]
    covered: set[int] = set()
    for citation in cites:
        if citation.source == source and citation.at:
            for part in citation.at.split(","):
                first, _, last = part.partition("-")
                covered |= set(range(int(first), int(last or first) + 1))
    assert set(BULLETS[source]) <= covered


def test_blaming_words_of_the_documents_are_not_used(questionnaire: Questionnaire) -> None:
    shown = questionnaire.content.model_dump_json(
        exclude={"questions": {"__all__": {"items": {"__all__": {"words"}}}}}
    )
    for word in (
        "promiscu", "cottaging", "boyfriend", "risky behaviour", "lifestyle", "prostitut",
        "putting themselves", "sexually active child", "streetwise", "attention seeking",
    ):  # fmt: skip
        assert not re.search(word, shown, re.IGNORECASE), word


def test_groups_and_thresholds_are_marked_as_product_choices(questionnaire: Questionnaire) -> None:
    content = questionnaire.content
    assert all(group.product_choice for group in content.groups)
    assert all(rule.product_choice for rule in (*content.suggestions, *content.cautions))
