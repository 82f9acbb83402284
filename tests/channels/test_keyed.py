"""The channel for other programs: only with the key, and never into another's conversation."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.keyed import unsafe_options
from bot.serving.models import project_folder
from bot.serving.settings import Settings
from tests.channels.test_web import assert_kind

KEY = "k3y-0f-the-tests-which-is-long-enough-1234"
PATH = "/webhooks/rest/webhook"


@pytest.fixture(scope="module")
def keyed(
    serving: Callable[..., contextlib.AbstractContextManager[str]], server_secret: bytes
) -> Iterator[str]:
    with serving(None, settings=Settings(server_secret, rest_key=KEY.encode())) as url:
        yield url


def send(url: str, body: dict[str, Any], key: str | None = KEY) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}".strip()} if key is not None else {}
    return httpx.post(url + PATH, json=body, headers=headers, timeout=60)


def test_it_is_off_without_a_key(server: str) -> None:
    assert_kind(send(server, {"sender": "a", "message": "hello"}), 404, "not_found")


@pytest.mark.parametrize("key", [None, "", "x", KEY[:-1], KEY + "x", KEY.upper()])
def test_who_has_not_the_key_is_refused(keyed: str, key: str | None) -> None:
    assert_kind(send(keyed, {"sender": "a", "message": "hello"}, key), 403, "no_key")


def test_it_answers_in_rasas_form(keyed: str) -> None:
    (first, *_) = send(keyed, {"sender": "a", "message": "who do I ring in Luton?"}).json()
    assert set(first) == {"recipient_id", "text", "buttons", "custom"}
    assert first["recipient_id"] == "a"
    assert "01582" in first["text"]
    assert first["custom"]["reply"]["sources"]


def test_each_sender_has_a_conversation(keyed: str) -> None:
    send(keyed, {"sender": "one", "message": "I work in Derby"})
    (own, *_) = send(keyed, {"sender": "one", "message": "who do I ring?"}).json()
    assert own["custom"]["reply"]["area"] == "derby"
    (other, *_) = send(keyed, {"sender": "two", "message": "who do I ring?"}).json()
    assert other["custom"]["reply"]["kind"] == "which_area"


def test_a_sender_cannot_be_someone_of_the_web_page(keyed: str) -> None:
    token = httpx.post(f"{keyed}/w/session").json()["token"]
    body = {"token": token, "text": "I work in Derby"}
    httpx.post(f"{keyed}/w/message", json=body, timeout=60)
    for sender in (token, f"web-{token}", "web-1"):
        (answer, *_) = send(keyed, {"sender": sender, "message": "who do I ring?"}).json()
        assert answer["custom"]["reply"]["kind"] == "which_area"


def test_a_typed_slash_is_text_and_a_button_is_named(keyed: str) -> None:
    (typed, *_) = send(keyed, {"sender": "s", "message": "/restart"}).json()
    assert typed["text"]
    (pressed, *_) = send(keyed, {"sender": "s", "payload": "/help"}).json()
    assert pressed["buttons"]


@pytest.mark.parametrize(
    "body",
    [{}, {"sender": "a"}, {"message": "hello"}, {"sender": 1, "message": "x"}, {"sender": "", "message": "x"},
     {"sender": "x" * 201, "message": "x"}, {"sender": "a", "message": None}, {"sender": "a", "message": ["x"]}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(keyed: str, body: dict[str, Any]) -> None:
    assert_kind(send(keyed, body), 400, "not_understood")


# `rasa run`


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rasa", "run", "--enable-api"], "--enable-api"),
        (["rasa", "run", "--cors", "*"], "any site in the world"),
        (["rasa", "run", "--cors", "https://a.example"], None),
        (["rasa", "run"], None),
    ],
)
def test_rasa_run_is_refused_where_it_lets_anyone_in(words: list[str], said: str | None) -> None:
    found = unsafe_options(words)
    assert (said is None and found is None) or (said is not None and said in str(found))


def rasa_run(model: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            Path(sys.executable).parent / "rasa",
            "run",
            "--model",
            str(model),
            "-i",
            "127.0.0.1",
            *words,
        ],
        cwd=project_folder(),
        env={**os.environ, "LOG_LEVEL": "ERROR", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_rasa_run_with_the_api_does_not_start(trained: Path) -> None:
    process = rasa_run(trained, "--enable-api")
    out, _ = process.communicate(timeout=120)
    assert process.returncode != 0
    assert "gives every conversation to whoever asks" in out


def test_rasa_run_answers_those_who_have_the_key_and_nobody_else(trained: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = rasa_run(trained, "-p", str(port), WAYMARK_REST_KEY=KEY)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(url, timeout=5).status_code == 200:
                    break
            time.sleep(0.5)
        assert send(url, {"sender": "a", "message": "hello"}, None).status_code == 403
        # no action server runs: the safe message, not silence
        (answer, *_) = send(url, {"sender": "a", "message": "who do I ring in Luton?"}).json()
        assert re.search(r"\b999\b", answer["text"])
        assert httpx.get(f"{url}/conversations/a/tracker").status_code == 404
    finally:
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    assert "who do I ring" not in out
