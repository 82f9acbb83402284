"""What an operator sets, from the environment and from files. Secrets come from nowhere else."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.channels.origins import OriginError, read_origins
from bot.channels.sessions import SHORTEST_SECRET, SecretError, load_secret

#: Proxies that a request can pass; more is a mistake.
MOST_PROXIES = 5
#: Characters that a secret has at the least that are not the same.
FEWEST_DIFFERENT = 8
#: The variable that names Redis, and the kinds of address that it may have.
REDIS = "WAYMARK_REDIS_URL"
_REDIS_SCHEMES = frozenset({"redis", "rediss", "unix"})
#: Words of examples: a secret with one of them was copied, not made.
_EXAMPLE = re.compile(r"change.?me|your.?secret|example|default|password|replace.?me", re.I)


class SettingError(ValueError):
    """A setting that cannot be used; the text says what to do."""


@dataclass(frozen=True)
class Settings:
    """The settings of the web server.

    `secret` signs sessions; `origins` are the sites that may use the channel; `public_url` is the
    address that people see (scheme and host), `proxies` how many reverse proxies stand before the
    server: their word on addresses is believed. `rest_key` turns on the channel for programs.
    `redis` is the address of what several workers share.
    """

    secret: bytes = field(repr=False)
    origins: frozenset[str] = frozenset()
    public_url: str | None = None
    proxies: int = 0
    rest_key: bytes | None = field(default=None, repr=False)
    redis: str | None = field(default=None, repr=False)

    @property
    def is_encrypted(self) -> bool:
        """Whether people reach the server over HTTPS."""
        return self.public_url is not None and self.public_url.startswith("https://")


def read_settings(
    folder: Path, environment: Mapping[str, str] = os.environ
) -> tuple[Settings | None, list[str]]:
    """The settings, and a sentence for each that cannot be used (then None).

    `folder` is where the secret of the sessions is kept when none is set.
    """
    problems: list[str] = []

    def read[T](reader: object, fallback: T) -> T:
        try:
            value: T = reader()  # type: ignore[operator]
        except (SettingError, OriginError, SecretError) as error:
            problems.append(str(error))
            return fallback
        return value

    settings = Settings(
        secret=read(lambda: _session_secret(folder, environment), b""),
        origins=read(lambda: read_origins(environment.get("WAYMARK_ORIGINS", "")), frozenset()),
        public_url=read(lambda: _public_url(environment), None),
        proxies=read(lambda: _proxies(environment), 0),
        rest_key=read(lambda: secret_of("WAYMARK_REST_KEY", environment), None),
        redis=read(lambda: redis_of(environment), None),
    )
    return (None if problems else settings), problems


def secret_of(name: str, environment: Mapping[str, str] = os.environ) -> bytes | None:
    """A secret from the variable `name`, or from the file that `name`_FILE names; None: neither.

    Raises SettingError when it is short, copied from an example, or readable by every user of the
    machine.
    """
    given, path = environment.get(name), environment.get(f"{name}_FILE")
    if given is not None and path is not None:
        raise SettingError(f"{name} and {name}_FILE are both set. Keep one of them.")
    if path is not None:
        given = _read_secret(name, Path(path))
    if given is None:
        return None
    if len(given) < SHORTEST_SECRET:
        raise SettingError(
            f"{name} is shorter than {SHORTEST_SECRET} characters. Set a longer one, for example "
            "from: openssl rand -hex 32"
        )
    if _EXAMPLE.search(given) or len(set(given)) < FEWEST_DIFFERENT:
        raise SettingError(
            f"{name} is a placeholder that anyone could guess. Make one of your own, for example "
            "with: openssl rand -hex 32"
        )
    return given.encode()


def redis_of(environment: Mapping[str, str] = os.environ) -> str | None:
    """The address of Redis from WAYMARK_REDIS_URL, or from the file of WAYMARK_REDIS_URL_FILE.

    None: one worker serves alone. Raises SettingError when it cannot be used; the address itself is
    never shown, because a password may be in it.
    """
    given, path = environment.get(REDIS), environment.get(f"{REDIS}_FILE")
    if given and path:
        raise SettingError(f"{REDIS} and {REDIS}_FILE are both set. Keep one of them.")
    address = (_read_secret(REDIS, Path(path)) if path else given or "").strip()
    if not address:
        return None
    wrong = SettingError(
        f"{REDIS} is not an address of Redis. Write it like redis://redis.example:6379/0 or "
        "rediss://:password@redis.example:6379/0, or unset it to serve with one worker."
    )
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in _REDIS_SCHEMES or not (parts.hostname or parts.path):
        raise wrong
    return address


def _read_secret(name: str, path: Path) -> str:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"The file {path} that {name}_FILE names cannot be read ({type(error).__name__}). "
            "Check that it is there, and that the user who runs Waymark may read it."
        ) from error
    if mode & stat.S_IROTH:
        raise SettingError(
            f"Every user of this machine can read the file {path} that {name}_FILE names. Close "
            f"it (chmod 640 {path}) and make a new secret: this one may have been read."
        )
    return text


def _session_secret(folder: Path, environment: Mapping[str, str]) -> bytes:
    given = secret_of("WAYMARK_SECRET", environment)
    return load_secret(folder) if given is None else given


def _proxies(environment: Mapping[str, str]) -> int:
    given = environment.get("WAYMARK_PROXIES", "0")
    if not (given.isascii() and given.isdigit() and int(given) <= MOST_PROXIES):
        raise SettingError("WAYMARK_PROXIES is the number of reverse proxies: 0, 1 or 2.")
    return int(given)


def _public_url(environment: Mapping[str, str]) -> str | None:
    given = environment.get("WAYMARK_PUBLIC_URL", "").strip().rstrip("/")
    if not given:
        return None
    wrong = SettingError(
        f"WAYMARK_PUBLIC_URL is “{given[:80]}”. It is the address at which people reach the guide, "
        "with https and without a path, like https://guide.example.org"
    )
    try:
        parts = urlsplit(given)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not host or parts.path or parts.query:
        raise wrong
    return given.lower()
