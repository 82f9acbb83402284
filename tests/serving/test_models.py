"""A model is current as long as everything that it is trained from is as it was."""

from __future__ import annotations

import importlib.util
import json
import logging
import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.serving.loading import load_engine
from bot.serving.models import (
    STEP,
    TRAINED_FROM,
    ModelError,
    archive_of,
    checked_model,
    current_model,
    fingerprint,
    hash_file,
    is_sound,
    learned_file,
    project_folder,
    record_hash,
    steps_of_rasa,
    train_apart,
    train_model,
    train_watch,
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
    watched(project)
    assert current_model(project) is None
    models = project / "models"
    models.mkdir()
    (models / "waymark-0123456789abcdef.tar.gz").write_bytes(b"an older model")
    assert current_model(project) is None
    path = models / f"waymark-{fingerprint(project)[:16]}.tar.gz"
    assert archive_of(project) == path
    path.write_bytes(b"a model")
    learned_file(project).write_bytes(b"what the watch learned")
    assert current_model(project) == path
    (project / "config.yml").write_text("something else\n", encoding="utf-8")
    assert current_model(project) is None


# --- what the watch for danger learned ------------------------------------------------------------


def watched(project: Path) -> Path:
    """Give a project the words and examples of danger; gives its guidance folder."""
    guidance = project / "data" / "guidance"
    real = project_folder() / "data" / "guidance"
    shutil.copy(real / "safety.yml", guidance)
    shutil.copytree(real / "safety", guidance / "safety", dirs_exist_ok=True)
    return guidance


@pytest.fixture
def learned(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's archive, trained, and what its watch learned beside it: the latter's path."""
    for name in ("WAYMARK_GUIDANCE", "WAYMARK_HOME"):
        monkeypatch.delenv(name, raising=False)
    watched(project)
    (project / "models").mkdir()
    for path in (archive_of(project), learned_file(project)):
        path.write_bytes(b"what was trained")
        record_hash(path)
    return learned_file(project)


def test_a_model_is_current_only_with_what_the_watch_learned(project: Path, learned: Path) -> None:
    assert learned.parent == project / "models"
    assert current_model(project) == archive_of(project)
    learned.unlink()
    assert current_model(project) is None
    assert archive_of(project).is_file(), "the archive is as current as it was"


@pytest.mark.parametrize("name", ["data/guidance/safety/direct.yml", "data/nlu/calling.yml"])
def test_what_it_learned_from_names_its_file(project: Path, learned: Path, name: str) -> None:
    path = project / name
    path.write_bytes(path.read_bytes() + b"\n# another line\n")
    assert learned_file(project) != learned


def test_only_what_is_missing_is_learned(
    project: Path, learned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    assert train_watch(project, told.append) == learned
    assert not told, "what is there and sound is not learned again"
    before = archive_of(project).read_bytes()
    monkeypatch.setattr("bot.safety.prepare", lambda: learned.write_bytes(b"learned anew"))
    with learned.open("r+b") as file:
        file.write(b"W")
    assert not is_sound(learned)
    (project / "models" / "likeness-of-old.npz").write_bytes(b"")
    assert train_watch(project, told.append) == learned
    assert is_sound(learned)
    assert learned.read_bytes() == b"learned anew"
    assert archive_of(project).read_bytes() == before
    assert "danger" in told[0]
    assert {path.name for path in (project / "models").glob("likeness*")} == {
        learned.name,
        hash_file(learned).name,
    }


@pytest.mark.parametrize("train", [train_model, train_apart])
def test_training_that_fails_says_why_and_leaves_nothing_running(
    project: Path, learned: Path, train: Callable[[Path], Path]
) -> None:
    learned.unlink()  # it would be learned beside, in a minute
    shutil.copy(project_folder() / "config.yml", project)
    guidance = project / "data" / "guidance"
    shutil.rmtree(guidance)
    shutil.copytree(project_folder() / "data" / "guidance", guidance)
    (project / "domain.yml").write_text("intents: 5\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"(?s)domain\.yml:1.*not a list.*rasa data validate"):
        train(project)
    assert not multiprocessing.active_children()
    assert not learned_file(project).exists()


def test_each_component_that_rasa_trains_is_told_as_a_step() -> None:
    told: list[str] = []
    log = logging.getLogger("rasa.engine.training.hooks")
    with steps_of_rasa(told.append):
        log.info("Starting to train component 'TopicClassifier'.")
        log.info("Finished training component 'TopicClassifier'.")
        log.info("Starting to train component 'FieldTokenizer'.")
        log.info("Starting to train component 'RulePolicy'.")
    log.info("Starting to train component 'RulePolicy'.")
    assert [one.startswith(STEP) for one in told] == [True, True]
    assert "what people ask" in told[0]
    assert "conversation" in told[1]


def test_guidance_elsewhere_that_is_the_same_has_learned_the_same(
    project: Path, learned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "board" / "words"
    shutil.copytree(project / "data" / "guidance", copy)
    (copy / "contacts.yml").write_text("another board's\n", encoding="utf-8")
    monkeypatch.setenv("WAYMARK_GUIDANCE", str(copy))
    assert learned_file(project) == learned
    assert current_model(project) == archive_of(project)
    shutil.copytree(project / "data" / "nlu", copy.parent / "nlu")
    assert learned_file(project) == learned


@pytest.mark.parametrize("name", ["words/safety/direct.yml", "words/safety/more.yml", "nlu/a.yml"])
def test_guidance_elsewhere_with_other_examples_of_danger_says_what_to_do(
    project: Path, learned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    copy = tmp_path / "board"
    shutil.copytree(project / "data" / "guidance", copy / "words")
    (copy / name).parent.mkdir(exist_ok=True)
    with (copy / name).open("a", encoding="utf-8") as file:
        file.write("\n# another line\n")
    monkeypatch.setenv("WAYMARK_GUIDANCE", str(copy / "words"))
    for work in (current_model, train_apart):
        with pytest.raises(ModelError, match=r"Make them alike.*waymark train") as error:
            work(project)
        assert str(copy / "words") in str(error.value)


def test_guidance_elsewhere_with_other_words_of_danger_says_what_to_do(
    project: Path, learned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "words"
    shutil.copytree(project / "data" / "guidance", copy)
    path = copy / "safety.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("one_in: ", "one_in: 1", 1), encoding="utf-8")
    monkeypatch.setenv("WAYMARK_GUIDANCE", str(copy))
    with pytest.raises(ModelError, match="Make them alike"):
        current_model(project)


@pytest.mark.parametrize("fault", ["missing", "changed", "without its hash"])
def test_nothing_is_loaded_without_what_the_watch_learned(
    project: Path, learned: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYMARK_HOME", str(project))
    if fault == "missing":
        learned.unlink()
    elif fault == "changed":
        learned.write_bytes(b"What was trained")
    else:
        hash_file(learned).unlink()
    with pytest.raises(ModelError, match=r"waymark train") as error:
        load_engine(archive_of(project))
    assert learned.name in str(error.value)


def test_an_exact_copy_of_the_guidance_answers(trained: Path, tmp_path: Path) -> None:
    copy = tmp_path / "words"
    shutil.copytree(project_folder() / "data" / "guidance", copy)
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "ask"],
        input=json.dumps({"area": "luton", "turns": ["who do I ring?"]}),
        env={**os.environ, "WAYMARK_GUIDANCE": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "01582 547653" in json.loads(done.stdout)["replies"][0][0]["text"]


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
