"""Stand-ins for the heavy libraries that Rasa imports at start-up and Waymark never uses.

Rasa 3.6 imports TensorFlow (for DIET, TED and others) and the client libraries of every chat
channel, broker and cloud store as soon as `rasa.core.agent` or `rasa.core.channels` is imported.
Waymark uses none of them. This module puts a finder at the END of `sys.meta_path`, so that a
library that is really installed always wins, and a missing one becomes an inert module whose
attributes are inert classes: enough to be imported, subclassed and used in annotations, and
nothing more. `rasa_placeholders.pth` beside it loads this module at interpreter start, so that
the standard commands (`rasa train`, `rasa run`, `rasa test` …) find the stand-ins too. It also
keeps Rasa's telemetry off, which would reach for the network.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
import types
from collections.abc import Sequence
from typing import Any

#: Top-level modules that Rasa imports and Waymark does not use.
NAMES = frozenset(
    {
        # neural components (DIET, TED, UnexpecTED, ResponseSelector, ConveRT, LM featurizer)
        "tensorflow", "tensorflow_text", "tensorflow_hub", "keras", "jax",
        # chat channels other than ours
        "twilio", "fbmessenger", "mattermostwrapper", "rocketchat_API", "slack_sdk",
        "webexteamssdk", "aiogram", "socketio", "engineio",
        # event brokers, cloud persistence and trackers other than SQL
        "confluent_kafka", "kafka", "aio_pika", "aiormq", "boto3", "botocore", "google", "azure", "pymongo",
        # telemetry and error reporting, which stay off
        "sentry_sdk", "structlog_sentry",
        # Rasa components that are not in config.yml
        "sklearn_crfsuite", "mitie", "transformers",
    }
)  # fmt: skip


class _AnyAttribute(type):
    """Metaclass: every public class attribute is `Inert` again."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert


class Inert(metaclass=_AnyAttribute):
    """Stands for any class, decorator, exception base or function of a missing library."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Accept anything, do nothing."""

    def __class_getitem__(cls, item: Any) -> type:
        return cls

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Accept any class keyword."""

    def __enter__(self) -> "Inert":
        return self

    def __exit__(self, *args: Any) -> None:
        """Nothing to leave."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args[0] if args and callable(args[0]) else self


class InertError(Exception):
    """Stands for any exception class, so that `except library.SomeError` stays valid."""


class _InertModule(types.ModuleType):
    """A module whose every public attribute is `Inert`, or `InertError` where the name says so."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.endswith(("Error", "Exception", "Warning")):
            return InertError
        return Inert


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds an inert module for each of `NAMES` and their submodules."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] in NAMES:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _InertModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


def install() -> None:
    """Add the finder once, behind all others."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())


install()
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
