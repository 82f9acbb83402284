"""A model is current as long as everything that it is trained from is as it was."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from bot.serving.models import (
    TRAINED_FROM,
    ModelError,
    checked_model,
    current_model,
    fingerprint,
    hash_file,
    project_folder,
    record_hash,
    train_model,
)

INPUTS = (
    "config.yml",
    "domain.yml",
    "data/nlu/calling.yml",
    "data/nlu/situations/calling.yml",
    "data/rules/guidance.yml",
    "data/stories/conversations.yml",
    "data/guidance/topics/calling.yml",
    "data/guidance/vocabulary.yml",
    "data/guidance/safety/direct.yml",
    "data/guidance/safety.yml",
    "bot/nlu/topic_model.py",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one file of each kind that a model is trained from, and some others."""
    for name in (*INPUTS, "README.md", "data/guidance/contacts.yml", "bot/cli.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"the content of {name}\n", encoding="utf-8")
    return tmp_path


def test_the_inputs_here_are_of_every_kind_that_there_is() -> None:
    for part in TRAINED_FROM:
        assert any(name == part or name.startswith(f"{part}/") for name in INPUTS), part


def test_every_input_is_there_in_the_project() -> None:
    for part in TRAINED_FROM:
        assert (project_folder() / part).exists(), part


def test_the_same_files_have_the_same_fingerprint(project: Path) -> None:
    before = fingerprint(project)
    assert fingerprint(project) == before
    assert len(before) == 64


@pytest.mark.parametrize("name", INPUTS)
def test_a_changed_input_changes_it(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).write_text("something else\n", encoding="utf-8")
    assert fingerprint(project) != before


@pytest.mark.parametrize("name", [name for name in INPUTS if name not in TRAINED_FROM])
def test_an_input_that_is_gone_new_or_renamed_changes_it(project: Path, name: str) -> None:
    before = fingerprint(project)
    path = project / name
    renamed = path.with_name(f"renamed{path.suffix}")
    path.rename(renamed)
    after = fingerprint(project)
    renamed.unlink()
    assert len({before, after, fingerprint(project)}) == 3


@pytest.mark.parametrize("name", ["README.md", "data/guidance/contacts.yml", "bot/cli.py"])
def test_what_a_model_is_not_trained_from_does_not_count(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).write_text("something else\n", encoding="utf-8")
    assert fingerprint(project) == before


def test_compiled_files_do_not_count(project: Path) -> None:
    before = fingerprint(project)
    cache = project / "bot" / "nlu" / "__pycache__"
    cache.mkdir()
    (cache / "topic_model.cpython-312.pyc").write_bytes(b"compiled")
    assert fingerprint(project) == before


def test_where_the_project_stands_does_not_count(project: Path, tmp_path: Path) -> None:
    before = fingerprint(project)
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for part in ("config.yml", "domain.yml", "data", "bot"):
        (project / part).rename(moved / part)
    assert fingerprint(moved) == before


def test_a_model_is_current_until_an_input_changes(project: Path) -> None:
    assert current_model(project) is None
    models = project / "models"
    models.mkdir()
    (models / "waymark-0123456789abcdef.tar.gz").write_bytes(b"an older model")
    assert current_model(project) is None
    path = models / f"waymark-{fingerprint(project)[:16]}.tar.gz"
    path.write_bytes(b"a model")
    assert current_model(project) == path
    (project / "config.yml").write_text("something else\n", encoding="utf-8")
    assert current_model(project) is None


def test_the_projects_folder_can_be_chosen(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYMARK_HOME", raising=False)
    assert (project_folder() / "bot" / "serving" / "models.py").is_file()
    monkeypatch.setenv("WAYMARK_HOME", str(project))
    assert project_folder() == project


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model as training leaves it, with its hash beside it."""
    path = tmp_path / "waymark-0123456789abcdef.tar.gz"
    path.write_bytes(b"a model" * 1_000)
    record_hash(path)
    return path


def test_a_model_is_loaded_only_as_it_was_trained(model: Path) -> None:
    assert checked_model(model) == model
    assert hash_file(model).read_text().endswith(f"  {model.name}\n")
    with model.open("r+b") as file:
        file.write(b"A")
    with pytest.raises(ModelError, match="not the file that was trained"):
        checked_model(model)


def test_a_model_cut_short_is_refused(model: Path) -> None:
    model.write_bytes(model.read_bytes()[:-1])
    with pytest.raises(ModelError, match="train --force"):
        checked_model(model)


@pytest.mark.parametrize("text", [None, "", "\xff", "0" * 64])
def test_a_model_without_its_own_hash_is_refused(model: Path, text: str | None) -> None:
    if text is None:
        hash_file(model).unlink()
    else:
        hash_file(model).write_text(text, encoding="latin-1")
    with pytest.raises(ModelError, match="train --force"):
        checked_model(model)


def test_a_model_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="train --force"):
        checked_model(tmp_path / "waymark-none.tar.gz")


def test_an_installation_that_only_serves_says_what_training_needs(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"goes without.*uv sync.*models"):
        train_model(project)
    assert not list((project / "models").glob("*.tar.gz"))
