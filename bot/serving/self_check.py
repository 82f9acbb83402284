"""Looks over the settings before anything is loaded, and says in plain words what is not safe."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.serving import logs
from bot.serving.listening import is_loopback
from bot.serving.settings import REDIS, Settings, read_settings
from bot.store import unanswered
from bot.store.errors import StoreError

#: Rasa's own channels that believe whatever sender a request names.
UNSAFE_CHANNELS = frozenset({"rest", "callback", "socketio", "rasa", "chatroom"})


class SelfCheckError(Exception):
    """Settings are not safe or not understood; the text lists what to change, one line for each."""

    def __init__(self, problems: list[str]) -> None:
        listed = "\n".join(f"  • {one}" for one in problems)
        count = "one setting" if len(problems) == 1 else f"{len(problems)} settings"
        super().__init__(f"Waymark was not started, because {count} must be changed:\n{listed}")
        self.problems = problems


def check_settings(host: str, root: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings, when they are safe to serve with. Raises SelfCheckError listing what is not.

    `host` is the address that will be served on, `root` the project's folder.
    """
    settings, problems = read_settings(root / "var", environment)
    problems += _exposed(host, settings)
    problems += _unstored(environment)
    problems += _alone(environment)
    problems += _channels(root / "credentials.yml")
    problems += _words(environment)
    if problems or settings is None:
        raise SelfCheckError(problems)
    return settings


def close_to_others(folder: Path) -> list[str]:
    """Close a folder of data, and the files in it, to the other users of this machine.

    Gives a sentence for each that was open: that it is closed now, or that its owner must do it.
    """
    try:
        inside = [one for one in folder.iterdir() if one.is_file() and not one.is_symlink()]
    except OSError:
        return []
    said = []
    for path, mode in ((folder, 0o700), *((one, 0o600) for one in inside)):
        try:
            found = path.stat().st_mode
            if found & (stat.S_IRWXG | stat.S_IRWXO):
                path.chmod(mode)
                said.append(f"{path} was open to other users of this machine. It is closed now.")
        except FileNotFoundError:
            continue  # a passing file of the database
        except PermissionError:
            # another user's volume, opened to our group, is as it should be
            if found & stat.S_IRWXO:
                said.append(f"{path} is open to other users of this machine and belongs to one of "
                            f"them. Close it: chmod o= {path}")  # fmt: skip
    return said


def _exposed(host: str, settings: Settings | None) -> list[str]:
    """A server that other machines reach, without TLS before it."""
    if settings is None or is_loopback(host):
        return []
    if settings.is_encrypted or settings.proxies:
        return []
    return [
        f"“{host}” lets other machines reach Waymark without encryption: what people type could be "
        "read on the way. Serve on 127.0.0.1 and put a web server with TLS in front. If one is in "
        "front already, say so: WAYMARK_PUBLIC_URL=https://guide.example.org, and "
        "WAYMARK_PROXIES=1 so that rates are counted for each person."
    ]


def _unstored(environment: Mapping[str, str]) -> list[str]:
    """A store that lives only as long as the process."""
    url = environment.get("WAYMARK_DATABASE_URL", "").lower()
    if url.startswith("sqlite") and (
        ":memory:" in url or "mode=memory" in url or not url.partition("://")[2].strip("/")
    ):
        return [
            "WAYMARK_DATABASE_URL keeps conversations in memory: a restart would lose screenings "
            "that are under way. Name a file, like sqlite:////folder/waymark.db, or unset it."
        ]
    return []


def _alone(environment: Mapping[str, str]) -> list[str]:
    """What several workers must have in common and do not."""
    if not (environment.get(REDIS) or environment.get(f"{REDIS}_FILE")):
        return []
    problems = []
    if not environment.get("WAYMARK_DATABASE_URL", "").startswith("postgres"):
        problems.append(
            f"{REDIS} is for several workers, which need one PostgreSQL: set WAYMARK_DATABASE_URL "
            f"like postgresql://user:password@host/database. One worker alone needs no {REDIS}."
        )
    if not {"WAYMARK_SECRET", "WAYMARK_SECRET_FILE"} & set(environment):
        problems.append(
            f"{REDIS} is for several workers, which must sign sessions with one secret: set "
            "WAYMARK_SECRET or WAYMARK_SECRET_FILE to the same for each."
        )
    return problems


def _words(environment: Mapping[str, str]) -> list[str]:
    """Settings that take one of a few words, and have another."""
    problems = [problem] if (problem := logs.problem_with(environment)) else []
    try:
        unanswered.is_wanted(environment)
    except StoreError as error:
        problems.append(str(error))
    return problems


def _channels(path: Path) -> list[str]:
    """Rasa channels in credentials.yml that anyone could speak through as anyone."""
    try:
        named = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        return [f"{path.name} cannot be read ({type(error).__name__}). Mend it, or remove it."]
    if not isinstance(named, dict):
        return []
    return [
        f"{path.name} turns on Rasa's channel “{name}”, through which anyone can speak as anyone "
        "else. Remove it. Programs can use WAYMARK_REST_KEY instead: see docs/web-channel.md."
        for name in sorted(UNSAFE_CHANNELS & {str(one) for one in named})
    ]
