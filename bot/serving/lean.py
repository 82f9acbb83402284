"""Leaves out, while serving, what Rasa and spaCy import and serving never uses.

`import rasa.core.agent` brings scikit-learn, SciPy and matplotlib (for components and tests that
are not in config.yml), every chat channel with its console, a job scheduler and more: much of the
time to start and of the memory. `waymark serve` and `waymark ask` call `leave_out` first; training,
`rasa …` and the tests get everything.

What is left out can be imported, subclassed and named in annotations. Using it raises
LeftOutError: nothing goes on silently without what it needs.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import os
import sys
import types
from collections.abc import MutableSequence, Sequence
from typing import Any

#: Modules left out with everything below them. One that is imported already stays.
LEFT_OUT = (
    # training and its plots; the classifiers and featurizers of Rasa that config.yml has not
    "sklearn", "scipy", "matplotlib", "networkx", "skops", "dask",
    "rasa.utils.tensorflow", "rasa.utils.train_utils", "rasa.utils.plotting",
    "rasa.core.test", "rasa.core.training.interactive", "rasa.nlu.test",
    "rasa.graph_components.validators", "rasa.shared.importers.rasa",
    # Rasa's command line, reminders, and reports to its makers
    "questionary", "prompt_toolkit", "rasa.core.jobs", "rasa.telemetry", "rasa.cli.utils",
    # requests to other servers and their tokens, and what only locks, builds and old loops need
    "aiohttp", "jwt", "portalocker.redis", "distutils",
    # spaCy's command line
    "spacy.cli", "weasel", "typer",
)  # fmt: skip
#: Packages of which only the modules that are asked for are loaded; what the package itself would
#: give comes from one of them.
ONLY_ASKED_FOR = {"rasa.core.channels": "rasa.core.channels.channel"}


#: Set where a process that serves also trains, as the tests do: nothing is left out then.
KEEP_ALL = False


class LeftOutError(RuntimeError):
    """Something was used that is left out while serving; the text names it."""


class _LeftOutType(type):
    """A class that can be named and subclassed, and not used."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__dict__.get("_left_out"):
            raise LeftOutError(f"{cls.__module__}.{cls.__qualname__} is left out while serving")
        return super().__call__(*args, **kwargs)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _left_out(f"{cls.__module__}.{cls.__qualname__}", name)


def _left_out(module: str, name: str) -> Any:
    if name.endswith(("Error", "Exception", "Warning")):
        return type(name, (Exception,), {"__module__": module})
    return _LeftOutType(name, (), {"__module__": module, "_left_out": True})


class _LeftOutModule(types.ModuleType):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: MutableSequence[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _left_out(self.__name__, name)
        setattr(self, name, found)
        return found


class _AskedForPackage(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(ONLY_ASKED_FOR[self.__name__]), name)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a stand-in for what is left out, before anything else is asked."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if any(fullname == name or fullname.startswith(f"{name}.") for name in LEFT_OUT):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        if fullname in ONLY_ASKED_FOR:
            found = importlib.machinery.PathFinder.find_spec(fullname, path)
            if found is not None and found.submodule_search_locations is not None:
                bare = importlib.machinery.ModuleSpec(fullname, self, is_package=True)
                bare.submodule_search_locations = found.submodule_search_locations
                return bare
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        kind = _AskedForPackage if spec.name in ONLY_ASKED_FOR else _LeftOutModule
        return kind(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


def leave_out() -> None:
    """From now on, leave out what serving does not use. Call it before Rasa is imported."""
    # one thread for each matrix product: several people are answered side by side instead
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if not KEEP_ALL and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
