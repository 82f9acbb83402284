"""Rasa's own commands work in this environment: validation without warnings, and its tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
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


@pytest.fixture
def actions_over_http(tmp_path: Path) -> Iterator[Path]:
    """Actions served by `rasa run actions`; gives the file of endpoints that names them."""
    port = free_port()
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(f'action_endpoint:\n  url: "http://127.0.0.1:{port}/webhook"\n', "utf-8")
    log = tmp_path / "actions.log"
    with log.open("w") as written:
        server = subprocess.Popen(
            [RASA, "run", "actions", "--port", str(port)],
            cwd=project_folder(),
            env=os.environ | {"SANIC_HOST": "127.0.0.1"},
            stdout=written,
            stderr=written,
        )
    try:
        until = time.monotonic() + 120
        while not listens(port):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        yield endpoints
    finally:
        server.terminate()
        server.wait(30)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_the_shell_answers_with_actions_over_http(model: Path, actions_over_http: Path) -> None:
    result = subprocess.run(
        [
            RASA, "shell", "--model", str(model), "--endpoints", str(actions_over_http),
            "--interface", "127.0.0.1", "--port", str(free_port()),
        ],
        input="who do I ring in Luton\nand in Hartlepool\n/stop\n",
        cwd=project_folder(),
        env=os.environ | {"LOG_LEVEL": "WARNING"},
        capture_output=True,
        text=True,
        timeout=300,
    )  # fmt: skip
    assert "01582 547653" in result.stdout, result.stderr
    assert "01429 284284" in result.stdout
