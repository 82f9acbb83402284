"""`rasa run actions` for whoever uses Rasa's own commands: on loopback, and logging nothing typed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from socket import socket

import httpx
import pytest

from bot.serving.models import project_folder

MARK = "qzxj"
#: Seconds that the server gets to start on a machine with other things to do.
STARTS_WITHIN = 120


def _without(name: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != name}


def call(number: int, action: str) -> dict[str, object]:
    """What Rasa posts to an action server, with a mark wherever a person's words could be."""
    mark = f"{MARK}{number:04d}"
    message = {
        "text": f"she is called {mark}",
        "intent": {"name": "ask", "confidence": 1.0},
        "entities": [
            {"entity": name, "value": mark} for name in ("area", "topic", "answer", "age")
        ],
        "metadata": {"note": mark},
    }
    slots = {
        "area": mark,
        "topic": mark,
        "screening": {"answers": {mark: mark}},
        "route_case": mark,
    }
    tracker = {
        "sender_id": mark,
        "slots": {"screening": None} if number % 2 else slots,
        "latest_message": message,
        "events": [{"event": "user", "text": mark, "parse_data": message}],
        "paused": False,
        "latest_input_channel": mark,
    }
    return {"next_action": action, "sender_id": mark, "tracker": tracker, "domain": {}}


def test_the_action_server_logs_nothing_of_what_it_is_sent(tmp_path: Path) -> None:
    actions = re.findall(
        r"^  - (action_\w+)$", (project_folder() / "domain.yml").read_text("utf-8"), re.MULTILINE
    )
    assert len(actions) > 10
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log.txt"
    with log.open("w") as output:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "rasa_sdk",
                "--actions",
                "actions",
                "--port",
                str(port),
                "--debug",
            ],
            cwd=project_folder(),
            stdout=output,
            stderr=output,
            env={**_without("SANIC_HOST"), "LOG_LEVEL": "DEBUG", "HOME": str(tmp_path)},
        )
        try:
            url = f"http://127.0.0.1:{port}"
            ends = time.monotonic() + STARTS_WITHIN
            while True:
                try:
                    httpx.get(f"{url}/health")
                    break
                except httpx.TransportError:
                    assert server.poll() is None, log.read_text()[-2000:]
                    assert time.monotonic() < ends
                    time.sleep(0.3)
            with pytest.raises(ConnectionRefusedError), socket() as elsewhere:
                # another address of this machine, as one that others reach would be
                elsewhere.connect(("127.0.0.2", port))
            sent = 0
            for action in [*actions, "action_that_there_is_not"]:
                for _ in range(6):
                    httpx.post(f"{url}/webhook", json=call(sent, action), timeout=60)
                    sent += 1
            httpx.post(f"{url}/webhook", content=f'{{"next_action": "{MARK}'.encode(), timeout=60)
        finally:
            server.terminate()
            server.wait(60)
    said = log.read_text(errors="replace")
    found = re.findall(rf".*{MARK}.*", said)
    print(
        f"\naction server: {sent} calls, {len(said)} characters logged, {len(found)} marks in them"
    )
    assert "action_answer" in said, "it must have logged all it could"
    assert found == []
