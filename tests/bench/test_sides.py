"""Both sides get the same data, and the table says what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bench.measuring import percentile
from bench.phrases import ASKED, TRAINED, read_phrases, sample
from bench.plain.project import intent_of, write_project
from bench.read import label_of
from bench.scripts import KINDS, held_out, mixed, of_kind
from bench.servers import ROOT


@pytest.fixture(scope="module")
def phrases() -> dict[str, tuple[str, ...]]:
    return read_phrases(ROOT)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, phrases: dict[str, tuple[str, ...]]) -> Path:
    folder: Path = tmp_path_factory.mktemp("plain")
    write_project(folder, sample(phrases), ROOT)
    return folder


def loaded(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def test_the_sample_is_the_same_every_time_and_never_asks_what_it_trained(
    phrases: dict[str, tuple[str, ...]],
) -> None:
    one, two = sample(phrases), sample(read_phrases(ROOT))
    assert one == two
    for label, texts in one.trained.items():
        assert len(texts) <= TRAINED
        assert len(one.asked[label]) <= ASKED
        assert not set(texts) & set(one.asked[label])


def test_no_held_out_question_is_in_the_sample(phrases: dict[str, tuple[str, ...]]) -> None:
    trained = {text for texts in sample(phrases).trained.values() for text in texts}
    assert not trained & {one["text"] for one in held_out(ROOT)}


def test_plain_rasa_has_a_rule_and_an_answer_for_every_label(
    project: Path, phrases: dict[str, tuple[str, ...]]
) -> None:
    domain, rules = loaded(project / "domain.yml"), loaded(project / "data" / "rules.yml")["rules"]
    intents = {intent_of(label) for label in phrases}
    assert set(domain["intents"]) == intents
    ruled = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}
    assert ruled == intents | {"nlu_fallback"}
    known = {*domain["responses"], *domain["actions"], *domain["forms"]}
    actions = {step["action"] for rule in rules for step in rule["steps"] if "action" in step}
    assert actions <= known


def test_plain_rasa_answers_for_each_area_as_the_guidance_does(project: Path) -> None:
    said = loaded(project / "domain.yml")["responses"]["utter_topic_who_to_ring"]
    by_area = {one["condition"][0]["value"]: one["text"] for one in said if one.get("condition")}
    assert "01582 547653" in by_area["luton"]
    assert all("01582 547653" not in text for area, text in by_area.items() if area != "luton")


def test_areas_are_marked_in_plain_rasas_examples(project: Path) -> None:
    examples = (project / "data" / "nlu.yml").read_text(encoding="utf-8")
    assert '{"entity": "area", "value": "nottinghamshire"}' in examples


def test_every_kind_of_turn_is_asked_of_every_side() -> None:
    assert {turn["kind"] for script in mixed(ROOT) for turn in script} == set(KINDS)
    for kind in KINDS:
        turns = [turn for script in of_kind(kind, ROOT) for turn in script]
        assert {turn["kind"] for turn in turns} == {"opening", kind}


@pytest.mark.parametrize(
    ("parse", "label"),
    [
        ({"intent": {"name": "greet"}}, "greet"),
        ({"intent": {"name": "nlu_fallback"}, "questions": [{"topics": [{"topic": "x"}]}]},
         "nlu_fallback"),
        ({"intent": {"name": "ask"}, "questions": [{"topics": [{"topic": "missing"}]}]},
         "ask/missing"),
        ({"intent": {"name": "ask"}, "questions": [{"topics": [], "term": "iro"}]}, "ask"),
    ],
)  # fmt: skip
def test_the_label_of_a_parse_is_its_intent_or_its_likeliest_topic(
    parse: dict[str, Any], label: str
) -> None:
    assert label_of(parse) == label


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200), st.floats(0, 1))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(one <= found for one in values) >= int(share * 1000) / 1000 * len(values) - 1e-6
