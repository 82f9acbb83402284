"""What a board may choose, and how a mistake is explained. No secret is ever shown."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.channels.telegram.quiet_logs import keep_tokens_out_of_logs, mask_tokens
from bot.channels.telegram.rasa_channel import TelegramUnderWaymark
from bot.channels.telegram.service import QuietBot
from bot.channels.telegram.settings import (
    SECTION,
    TOKEN,
    WEBHOOK_SECRET,
    SettingsError,
    is_wanted,
    load_settings,
)
from tests.channels.telegram.bot_api import TOKEN as A_TOKEN

PROJECT = Path(__file__).parents[3]
A_SECRET = "s" * 40


def settings_of(folder: Path, section: object, **environment: str) -> object:
    (folder / "credentials.yml").write_text(yaml.safe_dump({SECTION: section}), encoding="utf-8")
    return load_settings(folder, {TOKEN: A_TOKEN, **environment})


def test_without_a_token_there_is_no_telegram() -> None:
    assert not is_wanted({})
    assert is_wanted({TOKEN: "x"})
    assert is_wanted({f"{TOKEN}_FILE": "/a/file"})


def test_polling_by_invitation_is_what_one_gets(tmp_path: Path) -> None:
    for folder in (tmp_path, PROJECT):
        found = load_settings(folder, {TOKEN: A_TOKEN})
        assert (found.mode, found.access) == ("polling", "invitation")


def test_secrets_may_stand_in_files(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{A_TOKEN}\n", encoding="ascii")
    found = load_settings(tmp_path, {f"{TOKEN}_FILE": str(tmp_path / "token")})
    assert found.token.reveal() == A_TOKEN
    with pytest.raises(SettingsError, match="_FILE names cannot be read"):
        load_settings(tmp_path, {f"{TOKEN}_FILE": str(tmp_path / "nowhere")})


def test_a_webhook_needs_a_public_address_and_a_long_secret(tmp_path: Path) -> None:
    section = {"mode": "webhook", "webhook_url": "https://chat.example.org/"}
    found = settings_of(tmp_path, section, **{WEBHOOK_SECRET: A_SECRET})
    assert found.webhook_url == "https://chat.example.org"  # type: ignore[attr-defined]
    for secret in ("", "short", "s" * 31, "with spaces " * 5, "s" * 257):
        with pytest.raises(SettingsError, match="32 to 256"):
            settings_of(tmp_path, section, **{WEBHOOK_SECRET: secret})
    for url in ("", "http://chat.example.org", "chat.example.org", "https://u:p@x", "https://["):
        with pytest.raises(SettingsError, match="public https"):
            settings_of(tmp_path, {**section, "webhook_url": url}, **{WEBHOOK_SECRET: A_SECRET})


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ({"mode": "pigeon"}, "polling or webhook"),
        ({"access": "everybody"}, "invitation or open"),
        ({"token": "123"}, "Secrets belong in the environment"),
        ("polling", "may have"),
        ({"api": "ftp://x"}, "an address"),
        ({"api": "http://elsewhere.example.org"}, "must begin with https"),
    ],
)
def test_a_mistake_is_explained(tmp_path: Path, section: object, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        settings_of(tmp_path, section)


@pytest.mark.parametrize("token", ["", "hello", "123:short", A_TOKEN + " x", "abc:" + "A" * 35])
def test_what_is_not_a_token_is_refused_without_showing_it(tmp_path: Path, token: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(tmp_path, {TOKEN: token})
    assert not token or token not in str(raised.value)


def test_a_file_that_is_not_yaml_is_explained(tmp_path: Path) -> None:
    (tmp_path / "credentials.yml").write_text("a: [", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path, {TOKEN: A_TOKEN})


# Secrets


def test_nothing_shows_a_secret(tmp_path: Path) -> None:
    found = settings_of(
        tmp_path,
        {"mode": "webhook", "webhook_url": "https://chat.example.org"},
        **{WEBHOOK_SECRET: A_SECRET},
    )
    for shown in (repr(found), str(found), repr(QuietBot(A_TOKEN)), str(QuietBot(A_TOKEN))):
        assert A_TOKEN not in shown
        assert A_SECRET not in shown


def test_a_token_is_masked_wherever_it_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    keep_tokens_out_of_logs()
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "telegram.Bot", "bot.elsewhere", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
        log = logging.getLogger(name)
        log.info("POST https://api.telegram.org/bot%s/getMe", A_TOKEN)
        log.warning(A_TOKEN)
        log.debug("%s", {"url": f"https://x/bot{A_TOKEN}"})
        try:
            raise ValueError(f"no such address: https://x/bot{A_TOKEN}/getMe")
        except ValueError:
            log.exception("failed")
    assert len(caplog.records) == 16
    assert A_TOKEN not in caplog.text
    assert "(token)" in caplog.text
    assert "Traceback" in caplog.text, "our own traces stay"


def test_masking_leaves_other_text_alone() -> None:
    assert mask_tokens(f"/bot{A_TOKEN}/getUpdates") == "/bot(token)/getUpdates"
    for text in ("at 10:15", "07700900123", "sha256:abcdef", "12345:short"):
        assert mask_tokens(text) == text


# Plain Rasa


def test_plain_rasa_reads_the_section_and_goes_without() -> None:
    channel = TelegramUnderWaymark.from_credentials({"mode": "webhook"})
    assert channel.name() == "telegram"
    assert not channel.blueprint(None).routes


def test_the_command_line_does_not_load_telegrams_library() -> None:
    program = "import sys, bot.cli; sys.exit(any(one in sys.modules for one in ('telegram', 'sqlalchemy')))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
