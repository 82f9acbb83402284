"""Looks over an installation and says what is wrong with it: `waymark doctor`. Changes nothing."""

from __future__ import annotations

import datetime as dt
import os
import platform
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import ArgumentError

from bot.channels.telegram.settings import SettingsError, is_wanted, load_settings
from bot.guidance.checking import CONTACT_STALE_AFTER
from bot.guidance.files import GuidanceError
from bot.guidance.load import Guidance, guidance_folder, load_guidance
from bot.serving.content import faults_in
from bot.serving.metrics import allowed_networks
from bot.serving.models import ModelError, archive_of, checked_model, learned_file
from bot.serving.self_check import SelfCheckError, check_settings
from bot.serving.settings import REDIS, SettingError, redis_of
from bot.store.backup import version_of
from bot.store.database import Database, open_database
from bot.store.errors import StoreError
from bot.store.migrations import known_versions
from bot.store.models import Conversation

#: Bytes of free disk below which writing soon fails, and below which one should look.
TOO_LITTLE, LITTLE = 100_000_000, 1_000_000_000
#: Seconds that this clock and the database server's may differ.
CLOCKS_APART = 60.0
#: Packages whose versions decide what is served.
PACKAGES = ("waymark", "rasa", "sqlalchemy", "python-telegram-bot")

Status = Literal["ok", "warning", "failure"]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and what was found."""

    status: Status
    name: str
    said: str


def examine(
    root: Path,
    host: str = "127.0.0.1",
    environment: Mapping[str, str] = os.environ,
    clock: Callable[[], float] = time.time,
) -> list[Check]:
    """Every check, in the order in which one would mend things.

    `root` is the project's folder, `host` the address that will be served on; `clock` gives
    seconds since 1970. Never raises: what cannot be looked at is a failure.
    """
    now = dt.datetime.fromtimestamp(clock(), dt.UTC)
    found = [_versions(), *_settings(root, host, environment), *_files(root, environment)]
    guidance, content = _content(now.date())
    found += [content, *_clock(guidance, now), *_database(root, environment, now)]
    found += [*_redis(environment, now), _model(root)]
    found += [_disk(folder) for folder in _written_to(root, environment)]
    return found


def _versions() -> Check:
    named = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    return Check("ok", "versions", f"Python {platform.python_version()}, {named}")


def _settings(root: Path, host: str, environment: Mapping[str, str]) -> Iterator[Check]:
    known = dict(environment)
    own = not ({"WAYMARK_SECRET", "WAYMARK_SECRET_FILE"} & set(known))
    if own and not (root / "var" / "secret").exists():
        # the first start makes one; a look must not
        known["WAYMARK_SECRET"] = secrets.token_hex(32)
    try:
        check_settings(host, root, known)
        yield Check("ok", "settings", f"safe to serve on {host}")
    except SelfCheckError as error:
        yield from (Check("failure", "settings", one) for one in error.problems)
    try:
        allowed_networks(environment)
    except SettingError as error:
        yield Check("failure", "settings", str(error))
    if not is_wanted(environment):
        return
    try:
        chosen = load_settings(root, environment)
        yield Check("ok", "telegram", f"{chosen.mode}, access by {chosen.access}")
    except SettingsError as error:
        yield Check("failure", "telegram", str(error))


def _files(root: Path, environment: Mapping[str, str]) -> Iterator[Check]:
    """Secrets and data that other users of the machine could read."""
    paths = [root / "var" / "secret"]
    paths += [
        Path(value) for name, value in environment.items()
        if name.startswith("WAYMARK_") and name.endswith("_FILE")
    ]  # fmt: skip
    if (file := _sqlite_file(root, environment)) is not None:
        paths += [file, *(file.with_name(f"{file.name}-{part}") for part in ("wal", "shm"))]
    open_to_all = [path for path in paths if path.exists() and _is_open(path)]
    for path in open_to_all:
        yield Check("failure", "permissions", f"Every user of this machine can read {path}. "
                    f"Close it: chmod o= {path}")  # fmt: skip
    folder = root / "var"
    if folder.exists() and _is_open(folder):
        yield Check("warning", "permissions", "Every user of this machine can see which files are "
                    f"in {folder}, though not read them. Close it: chmod 700 {folder}")  # fmt: skip
    if not open_to_all:
        yield Check("ok", "permissions", "secrets and data are closed to other users")


def _is_open(path: Path) -> bool:
    # a folder that may not be entered closes all that is in it
    if path.is_file() and not stat.S_IMODE(path.parent.stat().st_mode) & stat.S_IXOTH:
        return False
    return bool(stat.S_IMODE(path.stat().st_mode) & (stat.S_IROTH | stat.S_IWOTH))


def _content(today: dt.date) -> tuple[Guidance | None, Check]:
    try:
        guidance = load_guidance()
    except GuidanceError as error:
        return None, Check("failure", "content", str(error))
    if faults := faults_in(guidance_folder()):
        listed = "\n".join(f"{one.where}: {one.reason}" for one in faults)
        return guidance, Check("failure", "content", listed)
    stale = sorted(
        one.id
        for one in guidance.contacts.values()
        if one.last_checked is None or (today - one.last_checked).days > CONTACT_STALE_AFTER
    )
    count = len(guidance.contacts)
    if not stale:
        said = f"all {count} contacts were checked in the last {CONTACT_STALE_AFTER} days"
        return guidance, Check("ok", "content", said)
    few = ", ".join(stale[:5]) + (" …" if len(stale) > 5 else "")
    return guidance, Check(
        "warning",
        "content",
        f"{len(stale)} of {count} contacts were not checked in the last {CONTACT_STALE_AFTER} days "
        f"(last_checked in contacts.yml): {few}",
    )


def _clock(guidance: Guidance | None, now: dt.datetime) -> Iterator[Check]:
    """A clock behind what is known to have happened, and the zone of the deadlines."""
    try:
        local = now.astimezone(ZoneInfo("Europe/London"))
    except (KeyError, OSError):
        yield Check("failure", "clock", "The zone Europe/London is not known: deadlines would be "
                    "wrong. Install tzdata.")  # fmt: skip
        return
    dates = [one.last_checked for one in guidance.contacts.values()] if guidance else []
    newest = max((one for one in dates if one is not None), default=None)
    if newest is not None and newest > now.date():
        yield Check("failure", "clock", f"The clock says {local:%d %B %Y}, before contacts were "
                    f"checked ({newest}): deadlines and hours would be wrong. Set it.")  # fmt: skip
    else:
        yield Check("ok", "clock", f"{local:%d %B %Y, %H:%M} in London")


def _database(root: Path, environment: Mapping[str, str], now: dt.datetime) -> Iterator[Check]:
    file = _sqlite_file(root, environment)
    if file is not None and not file.exists():
        yield Check("ok", "database", f"{file} will be made at the first start")
        return
    try:
        url = environment.get("WAYMARK_DATABASE_URL") or f"sqlite:///{file}"
        database = open_database(url)
        try:
            yield from _looked_at(database, now)
        finally:
            database.close()
    except StoreError as error:
        yield Check("failure", "database", str(error))


def _looked_at(database: Database, now: dt.datetime) -> Iterator[Check]:
    version, known = version_of(database), known_versions()
    if version is None:
        yield Check("ok", "database", f"{database.where} is reached; the first start makes tables")
        return
    if version not in known:
        yield Check("failure", "database", f"{database.where} was made by a later version of "
                    f"Waymark ({version}). Install that version or a newer one.")  # fmt: skip
        return
    later = "" if version == known[0] else f"; the next start brings them to {known[0]}"
    yield Check(
        "ok", "database", f"{database.where} is reached, tables of version {version}{later}"
    )
    with database.reading() as session:
        if database.engine.dialect.name == "sqlite":
            state = session.execute(text("PRAGMA quick_check(1)")).scalar_one()
            if state != "ok":
                yield Check("failure", "database", "The file is damaged. Stop Waymark and put the "
                            "last backup back: waymark restore FILE --replace")  # fmt: skip
        else:
            theirs = float(session.execute(text("SELECT extract(epoch FROM now())")).scalar_one())
            if abs(theirs - now.timestamp()) > CLOCKS_APART:
                yield Check("failure", "clock", "This clock and the database server's differ by "
                            f"{abs(theirs - now.timestamp()):,.0f} seconds. Set them.")  # fmt: skip
            if shutil.which("pg_dump") is None:
                yield Check("warning", "backup", "pg_dump is not installed, which `waymark backup` "
                            "needs (Debian: apt install postgresql-client)")  # fmt: skip
        last = session.execute(select(func.max(Conversation.saved_at))).scalar_one()
    if last is not None and last > now.timestamp() + CLOCKS_APART:
        yield Check("failure", "clock", "The clock is behind the last saved conversation: it was "
                    "or is wrong. Set it; nothing is deleted in time until then.")  # fmt: skip


def _redis(environment: Mapping[str, str], now: dt.datetime) -> Iterator[Check]:
    try:
        address = redis_of(environment)
    except SettingError:
        return  # said with the settings
    if address is None:
        return
    # its library is loaded only where it is used
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        with Redis.from_url(address, socket_timeout=2, socket_connect_timeout=2) as redis:
            known = redis.info()
            theirs, _ = redis.time()
    except (RedisError, OSError, ValueError) as error:
        yield Check("failure", "redis", f"Redis is not reached ({type(error).__name__}). Check "
                    f"that it runs and that {REDIS} names it. Until then each worker goes on by "
                    "itself.")  # fmt: skip
        return
    yield Check("ok", "redis", f"version {known['redis_version']} is reached")
    if abs(theirs - now.timestamp()) > CLOCKS_APART:
        yield Check("failure", "clock", "This clock and Redis' differ by "
                    f"{abs(theirs - now.timestamp()):,.0f} seconds. Set them.")  # fmt: skip
    if known.get("maxmemory_policy") == "noeviction" and known.get("maxmemory"):
        yield Check("warning", "redis", "Redis refuses when it is full. Let it drop what ends "
                    "first: maxmemory-policy volatile-ttl.")  # fmt: skip


def _model(root: Path) -> Check:
    model = archive_of(root)
    if not model.is_file():
        return Check("warning", "model", "There is none for the present files: the next start "
                     "trains one (five minutes or so). Ahead of that: waymark train")  # fmt: skip
    try:
        learned = learned_file(root)
        if not learned.is_file():
            return Check("warning", "model", "What the watch for danger learned is missing "
                         f"(models/{learned.name}): the next start learns it (two minutes or so). "
                         "Ahead of that: waymark train")  # fmt: skip
        checked_model(model)
        checked_model(learned)
    except (ModelError, GuidanceError) as error:
        return Check("failure", "model", str(error))
    return Check("ok", "model", f"{model.name} and {learned.name} are current, and the files that "
                 "were trained")  # fmt: skip


def _disk(folder: Path) -> Check:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Check("failure", "disk", f"{folder} cannot be looked at ({type(error).__name__})")
    status: Status = "failure" if free < TOO_LITTLE else "warning" if free < LITTLE else "ok"
    if not os.access(folder, os.W_OK):
        return Check("failure", "disk", f"{folder} may not be written by this user")
    return Check(status, "disk", f"{free / 1e9:,.1f} GB free for {folder}")


def _written_to(root: Path, environment: Mapping[str, str]) -> list[Path]:
    """Folders that are written to; for one that is not made yet, the one above it."""
    file = _sqlite_file(root, environment)
    own = not ({"WAYMARK_SECRET", "WAYMARK_SECRET_FILE"} & set(environment))
    folders = ([file.parent] if file else []) + ([root / "var"] if own else [])
    there = (next(one for one in (at, *at.parents) if one.exists()) for at in folders)
    return list(dict.fromkeys(there))


def _sqlite_file(root: Path, environment: Mapping[str, str]) -> Path | None:
    """The file of the database; None for PostgreSQL, and for an address that cannot be read."""
    given = environment.get("WAYMARK_DATABASE_URL")
    if not given:
        return root / "var" / "waymark.db"
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        return None
    is_file = url.drivername.startswith("sqlite") and url.database not in {None, "", ":memory:"}
    return Path(str(url.database)).absolute() if is_file else None
