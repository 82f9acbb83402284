"""A YAML file that is wrong is refused with its name, the line and a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from bot.guidance.files import GuidanceError, LocatedFile, Problem


class Fruit(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    weight: int
    colours: tuple[str, ...] = ()


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "fruit.yml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(GuidanceError) as refused:
        LocatedFile(path).many(Fruit)
    return refused.value.problems


def test_a_list_of_entries_is_read_in_order(tmp_path: Path) -> None:
    path = written(tmp_path, "- {name: apple, weight: 100}\n- {name: plum, weight: 30}\n")
    assert [one.name for one in LocatedFile(path).many(Fruit)] == ["apple", "plum"]


def test_a_whole_file_is_read_as_one_entry(tmp_path: Path) -> None:
    assert LocatedFile(written(tmp_path, "name: apple\nweight: 100\n")).one(Fruit).weight == 100


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match=r"gone\.yml, line 1: cannot be read"):
        LocatedFile(tmp_path / "gone.yml")


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "fruit.yml"
    path.write_bytes("- name: pâté".encode("latin-1"))
    with pytest.raises(GuidanceError, match=r"fruit\.yml, line 1: cannot be read"):
        LocatedFile(path)


def test_broken_yaml_is_refused_at_its_line(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, "- name: apple\n  weight: [100\n- name: plum\n"))
    assert problem.line == 3
    assert problem.reason.startswith("not valid YAML")


def test_a_tab_is_refused_at_its_line(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, "- name: apple\n\tweight: 100\n"))
    assert problem.line == 2
    assert problem.reason.startswith("not valid YAML")


def test_a_control_character_is_refused_at_its_line(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, "- name: apple\n  weight: 100\n- name: pl\x07um\n"))
    assert "not valid YAML" in problem.reason
    assert problem.line == 3


def test_a_date_that_no_calendar_has_is_refused_at_its_line(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, "- name: apple\n  weight: 2026-02-30\n"))
    assert problem.line == 2


def test_a_key_that_stands_twice_is_refused_as_one_value_would_be_lost(tmp_path: Path) -> None:
    text = "- name: apple\n  colours: [red]\n  weight: 100\n  colours: [green]\n"
    (problem,) = problems_of(written(tmp_path, text))
    assert problem.line == 4
    assert "colours" in problem.reason


@pytest.mark.parametrize("text", ["", "name: apple\n", "apple\n"])
def test_a_file_that_should_be_a_list_and_is_not_says_so(tmp_path: Path, text: str) -> None:
    (problem,) = problems_of(written(tmp_path, text))
    assert "must be a list" in problem.reason


def test_an_empty_file_is_not_an_entry(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match="line 1"):
        LocatedFile(written(tmp_path, "")).one(Fruit)


def test_every_fault_of_every_entry_is_listed_with_its_own_line(tmp_path: Path) -> None:
    text = "- name: apple\n  weight: heavy\n  taste: sweet\n- name: plum\n- just words\n"
    found = [(one.line, one.reason.split(":")[0]) for one in problems_of(written(tmp_path, text))]
    assert found == [(2, "weight"), (3, "taste"), (4, "weight"), (5, "entry")]


def test_a_fault_inside_a_list_has_the_line_of_the_item(tmp_path: Path) -> None:
    text = "- name: apple\n  weight: 1\n  colours:\n    - red\n    - [green]\n"
    (problem,) = problems_of(written(tmp_path, text))
    assert (problem.line, problem.reason.split(":")[0]) == (5, "colours.1")


def test_the_line_of_any_part_is_known(tmp_path: Path) -> None:
    file = LocatedFile(written(tmp_path, "- name: apple\n  colours:\n    - red\n    - green\n"))
    assert file.line(0) == 1
    assert file.line(0, "colours") == 2
    assert file.line(0, "colours", 1) == 4
    assert file.line(0, "colours", 1, "shade") == 4, "the deepest part that is there"
    assert file.line(7) == 1, "the whole file"


def test_an_error_says_file_line_and_reason_of_each_problem() -> None:
    file = Path("fruit.yml")
    error = GuidanceError([Problem(file, 2, "too heavy"), Problem(file, 5, "too sweet")])
    assert str(error) == "fruit.yml, line 2: too heavy\nfruit.yml, line 5: too sweet"
