"""Rasa's own commands work in this environment: validation without warnings, and its tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.serving.models import project_folder

RASA = Path(sys.executable).parent / "rasa"


def rasa(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a Rasa command in the project's folder."""
    return subprocess.run(
        [RASA, *arguments],
        cwd=project_folder(),
        env=os.environ | {"LOG_LEVEL": "INFO"},  # other tests may have made Rasa quieter
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_the_data_are_valid_without_a_warning() -> None:
    result = rasa("data", "validate")
    said = result.stdout + result.stderr
    assert result.returncode == 0, said
    ours = [
        line for line in said.splitlines() if "UserWarning" in line and "shared/utils/io.py" in line
    ]
    assert ours == []
    assert "No story structure conflicts found" in said


def test_every_story_is_followed(tmp_path: Path, model: Path) -> None:
    result = rasa(
        "test", "core", "--model", str(model), "--stories", "tests/test_stories.yml",
        "--out", str(tmp_path), "--no-plot",
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    failed = (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert "None of the test stories failed" in failed or "- story:" not in failed, failed


@pytest.mark.parametrize("command", ["train", "run", "shell", "test"])
def test_the_standard_commands_start(command: str) -> None:
    result = rasa(command, "--help")
    assert result.returncode == 0
    assert "usage: rasa" in result.stdout
