"""`waymark serve` as a person starts and stops it."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from bot.channels.sessions import Sessions
from bot.cli import main
from bot.guidance.load import guidance_folder, load_guidance
from bot.serving.engine import Engine
from bot.serving.server import ServeError, WebServer, claim


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, words)
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_a_taken_port_is_refused_at_once_and_kindly() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = run("serve", "--port", str(port))
    assert code == 1
    assert f"Port {port} is used by another program" in said
    assert f"--port {port + 1}" in said


def test_a_second_waymark_is_told_where_the_first_is(server: str) -> None:
    code, said = run("serve", "--port", server.rsplit(":", 1)[1])
    assert code == 1
    assert f"Waymark is already running: {server}/" in said


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "x" * 300])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(ServeError, match="not an address of this machine"):
        claim(host, 0)


def test_a_fault_in_the_guidance_is_shown_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "guidance"
    shutil.copytree(guidance_folder(), folder)
    (folder / "areas.yml").write_text("- id: luton\n  nme: Luton\n")
    monkeypatch.setenv("WAYMARK_GUIDANCE", str(folder))
    code, said = run("serve", "--port", "0")
    assert code == 1
    assert "areas.yml" in said
    assert "nme" in said


def test_a_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_SECRET", "short")
    code, said = run("serve", "--port", "0")
    assert code == 1
    assert "WAYMARK_SECRET" in said


async def test_a_stop_lets_the_answer_under_way_finish(
    engine: Engine, server_secret: bytes
) -> None:
    sock = claim("127.0.0.1", 0)
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    server = await WebServer.start(engine, load_guidance(), sock, server_secret)
    token = Sessions(server_secret).issue().token
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        await client.get("/health")  # leaves an idle connection open
        question = asyncio.create_task(
            client.post("/w/message", json={"token": token, "text": "who do I ring in Luton?"})
        )
        await asyncio.sleep(0.01)
        await server.stop()
        assert (await question).status_code == 200
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1]))
    sock.close()


@pytest.mark.usefixtures("trained")
def test_it_says_when_it_is_ready_and_stops_when_told() -> None:
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "WAYMARK_SECRET": secrets.token_hex(32)},
    )
    try:
        assert process.stdout
        ready = process.stdout.readline()
        assert ready.startswith("Waymark is ready: http://127.0.0.1:")
        print(f"\nready {time.perf_counter() - began:.1f} s after the start")
        url = ready.removeprefix("Waymark is ready: ").strip()
        assert httpx.get(f"{url}health").json()["service"] == "waymark"
        assert "Waymark" in httpx.get(url).text
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    assert process.returncode == 0
    assert out == ""
    assert "Traceback" not in err
