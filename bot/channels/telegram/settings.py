"""What a board has chosen for Telegram: `credentials.yml`, and the secrets of the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml

#: The section of `credentials.yml`: a class, so that plain Rasa reads the file too.
SECTION = "bot.channels.telegram.rasa_channel.TelegramUnderWaymark"
#: The token that BotFather gives.
TOKEN = "WAYMARK_TELEGRAM_TOKEN"  # noqa: S105 - the name of a variable
#: What Telegram sends with each call of the webhook.
WEBHOOK_SECRET = "WAYMARK_TELEGRAM_SECRET"  # noqa: S105 - the name of a variable
#: Shortest webhook secret that is accepted, in characters.
SHORTEST_SECRET = 32
#: Where Telegram's own servers are.
API = "https://api.telegram.org"

_TOKEN = re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{30,64}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")
_KEYS = {"mode", "access", "webhook_url", "api"}


class SettingsError(Exception):
    """The settings cannot be used; the text says what to do, and holds no secret."""


class Hidden:
    """A secret that shows itself only when it is asked for."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret."""
        return self._value

    def __repr__(self) -> str:
        return "Hidden(…)"


@dataclass(frozen=True)
class TelegramSettings:
    """How the channel runs. `webhook_url` is the server's public https address, without a path."""

    token: Hidden
    mode: Literal["polling", "webhook"] = "polling"
    access: Literal["invitation", "open"] = "invitation"
    webhook_url: str = ""
    webhook_secret: Hidden | None = None
    api: str = API


def is_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a token is there: without one there is no Telegram."""
    return bool(environment.get(TOKEN) or environment.get(f"{TOKEN}_FILE"))


def load_settings(project: Path, environment: Mapping[str, str] = os.environ) -> TelegramSettings:
    """The settings of `credentials.yml` in `project` (or of the file WAYMARK_CREDENTIALS names).

    Secrets come from `environment` or from the files that it names. Raises SettingsError.
    """
    token = _secret(environment, TOKEN)
    if token is None or not _TOKEN.fullmatch(token):
        raise SettingsError(
            f"{TOKEN} is not a token of Telegram: digits, a colon and 35 characters. Copy it "
            "from BotFather again, or unset it to run without Telegram."
        )
    section = _section(Path(environment.get("WAYMARK_CREDENTIALS") or project / "credentials.yml"))
    mode, access = section.get("mode", "polling"), section.get("access", "invitation")
    if mode not in ("polling", "webhook"):
        raise SettingsError("credentials.yml: “mode” of Telegram is polling or webhook.")
    if access not in ("invitation", "open"):
        raise SettingsError("credentials.yml: “access” of Telegram is invitation or open.")
    api = str(section.get("api") or API).rstrip("/")
    if not _is_address(api, {"http", "https"}):
        raise SettingsError("credentials.yml: “api” of Telegram is an address such as " + API)
    if urlsplit(api).scheme == "http" and not _is_this_machine(api):
        raise SettingsError(
            "credentials.yml: “api” of Telegram must begin with https:// unless it is on this "
            "machine, because the token travels in it."
        )
    url, secret = "", None
    if mode == "webhook":
        url = str(section.get("webhook_url") or "").rstrip("/")
        if not _is_address(url, {"https"}) and not (
            _is_this_machine(url) and _is_this_machine(api)
        ):
            raise SettingsError(
                "credentials.yml: Telegram's webhook needs “webhook_url”, the public https "
                "address of this server, such as https://chat.example.org. Without one, use "
                "mode: polling."
            )
        given = _secret(environment, WEBHOOK_SECRET)
        if given is None or not _SECRET.fullmatch(given):
            raise SettingsError(
                f"{WEBHOOK_SECRET} must have {SHORTEST_SECRET} to 256 letters, digits, _ or -. "
                "Make one with: openssl rand -hex 32"
            )
        secret = Hidden(given)
    return TelegramSettings(Hidden(token), mode, access, url, secret, api)


def _section(path: Path) -> dict[str, Any]:
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(
            f"{path.name} cannot be read ({type(error).__name__}). Look at it, or put back the "
            "one that came with Waymark."
        ) from error
    found = (read or {}).get(SECTION) if isinstance(read, dict | None) else None
    if found is None:
        return {}
    if not isinstance(found, dict) or not set(found) <= _KEYS:
        raise SettingsError(
            f"{path.name}: the section of Telegram may have {', '.join(sorted(_KEYS))}, and "
            "nothing else. Secrets belong in the environment."
        )
    return found


def _secret(environment: Mapping[str, str], name: str) -> str | None:
    """A secret from the environment, or from the file that NAME_FILE names."""
    file = environment.get(f"{name}_FILE")
    if not file:
        return (environment.get(name) or "").strip() or None
    try:
        return Path(file).read_text("ascii").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The file that {name}_FILE names cannot be read ({type(error).__name__})."
        ) from error


def _is_address(url: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = not parts.username and not parts.query and not parts.fragment
    return parts.scheme in schemes and bool(parts.hostname) and plain


def _is_this_machine(url: str) -> bool:
    return _is_address(url, {"http"}) and urlsplit(url).hostname in {
        "127.0.0.1",
        "::1",
        "localhost",
    }
