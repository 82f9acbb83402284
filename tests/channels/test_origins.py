"""Which sites may use the channel, and what their browsers are told."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.origins import OriginError, read_origins
from bot.serving.settings import Settings
from tests.channels.test_web import assert_kind

BOARD = "https://www.example.org"
OTHER = "https://other.example"
PATHS = ("/w/session", "/w/message", "/w/replay", "/w/document", "/w/forget")


@pytest.fixture(scope="module")
def listed(
    serving: Callable[..., contextlib.AbstractContextManager[str]], server_secret: bytes
) -> Iterator[str]:
    """A server whose list names one board's site, and that people reach over HTTPS."""
    settings = Settings(
        server_secret,
        origins=frozenset({BOARD}),
        public_url="https://guide.example.org",
    )
    with serving(None, settings=settings) as url:
        yield url


def preflight(url: str, origin: str) -> httpx.Response:
    return httpx.options(
        url,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )


@pytest.mark.parametrize("path", PATHS)
def test_a_listed_site_may_ask_and_read(listed: str, path: str) -> None:
    before = preflight(listed + path, BOARD)
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == BOARD
    assert before.headers["access-control-allow-methods"] == "POST"
    assert "content-type" in before.headers["access-control-allow-headers"].lower()
    # refused or not, the page can read what is said
    answer = httpx.post(listed + path, json={}, headers={"Origin": BOARD})
    assert answer.headers["access-control-allow-origin"] == BOARD
    assert "Content-Disposition" in answer.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["vary"] == "Origin"


def test_a_stream_can_be_read_by_a_listed_site(listed: str) -> None:
    token = httpx.post(f"{listed}/w/session").json()["token"]
    answer = httpx.post(
        f"{listed}/w/message",
        json={"token": token, "text": "hello"},
        headers={"Origin": BOARD, "Accept": "application/x-ndjson"},
        timeout=60,
    )
    assert answer.headers["access-control-allow-origin"] == BOARD
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "origin", [OTHER, "null", "https://www.example.org.evil.example", "http://www.example.org", ""]
)
def test_another_site_gets_a_sentence_that_its_browser_hides(
    listed: str, path: str, origin: str
) -> None:
    for answer in (
        preflight(listed + path, origin),
        httpx.post(listed + path, json={}, headers={"Origin": origin}),
    ):
        assert_kind(answer, 403, "origin")
        assert "access-control-allow-origin" not in answer.headers


def test_the_servers_own_pages_always_may(listed: str, server: str) -> None:
    for url, origin in ((server, server), (listed, listed), (listed, "https://guide.example.org")):
        answer = httpx.post(f"{url}/w/session", headers={"Origin": origin})
        assert answer.status_code == 200, origin


def test_a_program_without_an_origin_may(listed: str) -> None:
    assert httpx.post(f"{listed}/w/session").status_code == 200


@pytest.mark.parametrize("path", ["/widget.js", "/widget/en.json", "/openapi.json"])
def test_public_files_are_for_every_site(listed: str, path: str) -> None:
    answer = httpx.get(listed + path, headers={"Origin": OTHER})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "no-cache" in answer.headers["cache-control"]
    assert answer.headers["etag"]


def test_there_is_no_other_language_file(server: str) -> None:
    assert_kind(httpx.get(f"{server}/widget/xx.json"), 404)
    assert_kind(httpx.get(f"{server}/widget/..%2fwidget.js"), 404)


def test_too_large_a_message_is_refused_readably(listed: str) -> None:
    answer = httpx.post(f"{listed}/w/message", content=b"x" * 50_000, headers={"Origin": BOARD})
    assert_kind(answer, 413, "too_large")
    assert answer.headers["access-control-allow-origin"] == BOARD


def test_behind_tls_browsers_are_told_to_stay_there(listed: str) -> None:
    for path in ("/", "/w/session", "/widget.js", "/nowhere"):
        answer = httpx.request("POST" if path.startswith("/w/") else "GET", listed + path)
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_the_builder_names_the_public_address(listed: str) -> None:
    line = httpx.get(f"{listed}/embed/line").text
    assert line.startswith('<script src="https://guide.example.org/widget.js" async>')


# The setting


def test_origins_are_read_from_a_list() -> None:
    given_ = " https://www.Example.org/, https://a.example:8443\nhttps://b.example:443 "
    assert read_origins(given_) == {
        "https://www.example.org",
        "https://a.example:8443",
        "https://b.example",
    }
    assert read_origins("") == frozenset()
    assert read_origins("http://localhost:8000 http://127.0.0.1:8000") == {
        "http://localhost:8000",
        "http://127.0.0.1:8000",
    }


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ("*", "any site in the world"),
        ("https://*.example.org", "any site in the world"),
        ("http://www.example.org", "not encrypted"),
        ("www.example.org", "not the address of a site"),
        ("https://www.example.org/page", "without a path"),
        ("https://user@www.example.org", "not the address"),
        ("https://", "not the address"),
        ("https://a b", "not the address"),
        ("null", "not the address"),
        ("ftp://example.org", "not the address"),
        ("https://example.org:port", "not the address"),
        ("https://[::1", "not the address"),
    ],
)
def test_what_is_no_safe_origin_is_refused_with_a_sentence(given_: str, said: str) -> None:
    with pytest.raises(OriginError, match=said):
        read_origins(given_)


@given(st.text(max_size=40))
def test_whatever_is_set_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(OriginError):
        for origin in read_origins(text):
            assert origin.startswith(
                ("https://", "http://localhost", "http://127.0.0.1", "http://[::1]")
            )
