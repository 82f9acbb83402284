"""The web servers in front let through what people need, and nothing else."""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import yaml

from tests.conftest import Serving
from tests.deploy.conftest import DEPLOY, tool

NAME = "guide.example.org"


def in_nginx() -> set[str]:
    found = re.findall(r"location (?:=|\^~) (\S+)", (DEPLOY / "nginx.conf").read_text())
    return {one.rstrip("/") or "/" for one in found}


def in_caddy() -> set[str]:
    (line,) = re.findall(r"@public path (.+)", (DEPLOY / "Caddyfile").read_text())
    return {one.removesuffix("/*") or "/" for one in line.split()}


def in_ingress() -> set[str]:
    parts = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "network.yml").read_text()))
    (ingress,) = (one for one in parts if one["kind"] == "Ingress")
    return {one["path"] for one in ingress["spec"]["rules"][0]["http"]["paths"]}


def test_all_three_let_through_the_same() -> None:
    assert in_nginx() == in_caddy() == in_ingress()
    assert not any(one.startswith(("/health", "/metrics")) for one in in_nginx())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate that nobody trusts."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [tool("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def nginx(folder: Path, certificate: Path, behind: str) -> Iterator[str]:
    """nginx with our example, on free ports of this machine; gives its HTTPS address."""
    program = tool("nginx", "nginx")
    plain, encrypted = free_port(), free_port()
    example = (DEPLOY / "nginx.conf").read_text()
    for before, after in (
        ("127.0.0.1:5005", behind.removeprefix("http://")),
        ("/etc/ssl/waymark", str(certificate)),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{encrypted} ssl http2;"),
    ):
        assert before in example
        example = example.replace(before, after)
    example = re.sub(r"listen \[::\].*\n", "\n", example)
    (folder / "waymark.conf").write_text(example)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    whole = folder / "nginx.conf"
    whole.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/errors; worker_processes 1;"
        f"events {{}} http {{ {temporary} include {folder}/waymark.conf; }}"
    )
    checked = subprocess.run([program, "-t", "-c", whole], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr
    process = subprocess.Popen([program, "-c", whole], stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", encrypted)) == 0:
                    break
            time.sleep(0.05)
        yield f"https://127.0.0.1:{encrypted}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def trusting() -> ssl.SSLContext:
    """Trusts any certificate: it is the test's own."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def test_nginx_lets_through_what_people_need_and_nothing_else(
    tmp_path: Path, certificate: Path, serving: Serving, trusting: ssl.SSLContext
) -> None:
    with (
        serving(None) as behind,
        nginx(tmp_path, certificate, behind) as url,
        httpx.Client(base_url=url, verify=trusting, headers={"Host": NAME}, timeout=60) as client,
    ):
        for path in ("/", "/professionals", "/chat", "/widget.js", "/embed", "/openapi.json"):
            assert client.get(path).status_code == 200, path
        for path in ("/health", "/health/ready", "/metrics", "/widgets", "/nothing"):
            assert client.get(path).status_code == 404, path
        assert httpx.get(f"{behind}/health").status_code == 200
        token = client.post("/w/session", json={}).json()["token"]
        message = {"token": token, "id": "m-0123456789", "text": "who do I ring in Luton?"}
        accept = {"Accept": "application/x-ndjson"}
        answer = client.post("/w/message", json=message, headers=accept)
        assert '"type": "done"' in answer.text
        assert "01582" in answer.text
        assert client.post("/w/message", content=b"x" * 17_000).status_code == 413
        said = (tmp_path / "errors").read_text()
    assert "Luton" not in said
    assert not list((tmp_path / "proxy").rglob("*.*"))


def test_caddy_accepts_its_file() -> None:
    program = tool("caddy", "caddy")
    done = subprocess.run(
        [program, "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"],
        env={**os.environ, "WAYMARK_HOST": NAME}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
