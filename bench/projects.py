"""The projects that are trained: Waymark on everything, Waymark on the sample, plain Rasa."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from bench.environments import WORK
from bench.phrases import TRAINED, WHOLE_MESSAGES, read_phrases, sample
from bench.plain.project import write_project
from bench.processes import BenchError, Spent, load_average, run_timed

#: What a project of Waymark's is made of beside its examples.
PARTS = ("config.yml", "domain.yml", "endpoints.yml", "bot", "actions", "data/rules",
         "data/stories", "data/guidance")  # fmt: skip
#: One thread and least priority for plain Rasa's training, which takes long.
GENTLE = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "RASA_TELEMETRY_ENABLED": "false",
    "ACTIONS_PORT": "0",
    "TRACKERS": "trackers.db",
}


def waymark_project(root: Path, name: str) -> Path:
    """A copy of the project in a folder of its own, with nothing trained.

    `name` is `whole`, or `sample` for one that has only the sample's phrases.
    """
    folder = root / WORK / f"waymark-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    for part in PARTS:
        (folder / part).symlink_to(root / part)
    if name == "whole":
        (folder / "data" / "nlu").symlink_to(root / "data" / "nlu")
        return folder
    (folder / "data" / "nlu").mkdir()
    examples = [
        {"intent": label.partition("/")[0],
         **({"metadata": {"topic": label.partition("/")[2]}} if "/" in label else {}),
         "examples": "".join(f"- {text}\n" for text in texts)}
        for label, texts in sample(read_phrases(root)).trained.items()
    ]  # fmt: skip
    examples += _whole_messages(root)
    (folder / "data" / "nlu" / "sample.yml").write_text(
        yaml.safe_dump({"version": "3.1", "nlu": examples}, allow_unicode=True), encoding="utf-8"
    )
    return folder


def _whole_messages(root: Path) -> list[dict[str, Any]]:
    """The examples that count word for word: there is nothing to choose from."""
    return [
        part
        for path in sorted((root / "data" / "nlu").rglob("*.yml"))
        for part in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        if part.get("intent", "").startswith(WHOLE_MESSAGES)
    ]


def train_waymark(root: Path, program: Path, name: str) -> tuple[Path, dict[str, Any]]:
    """Train Waymark from nothing: the project's folder, and what it cost."""
    folder, load = waymark_project(root, name), load_average()
    spent = run_timed(
        [str(program), "train", "--force"],
        folder,
        {"WAYMARK_HOME": str(folder), "RASA_TELEMETRY_ENABLED": "false"},
        folder.parent / f"waymark-{name}-train.log",
    )
    phrases = read_phrases(root)
    count = sum(map(len, phrases.values())) if name == "whole" else sample(phrases).count
    return folder, {**asdict(spent), "phrases": count, "load": load}


def train_plain(
    root: Path, environment: Path, how: str, epochs: int
) -> tuple[Path, dict[str, Any]]:
    """Plain Rasa's project, trained where it is not yet, and what that cost.

    `how` is `sample`; `whole`, on every phrase; or `quick`, for one epoch on two phrases of each
    label: a model of the same layers, which answers at the same speed and understands nothing.
    A training that was stopped goes on from the last component that was finished, but its cost is
    then that of the rest: `complete` is false.
    """
    folder = root / WORK / ("plain" if how == "sample" else f"plain-{how}")
    cost = folder / "training.json"
    trained = {"sample": TRAINED, "whole": None, "quick": 2}[how]
    epochs = 1 if how == "quick" else epochs
    phrases = sample(read_phrases(root), trained)
    if cost.exists() and (folder / "models" / "plain.tar.gz").exists():
        stored: dict[str, Any] = json.loads(cost.read_text(encoding="utf-8"))
        return folder, stored
    begun = (folder / ".rasa").exists()
    write_project(folder, phrases, root, epochs)
    load = load_average()
    spent: Spent = run_timed(
        ["nice", "-n", "19", str(environment / "bin" / "rasa"), "train", "--skip-validation",
         "--fixed-model-name", "plain"],
        folder, GENTLE, folder.parent / f"{folder.name}-train.log",
    )  # fmt: skip
    if not (folder / "models" / "plain.tar.gz").exists():
        raise BenchError(f"Plain Rasa was not trained; see {folder.name}-train.log.")
    result = {**asdict(spent), "how": how, "phrases": phrases.count, "epochs": epochs,
              "load": load, "complete": not begun}  # fmt: skip
    cost.write_text(json.dumps(result), encoding="utf-8")
    return folder, result
